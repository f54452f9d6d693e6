/** Who is the year before of whom, over any history of mergers; and whose findings follow when something changes. */
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { Kysely } from 'kysely';
import t from 'tap';
import * as recheckMigration from '../migrations/0009-recheck.js';
import { allCells } from '../src/form/forms.js';
import { toProblem } from '../src/problem.js';
import { changeAgency } from '../src/register/change/change.js';
import { agencyFor } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import { findFaults } from '../src/report/findings.js';
import { recheckDue } from '../src/report/recheck.js';
import { withdrawReport } from '../src/report/withdraw.js';
import type { Db } from '../src/store/engine/schema.js';
import { findFindings } from '../src/store/findings.js';
import { heirsOf, originsOf } from '../src/store/register/successions.js';
import { findFigures, findReport, reportsOfAgency } from '../src/store/reports.js';
import { findRevision } from '../src/store/revisions.js';
import { act, filing, filingBody, hongjiang, openTestApp, openTestStore, runSql, townshipsOf } from './builders.js';

const townships = (await townshipsOf(hongjiang)).slice(0, 7);
const [jia = '', yi = '', bing = '', ding = ''] = townships;

/** A year of one township: so many cases carried in, so many carried out. */
const carrying = (agency: string, year: number, carriedIn: number, carriedOut: number) => ({
  agency,
  year,
  reason: '更正',
  figures: Object.fromEntries(
    ['naturalPerson', 'total'].flatMap((column) => [
      [`applications.carriedIn.${column}`, carriedIn],
      [`applications.newReceived.${column}`, Math.max(0, carriedOut - carriedIn)],
      [`applications.processed.${column}`, Math.max(0, carriedIn - carriedOut)],
      [`applications.granted.${column}`, Math.max(0, carriedIn - carriedOut)],
      [`applications.carriedOut.${column}`, carriedOut],
    ]),
  ),
});

const file = (db: Db, agency: string, year: number, carriedIn: number, carriedOut: number) =>
  fileReport(db, act, filing(carrying(agency, year, carriedIn, carriedOut)), { method: 'put', ifMatch: 'any' }).catch(
    () => fileReport(db, act, filing(carrying(agency, year, carriedIn, carriedOut)), { method: 'post' }),
  );

const merge = (db: Db, agency: string, on: string, ...into: readonly string[]) =>
  changeAgency(
    db,
    act,
    { action: 'close', agency, on, ...(into.length > 1 ? { splitInto: into } : { mergedInto: into[0] }) },
    {},
  );

async function carryOf(db: Db, agency: string, year: number) {
  const row = await findReport(db, (await agencyFor(db, agency, year)).id, year);
  const found = row ? await findFindings(db, row.id) : [];
  const [finding] = found.filter(({ code }) => code === 'X-CARRY');
  return finding ? { left: finding.left, right: finding.right } : 'none';
}

t.test(
  'the cases of 甲 that went into 乙, and 乙 into 丙 in the same year, are looked for in what 丙 carried in',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    await file(db, jia, 2021, 0, 2);
    await file(db, yi, 2021, 0, 3);
    await file(db, bing, 2021, 0, 4);
    await file(db, bing, 2022, 9, 9);
    t.same(await carryOf(db, bing, 2022), { left: 9, right: 4 });
    await merge(db, yi, '2022-06-01', bing);
    t.same(await carryOf(db, bing, 2022), { left: 9, right: 7 });
    await merge(db, jia, '2022-03-01', yi);
    t.equal(await carryOf(db, bing, 2022), 'none', 'the first merger is recorded last');
    await file(db, jia, 2021, 0, 5);
    t.same(await carryOf(db, bing, 2022), { left: 9, right: 12 }, 'a revision of 甲 is looked at in 丙');
    await withdrawReport(db, act, { agency: jia, year: 2021, reason: null }, { ifMatch: 'any' });
    t.equal(await carryOf(db, bing, 2022), 'none', 'without 甲 the comparison cannot be made');
  },
);

t.test('what an earlier version found of mergers is found again once, after its database is migrated', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  for (const [agency, out] of [
    [jia, 2],
    [yi, 3],
    [bing, 4],
  ] as const) {
    await file(db, agency, 2021, 0, out);
  }
  await file(db, bing, 2022, 7, 7);
  await merge(db, jia, '2022-03-01', yi);
  await merge(db, yi, '2022-06-01', bing);
  await runSql(db, 'delete from finding');
  await recheckDue(db);
  t.same(await carryOf(db, bing, 2022), 'none', 'nothing was noted by a migration');
  await runSql(db, 'drop table recheck_due');
  await recheckMigration.up(db as unknown as Kysely<unknown>);
  await recheckDue(db);
  t.same(await carryOf(db, bing, 2022), { left: 7, right: 9 });
  t.same(await runSql(db, 'select * from recheck_due'), []);
});

