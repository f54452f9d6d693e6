/** Agencies and divisions are found by parts of names, by former names and codes, on any day, and many at once. */
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { changeAgency } from '../src/register/change/change.js';
import { foldName } from '../src/register/name-list.js';
import { searchRegister, searchWords } from '../src/register/search.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  bearer,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  runSql,
  scratch,
  today,
  tokenFor,
} from './builders.js';

/** 洪江市's neighbour in the small register, and a township beside 群峰乡. */
const neighbour = '431202';
const anjiang = '431281102';

async function openClient(t: Test) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const get = async (url: string) => {
    const answer = await app.inject({ url: encodeURI(url) });
    return { status: answer.statusCode, body: answer.json() };
  };
  const post = async (url: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
    if (answer.statusCode >= 300) throw new Error(answer.body);
  };
  const change = (agency: string, body: object) => post(`/v1/agencies/${agency}/changes`, body);
  const found = async (q: string) =>
    (await get(`/v1/search?q=${q}`)).body.items.map((hit: { name: string; code: string }) => `${hit.name} ${hit.code}`);
  return { app, db, get, post, change, found };
}

t.test(
  'a part of a name, of one sign or of several, finds what has it, with where it lies and since when',
  async (t) => {
    const { get } = await openClient(t);
    const { status, body } = await get('/v1/search?q=峰');
    t.equal(status, 200);
    t.equal(body.totalCount, body.items.length);
    t.match(
      body.items.find(({ code }: { code: string }) => code === qunfeng),
      {
        about: 'agency',
        name: '群峰乡',
        kind: 'TOWNSHIP',
        level: null,
        matched: { text: '群峰乡', of: 'NAME', former: false },
        within: [
          { code: hongjiang, name: '洪江市', level: 'COUNTY' },
          { code: '431200', name: '怀化市', level: 'PREFECTURE' },
          { code: '430000', name: '湖南省', level: 'PROVINCE' },
        ],
        validTo: null,
      },
    );
    t.match((await get(`/v1/search?q=${qunfeng}`)).body.items, [
      { code: qunfeng, matched: { of: 'CODE', text: qunfeng } },
    ]);
  },
);

t.test(
  'the whole comes before the beginning and that before a part, higher levels first, and then by code',
  async (t) => {
    const { post, found } = await openClient(t);
    const added = { kind: 'TOWNSHIP', validFrom: '2020-01-01' };
    await post('/v1/agencies', { ...added, county: neighbour, code: '431202302', name: '洪江' });
    await post('/v1/agencies', { ...added, county: neighbour, code: '431202301', name: '洪江镇' });
    await post('/v1/agencies', { ...added, county: hongjiang, code: '431281300', name: '新洪江乡' });
    t.same(await found('洪江'), ['洪江 431202302', '洪江市 431281', '洪江镇 431202301', '新洪江乡 431281300']);
  },
);

t.test('a former name finds what is called otherwise by now, after what is called so', async (t) => {
  const { change, found, get, post } = await openClient(t);
  await change(qunfeng, { on: '2021-05-01', name: '群英乡' });
  t.match((await get('/v1/search?q=群峰乡')).body.items, [
    { code: qunfeng, name: '群英乡', matched: { text: '群峰乡', former: true }, validFrom: '2021-05-01' },
  ]);
  await change(anjiang, { on: '2022-05-01', name: '群峰乡' });
  t.same(await found('群峰乡'), [`群峰乡 ${anjiang}`, `群英乡 ${qunfeng}`]);
  await post(`/v1/agencies/${anjiang}/closure`, { on: '2023-01-01', mergedInto: qunfeng });
  t.same(await found('群峰乡'), [`群英乡 ${qunfeng}`, `群峰乡 ${anjiang}`], 'what is no more comes last');
  t.match((await get('/v1/search?q=群峰乡')).body.items[1], {
    validTo: '2023-01-01',
    within: [{ code: hongjiang }, {}, {}],
  });
});

t.test('of an own code and the same digits of the ministry, the first comes first', async (t) => {
  const { db, get } = await openClient(t);
  await runSql(
    db,
    `insert into other_code (agency_id, authority, code, valid_from)
      select agency_id, 'MCA', '${qunfeng}', valid_from from agency_state where code = ?`,
    [anjiang],
  );
  const { items } = (await get(`/v1/search?q=${qunfeng}`)).body;
  t.same(
    items.map(({ code }: { code: string }) => code),
    [qunfeng, anjiang],
    'though the other is first by its own code',
  );
});

