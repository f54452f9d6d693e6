/** What a code means, on which day: the same rule by path, list, GraphQL, token, import, document and change. */
import type { InjectOptions } from 'fastify';
import t, { type Test } from 'tap';
import { buildApp } from '../src/app.js';
import { stopReaders } from '../src/document/read/read-in-child.js';
import { toProblem } from '../src/problem.js';
import { agenciesBelow } from '../src/register/browse.js';
import { changeAgency } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import { agencyFor, findAgency, resolveDivision } from '../src/register/codes.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { agencyStatesByCode } from '../src/store/register/agencies.js';
import { divisionStatesByCode } from '../src/store/register/divisions.js';
import {
  act,
  bearer,
  filingBody,
  hongjiang,
  openTestStore,
  qunfeng,
  runSql,
  scratch,
  signIn,
  tokenFor,
} from './builders.js';
import { holdToDocument } from './contract.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;

const neighbour = '431202';
const recoded = '431281110';

t.teardown(() => stopReaders());

/** The app over the small register, with a clock that a test sets; what is asked is an administrator's. */
async function openAt(t: Test) {
  const db = await openTestStore();
  let now = new Date('2026-11-24T04:00:00Z');
  const app = await buildApp({ db, clock: () => now, logger: false });
  holdToDocument(app);
  signIn(app, await tokenFor(db));
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers = {}) => {
    const options: InjectOptions = { method, url, headers };
    const answer = await app.inject(
      body === undefined
        ? options
        : {
            ...options,
            headers: { 'content-type': 'application/json', ...headers },
            payload: typeof body === 'string' ? body : JSON.stringify(body),
          },
    );
    return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as Json };
  };
  const ask = async (query: string): Promise<Json> => (await call('POST', '/graphql', { query })).body.data;
  const setClock = (instant: string) => {
    now = new Date(instant.length === 10 ? `${instant}T04:00:00Z` : instant);
  };
  return { app, db, call, ask, setClock };
}

