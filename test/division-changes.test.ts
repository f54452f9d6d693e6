/** Divisions over time: renamed, recoded, moved, merged, split, made; and what hangs on them. */
import t, { type Test } from 'tap';
import { expectedCounts } from '../src/store/register/expectations.js';
import { pastAt } from '../src/store/register/past.js';
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
  t.same(
    await runSql(db, 'select about, precision, document from basis where recorded_at is not null order by about'),
    [
      { about: 'agency', precision: 'DAY', document: '民函〔2023〕1号' },
      { about: 'division', precision: 'DAY', document: '民函〔2023〕1号' },
    ],
  );
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
  const bases = await runSql(db, 'select * from basis order by about, id, effective');
  await change(hongjiang, { on: '2027-01-01', mergedInto: neighbour });
  t.match((await call('GET', `/v1/agencies/${other}`)).body.states.at(-1), {
    name: '甲镇',
    county: { code: neighbour },
  });
  const taken = await call('DELETE', `${changesOf(hongjiang)}/2027-01-01`);
  t.match(taken, { status: 200, body: { outcome: 'changed', division: { code: hongjiang, parent: huaihua } } });
  t.same(await runSql(db, 'select * from agency_state order by agency_id, valid_from'), before);
  t.same(await runSql(db, 'select * from division_edge'), []);
  t.same(await runSql(db, 'select * from basis order by about, id, effective'), bases);
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

t.test('a merger that was recorded by mistake is taken back when it is in force, too', async (t) => {
  const { call, change, db, expected, file } = await openClient(t);
  await file(qunfeng, 2021);
  const tables = ['division_state', 'division_edge', 'agency_state', 'agency_change', 'succession', 'basis'];
  const all = () => Promise.all(tables.map((table) => runSql(db, `select * from ${table} order by 1, 2, 3`)));
  const before = await all();
  const had = await expected(hongjiang, 2021);
  await change(hongjiang, { on: '2021-06-01', mergedInto: neighbour });
  t.same(await expected(hongjiang, 2021), 0);
  t.match(await call('DELETE', `${changesOf(hongjiang)}/2021-06-01`), {
    status: 200,
    body: { outcome: 'changed', reportsMoved: 1, division: { code: hongjiang, parent: huaihua } },
  });
  t.same([await expected(hongjiang, 2021), await verifyRollups(db)], [had, []]);
  t.same(await all(), before, 'everything is as it was');
  t.match(await call('DELETE', `${changesOf(hongjiang)}/2021-06-01`), {
    status: 404,
    body: { errors: [{ code: 'NO-CHANGE' }] },
  });
});

t.test('a change of a division is recorded between others, and what stands after it follows', async (t) => {
  const { call, change, db, expected, file } = await openClient(t);
  await file(qunfeng, 2023);
  await change(neighbour, { on: '2023-06-01', mergedInto: '350128' });
  t.match((await change(hongjiang, { on: '2022-06-01', mergedInto: neighbour })).body, {
    outcome: 'changed',
    reportsMoved: 1,
  });
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body.states, [
    { county: { code: hongjiang }, validTo: '2022-06-01' },
    { county: { code: neighbour }, validTo: '2023-06-01' },
    { county: { code: '350128' }, validTo: null },
  ]);
  t.same(await Promise.all([2021, 2022, 2023].map((year) => expected(hongjiang, year))), [20, 0, 0]);
  t.same(await verifyRollups(db), []);
  const late = { code: '431281999', name: '补记镇', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2021-01-01' };
  t.match((await call('POST', '/v1/agencies', late)).body.agency.states, [
    { county: { code: hongjiang } },
    { county: { code: neighbour } },
    { county: { code: '350128' } },
  ]);
  t.match((await change(hongjiang, { on: '2021-06-01', name: '洪江县' })).status, 200);
  t.match((await call('GET', `/v1/agencies/${hongjiang}`)).body.states, [
    { name: '洪江市' },
    { name: '洪江县', validTo: '2022-06-01' },
  ]);
});

