/** Cells <-> columns: the one place that knows how a cell's address is spelled in SQL. A wide row is a list of figures. */
import { rateLines } from '../form/derived.js';
import { allCells, type Cell } from '../form/forms.js';

/** PostgreSQL cuts identifiers at 63 bytes; cutting here keeps the names the same in both databases. */
const maxIdentifierBytes = 63;

/** The column of every cell, in the order of `allCells`. */
export const cellColumns: readonly string[] = allCells.map(({ key }) => spell(key));

/** What is kept of every rate in a row of sums, in the order of `rateLines`: how many reports it is over, and their sums. */
export const rateColumns: readonly string[] = rateLines.flatMap(({ key }) =>
  (['reports', 'over', 'of'] as const).map((part) => `${inSnakeCase(key)}_${part}`),
);

/** The column of a cell: `applications.newReceived.total` is `applications__new_received__total`. */
export function columnOf(cell: Cell): string {
  const column = cellColumns[cell.at];
  if (!column) throw new Error(`no column for ${cell.key}`);
  return column;
}

function spell(key: string): string {
  return key.split('.').map(inSnakeCase).join('__').slice(0, maxIdentifierBytes);
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
