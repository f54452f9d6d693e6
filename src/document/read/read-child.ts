/** The other end of read-in-child.ts: answers every document it is sent with its reading, or with why it has none. */
import { type Answer, answerWith } from '../../worker.js';
import { type DocumentHint, type DocumentReading, readDocument } from './read-document.js';

/** A document sent to the child. */
export interface ReadRequest {
  readonly bytes: Uint8Array;
  readonly hint: DocumentHint;
}

// Only where there is a parent to answer.
if (process.send) answerParent(process.send.bind(process));

/** Says that it is ready, then answers one document after the other until the parent is gone. */
function answerParent(send: (message: Answer<DocumentReading> | 'ready') => void): void {
  process.on('message', ({ bytes, hint }: ReadRequest) => void answerWith(() => readDocument(bytes, hint)).then(send));
  process.on('disconnect', () => process.exit(0));
  send('ready');
}
