/** The first sheet of an Excel file into rows. Formulas are not run: the value they last gave is read. */

import { readFile, stat } from 'node:fs/promises';
import { noSheet, openWorkbook } from '../../../document/read/source/workbook.js';
import { openArchive } from '../../../document/read/source/zip.js';
import { Problem } from '../../../problem.js';
import { dataSheets } from '../../headings.js';
import type { TableRow } from './table-row.js';

/** The largest workbook, in bytes; more reports than that go into CSV or NDJSON. */
const maxWorkbookBytes = 30_000_000;

/** More columns than every cell of every form and what a table has beside them. */
const maxColumns = 1_000;

/** Rows that Excel itself can hold. */
const maxRows = 1_048_576;

/**
 * The rows of the first sheet, those without anything in them left out. The workbook is held in memory, bounded
 * as `openArchive` bounds it. Throws `body-too-large` or `invalid-document`.
 */
export async function* workbookRows(path: string): AsyncGenerator<TableRow> {
  if ((await stat(path)).size > maxWorkbookBytes) {
    throw new Problem('body-too-large', {
      zh: '工作簿过大，请改用 CSV 或 NDJSON。',
      en: `A workbook may have ${maxWorkbookBytes / 1_000_000} MB at most; send more as CSV or NDJSON.`,
    });
  }
  const workbook = await openWorkbook(await openArchive(await readFile(path)));
  const [first] = dataSheets(workbook.sheets);
  if (!first) throw noSheet();
  const rows: TableRow[] = [];
  let fields: string[] = [];
  await workbook.read(first, {
    cell(_row, column, text) {
      if (column < 0 || column >= maxColumns) return;
      while (fields.length < column) fields.push('');
      fields[column] = text;
    },
    endRow(row) {
      if (row >= 0 && row < maxRows && fields.some((field) => field.trim() !== '')) rows.push(rowOf(row, fields));
      fields = [];
    },
  });
  yield* rows;
}

function rowOf(row: number, fields: readonly string[]): TableRow {
  return { line: row + 1, fields, ragged: true, bytes: fields.reduce((sum, field) => sum + field.length, 0) };
}
