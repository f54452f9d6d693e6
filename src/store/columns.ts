/** Cells <-> columns: the one place that knows how a cell's address is spelled in SQL. A wide row is a list of figures. */
import { rateLines } from '../form/derived.js';
import { type Exact, readExact } from '../form/exact.js';
import { allCells, type Cell } from '../form/forms.js';
import { packed } from './engine/dialect.js';

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

/** Figures in one group of a packed row: a function of SQL takes at most 127 arguments. */
const groupSize = 100;

/** A list in groups of a hundred, as a packed row has its figures. */
export function inGroups<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / groupSize) }, (_, index) =>
    items.slice(index * groupSize, (index + 1) * groupSize),
  );
}

/**
 * All figures of a row of reports as one text, in the order of `allCells`: as columns they would cost three times as much to
 * read. An amount is a text in it, since JSON would round what passes 2^53.
 */
export function packedFigures(alias: string): string {
  const columns = allCells.map((cell) => {
    const column = `${alias}.${columnOf(cell)}`;
    return cell.kind === 'amount' ? `cast(${column} as text)` : column;
  });
  return packed(inGroups(columns).map(packed));
}

/** The figures that `packedFigures` packed. */
export function unpackFigures(text: string): (Exact | null)[] {
  // The statement writes nothing else.
  const groups = JSON.parse(text) as (number | string | null)[][];
  const figures: (Exact | null)[] = [];
  for (const group of groups) {
    for (const figure of group) figures.push(typeof figure === 'string' ? readExact(figure) : figure);
  }
  return figures;
}

function spell(key: string): string {
  return key.split('.').map(inSnakeCase).join('__').slice(0, maxIdentifierBytes);
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
