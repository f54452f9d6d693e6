/** Loads a whole register into an empty store, or in the place of the one that had no history. */

import type { AgencyKind, CodeAuthority, DivisionLevel, EdgeKind, PlaceSubject, Precision } from '../../../words.js';
import { flag, integer, integers, listOf, nullable } from '../../engine/column.js';
import { integerAt, isIn, itemsOf, textAt } from '../../engine/dialect.js';
import { findRow, readRows, write } from '../../engine/run.js';
import type { Db, Trx } from '../../engine/schema.js';
import { sqlStatement, statement } from '../../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from '../agencies.js';
import { divisionStateColumns, divisionStateSelection, type DivisionState as KeptDivisionState } from '../divisions.js';
import { rebuildExpectations } from '../expectations.js';

const anyDivision = statement()((db) => db.selectFrom('division').select('id').limit(1));

/** Whether no register was ever loaded. */
export async function isRegisterEmpty(db: Db): Promise<boolean> {
  return (await findRow(db, anyDivision)) === undefined;
}

/** A state of a division as it is loaded; the states of one `unit` follow each other without a gap. */
export interface DivisionRow {
  readonly unit: string;
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  /** The code that the division above has on the first day of the state. */
  readonly parent: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A state of an agency as it is loaded; the states of one `unit` follow each other without a gap. */
export interface AgencyRow {
  readonly unit: string;
  readonly code: string;
  readonly name: string;
  readonly kind: AgencyKind;
  /** The code that its county has on the first day of the state. */
  readonly county: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** What went from one unit to another on a day: an agency's wholly or in part (both end it), a division's territory. */
export interface SuccessionRow {
  readonly about: PlaceSubject;
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  readonly effective: string;
}

/** What a day of a unit rests on, where that is more than that it is known. */
export interface BasisRow {
  readonly about: PlaceSubject;
  readonly unit: string;
  readonly effective: string;
  readonly precision: Precision;
  readonly document: string;
}

/** The digits that another authority gives the agency `unit`. */
export interface OtherCodeRow {
  readonly unit: string;
  readonly authority: CodeAuthority;
  readonly code: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A whole register as it is loaded: the rows of the files in `data/`. */
export interface RegisterRows {
  readonly divisions: readonly DivisionRow[];
  readonly agencies: readonly AgencyRow[];
  readonly successions: readonly SuccessionRow[];
  readonly bases: readonly BasisRow[];
  readonly otherCodes: readonly OtherCodeRow[];
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

type DivisionChange = readonly [
  id: number,
  code: string | null,
  name: string | null,
  parentId: number | null,
  from: string,
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

type AgencyChange = readonly [
  id: number,
  code: string | null,
  name: string | null,
  kind: AgencyKind | null,
  countyId: number | null,
  from: string,
];

type Edge = readonly [from: number, to: number, effective: string, kind: EdgeKind];

type LoadedBasis = readonly [about: PlaceSubject, id: number, effective: string, Precision, document: string | null];

type LoadedCode = readonly [id: number, CodeAuthority, code: string, from: string, to: string | null];

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

const newDivisionChanges = sqlStatement({
  takes: { rows: listOf<DivisionChange>() },
  text: `insert into division_change (division_id, code, name, parent_id, valid_from)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${integerAt('r.value', 3)},
      ${textAt('r.value', 4)} from ${itemsOf(':rows', 'r')}`,
});

const newAgencies = sqlStatement({
  takes: { rows: listOf<readonly [id: number]>() },
  text: `insert into agency (id) select ${integerAt('r.value', 0)} from ${itemsOf(':rows', 'r')}`,
});

const newAgencyStates = sqlStatement({
  takes: { rows: listOf<AgencyState>() },
  text: `insert into agency_state (agency_id, code, name, kind, county_id, valid_from, valid_to)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)},
      ${integerAt('r.value', 4)}, ${textAt('r.value', 5)}, ${textAt('r.value', 6)} from ${itemsOf(':rows', 'r')}`,
});

const newAgencyChanges = sqlStatement({
  takes: { rows: listOf<AgencyChange>() },
  text: `insert into agency_change (agency_id, code, name, kind, county_id, valid_from)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)},
      ${integerAt('r.value', 4)}, ${textAt('r.value', 5)} from ${itemsOf(':rows', 'r')}`,
});

const newEdges = sqlStatement({
  takes: { rows: listOf<Edge>() },
  text: `insert into division_edge (from_id, to_id, effective, kind)
    select ${integerAt('r.value', 0)}, ${integerAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)}
    from ${itemsOf(':rows', 'r')}`,
});

const newSuccessions = sqlStatement({
  takes: { rows: listOf<Edge>() },
  text: `insert into succession (predecessor_id, successor_id, effective)
    select ${integerAt('r.value', 0)}, ${integerAt('r.value', 1)}, ${textAt('r.value', 2)} from ${itemsOf(':rows', 'r')}`,
});

const newBases = sqlStatement({
  takes: { rows: listOf<LoadedBasis>() },
  text: `insert into basis (about, id, effective, precision, document)
    select ${textAt('r.value', 0)}, ${integerAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)},
      ${textAt('r.value', 4)} from ${itemsOf(':rows', 'r')}`,
});

const newOtherCodes = sqlStatement({
  takes: { rows: listOf<LoadedCode>() },
  text: `insert into other_code (agency_id, authority, code, valid_from, valid_to)
    select ${integerAt('r.value', 0)}, ${textAt('r.value', 1)}, ${textAt('r.value', 2)}, ${textAt('r.value', 3)},
      ${textAt('r.value', 4)} from ${itemsOf(':rows', 'r')}`,
});

/** Agency states that are inserted at once. */
const statesAtOnce = 10_000;

/** The register that is loaded: from the list of 2018 on, with what changed since. */
const edition = '2018-2023';

const newEdition = statement<{ edition: string }>()((db, hole) =>
  db.insertInto('register_edition').values({ edition: hole('edition') }),
);

const anyEdition = statement()((db) => db.selectFrom('register_edition').select('edition').limit(1));

/** Whether a store was given the register before it had a history. */
export async function isRegisterOld(db: Db): Promise<boolean> {
  return !(await isRegisterEmpty(db)) && (await findRow(db, anyEdition)) === undefined;
}

/** Units that are in the store already, by what they are called in the rows: they keep their identity. */
export interface KnownUnits {
  readonly divisions: ReadonlyMap<string, number>;
  readonly agencies: ReadonlyMap<string, number>;
}

/** The name of a county's own agency as a unit. */
export const ownUnit = (county: string) => `county ${county}`;

const nobody: KnownUnits = { divisions: new Map(), agencies: new Map() };

const lastIds = sqlStatement({
  takes: {},
  gives: { division: integer, agency: integer },
  text: `select (select coalesce(max(id), 0) from division) as division,
    (select coalesce(max(id), 0) from agency) as agency`,
});

const noDivisionStates = statement()((db) => db.deleteFrom('division_state'));

const noAgencyStates = sqlStatement({
  takes: { ids: integers },
  text: `delete from agency_state where ${isIn('agency_id', ':ids')}`,
});

/** Takes away every state of some agencies, before they are given others. */
export async function clearAgencyStates(trx: Trx, ids: readonly number[]): Promise<void> {
  await write(trx, noAgencyStates, { ids });
}

/**
 * Loads a whole register into an empty store, or gives the units that are in it other states: the divisions, one agency of kind COUNTY a county, which is what its county
 * is at any time, then the agencies, and what went into what. `onProgress` takes how many states are in.
 */
export async function loadRegister(
  trx: Trx,
  register: RegisterRows,
  onProgress: (loaded: number, total: number) => void,
  known: KnownUnits = nobody,
): Promise<void> {
  const last = (await findRow(trx, lastIds, {})) ?? { division: 0, agency: 0 };
  const divisionIds = idsOf(register.divisions, known.divisions, last.division);
  const owns = ownAgencies(register);
  const all = [...owns.agencies, ...register.agencies];
  const agencyIds = idsOf(all, known.agencies, last.agency);
  const total = register.divisions.length + all.length;
  await loadDivisions(trx, register, { ids: divisionIds, after: last.division });
  onProgress(register.divisions.length, total);
  const divisionOn = holdersOf(register.divisions, divisionIds);
  const newIds = [...agencyIds.values()].filter((id) => id > last.agency);
  await write(trx, newAgencies, { rows: newIds.map((id) => [id] as const) });
  await clearAgencyStates(trx, [...known.agencies.values()]);
  const states = all.map(
    ({ unit, code, name, kind, county, validFrom, validTo }): AgencyState => [
      idOf(agencyIds, unit),
      code,
      name,
      kind,
      divisionOn(county, validFrom),
      validFrom,
      validTo || null,
    ],
  );
  for (let start = 0; start < states.length; start += statesAtOnce) {
    const rows = states.slice(start, start + statesAtOnce);
    await write(trx, newAgencyStates, { rows });
    onProgress(register.divisions.length + start + rows.length, total);
    // Lets a progress bar draw and a signal be heard between the batches.
    await new Promise((resume) => setImmediate(resume));
  }
  await write(trx, newAgencyChanges, { rows: later(states).map(agencyChange) });
  const edges = [...owns.successions, ...register.successions.filter(({ about }) => about === 'agency')];
  await write(trx, newSuccessions, { rows: edges.map((row) => edge(agencyIds, row)) });
  const bases = [...owns.bases, ...register.bases];
  await write(trx, newBases, {
    rows: bases.map((row) => basis(row.about === 'agency' ? agencyIds : divisionIds, row)),
  });
  await write(trx, newOtherCodes, {
    rows: register.otherCodes.map((row) => otherCode(agencyIds, row)),
  });
  await rebuildExpectations(trx);
  await write(trx, newEdition, { edition });
}

async function loadDivisions(
  trx: Trx,
  { divisions, successions }: RegisterRows,
  { ids, after }: { readonly ids: ReadonlyMap<string, number>; readonly after: number },
): Promise<void> {
  await write(trx, noDivisionStates);
  const levels = new Map(divisions.map(({ unit, level }) => [unit, level]));
  const units = [...levels].map(([unit, level]): NewDivision => [idOf(ids, unit), level]);
  await write(trx, newDivisions, { rows: units.filter(([id]) => id > after) });
  const divisionOn = holdersOf(divisions, ids);
  const states = divisions.map(
    ({ unit, code, name, parent, validFrom, validTo }): DivisionState => [
      idOf(ids, unit),
      code,
      name,
      parent === '' ? null : divisionOn(parent, validFrom),
      validFrom,
      validTo || null,
    ],
  );
  await write(trx, newDivisionStates, { rows: states });
  await write(trx, newDivisionChanges, { rows: later(states).map(divisionChange) });
  const edges = successions.filter(({ about }) => about === 'division');
  await write(trx, newEdges, { rows: edges.map((row) => edge(ids, row)) });
}

/** An identity for each unit: that which it has, or else the next after the last, in the order in which the rows name them. */
function idsOf(
  rows: readonly { readonly unit: string }[],
  known: ReadonlyMap<string, number>,
  last: number,
): Map<string, number> {
  const units = [...new Set(rows.map(({ unit }) => unit))];
  const fresh = units.filter((unit) => !known.has(unit)).map((unit, index) => [unit, last + index + 1] as const);
  return new Map([...known, ...fresh]);
}

function idOf(ids: ReadonlyMap<string, number>, unit: string): number {
  const id = ids.get(unit);
  if (id === undefined) throw new Error(`the register has no unit ${unit}`);
  return id;
}

function byCode(divisions: readonly DivisionRow[]): Map<string, DivisionRow[]> {
  const rows = new Map<string, DivisionRow[]>();
  for (const row of divisions) rows.set(row.code, [...(rows.get(row.code) ?? []), row]);
  return rows;
}

/** Which division has a code on a day. */
function holdersOf(divisions: readonly DivisionRow[], ids: ReadonlyMap<string, number>) {
  const rows = byCode(divisions);
  return (code: string, day: string): number => {
    const row = rows.get(code)?.find(({ validFrom, validTo }) => validFrom <= day && (validTo === '' || validTo > day));
    if (!row) throw new Error(`the register has no division ${code} on ${day}`);
    return idOf(ids, row.unit);
  };
}

/** Each county's own agency: its states, what went into it, and what that rests on. */
function ownAgencies({ divisions, successions, bases }: RegisterRows) {
  const counties = divisions.filter(({ level }) => level === 'COUNTY');
  const units = new Set(counties.map(({ unit }) => unit));
  const ending = successions.filter(
    ({ about, kind, from }) => about === 'division' && (kind === 'MERGE' || kind === 'SPLIT') && units.has(from),
  );
  const days = new Set([
    ...counties.flatMap(({ unit, validFrom, validTo }) => [`${unit} ${validFrom}`, `${unit} ${validTo}`]),
    ...ending.flatMap(({ from, to, effective }) => [`${from} ${effective}`, `${to} ${effective}`]),
  ]);
  return {
    agencies: counties.map(
      (county): AgencyRow => ({ ...county, unit: ownUnit(county.unit), kind: 'COUNTY', county: county.code }),
    ),
    successions: ending.map(
      (row): SuccessionRow => ({ ...row, about: 'agency', from: ownUnit(row.from), to: ownUnit(row.to) }),
    ),
    bases: bases
      .filter(({ about, unit, effective }) => about === 'division' && days.has(`${unit} ${effective}`))
      .filter(({ unit }) => units.has(unit))
      .map((row): BasisRow => ({ ...row, about: 'agency', unit: ownUnit(row.unit) })),
  };
}

/** The pairs of states of one identity that follow each other. */
function later<State extends readonly [id: number, ...unknown[]]>(states: readonly State[]): [State, State][] {
  return states.flatMap((state, index): [State, State][] => {
    const before = states[index - 1];
    return before?.[0] === state[0] ? [[before, state]] : [];
  });
}

const ifOther = <Value>(value: Value, before: Value): Value | null => (value === before ? null : value);

function divisionChange([before, [id, code, name, parentId, from]]: [DivisionState, DivisionState]): DivisionChange {
  return [id, ifOther(code, before[1]), ifOther(name, before[2]), ifOther(parentId, before[3]), from];
}

function agencyChange([before, [id, code, name, kind, countyId, from]]: [AgencyState, AgencyState]): AgencyChange {
  return [
    id,
    ifOther(code, before[1]),
    ifOther(name, before[2]),
    ifOther(kind, before[3]),
    ifOther(countyId, before[4]),
    from,
  ];
}

function edge(ids: ReadonlyMap<string, number>, { from, to, effective, kind }: SuccessionRow): Edge {
  return [idOf(ids, from), idOf(ids, to), effective, kind];
}

function basis(
  ids: ReadonlyMap<string, number>,
  { about, unit, effective, precision, document }: BasisRow,
): LoadedBasis {
  return [about, idOf(ids, unit), effective, precision, document || null];
}

function otherCode(
  ids: ReadonlyMap<string, number>,
  { unit, authority, code, validFrom, validTo }: OtherCodeRow,
): LoadedCode {
  return [idOf(ids, unit), authority, code, validFrom, validTo || null];
}

const everyDivisionState = sqlStatement({
  takes: {},
  gives: divisionStateColumns,
  text: `select ${divisionStateSelection} order by s.division_id, s.valid_from`,
});

/** Every state of every division, by identity and day. */
export async function allDivisionStates(db: Db): Promise<KeptDivisionState[]> {
  return readRows(db, everyDivisionState, {});
}

/** A state of an agency, and what became of it. */
export interface OldAgency extends Agency {
  /** Whether anybody changed it, took another into it, or it was put into another. */
  readonly changed: 0 | 1;
  /** Whether anything but the register names it: a report, a token, an exemption. */
  readonly named: 0 | 1;
  /** The first report year for which it filed, withdrawn or not. */
  readonly firstYear: number | null;
}

const everyAgencyState = sqlStatement({
  takes: {},
  gives: { ...agencyColumns, changed: flag, named: flag, firstYear: nullable(integer) },
  text: `select ${agencySelection},
      case when s.agency_id in (select agency_id from agency_change)
        or s.agency_id in (select predecessor_id from succession)
        or s.agency_id in (select successor_id from succession)
        or s.agency_id in (select c.agency_id from change c where c.about = 'agency' and c.agency_id is not null
          and c.type not in ('exempted', 'unexempted')) then 1 else 0 end as changed,
      case when s.agency_id in (select agency_id from revision) or s.agency_id in (select agency_id from exemption)
        or s.agency_id in (select agency_id from token_grant where agency_id is not null)
        or s.agency_id in (select agency_id from lock_exception) then 1 else 0 end as named,
      (select min(v.year) from revision v where v.agency_id = s.agency_id) as "firstYear"
    from agency_state s order by s.agency_id, s.valid_from`,
});

/** Every state of every agency, by identity and day. */
export async function allAgencyStates(db: Db): Promise<OldAgency[]> {
  return readRows(db, everyAgencyState, {});
}
