/** Who sees what: sums by default, and that no answer depends on what its reader may not see. */

import fc from 'fast-check';
import t from 'tap';
import { buildApp } from '../src/app.js';
import type { NamedFigures } from '../src/form/figures.js';
import { formOf } from '../src/form/forms.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Inclusion } from '../src/words.js';
import {
  act,
  balancedFigures,
  bearer,
  clock,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  tokenFor,
} from './builders.js';
import { holdToDocument } from './contract.js';

const neighbour = '431202';
const json = { 'content-type': 'application/json' };

type Headers = Readonly<Record<string, string>>;
type App = Awaited<ReturnType<typeof buildApp>>;

async function openFor(publicReading: 'filed' | 'accepted' | 'none', db: Db): Promise<App> {
  const app = await buildApp({ db, clock, logger: false, publicReading });
  holdToDocument(app);
  return app;
}

/** What a sum was of, as each of three ways of asking says it, or the status that refuses it. */
async function askedThreeWays(app: App, headers: Headers, division: string, include: Inclusion | undefined) {
  const query = include ? `include=${include}` : '';
  const rest = await app.inject({ url: `/v1/rollups/${division}/2021?${query}`, headers });
  const lines = await app.inject({
    url: `/v1/exports/rollups.ndjson?year=2021&division=${division}&${query}`,
    headers,
  });
  const argument = include ? `, include: ${include}` : '';
  const graph = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { ...json, ...headers },
    payload: JSON.stringify({
      query: `{ division(code: "${division}") { statistics(years: [2021]${argument}) { includes decisions { penalties { decided } } } } }`,
    }),
  });
  const { data, errors } = graph.json();
  const own =
    lines.statusCode === 200 ? linesOf(lines.body).find((line) => line.division.code === division) : undefined;
  return {
    rest:
      rest.statusCode === 200
        ? [rest.json().includes, rest.json().figures.decisions.penalties.decided]
        : rest.statusCode,
    graph: errors
      ? errors[0].extensions.status
      : [data.division.statistics[0].includes, data.division.statistics[0].decisions?.penalties.decided ?? null],
    lines: own ? [own.includes, own.figures.decisions.penalties.decided] : lines.statusCode,
  };
}

const linesOf = (body: string) =>
  body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** 群峰乡 with 5 penalties accepted and 8 in a correction that nobody looked at yet, its neighbour's 100 only filed. */
async function storeWithSecret(): Promise<Db> {
  const db = await openTestStore();
  const app = await openFor('accepted', db);
  const headers = { ...json, ...bearer(await tokenFor(db)) };
  const filed = async (body: object, method: 'POST' | 'PUT' = 'POST') => {
    const { agency } = body as { agency: string };
    const url = method === 'POST' ? '/v1/reports' : `/v1/reports/${agency}/2021`;
    await app.inject({
      method,
      url,
      headers: { ...headers, ...(method === 'PUT' && { 'if-match': '*' }) },
      payload: JSON.stringify(body),
    });
  };
  await filed(filingBody({ figures: { 'decisions.penalties.decided': 5 } }));
  await app.inject({
    method: 'POST',
    url: `/v1/reports/${qunfeng}/2021/reviews`,
    headers,
    payload: JSON.stringify({ decision: 'ACCEPTED', revision: 1 }),
  });
  await filed(filingBody({ figures: { 'decisions.penalties.decided': 8 }, reason: '更正' }), 'PUT');
  await filed(filingBody({ agency: '431202001', figures: { 'decisions.penalties.decided': 100 } }));
  await app.close();
  return db;
}

