/** The national register as it ships: whether its history is sound, comes to the numbers it states, and is the lists again. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import t from 'tap';
import { plainName } from '../src/register/names.js';
import { packageRoot } from '../src/root.js';
import { expectedCounts, wholeExpectations } from '../src/store/register/expectations.js';
import { openNationalStore, runSql } from './builders.js';

const readme = readFileSync(join(packageRoot, 'data', 'README.md'), 'utf8');
const csv = (name: string): Record<string, string>[] =>
  parse(readFileSync(join(packageRoot, 'data', name)), { columns: true });

/** The rows of the README's table with this heading, by the names of its columns. */
function tableOf(heading: string): Record<string, string>[] {
  const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim());
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  const head = cellsOf(lines[0] ?? '');
  return lines.slice(2).map((line) => Object.fromEntries(cellsOf(line).map((cell, index) => [head[index], cell])));
}

const db = await openNationalStore();
t.teardown(() => db.destroy());
const rows = <Row = Record<string, unknown>>(text: string, parameters: readonly unknown[] = []) =>
  runSql<Row>(db, text, parameters);

/** A condition that a state of `alias` holds on a day. */
const holdsOn = (alias: string, day: string) =>
  `${alias}.valid_from <= ${day} and (${alias}.valid_to is null or ${alias}.valid_to > ${day})`;

/** Where a division stands, as `code name`, on a day, with what lies above it. */
async function lineage(code: string, day: string): Promise<string[]> {
  const found = await rows<{ said: string }>(
    `with recursive above (id, step) as (
      select s.division_id, 0 from division_state s where s.code = ? and ${holdsOn('s', '?')}
      union all select s.parent_id, a.step + 1 from above a join division_state s on s.division_id = a.id
        and ${holdsOn('s', '?')} where s.parent_id is not null)
    select s.code || ' ' || s.name as said from above a join division_state s on s.division_id = a.id
      and ${holdsOn('s', '?')} order by a.step`,
    [code, ...Array.from({ length: 6 }, () => day)],
  );
  return found.map(({ said }) => said);
}

t.test('as many agencies are expected by year and province as data/README.md says', async (t) => {
  const years = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025];
  const table = tableOf('Agencies expected');
  t.equal(table.length, 32);
  for (const row of table) {
    const [division] = await rows<{ id: number }>(
      'select division_id as id from division_state where code = ? and valid_to is null',
      [row.Code],
    );
    const counts = await expectedCounts(db, division?.id ?? 0, years);
    const said = years.map((year) =>
      counts.filter((count) => count.year === year).reduce((sum, { expected }) => sum + expected, 0),
    );
    t.same(
      said,
      years.map((year) => Number(row[year])),
      String(row.Division),
    );
  }
  for (const year of years) {
    const [nation, ...provinces] = table.map((row) => Number(row[year]));
    t.equal(
      provinces.reduce((sum, count) => sum + count, 0),
      nation,
      `the provinces of ${year} are the nation`,
    );
  }
});

t.test('every level adds up to the one above, in every year', async (t) => {
  const kept = 'select division_id, kind, year, change from expectation';
  t.same(await rows(`${kept} except ${wholeExpectations}`), []);
  t.same(await rows(`${wholeExpectations} except ${kept}`), []);
});

t.test('a province lies between the lists around 31 December, but where data/README.md says why not', async (t) => {
  const table = new Map(tableOf('Agencies expected').map((row) => [row.Code, row]));
  const outside = new Map(tableOf('Beside the lists').map((row) => [`${row.Code} ${row['Province, year']}`, row]));
  for (const { year = '', province, low, high } of csv('changes/counts.csv')) {
    const row = table.get(province);
    const number = Number(row?.[year]);
    if (number >= Number(low) && number <= Number(high)) continue;
    const key = `${province} ${row?.Division} ${year}`;
    t.match(outside.get(key), { Low: low, High: high, Register: String(number), Why: /./ }, key);
    outside.delete(key);
  }
  t.same([...outside.keys()], [], 'nothing is explained that needs no reason');
});

