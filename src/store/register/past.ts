/**
 * What the register said before: of an agency or a division until an instant. A row is written before each change and
 * never altered, so that what was known at any time is the first row that ends after it, or else what is known now.
 */
import { type PlaceSubject, placeSubjects } from '../../words.js';
import { integer, integers, listOf, oneOf, text } from '../engine/column.js';
import { integerAt, itemsOf, joinedFromList, textAt } from '../engine/dialect.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type Agency, agencyStates } from './agencies.js';
import type { PlaceId } from './bases.js';
import { type Deadline, deadlinesOf } from './deadlines.js';
import { type DivisionEdge, divisionEdgesOf } from './division-changes.js';
import { type DivisionState, divisionStates } from './divisions.js';
import { exemptionsOf } from './exemptions.js';
import { successorsOf } from './successions.js';

/** All that the register said of an agency. No states: it was not there yet. */
export interface PastAgency {
  readonly states: readonly Omit<Agency, 'id'>[];
  /** What it went into, with the day. */
  readonly successors: readonly { readonly id: number; readonly on: string }[];
  /** Years for which it need not file. */
  readonly exempted: readonly number[];
}

/** All that the register said of a division. No states: it was not there yet. */
export interface PastDivision {
  readonly states: readonly Omit<DivisionState, 'id'>[];
  /** What came from it to others. */
  readonly edges: readonly Omit<DivisionEdge, 'fromId'>[];
  readonly deadlines: readonly Deadline[];
}

/** What is said of a place that is not there yet. */
export const nothingSaid = {
  agency: { states: [], successors: [], exempted: [] },
  division: { states: [], edges: [], deadlines: [] },
} as const satisfies { readonly agency: PastAgency; readonly division: PastDivision };

/** All that the register now says of an agency, to be kept before it is changed. */
export async function pastOfAgency(db: Db, id: number): Promise<PastAgency> {
  return {
    states: (await agencyStates(db, id)).map(({ id: _, ...state }) => state),
    successors: await successorsOf(db, id),
    exempted: (await exemptionsOf(db, id)).map(({ year }) => year),
  };
}

/** All that the register now says of a division, to be kept before it, a deadline of it or what it goes into is changed. */
export async function pastOfDivision(db: Db, id: number): Promise<PastDivision> {
  const edges = await divisionEdgesOf(db, id);
  return {
    states: (await divisionStates(db, id)).map(({ id: _, ...state }) => state),
    edges: edges.filter(({ fromId }) => fromId === id).map(({ fromId: _, ...edge }) => edge),
    deadlines: await deadlinesOf(db, id),
  };
}

/** Nothing is kept before what was kept last: who acted at an earlier instant and wrote later was not read before. */
const newPast = sqlStatement({
  takes: { about: oneOf(placeSubjects), id: integer, untilAt: text, body: text },
  text: `insert into past (about, id, until_at, body) select :about, :id, :untilAt, :body
    where not exists (select 1 from past p where p.about = :about and p.id = :id and p.until_at >= :untilAt)`,
});

const newMentions = sqlStatement({
  takes: { about: oneOf(placeSubjects), id: integer, untilAt: text, mentions: listOf<Mention>() },
  text: `insert into past_mention (about, mentioned, mentioned_id, until_at, id)
    select :about, ${textAt('m.value', 0)}, ${integerAt('m.value', 1)}, :untilAt, :id from ${itemsOf(':mentions', 'm')}
    where true on conflict do nothing`,
});

/** Another place that is named by what is said of one: its county or parent, or where it went. */
type Mention = readonly [mentioned: PlaceSubject, id: number];

function mentionsIn(body: PastAgency | PastDivision): Mention[] {
  if ('successors' in body) {
    return [
      ...body.states.map(({ countyId }) => ['division', countyId] as const),
      ...body.successors.map(({ id }) => ['agency', id] as const),
    ];
  }
  return [
    ...body.states.flatMap(({ parentId }) => (parentId === null ? [] : [['division', parentId] as const])),
    ...body.edges.map(({ toId }) => ['division', toId] as const),
  ];
}

