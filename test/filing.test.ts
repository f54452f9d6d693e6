/** What a filing asks of the store in one statement is what it is told one by one. */
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { dayInChina } from '../src/day.js';
import { changeAgency } from '../src/register/change/change.js';
import { agencyFor } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import { lockYear } from '../src/report/lock.js';
import { cellsBefore, figuresBefore } from '../src/report/recheck.js';
import { traceRefusal } from '../src/report/refusals/trace.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { inTransaction } from '../src/store/engine/commit.js';
import type { Db, Trx } from '../src/store/engine/schema.js';
import { readCircumstances } from '../src/store/filings/circumstances.js';
import { findLockOn } from '../src/store/locks.js';
import { type Agency, agencyStates } from '../src/store/register/agencies.js';
import { setDeadline } from '../src/store/register/deadlines.js';
import { setExemption } from '../src/store/register/exemptions.js';
import { lineageOf } from '../src/store/register/lineage.js';
import { placementOf } from '../src/store/register/placement.js';
import { predecessorsOf, successorsOf } from '../src/store/register/successions.js';
import { findReport } from '../src/store/reports.js';
import { listRevisions } from '../src/store/revisions.js';
import { act, filing, hongjiang, openTestStore, runSql, townshipsOf } from './builders.js';

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
    staysInCounty:
      !hasOrigins &&
      (await successorsOf(trx, agency.id)).length === 0 &&
      (await agencyStates(trx, agency.id)).every(({ countyId }) => countyId === agency.countyId),
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

/** What `readCircumstances` says of an agency and year, held to what is asked one by one. */
async function compareCircumstances(trx: Trx, code: string, year: number): Promise<boolean> {
  const agency = await agencyFor(trx, code, year).catch(() => undefined);
  if (!agency) return false;
  const today = dayInChina(act.now);
  const found = await readCircumstances(trx, agency, year, { today, cells: cellsBefore });
  const { figures, ...before } = found.before ?? { figures: [] };
  const shown = { ...found, before: found.before && (found.hasOrigins ? before : { ...before, figures }) };
  deepEqual(shown, await circumstancesOneByOne(trx, agency, year, today));
  return true;
}

t.test('what a filing asks in one statement, and of its county once, is what it was told one by one', async (t) => {
  const step = fc.tuple(
    fc.constantFrom(...Object.keys(acts), 'file', 'file'),
    fc.constantFrom(...townships),
    fc.integer({ min: 2021, max: 2024 }),
  );
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const db = await openTestStore();
      const compare = async (trx: Trx, code: string, year: number) => {
        if (await compareCircumstances(trx, code, year)) seen++;
      };
      for (const [name, code, year] of steps) {
        // Within a transaction that is undone, within the one that makes it, and after it: what is kept is never of another.
        await inTransaction(db, { dryRun: true }, async (trx) => {
          await compare(trx, code, year);
          await acts[name]?.(trx, code, year).catch(() => undefined);
          await compare(trx, code, year);
        });
        // What cannot be done changes nothing: a report that is there, one that is not, who is closed.
        await acts[name]?.(db, code, year).catch(() => undefined);
      }
      await inTransaction(db, { dryRun: true }, async (trx) => {
        for (const code of townships) for (const year of [2021, 2022, 2023, 2024, 2025]) await compare(trx, code, year);
      });
      await db.destroy();
    }),
    { numRuns: 25 },
  );
  t.ok(seen > 100);
});