t.test('words before the last name what it lies in, or lay in', async (t) => {
  const { change, found, post } = await openClient(t);
  const added = { kind: 'TOWNSHIP', validFrom: '2020-01-01', name: '城关镇' };
  await post('/v1/agencies', { ...added, county: neighbour, code: '431202301' });
  await post('/v1/agencies', { ...added, county: hongjiang, code: '431281300' });
  t.same(await found('洪江 城关'), ['城关镇 431281300']);
  t.same(await found('城关镇 鹤城区'), ['城关镇 431202301'], 'in the other order, too');
  t.same(await found('湖南 怀化 城关'), ['城关镇 431202301', '城关镇 431281300']);
  t.same(await found('福建 城关'), []);
  await change('431281300', { on: '2022-01-01', county: neighbour });
  t.same(await found('洪江 城关'), ['城关镇 431281300']);
});

t.test('rare signs are found whole, and how wide a sign or large a letter is makes no difference', async (t) => {
  const { post, found } = await openClient(t);
  const added = { county: hongjiang, validFrom: '2020-01-01' };
  await post('/v1/agencies', { ...added, kind: 'TOWNSHIP', code: '431281300', name: '柳树𨟠镇' });
  await post('/v1/agencies', { ...added, kind: 'TOWNSHIP', code: '431281301', name: '柳树𨟡镇' });
  await post('/v1/agencies', { ...added, kind: 'OFFICE', code: 'Office-9', name: '洪江市 人民·政府办公室' });
  for (const q of ['𨟠', '柳树𨟠', '柳树𨟠镇', '树𨟠镇']) t.same(await found(q), ['柳树𨟠镇 431281300'], q);
  for (const q of ['office-9', 'ＯＦＦＩＣＥ－９', '人民政府办', '市人民·政府'])
    t.same(await found(q), ['洪江市 人民·政府办公室 Office-9'], q);
});

t.test('what cannot be searched for is refused, naming the parameter', async (t) => {
  const { get } = await openClient(t);
  for (const q of ['', '%20%20', '·', '长'.repeat(101), 'a b c d e f g h i']) {
    const { status, body } = await get(`/v1/search?q=${decodeURI(q)}`);
    t.match({ status, pointer: body.errors?.[0]?.pointer }, { status: 400, pointer: '/q' }, q);
  }
  t.match(await get('/v1/search'), { status: 400 });
  t.match(await get('/v1/search?q=a&first=501'), { status: 400, body: { errors: [{ pointer: '/first' }] } });
});

t.test('a search knows what was changed since the last one, by this process or another', async (t) => {
  const { change, found, post } = await openClient(t);
  t.same(await found('群英'), []);
  await change(qunfeng, { on: '2021-05-01', name: '群英乡' });
  t.same(await found('群英'), [`群英乡 ${qunfeng}`]);
  const added = { county: hongjiang, kind: 'OTHER', validFrom: '2020-01-01' };
  await post('/v1/agencies', { ...added, code: 'N-1', name: '群英农场' });
  t.same(await found('群英'), [`群英乡 ${qunfeng}`, '群英农场 N-1']);

  const url = `sqlite:${join(scratch(t), 'shared.db')}`;
  const mine = await openTestStore(url);
  const theirs = await openStore(url);
  t.teardown(() => Promise.all([mine.destroy(), theirs.destroy()]));
  const count = async () => (await searchRegister(mine, ['群英'], 20, today)).total;
  t.equal(await count(), 0);
  const renamed = { action: 'change' as const, agency: qunfeng, on: '2021-05-01', name: '群英乡' };
  await changeAgency(theirs, act, renamed, { dryRun: true });
  t.equal(await count(), 0, 'a rehearsal changes nothing');
  await changeAgency(theirs, act, renamed, { dryRun: false });
  t.equal(await count(), 1);
});

/** What a search finds, by looking at every name and code there is. */
async function foundByHand(db: Db, sought: string): Promise<string[]> {
  const rows = await runSql<{ place: string; code: string; name: string }>(
    db,
    `select 'a' || agency_id as place, code, name from agency_state where kind <> 'COUNTY'
      union all select 'd' || division_id, code, name from division_state
      union all select 'a' || agency_id, code, '' from other_code`,
  );
  const has = (text: string) => foldName(text).includes(sought);
  return [...new Set(rows.filter(({ code, name }) => has(code) || has(name)).map(({ place }) => place))].sort();
}

