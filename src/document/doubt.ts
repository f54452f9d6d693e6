import type { Label } from '../words.js';

/** What a reading is not sure of. A doubt never stops a reading: the cells it names are blank, or it says how they were read. */

/** What kinds of doubt there are, and what each means. */
const doubtCodes = {
  'table-not-found': 'No heading of a table was met, or none with boxes',
  'row-not-found': 'The heading of a row was not met',
  'row-without-boxes': 'The heading of a row was met and no boxes after it',
  'row-miscounted': 'The boxes of a row are more or fewer than its columns, and nothing tells which is which',
  'boxes-without-heading': 'Numbers stand where no row heading says what they are',
  'heading-missing': 'A column heading was not met; the columns were taken to be those of the form',
  'heading-guessed': 'A misprinted heading was taken for the one it most resembles',
  'heading-ambiguous': 'A heading could mean more than one row',
  'declared-nil': 'A stroke or 无 stands where a number belongs; it is blank, not zero',
  'unreadable-box': 'What stands in a box is no number that it can hold',
  'read-twice': 'A row was met twice with different numbers',
  'columns-disagree': 'Counting the boxes and looking at the columns give different answers',
  'split-by-equations': 'Digits that ran together were split in the only way that the equations leave',
  'chosen-by-equations': 'A number too many was left out in the only way that the equations leave',
  'form-unclear': 'The document does not show which form it is',
  'not-on-form': 'A row was read that the recognised form does not have',
  'year-disagrees': 'The title and the statistics period name different years',
  'year-not-found': 'Neither title nor statistics period names a year',
  'section-not-found': 'The heading of a section was not met',
  'damaged-text': 'Some bytes fit no encoding and were replaced',
} as const;

/** The name of a kind of doubt. */
export type DoubtCode = keyof typeof doubtCodes;

/** One doubt, with its place in the document and the cells it is about. */
export interface Doubt {
  readonly code: DoubtCode;
  /** The line of the decoded text from 1 (HTML, Word, Excel: the ordinal of the paragraph or table row); null for the whole. */
  readonly place: { readonly line: number } | null;
  /** Addresses of the cells it concerns. */
  readonly cells: readonly string[];
  /** The words as printed. */
  readonly text: string;
  readonly message: Label;
}

/** Puts a doubt together; the text shown is cut to 120 characters. */
export function doubtOf(
  code: DoubtCode,
  message: Label,
  about: { readonly line?: number; readonly cells?: readonly string[]; readonly text?: string } = {},
): Doubt {
  const { line, cells = [], text = '' } = about;
  const place = line === undefined ? null : { line };
  return { code, place, cells, text: text.trim().slice(0, 120), message };
}
