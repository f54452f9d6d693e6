import fc from 'fast-check';
import t from 'tap';
import { buildApp } from '../src/app.js';
import type { NamedFigures } from '../src/form/figures.js';
import { allCells, formOf, forms } from '../src/form/forms.js';
import { organizationSubtotal, rates, subtotals } from '../src/form/lines.js';
import { fileReport } from '../src/report/file.js';
import type { Filing } from '../src/report/filing.js';
import type { Connection } from '../src/store/engine/connection.js';
import type { Db } from '../src/store/engine/schema.js';
import { setStore, storeOf } from '../src/store/engine/store.js';
import {
  act,
  balancedFigures,
  clock,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  townshipsOf,
} from './builders.js';

type TestApp = Awaited<ReturnType<typeof openTestApp>>;
// What a query answers is as deep as the query; the tests say which members they expect.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Answer = any;

async function ask({ app }: Pick<TestApp, 'app'>, query: string, variables?: unknown): Promise<Answer> {
  const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } });
  return response.json();
}

async function data(app: Pick<TestApp, 'app'>, query: string, variables?: unknown): Promise<Answer> {
  const answer = await ask(app, query, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

async function file(db: Db, ...filings: Filing[]): Promise<void> {
  for (const one of filings)
    await fileReport(db, act, one, { method: 'put', ifMatch: 'any', lenient: true }).catch(async (error) => {
      if (error.kind !== 'stale-revision') throw error;
      await fileReport(db, act, one, { method: 'put', lenient: true });
    });
}

/** Every cell of some table and its derived lines, as one selection. */
const everyFigure = (() => {
  const tables = [...new Set(allCells.map((cell) => cell.table))];
  const columnsOf = (table: string) => [
    ...new Set(allCells.filter((cell) => cell.table === table).map((cell) => cell.column)),
  ];
  return tables
    .map((table) => {
      const cells = allCells.filter((cell) => cell.table === table);
      const rows = [...new Set(cells.map((cell) => cell.row))].map((row) => {
        const columns = cells.filter((cell) => cell.row === row).map((cell) => cell.column as string);
        return `${row} { ${[...columns, ...(table === 'applications' ? [organizationSubtotal.key] : [])].join(' ')} }`;
      });
      const derived =
        table === 'applications'
          ? [...subtotals.map(({ key }) => `${key} { ${columnsOf(table).join(' ')} }`), ...rates.map(({ key }) => key)]
          : [];
      return `${table} { ${[...rows, ...derived].join(' ')} }`;
    })
    .join('\n');
})();

t.test('a county answers only to a county code, a township to nine or twelve digits', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const found = await data(
    app,
    `{ county: county(code: "431281") { code name level parent { code parent { code parent { code parent { code } } } } }
       prefecture: county(code: "431200") { code } none: county(code: "999999") { code } nation: division(code: "100000") { level parent { code } }
       nine: township(code: "431281207") { code name kind county { code } states { code validFrom validTo county { name } } }
       twelve: township(code: "431281207000") { code } own: township(code: "431281") { code } agency(code: "431281") { kind } nobody: agency(code: "x") { code } }`,
  );
  t.same(found, {
    county: {
      code: '431281',
      name: '洪江市',
      level: 'COUNTY',
      parent: { code: '431200', parent: { code: '430000', parent: { code: '100000', parent: null } } },
    },
    prefecture: null,
    none: null,
    nation: { level: 'NATION', parent: null },
    nine: {
      code: qunfeng,
      name: '群峰乡',
      kind: 'TOWNSHIP',
      county: { code: '431281' },
      states: [{ code: qunfeng, validFrom: '2018-10-31', validTo: null, county: { name: '洪江市' } }],
    },
    twelve: { code: qunfeng },
    own: null,
    agency: { kind: 'COUNTY' },
    nobody: null,
  });
});

t.test('statistics come one a year asked for, in that order, and a table is null where nobody reported', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await file(
    app.db,
    filing({ figures: { 'applications.granted.naturalPerson': 3, 'decisions.coercion.decided': null } }),
  );
  const { county, township } = await data(
    app,
    `{ county(code: "431281") { statistics(years: [2022, 2021, 2021]) { ...Year } }
       township(code: "431281207") { statistics(years: [2022, 2021, 2021]) { ...Year } } }
     fragment Year on Statistics { year decisions { coercion { decided } penalties { decided } } publishedItems { total }
       applications { granted { naturalPerson total } } procurement { centralProcurement { projects } } coverage { reported expected rate } }`,
  );
  const year2021 = {
    year: 2021,
    decisions: { coercion: { decided: null }, penalties: { decided: 0 } },
    publishedItems: { total: null },
    applications: { granted: { naturalPerson: 3, total: 0 } },
    procurement: { centralProcurement: { projects: null } },
  };
  const empty = { year: 2022, decisions: null, publishedItems: null, applications: null, procurement: null };
  const ofCounty = (reported: number) => ({ coverage: { reported, expected: 20, rate: reported / 20 } });
  const own = (reported: number) => ({ coverage: { reported, expected: 1, rate: reported } });
  t.same(county.statistics, [
    { ...empty, ...ofCounty(0) },
    { ...year2021, ...ofCounty(1) },
    { ...year2021, ...ofCounty(1) },
  ]);
  t.same(township.statistics, [
    { ...empty, ...own(0) },
    { ...year2021, ...own(1) },
    { ...year2021, ...own(1) },
  ]);
});

