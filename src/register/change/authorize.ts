/** Who may change what in the register, and what of a change the audit log keeps. */

import { requireScopeThroughout, type TouchedPlace } from '../../access/authority.js';
import { dayAfter, dayBefore, dayInChina, referenceDate } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { recordIn } from '../../store/audit-records.js';
import type { Trx } from '../../store/engine/schema.js';
import { type Agency, agencyStates, findAgencyOn } from '../../store/register/agencies.js';
import { findNation } from '../../store/register/divisions.js';
import type { Days } from '../../store/register/lineage.js';
import { everyHeirOf, successorsOf } from '../../store/register/successions.js';
import type { ActContext } from '../../words.js';
import { findDivision, normalizeCode, stateOn } from '../codes.js';
import { agencyOn, countyOn, deadlineDivision, successorsNamed } from './change-codes.js';
import { differencesOf, type KeptHistory } from './history.js';
import type {
  Addition,
  AgencyClosing,
  Alteration,
  Applied,
  AppliedTo,
  DeadlineChange,
  Exempting,
  RegisterChange,
  Reopening,
  Retraction,
  Undoing,
  Unexempting,
} from './register-change.js';
import { changesOfRegister } from './told.js';

/** What a change is about: the division it happens in, all that it concerns, its path, and how the agency was before. */
export interface Concern {
  readonly divisionId: number;
  /** That division, and the counties of what is changed and of what it goes into or went into. */
  readonly concerned: readonly number[];
  readonly subject: string;
  readonly before: Omit<Agency, 'id' | 'countyId'> | null;
}

/**
 * Holds a change to what its caller may do before it is looked at further: the scope `register` over what it names as
 * that lies on the day of the change and today, over where it goes, and over the codes that it gives. The days that it
 * rewrites are weighed when they are known (`requireRewriting`). Throws `unauthorized`, `forbidden`, and what is thrown
 * for codes that the register lacks.
 */
export async function requireChange(trx: Trx, act: ActContext, change: RegisterChange | Undoing): Promise<Concern> {
  if (change.action === 'deadline') return requireDeadline(trx, act, change);
  if (change.action === 'add') return requireAddition(trx, act, change);
  const day = dayOf(change, act.now);
  const agency = await agencyOn(trx, change.agency, change.action === 'close' ? dayBefore(day) : day);
  const { id, countyId, ...before } = agency;
  const places = [lyingOn(agency, day), ...(await alsoTouched(trx, act, change, { id, day }))];
  await requireRegister(trx, act, places);
  if (change.action === 'change') await requireDestination(trx, act, change);
  const concerned = [countyId, ...places.map(({ divisionId }) => divisionId)];
  return { divisionId: countyId, concerned, subject: `/v1/agencies/${agency.code}`, before };
}

/** A change to an agency that the register has. */
type ToAgency = Alteration | AgencyClosing | Exempting | Unexempting | Retraction | Reopening;

function dayOf(change: ToAgency, now: Date): string {
  if (change.action === 'retract') return dayInChina(now);
  if (change.action === 'reopen') return change.on ?? dayInChina(now);
  return 'on' in change ? change.on : referenceDate(change.year);
}

/** Throws `unauthorized`, or `forbidden` without the scope `register` over each of some places, then and today. */
export async function requireRegister(trx: Trx, act: ActContext, places: readonly TouchedPlace[]): Promise<void> {
  await requireScopeThroughout(trx, act.caller, 'register', places, dayInChina(act.now));
}

function lyingOn({ countyId }: Agency, day: string): TouchedPlace {
  return { divisionId: countyId, from: day, to: dayAfter(day) };
}

async function requireDeadline(trx: Trx, act: ActContext, change: DeadlineChange): Promise<Concern> {
  const { id, code } = await deadlineDivision(trx, change, act.now);
  const every = change.year === 0;
  const from = referenceDate(every ? firstYear : change.year);
  await requireRegister(trx, act, [{ divisionId: id, from, to: every ? null : dayAfter(from) }]);
  const whose = change.for === undefined || change.for === 'AGENCIES' ? '' : `?for=${change.for}`;
  const subject = `/v1/divisions/${code}/deadlines/${every ? 'every' : change.year}${whose}`;
  return { divisionId: id, concerned: [id], subject, before: null };
}

async function requireAddition(trx: Trx, act: ActContext, change: Addition): Promise<Concern> {
  const county = await countyOn(trx, change.county, change.validFrom);
  const code = normalizeCode(change.code);
  const days = { from: change.validFrom, to: null };
  await requireRegister(trx, act, [{ divisionId: county.id, ...days }, ...(await rangesOf(trx, act, code, days))]);
  return { divisionId: county.id, concerned: [county.id], subject: `/v1/agencies/${code}`, before: null };
}

