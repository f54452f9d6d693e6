/** What a sum says: rates over the same reports, null for what nobody counted, undecided where a blank decides, exact. */

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import type { Kysely } from 'kysely';
import t from 'tap';
import * as ratesMigration from '../migrations/0004-rates.js';
import * as contentsMigration from '../migrations/0020-contents.js';
import { maxAmount } from '../src/form/amount.js';
import { organizationCells, type RateSum, rateLines, rateSumOf, subtotalCells } from '../src/form/derived.js';
import { addExact, maxCount, maxReportsInSum, readExact, subtractExact } from '../src/form/exact.js';
import type { NamedFigures } from '../src/form/figures.js';
import { figuresFrom } from '../src/form/figures.js';
import { allCells, type FormId, formOf, forms } from '../src/form/forms.js';
import { organizationSubtotal, subtotals } from '../src/form/lines.js';
import type { PublishedItems } from '../src/form/report.js';
import { findDivision } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import { decodeContent, fullTextOf } from '../src/store/contents.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import { sumTerritory } from '../src/store/rollup/read-sums.js';
import { rebuildRollups, verifyRollups } from '../src/store/rollup/rollup-check.js';
import { shiftRollups } from '../src/store/rollup/rollups.js';
import { territoryAsReported } from '../src/store/rollup/territory.js';
import {
  act,
  balancedFigures,
  filing,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  runSql,
  scratch,
  today,
  townshipsOf,
} from './builders.js';

type TestApp = Awaited<ReturnType<typeof openTestApp>>;
// An answer is as deep as what was asked; the tests say which members they expect.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Answer = any;

const townships = await townshipsOf(hongjiang);
const [first = '', second = '', third = ''] = townships;

async function get({ app }: TestApp, path: string): Promise<Answer> {
  return (await app.inject(path)).json();
}

