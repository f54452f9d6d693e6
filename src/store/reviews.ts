/** What reviewers decided about revisions, and what people said of findings. */
import type { ReportState } from '../words.js';
import { integer, listOf, nullable, oneOf, text } from './engine/column.js';
import { integerAt, itemsOf, joinedFromList } from './engine/dialect.js';
import { readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';

/** A decision about one revision. The last one about it holds. */
export interface Review {
  readonly revision: number;
  readonly decision: 'ACCEPTED' | 'RETURNED';
  /** Why it was returned; may be given when it was accepted. */
  readonly reason: string | null;
  readonly actor: string;
  readonly at: string;
}

const reviews = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('review')
    .select(['revision', 'decision', 'reason', 'actor', 'at'])
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .orderBy('id'),
);

/** Every decision about an agency's report for a year, oldest first. */
export async function listReviews(db: Db, agencyId: number, year: number): Promise<Review[]> {
  return readRows(db, reviews, { agencyId, year });
}

/** A decision about a revision of one of several reports. */
export interface ReviewOfReport extends Review {
  readonly agencyId: number;
  readonly year: number;
}

const reviewsOfReports = sqlStatement({
  takes: { reports: listOf<readonly [agencyId: number, year: number]>() },
  gives: {
    agencyId: integer,
    year: integer,
    revision: integer,
    decision: oneOf(['ACCEPTED', 'RETURNED']),
    reason: nullable(text),
    actor: text,
    at: text,
  },
  text: `select w.agency_id as "agencyId", w.year, w.revision, w.decision, w.reason, w.actor, w.at
    from ${itemsOf(':reports', 'a')} ${joinedFromList} review w
      on w.agency_id = ${integerAt('a.value', 0)} and w.year = ${integerAt('a.value', 1)}
    order by w.agency_id, w.year, w.id`,
});

/** Every decision about some reports, each report's oldest first. */
export async function reviewsOf(
  db: Db,
  reports: readonly (readonly [agencyId: number, year: number])[],
): Promise<ReviewOfReport[]> {
  return readRows(db, reviewsOfReports, { reports });
}

const newReview = statement<Review & { readonly agencyId: number; readonly year: number }>()((db, hole) =>
  db.insertInto('review').values({
    agency_id: hole('agencyId'),
    year: hole('year'),
    revision: hole('revision'),
    decision: hole('decision'),
    reason: hole('reason'),
    actor: hole('actor'),
    at: hole('at'),
  }),
);

/** Keeps a decision. Nothing changes or deletes it afterwards; the table's triggers refuse. */
export async function insertReview(trx: Trx, agencyId: number, year: number, review: Review): Promise<void> {
  await write(trx, newReview, { agencyId, year, ...review });
}

/** What a person said of a finding: that it is so (`CONFIRMED`), why it is (`EXPLAINED`), or no more (`OPEN`). */
export interface Note {
  /** The rule, and where in the filing: by these a finding is known when it is made again. */
  readonly code: string;
  readonly pointer: string;
  readonly status: 'CONFIRMED' | 'EXPLAINED' | 'OPEN';
  readonly text: string;
  /** Both sides of the finding when it was said. */
  readonly sides: readonly [number | null, number | null];
  /** The current revision when it was said, and what was decided about it until then. */
  readonly revision: number;
  readonly state: ReportState;
  /** Whether it is the word of one who may accept the report. */
  readonly by: 'FILER' | 'REVIEWER';
  readonly actor: string;
  readonly at: string;
}

const notes = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('note')
    .select([
      'code',
      'pointer',
      'standing as status',
      'text',
      'sides',
      'revision',
      'state',
      'said_by as by',
      'actor',
      'at',
    ])
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .orderBy('id'),
);

/** Everything that was said of the findings of an agency's report for a year, oldest first. */
export async function notesOf(
  db: Db,
  { agencyId, year }: { readonly agencyId: number; readonly year: number },
): Promise<Note[]> {
  // Both sides were written by `insertNote`.
  return (await readRows(db, notes, { agencyId, year })).map((note) => ({ ...note, sides: JSON.parse(note.sides) }));
}

const notedReports = sqlStatement({
  takes: { reports: listOf<readonly [agencyId: number, year: number]>() },
  gives: { agencyId: integer, year: integer },
  text: `select distinct n.agency_id as "agencyId", n.year from ${itemsOf(':reports', 'a')} ${joinedFromList} note n
    on n.agency_id = ${integerAt('a.value', 0)} and n.year = ${integerAt('a.value', 1)}`,
});

/** Which of some reports have findings that anything was said of. */
export async function reportsWithNotes(
  db: Db,
  reports: readonly (readonly [agencyId: number, year: number])[],
): Promise<{ readonly agencyId: number; readonly year: number }[]> {
  return readRows(db, notedReports, { reports });
}

/** Of some notes the last on each finding. */
export function lastNotes(said: readonly Note[]): Note[] {
  return [...new Map(said.map((note) => [`${note.code} ${note.pointer}`, note])).values()];
}

const newNote = statement<Omit<Note, 'sides'> & { agencyId: number; year: number; sides: string }>()((db, hole) =>
  db.insertInto('note').values({
    agency_id: hole('agencyId'),
    year: hole('year'),
    code: hole('code'),
    pointer: hole('pointer'),
    standing: hole('status'),
    text: hole('text'),
    sides: hole('sides'),
    revision: hole('revision'),
    state: hole('state'),
    said_by: hole('by'),
    actor: hole('actor'),
    at: hole('at'),
  }),
);

/** Keeps a note: the last one on a finding holds. Nothing changes or deletes it; the table's triggers refuse. */
export async function insertNote(trx: Trx, agencyId: number, year: number, note: Note): Promise<void> {
  await write(trx, newNote, { ...note, agencyId, year, sides: JSON.stringify(note.sides) });
}
