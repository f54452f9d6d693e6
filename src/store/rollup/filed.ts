/** Who has filed: how many of a division's agencies, or one agency, by year. */

import type { AgencyKind } from '../../words.js';
import { flag, integer, integers, optional, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';

/** Of those expected to file, how many did, how many of these by the day due, and how many were accepted. */
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

/** How many of a division's agencies have filed, by year; years in which nobody has are left out. */
export async function filedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds?: readonly AgencyKind[],
): Promise<Map<number, FiledCounts>> {
  const rows = await readRows(db, countsOfDivision, { divisionId, years, kinds });
  return new Map(rows.map(({ year, ...counts }) => [year, counts]));
}

const countsOfAgencies = sqlStatement({
  takes: { agencyIds: integers, years: integers },
  gives: { place: text, reported: flag, onTime: flag, accepted: flag },
  text: `select agency_id || ' ' || year as place, expected as reported, on_time * expected as "onTime",
      case when accepted_revision is null then 0 else expected end as accepted
    from report where ${isIn('agency_id', ':agencyIds')} and ${isIn('year', ':years')}`,
});

/** The same of some agencies each, by agency and year as `<agency id> <year>`. */
export async function filedByAgency(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<Map<string, FiledCounts>> {
  const rows = await readRows(db, countsOfAgencies, { agencyIds, years });
  return new Map(rows.map(({ place, ...counts }) => [place, counts]));
}
