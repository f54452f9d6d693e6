/**
 * A reader thread: the same application over the same file, to be read only, which answers one request at a time for
 * the main thread. It decides everything again, by the same rules, and says what it would have said there.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { InjectOptions } from 'fastify';
import type { AskedElsewhere, SaidElsewhere } from './api/admission/readers.js';
import { buildApp, type ReaderOrder } from './app.js';
import { openToRead } from './store/engine/open.js';

if (parentPort) {
  // Only app.ts starts this file, with an order.
  await answerRequests(parentPort, workerData as ReaderOrder);
}

async function answerRequests(port: MessagePort, { file, level, options }: ReaderOrder): Promise<void> {
  const say = (said: SaidElsewhere, moved: ArrayBuffer[] = []) => port.postMessage(said, moved);
  let now = new Date();
  const db = openToRead(file);
  const stream = { write: (line: string) => say({ said: 'line', line }) };
  const app = await buildApp({ ...options, db, role: 'reader', clock: () => now, logger: { level, stream } });
  port.on('message', async (asked: AskedElsewhere) => {
    const begun = performance.now();
    now = new Date(asked.now);
    const { url, headers, remoteAddress, body } = asked;
    // What came over HTTP had one of its methods.
    const method = asked.method as NonNullable<InjectOptions['method']>;
    const sent = { method, url, headers, remoteAddress, ...(body !== undefined && { payload: body }) };
    const answer = await app.inject(sent);
    // Copied into memory of its own, which is moved and not copied again.
    const payload = new Uint8Array(answer.rawPayload);
    const took = performance.now() - begun;
    say({ said: 'answer', status: answer.statusCode, headers: answer.headers, payload, took }, [payload.buffer]);
  });
  say({ said: 'ready' });
}
