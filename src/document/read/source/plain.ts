/**
 * Plain text and Markdown into pieces. A table is printed in one of four ways: one cell a line, cells between pipes,
 * cells between tabs, or pipes on lines of their own with a cell between two of them.
 */
import { collectParts, type Parts, type PartsBuilder, partsLimits, type SpannedRow, tooManyPieces } from './parts.js';
import { fold, wordsOf } from './text.js';

/** Splits a decoded text into parts. Lines keep the numbers they have in the text. */
export function readPlain(text: string): Parts {
  const parts = collectParts();
  const lines = text.split(/\r\n|[\r\n\f\v\u2028\u2029]/).map(withoutMarks);
  if (isPipedStream(lines)) addPipedStream(parts, lines);
  else addLines(parts, lines);
  return parts.finish(null);
}

/** A text with fewer lines that have a single pipe, at their edge, has no table printed in the fourth way. */
const minLonePipes = 12;

/** Whether each cell has lines of its own, between lines with a single pipe or after a pipe that begins its line. */
function isPipedStream(lines: readonly string[]): boolean {
  const piped = lines.map((line) => line.trim()).filter((line) => line.includes('|'));
  const lone = piped.filter((line) => /^\|[^|]*$|^[^|]*\|$/.test(line)).length;
  return lone >= minLonePipes && lone * 2 > piped.length;
}

/** The text of a blank piece; an empty line is a separator and no cell. */
const blankCell = '\u3000';

interface TableLine {
  readonly text: string;
  readonly line: number;
}

function addLines(parts: PartsBuilder, lines: readonly string[]): void {
  let table: TableLine[] = [];
  const flush = (): void => {
    if (table.length > 0) parts.addTable(rowsOf(table));
    table = [];
  };
  lines.forEach((text, index) => {
    if (isTableLine(text)) table.push({ text, line: index + 1 });
    else {
      flush();
      parts.addLine(text, { line: index + 1 });
    }
  });
  flush();
}

/** A pipe at the edge is a border if every line has one; otherwise it marks an empty cell. */
function rowsOf(table: readonly TableLine[]): SpannedRow[] {
  const piped = table.map(({ text }) => text.trim()).filter((text) => text.includes('|'));
  const first = piped.every((text) => text.startsWith('|')) ? 1 : 0;
  const last = piped.every((text) => text.endsWith('|')) ? -1 : undefined;
  return table.flatMap(({ text, line }) => {
    const cells = text.includes('|') ? text.trim().split('|').slice(first, last) : text.split('\t');
    if (cells.every((cell) => /^\s*:?-{2,}:?\s*$/.test(cell))) return [];
    return [{ cells: cells.map((cell) => ({ text: cell, rowSpan: 1, columnSpan: 1 })), line }];
  });
}

/** Whether a line is a row of a table: cells between pipes, or at least two between tabs. */
function isTableLine(line: string): boolean {
  if (line.includes('|')) return !isSentence(line);
  return line.split('\t').filter((cell) => cell.trim() !== '').length > 1;
}

function isSentence(line: string): boolean {
  return line.includes('。') && line.split('|').length < 3;
}

/** The lines between two pipes; none of them is a blank cell. `line` is the line of the pipe before it. */
interface StreamCell {
  readonly line: number;
  readonly lines: TableLine[];
}

/** Between two pipes is one cell, of one or several lines; two pipes with nothing between them are a blank cell. */
function addPipedStream(parts: PartsBuilder, lines: readonly string[]): void {
  const cells = streamOf(lines);
  const closed = closesRows(cells);
  cells.forEach((cell, index) => {
    if (closed && endsRow(cells, index)) return;
    const [first = { text: blankCell, line: cell.line }, ...rest] = cell.lines;
    for (const { text, line } of [first, ...rest]) parts.addLine(text, { line });
  });
}

function streamOf(lines: readonly string[]): StreamCell[] {
  const cells: StreamCell[] = [];
  lines.forEach((line, index) => {
    line.split('|').forEach((text, part) => {
      if (cells.length > partsLimits.pieces) throw tooManyPieces();
      if (part > 0) cells.push({ line: index + 1, lines: [] });
      if (text.trim() === '') return;
      if (cells.length === 0) cells.push({ line: index + 1, lines: [] });
      cells.at(-1)?.lines.push({ text, line: index + 1 });
    });
  });
  return cells;
}

/**
 * Whether every row ends with a pipe and the next begins with another, so that the gap between these two is no cell.
 * Then nearly every number has a gap before the next heading, except in the last rows of the tables.
 */
function closesRows(cells: readonly StreamCell[]): boolean {
  const filled = cells.flatMap((cell, index) => (cell.lines.length > 0 ? [{ cell, index }] : []));
  const turns = filled.slice(1).flatMap(({ cell, index }, at) => {
    const before = filled[at];
    return before && isNumber(before.cell) && !isNumber(cell) ? [index - before.index] : [];
  });
  const apart = turns.filter((distance) => distance > 1).length;
  // Rows that leave their last box blank are never so many: the rows of table two have a number there.
  return apart >= minLonePipes && (turns.length - apart) * 4 <= apart;
}

/** The gap after a row: the last blank cell between a number and a heading, or between a head and its numbers. */
function endsRow(cells: readonly StreamCell[], index: number): boolean {
  const next = cells[index + 1];
  if (cells[index]?.lines.length !== 0 || !next || next.lines.length === 0) return false;
  let before = index;
  while (cells[before]?.lines.length === 0) before -= 1;
  const last = cells[before];
  return last !== undefined && (isNumber(next) ? isLastOfHead(last) : isNumber(last));
}

/** 总计 ends every head whose numbers are in the row below. */
function isLastOfHead({ lines }: StreamCell): boolean {
  return (
    wordsOf(
      fold(
        lines
          .map(({ text }) => text.slice(0, 40))
          .join('')
          .slice(0, 80),
      ),
    ) === '总计'
  );
}

/** A number, or a stroke instead of one; "1.属于国家秘密" is a heading. */
function isNumber({ lines: [first] }: StreamCell): boolean {
  const text = fold((first?.text ?? '').slice(0, 40)).trim();
  return /^[-–—―−/]{1,4}$/.test(text) || (/^[+\-−]?\s?\d/.test(text) && !/^\d{1,2}\s?[.、)]\s?\p{L}/u.test(text));
}

/** A line without Markdown's emphasis and headings, and without the two pieces of HTML that plain tables have. */
function withoutMarks(line: string): string {
  return line
    .replace(/^\s{0,3}#{1,6}\s+/, '')
    .replaceAll('**', '')
    .replace(/<br\s{0,3}\/?>/gi, ' ')
    .replaceAll('&nbsp;', '\u00a0');
}