t.test('so many township units more than by the ministry’s tables as data/README.md explains', async (t) => {
  const last = '2023-06-30';
  const isTownship = (code: string, name: string, from: string) => {
    const plain = plainName(name);
    if (from > last) return /(?:街道|地区|镇|乡|苏木)$/.test(plain);
    const tail = Number(code.slice(6));
    if (tail >= 400 || /虚拟|虚镇|虚乡|直辖村级|特殊镇|特殊乡|特殊街道/.test(plain)) return false;
    if (tail < 100) return /(?:街道|地区)$/.test(plain);
    return tail < 200 ? plain.endsWith('镇') : /(?:乡|苏木)$/.test(plain);
  };
  const table = new Map(tableOf("Beside the ministry's tables").map((row) => [row.Code, row]));
  const told = csv('changes/counts.csv');
  for (const year of new Set(told.map((row) => row.year))) {
    const states = await rows<{ code: string; name: string; from: string; province: string }>(
      `select s.code, s.name, s.valid_from as "from", substr(d.code, 1, 2) || '0000' as province
        from agency_state s join division_state d on d.division_id = s.county_id and ${holdsOn('d', '?')}
        where s.kind <> 'COUNTY' and ${holdsOn('s', '?')}`,
      [`${year}-12-31`, `${year}-12-31`, `${year}-12-31`, `${year}-12-31`],
    );
    for (const { province = '', townships } of told.filter((row) => row.year === year)) {
      const here = states.filter((state) => state.province === province);
      const more = here.filter(({ code, name, from }) => isTownship(code, name, from)).length - Number(townships);
      const cell = (table.get(province)?.[year ?? ''] ?? '').replaceAll('−', '-').replaceAll(' ', '');
      const [sum, parts = '0'] = cell.split('=');
      t.equal(Number(sum), more, `${province} ${year}`);
      t.equal(
        [...parts.matchAll(/[+-]?\d+/g)].reduce((total, [part]) => total + Number(part), 0),
        more,
        `the parts of ${province} ${year}`,
      );
    }
  }
});

t.test('no two have a code on one day, and nothing lies in what is not there', async (t) => {
  for (const [table, id] of [
    ['agency_state', 'agency_id'],
    ['division_state', 'division_id'],
  ]) {
    const kind = table === 'agency_state' ? `and one.kind <> 'COUNTY' and other.kind <> 'COUNTY'` : '';
    t.same(
      await rows(
        `select one.code from ${table} one join ${table} other on other.code = one.code and other.${id} <> one.${id}
          and one.valid_from <= other.valid_from and (one.valid_to is null or one.valid_to > other.valid_from) ${kind}`,
      ),
      [],
      `${table}: codes`,
    );
    t.same(await rows(`select * from ${table} where valid_to <= valid_from`), [], `${table}: days`);
    t.same(
      await rows(
        `select b.* from ${table} b where b.valid_to is not null
          and exists (select 1 from ${table} l where l.${id} = b.${id} and l.valid_from > b.valid_from)
          and not exists (select 1 from ${table} n where n.${id} = b.${id} and n.valid_from = b.valid_to)`,
      ),
      [],
      `${table}: no gap between the states of one`,
    );
  }
  const outlives = (above: string) => `not exists (select 1 from division_state p where p.division_id = ${above}
      and ${holdsOn('p', 's.valid_from')})
    or exists (select 1 from division_state l where l.division_id = ${above} and l.valid_to is not null
      and not exists (select 1 from division_state n where n.division_id = l.division_id and n.valid_from = l.valid_to)
      and (s.valid_to is null or s.valid_to > l.valid_to))`;
  t.same(await rows(`select s.code, s.name from agency_state s where ${outlives('s.county_id')}`), []);
  t.same(
    await rows(`select s.code from division_state s where s.parent_id is not null and (${outlives('s.parent_id')})`),
    [],
  );
  const levels = ['NATION', 'PROVINCE', 'PREFECTURE', 'COUNTY'];
  const pairs = await rows<{ above: string | null; below: string }>(
    `select distinct p.level as above, d.level as below from division_state s join division d on d.id = s.division_id
      left join division p on p.id = s.parent_id`,
  );
  for (const { above, below } of pairs) t.equal(above ?? undefined, levels[levels.indexOf(below) - 1], below);
  t.same(
    await rows(`select s.code from agency_state s join division d on d.id = s.county_id where d.level <> 'COUNTY'`),
    [],
  );
});

