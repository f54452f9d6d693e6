/** The areas of a level that lie below a division on a day, all at once: divisions, or agencies. */
import { type AgencyKind, type DivisionLevel, divisionLevels } from '../../../words.js';
import { flag, integer, integers, oneOf, optional, text } from '../../engine/column.js';
import { itemsOf, joinedFromList, packed, packedRows, unpackRows } from '../../engine/dialect.js';
import { findRow } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import type { Agency } from '../agencies.js';
import { type Division, idsUnder, inForce } from '../divisions.js';

type DivisionRow = readonly [id: number, code: string, name: string, parentId: number | null];

/** Of the nation all are, and none has to be looked for below it. */
const divisionRows = sqlStatement({
  takes: { divisionId: optional(integer), level: oneOf(divisionLevels), day: text },
  gives: { rows: text },
  text: (has) => `select ${packedRows(packed(['s.division_id', 's.code', 's.name', 's.parent_id']))} as rows
    from division_state s join division d on d.id = s.division_id
    where d.level = :level and ${inForce('s')} ${has.divisionId ? `and s.division_id in (${idsUnder})` : ''}`,
});

/** The divisions of a level that lie below one on a day, by code. */
export async function divisionsOfLevel(
  db: Db,
  below: Pick<Division, 'id' | 'level'>,
  level: DivisionLevel,
  day: string,
): Promise<readonly Division[]> {
  if (divisionLevels.indexOf(level) <= divisionLevels.indexOf(below.level)) return [];
  const divisionId = below.level === 'NATION' ? undefined : below.id;
  const row = await findRow(db, divisionRows, { divisionId, level, day });
  return unpackRows<DivisionRow>(row?.rows)
    .map(([id, code, name, parentId]) => ({ id, code, name, level, parentId }))
    .sort(byCode);
}

const placesOnDay = sqlStatement({
  takes: { day: text },
  gives: { rows: text },
  text: `select ${packedRows(packed(['s.division_id', 's.code', 's.parent_id']))} as rows from division_state s
    where ${inForce('s')}`,
});

/** What a division is called on a day, and what lies directly above it. */
export type DivisionPlace = Pick<Division, 'code' | 'parentId'>;

/** All divisions that there are on a day, by identity. */
export async function placesOfDivisions(db: Db, day: string): Promise<ReadonlyMap<number, DivisionPlace>> {
  const rows = unpackRows<readonly [number, string, number | null]>((await findRow(db, placesOnDay, { day }))?.rows);
  return new Map(rows.map(([id, code, parentId]) => [id, { code, parentId }]));
}

type AgencyRow = readonly [
  id: number,
  code: string,
  name: string,
  kind: AgencyKind,
  countyId: number,
  validFrom: string,
  validTo: string | null,
];

const agencyRow = packed(['s.agency_id', 's.code', 's.name', 's.kind', 's.county_id', 's.valid_from', 's.valid_to']);

const statesInDivisions = sqlStatement({
  takes: { divisionIds: integers },
  gives: { rows: text },
  text: `select ${packedRows(agencyRow)} as rows from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} agency_state s
    where s.county_id = v.value and s.kind <> 'COUNTY'`,
});

const filingStates = sqlStatement({
  takes: {},
  gives: { rows: text },
  text: `select ${packedRows(agencyRow)} as rows from agency_state s where s.kind <> 'COUNTY'`,
});

const exemptions = sqlStatement({
  takes: { from: integer, to: integer },
  gives: { rows: text },
  text: `select ${packedRows(packed(['year', 'agency_id']))} as rows from exemption where year between :from and :to`,
});

function unpackAgencies(rows: string | undefined): Agency[] {
  return unpackRows<AgencyRow>(rows)
    .map(([id, code, name, kind, countyId, validFrom, validTo]) => ({
      id,
      code,
      name,
      kind,
      countyId,
      validFrom,
      validTo,
    }))
    .sort(byCode);
}

/**
 * The states of agencies, but of counties' own, that lie in some divisions, or of all where none are given, by code: those of
 * a day are the agencies of that day.
 */
export async function statesOfFilers(db: Db, divisionIds?: readonly number[]): Promise<readonly Agency[]> {
  const found = divisionIds ? findRow(db, statesInDivisions, { divisionIds }) : findRow(db, filingStates);
  return unpackAgencies((await found)?.rows);
}

/** The agencies that need not file, for each of some years. */
export async function exemptFor(db: Db, years: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const exempt = new Map(years.map((year) => [year, new Set<number>()]));
  const span = { from: Math.min(...years), to: Math.max(...years) };
  const rows = unpackRows<readonly [year: number, agencyId: number]>((await findRow(db, exemptions, span))?.rows);
  for (const [year, id] of rows) exempt.get(year)?.add(id);
  return exempt;
}

const changedSince = sqlStatement({
  takes: { after: integer },
  gives: { last: integer, changed: flag },
  text: `select coalesce((select max(number) from change), 0) as last,
    exists (select 1 from change where number > :after and about <> 'report') as changed`,
});

/** The number of the last change of anything, and whether the register was changed after an earlier one. */
export async function registerChangedSince(
  db: Db,
  after: number,
): Promise<{ readonly last: number; readonly isChanged: boolean }> {
  const row = await findRow(db, changedSince, { after });
  return { last: row?.last ?? 0, isChanged: row?.changed === 1 };
}

/** Something that is kept of each store until the register changes, and made again then; no filing touches it. */
export function keepWithRegister<Value>(make: () => Value): (db: Db) => Promise<Value> {
  const keptOf = new WeakMap<Db, { readonly change: number; readonly value: Value }>();
  return async (db) => {
    const before = keptOf.get(db);
    const { last, isChanged } = await registerChangedSince(db, before?.change ?? 0);
    const value = before && !isChanged ? before.value : make();
    keptOf.set(db, { change: last, value });
    return value;
  };
}

function byCode(one: { readonly code: string }, other: { readonly code: string }): number {
  return one.code < other.code ? -1 : 1;
}
