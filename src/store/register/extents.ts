/** What lies below a division, over all days: how much, and what lies in itself. */

import { integer, nullable } from '../engine/column.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';

/** A division at or below another one, `depth` steps down, with the agencies that lie, or ever lay, in itself. */
export interface DivisionBelow {
  readonly id: number;
  /** The one it lies below; 0 for the first, null for what nothing is above. */
  readonly above: number | null;
  readonly depth: number;
  readonly agencies: number;
}

const everBelow = sqlStatement({
  takes: { divisionId: integer, steps: integer },
  gives: { id: integer, above: nullable(integer), depth: integer, agencies: integer },
  text: `with recursive below (id, above, depth) as (
      values (:divisionId, 0, 0)
      union
      select s.division_id, s.parent_id, below.depth + 1 from below
      join division_state s on s.parent_id = below.id where below.depth < :steps
    ) select id, above, depth,
      (select count(distinct a.agency_id) from agency_state a where a.county_id = below.id) as agencies
    from below`,
});

/** A division and what is, or ever was, so many steps below it. */
export async function divisionsEverBelow(db: Db, divisionId: number, steps: number): Promise<DivisionBelow[]> {
  return readRows(db, everBelow, { divisionId, steps });
}

const agenciesIn = sqlStatement({
  takes: { divisionId: integer },
  gives: { id: integer },
  text: `select agency_id as id from agency_state where county_id = :divisionId
    union select agency_id from agency_change where county_id = :divisionId order by 1`,
});

/** The agencies that lie in a county, lay in it or will, or would if they were opened again. */
export async function agenciesEverIn(db: Db, divisionId: number): Promise<number[]> {
  return (await readRows(db, agenciesIn, { divisionId })).map(({ id }) => id);
}

const divisionsIn = sqlStatement({
  takes: { divisionId: integer },
  gives: { id: integer },
  text: `select division_id as id from division_state where parent_id = :divisionId
    union select division_id from division_change where parent_id = :divisionId order by 1`,
});

/** The divisions that lie directly below one, lay so or will, or would if their end were taken back. */
export async function divisionsEverIn(db: Db, divisionId: number): Promise<number[]> {
  return (await readRows(db, divisionsIn, { divisionId })).map(({ id }) => id);
}
