/** Who has filed: how many of a division's agencies, or one agency, by year. */

import type { AgencyKind, Inclusion } from '../../words.js';
import { flag, integer, integers, optional, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { lineageOfReports } from '../register/lineage.js';

/**
 * Of those expected to file, how many did, how many of these by the day due, and how many were accepted. Whether a report
 * is in time is a matter of the revision that is shown: for `ACCEPTED` the accepted one where there is one.
 */
export interface FiledCounts {
  readonly reported: number;
  readonly onTime: number;
  readonly accepted: number;
}

/** The counts where nobody has filed. */
export const nobodyFiled: FiledCounts = { reported: 0, onTime: 0, accepted: 0 };

const countsOfDivision = sqlStatement({
  takes: { divisionId: integer, years: integers, kinds: optional(texts) },
  gives: { year: integer, reported: integer, onTime: integer, accepted: integer },
  text: (has) => `select year, sum(case when inclusion = 'ALL' then expected_reports else 0 end) as reported,
      sum(case when inclusion = 'ALL' then on_time else 0 end) as "onTime",
      sum(case when inclusion = 'ACCEPTED' then expected_reports else 0 end) as accepted
    from rollup where division_id = :divisionId and ${isIn('year', ':years')}
      ${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''} group by year`,
});

/** The few reports of which the accepted revision is in time and the current one late, or the other way round. */
const isOtherwise = 'r.accepted_on_time <> r.on_time';

const onTimeOtherwise = sqlStatement({
  takes: { divisionId: integer, years: integers, kinds: optional(texts) },
  gives: { year: integer, change: integer },
  // Of every year at once, so that the index of the few is read, and not the year's reports.
  text: (has) => `${lineageOfReports(isOtherwise)}
    select l.year, sum(c.change) as change from lineage l join (
      select r.county_id, r.year, sum(r.accepted_on_time - r.on_time) as change from report r
      where ${isOtherwise} and r.expected = 1 ${has.kinds ? `and ${isIn('r.kind', ':kinds')}` : ''}
      group by r.county_id, r.year
    ) c on c.county_id = l.county_id and c.year = l.year
    where l.division_id = :divisionId and ${isIn('l.year', ':years')} group by l.year`,
});

/** How many of a division's agencies have filed, by year; years in which nobody has are left out. */
export async function filedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds: readonly AgencyKind[] | undefined,
  inclusionIn: (year: number) => Inclusion,
): Promise<Map<number, FiledCounts>> {
  const counts = new Map(
    (await readRows(db, countsOfDivision, { divisionId, years, kinds })).map(({ year, ...own }) => [year, own]),
  );
  const asAccepted = years.filter((year) => inclusionIn(year) === 'ACCEPTED' && (counts.get(year)?.accepted ?? 0) > 0);
  if (asAccepted.length === 0) return counts;
  for (const { year, change } of await readRows(db, onTimeOtherwise, { divisionId, years: asAccepted, kinds })) {
    const own = counts.get(year);
    if (own) counts.set(year, { ...own, onTime: own.onTime + change });
  }
  return counts;
}

const countsOfAgencies = sqlStatement({
  takes: { agencyIds: integers, years: integers },
  gives: { agencyId: integer, year: integer, reported: flag, onTime: flag, acceptedOnTime: flag, accepted: flag },
  text: `select agency_id as "agencyId", year, expected as reported, on_time * expected as "onTime",
      coalesce(accepted_on_time, on_time) * expected as "acceptedOnTime",
      case when accepted_revision is null then 0 else expected end as accepted
    from report where ${isIn('agency_id', ':agencyIds')} and ${isIn('year', ':years')}`,
});

/** The same of some agencies each, by agency and year as `<agency id> <year>`. */
export async function filedByAgency(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  inclusionOf: (agencyId: number, year: number) => Inclusion,
): Promise<Map<string, FiledCounts>> {
  const rows = await readRows(db, countsOfAgencies, { agencyIds, years });
  return new Map(
    rows.map(({ agencyId, year, acceptedOnTime, ...counts }) => [
      `${agencyId} ${year}`,
      inclusionOf(agencyId, year) === 'ALL' ? counts : { ...counts, onTime: acceptedOnTime },
    ]),
  );
}
