/** A list of codes and names compared with the register of its day: what is the same, certain, uncertain, or at fault. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { stranger } from '../src/access/authority.js';
import { comparisonLines } from '../src/command/comparison-lines.js';
import { compareFile } from '../src/command/register.js';
import { toProblem } from '../src/problem.js';
import { importChanges } from '../src/register/change/file/change-file.js';
import { type ComparisonRequest, compareRegister } from '../src/register/compare/comparison.js';
import type { Proposal } from '../src/register/compare/proposals.js';
import { changesCsv, comparisonJson } from '../src/register/compare/written.js';
import { loadNationalRegister } from '../src/register/load.js';
import { readAgencies, readDivisions } from '../src/register/register-view.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { act, bearer, clock, hongjiang, openTestApp, openTestStore, qunfeng, runSql, tokenFor } from './builders.js';

/** 洪江市's neighbour in its prefecture. */
const neighbour = '431202';
/** The day of the lists: two years before today. */
const on = '2024-12-31';

/** A place of the register or of a list. */
interface Row {
  readonly code: string;
  readonly name: string;
}

/** A list as it is sent. */
const csvOf = (rows: readonly Row[], headings = 'code,name') =>
  Buffer.from(`${headings}\n${rows.map(({ code, name }) => `${code},${name}\n`).join('')}`);

/** Every division and township that the small register has today, as a list has them. */
async function rowsOf(db: Db): Promise<Row[]> {
  const divisions = await readDivisions(db, {}, { first: 500 }, clock());
  const agencies = await readAgencies(db, { kinds: ['TOWNSHIP', 'SUBDISTRICT', 'OTHER'] }, { first: 500 }, clock());
  return [...divisions.items.filter(({ level }) => level !== 'NATION'), ...agencies.items].map(({ code, name }) => ({
    code,
    name,
  }));
}

const compare = (db: Db, list: Buffer, asked: Partial<ComparisonRequest> = {}) =>
  compareRegister(db, act, list, { on, authority: 'NBS', ...asked });

/** The register with its places as a list, to be altered. */
async function openListed(t: Pick<Test, 'teardown'>) {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const rows = await rowsOf(db);
  const within = (county: string) => rows.filter(({ code }) => code.startsWith(county));
  const rename = (code: string, name: string) => (row: Row) => (row.code === code ? { ...row, name } : row);
  const recode = (code: string, to: string, name?: string) => (row: Row) =>
    row.code === code ? { code: to, name: name ?? row.name } : row;
  const without = (code: string) => (row: Row) => row.code !== code;
  const told = (list: readonly Row[], asked: Partial<ComparisonRequest> = {}) => compare(db, csvOf(list), asked);
  return { db, rows, within, rename, recode, without, told };
}

/** A proposal in few words. */
const inShort = ({ kind, registered, listed }: Proposal) =>
  [kind, registered?.code, listed && `${listed.code} ${listed.name}`].filter(Boolean).join(' ');

/** What a piece of work is refused for. */
async function refusalOf(work: Promise<unknown>) {
  try {
    await work;
    return undefined;
  } catch (error) {
    const { kind, members } = toProblem(error);
    const errors = (members.errors ?? []) as readonly { readonly code: string; readonly pointer: string }[];
    return { kind, codes: errors.map(({ code }) => code), members };
  }
}

const applyLines = async (db: Db, proposals: readonly Proposal[]) =>
  importChanges(db, act, Buffer.from(await changesCsv(proposals)), {});

t.test('a list of what the register has proposes nothing, whoever made it', async (t) => {
  const { rows, told } = await openListed(t);
  for (const authority of ['NBS', 'MCA'] as const) {
    for (const division of [undefined, '100000', hongjiang]) {
      const { certain, uncertain, faults, same } = await told(rows, { authority, division });
      t.same([certain, uncertain, faults], [[], [], []], `${authority} ${division}`);
      t.same([same.spelling, same.otherDigits, same.otherCounty], [[], [], []]);
    }
  }
  const { listed, leftAside, same } = await told(rows, { division: hongjiang });
  t.same([listed, leftAside, same.places], [21, rows.length - 21, 21]);
});

