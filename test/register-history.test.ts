/** Changes of the register over time: announced, recorded late, taken back; who has a say; whose day a deadline is. */
import t, { type Test } from 'tap';
import { expectedCounts } from '../src/store/register/expectations.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { bearer, filingBody, hongjiang, openTestApp, qunfeng, runSql, tokenFor } from './builders.js';

/** 洪江市's neighbour in the small register, and a township beside 群峰乡. */
const neighbour = '431202';
const anjiang = '431281102';

async function openClient(t: Test) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
    headers: Record<string, string> = {},
  ) => {
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json(), text: answer.body };
  };
  const file = (agency: string, year: number, publishedOn = `${year + 1}-01-20`) =>
    call('POST', '/v1/reports', filingBody({ agency, year, source: { publishedOn } }));
  return { db, call, file };
}

const changes = `/v1/agencies/${qunfeng}/changes`;
const closure = `/v1/agencies/${qunfeng}/closure`;
const namesOf = (body: { states: readonly { name: string; validFrom: string }[] }) =>
  body.states.map(({ name, validFrom }) => `${validFrom} ${name}`);

t.test('a change is recorded before one that is announced, which then follows in what it does not say', async (t) => {
  const { call } = await openClient(t);
  t.equal((await call('POST', changes, { on: '2027-06-01', name: '群峰镇' })).status, 200);
  t.equal((await call('POST', changes, { on: '2027-01-01', name: '群峯乡', county: neighbour })).status, 200);
  const { agency } = (await call('POST', changes, { on: '2021-05-01', kind: 'SUBDISTRICT' })).body;
  t.match(agency.states, [
    { validFrom: '2018-10-31', name: '群峰乡', kind: 'TOWNSHIP' },
    { validFrom: '2021-05-01', name: '群峰乡', kind: 'SUBDISTRICT', county: { code: hongjiang } },
    { validFrom: '2027-01-01', name: '群峯乡', kind: 'SUBDISTRICT', county: { code: neighbour } },
    { validFrom: '2027-06-01', name: '群峰镇', kind: 'SUBDISTRICT', county: { code: neighbour }, validTo: null },
  ]);
  t.match(agency.changes, [
    { on: '2021-05-01', kind: 'SUBDISTRICT', name: null, announced: false },
    { on: '2027-01-01', name: '群峯乡', county: { code: neighbour }, announced: true },
    { on: '2027-06-01', name: '群峰镇', county: null, announced: true },
  ]);
});

t.test('what was announced is taken back before its day, and what it hid comes out again', async (t) => {
  const { call } = await openClient(t);
  await call('POST', changes, { on: '2027-06-01', name: '群峰镇' });
  await call('POST', changes, { on: '2027-01-01', name: '群峰镇' });
  t.same(namesOf((await call('GET', `/v1/agencies/${qunfeng}`)).body), ['2018-10-31 群峰乡', '2027-01-01 群峰镇']);
  const rehearsed = await call('DELETE', `${changes}/2027-01-01?dryRun=true`);
  const taken = await call('DELETE', `${changes}/2027-01-01`);
  t.same(rehearsed.body, taken.body);
  t.match(taken.body, { outcome: 'changed', reportsMoved: 0 });
  t.same(namesOf(taken.body.agency), ['2018-10-31 群峰乡', '2027-06-01 群峰镇']);
  t.match(await call('DELETE', `${changes}/2027-01-01`), { status: 404, body: { errors: [{ code: 'NO-CHANGE' }] } });
  await call('POST', changes, { on: '2026-11-24', name: '群峰' });
  const late = await call('DELETE', `${changes}/2026-11-24`);
  t.match(late, { status: 422, body: { errors: [{ code: 'IN-FORCE', pointer: '/on' }] } }, 'its day has come');
  const { items } = (await call('GET', `/v1/audit?division=${hongjiang}`)).body;
  t.match(items.at(-2), { action: 'register.retract', after: { agency: qunfeng, on: '2027-01-01' } });
});

t.test(
  'a code that another agency has meanwhile keeps an announcement and a closure from being taken back',
  async (t) => {
    const { call } = await openClient(t);
    const added = { name: '新', kind: 'OTHER', county: hongjiang };
    await call('POST', changes, { on: '2027-01-01', code: 'NEW-1' });
    await call('POST', '/v1/agencies', { ...added, code: qunfeng, validFrom: '2027-02-01' });
    t.match(await call('DELETE', `${changes}/2027-01-01`), { status: 409, body: { errors: [{ code: 'CODE-TAKEN' }] } });
    await call('POST', `/v1/agencies/${anjiang}/closure`, { on: '2027-01-01' });
    await call('POST', '/v1/agencies', { ...added, code: anjiang, validFrom: '2027-02-01' });
    t.match(await call('DELETE', `/v1/agencies/${anjiang}/closure`), {
      status: 409,
      body: { errors: [{ code: 'CODE-TAKEN' }] },
    });
  },
);

