import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t, { type Test } from 'tap';
import {
  agencyChanged,
  agencyEntry,
  agencyRecord,
  deadlineChanged,
  divisionEntry,
  divisionRecord,
  importDone,
} from '../src/api/rest/body/register-bodies.js';
import { formInForce } from '../src/form/forms.js';
import { type ProblemBody, toProblem } from '../src/problem.js';
import { applyChange, changeAgency, changeDeadline } from '../src/register/change/change.js';
import { importChanges } from '../src/register/change/file/change-file.js';
import type { RegisterChange } from '../src/register/change/register-change.js';
import { loadNationalRegister } from '../src/register/load.js';
import { fileReport } from '../src/report/file.js';
import { recheckOrigins } from '../src/report/recheck.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { findFindings } from '../src/store/findings.js';
import { expectedCounts } from '../src/store/register/expectations.js';
import { type AgencyRow, type DivisionRow, loadRegister } from '../src/store/register/load/load.js';
import type { ReportRow } from '../src/store/reports.js';
import { sumTerritory } from '../src/store/rollup/read-sums.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { territoryAsReported } from '../src/store/rollup/territory.js';
import { agencyKinds } from '../src/words.js';
import {
  act,
  balancedFigures,
  filing,
  filingBody,
  hongjiang,
  openTestApp,
  qunfeng,
  runSql,
  today,
} from './builders.js';

/** 洪江市's neighbour in the small register, and two townships beside 群峰乡. */
const neighbour = '431202';
const [anjiang, tuokou] = ['431281102', '431281103'];

