/** The tables of a form as GraphQL nests them: which cells a query asks for, and their figures as it answers them. */
import { formatAmount } from '../../form/amount.js';
import { allCells, type Cell } from '../../form/forms.js';
import { organizationSubtotal, rates, subtotals } from '../../form/lines.js';
import { organizationCells, rateCells, subtotalCells } from '../../rollup/statistics.js';
import type { Selection } from './selection.js';

/** What a query asks of the tables, and the cells it takes to answer; its parts name cells by their position there. */
export interface FiguresPlan {
  readonly cells: readonly Cell[];
  readonly tables: readonly TablePlan[];
}

interface TablePlan {
  readonly key: string;
  readonly rows: readonly RowPlan[];
  readonly rates: readonly RatePlan[];
  /** Its object without figures: to copy it and fill it in costs half of what it costs to make one member by member. */
  readonly blank: Readonly<TableObject>;
}

interface RowPlan {
  readonly key: string;
  readonly fields: readonly FieldPlan[];
  readonly blank: Readonly<RowObject>;
}

/** A box, or a derived sum of boxes; `unit` where it is money. */
interface FieldPlan {
  readonly key: string;
  readonly boxes: readonly number[];
  readonly unit: string | null;
}

/** A derived rate: the boxes above the line and those below. */
interface RatePlan {
  readonly key: string;
  readonly over: readonly number[];
  readonly of: readonly number[];
}

/** Figures by the position of their cell in the plan. */
type Values = readonly (number | null)[];

/** The tables of all forms by key, each with the cells of its rows. */
const tables = groupBy(allCells, (cell) => cell.table);

/** The table whose rows have derived subtotals and rates. */
const derivedTable = subtotalCells(subtotals[0].key, 'total')[0]?.table;

/** Plans what a query asks of an object that has the tables as fields. */
export function planFigures(selection: Selection): FiguresPlan {
  const positions = new Map<Cell, number>();
  const positionOf = (cell: Cell) => {
    const position = positions.get(cell) ?? positions.size;
    positions.set(cell, position);
    return position;
  };
  const plans: TablePlan[] = [];
  for (const [key, own] of tables) {
    const asked = selection.get(key);
    if (asked) plans.push(planTable(key, own, asked, positionOf));
  }
  return { cells: [...positions.keys()], tables: plans };
}

/** A row's object: the figures asked for. */
type RowObject = Record<string, number | string | null>;

/** A table's object: its rows and rates. */
type TableObject = Record<string, RowObject | number | null>;

/** Writes the tables a plan asks for into an object, by their keys: those that `has` holds of; the others are null. */
export function writeTables(
  written: Record<string, unknown>,
  plan: FiguresPlan,
  values: Values,
  has: (table: string) => boolean,
): void {
  for (const table of plan.tables) written[table.key] = has(table.key) ? writeTable(table, values) : null;
}

function planTable(
  key: string,
  cells: readonly Cell[],
  selection: Selection,
  positionOf: (cell: Cell) => number,
): TablePlan {
  const rows: RowPlan[] = [];
  for (const [row, columns] of selection) {
    if (!isRow(key, cells, row)) continue;
    const fields = [...columns.keys()].flatMap((column) => planField(key, cells, row, column, positionOf) ?? []);
    rows.push({ key: row, fields, blank: blankOf(fields) });
  }
  const asked = key === derivedTable ? rates.filter((rate) => selection.has(rate.key)) : [];
  return {
    key,
    rows,
    blank: blankOf([...rows, ...asked]),
    rates: asked.map((rate) => {
      const { over, of } = rateCells(rate.key);
      return { key: rate.key, over: over.map(positionOf), of: of.map(positionOf) };
    }),
  };
}

function blankOf(members: readonly { readonly key: string }[]): Readonly<Record<string, null>> {
  return Object.fromEntries(members.map(({ key }) => [key, null]));
}

function isRow(table: string, cells: readonly Cell[], row: string): boolean {
  return cells.some((cell) => cell.row === row) || (table === derivedTable && subtotalOf(row) !== undefined);
}

function planField(
  table: string,
  cells: readonly Cell[],
  row: string,
  column: string,
  positionOf: (cell: Cell) => number,
): FieldPlan | undefined {
  const summed = table === derivedTable ? derivedCells(row, column) : undefined;
  const own = summed ?? cells.filter((cell) => cell.row === row && cell.column === column);
  // __typename is a field of every object and of no form.
  if (own.length === 0) return undefined;
  const [cell] = own;
  return { key: column, boxes: own.map(positionOf), unit: cell?.kind === 'amount' ? cell.unit : null };
}

function derivedCells(row: string, column: string): readonly Cell[] | undefined {
  const subtotal = subtotalOf(row);
  const inOrganization = column === organizationSubtotal.key;
  if (!subtotal) return inOrganization ? organizationCells(row) : undefined;
  const columns = inOrganization ? organizationSubtotal.columns : [column];
  return columns.flatMap((key) => (hasColumn(key) ? subtotalCells(subtotal.key, key) : []));
}

function hasColumn(column: string): boolean {
  return tables.get(derivedTable ?? '')?.some((cell) => cell.column === column) ?? false;
}

function subtotalOf(row: string) {
  return subtotals.find((subtotal) => subtotal.key === row);
}

function writeTable(table: TablePlan, values: Values): TableObject {
  const written = { ...table.blank };
  for (const row of table.rows) {
    const fields = { ...row.blank };
    for (const { key, boxes, unit } of row.fields) {
      const sum = sumBoxes(boxes, values);
      fields[key] = sum === null || unit === null ? sum : formatAmount(sum, unit);
    }
    written[row.key] = fields;
  }
  for (const { key, over, of } of table.rates) written[key] = rateOf(sumBoxes(over, values), sumBoxes(of, values));
  return written;
}

/** A sum of boxes is null only when every one of them is: blank is not zero. */
function sumBoxes(boxes: readonly number[], values: Values): number | null {
  let sum: number | null = null;
  for (const box of boxes) {
    const value = values[box] ?? null;
    if (value !== null) sum = sum === null ? value : sum + value;
  }
  return sum;
}

/** A rate of nothing is null, never 100 %. */
function rateOf(above: number | null, below: number | null): number | null {
  return above === null || below === null || below === 0 ? null : above / below;
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
