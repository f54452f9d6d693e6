/** What a reader is shown of a report is one thing: of an accepted revision its own day, lateness, findings and state. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { buildApp } from '../src/app.js';
import { checkFigures } from '../src/form/check.js';
import { makeZeroFigures } from '../src/form/figures.js';
import { forms } from '../src/form/forms.js';
import { isSameContent } from '../src/form/same-content.js';
import { checkStore } from '../src/report/integrity.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  bearer,
  filing,
  filingBody,
  hongjiang,
  openTestStore,
  qunfeng,
  runSql,
  signIn,
  tokenFor,
  townshipsOf,
} from './builders.js';
import { holdToDocument } from './contract.js';

const url = `/v1/reports/${qunfeng}/2021`;
const anjiang = '431281102';

/** An app whose clock is set by hand, called as an administrator, as a stranger, or with a token. */
async function openClient(t: Test, start = '2022-01-20T04:00:00Z') {
  const db = await openTestStore();
  let now = new Date(start);
  const app = await buildApp({ db, clock: () => now, logger: false });
  holdToDocument(app);
  signIn(app, await tokenFor(db));
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    to: string,
    body?: object,
    headers: Record<string, string> = {},
  ) => {
    const answer = await app.inject({
      method,
      url: to,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    const json = String(answer.headers['content-type']).includes('json') && answer.body !== '';
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: json ? answer.json() : null };
  };
  const at = (instant: string) => {
    now = new Date(instant);
  };
  const decide = (decision: string, revision: number, to = url) =>
    call('POST', `${to}/reviews`, { decision, revision, reason: 'r' });
  const revise = (overrides: Parameters<typeof filingBody>[0], headers = {}) =>
    call('PUT', url, filingBody({ reason: '更正', ...overrides }), {
      'if-match': '*',
      prefer: 'handling=lenient',
      ...headers,
    });
  return { db, app, call, at, decide, revise };
}

const stranger = { authorization: '' };

async function damage(db: Awaited<ReturnType<typeof openTestStore>>): Promise<string[]> {
  const found: string[] = [];
  await checkStore(db, { onDifference: ({ part, what }) => found.push(`${part}: ${what}`), onProgress: () => {} });
  return found;
}

