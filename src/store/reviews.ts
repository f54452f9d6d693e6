/** What reviewers decided about revisions, and what people said of findings. */
import { integer, listOf, oneOf, text } from './engine/column.js';
import { integerAt, itemsOf } from './engine/dialect.js';
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

/** What a person said of a finding: that it is so (`CONFIRMED`), or why it is (`EXPLAINED`). */
export interface Note {
  /** The rule, and where in the filing: by these a finding is known when it is made again. */
  readonly code: string;
  readonly pointer: string;
  readonly status: 'CONFIRMED' | 'EXPLAINED';
  readonly text: string;
  /** Both sides of the finding when it was said. */
  readonly sides: readonly [number | null, number | null];
  readonly actor: string;
  readonly at: string;
}

const notes = sqlStatement({
  takes: { reports: listOf<readonly [agencyId: number, year: number]>() },
  gives: {
    agencyId: integer,
    year: integer,
    code: text,
    pointer: text,
    status: oneOf(['CONFIRMED', 'EXPLAINED']),
    text,
    sides: text,
    actor: text,
    at: text,
  },
  text: `select n.agency_id as "agencyId", n.year, n.code, n.pointer, n.standing as status, n.text, n.sides, n.actor, n.at
    from ${itemsOf(':reports', 'r')}
    join note n on n.agency_id = ${integerAt('r.value', 0)} and n.year = ${integerAt('r.value', 1)}
    order by n.agency_id, n.year, n.code, n.pointer`,
});

/** The notes on some reports' findings, by agency and year as `<agency id> <year>`. */
export async function notesOf(
  db: Db,
  reports: readonly { readonly agencyId: number; readonly year: number }[],
): Promise<Map<string, Note[]>> {
  const keys = reports.map(({ agencyId, year }) => [agencyId, year] as const);
  const rows = await readRows(db, notes, { reports: keys });
  const byReport = new Map<string, Note[]>();
  for (const { agencyId, year, sides, ...note } of rows) {
    const report = `${agencyId} ${year}`;
    // Written by `setNote`.
    const read = { ...note, sides: JSON.parse(sides) as Note['sides'] };
    byReport.set(report, [...(byReport.get(report) ?? []), read]);
  }
  return byReport;
}

const keptNote = statement<Omit<Note, 'sides'> & { agencyId: number; year: number; sides: string }>()((db, hole) =>
  db
    .insertInto('note')
    .values({
      agency_id: hole('agencyId'),
      year: hole('year'),
      code: hole('code'),
      pointer: hole('pointer'),
      standing: hole('status'),
      text: hole('text'),
      sides: hole('sides'),
      actor: hole('actor'),
      at: hole('at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['agency_id', 'year', 'code', 'pointer']).doUpdateSet(({ ref }) => ({
        standing: ref('excluded.standing'),
        text: ref('excluded.text'),
        sides: ref('excluded.sides'),
        actor: ref('excluded.actor'),
        at: ref('excluded.at'),
      })),
    ),
);

/** Keeps a note; a second one on the same finding replaces the first. */
export async function setNote(trx: Trx, agencyId: number, year: number, note: Note): Promise<void> {
  await write(trx, keptNote, { ...note, agencyId, year, sides: JSON.stringify(note.sides) });
}

const noNote = statement<Pick<Note, 'code' | 'pointer'> & { agencyId: number; year: number }>()((db, hole) =>
  db
    .deleteFrom('note')
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .where('code', '=', hole('code'))
    .where('pointer', '=', hole('pointer')),
);

/** Takes a note back. */
export async function deleteNote(
  trx: Trx,
  agencyId: number,
  year: number,
  { code, pointer }: Pick<Note, 'code' | 'pointer'>,
): Promise<void> {
  await write(trx, noNote, { agencyId, year, code, pointer });
}
