/** Who sees what: sums by default, and that no answer depends on what its reader may not see. */

import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import t from 'tap';
import type { AskedGrant } from '../src/access/tokens.js';
import { buildApp } from '../src/app.js';
import type { NamedFigures } from '../src/form/figures.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Inclusion, PublicReading } from '../src/words.js';
import {
  act,
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
import {
  type Asked,
  everyGet,
  everyQuery,
  type Fillers,
  noMessage,
  noSubscription,
  usualFillers,
  writingCalls,
} from './every-call.js';
import { acceptedFigures, agencies, makeWorld, neighbour, secretsOf, type World } from './two-stores.js';
import { unzipBytes } from './zip.js';

const json = { 'content-type': 'application/json' };

type Headers = Readonly<Record<string, string>>;
type App = Awaited<ReturnType<typeof buildApp>>;
interface Test {
  teardown(end: () => unknown): unknown;
}

async function openFor(publicReading: PublicReading, db: Db): Promise<App> {
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

t.setTimeout(900_000);

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

t.test('what a query costs is told, so it follows from no name that was not accepted', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const aliases = Array.from({ length: 90 }, (_, index) => `a${index}: statistics(years: $years) { ...lists }`);
  const query = `query ($years: [Int!]! = [2019, 2020, 2021, 2022, 2023, 2024, 2025]) { division(code: "${hongjiang}") { ${aliases.join(' ')} } }
    fragment lists on Statistics { publishedItems { categories(first: 500) { name count share } channels(first: 500) { name count share } } }`;
  const items = Array.from({ length: 500 }, (_, index) => ({ name: `栏目${index}`, count: 1 }));
  /** Asked in an application of its own, since what bounds a query is kept for a minute. */
  const ask = async (also?: (app: App) => Promise<unknown>) => {
    const app = await openFor('accepted', db);
    await also?.(app);
    const answer = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: json,
      payload: JSON.stringify({ query }),
    });
    await app.close();
    return answer.json();
  };
  const administrator = { ...json, ...bearer(await tokenFor(db)) };
  const send = (app: App, url: string, body: object) =>
    app.inject({ method: 'POST', url, headers: administrator, payload: JSON.stringify(body) });
  const before = await ask();
  t.equal(before.errors, undefined);
  const filed = await ask((app) =>
    send(app, '/v1/reports', filingBody({ publishedItems: { total: 500, categories: items, channels: items } })),
  );
  t.same(filed, before, 'nothing is told of what was only filed');
  const accepted = await ask((app) =>
    send(app, `/v1/reports/${qunfeng}/2021/reviews`, { decision: 'ACCEPTED', revision: 1 }),
  );
  t.match(accepted, { errors: [{ extensions: { problem: 'query-too-large', limit: 'cost' } }] });
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

/** Who reads; in which counties stores differ for that: those that they do not read; and what anybody may read then. */
interface ReaderOfStores {
  readonly grant?: Partial<AskedGrant>;
  readonly differ: 'here' | 'there' | 'both';
  readonly opens: readonly PublicReading[];
}

const readers: Readonly<Record<string, ReaderOfStores>> = {
  stranger: { differ: 'both', opens: ['accepted'] },
  'a filer of the same county, of what another went into': {
    grant: { scope: 'file', agency: agencies.successor },
    differ: 'both',
    opens: ['accepted', 'none'],
  },
  'a reader of another province': { grant: { scope: 'read', division: '350128' }, differ: 'both', opens: ['none'] },
  'the administrator of the county that they left': {
    grant: { scope: 'admin', division: neighbour },
    differ: 'here',
    opens: ['accepted'],
  },
  'the administrator of the county to which they came': {
    grant: { scope: 'admin', division: hongjiang },
    differ: 'there',
    opens: ['accepted', 'none'],
  },
};

const asked = Object.values(agencies);
const years = ['2021', '2022'];

/** What is asked by GET. */
const fillersOf = ({ imported }: World): Fillers => ({
  ...usualFillers,
  agency: [...asked, hongjiang],
  division: [hongjiang, neighbour, '100000'],
  county: [neighbour],
  year: years,
  number: ['1', '2', '3'],
  '/v1/reports/{agency}/{year}.{extension} extension': ['html', 'csv', 'xlsx', 'docx'],
  '/v1/reports/{agency}/{year}.{extension} agency': [agencies.corrected, agencies.moved, agencies.successor],
  '/v1/agencies/{agency}/blank-form/{year}.{extension} agency': [qunfeng],
  // A page is laid out once for HTML, Word and PDF, and every form of an archive costs as much as one.
  '/v1/divisions/{division}/ledger/{year}.{extension} division': [hongjiang, neighbour],
  '/v1/divisions/{division}/blank-forms/{year}.zip division': [hongjiang],
  '/v1/divisions/{division}/blank-forms/{year}.zip year': ['2022'],
  '/v1/divisions/{division}/filings/{year}.{extension} extension': ['json', 'csv', 'xlsx'],
  '/v1/divisions/{division}/findings/{year}.{extension} extension': ['json', 'csv', 'xlsx'],
  '/v1/divisions/{division}/refusals year': years,
  states: ['NOT_FILED,REFUSED', 'RETURNED,WITHDRAWN', 'SUBMITTED,ACCEPTED'],
  severity: ['error', 'warning', 'info'],
  rule: ['T2-INFORCE', 'X-CARRY'],
  updatedAfter: ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  // Before and after what moved and was merged in between.
  boundaries: ['2020-12-31', '2023-12-31'],
  knownOn: ['2026-11-24T04:00:00Z'],
  id: [imported.split('/').at(-1) ?? ''],
  '/v1/agencies codes': [asked.join(',')],
  '/v1/divisions codes': [[hongjiang, neighbour].join(',')],
});

/** A call that writes, tried out as far as it can be; each is asked for every agency and division that has a part. */
type Try = (
  agency: string,
  division: string,
  year: string,
) => Omit<Asked, 'method' | 'url'> & { readonly query?: string };

const dry = 'dryRun=true';
const text = (body: object, headers: Headers = {}) => ({
  headers: { ...json, ...headers },
  payload: JSON.stringify(body),
});
const filed = (agency: string, year: string) =>
  filingBody({ agency, year: Number(year), reason: '试', figures: { 'applications.carriedIn.total': 1 } });

/** Every call of the contract that writes; where a key has an agency or a division it is tried for each. */
const tries: Readonly<Record<string, Try>> = {
  'PUT /v1/reports/{agency}/{year}': (agency, _, year) => ({
    query: dry,
    ...text(filed(agency, year), { 'if-match': '*', prefer: 'handling=lenient' }),
  }),
  'POST /v1/reports': (agency, _, year) => ({
    query: dry,
    ...text(filed(agency, year), { prefer: 'handling=lenient' }),
  }),
  'DELETE /v1/reports/{agency}/{year}': () => ({ query: dry, headers: { 'if-match': '*' } }),
  'POST /v1/reports/{agency}/{year}/reviews': () => ({ query: dry, ...text({ decision: 'ACCEPTED', revision: 2 }) }),
  'PUT /v1/reports/{agency}/{year}/notes': () => ({
    query: dry,
    ...text({ code: 'X-CARRY', pointer: '/figures/applications/carriedIn/total', standing: 'EXPLAINED', text: '试' }),
  }),
  'PUT /v1/divisions/{division}/locks/{year}': () => ({ query: dry, ...text({ since: '2026-01-01', reason: '试' }) }),
  'DELETE /v1/divisions/{division}/locks/{year}': () => ({ query: dry }),
  'PUT /v1/divisions/{division}/locks/{year}/exceptions/{agency}': () => ({ query: dry, ...text({ reason: '试' }) }),
  'DELETE /v1/divisions/{division}/locks/{year}/exceptions/{agency}': () => ({ query: dry }),
  // Refused to all, since they have no dry run and what one reader changed would differ for the next.
  'POST /v1/tokens': () => text({ name: '试', grants: [{ scope: 'read', division: '100000' }], expiresAt: null }),
  'POST /v1/subscriptions': () => text({ url: 'https://example.org/' }),
  'PATCH /v1/subscriptions/{id}': () => text({ paused: true }),
  'DELETE /v1/subscriptions/{id}': () => ({}),
  'POST /v1/subscriptions/{id}/secret': () => text({}),
  'POST /v1/subscriptions/{id}/test': () => ({}),
  'POST /v1/subscriptions/{id}/attempts': () => ({}),
  'POST /v1/subscriptions/{id}/deliveries/{delivery}/attempts': () => ({}),
  'POST /v1/tokens/{id}/rotation': () => ({}),
  'DELETE /v1/tokens/{id}': () => ({}),
  'PUT /v1/divisions/{division}/deadlines/{year}': () => ({ query: dry, ...text({ due: '03-01' }) }),
  'DELETE /v1/divisions/{division}/deadlines/{year}': () => ({ query: dry }),
  'POST /v1/divisions': () => ({
    query: dry,
    ...text({ code: '431291', name: '试', level: 'COUNTY', parent: '431200', on: '2022-01-01' }),
  }),
  'POST /v1/divisions/{division}/changes': (_, division) => ({
    query: dry,
    ...text({ on: '2022-09-01', mergedInto: division === hongjiang ? neighbour : hongjiang }),
  }),
  'DELETE /v1/divisions/{division}/changes/{on}': () => ({ query: dry }),
  'POST /v1/agencies': (_, division) => ({
    query: dry,
    ...text({ code: 'TRY-1', name: '试', kind: 'OTHER', county: division, validFrom: '2022-01-01' }),
  }),
  'POST /v1/agencies/{agency}/changes': () => ({ query: dry, ...text({ on: '2022-09-01', name: '试' }) }),
  'POST /v1/agencies/{agency}/closure': () => ({
    query: dry,
    ...text({ on: '2024-01-01', mergedInto: agencies.silent }),
  }),
  'DELETE /v1/agencies/{agency}/closure': () => ({ query: dry }),
  'DELETE /v1/agencies/{agency}/changes/{on}': () => ({ query: dry }),
  'PUT /v1/agencies/{agency}/exemptions/{year}': () => ({ query: dry, ...text({ reason: '试' }) }),
  'DELETE /v1/agencies/{agency}/exemptions/{year}': () => ({ query: dry }),
  'POST /v1/register/changes': (agency) => ({
    query: dry,
    headers: { 'content-type': 'text/csv' },
    payload: `action,agency,name,on\nchange,${agency},试,2022-09-01\n`,
  }),
  'POST /v1/register/comparison': (agency, division) => ({
    query: `on=2022-12-31&division=${division}`,
    headers: { 'content-type': 'text/csv' },
    payload: `code,name\n${agency},试\n`,
  }),
  'POST /v1/imports': (agency, _, year) => ({
    query: `${dry}&revise=true&reason=try`,
    headers: { 'content-type': 'application/x-ndjson' },
    payload: `${JSON.stringify(filed(agency, year))}\n`,
  }),
  'POST /v1/readings': (agency, _, year) => ({
    query: `agency=${agency}&year=${year}`,
    headers: { 'content-type': 'text/html' },
    payload: printed,
  }),
};

/** A report as it is printed, from which a document is read. */
let printed = '';

/** Every call that writes with every agency, division and year that its path names, or its body where its path names none. */
function everyTry(): readonly Asked[] {
  return writingCalls.flatMap((call) => {
    const make = tries[call];
    if (!make) throw new Error(`nobody says how to try ${call}`);
    const [method = '', path = ''] = call.split(' ');
    const inBody = [
      ...['POST /v1/reports', 'POST /v1/imports', 'POST /v1/readings'],
      ...['POST /v1/register/changes', 'POST /v1/register/comparison'],
    ].includes(call);
    const ofAgencies = path.includes('{agency}') || inBody ? [...asked, hongjiang] : [qunfeng];
    const ofDivisions = path.includes('{division}') || path === '/v1/agencies' ? [hongjiang, neighbour] : [hongjiang];
    const isFiled = path.startsWith('/v1/reports') && (method === 'PUT' || path === '/v1/reports');
    const ofYears = path.includes('/locks/') ? ['2020'] : isFiled ? years : ['2022'];
    return ofAgencies.flatMap((agency) =>
      ofDivisions.flatMap((division) =>
        ofYears.map((year) => {
          const { query = '', ...sent } = make(agency, division, year);
          const named = path
            .replace('{agency}', agency)
            .replace('{division}', division)
            .replace('{year}', year)
            .replace('{on}', '2022-03-01')
            .replace('{delivery}', noMessage)
            .replace('{id}', path.startsWith('/v1/subscriptions') ? noSubscription : '1');
          // The methods of the contract.
          return { method: method as Asked['method'], url: `${named}?${query}`, ...sent };
        }),
      ),
    );
  });
}

const frames = [undefined, '{ boundaries: ON_DAY, on: "2023-12-31", knownOn: "2026-11-24T04:00:00Z" }'];
const queries = frames.flatMap((frame) =>
  everyQuery(
    {
      county: [`(code: "${neighbour}")`, `(code: "${hongjiang}")`],
      division: ['(code: "100000")'],
      divisions: ['(below: "430000", first: 8)'],
      agencies: [`(codes: ${JSON.stringify(asked)}, year: 2022)`, '(name: "街", first: 8)'],
      search: ['(text: "街", first: 8)'],
      township: [`(code: "${agencies.moved}")`, `(code: "${agencies.corrected}")`],
      agency: [`(code: "${agencies.merged}")`],
      report: [`(agency: "${qunfeng}", year: 2022)`, `(agency: "${agencies.successor}", year: 2022)`],
      reports: ['(first: 8)'],
      forms: [''],
      form: ['(id: "2021")'],
      rules: [''],
      measures: [''],
      measure: ['(key: "publishedItems.total")'],
    },
    '2021,2022',
    frame,
  )
    // Without a frame in it a query was asked already.
    .filter((query) => frame === undefined || query.includes('frame:'))
    .map((query): Asked => ({ method: 'POST', url: '/graphql', ...text({ query }) })),
);

/** What compares places, by several measures at once: whom it ranks, where each stands, and what changed. */
const comparing: readonly Asked[] = [undefined, ...frames.slice(1)].flatMap((frame) => {
  const framed = frame === undefined ? '' : `, frame: ${frame}`;
  const keys = ['decisions.penalties.decided', 'applications.closureRate', 'publishedItems.total', 'coverage.rate'];
  const each = (make: (key: string) => string) => keys.map((key, at) => `m${at}: ${make(key)}`).join(' ');
  const value = 'value reported expected blank lacking reason { en }';
  const distribution = 'distribution { n expected min p10 p25 median p75 p90 max }';
  const ranked = (of: string, year: string) =>
    each(
      (measure) => `ranking(measure: "${measure}", year: ${year}, of: ${of}, first: 60${framed}) {
        n expected totalCount includes reason { en } ${distribution} nodes { rank ties percentile value reported blank }
        unranked(first: 60) { totalCount nodes { ${value} agency { code } } } }`,
    );
  const placed = (among: string, year: string) =>
    each(
      (measure) => `position(measure: "${measure}", year: ${year}, among: ${among}${framed}) {
        rank of ties percentile includes ${value} ${distribution} }`,
    );
  const changed = `change(measures: ${JSON.stringify(keys)}) { previous current difference ratio reason { en }
    years { value reported expected blank lacking } }`;
  const inDivisions = [hongjiang, neighbour, '431200'].flatMap((code) =>
    years.flatMap((year) =>
      [
        ranked('AGENCY', year),
        ranked('COUNTY', year),
        placed('PREFECTURE', year),
        `statistics(years: [${year}]${framed}) { ${changed} }`,
      ].map((asked) => `{ division(code: "${code}") { ${asked} } }`),
    ),
  );
  const inAgencies = [agencies.corrected, agencies.moved, agencies.successor].flatMap((code) =>
    years.flatMap((year) =>
      [placed('PREFECTURE', year), `statistics(years: [${year}]) { ${changed} }`].map(
        (asked) => `{ agency(code: "${code}", on: "${year}-12-31") { ${asked} } }`,
      ),
    ),
  );
  return [...inDivisions, ...inAgencies].map(
    (query): Asked => ({ method: 'POST', url: '/graphql', ...text({ query }) }),
  );
});

/** Lists and tables by several parameters at once: each of them alone may tell nothing that they tell together. */
const narrowed: readonly Asked[] = [hongjiang, neighbour, '431200']
  .flatMap((division) => [
    ...years.flatMap((year) => [
      ...['late=true', 'late=false', 'severity=error', 'severity=warning', 'late=true&states=SUBMITTED'].map(
        (query) => `/v1/divisions/${division}/filings/${year}?first=3&${query}`,
      ),
      ...['severity=warning', 'noted=true', 'noted=false&rule=T2-INFORCE'].map(
        (query) => `/v1/divisions/${division}/findings/${year}?first=1&${query}`,
      ),
    ]),
    ...['', '&by=agency', '&by=county'].flatMap((by) =>
      ['', '&include=ACCEPTED', '&boundaries=2023-12-31', '&boundaries=2020-12-31&knownOn=2026-11-24T04:00:00Z'].map(
        (query) => `/v1/statistics.csv?division=${division}&years=2020..2022${by}${query}`,
      ),
    ),
    `/v1/statistics.jsonstat?division=${division}&by=agency&years=2021,2022&counts=dimension`,
  ])
  .map((url): Asked => ({ method: 'GET', url }));

/** An answer without what differs though nothing is told by it: names made at random, and the time of day. */
function withoutChance(answer: LightMyRequestResponse): string {
  const { date: _, ...headers } = answer.headers;
  const { rawPayload: bytes, statusCode } = answer;
  const isPacked = bytes.subarray(0, 2).toString('latin1') === 'PK';
  if (isPacked) {
    delete headers['content-length'];
    // Made of the file, and so of when it was written.
    delete headers.etag;
  }
  const body = isPacked ? unpacked(bytes) : timeless(bytes);
  // A digest of the same, with the names made at random.
  if (chance.some((pattern) => body.search(pattern) >= 0)) delete headers.etag;
  return chance.reduce(
    (text, pattern) => text.replace(pattern, 'chance'),
    `${statusCode} ${JSON.stringify(headers)} ${body}`,
  );
}

/** What is in an archive, and in the archives in it. */
function unpacked(bytes: Buffer): string {
  const parts = [...unzipBytes(bytes)].map(([name, part]) => [
    name,
    part.subarray(0, 2).toString('latin1') === 'PK' ? unpacked(part) : timeless(part),
  ]);
  return JSON.stringify(parts);
}

/** What is made at random: the part of a token that may be seen, and names of requests and jobs. */
const chance = [/"key":"\w+"/g, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g];

/** Office documents say when they were written, and so do PDFs, which have a name made of that. */
function timeless(bytes: Buffer): string {
  const text = bytes.toString('latin1').replace(/(<dcterms:\w+[^>]*>)[^<]*/g, '$1');
  return text.startsWith('%PDF') ? text.replace(/\(D:\d+Z\)|\/ID \[[^\]]*\]/g, '') : text;
}

