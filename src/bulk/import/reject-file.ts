/** The file of what an import refused, written as its own file is read once more. */
import { join } from 'node:path';
import { writeXlsx, writeXlsxStream } from 'hucre/xlsx';
import { csvText, harmlessText } from '../../csv.js';
import { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import { type ImportRow, listItems } from '../../store/imports.js';
import type { Caller } from '../../words.js';
import { maxCellLength, writeCellText } from '../../xlsx.js';
import { textTooLong } from '../table-text.js';
import { type BulkFile, readItems } from './format/formats.js';
import { ownImport } from './import-view.js';
import type { ImportJobs, ImportRequest } from './job.js';
import { headingKey, type Reject, type RejectFormat, type RejectTable, rejectLine, rejectTableFor } from './rejects.js';
import { hasSpool, requireWhole } from './spool.js';
import type { ItemOutcome } from './tally.js';

/** Rows that a workbook of several sheets may have: it is written at once. */
const maxAtOnce = 5_000;

/**
 * The bytes of a file with what an import refused, for the caller who sent it. Throws `not-found` where there is no such
 * import, none of it was refused, it has not ended or its file is gone, `damaged-upload` where it is not what was sent,
 * and `not-acceptable` where the sheets it came in have different columns, which only a workbook can have.
 */
export async function writeRejects(
  db: Db,
  jobs: ImportJobs,
  caller: Caller,
  { id, format }: { readonly id: string; readonly format: RejectFormat },
): Promise<AsyncIterable<Uint8Array>> {
  const row = await ownImport(db, jobs, caller, id);
  const path = join(jobs.folder.path, id);
  if (row.finishedAt === null || jobs.live.has(id) || !(await hasSpool(path))) throw noRejects(row);
  // Written by `acceptImport`.
  const request = JSON.parse(row.request) as ImportRequest;
  // The rows of another file would stand beside reasons that are not theirs.
  await requireWhole(path, row);
  const rejects = () => rejectsOf(db, id, { path, format: request.format, charset: request.charset });
  if (format === 'ndjson') return linesOf(rejects());
  const { first, isAlike } = await survey(rejects());
  if (!first) throw noRejects(row);
  if (format === 'csv' && !isAlike) throw differentSheets();
  const table = rejectTableFor(first.item);
  if (format === 'csv') return csvOf(table, rejects());
  return isAlike ? sheetOf(table, rejects()) : sheetsOf(rejects());
}

async function* rejectsOf(db: Db, id: string, file: BulkFile): AsyncGenerator<Reject> {
  let outcomes: readonly ItemOutcome[] = [];
  let before = 0;
  let position = 0;
  for await (const item of readItems(file)) {
    position += 1;
    if (position > before + outcomes.length) {
      before += outcomes.length;
      const rows = await listItems(db, id, { first: outcomesAtOnce, after: before });
      // Written from outcomes by the import.
      outcomes = rows.map(({ body }) => JSON.parse(body) as ItemOutcome);
    }
    const outcome = outcomes[position - before - 1];
    // An import that failed on its way came no further.
    if (!outcome) return;
    if (outcome.problem)
      yield { item: outcome.ref === null ? item : { ...item, ref: outcome.ref }, problem: outcome.problem };
  }
}

const outcomesAtOnce = 200;

/** The first of what was refused, and whether all of it has the same columns. */
async function survey(rejects: AsyncIterable<Reject>): Promise<{ readonly first?: Reject; readonly isAlike: boolean }> {
  let first: Reject | undefined;
  for await (const reject of rejects) {
    if (!first) first = reject;
    // Of a file without sheets the columns are the same throughout.
    if (reject.item.sheet === undefined) return { first, isAlike: true };
    if (headingKey(reject.item) !== headingKey(first.item)) return { first, isAlike: false };
  }
  return { ...(first && { first }), isAlike: true };
}

async function* linesOf(rejects: AsyncIterable<Reject>): AsyncGenerator<Uint8Array> {
  for await (const reject of rejects) yield Buffer.from(`${await rejectLine(reject)}\n`);
}

async function* csvOf(table: RejectTable, rejects: AsyncIterable<Reject>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`\ufeff${csvText([table.headings.map(guarded)])}`);
  for await (const reject of rejects) yield Buffer.from(csvText(table.rowsOf(reject).map((row) => row.map(guarded))));
}

/** A figure with its sign is no formula. */
function guarded(field: string): string {
  return /^[+-]?\d+(?:\.\d+)?$/.test(field) ? field : harmlessText(field);
}

async function* sheetOf(table: RejectTable, rejects: AsyncIterable<Reject>): AsyncGenerator<Uint8Array> {
  async function* rows() {
    for await (const reject of rejects) yield* table.rowsOf(reject).map((row) => row.map(shown));
  }
  const columns = table.headings.map((header) => ({ header: shown(header), width: 16 }));
  yield* writeXlsxStream(rows(), { name: 'rejected', columns, freezePane: { rows: 1 } });
}

async function* sheetsOf(rejects: AsyncIterable<Reject>): AsyncGenerator<Uint8Array> {
  const sheets = new Map<string, { readonly table: RejectTable; readonly rows: string[][] }>();
  let count = 0;
  for await (const reject of rejects) {
    const name = reject.item.sheet ?? '';
    const sheet = sheets.get(name) ?? { table: rejectTableFor(reject.item), rows: [] };
    sheets.set(name, sheet);
    for (const row of sheet.table.rowsOf(reject)) sheet.rows.push(row.map(shown));
    count += 1;
    if (count > maxAtOnce) throw differentSheets();
  }
  yield await writeXlsx({
    sheets: [...sheets].map(([name, { table, rows }]) => ({ name, rows: [table.headings.map(shown), ...rows] })),
  });
}

function shown(field: string): string {
  return field.length > maxCellLength ? textTooLong : writeCellText(field);
}

function differentSheets(): Problem {
  return new Problem('not-acceptable', {
    zh: '各工作表的列不同，请取 .xlsx 或 .ndjson。',
    en: 'The sheets have different columns; take .xlsx or .ndjson.',
  });
}

function noRejects({ finishedAt, tally }: ImportRow): Problem {
  if (finishedAt === null) {
    return new Problem('not-found', { zh: '批量报送尚未结束。', en: 'The import has not ended yet.' });
  }
  // Written by the run.
  const { rejected } = JSON.parse(tally) as { readonly rejected: number };
  if (rejected === 0) return new Problem('not-found', { zh: '没有被拒的报送。', en: 'Nothing was refused.' });
  return new Problem('not-found', {
    zh: '所报送的文件已不再保存，被拒原因见 items。',
    en: 'The file that was sent is kept no more; the reasons are in its items.',
  });
}
