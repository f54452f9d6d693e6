/** How fast a report is stored in this process: its bare row, and filed with and without rollups. */
import Sqlite from 'better-sqlite3';
import { operator } from '../src/access/authority.js';
import type { ReportContent } from '../src/form/report.js';
import { fileReport } from '../src/report/file.js';
import { cellColumns } from '../src/store/columns.js';
import { encodeContent } from '../src/store/contents.js';
import type { Db } from '../src/store/engine/schema.js';
import { rollupSums } from '../src/store/rollup/rollups.js';
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

/** How many a second were stored in some seconds. */
export type Inserts = (seconds: number) => number;

/**
 * The limits: prepared statements in this process, each report committed with `synchronous=FULL`, into tables like
 * those of `store` in the file `limit` beside it. `row` inserts the wide row of a report and nothing else; `whole`
 * the least that a report with its rollups is: its row, its revision, its figures other than zero added to four sums,
 * and its entry in the audit log.
 */
export function openBareInserts(
  store: string,
  limit: string,
  contents: readonly ReportContent[],
): { readonly row: Inserts; readonly whole: Inserts } {
  const original = new Sqlite(store, { readonly: true });
  const tables = original
    .prepare<[], { sql: string }>(
      "select sql from sqlite_master where name in ('report', 'revision', 'rollup', 'audit', 'audit_division')",
    )
    .all();
  original.close();
  const database = new Sqlite(limit);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = OFF']) database.pragma(pragma);
  for (const { sql } of tables) database.exec(sql);
  const names = [...Object.keys(head), 'agency_id', ...cellColumns];
  const insert = database.prepare(`insert into report (${names}) values (${names.map(() => '?')})`);
  const revise = database.prepare(
    `insert into revision (agency_id, year, number, action, hash, content, actor, at)
     values (?, 2021, 1, 'filed', ?, ?, 'bench', '2022-01-20T00:00:00.000Z')`,
  );
  const audit = database.prepare(
    `insert into audit (number, at, actor, token_id, address, request_id, action, division_id, subject, after, hash)
     values (?, '2022-01-20T00:00:00.000Z', 'bench', 1, '127.0.0.1', '8e03978e-40d5-43dd-bc93-6894a57f9324',
       'report.file', 1, '/v1/reports/431281207/2021', ?, ?)`,
  );
  for (const division of [1, 2, 3, 4]) {
    database
      .prepare(
        `insert into rollup (division_id, inclusion, year, kind, form, ${rollupSums}) values (?, 'ALL', 2021, 'TOWNSHIP', '2021', ${rollupSums.map(() => 0)})`,
      )
      .run(division);
  }
  const reports = contents.map((content) => {
    const values = content.figures;
    const touched = cellColumns.filter((_, index) => values[index]);
    const sums = ['reports = reports + 1', ...touched.map((column) => `${column} = ${column} + ?`)];
    return {
      values,
      encoded: encodeContent(content),
      add: database.prepare(`update rollup set ${sums} where division_id <= 4`),
      added: values.filter((value) => value),
    };
  });
  let agency = 0;
  const row = () => insert.run(...Object.values(head), ++agency, ...(reports[agency % reports.length]?.values ?? []));
  const whole = database.transaction(() => {
    row();
    const report = reports[agency % reports.length];
    revise.run(agency, report?.encoded.hash, report?.encoded.text);
    audit.run(agency, report?.encoded.hash, report?.encoded.hash);
    report?.add.run(...report.added);
  });
  const timed = (store: () => unknown) => (seconds: number) => {
    const begin = performance.now();
    let count = 0;
    for (; performance.now() - begin < seconds * 1000; count++) store();
    return count / ((performance.now() - begin) / 1000);
  };
  return { row: timed(row), whole: timed(whole) };
}

/** What filing costs in milliseconds, in rollups and in none. */
export interface FilingCost {
  readonly withRollups: number;
  readonly without: number;
}

/** A township, and what it says of the year before and of the year that is measured. */
export interface Filings {
  readonly township: Township;
  readonly contents: readonly (readonly [year: number, content: ReportContent])[];
}

/**
 * Files the same contents for townships and for their counties' own agencies in turn: all is the same but that a
 * county's own report is in no rollup. Both have filed for the year before, which the checks compare with.
 */
export async function measureRollupUpkeep(db: Db, filings: readonly Filings[]): Promise<FilingCost> {
  const act = { actor: 'bench', caller: operator, now: new Date() };
  const file = async (agency: string, [year, content]: Filings['contents'][number]) => {
    const begin = performance.now();
    await fileReport(db, act, { agency, year, content, reason: null }, { method: 'post' });
    return performance.now() - begin;
  };
  // Node compiles what runs often only after some hundreds of filings; a server has long been there.
  const warmUp = Math.floor(filings.length / 4);
  let withRollups = 0;
  let without = 0;
  for (const [index, { township, contents }] of filings.entries()) {
    const [before, asked] = contents;
    if (!before || !asked) throw new Error('a filing is measured beside that of the year before');
    for (const agency of [township.code, township.county]) await file(agency, before);
    // Each goes first every other time: the second finds the processor's caches warm.
    const both = [township.code, township.county];
    for (const agency of index % 2 === 0 ? both : both.toReversed()) {
      const cost = await file(agency, asked);
      if (index < warmUp) continue;
      if (agency === township.code) withRollups += cost;
      else without += cost;
    }
  }
  const measured = filings.length - warmUp;
  return { withRollups: withRollups / measured, without: without / measured };
}