t.test('another spelling, one sign or the county before a name is no change, and is told as spelling', async (t) => {
  const { rows, rename, told } = await openListed(t);
  const spelled = rows
    .map(rename('431202001', '城中街道办事处'))
    .map(rename('431202002', '城北地区'))
    .map(rename('431281104', '雪峯镇'))
    .map(rename('431281106', '洪江市江市镇'))
    .map(rename('431281108', ' 塘湾镇（镇）'));
  const { certain, uncertain, same } = await told(spelled);
  t.same([certain, uncertain], [[], []]);
  t.same(
    same.spelling.map(({ registered, listed }) => `${registered.code} ${listed.name}`),
    [
      '431202001 城中街道办事处',
      '431202002 城北地区',
      '431281104 雪峯镇',
      '431281106 洪江市江市镇',
      '431281108 塘湾镇（镇）',
    ],
  );
});

t.test('a sign that one list writes otherwise is no change: 柳树𨟠镇 was 柳树酄镇', async (t) => {
  const { db, within, rename, told } = await openListed(t);
  const csv = `action,code,on,name\nchange,${qunfeng},2020-01-01,柳树𨟠镇\n`;
  await importChanges(db, act, Buffer.from(csv), {});
  const { certain, uncertain, same } = await told(within(hongjiang).map(rename(qunfeng, '柳树酄镇')));
  t.same([certain, uncertain], [[], []]);
  t.match(same.spelling, [{ registered: { name: '柳树𨟠镇' }, listed: { name: '柳树酄镇' } }]);
});

t.test('a new name under the same code is certain only where nothing else in the county begins or ends', async (t) => {
  const { db, within, rename, without, told } = await openListed(t);
  const list = within(hongjiang).map(rename(qunfeng, '新峰台镇'));
  const { certain, uncertain } = await told(list);
  t.same(certain.map(inShort), [`RENAME ${qunfeng} ${qunfeng} 新峰台镇`]);
  t.same(uncertain, []);
  t.equal(await changesCsv(certain), `action,code,on,name,precision\r\nchange,${qunfeng},${on},新峰台镇,SNAPSHOT\r\n`);
  const merged = await told(list.filter(without('431281208')));
  t.same(merged.certain, []);
  t.same(merged.uncertain.map(inShort), [`RENAME ${qunfeng} ${qunfeng} 新峰台镇`, 'ABOLISH 431281208']);
  t.match(merged.uncertain, [
    { candidates: [{ code: '431281208', name: '湾溪乡' }] },
    { candidates: [{ code: qunfeng, name: '新峰台镇' }] },
  ]);
  await applyLines(db, certain);
  const again = await told(list);
  t.same([again.certain, again.uncertain], [[], []]);
});

t.test('a line that cannot be read leaves a new name in its county uncertain', async (t) => {
  const { within, rename, told } = await openListed(t);
  const list = within(hongjiang).map(rename(qunfeng, '新峰台镇'));
  const nameless = list.map(rename('431281208', ''));
  const { certain, uncertain, faults } = await told(nameless);
  t.same(certain, []);
  t.same(uncertain.map(inShort), [`RENAME ${qunfeng} ${qunfeng} 新峰台镇`], 'and nothing is said to have ended');
  t.match(faults, [{ code: 'MISSING', pointer: /\/name$/ }]);
});

t.test('a name under another code of its county is a new code, and a stem under another type a new type', async (t) => {
  const { db, within, recode, told } = await openListed(t);
  const list = within(hongjiang)
    .map(recode(qunfeng, '431281109', '群峰镇'))
    .map(recode('431281208', '431281220'));
  const { certain, uncertain } = await told(list);
  t.same(certain.map(inShort), ['RECODE 431281208 431281220 湾溪乡', `RECLASSIFY ${qunfeng} 431281109 群峰镇`]);
  t.same(uncertain, []);
  const toStreet = within(hongjiang).map(recode('431281102', '431281001', '安江街道'));
  const street = await told(toStreet);
  t.same(street.certain[0]?.changes, [
    {
      ...{ action: 'change', code: '431281102', on, name: '安江街道', newCode: '431281001', kind: 'SUBDISTRICT' },
      precision: 'SNAPSHOT',
    },
  ]);
  await applyLines(db, [...certain, ...street.certain]);
  const then = await told(list.map(recode('431281102', '431281001', '安江街道')));
  t.same([then.certain, then.uncertain], [[], []]);
  const other = await told(
    [...list, { code: '431281110', name: '新设镇' }].map(recode('431281102', '431281001', '安江街道')),
  );
  t.same(other.uncertain.map(inShort), ['CREATE 431281110 新设镇']);
});

