/** The register asked by name, as a document gives it: which agencies a name may mean, and where each of them lies. */

import { integer, nullable, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { findRow, readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from './agencies.js';
import { inForce } from './divisions.js';

/** An agency with the divisions it lies in on that day; a division that is not there is null. */
export interface PlacedAgency extends Agency {
  readonly countyCode: string;
  readonly county: string;
  readonly prefecture: string | null;
  readonly province: string | null;
}

/** More agencies than the most frequent name has (城关镇, under a hundred). */
const maxNamesakes = 500;

const placed = {
  ...agencyColumns,
  countyCode: text,
  county: text,
  prefecture: nullable(text),
  province: nullable(text),
};

const selection = `select ${agencySelection},
    c.code as "countyCode", c.name as county, p.name as prefecture, v.name as province
  from agency_state s
  join division_state c on c.division_id = s.county_id and ${inForce('c')}
  left join division_state p on p.division_id = c.parent_id and ${inForce('p')}
  left join division_state v on v.division_id = p.parent_id and ${inForce('v')}
  where ${inForce('s')}`;

const agenciesOfGivenNames = sqlStatement({
  takes: { names: texts, day: text },
  gives: placed,
  text: `${selection} and ${isIn('s.name', ':names')} order by s.code limit ${maxNamesakes}`,
});

/** The agencies on a day that have one of these names, by code; at most 500. */
export async function agenciesOfNames(db: Db, names: readonly string[], day: string): Promise<PlacedAgency[]> {
  return readRows(db, agenciesOfGivenNames, { names, day });
}

const agencyOfId = sqlStatement({
  takes: { id: integer, day: text },
  gives: placed,
  text: `${selection} and s.agency_id = :id`,
});

/** An agency with the divisions it lies in on a day; undefined when it was not alive then. */
export async function placeAgency(db: Db, id: number, day: string): Promise<PlacedAgency | undefined> {
  return findRow(db, agencyOfId, { id, day });
}
