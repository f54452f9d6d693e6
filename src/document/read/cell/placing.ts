/**
 * Which box of a row belongs to which cell. Counting the boxes, the columns that the head of the table shows
 * and the places that other rows of the same table use are asked together; where they cannot tell, the
 * equations of the row decide if they leave one way, and else nobody does.
 */

import type { BoxRow, RowBox } from './box-rows.js';
import type { Columns } from './columns.js';
import type { Printed } from './printed-value.js';
import { chooseValues, splitDigits } from './solve.js';

/** One box put to one cell; several cells share a box whose digits ran together. */
export interface Placed {
  readonly box: RowBox;
  readonly printed: Printed | null;
}

/** How the boxes of a row were put to its cells. */
export type Placing =
  | {
      readonly kind: 'placed';
      readonly boxes: readonly Placed[];
      readonly how: 'plain' | 'columns-disagree' | 'chosen-by-equations' | 'split-by-equations';
    }
  /** Digits that ran together and can be split in several ways. */
  | { readonly kind: 'several'; readonly ways: readonly (readonly Placed[])[] }
  | { readonly kind: 'unknown' };

/** A row with its cells. */
export interface Planned {
  readonly row: BoxRow;
  readonly columns: Columns;
}

/** Places of the boxes in full rows of the same table, by the number of cells. */
export type Pattern = ReadonlyMap<string, readonly number[]>;

/**
 * Learns from the full rows where in a row the boxes stand, so that rows with empty boxes can be told. In a table all full rows must agree; in text most of them.
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

/** Puts the boxes of a row to its cells. `layout` says whether empty lines separate rows or stand everywhere. */
export function placeBoxes(plan: Planned, pattern: Pattern, layout: 'tight' | 'spaced'): Placing {
  const { row, columns } = plan;
  const boxes = withinRow(row, columns.keys.length, layout);
  // A lone number apart from its heading, where others follow theirs closely, may be a page number after a blank.
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

/** A full row ends with the line it is printed on, and in a layout with rows set apart at the first empty line. */
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
  // A row that is blank from end to end is blank however it is counted.
  if (filled.length === 0 && boxes.length > count) return boxes.slice(0, count);
  // Words among them may stand for a number or beside the row, so that counting leaves open which boxes are blank.
  if (filled.length !== count || filled.some((box) => box.kind === 'words')) return undefined;
  const inTable = row.boxes[0]?.position !== null;
  if (inTable || (columns.sums.length > 0 && holds(filled, columns))) return filled;
  // In a text, empty boxes behind a full row may be its own, and one of its numbers that of a page.
  const trailing = boxes.slice(0, count).every(isFilled);
  return trailing && columns.sums.length > 0 ? filled : undefined;
}

/** Where the boxes follow their heading on its own line, one on another line may be a page number. */
function goesOverLines(row: BoxRow, boxes: readonly RowBox[]): boolean {
  const own = boxes.filter(({ line, position }) => position === null && line === row.heading.line);
  return own.length > 0 && own.length < boxes.length;
}

/** Finds a row's box by its place in the pattern; undefined where nothing was learnt. */
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

/** A box for every cell, none twice, and no number left over. */
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

/** The same box, or two that say the same. */
function sameBox(one: RowBox, other: RowBox | undefined): boolean {
  return one === other || (!isFilled(one) && other !== undefined && !isFilled(other));
}

/** Places are counted from the heading of the row, from the first column of the table or back from the row's end. */
type Origin = 'heading' | 'table' | 'end';

const origins: readonly Origin[] = ['heading', 'table', 'end'];
const textGroup = 'text:';

/** Rows that are printed alike: in one table of the document, or in its text, with as many cells. */
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
