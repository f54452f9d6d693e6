/** Years that are closed to filing, by division, and the agencies for which they stay open. */
import { integer, integers, text } from './engine/column.js';
import { itemsOf, joinedFromList } from './engine/dialect.js';
import { findRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';

/** A year closed to filing for a division and all below it, from a day on. */
export interface YearLock {
  readonly divisionId: number;
  readonly year: number;
  /** The first day on which nothing is filed any more, YYYY-MM-DD. */
  readonly since: string;
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
}

/** An agency that may file all the same. */
export interface LockException {
  readonly agencyId: number;
  /** The last day of it; null for as long as the lock holds. */
  readonly until: string | null;
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
}

const locksOn = sqlStatement({
  takes: { lineage: integers, agencyId: integer, year: integer, day: text },
  gives: { divisionId: integer, year: integer, since: text, reason: text, actor: text, at: text, distance: integer },
  text: `select l.division_id as "divisionId", l.year, l.since, l.reason, l.actor, l.at, a.key as distance
    from ${itemsOf(':lineage', 'a')} ${joinedFromList} year_lock l
    where l.division_id = a.value and l.year = :year and l.since <= :day
      and not exists (select 1 from lock_exception e where e.division_id = l.division_id and e.year = l.year
        and e.agency_id = :agencyId and (e.until is null or e.until >= :day))`,
});

/**
 * The lock that keeps an agency from filing for a year on a day, among those of its lineage: the one that held first, of
 * those of one day the nearest.
 */
export async function findLockOn(
  db: Db,
  at: { readonly lineage: readonly number[]; readonly agencyId: number; readonly year: number; readonly day: string },
): Promise<YearLock | undefined> {
  const locks = await readRows(db, locksOn, at);
  // Mostly there is none, and having the database sort them would cost as much as finding that.
  const [first] = locks.toSorted((one, other) => one.since.localeCompare(other.since) || one.distance - other.distance);
  if (!first) return undefined;
  const { distance, ...lock } = first;
  return lock;
}

const lockColumns = ['division_id as divisionId', 'year', 'since', 'reason', 'actor', 'at'] as const;

const lockOfYear = statement<{ divisionId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('year_lock')
    .select(lockColumns)
    .where('division_id', '=', hole('divisionId'))
    .where('year', '=', hole('year')),
);

/** The lock of a division itself for a year. */
export async function findLock(db: Db, divisionId: number, year: number): Promise<YearLock | undefined> {
  return findRow(db, lockOfYear, { divisionId, year });
}

const locksOfDivision = statement<{ divisionId: number }>()((db, hole) =>
  db.selectFrom('year_lock').select(lockColumns).where('division_id', '=', hole('divisionId')).orderBy('year'),
);

/** The locks of a division itself, by year. */
export async function locksOf(db: Db, divisionId: number): Promise<YearLock[]> {
  return readRows(db, locksOfDivision, { divisionId });
}

const keptLock = statement<YearLock>()((db, hole) =>
  db
    .insertInto('year_lock')
    .values({
      division_id: hole('divisionId'),
      year: hole('year'),
      since: hole('since'),
      reason: hole('reason'),
      actor: hole('actor'),
      at: hole('at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['division_id', 'year']).doUpdateSet(({ ref }) => ({
        since: ref('excluded.since'),
        reason: ref('excluded.reason'),
        actor: ref('excluded.actor'),
        at: ref('excluded.at'),
      })),
    ),
);

/** Closes a year for a division; a second lock replaces the day and the reason. */
export async function setLock(trx: Trx, lock: YearLock): Promise<void> {
  await write(trx, keptLock, lock);
}

const noLock = statement<{ divisionId: number; year: number }>()((db, hole) =>
  db.deleteFrom('year_lock').where('division_id', '=', hole('divisionId')).where('year', '=', hole('year')),
);

/** Opens a year again, its exceptions forgotten with it. */
export async function deleteLock(trx: Trx, divisionId: number, year: number): Promise<void> {
  await write(trx, noLock, { divisionId, year });
}

const exceptions = statement<{ divisionId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('lock_exception')
    .select(['agency_id as agencyId', 'until', 'reason', 'actor', 'at'])
    .where('division_id', '=', hole('divisionId'))
    .where('year', '=', hole('year'))
    .orderBy('agency_id'),
);

/** The exceptions from a lock. */
export async function exceptionsOf(db: Db, divisionId: number, year: number): Promise<LockException[]> {
  return readRows(db, exceptions, { divisionId, year });
}

const keptException = statement<LockException & Pick<YearLock, 'divisionId' | 'year'>>()((db, hole) =>
  db
    .insertInto('lock_exception')
    .values({
      division_id: hole('divisionId'),
      year: hole('year'),
      agency_id: hole('agencyId'),
      until: hole('until'),
      reason: hole('reason'),
      actor: hole('actor'),
      at: hole('at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['division_id', 'year', 'agency_id']).doUpdateSet(({ ref }) => ({
        until: ref('excluded.until'),
        reason: ref('excluded.reason'),
        actor: ref('excluded.actor'),
        at: ref('excluded.at'),
      })),
    ),
);

/** Excepts an agency from a lock; a second exception replaces the day and the reason. */
export async function setException(
  trx: Trx,
  { divisionId, year }: Pick<YearLock, 'divisionId' | 'year'>,
  exception: LockException,
): Promise<void> {
  await write(trx, keptException, { divisionId, year, ...exception });
}

const noException = statement<{ divisionId: number; year: number; agencyId: number }>()((db, hole) =>
  db
    .deleteFrom('lock_exception')
    .where('division_id', '=', hole('divisionId'))
    .where('year', '=', hole('year'))
    .where('agency_id', '=', hole('agencyId')),
);

/** Takes an exception back; false when there was none. */
export async function deleteException(
  trx: Trx,
  { divisionId, year }: Pick<YearLock, 'divisionId' | 'year'>,
  agencyId: number,
): Promise<boolean> {
  return (await write(trx, noException, { divisionId, year, agencyId })) > 0;
}
