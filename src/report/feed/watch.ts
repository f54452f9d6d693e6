/** Waiting for a change: one look at the end of the feed for all who wait, whichever process wrote it. */
import { lastChange } from '../../store/changes.js';
import type { Db } from '../../store/engine/schema.js';

/** Milliseconds between two looks; each is one row, and none is made while nobody waits. */
const pauseMs = 250;

/** Who waits for a change. */
export interface ChangeWatch {
  /** Resolves when there is a change after a number, or when the signal says to wait no longer. */
  readonly changeAfter: (number: number, ended: AbortSignal) => Promise<void>;
}

interface Waiter {
  readonly number: number;
  readonly wake: () => void;
}

/** Watches the feed of a store while somebody waits; holds no connection and no transaction meanwhile. */
export function watchChanges(db: Db): ChangeWatch {
  const waiters = new Set<Waiter>();
  let watching = false;
  const look = async () => {
    // Who waits meets the failure of the store in reading what has changed.
    const last = await lastChange(db).catch(() => Number.POSITIVE_INFINITY);
    for (const { number, wake } of [...waiters]) if (last > number) wake();
    watching = waiters.size > 0;
    if (watching) setTimeout(look, pauseMs);
  };
  const changeAfter = (number: number, ended: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (ended.aborted) return resolve();
      const wake = () => {
        waiters.delete(waiter);
        ended.removeEventListener('abort', wake);
        resolve();
      };
      const waiter = { number, wake };
      ended.addEventListener('abort', wake, { once: true });
      waiters.add(waiter);
      if (!watching) setTimeout(look, pauseMs);
      watching = true;
    });
  return { changeAfter };
}
