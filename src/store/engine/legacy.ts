/** Statements that are not declared yet. */
import { inTransaction } from './commit.js';
import { asProblem } from './failure.js';
import type { Db, Trx } from './schema.js';
import { readerOf, requireOpen, storeOf } from './store.js';

export async function runSql<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const store = storeOf(db);
  const connection = readerOf(db) ?? store.write;
  const { readonly } = connection.prepare(text);
  if (!readonly && !db.isTransaction && !store.ofOneMoment) {
    return inTransaction(db, {}, (trx) => runSql(trx, text, parameters));
  }
  if (!readerOf(db))
    return db.connection().execute(async () => execute(store.write.prepare(text), parameters) as Row[]);
  return execute(connection.prepare(text), parameters) as Row[];
}

export async function readValues<Row extends readonly unknown[]>(
  db: Db,
  text: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const connection = readerOf(db);
  if (connection) return connection.prepareValues(text).all(parameters) as Row[];
  const { write } = storeOf(db);
  return db.connection().execute(async () => write.prepareValues(text).all(parameters) as Row[]);
}

export async function insertText(trx: Trx, text: string, parameters: readonly unknown[]): Promise<number> {
  return Number(requireOpen(storeOf(trx)).write.prepare(text).run(parameters).lastInsertRowid);
}

function execute(statement: import('better-sqlite3').Statement, parameters: readonly unknown[]): unknown[] {
  try {
    if (statement.reader) return statement.all(parameters);
    statement.run(parameters);
    return [];
  } catch (error) {
    throw asProblem(error);
  }
}
