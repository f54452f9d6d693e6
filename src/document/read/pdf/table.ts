/** A table with its characters into rows of cells: which text is in which cell, and what in a cell cannot be trusted. */
import type { SpannedCell, SpannedRow } from '../source/parts.js';
import type { Unread } from '../source/standing.js';
import type { Glyph, Stroke } from './drawing/drawing.js';
import { type Box, holds, sizeOf } from './drawing/geometry.js';
import { type Grid, type GridCell, gridOf } from './grid.js';
import { textOf } from './lines.js';

/** A table as it lies on a page, or one that goes on over pages, put together. */
export interface RuledTable {
  readonly across: readonly Stroke[];
  readonly down: readonly Stroke[];
  readonly box: Box;
  readonly grid: Grid;
  /** Its characters as they were drawn; beside it, those of numbers that run over its edge. */
  readonly glyphs: readonly Glyph[];
  readonly pictures: readonly Box[];
  /** The tables that lie in its cells. */
  readonly nested: readonly Box[];
  /** Where the pages of a table that goes on meet. */
  readonly seams: readonly number[];
}

/** A cell with what is in it. */
export interface FilledCell {
  readonly cell: GridCell;
  readonly text: string;
  readonly unread: Unread | undefined;
}

/** Puts one table under another, which it continues. */
export function continueTable(one: RuledTable, other: RuledTable): RuledTable | undefined {
  const [x, y] = [one.box.left - other.box.left, one.box.bottom - other.box.top];
  const across = [...one.across, ...other.across.map((stroke) => moveStroke(stroke, y, x))];
  const down = [...one.down, ...other.down.map((stroke) => moveStroke(stroke, x, y))];
  const grid = gridOf(across, down);
  if (!grid) return undefined;
  return {
    across,
    down,
    grid,
    box: { ...one.box, bottom: one.box.bottom + sizeOf(other.box).height },
    glyphs: [...one.glyphs, ...other.glyphs.map((glyph) => moveGlyph(glyph, x, y))],
    pictures: [...one.pictures, ...other.pictures.map((box) => moveBox(box, x, y))],
    nested: [...one.nested, ...other.nested.map((box) => moveBox(box, x, y))],
    seams: [...one.seams, one.box.bottom, ...other.seams.map((seam) => seam + y)],
  };
}

/** The cells of a table with their texts. */
export function fillCells({ grid, glyphs, pictures, nested }: RuledTable): FilledCell[] {
  const found = new Map<GridCell, Glyph[]>();
  const overrun = new Set<GridCell>();
  let before: { readonly glyph: Glyph; readonly cell: GridCell | undefined } | undefined;
  for (const glyph of glyphs) {
    const cell = cellOf(grid, glyph);
    const isCut = before !== undefined && before.cell !== cell && followsOn(before.glyph, glyph);
    for (const cut of isCut ? [cell, before?.cell] : []) if (cut) overrun.add(cut);
    before = { glyph, cell };
    if (!cell) continue;
    const own = found.get(cell) ?? [];
    own.push(glyph);
    found.set(cell, own);
    if (isOnBorder(glyph, cell)) overrun.add(cell);
  }
  return grid.cells.map((cell) => {
    const text = textOf(found.get(cell) ?? []);
    return { cell, text, unread: unreadIn(cell, text, { pictures, nested, isOverrun: overrun.has(cell) }) };
  });
}

/** The rows of filled cells. */
export function rowsOf(cells: readonly FilledCell[], count: number): SpannedRow[] {
  const rows: SpannedCell[][] = Array.from({ length: count }, () => []);
  for (const { cell, text, unread } of [...cells].sort((one, other) => one.cell.column - other.cell.column)) {
    rows[cell.row]?.push({ text, rowSpan: cell.rowSpan, columnSpan: cell.columnSpan, unread });
  }
  return rows.map((own) => ({ cells: own }));
}

/** How many pages of a table come after the one that a row begins on. */
export function pagesAfter({ grid, seams }: RuledTable, row: number): number {
  const top = Math.min(...grid.cells.filter((cell) => cell.row === row).map(({ box }) => box.top));
  return seams.filter((seam) => seam > top + maxSeam).length;
}

/** How far the first line of a page may lie above the place where pages meet, in points. */
const maxSeam = 3;

function cellOf(grid: Grid, { box }: Glyph): GridCell | undefined {
  return grid.cellAt((box.left + box.right) / 2, (box.top + box.bottom) / 2);
}

/** A character is on a border when so much of it is on the other side. */
const maxBeyond = 0.3;

function isOnBorder({ box, text, turns }: Glyph, { box: cell }: GridCell): boolean {
  if (!/\d/.test(text) || turns % 2 === 1) return false;
  const beyond = Math.max(cell.left - box.left, box.right - cell.right);
  return beyond > (box.right - box.left) * maxBeyond;
}

/** Tests whether a digit follows another character at once, as within one number. */
export function followsOn(one: Glyph, other: Glyph): boolean {
  if (!/[\d.,]/.test(one.text) || !/[\d.,]/.test(other.text) || one.turns !== 0 || other.turns !== 0) return false;
  const room = other.box.left - one.box.right;
  return Math.abs(one.base - other.base) < 0.5 && room > -0.5 * other.size && room < 0.08 * other.size;
}

function unreadIn(
  { box }: GridCell,
  text: string,
  { pictures, nested, isOverrun }: Pick<RuledTable, 'pictures' | 'nested'> & { readonly isOverrun: boolean },
): Unread | undefined {
  const { width, height } = sizeOf(box);
  const isInside = pictures.some((picture) => {
    const size = sizeOf(picture);
    const [x, y] = [(picture.left + picture.right) / 2, (picture.top + picture.bottom) / 2];
    return holds(box, x, y) && size.width <= width * 1.1 && size.height <= height * 1.1;
  });
  if (isInside) return { kind: 'picture' };
  if (nested.some(({ left, right, top, bottom }) => holds(box, (left + right) / 2, (top + bottom) / 2)))
    return { kind: 'table' };
  return isOverrun && /\d/.test(text) ? { kind: 'overrun' } : undefined;
}

function moveStroke(stroke: Stroke, across: number, along: number): Stroke {
  return { ...stroke, at: stroke.at + across, from: stroke.from + along, to: stroke.to + along };
}

function moveBox({ left, top, right, bottom }: Box, x: number, y: number): Box {
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}

function moveGlyph(glyph: Glyph, x: number, y: number): Glyph {
  return { ...glyph, box: moveBox(glyph.box, x, y), base: glyph.base + (glyph.turns % 2 === 0 ? y : x) };
}
