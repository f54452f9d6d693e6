/** Lines of text into runs: characters without room between them, which the columns of a page without ruling lines keep whole. */
import { fold, headingOf } from '../source/text.js';
import type { Glyph } from './drawing/drawing.js';
import { median } from './drawing/geometry.js';
import type { Line } from './lines.js';

/** A line with the page it is on, which counts from 0. */
export interface PagedLine {
  readonly line: Line;
  readonly page: number;
}

/** Characters without room between them; `base` counts down through all pages. */
export interface Run {
  readonly text: string;
  readonly glyphs: readonly Glyph[];
  readonly left: number;
  readonly right: number;
  readonly base: number;
  readonly size: number;
  /** The line that it is on, by its place among the lines looked at. */
  readonly line: number;
  /** Counted from 0. */
  readonly page: number;
}

/** Two cells have more room between them, in the size of the characters; two characters of one have less. */
const minRoom = 0.25;
/** How far below a page the next one is: more than a page is high, so that nothing is near to both. */
const betweenPages = 20_000;

/** The runs of lines. */
export function runsOf(lines: readonly PagedLine[]): Run[] {
  return lines.flatMap(({ line, page }, index) => {
    const runs: Glyph[][] = [];
    for (const glyph of line.words.flatMap(({ glyphs }) => glyphs)) {
      const before = runs.at(-1)?.at(-1);
      const room = before ? glyph.box.left - before.box.right : 0;
      if (before && room < minRoom * Math.min(before.size, glyph.size)) runs.at(-1)?.push(glyph);
      else runs.push([glyph]);
    }
    return runs.map((glyphs) => runOf(glyphs, page, index));
  });
}

function runOf(glyphs: readonly Glyph[], page: number, line: number): Run {
  return {
    text: glyphs.map(({ text }) => text).join(''),
    glyphs,
    left: Math.min(...glyphs.map(({ box }) => box.left)),
    right: Math.max(...glyphs.map(({ box }) => box.right)),
    base: page * betweenPages + median(glyphs.map(({ base }) => base)),
    size: median(glyphs.map(({ size }) => size)),
    line,
    page,
  };
}

/** Runs in reading order, line by line. */
function inReadingOrder(runs: readonly Run[]): Run[] {
  return runsByBase(runs).flatMap((own) => [...own].sort((one, other) => one.left - other.left));
}

/** Runs on one base line together, from top to bottom. */
export function runsByBase(runs: readonly Run[]): Run[][] {
  const rows: Run[][] = [];
  for (const run of [...runs].sort((one, other) => one.base - other.base)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && run.base - first.base <= 0.3 * run.size) row.push(run);
    else rows.push([run]);
  }
  return rows;
}

/** The words of runs that are one heading. */
export function wordsOfRuns(runs: readonly Run[]): string {
  return headingOf(fold(textOfRuns(runs))).words;
}

/** The text of runs of one cell. */
export function textOfRuns(runs: readonly Run[]): string {
  return inReadingOrder(runs)
    .map(({ text }) => text)
    .join('');
}