async function ask({ app }: TestApp, query: string): Promise<Answer> {
  return (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json().data;
}

async function put({ app }: TestApp, body: ReturnType<typeof filingBody>): Promise<void> {
  const url = `/v1/reports/${body.agency}/${body.year}`;
  const { etag } = (await app.inject(url)).headers;
  const headers = { prefer: 'handling=lenient', ...(etag && { 'if-match': String(etag) }) };
  const { statusCode, body: said } = await app.inject({ method: 'PUT', url, headers, payload: body });
  if (statusCode > 201) throw new Error(`${statusCode} ${said}`);
}

async function accept({ app }: TestApp, agency: string): Promise<void> {
  const url = `/v1/reports/${agency}/2021/reviews`;
  const payload = { decision: 'ACCEPTED', revision: 1 };
  const { statusCode, body } = await app.inject({ method: 'POST', url, payload });
  if (statusCode > 201) throw new Error(`${statusCode} ${body}`);
}

/** Figures whose boxes of rates may be blank, or anything at all. */
interface DrawnReport {
  readonly form: FormId;
  readonly figures: NamedFigures;
  readonly publishedItems: PublishedItems | null;
  readonly accepted: boolean;
}

const rateCells = [...new Set(rateLines.flatMap(({ over, of }) => [...over, ...of]))];
const count = fc.option(fc.nat(9), { freq: 4 });
const named = fc.record({ name: fc.constantFrom('甲', '乙'), count });
const items: fc.Arbitrary<PublishedItems> = fc.record({
  total: count,
  categories: fc.array(named, { maxLength: 3 }),
  channels: fc.array(named, { maxLength: 1 }),
});

const drawnReport: fc.Arbitrary<DrawnReport> = fc.constantFrom(...forms).chain((form) =>
  fc
    .tuple(
      balancedFigures(form),
      fc.array(fc.constantFrom('kept', 'kept', 'kept', 'blank', 'wrong'), { minLength: 5, maxLength: 5 }),
      fc.option(items, { freq: 4 }),
      fc.boolean(),
    )
    .map(([balanced, fates, publishedItems, accepted]) => {
      const figures = { ...balanced };
      for (const [index, { key }] of rateCells.entries()) {
        if (fates[index] === 'blank') Object.assign(figures, { [key]: null });
        if (fates[index] === 'wrong') Object.assign(figures, { [key]: index * 7 });
      }
      return { form: form.id, figures, publishedItems, accepted };
    }),
);

/** A rate by its definition, from the reports themselves. */
function expectedRates(reports: readonly DrawnReport[]) {
  return Object.fromEntries(
    rateLines.map((rate) => {
      const parts = reports.flatMap(({ figures }): RateSum[] => {
        const values = (cells: (typeof rate)['over']) => cells.map(({ key }) => figures[key] ?? null);
        if ([...values(rate.over), ...values(rate.of)].includes(null)) return [];
        const sum = (cells: (typeof rate)['over']) => values(cells).reduce<number>((all, one) => all + (one ?? 0), 0);
        const [over, of] = [sum(rate.over), sum(rate.of)];
        return over <= of ? [{ reports: 1, over, of }] : [];
      });
      const [over, of] = [
        parts.reduce((all, part) => all + part.over, 0),
        parts.reduce((all, part) => all + part.of, 0),
      ];
      return [rate.key, { value: of === 0 ? null : over / of, reports: parts.length, over, of }];
    }),
  );
}

/** The items of one name by their definition. */
function expectedItem(reports: readonly DrawnReport[], list: 'categories' | 'channels', name: string) {
  const owns = reports.flatMap(({ publishedItems }) => {
    const own = (publishedItems?.[list] ?? []).filter((item) => item.name === name).map((item) => item.count);
    return own.length > 0 ? [{ own, total: publishedItems?.total ?? null }] : [];
  });
  const sum = (own: readonly (number | null)[]) => own.reduce<number>((all, one) => all + (one ?? 0), 0);
  const counted = owns.filter(({ own }) => own.some((one) => one !== null));
  const whole = owns.filter(({ own, total }) => !own.includes(null) && total !== null && sum(own) <= total);
  const of = whole.reduce((all, { total }) => all + (total ?? 0), 0);
  return {
    name,
    count: counted.length === 0 ? null : sum(counted.flatMap(({ own }) => own)),
    counted: counted.length,
    reports: owns.length,
    share: of === 0 ? null : sum(whole.flatMap(({ own }) => own)) / of,
    shareReports: whole.length,
  };
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

/** What REST and GraphQL say of the rates and items of a division, which must be the same. */
async function ratesAndItems(app: TestApp, division: string, include: string): Promise<Answer> {
  const rest = await get(app, `/v1/rollups/${division}/2021?include=${include}`);
  const lists =
    'categories { name count counted reports share shareReports } channels { name count counted reports share shareReports }';
  const rates = rateLines.map(({ key }) => `${key} { value reports over of }`).join(' ');
  const { division: graph } = await ask(
    app,
    `{ division(code: "${division}") { statistics(years: [2021], include: ${include}) {
       rates { ${rates} } applications { ${rateLines.map(({ key }) => key).join(' ')} } publishedItems { ${lists} } } } }`,
  );
  const [found] = graph.statistics;
  const { categories, channels } = rest.publishedItems;
  for (const { key } of rateLines) {
    t.equal(rest.derived[key], rest.rates[key].value);
    if (found.applications) t.equal(found.applications[key], rest.rates[key].value);
  }
  if (found.rates) t.same(found.rates, rest.rates);
  if (found.publishedItems) t.same(found.publishedItems, { categories, channels });
  return { rates: rest.rates, categories: categories.sort(byName), channels: channels.sort(byName) };
}

t.test(
  'a rate and a share divide what the same reports say and lie between 0 and 1, a count is null where nobody counted',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(drawnReport, { minLength: 1, maxLength: 4 }), drawnReport, async (reports, revised) => {
        const app = await openTestApp();
        try {
          for (const [index, { form, figures, publishedItems, accepted }] of reports.entries()) {
            const agency = townships[index] ?? qunfeng;
            await put(app, filingBody({ agency, form, figures, publishedItems }));
            if (accepted) await accept(app, agency);
          }
          // What was accepted stays in its sums while a correction is looked at.
          const { form, figures, publishedItems } = revised;
          await put(app, filingBody({ agency: first, form, figures, publishedItems, reason: '更正' }));
          t.same(await verifyRollups(app.db), []);
          const sets = { ALL: [revised, ...reports.slice(1)], ACCEPTED: reports.filter(({ accepted }) => accepted) };
          for (const [include, set] of Object.entries(sets)) {
            for (const division of [hongjiang, '100000']) {
              const { rates, ...lists } = await ratesAndItems(app, division, include);
              t.same(rates, expectedRates(set));
              for (const { value } of Object.values<Answer>(rates)) t.ok(value === null || (value >= 0 && value <= 1));
              for (const list of ['categories', 'channels'] as const) {
                const expected = ['甲', '乙'].map((name) => expectedItem(set, list, name)).sort(byName);
                t.same(
                  lists[list],
                  expected.filter((item) => item.reports > 0),
                );
                for (const { share } of lists[list]) t.ok(share === null || (share >= 0 && share <= 1));
              }
            }
          }
          await rebuildRollups(app.db);
          t.same(await verifyRollups(app.db), []);
        } finally {
          await app.close();
        }
      }),
      { numRuns: 8 },
    );
  },
);

