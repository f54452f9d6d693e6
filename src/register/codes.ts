/** What a code means: an agency for a report year, an agency or a division of today. A code is not an identity. */
import { referenceDate } from '../day.js';
import { Problem } from '../problem.js';
import { normalizeCode } from '../report/filing.js';
import type { Db } from '../store/engine/schema.js';
import {
  type Agency,
  agencyStates,
  agencyStatesByCode,
  findAgencyOn,
  successorsOf,
} from '../store/register/agencies.js';
import { type Division, findDivision } from '../store/register/divisions.js';

/**
 * The agency a code means for a report year. A code is not an identity: the state of 31 December decides, and
 * where the code was carried in other years only, it still names the one agency that carried it. Throws
 * `unknown-agency`, or `agency-closed` when it was not alive on that day.
 */
export async function agencyFor(db: Db, code: string, year: number): Promise<Agency> {
  const states = await agencyStatesByCode(db, normalizeCode(code));
  const day = referenceDate(year);
  const inForce = states.find((state) => state.validFrom <= day && (state.validTo === null || state.validTo > day));
  if (inForce) return inForce;
  const ids = [...new Set(states.map((state) => state.id))];
  const [id] = ids;
  if (id === undefined) {
    throw unknownAgency(code);
  }
  const alive = ids.length === 1 ? await findAgencyOn(db, id, day) : undefined;
  if (alive) return alive;
  throw await closedProblem(db, code, year, states);
}

/** The refusal of a code that no agency ever had. */
export function unknownAgency(code: string): Problem {
  return new Problem(
    'unknown-agency',
    { zh: `名录中没有代码为 ${code} 的机关。`, en: `No agency in the register has the code ${code}.` },
    {
      agency: code,
    },
  );
}

async function closedProblem(db: Db, code: string, year: number, states: readonly Agency[]): Promise<Problem> {
  const spans = states.map((state) => `${state.name} ${state.validFrom} – ${state.validTo ?? ''}`).join('; ');
  const into = await Promise.all(states.map((state) => successorsOf(db, state.id)));
  const found = await Promise.all(into.flat().map(({ id }) => findAgencyOn(db, id, referenceDate(year))));
  const successors = found.flatMap((agency) => (agency ? [{ code: agency.code, name: agency.name }] : []));
  const named = successors.map((agency) => `${agency.name} (${agency.code})`).join(', ');
  const went = successors.length > 0 ? { en: ` It went into ${named}.`, zh: `已并入 ${named}。` } : { en: '', zh: '' };
  const day = referenceDate(year);
  return new Problem(
    'agency-closed',
    {
      zh: `${code} 在 ${day} 未设立或已撤销（${spans}）。${went.zh}`,
      en: `${code} was not active on ${day} (${spans}).${went.en}`,
    },
    { agency: code, year, successors },
  );
}

/** The agency that has that code today, or else had it last, alive or not. Throws `unknown-agency`. */
export async function agencyNamed(db: Db, code: string): Promise<Agency> {
  const [state] = await agencyStatesByCode(db, normalizeCode(code));
  if (state) return (await agencyStates(db, state.id)).at(-1) ?? state;
  throw unknownAgency(code);
}

/** The division with that code. Throws `unknown-division`. */
export async function divisionNamed(db: Db, code: string): Promise<Division> {
  const division = await findDivision(db, code);
  if (division) return division;
  throw new Problem(
    'unknown-division',
    { zh: `名录中没有代码为 ${code} 的行政区划。`, en: `No division in the register has the code ${code}.` },
    {
      division: code,
    },
  );
}
