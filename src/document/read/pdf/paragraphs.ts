/** Lines of text into paragraphs: a full line goes on in the next, which is not indented. */
import { type Box, median } from './drawing/geometry.js';
import type { Line } from './lines.js';

/** Lines between two tables or over pages, as paragraphs. Columns of text are read one after the other. */
export function paragraphsOf(lines: readonly Line[]): string[] {
  const left = Math.min(...lines.map(({ box }) => box.left));
  const right = Math.max(...lines.map(({ box }) => box.right));
  const paragraphs: string[] = [];
  let before: Line | undefined;
  for (const line of lines) {
    const goesOn =
      before &&
      isFull(before, right) &&
      !isRow(before) &&
      !isRow(line) &&
      !isIndented(line, left) &&
      isLike(before, line);
    if (goesOn) paragraphs.push(joinText(paragraphs.pop() ?? '', line.text));
    else paragraphs.push(line.text);
    before = line;
  }
  return paragraphs;
}

/** A line with numbers far from each other is a row of a table without lines. */
function isRow({ text }: Line): boolean {
  return /\d {2}|^[\d.]+$/.test(text);
}

function isFull({ box, size }: Line, right: number): boolean {
  return box.right >= right - 1.6 * size;
}

function isIndented({ box, size }: Line, left: number): boolean {
  return box.left > left + 1.2 * size;
}

function isLike(one: Line, other: Line): boolean {
  return Math.abs(one.size - other.size) <= 0.12 * one.size;
}

const latinEnd = /[a-z,;]$/i;

function joinText(one: string, other: string): string {
  return latinEnd.test(one) && /^[a-z]/i.test(other) ? `${one} ${other}` : one + other;
}

/** The least number of lines on each side of the gap between two columns of text, and characters in a line of them. */
const [minColumnLines, minColumnText] = [4, 6];

/**
 * The lines of a page in reading order, where they stand in two columns: a gap that no line crosses, with lines of text on
 * both sides. Undefined where there is none.
 */
export function splitColumns(lines: readonly Line[]): readonly (readonly Line[])[] | undefined {
  const pieces = lines.flatMap(piecesOf);
  const gap = gapIn(pieces);
  if (gap === undefined) return undefined;
  const left = pieces.filter(({ box }) => box.right <= gap);
  const right = pieces.filter(({ box }) => box.left >= gap);
  return [left, right];
}

/** The pieces of a line with much room between them. */
function piecesOf(line: Line): Line[] {
  const pieces: Line['words'][number][][] = [];
  for (const word of line.words) {
    const last = pieces.at(-1);
    const before = last?.at(-1);
    if (last && before && word.box.left - before.box.right < 1.4 * line.size) last.push(word);
    else pieces.push([word]);
  }
  return pieces.map((words) => ({
    ...line,
    words,
    text: words.map(({ text }) => text).join(' '),
    box: boxAroundAll(words.map(({ box }) => box)),
  }));
}

function boxAroundAll(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/** The middle of a gap that no piece crosses, with enough lines of text on both sides. */
function gapIn(pieces: readonly Line[]): number | undefined {
  const byLeft = [...pieces].sort((one, other) => one.box.left - other.box.left);
  let reached = Number.NEGATIVE_INFINITY;
  for (const { box, size } of byLeft) {
    if (box.left - reached > size && reached > Number.NEGATIVE_INFINITY) {
      const gap = (box.left + reached) / 2;
      if (
        isText(pieces.filter((piece) => piece.box.right <= gap)) &&
        isText(pieces.filter((piece) => piece.box.left >= gap))
      )
        return gap;
    }
    reached = Math.max(reached, box.right);
  }
  return undefined;
}

function isText(pieces: readonly Line[]): boolean {
  return pieces.length >= minColumnLines && median(pieces.map(({ text }) => text.length)) >= minColumnText;
}
