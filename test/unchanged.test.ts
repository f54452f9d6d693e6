/** Answers that did not change: entity tags, who may keep what, and that a 304 is answered only where the answer is the same. */
import fc from 'fast-check';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import t from 'tap';
import { type AppOptions, buildApp } from '../src/app.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import type { PublicReading } from '../src/words.js';
import { bearer, filingBody, hongjiang, openTestStore, qunfeng, scratch, tokenFor } from './builders.js';
import { acts, everyAddress } from './random-acts.js';
import { acceptedFigures, agencies, makeWorld, secretsOf } from './two-stores.js';

const json = { 'content-type': 'application/json' };

type Headers = Readonly<Record<string, string>>;

t.setTimeout(600_000);

/** One round: what is done, how many hours pass, and what is asked. */
const round = fc.record({
  act: fc.option(acts, { nil: undefined }),
  hours: fc.constantFrom(0, 0, 0, 1, 13, 24 * 40),
  asked: fc.array(fc.nat(100_000), { minLength: 12, maxLength: 12 }),
});

interface Seen {
  readonly etag: string;
  readonly body: string;
}

/** What of an answer to a reading is compared: not what differs with each request. */
const told = (answer: LightMyRequestResponse) => {
  const { etag, vary, 'cache-control': kept } = answer.headers;
  return { status: answer.statusCode, etag, vary, kept };
};

/** Asks with a tag and without, and says how the two answers contradict each other. */
async function contradiction(app: FastifyInstance, url: string, headers: Headers, seen: Seen | undefined) {
  const conditional = seen && (await app.inject({ url, headers: { ...headers, 'if-none-match': seen.etag } }));
  const full = await app.inject({ url, headers });
  const again = full.statusCode === 200 && full.headers.etag ? { etag: full.headers.etag, body: full.body } : undefined;
  if (!conditional) return { again, hit: false, fault: undefined };
  const hit = conditional.statusCode === 304;
  const same = full.statusCode === 200 && full.headers.etag === seen.etag;
  // A weak tag is of what a document says, not of its bytes.
  const strong = !seen.etag.startsWith('W/');
  if (hit && !same) return { again, hit, fault: '304 for an answer that is another one' };
  if (hit && strong && full.body !== seen.body) return { again, hit, fault: 'one tag for two bodies' };
  if (!hit && same) return { again, hit, fault: 'the whole answer to who has it' };
  if (!hit && conditional.statusCode !== full.statusCode) return { again, hit, fault: 'another status' };
  if (hit && JSON.stringify({ ...told(conditional), status: 200 }) !== JSON.stringify(told(full))) {
    return { again, hit, fault: `other headers: ${JSON.stringify([told(conditional), told(full)])}` };
  }
  return { again, hit, fault: undefined };
}

for (const open of ['accepted', 'filed', 'none'] as const satisfies readonly PublicReading[]) {
  t.test(`whatever is done, a 304 stands for the answer that would be made: ${open} is public`, async (t) => {
    const counted = { rounds: 0, unchanged: 0, answered: 0 };
    const [accepted] = fc.sample(acceptedFigures, { numRuns: 1, seed: 1 });
    const [here] = fc.sample(secretsOf('甲'), { numRuns: 1, seed: 1 });
    const [there] = fc.sample(secretsOf('乙'), { numRuns: 1, seed: 2 });
    if (!accepted || !here || !there) throw new Error('a sample of one has one');
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 9, maxLength: 9 }), async (rounds) => {
        const world = await makeWorld(accepted, here, there);
        let now = Date.parse('2026-11-24T04:00:00Z');
        const app = await buildApp({ db: world.db, clock: () => new Date(now), logger: false, publicReading: open });
        try {
          const nation = bearer(await tokenFor(world.db));
          const readers: readonly Headers[] = [
            {},
            bearer(await tokenFor(world.db, { scope: 'read', division: hongjiang })),
            bearer(await tokenFor(world.db, { scope: 'file', agency: agencies.corrected })),
            nation,
          ];
          const addresses = everyAddress(world.imported);
          const seen = new Map<string, Seen>();
          // What is asked again in every round, beside what is asked by chance.
          const hot = addresses.map((_, index) => index).filter((index) => index % 23 === 0);
          for (const { act, hours, asked } of rounds) {
            await act?.((method, url, body) =>
              app.inject({
                ...{ method, url },
                headers: { ...(body && json), ...nation, 'if-match': '*', prefer: 'handling=lenient' },
                ...(body && { payload: JSON.stringify(body) }),
              }),
            );
            now += hours * 3_600_000;
            for (const at of [...hot, ...asked]) {
              const url = addresses[at % addresses.length] ?? '';
              const who = (at + counted.rounds) % readers.length;
              const key = `${who} ${url}`;
              const found = await contradiction(app, url, readers[who] ?? {}, seen.get(key));
              if (found.fault) throw new Error(`${found.fault}: ${url} of reader ${who}`);
              if (found.again) seen.set(key, found.again);
              counted.answered++;
              if (found.hit) counted.unchanged++;
            }
            counted.rounds++;
          }
        } finally {
          await app.close();
          await world.close();
        }
      }),
      { numRuns: open === 'accepted' ? 2 : 1, endOnFailure: true },
    );
    t.comment(JSON.stringify(counted));
    t.ok(counted.unchanged > 20, `${counted.unchanged} of ${counted.answered} answers were unchanged`);
  });
}

