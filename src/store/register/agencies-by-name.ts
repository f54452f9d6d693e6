/** The register asked by name, as a document gives it: which agencies a name may mean, and where each of them lies. */

import { runSql } from '../engine/open.js';
import type { Db } from '../engine/schema.js';
import type { Agency } from './agencies.js';

/** An agency with the divisions it lies in on that day; a division that is not there is null. */
export interface PlacedAgency extends Agency {
  readonly countyCode: string;
  readonly county: string;
  readonly prefecture: string | null;
  readonly province: string | null;
}

/** More agencies than the most frequent name has (城关镇, under a hundred). */
const most = 500;

const inForce = (alias: string) => `${alias}.valid_from <= ? and (${alias}.valid_to is null or ${alias}.valid_to > ?)`;

const selection = `select s.agency_id as id, s.code, s.name, s.kind, s.county_id as countyId,
    s.valid_from as validFrom, s.valid_to as validTo,
    c.code as countyCode, c.name as county, p.name as prefecture, v.name as province
  from agency_state s
  join division_state c on c.division_id = s.county_id and ${inForce('c')}
  left join division_state p on p.division_id = c.parent_id and ${inForce('p')}
  left join division_state v on v.division_id = p.parent_id and ${inForce('v')}
  where ${inForce('s')}`;

/** The agencies on a day that have one of these names, by code; at most 500. */
export async function agenciesOfNames(db: Db, names: readonly string[], day: string): Promise<PlacedAgency[]> {
  const condition = 's.name in (select value from json_each(?))';
  const bound = [...Array<string>(8).fill(day), JSON.stringify(names)];
  return runSql<PlacedAgency>(db, `${selection} and ${condition} order by s.code limit ${most}`, bound);
}

/** An agency with the divisions it lies in on a day; undefined when it was not alive then. */
export async function placeAgency(db: Db, id: number, day: string): Promise<PlacedAgency | undefined> {
  const [found] = await runSql<PlacedAgency>(db, `${selection} and s.agency_id = ?`, [
    ...Array<string>(8).fill(day),
    id,
  ]);
  return found;
}