t.test(
  'every answer to a reader is made of what they may read: stores that differ in nothing else answer the same',
  async (t) => {
    const counted = { stores: 0, comparisons: 0, answered: 0, calls: 0 };
    await fc.assert(
      fc.asyncProperty(
        acceptedFigures,
        fc.tuple(secretsOf('甲一'), secretsOf('甲之二')),
        fc.tuple(secretsOf('乙一'), secretsOf('乙之二')),
        async (accepted, here, there) => {
          const make = (mine: 0 | 1, theirs: 0 | 1) => makeWorld(accepted, here[mine], there[theirs]);
          const worlds = {
            neither: await make(0, 0),
            here: await make(1, 0),
            there: await make(0, 1),
            both: await make(1, 1),
          };
          try {
            const tokens = new Map<World, ReadonlyMap<string, string>>();
            for (const world of Object.values(worlds)) tokens.set(world, await tokensOf(world));
            printed = await printedIn(worlds.neither);
            counted.stores += Object.keys(worlds).length;
            for (const [who, { grant, differ, opens }] of Object.entries(readers)) {
              const sides = [worlds.neither, worlds[differ]] as const;
              for (const open of opens) {
                const asked = callsOf(sides);
                counted.calls = asked.length;
                for (const pair of asked) {
                  const answers: LightMyRequestResponse[] = [];
                  for (const [index, one] of pair.entries()) {
                    const world = sides[index] ?? worlds.neither;
                    const token = tokens.get(world)?.get(who) ?? '';
                    const headers = { ...one.headers, ...(grant && bearer(token)) };
                    answers.push(await (await world.app(open)).inject({ ...one, headers }));
                  }
                  const [left = '', right = ''] = answers.map(withoutChance);
                  counted.comparisons++;
                  if (answers.every(({ statusCode }) => statusCode < 300)) counted.answered++;
                  if (left !== right)
                    throw new Error(`${open}: ${who} is told apart: ${differenceOf(pair[0], left, right)}`);
                }
              }
            }
          } finally {
            for (const world of Object.values(worlds)) await world.close();
          }
        },
      ),
      // One counterexample is as good as a smaller one, which would take minutes to find.
      { numRuns: 1, endOnFailure: true },
    );
    t.comment(JSON.stringify(counted));
    t.ok(counted.answered > 1500, `${counted.answered} answers were compared that are no refusals`);
  },
);

