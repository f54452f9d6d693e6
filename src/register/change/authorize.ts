/** Who may change what in the register, and what of a change the audit log keeps. */

import { requireDivision } from '../../access/authority.js';
import { dayBefore, dayInChina, referenceDate, yearInChina } from '../../day.js';
import { record } from '../../store/audit-records.js';
import type { Trx } from '../../store/engine/schema.js';
import { type Agency, agencyStates, findAgencyOn } from '../../store/register/agencies.js';
import { type Division, divisionsById } from '../../store/register/divisions.js';
import { successorsOf } from '../../store/register/successions.js';
import type { ActContext } from '../../words.js';
import { normalizeCode } from '../codes.js';
import { agencyOn, aliveAgencyOn, countyOn, deadlineDivision } from './change-codes.js';
import type { Applied } from './placement.js';
import type { Addition, DeadlineChange, RegisterChange, Undoing } from './register-change.js';

/** What a change is about: the division it happens in, its path, and how the agency was before. */
export interface Concern {
  readonly divisionId: number;
  readonly subject: string;
  readonly before: Omit<Agency, 'id' | 'countyId'> | null;
}

/**
 * Holds a change to what its caller may do: the scope `register` for the county an agency lies in, for the one it
 * comes to, for those of what it goes into or went into, and for the division whose deadline it is. Throws `unauthorized`, `forbidden`, and what is thrown for
 * codes that the register lacks.
 */
export async function requireChange(trx: Trx, act: ActContext, change: RegisterChange | Undoing): Promise<Concern> {
  // Who has a county today keeps its register, whatever day a change is from.
  const year = yearInChina(act.now);
  const require = (division: Division) => requireDivision(trx, act.caller, 'register', division, year);
  if (change.action === 'deadline') {
    const division = await deadlineDivision(trx, change, act.now);
    await require(division);
    const whose = change.for === undefined || change.for === 'AGENCIES' ? '' : `?for=${change.for}`;
    const subject = `/v1/divisions/${division.code}/deadlines/${change.year === 0 ? 'every' : change.year}${whose}`;
    return { divisionId: division.id, subject, before: null };
  }
  if (change.action === 'add') {
    const county = await countyOn(trx, change.county, change.validFrom);
    await require(county);
    return { divisionId: county.id, subject: `/v1/agencies/${normalizeCode(change.code)}`, before: null };
  }
  const day = dayOf(change, act.now);
  const agency = await agencyOn(trx, change.agency, change.action === 'close' ? dayBefore(day) : day);
  const { id, countyId, ...before } = agency;
  await require(await countyNow(trx, agency, day));
  for (const state of await touchedBy(trx, change, { id, day })) await require(await countyNow(trx, state, day));
  if (change.action === 'change' && change.county !== undefined) await require(await countyOn(trx, change.county, day));
  return { divisionId: countyId, subject: `/v1/agencies/${agency.code}`, before };
}

function dayOf(change: Exclude<RegisterChange | Undoing, DeadlineChange | Addition>, now: Date): string {
  if (change.action === 'retract' || change.action === 'reopen') return dayInChina(now);
  return 'on' in change ? change.on : referenceDate(change.year);
}

/**
 * The states, of the agency from the day on and of what it goes into or went into, that a change makes anew: who keeps
 * the register of their counties has a say in it, too.
 */
async function touchedBy(
  trx: Trx,
  change: RegisterChange | Undoing,
  { id, day }: { readonly id: number; readonly day: string },
): Promise<Agency[]> {
  if (change.action === 'exempt' || change.action === 'unexempt') return [];
  const later = (await agencyStates(trx, id)).filter(({ validTo }) => validTo === null || validTo > day);
  if (change.action !== 'close' && change.action !== 'reopen') return later;
  const before = await successorsOf(trx, id);
  const went = await Promise.all(before.map((one) => findAgencyOn(trx, one.id, one.on)));
  const goes =
    change.action === 'close' && change.mergedInto !== undefined
      ? [await aliveAgencyOn(trx, change.mergedInto, day, '/mergedInto')]
      : [];
  return [...later, ...goes, ...went.flatMap((agency) => agency ?? [])];
}

/** The county of an agency as it lies on a day, or else as it lay when the agency's state began. */
async function countyNow(trx: Trx, agency: Agency, day: string): Promise<Division> {
  const county =
    (await divisionsById(trx, [agency.countyId], day)).get(agency.countyId) ??
    (await divisionsById(trx, [agency.countyId], agency.validFrom)).get(agency.countyId);
  if (!county) throw new Error(`agency ${agency.id} lies in no county`);
  return county;
}

/** Records a change that was made. */
export async function recordChange(
  trx: Trx,
  act: ActContext,
  change: RegisterChange | Undoing,
  { divisionId, subject, before }: Concern,
  applied: Applied,
): Promise<void> {
  if (applied.outcome === 'unchanged') return;
  const { action, ...after } = change;
  await record(trx, act, { action: `register.${action}`, divisionId, subject, before, after });
}