t.test('a new type in a county where something else ends may have taken that in, and is uncertain', async (t) => {
  const { within, recode, without, told } = await openListed(t);
  const list = within(hongjiang)
    .map(recode(qunfeng, '431281109', '群峰镇'))
    .filter(without('431281209'));
  const { certain, uncertain } = await told(list);
  t.same(certain, []);
  t.same(uncertain.map(inShort), [`RECLASSIFY ${qunfeng} 431281109 群峰镇`, 'ABOLISH 431281209']);
});

t.test(
  'a code that is another unit’s now is no identity: the old one ends and the new one begins, uncertain',
  async (t) => {
    const { db, within, rename, told } = await openListed(t);
    const list = within(hongjiang).map(rename(qunfeng, '湾溪乡')).map(rename('431281208', '群峰乡'));
    const { certain, uncertain } = await told(list);
    t.same(certain, []);
    t.same(uncertain.map(inShort), [`RECODE ${qunfeng} ${qunfeng} 湾溪乡`, 'RECODE 431281208 431281208 群峰乡']);
    await applyLines(db, uncertain);
    const then = await told(list);
    t.same([then.certain, then.uncertain], [[], []]);
  },
);

t.test('a namesake in another county of the prefecture may have been moved there, and is uncertain', async (t) => {
  const { db, rows, recode, told } = await openListed(t);
  const list = rows.map(recode(qunfeng, '431202210'));
  const { certain, uncertain } = await told(list);
  t.same(certain, []);
  t.match(uncertain, [
    { kind: 'MOVE', changes: [{ action: 'change', code: qunfeng, newCode: '431202210', county: neighbour }] },
  ]);
  await applyLines(db, uncertain);
  const then = await told(list);
  t.same([then.certain, then.uncertain], [[], []]);
});

t.test('what ends or begins with nobody known beside it is uncertain, and names who else does', async (t) => {
  const { db, within, without, told } = await openListed(t);
  const list = [...within(hongjiang).filter(without(qunfeng)), { code: '431281109', name: '新设镇' }];
  const { certain, uncertain } = await told(list);
  t.same(certain, []);
  t.match(uncertain, [
    { kind: 'ABOLISH', registered: { code: qunfeng }, listed: null, candidates: [{ name: '新设镇' }] },
    { kind: 'CREATE', registered: null, listed: { code: '431281109', line: 22 }, candidates: [{ name: '群峰乡' }] },
  ]);
  await applyLines(db, uncertain);
  t.same((await told(list)).uncertain, []);
});

t.test(
  'a list of one county says nothing of others; of a division that it has all of, what it lacks has ended',
  async (t) => {
    const { rows, within, told } = await openListed(t);
    const own = within(hongjiang);
    const partial = await told(own);
    t.same([partial.certain, partial.uncertain, partial.listed], [[], [], 21]);
    const whole = await told([...own, { code: '431200', name: '怀化市' }], { division: '431200' });
    t.same(whole.certain, []);
    t.equal(whole.uncertain.filter(({ kind, about }) => kind === 'ABOLISH' && about === 'agency').length, 11);
    t.same(whole.uncertain.filter(({ about }) => about === 'division').map(inShort), [`ABOLISH ${neighbour}`]);
    const aside = await told(rows, { division: '431200' });
    t.same([aside.certain, aside.uncertain], [[], []]);
    t.ok(aside.leftAside > 0);
  },
);

