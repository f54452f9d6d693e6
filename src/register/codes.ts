/** What a code of the register means on a day. A code is not an identity: it can go from one agency to another. */
import { z } from 'zod';
import { referenceDate } from '../day.js';
import { Problem } from '../problem.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agencyStates, agencyStatesByCode, findAgencyOn } from '../store/register/agencies.js';
import type { DivisionState } from '../store/register/divisions.js';
import { keptStatesByCode } from '../store/register/find/kept-places.js';
import { otherCodesOf, otherHoldersOf } from '../store/register/other-codes.js';
import { everyHeirOf } from '../store/register/successions.js';

/** A code, and the name of the agency or division that has it. */
export interface NamedCode {
  readonly code: string;
  readonly name: string;
}

/**
 * A code of the register: a township's nine (or twelve) digits, a county's six, or 2 to 32 letters, digits, hyphens. The
 * register's own digits are the statistics bureau's; before `MCA-` they are the ministry's, before `NBS-` the bureau's.
 */
export const agencyCode = z
  .string()
  .regex(/^[A-Za-z0-9-]{2,32}$/)
  .meta({
    label: {
      zh: '机关代码：乡镇九位或十二位数字，县六位，或其他代码。数字以国家统计局代码为准，民政部代码前加 MCA-',
      en: "Code in the register: nine or twelve digits of a township, six of a county, or another code. Digits are the statistics bureau's; the ministry's stand after MCA-",
    },
  });

/** Twelve digits of statistics mean the same as the nine of a township. */
export function normalizeCode(code: string): string {
  return /^(?:MCA-|NBS-)?\d{9}000$/.test(code) ? code.slice(0, -3) : code;
}