t.test('whatever is searched for, exactly that is found which has it in a name or code', async (t) => {
  const { db, change, found, post } = await openClient(t);
  await runSql(
    db,
    `insert into other_code (agency_id, authority, code, valid_from)
      select agency_id, 'MCA', '654' || substr(code, 4), valid_from from agency_state where code like '4312811%'`,
  );
  await found('洪');
  // What is changed from here on is kept beside what was read.
  await change(qunfeng, { on: '2021-05-01', name: '群英乡', county: neighbour });
  await change(anjiang, { on: '2022-05-01', code: '431281998' });
  await post('/v1/agencies/431281106/closure', { on: '2023-01-01', mergedInto: anjiang });
  const names = (
    await runSql<{ name: string }>(db, 'select name from agency_state union select name from division_state')
  )
    .map(({ name }) => name)
    .concat('654281102', '431281', '35');
  const part = fc
    .tuple(fc.constantFrom(...names), fc.nat(9), fc.integer({ min: 1, max: 4 }))
    .map(([name, start, length]) =>
      [...name]
        .slice(start % [...name].length)
        .slice(0, length)
        .join(''),
    );
  await fc.assert(
    fc.asyncProperty(part, async (text) => {
      const { items, total } = await searchRegister(db, searchWords(text), 500, today);
      t.equal(total, items.length);
      t.same(
        items.map(({ about, id }) => `${about.charAt(0)}${id}`).sort(),
        await foundByHand(db, foldName(text)),
        text,
      );
    }),
    { numRuns: 60 },
  );
});

t.test('a page of a search is the first of what a longer page has', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const codes = async (first: number) => (await searchRegister(db, ['1'], first, today)).items.map(({ code }) => code);
  const all = await codes(500);
  t.ok(all.length > 20, `${all.length}`);
  for (const first of [1, 2, 7, 20]) t.same(await codes(first), all.slice(0, first));
});

t.test('a division is read as it was on a day, with its states and how it began and ended', async (t) => {
  const { db, get } = await openClient(t);
  const [{ id } = { id: 0 }] = await runSql<{ id: number }>(
    db,
    'select division_id as id from division_state where code = ?',
    [hongjiang],
  );
  const [{ id: other } = { id: 0 }] = await runSql<{ id: number }>(
    db,
    'select division_id as id from division_state where code = ?',
    [neighbour],
  );
  await runSql(db, `update division_state set valid_to = '2022-03-01' where division_id = ?`, [id]);
  await runSql(
    db,
    `insert into division_state (division_id, code, name, parent_id, valid_from)
      select division_id, '431299', '洪江区', parent_id, '2022-03-01' from division_state where division_id = ?`,
    [id],
  );
  await runSql(
    db,
    `insert into basis (about, id, effective, precision, document) values ('division', ?, '2022-03-01', 'DAY', '国函〔2022〕9号')`,
    [id],
  );
  const listed = { origin: 'FIRST_LISTED', precision: 'SNAPSHOT' };
  t.match((await get(`/v1/divisions/${hongjiang}?on=2021-12-31`)).body, {
    name: '洪江市',
    validTo: '2022-03-01',
    beginning: listed,
    ending: null,
  });
  const now = { code: '431299', name: '洪江区', document: '国函〔2022〕9号', precision: 'DAY' };
  t.match((await get(`/v1/divisions/${hongjiang}`)).body, { ...now, states: [{ name: '洪江市' }, now] });
  t.match((await get(`/v1/divisions/${hongjiang}/changes`)).body.items, [
    { kind: 'RECODE', before: hongjiang, after: '431299', document: '国函〔2022〕9号' },
    { kind: 'RENAME', before: '洪江市', after: '洪江区' },
  ]);
  await runSql(db, `update division_state set valid_to = '2023-03-01' where division_id = ? and valid_to is null`, [
    id,
  ]);
  t.match((await get('/v1/divisions/431299')).body, { ending: { on: '2023-03-01', outcome: 'UNKNOWN' } });
  await runSql(db, `insert into division_edge (from_id, to_id, effective, kind) values (?, ?, '2023-03-01', 'MERGE')`, [
    id,
    other,
  ]);
  t.match((await get('/v1/divisions/431299')).body, { ending: { on: '2023-03-01', outcome: 'SUCCESSORS' } });
  t.match(await get('/v1/divisions/431299?on=2021-02-30'), { status: 400, body: { errors: [{ pointer: '/on' }] } });
  t.match(await get('/v1/divisions/999999/changes'), { status: 404 });
});