t.test('a county with all its townships under other digits has other digits, and so have they', async (t) => {
  const { db, within, told } = await openListed(t);
  const list = within(hongjiang).map(({ code, name }) => ({ code: code.replace(hongjiang, '431299'), name }));
  for (const asked of [{}, { division: '431200' }]) {
    const { certain } = await told(list, asked);
    t.same(certain.map(inShort), [`RECODE ${hongjiang} 431299 洪江市`]);
    const lines = (await changesCsv(certain)).split('\r\n');
    t.same(lines.slice(0, 3), [
      'action,code,on,newCode,precision',
      `division-change,${hongjiang},${on},431299,SNAPSHOT`,
      `change,431281101,${on},431299101,SNAPSHOT`,
    ]);
    t.equal(lines.length, 1 + 1 + 20 + 1);
  }
  const renamed = await told(list.map((row) => (row.code === '431299' ? { ...row, name: '洪江区' } : row)));
  t.match(renamed.certain, [{ changes: [{ action: 'division-change', newCode: '431299', name: '洪江区' }] }]);
  const fewer = await told(list.slice(0, -1));
  t.same(fewer.certain, []);
  t.match(fewer.uncertain, [{ kind: 'RECODE', about: 'division' }], 'one township is not there');
  t.equal((await told(list.slice(0, -1), { division: '431200' })).certain.length, 0);
  await applyLines(db, (await told(list)).certain);
  const then = await told(list);
  t.same([then.certain, then.uncertain, then.same.places], [[], [], 21], 'applied, it is what the list has');
});

t.test('a county whose townships are all in one other may have been merged: uncertain, as one change', async (t) => {
  const { db, rows, told } = await openListed(t);
  const list = rows
    .filter(({ code }) => code !== hongjiang)
    .map((row) => ({
      ...row,
      code: row.code.replace(/^431281(\d{3})/, (_, tail) => `${neighbour}${Number(tail) + 50}`),
    }));
  const { certain, uncertain } = await told(list, { division: '430000' });
  t.same(certain, []);
  t.equal(uncertain.length, 1);
  t.match(uncertain[0], {
    kind: 'MERGE',
    about: 'division',
    candidates: [{ code: neighbour }],
    changes: [{ action: 'division-merge', code: hongjiang, mergedInto: neighbour }],
  });
  t.equal(uncertain[0]?.changes.length, 21);
  await applyLines(db, uncertain);
  const then = await told(list, { division: '430000' });
  t.same([then.certain, then.uncertain], [[], []], 'applied, it is what the list has');
});

t.test(
  'a division under another name keeps its stem or stands alone to be certain; a new one is uncertain',
  async (t) => {
    const { db, rows, rename, told } = await openListed(t);
    const district = await told(rows.map(rename(hongjiang, '洪江区')));
    t.match(district.certain, [
      { kind: 'RENAME', about: 'division', changes: [{ action: 'division-change', code: hongjiang, name: '洪江区' }] },
    ]);
    const begun = await told([...rows.map(rename(hongjiang, '黔阳县')), { code: '431290', name: '沅水区' }]);
    t.same(begun.certain, []);
    t.match(begun.uncertain, [
      { kind: 'RENAME', candidates: [{ code: '431290' }] },
      {
        kind: 'CREATE',
        changes: [{ action: 'division-add', code: '431290', name: '沅水区', level: 'COUNTY', parent: '431200' }],
      },
    ]);
    await applyLines(db, begun.uncertain);
    const then = await told([...rows.map(rename(hongjiang, '黔阳县')), { code: '431290', name: '沅水区' }]);
    t.same([then.certain, then.uncertain], [[], []]);
    const alone = await told(rows.filter(({ code }) => code === hongjiang).map(rename(hongjiang, '沅江县')));
    t.same(alone.certain, [], 'its neighbours are not in the list');
  },
);

t.test('by the ministry’s list a unit under other digits is the same, and its code is left alone', async (t) => {
  const { db, rows, within, recode, told } = await openListed(t);
  const asked = { authority: 'MCA' } as const;
  const swapped = rows.map(recode(qunfeng, '431281209#')).map(recode('431281209', qunfeng));
  const list = swapped.map(({ code, name }) => ({ code: code.replace('#', ''), name }));
  const { certain, uncertain, same } = await told(list, asked);
  t.same([certain, uncertain], [[], []]);
  t.same(same.otherDigits.map(({ registered, listed }) => [registered.name, listed.code]).toSorted(), [
    ['洗马乡', qunfeng],
    ['群峰乡', '431281209'],
  ]);
  t.equal((await told(list)).uncertain.length, 2, 'of the bureau’s it would be a code used again');
  const ids = await runSql<{ id: number }>(db, 'select agency_id as id from agency_state where code = ?', [qunfeng]);
  await runSql(db, 'insert into other_code values (?, ?, ?, ?, null)', [ids[0]?.id, 'MCA', '431281209', '2019-01-01']);
  const known = await told(list, asked);
  t.same(
    known.same.otherDigits.map(({ registered }) => registered.name),
    ['洗马乡'],
    'digits that the register knows are not told again',
  );
  const town = within(hongjiang).map(recode(qunfeng, '431281109', '群峰镇'));
  t.same((await told(town, asked)).certain[0]?.changes, [
    { action: 'change', code: qunfeng, on, name: '群峰镇', precision: 'SNAPSHOT' },
  ]);
});