t.test(
  'a closure is undone: the agency is expected again, what it went into forgets it, what was to change comes back',
  async (t) => {
    const { call, db } = await openClient(t);
    const [county] = await runSql<{ id: number }>(db, 'select division_id as id from division_state where code = ?', [
      hongjiang,
    ]);
    const expected = async (year: number) =>
      (await expectedCounts(db, county?.id ?? 0, [year])).reduce((sum, one) => sum + one.expected, 0);
    await call('POST', changes, { on: '2027-06-01', name: '群峰镇' });
    const closed = await call('POST', closure, { on: '2023-06-01', mergedInto: anjiang });
    t.match(closed.body.agency, { validTo: '2023-06-01', successors: [{ code: anjiang }] });
    t.equal(await expected(2023), 19);
    const opened = await call('DELETE', closure);
    t.match(opened.body, { outcome: 'changed', agency: { successors: [], validTo: '2027-06-01' } });
    t.same(namesOf(opened.body.agency), ['2018-10-31 群峰乡', '2027-06-01 群峰镇']);
    t.equal(await expected(2023), 20);
    t.same((await call('GET', `/v1/agencies/${anjiang}`)).body.predecessors, []);
    t.match(await call('DELETE', closure), { status: 404, body: { errors: [{ code: 'NOT-CLOSED' }] } });
    const { items } = (await call('GET', `/v1/audit?division=${hongjiang}`)).body;
    t.match(items.at(-1), { action: 'register.reopen', subject: `/v1/agencies/${qunfeng}` });
  },
);

t.test('a move out of or into a county whose year is locked is refused, or takes an exception', async (t) => {
  const { call, file, db } = await openClient(t);
  await file(qunfeng, 2021);
  await file(qunfeng, 2022);
  const lock = { since: '2022-02-20', reason: '已公布' };
  await call('PUT', `/v1/divisions/${hongjiang}/locks/2021`, lock);
  const move = (on: string) => call('POST', changes, { on, county: neighbour });
  t.match(await move('2021-06-01'), {
    status: 409,
    body: { type: '/problems/year-locked', lock: { division: hongjiang, year: 2021 }, errors: [{ pointer: '/on' }] },
  });
  t.match(await call('POST', changes, { on: '2021-06-01', kind: 'OTHER' }), { status: 409 }, 'sums by kind are totals');
  t.equal((await call('POST', changes, { on: '2021-06-01', name: '群峰镇' })).status, 200, 'a name changes no total');
  t.match((await move('2022-01-01')).body, { reportsMoved: 1 }, 'the year before is left alone');
  t.equal((await call('PUT', `/v1/divisions/${neighbour}/locks/2020`, lock)).status, 200);
  t.equal((await move('2020-06-01')).status, 409, 'nor into a locked county');
  await call('DELETE', `/v1/divisions/${neighbour}/locks/2020`);
  await call('PUT', `/v1/divisions/${hongjiang}/locks/2021/exceptions/${qunfeng}`, { reason: '区划调整' });
  t.match(await move('2021-06-01'), { status: 200, body: { reportsMoved: 1 } });
  t.same(await verifyRollups(db), []);
  await call('PUT', `/v1/divisions/${neighbour}/locks/2020`, lock);
  t.equal((await move('2020-06-01')).status, 409, 'the county that it comes to has its say');
  const excepted = `/v1/divisions/${neighbour}/locks/2020/exceptions/${qunfeng}`;
  t.match(await call('PUT', excepted, { reason: '区划调整' }), {
    status: 200,
    body: { exceptions: [{ agency: qunfeng }] },
  });
  t.equal((await move('2020-06-01')).status, 200, 'and excepts an agency that is yet to come');
  t.equal(
    (await call('PUT', excepted.replace(qunfeng, '320813001'), { reason: 'r' })).status,
    404,
    'not from anywhere',
  );
  const csv = `action,code,on,county\nchange,${anjiang},2021-06-01,${neighbour}\n`;
  const { app, close } = await openTestApp();
  t.teardown(close);
  const headers = { 'content-type': 'application/json' };
  await app.inject({ method: 'PUT', url: `/v1/divisions/${hongjiang}/locks/2021`, headers, payload: lock });
  const refused = await app.inject({
    method: 'POST',
    url: '/v1/register/changes',
    headers: { 'content-type': 'text/csv' },
    payload: csv,
  });
  t.match(refused.json(), { status: 422, errors: [{ code: 'LOCKED', pointer: '/lines/2/on' }] });
});

