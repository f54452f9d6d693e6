/** A row of a table, as CSV and Excel files give it alike. */
import type { Problem } from '../../../problem.js';

/** A row as it was found: its fields, or why it has none. */
export type TableRow = { readonly line: number; readonly bytes: number } & (
  | {
      readonly fields: readonly string[];
      /** Whether blank fields at the end may be left out. */
      readonly ragged?: true;
    }
  | { readonly problem: Problem }
);
