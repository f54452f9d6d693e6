/** What happened to divisions and agencies, as it is told of them by day. */
import t, { type Test } from 'tap';
import { findAgency, findDivision } from '../src/register/codes.js';
import { changesOfAgency, changesOfDivision } from '../src/register/place-changes.js';
import { hongjiang, openTestApp, qunfeng, runSql, today } from './builders.js';

/** 洪江市's neighbour in the small register, a county of another province, and a township beside 群峰乡. */
const neighbour = '431202';
const pingtan = '350128';
const anjiang = '431281102';

async function openRegister(t: Test) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const post = async (url: string, body: object) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
    if (answer.statusCode >= 300) throw new Error(answer.body);
  };
  const idOf = async (code: string) => (await findDivision(db, code, today))?.id ?? 0;
  const told = async (code: string) =>
    code.length === 6
      ? changesOfDivision(db, await idOf(code), today)
      : changesOfAgency(db, (await findAgency(db, code, today))?.id ?? 0, today);
  /** Days, kinds, sides and whom else it is about, in short. */
  const inShort = async (code: string) =>
    (await told(code)).map(({ effective, kind, territory, counterparts }) =>
      [effective, kind, ...(territory ? [territory] : []), ...counterparts.map((one) => one.code)].join(' '),
    );
  const change = (agency: string, body: object) => post(`/v1/agencies/${agency}/changes`, body);
  const closeAgency = (agency: string, body: object) => post(`/v1/agencies/${agency}/closure`, body);
  return { db, post, idOf, told, inShort, change, closeAgency };
}

t.test('nothing happened to what is as it was first listed', async (t) => {
  const { told } = await openRegister(t);
  for (const code of ['100000', '430000', '431200', hongjiang, qunfeng]) t.same(await told(code), [], code);
});

t.test('each thing that is different from a day on is a change of its own, before and after', async (t) => {
  const { change, told } = await openRegister(t);
  await change(qunfeng, {
    on: '2021-05-01',
    name: '群峰街道',
    kind: 'SUBDISTRICT',
    code: '431202099',
    county: neighbour,
  });
  await change(qunfeng, { on: '2027-05-01', name: '群峯街道' });
  const nothing = { partial: false, territory: null, precision: 'DAY', document: null };
  t.match(await told(qunfeng), [
    {
      effective: '2021-05-01',
      kind: 'MOVE',
      ...nothing,
      before: null,
      counterparts: [
        { about: 'division', code: hongjiang, name: '洪江市', level: 'COUNTY', kind: null },
        { about: 'division', code: neighbour, name: '鹤城区', level: 'COUNTY', kind: null },
      ],
    },
    { kind: 'RECODE', ...nothing, before: qunfeng, after: '431202099', counterparts: [] },
    { kind: 'RECLASSIFY', ...nothing, before: 'TOWNSHIP', after: 'SUBDISTRICT' },
    { kind: 'RENAME', ...nothing, before: '群峰乡', after: '群峰街道', announced: false },
    { effective: '2027-05-01', kind: 'RENAME', before: '群峰街道', after: '群峯街道', announced: true },
  ]);
});

