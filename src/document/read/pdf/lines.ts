/** Characters into words and lines, in the order in which they are read; raised ones are notes. */
import { growText } from '../source/standing.js';
import type { Glyph, Turns } from './drawing/drawing.js';
import { type Box, median } from './drawing/geometry.js';

/** Characters without room between them. */
interface Word {
  readonly text: string;
  readonly glyphs: readonly Glyph[];
  readonly box: Box;
}

/** A line of text. */
export interface Line {
  readonly text: string;
  readonly words: readonly Word[];
  readonly box: Box;
  readonly size: number;
}

/**
 * The room between two words, in the size of the characters: between two of Chinese, of Chinese and anything else, between which
 * programs leave a quarter without any blank, and between others.
 */
const [minHanRoom, minMixedRoom, minRoom] = [0.75, 0.45, 0.22];
/** Characters on one line are so near to its base line, in their size. */
const maxDrift = 0.6;

/** The lines of characters, each direction of writing for itself: that of most characters first. */
export function linesOf(glyphs: readonly Glyph[]): Line[] {
  const byTurns = new Map<Turns, Glyph[]>();
  for (const glyph of glyphs) byTurns.set(glyph.turns, [...(byTurns.get(glyph.turns) ?? []), glyph]);
  const groups = [...byTurns].sort(([, one], [, other]) => other.length - one.length);
  return groups.flatMap(([turns, own]) => levelLines(own, turns));
}

/** The text of characters, a line break between lines. */
export function textOf(glyphs: readonly Glyph[]): string {
  return linesOf(glyphs)
    .map(({ text }) => text)
    .join('\n');
}

/** A character seen along its line: how far it is on the line, and how far down the line is. */
interface Seen {
  readonly glyph: Glyph;
  readonly from: number;
  readonly to: number;
  readonly base: number;
}

function levelLines(glyphs: readonly Glyph[], turns: Turns): Line[] {
  const seen = glyphs.map((glyph) => seenAlong(glyph, turns)).sort((one, other) => one.base - other.base);
  const lines: { base: number; size: number; own: Seen[] }[] = [];
  for (const one of seen) {
    const line = lines.findLast(
      ({ base, size }) => Math.abs(one.base - base) <= maxDrift * Math.max(size, one.glyph.size),
    );
    if (line && sharesLine(line, one)) {
      line.own.push(one);
      if (one.glyph.size > line.size) [line.base, line.size] = [one.base, one.glyph.size];
    } else lines.push({ base: one.base, size: one.glyph.size, own: [one] });
  }
  return lines
    .sort((one, other) => one.base - other.base)
    .map(({ own }) => lineOf(own.sort((one, other) => one.from - other.from)));
}

/** A smaller character is raised or lowered on the line of a larger one; one as large is on it only at its base line. */
function sharesLine({ base, size }: { base: number; size: number }, { glyph, base: own }: Seen): boolean {
  const isSmall = Math.min(size, glyph.size) < Math.max(size, glyph.size) * maxRaisedSize;
  return isSmall || Math.abs(own - base) <= 0.3 * size;
}

const maxRaisedSize = 0.8;

function seenAlong(glyph: Glyph, turns: Turns): Seen {
  const { left, right, top, bottom } = glyph.box;
  if (turns === 0) return { glyph, from: left, to: right, base: glyph.base };
  if (turns === 1) return { glyph, from: top, to: bottom, base: -glyph.base };
  if (turns === 2) return { glyph, from: -right, to: -left, base: -glyph.base };
  return { glyph, from: -bottom, to: -top, base: glyph.base };
}

function lineOf(seen: readonly Seen[]): Line {
  const size = median(seen.map(({ glyph }) => glyph.size));
  const base = median(seen.filter(({ glyph }) => glyph.size >= size * maxRaisedSize).map((one) => one.base));
  const text = growText();
  const words: { glyphs: Glyph[] }[] = [];
  let before: Seen | undefined;
  for (const one of seen) {
    if (before && isSame(before, one)) continue;
    const hasRoom = !before || one.from - before.to > roomBetween(before.glyph, one.glyph);
    if (hasRoom) words.push({ glyphs: [] });
    words.at(-1)?.glyphs.push(one.glyph);
    const isRaised = one.glyph.size < size * maxRaisedSize && Math.abs(one.base - base) > 0.1 * size;
    if (before && hasRoom) text.add(isFar(before, one) ? '  ' : ' ', false);
    text.add(one.glyph.text, isRaised);
    before = one;
  }
  return {
    text: text.take().trim(),
    words: words.map(({ glyphs }) => ({
      glyphs,
      text: glyphs.map(({ text: one }) => one).join(''),
      box: boxOfGlyphs(glyphs),
    })),
    box: boxOfGlyphs(seen.map(({ glyph }) => glyph)),
    size,
  };
}

/** A character that is printed twice at its place, as some printers do for bold text or a shadow. */
function isSame(before: Seen, one: Seen): boolean {
  const { text, size } = one.glyph;
  return before.glyph.text === text && Math.abs(one.from - before.from) < 0.2 * size;
}

const han = /\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u;

function roomBetween(one: Glyph, other: Glyph): number {
  const size = Math.max(one.size, other.size);
  const [isHan, isOtherHan] = [han.test(one.text), han.test(other.text)];
  return (isHan && isOtherHan ? minHanRoom : isHan || isOtherHan ? minMixedRoom : minRoom) * size;
}

/** Numbers so far from each other are two, and not the thousands of one. */
function isFar(before: Seen, { from, glyph }: Seen): boolean {
  return from - before.to > 0.7 * glyph.size;
}

/** The box around characters. */
function boxOfGlyphs(glyphs: readonly Glyph[]): Box {
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const { box } of glyphs) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.right);
    bottom = Math.max(bottom, box.bottom);
  }
  return { left, top, right, bottom };
}
