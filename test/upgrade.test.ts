/** A store that had the list of 2023 for all years gets the history: nothing is lost, and every sum is right. */
import t from 'tap';
import { buildApp } from '../src/app.js';
import { upgradeRegister } from '../src/register/change/upgrade.js';
import { readNationalRegister } from '../src/register/load.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { wholeExpectations } from '../src/store/register/expectations.js';
import { loadRegister, type RegisterRows } from '../src/store/register/load/load.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  clock,
  countReports,
  filingBody,
  hongjiang,
  openNationalStore,
  qunfeng,
  runSql,
  signIn,
  smallRegister,
  tokenFor,
} from './builders.js';

/**
 * 洪江市, 平潭县 whose towns are others since 2021, 水城区 which was a county until 2020, 公主岭市 which changed its prefecture, 南和区
 * which has another code since, and 孟津区 which two others went into.
 */
const shipped = await smallRegister([
  ...[hongjiang, '350128', '520204', '520221', '520201', '220184'],
  ...['130506', '410308', '410322', '410306'],
]);

/** The list of 2023 taken for all years, as it was once loaded, with a heading that is no agency. */
function listOf2023({ divisions, agencies }: RegisterRows): RegisterRows {
  const isListed = ({ validFrom, validTo }: { validFrom: string; validTo: string }) =>
    validFrom <= '2023-06-30' && (validTo === '' || validTo > '2023-06-30');
  // A state can be older than the code that its county has now.
  const listed = new Map(divisions.filter(isListed).map(({ unit, code }) => [unit, code]));
  const countyNow = ({ county, validFrom }: { county: string; validFrom: string }) =>
    divisions
      .filter((row) => row.code === county && row.validFrom <= validFrom)
      .map(({ unit }) => listed.get(unit))
      .find((code) => code !== undefined) ?? county;
  const always = { validFrom: '2019-01-01', validTo: '' };
  const heading = {
    ...always,
    unit: 'heading',
    code: '431281198',
    name: '直辖村级区划',
    kind: 'TOWNSHIP',
    county: hongjiang,
  } as const;
  return {
    divisions: divisions.filter(isListed).map((row) => ({ ...row, ...always })),
    agencies: [...agencies.filter(isListed), heading].map((row) => ({ ...row, ...always, county: countyNow(row) })),
    successions: [],
    bases: [],
    otherCodes: [],
  };
}

async function openOldStore(): Promise<Db> {
  const db = await openStore('sqlite::memory:');
  await inTransaction(db, {}, (trx) => loadRegister(trx, listOf2023(shipped), () => {}));
  await runSql(db, 'delete from register_edition');
  return db;
}

/** The code and the county of an agency's states, with their first days. */
async function statesOf(db: Db, code: string): Promise<string[]> {
  const rows = await runSql<{ said: string }>(
    db,
    `select s.valid_from || ' ' || s.code || ' ' || s.name as said from agency_state c
      join agency_state s on s.agency_id = c.agency_id where c.code = ? and c.valid_to is null order by s.valid_from`,
    [code],
  );
  return rows.map(({ said }) => said);
}

