/**
 * The register: divisions and agencies as identities that never change, with dated states (code, name, kind,
 * parent). What a year's report belongs to is the state on 31 December of that year.
 */
import { runSql } from './open.js';
import type { AgencyKind, Db, DivisionLevel, Trx } from './schema.js';

/** A division as it stands on some day. */
export interface Division {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parentId: number | null;
}

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
export interface Standing {
  readonly countyId: number;
  readonly kind: AgencyKind;
  readonly expected: boolean;
  /** The last day to file, YYYY-MM-DD. */
  readonly due: string;
  /** The county and everything above it on 31 December. */
  readonly lineage: readonly number[];
}

/** A page of something, and how many there are in all. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly more: boolean;
}

/** The default of 条例 Art. 49: 31 January of the following year. */
export const defaultDue = '01-31';

/** How near a deadline `d` of division `v` is to a county: the least holds. A year's own date goes before every year's. */
export const deadlineDistance = `(d.year = 0) + 2 * case v.level
  when 'COUNTY' then 0 when 'PREFECTURE' then 1 when 'PROVINCE' then 2 else 3 end`;

/** The reference date for a report year: who must file, and which county they belong to. */
export function referenceDate(year: number): string {
  return `${year}-12-31`;
}

/** A condition that holds for the state of `alias` in force on the day bound to `?`, twice. */
const inForce = (alias: string, day = '?') =>
  `${alias}.valid_from <= ${day} and (${alias}.valid_to is null or ${alias}.valid_to > ${day})`;

const divisionColumns = 's.division_id as id, s.code, s.name, d.level, s.parent_id as parentId';
const agencyColumns =
  's.agency_id as id, s.code, s.name, s.kind, s.county_id as countyId, s.valid_from as validFrom, s.valid_to as validTo';

/** The division with that code today, or else the one that last had it. */
export async function findDivision(db: Db, code: string): Promise<Division | undefined> {
  const rows = await runSql<Division>(
    db,
    `select ${divisionColumns} from division_state s join division d on d.id = s.division_id
     where s.code = ? order by s.valid_to is null desc, s.valid_to desc limit 1`,
    [code],
  );
  return rows[0];
}

