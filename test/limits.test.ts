/** Nothing takes the service down: slow connections, many connections, many requests, full queues, large caches. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep, setImmediate as yieldTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Fastify from 'fastify';
import { buildSchema } from 'graphql';
import t from 'tap';
import { registerRateLimit } from '../src/api/admission/rate.js';
import { schemaText } from '../src/api/graphql/graphql.js';
import { keepQueries } from '../src/api/graphql/query.js';
import { registerConnections } from '../src/api/http/connections.js';
import { buildApp } from '../src/app.js';
import { inTransaction, writeLoadOf } from '../src/store/engine/commit.js';
import { bearer, clock, filingBody, openTestStore, signIn, tokenFor } from './builders.js';

type Test = { teardown: (end: () => unknown) => unknown };
type Options = Partial<Parameters<typeof buildApp>[0]>;

async function openApp(t: Test, options: Options = {}) {
  const db = await openTestStore();
  const app = await buildApp({ db, clock, logger: false, ...options });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  return { app, db, token: await tokenFor(db) };
}

async function listen(t: Test, options: Options = {}) {
  const { app, db, token } = await openApp(t, options);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return { app, db, token, port: address.port };
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
  const { port, token } = await listen(t);
  const may = `authorization: Bearer ${token}`;
  const slow: [string, string, string | undefined, RegExp][] = [
    ['a connection that sends nothing', '', undefined, /^HTTP\/1.1 408 /],
    ['headers that never end', 'GET / HTTP/1.1\r\nhost: localhost\r\n', 'x: y\r\n', /^HTTP\/1.1 408 /],
    [
      'headers that trickle in after a request that was answered',
      'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\n',
      'x: y\r\n',
      /^HTTP\/1.1 200 [\s\S]*HTTP\/1.1 408 /,
    ],
    ['a filing', head('/v1/reports', may, json, 'content-length: 100000'), ' ', /^HTTP\/1.1 408 /],
    ['a filing in chunks', head('/v1/reports', may, json, chunked), '1\r\n \r\n', /^HTTP\/1.1 408 /],
    ['a query', head('/graphql', json, 'content-length: 100000'), ' ', /^HTTP\/1.1 408 .*[\s\S]*"errors":\[/],
    [
      'an import',
      head('/v1/imports', may, 'content-type: application/x-ndjson', 'content-length: 100000000'),
      '\n',
      /^HTTP\/1.1 408 /,
    ],
    [
      'a document in a form',
      `${head('/v1/readings', may, 'content-type: multipart/form-data; boundary=b', 'content-length: 100000')}--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n`,
      'x',
      /^HTTP\/1.1 408 /,
    ],
    [
      'a body beside a question that has none',
      'GET /health/live HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n',
      'x',
      /^HTTP\/1.1 200 /,
    ],
    ['a filing by nobody known', head('/v1/reports', json, 'content-length: 100000'), ' ', /^HTTP\/1.1 401 /],
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
  const { port, token } = await listen(t);
  const body = Buffer.alloc(26 * 1024, ' ');
  body.write(JSON.stringify(filingBody()));
  const { socket, closed, told } = await dial(port);
  const may = `authorization: Bearer ${token}`;
  socket.write(head('/v1/reports', may, json, `content-length: ${body.length}`, 'connection: close'));
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

t.test('connections are bounded, and those that only wait for a next request make room', async (t) => {
  const { port } = await listen(t, { limits: { connections: 2 } });
  const get = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';
  const kept = await Promise.all([dial(port), dial(port)]);
  for (const { socket, told } of kept) {
    socket.write(get);
    while (!told().includes('"ok"')) await sleep(10);
  }
  const third = await dial(port);
  third.socket.write(get);
  t.equal((await third.closed).told, '', 'one more is closed at once');
  await Promise.all(kept.map(({ closed }) => closed));
  t.equal((await fetch(`http://127.0.0.1:${port}/health/live`)).status, 200, 'the next one is answered');
});

/** A request that is in flight until its last byte is sent. */
async function hold(port: number, token: string) {
  const dialled = await dial(port);
  dialled.socket.write(
    head('/graphql', json, `authorization: Bearer ${token}`, 'content-length: 24', 'connection: close'),
  );
  dialled.socket.write('{"query":"{__typename}"');
  await sleep(100);
  return { ...dialled, finish: () => dialled.socket.write('}') };
}

