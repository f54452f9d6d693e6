/** What a database says twice: contents in short and in full, sums and reports. Any one of them changed alone is named. */
import { hash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { allCells, formInForce, formOf, forms } from '../src/form/forms.js';
import type { ReportContent } from '../src/form/report.js';
import { fileReport } from '../src/report/file.js';
import { checkStore } from '../src/report/integrity.js';
import { reviewReport } from '../src/report/review.js';
import { cellColumns, columnOf } from '../src/store/columns.js';
import { decodeContent, encodeContent, fullTextOf, hashOfContent } from '../src/store/contents.js';
import { figureColumns } from '../src/store/engine/migrate.js';
import type { Db } from '../src/store/engine/schema.js';
import { rebuildRollups, verifyRollups } from '../src/store/rollup/rollup-check.js';
import { act, filing, hongjiang, openTestStore, runSql, townshipsOf } from './builders.js';

const name = fc.string({ unit: 'grapheme', maxLength: 8 });
const count = fc.option(fc.integer({ min: 0, max: 999_999_999 }));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Contents as any reader of documents may make them: members left out, given as null, and in any order. */
const content: fc.Arbitrary<ReportContent> = fc.constantFrom(...forms).chain((form) => {
  const group = fc.record(
    { name, count, share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })), note: fc.option(name) },
    { requiredKeys: ['name', 'count'] },
  );
  return fc
    .record({
      figures: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, count), {
        minLength: form.cells.length,
        maxLength: form.cells.length,
      }),
      publishedItems: fc.option(
        fc.record(
          {
            total: count,
            categories: fc.array(group, { maxLength: 3 }),
            channels: fc.array(group, { maxLength: 2 }),
            complete: fc.subarray(['categories', 'channels'] as const),
            note: fc.option(name),
          },
          { requiredKeys: ['total', 'categories', 'channels'] },
        ),
      ),
      engagement: fc.option(
        fc.array(
          fc.record(
            { name, handled: count, replyRate: fc.option(fc.constant(0.5)) },
            { requiredKeys: ['name', 'handled'] },
          ),
          { maxLength: 3 },
        ),
      ),
      narrative: fc.option(
        fc.record(
          { otherMatters: maybe(name), overview: fc.option(name), problems: fc.option(name) },
          { requiredKeys: [] },
        ),
      ),
      source: fc.option(fc.record({ publishedOn: fc.option(name), url: fc.option(name) }, { requiredKeys: [] })),
    })
    .map(({ figures, ...rest }) => {
      const all: (number | null)[] = allCells.map(() => null);
      for (const [place, { at }] of form.cells.entries()) all[at] = figures[place] ?? null;
      // Members of an optional kind may be there without a value, as a reader of documents leaves them.
      return { form: form.id, figures: all, ...rest } as ReportContent;
    });
});

/** As contents were kept before they were kept in short, and as their hashes are made. */
function asBefore({ form, figures, publishedItems, engagement, narrative, source }: ReportContent): string {
  const said: Record<string, number | null> = {};
  for (const { key, at } of formOf(form).cells) {
    const value = figures[at] ?? null;
    if (value !== 0) said[key] = value;
  }
  return JSON.stringify({ form, figures: said, publishedItems, engagement, narrative, source });
}

