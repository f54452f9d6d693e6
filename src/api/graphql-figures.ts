/** The tables of a form as GraphQL nests them: which cells a query asks for, and their figures as it answers them. */
import { formatAmount } from '../form/amount.js';
import { allCells, type Cell, type Figures } from '../form/forms.js';
import { organizationSubtotal, rates, subtotals } from '../form/lines.js';
import { organizationCells, rateCells, rateOf, subtotalCells } from '../report/statistics.js';
import type { Selection } from './graphql-selection.js';

/** What a query asks of the tables, and the cells it takes to answer. */
export interface FiguresPlan {
  readonly cells: readonly Cell[];
  readonly tables: readonly TablePlan[];
}

interface TablePlan {
  readonly key: string;
  readonly rows: readonly RowPlan[];
  readonly rates: readonly (typeof rates)[number]['key'][];
}

interface RowPlan {
  readonly key: string;
  readonly fields: readonly FieldPlan[];
}

/** A box, or a derived sum of boxes; `unit` where it is money. */
interface FieldPlan {
  readonly key: string;
  readonly addresses: readonly string[];
  readonly unit: string | null;
}

/** The tables of all forms by key, each with the cells of its rows. */
const tables = groupBy(allCells, (cell) => cell.table);

/** The table whose rows have derived subtotals and rates. */
const derivedTable = subtotalCells(subtotals[0].key, 'total')[0]?.table;

/** Plans what a query asks of an object that has the tables as fields. */
export function planFigures(selection: Selection): FiguresPlan {
  const cells = new Set<Cell>();
  const plans: TablePlan[] = [];
  for (const [key, own] of tables) {
    const asked = selection.get(key);
    if (asked) plans.push(planTable(key, own, asked, cells));
  }
  return { cells: [...cells], tables: plans };
}

/** A table's object: its rows, each with the figures asked for. */
export type TableObject = Readonly<Record<string, Readonly<Record<string, number | string | null>> | number | null>>;

/** Writes the tables a plan asks for, those that `has` holds of; the others are null. */
export function writeTables(
  plan: FiguresPlan,
  figures: Figures,
  has: (table: string) => boolean,
): Record<string, TableObject | null> {
  const written: Record<string, TableObject | null> = {};
  for (const table of plan.tables) written[table.key] = has(table.key) ? writeTable(table, figures) : null;
  return written;
}

function planTable(key: string, cells: readonly Cell[], selection: Selection, read: Set<Cell>): TablePlan {
  const rows: RowPlan[] = [];
  for (const [row, columns] of selection) {
    const fields = [...columns.keys()].flatMap((column) => planField(key, cells, row, column, read) ?? []);
    if (isRow(key, cells, row)) rows.push({ key: row, fields });
  }
  const asked = key === derivedTable ? rates.filter((rate) => selection.has(rate.key)).map((rate) => rate.key) : [];
  for (const rate of asked) {
    const { over, of } = rateCells(rate);
    for (const cell of [...over, ...of]) read.add(cell);
  }
  return { key, rows, rates: asked };
}

function isRow(table: string, cells: readonly Cell[], row: string): boolean {
  return cells.some((cell) => cell.row === row) || (table === derivedTable && subtotalOf(row) !== undefined);
}

function planField(
  table: string,
  cells: readonly Cell[],
  row: string,
  column: string,
  read: Set<Cell>,
): FieldPlan | undefined {
  const summed = table === derivedTable ? derivedCells(row, column) : undefined;
  const own = summed ?? cells.filter((cell) => cell.row === row && cell.column === column);
  // __typename is a field of every object and of no form.
  if (own.length === 0) return undefined;
  for (const cell of own) read.add(cell);
  const [cell] = own;
  return { key: column, addresses: own.map(({ key }) => key), unit: cell?.kind === 'amount' ? cell.unit : null };
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

function writeTable(table: TablePlan, figures: Figures): TableObject {
  const written: Record<string, Record<string, number | string | null> | number | null> = {};
  for (const row of table.rows) {
    const fields: Record<string, number | string | null> = {};
    for (const field of row.fields) fields[field.key] = writeField(field, figures);
    written[row.key] = fields;
  }
  for (const rate of table.rates) written[rate] = rateOf(figures, rate);
  return written;
}

/** A sum of boxes is null only when every one of them is: blank is not zero. */
function writeField({ addresses, unit }: FieldPlan, figures: Figures): number | string | null {
  let sum: number | null = null;
  for (const address of addresses) {
    const value = figures[address] ?? null;
    if (value !== null) sum = sum === null ? value : sum + value;
  }
  return sum === null || unit === null ? sum : formatAmount(sum, unit);
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