/** 群峰乡 gives its code up on 1 July 2024; a year later another township gets it. Both are known beforehand. */
async function handOverAgency(db: Db) {
  const gone = { action: 'change', agency: qunfeng, on: '2024-07-01', code: recoded, name: '群峰镇' } as const;
  await changeAgency(db, act, gone, {});
  const come = { name: '新峰乡', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2025-07-01' } as const;
  await changeAgency(db, act, { action: 'add', code: qunfeng, ...come }, {});
}

/** The same for 洪江市 and another county, which no use case can do yet. */
async function handOverCounty(db: Db) {
  await runSql(db, "update division_state set valid_to = '2024-07-01' where code = ?", [hongjiang]);
  await runSql(
    db,
    `insert into division_state (division_id, code, name, parent_id, valid_from, valid_to)
     select division_id, '431291', '洪江区', parent_id, '2024-07-01', null from division_state where code = ?`,
    [hongjiang],
  );
  await runSql(db, "insert into division (id, level) values (9000, 'COUNTY')");
  await runSql(
    db,
    `insert into division_state (division_id, code, name, parent_id, valid_from, valid_to)
     select 9000, code, '新洪江市', parent_id, '2025-07-01', null from division_state where code = ? limit 1`,
    [hongjiang],
  );
}

/** Days before, between and after, and what the code means on each. */
const agencyOnDay = [
  ['2024-06-30', '群峰乡', qunfeng],
  ['2025-06-30', '群峰镇', recoded],
  ['2025-07-01', '新峰乡', qunfeng],
] as const;
const agencyInYear = [
  [2023, '群峰乡', qunfeng],
  [2024, '群峰镇', recoded],
  [2025, '新峰乡', qunfeng],
] as const;
const countyOnDay = [
  ['2024-06-30', '洪江市', hongjiang],
  ['2025-06-30', '洪江区', '431291'],
  ['2025-07-01', '新洪江市', hongjiang],
] as const;
const countyInYear = [
  [2023, '洪江市', hongjiang],
  [2024, '洪江区', '431291'],
  [2025, '新洪江市', hongjiang],
] as const;

t.test(
  'a code means the agency that has it today, else the one that had it last, in nine digits and twelve',
  async (t) => {
    const { db, call, ask, setClock } = await openAt(t);
    await handOverAgency(db);
    for (const [day, name, code] of agencyOnDay) {
      setClock(day);
      for (const asked of [qunfeng, `${qunfeng}000`]) {
        t.match((await call('GET', `/v1/agencies/${asked}`)).body, { name, code }, `${asked} on ${day}`);
        const query = `{ agency(code: "${asked}") { name code } township(code: "${asked}") { name code } }`;
        t.match(await ask(query), { agency: { name, code }, township: { name, code } }, `${asked} on ${day}`);
        const grants = [{ scope: 'file', agency: asked }];
        const token = await call('POST', '/v1/tokens', { name: `${asked} ${day}`, grants, expiresAt: null });
        t.match(token, { status: 201, body: { grants: [{ agency: code, name }] } }, `a token for ${asked} on ${day}`);
      }
    }
  },
);

t.test('a code that nobody has yet means the agency that gets it next', async (t) => {
  const { db, call, ask } = await openAt(t);
  const coming = {
    code: 'HJ-NEW',
    name: '洪江市数据局',
    kind: 'OFFICE',
    county: hongjiang,
    validFrom: '2027-03-01',
  } as const;
  await changeAgency(db, act, { action: 'add', ...coming }, {});
  t.match((await call('GET', '/v1/agencies/HJ-NEW')).body, { name: coming.name, validFrom: '2027-03-01' });
  t.match(await ask('{ agency(code: "HJ-NEW") { name } }'), { agency: { name: coming.name } });
  const filed = await call('POST', '/v1/reports', filingBody({ agency: 'HJ-NEW', year: 2025 }));
  t.match(filed, { status: 422, body: { type: '/problems/agency-closed' } });
});

t.test(
  'for a report year a code means the agency that has it on 31 December, else the one that had it last',
  async (t) => {
    const { app, db, call, ask } = await openAt(t);
    await handOverAgency(db);
    const lines = agencyInYear.map(([year]) => JSON.stringify(filingBody({ agency: `${qunfeng}000`, year })));
    const imported = await call('POST', '/v1/imports', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    t.match(imported.body, { created: 3, rejected: 0 });
    const page = (await app.inject(`/v1/reports/${qunfeng}/2023.html`)).body;
    for (const [year, agencyName, agency] of agencyInYear) {
      const read = await call('POST', `/v1/readings?agency=${qunfeng}000&year=${year}`, page, {
        'content-type': 'text/html',
      });
      t.match(read.body, { agency: { code: agency, name: agencyName } }, `a document for ${year}`);
      for (const asked of [qunfeng, `${qunfeng}000`]) {
        t.match(
          (await call('GET', `/v1/reports/${asked}/${year}`)).body,
          { agency, agencyName },
          `${asked} in ${year}`,
        );
        const { revisions } = await ask(
          `{ revisions: report(agency: "${asked}", year: ${year}) { agency { name code } } }`,
        );
        t.match(revisions, { agency: { name: agencyName, code: agency } }, `${asked} in ${year} by GraphQL`);
        const listed = (await call('GET', `/v1/reports?agency=${asked}&year=${year}`)).body;
        t.match(listed, { totalCount: 1, items: [{ agency, agencyName, year }] }, `${asked} in a list of ${year}`);
        t.equal((await call('GET', `/v1/reports/${asked}/${year}/revisions`)).body.items.length, 1);
      }
    }
    t.match((await call('POST', '/v1/reports', filingBody({ agency: recoded, year: 2023 }))).status, 200);
  },
);

t.test('a list without a year is of the agency that has the code today', async (t) => {
  const { db, call, setClock } = await openAt(t);
  await handOverAgency(db);
  for (const [year] of agencyInYear) await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year }));
  const yearsOn = async (day: string) => {
    setClock(day);
    const { items } = (await call('GET', `/v1/reports?agency=${qunfeng}000`)).body;
    return items.map(({ year }: { year: number }) => year);
  };
  t.same(await yearsOn('2024-06-30'), [2023, 2024]);
  t.same(await yearsOn('2025-06-30'), [2023, 2024]);
  t.same(await yearsOn('2025-07-01'), [2025]);
});

