/** An open store and its connections. */
import { Problem } from '../../problem.js';
import type { ChainDigest, Label } from '../../words.js';
import type { Connection } from './connection.js';
import type { Db } from './schema.js';

/** The connections of a store. */
export interface Store {
  readonly write: Connection;
  /** Reads what was committed; a store in memory has one connection only. */
  readonly read?: Connection;
  /** Whether all that is read is of the moment at which it was opened. */
  readonly ofOneMoment?: boolean;
  /** Pieces of work that share one commit at the most. */
  readonly maxTogether: number;
  /** What the audit log is chained by from here on; SHA-256 when left out. */
  readonly auditDigest?: ChainDigest | undefined;
  /** Whether the documents that reports are filed from are kept; they are when left out. */
  readonly documents?: 'keep' | 'drop' | undefined;
  /** What whoever opened it should know of its file; nothing when left out. */
  readonly notes?: readonly Label[];
}

/** Of each open store, and of each transaction on it. */
const stores = new WeakMap<Db, Store>();

/** Keeps the connections of a store, or of a transaction on it. */
export function setStore(db: Db, store: Store): void {
  stores.set(db, store);
}

/** The connections of a store. */
export function storeOf(db: Db): Store {
  const store = stores.get(db);
  if (!store) throw new Error('a store is opened by openStore, a transaction is begun by inTransaction');
  return store;
}

/** Whether a store keeps the documents that reports are filed from. */
export function keepsDocuments(db: Db): boolean {
  return storeOf(db).documents !== 'drop';
}

/** The file that a store lives in; undefined for one in memory. */
export function databaseFile(db: Db): string | undefined {
  return storeOf(db).write.file;
}

/**
 * A number that changes with every commit to a store, of this process and of others, and is compared with an earlier one
 * of the same open store only. In memory, where there is one connection, it changes with what is not committed yet, too.
 */
export function dataVersionOf(db: Db): number {
  const { write, read } = storeOf(db);
  const text = read ? 'pragma data_version' : 'select total_changes()';
  return Number((read ?? write).prepare(text).pluck().get());
}

/** What is to be told of a store that was opened: that it was made just now, or what its file lacks. */
export function notesOf(db: Db): readonly Label[] {
  return storeOf(db).notes ?? [];
}

/**
 * The connection to read on: a transaction's own, which sees what it wrote, otherwise one that sees what was committed
 * and waits for no writer. Undefined in memory, where a read waits until no transaction is open. Throws
 * `storage-unavailable` in a transaction that the database has undone.
 */
export function readerOf(db: Db): Connection | undefined {
  const store = storeOf(db);
  if (db.isTransaction) return requireOpen(store).write;
  return store.ofOneMoment ? store.write : store.read;
}

/** What came after a transaction that the database has undone by itself would be kept alone. */
export function requireOpen(store: Store): Store {
  if (store.write.inTransaction()) return store;
  throw new Problem('storage-unavailable', { zh: '事务已被撤销。', en: 'The transaction was undone before its end.' });
}
