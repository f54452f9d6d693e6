/** What of a division's sum lies in none of its parts: reports of agencies that went into several of them. */

import { referenceDate } from '../day.js';
import { undividedIn } from '../register/frame.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agenciesOn } from '../store/register/agencies.js';
import { type Division, divisionsNear } from '../store/register/divisions.js';
import { expectedFilers } from '../store/register/expectations.js';
import { sumAgencies } from '../store/rollup/read-sums.js';
import type { Summed } from './sums.js';

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
  const found = await undividedIn(db, division, year, frame);
  const undivided = found.filter(({ kind }) => !kinds || kinds.includes(kind));
  if (undivided.length === 0) return nothingUnallocated;
  const ids = undivided.map(({ id }) => id);
  const filed = await sumAgencies(db, ids, [year], noCells, inclusion);
  const day = referenceDate(year);
  const on = frame.on ?? day;
  const agencies = await agenciesOn(db, ids, day);
  const divisions = await divisionsNear(db, [...new Set(undivided.flatMap(({ places }) => places))], on);
  const listed = undivided.flatMap(({ id, places }): UnallocatedAgency[] => {
    const agency = agencies.get(id);
    if (!agency || !filed.get(id)?.has(year)) return [];
    return [{ agency, day, on, candidates: places.flatMap((place) => divisions.get(place) ?? []) }];
  });
  return {
    reports: listed.length,
    expected: (await expectedFilers(db, ids, [year])).length,
    agencies: listed.sort((one, other) => (one.agency.code < other.agency.code ? -1 : 1)),
  };
}

/** Kept as one list: the statement that reads no figures is kept with it. */
const noCells: readonly [] = [];
