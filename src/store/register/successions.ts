/** Which agencies went into which others, and when: step by step, and as far as the steps lead. */
import { referenceDate } from '../../day.js';
import { flag, integer, integers, text } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

const newSuccession = statement<{ predecessorId: number; successorId: number; on: string }>()((db, hole) =>
  db.insertInto('succession').values({
    predecessor_id: hole('predecessorId'),
    successor_id: hole('successorId'),
    effective: hole('on'),
  }),
);

/** Records that one agency went into another on a day. */
export async function insertSuccession(
  trx: Trx,
  predecessorId: number,
  successorId: number,
  on: string,
): Promise<void> {
  await write(trx, newSuccession, { predecessorId, successorId, on });
}

const noSuccessions = statement<{ predecessorId: number }>()((db, hole) =>
  db.deleteFrom('succession').where('predecessor_id', '=', hole('predecessorId')),
);

/** Takes back into what an agency went. */
export async function deleteSuccessions(trx: Trx, predecessorId: number): Promise<void> {
  await write(trx, noSuccessions, { predecessorId });
}

const predecessors = statement<{ id: number }>()((db, hole) =>
  db
    .selectFrom('succession')
    .select(['predecessor_id as id', 'effective as on'])
    .where('successor_id', '=', hole('id'))
    .orderBy('effective'),
);

/** The agencies that went into one, with the day. */
export async function predecessorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return readRows(db, predecessors, { id });
}

/** A day after one and up to another. */
const inSpan = (day: string) => `${day} > :after and ${day} <= :until`;

const entered = sqlStatement({
  takes: { ids: integers, after: text, until: text },
  gives: { id: integer },
  text: `select distinct successor_id as id from succession
    where ${isIn('successor_id', ':ids')} and ${inSpan('effective')} order by 1`,
});

/** Those of some agencies that another went into after a day and until another. */
export async function agenciesEntered(
  db: Db,
  ids: readonly number[],
  span: { readonly after: string; readonly until: string },
): Promise<number[]> {
  return (await readRows(db, entered, { ids, ...span })).map(({ id }) => id);
}

/** Those of some agencies that any other ever went into. */
export async function heirsAmong(db: Db, ids: readonly number[]): Promise<number[]> {
  return agenciesEntered(db, ids, { after: '', until: '9999-12-31' });
}

const changing = sqlStatement({
  takes: { ids: integers, after: text, until: text },
  gives: { id: integer },
  text: `select successor_id as id from succession
      where ${isIn('successor_id', ':ids')} and ${inSpan('effective')}
    union select predecessor_id from succession
      where ${isIn('predecessor_id', ':ids')} and ${inSpan('effective')}
    union select agency_id from agency_state
      where ${isIn('agency_id', ':ids')} and ${inSpan('valid_from')}
    union select agency_id from agency_state
      where ${isIn('agency_id', ':ids')} and ${inSpan('valid_to')}
    order by 1`,
});

/** Those of some agencies to which anything happened after a day and until another. */
export async function agenciesChanged(
  db: Db,
  ids: readonly number[],
  span: { readonly after: string; readonly until: string },
): Promise<number[]> {
  return (await readRows(db, changing, { ids, ...span })).map(({ id }) => id);
}

const successors = statement<{ id: number }>()((db, hole) =>
  db
    .selectFrom('succession')
    .select(['successor_id as id', 'effective as on'])
    .where('predecessor_id', '=', hole('id'))
    .orderBy('effective'),
);

/** The agencies that one went into, with the day. */
export async function successorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return readRows(db, successors, { id });
}

/** The successions of a year: those after 31 December of the year before, up to 31 December. */
const spanOf = (year: number) => ({ after: referenceDate(year - 1), until: referenceDate(year) });

/**
 * Unions of sets, so that a circle would end, too. Torn is what went into another that is no part of the one agency, and
 * what had gone into what is torn.
 */
const originsInYear = sqlStatement({
  takes: { id: integer, after: text, until: text },
  gives: { id: integer, wholly: flag },
  text: `with recursive origin (id) as (
      values (:id)
      union
      select s.predecessor_id from origin o join succession s on s.successor_id = o.id and ${inSpan('s.effective')}
    ),
    torn (id) as (
      select o.id from origin o join succession s on s.predecessor_id = o.id and ${inSpan('s.effective')}
        where o.id <> :id and s.successor_id not in (select id from origin)
      union
      select s.predecessor_id from torn t join succession s on s.successor_id = t.id and ${inSpan('s.effective')}
        where s.predecessor_id <> :id
    )
    select o.id, case when o.id in (select id from torn) then 0 else 1 end as wholly from origin o order by o.id`,
});

/** An agency of the year before that is part of one of this year. */
export interface Origin {
  readonly id: number;
  /** Whether all of it is, by every step: what went into several is not to be told apart. */
  readonly wholly: boolean;
}

/**
 * The agencies that are one agency at the end of a year, itself among them: those that went into it in the course of the
 * year, those that had gone into these before, and so on.
 */
export async function originsOf(db: Db, id: number, year: number): Promise<Origin[]> {
  // Hardly any agency was merged, and to find that costs less than to begin a recursion.
  if (!(await predecessorsOf(db, id)).some(({ on }) => on > referenceDate(year - 1) && on <= referenceDate(year))) {
    return [{ id, wholly: true }];
  }
  const rows = await readRows(db, originsInYear, { id, ...spanOf(year) });
  return rows.map((row) => ({ id: row.id, wholly: row.wholly === 1 }));
}

const heirsInYear = sqlStatement({
  takes: { id: integer, after: text, until: text },
  gives: { id: integer },
  text: `with recursive heir (id) as (
      values (:id)
      union
      select s.successor_id from heir h join succession s on s.predecessor_id = h.id and ${inSpan('s.effective')}
    )
    select id from heir order by id`,
});

/** The agencies that one is part of at the end of a year, itself among them: the other direction of `originsOf`. */
export async function heirsOf(db: Db, id: number, year: number): Promise<number[]> {
  if ((await successorsOf(db, id)).length === 0) return [id];
  return (await readRows(db, heirsInYear, { id, ...spanOf(year) })).map((row) => row.id);
}

const lineOfHeirs = sqlStatement({
  takes: { id: integer },
  gives: { id: integer },
  text: `with recursive heir (id) as (
      values (:id) union select s.successor_id from heir h join succession s on s.predecessor_id = h.id
    )
    select id from heir order by id`,
});

/** An agency and all that it ever went into, step by step. */
export async function everyHeirOf(db: Db, id: number): Promise<number[]> {
  return (await readRows(db, lineOfHeirs, { id })).map((row) => row.id);
}
