/** Divisions over time: renamed, recoded, moved, merged, split, made; and what hangs on them. */
import t, { type Test } from 'tap';
import { expectedCounts } from '../src/store/register/expectations.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { bearer, filingBody, hongjiang, openTestApp, qunfeng, runSql, tokenFor, townshipsOf } from './builders.js';

/** 洪江市's neighbour in its prefecture, and a county of another province. */
const neighbour = '431202';
const [huaihua, elsewhere] = ['431200', '350100'];
const changesOf = (code: string) => `/v1/divisions/${code}/changes`;

export async function openClient(t: Pick<Test, 'teardown'>) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body && { 'content-type': type }), ...headers },
      ...(body && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  const file = (agency: string, year: number, publishedOn = `${year + 1}-01-20`) =>
    call('POST', '/v1/reports', filingBody({ agency, year, source: { publishedOn } }));
  const change = (code: string, body: object, headers: Record<string, string> = {}) =>
    call('POST', changesOf(code), body, headers);
  const idOf = async (code: string) =>
    (await runSql<{ id: number }>(db, 'select division_id as id from division_state where code = ?', [code]))[0]?.id ??
    0;
  const expected = async (code: string, year: number) =>
    (await expectedCounts(db, await idOf(code), [year])).reduce((sum, one) => sum + one.expected, 0);
  const reported = async (code: string, year: number) =>
    (await call('GET', `/v1/rollups/${code}/${year}`)).body.coverage.reported as number;
  return { app, db, call, file, change, idOf, expected, reported };
}

t.test('a county is renamed and recoded from a day on, its own agency with it, and years before stay', async (t) => {
  const { call, change, db, file } = await openClient(t);
  await file(hongjiang, 2021);
  const renamed = await change(hongjiang, {
    on: '2023-05-01',
    name: '洪江区',
    code: '431299',
    document: '民函〔2023〕1号',
  });
  t.match(renamed, {
    status: 200,
    body: { outcome: 'changed', reportsMoved: 0, division: { code: '431299', name: '洪江区' } },
  });
  t.match((await call('GET', '/v1/agencies/431299')).body, {
    kind: 'COUNTY',
    states: [
      { code: hongjiang, validTo: '2023-05-01' },
      { code: '431299', name: '洪江区', validTo: null },
    ],
  });
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body, { county: { code: '431299', name: '洪江区' } });
  t.equal((await call('GET', `/v1/reports/${hongjiang}/2021`)).status, 200, 'its report is where it was');
  t.same(await runSql(db, `select precision, document from basis where about = 'division'`), [
    { precision: 'DAY', document: '民函〔2023〕1号' },
  ]);
  t.match((await change('431299', { on: '2023-05-01', name: '洪江区', code: '431299' })).body, {
    outcome: 'unchanged',
  });
  t.match((await change('431299', { on: '2023-05-01', precision: 'SNAPSHOT' })).body, { outcome: 'changed' });
});

t.test('a county comes to another prefecture with its sums, expectations and lateness, from a day on', async (t) => {
  const { call, change, db, file, expected, reported } = await openClient(t);
  for (const year of [2020, 2021, 2022]) await file(qunfeng, year, `${year + 1}-02-10`);
  await file(hongjiang, 2021);
  await call('PUT', `/v1/divisions/${elsewhere}/deadlines/every`, { due: '02-28' });
  const before = await Promise.all([huaihua, elsewhere].map((code) => expected(code, 2021)));
  const moved = await change(hongjiang, { on: '2021-06-01', parent: elsewhere });
  t.match(moved, { status: 200, body: { outcome: 'changed', reportsMoved: 3, division: { parent: elsewhere } } });
  t.same(await verifyRollups(db), []);
  t.same(await Promise.all([huaihua, elsewhere].map((code) => expected(code, 2021))), [
    (before[0] ?? 0) - 20,
    (before[1] ?? 0) + 20,
  ]);
  t.equal(await expected(huaihua, 2020), before[0], 'the year before is left alone');
  t.same(await Promise.all([2020, 2021, 2022].map((year) => reported(huaihua, year))), [1, 0, 0]);
  t.same(await Promise.all([2020, 2021, 2022].map((year) => reported(elsewhere, year))), [0, 1, 1]);
  t.equal(await reported('350000', 2022), 1);
  t.match((await call('GET', `/v1/reports/${qunfeng}/2021`)).body, { onTime: true }, 'in time by the day of the other');
  t.match((await call('GET', `/v1/reports/${qunfeng}/2020`)).body, { onTime: false });
});

