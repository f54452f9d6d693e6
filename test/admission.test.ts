/** What is taken on of each caller: cost is charged to who causes it, dear reads hold nobody up, callers are served in turn. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep, setImmediate as yieldTurn } from 'node:timers/promises';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { registerCosts } from '../src/api/admission/cost.js';
import { costLimit, openLedger } from '../src/api/admission/ledger.js';
import { registerLoadLimits } from '../src/api/admission/load.js';
import { type AppOptions, buildApp } from '../src/app.js';
import { maxImportBytes } from '../src/bulk/import/spool.js';
import { takeTurn, takeTurns, workFor } from '../src/loop.js';
import { inTransaction, writeLoadOf } from '../src/store/engine/commit.js';
import { bearer, clock, filingBody, openTestStore, qunfeng, scratch, signIn, tokenFor } from './builders.js';

type Test = { teardown: (end: () => unknown) => unknown };

async function openApp(t: Test, options: Partial<AppOptions> & { readonly url?: string } = {}) {
  const { url, ...rest } = options;
  const db = await openTestStore(url);
  const app = await buildApp({ db, clock, logger: false, ...rest });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  return { app, db };
}

/** Holds the event loop. */
function work(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

/** Requests of one caller, one after the other: how long after the one before, what was expected and what it took. */
const requests = fc.array(
  fc.record({ pause: fc.nat(20_000), expected: fc.nat(3_000), took: fc.nat(6_000), at: fc.nat(3) }),
  { maxLength: 80 },
);

t.test('in any span of time a caller is charged no more than a bucket, what flows in, and one request', async () => {
  const limit = costLimit(20_000);
  fc.assert(
    fc.property(requests, (asked) => {
      const ledger = openLedger(limit);
      const charged: { at: number; took: number }[] = [];
      let now = 0;
      for (const { pause, expected, took } of asked) {
        now += pause;
        const hold = ledger.hold('one', expected, now);
        if ('waitMs' in hold) {
          // Who comes back when told to is let in.
          const later = ledger.hold('one', expected, now + hold.waitMs);
          if ('waitMs' in later) return false;
          later.release();
          now += hold.waitMs;
          continue;
        }
        hold.take(took);
        ledger.charge('one', took, now);
        hold.release();
        charged.push({ at: now, took });
      }
      return charged.every((first, from) => {
        let sum = 0;
        return charged.slice(from).every(({ at, took }) => {
          // Of the last one nothing is asked: it was let in on what was left before.
          const before = sum;
          sum += took;
          return before <= limit.atOnce + ((at - first.at) * limit.perMinute) / 60_000 + Math.max(0, first.took) + 1e-6;
        });
      });
    }),
    { numRuns: 500 },
  );
});

t.test(
  'what is held back of a bucket for all who ask at once is never more than it holds, and others have their own',
  async () => {
    const limit = costLimit(4_000);
    const expected = fc.array(fc.integer({ min: 1, max: limit.atOnce }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(expected, (costs) => {
        const ledger = openLedger(limit);
        const holds = costs.map((cost) => ({ cost, hold: ledger.hold('many', cost, 0) }));
        const held = holds.reduce((sum, { cost, hold }) => ('waitMs' in hold ? sum : sum + cost), 0);
        if (held > limit.atOnce) return false;
        if ('waitMs' in ledger.hold('another', limit.atOnce, 0)) return false;
        for (const { hold } of holds) if (!('waitMs' in hold)) hold.release();
        return Math.abs(ledger.left('many', 0) - limit.atOnce) < 1e-6;
      }),
    );
  },
);

t.test('the time that work holds the event loop is charged to whom it is done for, and none of it twice', async (t) => {
  const charged = { one: 0, other: 0 };
  const accounts = {
    one: { charge: (taken: number) => (charged.one += taken) },
    other: { charge: (taken: number) => (charged.other += taken) },
  };
  const begun = performance.now();
  workFor(accounts.one);
  work(20);
  workFor(accounts.other);
  work(5);
  workFor(accounts.one);
  const othersTurn = takeTurns(0);
  await othersTurn();
  work(20);
  workFor(undefined);
  const whole = performance.now() - begun;
  work(5);
  await yieldTurn();
  t.ok(charged.one >= 40 && charged.other >= 5);
  t.ok(charged.one + charged.other <= whole);
});

t.test(
  'many small pieces that come at once leave the loop to others, and one caller’s many wait for no other’s',
  async (t) => {
    const order: string[] = [];
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const piece = async (caller: string) => {
      await takeTurn(caller);
      work(3);
      order.push(caller);
    };
    const many = Array.from({ length: 40 }, () => piece('many'));
    await Promise.all([...many, piece('few')]);
    counting = false;
    await yieldTurn();
    t.equal(order.length, 41, 'everyone comes');
    // Three of them fill a turn of 10 ms; what waits then is let in by caller, one and one.
    t.ok(order.indexOf('few') < 10, `${order.indexOf('few')} went before`);
    t.ok(turns >= 8, `the loop turned ${turns} times meanwhile`);
  },
);

function tellCallersApart(app: FastifyInstance): void {
  app.decorateRequest('counted');
  app.addHook('onRequest', async (request) => {
    request.counted = { key: String(request.headers['x-caller']), name: 'tested' };
  });
}

t.test(
  'a caller whose requests took too much is told when to come back, at whatever route, and nobody else is',
  async (t) => {
    const app = Fastify();
    t.teardown(() => app.close());
    tellCallersApart(app);
    registerCosts(app, 400).register();
    app.get('/dear', async () => work(150));
    app.get('/cheap', async () => 'ok');
    app.get('/health', { config: { essential: true } }, async () => 'ok');
    const ask = (url: string, caller: string) => app.inject({ url, headers: { 'x-caller': caller } });
    const first = await ask('/dear', 'one');
    t.equal(first.statusCode, 200);
    t.equal(first.headers['ratelimit-policy'], '"cost";q=400;w=60;qu="milliseconds"');
    t.match(first.headers.ratelimit, /^"cost";r=99;t=1$/);
    await yieldTurn();
    const refused = await ask('/cheap', 'one');
    t.equal(refused.statusCode, 429);
    // 50 ms beyond the bucket, at 400 ms in 60 s.
    t.ok(Number(refused.headers['retry-after']) >= 7, String(refused.headers['retry-after']));
    t.match(refused.headers.ratelimit, /^"cost";r=0;t=\d+$/);
    t.equal((await ask('/nowhere', 'one')).statusCode, 429, 'what is not there is charged too');
    t.equal((await ask('/health', 'one')).statusCode, 200);
    t.equal((await ask('/cheap', 'other')).statusCode, 200);
  },
);

t.test(
  'what is expected of a request is held back before anything is done: dear ones at once do not all get in',
  async (t) => {
    const { app, db } = await openApp(t, { limits: { costPerMinute: 2_000 } });
    const [one, other] = [await tokenFor(db), await tokenFor(db)];
    const list = (token: string) => app.inject({ url: '/v1/reports?first=500', headers: bearer(token) });
    const answers = await Promise.all(Array.from({ length: 32 }, () => list(one)));
    t.ok(answers.filter(({ statusCode }) => statusCode === 429).length > 20);
    t.equal((await list(other)).statusCode, 200);
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    t.match(refused?.json(), { type: '/problems/too-many-requests', detail: /2000.*[一-鿿]|[一-鿿].*2000/ });
  },
);

t.test('who sends the largest imports is refused nothing else meanwhile, and JSON is as dear as it was', async (t) => {
  const bucket = costLimit(20_000).atOnce;
  const { app, db } = await openApp(t, { limits: { costPerMinute: 20_000 } });
  signIn(app, await tokenFor(db));
  const leftBy = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) =>
    Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1]);
  /** An import of which nothing but the head came, once its body is waited for. */
  const begin = async () => {
    const body = new Readable({ read: () => undefined });
    const isWaitedFor = new Promise<void>((resolve) => {
      body._read = () => resolve();
    });
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': String(maxImportBytes) };
    const answer = app.inject({ method: 'POST', url: '/v1/imports', headers, payload: body });
    const tooSoon = answer.then(({ statusCode }) => Promise.reject(new Error(`answered ${statusCode} unread`)));
    await Promise.race([isWaitedFor, tooSoon]);
    return { body, answer };
  };
  // As much as one token may have under way.
  const imports = [await begin(), await begin()];
  const other = await app.inject(`/v1/imports/${randomUUID()}`);
  t.equal(other.statusCode, 404, 'its progress page is looked for, not refused');
  t.ok(leftBy(other) > 0.8 * bucket, String(other.headers.ratelimit));
  t.equal((await app.inject('/v1/reports?first=500')).statusCode, 200);
  for (const { body, answer } of imports) {
    body.push('{}\n');
    body.push(null);
    t.equal((await answer).statusCode, 200);
  }
  const json = { 'content-type': 'application/json', 'content-length': String(10 * 1024 * 1024) };
  const parsed = await app.inject({ method: 'POST', url: '/v1/reports', headers: json, payload: '{}' });
  t.ok(leftBy(parsed) <= bucket - 200, String(parsed.headers.ratelimit));
});

