/** Pages of rows -> the bytes of a file, written as they come: CSV, NDJSON, a workbook. */
import { writeXlsxStream } from 'hucre/xlsx';
import { csvText, harmlessText } from '../../csv.js';
import type { Column, Field } from './columns.js';

type Pages<Item> = AsyncIterable<readonly Item[]>;
type Heads = readonly Pick<Column<never>, 'name' | 'type'>[];

/**
 * Writes CSV (RFC 4180, UTF-8, with a byte order mark or without): a header line, then a line a row. An empty
 * field is null; `true` and `false` are words.
 */
export async function* writeCsv(
  columns: Heads,
  pages: Pages<readonly Field[]>,
  start: 'bom' | 'plain',
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${start === 'bom' ? '\ufeff' : ''}${csvText([columns.map((column) => column.name)])}`);
  const words = columns.flatMap((column, index) => (column.type === 'string' ? [index] : []));
  for await (const rows of pages) {
    if (rows.length > 0) yield Buffer.from(csvText(rows.map((row) => harmlessRow(row, words))));
  }
}

function harmlessRow(row: readonly Field[], words: readonly number[]): readonly Field[] {
  const fields = [...row];
  for (const index of words) {
    const field = fields[index];
    if (typeof field === 'string') fields[index] = harmlessText(field);
  }
  return fields;
}

/** Writes NDJSON: one object a line, in UTF-8. */
export async function* writeLines(pages: Pages<unknown>): AsyncGenerator<Uint8Array> {
  for await (const items of pages) {
    if (items.length > 0) yield Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  }
}

/** A cell of a workbook holds no longer text; the text put in its place is no JSON, so that an import refuses it. */
const maxCellLength = 32_767;
const tooLong = '过长，Excel 单元格容纳不下，请用 NDJSON 或 CSV 导出。 Too long for a cell: export as NDJSON or CSV.';

/** Excel keeps fifteen digits of a number. */
const digitsKept = 15;

/**
 * Writes a workbook of one sheet, a frozen header over its rows, as it is read: neither the rows nor the file are
 * ever held. Text is text and no formula; an amount of more than fifteen digits is text too, so that it stays exact.
 */
export async function* writeWorkbook(
  name: string,
  columns: Heads,
  pages: Pages<readonly Field[]>,
): AsyncGenerator<Uint8Array> {
  const amounts = columns.flatMap((column, index) => (column.type === 'number' ? [index] : []));
  const heads = columns.map((column) => ({ header: column.name, width: Math.min(24, column.name.length + 2) }));
  const frozen = { rows: 1, columns: 2 };
  yield* writeXlsxStream(sheetRows(pages, amounts), { name, columns: heads, freezePane: frozen });
}

async function* sheetRows(pages: Pages<readonly Field[]>, amounts: readonly number[]): AsyncGenerator<Field[]> {
  for await (const rows of pages) {
    for (const row of rows) {
      const fields = row.map((field) => (typeof field === 'string' && field.length > maxCellLength ? tooLong : field));
      for (const index of amounts) fields[index] = numberOf(fields[index] ?? null);
      yield fields;
    }
  }
}

function numberOf(amount: Field): Field {
  if (typeof amount !== 'string') return amount;
  return amount.replace(/\D/g, '').length <= digitsKept ? Number(amount) : amount;
}
