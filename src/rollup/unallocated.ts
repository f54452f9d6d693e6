/** Where a division's sum cannot be followed: what of it lies in none of its parts, and what breaks its series. */

import { referenceDate } from '../day.js';
import { type Break, breaksOf } from '../register/breaks.js';
import { holdsOn } from '../register/codes.js';
import { undividedOn } from '../register/frame.js';
import { agencyStatesIn, agencyYearKey, isExemptIn, type RegisterAt } from '../register/known.js';
import { reportsIn } from '../report/known.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import { type Division, divisionsNear } from '../store/register/divisions.js';
import { sumAgencies } from '../store/rollup/read-sums.js';
import type { Inclusion } from '../words.js';
import type { Summed } from './sums.js';
import { registerOf } from './territories.js';

/** An agency as it was on 31 December of the year (`day`), and the divisions in which its report may lie on another day. */
export interface UnallocatedAgency {
  readonly agency: Agency;
  readonly day: string;
  readonly candidates: readonly Division[];
  readonly on: string;
}

/** Of the reports in a division's sum, and of the agencies expected in it, those that lie in none of its parts. */
export interface Unallocated {
  readonly reports: number;
  readonly expected: number;
  /** Those whose reports they are, by code. */
  readonly agencies: readonly UnallocatedAgency[];
}

/** Nothing lies between the parts: as reported, every report lies in one county. */
export const nothingUnallocated: Unallocated = { reports: 0, expected: 0, agencies: [] };

/** What lies in none of the parts of a division, of the reports that its sum for a year is of. */
export async function findUnallocated(
  db: Db,
  { division, frame, inclusion, kinds }: Summed,
  year: number,
): Promise<Unallocated> {
  const register = await registerOf(db, frame);
  const found = await undividedOn(db, register, division, year, frame.on);
  const undivided = found.filter(({ kind }) => !kinds || kinds.includes(kind));
  if (undivided.length === 0) return nothingUnallocated;
  const ids = undivided.map(({ id }) => id);
  const isFiled = await filedIn(db, register, ids, year, inclusion);
  const day = referenceDate(year);
  const on = frame.on ?? day;
  const divisions = await divisionsNear(db, [...new Set(undivided.flatMap(({ places }) => places))], on);
  const listed: UnallocatedAgency[] = [];
  let expected = 0;
  for (const { id, places } of undivided) {
    if (!(await isExemptIn(db, register, id, year))) expected++;
    const agency = (await agencyStatesIn(db, register, id)).find((state) => holdsOn(state, day));
    if (!agency || !isFiled(id)) continue;
    listed.push({ agency, day, on, candidates: places.flatMap((place) => divisions.get(place) ?? []) });
  }
  listed.sort((one, other) => (one.agency.code < other.agency.code ? -1 : 1));
  return { reports: listed.length, expected, agencies: listed };
}

/** What keeps a division's figures of a year from being compared with those of other years in their frame. */
export async function breaksIn(db: Db, { division, frame }: Summed, year: number): Promise<readonly Break[]> {
  return breaksOf(db, await registerOf(db, frame), division, year, frame);
}

/** Tells of some agencies who has a report for a year that a sum is of, as it is or was known. */
async function filedIn(
  db: Db,
  register: RegisterAt,
  ids: readonly number[],
  year: number,
  inclusion: Inclusion,
): Promise<(id: number) => boolean> {
  if (register.at === null) {
    const filed = await sumAgencies(db, ids, [year], noCells, inclusion);
    return (id) => filed.get(id)?.has(year) ?? false;
  }
  const known = await reportsIn(
    db,
    register,
    ids.map((agencyId) => ({ agencyId, year })),
  );
  return (agencyId) => {
    const report = known.get(agencyYearKey({ agencyId, year }));
    return (inclusion === 'ALL' ? report?.current : report?.accepted) !== undefined;
  };
}

/** Kept as one list: the statement that reads no figures is kept with it. */
const noCells: readonly [] = [];
