/** Who has filed: how many of a division's agencies, or one agency, by year. */

import type { AgencyKind } from '../../words.js';
import { runSql } from '../engine/legacy.js';
import type { Db } from '../engine/schema.js';

/** Of those expected to file, how many did, how many of these by the day due, and how many were accepted. */
export interface FiledCounts {
  readonly reported: number;
  readonly onTime: number;
  readonly accepted: number;
}

/** The counts where nobody has filed. */
export const nobodyFiled: FiledCounts = { reported: 0, onTime: 0, accepted: 0 };

/** How many of a division's agencies have filed, by year; years in which nobody has are left out. */
export async function filedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds?: readonly AgencyKind[],
): Promise<Map<number, FiledCounts>> {
  const rows = await runSql<FiledCounts & { readonly year: number }>(
    db,
    `select year, sum(case when inclusion = 'ALL' then expected_reports else 0 end) as reported,
       sum(case when inclusion = 'ALL' then on_time else 0 end) as onTime,
       sum(case when inclusion = 'ACCEPTED' then expected_reports else 0 end) as accepted
     from rollup where division_id = ? and year in (select value from json_each(?))
       ${kinds ? 'and kind in (select value from json_each(?))' : ''} group by year`,
    [divisionId, JSON.stringify(years), ...(kinds ? [JSON.stringify(kinds)] : [])],
  );
  return new Map(rows.map(({ year, ...counts }) => [year, counts]));
}

/** The same of some agencies each, by agency and year as `<agency id> <year>`. */
export async function filedByAgency(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<Map<string, FiledCounts>> {
  const rows = await runSql<FiledCounts & { readonly place: string }>(
    db,
    `select agency_id || ' ' || year as place, expected as reported, on_time and expected as onTime,
       expected and accepted_revision is not null as accepted
     from report where agency_id in (select value from json_each(?)) and year in (select value from json_each(?))`,
    [JSON.stringify(agencyIds), JSON.stringify(years)],
  );
  return new Map(rows.map(({ place, ...counts }) => [place, counts]));
}