t.test('requests in flight are bounded: in all, and for one caller', async (t) => {
  const { db, port } = await listen(t, { limits: { inFlight: 4 } });
  const tokens = {
    a: await tokenFor(db),
    b: await tokenFor(db),
    c: await tokenFor(db),
    d: await tokenFor(db),
    e: await tokenFor(db),
  };
  const ask = (path: string, caller: keyof typeof tokens, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { ...init.headers, ...bearer(tokens[caller]) } });
  const held = [await hold(port, tokens.a)];
  const more = await ask('/v1/forms', 'a');
  t.match(await more.json(), { type: '/problems/too-many-requests', status: 429 }, 'one caller has a quarter');
  t.equal(more.headers.get('retry-after'), '1');
  t.equal((await ask('/v1/forms', 'b')).status, 200, 'and the others what is left');

  for (const caller of ['b', 'c', 'd'] as const) held.push(await hold(port, tokens[caller]));
  const refused = await ask('/v1/forms', 'e');
  t.match(await refused.json(), { type: '/problems/overloaded', status: 503 });
  t.match(refused.headers.get('retry-after'), /^\d+$/);
  const query = await ask('/graphql', 'e', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: '{"query":"{ __typename }"}',
  });
  t.equal(query.status, 503);
  t.match(query.headers.get('content-type'), /^application\/graphql-response\+json/);
  t.match(await query.json(), { errors: [{ extensions: { problem: 'overloaded' } }] });
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    t.equal((await ask(path, 'e')).status, 200, `${path} answers`);
  }

  held[0]?.socket.destroy();
  for (const one of held.slice(1)) one.finish();
  for (const { closed, told } of held.slice(1)) {
    await closed;
    t.match(told(), /"data":\{"__typename":"Query"\}/, 'what was taken on is answered');
  }
  t.equal((await ask('/v1/forms', 'e')).status, 200, 'there is room again');
});

t.test('when too much waits to be written, writers are refused and readers are not', async (t) => {
  const db = await openTestStore(`sqlite:${t.testdir()}/x.db`);
  const app = await buildApp({ db, clock, logger: false, limits: { waitingWrites: 2 } });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  let release = () => {};
  const gate = new Promise<void>((open) => {
    release = open;
  });
  signIn(app, await tokenFor(db));
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
  const writing = [inTransaction(db, {}, () => gate)];
  await sleep(50);
  for (let piece = 0; piece < 2; piece++) writing.push(inTransaction(db, {}, async () => {}));
  t.equal(writeLoadOf(db).waiting, 2);
  const refused = await post('/v1/reports', filingBody());
  t.equal(refused.statusCode, 503);
  t.equal(refused.json().type, '/problems/overloaded');
  t.match(refused.headers['retry-after'], /^\d+$/);
  t.equal((await app.inject('/v1/reports')).statusCode, 200);
  t.equal((await post('/graphql', { query: '{ __typename }' })).statusCode, 200);
  release();
  await Promise.all(writing);
  t.equal((await post('/v1/reports', filingBody())).statusCode, 201);
});

t.test('while the event loop is late, everything but health and metrics is refused', async (t) => {
  const { app, token } = await openApp(t, { limits: { loopDelayMs: 50 } });
  signIn(app, token);
  // On a busy machine it may be late before it is made to be.
  while ((await app.inject('/v1/forms')).statusCode !== 200) await sleep(50);
  const until = performance.now() + 2_500;
  while (performance.now() < until) {
    const pause = performance.now() + 200;
    while (performance.now() < pause);
    await yieldTurn();
  }
  const refused = await app.inject('/v1/forms');
  t.equal(refused.statusCode, 503);
  t.equal(refused.json().type, '/problems/overloaded');
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    t.equal((await app.inject(path)).statusCode, 200, path);
  }
  let tries = 0;
  while ((await app.inject('/v1/forms')).statusCode === 503 && tries++ < 100) await sleep(100);
  t.equal((await app.inject('/v1/forms')).statusCode, 200, 'and taken again when it is on time');
});

/** Keeps the event loop from turning, again and again. */
async function block(everyMs: number, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const until = performance.now() + everyMs;
    while (performance.now() < until);
    await yieldTurn();
  }
}

t.test('a limit above a second is kept to: what is late by less is taken, what is later is refused', async (t) => {
  const { app: patient, token } = await openApp(t, { limits: { loopDelayMs: 2_500 } });
  signIn(patient, token);
  await block(1_100, 6);
  t.equal((await patient.inject('/v1/forms')).statusCode, 200, 'late by 1.1 s');
  const { app: strict } = await openApp(t, { limits: { loopDelayMs: 1_100 } });
  await block(2_300, 2);
  t.equal((await strict.inject('/v1/forms')).statusCode, 503, 'late by 2.3 s');
});

t.test('a caller who asks too often is told to wait, and nobody else', async (t) => {
  const { app } = await openApp(t, { limits: { requestsPerMinute: 3 }, trustProxy: 'loopback' });
  const ask = (url: string, from: string, headers: Record<string, string> = {}) =>
    app.inject({ url, headers: { 'x-forwarded-for': from, ...headers } });
  const first = await ask('/v1/forms', '203.0.113.7');
  t.equal(first.statusCode, 200);
  t.match(first.headers, { 'ratelimit-limit': 3, 'ratelimit-remaining': 2, 'ratelimit-reset': /^\d+$/ });
  t.equal((await ask('/health/live', '203.0.113.7')).headers['ratelimit-limit'], undefined, 'health is not counted');
  t.equal((await ask('/nowhere', '203.0.113.7')).headers['ratelimit-remaining'], '1', 'what is not there is counted');
  await ask('/v1/forms', '203.0.113.7');
  const refused = await ask('/v1/forms', '203.0.113.7');
  t.equal(refused.statusCode, 429);
  t.match(refused.json(), { type: '/problems/too-many-requests', detail: /[一-鿿]/ });
  t.match(refused.headers, { 'ratelimit-remaining': 0, 'retry-after': /^\d+$/ });
  const query = '/graphql?query={__typename}';
  const asked = await ask(query, '203.0.113.7', { accept: 'application/graphql-response+json' });
  t.equal(asked.statusCode, 429);
  t.match(asked.headers['content-type'], /^application\/graphql-response\+json/);
  t.match(asked.json(), { errors: [{ extensions: { problem: 'too-many-requests' } }] });
  t.equal((await ask('/v1/forms', '203.0.113.8')).statusCode, 200, 'another address is served');
  for (const from of ['2001:db8::1', '2001:db8::2', '2001:db8::ffff:3']) await ask('/v1/forms', from);
  t.equal((await ask('/v1/forms', '2001:db8::4')).statusCode, 429, 'one subscriber has one network of IPv6');
  t.equal((await ask('/v1/forms', '2001:db8:0:1::4')).statusCode, 200);
});

