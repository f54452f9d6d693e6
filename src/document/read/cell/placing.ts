/**
 * Which box of a row belongs to which cell. Three ways are compared: the number of boxes, the columns in the head of the
 * table, and the positions in other rows of the same table. If they give no single answer, the equations of the row
 * decide when only one way fits them; otherwise the row is not read.
 */

import type { BoxRow, RowBox } from './box-rows.js';
import type { Columns } from './columns.js';
import type { Printed } from './printed-value.js';
import { chooseValues, splitDigits } from './solve.js';

/** A box assigned to a cell; several cells share a box whose digits are printed without spaces. */
export interface Placed {
  readonly box: RowBox;
  readonly printed: Printed | null;
}

/** How the boxes of a row were assigned to its cells. */
export type Placing =
  | {
      readonly kind: 'placed';
      readonly boxes: readonly Placed[];
      readonly how: 'plain' | 'columns-disagree' | 'chosen-by-equations' | 'split-by-equations';
    }
  /** Digits printed without spaces that can be split in several ways. */
  | { readonly kind: 'several'; readonly ways: readonly (readonly Placed[])[] }
  | { readonly kind: 'unknown' };

/** A row with its cells. */
export interface Planned {
  readonly row: BoxRow;
  readonly columns: Columns;
}

/** The positions of the boxes in full rows, by table and number of cells. */
export type Pattern = ReadonlyMap<string, readonly number[]>;

/**
 * Learns the positions of the boxes from the full rows, for the rows with empty boxes. In a table all full rows must
 * agree; in text the most frequent positions count.
 */
export function learnPattern(plans: readonly Planned[]): Pattern {
  const votes = new Map<string, Map<string, number>>();
  for (const { row, columns } of plans) {
    const filled = row.boxes.filter(isFilled);
    if (filled.length !== columns.keys.length) continue;
    for (const from of origins) {
      const group = groupOf(row, columns, from);
      const places = filled.map((box) => offsetOf(row, box, from)).join();
      const counts = votes.get(group) ?? new Map<string, number>();
      votes.set(group, counts.set(places, (counts.get(places) ?? 0) + 1));
    }
  }
  const pattern = new Map<string, readonly number[]>();
  for (const [group, counts] of votes) {
    const [best, next] = [...counts].sort((one, other) => other[1] - one[1]);
    if (best && (!next || group.startsWith(textGroup))) pattern.set(group, best[0].split(',').map(Number));
  }
  return pattern;
}

/** Assigns the boxes of a row to its cells. `layout`: whether empty lines are only between rows, or between all lines. */
export function placeBoxes(plan: Planned, pattern: Pattern, layout: 'tight' | 'spaced'): Placing {
  const { row, columns } = plan;
  const boxes = withinRow(row, columns.keys.length, layout);
  // A single number after an empty line, where other numbers follow their headings directly, may be a page number.
  if (layout === 'tight' && columns.keys.length === 1 && boxes[0]?.afterGap) return { kind: 'unknown' };
  const learnt = origins.map((from) => placesIn(pattern, row, columns, from));
  const shown = byColumns(row, columns);
  // A remark beside the columns of the form is no box of the row.
  if (shown && row.boxes.some((box) => box.kind === 'words' && !shown.includes(box))) return placed(shown, 'plain');
  const ways = [shown, byCount(row, boxes, columns), ...learnt.map((find) => byPattern(boxes, columns, find))];
  const found = ways.flatMap((way) => (way ? [way] : []));
  const [first, ...others] = distinct(found);
  if (first && others.length === 0) return placed(first, 'plain');
  if (first) {
    const balanced = [first, ...others].filter((way) => columns.sums.length > 0 && holds(way, columns));
    return balanced.length === 1 && balanced[0] ? placed(balanced[0], 'columns-disagree') : { kind: 'unknown' };
  }
  return byEquations(boxes, columns);
}

function placed(boxes: readonly RowBox[], how: 'plain' | 'columns-disagree' | 'chosen-by-equations'): Placing {
  return { kind: 'placed', how, boxes: boxes.map((box) => ({ box, printed: printedIn(box) })) };
}

function printedIn(box: RowBox): Printed | null {
  return box.kind === 'box' ? box.printed : null;
}

function isFilled(box: RowBox): boolean {
  return box.kind === 'words' || box.printed.kind !== 'blank';
}

/** A full row ends at the end of its line, or at the first empty line if empty lines are only between rows. */
function withinRow(row: BoxRow, count: number, layout: 'tight' | 'spaced'): readonly RowBox[] {
  const gap = row.boxes.findIndex((box, index) => index > 0 && box.afterGap);
  const own = row.boxes.filter(({ line, position }) => position === null && line === row.heading.line);
  if (own.length === count) return own;
  return layout === 'tight' && gap === count ? row.boxes.slice(0, count) : row.boxes;
}

function byColumns(row: BoxRow, columns: Columns): RowBox[] | undefined {
  const { at, table } = columns;
  if (!at || row.boxes[0]?.position?.table !== table) return undefined;
  const found = at.map((column) =>
    row.boxes.find(({ position }) => position && position.column <= column && column < position.column + position.span),
  );
  const numbers = row.boxes.filter((box) => box.kind === 'box');
  return usesAll(found, numbers) ? found : undefined;
}

