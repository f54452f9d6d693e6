/**
 * Years that are closed to filing. Once a county has published its totals nothing under them may change; an agency that
 * is to correct something all the same is excepted, or the year is opened again. A reviewer's decision is no filing.
 */

import { requireDivision } from '../access/authority.js';
import { mayNamePersons } from '../access/visibility.js';
import { dayInChina, referenceDate } from '../day.js';
import { Problem } from '../problem.js';
import { agencyFor, resolveDivision } from '../register/codes.js';
import { record } from '../store/audit-records.js';
import type { NewChange } from '../store/changes.js';
import { type CommitOptions, inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import {
  deleteException,
  deleteLock,
  exceptionsOf,
  findLock,
  findLockOn,
  type LockException,
  locksOf,
  setException,
  setLock,
  type YearLock,
} from '../store/locks.js';
import { type Agency, findAgencyOn } from '../store/register/agencies.js';
import { type Division, divisionsNear, findNation } from '../store/register/divisions.js';
import { lineageOf } from '../store/register/lineage.js';
import type { ActContext, Caller, ChangeType } from '../words.js';

/** A lock with the agencies for which the year stays open. */
export interface LockView extends Omit<YearLock, 'divisionId' | 'actor'> {
  /** Null for readers whom no token lets read the division in that year, here and of the exceptions. */
  readonly actor: string | null;
  readonly division: Pick<Division, 'code' | 'name' | 'level'>;
  readonly exceptions: readonly (Omit<LockException, 'agencyId' | 'actor'> & {
    readonly actor: string | null;
    readonly agency: string;
    readonly name: string;
  })[];
}

/** What a lock says: the first day on which nothing is filed any more, and why. */
export interface LockTerms {
  readonly since: string;
  readonly reason: string;
}

/** Whom a lock does not concern, until which day (null: as long as it holds), and why. */
export interface ExceptionTerms {
  readonly agency: string;
  readonly until: string | null;
  readonly reason: string;
}

/**
 * Throws `year-locked` when an agency's year, or that of all below a division (undefined), is closed to filing today; says since when, who can lift it, and by whom it was
 * locked where the caller may read the division.
 */
export async function refuseLocked(
  trx: Trx,
  act: ActContext,
  agency: Agency | undefined,
  year: number,
  lineage: readonly number[],
): Promise<void> {
  const day = dayInChina(act.now);
  // No agency has the identity 0, so that no exception is of it.
  const lock = await findLockOn(trx, { lineage, agencyId: agency?.id ?? 0, year, day });
  if (!lock) return;
  const division = (await divisionsNear(trx, [lock.divisionId], day)).get(lock.divisionId);
  const place = division ? `${division.name} (${division.code})` : `division ${lock.divisionId}`;
  const actor = (await mayNamePersons(trx, act.caller, { countyId: lock.divisionId }, year)) ? lock.actor : null;
  const except = agency ? { zh: '或设例外', en: ` or except ${agency.name} (${agency.code})` } : { zh: '', en: '' };
  const by = actor === null ? { zh: '', en: '' } : { zh: `由 ${actor} `, en: ` by ${actor}` };
  throw new Problem(
    'year-locked',
    {
      zh: `${place} 的 ${year} 年度已自 ${lock.since} 起${by.zh}锁定；该处或其上级有 review 权限者可解锁${except.zh}。`,
      en: `${year} has been locked for ${place} since ${lock.since}${by.en}: ${lock.reason}. Whoever has the scope "review" there, or for anything above it, can lift the lock${except.en}.`,
    },
    {
      lock: { division: division?.code, year, since: lock.since, actor, at: lock.at, reason: lock.reason },
      liftedBy: { scope: 'review', division: division?.code },
    },
  );
}

/**
 * The locks of what a code means today itself, with their exceptions; persons are named to those who read the division.
 * Throws `unknown-division`.
 */
export async function readLocks(db: Db, caller: Caller, code: string, now: Date): Promise<LockView[]> {
  const division = await resolveDivision(db, code, dayInChina(now));
  const locks = await locksOf(db, division.id);
  return Promise.all(
    locks.map(async (lock) => {
      const view = await lockView(db, division, lock);
      if (await mayNamePersons(db, caller, { countyId: division.id }, lock.year)) return view;
      const exceptions = view.exceptions.map((exception) => ({ ...exception, actor: null }));
      return { ...view, actor: null, exceptions };
    }),
  );
}

async function lockView(db: Db, division: Division, { divisionId, ...lock }: YearLock): Promise<LockView> {
  const { code, name, level } = division;
  const exceptions = await exceptionsOf(db, divisionId, lock.year);
  const named = await Promise.all(
    exceptions.map(async ({ agencyId, ...exception }) => {
      const agency = await findAgencyOn(db, agencyId, referenceDate(lock.year));
      return { agency: agency?.code ?? '', name: agency?.name ?? '', ...exception };
    }),
  );
  return { division: { code, name, level }, ...lock, exceptions: named };
}

/** Closes a year to filing for a division and all below it. Throws `unknown-division`, `forbidden`. */
export async function lockYear(
  db: Db,
  act: ActContext,
  at: { readonly division: string; readonly year: number },
  terms: LockTerms,
  commit: CommitOptions<LockView>,
): Promise<LockView> {
  return inTransaction(db, commit, async (trx) => {
    const division = await reviewedDivision(trx, act, at);
    const before = await findLock(trx, division.id, at.year);
    const lock = { divisionId: division.id, year: at.year, ...terms, actor: act.actor, at: act.now.toISOString() };
    await setLock(trx, lock);
    await record(trx, act, {
      action: 'year.lock',
      divisionId: division.id,
      subject: subjectOf(at),
      before: before ? { since: before.since, reason: before.reason } : null,
      after: terms,
      tells: [changeOfLock('locked', division, at.year)],
    });
    return lockView(trx, division, lock);
  });
}

/** Opens a year again. Throws `unknown-division`, `forbidden`, and `not-found` where it is not locked. */
export async function unlockYear(
  db: Db,
  act: ActContext,
  at: { readonly division: string; readonly year: number },
  commit: CommitOptions<void>,
): Promise<void> {
  return inTransaction(db, commit, async (trx) => {
    const division = await reviewedDivision(trx, act, at);
    const lock = await ownLock(trx, division, at.year);
    await deleteLock(trx, division.id, at.year);
    await record(trx, act, {
      action: 'year.unlock',
      divisionId: division.id,
      subject: subjectOf(at),
      before: { since: lock.since, reason: lock.reason },
      after: null,
      tells: [changeOfLock('unlocked', division, at.year)],
    });
  });
}

/**
 * Lets an agency file for a locked year, or move out of the division or into it. Throws `forbidden`, `not-found` where the
 * year is not locked, and `unknown-agency` also for one of another province.
 */
export async function exceptAgency(
  db: Db,
  act: ActContext,
  at: { readonly division: string; readonly year: number },
  terms: ExceptionTerms,
  commit: CommitOptions<LockView>,
): Promise<LockView> {
  return inTransaction(db, commit, async (trx) => {
    const division = await reviewedDivision(trx, act, at);
    const lock = await ownLock(trx, division, at.year);
    const agency = await agencyWithin(trx, division, terms.agency, at.year);
    const { until, reason } = terms;
    await setException(trx, lock, { agencyId: agency.id, until, reason, actor: act.actor, at: act.now.toISOString() });
    await record(trx, act, {
      action: 'year.except',
      divisionId: division.id,
      subject: `${subjectOf(at)}/exceptions/${agency.code}`,
      before: null,
      after: { until, reason },
      tells: [changeOfLock('excepted', division, at.year, agency)],
    });
    return lockView(trx, division, lock);
  });
}

/** Takes an exception back. Throws `forbidden`, and `not-found` where there is no such lock or exception. */
export async function endException(
  db: Db,
  act: ActContext,
  at: { readonly division: string; readonly year: number; readonly agency: string },
  commit: CommitOptions<void>,
): Promise<void> {
  return inTransaction(db, commit, async (trx) => {
    const division = await reviewedDivision(trx, act, at);
    const lock = await ownLock(trx, division, at.year);
    const agency = await agencyFor(trx, at.agency, at.year);
    if (!(await deleteException(trx, lock, agency.id))) {
      throw new Problem('not-found', {
        zh: '该机关没有例外。',
        en: `${agency.name} (${agency.code}) is not excepted.`,
      });
    }
    await record(trx, act, {
      action: 'year.end-exception',
      divisionId: division.id,
      subject: `${subjectOf(at)}/exceptions/${agency.code}`,
      before: null,
      after: null,
      tells: [changeOfLock('unexcepted', division, at.year, agency)],
    });
  });
}

/** A lock, or an exception from it for an agency, as it is told: the years that are locked are public. */
function changeOfLock(type: ChangeType, division: Division, year: number, agency?: Agency): NewChange {
  const about = { agencyId: agency?.id ?? null, code: agency?.code ?? null, countyId: division.id, leftId: null };
  return { about: 'division', type, year, placedYear: year, revision: null, ...about, to: [], reason: null };
}

async function reviewedDivision(trx: Trx, act: ActContext, at: { readonly division: string; readonly year: number }) {
  const division = await resolveDivision(trx, at.division, referenceDate(at.year));
  await requireDivision(trx, act.caller, 'review', division, at.year);
  return division;
}

async function ownLock(trx: Trx, division: Division, year: number): Promise<YearLock> {
  const lock = await findLock(trx, division.id, year);
  if (lock) return lock;
  throw new Problem('not-found', {
    zh: `${division.name} ${year} 年度未锁定。`,
    en: `${year} is not locked for ${division.name} (${division.code}) itself.`,
  });
}

/** An agency of the division, or of the province that it lies in: that may be about to come into it. */
async function agencyWithin(trx: Trx, division: Division, code: string, year: number): Promise<Agency> {
  const agency = await agencyFor(trx, code, year);
  const own = await lineageOf(trx, agency.countyId, year);
  const nation = await findNation(trx);
  const shared = (await lineageOf(trx, division.id, year)).filter((id) => id !== nation || id === division.id);
  if (shared.some((id) => own.includes(id))) return agency;
  throw new Problem(
    'unknown-agency',
    {
      zh: `该机关当年不属于 ${division.name}，也不在其所在省份。`,
      en: `${agency.name} (${agency.code}) did not belong to ${division.name} (${division.code}) on ${referenceDate(year)}, nor to the province of that.`,
    },
    { agency: code },
  );
}

function subjectOf({ division, year }: { readonly division: string; readonly year: number }): string {
  return `/v1/divisions/${division}/locks/${year}`;
}
