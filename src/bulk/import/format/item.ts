/** One report of a file that holds many, as every format gives it. */
import type { DocumentReading } from '../../../document/read/read-document.js';

/** What an item says: the body of a filing, not yet checked, or a document that was read. */
export type ImportContent =
  | { readonly filing: unknown }
  | {
      readonly document: DocumentReading;
      /** Whose it is by the name of its file; empty where that does not say. */
      readonly stated: { readonly agency?: string; readonly year?: number };
    };

/** One item of a file, read when its turn comes and before the next is asked for. */
export interface ImportItem {
  /** The file it is in, where an import has several. */
  readonly source?: string;
  /** The line it begins on, the row of the sheet, or the ordinal in the zip; from 1. */
  readonly line: number;
  /** The caller's name for it as far as it is known before it is read; a file name in a zip. */
  readonly ref: string | null;
  /** Its size in bytes, roughly. */
  readonly bytes: number;
  /** Its bytes, where it is a JSON text of its own. */
  readonly raw?: Uint8Array;
  /** Reads it. Throws a `Problem` that says what is wrong with this item alone. */
  read(): ImportContent | Promise<ImportContent>;
}
