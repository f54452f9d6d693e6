/** One server at a time for a database: a lock that the system itself lets go of when the process ends, however it ends. */
import { hostname } from 'node:os';
import Sqlite from 'better-sqlite3';
import { makePrivateFile } from './private-file.js';
import { cannotOpen, reasonOf, refusal } from './refusal.js';

/** A server: its process, its machine or container, and since when it runs. */
export interface ServerMark {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** The mark of this process. */
export function markOf(now: Date): ServerMark {
  return { pid: process.pid, host: hostname(), since: now.toISOString() };
}

/** The file that is locked, beside the database. It stays when a server ends: to remove it would let two in. */
export function serverLockPath(database: string): string {
  return `${database}-server`;
}

/**
 * Takes the place of the server of a database; the function it returns leaves it. Throws a refusal that names the
 * server that has it.
 */
export function takeServerPlace(database: string, mark: ServerMark): () => void {
  const path = serverLockPath(database);
  makePrivateFile(path);
  const sqlite = openLock(path);
  try {
    hold(sqlite, mark);
    return () => sqlite.close();
  } catch (error) {
    const busy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
    const other = readMark(sqlite);
    sqlite.close();
    throw busy ? served(database, other) : cannotLock(path, error);
  }
}

function openLock(path: string): Sqlite.Database {
  try {
    return new Sqlite(path, { timeout: 0 });
  } catch (error) {
    throw cannotLock(path, error);
  }
}

/** More servers than would ever start between two steps of one: what is there is no lock of ours. */
const maxAttempts = 100;

/** Writes the mark, and holds the lock that others find taken while they can read the mark. */
function hold(sqlite: Sqlite.Database, mark: ServerMark): void {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    sqlite.exec('begin immediate');
    const written = writeMark(sqlite, mark);
    sqlite.exec('begin immediate');
    // Between the two another may have come in; it finds the lock taken now, and its mark is written over.
    if (!written || isSame(readMark(sqlite), mark)) return;
    sqlite.exec('rollback');
  }
  throw new Error('the mark of the server is not kept as it is written');
}

/** Commits the mark and says whether it is kept: without room for it, the lock is held all the same and names nobody. */
function writeMark(sqlite: Sqlite.Database, { pid, host, since }: ServerMark): boolean {
  try {
    sqlite.exec('create table if not exists server (pid integer not null, host text not null, since text not null)');
    sqlite.exec('delete from server');
    sqlite.prepare('insert into server values (?, ?, ?)').run(pid, host, since);
    sqlite.exec('commit');
    return true;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw error;
    if (sqlite.inTransaction) sqlite.exec('rollback');
    return false;
  }
}

function isSame(one: ServerMark | undefined, other: ServerMark): boolean {
  return one?.pid === other.pid && one.host === other.host && one.since === other.since;
}

/** The mark that was committed last; undefined where there is none to be read. */
function readMark(sqlite: Sqlite.Database): ServerMark | undefined {
  try {
    // The columns are those of `writeMark`.
    return sqlite.prepare('select pid, host, since from server').get() as ServerMark | undefined;
  } catch {
    return undefined;
  }
}

function cannotLock(path: string, error: unknown): Error {
  const said = error instanceof Error ? error.message : String(error);
  const { zh, en } = reasonOf(error) ?? { zh: said, en: said };
  return cannotOpen(
    {
      zh: `服务的锁文件 ${path} 无法使用：${zh}。没有服务在运行时可以删除它。`,
      en: `The lock of the server, ${path}, cannot be used: ${en}. It can be removed while no server runs.`,
    },
    error,
  );
}

function served(database: string, mark: ServerMark | undefined): Error {
  const who = mark && {
    zh: `（进程 ${mark.pid}，主机 ${mark.host}，自 ${mark.since}）`,
    en: ` (process ${mark.pid} on ${mark.host}, since ${mark.since})`,
  };
  return refusal({
    zh: `已有另一服务正在使用 ${database}${who?.zh ?? ''}。请先停止该服务，或使用其他数据库。`,
    en: `Another server${who?.en ?? ''} serves ${database}. Stop it first, or use another database.`,
  });
}
