/** The other end of read-in-child.ts: answers every document it is sent with its reading, or with why it has none. */
import { toProblem } from '../../problem.js';
import type { Label } from '../../words.js';
import { type DocumentHint, type DocumentReading, readDocument } from './read-document.js';

/** A document sent to the child. */
export interface ReadRequest {
  readonly bytes: Uint8Array;
  readonly hint: DocumentHint;
}

/** The child's answer: one of the two. A failure of our own says so, with its stack for the log. */
export type ReadAnswer =
  | { readonly reading: DocumentReading }
  | {
      readonly kind: string;
      readonly detail: Label;
      readonly members: Readonly<Record<string, unknown>>;
      readonly stack: string;
    };

// Only where there is a parent to answer.
if (process.send) answerParent(process.send.bind(process));

/** Says that it is ready, then answers one document after the other until the parent is gone. */
function answerParent(send: (message: ReadAnswer | 'ready') => void): void {
  process.on('message', (request: ReadRequest) => void answer(request).then(send));
  process.on('disconnect', () => process.exit(0));
  send('ready');
}

async function answer({ bytes, hint }: ReadRequest): Promise<ReadAnswer> {
  try {
    return { reading: await readDocument(bytes, hint) };
  } catch (error) {
    const { kind, detail, members } = toProblem(error);
    return { kind, detail, members, stack: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}
