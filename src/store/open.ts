/** Opens the store: a SQLite file (or memory) in WAL with `synchronous=FULL`, migrated to this program's schema. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type Dialect,
  type Driver,
  Kysely,
  type Migration,
  Migrator,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import * as initial from '../../migrations/0001-initial.js';
import * as imports from '../../migrations/0002-imports.js';
import type { Database, Db, Trx } from './schema.js';

/** Every migration by name, in the order in which they are run. */
const migrations: Readonly<Record<string, Migration>> = { '0001-initial': initial, '0002-imports': imports };

/** better-sqlite3 waits for a lock inside the event loop, so it waits little and the driver tries again. */
const lockWaitMs = 5;
const lockAttempts = 30;
const lockPauseMs = 25;

/** Statements kept compiled; the rest is compiled anew when it comes again. */
const statementsKept = 400;

/** Where a `DATABASE_URL` points: `sqlite:./data/xiangbao.db` to that file, `sqlite::memory:` to memory. */
export function databasePath(url: string): string {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1];
  if (!path) throw new Error(`DATABASE_URL must be sqlite:<path> or sqlite::memory:, not ${url}`);
  return path === ':memory:' ? path : resolve(path);
}

/**
 * Opens the database a URL names, makes it and its folder when there is none, and migrates it. Throws when the
 * file was written by a newer version of this program. Close with `db.destroy()`.
 */