t.test(
  'a change, an exemption and an exception from a lock are of the agency that has the code on their day',
  async (t) => {
    const { db, call } = await openAt(t);
    await handOverAgency(db);
    const firstName = ({ body }: Json) => body.agency.states[0].name;
    for (const asked of [qunfeng, `${qunfeng}000`]) {
      const rename = (on: string) => call('POST', `/v1/agencies/${asked}/changes?dryRun=true`, { on, name: '改名' });
      const late = (await rename('2024-06-30')).body.agency.states.map(({ name }: { name: string }) => name);
      t.same(late, ['群峰乡', '改名', '群峰镇'], 'recorded late');
      t.equal(firstName(await rename('2025-06-30')), '群峰乡');
      t.equal(firstName(await rename('2025-07-02')), '新峰乡');
      const close = (on: string) => call('POST', `/v1/agencies/${asked}/closure?dryRun=true`, { on });
      t.equal(firstName(await close('2025-07-01')), '群峰乡', 'the day before the end is asked about');
      t.equal(firstName(await close('2025-07-02')), '新峰乡');
      for (const [year, name] of agencyInYear) {
        const exempt = await call('PUT', `/v1/agencies/${asked}/exemptions/${year}?dryRun=true`, { reason: 'r' });
        t.equal(firstName(exempt), name === '新峰乡' ? name : '群峰乡', `an exemption for ${year}`);
        const lock = `/v1/divisions/${hongjiang}/locks/${year}`;
        await call('PUT', lock, { since: '2026-01-01', reason: 'r' });
        const excepted = await call('PUT', `${lock}/exceptions/${asked}?dryRun=true`, { reason: 'r' });
        t.match(excepted.body, { exceptions: [{ name }] }, `an exception for ${year}`);
      }
    }
  },
);

t.test('what a code means and is not there on 31 December is closed, with what it went into', async (t) => {
  const { db, call } = await openAt(t);
  await handOverAgency(db);
  const closing = { action: 'close', agency: recoded, on: '2024-10-01', mergedInto: '431281102' } as const;
  await changeAgency(db, act, closing, {});
  const refused = await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year: 2024 }));
  t.match(refused, {
    status: 422,
    body: { type: '/problems/agency-closed', agency: qunfeng, year: 2024, successors: [{ code: '431281102' }] },
  });
  t.match(refused.body.detail, /群峰乡 2018-10-31 – 2024-07-01/);
  t.equal((await call('GET', `/v1/reports/${qunfeng}/2024`)).status, 404);
  t.equal((await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year: 2023 }))).status, 201);
  t.equal((await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year: 2025 }))).status, 201);
});

