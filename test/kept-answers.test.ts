/** Answers that are kept: none is given that would be made otherwise now, whoever asks, in whatever language and coding. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { openStore } from '../src/store/engine/open.js';
import type { PublicReading } from '../src/words.js';
import { bearer, filingBody, hongjiang, scratch, tokenFor } from './builders.js';
import { type Act, acts, everyAddress } from './random-acts.js';
import { acceptedFigures, agencies, finding, makeWorld, neighbour, secretsOf } from './two-stores.js';

const json = { 'content-type': 'application/json' };

type Headers = Readonly<Record<string, string>>;

t.setTimeout(600_000);

/** One round: what is done, by which of two processes, how many hours pass, and what is asked. */
const round = fc.record({
  act: fc.option(acts, { nil: undefined, freq: 8 }),
  by: fc.constantFrom('this', 'this', 'this', 'another'),
  hours: fc.constantFrom(0, 0, 0, 0, 0, 13, 24 * 40),
  asked: fc.array(fc.nat(100_000), { minLength: 8, maxLength: 8 }),
});

/** Ways to ask the same: none is answered by what was kept of another. */
const manners: readonly Headers[] = [
  {},
  { 'accept-language': 'zh', 'accept-encoding': 'br, gzip' },
  { 'accept-language': 'en', 'accept-encoding': 'gzip' },
];

/** Headers that differ with each request, or say how the bytes are written. */
const ofRequests = [
  'x-request-id',
  'date',
  'connection',
  'content-length',
  'content-encoding',
  'etag',
  'transfer-encoding',
];

function bodyOf({ headers, rawPayload }: LightMyRequestResponse): Buffer {
  const coding = headers['content-encoding'];
  if (coding === 'br') return brotliDecompressSync(rawPayload);
  return coding === 'gzip' ? gunzipSync(rawPayload) : rawPayload;
}

