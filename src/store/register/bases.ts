/** What the days of the register rest on: how sure each is, and by which document. */
import type { PlaceSubject, Precision } from '../../words.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { statement } from '../engine/statement.js';

/** An agency or a division. */
export interface PlaceId {
  readonly about: PlaceSubject;
  readonly id: number;
}

/** What a beginning, a change or an end rests on. A day without one is sure, and its document unknown. */
export interface Basis {
  /** The day, YYYY-MM-DD. */
  readonly effective: string;
  readonly precision: Precision;
  /** The number of the document that orders it; null where it is not known. */
  readonly document: string | null;
  /** When it was recorded, in UTC; null for what came with the national register. */
  readonly recordedAt: string | null;
}

const bases = statement<PlaceId>()((db, hole) =>
  db
    .selectFrom('basis')
    .select(['effective', 'precision', 'document', 'recorded_at as recordedAt'])
    .where('about', '=', hole('about'))
    .where('id', '=', hole('id'))
    .orderBy('effective'),
);

/** What is known of the days of an agency or a division, by day. */
export async function basesOf(db: Db, place: PlaceId): Promise<Basis[]> {
  return readRows(db, bases, place);
}

const keptBasis = statement<PlaceId & Basis>()((db, hole) =>
  db
    .insertInto('basis')
    .values({
      about: hole('about'),
      id: hole('id'),
      effective: hole('effective'),
      precision: hole('precision'),
      document: hole('document'),
      recorded_at: hole('recordedAt'),
    })
    .onConflict((conflict) =>
      conflict.columns(['about', 'id', 'effective']).doUpdateSet(({ ref }) => ({
        precision: ref('excluded.precision'),
        document: ref('excluded.document'),
        recorded_at: ref('excluded.recorded_at'),
      })),
    ),
);

/** Keeps what a day of an agency or a division rests on; a second one of the same day replaces it. */
export async function setBasis(trx: Trx, place: PlaceId, basis: Basis): Promise<void> {
  await write(trx, keptBasis, { ...place, ...basis });
}

const noBasis = statement<PlaceId & { effective: string }>()((db, hole) =>
  db
    .deleteFrom('basis')
    .where('about', '=', hole('about'))
    .where('id', '=', hole('id'))
    .where('effective', '=', hole('effective')),
);

/** Forgets what a day rests on, with the change that was taken back. */
export async function deleteBasis(trx: Trx, place: PlaceId, effective: string): Promise<void> {
  await write(trx, noBasis, { ...place, effective });
}