t.test('years, kinds, pages, cursors and cells that cannot be are refused by name', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const county = (asked: string) => `{ county(code: "431281") { ${asked} } }`;
  const refused: [string, string][] = [
    [county('statistics(years: [2018]) { year }'), '/year'],
    [county('statistics(years: [2027]) { year }'), '/year'],
    [county(`statistics(years: [${Array.from({ length: 31 }, () => 2021)}]) { year }`), '/years'],
    [county('deadline(year: 2018)'), '/year'],
    [county('agencies(first: 501) { totalCount }'), '/first'],
    [county('agencies(first: -1) { totalCount }'), '/first'],
    [county('agencies(after: "") { totalCount }'), '/after'],
    [county('agencies(after: "!!") { totalCount }'), '/after'],
    [county('children(after: "NDMxMjgxMTAx=") { totalCount }'), '/after'],
    ['{ reports(after: "NDMxMjgxMTAx0") { totalCount } }', '/after'],
    ['{ reports(year: 2018) { totalCount } }', '/year'],
    ['{ report(agency: "431281207", year: 2099) { year } }', '/year'],
    [county('statistics(years: [2021]) { coverage { cells(cells: ["decisions.x.y"]) { cell } } }'), '/cells'],
    [county('statistics(years: [2021]) { coverage { missing(first: 501) { totalCount } } }'), '/first'],
  ];
  for (const [query, pointer] of refused) {
    const { errors } = await ask(app, query);
    t.match(errors, [{ extensions: { problem: 'invalid-parameter', status: 400, errors: [{ pointer }] } }], query);
  }
  t.same(await data(app, county('statistics(years: []) { year } agencies(first: 0) { totalCount nodes { code } }')), {
    county: { statistics: [], agencies: { totalCount: 20, nodes: [] } },
  });
  const unknown: [string, string][] = [
    ['{ report(agency: "000000000", year: 2021) { year } }', 'unknown-agency'],
    ['{ reports(county: "999999") { totalCount } }', 'unknown-division'],
  ];
  for (const [query, code] of unknown) {
    t.match(await ask(app, query), { errors: [{ extensions: { problem: code, status: 404 } }] }, query);
  }
});

/** The figures of an answer that another nests too, without the derived ones. */
function figuresLike(nested: Answer, answer: Answer): Answer {
  if (nested === null || typeof nested !== 'object') return answer;
  return Object.fromEntries(Object.entries(nested).map(([key, below]) => [key, figuresLike(below, answer?.[key])]));
}

