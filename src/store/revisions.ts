/** Revisions: all that a report ever said, each as one text that cannot change. */

import type { ReportContent } from '../form/report.js';
import { type Inclusion, inclusions } from '../words.js';
import { decodeContent, type EncodedContent } from './contents.js';
import { flag, integer, integers, listOf, nullable, oneOf, text } from './engine/column.js';
import { integerAt, isIn, itemsOf, joinedFromList, packed, packedRows, unpackRows } from './engine/dialect.js';
import { findRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';
import type { ReportRow } from './reports.js';

/** One immutable revision. A withdrawal has no content. */
export interface Revision {
  readonly number: number;
  readonly action: 'filed' | 'revised' | 'withdrawn';
  readonly hash: string;
  readonly content: ReportContent | null;
  readonly actor: string;
  readonly at: string;
  readonly reason: string | null;
}

const revisionColumns = ['number', 'action', 'hash', 'content', 'actor', 'at', 'reason'] as const;

const revisionOfNumber = statement<{ agencyId: number; year: number; number: number }>()((db, hole) =>
  db
    .selectFrom('revision')
    .select(revisionColumns)
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .where('number', '=', hole('number')),
);

/** Everything a report says, as of one revision; null when that revision is a withdrawal. */
export async function findRevision(
  db: Db,
  agencyId: number,
  year: number,
  number: number,
): Promise<Revision | undefined> {
  const row = await findRow(db, revisionOfNumber, { agencyId, year, number });
  return row && readRevision(row);
}

const revisions = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('revision')
    .select(revisionColumns)
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .orderBy('number'),
);

/** Every revision of an agency's report for a year, oldest first; empty when nothing was ever filed. */
export async function listRevisions(db: Db, agencyId: number, year: number): Promise<Revision[]> {
  return (await readRows(db, revisions, { agencyId, year })).map(readRevision);
}

/** A report of an agency for a year, named by both. */
type AgencyYearPair = readonly [agencyId: number, year: number];

/** One revision without what it says. */
export interface RevisionMark extends Pick<Revision, 'number' | 'action' | 'at'>, Pick<ReportRow, 'sample'> {
  readonly agencyId: number;
  readonly year: number;
}

const marksOfReports = sqlStatement({
  takes: { reports: listOf<AgencyYearPair>() },
  gives: {
    agencyId: integer,
    year: integer,
    number: integer,
    action: oneOf(['filed', 'revised', 'withdrawn']),
    at: text,
    sample: flag,
  },
  text: `select v.agency_id as "agencyId", v.year, v.number, v.action, v.at, v.sample
    from ${itemsOf(':reports', 'a')} ${joinedFromList} revision v
      on v.agency_id = ${integerAt('a.value', 0)} and v.year = ${integerAt('a.value', 1)}
    order by v.agency_id, v.year, v.number`,
});

/** Every revision of some reports without what it says, each report's oldest first. */
export async function revisionMarks(db: Db, reports: readonly AgencyYearPair[]): Promise<RevisionMark[]> {
  return readRows(db, marksOfReports, { reports });
}

type RevisionKey = readonly [agencyId: number, year: number, number: number];

const revisionsAsked = `from ${itemsOf(':revisions', 'a')} ${joinedFromList} revision v
      on v.agency_id = ${integerAt('a.value', 0)} and v.year = ${integerAt('a.value', 1)}
        and v.number = ${integerAt('a.value', 2)}`;

const contentsOfRevisions = sqlStatement({
  takes: { revisions: listOf<RevisionKey>() },
  gives: {
    agencyId: integer,
    year: integer,
    number: integer,
    content: nullable(text),
    hash: text,
    reason: nullable(text),
    actor: text,
  },
  text: `select v.agency_id as "agencyId", v.year, v.number, v.content, v.hash, v.reason, v.actor
    ${revisionsAsked}`,
});

/** What some revisions say, by agency, year and number as `<agency id> <year> <number>`; without withdrawals. */
export async function contentsOf(db: Db, revisions: readonly RevisionKey[]): Promise<Map<string, ReportContent>> {
  const found = await findRevisions(db, revisions);
  return new Map([...found].map(([key, { content }]) => [key, content]));
}

/** Some revisions with what they say, by the same keys; without withdrawals. */
export async function findRevisions(db: Db, revisions: readonly RevisionKey[]): Promise<Map<string, SaidRevision>> {
  const rows = await readRows(db, contentsOfRevisions, { revisions });
  return new Map(
    rows.flatMap(({ agencyId, year, number, content, ...head }) =>
      content === null
        ? []
        : [[`${agencyId} ${year} ${number}`, { content: decodeContent(content), ...head }] as const],
    ),
  );
}

/** A revision by the hash of what it says, why, and who filed it. */
export type RevisionHead = Pick<Revision, 'hash' | 'reason' | 'actor'>;

/** A revision that is no withdrawal, with what it says. */
export interface SaidRevision extends RevisionHead {
  readonly content: ReportContent;
}

