/** A page into its tables and its lines of text, from top to bottom. */
import type { Drawing, Glyph, Stroke } from './drawing/drawing.js';
import { type Box, holds, sizeOf } from './drawing/geometry.js';
import { type Grid, gridOf } from './grid.js';
import { type Line, linesOf } from './lines.js';
import { groupRulings, joinStrokes } from './rulings.js';
import { followsOn, type RuledTable } from './table.js';
import { levelDrawing } from './turn.js';

/** One thing on a page. */
export type Block =
  | { readonly kind: 'table'; readonly table: RuledTable }
  | { readonly kind: 'line'; readonly line: Line };

/** A page in reading order. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly blocks: readonly Block[];
  /** Pictures that are in no table. */
  readonly pictures: readonly Box[];
  readonly paths: number;
}

/** Finds what is on a page. */
export function readPage(drawing: Drawing): Page {
  const level = levelDrawing(drawing);
  const { width, height, paths } = level;
  const lines = joinStrokes(level.across);
  const strikes = lines.filter((line) => isStrike(line, level.glyphs));
  const glyphs = level.glyphs.filter((glyph) => !strikes.some((line) => strikesOut(line, glyph)));
  const across = lines.filter((line) => !strikes.includes(line));
  const groups = groupRulings(across, joinStrokes(level.down));
  const tables = withoutFrames(
    groups.flatMap((group) => {
      const grid = gridOf(group.across, group.down);
      return grid ? [{ ...group, grid, seams: [] }] : [];
    }),
  );
  const inTables = tables.map((): Glyph[] => []);
  const free: Glyph[] = [];
  let before: { readonly glyph: Glyph; readonly at: number } | undefined;
  for (const glyph of glyphs) {
    const at = tables.findIndex(({ box }) => holds(box, ...centreOf(glyph.box)));
    (inTables[at] ?? free).push(glyph);
    if (before && before.at !== at && followsOn(before.glyph, glyph)) {
      inTables[before.at]?.push(glyph);
      inTables[at]?.splice(-1, 0, before.glyph);
    }
    before = { glyph, at };
  }
  const blocks: Block[] = tables.map((table, index) => {
    const pictures = level.pictures.filter((box) => holds(table.box, ...centreOf(box)));
    return { kind: 'table', table: { ...table, glyphs: inTables[index] ?? [], pictures } };
  });
  for (const line of linesOf(free)) blocks.push({ kind: 'line', line });
  const pictures = level.pictures.filter((box) => !tables.some((table) => holds(table.box, ...centreOf(box))));
  return { width, height, blocks: blocks.sort((one, other) => topOf(one) - topOf(other)), pictures, paths };
}

/** A table with a table of so many cells in it is the frame of a page, and no table. */
const minFramed = 8;

/** Tables, the smaller ones first, each with the boxes of those within it. */
function withoutFrames<Table extends { readonly box: Box; readonly grid: Grid }>(tables: readonly Table[]) {
  const within = (outer: Table) =>
    tables.filter(
      (one) => one !== outer && areaOf(one.box) < areaOf(outer.box) && holds(outer.box, ...centreOf(one.box)),
    );
  return tables
    .filter((table) => within(table).every(({ grid }) => grid.cells.length < minFramed))
    .map((table) => ({ ...table, nested: within(table).map(({ box }) => box) }))
    .sort((one, other) => areaOf(one.box) - areaOf(other.box));
}

function topOf(block: Block): number {
  return block.kind === 'table' ? block.table.box.top : block.line.box.bottom - block.line.size;
}

function areaOf(box: Box): number {
  const { width, height } = sizeOf(box);
  return width * height;
}

function centreOf({ left, right, top, bottom }: Box): [x: number, y: number] {
  return [(left + right) / 2, (top + bottom) / 2];
}

/** A line through the middle of characters strikes them out when they fill so much of it. */
const minStruck = 0.6;
/** Where the middle of a character is, above its base line, in its size. */
const [lowest, highest] = [0.15, 0.55];

function isStrike(line: Stroke, glyphs: readonly Glyph[]): boolean {
  const struck = glyphs.filter((glyph) => strikesOut(line, glyph));
  const length = struck.reduce((sum, { box }) => sum + box.right - box.left, 0);
  return struck.length > 0 && length >= (line.to - line.from) * minStruck;
}

function strikesOut({ at, from, to }: Stroke, { box, base, size, turns }: Glyph): boolean {
  const x = (box.left + box.right) / 2;
  const above = (base - at) / size;
  return turns === 0 && x >= from && x <= to && above >= lowest && above <= highest;
}
