/** The other end of rollup-watch.ts: checks a snapshot of the store, says what it found, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSnapshot } from '../store/engine/open.js';
import { compareRollups } from '../store/rollup/rollup-check.js';

/** What the thread is started with. */
export interface CheckOrder {
  readonly file: string;
}

/** What the thread sends, once. */
export interface CheckMessage {
  readonly differences: number;
}

if (parentPort) {
  // Only rollup-watch.ts starts this file, with an order.
  const { file } = workerData as CheckOrder;
  const db = openSnapshot(file);
  const message: CheckMessage = { differences: (await compareRollups(db)).length };
  await db.destroy();
  parentPort.postMessage(message);
}
