/** Requests that say two things at once, tokens that are guessed, and who may look at the service as a whole. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { createToken, revokeToken, rotateToken } from '../src/access/tokens.js';
import { buildApp } from '../src/app.js';
import { act, bearer, filingBody, hongjiang, openTestStore, qunfeng, runSql, tokenFor } from './builders.js';

/** An application whose clock is put forward by hand. */
async function openApp(t: Test, options: Partial<Parameters<typeof buildApp>[0]> = {}) {
  const db = await openTestStore();
  let now = Date.parse('2026-11-24T04:00:00Z');
  const log = new PassThrough({ encoding: 'utf8' });
  const app = await buildApp({
    db,
    clock: () => new Date(now),
    logger: { level: 'warn', stream: log },
    limits: { wrongTokensPerMinute: 5 },
    trustProxy: 'loopback',
    ...options,
  });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const ask = (authorization: string, from = '203.0.113.7') =>
    app.inject({ url: '/v1/forms', headers: { authorization, 'x-forwarded-for': from } });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { app, db, ask, pass, told: () => String(log.read() ?? '') };
}

/** Headers of which two say two things. */
const single = {
  Host: 'localhost',
  Authorization: 'Bearer xb_a',
  'Content-Length': '2',
  'Content-Type': 'application/json',
  'Transfer-Encoding': 'chunked',
  'Content-Encoding': 'identity',
  'Idempotency-Key': 'k',
  'If-Match': '*',
  From: 'a@example.org',
  Origin: 'https://example.org',
} as const;

t.test(
  'a header that decides what is done is there once or the request is refused, however the two are spelled',
  async (t) => {
    const { app } = await openApp(t);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on a port');
    const exchange = async (lines: readonly string[]) => {
      const socket = connect({ port: address.port, host: '127.0.0.1' });
      let told = '';
      socket.on('data', (chunk) => {
        told += chunk;
      });
      socket.on('error', () => {});
      socket.write(`${['POST /v1/readings HTTP/1.1', ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n{}`);
      await once(socket, 'close');
      return told;
    };
    const spelling = fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toUpperCase(),
      (name: string) => name.toLowerCase(),
    );
    const twice = fc.record({
      name: fc.constantFrom(...Object.keys(single)),
      one: spelling,
      other: spelling,
      value: fc.constantFrom('same', 'other'),
    });
    const property = fc.asyncProperty(twice, async ({ name, one, other, value }) => {
      const first = Object.entries(single).find(([known]) => known === name)?.[1] ?? '';
      const second = value === 'same' ? first : `${first}1`;
      const host = name === 'Host' ? [] : ['Host: localhost'];
      const told = await exchange([...host, `${one(name)}: ${first}`, `${other(name)}: ${second}`]);
      t.match(told, /^HTTP\/1\.1 400 [\s\S]*"type":"\/problems\/malformed-request"/, `${name}: ${told.slice(0, 300)}`);
    });
    await fc.assert(property, { numRuns: 40 });
    for (const [name, value] of Object.entries(single)) {
      const host = name === 'Host' ? [] : ['Host: localhost'];
      const told = await exchange([...host, `${name}: ${value}`, `${name}: ${value}`]);
      t.match(told, /^HTTP\/1\.1 400 [\s\S]*"type":"\/problems\/malformed-request"/, `${name} twice`);
    }
    t.match(await exchange(['Accept: text/html']), /^HTTP\/1\.1 400 [\s\S]*malformed-request[\s\S]*Host/, 'no Host');
    const lists = ['Host: localhost', 'Accept: text/html', 'Accept: application/json', 'Prefer: a', 'Prefer: b'];
    t.match(await exchange([...lists, 'Content-Type: application/json', 'Content-Length: 2']), /^HTTP\/1\.1 (?!400)/);
  },
);

const statusOf = async (answer: Promise<{ statusCode: number }>) => (await answer).statusCode;

t.test(
  'the sixth wrong token of an address in a minute is told to wait, and the right one is taken at once',
  async (t) => {
    const { app, db, ask, pass, told } = await openApp(t);
    const right = `Bearer ${await tokenFor(db)}`;
    const wrong = right.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (let time = 0; time < 5; time++) t.equal(await statusOf(ask(wrong)), 401);
    const sixth = await ask(wrong);
    t.equal(sixth.statusCode, 429);
    t.match(sixth.headers, { 'retry-after': '60' });
    t.match(sixth.json(), { type: '/problems/too-many-requests', reason: 'wrong-tokens', detail: /令牌/ });
    t.equal(await statusOf(ask(right)), 200, 'who has the right one behind the same address');
    t.equal(await statusOf(app.inject({ url: '/v1/forms', headers: { 'x-forwarded-for': '203.0.113.7' } })), 200);
    t.equal(await statusOf(ask(wrong, '203.0.113.8')), 401, 'another address');
    pass(30_000);
    t.match((await ask(wrong)).headers, { 'retry-after': '30' });
    pass(30_000);
    t.equal(await statusOf(ask(wrong)), 401, 'after the minute');
    t.equal(told().split('tokens are being guessed').length, 2, 'told once a minute');
  },
);

