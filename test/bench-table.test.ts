import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { countiesToAsk, townshipsOf } from '../bench/national.js';
import { isMet, type Line, printValues } from '../bench/table/line.js';
import { writeTable } from '../bench/table/markdown.js';
import { placeTable } from '../bench/table/saved.js';
import { packageRoot } from '../src/root.js';

const line = (change: Partial<Line>): Line => ({
  what: { zh: '问题', en: 'a question' },
  ...{ unit: 'ratio', values: [0.9, 1.4, 1.1], goal: { atLeast: 1 } },
  ...change,
});
const reportOf = (...lines: readonly Line[]) => ({
  machine: { zh: '机器', en: 'a machine' },
  manner: { zh: '方式', en: 'a manner' },
  parts: [{ title: { zh: '部分', en: 'A part' }, lines }],
});

t.test('a goal is met by the middle round, not by the best one', async (t) => {
  t.equal(isMet(line({ values: [0.5, 0.9, 2] })), false);
  t.equal(isMet(line({ values: [0.5, 1, 2] })), true);
  t.equal(isMet(line({ unit: 'ms', values: [0.3, 0.6, 0.7], goal: { atMost: 0.5 } })), false);
});

t.test('what could not be measured meets no goal', async (t) => {
  t.equal(isMet(line({ values: [Number.NaN] })), false);
  t.equal(isMet(line({ values: [] })), false);
});

t.test('a value is the middle of all rounds, with the least and the most of them', async (t) => {
  t.same(printValues(line({})), { zh: '1.10（0.90–1.40）', en: '1.10 (0.90–1.40)' });
  t.same(printValues({ unit: 'reports', values: [4321.4] }), { zh: '4,321 份/秒', en: '4,321 reports/s' });
});

t.test('a table says in both languages what was missed', async (t) => {
  const report = reportOf(line({ values: [0.5] }), line({ values: [1.5] }));
  t.match(writeTable(report, 'en'), /\| ≥ 1 \| 0\.50 \| \*\*no\*\* \|/);
  t.match(writeTable(report, 'en'), /\| ≥ 1 \| 1\.50 \| yes \|/);
  t.match(writeTable(report, 'zh'), /\| ≥ 1 \| 0\.50 \| \*\*否\*\* \|/);
});

for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const) {
  t.test(`the table of a run takes the place of the one before in ${file}`, async (t) => {
    const readme = readFileSync(join(packageRoot, file), 'utf8');
    const once = placeTable(readme, writeTable(reportOf(line({ values: [0.5] })), language), file);
    t.match(once, line({}).what[language]);
    const again = placeTable(once, writeTable(reportOf(), language), file);
    t.notMatch(again, `| ${line({}).what[language]} |`);
    t.equal(again.split('\n').at(-1), readme.split('\n').at(-1));
  });
}

t.test('a README without a place for the table is refused', async (t) => {
  t.throws(() => placeTable('# Nothing', 'table', 'README.md'), /no place for the table/);
});

t.test('the bench asks about a hundred counties whose townships fit into one page', async (t) => {
  const counties = countiesToAsk();
  const townships = townshipsOf(Number.POSITIVE_INFINITY);
  t.equal(new Set(counties).size, 100);
  t.same(countiesToAsk(), counties, 'the same ones each time');
  const sizes = counties.map((county) => townships.filter((one) => one.county === county).length);
  t.ok(Math.min(...sizes) >= 17 && Math.max(...sizes) <= 20);
});
