/** The other end of read-in-child.ts: answers every document it is sent with its reading, or with why it has none. */

import { getHeapStatistics } from 'node:v8';
import { type Answer, answerWith } from '../../worker.js';
import { type DocumentHint, type DocumentReading, loadReaderOf, readDocument } from './read-document.js';
import { watchMemory } from './watch-memory.js';

/** A document sent to the child. */
export interface ReadRequest {
  readonly bytes: Uint8Array;
  readonly hint: DocumentHint;
}

/** The memory that a child may take beside its heap: a reader of PDF is 100 MB of code and buffers. */
const megabytesBeside = 300;

// Only where there is a parent to answer.
if (process.send) answerParent(process.send.bind(process));

/**
 * Says that it is ready, then answers one document after the other until the parent is gone, and says of each when it
 * begins to read it.
 */
function answerParent(send: (message: Answer<DocumentReading> | 'ready' | 'begun') => void): void {
  const read = async ({ bytes, hint }: ReadRequest) => {
    await loadReaderOf(bytes, hint);
    send('begun');
    return readDocument(bytes, hint);
  };
  process.on('message', (request: ReadRequest) => void answerWith(() => read(request)).then(send));
  process.on('disconnect', () => process.exit(0));
  watchMemory(getHeapStatistics().heap_size_limit / 1_048_576 + megabytesBeside);
  send('ready');
}
