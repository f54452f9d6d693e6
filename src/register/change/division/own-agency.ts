/** A county's own agency, under which it files what it publishes itself: it is called, begins and ends as its county does. */
import { referenceDate } from '../../../day.js';
import type { Problem } from '../../../problem.js';
import { recheckOrigins } from '../../../report/recheck.js';
import type { Trx } from '../../../store/engine/schema.js';
import { type Agency, insertAgency, ownAgencyOf, replaceAgencyStates } from '../../../store/register/agencies.js';
import { deleteChange, type KeptChange, setChange } from '../../../store/register/agency-changes.js';
import { basesOf, deleteBasis, setBasis } from '../../../store/register/bases.js';
import type { DivisionState } from '../../../store/register/divisions.js';
import { keepPast, nothingSaid } from '../../../store/register/past.js';
import { deleteSuccessions, everyHeirOf, insertSuccession } from '../../../store/register/successions.js';
import { reportsOfAgency } from '../../../store/reports.js';
import type { ActContext } from '../../../words.js';
import { holdsOn } from '../../codes.js';
import { refuseTakenCode } from '../change-codes.js';
import { type History, type KeptDivisionHistory, statesOf } from '../history.js';
import { historyOf, rewriteAgency } from '../placement.js';
import { refusal } from '../refusal.js';

/** Gives a new county its own agency. Refuses a code that another agency has (`conflict`). */
export async function addOwnAgency(trx: Trx, act: ActContext, county: DivisionState): Promise<void> {
  const { id: countyId, code, name, validFrom, validTo } = county;
  const state = { code, name, kind: 'COUNTY', countyId, validFrom, validTo } as const;
  await refuseTakenCode(trx, { ...state, id: null });
  const id = await insertAgency(trx, state);
  const days = { first: { id, ...state }, changes: [], closedOn: validTo };
  await restAsCounty(trx, { id, countyId }, { before: days, after: days });
  await keepPast(trx, { about: 'agency', id }, act.now.toISOString(), nothingSaid.agency);
}

/**
 * Gives a county's own agency the history of its county; of other levels there is none. Refuses a code that another
 * agency has, and an end before the 31 December of a year for which it has a report (`conflict`). Returns how many of its
 * reports are placed otherwise by it.
 */
export async function followOwnAgency(trx: Trx, act: ActContext, county: KeptDivisionHistory): Promise<number> {
  if (county.first.level !== 'COUNTY') return 0;
  const id = await ownAgencyOf(trx, county.first.id);
  if (id === undefined) return 0;
  const before = await historyOf(trx, id);
  const after = historyFrom(before.first, county);
  const states = statesOf(after);
  if (JSON.stringify([states, after.changes]) === JSON.stringify([before.states, before.changes])) return 0;
  for (const state of states) await refuseTakenCode(trx, state);
  await refuseReports(trx, id, states);
  return rewriteAgency(trx, act, id, async () => {
    for (const { validFrom } of before.changes) await deleteChange(trx, id, validFrom);
    for (const change of after.changes) await setChange(trx, id, change);
    await replaceAgencyStates(trx, id, states);
    await restAsCounty(trx, { id, countyId: county.first.id }, { before, after });
  });
}

/** Lets what the own agency of a county says rest on what that of the county does, where nothing else has changed. */
export async function restOwnAgency(trx: Trx, countyId: number): Promise<void> {
  const id = await ownAgencyOf(trx, countyId);
  if (id === undefined) return;
  const own = await historyOf(trx, id);
  await restAsCounty(trx, { id, countyId }, { before: own, after: own });
}

/** Lets each day of an own agency rest on what that of its county does; what a day rested on that is none any more goes. */
async function restAsCounty(
  trx: Trx,
  { id, countyId }: { readonly id: number; readonly countyId: number },
  { before, after }: { readonly before: History; readonly after: History },
): Promise<void> {
  const place = { about: 'agency', id } as const;
  const days = daysOf(after);
  for (const day of daysOf(before)) if (!days.includes(day)) await deleteBasis(trx, place, day);
  for (const basis of await basesOf(trx, { about: 'division', id: countyId })) {
    if (days.includes(basis.effective)) await setBasis(trx, place, basis);
  }
}

function daysOf({ first, changes, closedOn }: History): string[] {
  return [first.validFrom, ...changes.map(({ validFrom }) => validFrom), ...(closedOn === null ? [] : [closedOn])];
}

function historyFrom(own: Agency, { first, changes, closedOn }: KeptDivisionHistory): History {
  const { code, name, validFrom } = first;
  const said = changes.filter((change) => change.code !== null || change.name !== null);
  return {
    first: { ...own, code, name, validFrom },
    changes: said.map(
      (change): KeptChange => ({
        validFrom: change.validFrom,
        code: change.code,
        name: change.name,
        kind: null,
        countyId: null,
      }),
    ),
    closedOn,
  };
}

async function refuseReports(trx: Trx, id: number, states: readonly Agency[]): Promise<void> {
  const years = (await reportsOfAgency(trx, id)).map((report) => report.year);
  const orphaned = years.filter((year) => !states.some((state) => holdsOn(state, referenceDate(year))));
  const last = states.at(-1);
  if (orphaned.length > 0 && last) throw hasReport(last, orphaned);
}

function hasReport({ code, name }: Agency, years: readonly number[]): Problem {
  const reports = years.map((year) => `/v1/reports/${code}/${year}`);
  return refusal(
    'conflict',
    'HAS-REPORT',
    '/on',
    {
      zh: `${name}（${code}）自身已有 ${years.join('、')} 年度报告，而该年 12 月 31 日它已不存在；请先撤回报告或另定日期。`,
      en: `${name} (${code}) has a report of its own for ${years.join(', ')}, but is not there on 31 December of that year. Withdraw the report first, or choose another day.`,
    },
    { reports },
  );
}

/**
 * Says into which counties' own agencies that of a county goes at its end, and checks what is compared with it again; none
 * where it ends with nobody to follow, or its end is taken back.
 */
export async function succeedOwnAgency(
  trx: Trx,
  countyId: number,
  { into, on }: { readonly into: readonly number[]; readonly on: string },
): Promise<void> {
  const id = await ownAgencyOf(trx, countyId);
  if (id === undefined) return;
  const heirs = await everyHeirOf(trx, id);
  await deleteSuccessions(trx, id);
  for (const heirCounty of into) {
    const heir = await ownAgencyOf(trx, heirCounty);
    if (heir !== undefined) await insertSuccession(trx, id, heir, on);
  }
  await recheckOrigins(trx, [...heirs, ...(await everyHeirOf(trx, id))], [Number(on.slice(0, 4))]);
}