/** The app over a file with one report filed and accepted, as one of several processes has it. */
async function openApp(db: Db, options: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  return buildApp({ db, clock: () => new Date('2026-11-24T04:00:00Z'), logger: false, ...options });
}

const rollup = `/v1/rollups/${hongjiang}/2021`;

async function fileAt(app: FastifyInstance, token: string, count: number): Promise<void> {
  const revises = count > 1 && { 'if-match': '*' };
  const sent = { ...json, ...bearer(token), ...revises, prefer: 'handling=lenient' };
  const { statusCode } = await app.inject({
    ...{ method: 'PUT', url: `/v1/reports/${qunfeng}/2021`, headers: sent },
    payload: JSON.stringify(
      filingBody({ year: 2021, reason: '改', figures: { 'decisions.penalties.decided': count } }),
    ),
  });
  if (statusCode >= 300) throw new Error(`the report was not filed: ${statusCode}`);
}

t.test('what another process writes changes the answers of this one, and what it only reads does not', async (t) => {
  const url = `sqlite:${scratch(t)}/x.db`;
  const mine = await openTestStore(url);
  const theirs = await openStore(url);
  const [app, other] = [await openApp(mine), await openApp(theirs)];
  t.teardown(async () => {
    for (const one of [app, other]) await one.close();
    for (const db of [mine, theirs]) await db.destroy();
  });
  const token = await tokenFor(mine);
  const asked = { url: rollup, headers: bearer(token) };
  const { etag = '' } = (await app.inject(asked)).headers;
  const again = async () =>
    (await app.inject({ ...asked, headers: { ...asked.headers, 'if-none-match': String(etag) } })).statusCode;
  t.equal(await again(), 304);
  await other.inject(asked);
  t.equal(await again(), 304);
  await fileAt(other, token, 1);
  t.equal(await again(), 200);
});

t.test('who has an answer is told so though it was made in a thread, until something is written', async (t) => {
  const db = await openTestStore(`sqlite:${scratch(t)}/x.db`);
  const app = await openApp(db, { readers: { threads: 1, dearFrom: 0 } });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const token = await tokenFor(db);
  for (const headers of [{}, bearer(token)]) {
    const first = await app.inject({ url: rollup, headers });
    const asked = { url: rollup, headers: { ...headers, 'if-none-match': String(first.headers.etag) } };
    t.equal((await app.inject(asked)).statusCode, 304);
    await fileAt(app, token, 1 + Object.keys(headers).length);
    t.equal((await app.inject(asked)).statusCode, 200);
  }
});