t.test('a county is made of what came from others, and split again, each agency named once', async (t) => {
  const { call, change, db, expected, reported, file } = await openClient(t);
  const all = await townshipsOf(hongjiang);
  for (const one of all.slice(0, 3)) await file(one, 2022);
  const made = { code: '431291', name: '新区', level: 'COUNTY', parent: huaihua, on: '2022-01-01' };
  const added = await call('POST', '/v1/divisions', made);
  t.match(added, { status: 201, body: { outcome: 'created', division: { code: '431291', parent: huaihua } } });
  t.match(await call('POST', '/v1/divisions', made), { status: 409, body: { errors: [{ code: 'CODE-TAKEN' }] } });
  const given = await change(hongjiang, { on: '2022-01-01', transfer: { to: '431291', agencies: all.slice(0, 2) } });
  t.match(given.body, { outcome: 'changed', reportsMoved: 2 });
  t.match((await change(hongjiang, { on: '2022-01-01', transfer: { to: '431291', agencies: all.slice(0, 2) } })).body, {
    outcome: 'unchanged',
  });
  t.same(await runSql(db, 'select kind from division_edge'), [{ kind: 'CREATE' }]);
  t.same(
    [await expected('431291', 2022), await expected(hongjiang, 2022), await expected(huaihua, 2022)],
    [2, 18, 20 + (await townshipsOf(neighbour)).length],
  );
  const split = (parts: readonly (readonly [string, readonly string[]])[]) =>
    change(hongjiang, { on: '2023-06-01', splitInto: parts.map(([division, agencies]) => ({ division, agencies })) });
  const rest = all.slice(2);
  t.match(
    await split([
      ['431291', rest.slice(0, 5)],
      [neighbour, rest.slice(6)],
    ]),
    {
      status: 409,
      body: { errors: [{ code: 'NOT-NAMED', pointer: '/splitInto' }], residents: [{ code: rest[5] }] },
    },
  );
  t.match(
    await split([
      ['431291', rest.slice(0, 6)],
      [neighbour, rest.slice(5)],
    ]),
    {
      status: 422,
      body: { errors: [{ code: 'TWICE', pointer: '/splitInto/1/agencies/0' }] },
    },
  );
  t.match(
    await split([
      ['431291', all.slice(0, 1)],
      [neighbour, rest],
    ]),
    {
      status: 422,
      body: { errors: [{ code: 'NOT-WITHIN', pointer: '/splitInto/0/agencies/0' }] },
    },
  );
  t.equal(
    (
      await split([
        ['431291', rest.slice(0, 5)],
        [neighbour, rest.slice(5)],
      ])
    ).status,
    200,
  );
  t.match(
    (
      await split([
        ['431291', rest.slice(0, 5)],
        [neighbour, rest.slice(5)],
      ])
    ).body,
    { outcome: 'unchanged' },
  );
  t.same([await expected('431291', 2023), await expected(hongjiang, 2023)], [7, 0]);
  t.equal(await reported('431291', 2022), 2, 'the year before the split is left alone');
  t.match((await call('GET', `/v1/agencies/${hongjiang}`)).body.successors, [{ code: neighbour }, { code: '431291' }]);
  t.same(await verifyRollups(db), []);
});

t.test(
  'a prefecture goes into another with its counties, and a division ends only when nothing lies in it',
  async (t) => {
    const { change, db, expected, file, reported } = await openClient(t);
    await file(qunfeng, 2022);
    const total = (await expected(huaihua, 2022)) + (await expected(elsewhere, 2022));
    t.match(await change(huaihua, { on: '2022-06-01', closed: true }), {
      status: 409,
      body: {
        errors: [{ code: 'HAS-RESIDENTS', pointer: '/on' }],
        residents: [{ code: neighbour }, { code: hongjiang }],
      },
    });
    t.match((await change(huaihua, { on: '2022-06-01', mergedInto: elsewhere })).body, {
      outcome: 'changed',
      reportsMoved: 1,
    });
    t.same(
      [await expected(huaihua, 2022), await expected(elsewhere, 2022), await reported(elsewhere, 2022)],
      [0, total, 1],
    );
    t.equal(await expected('430000', 2022), 0);
    t.same(await verifyRollups(db), []);
    t.match(await change('430000', { on: '2023-01-01', closed: true }), { status: 200 });
    t.match(await change(hongjiang, { on: '2023-06-01', parent: '430000' }), {
      status: 422,
      body: { errors: [{ code: 'DIVISION-NOT-ALIVE', pointer: '/parent' }] },
    });
  },
);