t.test('to close into an agency of another county, or to undo that, takes the register right there too', async (t) => {
  const { call, db } = await openClient(t);
  const own = bearer(await tokenFor(db, { scope: 'register', division: hongjiang }));
  const both = bearer(await tokenFor(db, { scope: 'register', division: '431200' }));
  const [other] = (await call('GET', `/v1/agencies?division=${neighbour}&kind=TOWNSHIP&first=1`)).body.items;
  const into = { on: '2023-06-01', mergedInto: other.code };
  t.match(await call('POST', closure, into, own), { status: 403, body: { place: neighbour } });
  t.equal((await call('POST', closure, { on: '2023-06-01', mergedInto: anjiang }, own)).status, 200);
  t.equal((await call('POST', closure, into, own)).status, 403);
  t.equal((await call('POST', closure, into, both)).status, 200);
  t.equal((await call('DELETE', closure, undefined, own)).status, 403);
  t.equal((await call('POST', closure, { on: '2023-06-01' }, own)).status, 403, 'to forget the merger neither');
  t.equal((await call('DELETE', closure, undefined, both)).status, 200);
  await call('POST', changes, { on: '2024-01-01', county: neighbour });
  const late = { on: '2022-01-01', name: '群峰镇' };
  t.equal((await call('POST', changes, late, own)).status, 403, 'the county it has come to since sees the new name');
  t.equal((await call('POST', changes, late, both)).status, 200);
});

t.test('the county that an agency left lists it elsewhere, with the county where it lies', async (t) => {
  const { call } = await openClient(t);
  await call('POST', changes, { on: '2022-03-01', county: neighbour });
  const list = async (division: string, year: number) =>
    (await call('GET', `/v1/agencies?division=${division}&year=${year}&elsewhere=true`)).body;
  t.match(await list(hongjiang, 2022), {
    totalCount: 1,
    items: [{ code: qunfeng, name: '群峰乡', county: { code: neighbour } }],
  });
  t.match(await list(hongjiang, 2021), { totalCount: 0 });
  t.match(await list(neighbour, 2022), { totalCount: 0 });
  t.match(await list('431200', 2022), { totalCount: 0 }, 'within the prefecture it only moved about');
  t.equal((await call('GET', '/v1/agencies?elsewhere=true')).status, 400);
  const query = `{ county(code: "${hongjiang}") { statistics(years: [2021, 2022]) { coverage { expected
    elsewhere { totalCount nodes { code county { code } } } } } }
    township(code: "${qunfeng}") { statistics(years: [2022]) { coverage { elsewhere { totalCount } } } } }`;
  const { data } = (await call('POST', '/graphql', { query })).body;
  t.match(data.county.statistics, [
    { coverage: { expected: 20, elsewhere: { totalCount: 0 } } },
    {
      coverage: { expected: 19, elsewhere: { totalCount: 1, nodes: [{ code: qunfeng, county: { code: neighbour } }] } },
    },
  ]);
  t.equal(data.township.statistics[0].coverage.elsewhere.totalCount, 0);
});

t.test("a county's own report has a day of its own, by default and as it is set for it or above it", async (t) => {
  const { call, file } = await openClient(t);
  const inTime = async (agency: string) => (await call('GET', `/v1/reports/${agency}/2021`)).body.onTime;
  const set = (division: string, due: string, whose: object) =>
    call('PUT', `/v1/divisions/${division}/deadlines/2021`, { due, ...whose });
  await file(hongjiang, 2021, '2022-02-20');
  await file(qunfeng, 2021, '2022-02-01');
  await file(neighbour, 2021, '2022-02-21');
  t.same([await inTime(hongjiang), await inTime(qunfeng), await inTime(neighbour)], [true, false, false]);
  t.match((await set('430000', '02-25', { for: 'COUNTY' })).body, {
    outcome: 'created',
    reportsMoved: 1,
    division: { deadlines: [], ownDeadlines: [{ for: 'COUNTY', year: 2021, due: '02-25' }] },
  });
  t.same([await inTime(hongjiang), await inTime(qunfeng), await inTime(neighbour)], [true, false, true]);
  t.match((await set(hongjiang, '02-15', { for: 'COUNTY' })).body, { reportsMoved: 1 });
  t.match((await set('430000', '12-31', {})).body, { reportsMoved: 1 }, 'the agencies only');
  t.same([await inTime(hongjiang), await inTime(qunfeng), await inTime(neighbour)], [false, true, true]);
  t.match((await call('DELETE', `/v1/divisions/${hongjiang}/deadlines/2021?for=COUNTY`)).body, { reportsMoved: 1 });
  t.match(await set(hongjiang, '03-01', { for: 'PREFECTURE' }), {
    status: 422,
    body: { errors: [{ code: 'NOT-WITHIN', pointer: '/for' }] },
  });
  const query = `{ county(code: "${hongjiang}") { agencies: deadline(year: 2021) own: deadline(year: 2021, for: COUNTY) }
    prefecture: division(code: "431200") { deadline(year: 2021, for: PREFECTURE) }
    province: division(code: "430000") { deadline(year: 2021, for: PROVINCE) } }`;
  t.same((await call('POST', '/graphql', { query })).body.data, {
    county: { agencies: '2022-12-31', own: '2022-02-25' },
    prefecture: { deadline: '2022-03-10' },
    province: { deadline: '2022-03-31' },
  });
});
