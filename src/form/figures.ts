/** Lists of figures, and figures as a filing nests them and as the form prints them. */
import { printFigure } from './check.js';
import { allCells, type Cell, cellOf, type Figures, type Form, type SumFigures } from './forms.js';

const blankFigures: Figures = allCells.map(() => null);

/** A list with every box blank, to be filled in. */
export function makeBlankFigures(): (number | null)[] {
  return [...blankFigures];
}

const zeroFigures = new Map<Form, Figures>();

/** A list with every box of a form zero, to be filled in. */
export function makeZeroFigures(form: Form): (number | null)[] {
  const known = zeroFigures.get(form);
  if (known) return [...known];
  const figures = makeBlankFigures();
  for (const { at } of form.cells) figures[at] = 0;
  zeroFigures.set(form, figures);
  return [...figures];
}

/** Figures by the addresses of their cells, as a person states a few of them. */
export type NamedFigures = Readonly<Record<string, number | null>>;

/** The list of figures that are named; the others are as in `others`, or blank. */
export function figuresFrom(named: NamedFigures, others?: Figures): Figures {
  const figures = others ? [...others] : makeBlankFigures();
  for (const [key, value] of Object.entries(named)) figures[cellOf(key).at] = value;
  return figures;
}

/** Figures nested as they are printed, table, row, column: counts as numbers, amounts as decimals, blanks null. */
export interface PrintedFigures {
  [table: string]: { [row: string]: { [column: string]: number | string | null } };
}

/** Nests the figures of some cells the way a filing does. */
export function printFigures(cells: readonly Cell[], figures: SumFigures): PrintedFigures {
  return nest(cells, (cell) => printFigure(cell, figures[cell.at] ?? null));
}

/** The JSON text of all of a form's figures as `printFigures` nests them, without making the objects. */
export function writeFigures(form: Form, figures: Figures): string {
  const { zeros, boxes } = frameOf(form);
  let text = '';
  let from = 0;
  for (const { cell, start, end } of boxes) {
    const figure = figures[cell.at] ?? null;
    // Nine in ten, which are written already.
    if (figure === 0) continue;
    text += zeros.slice(from, start) + writeFigure(cell, figure);
    from = end;
  }
  return text + zeros.slice(from);
}

function writeFigure(cell: Cell, figure: number | null): string {
  const printed = printFigure(cell, figure);
  return typeof printed === 'string' ? `"${printed}"` : String(printed);
}

/** That text of a form on which every figure is zero, and where in it each stands. */
interface Frame {
  readonly zeros: string;
  readonly boxes: readonly { readonly cell: Cell; readonly start: number; readonly end: number }[];
}

/** Kept: a form's text takes 2 µs by it, and 46 by way of the objects. */
const frames = new Map<Form, Frame>();

function frameOf(form: Form): Frame {
  const known = frames.get(form);
  if (known) return known;
  const parts = JSON.stringify(nest(form.cells, () => 0)).split(':0');
  let zeros = '';
  const boxes = form.cells.map((cell, index) => {
    zeros += `${parts[index]}:`;
    const start = zeros.length;
    zeros += writeFigure(cell, 0);
    return { cell, start, end: zeros.length };
  });
  const frame = { zeros: zeros + (parts.at(-1) ?? ''), boxes };
  frames.set(form, frame);
  return frame;
}

/** Nests anything that is known of each cell the way a filing nests its figures. */
export function nest<T>(
  cells: readonly Cell[],
  of: (cell: Cell) => T,
): { [table: string]: { [row: string]: { [column: string]: T } } } {
  const tables: { [table: string]: { [row: string]: { [column: string]: T } } } = {};
  for (const cell of cells) {
    let table = tables[cell.table];
    if (!table) {
      table = {};
      tables[cell.table] = table;
    }
    let row = table[cell.row];
    if (!row) {
      row = {};
      table[cell.row] = row;
    }
    row[cell.column] = of(cell);
  }
  return tables;
}
