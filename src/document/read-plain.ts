/**
 * Plain text and Markdown into pieces. Four ways to print a table are told apart line by line: a cell a line,
 * cells between pipes, cells between tabs, and pipes alone on their lines with a cell between two of them.
 */
import { collectParts, type Parts, type PartsBuilder, type SpannedRow } from './grid.js';

/** Takes a decoded text apart. Lines keep the number they have in the text. */
export function readPlain(text: string): Parts {
  const sheet = collectParts();
  const lines = text.split(/\r\n|[\r\n\f\v\u2028\u2029]/).map(withoutMarks);
  if (lines.filter((line) => line.trim() === '|').length >= fewestLonePipes) addPipedStream(sheet, lines);
  else addLines(sheet, lines);
  return sheet.finish(null);
}

/** Fewer pipes alone on a line are no table printed that way. */
const fewestLonePipes = 12;

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

/** Between two pipes stands one cell, over as many lines as it takes; nothing between them is a blank cell. */
function addPipedStream(sheet: PartsBuilder, lines: readonly string[]): void {
  let afterPipe = false;
  lines.forEach((line, index) => {
    line.split('|').forEach((text, part) => {
      if (part > 0) {
        if (afterPipe) sheet.addLine(blankCell, index + 1);
        afterPipe = true;
      }
      if (text.trim() === '') return;
      sheet.addLine(text, index + 1);
      afterPipe = false;
    });
  });
}

/** Markdown's emphasis and headings, and the two pieces of HTML that stand in plain tables. */
function withoutMarks(line: string): string {
  return line
    .replace(/^\s{0,3}#{1,6}\s+/, '')
    .replaceAll('**', '')
    .replace(/<br\s{0,3}\/?>/gi, ' ')
    .replaceAll('&nbsp;', '\u00a0');
}