t.test('a report that was filed in time is in time, withdrawn and filed again and revised since or not', async (t) => {
  const { call, at, revise, db } = await openClient(t);
  const shown = async () => {
    const { onTime, submittedOn, filedAt } = (await call('GET', url)).body;
    return { onTime, submittedOn, filedAt };
  };
  await call('POST', '/v1/reports', filingBody());
  const first = { onTime: true, submittedOn: '2022-01-20', filedAt: '2022-01-20T04:00:00.000Z' };
  t.same(await shown(), first);
  at('2022-03-01T04:00:00Z');
  await call('DELETE', url, undefined, { 'if-match': '*' });
  await call('POST', '/v1/reports', filingBody());
  t.same(await shown(), first, 'filed again');
  at('2022-04-01T04:00:00Z');
  await revise({ figures: { 'decisions.penalties.decided': 1 } });
  t.same(await shown(), first, 'and revised');
  await revise({ figures: { 'decisions.penalties.decided': 2 }, source: { publishedOn: '2022-02-05' } });
  t.match(await shown(), { onTime: false, submittedOn: '2022-02-05' }, 'a stated day goes before');
  await revise({ figures: { 'decisions.penalties.decided': 3 } });
  t.same(await shown(), first);
  t.match((await call('GET', `/v1/rollups/${hongjiang}/2021`)).body.coverage, { onTime: 1, late: 0 });
  await call('PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: '01-15' });
  t.match(await shown(), { onTime: false });
  t.same(await damage(db), []);
});

t.test('who is shown the accepted revision is told in every count that it is in time or late as that is', async (t) => {
  const { call, at, decide, revise, db } = await openClient(t);
  at('2022-04-01T04:00:00Z');
  const filed = (publishedOn: string) => ({ source: { publishedOn } });
  await call('POST', '/v1/reports', filingBody(filed('2022-01-15')));
  await decide('ACCEPTED', 1);
  await call('POST', '/v1/reports', filingBody({ agency: '431281101', ...filed('2022-03-01') }));
  await revise({ figures: { 'decisions.penalties.decided': 1 }, ...filed('2022-03-01') });
  const counts = `statistics(years: [2021, 2020]) { coverage { reported accepted onTime late } }`;
  const query = `{ agency(code: "${qunfeng}") { report(year: 2021) { onTime } ${counts} } county(code: "${hongjiang}") { ${counts} }
    nation: division(code: "100000") { ${counts} } }`;
  const seen = async (headers: Record<string, string>) => {
    const { agency, county, nation } = (await call('POST', '/graphql', { query }, headers)).body.data;
    const { coverage } = (await call('GET', `/v1/rollups/${hongjiang}/2021?kinds=TOWNSHIP`, undefined, headers)).body;
    const others = (await call('GET', `/v1/rollups/${hongjiang}/2021?kinds=DEPARTMENT`, undefined, headers)).body;
    const exported = '/v1/exports/rollups.ndjson?year=2021&division=431281';
    const rollup = JSON.parse((await call('GET', exported, undefined, headers)).text.trim().split('\n').at(-1) ?? '');
    const all = [agency, county, nation].map(({ statistics: [{ coverage }] }) => coverage);
    t.equal(others.coverage.onTime, 0);
    t.same(county.statistics[1].coverage, { reported: 0, accepted: 0, onTime: 0, late: 0 });
    return {
      report: agency.report.onTime,
      late: all.map(({ late }) => late),
      rest: coverage.late,
      file: rollup.coverage.onTime,
    };
  };
  t.same(await seen(stranger), { report: true, late: [0, 0, 0], rest: 0, file: 1 });
  t.same(await seen({}), { report: false, late: [1, 2, 2], rest: 2, file: 0 });
  await decide('ACCEPTED', 2);
  t.same(await seen(stranger), { report: false, late: [1, 1, 1], rest: 1, file: 0 });
  t.same(await damage(db), []);
});

t.test('of an accepted revision everything is its own, in every representation and in every list', async (t) => {
  const { call, at, decide, revise, db } = await openClient(t);
  await call('POST', '/v1/reports', filingBody({ source: { publishedOn: '2022-01-15' } }));
  at('2022-02-01T04:00:00Z');
  await decide('ACCEPTED', 1);
  const query = `{ report(agency: "${qunfeng}", year: 2021) { revision state onTime sample updatedAt findings { code } source { publishedOn } }
    reports(division: "430000", year: 2021) { totalCount nodes { revision state onTime updatedAt } } }`;
  const seen = async () => {
    const one = await call('GET', url, undefined, stranger);
    const printed = await Promise.all(
      ['text/html', 'text/csv'].map(
        async (accept) => (await call('GET', url, undefined, { ...stranger, accept })).text,
      ),
    );
    const list = (await call('GET', '/v1/reports?year=2021', undefined, stranger)).body;
    const graph = (await call('POST', '/graphql', { query }, stranger)).body;
    const csv = (await call('GET', '/v1/exports/reports.csv?year=2021', undefined, stranger)).text;
    return { one: one.body, etag: one.headers.etag, printed, list, graph, csv };
  };
  const before = await seen();
  t.match(before.csv, /群峰乡/);
  t.match(before.one, {
    revision: 1,
    state: 'ACCEPTED',
    onTime: true,
    submittedOn: '2022-01-15',
    updatedAt: '2022-02-01T04:00:00.000Z',
  });
  at('2022-05-01T04:00:00Z');
  const broken = { 'appeals.reconsideration.upheld': 7 };
  await revise({ figures: broken, source: { publishedOn: '2022-04-30' } });
  await call('PUT', `${url}/notes`, {
    code: 'T4-ROW',
    pointer: '/figures/appeals/reconsideration/total',
    standing: 'EXPLAINED',
    text: '更正后',
  });
  t.match((await call('GET', url)).body, { revision: 2, state: 'SUBMITTED', onTime: false, submittedOn: '2022-04-30' });
  t.same(await seen(), before, 'a correction that nobody accepted');
  await decide('RETURNED', 2);
  t.same(await seen(), before, 'or that was returned');
  t.match((await call('GET', `/v1/rollups/${hongjiang}/2021?include=ACCEPTED`)).body.coverage, { accepted: 1 });
  t.same(await runSql(db, `select inclusion, on_time from rollup where reports > 0 order by 1, 2 limit 1`), [
    { inclusion: 'ACCEPTED', on_time: 1 },
  ]);
  await call('PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: '01-10' });
  t.equal((await seen()).one.onTime, false, 'a deadline is weighed with its own day');
  await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2021-06-01', county: '431202' });
  t.equal((await seen()).one.onTime, true, 'as is that of another county');
  await decide('ACCEPTED', 2);
  t.match((await seen()).one, { revision: 2, onTime: false, submittedOn: '2022-04-30' });
  t.same(await verifyRollups(db), []);
  t.same(await damage(db), []);
});

const townships = (await townshipsOf(hongjiang)).slice(0, 3);
const instants = ['2022-02-01', '2022-03-01', '2022-04-01', '2022-05-01', '2022-06-01', '2022-07-01'].map(
  (day) => `${day}T00:00:00.000Z`,
);
const step = fc.record({
  agency: fc.constantFrom(...townships),
  year: fc.constantFrom(2020, 2021),
  what: fc.constantFrom('file', 'file', 'accept', 'accept', 'return', 'withdraw', 'move'),
  count: fc.nat(3),
  published: fc.constantFrom('2022-01-10', '2022-02-10', null),
});

t.test('a list with any filter is the filter on what its reader is shown, one by one', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
      const client = await openClient(t);
      const { call, at, db } = client;
      const [own, elsewhere] = await Promise.all([
        tokenFor(db, { scope: 'read', agency: townships[0] ?? '' }),
        tokenFor(db, { scope: 'read', division: '431202' }),
      ]);
      for (const [index, one] of steps.entries()) {
        at(instants[Math.floor((index * instants.length) / steps.length)] ?? '');
        const to = `/v1/reports/${one.agency}/${one.year}`;
        const standing = (await call('GET', to)).body;
        if (one.what === 'file') {
          const source = one.published === null ? {} : { source: { publishedOn: one.published } };
          const body = filingBody({
            agency: one.agency,
            year: one.year,
            figures: { 'decisions.penalties.decided': one.count },
            reason: 'r',
            form: '2021',
            ...source,
          });
          await call('PUT', to, body, standing.revision ? { 'if-match': '*' } : {});
        } else if (one.what === 'move') {
          await call('POST', `/v1/agencies/${one.agency}/changes`, {
            on: '2021-06-01',
            county: one.count > 1 ? '431202' : hongjiang,
          });
        } else if (standing.revision && one.what === 'withdraw')
          await call('DELETE', to, undefined, { 'if-match': '*' });
        else if (standing.revision)
          await client.decide(one.what === 'accept' ? 'ACCEPTED' : 'RETURNED', standing.revision, to);
      }
      for (const headers of [{}, stranger, bearer(own), bearer(elsewhere)]) {
        const all = (await call('GET', '/v1/reports', undefined, headers)).body.items as Shown[];
        for (const one of all)
          t.same((await call('GET', `/v1/reports/${one.agency}/${one.year}`, undefined, headers)).body, one);
        for (const state of ['SUBMITTED', 'ACCEPTED', 'RETURNED']) {
          for (const updatedAfter of ['2022-01-01T00:00:00Z', ...instants]) {
            const expected = all.filter((one) => one.state === state && one.updatedAt > updatedAfter);
            const listed: Shown[] = [];
            for (
              let next: string | undefined = `/v1/reports?state=${state}&updatedAfter=${updatedAfter}&first=1`;
              next;
            ) {
              const page: Awaited<ReturnType<typeof call>> = await call('GET', next, undefined, headers);
              listed.push(...page.body.items);
              next = /<([^>]+)>/.exec(String(page.headers.link ?? ''))?.[1];
            }
            t.same(listed, expected, `${state} ${updatedAfter}`);
          }
        }
      }
      t.same(await damage(db), []);
    }),
    { numRuns: 6 },
  );
});

