/** Cells <-> columns: the one place that knows how a cell's address is spelled in SQL. */
import { allCells, type Cell, type Figures } from '../form/forms.js';

/** PostgreSQL cuts identifiers at 63 bytes; cutting here keeps the names the same in both databases. */
const longestIdentifier = 63;

/** Every cell with its column, in the order of `allCells`. */
export const cellColumns: readonly { readonly cell: Cell; readonly column: string }[] = allCells.map((cell) => ({
  cell,
  column: spell(cell.key),
}));

const columns = new Map<string, string>(cellColumns.map(({ cell, column }) => [cell.key, column]));

/** The column of a cell: `applications.newReceived.total` is `applications__new_received__total`. */
export function columnOf(cell: Cell): string {
  const column = columns.get(cell.key);
  if (!column) throw new Error(`no column for ${cell.key}`);
  return column;
}

/** The values of a wide row in the order of `cellColumns`; a cell the form lacks is null, like a blank. */
export function toColumns(figures: Figures): (number | null)[] {
  return cellColumns.map(({ cell }) => figures[cell.key] ?? null);
}

function spell(key: string): string {
  return key
    .split('.')
    .map((part) => part.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`))
    .join('__')
    .slice(0, longestIdentifier);
}
