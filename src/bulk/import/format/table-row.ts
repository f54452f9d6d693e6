/** A row of a table, as CSV and Excel files give it alike. */
import type { CellKind } from '../../../document/read/source/workbook.js';
import type { Problem } from '../../../problem.js';

/** A cell of a workbook whose number is not what a reader sees. */
export interface MarkedCell {
  /** From 0. */
  readonly column: number;
  /** As the workbook calls it, such as "B3". */
  readonly address: string;
  readonly kind: CellKind;
}

/** A row as it was found: its fields, or why it has none. */
export type TableRow = { readonly line: number; readonly bytes: number } & (
  | {
      readonly fields: readonly string[];
      /** Whether blank fields at the end may be left out. */
      readonly ragged?: true;
      readonly marked?: readonly MarkedCell[];
    }
  | {
      readonly problem: Problem;
      /** The row as it came, as far as it can be shown. */
      readonly raw: string;
    }
);

/** A table of a file: CSV is one, a workbook has one for each of its sheets. */
export interface Table {
  /** The name of its sheet. */
  readonly sheet?: string;
  /** Its rows from the first, at every call. */
  rows(): AsyncIterable<TableRow>;
}

/** Whether a row has nothing in it; white space of any kind is nothing. */
export function isEmptyRow(row: TableRow): boolean {
  return 'fields' in row && !row.marked?.length && row.fields.every((field) => field.trim() === '');
}