t.test('an agency says by whom it has other codes, and that nobody knows what became of it', async (t) => {
  const { db, get, post } = await openClient(t);
  await runSql(
    db,
    `insert into other_code (agency_id, authority, code, valid_from)
      select agency_id, 'MCA', '431281999', valid_from from agency_state where code = ?`,
    [qunfeng],
  );
  await post(`/v1/agencies/${qunfeng}/closure`, { on: '2022-03-01' });
  t.match((await get(`/v1/agencies/${qunfeng}`)).body, {
    otherCodes: [{ authority: 'MCA', code: '431281999', validTo: null }],
    beginning: { origin: 'FIRST_LISTED' },
    ending: { on: '2022-03-01', outcome: 'UNKNOWN' },
    states: [{ precision: 'SNAPSHOT', document: null }],
  });
  t.match((await get('/v1/search?q=431281999')).body.items, [
    { code: qunfeng, matched: { text: '431281999', of: 'CODE' } },
  ]);
  t.match((await get(`/v1/agencies/${qunfeng}/changes`)).body, { items: [{ kind: 'ABOLISH', counterparts: [] }] });
});

t.test('many codes are asked for at once, in their order, and those that mean nothing are named', async (t) => {
  const { get } = await openClient(t);
  const agencies = (await get(`/v1/agencies?codes=${anjiang},nobody,${qunfeng},${anjiang}`)).body;
  t.match(agencies, { items: [{ code: anjiang }, { code: qunfeng }], totalCount: 2, unknown: ['nobody'] });
  const divisions = (await get(`/v1/divisions?codes=${hongjiang},430000,999999`)).body;
  t.match(divisions, {
    items: [
      { code: hongjiang, parent: '431200' },
      { code: '430000', level: 'PROVINCE' },
    ],
    unknown: ['999999'],
  });
  const refused = { status: 400, body: { errors: [{}] } };
  t.match(await get(`/v1/agencies?codes=${qunfeng}&name=a`), { ...refused, body: { errors: [{ pointer: '/name' }] } });
  t.match(await get(`/v1/divisions?codes=${hongjiang}&first=3`), {
    ...refused,
    body: { errors: [{ pointer: '/first' }] },
  });
  const many = Array.from({ length: 501 }, (_, index) => String(100_000 + index)).join(',');
  t.match(await get(`/v1/agencies?codes=${many}`), { ...refused, body: { errors: [{ pointer: '/codes' }] } });
  t.match(await get('/v1/agencies?codes=a_b'), { ...refused, body: { errors: [{ pointer: '/codes' }] } });
});

t.test('divisions are listed flat below one, at any depth or of a level', async (t) => {
  const { get } = await openClient(t);
  const codes = async (query: string) =>
    (await get(`/v1/divisions?${query}`)).body.items.map(({ code }: { code: string }) => code);
  t.same(await codes('below=430000'), ['431200', neighbour, hongjiang]);
  t.same(await codes('below=430000&level=COUNTY'), [neighbour, hongjiang]);
  t.same(await codes('below=100000&level=COUNTY'), ['320813', '350128', neighbour, hongjiang]);
  t.same(await codes('below=100000&level=COUNTY&first=2'), ['320813', '350128']);
  t.match(await get('/v1/divisions?below=430000&parent=430000'), { status: 400 });
});

t.test('agencies are listed by a part of a name that they have or had, among those of a day', async (t) => {
  const { change, get } = await openClient(t);
  await change(qunfeng, { on: '2021-05-01', name: '群英乡' });
  const named = async (query: string) =>
    (await get(`/v1/agencies?${query}`)).body.items.map(({ name }: { name: string }) => name);
  t.same(await named('name=群峰'), ['群英乡']);
  t.same(await named('name=群峰&year=2020'), ['群峰乡']);
  t.same(await named(`name=群峰&division=${neighbour}`), []);
  t.same((await get('/v1/agencies?name=群峰')).body.totalCount, 1);
  t.match(await get('/v1/agencies?name=%20'.replace('%20', ' ')), {
    status: 400,
    body: { errors: [{ pointer: '/name' }] },
  });
});

t.test('the register is searched by whoever may read', async (t) => {
  const { app, close, db } = await openTestApp({ publicReading: 'none' });
  t.teardown(close);
  const ask = (headers: Record<string, string>) => app.inject({ url: `/v1/search?q=${qunfeng}`, headers });
  t.equal((await ask({ authorization: '' })).statusCode, 401);
  t.equal((await ask(bearer(await tokenFor(db, { scope: 'read', division: neighbour })))).statusCode, 200);
});

