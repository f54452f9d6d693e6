/** The sheets of an Excel file into tables. Formulas are not run: the value they last gave is read. */

import { readFile, stat } from 'node:fs/promises';
import { type CellStyle, readCellStyles } from '../../../document/read/source/number-formats.js';
import { kindOfCell, openWorkbook, shownLogical, type Workbook } from '../../../document/read/source/workbook.js';
import { openArchive } from '../../../document/read/source/zip.js';
import { Problem } from '../../../problem.js';
import { columnName } from '../../../xlsx.js';
import { isDictionary } from '../../headings.js';
import { isEmptyRow, type MarkedCell, type Table, type TableRow } from './table-row.js';

/** The largest workbook, in bytes; more reports than that go into CSV or NDJSON. */
const maxWorkbookBytes = 30_000_000;

/** More columns than every cell of every form and what a table has beside them. */
const maxColumns = 1_000;

/** Rows that Excel itself can hold. */
const maxRows = 1_048_576;

/**
 * What the rows of a workbook may take in memory, counted in fields: more than a workbook of the largest size fills. A few
 * bytes can name a row with one cell far to the right, and with it all that are left out before.
 */
const maxHeld = 8_000_000;

/** What a row takes beside its fields, and a cell of a special kind beside its text, counted likewise. */
const held = { row: 10, marked: 12 };

/**
 * The visible sheets that have something in them, in the order of their tabs; of each the rows and columns that are
 * shown. The workbook is held in memory, bounded as `openArchive` bounds it. Throws `body-too-large` or
 * `invalid-document`.
 */
export async function workbookTables(path: string): Promise<readonly Table[]> {
  if ((await stat(path)).size > maxWorkbookBytes) {
    throw tooLarge(`A workbook may have ${maxWorkbookBytes / 1_000_000} MB at most; send more as CSV or NDJSON.`);
  }
  const archive = await openArchive(await readFile(path));
  const workbook = await openWorkbook(archive);
  const sheets = workbook.sheets.filter(isData);
  if (sheets.length === 0) throw noSheetShown();
  const styles = await readCellStyles(archive, workbook.styles);
  const tables: Table[] = [];
  const room = { left: maxHeld };
  for (const sheet of sheets) {
    const rows = await sheetRows(workbook, sheet, styles, room);
    if (rows.length > 0) tables.push({ sheet: sheet.name, rows: () => inTurn(rows) });
  }
  return tables;
}

function tooLarge(en: string): Problem {
  return new Problem('body-too-large', { zh: '工作簿过大，请改用 CSV 或 NDJSON。', en });
}

function noSheetShown(): Problem {
  return new Problem('invalid-document', {
    zh: '工作簿中没有可见的数据表：隐藏的工作表和“数据字典”不读。请取消隐藏后重发。',
    en: 'No sheet with data is shown: hidden sheets and the dictionary are not read. Show the sheet and send it again.',
  });
}

type Sheet = Workbook['sheets'][number];

/** Whether a sheet is read: one that is not shown is nobody's report, and an export's dictionary is none. */
function isData({ name, isVisible }: Sheet): boolean {
  return isVisible && !isDictionary(name);
}

async function* inTurn(rows: readonly TableRow[]): AsyncGenerator<TableRow> {
  yield* rows;
}

/** The rows of a sheet; what they take of the room is left in it no more. */
async function sheetRows(
  workbook: Workbook,
  sheet: Sheet,
  styles: readonly CellStyle[],
  room: { left: number },
): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  let fields: string[] = [];
  let marked: MarkedCell[] = [];
  await workbook.read(sheet, {
    cell(row, column, text, stored) {
      if (column < 0 || column >= maxColumns || stored.hidden !== null || styles[stored.style]?.isStruck) return;
      while (fields.length < column) fields.push('');
      const kind = kindOfCell(stored, text, styles);
      fields[column] = kind === 'logical' ? shownLogical(text) : text;
      if (kind) marked.push({ column, address: `${columnName(column)}${row + 1}`, kind });
    },
    endRow(row) {
      // A list that grew has room for more than it holds; its copy has none.
      const found = rowOf(row, fields.slice(), marked);
      if (row >= 0 && row < maxRows && !isEmptyRow(found)) {
        room.left -= held.row + fields.length + held.marked * marked.length;
        if (room.left < 0)
          throw tooLarge('The rows of the workbook are too many or too wide; send them as CSV or NDJSON.');
        rows.push(found);
      }
      [fields, marked] = [[], []];
    },
  });
  return rows;
}

function rowOf(row: number, fields: readonly string[], marked: readonly MarkedCell[]): TableRow {
  const bytes = fields.reduce((sum, field) => sum + field.length, 0);
  return { line: row + 1, fields, ragged: true, bytes, ...(marked.length > 0 && { marked }) };
}
