/** Opens the store: a SQLite file (or memory) in WAL with `synchronous=FULL`, migrated to this program's schema. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Statement } from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { Problem } from '../../problem.js';
import { type Connection, connect, connectToRead, databaseOver, isBusy } from './connection.js';
import { migrate, migrationsRun, newestSchema, refuseNewer } from './migrate.js';
import type { Db, Trx } from './schema.js';

/** How long work waits for a lock before it is refused, and between two attempts: it is answered within a second. */
const lockPatienceMs = 450;
const lockPauseMs = 25;

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
  stores.set(db, { write, ...(read && { read }), maxTogether: options.maxTogether ?? maxTogether });
  return db;
}

/**
 * Opens a file that is there, to be read only: nothing in it is changed, it is not migrated, and nobody who writes
 * waits. A transaction on it sees the store of one moment. Close with `db.destroy()`.
 */
export function openToRead(path: string): Db {
  const read = connectToRead(path);
  const db = databaseOver(read, read.close);
  stores.set(db, { write: read, read, maxTogether: 1 });
  return db;
}

/**
 * Runs a statement written once as text; its compiled form is kept. The caller names the type of its rows. Inside a
 * transaction, which has its connection to itself, it goes to SQLite directly. Outside, what only reads goes to a
 * connection of its own, so that no query waits for a writer, and sees what was committed; what writes is a
 * transaction of its own.
 */
export async function runSql<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const store = stores.get(db);
  if (db.isTransaction && store) {
    requireOpen(store);
    return execute(store.write.prepare(text), parameters);
  }
  const { readonly } = (store?.read ?? store?.write)?.prepare(text) ?? {};
  if (readonly && store?.read) return execute(store.read.prepare(text), parameters);
  if (readonly === false) return inTransaction(db, {}, (trx) => runSql(trx, text, parameters));
  // As below.
  return (await db.executeQuery(CompiledQuery.raw(text, parameters as unknown[]))).rows as Row[];
}

/**
 * Runs a statement that only reads, and returns its rows as lists of values in the order of its columns: where there
 * are many, with texts in them, half the cost of rows as objects, and of lists written as JSON.
 */
export async function readValues<Row extends readonly unknown[]>(
  db: Db,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const store = stores.get(db);
  if (db.isTransaction && store) requireOpen(store);
  const connection = db.isTransaction ? store?.write : store?.read;
  // Each statement stands beside the type it is read as, as below.
  if (connection) return connection.prepareValues(text).all(parameters) as Row[];
  // Memory has one connection, and Kysely waits until no transaction is open on it.
  if (store) return db.connection().execute(async () => store.write.prepareValues(text).all(parameters) as Row[]);
  return (await runSql<object>(db, text, parameters)).map((row) => Object.values(row) as unknown as Row);
}

/** Inserts a row in a transaction and returns the identity it was given. */
export async function insertRow(trx: Trx, text: string, parameters: readonly unknown[]): Promise<number> {
  const store = stores.get(trx);
  if (!store) throw new Error('a transaction is begun by inTransaction');
  requireOpen(store);
  return Number(store.write.prepare(text).run(parameters).lastInsertRowid);
}

function execute<Row>(statement: Statement, parameters: readonly unknown[]): Row[] {
  // SQL text carries no types; each statement stands beside the row type it is read as.
  if (statement.reader) return statement.all(parameters) as Row[];
  statement.run(parameters);
  return [];
}

/** The connections of a store. */
interface Store {
  readonly write: Connection;
  readonly read?: Connection;
  readonly maxTogether: number;
}

/** Of each open store, and of each transaction on it. */
const stores = new WeakMap<Db, Store>();

/** What came after a transaction that SQLite has undone by itself would be kept alone. */
function requireOpen({ write }: Store): void {
  if (write.inTransaction()) return;
  throw new Problem('storage-unavailable', { zh: '事务已被撤销。', en: 'The transaction was undone before its end.' });
}

