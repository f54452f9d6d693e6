/** Persisted operations: a query that is asked for by its SHA-256, and what is kept for that. */
import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { keepTexts } from '../src/api/graphql/persisted.js';
import { buildApp } from '../src/app.js';
import { openMostUsed } from '../src/most-used.js';
import { bearer, clock, hongjiang, openTestApp, openTestStore, scratch, tokenFor } from './builders.js';

const newType = 'application/graphql-response+json';
const query = 'query Name($code: ID!) { county(code: $code) { name } } query Other { __typename }';
const variables = { code: hongjiang };
const sha256 = (text: string) => hash('sha256', text);
const persistedQuery = (text: string) => ({ version: 1, sha256Hash: sha256(text) });

type Asked = Readonly<Record<string, unknown>>;

/** Sends a question by GET and by POST, as clients of GraphQL write them. */
async function ask(app: FastifyInstance, method: 'GET' | 'POST', asked: Asked, accept = 'application/json') {
  if (method === 'POST') {
    const headers = { 'content-type': 'application/json', accept };
    return app.inject({ method, url: '/graphql', headers, payload: JSON.stringify(asked) });
  }
  const written = Object.entries(asked).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return app.inject({ method, url: '/graphql', query: Object.fromEntries(written), headers: { accept } });
}

t.test('a text is sent once beside its hash, and asked for by that from then on, by GET and by POST', async (t) => {
  for (const first of ['GET', 'POST'] as const) {
    const { app, close } = await openTestApp();
    t.teardown(close);
    const short = { operationName: 'Name', variables, extensions: { persistedQuery: persistedQuery(query) } };
    for (const method of ['GET', 'POST'] as const) {
      const missing = await ask(app, method, short);
      t.match(missing.json(), {
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', status: 404 } }],
      });
      t.same([missing.statusCode, missing.headers['cache-control']], [200, 'no-store']);
      t.equal((await ask(app, method, short, newType)).statusCode, 404);
    }
    const whole = await ask(app, first, { ...short, query });
    t.same(whole.json(), { data: { county: { name: '洪江市' } } });
    for (const method of ['GET', 'POST'] as const) {
      t.equal((await ask(app, method, short)).body, whole.body, method);
      t.equal((await ask(app, method, { ...short, query: '' })).body, whole.body, 'no text is an empty one');
      const upper = {
        ...short,
        extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query).toUpperCase() } },
      };
      t.equal((await ask(app, method, upper)).body, whole.body, 'in capitals');
      const other = await ask(app, method, { ...short, operationName: 'Other', variables: {} });
      t.same(other.json(), { data: { __typename: 'Query' } }, 'another operation of the same text');
    }
  }
});

t.test('a hash of another text, another version and what is no hash are refused, each by its name', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const refused: readonly (readonly [unknown, string, string])[] = [
    [{ version: 1, sha256Hash: sha256('{ __typename }') }, 'BAD_USER_INPUT', 'invalid-parameter'],
    [{ version: 1, sha256Hash: 'abc' }, 'BAD_USER_INPUT', 'invalid-parameter'],
    [{ version: 1 }, 'BAD_USER_INPUT', 'invalid-parameter'],
    [{ version: 2, sha256Hash: sha256(query) }, 'PERSISTED_QUERY_NOT_SUPPORTED', 'persisted-query-not-supported'],
    [{ sha256Hash: sha256(query) }, 'PERSISTED_QUERY_NOT_SUPPORTED', 'persisted-query-not-supported'],
    ['abc', 'BAD_REQUEST', 'malformed-body'],
  ];
  for (const method of ['GET', 'POST'] as const) {
    for (const [persisted, code, problem] of refused) {
      const asked = { query, operationName: 'Name', variables, extensions: { persistedQuery: persisted } };
      const [error] = (await ask(app, method, asked)).json().errors;
      t.match(error.extensions, { code, problem }, JSON.stringify(persisted));
    }
    const { errors } = (await ask(app, method, { extensions: { persistedQuery: { version: 2 } } })).json();
    t.equal(errors[0].message, 'PersistedQueryNotSupported', 'the word by which a client stops asking by hash');
    t.equal((await ask(app, method, { extensions: {} })).statusCode, 400, 'neither text nor hash');
    // What other extensions say is nobody's business.
    const others = { query: '{ __typename }', extensions: { persistedQuery: null, clientLibrary: { name: 'x' } } };
    t.same((await ask(app, method, others)).json(), { data: { __typename: 'Query' } });
  }
});

t.test('a text is kept only once it is a query that is answered', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const texts = {
    'no query': '{ county',
    'not valid': '{ county { name } }',
    'too long': `{ __typename }${' '.repeat(20_001)}`,
    'too dear': `{ ${Array.from({ length: 90 }, (_, index) => `a${index}: reports(first: 500) { nodes { actor } }`).join(' ')} }`,
  };
  for (const [why, text] of Object.entries(texts)) {
    const extensions = { persistedQuery: persistedQuery(text) };
    const first = (await ask(app, 'POST', { query: text, extensions })).json();
    t.ok(first.errors, why);
    t.equal((await ask(app, 'POST', { extensions })).json().errors[0].message, 'PersistedQueryNotFound', why);
  }
  const wrong = { query, variables: {}, operationName: 'Name', extensions: { persistedQuery: persistedQuery(query) } };
  t.ok((await ask(app, 'POST', wrong)).json().errors, 'without what it requires');
});