t.test('while the event loop is late, who holds it is refused, and not who only comes by', async (t) => {
  const app = Fastify();
  t.teardown(() => app.close());
  tellCallersApart(app);
  const { ledger, register } = registerCosts(app, 0);
  const load = { waitingWrites: () => 0, costsMost: (caller: string) => ledger.costsMost(caller, performance.now()) };
  registerLoadLimits(app, { loopDelayMs: 50 }, load);
  register();
  app.get('/dear', async () => work(400));
  app.get('/cheap', async () => 'ok');
  const ask = async (url: string, caller: string) =>
    (await app.inject({ url, headers: { 'x-caller': caller } })).statusCode;
  t.equal(await ask('/cheap', 'other'), 200);
  let answered = 0;
  while ((await ask('/dear', 'one')) === 200 && answered++ < 50) await sleep(1);
  t.ok(answered < 50, 'who holds it is refused after a while');
  t.equal(await ask('/cheap', 'other'), 200);
  t.equal(await ask('/cheap', 'one'), 503);
});

t.test('before the event loop was looked at for long enough, it is not late', async (t) => {
  const { app, db } = await openApp(t, { limits: { loopDelayMs: 500 } });
  signIn(app, await tokenFor(db));
  work(1_500);
  t.equal((await app.inject('/v1/forms')).statusCode, 200);
});

