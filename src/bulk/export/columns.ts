/** What a column of an export is, and how columns are written down. */
import type { CsvField } from '../../csv.js';
import { printFigure } from '../../form/check.js';
import { allCells, type Cell, type SumFigures } from '../../form/forms.js';
import type { Unit } from '../../form/vocabulary.js';
import type { Label } from '../../words.js';

/** One value of a row. Amounts are decimal texts in the printed unit. */
export type Field = CsvField;

/** A column: its name for ever, what its fields are (in the words of Table Schema), and its headings. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';
  readonly title: Label;
  readonly constraints?: Readonly<Record<string, unknown>>;
  readonly unit?: Unit;
  readonly cell?: Cell;
  readonly read: (row: Row) => Field;
}

/** The column of a cell, and the figures of a row that its own is one of. */
export interface CellColumn<Row> extends Column<Row> {
  readonly cell: Cell;
  readonly figuresOf: (row: Row) => SumFigures;
}

/** Whether a column is one of those that `cellColumns` makes. */
export function isCellColumn<Row>(column: Column<Row>): column is CellColumn<Row> {
  return 'figuresOf' in column;
}

/** A column as it is described: all but how it is read. */
export type ColumnHead = Omit<Column<never>, 'read'>;

/** What a column may hold, in the words of Table Schema. */
export type Constraints = Readonly<Record<string, unknown>>;

/** Constraints: there in every row; a number of things, there in every row; a number of things. */
export const required = { required: true };
export const count = { required: true, minimum: 0 };
export const whole = { minimum: 0 };

/** A column of text. */
export function text<Row>(
  name: string,
  title: Label,
  read: (row: Row) => string | null,
  constraints?: Constraints,
): Column<Row> {
  return { name, type: 'string', title, read, ...(constraints && { constraints }) };
}

/** A column of days, YYYY-MM-DD. */
export function day<Row>(
  name: string,
  title: Label,
  read: (row: Row) => string | null,
  constraints?: Constraints,
): Column<Row> {
  return { ...text(name, title, read, constraints), type: 'date' };
}

/** A column of whole numbers. */
export function number<Row>(
  name: string,
  title: Label,
  read: (row: Row) => number | null,
  constraints: Constraints,
): Column<Row> {
  return { name, type: 'integer', title, read, constraints };
}

/** A column of what is so or not. */
export function flag<Row>(name: string, title: Label, read: (row: Row) => boolean): Column<Row> {
  return { name, type: 'boolean', title, read, constraints: required };
}

/** Every cell of any form, in the order of `allCells`, under its address. */
export function cellColumns<Row>(figuresOf: (row: Row) => SumFigures): CellColumn<Row>[] {
  return allCells.map((cell) => ({
    name: cell.key,
    type: cell.kind === 'amount' ? 'number' : 'integer',
    title: cell.label,
    unit: cell.unit,
    cell,
    ...(cell.signed ? {} : { constraints: whole }),
    figuresOf,
    read: (row) => printFigure(cell, figuresOf(row)[cell.at] ?? null),
  }));
}