/** A token for each reader, made alike in every store. */
async function tokensOf({ db }: World): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const [who, { grant }] of Object.entries(readers)) made.set(who, await tokenFor(db, grant ?? {}, who));
  return made;
}

async function printedIn(world: World): Promise<string> {
  const app = await world.app('filed');
  return (await app.inject(`/v1/reports/${agencies.successor}/2022.html`)).body;
}

/** What is asked of two stores, side by side. */
function callsOf([one, other]: readonly [World, World]): (readonly [Asked, Asked])[] {
  const others = everyGet(fillersOf(other));
  const gets = everyGet(fillersOf(one)).map((get, index) => [get, others[index] ?? get] as const);
  return [...gets, ...[...queries, ...comparing, ...narrowed, ...everyTry()].map((call) => [call, call] as const)];
}

function differenceOf({ method, url, payload }: Asked, left: string, right: string): string {
  let at = 0;
  while (left[at] === right[at]) at++;
  const near = (one: string) => Buffer.from(one.slice(Math.max(0, at - 200), at + 200), 'latin1').toString('utf8');
  return `${method} ${url} ${url === '/graphql' ? payload : ''}\n${near(left)}\n${near(right)}`;
}

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

/** Sends what an administrator of everything does, or what a token may. */
async function clientOf(t: Test, open: PublicReading = 'accepted') {
  const db = await openTestStore();
  const app = await openFor(open, db);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const nation = await tokenFor(db, {}, 'nation');
  const call = async (method: Asked['method'], url: string, body?: object, token: string | null = nation) => {
    const headers = { ...json, ...(method === 'PUT' && { 'if-match': '*' }), ...(token !== null && bearer(token)) };
    const answer = await app.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  };
  const file = (agency: string, year: number, figures: NamedFigures, revised = false) =>
    call(revised ? 'PUT' : 'POST', revised ? `/v1/reports/${agency}/${year}` : '/v1/reports', {
      ...filingBody({ agency, year, figures }),
      ...(revised && { reason: '更正' }),
    });
  const accept = (agency: string, year: number, revision: number) =>
    call('POST', `/v1/reports/${agency}/${year}/reviews`, { decision: 'ACCEPTED', revision });
  return { db, call, file, accept };
}