t.test('while a server settles after its start, nobody is refused for a late event loop', async (t) => {
  const { app, db } = await openApp(t, { limits: { loopDelayMs: 50, settlingMs: 60_000 } });
  signIn(app, await tokenFor(db));
  for (let turn = 0; turn < 4; turn++) {
    work(400);
    await sleep(1);
  }
  t.equal((await app.inject('/v1/forms')).statusCode, 200);
});

t.test('other work gets its turn within a commit, and a commit takes on no more than fits', async (t) => {
  const { app, db } = await openApp(t, { url: `sqlite:${scratch(t)}/x.db` });
  const before = writeLoadOf(db).commits;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let ended = 0;
  const pieces = Array.from({ length: 24 }, () =>
    inTransaction(db, {}, async () => {
      work(12);
      begin();
    }).then(() => ended++),
  );
  await begun;
  t.equal((await app.inject('/health/live')).statusCode, 200);
  t.equal((await app.inject('/v1/forms')).statusCode, 200);
  t.equal(ended, 0, 'health was answered before the commit ended');
  await Promise.all(pieces);
  t.ok(writeLoadOf(db).commits - before >= 3, 'of 288 ms, no commit had more than 100 and one piece');
});

const extensions = ['json', 'html', 'csv', 'docx', 'xlsx'];

