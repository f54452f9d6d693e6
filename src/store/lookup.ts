/** Many rows of the register at once, by identity: what a page of results needs beside each of its rows. */
import { runSql } from './open.js';
import type { Division } from './register.js';
import type { Db } from './schema.js';

const divisionsNearSql = `select s.division_id as id, s.code, s.name, d.level, s.parent_id as parentId
  from division_state s join division d on d.id = s.division_id
  where s.division_id in (select value from json_each(?))
  order by s.valid_from <= ? and (s.valid_to is null or s.valid_to > ?), s.valid_from`;

/** The divisions with these identities, by identity: as they stood on a day, or else as they last stood. */
export async function divisionsNear(db: Db, ids: readonly number[], day: string): Promise<Map<number, Division>> {
  const rows = await runSql<Division>(db, divisionsNearSql, [JSON.stringify(ids), day, day]);
  return new Map(rows.map((row) => [row.id, row]));
}

const expectedSql = `select s.agency_id as agencyId, y.value as year
  from json_each(?) y join agency_state s on s.agency_id in (select value from json_each(?)) and s.kind <> 'COUNTY'
    and s.valid_from <= y.value || '-12-31' and (s.valid_to is null or s.valid_to > y.value || '-12-31')
  where not exists (select 1 from exemption e where e.agency_id = s.agency_id and e.year = y.value)`;

/** Which of these agencies are expected to file for which of these years. */
export async function expectedFilers(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<{ agencyId: number; year: number }[]> {
  return runSql(db, expectedSql, [JSON.stringify(years), JSON.stringify(agencyIds)]);
}
