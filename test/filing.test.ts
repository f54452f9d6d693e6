/** What a filing is read by and what it asks of the store: each short way says what the long one does. */
import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { dayInChina } from '../src/day.js';
import { changeAgency } from '../src/register/change/change.js';
import { agencyFor } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import { filingEnvelope } from '../src/report/filing-body.js';
import { lockYear } from '../src/report/lock.js';
import { isPlainFiling } from '../src/report/plain/plain-filing.js';
import { cellsBefore, figuresBefore } from '../src/report/recheck.js';
import { traceRefusal } from '../src/report/refusals/trace.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { inTransaction } from '../src/store/engine/commit.js';
import type { Db, Trx } from '../src/store/engine/schema.js';
import { readCircumstances } from '../src/store/filings/circumstances.js';
import { findLockOn } from '../src/store/locks.js';
import type { Agency } from '../src/store/register/agencies.js';
import { setDeadline } from '../src/store/register/deadlines.js';
import { setExemption } from '../src/store/register/exemptions.js';
import { lineageOf } from '../src/store/register/lineage.js';
import { placementOf } from '../src/store/register/placement.js';
import { predecessorsOf, successorsOf } from '../src/store/register/successions.js';
import { findReport } from '../src/store/reports.js';
import { listRevisions } from '../src/store/revisions.js';
import { act, filing, filingBody, hongjiang, openTestStore, runSql, townshipsOf } from './builders.js';

/** Texts at the edge of what a part takes. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  fc.constantFrom('', 'x'.repeat(200), 'x'.repeat(201), 'x'.repeat(501), '\u202e', 'a\u0000', '无。', '\ud800'),
);
const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(2000) },
  fc.constantFrom(0, -0, -1, 0.5, 1, 1.5, 999_999_999, 1_000_000_000, Number.NaN, 2 ** 53),
);
const anything = fc.oneof(text, number, fc.constantFrom(null, true, [], {}));

/** An object of some members, some of them missing, some unlike what they should be, in any order. */
const partOf = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>) => {
  const entries = Object.entries({ ...members, other: anything }).map(([name, member]) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 40, arbitrary: member }, { weight: 1, arbitrary: anything }),
      fc.nat(40),
    ),
  );
  return fc.tuple(fc.tuple(...entries), fc.nat(9)).map(([all, order]) => {
    const there = all.filter(([name, , chance]) => (name === 'other' ? chance === 40 : chance > 2));
    return Object.fromEntries((order === 0 ? there.toReversed() : there).map(([name, value]) => [name, value]));
  });
};

const shareOf = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(null));
const group = partOf({ name: text, count: fc.oneof(fc.nat(99), fc.constant(null)), share: shareOf, note: text });
const url = fc.constantFrom('https://example.gov.cn/a', 'HTTP://a/圳', 'ftp://a', 'https://', 'https://a b', null);
const envelope = partOf({
  agency: fc.constantFrom('431281207', '431281207000', 'a1'),
  year: fc.constantFrom(2018, 2019, 2021, 2022),
  form: fc.constantFrom('2021', '2019', 'mixed'),
  figures: anything,
  publishedItems: fc.oneof(
    partOf({
      total: number,
      categories: fc.array(group, { maxLength: 3 }),
      channels: fc.array(group, { maxLength: 3 }),
      complete: fc.array(fc.constantFrom('categories', 'channels', 'others'), { maxLength: 3 }),
      note: text,
    }),
    fc.constant(null),
  ),
  engagement: fc.array(partOf({ name: text, handled: number, replyRate: shareOf, note: text }), { maxLength: 2 }),
  narrative: partOf({ overview: text, problems: text, otherMatters: fc.constant(null) }),
  source: partOf({ url, publishedOn: fc.constantFrom('2022-01-20', '2022-02-30', '2022-1-2', null) }),
  reason: text,
});

t.test('what is taken as plain is what the schema gives, to the order of its members', async (t) => {
  const taken = { plain: 0, sound: 0 };
  fc.assert(
    fc.property(envelope, (body) => {
      const shape = filingEnvelope.safeParse(body);
      if (shape.success) taken.sound++;
      if (!isPlainFiling(body)) return;
      taken.plain++;
      equal(shape.success, true);
      deepEqual(shape.data, body);
      for (const part of ['publishedItems', 'engagement', 'narrative', 'source'] as const) {
        equal(JSON.stringify(shape.data?.[part]), JSON.stringify(body[part]));
      }
    }),
    { numRuns: 4000 },
  );
  t.ok(taken.plain > 40, `${taken.plain} of ${taken.sound} sound ones were plain`);
});

