/** Coverage: how many agencies were expected to file for a year, and how many did. */

import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, listAgencies } from '../store/register/agencies.js';
import { missingAmong } from '../store/register/displaced.js';
import { divisionsBelow } from '../store/register/divisions.js';
import { expectedCounts, expectedFilers } from '../store/register/expectations.js';
import { type FiledCounts, filedByAgency, filedCounts, nobodyFiled } from '../store/rollup/filed.js';
import type { SumOf } from '../store/rollup/sums.js';
import type { Sign, Territory } from '../store/rollup/territory.js';
import { type AgencyKind, filerKinds, type Inclusion, type Page, pageOf } from '../words.js';

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
  const kept = await coverageOfDivision(db, territory.divisionId, years, kinds, inclusionIn);
  const adjusted = years.filter((year) => territory.adjustments.has(year));
  if (adjusted.length === 0) return kept;
  const coverages = new Map(adjusted.map((year) => [year, kept(year)]));
  const add = (year: number, sign: Sign, other: Coverage) => {
    const one = coverages.get(year);
    if (one) coverages.set(year, addCoverage(one, other, sign));
  };
  const divisions = new Set<number>();
  const agencies = new Set<number>();
  for (const adjustment of territory.adjustments.values()) {
    for (const { id } of adjustment.divisions) divisions.add(id);
    for (const { id } of adjustment.agencies) agencies.add(id);
  }
  for (const division of divisions) {
    const own = await coverageOfDivision(db, division, adjusted, kinds, inclusionIn);
    for (const year of adjusted) {
      const part = territory.adjustments.get(year)?.divisions.find(({ id }) => id === division);
      if (part) add(year, part.sign, own(year));
    }
  }
  const filed =
    agencies.size > 0 ? await filedByAgency(db, [...agencies], adjusted, (_, year) => inclusionIn(year)) : undefined;
  for (const year of adjusted) {
    for (const { id, sign, kind, expected } of territory.adjustments.get(year)?.agencies ?? []) {
      if (kinds && !kinds.includes(kind)) continue;
      add(year, sign, { expected, ...(filed?.get(`${id} ${year}`) ?? nobodyFiled) });
    }
  }
  return (year) => coverages.get(year) ?? kept(year);
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

/** The agencies of a territory that are expected to file for a year and have not, by code. */
export async function missingFrom(
  db: Db,
  territory: Territory,
  of: { readonly year: number; readonly kinds?: readonly AgencyKind[] | undefined },
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Agency>> {
  const { divisionId } = territory;
  const { year, kinds = filerKinds } = of;
  const day = referenceDate(year);
  const adjustment = territory.adjustments.get(year);
  if (!adjustment) return listAgencies(db, { divisionId, day, kinds, missingYear: year }, page);
  const counties = new Set((await divisionsBelow(db, divisionId, [year])).get(year));
  for (const { id, sign } of adjustment.divisions) {
    if (sign > 0) counties.add(id);
    // The division as a whole is that which is not there on the day.
    else if (id === divisionId) counties.clear();
    else counties.delete(id);
  }
  const agenciesOf = (sign: Sign) => adjustment.agencies.filter((agency) => agency.sign === sign).map(({ id }) => id);
  const among = { year, day, kinds, counties: [...counties], without: agenciesOf(-1), besides: agenciesOf(1) };
  const rows = await missingAmong(db, among, { ...page, first: page.first + 1 });
  const { expected, reported } = (await coverageOfTerritory(db, territory, [year], kinds, () => 'ALL'))(year);
  return pageOf(rows, page.first, expected - reported);
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
