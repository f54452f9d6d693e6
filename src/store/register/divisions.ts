/** Divisions: identities that never change, with dated states, and what lies above and below them on a day. */

import { referenceDate } from '../../day.js';
import type { Page } from '../../words.js';
import { type DivisionLevel, divisionLevels } from '../../words.js';
import { readValues, runSql } from '../engine/open.js';
import type { Db } from '../engine/schema.js';

/** A division as it stands on some day. */
export interface Division {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parentId: number | null;
}

/** A division with the days on which it stands so; `validTo` is the first on which it no longer does. */
export interface DivisionState extends Division {
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** A condition that holds for the state of `alias` in force on the day bound to `?`, twice. */
export const inForce = (alias: string, day = '?') =>
  `${alias}.valid_from <= ${day} and (${alias}.valid_to is null or ${alias}.valid_to > ${day})`;

const divisionColumns = 's.division_id as id, s.code, s.name, d.level, s.parent_id as parentId';

/**
 * Every state, in no order, of each division that has this code at some time; once for each of its states that has the
 * code. (To select each once would cost as much as to find them.)
 */
export async function divisionStatesByCode(db: Db, code: string): Promise<DivisionState[]> {
  const rows = await readValues<readonly [number, string, string, DivisionLevel, number | null, string, string | null]>(
    db,
    `select d.id, s.code, s.name, d.level, s.parent_id, s.valid_from, s.valid_to
     from division_state c join division_state s on s.division_id = c.division_id join division d on d.id = s.division_id
     where c.code = ?`,
    [code],
  );
  return rows.map(([id, code, name, level, parentId, validFrom, validTo]) => ({
    id,
    code,
    name,
    level,
    parentId,
    validFrom,
    validTo,
  }));
}

/** The identity of the nation, above everything; 0 while there is no register. */
export async function findNation(db: Db): Promise<number> {
  const rows = await runSql<{ id: number }>(db, "select id from division where level = 'NATION'");
  return rows[0]?.id ?? 0;
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

/** A division (first parameter) and all divisions below it on a day (second and third). */
export const countiesUnder = `with recursive below (id) as (
    values (?)
    union all
    select d.division_id from below join division_state d on d.parent_id = below.id and ${inForce('d')}
  ) select id from below`;

/** A division (the parameter) and whatever is or ever was below it. */
export const everUnder = `with recursive below (id) as (
    values (?) union select s.division_id from below join division_state s on s.parent_id = below.id
  ) select id from below`;

export function pageOf<T>(rows: readonly T[], first: number, total: number): Page<T> {
  return { items: rows.slice(0, first), total, more: rows.length > first };
}

/**
 * The recursive table `lineage (county_id, year, division_id)` of many counties: each and everything above it on 31
 * December of a year, seeded by a selection of (county, year, county). For one there is `lineageRow`.
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

const levelsAbove = divisionLevels.slice(1).map((_, level) => level);

/** Of a division and of what lies above it, one level after another; what is not there is null. */
export const lineageColumns = ['b.id', ...levelsAbove.map((level) => `s${level}.parent_id`)];

/**
 * One row with a division and whatever is above it on a day, for `lineageColumns`. A recursion would set up a table of
 * its own each time, which costs more than the four rows it finds. Its parameters are `lineageParameters`.
 */
export const lineageRow = `(select ? as id) b ${levelsAbove
  .map((level) => {
    const below = lineageColumns[level];
    return `left join division_state s${level} on s${level}.division_id = ${below} and ${inForce(`s${level}`)}`;
  })
  .join(' ')}`;

/** What is bound in `lineageRow`: the division, and 31 December of a year. */
export function lineageParameters(divisionId: number, year: number): readonly (number | string)[] {
  const day = referenceDate(year);
  return [divisionId, ...levelsAbove.flatMap(() => [day, day])];
}

/** A division and everything above it on 31 December of a year. */
export async function lineageOf(db: Db, divisionId: number, year: number): Promise<number[]> {
  const [row = []] = await readValues<(number | null)[]>(
    db,
    `select ${lineageColumns.join(', ')} from ${lineageRow}`,
    lineageParameters(divisionId, year),
  );
  return row.filter((id) => id !== null);
}
