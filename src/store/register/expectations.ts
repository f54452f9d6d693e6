/** How many agencies of each division and kind are expected to file for a year, kept as changes from year to year. */

import type { AgencyKind } from '../../words.js';
import { runSql } from '../engine/open.js';
import type { Db, Trx } from '../engine/schema.js';
import { inForce } from './divisions.js';

/** How many of a division's agencies are expected to file for a year, by kind. */
export async function expectedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<{ year: number; kind: AgencyKind; expected: number }[]> {
  return runSql(
    db,
    `select y.value as year, e.kind, sum(e.change) as expected from json_each(?) y
     join expectation e on e.division_id = ? and e.year <= y.value group by y.value, e.kind`,
    [JSON.stringify(years), divisionId],
  );
}

/**
 * The changes of expectation that states and exemptions amount to. A state that began in year A and ended in
 * year B is the one on 31 December of A to B-1; each such span counts for its county and, cut to the spans in
 * which that county lay where it lay, for everything above it.
 */
const expectationChanges = (condition: string) => `
  with recursive span (division_id, kind, first, past, agencies) as (
    select county_id, kind, substr(valid_from, 1, 4) + 0, coalesce(substr(valid_to, 1, 4) + 0, 9999), count(*)
    from agency_state s where s.kind <> 'COUNTY' and ${condition} group by 1, 2, 3, 4
    union all
    select s.county_id, s.kind, e.year, e.year + 1, -1
    from exemption e join agency_state s on s.agency_id = e.agency_id and s.kind <> 'COUNTY'
      and ${inForce('s', "(e.year || '-12-31')")} where ${condition}
    union all
    select d.parent_id, span.kind, max(span.first, substr(d.valid_from, 1, 4) + 0),
      min(span.past, coalesce(substr(d.valid_to, 1, 4) + 0, 9999)), span.agencies
    from span join division_state d on d.division_id = span.division_id
    where d.parent_id is not null
      and max(span.first, substr(d.valid_from, 1, 4) + 0) < min(span.past, coalesce(substr(d.valid_to, 1, 4) + 0, 9999))
  )
  select division_id, kind, first as year, agencies as change from span where first < past
  union all
  select division_id, kind, past as year, -agencies as change from span where first < past and past < 9999`;

/** A selection of what the whole table of expectations must hold: division, kind, year, change. */
export const expectationsMadeAnew = `select division_id, kind, year, sum(change) as change
  from (${expectationChanges('true')}) group by division_id, kind, year having sum(change) <> 0`;

/** Makes the whole table of expectations anew from the states and exemptions. */
export async function rebuildExpectations(trx: Trx): Promise<void> {
  await runSql(trx, 'delete from expectation');
  await runSql(trx, `insert into expectation (division_id, kind, year, change) ${expectationsMadeAnew}`);
}

/**
 * Adds (sign 1) or takes away (sign -1) what one agency's states and exemptions contribute to the expectations.
 * Around any change to an agency: take away before it, add after it.
 */
export async function shiftExpectations(trx: Trx, agencyId: number, sign: 1 | -1): Promise<void> {
  await runSql(
    trx,
    `insert into expectation (division_id, kind, year, change)
     select division_id, kind, year, ? * sum(change) from (${expectationChanges('s.agency_id = ?')}) group by division_id, kind, year
     having sum(change) <> 0
     on conflict (division_id, kind, year) do update set change = change + excluded.change`,
    [sign, agencyId, agencyId],
  );
}
