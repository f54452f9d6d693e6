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
  const { before, after } = frameOf(form);
  let text = '';
  for (const { cell, opening, zero } of before) {
    const figure = figures[cell.at] ?? null;
    // Nine in ten.
    text += figure === 0 ? zero : opening + writeFigure(cell, figure);
  }
  return text + after;
}

function writeFigure(cell: Cell, figure: number | null): string {
  const printed = printFigure(cell, figure);
  return typeof printed === 'string' ? `"${printed}"` : String(printed);
}

/** What stands before each cell's figure in that text, and after the last. */
interface Frame {
  readonly before: readonly { readonly cell: Cell; readonly opening: string; readonly zero: string }[];
  readonly after: string;
}

/** Kept: 9 µs for a form's text, which takes 46 by way of the objects. */
const frames = new Map<Form, Frame>();

function frameOf(form: Form): Frame {
  const known = frames.get(form);
  if (known) return known;
  const parts = JSON.stringify(nest(form.cells, () => 0)).split(':0');
  const before = form.cells.map((cell, index) => {
    const opening = `${parts[index]}:`;
    return { cell, opening, zero: opening + writeFigure(cell, 0) };
  });
  const frame = { before, after: parts.at(-1) ?? '' };
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