t.test('GraphQL and REST say the same of a sum, cell by cell, derived lines and coverage included', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const townships = await townshipsOf(hongjiang);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom(...forms).chain((form) => balancedFigures(form).map((figures) => ({ form, figures }))),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      async (reports) => {
        const filings = reports.map(({ form, figures }, index) =>
          filing({ agency: townships[index] ?? qunfeng, form: form.id, figures, reason: 'again' }),
        );
        await file(app.db, ...filings);
        const { county, township } = await data(
          app,
          `{ county(code: "431281") {
               statistics(years: [2021]) { ${everyFigure} coverage { expected reported accepted onTime late rate samples
                 forms { form reports } missing(first: 500) { totalCount nodes { code name } } } }
               towns: statistics(years: [2022, 2021], kinds: [TOWNSHIP, DEPARTMENT]) { ${everyFigure} } }
             township(code: "${townships[0]}") { statistics(years: [2021]) { ${everyFigure} } report(year: 2021) { ${everyFigure} } } }`,
        );
        const get = async (path: string) => (await app.app.inject(path)).json();
        const rest = await get('/v1/rollups/431281/2021');
        const [{ coverage, ...tables }] = county.statistics;
        t.same(figuresLike(rest.figures, tables), rest.figures);
        const towns = await get('/v1/rollups/431281/2021?kinds=TOWNSHIP,DEPARTMENT');
        t.same(figuresLike(towns.figures, county.towns[1]), towns.figures);
        const report = await get(`/v1/reports/${townships[0]}/2021`);
        t.same(figuresLike(report.figures, township.statistics[0]), report.figures);
        t.same(figuresLike(report.figures, township.report), report.figures);
        for (const [key, value] of Object.entries<Answer>(rest.derived)) {
          if (value !== null && typeof value === 'object') t.match(tables.applications[key], value);
          else t.equal(tables.applications[key], value);
        }
        const { forms: byForm, missing, missingCount, reports: _, cells: __, ...counts } = rest.coverage;
        t.match(coverage, counts);
        t.same(Object.fromEntries(coverage.forms.map((one: Answer) => [one.form, one.reports])), byForm);
        t.same(coverage.missing, { totalCount: missingCount, nodes: missing });
      },
    ),
    { numRuns: 8 },
  );
});

t.test('the subtotal of organizations is the sum of its columns, null only when all are', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const figures: Record<string, number | null> = {
    'applications.newReceived.business': 2,
    'applications.newReceived.research': null,
    'applications.refusedProcess.legalService': 1,
    'applications.refusedOtherLaw.otherOrganization': 4,
    'fees.administrativeFees.amount': 243_111_82,
  };
  for (const column of organizationSubtotal.columns) figures[`applications.carriedIn.${column}`] = null;
  await file(app.db, filing({ figures }));
  const { report } = await data(
    app,
    `{ report(agency: "431281207", year: 2021) { applications { newReceived { organization } carriedIn { organization total }
       refused { organization legalService } closureRate grantedShare } fees { administrativeFees { amount } } procurement { centralProcurement { amount } } } }`,
  );
  t.same(report, {
    applications: {
      newReceived: { organization: 2 },
      carriedIn: { organization: null, total: 0 },
      refused: { organization: 5, legalService: 1 },
      closureRate: null,
      grantedShare: null,
    },
    fees: { administrativeFees: { amount: '24.311182' } },
    procurement: null,
  });
});

t.test('coverage names the cells left blank, and tells blank from absent', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const [first = '', second = ''] = await townshipsOf(hongjiang);
  await file(
    app.db,
    filing({ agency: first, figures: { 'decisions.coercion.decided': null, 'appeals.reconsideration.upheld': null } }),
    filing({ agency: second, form: '2019', figures: { 'decisions.coercion.decided': null } }),
  );
  const { county, township } = await data(
    app,
    `query ($cells: [ID!]!) { county(code: "431281") { statistics(years: [2021]) { ...Blanks } } township(code: "${second}") { statistics(years: [2021]) { ...Blanks } } }
     fragment Blanks on Statistics { coverage { blanks { cell count label { zh } } cells(cells: $cells) { cell reported blank absent } missing { totalCount } } }`,
    { cells: ['decisions.coercion.decided', 'documents.regulations.made', 'documents.regulations.issued'] },
  );
  t.same(county.statistics[0].coverage, {
    blanks: [
      { cell: 'decisions.coercion.decided', count: 2, label: { zh: '行政强制·本年处理决定数量' } },
      { cell: 'appeals.reconsideration.upheld', count: 1, label: { zh: '行政复议·结果维持' } },
    ],
    cells: [
      { cell: 'decisions.coercion.decided', reported: 0, blank: 2, absent: 0 },
      { cell: 'documents.regulations.made', reported: 1, blank: 0, absent: 1 },
      { cell: 'documents.regulations.issued', reported: 1, blank: 0, absent: 1 },
    ],
    missing: { totalCount: 18 },
  });
  const [{ decisions, appeals }] = (
    await data(
      app,
      `{ county(code: "431281") { statistics(years: [2021]) { decisions { coercion { decided previousItems } }
         appeals { reconsideration { upheld corrected } } } } }`,
    )
  ).county.statistics;
  t.same(decisions, { coercion: { decided: null, previousItems: 0 } }, 'blank on both forms, so nobody reported it');
  t.same(appeals, { reconsideration: { upheld: 0, corrected: 0 } }, 'blank in one report, zero in the other');
  t.match(township.statistics[0].coverage, {
    blanks: [{ cell: 'decisions.coercion.decided', count: 1 }],
    cells: [{ blank: 1 }, { reported: 1 }, { absent: 1 }],
    missing: { totalCount: 0 },
  });
});