t.test(
  'a rate of one agency is null when any of its boxes is blank, and when its part is more than the whole',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(drawnReport, async ({ form, figures }) => {
        const app = await openTestApp();
        try {
          await put(app, filingBody({ form, figures }));
          const { agency } = await ask(
            app,
            `{ agency(code: "${qunfeng}") { statistics(years: [2021]) { rates { closureRate { value reports over of } grantedShare { value reports over of } } applications { grantedShare closureRate } }
             report(year: 2021) { applications { grantedShare closureRate } } } }`,
          );
          const expected = expectedRates([{ form, figures, publishedItems: null, accepted: false }]);
          const values = Object.fromEntries(Object.entries(expected).map(([key, { value }]) => [key, value]));
          t.match(agency.statistics[0], { rates: expected, applications: values });
          t.match(agency.report.applications, values);
        } finally {
          await app.close();
        }
      }),
      { numRuns: 6 },
    );
  },
);

t.test('every form has every box that a rate takes, and each is a count', async (t) => {
  t.same(
    forms.flatMap((form) => rateCells.filter((cell) => !form.has(cell) || cell.kind === 'amount')),
    [],
  );
  t.same(rateSumOf(figuresFrom({}), rateLines[0] ?? { over: [], of: [] }), { reports: 0, over: 0, of: 0 });
});

t.test('rollups verify finds a rate, a share and a count of counts that were written by hand', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const publishedItems = { total: 300, categories: [{ name: '动态', count: null }], channels: [] };
  await fileReport(db, act, filing({ publishedItems }), { method: 'post' });
  t.same(await verifyRollups(db), []);
  const [county] = await runSql<{ id: number }>(db, 'select division_id as id from division_state where code = ?', [
    hongjiang,
  ]);
  const tamper = (set: string, table: string) =>
    runSql(db, `update ${table} set ${set} where division_id = ?`, [county?.id]);
  await tamper('closure_rate_of = 3, granted_share_reports = 2', 'rollup');
  await tamper('counted = 1, share_over = 5', 'rollup_item');
  t.same((await verifyRollups(db)).map(({ figure, kept, sum }) => [figure, kept, sum]).sort(), [
    ['categories:动态 (counted)', 1, 0],
    ['categories:动态 (share_over)', 5, 0],
    ['closure_rate_of', 3, 0],
    ['granted_share_reports', 2, 1],
  ]);
  await rebuildRollups(db);
  t.same(await verifyRollups(db), []);
});

t.test('a database from before has its rates and shares when it is migrated', async (t) => {
  const path = join(scratch(t), 'store.db');
  const app = await openTestApp({ url: `sqlite:${path}` });
  const drawn = fc.sample(drawnReport, { numRuns: 8, seed: 8 });
  for (const [index, { form, figures, publishedItems, accepted }] of drawn.entries()) {
    const agency = townships[index % 4] ?? qunfeng;
    await put(app, filingBody({ agency, form, figures, publishedItems, reason: '更正' }));
    if (accepted && index < 4) await accept(app, agency);
  }
  const before = await ratesAndItems(app, '100000', 'ACCEPTED');
  t.ok(before.rates.closureRate.reports > 0 && before.categories.length > 0, 'something was accepted');
  await app.close();
  const raw = new Sqlite(path);
  const added = ['granted_share_%', 'closure_rate_%', 'counted', 'share_%'];
  for (const table of ['rollup', 'rollup_item']) {
    const columns = raw
      .prepare(
        `select name from pragma_table_info('${table}') where ${added.map((like) => `name like '${like}'`).join(' or ')}`,
      )
      .pluck()
      .all();
    t.ok(columns.length >= 4);
    for (const column of columns) raw.exec(`alter table ${table} drop column ${column}`);
  }
  // Contents were kept in full.
  raw.exec('drop trigger revision_is_immutable');
  raw.function('full', (content) => fullTextOf(decodeContent(String(content))));
  raw.exec('update revision set content = full(content) where content is not null');
  raw.close();
  const db = await openStore(`sqlite:${path}`);
  t.teardown(() => db.destroy());
  await ratesMigration.up(db as unknown as Kysely<unknown>);
  await contentsMigration.up(db as unknown as Kysely<unknown>);
  t.same(await verifyRollups(db), []);
});

