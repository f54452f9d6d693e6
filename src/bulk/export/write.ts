/** Pages of rows -> the bytes of a file, written as they come: CSV, NDJSON, a workbook, Parquet. */
import { csvText, harmlessText } from '../../csv.js';
import { numberIfExact } from '../../form/amount.js';
import { chineseFirst } from '../../words.js';
import { maxCellLength } from '../../xlsx.js';
import { dictionarySheet } from '../headings.js';
import { textTooLong, writeTableText } from '../table-text.js';
import type { ColumnHead, Field } from './columns.js';
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

/**
 * Writes CSV (RFC 4180, UTF-8, with a byte order mark or without): a header line, then a line a row. An empty
 * field is null; `true` and `false` are words.
 */
export async function* writeCsv(
  { columns, rows }: ExportTable,
  walk: Walk,
  { headings, start }: { readonly headings: TableHeadings; readonly start: 'bom' | 'plain' },
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${start === 'bom' ? '\ufeff' : ''}${csvText([headingsOf(columns, headings)])}`);
  const words = placesOf(columns, 'string');
  for await (const page of rows(walk)) {
    if (page.length > 0) yield Buffer.from(csvText(page.map((row) => harmlessRow(row, words))));
  }
}

function placesOf(columns: readonly ColumnHead[], type: ColumnHead['type']): readonly number[] {
  return columns.flatMap((column, index) => (column.type === type ? [index] : []));
}

function harmlessRow(row: readonly Field[], words: readonly number[]): readonly Field[] {
  const fields = [...row];
  for (const index of words) {
    const field = fields[index];
    if (typeof field === 'string') fields[index] = harmlessText(writeTableText(field));
  }
  return fields;
}

/** Writes NDJSON: one object a line, in UTF-8. */
export async function* writeLines(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<Uint8Array> {
  for await (const items of pages) {
    if (items.length > 0) yield Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  }
}

/**
 * Writes a workbook: a sheet of the rows, and a sheet that says what its columns are. An amount of more than fifteen
 * digits is text, so that it stays exact; a text too long for a cell is left out, and the cell says so.
 */
export function writeWorkbook(
  name: string,
  table: ExportTable,
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

async function* sheetRows({ columns, rows }: ExportTable, walk: Walk, heads: string[]): AsyncGenerator<Field[]> {
  const amounts = placesOf(columns, 'number');
  const words = placesOf(columns, 'string');
  yield heads;
  for await (const page of rows(walk)) {
    for (const row of page) {
      const fields = [...row];
      for (const index of words) fields[index] = wordsInCell(fields[index] ?? null);
      for (const index of amounts) fields[index] = numberOf(fields[index] ?? null);
      yield fields;
    }
  }
}

function wordsInCell(words: Field): Field {
  if (typeof words !== 'string') return words;
  return words.length > maxCellLength ? textTooLong : writeTableText(words);
}

function numberOf(amount: Field): Field {
  return typeof amount === 'string' ? numberIfExact(amount) : amount;
}

/** Writes Parquet: each column with a type of its own, and text as it is, since a null is no empty text. */
export function writeParquet(table: ExportTable, walk: Walk, headings: TableHeadings): AsyncGenerator<Uint8Array> {
  return writeColumns(table, walk, headingsOf(table.columns, headings));
}