t.test('GraphQL finds and lists what REST does, in as many objects as are asked of each', async (t) => {
  const { app, change } = await openClient(t);
  await change(qunfeng, { on: '2021-05-01', name: '群英乡', county: neighbour });
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload: JSON.stringify({ query }) });
    return answer.json();
  };
  t.match(
    await ask(
      '{ search(text: "洪江 群峰") { totalCount nodes { agency { code county { name } } division { code } matched { text of former } within { code level } validFrom validTo } } }',
    ),
    {
      data: {
        search: {
          totalCount: 1,
          nodes: [
            {
              agency: { code: qunfeng, county: { name: '鹤城区' } },
              division: null,
              matched: { text: '群峰乡', of: 'NAME', former: true },
              within: [{ code: neighbour }, { level: 'PREFECTURE' }, { level: 'PROVINCE' }],
              validFrom: '2021-05-01',
              validTo: null,
            },
          ],
        },
      },
    },
  );
  t.match(
    await ask(
      '{ search(text: "怀化市", first: 1) { nodes { agency { code } division { code children { totalCount } } } } }',
    ),
    {
      data: { search: { nodes: [{ agency: null, division: { code: '431200', children: { totalCount: 2 } } }] } },
    },
  );
  t.match(
    await ask(
      `{ agencies(codes: ["${anjiang}", "nobody", "${qunfeng}"], year: 2020) { totalCount unknown nodes { code name county { code } } } }`,
    ),
    {
      data: {
        agencies: {
          totalCount: 2,
          unknown: ['nobody'],
          nodes: [{ code: anjiang }, { name: '群峰乡', county: { code: hongjiang } }],
        },
      },
    },
  );
  t.match(
    await ask(
      `{ agencies(name: "群峰") { totalCount nodes { name changes { kind before after counterparts { code name division { level } agency { code } } } } } }`,
    ),
    {
      data: {
        agencies: {
          totalCount: 1,
          nodes: [
            {
              name: '群英乡',
              changes: [
                { kind: 'MOVE', counterparts: [{ code: hongjiang, division: { level: 'COUNTY' }, agency: null }, {}] },
                { kind: 'RENAME', before: '群峰乡', after: '群英乡' },
              ],
            },
          ],
        },
      },
    },
  );
  t.match(
    await ask(
      '{ divisions(below: "430000", level: COUNTY, first: 1) { totalCount nodes { code parent { code } } pageInfo { hasNextPage } } }',
    ),
    {
      data: {
        divisions: {
          totalCount: 2,
          nodes: [{ code: neighbour, parent: { code: '431200' } }],
          pageInfo: { hasNextPage: true },
        },
      },
    },
  );
  t.match(
    await ask(
      `{ division(code: "${hongjiang}", on: "2020-12-31") { agencies(first: 500) { nodes { code } } states { name precision parent { code } } changes { kind territory } beginning { origin } ending { on } } }`,
    ),
    {
      data: {
        division: {
          states: [{ precision: 'SNAPSHOT', parent: { code: '431200' } }],
          changes: [{ kind: 'TRANSFER', territory: 'LOST' }],
          beginning: { origin: 'FIRST_LISTED' },
          ending: null,
        },
      },
    },
  );
  t.match(
    await ask(
      `{ agency(code: "${qunfeng}", on: "2020-12-31") { name county { code } states { name precision } otherCodes { code } beginning { on } ending { on } } }`,
    ),
    {
      data: {
        agency: {
          name: '群峰乡',
          county: { code: hongjiang },
          states: [{ precision: 'SNAPSHOT' }, { precision: 'DAY' }],
        },
      },
    },
  );
  const refused = async (query: string) => (await ask(query)).errors?.[0]?.extensions?.errors?.[0]?.pointer;
  t.equal(await refused('{ search(text: "  ") { totalCount } }'), '/text');
  t.equal(await refused(`{ search(text: "${'长'.repeat(101)}") { totalCount } }`), '/text');
  t.equal(await refused('{ division(code: "430000", on: "gestern") { code } }'), '/on');
  t.equal(await refused('{ agencies(codes: [], name: "a") { totalCount } }'), '/name');
  t.equal(await refused('{ agencies(name: " ") { totalCount } }'), '/name');
  t.equal(await refused('{ divisions(codes: ["430000"], level: COUNTY) { totalCount } }'), '/level');
});

t.test('a division that is no more is asked for on its last day, with the agencies that it had', async (t) => {
  const { app, db } = await openClient(t);
  const [{ id } = { id: 0 }] = await runSql<{ id: number }>(
    db,
    'select division_id as id from division_state where code = ?',
    [hongjiang],
  );
  await runSql(db, `update division_state set valid_to = '2022-03-01' where division_id = ?`, [id]);
  await runSql(db, `update agency_state set valid_to = '2022-03-01' where county_id = ?`, [id]);
  const query = `{ division(code: "${hongjiang}") { parent { code } agencies { totalCount nodes { code } } } }`;
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload: JSON.stringify({ query }) });
  t.match(answer.json().data.division, { parent: { code: '431200' }, agencies: { totalCount: 20 } });
});
