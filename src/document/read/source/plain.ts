/**
 * Plain text and Markdown into pieces. Four ways to print a table are told apart line by line: a cell a line,
 * cells between pipes, cells between tabs, and pipes alone on their lines with a cell between two of them.
 */
import { collectParts, type Parts, type PartsBuilder, partsLimits, type SpannedRow, tooManyPieces } from './parts.js';
import { fold, wordsOf } from './text.js';

/** Takes a decoded text apart. Lines keep the number they have in the text. */
export function readPlain(text: string): Parts {
  const sheet = collectParts();
  const lines = text.split(/\r\n|[\r\n\f\v\u2028\u2029]/).map(withoutMarks);
  if (isPipedStream(lines)) addPipedStream(sheet, lines);
  else addLines(sheet, lines);
  return sheet.finish(null);
}

/** Fewer lines with a pipe at their edge and no other are no table printed that way. */
const minLonePipes = 12;

/** Whether the cells stand a line each, between pipes alone on their lines or behind a pipe that begins theirs. */
function isPipedStream(lines: readonly string[]): boolean {
  const piped = lines.map((line) => line.trim()).filter((line) => line.includes('|'));
  const lone = piped.filter((line) => /^\|[^|]*$|^[^|]*\|$/.test(line)).length;
  return lone >= minLonePipes && lone * 2 > piped.length;
}

/** What a blank piece is written as; a line that is merely empty separates and is no cell. */
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
      parts.addLine(text, index + 1);
    }
  });
  flush();
}

/** A pipe at the edge is a border where every line has one, else it sets off an empty cell. */
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

/** What stands between two pipes: nothing is a blank cell. `line` is that of the pipe before it. */
interface StreamCell {
  readonly line: number;
  readonly lines: TableLine[];
}

/** Between two pipes stands one cell, over as many lines as it takes; nothing between them is a blank cell. */
function addPipedStream(parts: PartsBuilder, lines: readonly string[]): void {
  const cells = streamOf(lines);
  const closed = closesRows(cells);
  cells.forEach((cell, index) => {
    if (closed && endsRow(cells, index)) return;
    const [first = { text: blankCell, line: cell.line }, ...rest] = cell.lines;
    for (const { text, line } of [first, ...rest]) parts.addLine(text, line);
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
 * Whether every row ends with a pipe and the next begins with another, so that the nothing between them is no cell:
 * then it stands between nearly every number and the heading after it, but for the last rows of the tables.
 */
function closesRows(cells: readonly StreamCell[]): boolean {
  const filled = cells.flatMap((cell, index) => (cell.lines.length > 0 ? [{ cell, index }] : []));
  const turns = filled.slice(1).flatMap(({ cell, index }, at) => {
    const before = filled[at];
    return before && isNumber(before.cell) && !isNumber(cell) ? [index - before.index] : [];
  });
  const apart = turns.filter((distance) => distance > 1).length;
  // Rows that merely leave their last box blank are never so many: those of table two print a number there.
  return apart >= minLonePipes && (turns.length - apart) * 4 <= apart;
}

/** The nothing after a row: the last of the blank cells between a number and a heading, or a head and its numbers. */
function endsRow(cells: readonly StreamCell[], index: number): boolean {
  const next = cells[index + 1];
  if (cells[index]?.lines.length !== 0 || !next || next.lines.length === 0) return false;
  let before = index;
  while (cells[before]?.lines.length === 0) before -= 1;
  const last = cells[before];
  return last !== undefined && (isNumber(next) ? isLastOfHead(last) : isNumber(last));
}

/** 总计 ends every head whose numbers stand in the row below. */
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

/** A number, or a stroke in its place; "1.属于国家秘密" is a heading. */
function isNumber({ lines: [first] }: StreamCell): boolean {
  const text = fold((first?.text ?? '').slice(0, 40)).trim();
  return /^[-–—―−/]{1,4}$/.test(text) || (/^[+\-−]?\s?\d/.test(text) && !/^\d{1,2}\s?[.、)]\s?\p{L}/u.test(text));
}

/** Markdown's emphasis and headings, and the two pieces of HTML that stand in plain tables. */
function withoutMarks(line: string): string {
  return line
    .replace(/^\s{0,3}#{1,6}\s+/, '')
    .replaceAll('**', '')
    .replace(/<br\s{0,3}\/?>/gi, ' ')
    .replaceAll('&nbsp;', '\u00a0');
}