t.test(
  'a unit of which only the ministry’s digits are known has these in its code, till the bureau lists it',
  async (t) => {
    const { db, within, told } = await openListed(t);
    const list = [...within(hongjiang), { code: '431281109', name: '新设镇' }];
    const { uncertain } = await told(list, { authority: 'MCA' });
    t.match(uncertain, [{ kind: 'CREATE', changes: [{ action: 'add', code: 'MCA-431281109', kind: 'TOWNSHIP' }] }]);
    await applyLines(db, uncertain);
    const then = await told(list, { authority: 'MCA' });
    t.same([then.certain, then.uncertain, then.same.otherDigits], [[], [], []]);
    const without = await told(within(hongjiang));
    t.same(
      [without.certain, without.uncertain, without.same.notListed],
      [[], [], 1],
      'the bureau has not listed it yet',
    );
    const later = { on: '2025-12-31' };
    const listed = await told([...within(hongjiang), { code: '431281110', name: '新设镇' }], later);
    t.match(listed.certain, [{ kind: 'RECODE', changes: [{ code: 'MCA-431281109', newCode: '431281110' }] }]);
    await applyLines(db, listed.certain);
  },
);

t.test('the ministry lists no statistical units: they have not ended, and lie where it says else', async (t) => {
  const { rows, without, told } = await openListed(t);
  const list = rows.filter(without('431202400'));
  const byMinistry = await told(list, { authority: 'MCA', division: '100000' });
  t.same([byMinistry.certain, byMinistry.uncertain], [[], []]);
  t.equal(byMinistry.same.notListed, 1);
  t.same((await told(list)).uncertain.map(inShort), ['ABOLISH 431202400']);
});

t.test('lines that cannot be used are named with their line, and nothing is said of their places', async (t) => {
  const { rows, told } = await openListed(t);
  const bad: readonly (readonly [string, string, string])[] = [
    ['4312', '某县', 'FORMAT'],
    ['431281207001', '某村', 'FORMAT'],
    ['', '无名乡', 'MISSING'],
    [qunfeng, '群峰乡', 'DUPLICATE'],
    ['431281208', '别名乡', 'DUPLICATE'],
    ['431281230', '=1+1', 'FORMAT'],
    ['998877101', '远方镇', 'UNKNOWN-COUNTY'],
  ];
  const { certain, uncertain, faults } = await told([...rows, ...bad.map(([code, name]) => ({ code, name }))]);
  t.same(
    faults.map(({ code, line }) => [code, line]),
    bad.map(([, , code], index) => [code, rows.length + 2 + index]),
  );
  t.same([certain, uncertain], [[], []]);
  for (const { message, pointer, line } of faults) {
    t.ok(message.zh.includes(`${line}`) && message.en.includes(`${line}`) && pointer.startsWith(`/lines/${line}/`));
  }
});

