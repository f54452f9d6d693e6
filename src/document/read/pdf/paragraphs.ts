/** Lines of text into paragraphs: a full line goes on in the next, which is not indented. */
import { findSection } from '../heading/headings.js';
import { type Box, median } from './drawing/geometry.js';
import type { Line } from './lines.js';

/** How the text of a document is set: its edges, and the size of most of its lines. */
export interface Setting {
  readonly left: number;
  readonly right: number;
  readonly size: number;
}

/** The setting of a document by its lines, and by its tables, which are as wide as its text. */
export function settingOf(lines: readonly Line[], tables: readonly Box[]): Setting {
  const boxes = [...lines.map(({ box }) => box), ...tables];
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    size: median(lines.map(({ size }) => size)),
  };
}

/** A paragraph with the page that it begins on. */
export interface Paragraph {
  readonly text: string;
  readonly page: number;
}

/** The paragraphs of lines between two tables, by their pages. Columns of text are read one after the other. */
export function paragraphsOf(pages: ReadonlyMap<number, readonly Line[]>, whole: Setting): Paragraph[] {
  const columns = [...pages].flatMap(([page, lines]) => splitColumns(lines, whole).map((own) => ({ ...own, page })));
  const paragraphs: Paragraph[] = [];
  let before: { readonly line: Line; readonly right: number } | undefined;
  for (const { lines, left, right, page } of columns) {
    for (const line of lines) {
      const isJoined =
        before &&
        isFull(before.line, before.right) &&
        (!isIndented(line, left) || isTitle(line, whole)) &&
        goesOn(before.line, line);
      const open = isJoined ? paragraphs.pop() : undefined;
      paragraphs.push(open ? { ...open, text: joinText(open.text, line.text) } : { text: line.text, page });
      before = { line, right };
    }
  }
  return paragraphs;
}

/** Lines with the edges of the column that they stand in. */
interface Column {
  readonly lines: readonly Line[];
  readonly left: number;
  readonly right: number;
}

function edgesOf(lines: readonly Line[]): Omit<Column, 'lines'> {
  return {
    left: Math.min(...lines.map(({ box }) => box.left)),
    right: Math.max(...lines.map(({ box }) => box.right)),
  };
}

function goesOn(one: Line, other: Line): boolean {
  return !isRow(one) && !isRow(other) && isLike(one, other) && findSection(other.text) === undefined;
}

/** A title is larger than the text, and its lines are in the middle. */
function isTitle({ size }: Line, text: Setting): boolean {
  return size > text.size * 1.25;
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

/** The lines of one page in reading order: where they stand in two columns, the left one goes before the right one. */
function splitColumns(lines: readonly Line[], { left, right }: Setting): Column[] {
  const pieces = lines.map(piecesOf);
  const gap = gapIn(pieces);
  const columns: Column[] = [];
  let at = 0;
  while (at < lines.length) {
    const isOpen = (index: number) => gap !== undefined && !(pieces[index] ?? []).some((piece) => crosses(piece, gap));
    const from = at;
    const inColumns = isOpen(at);
    while (at < lines.length && isOpen(at) === inColumns) at += 1;
    const own = pieces.slice(from, at).flat();
    const sides = [own.filter(({ box }) => box.left < (gap ?? 0)), own.filter(({ box }) => box.left >= (gap ?? 0))];
    if (inColumns && sides.every(isText)) columns.push(...sides.map((side) => ({ lines: side, ...edgesOf(side) })));
    else columns.push({ lines: lines.slice(from, at), left, right });
  }
  return columns;
}

function crosses({ box }: Line, x: number): boolean {
  return box.left < x && box.right > x;
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

/** The middle of the gap that most lines have in common; undefined where too few have any. */
function gapIn(lines: readonly (readonly Line[])[]): number | undefined {
  const gaps = lines.flatMap((pieces) =>
    pieces.slice(1).map(({ box }, index) => [pieces[index]?.box.right ?? 0, box.left] as const),
  );
  let best: { readonly x: number; readonly count: number } | undefined;
  for (const [from, to] of gaps) {
    const x = (from + to) / 2;
    const count = gaps.filter(([left, right]) => left < x && x < right).length;
    if (!best || count > best.count) best = { x, count };
  }
  return best && best.count >= minColumnLines ? best.x : undefined;
}

function isText(pieces: readonly Line[]): boolean {
  return pieces.length >= minColumnLines && median(pieces.map(({ text }) => text.length)) >= minColumnText;
}