t.test('a thread is asked the whole text, and answers as the main thread does', async (t) => {
  const db = await openTestStore(`sqlite:${scratch(t)}/x.db`);
  const here = await buildApp({ db, clock, logger: false });
  const there = await buildApp({ db, clock, logger: false, readers: { threads: 1, dearFrom: 0 } });
  t.teardown(async () => {
    for (const app of [here, there]) await app.close();
    await db.destroy();
  });
  const short = { operationName: 'Name', variables, extensions: { persistedQuery: persistedQuery(query) } };
  for (const method of ['GET', 'POST'] as const) {
    for (const app of [here, there]) await ask(app, method, { ...short, query });
    const [one, other] = [await ask(here, method, short), await ask(there, method, short)];
    t.same(other.json(), { data: { county: { name: '洪江市' } } });
    t.equal(other.body, one.body);
    t.same([other.headers.etag, other.headers.vary], [one.headers.etag, one.headers.vary]);
  }
});

t.test(
  'the answer to a GET by hash may be kept by anybody where a stranger asks, and is asked again by its tag',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const extensions = { persistedQuery: persistedQuery(query) };
    const token = await tokenFor(db);
    for (const authorization of ['', bearer(token).authorization]) {
      const get = (given: Asked, headers = {}) =>
        app.inject({
          url: '/graphql',
          query: Object.fromEntries(Object.entries({ operationName: 'Name', ...given })) as Record<string, string>,
          headers: { authorization, ...headers },
        });
      const written = { variables: JSON.stringify(variables), extensions: JSON.stringify(extensions) };
      if (authorization === '')
        t.equal((await get(written)).headers.etag, undefined, 'it is not kept that none was found');
      await get({ ...written, query });
      const { statusCode, headers } = await get(written);
      t.equal(statusCode, 200);
      t.equal(headers['cache-control'], authorization === '' ? 'public, no-cache' : 'private, no-cache');
      t.equal(headers.vary, 'accept, Authorization, Accept-Encoding');
      const again = await get(written, { 'if-none-match': headers.etag });
      t.same([again.statusCode, again.body, again.headers.etag], [304, '', headers.etag]);
    }
  },
);

const textAt = (at: number) => `{ county(code: "${at}") { name } }`;
const bothOf = (text: string) => ({ query: text, persisted: persistedQuery(text) });
const hashOf = (text: string) => ({ query: undefined, persisted: persistedQuery(text) });

t.test('whoever sends texts without end takes none of those away that are used much', async (t) => {
  for (const usesOfEach of [0, 1, 3]) {
    const texts = keepTexts();
    const used = Array.from({ length: 50 }, (_, at) => textAt(at));
    for (const text of used) texts.keep(bothOf(text));
    for (let time = 0; time < 20; time++) for (const text of used) texts.read(hashOf(text));
    let lost = 0;
    for (let at = 1_000; at < 31_000; at++) {
      const flood = textAt(at);
      texts.keep(bothOf(flood));
      for (let use = 0; use < usesOfEach; use++) texts.read(hashOf(flood));
      // The others are asked for meanwhile: each once while a thousand texts come.
      if (at % 20 === 0) {
        try {
          texts.read(hashOf(used[(at / 20) % used.length] ?? ''));
        } catch {
          lost++;
        }
      }
    }
    t.equal(lost, 0, `${usesOfEach} uses of each of 30,000`);
  }
});

t.test('what is kept never exceeds its bounds, and is what was kept last', async (t) => {
  const step = fc.record({ key: fc.nat(30), bytes: fc.nat(60), finds: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const memory = openMostUsed<number>({ entries: 10, bytes: 200 });
      const last = new Map<string, { readonly value: number; readonly bytes: number }>();
      for (const [value, { key: number, bytes, finds }] of steps.entries()) {
        const key = String(number);
        if (finds) {
          const found = memory.find(key);
          if (found !== undefined && found !== last.get(key)?.value) throw new Error('another value');
        } else {
          memory.keep(key, value, bytes);
          last.set(key, { value, bytes });
        }
        const size = memory.size();
        if (size.entries > 10 || size.bytes > 200) throw new Error('beyond the bounds');
        const kept = [...last].filter(([one]) => memory.peek(one) !== undefined);
        if (kept.length !== size.entries) throw new Error('a wrong number');
        if (kept.reduce((sum, [, one]) => sum + one.bytes, 0) !== size.bytes) throw new Error('wrong bytes');
      }
    }),
    { numRuns: 300 },
  );
  t.pass('in every order of keeping and finding');
});
