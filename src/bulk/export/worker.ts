/**
 * The other end of run.ts, in a thread of its own: opens a snapshot of the store, answers whether the export can be
 * made, and then answers each request with a piece of the file, null at its end. Ends when it is stopped or done.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openSnapshot } from '../../store/engine/open.js';
import type { Db } from '../../store/engine/schema.js';
import { type Answer, answerWith } from '../../worker.js';
import { type ExportRequest, openExport } from './export.js';

/** What the thread is started with. */
export interface ExportOrder {
  readonly file: string;
  readonly request: ExportRequest;
  readonly rowsAtOnce: number;
}

if (parentPort) {
  // Only run.ts starts this file, with an order.
  await runExport(parentPort, workerData as ExportOrder);
  parentPort.close();
}

async function runExport(port: MessagePort, order: ExportOrder): Promise<void> {
  const send = (answer: Answer<'opened' | Uint8Array | null>) => port.postMessage(answer);
  const asked = countRequests(port);
  const opened = await answerWith(() => openPieces(order));
  if ('failure' in opened) return send(opened);
  send({ value: 'opened' });
  for (;;) {
    const piece = await answerWith(async () => (await opened.value.next()).value ?? null);
    // A failure is an answer too: it waits for the request that it answers.
    await asked();
    send(piece);
    if ('failure' in piece || piece.value === null) return;
  }
}

async function openPieces({ file, request, rowsAtOnce }: ExportOrder): Promise<AsyncGenerator<Uint8Array, undefined>> {
  const db = openSnapshot(file);
  const made = await openExport(db, request, { rowsAtOnce });
  return piecesOf(made.write(), db);
}

async function* piecesOf(pieces: AsyncIterable<Uint8Array>, db: Db): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* pieces;
  } finally {
    await db.destroy();
  }
}

/** Counts the requests that come in; the function it returns waits for the next one that was not yet answered. */
function countRequests(port: MessagePort): () => Promise<void> {
  let open = 0;
  let wake = () => {};
  port.on('message', () => {
    open++;
    wake();
  });
  return async () => {
    while (open === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    open--;
  };
}