t.test('what went into another in an earlier or a later year is not part of the year before', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  for (const [agency, out] of [
    [jia, 2],
    [yi, 3],
    [bing, 4],
  ] as const)
    await file(db, agency, 2021, 0, out);
  await file(db, yi, 2022, 5, 5);
  await file(db, bing, 2023, 4, 4);
  await file(db, bing, 2022, 4, 4);
  await merge(db, jia, '2022-01-01', yi);
  await merge(db, yi, '2023-12-31', bing);
  t.equal(await carryOf(db, yi, 2022), 'none');
  t.equal(await carryOf(db, bing, 2022), 'none');
  t.same(await carryOf(db, bing, 2023), { left: 4, right: 9 });
});

t.test('an agency that is not there any more is answered with all that it went into, step by step', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const closeInto = (agency: string, on: string, mergedInto: string) =>
    app.inject({ method: 'POST', url: `/v1/agencies/${agency}/closure`, payload: { on, mergedInto } });
  await closeInto(jia, '2021-03-01', yi);
  await closeInto(yi, '2022-03-01', bing);
  const refused = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    payload: filingBody({ agency: jia, year: 2022 }),
  });
  t.match(refused.json(), { type: '/problems/agency-closed', successors: [{ code: bing }] });
});

t.test('what went into several is never told apart, and a circle of mergers ends', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const ids = await Promise.all([jia, yi, bing, ding].map(async (code) => (await agencyFor(db, code, 2021)).id));
  const into = (from: number, to: number) =>
    runSql(db, 'insert into succession values (?, ?, ?)', [ids[from], ids[to], '2022-06-01']);
  await into(0, 1);
  await into(0, 2);
  t.same(await originsOf(db, ids[1] ?? 0, 2022), [
    { id: ids[0], wholly: false },
    { id: ids[1], wholly: true },
  ]);
  await into(1, 3);
  await into(2, 3);
  t.ok(
    (await originsOf(db, ids[3] ?? 0, 2022)).every(({ wholly }) => wholly),
    'both parts came together again',
  );
  await into(3, 0);
  t.equal((await heirsOf(db, ids[0] ?? 0, 2022)).length, 4);
});

t.test(
  "a county's own report is compared with those of all counties that were merged into it in the year",
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const [into, other, third] = ['431202', '350128', '320813'];
    const change = async (division: string, payload: object) => {
      const answer = await app.inject({ method: 'POST', url: `/v1/divisions/${division}/changes`, payload });
      t.equal(answer.statusCode, 200, answer.body);
    };
    await file(db, hongjiang, 2021, 0, 2);
    await file(db, other, 2021, 0, 3);
    await file(db, into, 2021, 0, 4);
    await file(db, into, 2022, 8, 8);
    t.same(await carryOf(db, into, 2022), { left: 8, right: 4 });
    await change(hongjiang, { on: '2022-06-01', mergedInto: into });
    t.same(await carryOf(db, into, 2022), { left: 8, right: 6 });
    await change(other, { on: '2022-03-01', mergedInto: into });
    t.same(await carryOf(db, into, 2022), { left: 8, right: 9 }, 'recorded last, of another province');
    await file(db, hongjiang, 2021, 0, 1);
    t.equal(await carryOf(db, into, 2022), 'none', 'a revision of what is merged is looked at');
    await change(third, { on: '2022-12-31', mergedInto: into });
    await file(db, into, 2022, 7, 7);
    t.equal(await carryOf(db, into, 2022), 'none', 'a fourth has no report of 2021: nothing is said');
    await file(db, third, 2021, 0, 5);
    t.same(await carryOf(db, into, 2022), { left: 7, right: 13 });
  },
);

t.test('a county that takes a part of one that is split is compared with no year before', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const [into, other] = ['431202', '350128'];
  await file(db, hongjiang, 2021, 0, 2);
  await file(db, into, 2021, 0, 4);
  await file(db, into, 2022, 9, 9);
  t.same(await carryOf(db, into, 2022), { left: 9, right: 4 });
  const agencies = await townshipsOf(hongjiang);
  const splitInto = [
    { division: into, agencies: agencies.slice(0, 5) },
    { division: other, agencies: agencies.slice(5) },
  ];
  const url = `/v1/divisions/${hongjiang}/changes`;
  const answer = await app.inject({ method: 'POST', url, payload: { on: '2022-06-01', splitInto } });
  t.equal(answer.statusCode, 200, answer.body);
  t.equal(await carryOf(db, into, 2022), 'none');
});

