/**
 * The headings of the rows of a table without ruling lines. A heading of several lines stands beside its numbers with its
 * middle, its first or its last line, in all rows alike, and its words are those of a row of the form.
 */
import { forms } from '../../../form/forms.js';
import { findMeanings } from '../heading/headings.js';
import { fold } from '../source/text.js';
import { type Run, runsByBase, textOfRuns, wordsOfRuns } from './runs.js';

/** A heading of a row, of the runs that are one above the other. */
export interface Label {
  readonly text: string;
  readonly runs: readonly Run[];
}

/** The most lines of one heading; how far from each other they are, and from where they should be, in their size. */
const [maxLines, maxPitch, maxOff] = [10, 2.2, 0.35];

/** More runs than there are beside the rows near to any. */
const maxNear = 200;

/** Which line of a heading its numbers are on. */
const settings = [
  (first: number, last: number) => (first + last) / 2,
  (first: number) => first,
  (_: number, last: number) => last,
] as const;

/** The heading of each row, whose numbers are on a base line; undefined where one is not found, or they are in no order. */
export function findLabels(rows: readonly Run[], runs: readonly Run[], table: string): Label[] | undefined {
  for (const anchor of settings) {
    const labels = rows.flatMap((row) => labelBeside(row, runs, table, anchor) ?? []);
    if (labels.length === rows.length && areApart(labels) && areInOrder(labels, table)) return labels;
  }
  return undefined;
}

function labelBeside(
  row: Run,
  runs: readonly Run[],
  table: string,
  anchor: (first: number, last: number) => number,
): Label | undefined {
  const near = runs.filter(({ base }) => Math.abs(base - row.base) <= maxLines * maxPitch * row.size);
  if (near.length > maxNear) return undefined;
  const edges = [...new Set(near.map(({ left }) => Math.round(left * 2) / 2 - 0.5))].sort((one, other) => one - other);
  let best: Label | undefined;
  for (const edge of edges) {
    const lines = runsByBase(near.filter(({ left }) => left >= edge));
    for (const window of windowsIn(lines, row, anchor)) {
      const own = window.flat();
      if (own.length <= (best?.runs.length ?? 0) || isCutAt(edge, own, near) || !isRow(own, table)) continue;
      best = { text: textOfRuns(own), runs: own };
    }
  }
  return best;
}

/** Lines under each other of which the anchor is at the base line of a row. */
function windowsIn(
  lines: readonly Run[][],
  { base: at, size }: Run,
  anchor: (first: number, last: number) => number,
): Run[][][] {
  const windows: Run[][][] = [];
  for (let from = 0; from < lines.length; from += 1) {
    for (let to = from; to < Math.min(lines.length, from + maxLines); to += 1) {
      if (to > from && baseOf(lines[to]) - baseOf(lines[to - 1]) > maxPitch * size) break;
      if (Math.abs(anchor(baseOf(lines[from]), baseOf(lines[to])) - at) <= maxOff * size)
        windows.push(lines.slice(from, to + 1));
    }
  }
  return windows;
}

function baseOf(line: readonly Run[] | undefined): number {
  return line?.[0]?.base ?? 0;
}

/** Whether other text on the same lines goes on over the left edge of a heading. */
function isCutAt(edge: number, own: readonly Run[], near: readonly Run[]): boolean {
  return near.some(
    ({ left, right, base, size }) =>
      left < edge && right > edge && own.some((one) => Math.abs(one.base - base) <= 0.3 * size),
  );
}

function isRow(runs: readonly Run[], table: string): boolean {
  const folded = fold(textOfRuns(runs));
  return folded.split('(').length === folded.split(')').length && rowsOf(runs, table).length > 0;
}

function rowsOf(runs: readonly Run[], table: string): string[] {
  const meanings = findMeanings(wordsOfRuns(runs)) ?? [];
  return meanings.flatMap((meaning) => (meaning.kind === 'row' && meaning.table === table ? [meaning.key] : []));
}

function areApart(labels: readonly Label[]): boolean {
  const runs = labels.flatMap((label) => label.runs);
  return new Set(runs).size === runs.length;
}

/** The headings of rows that are blank, in all of this text; undefined where some of it is none. */
export function findBlankLabels(runs: readonly Run[], table: string): Label[] | undefined {
  const lines = runsByBase(runs);
  const labels: Label[] = [];
  for (let from = 0; from < lines.length; ) {
    const first = lines[from]?.[0];
    const windows = first ? windowsIn(lines.slice(from), first, (top) => top) : [];
    const label = windows.findLast((window) => window[0] === lines[from] && isRow(window.flat(), table));
    if (!label) return undefined;
    labels.push({ text: textOfRuns(label.flat()), runs: label.flat() });
    from += label.length;
  }
  return labels;
}

/** Whether the rows are in the order of a form. */
export function areInOrder(labels: readonly Label[], table: string): boolean {
  const meant = labels.map(({ runs }) => rowsOf(runs, table));
  return forms.some((form) => {
    const printed: readonly string[] = form.tables.find(({ key }) => key === table)?.rows.map(({ key }) => key) ?? [];
    let at = -1;
    return meant.every((keys) => {
      const next = printed.findIndex((key, index) => index > at && keys.includes(key));
      at = next;
      return next >= 0;
    });
  });
}