t.test('what went into another ended on that day, and the other was there', async (t) => {
  const lastDay = (table: string, id: string, unit: string) =>
    `(select case when sum(valid_to is null) then null else max(valid_to) end from ${table} where ${id} = ${unit})`;
  const isThere = (table: string, id: string, unit: string, day: string) =>
    `exists (select 1 from ${table} x where x.${id} = ${unit} and ${holdsOn('x', day)})`;
  const agencies = await rows<{ ended: string | null; on: string; there: number }>(
    `select ${lastDay('agency_state', 'agency_id', 's.predecessor_id')} as ended, s.effective as "on",
      ${isThere('agency_state', 'agency_id', 's.successor_id', 's.effective')} as there from succession s`,
  );
  t.equal(agencies.length, 983 + 25 + 8 - 1, 'townships, and the own agencies of counties; 莱芜市 was a prefecture');
  t.ok(agencies.every(({ ended, on, there }) => ended === on && there === 1));
  const divisions = await rows<{ kind: string; ended: string | null; on: string; begun: string; there: number }>(
    `select e.kind, ${lastDay('division_state', 'division_id', 'e.from_id')} as ended, e.effective as "on",
      (select min(valid_from) from division_state where division_id = e.to_id) as begun,
      ${isThere('division_state', 'division_id', 'e.to_id', 'e.effective')} as there from division_edge e`,
  );
  t.equal(divisions.length, 86);
  for (const { kind, ended, on, begun, there } of divisions) {
    t.equal(there, 1);
    t.equal(ended === on, kind === 'MERGE' || kind === 'SPLIT', kind);
    if (kind === 'CREATE') t.equal(begun, on);
    if (kind === 'TRANSFER') t.ok(begun <= on);
  }
  const circles = await rows(
    `with recursive heir (id, first) as (select successor_id, predecessor_id from succession
      union select s.successor_id, h.first from heir h join succession s on s.predecessor_id = h.id)
    select first from heir where id = first`,
  );
  t.same(circles, []);
});

t.test('the states and the changes that are kept of them say the same', async (t) => {
  const since = (table: string, id: string) =>
    `select s.${id}, s.valid_from from ${table}_state s join ${table}_state b on b.${id} = s.${id} and b.valid_to = s.valid_from`;
  for (const [table = '', id = ''] of [
    ['agency', 'agency_id'],
    ['division', 'division_id'],
  ]) {
    const kept = `select ${id}, valid_from from ${table}_change`;
    t.same(await rows(`${kept} except ${since(table, id)}`), []);
    t.same(await rows(`${since(table, id)} except ${kept}`), []);
  }
  t.same(
    await rows(
      `select b.* from basis b where b.about = 'agency' and b.effective not in (
        select valid_from from agency_state where agency_id = b.id
        union select valid_to from agency_state where agency_id = b.id and valid_to is not null
        union select effective from succession where successor_id = b.id)`,
    ),
    [],
    'an agency has a basis only of days on which something happens to it',
  );
});