const headsOfRevisions = sqlStatement({
  takes: { revisions: listOf<RevisionKey>() },
  gives: { rows: text },
  text: `select ${packedRows(packed(['v.agency_id', 'v.year', 'v.number', 'v.hash', 'v.reason', 'v.actor']))} as rows
    ${revisionsAsked}`,
});

/** Some revisions without what they say, by the same keys. */
export async function findRevisionHeads(db: Db, revisions: readonly RevisionKey[]): Promise<Map<string, RevisionHead>> {
  type PackedHead = readonly [number, number, number, hash: string, reason: string | null, actor: string];
  const heads = new Map<string, RevisionHead>();
  const found = await findRow(db, headsOfRevisions, { revisions });
  for (const [agencyId, year, number, hash, reason, actor] of unpackRows<PackedHead>(found?.rows)) {
    heads.set(`${agencyId} ${year} ${number}`, { hash, reason, actor });
  }
  return heads;
}

const withdrawals = sqlStatement({
  takes: { at: text, years: integers },
  gives: { agencyId: integer, year: integer },
  text: `select distinct agency_id as "agencyId", year from revision
    where action = 'withdrawn' and at > :at and ${isIn('year', ':years')}`,
});

/** The reports of some years that were withdrawn after an instant, filed again since or not. */
export async function withdrawnSince(
  db: Db,
  at: string,
  years: readonly number[],
): Promise<Pick<RevisionMark, 'agencyId' | 'year'>[]> {
  return readRows(db, withdrawals, { at, years });
}

/** Joins to a report `r` its accepted revision `a`, where that is not the current one. */
export const joinsOtherAccepted = `left join revision a on a.agency_id = r.agency_id and a.year = r.year
        and a.number = r.accepted_revision and r.accepted_revision <> r.revision`;

/** A report whose accepted revision is not the current one, with what was accepted. */
export interface AcceptedBefore extends Pick<ReportRow, 'agencyId' | 'year' | 'expected' | 'onTime' | 'sample'> {
  readonly content: ReportContent;
}

const acceptedRevisions = sqlStatement({
  takes: { agencyIds: integers, from: integer, to: integer },
  gives: { agencyId: integer, year: integer, expected: flag, onTime: flag, sample: flag, content: nullable(text) },
  text: `select r.agency_id as "agencyId", r.year, r.expected, coalesce(r.accepted_on_time, 0) as "onTime",
      coalesce(r.accepted_sample, 0) as sample, v.content
    from report r join revision v
      on v.agency_id = r.agency_id and v.year = r.year and v.number = r.accepted_revision
    where ${isIn('r.agency_id', ':agencyIds')} and r.year between :from and :to
      and r.accepted_revision <> r.revision`,
});

/** What was accepted of some agencies' reports of a span of years that were filed again since. */
export async function acceptedBefore(
  db: Db,
  agencyIds: readonly number[],
  [from, to]: readonly [number, number],
): Promise<AcceptedBefore[]> {
  const rows = await readRows(db, acceptedRevisions, { agencyIds, from, to });
  // Only what has content is accepted.
  return rows.flatMap(({ content, ...row }) => (content === null ? [] : [{ ...row, content: decodeContent(content) }]));
}

const shownContents = sqlStatement({
  takes: { agencyIds: integers, year: integer, inclusion: oneOf(inclusions) },
  gives: { agencyId: integer, content: nullable(text) },
  text: `select r.agency_id as "agencyId", v.content from report r join revision v on v.agency_id = r.agency_id
      and v.year = r.year and v.number = case when :inclusion = 'ALL' then r.revision else r.accepted_revision end
    where ${isIn('r.agency_id', ':agencyIds')} and r.year = :year order by r.agency_id`,
});

/** What the reports of some agencies for a year say, or what of each was accepted, by agency; who has none is left out. */
export async function contentsShown(
  db: Db,
  agencyIds: readonly number[],
  year: number,
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, ReportContent>> {
  const rows = await readRows(db, shownContents, { agencyIds, year, inclusion });
  return new Map(
    rows.flatMap(({ agencyId, content }) => (content === null ? [] : [[agencyId, decodeContent(content)]])),
  );
}

interface RevisionRow extends Omit<Revision, 'content'> {
  readonly content: string | null;
}

function readRevision(row: RevisionRow): Revision {
  return { ...row, content: row.content === null ? null : decodeContent(row.content) };
}

type NewRevision = Omit<Revision, 'content' | 'hash'> & EncodedContent & Pick<ReportRow, 'sample'>;

const newRevision = statement<NewRevision & { readonly agencyId: number; readonly year: number }>()((db, hole) =>
  db.insertInto('revision').values({
    agency_id: hole('agencyId'),
    year: hole('year'),
    number: hole('number'),
    action: hole('action'),
    hash: hole('hash'),
    content: hole('text'),
    actor: hole('actor'),
    at: hole('at'),
    reason: hole('reason'),
    sample: hole('sample'),
  }),
);

/** Records a revision. Nothing can change or delete it afterwards; the table's triggers refuse. */
export async function insertRevision(trx: Trx, agencyId: number, year: number, revision: NewRevision): Promise<void> {
  await write(trx, newRevision, { agencyId, year, ...revision });
}
