/** Lineages: a division and everything above it on 31 December of a year. */
import { referenceDate } from '../../day.js';
import { divisionLevels } from '../../words.js';
import { integer, nullable, text } from '../engine/column.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { inForce, inForceAtEndOf } from './divisions.js';

/**
 * The recursive table `lineage (county_id, year, division_id)` of many counties: each and everything above it on 31
 * December of a year, seeded by a selection of (county, year, county). For one there is `lineageRow`.
 */
export const lineageFrom = (seed: string) => `with recursive lineage (county_id, year, division_id) as (
    ${seed}
    union all
    select l.county_id, l.year, s.parent_id from lineage l join division_state s on s.division_id = l.division_id
      and ${inForceAtEndOf('s', 'l.year')}
    where s.parent_id is not null
  )`;

/** The recursive table `lineage (county_id, year, division_id)` of the reports a condition on `report r` selects. */
export const lineageOfReports = (condition: string) =>
  lineageFrom(`select distinct r.county_id, r.year, r.county_id from report r where ${condition}`);

const levelsAbove = divisionLevels.slice(1).map((_, level) => level);

/** Of a division and of what lies above it, one level after another; what is not there is null. */
export const lineageColumns = ['b.id', ...levelsAbove.map((level) => `s${level}.parent_id`)];

/** What `lineageColumns` give. */
export const lineageIds = lineageColumns.map(() => nullable(integer));

/**
 * One row with a division (`:divisionId`) and whatever is above it on a day (`:day`), for `lineageColumns`. A recursion
 * would set up a table of its own each time, which costs more than the four rows it finds.
 */
export const lineageRow = `(select :divisionId as id) b ${levelsAbove
  .map((level) => {
    const below = lineageColumns[level];
    return `left join division_state s${level} on s${level}.division_id = ${below} and ${inForce(`s${level}`)}`;
  })
  .join(' ')}`;

const lineage = sqlStatement({
  takes: { divisionId: integer, day: text },
  gives: lineageIds,
  text: `select ${lineageColumns.join(', ')} from ${lineageRow}`,
});

/** A division and everything above it on 31 December of a year. */
export async function lineageOf(db: Db, divisionId: number, year: number): Promise<number[]> {
  const row = await findRow(db, lineage, { divisionId, day: referenceDate(year) });
  return (row ?? []).filter((id) => id !== null);
}
