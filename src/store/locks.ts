/** Years that are closed to filing, by division, and the agencies for which they stay open. */
import { runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';

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

const columns = 'l.division_id as divisionId, l.year, l.since, l.reason, l.actor, l.at';

/**
 * The lock that keeps an agency from filing for a year on a day, among those of its lineage: the one that held first, of
 * those of one day the nearest.
 */
export async function findLockOn(
  db: Db,
  at: { readonly lineage: readonly number[]; readonly agencyId: number; readonly year: number; readonly day: string },
): Promise<YearLock | undefined> {
  const locks = await runSql<YearLock>(
    db,
    `select ${columns} from json_each(?) a cross join year_lock l on l.division_id = a.value and l.year = ?
     where l.since <= ?
       and not exists (select 1 from lock_exception e where e.division_id = l.division_id and e.year = l.year
         and e.agency_id = ? and (e.until is null or e.until >= ?))`,
    [JSON.stringify(at.lineage), at.year, at.day, at.agencyId, at.day],
  );
  return locks.toSorted((one, other) => one.since.localeCompare(other.since))[0];
}

/** The lock of a division itself for a year. */
export async function findLock(db: Db, divisionId: number, year: number): Promise<YearLock | undefined> {
  const rows = await runSql<YearLock>(db, `select ${columns} from year_lock l where l.division_id = ? and l.year = ?`, [
    divisionId,
    year,
  ]);
  return rows[0];
}

/** The locks of a division itself, by year. */
export async function locksOf(db: Db, divisionId: number): Promise<YearLock[]> {
  return runSql<YearLock>(db, `select ${columns} from year_lock l where l.division_id = ? order by l.year`, [
    divisionId,
  ]);
}

/** Closes a year for a division; said again, it replaces the day and the reason. */
export async function setLock(trx: Trx, lock: YearLock): Promise<void> {
  const { divisionId, year, since, reason, actor, at } = lock;
  await runSql(
    trx,
    `insert into year_lock (division_id, year, since, reason, actor, at) values (?, ?, ?, ?, ?, ?)
     on conflict (division_id, year) do update set since = excluded.since, reason = excluded.reason,
       actor = excluded.actor, at = excluded.at`,
    [divisionId, year, since, reason, actor, at],
  );
}

/** Opens a year again, its exceptions forgotten with it. */
export async function deleteLock(trx: Trx, divisionId: number, year: number): Promise<void> {
  await runSql(trx, 'delete from year_lock where division_id = ? and year = ?', [divisionId, year]);
}

/** The exceptions from a lock. */
export async function exceptionsOf(db: Db, divisionId: number, year: number): Promise<LockException[]> {
  return runSql<LockException>(
    db,
    `select agency_id as agencyId, until, reason, actor, at from lock_exception where division_id = ? and year = ?
     order by agency_id`,
    [divisionId, year],
  );
}

/** Excepts an agency from a lock; said again, it replaces the day and the reason. */
export async function setException(
  trx: Trx,
  lock: Pick<YearLock, 'divisionId' | 'year'>,
  exception: LockException,
): Promise<void> {
  const { agencyId, until, reason, actor, at } = exception;
  await runSql(
    trx,
    `insert into lock_exception (division_id, year, agency_id, until, reason, actor, at) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (division_id, year, agency_id) do update set until = excluded.until, reason = excluded.reason,
       actor = excluded.actor, at = excluded.at`,
    [lock.divisionId, lock.year, agencyId, until, reason, actor, at],
  );
}

/** Takes an exception back; false when there was none. */
export async function deleteException(
  trx: Trx,
  { divisionId, year }: Pick<YearLock, 'divisionId' | 'year'>,
  agencyId: number,
): Promise<boolean> {
  const rows = await runSql(
    trx,
    'delete from lock_exception where division_id = ? and year = ? and agency_id = ? returning year',
    [divisionId, year, agencyId],
  );
  return rows.length > 0;
}
