/** How fast a report is stored in this process: its bare row, and filed with and without rollups. */
import Sqlite from 'better-sqlite3';
import type { ReportContent } from '../src/form/report.js';
import { fileReport } from '../src/report/file.js';
import { cellColumns, toColumns } from '../src/store/columns.js';
import type { Db } from '../src/store/schema.js';
import type { Township } from './national.js';

const head = {
  year: 2021,
  form: '2021',
  county_id: 1,
  kind: 'TOWNSHIP',
  expected: 1,
  on_time: 1,
  sample: 0,
  revision: 1,
  submitted_on: '2022-01-20',
  filed_at: '2022-01-20T00:00:00.000Z',
  updated_at: '2022-01-20T00:00:00.000Z',
  published_total: 16,
};

/**
 * The limit: inserts of the wide row of a report, each committed with `synchronous=FULL`, into a table like that
 * of `store` in the file `limit` beside it. The function returned does so for some seconds and tells how many a
 * second.
 */
export function openBareInserts(store: string, limit: string, contents: readonly ReportContent[]) {
  const original = new Sqlite(store, { readonly: true });
  const table = original.prepare<[], { sql: string }>("select sql from sqlite_master where name = 'report'").get();
  original.close();
  const database = new Sqlite(limit);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = OFF']) database.pragma(pragma);
  database.exec(table?.sql ?? '');
  const names = [...Object.keys(head), 'agency_id', ...cellColumns.map(({ column }) => column)];
  const insert = database.prepare(`insert into report (${names}) values (${names.map(() => '?')})`);
  const rows = contents.map((content) => toColumns(content.figures));
  let agency = 0;
  return (seconds: number): number => {
    const begin = performance.now();
    let count = 0;
    for (; performance.now() - begin < seconds * 1000; count++) {
      insert.run(...Object.values(head), ++agency, ...(rows[agency % rows.length] ?? []));
    }
    return count / ((performance.now() - begin) / 1000);
  };
}

/** What filing costs in milliseconds, in rollups and in none. */
export interface FilingCost {
  readonly withRollups: number;
  readonly without: number;
}

/**
 * Files the same contents for townships and for their counties' own agencies in turn: all is the same but that a
 * county's own report is in no rollup.
 */
export async function measureRollupUpkeep(
  db: Db,
  townships: readonly Township[],
  contents: readonly ReportContent[],
  year: number,
): Promise<FilingCost> {
  const act = { actor: 'bench', now: new Date() };
  const file = async (agency: string, content: ReportContent) => {
    const begin = performance.now();
    await fileReport(db, act, { agency, year, content, reason: null }, { method: 'post' });
    return performance.now() - begin;
  };
  const warmUp = 50;
  let withRollups = 0;
  let without = 0;
  for (const [index, { code, county }] of townships.entries()) {
    const content = contents[index % contents.length];
    if (!content) continue;
    const costs = [await file(code, content), await file(county, content)] as const;
    if (index < warmUp) continue;
    withRollups += costs[0];
    without += costs[1];
  }
  const measured = townships.length - warmUp;
  return { withRollups: withRollups / measured, without: without / measured };
}
