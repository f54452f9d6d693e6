/** Closing an agency, and merging it into another. */
import { dayBefore, referenceDate, yearOf } from '../../day.js';
import type { Problem } from '../../problem.js';
import { recheck } from '../../report/recheck.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { type Agency, agencyStates, endAgencyState } from '../../store/register/agencies.js';
import { deleteSuccessions, insertSuccession, predecessorsOf, successorsOf } from '../../store/register/successions.js';
import { reportsOfAgency } from '../../store/reports.js';
import { agencyOn, aliveAgencyOn, lastStateOf, refuseTakenCode } from './change-codes.js';
import { type AppliedTo, rewriteAgency } from './placement.js';
import { refusal } from './refusal.js';
import type { AgencyClosing } from './register-change.js';

/** Closes an agency in a transaction. Refuses where a report or a merger needs it alive on that day or later. */
export async function closeAgency(trx: Trx, change: AgencyClosing): Promise<AppliedTo> {
  const { on } = change;
  const { id } = await agencyOn(trx, change.agency, dayBefore(on));
  const last = await lastStateOf(trx, id);
  const into = change.mergedInto === undefined ? null : await aliveAgencyOn(trx, change.mergedInto, on, '/mergedInto');
  const before = await successorsOf(trx, id);
  const sameInto = into ? before.length === 1 && before[0]?.id === into.id : before.length === 0;
  if (last.validTo === on && sameInto) return { outcome: 'unchanged', reportsMoved: 0, agencyId: id };
  if (on <= last.validFrom) throw tooEarly(last, on);
  if (into?.id === id) throw intoItself(last);
  await refuseReports(trx, last, on);
  await refuseMergedInto(trx, last, on);
  await refuseTakenCode(trx, { ...last, validTo: on });
  const reportsMoved = await rewriteAgency(trx, id, () => endAgencyState(trx, id, last.validFrom, on));
  await deleteSuccessions(trx, id);
  if (into) await insertSuccession(trx, id, into.id, on);
  // The year of a merger compares its carried-over cases with those of everything merged in it.
  for (const one of [...before, ...(into ? [{ id: into.id, on }] : [])]) await recheck(trx, one.id, yearOf(one.on));
  return { outcome: 'changed', reportsMoved, agencyId: id };
}

async function refuseReports(db: Db, last: Agency, on: string): Promise<void> {
  const years = (await reportsOfAgency(db, last.id)).map((report) => report.year);
  const orphaned = years.filter((year) => referenceDate(year) >= on);
  if (orphaned.length === 0) return;
  const reports = orphaned.map((year) => `/v1/reports/${last.code}/${year}`);
  throw refusal(
    'conflict',
    'HAS-REPORT',
    '/on',
    {
      zh: `${last.name}（${last.code}）已有 ${orphaned.join('、')} 年度报告，而自 ${on} 起撤销则该年 12 月 31 日已不存在；请先撤回报告或另定日期。`,
      en: `${last.name} (${last.code}) has a report for ${orphaned.join(', ')}, but closed on ${on} it is not there on 31 December of that year. Withdraw the report first, or close it later.`,
    },
    { reports },
  );
}

async function refuseMergedInto(db: Db, last: Agency, on: string): Promise<void> {
  const late = (await predecessorsOf(db, last.id)).find((one) => one.on >= on);
  const predecessor = late && (await agencyStates(db, late.id)).at(-1);
  if (!late || !predecessor) return;
  throw refusal(
    'conflict',
    'HAS-PREDECESSOR',
    '/on',
    {
      zh: `${predecessor.name}（${predecessor.code}）于 ${late.on} 并入 ${last.name}，后者在该日须存在。`,
      en: `${predecessor.name} (${predecessor.code}) went into ${last.name} on ${late.on}, when that must still be there.`,
    },
    { predecessor: { code: predecessor.code, name: predecessor.name, on: late.on } },
  );
}

function tooEarly(last: Agency, on: string): Problem {
  return refusal('invalid-change', 'BEFORE-LAST-STATE', '/on', {
    zh: `${last.name}（${last.code}）的现状始于 ${last.validFrom}，最早可于其次日撤销，不能是 ${on}。`,
    en: `The last state of ${last.name} (${last.code}) began on ${last.validFrom}: it can end on the day after at the earliest, not on ${on}.`,
  });
}

function intoItself(last: Agency): Problem {
  return refusal('invalid-change', 'INTO-ITSELF', '/mergedInto', {
    zh: `${last.name}（${last.code}）不能并入自身。`,
    en: `${last.name} (${last.code}) cannot go into itself.`,
  });
}
