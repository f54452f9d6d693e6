/** Copies of a database: made while others write, told from a damaged one by their digest, and put in its place. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, copyFile, link, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import Sqlite from 'better-sqlite3';
import { Problem } from '../../problem.js';
import { requireNamed, requireOwnFile, requireReplaceable } from './file/own-file.js';
import { fileMode, makeFolderOf, makePrivateFile, suffixesBeside } from './file/private-file.js';
import { openingFailure } from './file/refusal.js';
import { markOf, takeServerPlace } from './file/server-lock.js';

/** Takes how many of how many pages are copied. */
export type OnPages = (done: number, total: number) => void;

/** Some megabytes, copied in some milliseconds. */
const pagesAtOnce = 1000;

/** The file that holds the digest of a backup, as `sha256sum -c` reads it. */
export function digestPath(backup: string): string {
  return `${backup}.sha256`;
}

/**
 * Copies a database as it is at one moment into a file of its own, while others write to it, and its SHA-256 into
 * a file beside, both for their owner's eyes. A backup is either there with its digest and on the disk, or not at all.
 * Throws `invalid-parameter` when there is no such database, or a file where the backup is to be, and a refusal when it
 * is not a database of this program.
 */
export async function backUp(database: string, backup: string, onPages: OnPages): Promise<void> {
  if (requireOwnFile(database) === 'missing')
    throw new Problem('invalid-parameter', {
      zh: `没有数据库 ${database}。`,
      en: `There is no database at ${database}.`,
    });
  if (existsSync(backup))
    throw new Problem('invalid-parameter', { zh: `${backup} 已存在。`, en: `${backup} is there already.` });
  const unfinished = resolve(`${backup}.unfinished`);
  requireNamed(unfinished);
  await removeDatabase(unfinished);
  try {
    await copyPages(database, unfinished, onPages);
    await syncPath(unfinished);
    const digest = await digestOf(unfinished);
    // The digest first: where there is the backup, there is its digest.
    makePrivateFile(digestPath(unfinished));
    await writeFile(digestPath(unfinished), `${digest}  ${basename(backup)}\n`);
    await syncPath(digestPath(unfinished));
    await rename(digestPath(unfinished), digestPath(backup));
    await rename(unfinished, backup);
    await syncPath(dirname(backup));
  } finally {
    await removeDatabase(unfinished);
    await rm(digestPath(unfinished), { force: true });
  }
}

/** Copies a database as it is at one moment, while others write to it, into a file for its owner's eyes, without a log. */
export async function copyPages(database: string, copy: string, onPages: OnPages): Promise<void> {
  makePrivateFile(copy);
  const source = new Sqlite(database, { readonly: true, fileMustExist: true });
  try {
    // Inside a transaction the copy is of one moment, and does not begin again at each write.
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    await source.backup(copy, {
      progress: ({ totalPages, remainingPages }) => {
        onPages(totalPages - remainingPages, totalPages);
        return pagesAtOnce;
      },
    });
  } finally {
    source.close();
  }
  const made = new Sqlite(copy);
  // Without a log it is one file, which can be read where nothing can be written.
  made.pragma('journal_mode = DELETE');
  made.close();
}

/** Whether there is a digest beside a backup. */
export function hasDigest(backup: string): boolean {
  return existsSync(digestPath(backup));
}

/** How a backup differs from the digest beside it; undefined when it does not, or there is none. */
export async function digestDifference(backup: string): Promise<string | undefined> {
  if (!hasDigest(backup)) return undefined;
  const [stated = ''] = (await readFile(digestPath(backup), 'utf8')).split(/\s/);
  const found = await digestOf(backup);
  return found === stated ? undefined : `its SHA-256 is ${found}, not ${stated} as when it was made`;
}

/** The SHA-256 of a file, in hexadecimal, read piece by piece. */
export async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

/**
 * Puts a backup in the place of a database, which is kept beside under the name returned (undefined when there was
 * none). Whenever it is interrupted, one of the two is there. Throws `conflict` while another process has
 * the database open, as far as it can still be read, and a refusal for the database of another application.
 */
export async function putInPlace(backup: string, database: string, now: Date): Promise<string | undefined> {
  requireReplaceable(database);
  const leave = takePlace(database, now);
  try {
    return await replace(backup, database, now);
  } finally {
    leave();
  }
}

function takePlace(database: string, now: Date): () => void {
  try {
    makeFolderOf(database);
    return takeServerPlace(database, markOf(now));
  } catch (error) {
    throw openingFailure(database, error);
  }
}

async function replace(backup: string, database: string, now: Date): Promise<string | undefined> {
  const incoming = `${database}.incoming`;
  await rm(incoming, { force: true });
  const replaced = existsSync(database) ? `${database}.replaced-${now.toISOString().replaceAll(/\D/g, '')}` : undefined;
  const held = replaced === undefined ? undefined : await hold(database, replaced);
  try {
    makePrivateFile(incoming);
    await copyFile(backup, incoming);
    await chmod(incoming, fileMode);
    markRestored(incoming);
    await syncPath(incoming);
    if (replaced !== undefined) await setAside(database, replaced);
    await rename(incoming, database);
    await syncPath(dirname(database));
  } finally {
    held?.close();
    await rm(incoming, { force: true });
  }
  return replaced;
}

/** Notes for each subscription that its receiver may have been told what this database knows nothing of. */
function markRestored(file: string): void {
  const database = new Sqlite(file);
  try {
    // What an earlier version wrote has no subscriptions.
    const known = database.prepare("select 1 from pragma_table_info('subscription') where name = 'sight'").get();
    if (known) database.exec('update subscription set sight = null, extent = null');
  } finally {
    database.close();
  }
}

/** Takes a database for itself; when that cannot be, because it is damaged, its log is kept as it was found. */
async function hold(database: string, replaced: string): Promise<Sqlite.Database | undefined> {
  const [log, kept] = [`${database}-wal`, `${replaced}-wal`];
  if (existsSync(log)) await copyFile(log, kept);
  let held: Sqlite.Database | undefined;
  try {
    held = holdAlone(database);
  } catch (error) {
    await rm(kept, { force: true });
    throw error;
  }
  if (held) await rm(kept, { force: true });
  return held;
}

/** Takes a database for itself, its log taken back into it; undefined when it is too damaged to be held. */
function holdAlone(database: string): Sqlite.Database | undefined {
  const sqlite = new Sqlite(database, { timeout: 0 });
  try {
    // SQLite leaves the log only when nobody else has the file open.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec('begin exclusive');
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new Problem('conflict', {
        zh: `${database} 正被使用，请先停止服务。`,
        en: `Another process has ${database} open; stop it first.`,
      });
    }
    return undefined;
  }
}

async function setAside(database: string, replaced: string): Promise<void> {
  // A log must not be taken for that of the file that comes.
  for (const suffix of suffixesBeside) {
    if (existsSync(database + suffix)) await rename(database + suffix, replaced + suffix);
  }
  await link(database, replaced);
}

/** Removes the file of a database, and those that are kept beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', ...suffixesBeside]) await rm(path + suffix, { force: true });
}

/** Waits until a file, or what a folder names, is on the disk itself. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
