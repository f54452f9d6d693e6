/** Coverage: how many agencies were expected to file for a year, and how many did. */

import type { Db } from '../store/engine/schema.js';
import { expectedCounts, expectedFilers } from '../store/register/expectations.js';
import { type FiledCounts, filedByAgency, filedCounts, nobodyFiled } from '../store/rollup/filed.js';
import type { SumOf } from '../store/rollup/sums.js';
import type { Inclusion } from '../words.js';

/**
 * How many agencies were expected to file for a year, and of these, how many did, whatever a sum includes; in time or late
 * as that is shown to whom the sum is.
 */
export interface Coverage extends FiledCounts {
  readonly expected: number;
}

/** The coverage of a division's agencies of some kinds or all, by year; `inclusionIn` says what is shown of a year. */
export async function coverageOfDivision(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds: SumOf['kinds'],
  inclusionIn: (year: number) => Inclusion,
): Promise<(year: number) => Coverage> {
  const expected = await expectedCounts(db, divisionId, years);
  const filed = await filedCounts(db, divisionId, years, kinds, inclusionIn);
  return (year) => ({
    expected: expected
      .filter((count) => count.year === year && (!kinds || kinds.includes(count.kind)))
      .reduce((sum, count) => sum + count.expected, 0),
    ...(filed.get(year) ?? nobodyFiled),
  });
}

/** The coverage of each of some agencies, ones and zeros, by its identity and year; `inclusionOf` says what is shown. */
export async function coverageOfAgencies(
  db: Db,
  ids: readonly number[],
  years: readonly number[],
  inclusionOf: (id: number, year: number) => Inclusion | null,
): Promise<(id: number, year: number) => Coverage> {
  const expected = new Set((await expectedFilers(db, ids, years)).map(({ agencyId, year }) => `${agencyId} ${year}`));
  const filed = await filedByAgency(db, ids, years, inclusionOf);
  return (id, year) => ({
    expected: Number(expected.has(`${id} ${year}`)),
    ...(filed.get(`${id} ${year}`) ?? nobodyFiled),
  });
}

/** The share of those expected that reported, 0 to 1; null when none is expected. */
export function coverageRate({ expected, reported }: Coverage): number | null {
  return expected > 0 ? reported / expected : null;
}
