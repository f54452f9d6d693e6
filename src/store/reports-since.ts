/**
 * Which reports may add to the sums of a division otherwise than they did at an instant. The reports of divisions' own
 * governments are in no sum and left out.
 */
import { integer, integers, listOf, optional, text } from './engine/column.js';
import { byIndex, integerAt, isIn, itemsOf, joinedFromList, textAt } from './engine/dialect.js';
import { readRows } from './engine/run.js';
import type { Db } from './engine/schema.js';
import { sqlStatement } from './engine/statement.js';

/** A report that there is now, where it belongs, and when it was first filed and last filed or decided about. */
export interface DatedReport {
  readonly id: number;
  readonly agencyId: number;
  readonly year: number;
  readonly countyId: number;
  readonly filedAt: string;
  readonly updatedAt: string;
}

const datedReport = {
  id: integer,
  agencyId: integer,
  year: integer,
  countyId: integer,
  filedAt: text,
  updatedAt: text,
};
const selection = `r.id, r.agency_id as "agencyId", r.year, r.county_id as "countyId", r.filed_at as "filedAt",
  r.updated_at as "updatedAt"`;

const inCounties = sqlStatement({
  takes: { countyIds: integers, years: integers, updatedAfter: optional(text) },
  gives: datedReport,
  text: (has) => `select ${selection} from report r ${byIndex('report_county')}
    where ${isIn('r.county_id', ':countyIds')} and ${isIn('r.year', ':years')} and r.kind <> 'COUNTY'
      ${has.updatedAfter ? 'and r.updated_at > :updatedAfter' : ''}`,
});

/** The reports of some counties for some years, of which something was recorded after an instant where one is given. */
export async function reportsInCounties(
  db: Db,
  asked: { readonly countyIds: readonly number[]; readonly years: readonly number[]; readonly updatedAfter?: string },
): Promise<DatedReport[]> {
  return readRows(db, inCounties, asked);
}

const updated = sqlStatement({
  takes: { updatedAt: text, id: integer, years: integers, limit: integer },
  gives: datedReport,
  text: `select ${selection} from report r ${byIndex('report_updated')}
    where (r.updated_at, r.id) > (:updatedAt, :id) and ${isIn('r.year', ':years')} and r.kind <> 'COUNTY'
    order by r.updated_at, r.id limit :limit`,
});

/** A page of all reports of some years of which something was recorded after an instant, in that order. */
export async function reportsUpdatedAfter(
  db: Db,
  years: readonly number[],
  after: Pick<DatedReport, 'updatedAt' | 'id'>,
  limit: number,
): Promise<DatedReport[]> {
  return readRows(db, updated, { years, limit, id: after.id, updatedAt: after.updatedAt });
}

/** A report's day may be its current revision's or the accepted one's. */
const lateOtherwise = sqlStatement({
  takes: { dues: listOf<readonly [countyId: number, year: number, due: string]>() },
  gives: datedReport,
  text: `select ${selection} from ${itemsOf(':dues', 'a')} ${joinedFromList} report r ${byIndex('report_county')}
      on r.county_id = ${integerAt('a.value', 0)} and r.year = ${integerAt('a.value', 1)} and r.kind <> 'COUNTY'
    where r.on_time <> case when r.submitted_on <= ${textAt('a.value', 2)} then 1 else 0 end
      or r.accepted_on_time <> case when r.accepted_on <= ${textAt('a.value', 2)} then 1 else 0 end`,
});

/** The reports of counties and years that are in time or late otherwise than they would be by another day each. */
export async function reportsLateOtherwise(
  db: Db,
  dues: readonly (readonly [countyId: number, year: number, due: string])[],
): Promise<DatedReport[]> {
  return readRows(db, lateOtherwise, { dues });
}

const reportsOfYears = sqlStatement({
  takes: { divisionId: integer, years: integers },
  gives: { year: integer, reports: integer },
  text: `select year, sum(reports) as reports from rollup
    where division_id = :divisionId and inclusion = 'ALL' and ${isIn('year', ':years')} group by year`,
});

/** How many reports there are in the sums of a division, by year. */
export async function countSummedReports(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<Map<number, number>> {
  const rows = await readRows(db, reportsOfYears, { divisionId, years });
  return new Map(rows.map(({ year, reports }) => [year, reports]));
}
