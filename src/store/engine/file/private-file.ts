/** Files for the eyes of their owner only: what was not accepted yet is in them. */
import { accessSync, chmodSync, chownSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Label } from '../../../words.js';

/** The mode of every file that holds the store or a copy of it, and of a folder that is made for them. */
export const fileMode = 0o600;
const folderMode = 0o700;

const others = 0o077;

/** What SQLite keeps beside the file of a database. */
export const suffixesBeside: readonly string[] = ['-wal', '-shm', '-journal'];

/**
 * Makes the folder of a file, and those above it, where there are none. One that is there is left as it is. Throws
 * what the system throws.
 */
export function makeFolderOf(path: string): void {
  const missing: string[] = [];
  // By hand: where a folder can never be made, as below /proc, `mkdir` with `recursive` does not come to an end.
  for (let folder = dirname(path); !statSync(folder, { throwIfNoEntry: false }); folder = dirname(folder)) {
    missing.unshift(folder);
  }
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: folderMode });
    } catch (error) {
      // Another process that starts at the same time.
      if (!isThere(error)) throw error;
    }
  }
}

/**
 * Makes an empty file that only its owner reads; one that is there is left as it is. Made by root it belongs to the owner
 * of its folder, so that a command run as root beside a server leaves nothing that the server cannot open.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL, fileMode));
  } catch (error) {
    if (isThere(error)) return;
    throw error;
  }
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** Throws what the system throws when a file, or the folder that takes its log, cannot be written. */
export function requireWritable(path: string): void {
  accessSync(path, constants.R_OK | constants.W_OK);
  accessSync(dirname(path), constants.W_OK | constants.X_OK);
}

/**
 * Takes from a database, and from what lies beside it, what others may do with them. Returns what is to be told of
 * it: that it was done, or that this user cannot.
 */
export function tighten(path: string): readonly Label[] {
  const open = ['', ...suffixesBeside].map((suffix) => path + suffix).filter(isOpenToOthers);
  if (open.length === 0) return [];
  const names = open.join(', ');
  try {
    for (const file of open) chmodSync(file, fileMode);
    return [{ zh: `已改为仅所有者可读写：${names}`, en: `Only the owner may read and write ${names} from now on.` }];
  } catch {
    return [
      {
        zh: `其他用户可读写，且无权更改：${names}`,
        en: `Other users may read or write ${names}, and this user cannot change that.`,
      },
    ];
  }
}

function isOpenToOthers(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & others) !== 0;
}