/** A piece of work that waits for its transaction. */
interface Job {
  readonly dryRun: boolean;
  readonly work: (trx: Trx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** When it came, in milliseconds of the process's own clock. */
  readonly since: number;
}

/** The work that waits, by store; a store has a queue while it is being worked off. */
const queues = new WeakMap<Db, Job[]>();

/** What is to be kept of a piece of work. */
export interface CommitOptions<T> {
  /** Do everything but keep it. */
  readonly dryRun?: boolean;
  /** A last step of it, given what the work came to: kept with it or not at all. */
  readonly finish?: (trx: Trx, value: T) => Promise<void>;
}

/** How much a store has to write, and has written since it was opened. */
export interface WriteLoad {
  /** Pieces of work that wait for a transaction. */
  readonly waiting: number;
  readonly commits: number;
  /** Pieces of work in those commits, those that failed or were only tried out among them. */
  readonly pieces: number;
}

const written = new WeakMap<Db, { commits: number; pieces: number }>();

/** How much a store has to write, and has written. */
export function writeLoadOf(db: Db): WriteLoad {
  const { commits = 0, pieces = 0 } = written.get(db) ?? {};
  return { waiting: queues.get(db)?.length ?? 0, commits, pieces };
}

function countCommit(db: Db, pieces: number): void {
  const before = writeLoadOf(db);
  written.set(db, { commits: before.commits + 1, pieces: before.pieces + pieces });
}

/**
 * Runs a piece of work in a transaction: all of it is kept, or none, when it throws or is only tried out (`dryRun`).
 * Pieces that arrive together share one commit, and so one wait for the disk; each is answered after it, and one
 * that throws undoes only itself. While another process holds the database they wait, outside the event loop and for
 * less than a second; then it throws what SQLite says. Given a transaction it joins that one: what was begun there is kept or undone there.
 */
export async function inTransaction<T>(
  db: Db,
  { dryRun = false, finish }: CommitOptions<T>,
  unfinished: (trx: Trx) => Promise<T>,
): Promise<T> {
  const work = async (trx: Trx) => {
    const value = await unfinished(trx);
    if (!dryRun) await finish?.(trx, value);
    return value;
  };
  // Kysely marks a Transaction, and nothing else, so.
  if (db.isTransaction) return work(db as Trx);
  return new Promise((resolve, reject) => {
    // The job's value is what its work returns, a T; the queue holds work of every kind.
    const job: Job = {
      dryRun,
      work,
      resolve: resolve as Job['resolve'],
      reject,
      since: performance.now(),
    };
    const queue = queues.get(db);
    if (queue) queue.push(job);
    else void workOff(db, [job]);
  });
}

/** What is put off to the end of a transaction, by what carries it out. */
type Deferrals = Map<CarryOut<unknown>, unknown[]>;
type CarryOut<Entry> = (trx: Trx, entries: readonly Entry[]) => Promise<void>;
const deferrals = new WeakMap<Db, Deferrals>();

/**
 * Puts something off to the end of the transaction, where `carryOut` is given all that was put off for it at once:
 * filings that share a commit then write the sums they share once. What a piece of work put off is forgotten when it
 * fails. Whoever reads what is written so inside a transaction calls `flushDeferred` first.
 */
export function defer<Entry>(trx: Trx, entry: Entry, carryOut: CarryOut<Entry>): void {
  const pending = deferrals.get(trx);
  if (!pending) throw new Error('a transaction is begun by inTransaction');
  // A list holds only what was put off with its own `carryOut`, whose entries are of this type.
  const run = carryOut as CarryOut<unknown>;
  const entries = pending.get(run);
  if (entries) entries.push(entry);
  else pending.set(run, [entry]);
}

/** Carries out what was put off so far. */
export async function flushDeferred(trx: Trx): Promise<void> {
  const pending = deferrals.get(trx);
  if (!pending) return;
  const all = [...pending];
  pending.clear();
  for (const [carryOut, entries] of all) await carryOut(trx, entries);
}

async function workOff(db: Db, queue: Job[]): Promise<void> {
  queues.set(db, queue);
  while (queue.length > 0) {
    // Requests that are being read in this turn of the event loop come into the same commit.
    await new Promise((resume) => setImmediate(resume));
    await commitTogether(db, queue);
  }
  queues.delete(db);
}

/** Takes work off the queue once the lock is taken, so that what comes while it is waited for shares its commit. */
async function commitTogether(db: Db, queue: Job[]): Promise<void> {
  const jobs: Job[] = [];
  const answers: (() => void)[] = [];
  try {
    await db.transaction().execute(async (trx) => {
      const store = stores.get(db);
      if (store) stores.set(trx, store);
      deferrals.set(trx, new Map());
      jobs.push(...queue.splice(0, store?.maxTogether ?? maxTogether));
      for (const job of jobs) answers.push(await runJob(trx, job));
      await flushDeferred(trx);
    });
    countCommit(db, jobs.length);
    for (const answer of answers) answer();
  } catch (error) {
    if (jobs.length === 0 && isBusy(error)) return waitForLock(queue, error);
    for (const job of jobs.length > 0 ? jobs : queue.splice(0)) job.reject(error);
  }
}

/** Refuses the work that has waited long enough, and lets the rest wait. */
async function waitForLock(queue: Job[], error: unknown): Promise<void> {
  const now = performance.now();
  const late = queue.filter(({ since }) => now - since > lockPatienceMs).length;
  for (const job of queue.splice(0, late)) job.reject(error);
  if (queue.length > 0) await sleep(lockPauseMs);
}

/** Runs one piece of work behind a savepoint; what it returns answers it, once all is committed. */
async function runJob(trx: Trx, job: Job): Promise<() => void> {
  const before = copyOf(deferrals.get(trx));
  const undo = async () => {
    await runSql(trx, 'rollback to job');
    deferrals.set(trx, before);
  };
  await runSql(trx, 'savepoint job');
  try {
    const value = await job.work(trx);
    if (job.dryRun) await undo();
    await runSql(trx, 'release job');
    return () => job.resolve(value);
  } catch (error) {
    // When the disk is full or fails, SQLite may undo the whole transaction: all that share it fail for that reason.
    if (!stores.get(trx)?.write.inTransaction()) throw error;
    await undo();
    await runSql(trx, 'release job');
    return () => job.reject(error);
  }
}

/** What was put off before a piece of work is still to be done when that undoes itself, even if it was done within it. */
function copyOf(pending: Deferrals = new Map()): Deferrals {
  return new Map([...pending].map(([carryOut, entries]) => [carryOut, [...entries]]));
}

/** Whether the database answers and has this program's schema. */
export async function isReady(db: Db): Promise<boolean> {
  const rows = await runSql<{ ready: number }>(db, 'select exists (select 1 from division) as ready');
  return rows[0]?.ready === 1;
}