t.test('a store with reports and changes of its own gets the history once, and every sum is right', async (t) => {
  const db = await openOldStore();
  const app = await buildApp({ db, clock, logger: false });
  signIn(app, await tokenFor(db));
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const [suping, junshan, jinjing] = ['350128109', '350128108', '350128107'];
  const [town] = shipped.agencies.filter(({ county, validTo }) => county === '220184' && validTo === '');
  const [shuicheng] = shipped.agencies.filter(({ county, validTo }) => county === '520204' && validTo === '');
  const filed: [string | undefined, number][] = [
    [qunfeng, 2021],
    [suping, 2019],
    ['130506103', 2019],
    ['410308100', 2019],
    ['410308', 2020],
    [town?.code, 2019],
    [town?.code, 2021],
    [shuicheng?.code, 2019],
    [shuicheng?.code, 2022],
    [hongjiang, 2021],
  ];
  for (const [agency = '', year] of filed) {
    const answer = await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency, year }) });
    t.equal(answer.statusCode, 201, `${agency} ${year}`);
  }
  const change = (code: string, path: string, payload: object) =>
    app.inject({ method: 'POST', url: `/v1/agencies/${code}/${path}`, payload });
  t.equal((await change('431281101', 'changes', { on: '2024-05-01', name: '改名镇' })).statusCode, 200);
  t.equal((await change(junshan, 'closure', { on: '2025-01-01', mergedInto: jinjing })).statusCode, 200);
  const changed = await statesOf(db, '431281101');

  const now = new Date('2026-11-30T00:00:00Z');
  const done = await upgradeRegister(db, now, () => {}, shipped);
  t.same(done?.kept.map(({ code }) => code).sort(), ['350128107', '350128108', '431281101']);
  const [logged] = await runSql<{ action: string; after: string }>(
    db,
    'select * from audit order by number desc limit 1',
  );
  t.match(logged, { action: 'register.upgrade', after: '{"kept":3,"reachingBack":4}' });
  t.same(done?.reachingBack, [
    { code: '130506103', name: '三思镇' },
    { code: suping, name: '苏平镇' },
    { code: '410308100', name: '城关镇' },
    { code: '410308', name: '孟津区' },
  ]);
  t.equal(await upgradeRegister(db, now, () => {}, shipped), undefined, 'it is done once');

  t.equal(await countReports(db), filed.length);
  t.same(await verifyRollups(db), []);
  const kept = 'select division_id, kind, year, change from expectation';
  t.same(await runSql(db, `${kept} except ${wholeExpectations}`), []);
  t.same(await runSql(db, `${wholeExpectations} except ${kept}`), []);
  t.same(await statesOf(db, '431281101'), changed, 'what was changed here stays as it is');
  t.same(await statesOf(db, suping), ['2019-01-01 350128109 苏平镇']);
  t.same(await statesOf(db, qunfeng), [`2018-10-31 ${qunfeng} 群峰乡`]);
  t.same(await runSql(db, "select code from agency_state where code = '431281198'"), [], 'a heading is no agency');

  const sums = await runSql(
    db,
    `select d.code, r.year, sum(r.reports) as reports from rollup r join division_state d on d.division_id = r.division_id
      and d.valid_from <= r.year || '-12-31' and (d.valid_to is null or d.valid_to > r.year || '-12-31')
      where r.inclusion = 'ALL' and d.code in ('220300', '220381', '220100', '220184', '520221', '520204')
      group by 1, 2 having sum(r.reports) > 0 order by 2, 1`,
  );
  t.same(sums, [
    { code: '220300', year: 2019, reports: 1 },
    { code: '220381', year: 2019, reports: 1 },
    { code: '520221', year: 2019, reports: 1 },
    { code: '220100', year: 2021, reports: 1 },
    { code: '220184', year: 2021, reports: 1 },
    { code: '520204', year: 2022, reports: 1 },
  ]);
  const overlaps = await runSql(
    db,
    `select one.code from agency_state one join agency_state other on other.code = one.code
      and other.agency_id <> one.agency_id and other.valid_from >= one.valid_from
      and (one.valid_to is null or one.valid_to > other.valid_from)`,
  );
  t.same(overlaps, []);
  t.same(
    await runSql(
      db,
      `select r.year from report r where not exists (select 1 from agency_state s where s.agency_id = r.agency_id
        and s.county_id = r.county_id and s.valid_from <= r.year || '-12-31'
        and (s.valid_to is null or s.valid_to > r.year || '-12-31'))`,
    ),
    [],
    'every report lies where its agency does',
  );
  const [said] = await runSql<{ body: string }>(
    db,
    `select p.body from past p join division_state d on d.division_id = p.id where p.about = 'division' and d.code = '220381'`,
  );
  t.match(JSON.parse(said?.body ?? '{}'), { states: [{ code: '220184', validFrom: '2019-01-01', validTo: null }] });
});

t.test('a store that was given the history is never given it again', async (t) => {
  const db = await openStore('sqlite::memory:');
  t.teardown(() => db.destroy());
  t.equal(await upgradeRegister(db, clock(), () => {}, shipped), undefined, 'an empty one is not upgraded');
  await inTransaction(db, {}, (trx) => loadRegister(trx, shipped, () => {}));
  t.equal(await upgradeRegister(db, clock(), () => {}, shipped), undefined);
});

t.test('the whole nation comes out of it as a store does that was loaded anew', async (t) => {
  const [upgraded, fresh] = [await openStore('sqlite::memory:'), await openNationalStore()];
  t.teardown(async () => {
    await upgraded.destroy();
    await fresh.destroy();
  });
  await inTransaction(upgraded, {}, async (trx) =>
    loadRegister(trx, listOf2023(await readNationalRegister()), () => {}),
  );
  await runSql(upgraded, 'delete from register_edition');
  t.same(await upgradeRegister(upgraded, clock(), () => {}), { kept: [], reachingBack: [] });
  const day = (alias: string) =>
    `${alias}.valid_from <= s.valid_from and (${alias}.valid_to is null or ${alias}.valid_to > s.valid_from)`;
  for (const text of [
    `select s.code, s.name, s.kind, d.code as county, s.valid_from as "from", s.valid_to as "to" from agency_state s
      join division_state d on d.division_id = s.county_id and ${day('d')} order by s.code, s.kind, s.valid_from`,
    `select s.code, s.name, p.code as parent, s.valid_from as "from", s.valid_to as "to" from division_state s
      left join division_state p on p.division_id = s.parent_id and ${day('p')} order by s.code, s.valid_from`,
    `select s.code, e.kind, e.year, e.change from expectation e join division_state s on s.division_id = e.division_id
      order by s.code, s.valid_from, e.kind, e.year`,
  ]) {
    const [is, wanted] = [await runSql(upgraded, text), await runSql(fresh, text)];
    t.ok(wanted.length > 3000);
    t.equal(JSON.stringify(is) === JSON.stringify(wanted), true, text.slice(0, 40));
  }
});
