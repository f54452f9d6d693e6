/** Whose database a file is: told by the number in its header and by its tables, before anything in it is changed. */
import { closeSync, existsSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Label } from '../../../words.js';
import { cannotOpen, openingFailure, refusal } from './refusal.js';

/** Kept in the header of every database of this program, as SQLite's `application_id`: the letters XBao. */
export const applicationId = 0x5842616f;

/** How a file of SQLite begins, and where in it the number of its application is. */
const magic = 'SQLite format 3\0';
const headerBytes = 100;
const applicationIdAt = 68;

/** The migrator's own tables; a kill at the very beginning leaves them and nothing else. */
const bookkeeping: readonly string[] = ['kysely_migration', 'kysely_migration_lock'];

/** Tables of the first schema by which a database of this program is known that has no number yet. */
const ownTables: readonly string[] = ['kysely_migration', 'agency_state', 'rollup_blank'];

/** What a file is that may be opened: not there, there without a table, or a database of this program. */
export type FileState = 'missing' | 'empty' | 'own';

/** What else can be found at a path. */
type Obstacle = 'foreign' | 'damaged' | 'no-database' | 'folder' | 'special' | 'misnamed';

/** Why nothing is opened there, and nothing changed. */
const obstacles: Readonly<Record<Obstacle, Label>> = {
  foreign: {
    zh: '是其他程序的数据库，未作任何改动。请检查 DATABASE_URL。',
    en: 'is the database of another application and is left as it is. Check DATABASE_URL.',
  },
  damaged: {
    zh: '已损坏，无法读取，未作任何改动。请恢复备份。',
    en: 'is damaged, cannot be read, and is left as it is. Restore a backup.',
  },
  'no-database': {
    zh: '不是数据库文件，未作任何改动。请检查 DATABASE_URL。',
    en: 'is not a database and is left as it is. Check DATABASE_URL.',
  },
  folder: { zh: '是文件夹，不是数据库文件。', en: 'is a folder, not the file of a database.' },
  special: { zh: '不是普通文件。', en: 'is not a regular file.' },
  misnamed: {
    zh: '首尾有空白或含控制字符，不能作数据库的文件名。',
    en: 'begins or ends with a blank or holds a control character, and cannot name the file of a database.',
  },
};

/**
 * What a file is, without a change to it. Throws a refusal for the database of another application and for what is no
 * database, an error for what is damaged or no file, both with the path; and what the system throws where it cannot be
 * read.
 */
export function requireOwnFile(path: string): FileState {
  return requireState(path, stateOf(path));
}

/** The same for a file that a backup takes the place of: it may be damaged beyond knowing what it was. */
export function requireReplaceable(path: string): void {
  const state = stateOf(path);
  if (state !== 'damaged' && state !== 'no-database') requireState(path, state);
}

/** Throws a refusal for the database of another application, and for nothing else: what is damaged is looked into. */
export function refuseForeign(path: string): void {
  const state = stateOf(path);
  if (state === 'foreign') requireState(path, state);
}

/** Throws, before anything is made, for a path that cannot name the file of a database. */
export function requireNamed(path: string): void {
  if (isMisnamed(path)) requireState(path, 'misnamed');
}

/** The driver cuts blanks off: what is made and locked by such a name would be opened by another. */
function isMisnamed(path: string): boolean {
  return path !== path.trim() || /\p{Cc}/u.test(path);
}

function requireState(path: string, state: FileState | Obstacle): FileState {
  if (state === 'missing' || state === 'empty' || state === 'own') return state;
  const { zh, en } = obstacles[state];
  const named = state === 'misnamed' ? JSON.stringify(path) : path;
  const message = { zh: `${named} ${zh}`, en: `${named} ${en}` };
  throw state === 'foreign' || state === 'no-database' ? refusal(message) : cannotOpen(message);
}

function stateOf(path: string): FileState | Obstacle {
  if (isMisnamed(path)) return 'misnamed';
  const stat = statOf(path);
  if (!stat) return 'missing';
  if (!stat.isFile()) return stat.isDirectory() ? 'folder' : 'special';
  if (stat.size === 0) return 'empty';
  const id = idInHeader(path);
  if (id === undefined) return 'no-database';
  if (id !== 0 && id !== applicationId) return 'foreign';
  // To be read only, SQLite leaves a log beside a file that can have one; opened to be written it clears it away again,
  // and would take back a log that was there.
  return look(path, id === applicationId || existsSync(`${path}-wal`));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw openingFailure(path, error);
  }
}

function look(path: string, readonly: boolean): FileState | Obstacle {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(path, { readonly, fileMustExist: true, timeout: 5 });
    return stateByTables(sqlite);
  } catch (error) {
    const code = error instanceof Sqlite.SqliteError ? error.code : '';
    // What a crash left half undone can only be read once it is undone; who opens it to be written looks again.
    if (/^SQLITE_(?:READONLY|CANTOPEN)/.test(code)) return 'own';
    if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return 'damaged';
    throw error;
  } finally {
    sqlite?.close();
  }
}

function stateByTables(sqlite: Sqlite.Database): FileState | Obstacle {
  const tables = sqlite.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
  if (tables.every((name) => bookkeeping.includes(String(name)))) return 'empty';
  return ownTables.every((name) => tables.includes(name)) ? 'own' : 'foreign';
}

/** The same for an open file, by its tables alone. */
export function requireOwnTables(path: string, sqlite: Sqlite.Database): FileState {
  return requireState(path, stateByTables(sqlite));
}

/** Writes this program's number into the header of an open file that has none. */
export function markAsOwn(sqlite: Sqlite.Database): void {
  if (sqlite.pragma('application_id', { simple: true }) !== 0) return;
  try {
    sqlite.pragma(`application_id = ${applicationId}`);
  } catch (error) {
    // A process of an earlier version is writing: the file is known by its tables, and marked at the next opening.
    if (!(error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
  }
}

/** The number of the application in the header of a file; undefined where it has no header of SQLite. */
function idInHeader(path: string): number | undefined {
  const header = Buffer.alloc(headerBytes);
  const descriptor = openSync(path, 'r');
  try {
    const read = readSync(descriptor, header, 0, headerBytes, 0);
    const isSqlite = read === headerBytes && header.toString('latin1', 0, magic.length) === magic;
    return isSqlite ? header.readUInt32BE(applicationIdAt) : undefined;
  } finally {
    closeSync(descriptor);
  }
}