/** As many applications carried out of a year as were received in it. */
const carried = (count: number): NamedFigures =>
  Object.fromEntries(
    ['newReceived', 'carriedOut'].flatMap((row) =>
      ['naturalPerson', 'total'].map((column) => [`applications.${row}.${column}`, count]),
    ),
  );

t.test('a finding hangs on the year before as far as its reader may see that, wherever it was filed', async (t) => {
  const { db, call, file, accept } = await clientOf(t);
  const { moved, merged, successor } = agencies;
  for (const agency of [moved, merged]) {
    await file(agency, 2021, carried(0));
    await accept(agency, 2021, 1);
  }
  await file(successor, 2021, carried(0));
  await call('POST', `/v1/agencies/${moved}/changes`, { on: '2022-03-01', county: hongjiang });
  await call('POST', `/v1/agencies/${merged}/closure`, { on: '2022-06-01', mergedInto: successor });
  for (const agency of [moved, successor]) await file(agency, 2022, {});
  const places = {
    county: await tokenFor(db, { scope: 'admin', division: hongjiang }),
    filer: await tokenFor(db, { scope: 'file', agency: successor }),
    prefecture: await tokenFor(db, { scope: 'read', division: '431200' }),
  };
  const since = Object.fromEntries(
    await Promise.all(
      Object.entries(places).map(async ([who, token]) => [
        who,
        (await call('GET', '/v1/changes?since=now', undefined, token)).body.next,
      ]),
    ),
  );
  for (const agency of [moved, merged]) await file(agency, 2021, carried(7), true);
  const found = async (agency: string, token: string) => {
    const { status, body } = await call('GET', `/v1/reports/${agency}/2022`, undefined, token);
    return status === 200 ? body.findings.map(({ code }: { code: string }) => code) : status;
  };
  const told = async (who: keyof typeof places) =>
    (await call('GET', `/v1/changes?since=${since[who]}`, undefined, places[who])).body.changes
      .filter(({ year }: { year: number }) => year === 2022)
      .map(({ type, agency }: { type: string; agency: string }) => `${agency} ${type}`);
  for (const agency of [moved, successor]) {
    t.ok((await found(agency, places.prefecture)).includes('X-CARRY'), `${agency}: who reads both counties`);
    t.same(await found(agency, places.county), [], `${agency}: who reads the one it came to`);
  }
  t.same(await found(successor, places.filer), []);
  t.same((await told('prefecture')).sort(), [`${moved} findings`, `${successor} findings`].sort());
  t.same([await told('county'), await told('filer')], [[], []], 'nor are they told that it changed');
  for (const agency of [moved, merged]) await accept(agency, 2021, 2);
  for (const agency of [moved, successor]) {
    t.ok((await found(agency, places.county)).includes('X-CARRY'), `${agency}: once it is accepted`);
  }
  t.same((await told('county')).sort(), [`${moved} findings`, `${successor} findings`].sort());
  t.same(await told('filer'), [`${successor} findings`]);
});

