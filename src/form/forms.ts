/**
 * The forms and the two walks over them: every cell, and every equation written out cell by cell.
 * Everything else (schemas, columns, readers, renderers, GraphQL, checks) is derived from these two lists.
 */

import type { Label } from '../words.js';
import type { Exact } from './exact.js';
import { formMixed } from './form-mixed.js';
import { form2019 } from './form2019.js';
import { form2021 } from './form2021.js';
import type { subtotals } from './lines.js';
import type { Column, EquationFamily, FormShape, Kind, Row, RuleCode, Table, Unit } from './vocabulary.js';

type ShapeOf = typeof form2021 | typeof form2019 | typeof formMixed;
type CellOf<T> = T extends Table ? `${T['key']}.${T['rows'][number]['key']}.${T['columns'][number]['key']}` : never;

/** `2021`, `2019` or `mixed`. */
export type FormId = ShapeOf['id'];

/** The address of a cell, `table.row.column`: the same question on every form that prints it. */
export type CellKey = CellOf<ShapeOf['tables'][number]>;

/** One numbered box of a form. */
export interface Cell {
  readonly key: CellKey;
  /** Its place in `allCells`, and so in every list of figures. */
  readonly at: number;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly kind: Kind;
  readonly unit: Unit;
  /** Only 本年增/减 may be negative. */
  readonly signed: boolean;
  /** The printed headings that lead to the box, row side first, joined for messages. */
  readonly label: Label;
  /** RFC 6901 pointer of the box inside a filing. */
  readonly pointer: string;
}

/** One side's term of an equation. `year` is 0 for the report's own year, -1 for the year before. */
export interface Term {
  readonly cell: Cell;
  /** The printed heading of the term's own line: of the row in a sum of rows, of the column in a sum of columns. */
  readonly label: Label;
  readonly coefficient: 1 | -1;
  readonly year: 0 | -1;
}

/** An equation written out: the terms of the left side, `=` or `>=`, the terms of the right (none means zero). */
export interface Equation {
  readonly rule: RuleCode;
  readonly relation: '=' | '>=';
  readonly left: readonly Term[];
  readonly right: readonly Term[];
  /** The cells of the year before that it reads; empty for an equation within one year. */
  readonly before: readonly Cell[];
  /** The printed line the equation runs over: the column for a sum of rows, the row for a sum of columns. */
  readonly over: Label;
}

/** A form with its cells and its equations written out. */
export interface Form extends FormShape {
  readonly id: FormId;
  /** Every cell in printed order. */
  readonly cells: readonly Cell[];
  readonly written: readonly Equation[];
  has(cell: Cell): boolean;
}

/**
 * The figures of a report, one for each of `allCells` at `cell.at`: whole numbers, amounts in 分. Null where the box is
 * blank and where the form has no such box; `form.has` tells the two apart.
 */
export type Figures = readonly (number | null)[];

/** The figures of a sum in the same order, null where nobody reported one; only an amount may be no safe integer. */
export type SumFigures = readonly (Exact | null)[];

const cellsByKey = new Map<string, Cell>();

function walkCells(tables: readonly Table[]): Cell[] {
  return tables.flatMap((table) =>
    table.rows.flatMap((row) => table.columns.map((column) => internCell(table, row, column))),
  );
}

function internCell(table: Table, row: Row, column: Column): Cell {
  const key = `${table.key}.${row.key}.${column.key}`;
  const known = cellsByKey.get(key);
  if (known) return known;
  const cell: Cell = {
    // The key is made from the same tables that CellKey is computed from.
    key: key as CellKey,
    at: cellsByKey.size,
    table: table.key,
    row: row.key,
    column: column.key,
    kind: row.stock ? 'stock' : column.kind,
    unit: column.unit,
    signed: 'signed' in column,
    label: {
      zh: `${headings(row, 'zh')}·${headings(column, 'zh')}`,
      en: `${headings(row, 'en')} · ${headings(column, 'en')}`,
    },
    pointer: `/figures/${table.key}/${row.key}/${column.key}`,
  };
  cellsByKey.set(key, cell);
  return cell;
}