/** A state of the register holds from its first day up to, not including, `validTo`; null is for ever. */
interface Span {
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Whether a state holds on a day. */
export function holdsOn({ validFrom, validTo }: Span, day: string): boolean {
  return validFrom <= day && (validTo === null || validTo > day);
}

/**
 * Of states of which no two hold on one day: the one that holds on a day, else the one that ended last before it,
 * else the one that begins next. Undefined where there are none.
 */
export function stateOn<State extends Span>(states: readonly State[], day: string): State | undefined {
  const inTime = states.toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
  return inTime.findLast(({ validFrom }) => validFrom <= day) ?? inTime[0];
}

/**
 * What a code means on a day, in the state of that day (or the last before it, or the next), of all states of those that
 * ever have it. Undefined where nobody does.
 */
export function meaningOf<State extends Span & { readonly id: number; readonly code: string }>(
  states: readonly State[],
  code: string,
  day: string,
): State | undefined {
  // Mostly there is one state, which is what the code means on every day.
  if (states.length === 1) return states[0];
  const carrier = stateOn(
    states.filter((state) => state.code === code),
    day,
  );
  return (
    carrier &&
    stateOn(
      states.filter(({ id }) => id === carrier.id),
      day,
    )
  );
}

/** What a code means on a day, and the states that have it. */
interface Meaning {
  readonly agency: Agency | undefined;
  readonly carried: readonly Agency[];
}

const nothing: Meaning = { agency: undefined, carried: [] };

/** The agency that a code of the register means on a day. */
async function registerMeaning(db: Db, code: string, day: string): Promise<Meaning> {
  const states = await agencyStatesByCode(db, code);
  return { agency: meaningOf(states, code, day), carried: states.filter((state) => state.code === code) };
}

/**
 * The agency that the ministry gives some digits on a day: one of which it is known that its digits are others than the
 * bureau's, or else the one that has them in the register, if the ministry's are not known to be others.
 */
async function ministryMeaning(db: Db, digits: string, day: string): Promise<Meaning> {
  const holder = stateOn(await otherHoldersOf(db, digits), day);
  if (holder) {
    const carried = await agencyStates(db, holder.agencyId);
    return { agency: stateOn(carried, day), carried };
  }
  const same = await registerMeaning(db, digits, day);
  const others = same.agency ? await otherCodesOf(db, same.agency.id) : [];
  return others.some((other) => holdsOn(other, day)) ? nothing : same;
}

/** By the register first, in which any code can be written as it is, then by who gives it. */
async function meaningOn(db: Db, code: string, day: string): Promise<Meaning> {
  const plain = normalizeCode(code);
  const meant = await registerMeaning(db, plain, day);
  if (meant.agency) return meant;
  const [, authority, digits] = /^(MCA|NBS)-(.+)$/.exec(plain) ?? [];
  if (authority === 'NBS' && digits) return registerMeaning(db, digits, day);
  if (authority === 'MCA' && digits) return ministryMeaning(db, digits, day);
  return ministryMeaning(db, plain, day);
}

/**
 * The agency that a code means on a day: the one that has it then, else the one that had it last before, else the
 * one that gets it next. It is in its state of that day, or the last before it, or the next. A code that nobody ever has
 * in the register means whoever the ministry gives it to. Undefined when that is nobody either.
 */
export async function findAgency(db: Db, code: string, day: string): Promise<Agency | undefined> {
  return (await meaningOn(db, code, day)).agency;
}

/** The agency that a code means on a day, alive then or not. Throws `unknown-agency` when none ever has the code. */
export async function resolveAgency(db: Db, code: string, day: string): Promise<Agency> {
  const agency = await findAgency(db, code, day);
  if (agency) return agency;
  throw unknownAgency(code);
}

/**
 * The agency that a code means for a report year, in its state of 31 December. Throws `unknown-agency`, and
 * `agency-closed` when it was not alive on that day.
 */
export async function agencyFor(db: Db, code: string, year: number): Promise<Agency> {
  const { agency, carried } = await meaningOn(db, code, referenceDate(year));
  if (!agency) throw unknownAgency(code);
  if (holdsOn(agency, referenceDate(year))) return agency;
  throw await closedProblem(db, { agency, code, year, carried });
}

/** The division that a code means on a day, by the same rule as `findAgency`. Undefined when none ever has it. */
export async function findDivision(db: Db, code: string, day: string): Promise<DivisionState | undefined> {
  return meaningOf(await keptStatesByCode(db, code), code, day);
}

/** The division that a code means on a day, in the register then or not. Throws `unknown-division` when none ever has the code. */
export async function resolveDivision(db: Db, code: string, day: string): Promise<DivisionState> {
  const division = await findDivision(db, code, day);
  if (division) return division;
  throw unknownDivision(code);
}

/** The refusal of a code that no agency ever has. */
export function unknownAgency(code: string): Problem {
  return new Problem(
    'unknown-agency',
    { zh: `名录中没有代码为 ${code} 的机关。`, en: `No agency in the register has the code ${code}.` },
    { agency: code },
  );
}

/** The refusal of a code that no division ever has. */
export function unknownDivision(code: string): Problem {
  return new Problem(
    'unknown-division',
    { zh: `名录中没有代码为 ${code} 的行政区划。`, en: `No division in the register has the code ${code}.` },
    { division: code },
  );
}

/** An agency that a code means for a year in which it is not alive, and who has the code at any time. */
interface Closed {
  readonly agency: Agency;
  readonly code: string;
  readonly year: number;
  readonly carried: readonly Agency[];
}

async function closedProblem(db: Db, { agency, code, year, carried }: Closed): Promise<Problem> {
  const day = referenceDate(year);
  const once = [...new Map(carried.map((state) => [`${state.id} ${state.validFrom}`, state])).values()];
  const newestFirst = once.toSorted((one, other) => (one.validFrom < other.validFrom ? 1 : -1));
  const spans = newestFirst.map((state) => `${state.name} ${state.validFrom} – ${state.validTo ?? ''}`).join('; ');
  const heirs = (await everyHeirOf(db, agency.id)).filter((id) => id !== agency.id);
  const found = await Promise.all(heirs.map((id) => findAgencyOn(db, id, day)));
  const successors = found.flatMap((successor) => (successor ? [{ code: successor.code, name: successor.name }] : []));
  const named = successors.map((successor) => `${successor.name} (${successor.code})`).join(', ');
  // Several are alive on one day only where it, or what it went into, was split.
  const went = successors.length > 1 ? '已分入' : '已并入';
  const into = successors.length > 0 ? { en: ` It went into ${named}.`, zh: `${went} ${named}。` } : { en: '', zh: '' };
  return new Problem(
    'agency-closed',
    {
      zh: `${code} 在 ${day} 未设立或已撤销（${spans}）。${into.zh}`,
      en: `${code} was not active on ${day} (${spans}).${into.en}`,
    },
    { agency: code, year, successors },
  );
}
