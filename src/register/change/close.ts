/** Closing an agency, merging it into another, splitting it into several, and opening it again. */
import { dayBefore, dayInChina, referenceDate } from '../../day.js';
import type { Problem } from '../../problem.js';
import { recheckOrigins } from '../../report/recheck.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { type Agency, agencyStates } from '../../store/register/agencies.js';
import { type Basis, deleteBasis, setBasis } from '../../store/register/bases.js';
import {
  deleteSuccessions,
  everyHeirOf,
  insertSuccession,
  predecessorsOf,
  successorsOf,
} from '../../store/register/successions.js';
import { reportsOfAgency } from '../../store/reports.js';
import type { ActContext } from '../../words.js';
import { basisOn, isKnownBasis, knownBasis } from './basis.js';
import { agencyOn, successorsNamed } from './change-codes.js';
import { type History, type KeptHistory, statesOf } from './history.js';
import { historyOf, rewriteHistory } from './placement.js';
import { refusal } from './refusal.js';
import type { AgencyClosing, AppliedTo, Reopening } from './register-change.js';

/** Closes an agency in a transaction. Refuses where a report or a merger needs it alive on that day or later. */
export async function closeAgency(trx: Trx, act: ActContext, change: AgencyClosing): Promise<AppliedTo> {
  const { on } = change;
  const { id } = await agencyOn(trx, change.agency, dayBefore(on));
  const history = await historyOf(trx, id);
  const { first, closedOn } = history;
  const into = (await successorsNamed(trx, change)).map((one) => one.id);
  const place = { about: 'agency', id } as const;
  // What a change of the same day rests on, which the closing hides, is not what that rests on.
  const rested = closedOn === on ? await knownBasis(trx, place, on) : undefined;
  const basis = basisOn(on, change, rested, act.now);
  if (closedOn === on && sameAgencies(await successorsOf(trx, id), into)) {
    const unchanged = isKnownBasis(basis, rested);
    const done = { reportsMoved: 0, agencyId: id, touched: [] } as const;
    if (unchanged) return { outcome: 'unchanged', ...done };
    await setBasis(trx, place, basis);
    return { outcome: 'changed', ...done, only: 'basis' };
  }
  if (on <= first.validFrom) throw tooEarly(first, on);
  const after = { ...history, closedOn: on };
  const last = statesOf(after).at(-1) ?? first;
  if (into.includes(id)) {
    throw intoItself(last, change.splitInto === undefined ? '/mergedInto' : `/splitInto/${into.indexOf(id)}`);
  }
  await refuseReports(trx, last, on);
  await refuseMergedInto(trx, last, on);
  return rewriteSuccession(trx, act, id, { history, after, into, basis });
}

function sameAgencies(known: readonly { readonly id: number }[], ids: readonly number[]): boolean {
  return known.length === ids.length && known.every(({ id }) => ids.includes(id));
}

/** Opens an agency again that was closed, or is to be; what it went into is forgotten, what was to change comes back. */
export async function reopenAgency(trx: Trx, act: ActContext, { agency, on }: Reopening): Promise<AppliedTo> {
  const { id, name } = await agencyOn(trx, agency, on ?? dayInChina(act.now));
  const history = await historyOf(trx, id);
  if (history.closedOn === null) throw notClosed(name, agency);
  return rewriteSuccession(trx, act, id, {
    history,
    after: { ...history, closedOn: null },
    into: [],
    basis: undefined,
  });
}

/** An agency's history before and after, what it goes into at the end of that, and what that rests on. */
interface Ending {
  readonly history: KeptHistory;
  readonly after: History;
  readonly into: readonly number[];
  readonly basis: Basis | undefined;
}

async function rewriteSuccession(
  trx: Trx,
  act: ActContext,
  id: number,
  { history, after, into, basis }: Ending,
): Promise<AppliedTo> {
  const heirs = await everyHeirOf(trx, id);
  const place = { about: 'agency', id } as const;
  const write = async () => {
    await deleteSuccessions(trx, id);
    if (history.closedOn !== null) await deleteBasis(trx, place, history.closedOn);
    if (basis === undefined) return;
    for (const successorId of into) await insertSuccession(trx, id, successorId, basis.effective);
    await setBasis(trx, place, basis);
  };
  const applied = await rewriteHistory(trx, act, { id, before: history, after, write });
  // The year of a merger compares its carried-over cases with those of everything merged in it.
  const years = [history, after].flatMap(({ closedOn }) => (closedOn === null ? [] : [Number(closedOn.slice(0, 4))]));
  await recheckOrigins(trx, [...heirs, ...(await everyHeirOf(trx, id))], years);
  return applied;
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

function notClosed(name: string, code: string): Problem {
  return refusal('not-found', 'NOT-CLOSED', '/agency', {
    zh: `${name}（${code}）未撤销。`,
    en: `${name} (${code}) is not closed.`,
  });
}

function tooEarly(first: Agency, on: string): Problem {
  return refusal('invalid-change', 'BEFORE-LAST-STATE', '/on', {
    zh: `名录所载 ${first.name}（${first.code}）始于 ${first.validFrom}，最早可于其次日撤销，不能是 ${on}。`,
    en: `The register has ${first.name} (${first.code}) from ${first.validFrom} on: it can end on the day after at the earliest, not on ${on}.`,
  });
}

function intoItself(last: Agency, pointer: string): Problem {
  return refusal('invalid-change', 'INTO-ITSELF', pointer, {
    zh: `${last.name}（${last.code}）不能并入或分入自身。`,
    en: `${last.name} (${last.code}) cannot go into itself.`,
  });
}