t.test('what cannot be is refused by the member at fault, in both languages, and nothing is kept', async (t) => {
  const { call, change, db } = await openClient(t);
  await change(neighbour, { on: '2023-06-01', mergedInto: '350128' });
  const kept = () => runSql(db, 'select * from division_state');
  const before = await kept();
  const refusals: readonly (readonly [object, number, string, string])[] = [
    [{ on: '2022-06-01', mergedInto: hongjiang }, 422, 'INTO-ITSELF', '/mergedInto'],
    [{ on: '2022-06-01', mergedInto: huaihua }, 422, 'ANOTHER-LEVEL', '/mergedInto'],
    [{ on: '2024-06-01', mergedInto: neighbour }, 422, 'DIVISION-NOT-ALIVE', '/mergedInto'],
    [{ on: '2022-06-01', mergedInto: '999999' }, 404, 'UNKNOWN-DIVISION', '/mergedInto'],
    [{ on: '2018-01-01', closed: true }, 422, 'BEFORE-LAST-STATE', '/on'],
    [{ on: '2018-01-01', name: '洪' }, 422, 'BEFORE-LAST-STATE', '/on'],
    [{ on: '2022-06-01', parent: '350128' }, 422, 'NOT-ABOVE', '/parent'],
    [{ on: '2022-06-01', code: '320813' }, 409, 'CODE-TAKEN', '/code'],
    [{ on: '2022-06-01', document: 'X' }, 404, 'NO-CHANGE', '/on'],
    [
      { on: '2022-06-01', transfer: { to: '350128', agencies: ['320813001'] } },
      422,
      'NOT-WITHIN',
      '/transfer/agencies/0',
    ],
  ];
  for (const [body, status, code, pointer] of refusals) {
    const answer = await change(hongjiang, body);
    t.match(answer, { status, body: { errors: [{ code, pointer }] } }, `${code} ${pointer}`);
    const [{ message }] = answer.body.errors;
    t.match(message, { zh: /[一-龥]/, en: /[a-z]{3}/ });
  }
  t.match(await change(neighbour, { on: '2024-01-01', name: '甲' }), {
    status: 422,
    body: { errors: [{ code: 'CLOSED' }] },
  });
  t.match(await change('100000', { on: '2024-01-01', name: '甲' }), {
    status: 422,
    body: { errors: [{ code: 'NATION' }] },
  });
  t.match(await change('350128', { on: '2022-01-01', mergedInto: '320813' }), {
    status: 409,
    body: { errors: [{ code: 'HAS-PREDECESSOR', pointer: '/on' }] },
  });
  t.equal((await change(hongjiang, { on: '2022-06-01' })).status, 422, 'nothing is said');
  t.equal((await change(hongjiang, { on: '2022-06-01', name: '洪', mergedInto: neighbour })).status, 422, 'two kinds');
  t.equal(
    (
      await call('POST', '/v1/divisions', {
        code: '431291',
        name: '新',
        level: 'NATION',
        parent: '100000',
        on: '2022-01-01',
      })
    ).status,
    422,
  );
  await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2024-01-01', county: '320813' });
  await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2025-01-01', county: hongjiang });
  t.match(await change(hongjiang, { on: '2024-06-01', mergedInto: '350128' }), {
    status: 409,
    body: { errors: [{ code: 'COMES-LATER', pointer: '/on' }], residents: [{ code: qunfeng }] },
  });
  t.same(await kept(), before);
});

t.test('a county with a report of its own for the year does not end in it', async (t) => {
  const { call, change, file } = await openClient(t);
  await file(hongjiang, 2021);
  t.match(await change(hongjiang, { on: '2021-06-01', mergedInto: neighbour }), {
    status: 409,
    body: { errors: [{ code: 'HAS-REPORT', pointer: '/on' }], reports: [`/v1/reports/${hongjiang}/2021`] },
  });
  t.equal((await change(hongjiang, { on: '2022-01-01', mergedInto: neighbour })).status, 200);
  t.match(await call('POST', `/v1/agencies/${qunfeng}/changes`, { on: '2023-01-01', county: hongjiang }), {
    status: 422,
    body: { errors: [{ code: 'COUNTY-NOT-ALIVE' }] },
  });
});