t.test('an equation over a sum is undecided where a report left one of its boxes blank, unless it holds', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const received = (natural: number | null) => ({
    'applications.newReceived.naturalPerson': natural,
    'applications.newReceived.total': 2,
    'applications.granted.naturalPerson': 2,
    'applications.granted.total': 2,
    'applications.processed.naturalPerson': 2,
    'applications.processed.total': 2,
  });
  await put(app, filingBody({ agency: first, figures: received(null) }));
  await put(app, filingBody({ agency: second, figures: received(2) }));
  await put(app, filingBody({ agency: third, figures: { 'appeals.reconsideration.upheld': null } }));
  const path = `/v1/rollups/${hongjiang}/2021`;
  const findings = (await get(app, path)).findings;
  t.same(
    findings.map(({ code, severity, outcome, difference }: Answer) => [code, severity, outcome, difference]),
    [
      ['T3-FLOW', 'warning', 'undecided', -2],
      ['T3-ROW', 'warning', 'undecided', -2],
    ],
    'appeals add up with the blank as zero',
  );
  t.match(findings[1].message, { zh: /空白：自然人（1 份报告），填写后才能判定/, en: /Blank: .*\(in 1 report\)/ });
  const page = (await app.app.inject(`${path}.html`)).body;
  t.match(page, /空白：自然人（1 份报告）/);
  await put(
    app,
    filingBody({ agency: second, figures: { ...received(2), 'appeals.reconsideration.total': 9 }, reason: '更正' }),
  );
  const later = (await get(app, path)).findings.at(-1);
  t.match(later, { code: 'T4-ROW', outcome: 'undecided' }, 'the blank may be what is missing');
  await put(app, filingBody({ agency: third, reason: '补报' }));
  t.match((await get(app, path)).findings.at(-1), { code: 'T4-ROW', severity: 'error', outcome: 'broken' });
});

t.test('a sum is told an error only where no report left a box of the equation blank', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drawnReport, { minLength: 1, maxLength: 3 }), async (drawn) => {
      const app = await openTestApp();
      try {
        const reports = drawn.map((report) => ({ ...report, form: drawn[0]?.form ?? '2021' }));
        const form = formOf(reports[0]?.form ?? '2021');
        for (const [index, { figures }] of reports.entries()) {
          const own = Object.fromEntries(form.cells.map(({ key }) => [key, figures[key] ?? null]));
          await put(app, filingBody({ agency: townships[index] ?? qunfeng, form: form.id, figures: own }));
        }
        const { findings, coverage } = await get(app, `/v1/rollups/${hongjiang}/2021`);
        return findings.every(({ outcome, severity, cells }: Answer) => {
          const blanks = cells.some((key: string) => {
            const [table = '', row = '', column = ''] = key.split('.');
            return coverage.cells[table][row][column].blank > 0;
          });
          return blanks === (outcome === 'undecided') && !(blanks && severity === 'error');
        });
      } finally {
        await app.close();
      }
    }),
    { numRuns: 6 },
  );
});

t.test('the year before of merged agencies is undecided where one of them left the box blank', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const carried = (row: 'carriedOut' | 'carriedIn', count: number | null) => ({
    [`applications.${row}.naturalPerson`]: count,
    [`applications.${row}.total`]: count,
    ...(row === 'carriedOut'
      ? { 'applications.newReceived.naturalPerson': count, 'applications.newReceived.total': count }
      : { 'applications.carriedOut.naturalPerson': count, 'applications.carriedOut.total': count }),
  });
  await put(app, filingBody({ agency: first, figures: carried('carriedOut', 3) }));
  await put(app, filingBody({ agency: second, figures: carried('carriedOut', null) }));
  await put(app, filingBody({ agency: first, year: 2022, figures: carried('carriedIn', 5) }));
  const payload = { on: '2022-06-01', mergedInto: first };
  await app.app.inject({ method: 'POST', url: `/v1/agencies/${second}/closure`, payload });
  const outcomes = async () =>
    (await get(app, `/v1/reports/${first}/2022`)).findings
      .filter(({ code }: Answer) => code === 'X-CARRY')
      .map(({ outcome, left, right }: Answer) => [outcome, left, right]);
  t.same(await outcomes(), [
    ['undecided', 5, 3],
    ['undecided', 5, 3],
  ]);
  await put(app, filingBody({ agency: second, figures: carried('carriedOut', 1), reason: '补报' }));
  t.same(await outcomes(), [
    ['broken', 5, 4],
    ['broken', 5, 4],
  ]);
  await put(app, filingBody({ agency: second, figures: carried('carriedOut', 2), reason: '更正' }));
  t.same(await outcomes(), []);
});

