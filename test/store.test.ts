import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';
import type { NamedFigures } from '../src/form/figures.js';
import { allCells, cellOf, formInForce } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { findDivision } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { territoryStatistics } from '../src/rollup/sums.js';
import { cellColumns, columnOf } from '../src/store/columns.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { findReport } from '../src/store/reports.js';
import { rebuildRollups, verifyRollups } from '../src/store/rollup/rollup-check.js';
import { territoryAsReported } from '../src/store/rollup/territory.js';
import {
  act,
  balancedFigures,
  filing,
  hongjiang,
  nameFigures,
  openTestStore,
  qunfeng,
  scratch,
  today,
  townshipsOf,
} from './builders.js';

async function columnsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(db);
  return rows.map((row) => row.name);
}

t.test('the migrated columns are those of the forms, both ways', async (t) => {
  const db = await openStore('sqlite::memory:');
  t.teardown(() => db.destroy());
  const columns = [...cellColumns];
  for (const table of ['report', 'rollup']) {
    const cells = (await columnsOf(db, table)).filter((column) => column.includes('__'));
    t.same(
      columns.filter((column) => !cells.includes(column)),
      [],
      `missing in ${table}`,
    );
    t.same(
      cells.filter((column) => !columns.includes(column)),
      [],
      `no cell of any form in ${table}`,
    );
  }
  t.equal(new Set(columns).size, allCells.length, 'no two cells share a column');
  t.ok(columns.every((column) => column.length <= 63));
  t.equal(columnOf(cellOf('applications.newReceived.total')), 'applications__new_received__total');
});

t.test('a new file is in WAL, and waits for the disk at every commit', async (t) => {
  const path = join(scratch(t), 'store.db');
  const db = await openStore(`sqlite:${path}`);
  t.teardown(() => db.destroy());
  const pragma = async (name: string) =>
    (await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(db)).rows[0];
  t.same(await pragma('journal_mode'), { journal_mode: 'wal' });
  t.same(await pragma('synchronous'), { synchronous: 2 });
  t.same(await pragma('foreign_keys'), { foreign_keys: 1 });
});

t.test('a database that another process holds is answered as busy within a second and a half', async (t) => {
  const path = join(scratch(t), 'store.db');
  const db = await openTestStore(`sqlite:${path}`);
  t.teardown(() => db.destroy());
  const other = new Sqlite(path);
  other.exec('begin immediate');
  const before = Date.now();
  const refused = await fileReport(db, act, filing(), { method: 'post' }).catch((error: unknown) => error);
  t.match(refused, { kind: 'busy' });
  t.ok(Date.now() - before < 1500);
  other.exec('rollback');
  other.close();
  t.match(await fileReport(db, act, filing(), { method: 'post' }), { outcome: 'created' });
});

t.test('a revision can be neither changed nor deleted', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileReport(db, act, filing(), { method: 'post' });
  await t.rejects(db.updateTable('revision').set({ actor: 'somebody else' }).execute(), /never changed/);
  await t.rejects(db.deleteFrom('revision').execute(), /never deleted/);
});

t.test('what fails in the middle of a filing leaves nothing', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await sql`create trigger fail before insert on rollup begin select raise(abort, 'disk on fire'); end`.execute(db);
  await t.rejects(fileReport(db, act, filing(), { method: 'post' }), /disk on fire/);
  for (const table of ['report', 'revision', 'finding', 'rollup', 'rollup_blank'] as const) {
    t.same(await db.selectFrom(table).selectAll().execute(), [], table);
  }
});

t.test('of filings that share one commit, one that fails or is only tried undoes itself and no other', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await sql`create trigger fail before insert on finding begin select raise(abort, 'disk on fire'); end`.execute(db);
  const [one = '', two = '', three = '', four = ''] = await townshipsOf(hongjiang);
  const blank = { 'applications.granted.total': 3, 'applications.granted.business': null };
  const answers = await Promise.allSettled([
    fileReport(db, act, filing({ agency: one }), { method: 'post' }),
    fileReport(db, act, filing({ agency: two, figures: blank }), { method: 'post', lenient: true }),
    fileReport(db, act, filing({ agency: three }), { method: 'post', dryRun: true }),
    fileReport(db, act, filing({ agency: four }), { method: 'post' }),
    fileReport(db, act, filing({ agency: four }), { method: 'post' }),
  ]);
  t.same(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.outcome : answer.reason.message)),
    ['created', 'disk on fire', 'created', 'created', 'unchanged'],
  );
  t.equal((await db.selectFrom('report').selectAll().execute()).length, 2);
  t.equal((await db.selectFrom('revision').selectAll().execute()).length, 2);
  t.same(await verifyRollups(db), []);
});