t.test('what is no list of the register is refused, with what is wrong', async (t) => {
  const { db, rows } = await openListed(t);
  const refusals = async (list: Buffer, asked: Partial<ComparisonRequest> = {}) => refusalOf(compare(db, list, asked));
  t.match(await refusals(Buffer.from('')), { kind: 'malformed-body', codes: ['HEADER'] });
  t.match(await refusals(csvOf(rows, 'code,code')), { codes: ['HEADER'] });
  t.match(await refusals(csvOf([])), { codes: ['EMPTY'] });
  t.match(await refusals(Buffer.from([0x63, 0xff, 0xff, 0x0a])), { codes: ['ENCODING'] });
  const damaged = Buffer.concat([csvOf(rows), Buffer.from([0xc8, 0xba, 0x2c, 0xb7, 0xe5, 0x0a])]);
  t.match(await refusals(damaged), { codes: ['ENCODING'] }, 'a damaged file in UTF-8 is not GB18030');
  const doubled = await refusals(csvOf(Array.from({ length: 150 }, () => ({ code: qunfeng, name: '群峰乡' }))));
  t.equal(doubled?.codes.length, 100);
  t.equal(doubled?.members.more, true);
  const long = Array.from({ length: 100_100 }, (_, at) => ({ code: `431281${100 + (at % 800)}`, name: '乡' }));
  t.match(await refusals(csvOf(long)), { kind: 'malformed-body' });
  const counties = Array.from({ length: 10_001 }, (_, at) => ({ code: `${110_101 + at * 7}`, name: `县${at}` }));
  t.match(await refusals(csvOf(counties)), { codes: ['TOO-LONG'] });
  t.match(await refusals(csvOf(rows), { on: '1990-01-01' }), { kind: 'invalid-parameter' });
  t.match(await refusals(csvOf(rows), { division: '990000' }), { kind: 'unknown-division' });
});

t.test(
  'headings stand in any order, in Chinese or not, below a title, in UTF-8 with its mark or in GB18030',
  async (t) => {
    const { db, within, rename } = await openListed(t);
    const rows = within(hongjiang).map(rename(qunfeng, '群丰台镇'));
    const lines = rows.map(({ code, name }, at) => `${at},${name},${code}${code.length === 9 ? '000' : '000000'}`);
    const headed = (heading: string) => `${heading}\r\n${lines.join('\r\n')}\r\n`;
    const expected = [`RENAME ${qunfeng} ${qunfeng} 群丰台镇`];
    for (const heading of [
      '序号,名称,行政区划代码',
      '序号,单位名称,代码',
      '\ufeff2024年行政区划,,\n序号, 名称 ,代码',
      'no,NAME,Code',
    ]) {
      const { certain, faults } = await compare(db, Buffer.from(headed(heading)));
      t.same([certain.map(inShort), faults], [expected, []], heading);
    }
    // 群丰台镇 and the others in GB18030, as the decoder of the platform has them.
    const { certain } = await compare(db, encodeGb18030(headed('序号,名称,行政区划代码')));
    t.same(certain.map(inShort), expected);
  },
);

t.test('a code that another unit has on that day or later is not given for certain', async (t) => {
  const { db, within, recode, told } = await openListed(t);
  const csv = 'action,code,on,name,kind,county\nadd,431281220,2025-06-01,后设乡,TOWNSHIP,431202\n';
  await importChanges(db, act, Buffer.from(csv), {});
  const { certain, uncertain } = await told(within(hongjiang).map(recode('431281208', '431281220')));
  t.same(certain, []);
  t.match(uncertain, [{ kind: 'RECODE', reason: { zh: /后设乡/, en: /431281220/ } }]);
});

/** GB18030 of a text, made of the table of the platform's decoder. */
function encodeGb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, Buffer>();
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      const bytes = Buffer.from([high, low]);
      if (low !== 0x7f) codes.set(decoder.decode(bytes), bytes);
    }
  }
  return Buffer.concat([...text].map((sign) => codes.get(sign) ?? Buffer.from(sign)));
}

/** What happens to the townships of two counties of a prefecture in a year, or only to the list of them. */
type Event = readonly [kind: (typeof eventKinds)[number], which: number, other: number];
const eventKinds = ['rename', 'recode', 'type', 'close', 'begin', 'move', 'swap', 'spell', 'typo'] as const;

/** A unit as it was in the register, and as the list has it. */
interface Unit {
  readonly was: string | null;
  code: string;
  name: string;
}