t.test('REST and GraphQL find the same differences between a published report and the sum', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawnReport, { maxLength: 3 }),
      drawnReport,
      fc.constantFrom('', 'TOWNSHIP', 'DEPARTMENT'),
      async (reports, own, kinds) => {
        const app = await openTestApp();
        try {
          for (const [index, { form, figures }] of reports.entries()) {
            await put(app, filingBody({ agency: townships[index] ?? qunfeng, form, figures }));
          }
          await put(app, filingBody({ agency: hongjiang, form: own.form, figures: own.figures }));
          const rest = await get(app, `/v1/rollups/${hongjiang}/2021${kinds && `?kinds=${kinds}`}`);
          const { county } = await ask(
            app,
            `{ county(code: "${hongjiang}") { statistics(years: [2021]${kinds && `, kinds: [${kinds}]`}) { published { differences {
               cell label { zh en } rollup published difference } } } } }`,
          );
          t.same(county.statistics[0].published.differences, rest.published.differences);
          // Of the cells that both have, exactly those are listed that differ.
          const cells = Object.keys(rest.coverage.cells).length;
          t.ok(cells > 0);
          const differ = formOf(own.form).cells.filter(({ table, row, column }) => {
            const sum = rest.figures[table]?.[row]?.[column];
            return sum !== undefined && sum !== rest.published.figures[table][row][column];
          });
          t.same(
            rest.published.differences.map(({ cell }: Answer) => cell).sort(),
            differ.map(({ key }) => key).sort(),
          );
        } finally {
          await app.close();
        }
      },
    ),
    { numRuns: 6 },
  );
});

t.test('adding, taking away and reading are exact for any whole number', async () => {
  const whole = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
    fc.constantFrom(2 ** 53 - 1, 1 - 2 ** 53),
  );
  fc.assert(
    fc.property(whole, whole, (one, other) => {
      const [a, b] = [readExact(String(one)), readExact(String(other))];
      const [sum, difference] = [addExact(a, b), subtractExact(a, b)];
      const isNarrow = [a, b, sum, difference].every(
        (value) => typeof value === 'bigint' || Number.isSafeInteger(value),
      );
      return (
        isNarrow && BigInt(sum) === BigInt(one) + BigInt(other) && BigInt(difference) === BigInt(one) - BigInt(other)
      );
    }),
  );
});

t.test('every count of a sum over the nation is a safe integer, and every amount a 64-bit one', async (t) => {
  t.ok(maxReportsInSum > 200_000, 'there are some 43,000 townships and 120,000 county departments');
  const widest = Math.max(
    ...subtotals.map(({ key }) => organizationSubtotal.columns.flatMap((column) => subtotalCells(key, column)).length),
    organizationCells('processed').length,
    ...forms.flatMap((form) => form.written.map(({ left, right }) => Math.max(left.length, right.length))),
  );
  t.ok(widest * maxCount * maxReportsInSum <= Number.MAX_SAFE_INTEGER);
  t.ok(BigInt(maxAmount) * 900_000n < 2n ** 63n);
  const money = forms.flatMap((form) => form.written.flatMap(({ left, right }) => [...left, ...right]));
  t.notOk(
    money.some(({ cell }) => cell.kind === 'amount'),
    'no equation takes an amount',
  );
});

