/** Loads a whole register into an empty store. */

import type { AgencyKind, DivisionLevel } from '../../words.js';
import { runSql } from '../engine/open.js';
import type { Db, Trx } from '../engine/schema.js';
import { rebuildExpectations } from './expectations.js';

/** Whether no register was ever loaded. */
export async function isRegisterEmpty(db: Db): Promise<boolean> {
  return (await runSql(db, 'select 1 from division limit 1')).length === 0;
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

/**
 * Loads a whole register into an empty store: the divisions parents first, one agency of kind COUNTY a county,
 * then the agencies. `onProgress` is told how many rows are in.
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
  await insertMany(
    trx,
    'division',
    ['id', 'level'],
    divisions.map((row) => [ids.get(row.code), row.level]),
  );
  await insertMany(
    trx,
    'division_state',
    ['division_id', 'code', 'name', 'parent_id', 'valid_from', 'valid_to'],
    divisions.map((row) => [
      ids.get(row.code),
      row.code,
      row.name,
      ids.get(row.parent) ?? null,
      row.validFrom,
      row.validTo || null,
    ]),
  );
  onProgress(divisions.length, total);
  const own: AgencyRow[] = counties.map((county) => ({ ...county, kind: 'COUNTY', county: county.code }));
  const all = [...own, ...agencies];
  const batch = 10_000;
  for (let start = 0; start < all.length; start += batch) {
    const rows = all.slice(start, start + batch);
    await insertMany(
      trx,
      'agency',
      ['id'],
      rows.map((_, index) => [start + index + 1]),
    );
    await insertMany(
      trx,
      'agency_state',
      ['agency_id', 'code', 'name', 'kind', 'county_id', 'valid_from', 'valid_to'],
      rows.map((row, index) => [
        start + index + 1,
        row.code,
        row.name,
        row.kind,
        ids.get(row.county),
        row.validFrom,
        row.validTo || null,
      ]),
    );
    onProgress(divisions.length + start + rows.length, total);
    // Lets a progress bar draw and a signal be heard between the batches.
    await new Promise((resume) => setImmediate(resume));
  }
  await rebuildExpectations(trx);
}

async function insertMany(
  trx: Trx,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const values = columns.map((_, index) => `value ->> ${index}`).join(', ');
  await runSql(trx, `insert into ${table} (${columns.join(', ')}) select ${values} from json_each(?)`, [
    JSON.stringify(rows),
  ]);
}
