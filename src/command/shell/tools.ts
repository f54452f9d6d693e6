/** What every command works with, and the ways to the database. */
import { existsSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Random } from '../../access/secret.js';
import type { Config } from '../../config.js';
import { recheckDue } from '../../report/recheck.js';
import { cannotOpen } from '../../store/engine/file/refusal.js';
import { databasePath, openStore, type StoreOptions } from '../../store/engine/open.js';
import type { Db } from '../../store/engine/schema.js';
import { notesOf } from '../../store/engine/store.js';
import { inBoth } from '../../words.js';
import { type Terminal, tell } from './terminal.js';

/** What every command works with. */
export interface Tools {
  readonly terminal: Terminal;
  readonly clock: () => Date;
  readonly random: Random;
  /** The environment; `otherwise` is for the variables that are not set. Ends the process where one is at fault. */
  readonly readEnvironment: (otherwise?: Readonly<Record<string, string>>) => Config;
  /** The application, ready to listen. */
  readonly buildApp: (db: Db, config: Config) => Promise<FastifyInstance>;
  /** Sets the exit code of a command that was done, when it is not 0. */
  readonly endWith: (code: number) => void;
}

/** Opens the database that is configured, with the findings of this version, and tells what is to be known of its file. */
export async function openTold({ terminal }: Tools, config: Config, options: StoreOptions = {}): Promise<Db> {
  const db = await openStore(config.databaseUrl, {
    network: config.networkStorage,
    auditDigest: config.auditDigest,
    documents: config.keepDocuments,
    ...options,
  });
  for (const note of notesOf(db)) tell(terminal, note);
  await recheckDue(db);
  return db;
}

/** Opens the database for a piece of work, migrated, and closes it after. */
export async function withStore(tools: Tools, work: (db: Db, config: Config) => Promise<void> | void): Promise<void> {
  const config = tools.readEnvironment();
  const db = await openTold(tools, config);
  try {
    await work(db, config);
  } finally {
    await db.destroy();
  }
}

/** The same for what reads or checks: it makes no database, so that a mistyped path does not answer that all is well. */
export async function withExistingStore(tools: Tools, work: (db: Db) => Promise<void> | void): Promise<void> {
  requireThere(databasePath(tools.readEnvironment().databaseUrl));
  await withStore(tools, work);
}

function requireThere(path: string): void {
  if (path === ':memory:' || existsSync(path)) return;
  throw cannotOpen({ zh: `没有数据库 ${path}。`, en: `There is no database at ${path}.` });
}

/** The same for what can be done without a database as well; then there is none, and a line says so. */
export async function withStoreIfThere(tools: Tools, work: (db: Db | undefined) => Promise<void>): Promise<void> {
  const path = databasePath(tools.readEnvironment().databaseUrl);
  if (path !== ':memory:' && existsSync(path)) return withStore(tools, work);
  tell(tools.terminal, {
    zh: `没有数据库 ${path}，未查名录。`,
    en: `There is no database at ${path}: the agency is not looked up.`,
  });
  await work(undefined);
}

/** The file of the database that the environment names. Throws where that is memory. */
export function databaseFileOf(tools: Tools): string {
  const path = databasePath(tools.readEnvironment().databaseUrl);
  if (path !== ':memory:') return path;
  throw new Error(inBoth({ zh: '内存数据库不是文件。', en: 'DATABASE_URL names memory, not a file.' }));
}

/** The same, of a database that is there. */
export function existingDatabaseOf(tools: Tools): string {
  const path = databaseFileOf(tools);
  requireThere(path);
  return path;
}