t.test('what went into one was merged, what went into several split, and both sides tell it', async (t) => {
  const { db, closeAgency, inShort, told, post } = await openRegister(t);
  await closeAgency(qunfeng, { on: '2022-03-01', mergedInto: anjiang });
  t.same(await inShort(qunfeng), [`2022-03-01 MERGE LOST ${anjiang}`]);
  t.same(await inShort(anjiang), [`2022-03-01 MERGE GAINED ${qunfeng}`]);
  const added = { name: '新乡', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2022-03-01' };
  await post('/v1/agencies', { ...added, code: '431281299' });
  t.same(await inShort('431281299'), ['2022-03-01 CREATE'], 'from nobody who is known');
  await runSql(
    db,
    `insert into succession (predecessor_id, successor_id, effective)
      select a.agency_id, b.agency_id, '2022-03-01' from agency_state a, agency_state b where a.code = ? and b.code = ?`,
    [qunfeng, '431281299'],
  );
  t.same(await inShort(qunfeng), [`2022-03-01 SPLIT LOST ${anjiang} 431281299`]);
  t.same(await inShort('431281299'), [`2022-03-01 SPLIT GAINED ${qunfeng}`]);
  t.match(await told(anjiang), [
    { kind: 'SPLIT', partial: true, counterparts: [{ about: 'agency', kind: 'TOWNSHIP' }] },
  ]);
});

t.test('an end that nobody is known to follow is told as one', async (t) => {
  const { closeAgency, inShort } = await openRegister(t);
  await closeAgency(qunfeng, { on: '2022-03-01' });
  t.same(await inShort(qunfeng), ['2022-03-01 ABOLISH']);
});

t.test(
  'townships that cross a border are a transfer, by day and other division, at every level they cross',
  async (t) => {
    const { change, closeAgency, inShort, told } = await openRegister(t);
    await change(qunfeng, { on: '2021-05-01', county: neighbour });
    await change(anjiang, { on: '2021-05-01', county: neighbour });
    await change('431202001', { on: '2022-01-01', county: pingtan });
    await closeAgency('431202002', { on: '2023-01-01', mergedInto: '431281106' });
    const ours = [`2021-05-01 TRANSFER LOST ${neighbour}`, `2023-01-01 TRANSFER GAINED ${neighbour}`];
    t.same(await inShort(hongjiang), ours);
    t.same(await inShort(neighbour), [
      `2021-05-01 TRANSFER GAINED ${hongjiang}`,
      `2022-01-01 TRANSFER LOST ${pingtan}`,
      `2023-01-01 TRANSFER LOST ${hongjiang}`,
    ]);
    t.same(await inShort('431200'), ['2022-01-01 TRANSFER LOST 350100'], 'what moved within it is not told');
    t.same(await inShort('350000'), ['2022-01-01 TRANSFER GAINED 430000']);
    t.same(await inShort('100000'), [], 'nothing leaves the nation');
    t.match(await told('431200'), [{ partial: true, counterparts: [{ about: 'division', level: 'PREFECTURE' }] }]);
  },
);

t.test('what a division gave and took is told from both sides, and once', async (t) => {
  const { db, change, idOf, inShort, told } = await openRegister(t);
  const [own, other] = [await idOf(hongjiang), await idOf(neighbour)];
  const edge = (from: number, to: number, on: string, kind: string) =>
    runSql(db, 'insert into division_edge (from_id, to_id, effective, kind) values (?, ?, ?, ?)', [from, to, on, kind]);
  await change(qunfeng, { on: '2021-05-01', county: neighbour });
  await edge(own, other, '2021-05-01', 'TRANSFER');
  t.same(await inShort(hongjiang), [`2021-05-01 TRANSFER LOST ${neighbour}`]);
  await runSql(db, 'update division_state set valid_to = ? where division_id = ?', ['2023-01-01', own]);
  t.same((await inShort(hongjiang)).at(-1), '2023-01-01 ABOLISH', 'before it is known what became of it');
  await edge(own, other, '2023-01-01', 'MERGE');
  t.same((await inShort(hongjiang)).at(-1), `2023-01-01 MERGE LOST ${neighbour}`);
  t.same((await inShort(neighbour)).at(-1), `2023-01-01 MERGE GAINED ${hongjiang}`);
  t.match((await told(hongjiang)).at(-1), { partial: false });
});

t.test('a change says how sure its day is and by which document, as those say whose day it is', async (t) => {
  const { db, change, idOf, told } = await openRegister(t);
  await change(qunfeng, { on: '2021-05-01', county: neighbour });
  const [own, other] = [await idOf(hongjiang), await idOf(neighbour)];
  const [agency] = await runSql<{ id: number }>(db, 'select agency_id as id from agency_state where code = ?', [
    qunfeng,
  ]);
  const basis = (about: string, id: number, on: string, precision: string, document: string | null) =>
    runSql(
      db,
      `insert into basis (about, id, effective, precision, document, recorded_at) values (?, ?, ?, ?, ?, '2024-01-01T00:00:00.000Z')
        on conflict do update set precision = excluded.precision, document = excluded.document, recorded_at = excluded.recorded_at`,
      [about, id, on, precision, document],
    );
  await basis('agency', agency?.id ?? 0, '2021-05-01', 'SNAPSHOT', '湘民发〔2021〕1号');
  const rests = { precision: 'SNAPSHOT', document: '湘民发〔2021〕1号', recordedAt: '2024-01-01T00:00:00.000Z' };
  t.match(await told(qunfeng), [{ kind: 'MOVE', ...rests }]);
  t.match(await told(hongjiang), [{ kind: 'TRANSFER', ...rests }], 'a transfer rests on what moved');
  await runSql(db, 'update division_state set valid_to = ? where division_id = ?', ['2023-01-01', own]);
  await runSql(db, `insert into division_edge (from_id, to_id, effective, kind) values (?, ?, '2023-01-01', 'MERGE')`, [
    own,
    other,
  ]);
  await basis('division', other, '2023-01-01', 'DAY', '另一号');
  await basis('division', own, '2023-01-01', 'DAY', '国函〔2022〕9号');
  t.match((await told(neighbour)).at(-1), { kind: 'MERGE', document: '国函〔2022〕9号' }, 'a merger on what ended');
});
