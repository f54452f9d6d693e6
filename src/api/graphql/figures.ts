/** The tables of a form as GraphQL nests them: which cells a query asks for, and what writes their figures as JSON. */
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
import { groupBy } from '../../groups.js';
import type { FieldPlan, WriteField } from './execute/shape.js';
import type { Selection } from './parts/selection.js';

/** Figures in the order of all cells, and the rates that come with them. */
export interface WrittenFigures {
  readonly figures: SumFigures;
  readonly rates: readonly RateSum[];
}

/** The tables of all forms by key, each with the cells of its rows. */
const tables: ReadonlyMap<string, readonly Cell[]> = groupBy(allCells, (cell) => cell.table);

/** The table whose rows have derived subtotals and rates. */
const derivedTable = subtotalCells(subtotals[0].key, 'total')[0]?.table;

/** The cells that it takes to answer what a query asks of an object that has the tables as fields. */
export function cellsAsked(selection: Selection): readonly Cell[] {
  const cells = new Set<Cell>();
  const rates = new Set(selection.has('rates') ? rateLines : []);
  for (const [table, rows] of selection) {
    if (!tables.has(table)) continue;
    for (const [row, columns] of rows) {
      const rate = rateNamed(table, row);
      if (rate) rates.add(rate);
      for (const column of columns.keys()) for (const cell of boxesOf(table, row, column)) cells.add(cell);
    }
  }
  // A rate comes with its boxes.
  for (const { over, of } of rates) for (const cell of [...over, ...of]) cells.add(cell);
  return [...cells];
}

/** A rate of a table by its field; undefined for a row. */
function rateNamed(table: string, field: string): RateLine | undefined {
  return table === derivedTable ? rateLines.find(({ key }) => key === field) : undefined;
}

/** The box of a row and column, or those that a derived line adds up; none for `__typename`, which is in no form. */
function boxesOf(table: string, row: string, column: string): readonly Cell[] {
  const summed = table === derivedTable ? derivedCells(row, column) : undefined;
  return summed ?? tables.get(table)?.filter((cell) => cell.row === row && cell.column === column) ?? [];
}

/** Steps that write the tables as fields of an object; `read` finds a table's figures, and nothing where it is null. */
export function tableSteps<Source>(
  read: (source: Source, table: string) => WrittenFigures | undefined,
): Readonly<Record<string, WriteField>> {
  const stepOf = (table: string): WriteField => ({
    writer: (field) => {
      const write = planTable(table, field);
      return (source: Source) => {
        const found = read(source, table);
        return found ? write(found) : 'null';
      };
    },
  });
  return Object.fromEntries([...tables.keys()].map((table) => [table, stepOf(table)]));
}

/** A figure of a table, and the text between it and the one before. */
interface Piece {
  readonly before: string;
  /** The place of a box that is a count, which is most of them; -1 for what takes more to write. */
  readonly at: number;
  readonly write: (written: WrittenFigures) => string;
}

/** Plans how a table is written: what is the same in every answer is put together here, once. */
function planTable(table: string, field: FieldPlan): (written: WrittenFigures) => string {
  const pieces: Piece[] = [];
  let before = '';
  const add = (piece: Pick<Piece, 'at' | 'write'>) => {
    pieces.push({ before, ...piece });
    before = '';
  };
  const rows = membersOf(field);
  before = openingOf(rows);
  for (const row of rows) {
    before += row.opening;
    const rate = rateNamed(table, row.name);
    if (row.name === '__typename') before += typeNameOf(row);
    else if (rate) add({ at: -1, write: rateWriter(rate) });
    else {
      const columns = membersOf(row);
      before += openingOf(columns);
      for (const column of columns) {
        before += column.opening;
        if (column.name === '__typename') before += typeNameOf(column);
        else add(pieceOf(boxesOf(table, row.name, column.name)));
      }
      before += '}';
    }
  }
  const end = `${before}}`;
  return (written) => {
    const { figures } = written;
    let text = '';
    for (const { before: constant, at, write } of pieces) {
      text += constant;
      text += at < 0 ? write(written) : (figures[at] ?? 'null');
    }
    return text + end;
  };
}

function membersOf({ value }: FieldPlan): readonly FieldPlan[] {
  return value.kind === 'object' ? value.object.fields : [];
}

/** The bracket of an object of which nothing is asked; any other begins with that of its first member. */
function openingOf(members: readonly FieldPlan[]): string {
  return members.length === 0 ? '{' : '';
}

function typeNameOf({ owner }: FieldPlan): string {
  return JSON.stringify(owner.name);
}

/** A box, or a derived sum of boxes, which is printed as the first of them is. */
function pieceOf(boxes: readonly Cell[]): Pick<Piece, 'at' | 'write'> {
  const [first] = boxes;
  if (!first) throw new Error('a field of a row is a box or a sum of boxes');
  const at = boxes.length === 1 && first.kind !== 'amount' ? first.at : -1;
  return { at, write: ({ figures }) => JSON.stringify(printFigure(first, sumCells(figures, boxes))) };
}

function rateWriter(rate: RateLine): Piece['write'] {
  const index = rateLines.indexOf(rate);
  return ({ rates }) => JSON.stringify(rateOf(rates[index] ?? noRate));
}