t.test('every call about an agency and a year is documented for a year in which it is not there', async (t) => {
  const { db, call } = await openAt(t);
  await changeAgency(db, act, { action: 'close', agency: qunfeng, on: '2024-10-01' }, {});
  await call('PUT', `/v1/divisions/${hongjiang}/locks/2024`, { since: '2026-01-01', reason: 'r' });
  const { paths } = (await call('GET', '/openapi.json')).body;
  const bodies: Readonly<Record<string, object>> = {
    exceptions: { reason: 'r' },
    exemptions: { reason: 'r' },
    notes: { code: 'T3-A', pointer: '/figures', standing: 'OPEN', text: '' },
    reviews: { decision: 'ACCEPTED', revision: 1 },
  };
  const about = Object.keys(paths).filter((path) => path.includes('{agency}') && path.includes('{year}'));
  const answers: [string, number][] = [];
  for (const path of about) {
    const url = path
      .replace('{agency}', qunfeng)
      .replace('{year}', '2024')
      .replace('{division}', hongjiang)
      .replace('{number}', '1')
      .replace('{extension}', 'html');
    t.notMatch(url, /[{]/, 'every part of the path is filled in');
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      if (!paths[path][method.toLowerCase()]) continue;
      const [, about] = /[/](exceptions|exemptions|notes|reviews)\b/.exec(url) ?? [];
      const body = about === undefined ? { ...filingBody({ year: 2024 }), agency: undefined } : bodies[about];
      const sent = method === 'POST' || method === 'PUT' ? body : undefined;
      answers.push([`${method} ${url}`, (await call(method, url, sent, { 'if-match': '*' })).status]);
    }
  }
  t.ok(answers.length > 12, `${answers.length} calls, each answer held to the document`);
  t.same(
    answers.filter(([, status]) => status !== 404 && status !== 422),
    [],
  );
});

t.test('a code means the division that has it today, else the one that had it last', async (t) => {
  const { db, call, ask, setClock } = await openAt(t);
  await handOverCounty(db);
  for (const [day, name, code] of countyOnDay) {
    setClock(day);
    t.match((await call('GET', `/v1/divisions/${hongjiang}`)).body, { name, code }, day);
    const query = `{ division(code: "${hongjiang}") { name code } county(code: "${hongjiang}") { name code } }`;
    t.match(await ask(query), { division: { name, code }, county: { name, code } }, day);
    const townships = name === '新洪江市' ? 0 : 21;
    t.equal((await call('GET', `/v1/agencies?county=${hongjiang}`)).body.totalCount, townships, `agencies on ${day}`);
    const grants = [{ scope: 'review', division: hongjiang }];
    const token = await call('POST', '/v1/tokens', { name: day, grants, expiresAt: null });
    t.match(token, { status: 201, body: { grants: [{ division: code, name }] } }, `a token on ${day}`);
    const every = await call('PUT', `/v1/divisions/${hongjiang}/deadlines/every?dryRun=true`, { due: '01-20' });
    t.match(every.body, { division: { name } }, `a deadline on ${day}`);
    const reader = bearer(await tokenFor(db, { scope: 'review', division: neighbour }));
    t.match((await call('GET', `/v1/audit?division=${hongjiang}`, undefined, reader)).body, {
      detail: new RegExp(`${name}（${code}）`),
    });
  }
});

t.test('for a year a code means the division that has it on 31 December, else the one that had it last', async (t) => {
  const { db, call, ask } = await openAt(t);
  await handOverCounty(db);
  for (const [year] of countyInYear) await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year }));
  for (const [year, name, code] of countyInYear) {
    const reports = name === '新洪江市' ? 0 : 1;
    t.match((await call('GET', `/v1/rollups/${hongjiang}/${year}`)).body, {
      division: { code, name },
      coverage: { reported: reports },
    });
    t.equal((await call('GET', `/v1/reports?county=${hongjiang}&year=${year}`)).body.totalCount, reports, `${year}`);
    const listed = await ask(`{ reports(county: "${hongjiang}", year: ${year}) { totalCount } }`);
    t.equal(listed.reports.totalCount, reports, `${year} by GraphQL`);
    const agencies = await call('GET', `/v1/agencies?county=${hongjiang}&year=${year}`);
    t.equal(agencies.body.totalCount, reports * 21, `agencies of ${year}`);
    const lock = await call('PUT', `/v1/divisions/${hongjiang}/locks/${year}?dryRun=true`, {
      since: '2026-01-01',
      reason: 'r',
    });
    t.match(lock.body, { division: { name } }, `a lock of ${year}`);
    const due = await call('PUT', `/v1/divisions/${hongjiang}/deadlines/${year}?dryRun=true`, { due: '01-20' });
    t.equal(due.status, 201, `a deadline of ${year}`);
    t.match(due.body, { division: { name: name === '新洪江市' ? name : '洪江区' } });
  }
});