t.test("a county's own report stands beside the sum and is never in it", async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await file(
    app.db,
    filing({ figures: { 'decisions.penalties.decided': 3, 'fees.administrativeFees.amount': 10_000 } }),
    filing({
      agency: hongjiang,
      figures: {
        'decisions.penalties.decided': 9,
        'decisions.coercion.decided': null,
        'fees.administrativeFees.amount': 25_000,
      },
    }),
  );
  const { county, prefecture } = await data(
    app,
    `{ county(code: "431281") { statistics(years: [2021, 2020]) { decisions { penalties { decided } } coverage { reported }
         published { report { agency { code kind } decisions { penalties { decided } coercion { decided } } } differences { cell label { en } rollup published difference } } } }
       prefecture: division(code: "431200") { statistics(years: [2021]) { published { report { year } } } } }`,
  );
  t.same(county.statistics, [
    {
      decisions: { penalties: { decided: 3 } },
      coverage: { reported: 1 },
      published: {
        report: {
          agency: { code: hongjiang, kind: 'COUNTY' },
          decisions: { penalties: { decided: 9 }, coercion: { decided: null } },
        },
        differences: [
          {
            cell: 'decisions.penalties.decided',
            label: { en: 'Penalties · Decided this year' },
            rollup: 3,
            published: 9,
            difference: 6,
          },
          {
            cell: 'decisions.coercion.decided',
            label: { en: 'Coercive measures · Decided this year' },
            rollup: 0,
            published: null,
            difference: null,
          },
          {
            cell: 'fees.administrativeFees.amount',
            label: { en: 'Administrative fees · Charged this year (in 10,000 yuan)' },
            rollup: '0.01',
            published: '0.025',
            difference: '0.015',
          },
        ],
      },
    },
    { decisions: null, coverage: { reported: 0 }, published: null },
  ]);
  t.equal(prefecture.statistics[0].published, null);
});

