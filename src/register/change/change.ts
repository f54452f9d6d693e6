/**
 * The use cases that change the register. A change, the expectations, the reports whose placement it changes and
 * their rollups are written in one transaction or not at all. What a year's 31 December says is never touched by
 * a change from a later day on, so past years stay as they were.
 */

import { namesFor } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import { type CommitOptions, inTransaction } from '../../store/engine/commit.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { insertAgency } from '../../store/register/agencies.js';
import { setBasis } from '../../store/register/bases.js';
import { deadlinesOf, reweighOnTime, setDeadline } from '../../store/register/deadlines.js';
import { deleteExemption, exemptionsOf, setExemption } from '../../store/register/exemptions.js';
import { shiftExpectations } from '../../store/register/expectations.js';
import { keepPast, nothingSaid, pastOfDivision } from '../../store/register/past.js';
import type { ActContext } from '../../words.js';
import { normalizeCode } from '../codes.js';
import { type AgencyRecord, agencyRecord, type DivisionRecord, divisionRecord } from '../register-view.js';
import { alterAgency, retractChange } from './alter.js';
import { recordChange, requireChange } from './authorize.js';
import { basisOn } from './basis.js';
import { agencyOn, aliveAgencyOn, countyOn, deadlineDivision, refuseTakenCode } from './change-codes.js';
import { closeAgency, reopenAgency } from './close.js';
import { followCounties } from './followed.js';
import { historyOf, rewriteAgency, rewriteHistory } from './placement.js';
import { refusal } from './refusal.js';
import type {
  Addition,
  AgencyChange,
  Applied,
  AppliedTo,
  DeadlineChange,
  Exempting,
  RegisterChange,
  Undoing,
  Unexempting,
} from './register-change.js';
import { tellOnTime } from './told.js';

/** What changing an agency came to. */
export type AgencyChanged = Applied & { readonly agency: AgencyRecord };

/** What changing a deadline came to. */
export type DeadlineChanged = Applied & { readonly division: DivisionRecord };

/**
 * Changes one agency and returns it as it then is. Throws `forbidden`, `unknown-agency`, `unknown-division`,
 * `agency-closed`, `invalid-change` for what the agency's own dates do not allow, and `conflict` where another
 * agency has the code or a report is in the way. After any throw nothing changed.
 */
export async function changeAgency(
  db: Db,
  act: ActContext,
  change: AgencyChange | Undoing,
  commit: CommitOptions<AgencyChanged>,
): Promise<AgencyChanged> {
  return inTransaction(db, commit, async (trx) => {
    const applied = await recorded(trx, act, change, () => applyToAgency(trx, act, change));
    const { outcome, reportsMoved, agencyId } = applied;
    return { outcome, reportsMoved, agency: await agencyRecord(trx, namesFor(trx, act.caller), agencyId, act.now) };
  });
}

/**
 * Sets or takes back a deadline and returns the division. Throws `unknown-division`, and `not-found` for a
 * deadline to be taken back that is not there.
 */
export async function changeDeadline(
  db: Db,
  act: ActContext,
  change: DeadlineChange,
  commit: CommitOptions<DeadlineChanged>,
): Promise<DeadlineChanged> {
  return inTransaction(db, commit, async (trx) => {
    const { divisionId, ...applied } = await recorded(trx, act, change, () => applyDeadline(trx, act, change));
    return { ...applied, division: await divisionRecord(trx, divisionId, act.now) };
  });
}

/** One change of any kind as a step of a transaction. Checks before it writes: what it refuses left no trace. */
export async function applyChange(trx: Trx, act: ActContext, change: RegisterChange): Promise<Applied> {
  return recorded<Applied>(trx, act, change, () =>
    change.action === 'deadline' ? applyDeadline(trx, act, change) : applyToAgency(trx, act, change),
  );
}

/** Makes a change that its caller may make, and records it. */
async function recorded<Done extends Applied>(
  trx: Trx,
  act: ActContext,
  change: RegisterChange | Undoing,
  apply: () => Promise<Done>,
): Promise<Done> {
  const concern = await requireChange(trx, act, change);
  const done = await apply();
  await recordChange(trx, act, change, concern, done);
  return done;
}

