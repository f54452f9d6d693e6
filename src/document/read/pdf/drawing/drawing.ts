/** What a page shows: its characters, its lines, what is painted over them, and its pictures. */
import type { Box } from './geometry.js';

/** One character as it stands on the page. */
export interface Glyph {
  /** As Unicode; U+FFFD where the file does not say which character it is. */
  readonly text: string;
  /** From the foot of the character's body to its head, along its line. */
  readonly box: Box;
  /** The height of its font on the page, in points. */
  readonly size: number;
  /** The quarter turns, clockwise, by which its line is turned: 0 is read from left to right. */
  readonly turns: Turns;
  /** The place of its base line across the line: y for a line that is not turned. */
  readonly base: number;
}

/** Quarter turns clockwise. */
export type Turns = 0 | 1 | 2 | 3;

/** A straight line along an axis, as a page draws one: `at` across it, from `from` to `to` along it. */
export interface Stroke {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly thickness: number;
}

/** A page as it is shown. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly glyphs: readonly Glyph[];
  /** Strokes from left to right, and from top to bottom, as they were drawn. */
  readonly across: readonly Stroke[];
  readonly down: readonly Stroke[];
  readonly pictures: readonly Box[];
  /** How many paths are painted, of whatever kind: a page that paints many has lines to find. */
  readonly paths: number;
  /** How many characters are there that nobody sees. */
  readonly unseen: number;
}