/**
 * Keeps what was said until an instant, before it is changed. Of several changes at one instant the first counts: what
 * was said between them nobody could read.
 */
export async function keepPast(
  trx: Trx,
  place: PlaceId,
  untilAt: string,
  body: PastAgency | PastDivision,
): Promise<void> {
  const kept = await write(trx, newPast, { ...place, untilAt, body: JSON.stringify(body) });
  const mentions = mentionsIn(body);
  if (kept > 0 && mentions.length > 0) await write(trx, newMentions, { ...place, untilAt, mentions });
}

/** What is kept of an agency, or of a division. */
export type PastOf<Subject extends PlaceSubject> = Subject extends 'agency' ? PastAgency : PastDivision;

const firstAfter = `p.until_at = (select min(q.until_at) from past q
  where q.about = p.about and q.id = p.id and q.until_at > :at)`;

const changedSince = sqlStatement({
  takes: { about: oneOf(placeSubjects), at: text },
  gives: { id: integer, body: text },
  text: `select p.id, p.body from past p where p.about = :about and p.until_at > :at and ${firstAfter} order by p.id`,
});

/** What the register said at an instant of the agencies, or the divisions, that were changed since, by identity. */
export async function pastAt<Subject extends PlaceSubject>(
  db: Db,
  about: Subject,
  at: string,
): Promise<Map<number, PastOf<Subject>>> {
  return parsePasts(await readRows(db, changedSince, { about, at }));
}

const changedOfSome = sqlStatement({
  takes: { about: oneOf(placeSubjects), at: text, ids: integers },
  gives: { id: integer, body: text },
  text: `select p.id, p.body from ${itemsOf(':ids', 'a')} ${joinedFromList} past p
    on p.about = :about and p.id = a.value and ${firstAfter}`,
});

/** The same of those of some agencies or divisions that were changed since. */
export async function pastOfSome<Subject extends PlaceSubject>(
  db: Db,
  about: Subject,
  ids: readonly number[],
  at: string,
): Promise<Map<number, PastOf<Subject>>> {
  return parsePasts(await readRows(db, changedOfSome, { about, ids, at }));
}

function parsePasts<Past>(rows: readonly { readonly id: number; readonly body: string }[]): Map<number, Past> {
  // `keepPast` wrote each as what its subject says.
  return new Map(rows.map(({ id, body }) => [id, JSON.parse(body)]));
}

const idsChanged = sqlStatement({
  takes: { about: oneOf(placeSubjects), at: text },
  gives: { id: integer },
  text: 'select distinct id from past where about = :about and until_at > :at order by id',
});

/** The agencies, or the divisions, that were changed after an instant. */
export async function changedAfter(db: Db, about: PlaceSubject, at: string): Promise<number[]> {
  return (await readRows(db, idsChanged, { about, at })).map(({ id }) => id);
}

const anyChanged = sqlStatement({
  takes: { about: oneOf(placeSubjects), at: text },
  gives: { id: integer },
  text: 'select id from past where until_at > :at and about = :about limit 1',
});

/** Whether any agency, or any division, was changed after an instant. */
export async function isChangedAfter(db: Db, about: PlaceSubject, at: string): Promise<boolean> {
  return (await findRow(db, anyChanged, { about, at })) !== undefined;
}

const mentioning = sqlStatement({
  takes: { about: oneOf(placeSubjects), mentioned: oneOf(placeSubjects), ids: integers, at: text },
  gives: { id: integer },
  text: `select distinct m.id from ${itemsOf(':ids', 'a')} ${joinedFromList} past_mention m
    on m.about = :about and m.mentioned = :mentioned and m.mentioned_id = a.value and m.until_at > :at`,
});

/**
 * The agencies, or the divisions, that were changed after an instant and named some places before: as their county or
 * parent, or as where they went. What was said at the instant need not name them.
 */
export async function pastNaming(
  db: Db,
  about: PlaceSubject,
  named: { readonly mentioned: PlaceSubject; readonly ids: readonly number[] },
  at: string,
): Promise<number[]> {
  return (await readRows(db, mentioning, { about, at, ...named })).map(({ id }) => id);
}