t.test(
  'who reads the sums inside a shared commit finds those of the filings before it, even if it then fails',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    const [one = '', other = '', third = ''] = await townshipsOf(hongjiang);
    const file = (agency: string) => fileReport(db, act, filing({ agency }), { method: 'post' });
    const [, within, failed] = await Promise.allSettled([
      file(one),
      verifyRollups(db),
      inTransaction(db, {}, async (trx) => {
        await fileReport(trx, act, filing({ agency: other }), { method: 'post' });
        t.same(await verifyRollups(trx), [], 'with its own filing');
        throw new Error('too late');
      }),
      file(third),
    ]);
    t.match(within, { status: 'fulfilled', value: [] });
    t.match(failed, { status: 'rejected' });
    t.same(await verifyRollups(db), []);
    const county = await findDivision(db, hongjiang, today);
    const [year] = await territoryStatistics(db, territoryAsReported(county?.id ?? 0), [2021], [], {
      inclusion: 'ALL',
    });
    t.equal(year?.reports, 2);
  },
);

t.test('what is filed, revised and withdrawn in one commit is added up for each county and all above it', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const [one = '', other = '', third = ''] = await townshipsOf(hongjiang);
  const [beside = ''] = await townshipsOf('431202');
  const [far = ''] = await townshipsOf('350128');
  const items = (name: string) => ({ total: 8, categories: [{ name, count: 8 }], channels: [] });
  const report = (agency: string, figures: NamedFigures, name: string) =>
    filing({ agency, figures, publishedItems: items(name), reason: 'miscounted' });
  const penalties = { 'decisions.penalties.decided': 5 };
  const blank = { 'decisions.coercion.decided': null };
  const refused = Object.fromEntries(
    ['newReceived', 'refusedStateSecret', 'processed'].flatMap((row) =>
      ['naturalPerson', 'total'].map((column) => [`applications.${row}.${column}`, 3]),
    ),
  );
  for (const agency of [one, other]) {
    await fileReport(db, act, report(agency, { ...penalties, ...blank }, '乡动态'), { method: 'post' });
  }
  await Promise.all([
    fileReport(db, act, report(one, refused, '通知公告'), { method: 'put', ifMatch: 'any' }),
    withdrawReport(db, act, { agency: other, year: 2021, reason: null }, { ifMatch: 'any' }),
    fileReport(db, act, report(third, blank, '乡动态'), { method: 'post' }),
    fileReport(db, act, report(beside, { ...refused, ...blank }, '通知公告'), { method: 'post' }),
    fileReport(db, act, report(far, penalties, '乡动态'), { method: 'post' }),
  ]);
  t.same(await verifyRollups(db), []);
  const nation = await findDivision(db, '100000', today);
  const [sums] = await territoryStatistics(db, territoryAsReported(nation?.id ?? 0), [2021], allCells, {
    inclusion: 'ALL',
  });
  t.match(nameFigures('2021', sums?.figures ?? []), {
    'decisions.penalties.decided': 5,
    'decisions.coercion.decided': 0,
    'applications.newReceived.total': 6,
  });
  t.equal(sums?.reports, 4);
});