/** Townships of two counties, and two agencies that begin in the year of the mergers. */
const merging = [...townships.slice(0, 4), ...(await townshipsOf('431202')).slice(0, 2), 'MID-1', 'MID-2'];
const begun = fc.constantFrom(merging.length - 2, merging.length - 1);
const index = fc.oneof({ weight: 3, arbitrary: fc.nat(merging.length - 3) }, { weight: 1, arbitrary: begun });
/** In the year of the mergers, or in the one after it. */
const day = fc
  .tuple(fc.constantFrom(1, 1, 1, 2), fc.constantFrom('01-01', '03-15', '07-01', '12-31'))
  .map(([later, on]) => ({ later, on }));
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('merge' as const),
      which: index,
      day,
      into: fc.uniqueArray(index, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('file' as const),
      which: index,
      later: fc.constantFrom(0, 1, 1),
      inward: fc.nat(4),
      out: fc.nat(4),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: index, later: fc.constantFrom(0, 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), which: index }) },
  // What begins in the year takes on much, and is torn.
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('merge' as const),
      which: begun,
      day: fc.constant({ later: 1, on: '07-01' }),
      into: fc.uniqueArray(fc.nat(merging.length - 3), { minLength: 2, maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('merge' as const),
      which: index,
      day: fc.constant({ later: 1, on: '03-15' }),
      into: begun.map((one) => [one]),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Taken> ? Taken : never;

/** Mergers of one year of which the second takes on what the first brought. */
const chains = `select 1 from succession a join succession b on b.predecessor_id = a.successor_id
  and substr(a.effective, 1, 4) = substr(b.effective, 1, 4)`;
const splits = 'select 1 from succession group by predecessor_id having count(*) > 1';

interface Edge {
  readonly from: number;
  readonly to: number;
}

/** Where an agency is at the end of a year, walking on from it: itself, or all in which its ways end. */
function endsOf(id: number, edges: readonly Edge[]): Set<number> {
  const next = edges.filter(({ from }) => from === id);
  return new Set(next.length === 0 ? [id] : next.flatMap(({ to }) => [...endsOf(to, edges)]));
}

/**
 * What an agency's year before says, found by walking on from each agency that was alive at its end: undefined where one
 * of which any part comes to it has no report, or comes to another, too.
 */
async function figuresBeforeByHand(db: Db, id: number, year: number) {
  const edges = await runSql<Edge>(
    db,
    `select predecessor_id as "from", successor_id as "to" from succession where substr(effective, 1, 4) = ?`,
    [String(year)],
  );
  const alive = await runSql<{ id: number }>(
    db,
    'select agency_id as id from agency_state where valid_from <= ? and (valid_to is null or valid_to > ?)',
    [`${year - 1}-12-31`, `${year - 1}-12-31`],
  );
  const coming = alive.map((one) => [one.id, endsOf(one.id, edges)] as const).filter(([, ends]) => ends.has(id));
  if (coming.length === 0 || coming.some(([, ends]) => ends.size > 1)) return undefined;
  const found = await Promise.all(coming.map(([one]) => findFigures(db, one, year - 1, allCells)));
  if (found.some((one) => !one)) return undefined;
  return {
    forms: found.flatMap((one) => one?.form ?? []),
    figures: allCells.map(({ at }) =>
      found.reduce<number | null>((sum, one) => {
        const value = one?.figures[at] ?? null;
        return value === null ? sum : (sum ?? 0) + value;
      }, null),
    ),
  };
}

async function take(db: Db, base: number, one: Step): Promise<void> {
  const agency = merging[one.which] ?? '';
  try {
    if (one.do === 'merge') {
      const on = `${base + one.day.later}-${one.day.on}`;
      await merge(db, agency, on, ...one.into.map((at) => merging[at] ?? ''));
    } else if (one.do === 'file') await file(db, agency, base + one.later, one.inward, one.out);
    else if (one.do === 'reopen') await changeAgency(db, act, { action: 'reopen', agency }, {});
    else await withdrawReport(db, act, { agency, year: base + one.later, reason: null }, { ifMatch: 'any' });
  } catch (error) {
    if (toProblem(error).status >= 500) throw error;
  }
}

t.test('after any history of mergers and splits the findings that are kept are those found from nothing', async (t) => {
  const seen = { compared: 0, chained: 0, split: 0, torn: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2019, 2021, 2021),
      fc.array(step, { minLength: 8, maxLength: 30 }),
      async (base, steps) => {
        const db = await openTestStore();
        for (const [at, code] of merging.entries()) {
          if (!code.startsWith('MID')) await file(db, code, base, 0, at + 1);
          else {
            const added = { name: code, kind: 'TOWNSHIP', county: hongjiang, validFrom: `${base + 1}-01-01` } as const;
            await changeAgency(db, act, { action: 'add', code, ...added }, {});
          }
        }
        for (const one of steps) await take(db, base, one);
        seen.chained += (await runSql(db, chains)).length;
        seen.split += (await runSql(db, splits)).length;
        for (const { id } of await runSql<{ id: number }>(db, 'select distinct agency_id as id from report')) {
          for (const row of await reportsOfAgency(db, id)) {
            const content = (await findRevision(db, id, row.year, row.revision))?.content;
            if (!content) throw new Error('a report has content');
            const before = await figuresBeforeByHand(db, id, row.year);
            const fresh = findFaults(content, row.year, before);
            if (fresh.length > 0) seen.compared++;
            const origins = await originsOf(db, id, row.year);
            if (origins.some(({ wholly }) => !wholly)) seen.torn++;
            deepEqual(await findFindings(db, row.id), JSON.parse(JSON.stringify(fresh)), `${id} ${row.year}`);
          }
        }
        await db.destroy();
      },
    ),
    { numRuns: 60 },
  );
  t.ok(seen.compared > 30 && seen.chained > 10 && seen.split > 10 && seen.torn > 3, JSON.stringify(seen));
  t.comment(JSON.stringify(seen));
});
