/** Opens the store: a SQLite file (or memory) in WAL with `synchronous=FULL`, migrated to this program's schema. */
import { getHashes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ChainDigest, inBoth, type Label } from '../../words.js';
import { type Answer, nextMessage, startThread, valueIn, workerFile } from '../../worker.js';
import { logBytes } from './checkpoint.js';
import {
  type Connection,
  connect,
  connectToRead,
  connectToSnapshot,
  databaseOver,
  type WritingConnection,
} from './connection.js';
import type { CopyOrder } from './copy-worker.js';
import { asProblem, retryWhileBusy } from './failure.js';
import { fileSystemOf, judgeFileSystem, judgeNames, type NetworkStorage } from './file/file-system.js';
import { requireNamed, requireOwnFile } from './file/own-file.js';
import { makeFolderOf, makePrivateFile, requireWritable, tighten } from './file/private-file.js';
import { openingFailure, refusal } from './file/refusal.js';
import { type ServerMark, takeServerPlace } from './file/server-lock.js';
import { migrate, migrationsRun, newestSchema, refuseNewer } from './migrate.js';
import { findRow } from './run.js';
import type { Db } from './schema.js';
import { statement } from './statement.js';
import { databaseFile, setStore, storeOf } from './store.js';

/** Pieces of work that share one commit at the most, unless a store is opened with another number. */
const commitsTogether = 64;

/** Where a `DATABASE_URL` points: `sqlite:./data/xiangbao.db` to that file, `sqlite::memory:` to memory. */
export function databasePath(url: string): string {
  const path = /^sqlite:(?:\/\/)?(.+)$/s.exec(url)?.[1];
  if (!path) {
    throw new Error(
      inBoth({
        zh: `DATABASE_URL 须为 sqlite:<path> 或 sqlite::memory:，而不是 ${url}。`,
        en: `DATABASE_URL must be sqlite:<path> or sqlite::memory:, not ${url}.`,
      }),
    );
  }
  return path === ':memory:' ? path : resolve(path);
}

/** How a store works, where it is not as usual. */
export interface StoreOptions {
  /** Pieces of work that share one commit at the most; 1 makes each wait for the disk by itself. */
  readonly maxTogether?: number;
  /** The server that opens it, which must be the only one of its file; nobody's place is taken when left out. */
  readonly server?: ServerMark;
  /** What is done about a file on a network; it is refused when left out. */
  readonly network?: NetworkStorage;
  /** What the audit log is chained by from here on, by its name; SHA-256 when left out. Entries that are there keep theirs. */
  readonly auditDigest?: ChainDigest | undefined;
  /** Whether the documents that reports are filed from are kept; they are when left out. What is there already stays. */
  readonly documents?: 'keep' | 'drop' | undefined;
  /** The type of the file system that a path lies on, as `statfs(2)` numbers it; asked of the system when left out. */
  readonly fileSystemOf?: (path: string) => bigint;
}

/**
 * Opens the database a URL names, makes it and its folder when there is none, for its owner's eyes, and migrates it.
 * Throws a refusal, and leaves the file as it is, when it is another application's, was written by a newer version
 * of this program, lies on a network, or has a server already; every failure names the path. Close with `db.destroy()`.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Db> {
  const path = databasePath(url);
  requireDigest(options.auditDigest);
  if (path === ':memory:') return openOver(connect(path), options);
  return openFile(path, options).catch((error) => {
    throw openingFailure(path, error);
  });
}

/** Another process that makes the same file at this moment is waited for as often, so long each time: two seconds. */
const openAttempts = 80;
const openPauseMs = 25;

function requireDigest(name: ChainDigest = 'sha256'): void {
  if (getHashes().includes(name)) return;
  throw refusal({
    zh: `AUDIT_DIGEST=${name}：此 Node.js 的 OpenSSL 不提供该算法。`,
    en: `AUDIT_DIGEST=${name}: the OpenSSL of this Node.js does not have that digest.`,
  });
}