/** Requests whose answers may be dear, of every such route, good and bad. */
const reads: readonly { readonly url: string; readonly headers?: Record<string, string> }[] = [
  { url: '/v1' },
  { url: '/openapi.json' },
  { url: '/docs/json' },
  ...extensions.flatMap((extension) => [
    { url: `/v1/reports/${qunfeng}/2024.${extension}` },
    { url: `/v1/rollups/431281/2024.${extension}` },
  ]),
  ...['text/html', 'application/json', 'text/csv, */*;q=0.1', 'image/png'].flatMap((accept) => [
    { url: `/v1/reports/${qunfeng}/2024`, headers: { accept } },
    { url: '/v1/rollups/431281/2024?include=ALL', headers: { accept } },
  ]),
  { url: `/v1/reports/${qunfeng}/2024`, headers: { 'if-none-match': '*' } },
  { url: `/v1/reports/${qunfeng}/2024.html`, headers: { 'if-none-match': '*' } },
  { url: `/v1/agencies/${qunfeng}/blank-form/2024.xlsx` },
  { url: '/v1/reports' },
  { url: '/v1/reports?first=1&division=431281' },
  { url: '/v1/reports?first=501' },
  { url: '/v1/reports?nonsense=1', headers: { 'accept-language': 'en' } },
  { url: '/v1/divisions?first=2&parent=100000' },
  { url: '/v1/agencies?division=431281&first=2' },
  { url: '/v1/agencies?division=431281&year=2024&missing=true', headers: { origin: 'https://site.example' } },
  { url: '/v1/agencies?division=999999', headers: { 'accept-language': 'zh' } },
  { url: '/v1/changes' },
  { url: '/v1/changes?since=nonsense' },
  { url: '/v1/audit?first=3' },
  { url: '/graphql?query={division(code:"431281"){statistics(years:[2024]){coverage{missing{totalCount}}}}}' },
  { url: '/graphql?query={reports(first:1){totalCount}}', headers: { accept: 'application/graphql-response+json' } },
];

t.test('what a thread answers is what would have been answered here, to the byte, to whoever asks', async (t) => {
  const options: Partial<AppOptions> = { corsOrigins: ['https://site.example'], sample: true };
  const { app, db } = await openApp(t, {
    url: `sqlite:${scratch(t)}/x.db`,
    ...options,
    readers: { threads: 1, dearFrom: 0 },
  });
  const here = await buildApp({ db, clock, logger: false, ...options });
  t.teardown(() => here.close());
  const admin = await tokenFor(db);
  const payload = { ...filingBody(), year: 2024, agency: qunfeng };
  const filed = await app.inject({ method: 'POST', url: '/v1/reports', headers: bearer(admin), payload });
  t.equal(filed.statusCode, 201, filed.body);
  const callers = [bearer(admin), {}, bearer(await tokenFor(db, { scope: 'read', division: '431202' }))];
  const posts = [
    '{ division(code: "431281") { name statistics(years: [2024]) { reports: coverage { reported } } } }',
    '{ reports(first: 2) { nodes { agency { code } } } }',
  ].map((query) => ({ method: 'POST' as const, url: '/graphql', payload: { query } }));
  let compared = 0;
  for (const [place, caller] of callers.entries()) {
    for (const read of [...reads, ...posts]) {
      // What is printed is the same for all who may read it, and takes long; so is what HEAD leaves out.
      if (place > 0 && /docx|xlsx/.test(read.url)) continue;
      const both = place > 0 ? (['GET'] as const) : (['GET', 'HEAD'] as const);
      const methods = 'method' in read ? ([read.method] as const) : both;
      for (const method of methods) {
        const asked = { ...read, method, headers: { ...('headers' in read ? read.headers : {}), ...caller } };
        const [elsewhere, inPlace] = [await app.inject(asked), await here.inject(asked)];
        const name = `${method} ${read.url} ${JSON.stringify(asked.headers)}`;
        t.same(partsOf(elsewhere), partsOf(inPlace), name);
        compared++;
      }
    }
  }
  const metrics = (await app.inject({ url: '/metrics', headers: bearer(admin) })).body;
  const answered = Number(/xiangbao_dear_reads_total\{end="answered"\} (\d+)/.exec(metrics)?.[1]);
  // Without a token the log is refused before it is read.
  t.ok(answered > compared / 2, `${answered} of ${compared} were answered by the thread`);
});