t.test('a filing as clients send it is plain, in whatever order its parts are', async (t) => {
  const parts = {
    publishedItems: {
      total: 3,
      categories: [{ name: '乡动态', count: 3, share: 1, note: null }],
      channels: [],
      complete: [],
    },
    engagement: [{ name: '市长热线', handled: 9, replyRate: 1 }],
    narrative: { overview: '概述', otherMatters: '无。' },
    source: { url: 'https://example.gov.cn/1', publishedOn: '2022-01-20' },
    reason: '更正',
  };
  const body = filingBody(parts);
  t.ok(isPlainFiling(body));
  t.ok(isPlainFiling(Object.fromEntries(Object.entries(body).toReversed())));
  t.notOk(
    isPlainFiling({ ...body, narrative: { otherMatters: '无。', overview: '概述' } }),
    'one part in another order',
  );
  t.notOk(isPlainFiling({ ...body, about: {} }), 'what an export says beside it');
});

/** What `readCircumstances` says, asked one by one. */
async function circumstancesOneByOne(trx: Trx, agency: Agency, year: number, today: string) {
  const placement = await placementOf(trx, agency, year);
  const revisions = await listRevisions(trx, agency.id, year);
  const locked = await findLockOn(trx, { lineage: placement.lineage, agencyId: 0, year, day: today });
  const refused = await runSql(trx, 'select 1 from refusal where agency_id = ? and year = ?', [agency.id, year]);
  const hasOrigins = (await predecessorsOf(trx, agency.id)).length > 0;
  const before = await findReport(trx, agency.id, year - 1);
  const following = await findReport(trx, agency.id, year + 1);
  const said = hasOrigins ? undefined : await figuresBefore(trx, agency.id, year, 'ALL');
  return {
    placement,
    isFiled: (await findReport(trx, agency.id, year)) !== undefined,
    lastRevision: revisions.at(-1)?.number ?? 0,
    firstAt: revisions[0]?.at ?? null,
    isLocked: locked !== undefined,
    isRefused: refused.length > 0,
    hasOrigins,
    isFollowed: following !== undefined || (await successorsOf(trx, agency.id)).length > 0,
    before: before && {
      form: before.form,
      countyId: before.countyId,
      lineage: await lineageOf(trx, before.countyId, year - 1),
      ...(said && { figures: said.figures }),
    },
  };
}

const townships = (await townshipsOf(hongjiang)).slice(0, 5);

/** One of what changes the circumstances of a filing. */
const acts: Readonly<Record<string, (db: Db, code: string, year: number) => Promise<unknown>>> = {
  file: (db, agency, year) => fileReport(db, act, filing({ agency, year }), { method: 'post' }),
  withdraw: (db, agency, year) => withdrawReport(db, act, { agency, year, reason: null }, { ifMatch: 'any' }),
  refuse: (db, agency, year) =>
    traceRefusal(
      db,
      act,
      () => ({ agency, year, source: 'REQUEST' }),
      async () => filing({ agency, year, publishedItems: 1 }),
    ),
  lock: (db, _, year) =>
    lockYear(
      db,
      act,
      { division: hongjiang, year },
      { since: year % 2 ? '2026-01-01' : '2027-01-01', reason: '锁' },
      {},
    ),
  exempt: (db, code, year) =>
    inTransaction(db, {}, async (trx) => {
      const { id } = await agencyFor(trx, code, year);
      await setExemption(trx, id, { year, reason: '免', recordedBy: 'a', recordedAt: act.now.toISOString() });
    }),
  due: (db, code, year) =>
    inTransaction(db, {}, async (trx) => {
      const { countyId } = await agencyFor(trx, code, year);
      await setDeadline(trx, { divisionId: countyId, filer: 'AGENCIES', year: year % 3 ? year : 0 }, '03-05');
    }),
  merge: (db, agency, year) => {
    const mergedInto = townships[(townships.indexOf(agency) + 1) % townships.length] ?? '';
    return changeAgency(db, act, { action: 'close', agency, on: `${year}-06-01`, mergedInto }, {});
  },
};

t.test('what a filing asks in one statement is what it was told one by one', async (t) => {
  const step = fc.tuple(
    fc.constantFrom(...Object.keys(acts), 'file', 'file'),
    fc.constantFrom(...townships),
    fc.integer({ min: 2021, max: 2024 }),
  );
  const today = dayInChina(act.now);
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const db = await openTestStore();
      // What cannot be done changes nothing: a report that is there, one that is not, who is closed.
      for (const [name, code, year] of steps) await acts[name]?.(db, code, year).catch(() => undefined);
      await inTransaction(db, { dryRun: true }, async (trx) => {
        for (const code of townships) {
          for (const year of [2021, 2022, 2023, 2024, 2025]) {
            const agency = await agencyFor(trx, code, year).catch(() => undefined);
            if (!agency) continue;
            seen++;
            const found = await readCircumstances(trx, agency, year, { today, cells: cellsBefore });
            const { figures, ...before } = found.before ?? { figures: [] };
            const shown = { ...found, before: found.before && (found.hasOrigins ? before : { ...before, figures }) };
            deepEqual(shown, await circumstancesOneByOne(trx, agency, year, today));
          }
        }
      });
      await db.destroy();
    }),
    { numRuns: 25 },
  );
  t.ok(seen > 100);
});