/** What is printed over or beside a line, outermost heading first; that of its row and that of its column are a cell's label. */
export function headingOf(line: Row | Column): Label {
  return { zh: headings(line, 'zh'), en: headings(line, 'en') };
}

function headings(line: Row | Column, language: keyof Label): string {
  return [...(line.under ?? []), line.label].map((label) => label[language]).join(language === 'zh' ? '·' : ' · ');
}

function writeOut(table: Table, family: EquationFamily): Equation[] {
  const lines: readonly (Row | Column)[] =
    family.each === 'column'
      ? table.columns
      : table.rows.filter((row) => !family.only || family.only.includes(row.key));
  return lines.map((line) => {
    const term = (text: string): Term => {
      const [, minus, key, previous] = /^(-?)(\w+)(@previous)?$/.exec(text) ?? [];
      const [row, column] = family.each === 'column' ? [key, line.key] : [line.key, key];
      const terms: readonly (Row | Column)[] = family.each === 'column' ? table.rows : table.columns;
      const label = terms.find((candidate) => candidate.key === key)?.label;
      if (!label) throw new Error(`${family.rule} names ${text}, which table ${table.key} lacks`);
      const cell = cellOf(`${table.key}.${row}.${column}`);
      return { cell, label, coefficient: minus ? -1 : 1, year: previous ? -1 : 0 };
    };
    const [left, right] = [family.left.map(term), family.right.map(term)];
    return {
      rule: family.rule,
      relation: family.relation ?? '=',
      left,
      right,
      before: [...left, ...right].filter(({ year }) => year === -1).map(({ cell }) => cell),
      over: { zh: headings(line, 'zh'), en: headings(line, 'en') },
    };
  });
}

function completeForm(shape: FormShape & { readonly id: FormId }): Form {
  const cells = walkCells(shape.tables);
  const places = new Set(cells.map(({ at }) => at));
  const written = shape.equations.flatMap(({ table: key, families }) => {
    const table = shape.tables.find((candidate) => candidate.key === key);
    if (!table) throw new Error(`form ${shape.id} states equations for a table ${key} that it lacks`);
    return families.flatMap((family) => writeOut(table, family));
  });
  return { ...shape, cells, written, has: ({ at }) => places.has(at) };
}

/** Every form, newest first. */
export const forms: readonly Form[] = [form2021, form2019, formMixed].map(completeForm);

/** The identifiers of the forms, in the order of `forms`. */
export const formIds = forms.map((form) => form.id);

/** Every cell of any form once: those of 2021 in printed order, then those that only older forms have. */
export const allCells: readonly Cell[] = [...cellsByKey.values()];

/** The cell at an address; throws for an address no form has. */
export function cellOf(key: string): Cell {
  const cell = cellsByKey.get(key);
  if (!cell) throw new Error(`no form has a cell ${key}`);
  return cell;
}

/** The cell at an address, undefined when no form has it. */
export function findCell(key: string): Cell | undefined {
  return cellsByKey.get(key);
}

/** The form of that name, undefined when there is none. */
export function findForm(id: string): Form | undefined {
  return forms.find((form) => form.id === id);
}

/** The form of that name. */
export function formOf(id: FormId): Form {
  const form = findForm(id);
  if (!form) throw new Error(`no form ${id}`);
  return form;
}

/** The form in force for a report year (2019 and 2020: `2019`; from 2021: `2021`). */
export function formInForce(year: number): Form {
  const form = forms.find(
    ({ inForce }) => inForce && year >= inForce.from && (inForce.to === null || year <= inForce.to),
  );
  if (!form) throw new RangeError(`no form is in force for ${year}`);
  return form;
}

/** The first report year for which a form is in force. */
export const firstYear = Math.min(...forms.flatMap(({ inForce }) => inForce?.from ?? []));

/** The rows of table three that a derived subtotal adds up, over all forms. */
export function rowsOfSubtotal(key: (typeof subtotals)[number]['key']): readonly string[] {
  const rows = forms.flatMap((form) => form.tables.flatMap((table) => table.rows));
  return [...new Set(rows.filter((row) => row.subtotal === key).map((row) => row.key))];
}
