/** Bulk imports as they are kept: each with its request and how far it came, its items in their order. */
import { copyPages } from './engine/backup.js';
import { openStore, runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';
import { databaseFile } from './exports.js';

/** Where an import is: `interrupted` when its file was lost before it came to its end. */
export const importStates = ['queued', 'running', 'done', 'failed', 'interrupted'] as const;
export type ImportState = (typeof importStates)[number];

/** An import as it is kept. What is JSON is written and read by the use case. */
export interface ImportRow {
  readonly id: string;
  readonly state: ImportState;
  readonly request: string;
  readonly actor: string;
  /** Whose rights it has; null is whoever has the machine. */
  readonly tokenId: number | null;
  readonly bytes: number;
  readonly tally: string;
  readonly worker: number | null;
  readonly problem: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

const columns = `id, state, request, actor, token_id as tokenId, bytes, tally, worker, problem,
  created_at as createdAt, finished_at as finishedAt`;

/** Keeps a new import. */
export async function insertImport(db: Db, row: Omit<ImportRow, 'problem' | 'finishedAt'>): Promise<void> {
  await runSql(
    db,
    `insert into import (id, state, request, actor, token_id, bytes, tally, worker, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [row.id, row.state, row.request, row.actor, row.tokenId, row.bytes, row.tally, row.worker, row.createdAt],
  );
}

/** The import of that name; undefined when there is none (any more). */
export async function findImport(db: Db, id: string): Promise<ImportRow | undefined> {
  const rows = await runSql<ImportRow>(db, `select ${columns} from import where id = ?`, [id]);
  return rows[0];
}

/** The imports that have not come to an end, the oldest first. */
export async function unfinishedImports(db: Db): Promise<ImportRow[]> {
  return runSql(db, `select ${columns} from import where finished_at is null order by created_at, id`);
}

/** Sets what is given of an import. */
export async function updateImport(
  db: Db,
  id: string,
  change: Partial<Pick<ImportRow, 'state' | 'tally' | 'worker' | 'problem' | 'finishedAt'>>,
): Promise<void> {
  const { state, tally, worker, problem, finishedAt } = change;
  await runSql(
    db,
    `update import set state = coalesce(?, state), tally = coalesce(?, tally), worker = iif(?, ?, worker),
       problem = coalesce(?, problem), finished_at = coalesce(?, finished_at) where id = ?`,
    [
      state ?? null,
      tally ?? null,
      worker === undefined ? 0 : 1,
      worker ?? null,
      problem ?? null,
      finishedAt ?? null,
      id,
    ],
  );
}

/** Deletes an import and what became of its items; what it filed stays. */
export async function deleteImport(db: Db, id: string): Promise<void> {
  await runSql(db, 'delete from import where id = ?', [id]);
}

/**
 * Deletes the imports that came to an end before an instant, of their items at most so many; true once all is gone.
 */
export async function deleteImportsBefore(db: Db, instant: string, most: number): Promise<boolean> {
  const items = await runSql(
    db,
    `delete from import_item where (import_id, position) in (
       select i.import_id, i.position from import m join import_item i on i.import_id = m.id
       where m.finished_at < ? limit ?) returning 1`,
    [instant, most],
  );
  if (items.length === most) return false;
  await runSql(db, 'delete from import where finished_at < ?', [instant]);
  return true;
}

/** Keeps what became of some items, JSON each, the first at a position from 1. */
export async function insertItems(trx: Trx, id: string, from: number, bodies: readonly string[]): Promise<void> {
  for (const [index, body] of bodies.entries()) {
    await runSql(trx, 'insert into import_item (import_id, position, body) values (?, ?, ?)', [id, from + index, body]);
  }
}

/** Forgets what became of the items of an import that begins anew. */
export async function deleteItems(db: Db, id: string): Promise<void> {
  await runSql(db, 'delete from import_item where import_id = ?', [id]);
}

/** What became of the items after a position, in their order. */
export async function listItems(
  db: Db,
  id: string,
  page: { readonly first: number; readonly after: number },
): Promise<{ position: number; body: string }[]> {
  return runSql(
    db,
    'select position, body from import_item where import_id = ? and position > ? order by position limit ?',
    [id, page.after, page.first],
  );
}

/**
 * A second connection to the same file, so that a long transaction on it keeps nobody from reading; undefined for a
 * store in memory, which has one connection only. Close it after use.
 */
export async function openBeside(db: Db): Promise<Db | undefined> {
  const file = await databaseFile(db);
  return file === undefined ? undefined : openStore(`sqlite:${file}`);
}

/**
 * A copy of a store as it stands, in a file of its own that must not be there yet: what is tried out there keeps
 * nobody from writing. Undefined for a store in memory. Close it and remove the file after use.
 */
export async function openCopy(db: Db, path: string): Promise<Db | undefined> {
  const file = await databaseFile(db);
  if (file === undefined) return undefined;
  await copyPages(file, path, () => undefined);
  return openStore(`sqlite:${path}`);
}
