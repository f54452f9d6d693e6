/** What the database's own errors mean: the one place that knows their codes. */
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { Problem, storageFull, storageUnavailable } from '../../problem.js';

/**
 * An error of the database as the `Problem` it is, with the error as its `cause`: `busy`, `storage-full` or
 * `storage-unavailable`. Any other error is returned as it is.
 */
export function asProblem(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const problem = problemOf(error.code);
  return problem ? Object.assign(problem, { cause: error }) : error;
}

function problemOf(code: string): Problem | undefined {
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return new Problem('busy', {
      zh: '数据库被占用，请稍后重试。',
      en: 'Another process holds the database. Try again shortly.',
    });
  }
  if (code === 'SQLITE_FULL') return storageFull();
  // A limit on the size of a file, and a disk that fails, come as an error of input or output.
  return /^SQLITE_(?:IOERR|READONLY|CANTOPEN)/.test(code) ? storageUnavailable() : undefined;
}

/** Whether an error says that another process holds the database. */
export function isBusy(error: unknown): boolean {
  const problem = asProblem(error);
  return problem instanceof Problem && problem.kind === 'busy';
}

/** How long to pause between two attempts, and when to give up. */
export interface Patience {
  readonly pauseMs: number;
  /** Asked after each attempt that found the database busy; true gives up. */
  readonly until: (error: unknown) => boolean;
}

/** Repeats a piece of work while another process holds the database. Throws what it throws, `busy` when it gives up. */
export async function retryWhileBusy<T>(work: () => Promise<T>, { pauseMs, until }: Patience): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || until(error)) throw error;
      await sleep(pauseMs);
    }
  }
}