async function openFile(path: string, options: StoreOptions): Promise<Db> {
  requireNamed(path);
  makeFolderOf(path);
  const type = (options.fileSystemOf ?? fileSystemOf)(path);
  const told = judgeFileSystem(path, type, options.network ?? 'refuse');
  let attempts = 0;
  const patience = { pauseMs: openPauseMs, until: () => ++attempts >= openAttempts };
  await retryWhileBusy(async () => requireOwnFile(path), patience);
  makePrivateFile(path);
  requireWritable(path);
  const leave = options.server && takeServerPlace(realpathSync(path), options.server);
  try {
    refuseNewer(path);
    const write = await retryWhileBusy(async () => connect(path), patience);
    const made = write.found === 'empty' ? [madeNow(path)] : [];
    return await openOver(write, options, {
      notes: [...made, ...told, ...judgeNames(path), ...tighten(path)],
      ...(leave && { leave }),
    });
  } catch (error) {
    leave?.();
    throw error;
  }
}

/** What is told of a file, and what is let go of when the store is closed. */
interface Held {
  readonly notes?: readonly Label[];
  readonly leave?: () => void;
}

async function openOver(
  write: WritingConnection,
  options: StoreOptions,
  { notes = [], leave }: Held = {},
): Promise<Db> {
  const readers: Connection[] = [];
  const db = databaseOver(write, () => {
    for (const reader of readers) reader.close();
    write.close();
    leave?.();
  });
  try {
    if (migrationsRun(write).at(-1) !== newestSchema) await migrate(db);
    write.mark();
    // Memory is one connection's own: there the reads share the writer's.
    if (write.file !== undefined) readers.push(connectToRead(write.file));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const [read] = readers;
  const { maxTogether = commitsTogether, auditDigest, documents } = options;
  setStore(db, { write, ...(read && { read }), notes, maxTogether, auditDigest, documents });
  return db;
}

function madeNow(path: string): Label {
  return {
    zh: `此处没有数据库，已新建空库：${path}。如本应有数据，请立即停止，检查 DATABASE_URL 和挂载的卷。`,
    en: `There was no database: a new database was made at ${path}. If there should have been one, stop now and check DATABASE_URL and the volume.`,
  };
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
  return file === undefined ? undefined : openAgain(file, storeOf(db));
}

/**
 * A copy of a store as it is at this moment, in a file of its own that must not be there yet: what is tried out there
 * keeps nobody from writing. Undefined for a store in memory. Close it and remove the file after use.
 */
export async function openCopy(db: Db, path: string): Promise<Db | undefined> {
  const file = databaseFile(db);
  if (file === undefined) return undefined;
  const order: CopyOrder = { file, path };
  const thread = startThread(workerFile('copy-worker', import.meta.url), order);
  const ended = () => new Error('the copying ended without an answer');
  valueIn(await nextMessage<Answer<null>>(thread, ended), 'the copying');
  return openAgain(path, storeOf(db));
}

/** The file was looked at when the store was opened; a copy of it is of the same kind. */
async function openAgain(
  file: string,
  { auditDigest, documents }: Pick<StoreOptions, 'auditDigest' | 'documents'>,
): Promise<Db> {
  try {
    return await openOver(connect(file), { auditDigest, documents });
  } catch (error) {
    throw asProblem(error);
  }
}

/** What a store takes on the disk in bytes, its write-ahead log apart; in memory all of it is the first. */
export async function databaseBytes(db: Db): Promise<{ readonly database: number; readonly log: number }> {
  const { file, bytes } = storeOf(db).write;
  if (file === undefined) return { database: bytes(), log: 0 };
  return { database: (await stat(file)).size, log: await logBytes(file) };
}

const findDivision = statement()((db) => db.selectFrom('division').select('id').limit(1));

/** Whether the database answers and has this program's schema. */
export async function isReady(db: Db): Promise<boolean> {
  return (await findRow(db, findDivision)) !== undefined;
}