t.test(
  'a sum is of all that was filed for whom a token lets read the division, and else of what was accepted, however asked',
  async (t) => {
    const db = await storeWithSecret();
    t.teardown(() => db.destroy());
    const readers = {
      stranger: {},
      filer: bearer(await tokenFor(db, { scope: 'file', agency: qunfeng })),
      clerk: bearer(await tokenFor(db, { scope: 'read', division: hongjiang })),
      sibling: bearer(await tokenFor(db, { scope: 'review', division: neighbour })),
      prefecture: bearer(await tokenFor(db, { scope: 'read', division: '431200' })),
      nation: bearer(await tokenFor(db)),
    };
    const reads: Readonly<Record<keyof typeof readers, readonly string[]>> = {
      stranger: [],
      filer: [],
      clerk: [hongjiang],
      sibling: [neighbour],
      prefecture: [hongjiang, neighbour, '431200'],
      nation: [hongjiang, neighbour, '431200', '430000', '100000'],
    };
    const sums: Readonly<Record<string, readonly [number, number | null]>> = {
      [hongjiang]: [8, 5],
      [neighbour]: [100, null],
      431200: [108, 5],
      430000: [108, 5],
      100000: [108, 5],
    };
    for (const open of ['accepted', 'none', 'filed'] as const) {
      const app = await openFor(open, db);
      for (const [who, headers] of Object.entries(readers)) {
        for (const [division, [all, accepted]] of Object.entries(sums)) {
          const inFull = open === 'filed' || reads[who as keyof typeof readers].includes(division);
          const refused = who === 'stranger' ? 401 : 403;
          for (const include of [undefined, 'ALL', 'ACCEPTED'] as const) {
            const closed = !inFull && (open === 'none' || include === 'ALL');
            const right = include !== 'ACCEPTED' && inFull ? ['ALL', all] : ['ACCEPTED', accepted];
            const one = closed ? refused : right;
            t.same(
              await askedThreeWays(app, headers, division, include),
              { rest: one, graph: one, lines: one },
              `${open}: ${who} asks for ${include ?? 'no inclusion'} of ${division}`,
            );
          }
        }
      }
      await app.close();
    }
  },
);

t.test('an export of sums says of each row what it is of, and has no more than its reader may see', async (t) => {
  const db = await storeWithSecret();
  t.teardown(() => db.destroy());
  const app = await openFor('accepted', db);
  t.teardown(() => app.close());
  const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  const { body } = await app.inject({ url: '/v1/exports/rollups.ndjson?year=2021&division=431200', headers: clerk });
  t.same(
    linesOf(body)
      .filter(({ division }) => ['431200', hongjiang, neighbour].includes(division.code))
      .map(({ division, includes, figures }) => [division.code, includes, figures.decisions.penalties.decided]),
    [
      ['431200', 'ACCEPTED', 5],
      [neighbour, 'ACCEPTED', null],
      [hongjiang, 'ALL', 8],
    ],
  );
});

t.test('where a county lay in each year decides whose sums of it are of all that was filed', async (t) => {
  const db = await storeWithSecret();
  t.teardown(() => db.destroy());
  const app = await openFor('accepted', db);
  t.teardown(() => app.close());
  const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  const query = `{ county(code: "${hongjiang}") { statistics(years: [2021, 2020, 2021]) { year includes } }
    other: county(code: "${neighbour}") { statistics(years: [2021]) { includes } } }`;
  const answer = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { ...json, ...clerk },
    payload: JSON.stringify({ query }),
  });
  t.same(answer.json().data, {
    county: {
      statistics: [
        { year: 2021, includes: 'ALL' },
        { year: 2020, includes: 'ALL' },
        { year: 2021, includes: 'ALL' },
      ],
    },
    other: { statistics: [{ includes: 'ACCEPTED' }] },
  });
});

/** What may be read of one township in two worlds: the same was accepted in both; what was not is another's. */
interface History {
  readonly accepted: NamedFigures | undefined;
  readonly secret: readonly [NamedFigures, NamedFigures] | undefined;
  /** What became of the secret: it stands, was returned, or was withdrawn (with what was accepted). */
  readonly fate: 'stands' | 'returned' | 'withdrawn';
  readonly year: number;
}

const history = (year: number): fc.Arbitrary<History> => {
  const figures = balancedFigures(formOf(year < 2021 ? '2019' : '2021'));
  return fc.record({
    accepted: fc.option(figures, { nil: undefined }),
    secret: fc.option(fc.tuple(figures, figures), { nil: undefined }),
    fate: fc.constantFrom('stands' as const, 'returned' as const, 'withdrawn' as const),
    year: fc.constant(year),
  });
};

