/** The tables of a Word 97 to 2003 document: rows whose cells are as wide as their edges lie apart, put on one grid. */
import type { SpannedCell, SpannedRow } from '../parts.js';
import type { Unread } from '../standing.js';
import { numberIn, propertyNumbers as p, propertiesOf } from './doc-properties.js';

/** A cell as it was read. */
export interface DocCell {
  text: string;
  unread: Unread | undefined;
}

/** How a cell is merged with those around it. */
interface CellShape {
  /** `part`: of the cell before it. */
  readonly across: 'own' | 'part';
  /** `part`: of the cell above it. */
  down: 'own' | 'part';
}

/** The cells of a row by their edges, in twentieths of a point. */
export interface RowShape {
  readonly edges: readonly number[];
  readonly cells: readonly CellShape[];
}

/** A row as it was read; its shape is null where it is not known for sure. */
export interface DocRow {
  readonly cells: readonly DocCell[];
  readonly shape: RowShape | null;
}

/** The shape that the properties of a row state; null for none, or one that is changed in ways that leave it open. */
export function rowShape(list: Buffer): RowShape | null {
  let shape: RowShape | null = null;
  for (const property of propertiesOf(list)) {
    const { number, value } = property;
    if (number === p.tableShape) shape = readShape(value);
    else if (number === p.insertCells || number === p.deleteCells || number === p.columnWidth) shape = null;
    else if (number === p.mergeCells && shape) shape = mergeAcross(shape, value.readUInt8(0), value.readUInt8(1));
    else if (number === p.mergeDown && shape && value.length >= 2) {
      const cell = shape.cells[value.readUInt8(0)];
      if (cell) cell.down = value.readUInt8(1) === 1 ? 'part' : 'own';
    }
  }
  return shape;
}

/** Cells have 20 bytes each, of which the first two say how they are merged; of a cell that is left out nothing is said. */
function readShape(value: Buffer): RowShape | null {
  const count = value[0] ?? 0;
  const cellsAt = 1 + (count + 1) * 2;
  if (count === 0 || value.length < cellsAt) return null;
  const edges = Array.from({ length: count + 1 }, (_, index) => value.readInt16LE(1 + index * 2));
  const flags = Array.from({ length: count }, (_, index) => {
    const at = cellsAt + index * 20;
    return at + 2 <= value.length ? value.readUInt16LE(at) : 0;
  });
  return { edges, cells: flags.map((flag, index) => ({ across: acrossOf(flags, index), down: downOf(flag) })) };
}

function downOf(flag: number): CellShape['down'] {
  return ((flag >> 5) & 3) === 1 ? 'part' : 'own';
}

/** The first of cells that are merged across has a mark that the others have not; which one, descriptions disagree on. */
function acrossOf(flags: readonly number[], index: number): CellShape['across'] {
  const markOf = (at: number) => (flags[at] ?? 0) & 3;
  if (markOf(index) === 0) return 'own';
  let first = index;
  while (first > 0 && markOf(first - 1) !== 0) first -= 1;
  return markOf(index) === markOf(first) ? 'own' : 'part';
}

function mergeAcross(shape: RowShape, first: number, end: number): RowShape {
  const cells = shape.cells.map(
    (cell, index): CellShape => (index > first && index < end ? { ...cell, across: 'part' } : cell),
  );
  return { ...shape, cells };
}

/** Edges that lie no further apart than this, a millimetre, are one: rows are dragged by hand. */
const sameEdge = 57;

/** The rows of a table with the spans of their cells; a row whose shape is open has cells of one column each. */
export function spannedRows(rows: readonly DocRow[]): SpannedRow[] {
  const columns = columnsOf(rows.flatMap(({ shape }) => shape?.edges ?? []));
  return rows.map(({ cells, shape }) => ({
    cells: shape ? cellsOnGrid(cells, shape, columns) : cells.map((cell) => spanned(cell, 1)),
  }));
}

/** The edges of all rows from left to right, those that are one taken together. */
function columnsOf(edges: readonly number[]): number[] {
  const columns: number[] = [];
  for (const edge of [...new Set(edges)].sort((one, other) => one - other)) {
    const last = columns.at(-1);
    if (last === undefined || edge - last > sameEdge) columns.push(edge);
  }
  return columns;
}

function cellsOnGrid(
  cells: readonly DocCell[],
  { edges, cells: shapes }: RowShape,
  columns: readonly number[],
): SpannedCell[] {
  const columnOf = (edge: number | undefined) => {
    const place = columns.findIndex((start) => start + sameEdge >= (edge ?? 0));
    return place < 0 ? columns.length : place;
  };
  const start = columnOf(edges[0]);
  const placed: SpannedCell[] = start > 0 ? [{ text: '', rowSpan: 1, columnSpan: start, continues: true }] : [];
  cells.forEach((cell, index) => {
    const shape = shapes[index];
    const columnSpan = Math.max(1, columnOf(edges[index + 1]) - columnOf(edges[index]));
    const before = placed.at(-1);
    if (shape?.across === 'part' && before) {
      const text = [before.text, cell.text].filter((part) => part.trim() !== '').join('\n');
      placed[placed.length - 1] = {
        ...before,
        text,
        columnSpan: before.columnSpan + columnSpan,
        unread: before.unread ?? cell.unread,
      };
    } else if (shape?.down === 'part') placed.push({ text: '', rowSpan: 1, columnSpan, continues: true });
    else placed.push(spanned(cell, columnSpan));
  });
  return placed;
}

function spanned({ text, unread }: DocCell, columnSpan: number): SpannedCell {
  return { text: text.trim(), rowSpan: 1, columnSpan, unread };
}

/** How a paragraph lies in tables. */
export interface ParagraphPlace {
  /** 0 outside of tables, 1 in one, more in one within another. */
  readonly depth: number;
  readonly endsRow: boolean;
  readonly endsInnerCell: boolean;
  readonly endsInnerRow: boolean;
}

/** How deep in tables the properties of a paragraph say it lies, and what ends with it. */
export function paragraphPlace(list: Buffer): ParagraphPlace {
  let place = { inTable: false, depth: 0, endsRow: false, endsInnerCell: false, endsInnerRow: false };
  for (const property of propertiesOf(list)) {
    const value = numberIn(property);
    if (property.number === p.inTable) place = { ...place, inTable: value !== 0 };
    else if (property.number === p.endsRow) place = { ...place, endsRow: value !== 0 };
    else if (property.number === p.depth) place = { ...place, depth: Math.min(value, 40) };
    else if (property.number === p.innerCell) place = { ...place, endsInnerCell: value !== 0 };
    else if (property.number === p.innerRow) place = { ...place, endsInnerRow: value !== 0 };
  }
  const { inTable, depth, ...ends } = place;
  return { ...ends, depth: inTable ? Math.max(1, depth) : depth };
}