/** What is the same of two answers; printed files hold the time at which they were made. */
function partsOf({ statusCode, headers, body }: { statusCode: number; headers: object; body: string }) {
  const {
    date: _date,
    'x-request-id': _id,
    'content-length': length,
    ...same
  } = { ...headers } as Record<string, unknown>;
  const isZip = /officedocument/.test(String(same['content-type']));
  return { statusCode, headers: same, ...(!isZip && { length, body: body.replace(/urn:uuid:[\w-]+/, '') }) };
}

t.test(
  'a read that takes too long or too much memory is given up, the service goes on, and the next is answered',
  async (t) => {
    const { app, db } = await openApp(t, {
      url: `sqlite:${scratch(t)}/x.db`,
      readers: { threads: 1, dearFrom: 0, givenUpAfter: 1 },
    });
    signIn(app, await tokenFor(db));
    const url = '/v1/rollups/431281/2024.docx';
    const slow = await app.inject(url);
    t.equal(slow.statusCode, 503);
    t.match(slow.headers['retry-after'], /^\d+$/);
    t.match(slow.json(), { type: '/problems/overloaded' });
    t.equal((await app.inject('/health/ready')).statusCode, 200);
    const { app: small, db: other } = await openApp(t, {
      url: `sqlite:${scratch(t)}/x.db`,
      readers: { threads: 1, dearFrom: 0, megabytes: 4 },
    });
    signIn(small, await tokenFor(other));
    t.equal((await small.inject(url)).statusCode, 503);
    t.equal(
      (await small.inject(url)).statusCode,
      503,
      'a thread that cannot begin refuses what was to be read, one by one',
    );
    t.equal((await small.inject('/v1/forms')).statusCode, 200);
  },
);

t.test('one caller has a share of those that wait for a thread', async (t) => {
  const { app, db } = await openApp(t, {
    url: `sqlite:${scratch(t)}/x.db`,
    readers: { threads: 1, dearFrom: 0, waiting: 8 },
  });
  const [one, other] = [await tokenFor(db), await tokenFor(db)];
  const ask = (token: string) => app.inject({ url: '/v1/divisions', headers: bearer(token) });
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () => ask(one)),
    ...Array.from({ length: 3 }, () => ask(other)),
  ]);
  const count = (list: typeof answers, status: number) => list.filter(({ statusCode }) => statusCode === status).length;
  t.equal(count(answers.slice(0, 6), 429), 3);
  t.equal(count(answers.slice(0, 6), 200), 3, 'one at work and a quarter of eight that wait');
  t.equal(count(answers.slice(6), 200), 2);
  t.equal(count(answers.slice(6), 429), 1);
});

t.test(
  'four callers whose reads fill every place keep no fifth out; whose place is taken is told 429 and when to come back',
  async (t) => {
    const { app, db } = await openApp(t, {
      url: `sqlite:${scratch(t)}/x.db`,
      readers: { threads: 1, dearFrom: 0, waiting: 8 },
    });
    const tokens = [await tokenFor(db), await tokenFor(db), await tokenFor(db), await tokenFor(db)];
    const fifth = await tokenFor(db);
    const ask = (token: string) => app.inject({ url: '/v1/divisions', headers: bearer(token) });
    // One is at work, and eight wait.
    const [first = fifth] = tokens;
    const asking = [first, ...tokens, ...tokens].map(ask);
    t.equal((await ask(fifth)).statusCode, 200);
    const refused = (await Promise.all(asking)).filter(({ statusCode }) => statusCode !== 200);
    t.equal(refused.length, 1);
    t.equal(refused[0]?.statusCode, 429);
    t.match(refused[0]?.headers['retry-after'], /^\d+$/);
    t.match(refused[0]?.json(), { type: '/problems/too-many-requests' });
  },
);