/** Two stores in which the same happened, but for what was filed and never accepted. */
async function worldsOf(townships: readonly string[], histories: readonly (readonly History[])[]) {
  return Promise.all(
    ([0, 1] as const).map(async (world) => {
      const db = await openTestStore();
      const app = await buildApp({ db, clock, logger: false });
      const administrator = { ...json, ...bearer(await tokenFor(db, {}, 'admin')) };
      const send = async (method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object, existing = false) => {
        const headers = { ...administrator, ...(existing && { 'if-match': '*' }) };
        const answer = await app.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) });
        if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.body}`);
        return answer;
      };
      for (const [index, agency] of townships.entries()) {
        for (const { accepted, secret, fate, year } of histories[index] ?? []) {
          const url = `/v1/reports/${agency}/${year}`;
          const file = (figures: NamedFigures, items: number, word: string, existing: boolean) =>
            send(
              'PUT',
              url,
              filingBody({
                agency,
                year,
                figures,
                reason: word,
                narrative: { overview: word },
                publishedItems: { total: items + 1, categories: [{ name: word, count: items }] },
                source: { url: `https://example.org/${word}`, publishedOn: `${year + 1}-01-20` },
              }),
              existing,
            );
          const decide = (decision: string, revision: number) =>
            send('POST', `${url}/reviews`, { decision, revision, ...(decision === 'RETURNED' && { reason: 'r' }) });
          if (accepted) {
            await file(accepted, 3, '公开', false);
            await decide('ACCEPTED', 1);
          }
          if (secret) {
            const revision = (await file(secret[world], 10 + world, `秘密${world}`, Boolean(accepted))).json().revision;
            if (fate === 'returned') await decide('RETURNED', revision);
            if (fate === 'withdrawn') await send('DELETE', url, { reason: `撤回${world}` }, true);
          }
        }
      }
      return { app, db };
    }),
  );
}

const everyGraphqlFigure = (division: string, agency: string) => `{
  division(code: "${division}") { statistics(years: [2020, 2021, 2022]) {
    year includes publishedItems { total stated categories(first: 9) { name count } }
    documents { normativeDocuments { issued inForce } } decisions { penalties { decided } coercion { decided } } fees { administrativeFees { amount } }
    applications { newReceived { total } processed { total } grantedShare closureRate refused { total } }
    appeals { reconsideration { total upheld } }
    coverage { expected reported accepted onTime late rate samples forms { form reports } blanks { cell count } missing(first: 30) { nodes { code } } }
    published { report { revision } differences { cell rollup published } } } }
  agency(code: "${agency}") { statistics(years: [2020, 2021, 2022]) { publishedItems { total } decisions { penalties { decided } } coverage { reported accepted blanks { cell } } }
    report(year: 2021) { revision state publishedItems { total } decisions { penalties { decided } } } }
  reports(first: 50) { totalCount nodes { revision year state decisions { penalties { decided } } } } }`;

/** What names one request among all. */
const instance = /urn:uuid:[0-9a-f-]+/g;

/** Everything that is asked by GET, of some places; what a stranger may not ask at all answers alike as well. */
const urlsOf = (agency: string) => [
  ...[
    '',
    '?state=SUBMITTED',
    '?state=ACCEPTED',
    '?state=RETURNED',
    '?updatedAfter=2026-01-01T00:00:00Z',
    `?agency=${agency}`,
  ].map((query) => `/v1/reports${query}`),
  ...[2021, 2022].flatMap((year) => [
    ...['', '.html', '.csv'].map((extension) => `/v1/reports/${agency}/${year}${extension}`),
    `/v1/reports/${agency}/${year}/revisions`,
    `/v1/reports/${agency}/${year}/revisions/1`,
    `/v1/reports/${agency}/${year}/revisions/2`,
    ...['', '.html', '.csv'].map((extension) => `/v1/rollups/${hongjiang}/${year}${extension}`),
    `/v1/rollups/100000/${year}`,
    `/v1/rollups/${hongjiang}/${year}?include=ALL`,
    `/v1/agencies?county=${hongjiang}&year=${year}`,
  ]),
  '/v1/exports/reports.csv',
  '/v1/exports/reports.ndjson',
  '/v1/exports/rollups.csv?division=431281',
  '/v1/exports/rollups.ndjson?division=431281',
  `/v1/agencies/${agency}`,
  `/v1/divisions/${hongjiang}`,
  `/v1/divisions/${hongjiang}/locks`,
  '/v1/audit',
];

