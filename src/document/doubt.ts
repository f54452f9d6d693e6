/** What is uncertain in a reading. A doubt never stops a reading: its cells are blank, or its message says how they were read. */
import type { Label } from '../words.js';

/** What kinds of doubt there are, and what each means. */
const doubtCodes = {
  'table-not-found': 'No heading of a table was found, or none with boxes',
  'row-not-found': 'The heading of a row was not found',
  'row-without-boxes': 'The heading of a row was found, but no boxes after it',
  'row-miscounted': 'A row has more or fewer boxes than columns, and it is not clear which box is which',
  'boxes-without-heading': 'Numbers have no row heading before them',
  'heading-missing': 'A column heading was not found; the columns were taken from the form',
  'heading-guessed': 'A misprinted heading was read as the most similar one',
  'heading-ambiguous': 'A heading could mean more than one row',
  'declared-nil': 'A stroke or 无 is printed instead of a number; the cell is blank, not zero',
  'unreadable-box': 'A box holds something that is not a number it can hold',
  'read-twice': 'A row was found twice with different numbers',
  'columns-disagree': 'The number of boxes and the positions of the columns give different answers',
  'split-by-equations': 'Digits printed without spaces were split in the only way that fits the equations',
  'chosen-by-equations': 'A surplus number was left out in the only way that fits the equations',
  'total-computed': 'A total of our form was left uncomputed by the program that saved it; its parts were added up',
  unconfirmed: 'A blank form that came with figures was sent back without a word that they were checked',
  'columns-by-place': 'No ruling lines of the table were read, and no equation confirms which boxes its numbers are in',
  'form-unclear': 'The document does not show which form it is',
  'not-on-form': 'The recognised form does not have a row that was read',
  'year-disagrees': 'The title and the statistics period name different years',
  'year-from-text': 'Neither the title nor the statistics period names a year; it was taken from the text',
  'year-not-found': 'Neither the title nor the statistics period names a year',
  'section-not-found': 'The heading of a section was not found',
  'items-unclear': 'Numbers of published items could be read in more than one way; those were left out',
  'damaged-text': 'Some bytes fit no encoding and were replaced',
  'characters-removed': 'Control characters or others that no file holds were left out',
  'reordered-text': 'Characters show some of the text in another order than it is stored in; they were left out',
  'more-doubts': 'There are more doubts than are listed',
} as const;

/** The name of a kind of doubt. */
export type DoubtCode = keyof typeof doubtCodes;

/** One doubt, with its place in the document and the cells it is about. */
export interface Doubt {
  readonly code: DoubtCode;
  /** The line of the decoded text from 1 (any other format: the ordinal of the paragraph or table row); null for the whole. */
  readonly place: { readonly line: number } | null;
  /** Addresses of the cells it concerns. */
  readonly cells: readonly string[];
  /** The printed words. */
  readonly text: string;
  readonly message: Label;
}

/** Doubts listed of one document. */
const maxDoubts = 100;

/** The first doubts of many, those about cells before the others: only they keep a report from being filed. */
export function listDoubts(doubts: readonly Doubt[]): readonly Doubt[] {
  if (doubts.length <= maxDoubts) return doubts;
  const [ofCells, others] = [
    doubts.filter(({ cells }) => cells.length > 0),
    doubts.filter(({ cells }) => !cells.length),
  ];
  const more = doubtOf('more-doubts', { zh: '疑问过多，未全部列出。', en: 'There are more doubts than are listed.' });
  return [...[...ofCells, ...others].slice(0, maxDoubts - 1), more];
}

/** Makes a doubt; its text is cut to 120 characters. */
export function doubtOf(
  code: DoubtCode,
  message: Label,
  about: { readonly line?: number; readonly cells?: readonly string[]; readonly text?: string } = {},
): Doubt {
  const { line, cells = [], text = '' } = about;
  const place = line === undefined ? null : { line };
  return { code, place, cells, text: text.trim().slice(0, 120), message };
}
