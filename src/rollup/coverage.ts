/** Coverage: how many agencies were expected to file for a year, and how many did. */

import type { Db } from '../store/engine/schema.js';
import { expectedCounts, expectedFilers } from '../store/register/expectations.js';
import { countsShown, type FiledCounts, filedByAgency, filedCounts, nobodyFiled } from '../store/rollup/filed.js';
import type { Sign, SumOf } from '../store/rollup/sums.js';
import type { KnownOtherwise, Territory } from '../store/rollup/territory.js';
import type { AgencyKind, Inclusion } from '../words.js';

/**
 * How many agencies were expected to file for a year, and of these, how many did, whatever a sum includes; in time or late
 * as that is shown to whom the sum is.
 */
export interface Coverage extends FiledCounts {
  readonly expected: number;
}

/** The coverage of a territory's agencies of some kinds or all, by year; `inclusionIn` says what is shown of a year. */
export async function coverageOfTerritory(
  db: Db,
  territory: Territory,
  years: readonly number[],
  kinds: SumOf['kinds'],
  inclusionIn: (year: number) => Inclusion,
): Promise<(year: number) => Coverage> {
  const { divisionId, adjustments } = territory;
  const adjusted = years.filter((year) => adjustments.has(year));
  if (adjusted.length === 0) return coverageOfDivision(db, divisionId, years, kinds, inclusionIn);
  const plain = years.filter((year) => !adjustments.has(year));
  const kept = await coverageOfDivision(db, divisionId, plain, kinds, inclusionIn);
  const coverages = new Map<number, Coverage>(adjusted.map((year) => [year, { expected: 0, ...nobodyFiled }]));
  const add = (year: number, sign: Sign, other: Coverage) => {
    const one = coverages.get(year);
    if (one) coverages.set(year, addCoverage(one, other, sign));
  };
  const divisions = new Set<number>();
  const agencies = new Set<number>();
  for (const year of adjusted) {
    const adjustment = adjustments.get(year);
    for (const { id } of adjustment?.divisions ?? []) divisions.add(id);
    if (!adjustment?.known) for (const { id } of adjustment?.agencies ?? []) agencies.add(id);
  }
  for (const division of divisions) {
    const own = await coverageOfDivision(db, division, adjusted, kinds, inclusionIn);
    for (const year of adjusted) {
      const part = adjustments.get(year)?.divisions.find(({ id }) => id === division);
      const coverage = own(year);
      if (part) add(year, part.sign, part.what === 'ALL' ? coverage : { ...nobodyFiled, expected: coverage.expected });
    }
  }
  const filed =
    agencies.size > 0 ? await filedByAgency(db, [...agencies], adjusted, (_, year) => inclusionIn(year)) : undefined;
  const expected = agencies.size > 0 ? await expectedFilers(db, [...agencies], adjusted) : [];
  const filers = new Set(expected.map(({ agencyId, year }) => `${agencyId} ${year}`));
  for (const year of adjusted) {
    const adjustment = adjustments.get(year);
    if (adjustment?.known) {
      add(year, 1, coverageKnown(adjustment.known, kinds, inclusionIn(year)));
      continue;
    }
    for (const { id, sign, kind } of adjustment?.agencies ?? []) {
      if (kinds && !kinds.includes(kind)) continue;
      add(year, sign, {
        expected: Number(filers.has(`${id} ${year}`)),
        ...(filed?.get(`${id} ${year}`) ?? nobodyFiled),
      });
    }
  }
  return (year) => coverages.get(year) ?? kept(year);
}

/** In what coverage was known otherwise. */
function coverageKnown({ sums, expected }: KnownOtherwise, kinds: SumOf['kinds'], inclusion: Inclusion): Coverage {
  const isOf = ({ kind }: { readonly kind: AgencyKind }) => !kinds || kinds.includes(kind);
  const counts = { reported: 0, onTime: 0, accepted: 0, acceptedOnTime: 0 };
  for (const part of sums.filter(isOf)) {
    const { expectedReports, onTime } = part.added.sums;
    counts[part.inclusion === 'ALL' ? 'reported' : 'accepted'] += expectedReports;
    counts[part.inclusion === 'ALL' ? 'onTime' : 'acceptedOnTime'] += onTime;
  }
  const change = expected.filter(isOf).reduce((sum, one) => sum + one.change, 0);
  return { expected: change, ...countsShown(counts, inclusion) };
}

function addCoverage(one: Coverage, other: Coverage, sign: Sign): Coverage {
  return {
    expected: one.expected + sign * other.expected,
    reported: one.reported + sign * other.reported,
    accepted: one.accepted + sign * other.accepted,
    onTime: one.onTime + sign * other.onTime,
    late: one.late + sign * other.late,
  };
}

/** The coverage of a division as it is kept. */
async function coverageOfDivision(
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
export function coverageRate({ expected, reported }: Pick<Coverage, 'expected' | 'reported'>): number | null {
  return expected > 0 ? reported / expected : null;
}
