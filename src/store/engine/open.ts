/** Opens the store: a SQLite file (or memory) in WAL with `synchronous=FULL`, migrated to this program's schema. */
import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { copyPages } from './backup.js';
import { type Connection, connect, connectToRead, connectToSnapshot, databaseOver } from './connection.js';
import { asProblem } from './failure.js';
import { migrate, migrationsRun, newestSchema, refuseNewer } from './migrate.js';
import { findRow } from './run.js';
import type { Db } from './schema.js';
import { statement } from './statement.js';
import { databaseFile, setStore, storeOf } from './store.js';

/** Pieces of work that share one commit at the most, unless a store is opened with another number. */
const maxTogether = 64;

/** Where a `DATABASE_URL` points: `sqlite:./data/xiangbao.db` to that file, `sqlite::memory:` to memory. */
export function databasePath(url: string): string {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1];
  if (!path) throw new Error(`DATABASE_URL must be sqlite:<path> or sqlite::memory:, not ${url}`);
  return path === ':memory:' ? path : resolve(path);
}

/** How a store works, where it is not as usual. */
export interface StoreOptions {
  /** Pieces of work that share one commit at the most; 1 makes each wait for the disk by itself. */
  readonly maxTogether?: number;
}

/**
 * Opens the database a URL names, makes it and its folder when there is none, and migrates it. Throws when the
 * file was written by a newer version of this program, and leaves it as it is. Close with `db.destroy()`.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Db> {
  const path = databasePath(url);
  const inMemory = path === ':memory:';
  if (!inMemory) mkdirSync(dirname(path), { recursive: true });
  if (!inMemory) refuseNewer(path);
  const write = connect(path);
  const readers: Connection[] = [];
  const db = databaseOver(write, () => {
    for (const reader of readers) reader.close();
    write.close();
  });
  try {
    if (migrationsRun(write).at(-1) !== newestSchema) await migrate(db);
    // Memory is one connection's own: there the reads share the writer's.
    if (!inMemory) readers.push(connectToRead(path));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const [read] = readers;
  setStore(db, { write, ...(read && { read }), maxTogether: options.maxTogether ?? maxTogether });
  return db;
}

/**
 * Opens a file that is there, to be read only: nothing in it is changed, it is not migrated, and nobody who writes
 * waits. A transaction on it sees the store of one moment. Close with `db.destroy()`.
 */
export function openToRead(path: string): Db {
  const read = connectToRead(path);
  const db = databaseOver(read, read.close);
  setStore(db, { write: read, read, maxTogether: 1 });
  return db;
}

/**
 * Opens a file that is there, to be read only and as it is at this moment. Close with `db.destroy()`, soon: while it is
 * open the log cannot be taken back into the file.
 */
export function openSnapshot(file: string): Db {
  try {
    const read = connectToSnapshot(file);
    const db = databaseOver(read, read.close);
    setStore(db, { write: read, ofOneMoment: true, maxTogether: 1 });
    return db;
  } catch (error) {
    throw asProblem(error);
  }
}

/**
 * A second connection to the same file, so that a long transaction on it keeps nobody from reading; undefined for a
 * store in memory, which has one connection only. Close it after use.
 */
export async function openBeside(db: Db): Promise<Db | undefined> {
  const file = databaseFile(db);
  return file === undefined ? undefined : openAgain(file);
}

/**
 * A copy of a store as it is at this moment, in a file of its own that must not be there yet: what is tried out there
 * keeps nobody from writing. Undefined for a store in memory. Close it and remove the file after use.
 */
export async function openCopy(db: Db, path: string): Promise<Db | undefined> {
  const file = databaseFile(db);
  if (file === undefined) return undefined;
  await copyPages(file, path, () => undefined);
  return openAgain(path);
}

function openAgain(file: string): Promise<Db> {
  return openStore(`sqlite:${file}`).catch((error) => {
    throw asProblem(error);
  });
}

/** What a store takes on the disk in bytes, its write-ahead log apart; in memory all of it is the first. */
export async function databaseBytes(db: Db): Promise<{ readonly database: number; readonly log: number }> {
  const { file, bytes } = storeOf(db).write;
  if (file === undefined) return { database: bytes(), log: 0 };
  return { database: (await stat(file)).size, log: await sizeIfThere(`${file}-wal`) };
}

async function sizeIfThere(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

const findDivision = statement()((db) => db.selectFrom('division').select('id').limit(1));

/** Whether the database answers and has this program's schema. */
export async function isReady(db: Db): Promise<boolean> {
  return (await findRow(db, findDivision)) !== undefined;
}