t.test(
  'no answer to a reader depends, by a byte or a tag, on what was filed and not accepted where they do not read',
  async (t) => {
    const townships = [qunfeng, '431281101'];
    const years = fc.tuple(history(2021), history(2022));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(years, years), async (histories) => {
        const worlds = await worldsOf(townships, histories);
        try {
          const grants = [
            undefined,
            { scope: 'admin' as const, division: neighbour },
            { scope: 'file' as const, agency: '431281102' },
          ];
          for (const grant of grants) {
            const answers = await Promise.all(
              worlds.map(async ({ app, db }) => {
                const headers: Headers = grant ? bearer(await tokenFor(db, grant, JSON.stringify(grant))) : {};
                const seen: (readonly [string, number, unknown, string])[] = [];
                for (const agency of townships.slice(0, 1)) {
                  for (const url of urlsOf(agency)) {
                    const { statusCode, headers: told, rawPayload } = await app.inject({ url, headers });
                    seen.push([url, statusCode, told.etag, rawPayload.toString('latin1').replace(instance, '')]);
                  }
                  const asked = await app.inject({
                    method: 'POST',
                    url: '/graphql',
                    headers: { ...json, ...headers },
                    payload: JSON.stringify({ query: everyGraphqlFigure(hongjiang, agency) }),
                  });
                  seen.push(['/graphql', asked.statusCode, asked.headers.etag, asked.body.replace(instance, '')]);
                }
                return seen;
              }),
            );
            const [one, other] = answers;
            for (const [index, answer] of (one ?? []).entries()) {
              compared++;
              if (JSON.stringify(answer) !== JSON.stringify(other?.[index])) {
                throw new Error(
                  `${JSON.stringify(grant)} is told apart:\n${answer.join('\n')}\n\n${other?.[index]?.join('\n')}`,
                );
              }
            }
          }
          return true;
        } finally {
          for (const { app, db } of worlds) {
            await app.close();
            await db.destroy();
          }
        }
      }),
      { numRuns: 4 },
    );
    t.ok(compared > 250, `${compared} answers were compared`);
  },
);

t.test('who has no token is told what was exempted and locked, and why, but not by whom', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const write = (url: string, body: object) =>
    app.inject({ method: 'PUT', url, headers: json, payload: JSON.stringify(body) });
  await write(`/v1/agencies/${qunfeng}/exemptions/2020`, { reason: '新设' });
  await write(`/v1/divisions/${hongjiang}/locks/2021`, { since: '2027-01-01', reason: '已公布' });
  await write(`/v1/divisions/${hongjiang}/locks/2021/exceptions/${qunfeng}`, { reason: '更正' });
  const seen = async (headers: Headers) => ({
    exempt: (await app.inject({ url: `/v1/agencies/${qunfeng}`, headers })).json().exemptions,
    locks: (await app.inject({ url: `/v1/divisions/${hongjiang}/locks`, headers })).json().items,
  });
  const told = (by: string | null) => ({
    exempt: [{ year: 2020, reason: '新设', recordedBy: by }],
    locks: [{ reason: '已公布', actor: by, exceptions: [{ reason: '更正', actor: by }] }],
  });
  t.match(await seen({ authorization: '' }), told(null));
  t.match(await seen({}), told(act.actor));
});

t.test(
  'a document is compared with the year before as far as who reads it may see that, not by what nobody accepted',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    const app = await openFor('accepted', db);
    t.teardown(() => app.close());
    const administrator = bearer(await tokenFor(db));
    const file = (year: number, figures: NamedFigures) =>
      app.inject({
        method: 'POST',
        url: '/v1/reports',
        headers: { ...json, ...administrator },
        payload: JSON.stringify(filingBody({ year, figures })),
      });
    await file(2021, { 'applications.carriedOut.total': 0 });
    await file(2022, {});
    const { body } = await app.inject({ url: `/v1/reports/${qunfeng}/2022.html`, headers: administrator });
    await app.inject({
      method: 'DELETE',
      url: `/v1/reports/${qunfeng}/2021`,
      headers: { ...administrator, 'if-match': '*' },
    });
    const carried = { naturalPerson: 4, total: 4 };
    const secret = Object.fromEntries(
      ['newReceived', 'carriedOut'].flatMap((row) =>
        Object.entries(carried).map(([column, count]) => [`applications.${row}.${column}`, count]),
      ),
    );
    const { revision } = (await file(2021, secret)).json();
    const rules = async (headers: Headers) => {
      const answer = await app.inject({
        method: 'POST',
        url: `/v1/readings?agency=${qunfeng}&year=2022`,
        headers: { 'content-type': 'text/html', ...headers },
        payload: body,
      });
      return answer.json().findings.map(({ code }: { code: string }) => code);
    };
    const fileIn = async (division: string) => rules(bearer(await tokenFor(db, { scope: 'file', division })));
    t.ok((await fileIn(hongjiang)).includes('X-CARRY'), 'its own clerk is told');
    t.same(await fileIn(neighbour), [], 'a clerk elsewhere is not');
    await app.inject({
      method: 'POST',
      url: `/v1/reports/${qunfeng}/2021/reviews`,
      headers: { ...json, ...administrator },
      payload: JSON.stringify({ decision: 'ACCEPTED', revision }),
    });
    t.ok((await fileIn(neighbour)).includes('X-CARRY'), 'once it is accepted, everybody is');
  },
);
