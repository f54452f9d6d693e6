/** What reviewers decided about revisions, and what people said of findings. */
import { runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';

/** A decision about one revision. The last one about it holds. */
export interface Review {
  readonly revision: number;
  readonly decision: 'ACCEPTED' | 'RETURNED';
  /** Why it was returned; may be given when it was accepted. */
  readonly reason: string | null;
  readonly actor: string;
  readonly at: string;
}

/** Every decision about an agency's report for a year, oldest first. */
export async function listReviews(db: Db, agencyId: number, year: number): Promise<Review[]> {
  return runSql<Review>(
    db,
    'select revision, decision, reason, actor, at from review where agency_id = ? and year = ? order by id',
    [agencyId, year],
  );
}

/** Keeps a decision. Nothing changes or deletes it afterwards; the table's triggers refuse. */
export async function insertReview(trx: Trx, agencyId: number, year: number, review: Review): Promise<void> {
  const { revision, decision, reason, actor, at } = review;
  await runSql(
    trx,
    'insert into review (agency_id, year, revision, decision, reason, actor, at) values (?, ?, ?, ?, ?, ?, ?)',
    [agencyId, year, revision, decision, reason, actor, at],
  );
}

/** What a person said of a finding: that it is so (`CONFIRMED`), or why it is (`EXPLAINED`). */
export interface Note {
  /** The rule, and where in the filing: what a finding is known by when it is made anew. */
  readonly code: string;
  readonly pointer: string;
  readonly status: 'CONFIRMED' | 'EXPLAINED';
  readonly text: string;
  /** Both sides of the finding when it was said. */
  readonly sides: readonly [number | null, number | null];
  readonly actor: string;
  readonly at: string;
}

/** The notes on some reports' findings, by agency and year as `<agency id> <year>`. */
export async function notesOf(
  db: Db,
  reports: readonly { readonly agencyId: number; readonly year: number }[],
): Promise<Map<string, Note[]>> {
  const rows = await runSql<Omit<Note, 'sides'> & { agencyId: number; year: number; sides: string }>(
    db,
    `select n.agency_id as agencyId, n.year, n.code, n.pointer, n.standing as status, n.text, n.sides, n.actor, n.at
     from json_each(?) r join note n on n.agency_id = r.value ->> 0 and n.year = r.value ->> 1`,
    [JSON.stringify(reports.map(({ agencyId, year }) => [agencyId, year]))],
  );
  const notes = new Map<string, Note[]>();
  for (const { agencyId, year, sides, ...note } of rows) {
    const place = `${agencyId} ${year}`;
    // Written by `setNote`.
    const read = { ...note, sides: JSON.parse(sides) as Note['sides'] };
    notes.set(place, [...(notes.get(place) ?? []), read]);
  }
  return notes;
}

/** Keeps a note; a second one on the same finding replaces the first. */
export async function setNote(trx: Trx, agencyId: number, year: number, note: Note): Promise<void> {
  const { code, pointer, status, text, sides, actor, at } = note;
  await runSql(
    trx,
    `insert into note (agency_id, year, code, pointer, standing, text, sides, actor, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (agency_id, year, code, pointer) do update set standing = excluded.standing, text = excluded.text,
       sides = excluded.sides, actor = excluded.actor, at = excluded.at`,
    [agencyId, year, code, pointer, status, text, JSON.stringify(sides), actor, at],
  );
}

/** Takes a note back. */
export async function deleteNote(
  trx: Trx,
  agencyId: number,
  year: number,
  finding: Pick<Note, 'code' | 'pointer'>,
): Promise<void> {
  await runSql(trx, 'delete from note where agency_id = ? and year = ? and code = ? and pointer = ?', [
    agencyId,
    year,
    finding.code,
    finding.pointer,
  ]);
}