/** What an answer says, without what differs with each request and each writing of a document. */
function told(answer: LightMyRequestResponse) {
  const headers = Object.entries(answer.headers).filter(([name]) => !ofRequests.includes(name));
  const etag = String(answer.headers.etag ?? '').replace(/-(?:br|gzip)"$/, '"');
  const type = String(answer.headers['content-type'] ?? '');
  const body = /json|^text/.test(type) ? bodyOf(answer).toString() : '';
  // A failure names the request that it is of.
  return JSON.stringify({
    status: answer.statusCode,
    headers: headers.sort(),
    etag,
    body: body.replace(/"instance":"[^"]*"/, ''),
  });
}

/** A store in a file, with what two counties filed; an app that keeps, one that does not, and one of another process. */
async function openWorld(url: string | undefined, open: PublicReading) {
  const [accepted] = fc.sample(acceptedFigures, { numRuns: 1, seed: 1 });
  const [here] = fc.sample(secretsOf('甲'), { numRuns: 1, seed: 1 });
  const [there] = fc.sample(secretsOf('乙'), { numRuns: 1, seed: 2 });
  if (!accepted || !here || !there) throw new Error('a sample of one has one');
  const world = await makeWorld(accepted, here, there, url);
  const time = { now: Date.parse('2026-11-24T04:00:00Z') };
  // A store in memory has one process.
  const theirs = url === undefined ? world.db : await openStore(url);
  const common = { clock: () => new Date(time.now), logger: false, publicReading: open } as const;
  const app = await buildApp({ db: world.db, ...common });
  const fresh = await buildApp({ db: world.db, ...common, keptAnswersMib: 0 });
  const other = await buildApp({ db: theirs, ...common, keptAnswersMib: 0 });
  const nation = bearer(await tokenFor(world.db));
  const readers: readonly Headers[] = [
    {},
    bearer(await tokenFor(world.db, { scope: 'read', division: hongjiang })),
    bearer(await tokenFor(world.db, { scope: 'file', division: neighbour })),
    bearer(await tokenFor(world.db, { scope: 'file', agency: agencies.corrected })),
    bearer(await tokenFor(world.db, { scope: 'review', division: hongjiang })),
    nation,
  ];
  const act = (does: Act, by: FastifyInstance) =>
    does((method, to, body) =>
      by.inject({
        ...{ method, url: to },
        headers: { ...(body && json), ...nation, 'if-match': '*', prefer: 'handling=lenient' },
        ...(body && { payload: JSON.stringify(body) }),
      }),
    );
  // Exports are kept by themselves, in files, and named by when they were made.
  const addresses = everyAddress(world.imported).filter((address) => !address.startsWith('/v1/exports'));
  const close = async () => {
    for (const one of [app, fresh, other]) await one.close();
    if (theirs !== world.db) await theirs.destroy();
    await world.close();
  };
  return { app, fresh, other, act, nation, readers, time, close, addresses };
}

/** How an address is asked: by GET, or where it is a query of GraphQL by POST. */
function asked(url: string, headers: Headers, how: number) {
  const query = new URL(url, 'http://x').searchParams.get('query');
  if (query === null || how % 2 === 0) return { method: 'GET', url, headers } as const;
  return {
    method: 'POST',
    url: '/graphql',
    headers: { ...headers, ...json },
    payload: JSON.stringify({ query }),
  } as const;
}

async function keptSoFar(app: FastifyInstance, nation: Headers): Promise<number> {
  const { body } = await app.inject({ url: '/metrics', headers: nation });
  return Number(/^xiangbao_readings_total\{from="kept"\} (\d+)/m.exec(body)?.[1] ?? 0);
}

for (const open of ['accepted', 'filed'] as const satisfies readonly PublicReading[]) {
  t.test(`whatever is done, what is kept is what would be made: ${open} is public`, async (t) => {
    const counted = { answered: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 12, maxLength: 12 }), async (rounds) => {
        const world = await openWorld(`sqlite:${scratch(t)}/x.db`, open);
        const { app, fresh, other, addresses, readers, time } = world;
        try {
          // What is asked again in every round, beside what is asked by chance.
          const hot = addresses.map((_, index) => index).filter((index) => index % 23 === 8);
          for (const { act, by, hours, asked: some } of rounds) {
            if (act) await world.act(act, by === 'this' ? app : other);
            time.now += hours * 3_600_000;
            for (const at of [...hot, ...some]) {
              const who = at % readers.length;
              const request = asked(
                addresses[at % addresses.length] ?? '',
                { ...readers[who], ...manners[at % manners.length] },
                at >> 3,
              );
              const [given, made] = [await app.inject(request), await fresh.inject(request)];
              counted.answered++;
              if (told(given) === told(made)) continue;
              throw new Error(
                `${request.url} of reader ${who}:\n${told(given).slice(0, 2_000)}\n${told(made).slice(0, 2_000)}`,
              );
            }
          }
          counted.kept += await keptSoFar(app, readers.at(-1) ?? {});
        } finally {
          await world.close();
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
    t.ok(counted.kept > 20, `${counted.kept} of ${counted.answered} answers were kept`);
  });
}

/** Acts that touch a few divisions only, each as it is done once: of agencies that stayed, moved, and went into another. */
const narrowActs: Readonly<Record<string, Act>> = {
  'what moved since is corrected where it was': (send) => revise(send, agencies.moved, 2021, 31),
  'what went into another since is corrected': (send) => revise(send, agencies.merged, 2021, 32),
  'what stayed is corrected': (send) => revise(send, agencies.other, 2021, 33),
  'what moved since is accepted': (send) => decide(send, agencies.moved, 2021, 'ACCEPTED'),
  'what stayed is accepted': (send) => decide(send, agencies.other, 2022, 'ACCEPTED'),
  'that is returned': (send) => decide(send, agencies.other, 2022, 'RETURNED'),
  'a finding is explained': (send) =>
    send('PUT', `/v1/reports/${agencies.corrected}/2021/notes`, {
      ...finding,
      standing: 'EXPLAINED',
      text: '另一说明',
    }),
  'a filing is refused': (send) =>
    send('POST', '/v1/reports', { ...filingBody({ agency: agencies.silent, year: 2022 }), form: '不是格式' }),
  'what moved since is withdrawn': (send) => send('DELETE', `/v1/reports/${agencies.moved}/2021?reason=x`),
  'what went into another is withdrawn': (send) => send('DELETE', `/v1/reports/${agencies.merged}/2021?reason=x`),
};

type Send = Parameters<Act>[0];

function revise(send: Send, agency: string, year: number, count: number) {
  const figures = { 'decisions.penalties.decided': count, 'applications.newReceived.naturalPerson': count };
  return send('PUT', `/v1/reports/${agency}/${year}`, filingBody({ agency, year, reason: '改', figures }));
}

async function decide(send: Send, agency: string, year: number, decision: 'ACCEPTED' | 'RETURNED') {
  // The current revision is one of the first few.
  for (const revision of [1, 2, 3, 4, 5]) {
    const reason = decision === 'RETURNED' && { reason: '退' };
    const answer = await send('POST', `/v1/reports/${agency}/${year}/reviews`, { decision, revision, ...reason });
    if (answer.statusCode < 300) return answer;
  }
  throw new Error(`nothing was decided of ${agency}`);
}

t.test('after each act that touches a few divisions, what is answered is as it is now', async (t) => {
  const { app, fresh, act, nation, close, addresses } = await openWorld(undefined, 'filed');
  t.teardown(close);
  // What is nearest to the acts, and a part of all else.
  const near = [hongjiang, neighbour].flatMap((division) => [
    `/v1/divisions/${division}/filings/2022`,
    `/v1/divisions/${division}/findings/2021`,
    `/v1/rollups/${division}/2021`,
    `/v1/rollups/${division}/2021?boundaries=2023-12-31`,
    `/v1/reports?division=${division}`,
    `/v1/statistics.csv?division=${division}&by=agency&years=2021`,
    `/graphql?query=${encodeURIComponent(`{ county(code: "${division}") { statistics(years: [2021, 2022]) { decisions { penalties { decided } } coverage { accepted } } agencies(first: 99) { nodes { code statistics(years: [2021]) { decisions { penalties { decided } } } } } } }`)}`,
  ]);
  const ofAgencies = [agencies.moved, agencies.merged, agencies.successor, agencies.corrected].flatMap((agency) => [
    `/v1/reports/${agency}/2021`,
    `/v1/reports/${agency}/2022`,
  ]);
  const some = [...near, '/v1/rollups/100000/2021', ...ofAgencies, ...addresses.filter((_, at) => at % 23 === 0)];
  const ask = async (by: FastifyInstance, at: number) =>
    told(await by.inject(asked(some[at] ?? '', at % 2 === 0 ? nation : {}, at >> 1)));
  const known: string[] = [];
  for (const at of some.keys()) known.push(await ask(app, at));
  for (const [title, does] of Object.entries(narrowActs)) {
    await act(does, app);
    const old: string[] = [];
    let changed = 0;
    for (const [at, address] of some.entries()) {
      const [given, made] = [await ask(app, at), await ask(fresh, at)];
      if (given !== made) old.push(address);
      if (made !== known[at]) changed++;
      known[at] = made;
    }
    t.same(old, [], title);
    t.ok(changed > 0, `${title}: ${changed} of ${some.length} answers changed`);
  }
  t.ok((await keptSoFar(app, nation)) > 50);
});

t.test('an answer comes in the coding that is taken, under a tag by which it is known and revised', async (t) => {
  const { app, nation, close } = await openWorld(undefined, 'filed');
  t.teardown(close);
  const url = `/v1/reports/${agencies.other}/2021`;
  const plain = await app.inject({ url, headers: nation });
  const plainTag = String(plain.headers.etag);
  for (const [taken, coding] of [
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['gzip;q=0, br;q=0', undefined],
    ['deflate', undefined],
    ['*', 'br'],
  ] as const) {
    const headers = { ...nation, 'accept-encoding': taken };
    for (const answer of [await app.inject({ url, headers }), await app.inject({ url, headers })]) {
      t.equal(answer.headers['content-encoding'], coding, taken);
      t.same(bodyOf(answer), plain.rawPayload, taken);
      t.match(answer.headers.vary, /\bAccept-Encoding\b/);
      t.equal(answer.headers.etag, coding ? plainTag.replace(/"$/, `-${coding}"`) : plainTag, taken);
      const again = await app.inject({ url, headers: { ...headers, 'if-none-match': String(answer.headers.etag) } });
      t.same([again.statusCode, again.headers.etag, again.body], [304, answer.headers.etag, ''], taken);
    }
  }
  const body = JSON.stringify(filingBody({ agency: agencies.other, year: 2021, reason: '改' }));
  const put = { ...nation, ...json, prefer: 'handling=lenient', 'if-match': plainTag.replace(/"$/, '-br"') };
  t.equal((await app.inject({ method: 'PUT', url, headers: put, payload: body })).statusCode, 200);
});

t.test('what holds a secret, is short, is a failure or a workbook is not compressed', async (t) => {
  const { app, nation, close } = await openWorld(undefined, 'filed');
  t.teardown(close);
  const headers = { ...nation, ...json, 'accept-encoding': 'br' };
  const grants = Array.from({ length: 20 }, () => ({ scope: 'read', division: hongjiang }));
  const answers = [
    await app.inject({ method: 'POST', url: '/v1/tokens', headers, payload: JSON.stringify({ name: '甲', grants }) }),
    await app.inject({ url: `/v1/divisions/${hongjiang}/locks`, headers: { 'accept-encoding': 'br' } }),
    await app.inject({ url: '/v1/rollups/999999/2021', headers }),
    await app.inject({ url: `/v1/reports/${agencies.other}/2021.xlsx`, headers }),
  ];
  t.same(
    answers.map((answer) => answer.headers['content-encoding']),
    [undefined, undefined, undefined, undefined],
  );
});

t.test(
  'strangers share what is kept, and so do tokens with the same rights; what names who asks is their own',
  async (t) => {
    const { app, act, nation, close } = await openWorld(undefined, 'accepted');
    t.teardown(close);
    const made: Record<string, string> = {};
    for (const name of ['甲', '乙'] as const) {
      const grants = [{ scope: 'read', division: hongjiang }];
      await act(async (send) => {
        const answer = await send('POST', '/v1/tokens', { name, grants });
        made[name] = JSON.parse(answer.body).token;
        return answer;
      }, app);
    }
    const url = `/v1/rollups/${hongjiang}/2021`;
    const hits = async (ask: () => Promise<unknown>) => {
      const before = await keptSoFar(app, nation);
      await ask();
      return (await keptSoFar(app, nation)) - before;
    };
    const by = (name: string) => app.inject({ url, headers: bearer(made[name] ?? '') });
    t.equal(await hits(() => by('甲')), 0);
    t.equal(await hits(() => by('乙')), 1);
    t.equal(await hits(() => app.inject({ url })), 0);
    t.equal(await hits(() => app.inject({ url, remoteAddress: '192.0.2.9' })), 1);
    const own = (name: string) => app.inject({ url: '/v1/subscriptions', headers: bearer(made[name] ?? '') });
    t.equal(await hits(() => own('甲')), 0);
    t.equal(await hits(() => own('乙')), 0);
  },
);
