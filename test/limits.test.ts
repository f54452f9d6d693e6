/** Nothing takes the service down: slow connections, many connections, many requests, full queues, large caches. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import t from 'tap';
import { registerConnections } from '../src/api/connections.js';
import { buildApp } from '../src/app.js';
import { clock, filingBody, openTestStore } from './builders.js';

type Test = { teardown: (end: () => unknown) => unknown };
type Options = Partial<Parameters<typeof buildApp>[0]>;

async function openApp(t: Test, options: Options = {}) {
  const db = await openTestStore();
  const app = await buildApp({ db, clock, logger: false, ...options });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  return { app, db };
}

async function listen(t: Test, options: Options = {}) {
  const { app, db } = await openApp(t, options);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return { app, db, port: address.port };
}

/** A connection of a client that does as it likes; all that it was told, and after how many seconds it was cut. */
async function dial(port: number) {
  const socket = connect({ port, host: '127.0.0.1' });
  const begun = performance.now();
  let told = '';
  socket.on('data', (chunk) => {
    told += chunk;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(() => ({ told, seconds: (performance.now() - begun) / 1000 }));
  await once(socket, 'connect');
  return { socket, closed, told: () => told };
}

/** Sends a piece again and again until the connection is gone. */
async function trickle(socket: Socket, piece: string | Buffer, everyMs: number): Promise<void> {
  while (!socket.destroyed) {
    socket.write(piece);
    await sleep(everyMs);
  }
}

function head(path: string, ...headers: readonly string[]): string {
  return [`POST ${path} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n');
}

const json = 'content-type: application/json';
const chunked = 'transfer-encoding: chunked';

t.test('what comes too slowly is closed within 10 s, and told so', async (t) => {
  const { port } = await listen(t);
  const slow: [string, string, string | undefined, RegExp][] = [
    ['a connection that sends nothing', '', undefined, /^HTTP\/1.1 408 /],
    ['headers that never end', 'GET / HTTP/1.1\r\nhost: localhost\r\n', 'x: y\r\n', /^HTTP\/1.1 408 /],
    [
      'headers that trickle in after a request that was answered',
      'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\n',
      'x: y\r\n',
      /^HTTP\/1.1 200 [\s\S]*HTTP\/1.1 408 /,
    ],
    ['a filing', head('/v1/reports', json, 'content-length: 100000'), ' ', /^HTTP\/1.1 408 /],
    ['a filing in chunks', head('/v1/reports', json, chunked), '1\r\n \r\n', /^HTTP\/1.1 408 /],
    ['a query', head('/graphql', json, 'content-length: 100000'), ' ', /^HTTP\/1.1 408 .*[\s\S]*"errors":\[/],
    [
      'an import',
      head('/v1/imports', 'content-type: application/x-ndjson', 'content-length: 100000000'),
      '\n',
      /^HTTP\/1.1 408 /,
    ],
    [
      'a document in a form',
      `${head('/v1/readings', 'content-type: multipart/form-data; boundary=b', 'content-length: 100000')}--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n`,
      'x',
      /^HTTP\/1.1 408 /,
    ],
    [
      'a body beside a question that has none',
      'GET /health/live HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n',
      'x',
      /^HTTP\/1.1 200 /,
    ],
    ['a body that nobody asked for', head('/nowhere', json, 'content-length: 100000'), ' ', /^HTTP\/1.1 4/],
  ];
  await Promise.all(
    slow.map(async ([title, first, then, answer]) => {
      const { socket, closed } = await dial(port);
      socket.write(first);
      if (then !== undefined) void trickle(socket, then, 500);
      const { told, seconds } = await closed;
      t.match(told, answer, title);
      if (/HTTP\/1.1 408/.test(told)) {
        t.match(told, /request-timeout/, `${title} is told why`);
        t.match(told, /connection: close/i);
      }
      t.ok(seconds < 10, `${title} is closed after ${seconds.toFixed(1)} s`);
    }),
  );
});

t.test('a body that comes slowly but honestly is taken, however long it takes', async (t) => {
  const { port } = await listen(t);
  const body = Buffer.alloc(26 * 1024, ' ');
  body.write(JSON.stringify(filingBody()));
  const { socket, closed, told } = await dial(port);
  socket.write(head('/v1/reports', json, `content-length: ${body.length}`, 'connection: close'));
  // 2 KiB/s for 13 s, which is longer than any stall may be.
  for (let sent = 0; sent < body.length; sent += 1024) {
    socket.write(body.subarray(sent, sent + 1024));
    await sleep(500);
  }
  await closed;
  t.match(told(), /^HTTP\/1.1 201 /);
});

t.test('a body that waits for the server is not called slow', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  registerConnections(app, undefined);
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.post('/', async (request) => {
    // As while the disk is slow: nothing is taken in.
    await sleep(11_000);
    let bytes = 0;
    for await (const chunk of request.body as Readable) bytes += chunk.length;
    return { bytes };
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const size = 8 * 1024 * 1024;
  const answer = await fetch(address, { method: 'POST', body: Buffer.alloc(size) });
  t.same(await answer.json(), { bytes: size });
});