t.test('a content kept in short says the same, and has the hash that it always had', (t) => {
  fc.assert(
    fc.property(content, (drawn) => {
      const { text, hash: kept } = encodeContent(drawn);
      const before = asBefore(drawn);
      const read = decodeContent(text ?? '');
      return (
        kept === hash('sha256', before) &&
        hashOfContent(text ?? '') === kept &&
        asBefore(read) === before &&
        fullTextOf(read) === before &&
        encodeContent(read).text === text
      );
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('every box has a number of its own, which is the place of its column in the order of the migrations', (t) => {
  t.same([...cellColumns].sort(), [...figureColumns].sort());
  t.end();
});

/** A store with reports of both inclusions, one of them accepted and revised since. */
async function filledStore(): Promise<Db> {
  const db = await openTestStore();
  const [one = '', other = '', third = ''] = await townshipsOf(hongjiang);
  const items = { total: 16, categories: [{ name: '乡动态', count: 8 }], channels: [{ name: '网站', count: 8 }] };
  const figures = { 'decisions.penalties.decided': 5, 'decisions.coercion.decided': null };
  for (const [agency, year] of [
    [one, 2021],
    [one, 2022],
    [other, 2021],
    [third, 2020],
  ] as const) {
    const said = { agency, year, form: formInForce(year).id, publishedItems: items };
    await fileReport(db, act, filing(year === 2020 ? said : { ...said, figures }), { method: 'post' });
  }
  for (const agency of [one, other]) {
    const decision = { agency, year: 2021, revision: 1, decision: 'ACCEPTED', reason: null } as const;
    await reviewReport(db, act, decision, {});
  }
  const corrected = filing({ agency: one, year: 2021, figures: { 'decisions.penalties.decided': 7 }, reason: '更正' });
  await fileReport(db, act, corrected, { method: 'put', ifMatch: 'any' });
  return db;
}

/** What a check finds, each as its part and what it is. */
async function found(db: Db): Promise<string[]> {
  const all: string[] = [];
  await checkStore(db, {
    onDifference: ({ part, what }) => all.push(`${part}: ${what}`),
    onProgress: () => undefined,
  });
  return all;
}

/** Adds one to a column of one of the rows of a table, and takes it back after something was looked at. */
async function withOneMore<T>(
  db: Db,
  { table, column, row }: { readonly table: string; readonly column: string; readonly row: number },
  look: () => Promise<T>,
): Promise<T> {
  const key = { report: 'id', rollup: 'division_id, inclusion, year, kind, form' }[table] ?? '*';
  const [{ n } = { n: 0 }] = (await runSql(db, `select count(*) as n from ${table}`)) as { n: number }[];
  const where = key.includes(',')
    ? `(${key}) = (select ${key} from ${table} order by ${key} limit 1 offset ${row % n})`
    : `${key} = (select ${key} from ${table} order by ${key} limit 1 offset ${row % n})`;
  await runSql(db, `update ${table} set ${column} = coalesce(${column}, 0) + 1 where ${where}`);
  const seen = await look();
  await runSql(db, `update ${table} set ${column} = ${column} - 1 where ${where}`);
  return seen;
}

t.test('any one sum, count or coverage that is changed is named, and nothing else', async (t) => {
  const db = await filledStore();
  t.teardown(() => db.destroy());
  t.same([await verifyRollups(db), await found(db)], [[], []]);
  const keyOf = new Map<string, string>(allCells.map((cell) => [columnOf(cell), cell.key]));
  const sums = ['reports', 'expected_reports', 'on_time', 'samples', 'published_total', 'published_stated', 'blanks'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sums, ...cellColumns), fc.nat(1000), async (column, row) => {
      const differences = await withOneMore(db, { table: 'rollup', column, row }, () => verifyRollups(db));
      const [only, ...others] = differences;
      const figure = keyOf.get(column) ?? column;
      return others.length === 0 && only?.figure === figure && Number(only.kept) === Number(only.sum) + 1;
    }),
    { numRuns: 60 },
  );
});

t.test('any one box of a report that is changed is named by check: by its revision, and by every sum', async (t) => {
  const db = await filledStore();
  t.teardown(() => db.destroy());
  const { cells } = formInForce(2021);
  await runSql(db, "delete from report where form <> '2021'");
  await rebuildRollups(db);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cells), fc.nat(2), async (cell, row) => {
      const column = columnOf(cell);
      const all = await withOneMore(db, { table: 'report', column, row }, () => found(db));
      const named = all.filter((one) => one.includes(`${cell.key}`));
      return (
        named.some((one) => one.startsWith('reports: ')) &&
        named.filter((one) => one.startsWith('rollups: ')).length >= 4
      );
    }),
    { numRuns: 25 },
  );
});

t.test('rows of sums that are missing or too many, of blanks, items and all, are named, and made again', async (t) => {
  const damages = [
    'delete from rollup where year = 2022',
    'delete from rollup_blank',
    "delete from rollup_item where name = '网站'",
    'update rollup set year = 2035 where year = 2022',
    "update rollup_blank set cell = 'decisions.penalties.decided'",
    "update rollup_item set name = '别的' where list = 'categories'",
    "update rollup_item set count = count + 1, share_of = share_of + 1 where list = 'channels' and inclusion = 'ACCEPTED'",
  ];
  const db = await filledStore();
  t.teardown(() => db.destroy());
  for (const damage of damages) {
    await runSql(db, damage);
    t.ok((await verifyRollups(db)).length > 0, damage);
    await rebuildRollups(db);
    t.same(await verifyRollups(db), [], damage);
  }
});