t.test('a token is guessed at from many addresses no more often than from one, and holds for who has it', async (t) => {
  const { makeSecret, readSecret } = await import('../src/access/secret.js');
  const { randomBytes } = await import('node:crypto');
  const { db, ask } = await openApp(t);
  const right = await tokenFor(db);
  const key = readSecret(right)?.key ?? '';
  // A well-formed guess of its secret part: the check sum is no secret.
  const guess = () => {
    for (;;) {
      let first = true;
      const made = makeSecret((bytes) => {
        const drawn = randomBytes(bytes);
        if (first) for (const [index, digit] of [...key].entries()) drawn[index] = digits.indexOf(digit);
        first = false;
        return drawn;
      });
      if (made.key === key) return made.text;
    }
  };
  const answers: number[] = [];
  for (let address = 0; address < 8; address++) {
    answers.push(await statusOf(ask(`Bearer ${guess()}`, `203.0.113.${address}`)));
  }
  t.same(answers, [401, 401, 401, 401, 401, 429, 429, 429]);
  t.equal(await statusOf(ask(`Bearer ${right}`, '198.51.100.1')), 200);
});

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

t.test(
  'any order of right and wrong tokens answers the right ones with 200 and no wrong one with anything but 401 or 429',
  async (t) => {
    const { db, ask } = await openApp(t);
    const right = `Bearer ${await tokenFor(db)}`;
    const tries = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 })), { maxLength: 30 });
    const property = fc.asyncProperty(tries, async (order) => {
      for (const [isRight, address] of order) {
        const status = await statusOf(ask(isRight ? right : `${right}x`, `203.0.113.${address}`));
        t.ok(isRight ? status === 200 : [401, 429].includes(status), `${status}`);
      }
    });
    await fc.assert(property, { numRuns: 10 });
  },
);

t.test('metrics are for who administers the nation, and count the tokens that were refused', async (t) => {
  const { app, db, ask } = await openApp(t);
  const read = async (grant: Parameters<typeof tokenFor>[1]) =>
    app.inject({ url: '/metrics', headers: bearer(await tokenFor(db, grant)) });
  for (const grant of [
    { division: hongjiang },
    { division: '430000' },
    { scope: 'review' as const },
    { scope: 'read' as const },
  ]) {
    t.equal((await read(grant)).statusCode, 403, JSON.stringify(grant));
  }
  t.equal((await app.inject('/metrics')).statusCode, 401);
  for (let time = 0; time < 7; time++) await ask('Bearer xb_none');
  const { statusCode, body } = await read({});
  t.equal(statusCode, 200);
  t.match(body, /^xiangbao_wrong_tokens_total\{reason="malformed"\} 5$/m);
  t.match(body, /^xiangbao_wrong_tokens_total\{reason="wrong-tokens"\} 2$/m);
});

/** Bodies of every kind that is taken, in the two parts in which they come. */
const slowBodies = {
  'a token': [
    'POST /v1/tokens',
    'application/json',
    '{"name":"kept on",',
    '"grants":[{"scope":"admin","division":"100000"}]}',
  ],
  'a filing': [`PUT /v1/reports/${qunfeng}/2021`, 'application/json', ' ', JSON.stringify(filingBody())],
  'a change of the register': [
    'POST /v1/register/changes',
    'text/csv',
    'action,code,',
    `name,on\nchange,${qunfeng},群峰镇,2026-11-24\n`,
  ],
  'a document': [`PUT /v1/reports/${qunfeng}/2021`, 'text/plain', '群峰乡2021年', '政府信息公开工作年度报告\n'],
  'a document in a form': [
    `PUT /v1/reports/${qunfeng}/2021`,
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="f"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n群峰乡',
    '2021年政府信息公开工作年度报告\r\n--b--\r\n',
  ],
  'a document that is only read': ['POST /v1/readings', 'text/plain', '群峰乡2021年', '政府信息公开工作年度报告\n'],
  'an import': ['POST /v1/imports', 'application/x-ndjson', ' ', `${JSON.stringify(filingBody())}\n`],
  'a query': ['POST /graphql', 'application/json', '{"query":', '"{ forms { id } }"}'],
} as const;

/** How a token ends, the last of them for all tokens that were made. */
const ends = {
  revoked: ({ db }, name) => revokeToken(db, act, { name }),
  'given another text': ({ db }, name) => rotateToken(db, act, randomBytes, { name }, {}),
  expired: async ({ pass }) => pass(3_600_000),
} satisfies Record<string, (opened: Awaited<ReturnType<typeof openApp>>, name: string) => Promise<unknown>>;

t.test('a token that ends while a body comes does nothing with it, whatever is sent and however it ends', async (t) => {
  const expiresAt = '2026-11-24T05:00:00.000Z';
  const grants = [{ scope: 'admin' as const, division: '100000' }];
  for (const [what, [call, type, begin, rest]] of Object.entries(slowBodies)) {
    const opened = await openApp(t);
    const [method, url] = call.split(' ') as ['POST' | 'PUT', string];
    const acts = () => runSql(opened.db, 'select number as n from audit union all select bytes from import');
    for (const [how, end] of Object.entries(ends)) {
      const { token } = await createToken(opened.db, act, randomBytes, { name: how, grants, expiresAt });
      let before: unknown;
      async function* slowly() {
        yield Buffer.from(begin);
        await end(opened, how);
        before = await acts();
        yield Buffer.from(rest);
      }
      const headers = { ...bearer(token), 'content-type': type };
      const answer = await opened.app.inject({ method, url, headers, payload: Readable.from(slowly()) });
      t.match(answer, { statusCode: 401 }, `${what}, ${how}`);
      t.same(await acts(), before, `${what}, ${how}: nothing was done`);
    }
  }
});
