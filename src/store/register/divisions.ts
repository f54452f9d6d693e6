/** Divisions: identities that never change, with dated states, and what lies above and below them on a day. */

import { type DivisionLevel, divisionLevels, type Page, pageOf } from '../../words.js';
import { integer, integers, nullable, oneOf, optional, text } from '../engine/column.js';
import { isIn, itemsOf } from '../engine/dialect.js';
import { findRow, insertRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** A division as it is on some day. */
export interface Division {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parentId: number | null;
}

/** A division with the days on which it is so; `validTo` is the first on which it no longer is. */
export interface DivisionState extends Division {
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** A condition that holds for the state of `alias` in force on a day. */
export const inForce = (alias: string, day = ':day') =>
  `${alias}.valid_from <= ${day} and (${alias}.valid_to is null or ${alias}.valid_to > ${day})`;

/** A condition that holds for the state of `alias` in force on 31 December of a year. */
export const inForceAtEndOf = (alias: string, year: string) => inForce(alias, `${year} || '-12-31'`);

const division = {
  id: integer,
  code: text,
  name: text,
  level: oneOf(divisionLevels),
  parentId: nullable(integer),
};
const divisionColumns = 's.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId"';

/** The columns of a `DivisionState`, for statements that return one. */
export const divisionStateColumns = { ...division, validFrom: text, validTo: nullable(text) };

/** The same as a statement selects them from a state `s` of a division `d`. */
export const divisionStateSelection = `${divisionColumns}, s.valid_from as "validFrom", s.valid_to as "validTo"
    from division_state s join division d on d.id = s.division_id`;

const statesOfCode = sqlStatement({
  takes: { code: text },
  gives: divisionStateColumns,
  text: `select ${divisionColumns}, s.valid_from as "validFrom", s.valid_to as "validTo"
    from division_state c join division_state s on s.division_id = c.division_id
    join division d on d.id = s.division_id
    where c.code = :code and not exists (select 1 from division_state b
      where b.division_id = c.division_id and b.code = c.code and b.valid_from < c.valid_from)`,
});

/** Every state, in no order, of each division that has this code at some time. */
export async function divisionStatesByCode(db: Db, code: string): Promise<DivisionState[]> {
  return readRows(db, statesOfCode, { code });
}

const statesOfDivision = sqlStatement({
  takes: { id: integer },
  gives: divisionStateColumns,
  text: `select ${divisionStateSelection} where s.division_id = :id order by s.valid_from`,
});

/** Every state of a division, oldest first. */
export async function divisionStates(db: Db, id: number): Promise<DivisionState[]> {
  return readRows(db, statesOfDivision, { id });
}

const nation = statement()((db) => db.selectFrom('division').select('id').where('level', '=', 'NATION'));

/** The identity of the nation, above everything; 0 while there is no register. */
export async function findNation(db: Db): Promise<number> {
  return (await findRow(db, nation))?.id ?? 0;
}

const divisionsOfIds = sqlStatement({
  takes: { ids: integers, day: text },
  gives: division,
  text: `select ${divisionColumns} from division_state s join division d on d.id = s.division_id
    where ${isIn('s.division_id', ':ids')} and ${inForce('s')}`,
});

/** The divisions with these identities as they are on a day, by identity. */
export async function divisionsById(db: Db, ids: readonly number[], day: string): Promise<Map<number, Division>> {
  const rows = await readRows(db, divisionsOfIds, { ids, day });
  return new Map(rows.map((row) => [row.id, row]));
}

const divisionsOfIdsNear = sqlStatement({
  takes: { ids: integers, day: text },
  gives: division,
  text: `select ${divisionColumns} from division_state s join division d on d.id = s.division_id
    where ${isIn('s.division_id', ':ids')} order by case when ${inForce('s')} then 1 else 0 end, s.valid_from`,
});

/** The divisions with these identities, by identity: as they are on a day, or else as they last were. */
export async function divisionsNear(db: Db, ids: readonly number[], day: string): Promise<Map<number, Division>> {
  const rows = await readRows(db, divisionsOfIdsNear, { ids, day });
  return new Map(rows.map((row) => [row.id, row]));
}

const listed = { parentId: optional(integer), level: optional(oneOf(divisionLevels)), day: text };
const isListed = (has: { readonly parentId: boolean; readonly level: boolean }) =>
  `from division_state s join division d on d.id = s.division_id where ${inForce('s')}
    ${has.parentId ? 'and s.parent_id = :parentId' : ''} ${has.level ? 'and d.level = :level' : ''}`;

const listedDivisions = sqlStatement({
  takes: { ...listed, after: text, limit: integer },
  gives: division,
  text: (has) => `select ${divisionColumns} ${isListed(has)} and s.code > :after order by s.code limit :limit`,
});

const countOfDivisions = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total ${isListed(has)}`,
});

/** The divisions on a day, those directly under a parent or of a level where one is given, by code, after a code. */
export async function listDivisions(
  db: Db,
  filter: { readonly parentId?: number; readonly level?: DivisionLevel; readonly day: string },
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Division>> {
  const rows = await readRows(db, listedDivisions, { after: page.after ?? '', limit: page.first + 1, ...filter });
  const count = await findRow(db, countOfDivisions, filter);
  return pageOf(rows, page.first, count?.total ?? 0);
}

const divisionsUnder = sqlStatement({
  takes: { divisionId: integer, years: integers, day: optional(text) },
  gives: { year: integer, id: integer },
  text: (has) => `with recursive below (year, id) as (
      select y.value, :divisionId from ${itemsOf(':years', 'y')}
      union all
      select b.year, s.division_id from below b
      join division_state s on s.parent_id = b.id and ${has.day ? inForce('s') : inForceAtEndOf('s', 'b.year')}
    ) select year, id from below`,
});

/** A division and all below it on 31 December of each of some years, or for each of them on one day, by year. */
export async function divisionsBelow(
  db: Db,
  divisionId: number,
  years: readonly number[],
  day?: string,
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const below = new Map<number, Set<number>>(years.map((year) => [year, new Set()]));
  for (const { year, id } of await readRows(db, divisionsUnder, { divisionId, years, day })) below.get(year)?.add(id);
  return below;
}

/** The identities of a division (`:divisionId`) and of all below it on a day (`:day`). */
export const idsUnder = `with recursive below (id) as (
    values (:divisionId)
    union all
    select d.division_id from below join division_state d on d.parent_id = below.id and ${inForce('d')}
  ) select id from below`;

const divisionsUnderOnDay = sqlStatement({
  takes: { divisionId: integer, day: text },
  gives: { id: integer, parentId: nullable(integer) },
  text: `with recursive below (id, parent_id) as (
      values (:divisionId, null)
      union all
      select d.division_id, d.parent_id from below join division_state d on d.parent_id = below.id and ${inForce('d')}
    ) select id, parent_id as "parentId" from below`,
});

/** A division, and what lies directly above it as far as that is asked for. */
export type PlacedDivision = Pick<Division, 'id' | 'parentId'>;

/** A division (with null above it) and all below it on a day. */
export async function divisionsBelowOn(db: Db, divisionId: number, day: string): Promise<PlacedDivision[]> {
  return readRows(db, divisionsUnderOnDay, { divisionId, day });
}

const childrenOfMany = sqlStatement({
  takes: { parentIds: integers, day: text },
  gives: { id: integer, parentId: nullable(integer) },
  text: `select s.division_id as id, s.parent_id as "parentId" from division_state s
    where ${isIn('s.parent_id', ':parentIds')} and ${inForce('s')}`,
});

/** The divisions directly below some others on a day. */
export async function childrenOn(db: Db, parentIds: readonly number[], day: string): Promise<PlacedDivision[]> {
  return readRows(db, childrenOfMany, { parentIds, day });
}

/** The identities of a division (`:divisionId`) and of whatever is or ever was below it. */
export const idsEverUnder = `with recursive below (id) as (
    values (:divisionId) union select s.division_id from below join division_state s on s.parent_id = below.id
  ) select id from below`;

const divisionCodeHolder = sqlStatement({
  takes: { code: text, except: nullable(integer), from: text, to: optional(text) },
  gives: divisionStateColumns,
  text: (has) => `select ${divisionStateSelection}
    where s.code = :code and s.division_id is distinct from :except ${has.to ? 'and s.valid_from < :to' : ''}
      and (s.valid_to is null or s.valid_to > :from) order by s.valid_from limit 1`,
});

/** Another division's state that carries a code on some day from `from` up to, not including, `to` (null: for ever). */
export async function findDivisionCodeHolder(
  db: Db,
  code: string,
  { from, to, except }: { readonly from: string; readonly to: string | null; readonly except: number | null },
): Promise<DivisionState | undefined> {
  return findRow(db, divisionCodeHolder, { code, except, from, to: to ?? undefined });
}

const newDivision = statement<Pick<Division, 'level'>>()((db, hole) =>
  db.insertInto('division').values({ level: hole('level') }),
);

/** Registers a new division with its first state and returns its identity. */
export async function insertDivision(trx: Trx, state: Omit<DivisionState, 'id'>): Promise<number> {
  const id = await insertRow(trx, newDivision, { level: state.level });
  await write(trx, newState, { id, ...state });
  return id;
}

const newState = statement<DivisionState>()((db, hole) =>
  db.insertInto('division_state').values({
    division_id: hole('id'),
    code: hole('code'),
    name: hole('name'),
    parent_id: hole('parentId'),
    valid_from: hole('validFrom'),
    valid_to: hole('validTo'),
  }),
);

const noStates = statement<{ id: number }>()((db, hole) =>
  db.deleteFrom('division_state').where('division_id', '=', hole('id')),
);

/** Puts the states of a division in the place of those it had. */
export async function replaceDivisionStates(trx: Trx, id: number, states: readonly DivisionState[]): Promise<void> {
  await write(trx, noStates, { id });
  for (const state of states) await write(trx, newState, state);
}
