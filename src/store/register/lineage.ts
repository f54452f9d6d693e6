/** Lineages: a division and everything above it on 31 December of a year. */
import { dayBefore, referenceDate } from '../../day.js';
import { divisionLevels } from '../../words.js';
import { integer, nullable, text } from '../engine/column.js';
import { findRow, readRows } from '../engine/run.js';
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

/** The columns of a division (an expression) and of what lies above it, read through `joinsAbove` of the same alias. */
const columnsAbove = (division: string, alias: string): readonly string[] => [
  division,
  ...levelsAbove.map((level) => `${alias}${level}.parent_id`),
];

/** The joins that give `columnsAbove` on a day. */
function joinsAbove(division: string, alias: string, day: string): string {
  const columns = columnsAbove(division, alias);
  return levelsAbove
    .map((level) => {
      const state = `${alias}${level}`;
      return `left join division_state ${state} on ${state}.division_id = ${columns[level]} and ${inForce(state, day)}`;
    })
    .join(' ');
}

/** Of a division and of what lies above it, one level after another; what is not there is null. */
export const lineageColumns = columnsAbove('b.id', 's');

/** What `lineageColumns` give. */
export const lineageIds = lineageColumns.map(() => nullable(integer));

/**
 * One row with a division (`:divisionId`) and whatever is above it on a day (`:day`), for `lineageColumns`. A recursion
 * would set up a table of its own each time, which costs more than the four rows it finds.
 */
export const lineageRow = `(select :divisionId as id) b ${lineageJoins()}`;

/** The joins that give `lineageColumns` of a division `b` on a day (`:day`). */
export function lineageJoins(): string {
  return joinsAbove('b.id', 's', ':day');
}

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

const spansOfDivision = sqlStatement({
  takes: { divisionId: integer },
  gives: { validFrom: text, validTo: nullable(text) },
  text: `select s.valid_from as "validFrom", s.valid_to as "validTo" from division_state s
    where s.division_id = :divisionId order by s.valid_from`,
});

/**
 * A division and everything above it on a day; where it is not in the register then, as it last lay before that day, or
 * else as it first did. So what is no more still lies below what it lay in.
 */
export async function lineageNear(db: Db, divisionId: number, day: string): Promise<number[]> {
  const spans = await readRows(db, spansOfDivision, { divisionId });
  const span = spans.findLast(({ validFrom }) => validFrom <= day) ?? spans[0];
  const row = await findRow(db, lineage, { divisionId, day: span ? nearestDay(span, day) : day });
  return (row ?? []).filter((id) => id !== null);
}

function nearestDay({ validFrom, validTo }: { validFrom: string; validTo: string | null }, day: string): string {
  if (day < validFrom) return validFrom;
  return validTo === null || day < validTo ? day : dayBefore(validTo);
}

/** Union, so that what is above twice is looked at once. */
const daysOfChangeAbove = sqlStatement({
  takes: { divisionId: integer, from: text, to: text },
  gives: { day: text },
  text: `with recursive above (id) as (
      values (:divisionId)
      union
      select s.parent_id from above a join division_state s on s.division_id = a.id where s.parent_id is not null
    )
    select s.valid_from as day from above a join division_state s on s.division_id = a.id
      where s.valid_from > :from and s.valid_from < :to
    union
    select s.valid_to from above a join division_state s on s.division_id = a.id
      where s.valid_to > :from and s.valid_to < :to
    order by 1`,
});

/** Days from the first up to, not including, the second; null is for ever. */
export interface Days {
  readonly from: string;
  readonly to: string | null;
}

/** Each lineage that a division has on one of some days, as `lineageNear` has it. */
export async function lineagesOn(db: Db, divisionId: number, { from, to }: Days): Promise<number[][]> {
  const changed = await readRows(db, daysOfChangeAbove, { divisionId, from, to: to ?? '9999-12-31' });
  const lineages = new Map<string, number[]>();
  for (const day of [from, ...changed.map((change) => change.day)]) {
    const ids = await lineageNear(db, divisionId, day);
    lineages.set(ids.join(' '), ids);
  }
  return [...lineages.values()];
}
