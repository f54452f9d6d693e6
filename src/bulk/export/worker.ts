/**
 * The other end of export-run.ts, in a thread of its own: opens a snapshot of the store, says whether the export
 * can be made, and then sends one piece of the file each time it is asked. Ends when it is told to or is done.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { toProblem } from '../../problem.js';
import { openSnapshot } from '../../store/engine/open.js';
import type { Label } from '../../words.js';
import { type ExportRequest, openExport } from './export.js';

/** What the thread is started with. */
export interface WorkerOrder {
  readonly file: string;
  readonly request: ExportRequest;
  readonly rowsAtOnce: number;
}

/** What the thread sends: first `opened` or `refused`, then a piece, or null at the end, for every request. */
export type WorkerMessage =
  | { readonly opened: true }
  | {
      readonly refused: {
        readonly kind: string;
        readonly detail: Label;
        readonly members: Readonly<Record<string, unknown>>;
        /** For the log, where the failure is ours. */
        readonly stack: string;
      };
    }
  | { readonly piece: Uint8Array | null };

if (parentPort) {
  // Only export-run.ts starts this file, with an order.
  const { file, request, rowsAtOnce } = workerData as WorkerOrder;
  const port = parentPort;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const asked = requests(port);
  let opened = false;
  try {
    const db = openSnapshot(file);
    const made = await openExport(db, request, { rowsAtOnce });
    send({ opened: true });
    opened = true;
    for await (const piece of made.write()) {
      await asked();
      send({ piece });
    }
    await asked();
    send({ piece: null });
    await db.destroy();
  } catch (error) {
    const { kind, detail, members } = toProblem(error);
    // Once it is open, only who has asked listens.
    if (opened) await asked();
    send({ refused: { kind, detail, members, stack: error instanceof Error ? (error.stack ?? '') : '' } });
  }
  port.close();
}

/** Counts the requests that come in; the function it returns waits for the next one that was not yet answered. */
function requests(port: NonNullable<typeof parentPort>): () => Promise<void> {
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
