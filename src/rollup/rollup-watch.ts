/** Holds the kept rollups to their reports now and then, in a thread of its own, so that nobody waits for it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Db } from '../store/engine/schema.js';
import { databaseFile } from '../store/engine/store.js';
import type { CheckMessage, CheckOrder } from './rollup-check-worker.js';

/** What a check came to. */
export interface RollupCheck {
  readonly at: Date;
  /** Figures in which a kept rollup was not the sum of its reports. */
  readonly differences: number;
}

/** When to check, and who is told. */
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
  const timer = setInterval(() => {
    // One that takes longer than the pause between them is not joined by another.
    if (worker) return;
    worker = startCheck(file, watch, () => {
      worker = undefined;
    });
  }, watch.everyMs).unref();
  return async () => {
    clearInterval(timer);
    await worker?.terminate();
  };
}

const entry = new URL(`./rollup-check-worker${extname(import.meta.url)}`, import.meta.url);

function startCheck(file: string, { clock, onChecked, onFailed }: RollupWatch, onEnded: () => void): Worker {
  const order: CheckOrder = { file };
  const worker = new Worker(entry, {
    workerData: order,
    // Options of the process, a debugger's say, are not for the worker; only source needs the loader it was started with.
    execArgv: entry.pathname.endsWith('.ts') ? process.execArgv : [],
  });
  worker.unref();
  worker.once('message', ({ differences }: CheckMessage) => onChecked({ at: clock(), differences }));
  worker.once('error', onFailed);
  worker.once('exit', onEnded);
  return worker;
}
