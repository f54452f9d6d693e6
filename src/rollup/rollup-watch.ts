/** Holds the kept rollups to their reports now and then, in a thread of its own, so that nobody waits for it. */
import type { Worker } from 'node:worker_threads';
import type { Db } from '../store/engine/schema.js';
import { databaseFile } from '../store/engine/store.js';
import { type Answer, nextMessage, startThread, valueIn, workerFile } from '../worker.js';
import type { CheckOrder } from './rollup-check-worker.js';

/** What a check came to. */
export interface RollupCheck {
  readonly at: Date;
  /** Figures in which a kept rollup was not the sum of its reports. */
  readonly differences: number;
}

/** When to check, and what to do with the outcome. */
export interface RollupWatch {
  readonly everyMs: number;
  readonly clock: () => Date;
  readonly onChecked: (check: RollupCheck) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Checks again and again until the function it returns is called. A store in memory is left alone: it has one
 * connection, and dies with its process.
 */
export async function watchRollups(db: Db, watch: RollupWatch): Promise<() => Promise<void>> {
  const file = databaseFile(db);
  if (file === undefined) return async () => {};
  let worker: Worker | undefined;
  let stopping = false;
  const timer = setInterval(() => {
    // One that takes longer than the pause between them is not joined by another.
    if (worker) return;
    const order: CheckOrder = { file };
    worker = startThread(workerFile('rollup-check-worker', import.meta.url), order);
    worker.unref();
    worker.once('exit', () => {
      worker = undefined;
    });
    answerOf(worker).then(
      (differences) => watch.onChecked({ at: watch.clock(), differences }),
      // One that is stopped with its process is no failure.
      (error) => stopping || watch.onFailed(error),
    );
  }, watch.everyMs).unref();
  return async () => {
    stopping = true;
    clearInterval(timer);
    await worker?.terminate();
  };
}

async function answerOf(worker: Worker): Promise<number> {
  const answer = await nextMessage<Answer<number>>(worker, () => new Error('the rollup check ended without an answer'));
  return valueIn(answer, 'the rollup check');
}