interface Shown {
  readonly agency: string;
  readonly year: number;
  readonly state: string;
  readonly updatedAt: string;
}

t.test('whoever keeps a copy by updatedAfter learns of an acceptance, with a token or without', async (t) => {
  const { call, at, decide } = await openClient(t);
  await call('POST', '/v1/reports', filingBody());
  const since = '2022-02-01T00:00:00Z';
  at('2022-03-01T00:00:00Z');
  await decide('ACCEPTED', 1);
  const query = `{ reports(updatedAfter: "${since}", state: ACCEPTED) { totalCount nodes { updatedAt } } }`;
  for (const headers of [{}, stranger]) {
    t.match((await call('GET', `/v1/reports?updatedAfter=${since}&state=ACCEPTED`, undefined, headers)).body, {
      totalCount: 1,
      items: [{ updatedAt: '2022-03-01T00:00:00.000Z' }],
    });
    t.match((await call('POST', '/graphql', { query }, headers)).body.data.reports, { totalCount: 1 });
  }
  t.match((await call('POST', '/graphql', { query: query.replace(since, 'yesterday') })).body, {
    errors: [{ extensions: { errors: [{ pointer: '/updatedAfter' }] } }],
  });
});

t.test('the answer to a filing is what a GET by the same caller then answers, its tag and notes too', async (t) => {
  const { call, revise } = await openClient(t);
  const broken = (total: number) => ({ 'appeals.reconsideration.upheld': 10, 'appeals.reconsideration.total': total });
  const same = async (answer: Awaited<ReturnType<typeof call>>) => {
    const { outcome, ...filed } = answer.body;
    const got = await call('GET', url);
    t.same(filed, got.body, outcome);
    t.equal(answer.headers.etag, got.headers.etag, outcome);
  };
  const lenient = { prefer: 'handling=lenient' };
  await same(await call('POST', '/v1/reports', filingBody({ figures: broken(0) }), lenient));
  await call('PUT', `${url}/notes`, {
    code: 'T4-ROW',
    pointer: '/figures/appeals/reconsideration/total',
    standing: 'EXPLAINED',
    text: '漏填',
  });
  const again = await call('POST', '/v1/reports', filingBody({ figures: broken(0) }), lenient);
  t.match(again.body, { outcome: 'unchanged', findings: [{ code: 'T4-ROW', note: { text: '漏填' } }] });
  await same(again);
  const revised = await revise({ figures: broken(3) });
  t.match(revised.body, { outcome: 'revised', findings: [{ note: { text: '漏填', outdated: true } }] });
  await same(revised);
  await call('POST', `${url}/reviews`, { decision: 'ACCEPTED', revision: 2 });
  await same(await call('PUT', url, filingBody({ figures: broken(3) }), lenient));
});

