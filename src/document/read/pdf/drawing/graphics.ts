/** The state in which operators draw (ISO 32000, 8.4): where, in which colour, within what, and with which font. */
import { type Box, type Matrix, mapBox, multiply, overlap, unchanged } from './geometry.js';
import type { PdfFont } from './library.js';

/** The graphics state with the text state in it. */
export interface Graphics {
  readonly matrix: Matrix;
  /** `#rrggbb`; null for a pattern or no colour. */
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly fillAlpha: number;
  readonly strokeAlpha: number;
  /** What is painted is mixed with what is below, as a text marker does. */
  readonly mixes: boolean;
  /** A picture that follows has a mask of its own: what is under it can be seen. */
  readonly isMasked: boolean;
  readonly lineWidth: number;
  readonly clip: Box;
  readonly font: PdfFont | null;
  readonly fontSize: number;
  readonly characterSpacing: number;
  readonly wordSpacing: number;
  /** 1 where letters have their own width. */
  readonly stretch: number;
  readonly leading: number;
  readonly rise: number;
  /** 0 filled, 1 stroked, 2 both, 3 not at all; 4 more: it becomes the clip too. */
  readonly mode: number;
  readonly textMatrix: Matrix;
  readonly lineMatrix: Matrix;
}

/** The state at the beginning of a page that is mapped to the screen by `matrix`. */
export function initialGraphics(matrix: Matrix, clip: Box): Graphics {
  return {
    matrix,
    clip,
    fill: '#000000',
    stroke: '#000000',
    fillAlpha: 1,
    strokeAlpha: 1,
    mixes: false,
    isMasked: false,
    lineWidth: 1,
    font: null,
    fontSize: 0,
    characterSpacing: 0,
    wordSpacing: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    mode: 0,
    textMatrix: unchanged,
    lineMatrix: unchanged,
  };
}

/** The state within a clip, given as a box of the state's own coordinates. */
export function clipTo(state: Graphics, box: Box): Graphics {
  return { ...state, clip: overlap(state.clip, mapBox(state.matrix, box)) };
}

/** The state at the beginning of a line of text, so far from that of the line before. */
export function moveLine(state: Graphics, x: number, y: number): Graphics {
  const lineMatrix = multiply(state.lineMatrix, [1, 0, 0, 1, x, y]);
  return { ...state, lineMatrix, textMatrix: lineMatrix };
}

/** Tests whether two colours look the same; nothing is known of what has none. */
export function looksLike(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  return channels.every((at) => Math.abs(channelOf(one, at) - channelOf(other, at)) <= maxDifference);
}

const channels = [1, 3, 5] as const;
const maxDifference = 24;

function channelOf(colour: string, at: number): number {
  return Number.parseInt(colour.slice(at, at + 2), 16);
}
