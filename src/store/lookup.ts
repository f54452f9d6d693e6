/** Many rows of the register at once, by identity: what a page of results needs beside each of its rows. */

import type { Agency } from './agencies.js';
import type { Division } from './divisions.js';
import { runSql } from './open.js';
import type { AgencyKind, Db } from './schema.js';

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

/** A page of the agencies of one county. */
export interface AgencyPage {
  readonly items: readonly Agency[];
  readonly more: boolean;
}

/** The kinds come as a JSON list and are looked for in its text, which is half the cost of taking it apart. */
const countyAgenciesSql = `select json_group_array(json_array(agency_id, code, name, kind, county_id, valid_from, valid_to))
  as rows from (
    select agency_id, code, name, kind, county_id, valid_from, valid_to from agency_state
    where county_id = ? and code > ? and valid_from <= ? and (valid_to is null or valid_to > ?)
      and instr(?, '"' || kind || '"')
    order by code limit ?)`;

/** Agencies of a county on a day by code, after a code: `listAgencies` without the count, at a third of its cost. */
export async function agenciesOfCounty(
  db: Db,
  filter: { readonly countyId: number; readonly day: string; readonly kinds: readonly AgencyKind[] },
  page: { readonly first: number; readonly after?: string },
): Promise<AgencyPage> {
  const { countyId, day, kinds } = filter;
  const bound = [countyId, page.after ?? '', day, day, JSON.stringify(kinds), page.first + 1];
  const [found] = await runSql<{ rows: string }>(db, countyAgenciesSql, bound);
  // The statement writes the columns in this order.
  const rows = JSON.parse(found?.rows ?? '[]') as [number, string, string, AgencyKind, number, string, string | null][];
  const items = rows.slice(0, page.first).map(([id, code, name, kind, countyId, validFrom, validTo]) => ({
    id,
    code,
    name,
    kind,
    countyId,
    validFrom,
    validTo,
  }));
  return { items, more: rows.length > page.first };
}