t.test('a change that alters the totals of a locked year is refused, for what it leaves and comes to', async (t) => {
  const { call, change, file } = await openClient(t);
  await file(qunfeng, 2021);
  const lock = { since: '2022-02-20', reason: '已公布' };
  for (const code of [huaihua, '350000']) {
    await call('PUT', `/v1/divisions/${code}/locks/2021`, lock);
    t.match(await change(hongjiang, { on: '2021-06-01', parent: elsewhere }), {
      status: 409,
      body: { type: '/problems/year-locked', lock: { division: code }, errors: [{ code: 'LOCKED', pointer: '/on' }] },
    });
    t.equal((await change(hongjiang, { on: '2021-06-01', mergedInto: '350128' })).status, 409, code);
    await call('DELETE', `/v1/divisions/${code}/locks/2021`);
  }
  await call('PUT', `/v1/divisions/${hongjiang}/locks/2021`, lock);
  t.equal((await change(hongjiang, { on: '2021-03-01', name: '洪江县' })).status, 200, 'a name alters no total');
  t.equal((await change(hongjiang, { on: '2021-06-01', parent: elsewhere })).status, 200, 'nor a move its own');
  t.equal((await change(hongjiang, { on: '2022-06-01', mergedInto: '350128' })).status, 200, 'nor a later year');
});

t.test(
  'who changes a division needs the right over it, over what it leaves and comes to, and over a new code',
  async (t) => {
    const { change, db, call } = await openClient(t);
    const held = async (...divisions: string[]) => {
      const grants = divisions.map((division) => ({ scope: 'register', division }));
      const made = await call('POST', '/v1/tokens', { name: `register ${divisions}`, grants });
      return bearer(made.body.token);
    };
    const own = await held(hongjiang);
    const above = await held(huaihua);
    const both = await held(huaihua, elsewhere);
    t.equal((await change(hongjiang, { on: '2022-01-01', name: '甲' }, own)).status, 200);
    t.match(await change(hongjiang, { on: '2022-01-01', code: '431299' }, own), {
      status: 403,
      body: { place: huaihua },
    });
    t.equal((await change(hongjiang, { on: '2022-01-01', code: '431299' }, above)).status, 200);
    t.match(await change('431299', { on: '2023-01-01', parent: elsewhere }, above), {
      status: 403,
      body: { place: elsewhere },
    });
    t.match(await change('431299', { on: '2023-01-01', mergedInto: '350128' }, above), {
      status: 403,
      body: { place: '350128' },
    });
    t.equal((await change('431299', { on: '2027-01-01', mergedInto: '350128' }, both)).status, 200);
    t.equal(
      (await call('DELETE', `${changesOf('431299')}/2027-01-01`, undefined, above)).status,
      403,
      'nor is it taken back',
    );
    t.equal((await call('DELETE', `${changesOf('431299')}/2027-01-01`, undefined, both)).status, 200);
    t.equal(
      (await change('431299', { on: '2023-01-01', name: '乙' }, bearer(await tokenFor(db, { scope: 'review' }))))
        .status,
      403,
    );
    t.equal((await change('431299', { on: '2023-01-01', name: '乙' }, { authorization: '' })).status, 401);
    const made = { code: '431291', name: '新', level: 'COUNTY', parent: huaihua, on: '2022-01-01' };
    t.equal((await call('POST', '/v1/divisions', made, own)).status, 403);
    t.equal((await call('POST', '/v1/divisions', made, above)).status, 201);
  },
);

