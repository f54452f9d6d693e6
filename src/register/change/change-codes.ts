/** What a code of the register means on a day, and the refusals that say why a change cannot be made. */
import { type Fault, Problem, type ProblemName } from '../../problem.js';
import { normalizeCode } from '../../report/filing.js';
import type { Db } from '../../store/engine/schema.js';
import {
  type Agency,
  agencyStates,
  agencyStatesByCode,
  findAgencyOn,
  findCodeHolder,
} from '../../store/register/agencies.js';
import { type Division, divisionsById, findDivision } from '../../store/register/divisions.js';

/** A refusal with one fault: `pointer` names the member of the change that is at fault. */
export function refusal(
  kind: ProblemName,
  code: string,
  pointer: string,
  message: Fault['message'],
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const fault: Fault = { code, severity: 'error', pointer, message };
  return new Problem(kind, message, { ...members, errors: [fault] });
}

/**
 * The agency a code means on a day, to be changed: the one that carries it then, else the one that carried it
 * last. Throws `unknown-agency`, and `invalid-change` for a county's own agency, which comes with its county.
 */
export async function agencyOn(db: Db, code: string, day: string, pointer = '/agency'): Promise<Agency> {
  const states = await agencyStatesByCode(db, normalizeCode(code));
  const state = states.find((one) => one.validFrom <= day && (one.validTo === null || one.validTo > day)) ?? states[0];
  if (!state) {
    throw refusal(
      'unknown-agency',
      'UNKNOWN-AGENCY',
      pointer,
      {
        zh: `名录中没有代码为 ${code} 的机关。`,
        en: `No agency in the register has the code ${code}.`,
      },
      { agency: code },
    );
  }
  if (state.kind !== 'COUNTY') return state;
  throw refusal('invalid-change', 'COUNTY-OWN', pointer, {
    zh: `${state.name}（${code}）是县级自身的报送主体，随行政区划而定，不能变更、撤销、并入或免报。`,
    en: `${state.name} (${code}) is a county's own agency: it comes with its county and is not changed, closed, merged or exempted.`,
  });
}

/** The same agency's state on that day. Throws `agency-closed` too, when it was not alive then. */
export async function aliveAgencyOn(db: Db, code: string, day: string, pointer = '/agency'): Promise<Agency> {
  const { id, name } = await agencyOn(db, code, day, pointer);
  const alive = await findAgencyOn(db, id, day);
  if (alive) return alive;
  throw refusal(
    'agency-closed',
    'NOT-ALIVE',
    pointer,
    {
      zh: `${name}（${code}）在 ${day} 未设立或已撤销。`,
      en: `${name} (${code}) was not active on ${day}.`,
    },
    { agency: code },
  );
}

/** The last state of an agency, which is the only one that can still be changed. */
export async function lastStateOf(db: Db, id: number): Promise<Agency> {
  const last = (await agencyStates(db, id)).at(-1);
  if (!last) throw new Error(`agency ${id} has no state`);
  return last;
}

/** The county with a code on a day. Throws `unknown-division`, or `invalid-change` for another level or day. */
export async function countyOn(db: Db, code: string, day: string): Promise<Division> {
  const division = await divisionCoded(db, code, '/county');
  if (division.level !== 'COUNTY') {
    throw refusal('invalid-change', 'NOT-A-COUNTY', '/county', {
      zh: `${division.name}（${code}）不是县级行政区划；机关须属于一个县级行政区划。`,
      en: `${division.name} (${code}) is not a county; an agency belongs to one.`,
    });
  }
  const then = (await divisionsById(db, [division.id], day)).get(division.id);
  if (then) return then;
  throw refusal('invalid-change', 'COUNTY-NOT-ALIVE', '/county', {
    zh: `${division.name}（${code}）在 ${day} 不在名录中。`,
    en: `The register does not have ${division.name} (${code}) on ${day}.`,
  });
}

/** The division that has a code, or had it last. Throws `unknown-division`. */
export async function divisionCoded(db: Db, code: string, pointer: string): Promise<Division> {
  const division = await findDivision(db, code);
  if (division) return division;
  throw refusal(
    'unknown-division',
    'UNKNOWN-DIVISION',
    pointer,
    {
      zh: `名录中没有代码为 ${code} 的行政区划。`,
      en: `No division in the register has the code ${code}.`,
    },
    { division: code },
  );
}

/** Refuses a state whose code another agency carries on any of its days. */
export async function refuseTakenCode(
  db: Db,
  state: Omit<Agency, 'id'> & { readonly id: number | null },
): Promise<void> {
  const span = { from: state.validFrom, to: state.validTo, except: state.id };
  const holder = await findCodeHolder(db, state.code, span);
  if (!holder) return;
  const days = {
    zh: `${holder.validFrom} 至 ${holder.validTo ?? '今'}`,
    en: `${holder.validFrom} to ${holder.validTo ?? 'now'}`,
  };
  throw refusal(
    'conflict',
    'CODE-TAKEN',
    '/code',
    {
      zh: `代码 ${state.code} 已由 ${holder.name} 使用（${days.zh}），同一日内不得重复。`,
      en: `The code ${state.code} is that of ${holder.name} (${days.en}); no two agencies have one code on the same day.`,
    },
    { holder: { code: holder.code, name: holder.name, validFrom: holder.validFrom, validTo: holder.validTo } },
  );
}
