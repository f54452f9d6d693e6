/** Pages of rows -> the bytes of a file, written as they come: CSV, NDJSON, a workbook, Parquet. */
import { csvField, csvText, harmlessText } from '../../csv.js';
import { numberIfExact } from '../../form/amount.js';
import { printFigure } from '../../form/check.js';
import { chineseFirst } from '../../words.js';
import { maxCellLength } from '../../xlsx.js';
import { dictionarySheet } from '../headings.js';
import { textTooLong, writeTableText } from '../table-text.js';
import { type CellColumn, type Column, type ColumnHead, type Field, isCellColumn } from './columns.js';
import { dictionaryHeads, dictionaryRows } from './dictionary.js';
import type { ExportTable, Walk } from './export-source.js';
import { writeColumns } from './parquet.js';
import { writeSheets } from './workbook.js';

/** What stands over the columns: their names, or their headings in Chinese. */
export const tableHeadings = ['names', 'zh'] as const;
export type TableHeadings = (typeof tableHeadings)[number];

function headingsOf(columns: readonly ColumnHead[], headings: TableHeadings): string[] {
  return columns.map(({ name, title }) => (headings === 'zh' ? title.zh : name));
}

/** Characters that are handed on in one go: so many or, at the end, fewer. */
const pieceLength = 64 * 1024;

/**
 * Writes CSV (RFC 4180, UTF-8, with a byte order mark or without): a header line, then a line a row. An empty
 * field is null; `true` and `false` are words.
 */
export async function* writeCsv<Row>(
  { columns, rows }: ExportTable<Row>,
  walk: Walk,
  { headings, start }: { readonly headings: TableHeadings; readonly start: 'bom' | 'plain' },
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${start === 'bom' ? '\ufeff' : ''}${csvText([headingsOf(columns, headings)])}`);
  const writers = partWriters(columns);
  yield* inPieces(rows(walk), (row) => {
    let line = '';
    for (const write of writers) line += `,${write(row)}`;
    return `${line.slice(1)}\r\n`;
  });
}

/** What a row has in a column, or in several that follow each other, as it stands in a line. */
type PartWriter<Row> = (row: Row) => string;

/** A part a column, and one for all cells of one list of figures: nine columns in ten. */
function partWriters<Row>(columns: readonly Column<Row>[]): PartWriter<Row>[] {
  const writers: PartWriter<Row>[] = [];
  for (let at = 0; at < columns.length; ) {
    const run = cellsFrom(columns, at);
    const [first] = run;
    writers.push(...(first ? [figuresWriter(run, first.figuresOf)] : columns.slice(at, at + 1).map(fieldWriter)));
    at += Math.max(1, run.length);
  }
  return writers;
}

/** The columns of cells of one list of figures that follow each other from a place on; none where another stands there. */
function cellsFrom<Row>(columns: readonly Column<Row>[], from: number): CellColumn<Row>[] {
  const run: CellColumn<Row>[] = [];
  for (const column of columns.slice(from)) {
    if (!isCellColumn(column) || (run[0] && run[0].figuresOf !== column.figuresOf)) break;
    run.push(column);
  }
  return run;
}

function figuresWriter<Row>(
  columns: readonly CellColumn<Row>[],
  figuresOf: CellColumn<Row>['figuresOf'],
): PartWriter<Row> {
  const cells = columns.map(({ cell }) => cell);
  return (row) => {
    const figures = figuresOf(row);
    let part = '';
    for (const cell of cells) {
      const figure = figures[cell.at] ?? null;
      // Zero in nine of ten.
      part += figure === 0 ? ',0' : `,${printFigure(cell, figure) ?? ''}`;
    }
    return part.slice(1);
  };
}

/** Only text may hold what is quoted or run. */
function fieldWriter<Row>({ type, read }: Column<Row>): PartWriter<Row> {
  if (type !== 'string') return (row) => String(read(row) ?? '');
  return (row) => {
    const words = read(row);
    return csvField(typeof words === 'string' ? harmlessText(writeTableText(words)) : words);
  };
}

/** Lines, handed on in pieces. */
async function* inPieces<Row>(
  pages: AsyncIterable<readonly Row[]>,
  write: (row: Row) => string,
): AsyncGenerator<Uint8Array> {
  let piece = '';
  for await (const page of pages) {
    for (const row of page) {
      piece += write(row);
      if (piece.length < pieceLength) continue;
      yield Buffer.from(piece);
      piece = '';
    }
  }
  if (piece !== '') yield Buffer.from(piece);
}

/** Writes NDJSON: one object a line, in UTF-8. */
export function writeLines(pages: AsyncIterable<readonly string[]>): AsyncGenerator<Uint8Array> {
  return inPieces(pages, (line) => `${line}\n`);
}

/**
 * Writes a workbook: a sheet of the rows, and a sheet that says what its columns are. An amount of more than fifteen
 * digits is text, so that it stays exact; a text too long for a cell is left out, and the cell says so.
 */
export function writeWorkbook<Row>(
  name: string,
  table: ExportTable<Row>,
  walk: Walk,
  headings: TableHeadings,
): AsyncGenerator<Uint8Array> {
  const { columns, subjects } = table;
  const heads = headingsOf(columns, headings);
  const widths = heads.map((head) => Math.min(24, head.length * (headings === 'zh' ? 2 : 1) + 2));
  return writeSheets([
    { name, widths, frozenColumns: 2, rows: sheetRows(table, walk, heads) },
    {
      name: dictionarySheet,
      widths: dictionaryHeads.map(({ width }) => width),
      frozenColumns: 1,
      rows: [dictionaryHeads.map(chineseFirst), ...dictionaryRows([...columns, ...subjects])],
    },
  ]);
}

async function* sheetRows<Row>(
  { columns, rows }: ExportTable<Row>,
  walk: Walk,
  heads: string[],
): AsyncGenerator<readonly Field[]> {
  const readers = columns.map(cellReader);
  yield heads;
  for await (const page of rows(walk)) for (const row of page) yield readers.map((read) => read(row));
}

/** What a row has in a column, as a cell of a workbook holds it. */
function cellReader<Row>({ type, read }: Column<Row>): (row: Row) => Field {
  if (type === 'string') return (row) => wordsInCell(read(row));
  if (type === 'number') return (row) => numberOf(read(row));
  return read;
}

function wordsInCell(words: Field): Field {
  if (typeof words !== 'string') return words;
  return words.length > maxCellLength ? textTooLong : writeTableText(words);
}

function numberOf(amount: Field): Field {
  return typeof amount === 'string' ? numberIfExact(amount) : amount;
}

/** Writes Parquet: each column with a type of its own, and text as it is, since a null is no empty text. */
export function writeParquet<Row>(
  table: ExportTable<Row>,
  walk: Walk,
  headings: TableHeadings,
): AsyncGenerator<Uint8Array> {
  return writeColumns(table, walk, headingsOf(table.columns, headings));
}