t.test('rollups verify finds a figure that was tampered with, and rebuild mends it', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const items = { total: 16, categories: [{ name: '乡动态', count: 8 }], channels: [] };
  const figures = { 'decisions.penalties.decided': 5, 'decisions.coercion.decided': null };
  await fileReport(db, act, filing({ figures, publishedItems: items }), { method: 'post' });
  t.same(await verifyRollups(db), []);
  await sql`update rollup set decisions__penalties__decided = 6`.execute(db);
  await sql`delete from rollup_blank`.execute(db);
  await sql`update rollup_item set count = 9`.execute(db);
  const differences = await verifyRollups(db);
  t.equal(differences.length, 12, 'three figures at four levels');
  t.match(
    differences.filter((difference) => difference.division === hongjiang),
    [
      { year: 2021, kind: 'TOWNSHIP', figure: 'decisions.penalties.decided', kept: 6, sum: 5 },
      { figure: 'blank:decisions.coercion.decided', kept: 0, sum: 1 },
      { figure: 'categories:乡动态', kept: 9, sum: 8 },
    ],
  );
  await rebuildRollups(db);
  t.same(await verifyRollups(db), []);
});

/** What a clerk may do to the report of one township for one year. */
interface Step {
  readonly does: 'file' | 'revise' | 'withdraw' | 'lenient';
  readonly township: number;
  readonly year: number;
  readonly figures: NamedFigures;
}

const years = [2020, 2021, 2022] as const;
const step: fc.Arbitrary<Step> = fc.constantFrom(...years).chain((year) =>
  fc.record({
    does: fc.constantFrom('file', 'revise', 'withdraw', 'lenient'),
    township: fc.nat(2),
    year: fc.constant(year),
    figures: balancedFigures(formInForce(year)),
  }),
);

t.test('a rollup is the sum of its reports after any sequence of filing, revising and withdrawing', async () => {
  const townships = await townshipsOf(hongjiang);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const db = await openTestStore();
      try {
        const standing = new Map<string, NamedFigures>();
        for (const { does, township, year, figures } of steps) {
          const agency = townships[township] ?? qunfeng;
          // Lenient filing takes what breaks an equation, too.
          const filed = does === 'lenient' ? { ...figures, 'appeals.reconsideration.total': 999 } : figures;
          const key = `${agency} ${year}`;
          try {
            if (does === 'withdraw') {
              await withdrawReport(db, act, { agency, year, reason: null }, { ifMatch: 'any' });
              standing.delete(key);
            } else {
              const method = does === 'file' ? 'post' : 'put';
              const ifMatch = standing.has(key) && method === 'put' ? { ifMatch: 'any' as const } : {};
              const body = filing({ agency, year, figures: filed, reason: 'x' });
              await fileReport(db, act, body, { method, lenient: does === 'lenient', ...ifMatch });
              standing.set(key, filed);
            }
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
          }
        }
        if ((await verifyRollups(db)).length > 0) return false;
        return await sumsAreRight(db, standing);
      } finally {
        await db.destroy();
      }
    }),
    { numRuns: 12 },
  );
});

async function sumsAreRight(db: Db, standing: ReadonlyMap<string, NamedFigures>): Promise<boolean> {
  for (const code of [hongjiang, '100000']) {
    const division = await findDivision(db, code, today);
    for (const tally of await territoryStatistics(db, territoryAsReported(division?.id ?? 0), years, allCells, {
      inclusion: 'ALL',
    })) {
      const reports = [...standing].filter(([key]) => key.endsWith(String(tally.year))).map(([, figures]) => figures);
      if (tally.reports !== reports.length) return false;
      for (const cell of allCells) {
        const values = reports.map((figures) => figures[cell.key]).filter((value) => typeof value === 'number');
        const sum = values.length > 0 ? values.reduce((total, value) => total + value, 0) : null;
        if (tally.figures[cell.at] !== sum || tally.reported[cell.at] !== values.length) return false;
      }
    }
  }
  return true;
}

t.test('every cell comes back from its column as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2019, 2021).chain((year) => fc.tuple(fc.constant(year), balancedFigures(formInForce(year)))),
      async ([year, figures]) => {
        const db = await openTestStore();
        try {
          const filed = await fileReport(db, act, filing({ year, figures }), { method: 'post' });
          const row = await findReport(db, filed.row.agencyId, year);
          const columns = await db.selectFrom('report').selectAll().executeTakeFirstOrThrow();
          const read = columns as unknown as Record<string, number | null>;
          return (
            row?.revision === 1 && formInForce(year).cells.every((cell) => read[columnOf(cell)] === figures[cell.key])
          );
        } finally {
          await db.destroy();
        }
      },
    ),
    { numRuns: 8 },
  );
});