t.test(
  'a change is in the log of each division it concerns, told once for each, and a rehearsal keeps nothing',
  async (t) => {
    const { call, change, file, db } = await openClient(t);
    await file(qunfeng, 2022);
    const { next } = (await call('GET', '/v1/changes?since=now')).body;
    const within = (await call('GET', `/v1/changes?since=now&division=${huaihua}`)).body.next;
    const rehearsed = await call('POST', `${changesOf(hongjiang)}?dryRun=true`, {
      on: '2022-06-01',
      parent: elsewhere,
    });
    t.same(await runSql(db, 'select * from past'), []);
    const moved = await change(hongjiang, { on: '2022-06-01', parent: elsewhere });
    t.same(rehearsed.body, moved.body);
    for (const code of [hongjiang, huaihua, elsewhere]) {
      const { items } = (await call('GET', `/v1/audit?division=${code}`)).body;
      t.match(
        items.filter(({ action }: { action: string }) => action === 'register.division-change'),
        { length: code === hongjiang ? 1 : code === huaihua ? 2 : 2 },
        code,
      );
    }
    const told = (await call('GET', `/v1/changes?since=${encodeURIComponent(next)}&every=true`)).body.changes;
    t.match(told, [
      { about: 'report', type: 'moved', agency: qunfeng, year: 2022 },
      { about: 'division', type: 'moved', agency: null },
    ]);
    t.equal(told.length, 2);
    const lost = await call('GET', `/v1/changes?since=${encodeURIComponent(within)}&division=${huaihua}`);
    t.match(lost, { status: 410, body: { reason: 'divisions-changed' } }, 'a copy of what lost it starts again');
    const again = (await call('GET', `/v1/changes?division=${huaihua}`)).body.changes;
    t.match(
      again.filter(({ about, deleted }: { about: string; deleted?: true }) => about === 'report' && !deleted),
      [],
      'and has it no more',
    );
  },
);

t.test('an agency that begins on the day of a transfer lies in the other county from its first day on', async (t) => {
  const { call, change } = await openClient(t);
  const [code, on] = ['431281990', '2022-01-01'];
  await call('POST', '/v1/agencies', { code, name: '新', kind: 'TOWNSHIP', county: hongjiang, validFrom: on });
  t.match(await change(hongjiang, { on, transfer: { to: neighbour, agencies: [code] } }), { status: 200 });
  t.match((await call('GET', `/v1/agencies/${code}`)).body, { county: { code: neighbour }, validFrom: on });
});

t.test('a file changes divisions line by line, and every line that cannot be is named', async (t) => {
  const { call, db, expected } = await openClient(t);
  const send = (lines: readonly string[], query = '') =>
    call(
      'POST',
      `/v1/register/changes${query}`,
      ['action,code,on,name,newCode,level,parent,mergedInto,splitInto,county,document,precision', ...lines].join('\n'),
    );
  const [first = '', ...rest] = await townshipsOf(hongjiang);
  const good = [
    `division-add,431291,2022-01-01,新区,,COUNTY,${huaihua},,,,湘政〔2022〕1号,`,
    `change,${first},2022-01-01,,,,,,,431291,,`,
    `division-change,${neighbour},2022-03-01,鹤城县,431299,,,,,,,SNAPSHOT`,
    ...rest.map((code) => `change,${code},2023-01-01,,,,,,,431299,,`),
    `division-split,${hongjiang},2023-01-01,,,,,,431291 431299,,,`,
    `division-merge,431291,2024-01-01,,,,,431299,,,,`,
    `division-close,320813,2099-01-01,,,,,,,,,`,
  ];
  const refused = await send(good);
  t.match(refused.body.errors, [{ code: 'HAS-RESIDENTS', pointer: `/lines/${good.length + 1}/on` }]);
  const done = await send(good.slice(0, -1));
  t.match(done, {
    status: 200,
    body: { counts: { change: 20, 'division-add': 1, 'division-change': 1, 'division-split': 1, 'division-merge': 1 } },
  });
  t.match((await send(good.slice(0, -1))).body.errors, [{ code: 'CODE-TAKEN', pointer: '/lines/2/code' }]);
  t.equal(await expected('431299', 2024), 20 + (await townshipsOf(neighbour)).length);
  t.same(await verifyRollups(db), []);
  const bad = await send([
    `division-add,431292,2022-01-01,新区,,TOWN,${huaihua},,,,,`,
    `division-change,${hongjiang},2022-01-01,,,,,,,,,`,
    `division-merge,${hongjiang},2022-01-01,,,,,,,,,`,
    `division-split,${hongjiang},2022-01-01,,,,,,431291,,,`,
    `division-merge,${hongjiang},2022-01-01,,,,,350100,,,,`,
    `division-change,${hongjiang},2022-01-01,,320813,,,,,,,`,
  ]);
  t.same(
    bad.body.errors.map(({ code, pointer }: { code: string; pointer: string }) => `${pointer} ${code}`),
    [
      '/lines/2/level FORMAT',
      '/lines/3/name MISSING',
      '/lines/4/mergedInto MISSING',
      '/lines/5/splitInto FORMAT',
      '/lines/6/mergedInto ANOTHER-LEVEL',
      '/lines/7/newCode CODE-TAKEN',
    ],
  );
});

