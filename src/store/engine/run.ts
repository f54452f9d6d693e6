/**
 * Runs statements: where, and with their compiled form kept. Where arguments are put together with a spread, it comes
 * last: with members after it, V8 takes as long for the object as SQLite for the statement (5 µs against 0.1).
 */
import { inTransaction } from './commit.js';
import type { Connection } from './connection.js';
import { asProblem } from './failure.js';
import type { Db, Trx } from './schema.js';
import { type Statement, valuesFor } from './statement.js';
import { readerOf, requireOpen, storeOf } from './store.js';
import { noteWriting } from './versions.js';

/** The arguments of a statement, which may be left out where it takes none. */
type Given<Args> = Record<never, never> extends Args ? [args?: Args] : [args: Args];

/** Reads the rows of a statement: in a transaction what it sees, otherwise what was committed. */
export async function readRows<Args, Row>(
  db: Db,
  statement: Statement<Args, Row>,
  ...given: Given<Args>
): Promise<Row[]> {
  const call = callOf(statement, given);
  // A test compares what the statement returns with the row it is declared to give.
  const read = (connection: Connection) => prepare(connection, call).all(...call.values) as Row[];
  const connection = readerOf(db);
  return connection ? attempt(connection, read) : alone(db, read);
}

/** Reads the first row of a statement; undefined when there is none. */
export async function findRow<Args, Row>(
  db: Db,
  statement: Statement<Args, Row>,
  ...given: Given<Args>
): Promise<Row | undefined> {
  const call = callOf(statement, given);
  // As above.
  const read = (connection: Connection) => prepare(connection, call).get(...call.values) as Row | undefined;
  const connection = readerOf(db);
  return connection ? attempt(connection, read) : alone(db, read);
}

/** Writes by a statement, in a transaction of its own outside one, and returns how many rows it changed. */
export async function write<Args>(db: Db, statement: Statement<Args, unknown>, ...given: Given<Args>): Promise<number> {
  if (!db.isTransaction) return inTransaction(db, {}, (trx) => write(trx, statement, ...given));
  const call = callOf(statement, given);
  return attempt(requireOpen(storeOf(db)).write, (connection) => runWriting(db, connection, call).changes);
}

/** Inserts one row and returns the identity that the database gave it. */
export async function insertRow<Args>(
  trx: Trx,
  statement: Statement<Args, unknown>,
  ...given: Given<Args>
): Promise<number> {
  const call = callOf(statement, given);
  const { write } = requireOpen(storeOf(trx));
  return attempt(write, (connection) => Number(runWriting(trx, connection, call).lastInsertRowid));
}

/**
 * A statement's text and what it is run with. The values are handed over one by one: a list costs the engine's binding
 * twice as much to take apart (a report has 330).
 */
interface Call {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly asLists: boolean;
}

function callOf<Args>({ compile, asLists }: Statement<Args, unknown>, given: Given<Args>): Call {
  // Left out only where there are none to take.
  const args = given[0] ?? ({} as Args);
  const compiled = compile(args);
  return { text: compiled.text, values: valuesFor(compiled, args), asLists };
}

function runWriting(trx: Db, connection: Connection, call: Call) {
  return noteWriting(trx, call.text, () => prepare(connection, call).run(...call.values));
}

function prepare(connection: Connection, { text, asLists }: Call) {
  return asLists ? connection.prepareValues(text) : connection.prepare(text);
}

function attempt<T>(connection: Connection, work: (connection: Connection) => T): T {
  try {
    return work(connection);
  } catch (error) {
    throw asProblem(error);
  }
}

/** In memory there is one connection, and Kysely waits until no transaction is open on it. */
function alone<T>(db: Db, work: (connection: Connection) => T): Promise<T> {
  return db.connection().execute(async () => attempt(storeOf(db).write, work));
}
