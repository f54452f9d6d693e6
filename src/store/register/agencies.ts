/** Agencies: identities that never change, with dated states, successions and exemptions. A year belongs to the state of its 31 December. */

import { referenceDate } from '../../day.js';
import type { AgencyKind, Page } from '../../words.js';
import { insertRow, runSql } from '../engine/open.js';
import type { Db, Trx } from '../engine/schema.js';
import { placeCounty } from './deadlines.js';
import { countiesUnder, inForce, pageOf } from './divisions.js';

/** An agency as it stands on some day. */
export interface Agency {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: AgencyKind;
  readonly countyId: number;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Where a year's report of an agency belongs, and whether and by when it is expected. */
export interface Placement {
  readonly countyId: number;
  readonly kind: AgencyKind;
  readonly expected: boolean;
  /** The last day to file, YYYY-MM-DD. */
  readonly due: string;
  /** The county and everything above it on 31 December. */
  readonly lineage: readonly number[];
}

const agencyColumns =
  's.agency_id as id, s.code, s.name, s.kind, s.county_id as countyId, s.valid_from as validFrom, s.valid_to as validTo';

/**
 * Every state, in no order, of each agency that has this code at some time; once for each of its states that has the
 * code. (To select each once would cost as much as to find them.)
 */
export async function agencyStatesByCode(db: Db, code: string): Promise<Agency[]> {
  return runSql<Agency>(
    db,
    `select ${agencyColumns} from agency_state c join agency_state s on s.agency_id = c.agency_id where c.code = ?`,
    [code],
  );
}

/** Every state of an agency, oldest first. */
export async function agencyStates(db: Db, id: number): Promise<Agency[]> {
  return runSql<Agency>(db, `select ${agencyColumns} from agency_state s where s.agency_id = ? order by s.valid_from`, [
    id,
  ]);
}

/** An agency's state on a day; undefined when it was not alive then. */
export async function findAgencyOn(db: Db, id: number, day: string): Promise<Agency | undefined> {
  const rows = await runSql<Agency>(
    db,
    `select ${agencyColumns} from agency_state s where s.agency_id = ? and ${inForce('s')}`,
    [id, day, day],
  );
  return rows[0];
}

/** Which agencies to list: those of a division (at any level), of a kind, with or without a report that year. */
export interface AgencyFilter {
  readonly divisionId?: number;
  readonly kinds?: readonly AgencyKind[];
  /** The day whose states are listed; with `missing`, 31 December of the report year. */
  readonly day: string;
  /** Only those expected to file for this report year that have not. */
  readonly missingYear?: number;
}

/** Agencies by code, after a code. */
export async function listAgencies(
  db: Db,
  filter: AgencyFilter,
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Agency>> {
  const { clause, bound } = agencyCondition(filter);
  const rows = await runSql<Agency>(
    db,
    `select ${agencyColumns} from agency_state s where ${clause} and s.code > ? order by s.code limit ?`,
    [...bound, page.after ?? '', page.first + 1],
  );
  return pageOf(rows, page.first, await countAgencies(db, filter));
}

/** How many agencies a filter selects. */
export async function countAgencies(db: Db, filter: AgencyFilter): Promise<number> {
  const { clause, bound } = agencyCondition(filter);
  const rows = await runSql<{ total: number }>(
    db,
    `select count(*) as total from agency_state s where ${clause}`,
    bound,
  );
  return rows[0]?.total ?? 0;
}

function agencyCondition(filter: AgencyFilter): { clause: string; bound: unknown[] } {
  const { divisionId, kinds, day, missingYear } = filter;
  const clauses = [inForce('s')];
  const bound: unknown[] = [day, day];
  if (divisionId !== undefined) {
    clauses.push(`s.county_id in (${countiesUnder})`);
    bound.push(divisionId, day, day);
  }
  if (kinds !== undefined) {
    clauses.push('s.kind in (select value from json_each(?))');
    bound.push(JSON.stringify(kinds));
  }
  if (missingYear !== undefined) {
    clauses.push(`s.kind <> 'COUNTY'
      and not exists (select 1 from exemption e where e.agency_id = s.agency_id and e.year = ?)
      and not exists (select 1 from report r where r.agency_id = s.agency_id and r.year = ?)`);
    bound.push(missingYear, missingYear);
  }
  return { clause: clauses.join(' and '), bound };
}

/** The agencies with these names in a county on a day: none, one, or several that only a person can tell apart. */
export async function agenciesNamed(db: Db, countyId: number, name: string, day: string): Promise<Agency[]> {
  return runSql<Agency>(
    db,
    `select ${agencyColumns} from agency_state s where s.county_id = ? and s.name = ? and ${inForce('s')} order by s.code`,
    [countyId, name, day, day],
  );
}

/** Another agency's state that carries a code on some day from `from` up to, not including, `to` (null: for ever). */
export async function findCodeHolder(
  db: Db,
  code: string,
  span: { readonly from: string; readonly to: string | null; readonly except: number | null },
): Promise<Agency | undefined> {
  const rows = await runSql<Agency>(
    db,
    `select ${agencyColumns} from agency_state s where s.code = ? and s.agency_id is not ?
       and (? is null or s.valid_from < ?) and (s.valid_to is null or s.valid_to > ?) order by s.valid_from limit 1`,
    [code, span.except, span.to, span.to, span.from],
  );
  return rows[0];
}

/** Where an agency's report for a year belongs and by when it is due; undefined when it was not alive that year. */
export async function findPlacement(db: Db, agencyId: number, year: number): Promise<Placement | undefined> {
  const agency = await findAgencyOn(db, agencyId, referenceDate(year));
  return agency && placementOf(db, agency, year);
}

/** The same for an agency in its state of 31 December of the year. */
export async function placementOf(db: Db, agency: Agency, year: number): Promise<Placement> {
  const [exempt] = await runSql(db, 'select 1 from exemption where agency_id = ? and year = ?', [agency.id, year]);
  return {
    countyId: agency.countyId,
    kind: agency.kind,
    expected: agency.kind !== 'COUNTY' && !exempt,
    ...(await placeCounty(db, agency.countyId, year)),
  };
}

/** Registers a new agency with its first state and returns its identity. */
export async function insertAgency(trx: Trx, state: Omit<Agency, 'id'>): Promise<number> {
  const id = await insertRow(trx, 'insert into agency default values', []);
  await insertAgencyState(trx, { ...state, id });
  return id;
}

/** Adds a state to an agency. */
export async function insertAgencyState(trx: Trx, state: Agency): Promise<void> {
  await runSql(
    trx,
    `insert into agency_state (agency_id, code, name, kind, county_id, valid_from, valid_to) values (?, ?, ?, ?, ?, ?, ?)`,
    [state.id, state.code, state.name, state.kind, state.countyId, state.validFrom, state.validTo],
  );
}

/** Corrects what the state that began on `validFrom` says; its days stay. */
export async function correctAgencyState(trx: Trx, state: Agency): Promise<void> {
  await runSql(
    trx,
    'update agency_state set code = ?, name = ?, kind = ?, county_id = ? where agency_id = ? and valid_from = ?',
    [state.code, state.name, state.kind, state.countyId, state.id, state.validFrom],
  );
}

/** Ends the state that began on `validFrom`: from `validTo` on it no longer holds. */
export async function endAgencyState(trx: Trx, id: number, validFrom: string, validTo: string): Promise<void> {
  await runSql(trx, 'update agency_state set valid_to = ? where agency_id = ? and valid_from = ?', [
    validTo,
    id,
    validFrom,
  ]);
}

/** Records that one agency went into another on a day. */
export async function insertSuccession(
  trx: Trx,
  predecessorId: number,
  successorId: number,
  on: string,
): Promise<void> {
  await runSql(trx, 'insert into succession (predecessor_id, successor_id, merged_on) values (?, ?, ?)', [
    predecessorId,
    successorId,
    on,
  ]);
}

/** Takes back into what an agency went. */
export async function deleteSuccessions(trx: Trx, predecessorId: number): Promise<void> {
  await runSql(trx, 'delete from succession where predecessor_id = ?', [predecessorId]);
}

/** The agencies that went into one, with the day. */
export async function predecessorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return runSql(
    db,
    'select predecessor_id as id, merged_on as "on" from succession where successor_id = ? order by merged_on',
    [id],
  );
}

/** The agencies that one went into, with the day. */
export async function successorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return runSql(
    db,
    'select successor_id as id, merged_on as "on" from succession where predecessor_id = ? order by merged_on',
    [id],
  );
}

