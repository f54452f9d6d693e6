/** One report of a file that holds many, as every format gives it. */
import type { DocumentReading } from '../../../document/read/read-document.js';

/** What a row says of its agency beside the code, in the words of the row; what it leaves blank is absent. */
export interface NamedAgency {
  readonly name?: string;
  /** The code of its county. */
  readonly county?: string;
  readonly countyName?: string;
}

/** What an item says: the body of a filing, not yet checked, or a document that was read. */
export type ImportContent =
  | { readonly filing: unknown; readonly named?: NamedAgency }
  | {
      readonly document: DocumentReading;
      /** As it came. */
      readonly bytes: Uint8Array;
      /** Whose it is by the name of its file; empty where that does not say. */
      readonly stated: { readonly agency?: string; readonly year?: number };
    };

/** The rows an item was made of, with the headings over them, as they came. */
interface TableRows {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The text of a row that has no fields. */
  readonly raw?: string;
}

/** The columns that a file of refused rows has before its own; what they say is not read again. */
export const rejectedColumns = [
  'rejected.sheet',
  'rejected.line',
  'rejected.code',
  'rejected.zh',
  'rejected.en',
  'rejected.text',
] as const;

/** What of a zip is no item: how many entries, and the names of the first. */
export interface PassedOver {
  readonly count: number;
  readonly names: readonly string[];
}

/** All is an item. */
export const nothingPassedOver: PassedOver = { count: 0, names: [] };

/** One item of a file, read when its turn comes and before the next is asked for. */
export interface ImportItem {
  /** The file it is in, where an import has several. */
  readonly source?: string;
  /** The sheet it is on, in a workbook. */
  readonly sheet?: string;
  /** The line it begins on, the row of the sheet, or the ordinal in the zip; from 1. */
  readonly line: number;
  /** The caller's name for it as far as it is known before it is read; a file name in a zip. */
  readonly ref: string | null;
  /** Its size in bytes, roughly. */
  readonly bytes: number;
  /** Its bytes, where it is a JSON text of its own. */
  readonly raw?: Uint8Array;
  /** Its rows, where it is of a table. */
  readonly table?: TableRows;
  /** Reads it. Throws a `Problem` that says what is wrong with this item alone. */
  read(): ImportContent | Promise<ImportContent>;
}