t.test('at one in the morning of 1 January in China it is that day for tokens, changes and the log', async (t) => {
  const { db, call, setClock } = await openAt(t);
  // From 1 January 2026 on the county has another name and lies in another prefecture, and one township has another's code.
  await runSql(db, "update division_state set valid_to = '2026-01-01' where code = ?", [hongjiang]);
  await runSql(
    db,
    `insert into division_state (division_id, code, name, parent_id, valid_from, valid_to)
     select c.division_id, c.code, '洪江区', p.division_id, '2026-01-01', null
     from division_state c, division_state p where c.code = ? and p.code = '350100'`,
    [hongjiang],
  );
  await changeAgency(db, act, { action: 'change', agency: qunfeng, on: '2026-01-01', code: recoded }, {});
  const come = { name: '新峰乡', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2026-01-01' } as const;
  await changeAgency(db, act, { action: 'add', code: qunfeng, ...come }, {});
  const admin = bearer(await tokenFor(db, { scope: 'admin', division: '350100' }));
  const before = bearer(await tokenFor(db, { scope: 'admin', division: '431200' }));

  setClock('2025-12-31T17:00:00Z');
  const grants = [{ scope: 'file', agency: qunfeng }];
  const asked = { name: 'a', grants, expiresAt: null };
  t.equal((await call('POST', '/v1/tokens', asked, before)).status, 403, 'the prefecture it lay in has it no more');
  t.match((await call('POST', '/v1/tokens', asked, admin)).body, { grants: [{ agency: qunfeng, name: '新峰乡' }] });
  const county = [{ scope: 'read', division: hongjiang }];
  t.match((await call('POST', '/v1/tokens', { name: 'b', grants: county, expiresAt: null }, admin)).body, {
    grants: [{ division: hongjiang, name: '洪江区' }],
  });
  const rename = (headers: object) =>
    call('POST', '/v1/agencies/431281102/changes', { on: '2026-01-01', name: '安江新镇' }, headers);
  t.equal((await rename(before)).status, 403);
  t.equal((await rename(admin)).status, 200);
  const log = (headers: object) => call('GET', `/v1/audit?division=${hongjiang}`, undefined, headers);
  t.equal((await log(before)).status, 403);
  const entries = (await log(admin)).body.items.filter(({ action }: Json) => action === 'register.change');
  t.match(entries.at(-1), { subject: '/v1/agencies/431281102', division: { code: hongjiang, name: '洪江区' } });
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body, { name: '新峰乡' });

  setClock('2025-12-31T15:00:00Z');
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body, { name: '群峰乡' });
  const earlier = await call('POST', '/v1/tokens', { ...asked, name: 'c' }, before);
  t.match(earlier.body, { grants: [{ agency: qunfeng, name: '群峰乡' }] }, 'two hours earlier it was the year before');
});

t.test(
  'the bureau’s and the ministry’s digits for neighbours are told apart, and a bare code is the bureau’s',
  async (t) => {
    const db = await openTestStore('sqlite::memory:', { counties: ['654022', '321324'] });
    t.teardown(() => db.destroy());
    const nameOf = async (code: string) => (await findAgency(db, code, '2024-12-31'))?.name;
    t.equal(await nameOf('654022105'), '琼博拉镇');
    t.equal(await nameOf('NBS-654022105'), '琼博拉镇');
    t.equal(await nameOf('MCA-654022105'), '绰霍尔镇');
    t.equal(await nameOf('MCA-654022105000'), '绰霍尔镇');
    t.equal(await nameOf('654022103'), '绰霍尔镇');
    t.equal(await nameOf('MCA-654022103'), undefined, 'of the ministry’s own it is not known whose it is');
    t.equal(await nameOf('321324002'), '大楼街道');
    t.equal(await nameOf('MCA-321324002'), '重岗街道');
    t.equal(await nameOf('321324003'), '重岗街道');
    t.equal(await nameOf('MCA-321324003'), '大楼街道');
    t.equal(await nameOf(`MCA-${qunfeng}`), '群峰乡', 'mostly both are the same');
    t.equal(await nameOf('MCA-431281999'), undefined);
    t.equal(await nameOf('NBS-431281999'), undefined);
    t.match(await agencyFor(db, 'MCA-654022105', 2024), { code: '654022103' });
    t.match(await agencyFor(db, 'MCA-654022103', 2024).catch(toProblem), { kind: 'unknown-agency' });
  },
);