t.test(
  'what is said of a finding is public once it was accepted with the revision, or a reviewer says it',
  async (t) => {
    const { db, call, file, accept } = await clientOf(t);
    const finding = { code: 'T2-INFORCE', pointer: '/figures/documents/normativeDocuments/inForce' };
    const filer = await tokenFor(db, { scope: 'file', agency: qunfeng }, '群峰乡');
    const reviewer = await tokenFor(db, { scope: 'review', division: hongjiang }, '洪江市');
    const said = async (token: string, standing: string, text = '') => {
      await call('PUT', `/v1/reports/${qunfeng}/2021/notes`, { ...finding, standing, text }, token);
      const read = async (who: string | null) =>
        (await call('GET', `/v1/reports/${qunfeng}/2021`, undefined, who)).body.findings[0]?.note?.text;
      return { inside: await read(filer), publicly: await read(null).catch(() => undefined) };
    };
    await file(qunfeng, 2021, { 'documents.normativeDocuments.issued': 5 });
    t.same(
      await said(filer, 'EXPLAINED', '漏填'),
      { inside: '漏填', publicly: undefined },
      'not before it is accepted',
    );
    await accept(qunfeng, 2021, 1);
    t.same(await said(filer, 'EXPLAINED', '另有七件'), { inside: '另有七件', publicly: '漏填' }, 'what stood there');
    t.same(await said(filer, 'OPEN'), { inside: undefined, publicly: '漏填' }, 'which a filer does not take back');
    t.same(
      await said(reviewer, 'CONFIRMED', '属实'),
      { inside: '属实', publicly: '属实' },
      "a reviewer's word is public",
    );
    await file(qunfeng, 2021, { 'documents.normativeDocuments.issued': 6 }, true);
    t.same(
      await said(filer, 'EXPLAINED', '更正'),
      { inside: '更正', publicly: '属实' },
      'of a correction only with it',
    );
    await accept(qunfeng, 2021, 2);
    t.same(await said(filer, 'EXPLAINED', '事后'), { inside: '事后', publicly: '更正' });
  },
);

