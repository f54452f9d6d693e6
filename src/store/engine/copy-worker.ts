/** The other end of `openCopy`: copies a database in a thread, where its last step, which waits for the disk, holds nobody up. */
import { parentPort, workerData } from 'node:worker_threads';
import { answerWith } from '../../worker.js';
import { copyPages } from './backup.js';

/** What the thread is started with. */
export interface CopyOrder {
  readonly file: string;
  /** Where the copy is to be; nothing is there yet. */
  readonly path: string;
}

// Only open.ts starts this file, with an order.
if (parentPort) parentPort.postMessage(await answerWith(() => copy(workerData as CopyOrder)));

async function copy({ file, path }: CopyOrder): Promise<null> {
  await copyPages(file, path, () => undefined);
  return null;
}
