/** A connection to SQLite with its compiled statements, and what Kysely needs to work on it. */
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type FileState, markAsOwn, requireOwnTables } from './file/own-file.js';
import type { Database, Db } from './schema.js';

/**
 * Milliseconds for which SQLite itself waits for a lock, inside the event loop: while a file is opened and to read,
 * where only what is over in a moment is locked. Who writes waits outside the event loop.
 */
const lockWaitMs = 5;

/** The same where nobody else's event loop waits. */
const snapshotWaitMs = 5_000;

/** Statements kept compiled; the rest is compiled again at each use. */
const statementsKept = 400;

/** A connection with the statements it keeps compiled. */
export interface Connection {
  /** The file it is open on; undefined for memory. */
  readonly file: string | undefined;
  readonly prepare: (text: string) => Sqlite.Statement;
  /** The same for a statement that reads, whose rows come as lists of values. */
  readonly prepareValues: (text: string) => Sqlite.Statement;
  /** Whether a transaction is open on it. SQLite closes one by itself when the disk is full or fails. */
  readonly inTransaction: () => boolean;
  /** Bytes of the pages in use. */
  readonly bytes: () => number;
  /** Takes its log back into the file, as far as nobody reads or writes there, and empties it if it can. */
  readonly checkpoint: () => void;
  readonly close: () => void;
}

/** A connection that writes, and what was in the file when it was opened. */
export interface WritingConnection extends Connection {
  readonly found: FileState;
  /** Marks the file as this program's, where it has no mark yet. */
  readonly mark: () => void;
}

/**
 * Opens a file (or memory) to be written: in WAL, waiting for the disk at every commit. a refusal for the database of another application, before anything in it is changed.
 */
export function connect(path: string): WritingConnection {
  const sqlite = new Sqlite(path, { timeout: lockWaitMs });
  try {
    const found = requireOwnTables(path, sqlite);
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    // Small on purpose: at the end of a transaction that split a page of a database below 1 GB, SQLite walks over all
    // the pages it holds (the split lends out the number of a page far beyond the end). 64 MiB cost a fifth of filing.
    sqlite.pragma('cache_size = -8192');
    sqlite.pragma('temp_store = MEMORY');
    // A filing writes a dozen pages; copying them back every 300 filings costs less than every 80.
    sqlite.pragma('wal_autocheckpoint = 4000');
    sqlite.pragma('busy_timeout = 0');
    return { ...connectionOf(sqlite), found, mark: () => markAsOwn(sqlite) };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Opens a file that is there to be read only: nothing in it is changed, not even when it is closed. */
export function connectToRead(path: string): Connection {
  return openReadOnly(path, { timeout: lockWaitMs, cacheKiB: 65_536 });
}

/**
 * The same, with a transaction begun: all that is read on it is of one moment, and no writer waits for it. To be used
 * in a thread of its own, or for a short time: while it is open the log cannot be taken back into the file.
 */
export function connectToSnapshot(path: string): Connection {
  const connection = openReadOnly(path, { timeout: snapshotWaitMs, cacheKiB: 16_384 });
  connection.prepare('begin').run();
  return connection;
}

function openReadOnly(path: string, { timeout, cacheKiB }: { readonly timeout: number; readonly cacheKiB: number }) {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true, timeout });
  sqlite.pragma(`cache_size = -${cacheKiB}`);
  sqlite.pragma('temp_store = MEMORY');
  return connectionOf(sqlite);
}

function connectionOf(sqlite: Sqlite.Database): Connection {
  return {
    file: sqlite.memory ? undefined : fileOf(sqlite),
    prepare: keepStatements((text) => sqlite.prepare(text)),
    prepareValues: keepStatements((text) => sqlite.prepare(text).raw()),
    inTransaction: () => sqlite.inTransaction,
    bytes: () =>
      Number(sqlite.pragma('page_count', { simple: true })) * Number(sqlite.pragma('page_size', { simple: true })),
    checkpoint: () => sqlite.pragma('wal_checkpoint(TRUNCATE)'),
    close: () => sqlite.close(),
  };
}

/** The file as SQLite names it, which is beside its log also where it was opened by a link. */
function fileOf(sqlite: Sqlite.Database): string {
  // The pragma's own columns.
  const [main] = sqlite.pragma('database_list') as { readonly file: string }[];
  return main?.file || sqlite.name;
}

/** Compiling a statement of 200 columns costs more than running it: each is compiled once and kept. */
function keepStatements(compile: Connection['prepare']): Connection['prepare'] {
  const kept = new Map<string, Sqlite.Statement>();
  return (text) => {
    const known = kept.get(text);
    if (known) return known;
    const statement = compile(text);
    const oldest = kept.keys().next().value;
    if (kept.size >= statementsKept && oldest !== undefined) kept.delete(oldest);
    kept.set(text, statement);
    return statement;
  };
}

/** Kysely over a connection; `close` is what `db.destroy()` does. */
export function databaseOver(connection: Connection, close: () => void): Db {
  const dialect = new SqliteDialect({ database: { close: () => undefined, prepare: connection.prepare } });
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: transactionalAdapter,
      createDriver: () => immediateDriver(dialect.createDriver(), connection),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  // Kysely ends only what it was itself asked something, and the statements of this program pass it by.
  const end = db.destroy.bind(db);
  db.destroy = async () => {
    await end();
    close();
  };
  return db;
}

/** DDL is transactional in SQLite; told so, the migrator cannot be caught halfway by a kill. */
function transactionalAdapter(): SqliteAdapter {
  return Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
}

/**
 * Takes the write lock at the beginning of a transaction: a deferred one can fail in its middle. Undoes only what is
 * still open, since SQLite may have undone it by itself, and what a failed undoing left open.
 */
function immediateDriver(driver: Driver, { inTransaction }: Connection): Driver {
  const execute = (connection: DatabaseConnection, text: string) => connection.executeQuery(CompiledQuery.raw(text));
  driver.beginTransaction = async (connection) => {
    if (inTransaction()) await execute(connection, 'rollback');
    await execute(connection, 'begin immediate');
  };
  driver.rollbackTransaction = async (connection) => {
    if (inTransaction()) await execute(connection, 'rollback');
  };
  return driver;
}
