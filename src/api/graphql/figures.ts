/** The tables of a form as GraphQL nests them: which cells a query asks for, and their figures as it answers them. */
import { printFigure } from '../../form/check.js';
import {
  derivedCells,
  noRate,
  type RateLine,
  type RateSum,
  rateLines,
  rateOf,
  subtotalCells,
  sumCells,
} from '../../form/derived.js';
import { allCells, type Cell, type SumFigures } from '../../form/forms.js';
import { subtotals } from '../../form/lines.js';
import type { Selection } from './parts/selection.js';

/** What a query asks of the tables, and the cells it takes to answer. */
export interface FiguresPlan {
  readonly cells: readonly Cell[];
  readonly tables: readonly TablePlan[];
}

interface TablePlan {
  readonly key: string;
  readonly rows: readonly RowPlan[];
  readonly rates: readonly RateLine[];
  /** Its object without figures: to copy it and fill it in costs half of what it costs to make one member by member. */
  readonly blank: Readonly<TableObject>;
}

interface RowPlan {
  readonly key: string;
  readonly fields: readonly FieldPlan[];
  readonly blank: Readonly<RowObject>;
}

/** A box, or a derived sum of boxes, which is printed as the first of them is. */
interface FieldPlan {
  readonly key: string;
  readonly boxes: readonly Cell[];
  readonly first: Cell;
}

/** The tables of all forms by key, each with the cells of its rows. */
const tables = groupBy(allCells, (cell) => cell.table);

/** The table whose rows have derived subtotals and rates. */
const derivedTable = subtotalCells(subtotals[0].key, 'total')[0]?.table;

/** Plans what a query asks of an object that has the tables as fields. */
export function planFigures(selection: Selection): FiguresPlan {
  const plans: TablePlan[] = [];
  for (const [key, own] of tables) {
    const asked = selection.get(key);
    if (asked) plans.push(planTable(key, own, asked));
  }
  const asked = [...plans.flatMap((plan) => plan.rates), ...(selection.has('rates') ? rateLines : [])];
  const cells = [
    ...plans.flatMap((plan) => plan.rows.flatMap((row) => row.fields.flatMap(({ boxes }) => boxes))),
    // A rate comes with its boxes.
    ...asked.flatMap(({ over, of }) => [...over, ...of]),
  ];
  return { cells: [...new Set(cells)], tables: plans };
}

/** A row's object: the figures asked for. */
type RowObject = Record<string, number | string | null>;

/** A table's object: its rows and rates. */
type TableObject = Record<string, RowObject | number | null>;

/** Writes the tables a plan asks for into an object, by their keys: those that `has` holds of; the others are null. */
export function writeTables(
  written: Record<string, unknown>,
  plan: FiguresPlan,
  { figures, rates }: { readonly figures: SumFigures; readonly rates: readonly RateSum[] },
  has: (table: string) => boolean,
): void {
  for (const table of plan.tables) written[table.key] = has(table.key) ? writeTable(table, figures, rates) : null;
}

function planTable(key: string, cells: readonly Cell[], selection: Selection): TablePlan {
  const rows: RowPlan[] = [];
  for (const [row, columns] of selection) {
    if (!isRow(key, cells, row)) continue;
    const fields = [...columns.keys()].flatMap((column) => planField(key, cells, row, column) ?? []);
    rows.push({ key: row, fields, blank: blankOf(fields) });
  }
  const asked = key === derivedTable ? rateLines.filter((rate) => selection.has(rate.key)) : [];
  return {
    key,
    rows,
    blank: blankOf([...rows, ...asked]),
    rates: asked,
  };
}

function blankOf(members: readonly { readonly key: string }[]): Readonly<Record<string, null>> {
  return Object.fromEntries(members.map(({ key }) => [key, null]));
}

function isRow(table: string, cells: readonly Cell[], row: string): boolean {
  return cells.some((cell) => cell.row === row) || (table === derivedTable && subtotalOf(row) !== undefined);
}

function planField(table: string, cells: readonly Cell[], row: string, column: string): FieldPlan | undefined {
  const summed = table === derivedTable ? derivedCells(row, column) : undefined;
  const boxes = summed ?? cells.filter((cell) => cell.row === row && cell.column === column);
  const [first] = boxes;
  // __typename is a field of every object and of no form.
  return first && { key: column, boxes, first };
}

function subtotalOf(row: string) {
  return subtotals.find((subtotal) => subtotal.key === row);
}

function writeTable(table: TablePlan, figures: SumFigures, rates: readonly RateSum[]): TableObject {
  const written = { ...table.blank };
  for (const row of table.rows) {
    const fields = { ...row.blank };
    for (const { key, boxes, first } of row.fields) fields[key] = printFigure(first, sumCells(figures, boxes));
    written[row.key] = fields;
  }
  for (const rate of table.rates) written[rate.key] = rateOf(rates[rateLines.indexOf(rate)] ?? noRate);
  return written;
}

function groupBy(cells: readonly Cell[], keyOf: (cell: Cell) => string): ReadonlyMap<string, readonly Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const group = groups.get(keyOf(cell));
    if (group) group.push(cell);
    else groups.set(keyOf(cell), [cell]);
  }
  return groups;
}
