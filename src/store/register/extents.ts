/** How much lies below a division: its divisions and agencies, counted over all days. */

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