async function requireDestination(trx: Trx, act: ActContext, { on, code, county }: Alteration): Promise<void> {
  const days = { from: on, to: dayAfter(on) };
  if (county !== undefined)
    await requireRegister(trx, act, [{ divisionId: (await countyOn(trx, county, on)).id, ...days }]);
  if (code !== undefined) await requireRegister(trx, act, await rangesOf(trx, act, normalizeCode(code), days));
}

/** Where the agency of a change lies today and at last, and the same of what it goes into or went into. */
async function alsoTouched(
  trx: Trx,
  act: ActContext,
  change: ToAgency,
  { id, day }: { readonly id: number; readonly day: string },
): Promise<TouchedPlace[]> {
  // A year that is over stays with the county that the agency lay in: what is rewritten is that county's figure.
  if (change.action === 'exempt' || change.action === 'unexempt') return [];
  const standing = await standingOf(trx, act, id);
  if (change.action !== 'close' && change.action !== 'reopen') return standing;
  const went = await Promise.all((await successorsOf(trx, id)).map((one) => placeOn(trx, one.id, one.on)));
  const into = change.action === 'close' ? await successorsNamed(trx, change) : [];
  const goes = into.map((one) => lyingOn(one, day));
  const heirs = await Promise.all([id, ...into.map((one) => one.id)].map((one) => everyHeirOf(trx, one)));
  const stand = await Promise.all([...new Set(heirs.flat())].map((heir) => standingOf(trx, act, heir)));
  return [...standing, ...went.flat(), ...goes, ...stand.flat()];
}

async function placeOn(trx: Trx, id: number, day: string): Promise<TouchedPlace[]> {
  const agency = await findAgencyOn(trx, id, day);
  return agency ? [lyingOn(agency, day)] : [];
}

/** Where an agency lies today, or lay last, and where it lies in its newest state. */
async function standingOf(trx: Trx, act: ActContext, id: number): Promise<TouchedPlace[]> {
  const today = dayInChina(act.now);
  const states = await agencyStates(trx, id);
  return [stateOn(states, today), states.at(-1)].flatMap((state) => (state ? [lyingOn(state, today)] : []));
}

/**
 * Holds a change to what its caller may do on each day on which it makes an agency otherwise: the scope `register` over
 * where it lay and over where it then lies, and over the codes that it did not have. Returns those counties. Throws
 * `unauthorized`, `forbidden`.
 */
export async function requireRewriting(
  trx: Trx,
  act: ActContext,
  before: KeptHistory,
  after: KeptHistory,
): Promise<readonly number[]> {
  const places: TouchedPlace[] = [];
  const ranges: TouchedPlace[] = [];
  for (const { from, to, was, is } of differencesOf(before, after)) {
    for (const state of [was, is]) if (state) places.push({ divisionId: state.countyId, from, to });
    const given = is && stateOn(before.states, from)?.code !== is.code;
    if (given) ranges.push(...(await rangesOf(trx, act, is.code, { from, to })));
  }
  await requireRegister(trx, act, [...places, ...ranges]);
  return places.map(({ divisionId }) => divisionId);
}

/** Six digits of a division, alone or with the three that tell its townships apart, and those of their villages. */
const inRange = /^(\d{6})(?:\d{3}){0,2}$/;

/**
 * The division whose digits a code begins with, on the first of some days and today; where there is none, the nearest
 * above it. Codes of another shape, such as those of departments, are in nobody's range.
 */
async function rangesOf(trx: Trx, act: ActContext, code: string, days: Days): Promise<TouchedPlace[]> {
  const [, six] = inRange.exec(code) ?? [];
  if (six === undefined) return [];
  const owners = new Set<number>();
  for (const day of [days.from, dayInChina(act.now)]) {
    const county = (await findDivision(trx, six, day)) ?? (await findDivision(trx, `${six.slice(0, 4)}00`, day));
    const owner = county ?? (await findDivision(trx, `${six.slice(0, 2)}0000`, day));
    owners.add(owner?.id ?? (await findNation(trx)));
  }
  return [...owners].map((divisionId) => ({ divisionId, ...days }));
}

/** Records a change that was made, in the log of each county that it concerns. */
export async function recordChange(
  trx: Trx,
  act: ActContext,
  change: RegisterChange | Undoing,
  { divisionId, concerned, subject, before }: Concern,
  applied: Applied & Partial<AppliedTo>,
): Promise<void> {
  if (applied.outcome === 'unchanged') return;
  const { action, ...after } = change;
  const { agencyId, only } = applied;
  const tells = await changesOfRegister(trx, act, change, { divisionId, agencyId, only });
  const divisionIds = [divisionId, ...concerned, ...(applied.touched ?? [])];
  await recordIn(trx, act, divisionIds, { action: `register.${action}`, subject, before, after, tells });
}
