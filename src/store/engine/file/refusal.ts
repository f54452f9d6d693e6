/** Why the file of a database is not opened, told in both languages with its path. */
import Sqlite from 'better-sqlite3';
import { inBoth, type Label } from '../../../words.js';

/** The names by which what was found out here is known: a refusal, and what cannot be done. */
const refusalName = 'DatabaseRefused';
const impossibleName = 'DatabaseNotOpened';

/** A database that is not opened because of what it is, where it lies or who has it: nothing failed, nothing was changed. */
export function refusal(message: Label): Error {
  return Object.assign(new Error(inBoth(message)), { name: refusalName });
}

/** A database that cannot be opened as it is. */
export function cannotOpen(message: Label, cause?: unknown): Error {
  return Object.assign(new Error(inBoth(message), { cause }), { name: impossibleName });
}

/** Whether an error says already, with the path, why a database is not opened. */
export function isTold(error: unknown): boolean {
  return isRefusal(error) || (error instanceof Error && error.name === impossibleName);
}

/** Whether an error is a refusal. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === refusalName;
}

/** What the system's and the database's own codes mean to whoever runs the machine. */
const reasons: Readonly<Record<string, Label>> = {
  ENOENT: { zh: '文件或文件夹不存在', en: 'there is no such file or folder' },
  EACCES: { zh: '没有权限', en: 'this user has no permission' },
  EPERM: { zh: '没有权限', en: 'this user has no permission' },
  ENOTDIR: { zh: '路径中有一段是文件而不是文件夹', en: 'a part of the path is a file, not a folder' },
  EISDIR: { zh: '是文件夹而不是文件', en: 'it is a folder, not a file' },
  EEXIST: { zh: '已存在', en: 'it is there already' },
  EROFS: { zh: '文件系统只读', en: 'the file system is read-only' },
  ENOSPC: { zh: '磁盘已满', en: 'the disk is full' },
  EFBIG: { zh: '超出文件大小限制', en: 'the limit on the size of a file is reached' },
  EDQUOT: { zh: '磁盘配额已用完', en: 'the quota of the disk is used up' },
  ENAMETOOLONG: { zh: '路径过长', en: 'the path is too long' },
  ELOOP: { zh: '符号链接成环', en: 'its links lead in a circle' },
  EMFILE: { zh: '打开的文件过多', en: 'too many files are open' },
  ENFILE: { zh: '打开的文件过多', en: 'too many files are open' },
  EIO: { zh: '磁盘读写出错', en: 'the disk fails' },
  EADDRINUSE: { zh: '地址已被占用', en: 'another program listens there' },
  EADDRNOTAVAIL: { zh: '本机没有该地址', en: 'this machine has no such address' },
  ENOTFOUND: { zh: '主机名无法解析', en: 'the host name is not known' },
  SQLITE_NOTADB: { zh: '不是数据库文件', en: 'it is not a database' },
  SQLITE_CORRUPT: { zh: '数据库已损坏', en: 'the database is damaged' },
  SQLITE_BUSY: { zh: '被另一进程占用', en: 'another process holds it' },
  SQLITE_LOCKED: { zh: '被另一进程占用', en: 'another process holds it' },
  SQLITE_FULL: { zh: '磁盘已满', en: 'the disk is full' },
  SQLITE_IOERR: { zh: '磁盘读写出错', en: 'the disk fails' },
  SQLITE_READONLY: { zh: '不可写', en: 'it cannot be written' },
  SQLITE_CANTOPEN: { zh: '无法打开', en: 'it cannot be opened' },
};

/** Why an operation on a file, an address or a database failed; undefined for an error that is none of these. */
export function reasonOf(error: unknown): Label | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const main = error instanceof Sqlite.SqliteError ? (/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code) : code;
  return reasons[main] ?? { zh: code, en: code };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What kept a database from being opened, with its path and the reason, if it does not say so already. */
export function openingFailure(path: string, error: unknown): unknown {
  if (isTold(error)) return error;
  const said = error instanceof Error ? error.message : String(error);
  const { zh, en } = reasonOf(error) ?? { zh: said, en: said };
  return cannotOpen(
    { zh: `无法打开数据库 ${path}：${zh}。`, en: `The database ${path} cannot be opened: ${en}.` },
    error,
  );
}