t.test('a token is counted for itself, wherever it asks from; a guessed one for the address', async (t) => {
  const { app, db, token } = await openApp(t, { limits: { requestsPerMinute: 2 }, trustProxy: 'loopback' });
  const ask = async (from: string, authorization: string) =>
    (await app.inject({ url: '/v1/forms', headers: { 'x-forwarded-for': from, authorization } })).statusCode;
  const first = `Bearer ${token}`;
  t.same([await ask('203.0.113.7', first), await ask('203.0.113.8', first)], [200, 200]);
  t.equal(await ask('203.0.113.9', first), 429);
  t.equal(await ask('203.0.113.9', `Bearer ${await tokenFor(db)}`), 200, 'another token is served');
  t.same([await ask('203.0.113.5', 'Bearer xb_guess'), await ask('203.0.113.5', 'Bearer xb_guess')], [401, 401]);
  t.equal(await ask('203.0.113.5', 'Bearer xb_guess'), 429, 'guesses are counted before they are looked at');
});

t.test('nobody is believed to be somebody else, unless by a proxy that is trusted', async (t) => {
  for (const trustProxy of ['', '192.0.2.1']) {
    const { app } = await openApp(t, { limits: { requestsPerMinute: 1 }, trustProxy });
    await app.inject('/v1/forms');
    const again = await app.inject({ url: '/v1/forms', headers: { 'x-forwarded-for': '203.0.113.7' } });
    t.equal(again.statusCode, 429);
  }
});

t.test('without a limit nobody is counted', async (t) => {
  const { app } = await openApp(t, { limits: { requestsPerMinute: 0 } });
  const answer = await app.inject('/v1/forms');
  t.equal(answer.statusCode, 200);
  t.notOk('ratelimit-limit' in answer.headers);
});

t.test('no more than ten thousand callers are remembered', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  app.decorateRequest('counted');
  app.addHook('onRequest', async (request) => {
    request.counted = { key: String(request.headers['x-caller']), name: 'tested' };
  });
  await registerRateLimit(app, 1);
  app.get('/', async () => 'ok');
  const ask = async (caller: number) =>
    (await app.inject({ url: '/', headers: { 'x-caller': String(caller) } })).statusCode;
  t.equal(await ask(0), 200);
  t.equal(await ask(0), 429);
  for (let caller = 1; caller <= 10_000; caller++) await ask(caller);
  t.equal(await ask(0), 200, 'who was not heard of for ten thousand others is forgotten');
  t.equal(await ask(10_000), 429, 'who was heard of last is not');
});

t.test('prepared queries are kept by number and by characters, those used last', async (t) => {
  const queries = keepQueries(buildSchema(schemaText));
  const prepare = (text: string) => {
    const query = queries(text, undefined);
    if (!('answer' in query)) throw new Error('the query is valid');
    return query.answer;
  };
  const numbered = (count: number) => `query Q${count} { __typename }`;
  const long = (count: number) => `{ __typename } #${String(count).padEnd(19_000, 'x')}`;
  for (const [many, make] of [
    [256, numbered],
    [21, long],
  ] as const) {
    const first = prepare(make(0));
    t.equal(prepare(make(0)), first, 'a query is prepared once');
    for (let count = 1; count < many; count++) prepare(make(count));
    t.equal(prepare(make(0)), first, 'and kept while it is used');
    const second = prepare(make(1));
    for (let count = many; count < 2 * many; count++) prepare(make(count));
    t.not(prepare(make(1)), second, 'and forgotten when enough others came after it');
  }
});

t.test('what is kept of queries takes a bounded part of memory', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const queries = keepQueries(buildSchema(schemaText));
  const fields = Array.from({ length: 80 }, (_, index) => `a${index}:form(id:"2021"){id name{zh en}}`).join(' ');
  const before = heap();
  for (let count = 0; count < 400; count++) queries(`query Q${count}{${fields}}`, undefined);
  const mebibytes = (heap() - before) / 1024 / 1024;
  t.ok(mebibytes < 100, `four hundred queries as dense as may be leave ${mebibytes.toFixed(0)} MiB`);
  t.ok('answer' in queries(`query Q0{${fields}}`, undefined));
});
