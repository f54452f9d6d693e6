/**
 * What the register said before: of an agency or a division until an instant. A row is written before each change and
 * never altered, so that what was known at any time is the first row that ends after it, or else what is known now.
 */
import type { PlaceSubject } from '../../words.js';
import { placeSubjects } from '../../words.js';
import { integer, oneOf, text } from '../engine/column.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import type { PlaceId } from './bases.js';

/** A dated state of an agency, as it was said. */
export interface PastAgencyState {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly countyId: number;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** All that the register said of an agency. No states: it was not there yet. */
export interface PastAgency {
  readonly states: readonly PastAgencyState[];
  readonly successors: readonly { readonly id: number; readonly on: string }[];
  /** Years for which it need not file. */
  readonly exempted: readonly number[];
}

/** A dated state of a division, as it was said. */
export interface PastDivisionState {
  readonly code: string;
  readonly name: string;
  readonly parentId: number | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** All that the register said of a division. No states: it was not there yet. */
export interface PastDivision {
  readonly states: readonly PastDivisionState[];
  readonly edges: readonly {
    readonly toId: number;
    readonly effective: string;
    readonly kind: string;
  }[];
  readonly deadlines: readonly { readonly filer: string; readonly year: number; readonly due: string }[];
}

const newPast = sqlStatement({
  takes: { about: oneOf(placeSubjects), id: integer, untilAt: text, body: text },
  text: `insert into past (about, id, until_at, body) values (:about, :id, :untilAt, :body)
    on conflict (about, id, until_at) do nothing`,
});

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
  await write(trx, newPast, { ...place, untilAt, body: JSON.stringify(body) });
}

const changedSince = sqlStatement({
  takes: { about: oneOf(placeSubjects), at: text },
  gives: { id: integer, body: text },
  text: `select p.id, p.body from past p where p.about = :about and p.until_at > :at
    and p.until_at = (select min(q.until_at) from past q where q.about = p.about and q.id = p.id and q.until_at > :at)
    order by p.id`,
});

/** What the register said at an instant of the agencies, or the divisions, that were changed since, by identity. */
export async function pastAt<Subject extends PlaceSubject>(
  db: Db,
  about: Subject,
  at: string,
): Promise<Map<number, Subject extends 'agency' ? PastAgency : PastDivision>> {
  const rows = await readRows(db, changedSince, { about, at });
  // `keepPast` wrote each as what its subject says.
  return new Map(rows.map(({ id, body }) => [id, JSON.parse(body)]));
}
