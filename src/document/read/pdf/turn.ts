/** A page turned so that most of its text is read from left to right, whichever way the file holds it. */
import type { Drawing, Glyph, Stroke, Turns } from './drawing/drawing.js';
import type { Box } from './drawing/geometry.js';

/** Turns a page by the direction of most of its characters. */
export function levelDrawing(drawing: Drawing): Drawing {
  const counts = [0, 0, 0, 0];
  for (const { turns } of drawing.glyphs) counts[turns] = (counts[turns] ?? 0) + 1;
  let level = drawing;
  for (let turns = counts.indexOf(Math.max(...counts)); turns > 0; turns -= 1) level = turnBack(level);
  return level;
}

/** A quarter turn counterclockwise: what was read downward is read to the right. */
function turnBack(drawing: Drawing): Drawing {
  const { width, height, glyphs, across, down, pictures } = drawing;
  const turnBox = ({ left, top, right, bottom }: Box): Box => ({
    left: top,
    right: bottom,
    top: width - right,
    bottom: width - left,
  });
  const turnGlyph = (glyph: Glyph): Glyph => ({
    ...glyph,
    box: turnBox(glyph.box),
    turns: turnsBefore[glyph.turns],
    // The base line of a text that runs along x is a y, and becomes an x; that of one along y the reverse.
    base: glyph.turns % 2 === 0 ? glyph.base : width - glyph.base,
  });
  return {
    ...drawing,
    width: height,
    height: width,
    glyphs: glyphs.map(turnGlyph),
    across: down.map((stroke) => ({ ...stroke, at: width - stroke.at })),
    down: across.map((stroke): Stroke => ({ ...stroke, from: width - stroke.to, to: width - stroke.from })),
    pictures: pictures.map(turnBox),
  };
}

const turnsBefore: Readonly<Record<Turns, Turns>> = { 0: 3, 1: 0, 2: 1, 3: 2 };