/** Makes the events happen, and returns what lies there then. */
function happen(rows: readonly Row[], events: readonly Event[]): Unit[] {
  const units: Unit[] = rows.map(({ code, name }) => ({ was: code, code, name }));
  const used = new Set(rows.map(({ code }) => code));
  const freeCode = (county: string, from: number) => {
    for (let tail = from; ; tail++) {
      const code = `${county}${String(tail).padStart(3, '0')}`;
      if (!used.has(code) && used.add(code)) return code;
    }
  };
  const tailOf = (code: string) => Math.floor(Number(code.slice(6)) / 100) * 100 + 1;
  for (const [at, [kind, which, other]] of events.entries()) {
    const unit = units[which % units.length];
    const neighbourUnit = units[other % units.length];
    if (!unit || !neighbourUnit || unit === neighbourUnit) continue;
    const county = unit.code.slice(0, 6);
    const fresh = [...'甲乙丙丁戊己庚辛壬癸'][at % 10];
    if (kind === 'rename') unit.name = `新${fresh}${at}${/街道|镇|乡/.exec(unit.name)?.[0] ?? '镇'}`;
    if (kind === 'recode') unit.code = freeCode(county, tailOf(unit.code));
    if (kind === 'type' && /[^族]乡$/.test(unit.name)) {
      Object.assign(unit, { name: unit.name.replace(/乡$/, '镇'), code: freeCode(county, 100) });
    }
    if (kind === 'close') units.splice(units.indexOf(unit), 1);
    if (kind === 'begin') units.push({ was: null, code: freeCode(county, 230), name: `始${fresh}${at}乡` });
    if (kind === 'move') unit.code = freeCode(county === hongjiang ? neighbour : hongjiang, tailOf(unit.code));
    if (kind === 'swap' && neighbourUnit.code.startsWith(county)) {
      [unit.code, neighbourUnit.code] = [neighbourUnit.code, unit.code];
    }
    if (kind === 'spell') unit.name = unit.name.replace(/街道$/, '街道办事处').replace(/乡$/, '乡（本级）');
    if (kind === 'typo') unit.name = unit.name.replace(/^./u, '龘');
  }
  return units;
}