t.test('persons are named to those whose token reads the place, whatever anybody may read', async (t) => {
  for (const open of ['filed', 'accepted', 'none'] as const) {
    const { db, call, file, accept } = await clientOf(t, open);
    const finding = { code: 'T2-INFORCE', pointer: '/figures/documents/normativeDocuments/inForce' };
    await file(qunfeng, 2021, { 'documents.normativeDocuments.issued': 5 });
    await call('PUT', `/v1/reports/${qunfeng}/2021/notes`, { ...finding, standing: 'CONFIRMED', text: '属实' });
    await accept(qunfeng, 2021, 1);
    await call('PUT', `/v1/agencies/${qunfeng}/exemptions/2020`, { reason: '新设' });
    await call('PUT', `/v1/divisions/${hongjiang}/locks/2020`, { since: '2026-01-01', reason: '已公布' });
    await call('PUT', `/v1/divisions/${hongjiang}/locks/2020/exceptions/${qunfeng}`, { reason: '更正' });
    const pages = ['reports', `reports/${qunfeng}/2021`, `reports/${qunfeng}/2021/revisions`, `agencies/${qunfeng}`];
    const named = async (token: string | null) => {
      const graph = `{ report(agency: "${qunfeng}", year: 2021) { actor review { actor } findings { note { actor } } } }`;
      const answers = [
        await call('POST', '/graphql', { query: graph }, token),
        ...(await Promise.all(
          [...pages, `divisions/${hongjiang}/locks`].map((page) => call('GET', `/v1/${page}`, undefined, token)),
        )),
      ];
      return answers.map(({ body }) => JSON.stringify(body).includes('"nation"'));
    };
    const everyPage = [true, true, true, true, true, true];
    const filer = await tokenFor(db, { scope: 'file', agency: '431281101' });
    const beside = await tokenFor(db, { scope: 'admin', division: neighbour });
    t.same(await named(await tokenFor(db, { scope: 'read', division: hongjiang })), everyPage, `${open}: who reads it`);
    for (const [who, token] of Object.entries({ stranger: null, filer, beside })) {
      t.same(
        await named(token),
        everyPage.map(() => false),
        `${open}: ${who}`,
      );
    }
    const refused = await call('POST', '/v1/reports', filingBody({ agency: '431281101', year: 2020 }), filer);
    t.match(refused, { status: 409, body: { lock: { actor: null, reason: '已公布' } } });
    t.notMatch(JSON.stringify(refused.body), 'nation');
  }
});