async function applyToAgency(trx: Trx, act: ActContext, change: AgencyChange | Undoing): Promise<AppliedTo> {
  switch (change.action) {
    case 'add':
      return addAgency(trx, act, change);
    case 'change':
      return alterAgency(trx, act, change);
    case 'retract':
      return retractChange(trx, act, change);
    case 'close':
      return closeAgency(trx, act, change);
    case 'reopen':
      return reopenAgency(trx, act, change);
    case 'exempt':
      return exemptAgency(trx, act, change);
    case 'unexempt':
      return unexemptAgency(trx, act, change);
  }
}

async function addAgency(trx: Trx, act: ActContext, change: Addition): Promise<AppliedTo> {
  const { name, kind, validFrom } = change;
  const county = await countyOn(trx, change.county, validFrom);
  const state = { code: normalizeCode(change.code), name, kind, countyId: county.id, validFrom, validTo: null };
  await refuseTakenCode(trx, { ...state, id: null });
  const agencyId = await insertAgency(trx, state);
  await keepPast(trx, { about: 'agency', id: agencyId }, act.now.toISOString(), nothingSaid.agency);
  await setBasis(trx, { about: 'agency', id: agencyId }, basisOn(validFrom, change, undefined, act.now));
  await shiftExpectations(trx, agencyId, 1);
  const before = await historyOf(trx, agencyId);
  const { added } = await followCounties(trx, before);
  // Where its county is merged later on it goes along.
  const { touched } =
    added.length === 0
      ? { touched: [] }
      : await rewriteHistory(trx, act, { id: agencyId, before, after: before, write: async () => {} });
  return { outcome: 'created', reportsMoved: 0, agencyId, touched: [county.id, ...touched] };
}

async function exemptAgency(trx: Trx, act: ActContext, change: Exempting): Promise<AppliedTo> {
  const { year, reason } = change;
  const { id } = await aliveAgencyOn(trx, change.agency, referenceDate(year));
  const known = (await exemptionsOf(trx, id)).find((exemption) => exemption.year === year);
  if (known?.reason === reason) return { outcome: 'unchanged', reportsMoved: 0, agencyId: id, touched: [] };
  const exemption = { year, reason, recordedBy: act.actor, recordedAt: act.now.toISOString() };
  const reportsMoved = await rewriteAgency(trx, act, id, () => setExemption(trx, id, exemption));
  return { outcome: known ? 'changed' : 'created', reportsMoved, agencyId: id, touched: [] };
}

async function unexemptAgency(trx: Trx, act: ActContext, change: Unexempting): Promise<AppliedTo> {
  const { id, name } = await agencyOn(trx, change.agency, referenceDate(change.year));
  const exemptions = await exemptionsOf(trx, id);
  if (!exemptions.some((exemption) => exemption.year === change.year)) {
    throw refusal('not-found', 'NOT-EXEMPTED', '/year', {
      zh: `${name}（${change.agency}）${change.year} 年度未免报。`,
      en: `${name} (${change.agency}) is not exempted for ${change.year}.`,
    });
  }
  const reportsMoved = await rewriteAgency(trx, act, id, () => deleteExemption(trx, id, change.year));
  return { outcome: 'changed', reportsMoved, agencyId: id, touched: [] };
}

async function applyDeadline(
  trx: Trx,
  act: ActContext,
  change: DeadlineChange,
): Promise<Applied & { readonly divisionId: number }> {
  const { id, name } = await deadlineDivision(trx, change, act.now);
  const filer = change.for ?? 'AGENCIES';
  const known = (await deadlinesOf(trx, id)).find((one) => one.filer === filer && one.year === change.year);
  if (!known && change.due === null) {
    throw refusal('not-found', 'NO-DEADLINE', '/year', {
      zh: `${name}（${change.division}）未设${change.year === 0 ? '每年' : ` ${change.year} 年度`}的截止日期。`,
      en: `${name} (${change.division}) has no deadline of its own for ${change.year === 0 ? 'every year' : change.year}.`,
    });
  }
  if (known?.due === change.due) return { outcome: 'unchanged', reportsMoved: 0, divisionId: id };
  await keepPast(trx, { about: 'division', id }, act.now.toISOString(), await pastOfDivision(trx, id));
  const key = { divisionId: id, filer, year: change.year };
  await setDeadline(trx, key, change.due);
  const reweighed = await reweighOnTime(trx, key);
  await tellOnTime(trx, reweighed);
  return { outcome: known ? 'changed' : 'created', reportsMoved: reweighed.length, divisionId: id };
}