t.test('a merged county ends, its townships go along, its own report is followed by that of the other', async (t) => {
  const { call, change, db, file, expected, reported } = await openClient(t);
  for (const year of [2020, 2021]) await file(qunfeng, year);
  const all = await expected(neighbour, 2021);
  const merged = await change(hongjiang, { on: '2021-06-01', mergedInto: neighbour, document: '国函〔2021〕1号' });
  t.match(merged, { status: 200, body: { outcome: 'changed', reportsMoved: 1, division: { code: hongjiang } } });
  t.same(await verifyRollups(db), []);
  t.equal(await expected(neighbour, 2021), all + 20);
  t.equal(await expected(hongjiang, 2021), 0);
  t.equal(await expected(hongjiang, 2020), 20);
  t.same(
    [await reported(hongjiang, 2020), await reported(neighbour, 2020), await reported(neighbour, 2021)],
    [1, 0, 1],
  );
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body.states, [
    { county: { code: hongjiang }, validTo: '2021-06-01' },
    { county: { code: neighbour }, validTo: null },
  ]);
  t.match((await call('GET', `/v1/agencies/${hongjiang}`)).body, {
    validTo: '2021-06-01',
    successors: [{ code: neighbour, on: '2021-06-01' }],
  });
  t.match((await change(hongjiang, { on: '2021-06-01', mergedInto: neighbour })).body, { outcome: 'unchanged' });
  const corrected = await change(hongjiang, { on: '2021-06-01', mergedInto: '350128' });
  t.match(corrected.body, { outcome: 'changed' }, 'a second end replaces the first');
  t.same([await expected(neighbour, 2021), await reported('350128', 2021)], [all, 1]);
  t.same(await verifyRollups(db), []);
});

t.test('what was announced is taken back before its day, with all that would have gone along', async (t) => {
  const { call, change, db } = await openClient(t);
  const [, other = ''] = await townshipsOf(hongjiang);
  await call('POST', `/v1/agencies/${other}/changes`, { on: '2027-01-01', name: '甲镇' });
  const before = await runSql(db, 'select * from agency_state order by agency_id, valid_from');
  await change(hongjiang, { on: '2027-01-01', mergedInto: neighbour });
  t.match((await call('GET', `/v1/agencies/${other}`)).body.states.at(-1), {
    name: '甲镇',
    county: { code: neighbour },
  });
  const taken = await call('DELETE', `${changesOf(hongjiang)}/2027-01-01`);
  t.match(taken, { status: 200, body: { outcome: 'changed', division: { code: hongjiang, parent: huaihua } } });
  t.same(await runSql(db, 'select * from agency_state order by agency_id, valid_from'), before);
  t.same(await runSql(db, 'select * from division_edge'), []);
  t.same(await runSql(db, `select * from basis where about = 'division' or document is not null`), []);
  t.match(await call('DELETE', `${changesOf(hongjiang)}/2027-01-01`), {
    status: 404,
    body: { errors: [{ code: 'NO-CHANGE' }] },
  });
  await change(hongjiang, { on: '2026-11-24', name: '洪江' });
  t.match(await call('DELETE', `${changesOf(hongjiang)}/2026-11-24`), {
    status: 422,
    body: { errors: [{ code: 'IN-FORCE' }] },
  });
});