t.test('pages walked from cursor to cursor are the whole list, in order and once', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const townships = await townshipsOf(hongjiang);
  await file(app.db, ...townships.slice(0, 5).map((agency) => filing({ agency })));
  const walk = async (list: (after: string) => string, read: (found: Answer) => Answer) => {
    const codes: string[] = [];
    for (let after = 'null'; after !== ''; ) {
      const { nodes, edges, pageInfo, totalCount } = read(await data(app, list(after)));
      t.same(
        nodes,
        edges.map((edge: Answer) => edge.node),
      );
      t.equal(pageInfo.startCursor, edges[0].cursor);
      t.equal(pageInfo.hasPreviousPage, after !== 'null');
      codes.push(...nodes.map((node: Answer) => node.code ?? node.agency.code));
      after = pageInfo.hasNextPage ? JSON.stringify(pageInfo.endCursor) : '';
      if (after === '') t.equal(codes.length, totalCount);
    }
    return codes;
  };
  const page = (node: string) =>
    `totalCount nodes { ${node} } edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  const agencies = (after: string) =>
    `{ county(code: "431281") { agencies(first: 7, after: ${after}) { ${page('code')} } } }`;
  t.same(await walk(agencies, (found) => found.county.agencies), [...townships].sort());
  const missing = (after: string) =>
    `{ county(code: "431281") { statistics(years: [2021]) { coverage { missing(first: 4, after: ${after}) { ${page('code')} } } } } }`;
  t.same(
    await walk(missing, (found) => found.county.statistics[0].coverage.missing),
    [...townships].sort().filter((code) => !townships.slice(0, 5).includes(code)),
  );
  const reports = (after: string) =>
    `{ reports(county: "431281", year: 2021, first: 2, after: ${after}) { ${page('agency { code }')} } }`;
  t.same(await walk(reports, (found) => found.reports), townships.slice(0, 5));
  const children = (after: string) =>
    `{ division(code: "100000") { children(first: 1, after: ${after}) { ${page('code')} } } }`;
  t.same(await walk(children, (found) => found.division.children), ['320000', '350000', '430000']);
});

t.test('kinds choose who is added up and who is listed', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const { county } = await data(
    app,
    `{ county(code: "431281") { all: agencies { totalCount } towns: agencies(kinds: [TOWNSHIP]) { totalCount } own: agencies(kinds: [COUNTY]) { nodes { code } }
       none: statistics(years: [2021], kinds: [DEPARTMENT]) { coverage { expected missing { totalCount } } } some: statistics(years: [2021], kinds: [SUBDISTRICT, TOWNSHIP]) { coverage { expected missing { totalCount } } } } }`,
  );
  t.same(county, {
    all: { totalCount: 20 },
    towns: { totalCount: 20 },
    own: { nodes: [{ code: hongjiang }] },
    none: [{ coverage: { expected: 0, missing: { totalCount: 0 } } }],
    some: [{ coverage: { expected: 20, missing: { totalCount: 20 } } }],
  });
});

t.test('a report is told with its findings, its text and what its revisions changed', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await file(
    app.db,
    filing(),
    filing({
      figures: { 'appeals.reconsideration.upheld': 1, 'fees.administrativeFees.amount': 5_000 },
      publishedItems: {
        total: 16,
        categories: [
          { name: '动态', count: 8, share: 0.5 },
          { name: '其他', count: null },
        ],
        channels: [],
      },
      engagement: [{ name: '市长热线', handled: 9, replyRate: 1 }],
      narrative: { overview: '总体', otherMatters: '无。' },
      source: { publishedOn: '2022-01-20' },
      reason: '补充',
    }),
  );
  const { report } = await data(
    app,
    `{ report(agency: "431281207000", year: 2021) { year form revision onTime sample actor reason filedAt
       publishedItems { total stated categories(first: 1) { name count share reports } all: categories { name count } channels { name } }
       engagement { name handled replyRate note } narrative { overview problems otherMatters } source { url publishedOn }
       findings { code severity outcome pointer cells left right difference label { zh } }
       revisions { number action actor reason changes { pointer cell from to } } } }`,
  );
  t.match(report, {
    year: 2021,
    form: '2021',
    revision: 2,
    onTime: true,
    sample: false,
    actor: act.actor,
    reason: '补充',
    publishedItems: {
      total: 16,
      stated: 1,
      categories: [{ name: '动态', count: 8, share: 0.5, reports: 1 }],
      all: [{ count: 8 }, { name: '其他', count: null }],
      channels: [],
    },
    engagement: [{ name: '市长热线', handled: 9, replyRate: 1, note: null }],
    narrative: { overview: '总体', problems: null, otherMatters: '无。' },
    source: { url: null, publishedOn: '2022-01-20' },
    findings: [
      {
        code: 'T4-ROW',
        severity: 'error',
        outcome: 'broken',
        left: 1,
        right: 0,
        difference: 1,
        label: { zh: '行政复议' },
      },
    ],
  });
  const [first, second] = report.revisions;
  t.match(
    [first, second],
    [
      { number: 1, action: 'filed', changes: [] },
      { number: 2, action: 'revised', reason: '补充' },
    ],
  );
  t.match(
    second.changes.filter((change: Answer) => change.cell !== null),
    [
      {
        pointer: '/figures/fees/administrativeFees/amount',
        cell: 'fees.administrativeFees.amount',
        from: '0',
        to: '0.005',
      },
      { cell: 'appeals.reconsideration.upheld', from: 0, to: 1 },
    ],
  );
  t.match(
    second.changes.find((change: Answer) => change.pointer === '/engagement'),
    { cell: null, from: null, to: [{ name: '市长热线' }] },
  );
  t.same(
    await data(
      app,
      '{ report(agency: "431281207", year: 2020) { year } township(code: "431281207") { report(year: 2020) { year } } }',
    ),
    {
      report: null,
      township: { report: null },
    },
  );
});

t.test('published items add up by name, with their share', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const [first = '', second = ''] = await townshipsOf(hongjiang);
  const items = (dynamic: number, other: number) => ({
    publishedItems: {
      total: dynamic + other,
      categories: [
        { name: '动态', count: dynamic },
        { name: '其他', count: other },
      ],
      channels: [{ name: '网站', count: other }],
    },
  });
  await file(app.db, filing({ agency: first, ...items(8, 2) }), filing({ agency: second, ...items(4, 6) }));
  const { county, township } = await data(
    app,
    `{ county(code: "431281") { statistics(years: [2021]) { ...Items } } township(code: "${first}") { statistics(years: [2021]) { ...Items } } }
     fragment Items on Statistics { publishedItems { total stated categories { name count reports share } channels(first: 0) { name } } }`,
  );
  t.same(county.statistics[0].publishedItems, {
    total: 20,
    stated: 2,
    categories: [
      { name: '动态', count: 12, reports: 2, share: 0.6 },
      { name: '其他', count: 8, reports: 2, share: 0.4 },
    ],
    channels: [],
  });
  t.match(township.statistics[0].publishedItems, { total: 10, categories: [{ share: 0.8 }, { share: 0.2 }] });
});

t.test('forms are told cell by cell and equation by equation', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const found = await data(
    app,
    `{ forms { id inForce { from to } cells { key } equations { rule severity left { cell coefficient year } right { cell } written { zh en } } tables { key section rows { key under { zh } subtotal } columns { key kind unit signed } } }
       form(id: "mixed") { notice { zh } inForce { from } } none: form(id: "2020") { id } rules { code severity over label { zh } } }`,
  );
  t.same(
    found.forms.map((form: Answer) => [form.id, form.cells.length, form.equations.length]),
    forms.map((form) => [form.id, form.cells.length, form.written.length]),
  );
  t.same(found.form, { notice: null, inForce: null });
  t.equal(found.none, null);
  const balance = found.forms[0].equations.find((equation: Answer) => equation.rule === 'T3-FLOW');
  t.match(balance, {
    severity: 'error',
    left: [{ coefficient: 1, year: 0 }, {}],
    right: [{}, {}],
    written: { zh: /^自然人：.+ \+ .+ = .+ \+ / },
  });
  t.same(found.forms[1].tables[1].columns[1], { key: 'change', kind: 'flow', unit: '项', signed: true });
});

/** A store that notes every statement it is asked. */
function watch(db: Db): string[] {
  const statements: string[] = [];
  const store = storeOf(db);
  const watched =
    (prepare: Connection['prepare']): Connection['prepare'] =>
    (text) => {
      statements.push(text);
      return prepare(text);
    };
  const { prepare, prepareValues } = store.write;
  const write = { ...store.write, prepare: watched(prepare), prepareValues: watched(prepareValues) };
  setStore(db, { ...store, write });
  return statements;
}

t.test('only the columns asked for are read, and the townships of a county in one go', async (t) => {
  const db = await openTestStore();
  const statements = watch(db);
  const app = await buildApp({ db, logger: false, clock, publicReading: 'filed' });
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  for (const agency of await townshipsOf(hongjiang)) await file(db, filing({ agency }));
  statements.length = 0;
  await data(
    { app },
    `query ($more: Boolean!) { county(code: "431281") {
         statistics(years: [2021, 2022]) {
           applications { granted { total ...Other ... on ApplicantCounts @include(if: $more) { business } } }
         }
         ...Rest
       } }
     fragment Other on ApplicantCounts { a: research }
     fragment Rest on Division {
       agencies { nodes { statistics(years: [2021]) { decisions { penalties { decided } } county: year } } }
     }`,
    { more: false },
  );
  const read = statements.map((text) => [...new Set(text.match(/\b[a-z]\w*__\w+/g) ?? [])]);
  t.same(
    read.filter((columns) => columns.length > 0),
    [['applications__granted__total', 'applications__granted__research'], ['decisions__penalties__decided']],
  );
  t.equal(statements.filter((text) => /(?:from|join) report\b/.test(text)).length, 1);
  t.ok(statements.length <= 5, `${statements.length} statements`);
});

t.test('figures add up the same whichever order the fields are asked in', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const figures: NamedFigures = Object.fromEntries(formOf('2021').cells.map((cell, index) => [cell.key, index]));
  await file(app.db, filing({ figures }));
  const tables = formOf('2021').tables.map(
    (table) =>
      `${table.key} { ${table.rows.map((row) => `${row.key} { ${table.columns.map((column) => column.key).join(' ')} }`).join(' ')} }`,
  );
  const forward = await data(
    app,
    `{ township(code: "${qunfeng}") { statistics(years: [2021]) { ${tables.join(' ')} } } }`,
  );
  const backward = await data(
    app,
    `{ township(code: "${qunfeng}") { statistics(years: [2021]) { ${[...tables].reverse().join(' ')} } } }`,
  );
  t.same(forward, backward);
});
