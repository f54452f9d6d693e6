/** The other end of rollup-watch.ts: checks a snapshot of the store, answers how many figures differ, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSnapshot } from '../store/engine/open.js';
import { compareRollups } from '../store/rollup/rollup-check.js';
import { answerWith } from '../worker.js';

/** What the thread is started with. */
export interface CheckOrder {
  readonly file: string;
}

// Only rollup-watch.ts starts this file, with an order.
if (parentPort) parentPort.postMessage(await answerWith(() => countDifferences(workerData as CheckOrder)));

async function countDifferences({ file }: CheckOrder): Promise<number> {
  const db = openSnapshot(file);
  try {
    return (await compareRollups(db)).length;
  } finally {
    await db.destroy();
  }
}