t.test(
  'what the register said of a division is kept before each change, and before the first that there was none',
  async (t) => {
    const { call, change, db, idOf } = await openClient(t);
    await call('POST', '/v1/divisions', {
      code: '431291',
      name: '新区',
      level: 'COUNTY',
      parent: huaihua,
      on: '2022-01-01',
    });
    await change(hongjiang, { on: '2023-01-01', mergedInto: neighbour });
    const said = await pastAt(db, 'division', '2026-01-01');
    t.same(said.get(await idOf('431291')), { states: [], edges: [], deadlines: [] });
    t.match(said.get(await idOf(hongjiang)), { states: [{ code: hongjiang, validTo: null }], edges: [] });
    const agencies = await pastAt(db, 'agency', '2026-01-01');
    t.equal(agencies.size, 20 + 2, 'its townships, its own agency, and that of the new county');
  },
);

t.test('a merger is told with each agency that goes along, and each report of a year that it moves', async (t) => {
  const { call, change, file } = await openClient(t);
  const all = await townshipsOf(hongjiang);
  for (const year of [2021, 2022]) await file(qunfeng, year);
  const { next } = (await call('GET', '/v1/changes?since=now')).body;
  await change(hongjiang, { on: '2022-06-01', mergedInto: neighbour });
  const told = (await call('GET', `/v1/changes?since=${encodeURIComponent(next)}&every=true`)).body
    .changes as readonly { about: string; type: string; agency: string; year: number | null; divisions: string[] }[];
  const of = (about: string, type: string) => told.filter((one) => one.about === about && one.type === type);
  t.same(
    of('agency', 'moved').map(({ agency }) => agency),
    all,
  );
  t.match(of('agency', 'moved')[0]?.divisions, [neighbour, hongjiang]);
  t.match(of('report', 'moved'), [{ agency: qunfeng, year: 2022 }]);
  t.same(
    of('division', 'merged').map(({ divisions }) => divisions[0]),
    [hongjiang, neighbour],
  );
  t.equal(told.length, all.length + 3);
});

t.test(
  'a county that went to another prefecture takes its townships along in the list of those elsewhere',
  async (t) => {
    const { call, change } = await openClient(t);
    const all = await townshipsOf(hongjiang);
    const elsewhereOf = async (code: string, year: number) =>
      (await call('GET', `/v1/agencies?division=${code}&year=${year}&elsewhere=true`)).body.totalCount;
    await call('POST', '/v1/agencies', {
      code: 'NEW-1',
      name: '新',
      kind: 'OTHER',
      county: hongjiang,
      validFrom: '2023-01-01',
    });
    await change(hongjiang, { on: '2022-06-01', parent: elsewhere });
    t.same(await Promise.all([2021, 2022, 2023].map((year) => elsewhereOf(huaihua, year))), [
      0,
      all.length + 1,
      all.length + 1,
    ]);
    t.equal(await elsewhereOf(hongjiang, 2023), 0);
    t.equal(await elsewhereOf(elsewhere, 2023), 0);
  },
);

t.test('what was closed before its county was merged lies in the successor once it is opened again', async (t) => {
  const { call, change, db } = await openClient(t);
  await call('POST', `/v1/agencies/${qunfeng}/closure`, { on: '2020-06-01' });
  await change(hongjiang, { on: '2022-06-01', mergedInto: neighbour });
  t.match((await call('GET', `/v1/agencies/${qunfeng}`)).body, { validTo: '2020-06-01', county: { code: hongjiang } });
  t.match((await call('DELETE', `/v1/agencies/${qunfeng}/closure`)).body.agency.states, [
    { county: { code: hongjiang }, validTo: '2022-06-01' },
    { county: { code: neighbour }, validTo: null },
  ]);
  t.same(await verifyRollups(db), []);
});
