/** Cells <-> columns: the one place that knows how a cell's address is spelled in SQL. */
import { allCells, type Cell, type Figures, type Form, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';

/** PostgreSQL cuts identifiers at 63 bytes; cutting here keeps the names the same in both databases. */
const maxIdentifierBytes = 63;

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

/** A cell of a form and its place in a wide row. */
export interface Place {
  readonly cell: Cell;
  readonly at: number;
}

const places = new Map<Form, readonly Place[]>();

/** Every cell of a form, in printed order, with its place in a wide row. */
export function placesOf(form: Form): readonly Place[] {
  const known = places.get(form);
  if (known) return known;
  const made = form.cells.map((cell) => ({ cell, at: allCells.indexOf(cell) }));
  places.set(form, made);
  return made;
}

const rows = new WeakMap<Figures, readonly (number | null)[]>();
const emptyRow: readonly null[] = cellColumns.map(() => null);

/**
 * The values of a wide row in the order of `cellColumns`; a cell the form lacks is null, like a blank. Made once for
 * the figures of a filing, which all that is stored of it is then read from: a list is read faster than a record.
 */
export function toColumns({ form, figures }: Pick<ReportContent, 'form' | 'figures'>): readonly (number | null)[] {
  const known = rows.get(figures);
  if (known) return known;
  const row: (number | null)[] = [...emptyRow];
  for (const { cell, at } of placesOf(formOf(form))) row[at] = figures[cell.key] ?? null;
  rows.set(figures, row);
  return row;
}

function spell(key: string): string {
  return key
    .split('.')
    .map((part) => part.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`))
    .join('__')
    .slice(0, maxIdentifierBytes);
}
