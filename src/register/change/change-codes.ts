/** What the codes of a change mean on its day, with refusals that name the member at fault. */
import { dayInChina, referenceDate } from '../../day.js';
import type { Db } from '../../store/engine/schema.js';
import { type Agency, findCodeHolder } from '../../store/register/agencies.js';
import type { Division, DivisionState } from '../../store/register/divisions.js';
import { divisionLevels } from '../../words.js';
import { findAgency, findDivision, holdsOn, unknownAgency, unknownDivision } from '../codes.js';
import { codeTaken, refusal } from './refusal.js';
import type { AgencyClosing, DeadlineChange } from './register-change.js';

/**
 * The agency a code means on a day, to be changed. Throws `unknown-agency`, and `invalid-change` for a county's own
 * agency, which comes with its county.
 */
export async function agencyOn(db: Db, code: string, day: string, pointer = '/agency'): Promise<Agency> {
  const agency = await findAgency(db, code, day);
  if (!agency) {
    const { kind, detail, members } = unknownAgency(code);
    throw refusal(kind, 'UNKNOWN-AGENCY', pointer, detail, members);
  }
  if (agency.kind !== 'COUNTY') return agency;
  throw refusal('invalid-change', 'COUNTY-OWN', pointer, {
    zh: `${agency.name}（${code}）是县级自身的报送主体，随行政区划而定，不能变更、撤销、并入或免报。`,
    en: `${agency.name} (${code}) is a county's own agency: it comes with its county and is not changed, closed, merged or exempted.`,
  });
}

/** The same, alive on that day. Throws `agency-closed` too, when it was not. */
export async function aliveAgencyOn(db: Db, code: string, day: string, pointer = '/agency'): Promise<Agency> {
  const agency = await agencyOn(db, code, day, pointer);
  if (holdsOn(agency, day)) return agency;
  throw refusal(
    'agency-closed',
    'NOT-ALIVE',
    pointer,
    {
      zh: `${agency.name}（${code}）在 ${day} 未设立或已撤销。`,
      en: `${agency.name} (${code}) was not active on ${day}.`,
    },
    { agency: code },
  );
}

/**
 * The agencies that one goes into by its closing, alive on that day; none when it only ends. Throws what `aliveAgencyOn`
 * does, and `invalid-change` where one agency is named twice.
 */
export async function successorsNamed(db: Db, { on, mergedInto, splitInto = [] }: AgencyClosing): Promise<Agency[]> {
  if (mergedInto !== undefined) return [await aliveAgencyOn(db, mergedInto, on, '/mergedInto')];
  const parts: Agency[] = [];
  for (const [place, code] of splitInto.entries()) {
    const pointer = `/splitInto/${place}`;
    const part = await aliveAgencyOn(db, code, on, pointer);
    if (parts.some(({ id }) => id === part.id)) {
      throw refusal('invalid-change', 'TWICE', pointer, {
        zh: `${part.name}（${code}）重复列出。`,
        en: `${part.name} (${code}) is named twice.`,
      });
    }
    parts.push(part);
  }
  return parts;
}

/** The county with a code on a day. Throws `unknown-division`, or `invalid-change` for another level or day. */
export async function countyOn(db: Db, code: string, day: string): Promise<Division> {
  const division = await divisionOn(db, code, day, '/county');
  if (division.level !== 'COUNTY') {
    throw refusal('invalid-change', 'NOT-A-COUNTY', '/county', {
      zh: `${division.name}（${code}）不是县级行政区划；机关须属于一个县级行政区划。`,
      en: `${division.name} (${code}) is not a county; an agency belongs to one.`,
    });
  }
  if (holdsOn(division, day)) return division;
  throw refusal('invalid-change', 'COUNTY-NOT-ALIVE', '/county', {
    zh: `${division.name}（${code}）在 ${day} 不在名录中。`,
    en: `The register does not have ${division.name} (${code}) on ${day}.`,
  });
}

/**
 * The division whose deadline is set: on 31 December of the year it is for, or today when it is for every year.
 * Throws `unknown-division`, and `invalid-change` for the reports of a level above its own.
 */
export async function deadlineDivision(db: Db, change: DeadlineChange, now: Date): Promise<Division> {
  const day = change.year === 0 ? dayInChina(now) : referenceDate(change.year);
  const division = await divisionOn(db, change.division, day, '/division');
  const { for: filer = 'AGENCIES' } = change;
  if (filer === 'AGENCIES' || divisionLevels.indexOf(filer) >= divisionLevels.indexOf(division.level)) return division;
  throw refusal('invalid-change', 'NOT-WITHIN', '/for', {
    zh: `${division.name}（${change.division}）之内没有这一级（${filer}）的行政区划，不能为其设定截止日期。`,
    en: `${division.name} (${change.division}) is below the level ${filer}: there is no report of that level within it to set a day for.`,
  });
}

/** The division with a code on a day, in the register then or not. Throws `unknown-division`. */
export async function divisionOn(db: Db, code: string, day: string, pointer: string): Promise<DivisionState> {
  const division = await findDivision(db, code, day);
  if (division) return division;
  const { kind, detail, members } = unknownDivision(code);
  throw refusal(kind, 'UNKNOWN-DIVISION', pointer, detail, members);
}

/** Refuses a state whose code another agency carries on any of its days. */
export async function refuseTakenCode(
  db: Db,
  state: Omit<Agency, 'id'> & { readonly id: number | null },
): Promise<void> {
  const span = { from: state.validFrom, to: state.validTo, except: state.id };
  const holder = await findCodeHolder(db, state.code, span);
  if (holder) throw codeTaken(holder, 'agencies');
}