const plain = {
  publishedItems: { total: 5, categories: [{ name: '动态', count: 5 }], channels: [] },
  engagement: [{ name: '信箱', handled: 1 }],
  narrative: { overview: '总体情况。' },
  source: { publishedOn: '2022-01-20' },
};
/** The same said with members that are null, empty or in another order. */
const spellings = [
  { narrative: { overview: '总体情况。', problems: null } },
  { source: { url: null, publishedOn: '2022-01-20' } },
  { source: { publishedOn: '2022-01-20', url: null } },
  { publishedItems: { ...plain.publishedItems, note: null, complete: [] } },
  { publishedItems: { channels: [], categories: [{ count: 5, note: null, share: null, name: '动态' }], total: 5 } },
  { engagement: [{ name: '信箱', handled: 1, replyRate: null, note: null }] },
];
const others = [
  { narrative: { overview: '总体情况' } },
  { narrative: null },
  { source: { publishedOn: null } },
  { publishedItems: { ...plain.publishedItems, complete: ['categories'] } },
  { publishedItems: { ...plain.publishedItems, categories: [{ name: '动态', count: null }] } },
  { engagement: [] },
  { figures: { 'decisions.coercion.decided': null } },
];

t.test('content that differs by a null member only is the same content, and nothing else is', async (t) => {
  const { call } = await openClient(t);
  await call('POST', '/v1/reports', filingBody(plain));
  for (const spelling of spellings) {
    const again = await call('POST', '/v1/reports', filingBody({ ...plain, ...spelling }));
    t.match(again, { status: 200, body: { outcome: 'unchanged', revision: 1 } }, JSON.stringify(spelling));
  }
  for (const other of others) {
    t.equal((await call('POST', '/v1/reports', filingBody({ ...plain, ...other }))).status, 409, JSON.stringify(other));
  }
  const empty = { agency: anjiang, year: 2021 };
  await call('POST', '/v1/reports', filingBody(empty));
  for (const nothing of [
    { narrative: {} },
    { narrative: { overview: null } },
    { source: { url: null } },
    { publishedItems: null },
  ]) {
    t.equal((await call('POST', '/v1/reports', filingBody({ ...empty, ...nothing }))).status, 200);
  }
  t.ok(isSameContent(filing(empty).content, filing({ ...empty, source: {} }).content));
});

