/** Whom a question is about, as resolvers pass it on. */
import { divisionsOf } from '../../../register/browse.js';
import { dayNear } from '../../../register/search.js';
import type { Summed } from '../../../rollup/sums.js';
import type { Db } from '../../../store/engine/schema.js';
import type { Agency } from '../../../store/register/agencies.js';
import type { Division, DivisionState } from '../../../store/register/divisions.js';

/** A division, and the day on which it is looked at. */
export type DivisionSource = Division & { readonly day: string };

/** An agency, and the day on which it is looked at. */
export type AgencySource = Agency & { readonly day: string };

/** Whose figures they are: an agency's, or those that a division's sum is of. */
export type Subject = { readonly agency: AgencySource } | (Summed & { readonly division: DivisionSource });

/** A division as it is looked at on a day; one that is not there then, on the nearest day on which it was. */
export function divisionNear(state: DivisionState, day: string): DivisionSource {
  return { ...state, day: dayNear(state, day) };
}

/** An agency that is looked at on a day. Written out: to spread it before another member takes V8 a hundred times as long. */
export function agencyOn({ id, code, name, kind, countyId, validFrom, validTo }: Agency, day: string): AgencySource {
  return { id, code, name, kind, countyId, validFrom, validTo, day };
}

/** An agency as it is looked at on a day; one that is not there then, on the nearest day on which it was. */
export function agencyNear(state: Agency, day: string): AgencySource {
  return agencyOn(state, dayNear(state, day));
}

/** A step that answers with the division to which a source leads, on a day, all of a level at once; null where it leads to none. */
export function leadsToDivision<Source>(where: (source: Source) => DivisionAt) {
  return {
    each: (sources: readonly Source[], _: unknown, { db }: { readonly db: Db }) => divisionsAt(db, sources.map(where)),
  };
}

/** A division by its identity on a day. */
interface DivisionAt {
  readonly id: number | null;
  readonly day: string;
}

async function divisionsAt(db: Db, asked: readonly DivisionAt[]): Promise<(DivisionSource | null)[]> {
  const found = new Map<string, DivisionSource>();
  for (const day of new Set(asked.map((one) => one.day))) {
    const ids = new Set(asked.flatMap(({ id, day: own }) => (own === day && id !== null ? [id] : [])));
    for (const division of ids.size === 0 ? [] : await divisionsOf(db, [...ids], day)) {
      found.set(`${division.id} ${day}`, { ...division, day });
    }
  }
  return asked.map(({ id, day }) => found.get(`${id} ${day}`) ?? null);
}