t.test('a token that was ended, and one that has expired, is refused and not told that nothing changed', async (t) => {
  const db = await openTestStore();
  let now = new Date('2026-11-24T04:00:00Z');
  const app = await openApp(db, { clock: () => now });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const nation = bearer(await tokenFor(db));
  const made = await app.inject({
    ...{ method: 'POST', url: '/v1/tokens', headers: { ...json, ...nation } },
    payload: JSON.stringify({
      ...{ name: '短', grants: [{ scope: 'read', division: hongjiang }], expiresAt: '2026-11-24T06:00:00Z' },
    }),
  });
  const brief = bearer(made.json().token);
  const lasting = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }, '长'));
  const statusWith = async (headers: Headers, etag: string) =>
    (await app.inject({ url: rollup, headers: { ...headers, 'if-none-match': etag } })).statusCode;
  const tag = async (headers: Headers) => String((await app.inject({ url: rollup, headers })).headers.etag);
  const [ofBrief, ofLasting] = [await tag(brief), await tag(lasting)];
  t.equal(await statusWith(brief, ofBrief), 304);
  t.equal(await statusWith(lasting, ofLasting), 304);
  now = new Date('2026-11-24T07:00:00Z');
  t.equal(await statusWith(brief, ofBrief), 401);
  t.equal(await statusWith(lasting, ofLasting), 304);
  const listed = (await app.inject({ url: '/v1/tokens', headers: nation })).json().items;
  const { id } = listed.find(({ name }: { name: string }) => name === '长');
  await app.inject({ method: 'DELETE', url: `/v1/tokens/${id}`, headers: nation });
  t.equal(await statusWith(lasting, ofLasting), 401);
  t.equal(await statusWith({}, ofLasting), await statusWith({}, ofLasting));
});

t.test(
  'what strangers are answered anybody may keep, what a token is answered its holder, and a failure nobody',
  async (t) => {
    const db = await openTestStore();
    const app = await openApp(db);
    t.teardown(async () => {
      await app.close();
      await db.destroy();
    });
    const token = bearer(await tokenFor(db));
    const query = `/graphql?query=${encodeURIComponent(`{ county(code: "${hongjiang}") { name } }`)}`;
    for (const url of [rollup, query, '/v1/agencies?division=431281']) {
      const open = await app.inject(url);
      const own = await app.inject({ url, headers: token });
      t.equal(open.headers['cache-control'], 'public, no-cache', url);
      t.equal(own.headers['cache-control'], 'private, no-cache', url);
      for (const { headers } of [open, own]) t.match(headers.vary, /\bAuthorization\b/, url);
    }
    const nothing = `/graphql?query=${encodeURIComponent('{ county { name } }')}`;
    for (const url of ['/v1/rollups/999999/2021', '/v1/nothing', nothing, '/v1/tokens']) {
      const { headers } = await app.inject(url);
      t.equal(headers.etag, undefined, url);
      if (url !== '/v1/nothing') t.equal(headers['cache-control'], 'no-store', url);
    }
    const posted = await app.inject({
      ...{ method: 'POST', url: '/graphql', headers: json },
      payload: JSON.stringify({ query: '{ __typename }' }),
    });
    t.equal(posted.headers.etag, undefined);
  },
);

t.test('a 304 holds back little of the bucket of who asks, however dear the answer is', async (t) => {
  const db = await openTestStore();
  const app = await openApp(db, { limits: { costPerMinute: 2_000 } });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const url = '/v1/rollups/100000/2021';
  // Strangers with a full bucket each.
  const ask = (remoteAddress: string, headers: Headers = {}) => app.inject({ url, headers, remoteAddress });
  const left = ({ headers }: LightMyRequestResponse) => Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1]);
  const first = await ask('192.0.2.1');
  const again = await ask('192.0.2.2', { 'if-none-match': String(first.headers.etag) });
  t.same([first.statusCode, again.statusCode], [200, 304]);
  t.ok(left(first) < 490, `${left(first)} of 500 are left beside the answer`);
  t.ok(left(again) > 495, `${left(again)} of 500 are left beside the 304`);
});

t.test('a header that is no list of tags is refused, a weak tag and a star stand for the answer', async (t) => {
  const db = await openTestStore();
  const app = await openApp(db);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const { etag } = (await app.inject(rollup)).headers;
  const statusOf = async (tag: string) =>
    (await app.inject({ url: rollup, headers: { 'if-none-match': tag } })).statusCode;
  for (const tag of [String(etag), `W/${etag}`, `"a", ${etag}`, '*']) t.equal(await statusOf(tag), 304, tag);
  t.equal(await statusOf('"a"'), 200);
  t.equal(await statusOf('a'), 400);
});