t.test('a finding points at the box in which its mistake is looked for: what stands alone against a sum', (t) => {
  const about = new Map([
    ['T3-FLOW', /processed/],
    ['T3-OUTCOME', /processed/],
    ['T3-ROW', /total$/],
    ['T4-ROW', /total$/],
    ['X-CARRY', /carriedIn/],
    ['X-INFORCE', /inForce$/],
    ['X-PREVIOUS', /previousItems$/],
    ['T2-INFORCE', /inForce$/],
    ['T2-REGULATIONS', /regulations\/\w+$/],
  ]);
  const met = new Set<string>();
  for (const { form, equation } of forms.flatMap((form) => form.written.map((equation) => ({ form, equation })))) {
    const zero = makeZeroFigures(form);
    const at = [...equation.left, ...equation.right].findLast(({ year }) => year === 0)?.cell.at;
    const figures = zero.map((value, place) => (place === at ? 7 : value));
    for (const { code, pointer, cells } of checkFigures(form.id, 2021, figures, { forms: [form.id], figures: zero })) {
      met.add(code);
      t.match(pointer, about.get(code), code);
      t.ok(cells.includes(pointer.slice('/figures/'.length).replaceAll('/', '.')), 'a box that takes part');
    }
  }
  t.same(
    [...about.keys()].filter((code) => !met.has(code)),
    [],
  );
  t.end();
});

t.test('a list takes a division of any level, by its new name or its old, and knows no unknown one', async (t) => {
  const { call } = await openClient(t);
  await call('POST', '/v1/reports', filingBody());
  await call('POST', '/v1/reports', filingBody({ year: 2020 }));
  await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2021-06-01', county: '320813' });
  const counts = async (query: string) => (await call('GET', `/v1/reports?${query}`)).body.totalCount;
  for (const [code, count] of [
    ['100000', 2],
    ['430000', 1],
    ['431200', 1],
    [hongjiang, 1],
    ['320000', 1],
    ['320813', 1],
    ['431202', 0],
  ] as const) {
    for (const query of [`division=${code}`, `county=${code}`, `county=${code}&division=${code}`]) {
      t.equal(await counts(query), count, query);
    }
    const graph = `{ a: reports(division: "${code}") { totalCount } b: reports(county: "${code}") { totalCount } }`;
    t.match((await call('POST', '/graphql', { query: graph })).body.data, {
      a: { totalCount: count },
      b: { totalCount: count },
    });
    const agencies = (await call('GET', `/v1/agencies?division=${code}&first=1`)).body.totalCount;
    t.equal((await call('GET', `/v1/agencies?county=${code}&first=1`)).body.totalCount, agencies);
  }
  t.equal(await counts('division=430000&year=2020'), 1);
  t.equal(await counts('division=430000&year=2021'), 0, 'where it lay that year');
  for (const list of ['reports', 'agencies']) {
    t.equal((await call('GET', `/v1/${list}?division=999999`)).status, 404);
    t.match(await call('GET', `/v1/${list}?division=430000&county=431200`), {
      status: 400,
      body: { errors: [{ pointer: '/county' }] },
    });
  }
  const unknown = await call('POST', '/graphql', { query: '{ reports(division: "999999") { totalCount } }' });
  t.match(unknown.body.errors, [{ extensions: { type: '/problems/unknown-division' } }]);
});
