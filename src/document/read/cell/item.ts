/** The items of a document, from which its rows are made: headings, boxes, words and gaps in reading order. */
import type { Heading } from '../heading/headings.js';
import type { Position } from '../source/parts.js';
import type { Unread } from '../source/standing.js';
import type { Printed } from './printed-value.js';

/** Where an item is printed, and its text as printed. */
interface Printing {
  readonly line: number;
  readonly position: Position | null;
  readonly text: string;
}

/** A box with a number, nothing or a stroke in it. */
export interface Box extends Printing {
  readonly kind: 'box';
  readonly printed: Printed;
}

/** Words that are neither a heading nor a box; in a table row they may be an unreadable box. */
export interface Words extends Printing {
  readonly kind: 'words';
  /** What the cell holds beside text. */
  readonly unread?: Unread;
}

/** An empty line between pieces: a separator and no box. */
interface Gap extends Printing {
  readonly kind: 'gap';
}

/** One thing in reading order. */
export type Item = Heading | Box | Words | Gap;