/** An exemption from filing for one year. */
export interface Exemption {
  readonly year: number;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recordedAt: string;
}

/** Exempts an agency for a year; a second call replaces the reason. */
export async function setExemption(trx: Trx, agencyId: number, exemption: Exemption): Promise<void> {
  await runSql(
    trx,
    `insert into exemption (agency_id, year, reason, recorded_by, recorded_at) values (?, ?, ?, ?, ?)
     on conflict (agency_id, year) do update set reason = excluded.reason, recorded_by = excluded.recorded_by,
       recorded_at = excluded.recorded_at`,
    [agencyId, exemption.year, exemption.reason, exemption.recordedBy, exemption.recordedAt],
  );
}

/** Takes an exemption back; false when there was none. */
export async function deleteExemption(trx: Trx, agencyId: number, year: number): Promise<boolean> {
  const rows = await runSql(trx, 'delete from exemption where agency_id = ? and year = ? returning year', [
    agencyId,
    year,
  ]);
  return rows.length > 0;
}

/** The years for which an agency is exempted. */
export async function exemptionsOf(db: Db, agencyId: number): Promise<Exemption[]> {
  return runSql<Exemption>(
    db,
    `select year, reason, recorded_by as recordedBy, recorded_at as recordedAt from exemption where agency_id = ?
     order by year`,
    [agencyId],
  );
}

/** The agency of kind COUNTY under which a county files its own published report. */
export async function ownAgencyOf(db: Db, countyId: number): Promise<number | undefined> {
  const rows = await runSql<{ id: number }>(
    db,
    `select agency_id as id from agency_state where county_id = ? and kind = 'COUNTY' order by valid_from desc limit 1`,
    [countyId],
  );
  return rows[0]?.id;
}
