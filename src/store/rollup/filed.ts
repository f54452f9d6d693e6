/** Who has filed: how many of a division's agencies, or one agency, by year. */

import type { AgencyKind, Inclusion } from '../../words.js';
import { flag, integer, integers, optional, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';

/**
 * Of those expected to file, how many did, and how many of these were accepted. Whether a report is in time is stated in
 * it: of all that was filed each is by the day due or late; for `ACCEPTED` those are that were accepted, as they were.
 */
export interface FiledCounts {
  readonly reported: number;
  readonly onTime: number;
  readonly late: number;
  readonly accepted: number;
}

/** The counts where nobody has filed. */
export const nobodyFiled: FiledCounts = { reported: 0, onTime: 0, late: 0, accepted: 0 };

const countsOfDivision = sqlStatement({
  takes: { divisionId: integer, years: integers, kinds: optional(texts) },
  gives: { year: integer, reported: integer, onTime: integer, acceptedOnTime: integer, accepted: integer },
  text: (has) => `select year, sum(case when inclusion = 'ALL' then expected_reports else 0 end) as reported,
      sum(case when inclusion = 'ALL' then on_time else 0 end) as "onTime",
      sum(case when inclusion = 'ACCEPTED' then on_time else 0 end) as "acceptedOnTime",
      sum(case when inclusion = 'ACCEPTED' then expected_reports else 0 end) as accepted
    from rollup where division_id = :divisionId and ${isIn('year', ':years')}
      ${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''} group by year`,
});

/** How many of a division's agencies have filed, by year; years in which nobody has are left out. */
export async function filedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds: readonly AgencyKind[] | undefined,
  inclusionIn: (year: number) => Inclusion,
): Promise<Map<number, FiledCounts>> {
  const rows = await readRows(db, countsOfDivision, { divisionId, years, kinds });
  return new Map(rows.map(({ year, ...counts }) => [year, countsShown(counts, inclusionIn(year))]));
}

/** The counts of all that was filed, and of what was accepted. */
export interface CountsOfBoth {
  readonly reported: number;
  readonly onTime: number;
  readonly accepted: number;
  readonly acceptedOnTime: number;
}

/** The counts that are shown where a sum is of all, or of what was accepted; where nothing is (null), how many filed. */
export function countsShown(
  { reported, onTime, accepted, acceptedOnTime }: CountsOfBoth,
  inclusion: Inclusion | null,
): FiledCounts {
  if (inclusion === null) return { reported, onTime: 0, late: 0, accepted: 0 };
  return inclusion === 'ALL'
    ? { reported, onTime, late: reported - onTime, accepted }
    : { reported, onTime: acceptedOnTime, late: accepted - acceptedOnTime, accepted };
}

const countsOfAgencies = sqlStatement({
  takes: { agencyIds: integers, years: integers },
  gives: { agencyId: integer, year: integer, reported: flag, onTime: flag, acceptedOnTime: flag, accepted: flag },
  text: `select agency_id as "agencyId", year, expected as reported, on_time * expected as "onTime",
      coalesce(accepted_on_time, 0) * expected as "acceptedOnTime",
      case when accepted_revision is null then 0 else expected end as accepted
    from report where ${isIn('agency_id', ':agencyIds')} and ${isIn('year', ':years')}`,
});

/** The same of some agencies each, by agency and year as `<agency id> <year>`; of what is closed (null) that it was filed. */
export async function filedByAgency(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  inclusionOf: (agencyId: number, year: number) => Inclusion | null,
): Promise<Map<string, FiledCounts>> {
  const rows = await readRows(db, countsOfAgencies, { agencyIds, years });
  return new Map(
    rows.map(({ agencyId, year, ...counts }) => [
      `${agencyId} ${year}`,
      countsShown(counts, inclusionOf(agencyId, year)),
    ]),
  );
}