t.test('莱芜 became two districts of 济南 on 2018-12-26, and 公主岭 came to 长春 in 2020', async (t) => {
  const nation = ['370000 山东省', '100000 中华人民共和国'];
  t.same(await lineage('371202', '2018-12-25'), ['371202 莱城区', '371200 莱芜市', ...nation]);
  t.same(await lineage('371203', '2018-12-25'), ['371203 钢城区', '371200 莱芜市', ...nation]);
  t.same(await lineage('370116', '2018-12-26'), ['370116 莱芜区', '370100 济南市', ...nation]);
  t.same(await lineage('370117', '2018-12-26'), ['370117 钢城区', '370100 济南市', ...nation]);
  t.same(await lineage('371200', '2018-12-26'), []);
  const merged = await rows(
    `select f.code as "from", o.code as "to", e.kind, b.document, b.precision from division_edge e
      join division_state f on f.division_id = e.from_id join division_state o on o.division_id = e.to_id
      join basis b on b.about = 'division' and b.id = e.from_id and b.effective = e.effective where f.code = '371200'`,
  );
  t.same(merged, [{ from: '371200', to: '370100', kind: 'MERGE', document: '国函〔2018〕163号', precision: 'DAY' }]);
  t.equal((await lineage('220381', '2020-06-04'))[1], '220300 四平市');
  t.equal((await lineage('220184', '2020-06-05'))[1], '220100 长春市');
  const identities = await rows(
    `select count(distinct division_id) as n from division_state where code in ('220381', '220184')`,
  );
  t.same(identities, [{ n: 1 }], 'it is the same county');
  const own = await rows<{ code: string }>(
    `select s.code from agency_state c join agency_state s on s.agency_id = c.agency_id
      where c.code = '220184' and c.kind = 'COUNTY' order by s.valid_from`,
  );
  t.same(own, [{ code: '220381' }, { code: '220184' }], 'and its own report is filed by one agency');
});

t.test('a rare sign is written as it is, and a sub-district not as its office', async (t) => {
  const name = await rows(`select name, valid_from as "from" from agency_state where code = '130207110'`);
  t.same(name, [{ name: '柳树𨟠镇', from: '2018-10-31' }]);
  t.same(
    await rows(`select name from agency_state where name like '%?%' or name like '%街道办' or name like '%办事处'`),
    [],
  );
  t.same(await rows(`select name from agency_state where code = '110101001'`), [{ name: '东华门街道' }]);
});

t.test('headings are no agencies, and a town that others went into names them', async (t) => {
  t.same(await rows(`select code from agency_state where code like '%000' and length(code) = 9`), []);
  t.same(await rows(`select code, name from agency_state where name like '%直辖村级%'`), []);
  const merged = await rows<{ name: string; on: string }>(
    `select p.name, u.effective as "on" from succession u join agency_state p on p.agency_id = u.predecessor_id
      join agency_state s on s.agency_id = u.successor_id where s.code = '511822107' and p.valid_to = u.effective
      and s.valid_from <= u.effective and (s.valid_to is null or s.valid_to > u.effective) order by p.code`,
  );
  t.same(merged, [
    { name: '附城乡', on: '2019-12-31' },
    { name: '五宪乡', on: '2019-12-31' },
  ]);
  const sichuan = await rows<{ n: number }>(
    `select count(*) as n from succession u join agency_state p on p.agency_id = u.predecessor_id
      and p.valid_to = u.effective where p.code like '51%' and p.kind <> 'COUNTY'`,
  );
  t.same(sichuan, [{ n: csv('successions.csv').filter(isSichuan).length }]);
});

const unitsOfSichuan = new Set(
  csv('agencies.csv').flatMap(({ unit, code = '' }) => (code.startsWith('51') ? [unit] : [])),
);
function isSichuan({ about, from }: Record<string, string>): boolean {
  return about === 'agency' && unitsOfSichuan.has(from);
}

t.test('each list is the states of its day, but for the codes that are named', async (t) => {
  const exceptions = csv('exceptions.csv');
  t.equal(exceptions.length, 268);
  for (const { day, townships, codes } of csv('editions.csv')) {
    const states = await rows<{ code: string }>(
      `select s.code from agency_state s where s.kind <> 'COUNTY' and ${holdsOn('s', '?')}`,
      [day, day],
    );
    const listed = new Set(states.map(({ code }) => code));
    for (const { code = '', only } of exceptions.filter((exception) => exception.day === day)) {
      t.equal(listed.has(code), only === 'REGISTER', `${day} ${code}`);
      if (only === 'LIST') listed.add(code);
      else listed.delete(code);
    }
    t.equal(listed.size, Number(townships), `${day}`);
    t.equal(
      createHash('sha256')
        .update([...listed].sort().join('\n'))
        .digest('hex'),
      codes,
      `${day}`,
    );
  }
});