t.test(
  'what is certain is true, is applied by the import, and is not proposed again; with what is uncertain, nothing is left',
  async (t) => {
    const events = fc.array(fc.tuple(fc.constantFrom(...eventKinds), fc.nat(40), fc.nat(40)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom('NBS' as const, 'MCA' as const), async (happened, authority) => {
        const db = await openTestStore();
        try {
          const rows = (await rowsOf(db)).filter(({ code }) => /^4312/.test(code));
          const townships = rows.filter(({ code }) => code.length === 9 && !code.endsWith('400'));
          const units = happen(townships, happened);
          const kept = rows.filter((row) => !townships.includes(row));
          const list = csvOf([...kept, ...units]);
          const asked = { authority, division: '431200' };
          const first = await compare(db, list, asked);
          // True: what the register has and what the list has are one unit.
          for (const { registered, listed } of first.certain) {
            const unit = units.find(({ code }) => code === listed?.code);
            t.equal(unit?.was, registered?.code, `${registered?.code} ${listed?.code} ${JSON.stringify(happened)}`);
          }
          if (first.certain.length > 0) await applyLines(db, first.certain);
          const second = await compare(db, list, asked);
          t.same(second.certain, [], JSON.stringify(happened));
          t.same(second.uncertain.length, first.uncertain.length);
          if (second.uncertain.length > 0) await applyLines(db, second.uncertain);
          const third = await compare(db, list, asked);
          t.same([third.certain, third.uncertain], [[], []], JSON.stringify([authority, happened]));
        } finally {
          await db.destroy();
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 30) },
    );
  },
);

t.test('the list of the nation is compared while others have their turn', async (t) => {
  const db = await openStore('sqlite::memory:');
  t.teardown(() => db.destroy());
  await loadNationalRegister(db, () => {});
  const rows = await runSql<Row>(
    db,
    `select code, name from agency_state where kind <> 'COUNTY' and code not like 'MCA-%' and valid_from <= ?
     and (valid_to is null or valid_to > ?)`,
    [on, on],
  );
  const list = csvOf(rows);
  let turns = 0;
  let isComparing = true;
  const count = () => {
    turns++;
    if (isComparing) setImmediate(count);
  };
  setImmediate(count);
  const comparison = await compare(db, list);
  const written = await comparisonJson(comparison);
  isComparing = false;
  t.same(comparison.faults, []);
  t.equal(comparison.listed, rows.length);
  t.ok(rows.length > 35_000);
  t.same([comparison.certain, comparison.uncertain], [[], []]);
  t.same(JSON.parse(written), JSON.parse(JSON.stringify(comparison)));
  t.ok(turns > 20, `${turns} turns`);
});

t.test('the command prints what would change, and writes certain and uncertain lines apart', async (t) => {
  const { db, within, rename, recode, without } = await openListed(t);
  const list = [
    ...within(hongjiang).map(recode('431281208', '431281220')).filter(without(qunfeng)),
    ...within(neighbour).map(rename('431202201', '盈水口乡')),
  ];
  const folder = t.testdir({ 'list.csv': csvOf(list) });
  const [file, output, uncertain] = ['list.csv', 'certain.csv', 'uncertain.csv'].map((name) => join(folder, name));
  const written = { out: '', err: '' };
  const keep = (name: 'out' | 'err') => new PassThrough().on('data', (piece) => (written[name] += piece));
  const terminal = { stdin: Readable.from([]), stdout: keep('out'), stderr: keep('err') };
  const asked = { on, authority: 'NBS' as const, file: file ?? '', output: output ?? '', uncertain: uncertain ?? '' };
  await compareFile(db, clock, terminal, asked);
  t.match(written.out, /certain changes +2 /);
  t.match(written.out, /RENAME +431202201 盈口乡 -> 431202201 盈水口乡/);
  t.match(written.out, /ABOLISH +431281207 群峰乡 -> -/);
  const text = await readFile(output ?? '', 'utf8');
  t.match(text, /^action,code,on,name,newCode,precision\r\n/);
  await importChanges(db, act, Buffer.from(text), {});
  await importChanges(db, act, await readFile(uncertain ?? ''), {});
  const then = await compare(db, csvOf(list));
  t.same([then.certain, then.uncertain], [[], []]);
  t.notOk([...comparisonLines(then)].some((line) => line.includes('CERTAIN')));
});

t.test('the call answers JSON or the lines, changes nothing, and takes register over the division', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const rows = (await rowsOf(db)).filter(({ code }) => code.startsWith(hongjiang));
  const list = csvOf(rows.map((row) => (row.code === qunfeng ? { ...row, name: '新峰台镇' } : row)));
  const clerk = bearer(await tokenFor(db, { scope: 'register', division: hongjiang }));
  const reader = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  const before = await runSql(db, 'select * from agency_state order by agency_id, valid_from');
  const audited = await runSql(db, 'select count(*) from audit');
  const send = (query: string, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({
      method: 'POST',
      url: `/v1/register/comparison?on=${on}${query}`,
      headers: { 'content-type': 'text/csv', ...headers },
      payload: list,
    });
  const answer = await send(`&division=${hongjiang}`);
  t.match(answer.json(), {
    ...{ on, authority: 'MCA', division: { code: hongjiang, name: '洪江市' }, listed: 21, leftAside: 0 },
    certain: [{ kind: 'RENAME', registered: { code: qunfeng }, listed: { name: '新峰台镇' } }],
    ...{ uncertain: [], faults: [], same: { places: 20 } },
  });
  const lines = await send(`&division=${hongjiang}`, { accept: 'text/csv' });
  t.match(lines.headers['content-type'], /^text\/csv/);
  t.match(lines.body, new RegExp(`\\r\\nchange,${qunfeng},${on},新峰台镇`));
  const uncertain = await send(`&division=${hongjiang}&lines=uncertain`, { accept: 'text/csv' });
  t.equal(uncertain.body, 'action,code,on\r\n');
  t.equal((await send('', { accept: 'image/png' })).statusCode, 406);
  t.equal((await send('&division=990000')).statusCode, 404);
  t.equal((await send('&on=2024-02-30')).statusCode, 400);
  t.equal((await send(`&division=${hongjiang}`, clerk)).statusCode, 200);
  t.equal((await send(`&division=${neighbour}`, clerk)).statusCode, 403);
  t.equal((await send('', clerk)).statusCode, 403, 'without a division it is about the nation');
  t.equal((await send(`&division=${hongjiang}`, reader)).statusCode, 403);
  t.equal((await send('', { authorization: '' })).statusCode, 401);
  t.match(await refusalOf(compareRegister(db, { caller: stranger, now: clock() }, list, { on, authority: 'NBS' })), {
    kind: 'unauthorized',
  });
  t.same(await runSql(db, 'select * from agency_state order by agency_id, valid_from'), before);
  t.same(await runSql(db, 'select count(*) from audit'), audited);
});
