/** Many rows of the register at once, by identity: what a page of results needs beside each of its rows. */

import { type AgencyKind, agencyKinds } from '../../words.js';
import { readValues, runSql } from '../engine/open.js';
import type { Db } from '../engine/schema.js';
import type { Agency } from './agencies.js';
import type { Division } from './divisions.js';

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

const countyAgenciesSql = (leftOut: number) => `select agency_id, code, name, kind, valid_from, valid_to
  from agency_state where county_id = ? and code > ? and valid_from <= ? and (valid_to is null or valid_to > ?)
    ${'and kind <> ? '.repeat(leftOut)} order by code limit ?`;
type CountyAgency = readonly [number, string, string, AgencyKind, string, string | null];

/** Agencies of a county on a day by code, after a code: `listAgencies` without the count, at a third of its cost. */
export async function agenciesOfCounty(
  db: Db,
  filter: { readonly countyId: number; readonly day: string; readonly kinds: readonly AgencyKind[] },
  page: { readonly first: number; readonly after?: string },
): Promise<AgencyPage> {
  const { countyId, day, kinds } = filter;
  // Mostly one kind is left out; to look for each row's kind in a list would cost more than to read the row.
  const leftOut = agencyKinds.filter((kind) => !kinds.includes(kind));
  const bound = [countyId, page.after ?? '', day, day, ...leftOut, page.first + 1];
  const rows = await readValues<CountyAgency>(db, countyAgenciesSql(leftOut.length), bound);
  const items = rows
    .slice(0, page.first)
    .map(([id, code, name, kind, validFrom, validTo]) => ({ id, code, name, kind, countyId, validFrom, validTo }));
  return { items, more: rows.length > page.first };
}