export async function openStore(url: string): Promise<Db> {
  const path = databasePath(url);
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new Sqlite(path, { timeout: lockWaitMs });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('cache_size = -65536');
  sqlite.pragma('temp_store = MEMORY');
  // A filing writes a dozen pages; copying them back every 300 filings costs less than every 80.
  sqlite.pragma('wal_autocheckpoint = 4000');
  const prepare = keepStatements(sqlite);
  const readers: Sqlite.Database[] = [];
  const close = () => {
    for (const reader of readers) reader.close();
    sqlite.close();
  };
  const db = new Kysely<Database>({ dialect: dialectOver(close, prepare) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  // Memory is one connection's own: there the reads share the writer's.
  if (path !== ':memory:') {
    const reader = new Sqlite(path, { readonly: true, timeout: lockWaitMs });
    reader.pragma('cache_size = -65536');
    reader.pragma('temp_store = MEMORY');
    readers.push(reader);
    connections.set(db, { write: prepare, read: keepStatements(reader) });
  } else connections.set(db, { write: prepare });
  return db;
}

/**
 * Runs a statement written once as text; its compiled form is kept. The caller names the type of its rows. Inside a
 * transaction, which has its connection to itself, it goes to SQLite directly. Outside, what only reads goes to a
 * connection of its own, so that no query waits for a writer, and sees what was committed.
 */
export async function runSql<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  // SQL text carries no types; each statement stands beside the row type it is read as.
  const connection = connections.get(db);
  const statement = db.isTransaction ? connection?.write(text) : connection?.read?.(text);
  if (!statement || (!db.isTransaction && !statement.readonly)) {
    return (await db.executeQuery(CompiledQuery.raw(text, parameters as unknown[]))).rows as Row[];
  }
  if (statement.reader) return statement.all(parameters) as Row[];
  statement.run(parameters);
  return [];
}

/** The keepers of statements of a store's connections. */
interface Connection {
  readonly write: (text: string) => Sqlite.Statement;
  readonly read?: (text: string) => Sqlite.Statement;
}

/** Of each open store, and of each transaction on it. */
const connections = new WeakMap<Db, Connection>();

/** A piece of work that waits for its transaction. */
interface Job {
  readonly dryRun: boolean;
  readonly work: (trx: Trx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The work that waits, by store; a store has a queue while it is being worked off. */
const queues = new WeakMap<Db, Job[]>();

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

/** Pieces of work that share one commit at the most. */
const mostTogether = 64;

/**
 * Runs a piece of work in a transaction: all of it is kept, or none, when it throws or is only tried out (`dryRun`).
 * Pieces that arrive together share one commit, and so one wait for the disk; each is answered after it, and one
 * that throws undoes only itself. Given a transaction it joins that one: what was begun there is kept or undone there.
 */
export async function inTransaction<T>(
  db: Db,
  keeping: { readonly dryRun?: boolean },
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  // Kysely marks a Transaction, and nothing else, so.
  if (db.isTransaction) return work(db as Trx);
  return new Promise((resolve, reject) => {
    // The job's value is what its work returns, a T; the queue holds work of every kind.
    const job: Job = { dryRun: keeping.dryRun ?? false, work, resolve: resolve as Job['resolve'], reject };
    const queue = queues.get(db);
    if (queue) queue.push(job);
    else void workOff(db, [job]);
  });
}

/** What is put off to the end of a transaction, by what carries it out. */
type PutOff = Map<Settle<unknown>, unknown[]>;
type Settle<Entry> = (trx: Trx, entries: readonly Entry[]) => Promise<void>;
const putOffs = new WeakMap<Db, PutOff>();

/**
 * Puts something off to the end of the transaction, where `carryOut` is given all that was put off for it at once:
 * filings that share a commit then write the sums they share once. What a piece of work put off is forgotten when it
 * fails. Whoever reads what is written so inside a transaction calls `settle` first.
 */
export function putOff<Entry>(trx: Trx, entry: Entry, carryOut: Settle<Entry>): void {
  const pending = putOffs.get(trx);
  if (!pending) throw new Error('a transaction is begun by inTransaction');
  // A list holds only what was put off with its own `carryOut`, whose entries are of this type.
  const settle = carryOut as Settle<unknown>;
  const entries = pending.get(settle);
  if (entries) entries.push(entry);
  else pending.set(settle, [entry]);
}

/** Carries out what was put off so far. */
export async function settle(trx: Trx): Promise<void> {
  const pending = putOffs.get(trx);
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
    await commitTogether(db, queue.splice(0, mostTogether));
  }
  queues.delete(db);
}

async function commitTogether(db: Db, jobs: readonly Job[]): Promise<void> {
  const answers: (() => void)[] = [];
  try {
    await db.transaction().execute(async (trx) => {
      const connection = connections.get(db);
      if (connection) connections.set(trx, connection);
      putOffs.set(trx, new Map());
      for (const job of jobs) answers.push(await runJob(trx, job));
      await settle(trx);
    });
    countCommit(db, jobs.length);
    for (const answer of answers) answer();
  } catch (error) {
    for (const job of jobs) job.reject(error);
  }
}

/** Runs one piece of work behind a savepoint; what it returns answers it, once all is committed. */
async function runJob(trx: Trx, job: Job): Promise<() => void> {
  const before = copyOf(putOffs.get(trx));
  const undo = async () => {
    await runSql(trx, 'rollback to job');
    putOffs.set(trx, before);
  };
  await runSql(trx, 'savepoint job');
  try {
    const value = await job.work(trx);
    if (job.dryRun) await undo();
    return () => job.resolve(value);
  } catch (error) {
    await undo();
    return () => job.reject(error);
  } finally {
    await runSql(trx, 'release job');
  }
}

/** What was put off before a piece of work is still to be done when that undoes itself, even if it was done within it. */
function copyOf(pending: PutOff = new Map()): PutOff {
  return new Map([...pending].map(([carryOut, entries]) => [carryOut, [...entries]]));
}

/** Whether the database answers and has this program's schema. */
export async function isReady(db: Db): Promise<boolean> {
  const rows = await runSql<{ ready: number }>(db, 'select exists (select 1 from division) as ready');
  return rows[0]?.ready === 1;
}

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (!error) return;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(
    reason.includes('is missing')
      ? `the database was written by a newer version of Xiangbao and is left untouched (${reason})`
      : `the database could not be migrated: ${reason}`,
    { cause: error },
  );
}

function dialectOver(close: () => void, prepare: (text: string) => Sqlite.Statement): Dialect {
  const dialect = new SqliteDialect({ database: { close, prepare } });
  return {
    createAdapter: transactionalAdapter,
    createDriver: () => immediateDriver(dialect.createDriver()),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Compiling a statement of 200 columns costs more than running it: each is compiled once and kept. */
function keepStatements(sqlite: Sqlite.Database): (text: string) => Sqlite.Statement {
  const kept = new Map<string, Sqlite.Statement>();
  return (text) => {
    const known = kept.get(text);
    if (known) return known;
    const statement = sqlite.prepare(text);
    const oldest = kept.keys().next().value;
    if (kept.size >= statementsKept && oldest !== undefined) kept.delete(oldest);
    kept.set(text, statement);
    return statement;
  };
}

/** DDL is transactional in SQLite; told so, the migrator cannot be caught halfway by a kill. */
function transactionalAdapter(): SqliteAdapter {
  return Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
}

/**
 * Takes the write lock at the beginning of a transaction (a deferred one can fail in its middle), and waits for
 * it outside the event loop. Gives up after about a second with SQLITE_BUSY.
 */
function immediateDriver(driver: Driver): Driver {
  driver.beginTransaction = async (connection) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (attempt >= lockAttempts || !isBusy(error)) throw error;
        await sleep(lockPauseMs);
      }
    }
  };
  return driver;
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