async function openClient() {
  const { app, db, close } = await openTestApp();
  const call = (method: InjectOptions['method'], url: string, body?: unknown, type = 'application/json') =>
    app.inject({
      method: method ?? 'GET',
      url,
      headers: body === undefined ? {} : { 'content-type': type },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
  const file = (agency: string, year: number, publishedOn = `${year + 1}-01-20`) =>
    call('POST', '/v1/reports', filingBody({ agency, year, source: { publishedOn } }));
  return { app, db, close, call, file };
}

type Client = Awaited<ReturnType<typeof openClient>>;

/** A claim about one client over a fresh small register; whatever it did, the rollups must add up at its end. */
function claim(title: string, body: (t: Test, client: Client) => Promise<void>) {
  t.test(title, async (t) => {
    const client = await openClient();
    t.teardown(client.close);
    await body(t, client);
    t.same(await verifyRollups(client.db), []);
  });
}
const totals = async (db: Db, division: string, year: number) => {
  const [row] = await runSql<{ id: number }>(db, 'select division_id as id from division_state where code = ?', [
    division,
  ]);
  const id = row?.id ?? 0;
  const sums = (await sumTerritory(db, territoryAsReported(id), [year], [], { inclusion: 'ALL' })).get(year);
  const expected = (await expectedCounts(db, id, [year])).reduce((sum, one) => sum + one.expected, 0);
  const { reports = 0, expectedReports = 0, onTime = 0 } = sums ?? {};
  return { reports, expectedReports, onTime, expected };
};

const department = {
  code: 'HJ-JYJ',
  name: '洪江市教育局',
  kind: 'DEPARTMENT',
  county: hongjiang,
  validFrom: '2020-03-01',
};
const codesOf = (answer: { json(): ProblemBody }) => (answer.json().errors ?? []).map((fault) => fault.code);

claim(
  'an agency is added with its place, is expected from its first 31 December on, and can file',
  async (t, client) => {
    const { call, db, file } = client;
    const before = await totals(db, '430000', 2019);
    const answer = await call('POST', '/v1/agencies', department);
    t.equal(answer.statusCode, 201);
    t.equal(answer.headers.location, '/v1/agencies/HJ-JYJ');
    t.match(answer.json(), {
      outcome: 'created',
      agency: { code: 'HJ-JYJ', kind: 'DEPARTMENT', county: { code: hongjiang, name: '洪江市' }, validTo: null },
    });
    t.same(await totals(db, '430000', 2019), before);
    t.equal((await totals(db, hongjiang, 2020)).expected, 21);
    t.equal((await file('HJ-JYJ', 2020)).statusCode, 201);
    t.equal((await file('HJ-JYJ', 2019)).json().type, '/problems/agency-closed');
    t.equal((await totals(db, hongjiang, 2020)).reports, 1);
  },
);

claim(
  'a code is taken on the days on which another agency has it, and the refusal names that agency',
  async (t, client) => {
    const { call } = client;
    const clash = await call('POST', '/v1/agencies', { ...department, code: qunfeng });
    t.equal(clash.statusCode, 409);
    t.match(clash.json(), { type: '/problems/conflict', holder: { code: qunfeng, name: '群峰乡' } });
    t.match(clash.json().detail, /群峰乡/);
    t.same(codesOf(clash), ['CODE-TAKEN']);
    t.equal((await call('POST', '/v1/agencies', { ...department, code: `${qunfeng}000` })).statusCode, 409);
    t.equal((await call('POST', '/v1/agencies', { ...department, code: hongjiang })).statusCode, 409);
    await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2022-05-01', code: '431281110' });
    t.equal(
      (await call('POST', '/v1/agencies', { ...department, code: qunfeng, validFrom: '2022-04-30' })).statusCode,
      409,
    );
    t.equal(
      (await call('POST', '/v1/agencies', { ...department, code: qunfeng, validFrom: '2022-05-01' })).statusCode,
      201,
    );
    t.equal((await call('GET', `/v1/agencies/${qunfeng}`)).json().name, department.name);
    t.equal((await call('GET', '/v1/agencies/431281110')).json().states.length, 2);
  },
);

claim('a rename, a new code and a new kind leave the years before as they were', async (t, client) => {
  const { call, db, file } = client;
  for (const year of [2020, 2021, 2022]) await file(qunfeng, year);
  const change = { on: '2021-12-31', name: '群峰镇', code: '431281110', kind: 'SUBDISTRICT' };
  const answer = await call('POST', `/v1/agencies/${qunfeng}/changes`, change);
  t.match(answer.json(), { outcome: 'changed', reportsMoved: 2, agency: { name: '群峰镇', code: '431281110' } });
  t.match((await call('GET', `/v1/reports/${qunfeng}/2020`)).json(), {
    agencyName: '群峰乡',
    agency: qunfeng,
    kind: 'TOWNSHIP',
  });
  t.match((await call('GET', '/v1/reports/431281110/2021')).json(), { agencyName: '群峰镇', kind: 'SUBDISTRICT' });
  t.match((await call('GET', `/v1/reports/${qunfeng}/2022`)).json(), { agencyName: '群峰镇', kind: 'SUBDISTRICT' });
  const [division] = await runSql<{ id: number }>(db, 'select division_id as id from division_state where code = ?', [
    hongjiang,
  ]);
  const counts = await expectedCounts(db, division?.id ?? 0, [2020, 2021]);
  const of = (year: number, kind: string) => counts.find((one) => one.year === year && one.kind === kind)?.expected;
  t.equal((of(2021, 'SUBDISTRICT') ?? 0) - (of(2020, 'SUBDISTRICT') ?? 0), 1);
});

claim('a move to another county takes along the years from that day on, and no other', async (t, client) => {
  const { call, db, file } = client;
  for (const year of [2020, 2021, 2022]) await file(qunfeng, year);
  const [old2020, new2020] = [await totals(db, hongjiang, 2020), await totals(db, neighbour, 2020)];
  const answer = await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2022-01-01', county: neighbour });
  t.match(answer.json(), { reportsMoved: 1, agency: { county: { code: neighbour } } });
  t.same(await totals(db, hongjiang, 2020), old2020);
  t.same(await totals(db, neighbour, 2020), new2020);
  t.match(await totals(db, hongjiang, 2021), { reports: 1, expected: 20 });
  t.match(await totals(db, hongjiang, 2022), { reports: 0, expected: 19 });
  t.match(await totals(db, neighbour, 2022), { reports: 1, expectedReports: 1 });
  t.match(await totals(db, '431200', 2022), { reports: 1 });
});

claim(
  'a change on the day the last state began corrects it, the same again is none, one before the agency is refused',
  async (t, client) => {
    const { call } = client;
    const path = `/v1/agencies/${qunfeng}/changes`;
    await call('POST', path, { on: '2021-06-01', name: '群峯镇' });
    const corrected = await call('POST', path, { on: '2021-06-01', name: '群峰镇' });
    t.match(corrected.json(), { outcome: 'changed', agency: { name: '群峰镇', validFrom: '2021-06-01' } });
    t.same(
      corrected.json().agency.states.map((state: { name: string }) => state.name),
      ['群峰乡', '群峰镇'],
    );
    t.match((await call('POST', path, { on: '2022-06-01', name: '群峰镇' })).json(), { outcome: 'unchanged' });
    t.equal((await call('GET', `/v1/agencies/${qunfeng}`)).json().states.length, 2);
    t.equal((await call('POST', path, { on: '2021-05-31', name: '群峰' })).statusCode, 200);
    t.same(
      (await call('GET', `/v1/agencies/${qunfeng}`)).json().states.map((state: { name: string }) => state.name),
      ['群峰乡', '群峰', '群峰镇'],
      'recorded late, it ends where the next one begins',
    );
    const early = await call('POST', path, { on: '2018-10-30', name: '群峰' });
    t.equal(early.statusCode, 422);
    t.match(early.json(), {
      type: '/problems/invalid-change',
      errors: [{ code: 'BEFORE-LAST-STATE', pointer: '/on' }],
    });
    t.match(early.json().detail, /2018-10-31/);
  },
);

claim('an agency is not closed while a report needs it, and the refusal names the report', async (t, client) => {
  const { call, file, db } = client;
  await file(qunfeng, 2021);
  await file(qunfeng, 2022);
  const path = `/v1/agencies/${qunfeng}/closure`;
  const refused = await call('POST', path, { on: '2022-12-31' });
  t.equal(refused.statusCode, 409);
  t.match(refused.json(), { type: '/problems/conflict', reports: [`/v1/reports/${qunfeng}/2022`] });
  t.match((await call('POST', path, { on: '2023-01-01' })).json(), {
    outcome: 'changed',
    agency: { validTo: '2023-01-01' },
  });
  t.match((await call('POST', path, { on: '2023-01-01' })).json(), { outcome: 'unchanged' });
  t.match(await totals(db, hongjiang, 2022), { expected: 20 });
  t.match(await totals(db, hongjiang, 2023), { expected: 19 });
  t.equal((await file(qunfeng, 2023)).statusCode, 422);
  t.match((await call('POST', path, { on: '2024-01-01' })).json(), {
    outcome: 'changed',
    agency: { validTo: '2024-01-01' },
  });
  t.match(await totals(db, hongjiang, 2023), { expected: 20 });
  t.same(codesOf(await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2024-01-01', name: '群峰' })), [
    'CLOSED',
  ]);
  t.equal((await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2023-12-31', name: '群峰' })).statusCode, 200);
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).json(), { name: '群峰', validTo: '2024-01-01' });
});

claim(
  'a merger is recorded on both sides, and the year it falls in compares carried-over cases with both',
  async (t, client) => {
    const { call } = client;
    const figures = (row: string, count: number) => ({
      'applications.newReceived.naturalPerson': row === 'carriedOut' ? count : 0,
      'applications.newReceived.total': row === 'carriedOut' ? count : 0,
      'applications.carriedIn.naturalPerson': row === 'carriedIn' ? count : 0,
      'applications.carriedIn.total': row === 'carriedIn' ? count : 0,
      'applications.carriedOut.naturalPerson': count,
      'applications.carriedOut.total': count,
    });
    for (const [agency, year, row, count] of [
      [qunfeng, 2021, 'carriedOut', 2],
      [anjiang, 2021, 'carriedOut', 3],
      [anjiang, 2022, 'carriedIn', 5],
    ] as const) {
      const answer = await call('POST', '/v1/reports', filingBody({ agency, year, figures: figures(row, count) }));
      t.equal(answer.statusCode, 201);
    }
    const findings = async () =>
      (await call('GET', `/v1/reports/${anjiang}/2022`)).json().findings.map((one: { code: string }) => one.code);
    t.ok((await findings()).includes('X-CARRY'));
    const path = `/v1/agencies/${qunfeng}/closure`;
    const merged = await call('POST', path, { on: '2022-06-01', mergedInto: anjiang });
    t.match(merged.json().agency.successors, [{ code: anjiang, on: '2022-06-01' }]);
    t.match((await call('GET', `/v1/agencies/${anjiang}`)).json().predecessors, [{ code: qunfeng, name: '群峰乡' }]);
    t.notOk((await findings()).includes('X-CARRY'));
    await call('POST', path, { on: '2023-06-01', mergedInto: anjiang });
    t.ok((await findings()).includes('X-CARRY'), 'said again, another year, it replaces the last closure');
    t.equal((await call('GET', `/v1/agencies/${anjiang}`)).json().predecessors.length, 1);
    t.same(codesOf(await call('POST', `/v1/agencies/${anjiang}/closure`, { on: '2023-03-01' })), ['HAS-PREDECESSOR']);
    const itself = { on: '2023-06-01', mergedInto: tuokou };
    t.same(codesOf(await call('POST', `/v1/agencies/${tuokou}/closure`, itself)), ['INTO-ITSELF']);
    t.same(codesOf(await call('POST', path, { on: '2023-06-01', mergedInto: '999999' })), ['UNKNOWN-AGENCY']);
  },
);

claim('a merged agency can take over the code of one it was made from, on the very day', async (t, client) => {
  const { call } = client;
  await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2022-06-01' });
  const successor = { ...department, code: qunfeng, name: '新群峰镇', kind: 'TOWNSHIP', validFrom: '2022-06-01' };
  t.equal((await call('POST', '/v1/agencies', successor)).statusCode, 201);
  const merged = await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2022-06-01', mergedInto: qunfeng });
  t.match(merged.json(), { agency: { name: '群峰乡', successors: [{ name: '新群峰镇' }] } });
  const kept = await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2024-06-01' });
  t.equal(kept.json().agency.name, '新群峰镇');
});

claim(
  'an exempted agency is not expected, its report does not count for coverage, and it can be taken back',
  async (t, client) => {
    const { call, db, file } = client;
    await file(qunfeng, 2021);
    const path = `/v1/agencies/${qunfeng}/exemptions/2021`;
    const answer = await call('PUT', path, { reason: '区划调整' });
    t.equal(answer.statusCode, 201);
    t.match(answer.json(), {
      outcome: 'created',
      reportsMoved: 1,
      agency: { exemptions: [{ year: 2021, reason: '区划调整' }] },
    });
    t.match(await totals(db, hongjiang, 2021), { reports: 1, expectedReports: 0, onTime: 0, expected: 19 });
    t.match(await totals(db, hongjiang, 2022), { expected: 20 });
    t.match((await call('PUT', path, { reason: '区划调整' })).json(), { outcome: 'unchanged' });
    t.match((await call('PUT', path, { reason: '合并' })).json(), { outcome: 'changed', reportsMoved: 0 });
    t.match((await call('DELETE', path)).json(), { outcome: 'changed', reportsMoved: 1, agency: { exemptions: [] } });
    t.match(await totals(db, hongjiang, 2021), { reports: 1, expectedReports: 1, onTime: 1, expected: 20 });
    t.equal((await call('DELETE', path)).statusCode, 404);
    t.equal((await call('PUT', '/v1/agencies/431281207/exemptions/2018', { reason: '无' })).statusCode, 400);
  },
);

claim('the nearest deadline decides, and what is filed becomes in time or late with it', async (t, client) => {
  const { call, db, file } = client;
  await file(qunfeng, 2021, '2022-02-10');
  await file(qunfeng, 2022, '2023-02-10');
  await file(hongjiang, 2021, '2022-02-10');
  const onTime = async () => [(await totals(db, hongjiang, 2021)).onTime, (await totals(db, '100000', 2022)).onTime];
  const set = (division: string, year: string, due: string) =>
    call('PUT', `/v1/divisions/${division}/deadlines/${year}`, { due });
  t.same(await onTime(), [0, 0]);
  const first = await set('430000', 'every', '02-28');
  t.equal(first.statusCode, 201);
  t.match(first.json(), {
    outcome: 'created',
    reportsMoved: 2,
    division: { deadlines: [{ year: 'every', due: '02-28' }] },
  });
  t.same(await onTime(), [1, 1]);
  t.match((await set('430000', '2022', '02-05')).json(), { reportsMoved: 1 });
  t.same(await onTime(), [1, 0], "a year's own date goes before every year's");
  await set(hongjiang, 'every', '02-10');
  t.same(await onTime(), [1, 1], 'the county goes before the province');
  await set('431200', '2021', '01-01');
  t.same(await onTime(), [1, 1], 'a farther date changes nothing');
  t.match((await call('DELETE', `/v1/divisions/${hongjiang}/deadlines/every`)).json(), { reportsMoved: 2 });
  t.same(await onTime(), [0, 0]);
  t.equal((await call('DELETE', `/v1/divisions/${hongjiang}/deadlines/every`)).statusCode, 404);
  t.equal((await set('350128', 'every', '03-01')).json().reportsMoved, 0);
  for (const due of ['02-29', '13-01', '00-10', '04-31', '1-1', '02-30']) {
    t.equal((await set(hongjiang, 'every', due)).statusCode, 422, due);
  }
});

t.test('a dry run of any change answers as the real one would and keeps nothing', async (t) => {
  const csv = `action,code,on,name\nchange,${qunfeng},2022-01-01,群峰镇\n`;
  const writes = [
    ['POST', '/v1/agencies', department, 201],
    ['POST', `/v1/agencies/${qunfeng}/changes`, { on: '2021-01-01', county: neighbour }, 200],
    ['POST', `/v1/agencies/${qunfeng}/closure`, { on: '2022-01-01', mergedInto: anjiang }, 200],
    ['PUT', `/v1/agencies/${qunfeng}/exemptions/2021`, { reason: '无' }, 201],
    ['DELETE', `/v1/agencies/${tuokou}/exemptions/2021`, undefined, 200],
    ['PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: '03-01' }, 200],
    ['DELETE', `/v1/divisions/${hongjiang}/deadlines/2021`, undefined, 200],
    ['POST', '/v1/register/changes', csv, 200],
  ] as const;
  const tables = ['agency', 'agency_state', 'succession', 'exemption', 'deadline', 'expectation', 'report', 'rollup'];
  for (const [method, url, body, status] of writes) {
    const { call, file, db, close } = await openClient();
    const dump = async () =>
      JSON.stringify(await Promise.all(tables.map((table) => runSql(db, `select * from ${table}`))));
    await file(qunfeng, 2021, '2022-02-10');
    await call('PUT', `/v1/agencies/${tuokou}/exemptions/2021`, { reason: '无' });
    await call('PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: '02-01' });
    const before = await dump();
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const rehearsed = await call(method, `${url}?dryRun=true`, body, type);
    t.equal(rehearsed.statusCode, status, `${method} ${url}`);
    t.equal(await dump(), before, 'nothing is kept');
    t.same(rehearsed.json(), (await call(method, url, body, type)).json(), 'the real call answers the same');
    t.not(await dump(), before);
    await close();
  }
});

claim('what the register cannot take is refused with its reason, and nothing changes', async (t, client) => {
  const { call } = client;
  const add = (overrides: Record<string, unknown>) => call('POST', '/v1/agencies', { ...department, ...overrides });
  const refusals = [
    [await add({ kind: 'COUNTY' }), 422],
    [await add({ code: 'a' }), 422],
    [await add({ code: 'x'.repeat(33) }), 422],
    [await add({ code: '教育局' }), 422],
    [await add({ name: '  ' }), 422],
    [await add({ name: 'a\u0000b' }), 422],
    [await add({ validFrom: '2020-02-30' }), 422],
    [await add({ validFrom: '2018-10-30' }), 422, 'COUNTY-NOT-ALIVE'],
    [await add({ validFrom: '9999-01-01' }), 422],
    [await add({ county: '431200' }), 422, 'NOT-A-COUNTY'],
    [await add({ county: '999999' }), 404, 'UNKNOWN-DIVISION'],
    [await add({ note: 'x' }), 422],
    [await call('POST', '/v1/agencies/000000000/changes', { on: '2022-01-01', name: '甲' }), 404, 'UNKNOWN-AGENCY'],
    [await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2022-01-01' }), 422],
    [await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2022-01-01', code: anjiang }), 409, 'CODE-TAKEN'],
    [await call('POST', `/v1/agencies/${hongjiang}/changes`, { on: '2022-01-01', name: '甲' }), 422, 'COUNTY-OWN'],
    [await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2018-10-31' }), 422, 'BEFORE-LAST-STATE'],
    [
      await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2022-01-01', mergedInto: hongjiang }),
      422,
      'COUNTY-OWN',
    ],
    [await call('PUT', `/v1/agencies/${hongjiang}/exemptions/2021`, { reason: '无' }), 422, 'COUNTY-OWN'],
    [await call('PUT', '/v1/divisions/999999/deadlines/every', { due: '02-01' }), 404, 'UNKNOWN-DIVISION'],
    [await call('PUT', `/v1/divisions/${hongjiang}/deadlines/always`, { due: '02-01' }), 400],
    [await call('POST', '/v1/agencies?dryRun=yes', department), 400],
    [await call('POST', '/v1/agencies', 'a,b', 'text/csv'), 415],
    [await call('POST', '/v1/register/changes', { a: 1 }), 415],
    [await call('GET', '/v1/agencies?missing=true'), 400],
    [await call('GET', '/v1/agencies?kind=VILLAGE'), 400],
    [await call('GET', '/v1/agencies?county=999999'), 404],
    [await call('GET', '/v1/agencies?first=501'), 400],
    [await call('GET', '/v1/agencies?after=zzz'), 400],
    [await call('GET', '/v1/divisions?level=VILLAGE'), 400],
    [await call('GET', '/v1/agencies/nosuch'), 404],
    [await call('GET', '/v1/divisions/999999'), 404],
  ] as const;
  for (const [index, [answer, status, code]] of refusals.entries()) {
    t.equal(answer.statusCode, status, `${index} ${answer.payload.slice(0, 200)}`);
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
    if (code) t.same(codesOf(answer), [code]);
    for (const fault of answer.json<ProblemBody>().errors ?? []) t.ok(fault.message.zh && fault.message.en);
  }
  t.equal((await call('GET', `/v1/agencies?county=${hongjiang}`)).json().totalCount, 21);
});

claim(
  'divisions and agencies are read by code, with what is above them and who is missing, page by page',
  async (t, client) => {
    const { call, file } = client;
    const division = (await call('GET', `/v1/divisions/${hongjiang}`)).json();
    t.match(division, { code: hongjiang, name: '洪江市', level: 'COUNTY', parent: '431200', deadlines: [] });
    t.same(
      division.parents.map((parent: { code: string }) => parent.code),
      ['431200', '430000', '100000'],
    );
    t.match((await call('GET', '/v1/divisions/100000')).json(), { parent: null, parents: [] });
    t.same(codesIn(await call('GET', '/v1/divisions?parent=431200')), [neighbour, hongjiang]);
    t.same(codesIn(await call('GET', '/v1/divisions?level=NATION')), ['100000']);
    await file(qunfeng, 2021);
    await call('PUT', `/v1/agencies/${anjiang}/exemptions/2021`, { reason: '无' });
    const seen: string[] = [];
    let url: string | undefined =
      `/v1/agencies?county=${hongjiang}&year=2021&missing=true&kind=TOWNSHIP,SUBDISTRICT,OTHER&first=7`;
    while (url) {
      const page: Awaited<ReturnType<Client['call']>> = await call('GET', url);
      t.equal(page.json().totalCount, 18);
      seen.push(...codesIn(page));
      url = /^<(.+)>; rel="next"$/.exec(String(page.headers.link ?? ''))?.[1];
    }
    t.equal(new Set(seen).size, 18);
    t.same(seen, seen.toSorted());
    t.notOk(seen.includes(qunfeng) || seen.includes(anjiang) || seen.includes(hongjiang));
    t.same(codesIn(await call('GET', `/v1/agencies?county=${hongjiang}&kind=COUNTY`)), [hongjiang]);
    t.equal((await call('GET', `/v1/agencies/${qunfeng}000`)).json().code, qunfeng);
  },
);

function codesIn(answer: { json(): { items: { code: string }[] } }): string[] {
  return answer.json().items.map((item) => item.code);
}

claim('what is answered is what the schemas say, and nothing more', async (t, { call }) => {
  const json = async (...request: Parameters<typeof call>) => (await call(...request)).json();
  const csv = `action,code,year,reason\nexempt,${qunfeng},2022,无\n`;
  const answers = [
    [agencyChanged, await json('PUT', `/v1/agencies/${qunfeng}/exemptions/2021`, { reason: '无' })],
    [agencyChanged, await json('POST', `/v1/agencies/${tuokou}/closure`, { on: '2022-01-01', mergedInto: qunfeng })],
    [agencyRecord, await json('GET', `/v1/agencies/${qunfeng}`)],
    [agencyEntry, (await json('GET', '/v1/agencies')).items[0]],
    [deadlineChanged, await json('PUT', `/v1/divisions/${hongjiang}/deadlines/every`, { due: '03-01' })],
    [divisionRecord, await json('GET', `/v1/divisions/${hongjiang}`)],
    [divisionEntry, (await json('GET', '/v1/divisions')).items[0]],
    [importDone, await json('POST', '/v1/register/changes', csv, 'text/csv; charset=utf-8')],
  ] as const;
  for (const [schema, body] of answers) t.same(schema.strict().safeParse(body).error, undefined);
});

const changesFile = [
  'action,code,on,name,newCode,kind,county,mergedInto,year,reason,due',
  `add,HJ-JYJ,2020-03-01,洪江市教育局,,DEPARTMENT,${hongjiang},,,,`,
  `change,${qunfeng},2022-01-01,群峰镇,431281110,,,,,,`,
  `change,431281110,2022-01-01,群峰镇,,,,,,,`,
  `close,${tuokou},2023-01-01,,,,,431281110,,,`,
  `exempt,HJ-JYJ,,,,,,,2021,"机构改革, 暂免",`,
  `exempt,HJ-JYJ,,,,,,,2022,暂免,`,
  'unexempt,HJ-JYJ,,,,,,,2022,,',
  `deadline,${hongjiang},,,,,,,every,,02-20`,
  `deadline,${hongjiang},,,,,,,2021,,02-10`,
  `deadline,${hongjiang},,,,,,,2021,,inherit`,
  ',,,,,,,,,,',
];

claim('a file of changes is applied line by line, with a count for every action', async (t, client) => {
  const { call } = client;
  const answer = await call('POST', '/v1/register/changes', `\ufeff${changesFile.join('\r\n')}`, 'text/csv');
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), {
    lines: 10,
    counts: { add: 1, change: 2, close: 1, exempt: 2, unexempt: 1, deadline: 3 },
    unchanged: 1,
    reportsMoved: 0,
  });
  t.match((await call('GET', '/v1/agencies/HJ-JYJ')).json(), {
    kind: 'DEPARTMENT',
    exemptions: [{ year: 2021, reason: '机构改革, 暂免' }],
  });
  t.match((await call('GET', '/v1/agencies/431281110')).json(), { predecessors: [{ code: tuokou }], states: [{}, {}] });
  t.same((await call('GET', `/v1/divisions/${hongjiang}`)).json().deadlines, [{ year: 'every', due: '02-20' }]);
});

claim('a file with bad lines changes nothing, and every bad line is told with its number', async (t, client) => {
  const { call } = client;
  const bad = [
    changesFile[0],
    changesFile[1],
    `add,${anjiang},2020-03-01,甲,,DEPARTMENT,${hongjiang},,,,`,
    `add,B1,2020-13-01,甲,,COUNTY,${hongjiang},,,,`,
    `close,${qunfeng},2022-01-01,,,,,,2021,,`,
    `rename,${qunfeng},2022-01-01,甲,,,,,,,`,
    `change,${qunfeng},2022-01-01,,,,,,,,`,
    `change,999999999,2022-01-01,甲,,,,,,,`,
    `exempt,${qunfeng},,,,,,,2021,,`,
    `deadline,${hongjiang},,,,,,,every,,02-29`,
    `unexempt,${qunfeng},,,,,,,2021,,`,
    'close,x',
    `change,${qunfeng},2018-01-01,甲,,,,,,,`,
    `add,B2,2020-03-01,甲,,DEPARTMENT,431200,,,,`,
  ];
  const answer = await call('POST', '/v1/register/changes', bad.join('\n'), 'text/csv');
  t.equal(answer.statusCode, 422);
  const problem = answer.json<ProblemBody>();
  t.equal(problem.type, '/problems/invalid-change');
  const told = (problem.errors ?? []).map(({ code, pointer }) => `${pointer} ${code}`);
  t.same(told, [
    '/lines/3/code CODE-TAKEN',
    '/lines/4/on FORMAT',
    '/lines/4/kind FORMAT',
    '/lines/5/year UNUSED',
    '/lines/6/action FORMAT',
    '/lines/7/name MISSING',
    '/lines/8/code UNKNOWN-AGENCY',
    '/lines/9/reason MISSING',
    '/lines/10/due FORMAT',
    '/lines/11/year NOT-EXEMPTED',
    '/lines/12 LENGTH',
    '/lines/13/on BEFORE-LAST-STATE',
    '/lines/14/county NOT-A-COUNTY',
  ]);
  t.ok(problem.errors?.every(({ message }) => /^第 \d+ 行：/.test(message.zh) && /^Line \d+: /.test(message.en)));
  t.equal((await call('GET', '/v1/agencies/HJ-JYJ')).statusCode, 404);
});

claim('what is not a file of changes is refused as a whole', async (t, { call, db }) => {
  const send = (body: string | Buffer) => call('POST', '/v1/register/changes', body, 'text/csv');
  const gbk = Buffer.concat([
    Buffer.from(`${changesFile[0]}\nadd,B1,2020-03-01,`),
    Buffer.from([0xbd, 0xcc, 0xd3, 0xfd]),
  ]);
  t.match((await send(gbk)).json(), { type: '/problems/malformed-body', errors: [{ code: 'ENCODING' }] });
  t.match((await send('code,on\nx,y')).json(), { type: '/problems/malformed-body', errors: [{ code: 'HEADER' }] });
  t.match((await send('action,code,code\n')).json(), { type: '/problems/malformed-body' });
  t.match((await send('action,code,剩\n')).json().detail, /剩/);
  t.equal((await send(' ')).statusCode, 400);
  t.ok((await send('')).statusCode < 500);
  t.match((await send('action,code,on\nclose,"x,2022-01-01\n')).json(), { errors: [{ code: 'QUOTES' }] });
  const many = ['action,code,on', ...Array.from({ length: 300 }, () => 'close,none,2022-01-01')].join('\n');
  const refused = await importChanges(db, act, Buffer.from(many), {}).catch(toProblem);
  t.match(refused, { kind: 'invalid-change', members: { more: true, errors: { length: 100 } } });
  t.match((await send('action,code\n')).json(), { errors: [{ code: 'EMPTY' }] }, 'headings alone are no changes');
});

t.test('the national register is loaded whole, and once', async (t) => {
  const db = await openStore('sqlite::memory:');
  t.teardown(() => db.destroy());
  const progress: number[] = [];
  t.equal(await loadNationalRegister(db, (loaded, total) => progress.push(loaded / total)), true);
  t.equal(progress.at(-1), 1);
  t.same(
    progress,
    progress.toSorted((one, other) => one - other),
  );
  t.equal((await totals(db, '100000', 2021)).expected, 41_391);
  t.equal((await totals(db, hongjiang, 2021)).expected, 20);
  t.equal(await loadNationalRegister(db, () => {}), false);
});

const years = [2020, 2021, 2022, 2023];
const smallDivisions: readonly DivisionRow[] = [
  ['100000', 'NATION', ''],
  ['430000', 'PROVINCE', '100000'],
  ['440000', 'PROVINCE', '100000'],
  ['431200', 'PREFECTURE', '430000'],
  ['431300', 'PREFECTURE', '430000'],
  ['441200', 'PREFECTURE', '440000'],
  ['431281', 'COUNTY', '431200'],
  ['431202', 'COUNTY', '431200'],
  ['431302', 'COUNTY', '431300'],
  ['441202', 'COUNTY', '441200'],
].map(([code = '', level, parent = '']) => ({
  unit: code,
  code,
  name: `区划${code}`,
  // The second of each triple above is a level.
  level: level as DivisionRow['level'],
  parent,
  validFrom: '2019-01-01',
  validTo: '',
}));
const smallCounties = smallDivisions.filter(({ level }) => level === 'COUNTY').map(({ code }) => code);
const smallAgencies: readonly AgencyRow[] = Array.from({ length: 10 }, (_, index) => ({
  unit: String(index),
  code: `${smallCounties[index % 4]}10${index}`,
  name: `机关${index}`,
  kind: agencyKinds[index % 3] ?? 'OTHER',
  county: smallCounties[index % 4] ?? '',
  validFrom: index === 9 ? '2021-07-01' : '2019-01-01',
  validTo: '',
}));
const small = { divisions: smallDivisions, agencies: smallAgencies, successions: [], bases: [], otherCodes: [] };

interface StateRow {
  readonly agencyId: number;
  readonly kind: string;
  readonly county: string;
  readonly from: string;
  readonly to: string | null;
}

/** Everything the rollups and expectations follow from, read as it stands and worked out here by hand. */
async function readWorld(db: Db) {
  const states = await runSql<StateRow>(
    db,
    `select s.agency_id as agencyId, s.kind, d.code as county, s.valid_from as "from", s.valid_to as "to"
     from agency_state s join division_state d on d.division_id = s.county_id`,
  );
  const exemptions = await runSql<{ agencyId: number; year: number }>(
    db,
    'select agency_id as agencyId, year from exemption',
  );
  const deadlines = await runSql<{ code: string; year: number; due: string }>(
    db,
    'select d.code, e.year, e.due from deadline e join division_state d on d.division_id = e.division_id',
  );
  const exempt = new Set(exemptions.map(({ agencyId, year }) => `${agencyId} ${year}`));
  const standing = (agencyId: number, year: number) => {
    const day = `${year}-12-31`;
    const state = states.find(
      (one) => one.agencyId === agencyId && one.from <= day && (one.to === null || one.to > day),
    );
    return state && { ...state, expected: state.kind !== 'COUNTY' && !exempt.has(`${agencyId} ${year}`) };
  };
  const ids = [...new Set(states.map(({ agencyId }) => agencyId))];
  return {
    expected: (division: string, year: number) =>
      ids.filter((id) => {
        const found = standing(id, year);
        return found?.expected && lineage(found.county).includes(division);
      }).length,
    standing,
    due: (county: string, year: number) => {
      const set = lineage(county).flatMap((code) =>
        [year, 0].flatMap((asked) => deadlines.filter((one) => one.code === code && one.year === asked)),
      );
      return `${year + 1}-${set[0]?.due ?? '01-31'}`;
    },
    /** What a year's rollups follow from, the day of filing aside. */
    year: (year: number) =>
      JSON.stringify(
        ids
          .map((id) => [id, standing(id, year)])
          .map(([id, one]) => one && [id, { ...(one as StateRow), from: '', to: '' }]),
      ),
  };
}

function lineage(code: string): string[] {
  const parent = smallDivisions.find((division) => division.code === code)?.parent;
  return parent ? [code, ...lineage(parent)] : [code];
}

const anyYear = fc.constantFrom(...years);
const anyDay = fc
  .tuple(fc.constantFrom(...years, 2024), fc.constantFrom('01-01', '06-30', '12-31'))
  .map(([y, d]) => `${y}-${d}`);
/** Days after the tests' own: what changes then is announced. */
const announcedDay = fc.constantFrom('2027-01-01', '2027-06-30', '2028-01-01');
/** Which of the codes, reports or exemptions there are an operation is about; taken modulo their number. */
const which = fc.nat(40);
const anyFigures = balancedFigures(formInForce(2021));
const anyDue = fc.constantFrom('01-15', '02-05', '02-20', '03-31');
const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('file' as const),
      which,
      year: anyYear,
      figures: anyFigures,
      published: anyDue,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unexempt' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      which,
      on: fc.oneof({ weight: 2, arbitrary: anyDay }, { weight: 1, arbitrary: announcedDay }),
      change: fc.record(
        {
          name: fc.constantFrom('甲', '乙'),
          code: fc.constantFrom('NEW-1', 'NEW-2', 'NEW-3'),
          kind: fc.constantFrom('OFFICE' as const, 'DEPARTMENT' as const, 'TOWNSHIP' as const),
          county: fc.constantFrom(...smallCounties),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      code: fc.constantFrom('ADD-1', 'ADD-2', 'NEW-1'),
      on: anyDay,
      county: fc.constantFrom(...smallCounties),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      which,
      on: anyDay,
      into: fc.uniqueArray(which, { maxLength: 3 }),
      document: fc.constantFrom('甲', '乙', undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retract' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('exempt' as const), which, year: anyYear }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deadline' as const),
      division: fc.constantFrom(...lineage('431281'), '431202', '441202'),
      year: fc.constantFrom(0, 2021, 2022),
      due: fc.option(anyDue),
    }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

const reason = '更正';

/** Does one operation; a refusal is an answer too, so long as it is a refusal. */
async function perform(db: Db, operation: Operation): Promise<'done' | 'refused'> {
  const codes = await runSql<{ code: string }>(
    db,
    "select distinct code from agency_state where kind <> 'COUNTY' order by code",
  );
  const code = (index: number) => codes[index % codes.length]?.code ?? '';
  try {
    if (operation.do === 'file') {
      const agency = code(operation.which);
      const body = filing({
        agency,
        year: operation.year,
        form: '2021',
        figures: operation.figures,
        reason,
        source: { publishedOn: `${operation.year + 1}-${operation.published}` },
      });
      const filed = await fileReport(db, act, body, { method: 'post', lenient: true }).catch(() => undefined);
      if (!filed) await fileReport(db, act, body, { method: 'put', ifMatch: 'any', lenient: true });
    } else if (operation.do === 'withdraw') {
      const at = await pick(db, 'report', operation.which);
      await withdrawReport(db, act, { ...at, reason }, { ifMatch: 'any' });
    } else if (operation.do === 'unexempt') {
      await changeAgency(db, act, { action: 'unexempt', ...(await pick(db, 'exemption', operation.which)) }, {});
    } else if (operation.do === 'retract') {
      await changeAgency(db, act, { action: 'retract', ...(await pickAnnounced(db, operation.which)) }, {});
    } else if (operation.do === 'deadline') {
      const { do: action, ...rest } = operation;
      await changeDeadline(db, act, { action, ...rest }, {});
    } else await changeAgency(db, act, changeOf(operation, code), {});
    return 'done';
  } catch (error) {
    if (toProblem(error).status < 500) return 'refused';
    throw error;
  }
}

function changeOf(
  operation: Exclude<Operation, { do: 'file' | 'withdraw' | 'unexempt' | 'retract' | 'deadline' }>,
  code: (index: number) => string,
) {
  switch (operation.do) {
    case 'add':
      return {
        action: 'add',
        code: operation.code,
        name: '新',
        kind: 'OTHER',
        county: operation.county,
        validFrom: operation.on,
      } as const;
    case 'change':
      return { action: 'change', agency: code(operation.which), on: operation.on, ...operation.change } as const;
    case 'close':
      return {
        action: 'close',
        agency: code(operation.which),
        on: operation.on,
        ...(operation.into.length > 1
          ? { splitInto: operation.into.map(code) }
          : { mergedInto: operation.into.map(code)[0] }),
        document: operation.document,
      } as const;
    case 'reopen':
      return { action: 'reopen', agency: code(operation.which) } as const;
    case 'exempt':
      return { action: 'exempt', agency: code(operation.which), year: operation.year, reason } as const;
  }
}

/** One of the reports or exemptions there are, by the code its agency had that year. */
async function pick(db: Db, table: 'report' | 'exemption', which: number): Promise<{ agency: string; year: number }> {
  const rows = await runSql<{ agency: string; year: number }>(
    db,
    `select s.code as agency, x.year from ${table} x join agency_state s on s.agency_id = x.agency_id
       and s.valid_from <= x.year || '-12-31' and (s.valid_to is null or s.valid_to > x.year || '-12-31')
     order by s.agency_id, x.year`,
  );
  return rows[which % rows.length] ?? { agency: 'NONE', year: 2021 };
}

/** One of the changes that are announced, by the code its agency has today. */
async function pickAnnounced(db: Db, which: number): Promise<{ agency: string; on: string }> {
  const rows = await runSql<{ agency: string; on: string }>(
    db,
    `select s.code as agency, c.valid_from as "on" from agency_change c join agency_state s on s.agency_id = c.agency_id
       and s.valid_from <= ? and (s.valid_to is null or s.valid_to > ?) where c.valid_from > ? order by s.agency_id, c.valid_from`,
    [today, today, today],
  );
  return rows[which % rows.length] ?? { agency: 'NONE', on: '2027-01-01' };
}

/** A year's rollups without the count of those in time, which deadlines may change. */
async function rollupsOf(db: Db, year: number): Promise<string> {
  const rows = await runSql<{ reports: number; on_time: number }>(
    db,
    'select * from rollup where year = ? and reports <> 0 order by division_id, kind, form',
    [year],
  );
  return JSON.stringify(rows.map((row) => ({ ...row, on_time: 0 })));
}

async function openSmallStore(): Promise<Db> {
  const db = await openStore('sqlite::memory:');
  await inTransaction(db, {}, (trx) => loadRegister(trx, small, () => {}));
  return db;
}

/** The states of every agency that are not what its first one, its changes and its end come to. */
async function wrongStates(db: Db): Promise<unknown[]> {
  type State = {
    id: number;
    code: string;
    name: string;
    kind: string;
    county: number;
    from: string;
    to: string | null;
  };
  const states = await runSql<State>(
    db,
    `select agency_id as id, code, name, kind, county_id as county, valid_from as "from", valid_to as "to"
     from agency_state order by agency_id, valid_from`,
  );
  const changes = await runSql<Partial<State> & { id: number; from: string }>(
    db,
    `select agency_id as id, code, name, kind, county_id as county, valid_from as "from" from agency_change order by valid_from`,
  );
  return [...new Set(states.map(({ id }) => id))].flatMap((id) => {
    const own = states.filter((state) => state.id === id);
    const end = own.at(-1)?.to ?? null;
    const days = changes.filter((change) => change.id === id && (end === null || change.from < end));
    const said = (from: string) => {
      const known = [own[0], ...days.filter((change) => change.from <= from)];
      const last = (part: 'code' | 'name' | 'kind' | 'county') => known.findLast((one) => one?.[part] != null)?.[part];
      return [last('code'), last('name'), last('kind'), last('county')].join();
    };
    const wrong = [...own, ...days].filter(({ from }) => {
      const state = own.findLast((one) => one.from <= from);
      return !state || [state.code, state.name, state.kind, state.county].join() !== said(from);
    });
    const gaps = own.filter((state, index) => state.to !== (own[index + 1]?.from ?? end));
    return [...wrong, ...gaps].map((state) => ({ id, state }));
  });
}

/** What a day rests on where nothing begins, changes or ends, and successions from what has not ended or into what is not there. */
async function wrongDays(db: Db): Promise<unknown[]> {
  const baseless = await runSql(
    db,
    `select b.* from basis b where b.about = 'agency'
       and not exists (select 1 from agency_change c where c.agency_id = b.id and c.valid_from = b.effective)
       and not exists (select 1 from agency_state s where s.agency_id = b.id and b.effective in (s.valid_from, s.valid_to))`,
  );
  const loose = await runSql(
    db,
    `select u.* from succession u where u.effective is not
         (select max(coalesce(s.valid_to, '9999')) from agency_state s where s.agency_id = u.predecessor_id)
       or not exists (select 1 from agency_state s where s.agency_id = u.successor_id and s.valid_from <= u.effective
         and (s.valid_to is null or s.valid_to > u.effective))`,
  );
  return [...baseless, ...loose];
}

/** What is wrong with a store, as far as the register decides it: nothing, one hopes. */
async function faultsIn(db: Db): Promise<unknown[]> {
  const faults: unknown[] = [...(await verifyRollups(db)), ...(await wrongStates(db)), ...(await wrongDays(db))];
  const world = await readWorld(db);
  const divisions = await runSql<{ id: number; code: string }>(
    db,
    'select division_id as id, code from division_state',
  );
  for (const { id, code } of divisions) {
    const counts = await expectedCounts(db, id, years);
    for (const year of years) {
      const kept = counts.filter((one) => one.year === year).reduce((sum, one) => sum + one.expected, 0);
      const counted = world.expected(code, year);
      if (kept !== counted) faults.push({ division: code, year, kept, counted });
    }
  }
  const reports = await runSql<ReportRow & { county: string }>(
    db,
    `select r.id, r.agency_id as agencyId, r.year, r.kind, r.expected, r.on_time as onTime, r.submitted_on as submittedOn, d.code as county
     from report r join division_state d on d.division_id = r.county_id`,
  );
  for (const report of reports) {
    const { agencyId, year, kind, county, expected, onTime, submittedOn, id } = report;
    const standing = world.standing(agencyId, year);
    const should = standing && {
      kind: standing.kind,
      county: standing.county,
      expected: standing.expected ? 1 : 0,
      onTime: submittedOn <= world.due(standing.county, year) ? 1 : 0,
    };
    if (JSON.stringify(should) !== JSON.stringify({ kind, county, expected, onTime })) faults.push({ report, should });
    const findings = JSON.stringify(await findFindings(db, id));
    await inTransaction(db, {}, (trx) => recheckOrigins(trx, [agencyId], [year]));
    if (JSON.stringify(await findFindings(db, id)) !== findings)
      faults.push({ report, findings: 'are not those of its figures' });
  }
  return faults;
}

t.test('after any sequence of filings and changes the sums, the expectations and past years are right', async (t) => {
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40 }), async (operations) => {
      const db = await openSmallStore();
      try {
        for (const operation of operations) {
          const before = await readWorld(db);
          const rollups = new Map<number, string>();
          for (const year of years) rollups.set(year, await rollupsOf(db, year));
          const outcome = await perform(db, operation);
          done.set(`${operation.do} ${outcome}`, (done.get(`${operation.do} ${outcome}`) ?? 0) + 1);
          if (operation.do === 'file' || operation.do === 'withdraw') continue;
          const after = await readWorld(db);
          for (const year of years) {
            // A new agency has no reports yet, so it moves the sums of no year at all.
            if (operation.do !== 'add' && before.year(year) !== after.year(year)) continue;
            if ((await rollupsOf(db, year)) !== rollups.get(year)) throw new Error(`the sums of ${year} moved`);
          }
        }
        const faults = await faultsIn(db);
        if (faults.length > 0) throw new Error(JSON.stringify(faults.slice(0, 3), null, 1));
      } finally {
        await db.destroy();
      }
    }),
    { numRuns: 50 },
  );
  const operations = [
    'file',
    'withdraw',
    'change',
    'add',
    'close',
    'exempt',
    'unexempt',
    'deadline',
    'reopen',
    'retract',
  ];
  for (const operation of operations) {
    t.ok((done.get(`${operation} done`) ?? 0) > 0, `${operation}: ${done.get(`${operation} done`)} done`);
  }
  t.ok((done.get('close refused') ?? 0) > 0);
});

t.test('a refused change leaves no trace in the transaction it was tried in', async (t) => {
  const db = await openSmallStore();
  t.teardown(() => db.destroy());
  await fileReport(db, act, filing({ agency: '431281100', year: 2022 }), { method: 'post' });
  const refused: RegisterChange[] = [
    { action: 'close', agency: '431281100', on: '2022-01-01' },
    { action: 'change', agency: '431281100', on: '2022-01-01', code: '431202101', county: '441202' },
    { action: 'change', agency: '431281100', on: '2022-01-01', county: '431200' },
    { action: 'close', agency: '431281100', on: '2023-01-01', mergedInto: '431281' },
  ];
  for (const change of refused) {
    await inTransaction(db, {}, async (trx) => {
      const dump = async () =>
        JSON.stringify([
          await runSql(trx, 'select * from agency_state'),
          await runSql(trx, 'select * from expectation'),
          await runSql(trx, 'select * from succession'),
          await runSql(trx, 'select * from report'),
        ]);
      const before = await dump();
      await t.rejects(applyChange(trx, act, change));
      t.equal(await dump(), before, change.action);
    });
  }
});
