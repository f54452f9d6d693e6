/** Loads a whole register into an empty store. */

import type { AgencyKind, DivisionLevel } from '../../words.js';
import { listOf } from '../engine/column.js';
import { integerAt, itemsOf, textAt } from '../engine/dialect.js';
import { findRow, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { rebuildExpectations } from './expectations.js';

const anyDivision = statement()((db) => db.selectFrom('division').select('id').limit(1));

/** Whether no register was ever loaded. */
export async function isRegisterEmpty(db: Db): Promise<boolean> {
  return (await findRow(db, anyDivision)) === undefined;
}

/** A row of the register as it is loaded. */
export interface DivisionRow {
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parent: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A row of the register as it is loaded. */
export interface AgencyRow {
  readonly code: string;
  readonly name: string;
  readonly kind: AgencyKind;
  readonly county: string;
  readonly validFrom: string;
  readonly validTo: string;
}

type NewDivision = readonly [id: number, level: DivisionLevel];

type DivisionState = readonly [
  id: number,
  code: string,
  name: string,
  parentId: number | null,
  from: string,
  to: string | null,
];

type AgencyState = readonly [
  id: number,
  code: string,
  name: string,
  kind: AgencyKind,
  countyId: number,
  from: string,
  to: string | null,
];

const newDivisions = sqlStatement({
  takes: { rows: listOf<NewDivision>() },
  text: `insert into division (id, level)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)} from ${itemsOf(':rows', 'r')}`,
});

const newDivisionStates = sqlStatement({
  takes: { rows: listOf<DivisionState>() },
  text: `insert into division_state (division_id, code, name, parent_id, valid_from, valid_to)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${integerAt('r.value', 3)},
      ${textAt('r.value', 4)}, ${textAt('r.value', 5)} from ${itemsOf(':rows', 'r')}`,
});

const newAgencies = sqlStatement({
  takes: { rows: listOf<AgencyState>() },
  text: `insert into agency (id) select ${integerAt('r.value', 0)} from ${itemsOf(':rows', 'r')}`,
});

const newAgencyStates = sqlStatement({
  takes: { rows: listOf<AgencyState>() },
  text: `insert into agency_state (agency_id, code, name, kind, county_id, valid_from, valid_to)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)},
      ${integerAt('r.value', 4)}, ${textAt('r.value', 5)}, ${textAt('r.value', 6)} from ${itemsOf(':rows', 'r')}`,
});

/** Agencies that are inserted at once. */
const agenciesAtOnce = 10_000;

/**
 * Loads a whole register into an empty store: the divisions parents first, one agency of kind COUNTY a county,
 * then the agencies. `onProgress` takes how many rows are in.
 */
export async function loadRegister(
  trx: Trx,
  divisions: readonly DivisionRow[],
  agencies: readonly AgencyRow[],
  onProgress: (loaded: number, total: number) => void,
): Promise<void> {
  const counties = divisions.filter((division) => division.level === 'COUNTY');
  const total = divisions.length + counties.length + agencies.length;
  const ids = new Map(divisions.map((division, index) => [division.code, index + 1]));
  await write(trx, newDivisions, { rows: divisions.map((row) => newDivision(ids, row)) });
  await write(trx, newDivisionStates, { rows: divisions.map((row) => divisionState(ids, row)) });
  onProgress(divisions.length, total);
  const own: AgencyRow[] = counties.map((county) => ({ ...county, kind: 'COUNTY', county: county.code }));
  const all = [...own, ...agencies];
  for (let start = 0; start < all.length; start += agenciesAtOnce) {
    const batch = all.slice(start, start + agenciesAtOnce);
    const rows = batch.map((row, index) => agencyState(ids, row, start + index + 1));
    await write(trx, newAgencies, { rows });
    await write(trx, newAgencyStates, { rows });
    onProgress(divisions.length + start + rows.length, total);
    // Lets a progress bar draw and a signal be heard between the batches.
    await new Promise((resume) => setImmediate(resume));
  }
  await rebuildExpectations(trx);
}

function idOf(ids: ReadonlyMap<string, number>, code: string): number {
  const id = ids.get(code);
  if (id === undefined) throw new Error(`the register has no division ${code}`);
  return id;
}

function newDivision(ids: ReadonlyMap<string, number>, { code, level }: DivisionRow): NewDivision {
  return [idOf(ids, code), level];
}

function divisionState(ids: ReadonlyMap<string, number>, row: DivisionRow): DivisionState {
  const { code, name, parent, validFrom, validTo } = row;
  return [idOf(ids, code), code, name, ids.get(parent) ?? null, validFrom, validTo || null];
}

function agencyState(ids: ReadonlyMap<string, number>, row: AgencyRow, id: number): AgencyState {
  const { code, name, kind, county, validFrom, validTo } = row;
  return [id, code, name, kind, idOf(ids, county), validFrom, validTo || null];
}