function byCount(row: BoxRow, boxes: readonly RowBox[], columns: Columns): readonly RowBox[] | undefined {
  const count = columns.keys.length;
  if (boxes.length === count && goesOverLines(row, boxes) && !(columns.sums.length > 0 && holds(boxes, columns)))
    return undefined;
  if (boxes.length === count) return boxes;
  const filled = boxes.filter(isFilled);
  // A row with only blank boxes is blank whichever of them are its own.
  if (filled.length === 0 && boxes.length > count) return boxes.slice(0, count);
  // Words may replace a number or be beside the row, so the number of boxes does not show which are blank.
  if (filled.length !== count || filled.some((box) => box.kind === 'words')) return undefined;
  const inTable = row.boxes[0]?.position !== null;
  if (inTable || (columns.sums.length > 0 && holds(filled, columns))) return filled;
  if (isPadded(boxes, count)) return filled;
  // In text, empty boxes after a full row may belong to it, and one of its numbers may be a page number.
  const trailing = boxes.slice(0, count).every(isFilled);
  return trailing && columns.sums.length > 0 ? filled : undefined;
}

/** Whether the boxes after a full row are empty pipes on the line of its last one: the rest of a merged cell. */
function isPadded(boxes: readonly RowBox[], count: number): boolean {
  const last = boxes[count - 1]?.line;
  return (
    boxes.slice(0, count).every(isFilled) && boxes.slice(count).every((box) => !isFilled(box) && box.line === last)
  );
}

/** Whether some boxes are on the line of their heading and some on others: one of those may be a page number. */
function goesOverLines(row: BoxRow, boxes: readonly RowBox[]): boolean {
  const own = boxes.filter(({ line, position }) => position === null && line === row.heading.line);
  return own.length > 0 && own.length < boxes.length;
}

/** Finds a row's box by its position in the pattern; undefined if no pattern was learnt. */
type Finder = { readonly places: readonly number[]; at(place: number): RowBox | undefined } | undefined;

function placesIn(pattern: Pattern, row: BoxRow, columns: Columns, from: Origin): Finder {
  const places = pattern.get(groupOf(row, columns, from));
  if (!places) return undefined;
  const byOffset = new Map(row.boxes.map((box) => [offsetOf(row, box, from), box]));
  return { places, at: (place) => byOffset.get(place) };
}

function byPattern(boxes: readonly RowBox[], columns: Columns, finder: Finder): RowBox[] | undefined {
  if (!finder || boxes.filter(isFilled).length === columns.keys.length) return undefined;
  const found = finder.places.map((place) => finder.at(place));
  return usesAll(found, boxes) ? found : undefined;
}

/** Whether every cell has a box, no box is used twice, and no number is left over. */
function usesAll(found: readonly (RowBox | undefined)[], boxes: readonly RowBox[]): found is RowBox[] {
  const used = new Set(found);
  return !used.has(undefined) && used.size === found.length && boxes.every((box) => !isFilled(box) || used.has(box));
}

function byEquations(boxes: readonly RowBox[], columns: Columns): Placing {
  const count = columns.keys.length;
  const [only, ...rest] = boxes.filter(isFilled);
  if (only && rest.length === 0 && count > 1) return splitBox(only, columns);
  const kept = boxes.every((box) => box.kind === 'box')
    ? chooseValues(boxes.map(numberIn), count, columns.sums)
    : undefined;
  if (!kept) return { kind: 'unknown' };
  return placed(
    kept.flatMap((index) => boxes[index] ?? []),
    'chosen-by-equations',
  );
}

function splitBox(box: RowBox, columns: Columns): Placing {
  const printed = printedIn(box);
  if (printed?.kind !== 'number' || !/^\d+$/.test(printed.digits) || columns.sums.length === 0)
    return { kind: 'unknown' };
  const splits = splitDigits(printed.digits, columns.keys.length, columns.sums, maxWays) ?? [];
  const ways = splits.map((numbers) =>
    numbers.map((number) => ({ box, printed: { ...printed, digits: String(number) } })),
  );
  const [first, ...others] = ways;
  if (!first || ways.length >= maxWays) return { kind: 'unknown' };
  return others.length === 0 ? { kind: 'placed', how: 'split-by-equations', boxes: first } : { kind: 'several', ways };
}

const maxWays = 60;

function holds(boxes: readonly RowBox[], columns: Columns): boolean {
  const values = boxes.map(numberIn);
  return columns.sums.every(
    ({ parts, total }) => parts.reduce((sum, part) => sum + (values[part] ?? 0), 0) === (values[total] ?? 0),
  );
}

function numberIn(box: RowBox): number | null {
  const printed = printedIn(box);
  return printed?.kind === 'number' ? Number(printed.digits) * printed.sign : null;
}

function distinct(ways: readonly (readonly RowBox[])[]): (readonly RowBox[])[] {
  const kept: (readonly RowBox[])[] = [];
  for (const way of ways) {
    if (!kept.some((other) => other.every((box, index) => sameBox(box, way[index])))) kept.push(way);
  }
  return kept;
}

/** Whether two boxes are the same, or both blank. */
function sameBox(one: RowBox, other: RowBox | undefined): boolean {
  return one === other || (!isFilled(one) && other !== undefined && !isFilled(other));
}

/** Positions are counted from the heading of the row, from the first column of the table, or back from the end of the row. */
type Origin = 'heading' | 'table' | 'end';

const origins: readonly Origin[] = ['heading', 'table', 'end'];
const textGroup = 'text:';

/** The group of rows with the same layout: in one table of the document, or in its text, with the same number of cells. */
function groupOf(row: BoxRow, columns: Columns, from: Origin): string {
  const table = row.boxes[0]?.position?.table;
  return `${table === undefined ? textGroup : `${table}:`}${columns.keys.length}:${from}`;
}

function offsetOf(row: BoxRow, box: RowBox, from: Origin): number {
  if (!box.position) return row.boxes.indexOf(box);
  if (from === 'table') return box.position.column;
  const other = from === 'heading' ? row.heading.position : row.boxes.at(-1)?.position;
  return box.position.column - (other?.column ?? 0);
}
