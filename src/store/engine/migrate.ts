/** Brings a database to the schema of this program, and refuses one that is ahead of it. */
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Migration, Migrator } from 'kysely';
import * as initial from '../../../migrations/0001-initial.js';
import * as imports from '../../../migrations/0002-imports.js';
import * as access from '../../../migrations/0003-access.js';
import * as rates from '../../../migrations/0004-rates.js';
import * as shown from '../../../migrations/0005-shown.js';
import * as changes from '../../../migrations/0007-changes.js';
import * as recheck from '../../../migrations/0009-recheck.js';
import * as otherwise from '../../../migrations/0010-otherwise.js';
import * as shownInPart from '../../../migrations/0011-shown-in-part.js';
import * as shares from '../../../migrations/0013-shares.js';
import * as digest from '../../../migrations/0014-digest.js';
import * as listed from '../../../migrations/0015-listed.js';
import * as attempts from '../../../migrations/0016-attempts.js';
import * as places from '../../../migrations/0017-places.js';
import * as subscriptions from '../../../migrations/0018-subscriptions.js';
import * as refusals from '../../../migrations/0019-refusals.js';
import * as contents from '../../../migrations/0020-contents.js';
import * as documents from '../../../migrations/0021-documents.js';
import * as sumsOfAreas from '../../../migrations/0022-sums-of-areas.js';
import { inBoth } from '../../words.js';
import { type Connection, connectToRead } from './connection.js';
import { retryWhileBusy } from './failure.js';
import { refusal } from './file/refusal.js';
import type { Db } from './schema.js';
import { storeOf } from './store.js';

/** Every migration by name, in the order in which they are run. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-imports': imports,
  '0003-access': access,
  '0004-rates': rates,
  '0005-shown': shown,
  '0007-changes': changes,
  '0009-recheck': recheck,
  '0010-otherwise': otherwise,
  '0011-shown-in-part': shownInPart,
  '0013-shares': shares,
  '0014-digest': digest,
  '0015-listed': listed,
  '0016-attempts': attempts,
  '0017-places': places,
  '0018-subscriptions': subscriptions,
  '0019-refusals': refusals,
  '0020-contents': contents,
  '0021-documents': documents,
  '0022-sums-of-areas': sumsOfAreas,
};

/** The columns of the boxes in the order in which migrations added them: it only grows. */
export const figureColumns: readonly string[] = initial.cells;

/** The schema of this program: the name of its last migration. */
export const newestSchema = Object.keys(migrations).at(-1) ?? '';

/** Another process that writes, or migrates, is waited for as often, so long each time: about ten seconds. */
const lockAttempts = 400;
const lockPauseMs = 25;

/**
 * Runs the migrations that a database lacks, all of them or none, up to the newest or one that is named. Killed in
 * the middle of it, the database is as before. Throws when it was written by a newer version of this program.
 */
export async function migrate(db: Db, upTo = newestSchema): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const attempt = async () => {
    const { error } = await migrator.migrateTo(upTo);
    if (error) throw error;
  };
  let attempts = 0;
  const until = () => ++attempts >= lockAttempts;
  await retryWhileBusy(attempt, { pauseMs: lockPauseMs, until }).catch((error) => {
    throw migrationFailure(error);
  });
}

function migrationFailure(error: unknown): Error {
  const said = error instanceof Error ? error.message : String(error);
  const message = inBoth({
    zh: `数据库未能迁移，仍为原样：${said}。`,
    en: `The database could not be migrated and is as before: ${said}.`,
  });
  return new Error(message, { cause: error });
}

/**
 * The migrations that a database has run, in their order; empty when it is new. Changes nothing in it. Throws when
 * there are some that this program does not know.
 */
export function migrationsRun(connection: Connection): readonly string[] {
  const [has] = connection.prepare("select 1 from sqlite_schema where name = 'kysely_migration'").all();
  if (!has) return [];
  return readMigrations(connection);
}

function readMigrations({ prepare, file }: Connection): readonly string[] {
  // The migrator's own table.
  const run = prepare('select name from kysely_migration order by name').pluck().all() as string[];
  refuseUnknown(run, file);
  return run;
}

function refuseUnknown(run: readonly string[], file = ':memory:'): void {
  const unknown = run.filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  const names = unknown.join(', ');
  throw refusal({
    zh: `${file} 由更新版本的乡报写成（${names}），未作任何改动。请使用该版本，或恢复升级前的备份。`,
    en: `${file} was written by a newer version of Xiangbao (${names}) and is left untouched. Use that version, or restore a backup from before it.`,
  });
}

/** Whether an open database has this program's schema. Throws when it has none of this program's at all, or a newer. */
export function isNewest(db: Db): boolean {
  return readMigrations(storeOf(db).write).at(-1) === newestSchema;
}

/** Refuses a file that a newer version of this program wrote, before anything opens it to be written. */
export function refuseNewer(path: string): void {
  if (!existsSync(path)) return;
  const connection = connectToRead(path);
  try {
    migrationsRun(connection);
  } catch (error) {
    // What a crash left half undone can only be read once it is undone; it is looked at again then.
    if (!(error instanceof Sqlite.SqliteError && /^SQLITE_(?:READONLY|CANTOPEN)/.test(error.code))) throw error;
  } finally {
    connection.close();
  }
}