t.test('digits that no one has in the register are the ministry’s', async (t) => {
  const db = await openTestStore('sqlite::memory:', { counties: ['653201', '411302'] });
  t.teardown(() => db.destroy());
  t.match(await findAgency(db, '653201005', '2024-12-31'), { code: 'MCA-653201005', name: '玉河街道' });
  t.match(await findAgency(db, 'MCA-653201005', '2024-12-31'), { code: 'MCA-653201005', name: '玉河街道' });
  t.equal(await findAgency(db, 'NBS-653201005', '2024-12-31'), undefined);
  t.match(await agencyFor(db, '411302010', 2023), { code: '411302301', name: '溧河街道' });
  t.match(await agencyFor(db, '653201005', 2022).catch(toProblem), { kind: 'agency-closed' });
});

t.test('each state of what has a code is read once, however often it was renamed', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const days = ['2020-03-01', '2021-03-01', '2022-03-01'];
  for (const [index, on] of days.entries()) {
    await changeAgency(db, act, { action: 'change', agency: qunfeng, on, name: `群峰${index}乡` }, {});
    await changeDivision(db, act, { action: 'division-change', division: hongjiang, on, name: `洪江${index}市` }, {});
  }
  t.equal((await agencyStatesByCode(db, qunfeng)).length, days.length + 1);
  t.equal((await divisionStatesByCode(db, hongjiang)).length, days.length + 1);
});

t.test('what a code means and who lies in a county is kept until the register changes, by whomever', async (t) => {
  const url = `sqlite:${scratch(t)}/x.db`;
  const [mine, theirs] = [await openTestStore(url), await openStore(url)];
  t.teardown(() => Promise.all([mine.destroy(), theirs.destroy()]));
  const namesIn = async (db: Db) => {
    const division = await resolveDivision(db, hongjiang, '2026-11-24');
    const asked = { day: '2026-11-24', total: 'unasked' } as const;
    const { items } = await agenciesBelow(db, division, asked, { first: 500 });
    return [division.name, items.find(({ code }) => code === qunfeng)?.name];
  };
  t.same(await namesIn(mine), ['洪江市', '群峰乡']);
  const on = '2026-03-01';
  await changeAgency(mine, act, { action: 'change', agency: qunfeng, on, name: '甲乡' }, {});
  t.same(await namesIn(mine), ['洪江市', '甲乡'], 'a change here');
  await changeAgency(theirs, act, { action: 'change', agency: qunfeng, on: '2026-04-01', name: '乙乡' }, {});
  t.same(await namesIn(mine), ['洪江市', '乙乡'], 'a change of another process');
  await changeDivision(theirs, act, { action: 'division-change', division: hongjiang, on, name: '洪江县' }, {});
  t.same(await namesIn(mine), ['洪江县', '乙乡']);
  await inTransaction(mine, {}, async (trx) => {
    await runSql(trx, `update agency_state set name = '丙乡' where code = ? and valid_to is null`, [qunfeng]);
    t.same(await namesIn(trx), ['洪江县', '丙乡'], 'what a transaction wrote, and nobody else yet');
    t.same(await namesIn(mine), ['洪江县', '乙乡']);
  });
  t.same(await namesIn(mine), ['洪江县', '丙乡']);
});