/** The divisions with these identities as they stand on a day, by identity. */
export async function divisionsById(db: Db, ids: readonly number[], day: string): Promise<Map<number, Division>> {
  const rows = await runSql<Division>(
    db,
    `select ${divisionColumns} from division_state s join division d on d.id = s.division_id
     where s.division_id in (select value from json_each(?)) and ${inForce('s')}`,
    [JSON.stringify(ids), day, day],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The divisions on a day, those directly under a parent or of a level where one is given, by code, after a code. */
export async function listDivisions(
  db: Db,
  filter: { readonly parentId?: number; readonly level?: DivisionLevel; readonly day: string },
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Division>> {
  const conditions = `${inForce('s')} and (? is null or s.parent_id = ?) and (? is null or d.level = ?)`;
  const { parentId = null, level = null, day } = filter;
  const bound = [day, day, parentId, parentId, level, level];
  const from = `from division_state s join division d on d.id = s.division_id where ${conditions}`;
  const rows = await runSql<Division>(db, `select ${divisionColumns} ${from} and s.code > ? order by s.code limit ?`, [
    ...bound,
    page.after ?? '',
    page.first + 1,
  ]);
  const count = await runSql<{ total: number }>(db, `select count(*) as total ${from}`, bound);
  return pageOf(rows, page.first, count[0]?.total ?? 0);
}

/** Every state an agency had that carried this code, newest first. */
export async function agencyStatesByCode(db: Db, code: string): Promise<Agency[]> {
  return runSql<Agency>(db, `select ${agencyColumns} from agency_state s where s.code = ? order by s.valid_from desc`, [
    code,
  ]);
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

/** A division (first parameter) and all divisions below it on a day (second and third). */
const countiesUnder = `with recursive below (id) as (
    values (?)
    union all
    select d.division_id from below join division_state d on d.parent_id = below.id and ${inForce('d')}
  ) select id from below`;

function pageOf<T>(rows: readonly T[], first: number, total: number): Page<T> {
  return { items: rows.slice(0, first), total, more: rows.length > first };
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
export async function findStanding(db: Db, agencyId: number, year: number): Promise<Standing | undefined> {
  const agency = await findAgencyOn(db, agencyId, referenceDate(year));
  return agency && standingOf(db, agency, year);
}

/** The same for an agency in its state of 31 December of the year. */
export async function standingOf(db: Db, agency: Agency, year: number): Promise<Standing> {
  const [exempt] = await runSql(db, 'select 1 from exemption where agency_id = ? and year = ?', [agency.id, year]);
  return {
    countyId: agency.countyId,
    kind: agency.kind,
    expected: agency.kind !== 'COUNTY' && !exempt,
    ...(await placeCounty(db, agency.countyId, year)),
  };
}

/**
 * The recursive table `lineage (county_id, year, division_id)`: a county and everything above it on 31 December of
 * a year, seeded by a selection of (county, year, county).
 */
export const lineageFrom = (seed: string) => `with recursive lineage (county_id, year, division_id) as (
    ${seed}
    union all
    select l.county_id, l.year, s.parent_id from lineage l join division_state s on s.division_id = l.division_id
      and s.valid_from <= l.year || '-12-31' and (s.valid_to is null or s.valid_to > l.year || '-12-31')
    where s.parent_id is not null
  )`;

/** The recursive table `lineage (county_id, year, division_id)` of the reports a condition on `report r` selects. */
export const lineageOfReports = (condition: string) =>
  lineageFrom(`select distinct r.county_id, r.year, r.county_id from report r where ${condition}`);

/** A county and everything above it on 31 December of a year. */
export async function lineageOf(db: Db, countyId: number, year: number): Promise<number[]> {
  const rows = await runSql<{ id: number }>(
    db,
    `${lineageFrom('select ?, ?, ?')} select division_id as id from lineage`,
    [countyId, year, countyId],
  );
  return rows.map((row) => row.id);
}

/**
 * The last day to file for a report year in a county: the date set nearest above it (county, prefecture,
 * province, nation; a date for the year before one for every year), else 31 January.
 */
export async function dueDate(db: Db, countyId: number, year: number): Promise<string> {
  return (await placeCounty(db, countyId, year)).due;
}

/** A county's last day to file for a report year, and its lineage, read at once. */
async function placeCounty(db: Db, countyId: number, year: number): Promise<Pick<Standing, 'due' | 'lineage'>> {
  const rows = await runSql<{ id: number; due: string | null }>(
    db,
    `${lineageFrom('select ?, ?, ?')}
     select l.division_id as id, d.due from lineage l join division v on v.id = l.division_id
     left join deadline d on d.division_id = l.division_id and d.year in (l.year, 0)
     order by d.due is null, ${deadlineDistance}`,
    [countyId, year, countyId],
  );
  return {
    due: `${year + 1}-${rows[0]?.due ?? defaultDue}`,
    lineage: [...new Set(rows.map((row) => row.id))],
  };
}

/** Sets the date (MM-DD of the following year) by which a division's agencies file; year 0 is every year. */
export async function setDeadline(trx: Trx, divisionId: number, year: number, due: string | null): Promise<void> {
  if (due === null) {
    await runSql(trx, 'delete from deadline where division_id = ? and year = ?', [divisionId, year]);
    return;
  }
  await runSql(
    trx,
    `insert into deadline (division_id, year, due) values (?, ?, ?)
     on conflict (division_id, year) do update set due = excluded.due`,
    [divisionId, year, due],
  );
}

/** The dates set for a division itself. */
export async function deadlinesOf(db: Db, divisionId: number): Promise<{ year: number; due: string }[]> {
  return runSql(db, 'select year, due from deadline where division_id = ? order by year', [divisionId]);
}

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

/** Registers a new agency with its first state and returns its identity. */
export async function insertAgency(trx: Trx, state: Omit<Agency, 'id'>): Promise<number> {
  const rows = await runSql<{ id: number }>(trx, 'insert into agency default values returning id');
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('the register gave no identity');
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

/** How many of a division's agencies are expected to file for a year, by kind. */
export async function expectedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<{ year: number; kind: AgencyKind; expected: number }[]> {
  return runSql(
    db,
    `select y.value as year, e.kind, sum(e.change) as expected from json_each(?) y
     join expectation e on e.division_id = ? and e.year <= y.value group by y.value, e.kind`,
    [JSON.stringify(years), divisionId],
  );
}

/**
 * The changes of expectation that states and exemptions amount to. A state that began in year A and ended in
 * year B is the one on 31 December of A to B-1; each such span counts for its county and, cut to the spans in
 * which that county lay where it lay, for everything above it.
 */
const expectationChanges = (condition: string) => `
  with recursive span (division_id, kind, first, past, agencies) as (
    select county_id, kind, substr(valid_from, 1, 4) + 0, coalesce(substr(valid_to, 1, 4) + 0, 9999), count(*)
    from agency_state s where s.kind <> 'COUNTY' and ${condition} group by 1, 2, 3, 4
    union all
    select s.county_id, s.kind, e.year, e.year + 1, -1
    from exemption e join agency_state s on s.agency_id = e.agency_id and s.kind <> 'COUNTY'
      and ${inForce('s', "(e.year || '-12-31')")} where ${condition}
    union all
    select d.parent_id, span.kind, max(span.first, substr(d.valid_from, 1, 4) + 0),
      min(span.past, coalesce(substr(d.valid_to, 1, 4) + 0, 9999)), span.agencies
    from span join division_state d on d.division_id = span.division_id
    where d.parent_id is not null
      and max(span.first, substr(d.valid_from, 1, 4) + 0) < min(span.past, coalesce(substr(d.valid_to, 1, 4) + 0, 9999))
  )
  select division_id, kind, first as year, agencies as change from span where first < past
  union all
  select division_id, kind, past as year, -agencies as change from span where first < past and past < 9999`;

/** Makes the whole table of expectations anew from the states and exemptions. */
export async function rebuildExpectations(trx: Trx): Promise<void> {
  await runSql(trx, 'delete from expectation');
  await runSql(
    trx,
    `insert into expectation (division_id, kind, year, change)
     select division_id, kind, year, sum(change) from (${expectationChanges('true')}) group by division_id, kind, year
     having sum(change) <> 0`,
  );
}

/**
 * Adds (sign 1) or takes away (sign -1) what one agency's states and exemptions contribute to the expectations.
 * Around any change to an agency: take away before it, add after it.
 */
export async function shiftExpectations(trx: Trx, agencyId: number, sign: 1 | -1): Promise<void> {
  await runSql(
    trx,
    `insert into expectation (division_id, kind, year, change)
     select division_id, kind, year, ? * sum(change) from (${expectationChanges('s.agency_id = ?')}) group by division_id, kind, year
     having sum(change) <> 0
     on conflict (division_id, kind, year) do update set change = change + excluded.change`,
    [sign, agencyId, agencyId],
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