t.test('a name that a list repeats may not come to more than a count may be', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const categories = [
    { name: '动态', count: maxCount },
    { name: '其他', count: maxCount },
    { name: '动态', count: 1 },
  ];
  const file = (list: typeof categories) =>
    app.app.inject({
      method: 'POST',
      url: '/v1/reports',
      payload: filingBody({ publishedItems: { total: null, categories: list, channels: [] } }),
    });
  t.match((await file(categories)).json(), {
    type: '/problems/invalid-report',
    errors: [{ code: 'RANGE', pointer: '/publishedItems/categories/2/count' }],
  });
  t.equal((await file(categories.slice(0, 2))).statusCode, 201);
});

const amounts = allCells.filter(({ kind }) => kind === 'amount');

t.test(
  'a sum of amounts beyond 2^53 is exact to the 分, by REST, GraphQL and print, in exports and in the check',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    const figures = Object.fromEntries(amounts.map(({ key }) => [key, 1]));
    await put(app, filingBody({ agency: first, figures }));
    // As if thousands had filed: one row holds what they say, 2^53 + 1 and 2^53 + 2 分.
    const [fees, procurement] = ['fees__administrative_fees__amount', 'procurement__central_procurement__amount'];
    await runSql(app.db, `update report set ${fees} = 9007199254740993, ${procurement} = null`);
    await rebuildRollups(app.db);
    t.same(await verifyRollups(app.db), []);
    await put(app, filingBody({ agency: second, figures: { 'fees.administrativeFees.amount': maxAmount } }));
    await put(app, filingBody({ agency: third, figures: { 'fees.administrativeFees.amount': 4 } }));
    await put(app, filingBody({ agency: hongjiang, figures: { 'fees.administrativeFees.amount': 1 } }));
    t.same(await verifyRollups(app.db), []);
    const exact = '9017199254.740997';
    for (const division of [hongjiang, '100000']) {
      t.match(await get(app, `/v1/rollups/${division}/2021`), {
        figures: { fees: { administrativeFees: { amount: exact } } },
      });
      const found = await ask(
        app,
        `{ division(code: "${division}") { statistics(years: [2021]) { fees { administrativeFees { amount } } } } }`,
      );
      t.equal(found.division.statistics[0].fees.administrativeFees.amount, exact);
      t.match((await app.app.inject(`/v1/rollups/${division}/2021.html`)).body, exact);
    }
    const { published } = await get(app, `/v1/rollups/${hongjiang}/2021`);
    t.match(published.differences, [{ rollup: exact, published: '0.000001', difference: '-9017199254.740996' }]);
    t.match((await app.app.inject('/v1/exports/rollups.csv?level=NATION')).body, exact);
    t.match((await app.app.inject('/v1/exports/rollups.ndjson?level=NATION')).body, `"${exact}"`);
    t.equal((await app.app.inject(`/v1/rollups/${hongjiang}/2021.xlsx`)).statusCode, 200);
    await runSql(app.db, `update rollup set ${fees} = ${fees} + 1`);
    t.match(await verifyRollups(app.db), [
      { figure: 'fees.administrativeFees.amount', kept: 9_017_199_254_740_998n, sum: 9_017_199_254_740_997n },
      {},
      {},
      {},
    ]);
    await runSql(app.db, `update rollup set ${fees} = 9223372036854775807`);
    t.equal((await verifyRollups(app.db)).length, 4, 'the largest that can be kept is found too');
  },
);

t.test('filings of thousands in one commit add up exactly, and are taken away exactly', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const county = await findDivision(db, hongjiang, today);
  const report = {
    countyId: county?.id ?? 0,
    year: 2021,
    kind: 'TOWNSHIP',
    expected: 1,
    onTime: 1,
    sample: 0,
  } as const;
  const { content } = filing({ figures: { 'fees.administrativeFees.amount': maxAmount - 1 } });
  const shift = (direction: 'added' | 'removed', times: number) =>
    inTransaction(db, {}, async (trx) => {
      for (let n = 0; n < times; n++) await shiftRollups(trx, report, direction, 'ALL', content);
    });
  const amount = async () => {
    const sums = await sumTerritory(db, territoryAsReported(report.countyId), [2021], amounts, { inclusion: 'ALL' });
    return BigInt(sums.get(2021)?.figures[amounts[0]?.at ?? 0] ?? -1);
  };
  const one = BigInt(maxAmount - 1);
  await shift('added', 1001);
  t.equal(await amount(), 1001n * one);
  await shift('added', 1001);
  t.equal(await amount(), 2002n * one);
  await shift('removed', 2001);
  t.equal(await amount(), one);
});
