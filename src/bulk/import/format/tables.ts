/** The tables of a file into items: every heading is read before the first row, so that a wrong one files nothing. */
import { Problem } from '../../../problem.js';
import { columnName } from '../../../xlsx.js';
import type { ImportItem } from './item.js';
import { type Heading, malformed, nothingToImport, readHeader } from './table-columns.js';
import { readRows } from './table-filings.js';
import { isEmptyRow, type Table, type TableRow } from './table-row.js';

/**
 * Every item of some tables, one table after the other; rows without anything in them are passed over. Throws
 * `malformed-body` for a heading that names no cells, naming its sheet, and for a column without a heading that has
 * something in it.
 */
export async function* readTables(tables: readonly Table[]): AsyncGenerator<ImportItem> {
  const headed: { readonly table: Table; readonly heading: Heading }[] = [];
  for (const table of tables) headed.push({ table, heading: await readHeading(table) });
  for (const { table, heading } of headed) {
    for await (const item of readRows(rowsUnder(table), heading)) {
      yield table.sheet === undefined ? item : { ...item, sheet: table.sheet };
    }
  }
}

/** The first row of a table that has something in it. */
export async function firstRow(table: Table): Promise<TableRow | undefined> {
  for await (const row of table.rows()) if (!isEmptyRow(row)) return row;
  return undefined;
}

async function* rowsUnder(table: Table): AsyncGenerator<TableRow> {
  let isUnder = false;
  for await (const row of table.rows()) {
    if (isEmptyRow(row)) continue;
    if (isUnder) yield row;
    isUnder = true;
  }
}

async function readHeading(table: Table): Promise<Heading> {
  try {
    const first = await firstRow(table);
    if (!first) throw nothingToImport();
    const heading = readHeader(first);
    if (table.sheet !== undefined || heading.columns.includes('')) await refuseUnnamed(table, heading);
    return heading;
  } catch (error) {
    if (!(error instanceof Problem) || table.sheet === undefined) throw error;
    const detail = onSheet(table.sheet, error.detail);
    const errors = error.body.errors?.map((fault) => ({
      ...fault,
      message: onSheet(table.sheet ?? '', fault.message),
    }));
    throw new Problem(error.kind, detail, { ...error.members, ...(errors && { errors }) });
  }
}

/** A sentence about a sheet, beginning with its name. */
function onSheet(sheet: string, { zh, en }: Problem['detail']): Problem['detail'] {
  return { zh: `工作表“${sheet}”：${zh}`, en: `Sheet "${sheet}": ${en}` };
}

/** A column that lost its heading would be left out of every report. */
async function refuseUnnamed(table: Table, { columns }: Heading): Promise<void> {
  for await (const row of rowsUnder(table)) {
    if ('problem' in row) continue;
    const last = row.ragged ? row.fields.length : columns.length;
    const at = row.fields.findIndex((field, index) => index < last && !columns[index] && field.trim() !== '');
    if (at === -1) continue;
    throw malformed('HEADER', '', {
      zh: `第 ${at + 1} 列（${columnName(at)} 列）没有列名，但第 ${row.line} 行有内容“${shown(row.fields[at])}”。请写明列名，或清空该列。`,
      en: `Column ${at + 1} (${columnName(at)}) has no heading, but line ${row.line} has "${shown(row.fields[at])}" in it. Name the column, or empty it.`,
    });
  }
}

function shown(field = ''): string {
  return [...field.trim()].slice(0, 40).join('');
}
