/** A planned query is answered as graphql-js answers it: for every query, reader and state of the figures. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildSchema, type GraphQLObjectType, getNamedType, isObjectType, parse, validate } from 'graphql';
import t from 'tap';
import { createContext } from '../src/api/graphql/context.js';
import { schemaText } from '../src/api/graphql/graphql.js';
import { keepQueries } from '../src/api/graphql/query.js';
import { Problem } from '../src/problem.js';
import { resolveAgency, resolveDivision } from '../src/register/codes.js';
import { fileReport } from '../src/report/file.js';
import type { Filing } from '../src/report/filing.js';
import { reviewReport } from '../src/report/review.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Caller, Grant, PublicReading } from '../src/words.js';
import { act, clock, filing, hongjiang, openTestApp, openTestStore, qunfeng, today, townshipsOf } from './builders.js';
import { differenceFrom, executeReference, referenceSchema } from './graphql-reference.js';

const argumentsOf: Readonly<Record<string, readonly string[]>> = {
  'Query.county': ['(code: "431281")', '(code: "431202")', '(code: "999999")'],
  'Query.division': ['(code: "430000")', '(code: "431281")'],
  'Query.township': ['(code: "431281207")', '(code: $code)'],
  'Query.agency': ['(code: "431281")', '(code: $code)'],
  'Query.report': [
    '(agency: "431281207", year: 2021)',
    '(agency: $code, year: $year)',
    '(agency: "nobody", year: 2021)',
  ],
  'Query.reports': ['(first: 2)', '(county: "431281", first: 1)', '(first: 900)'],
  'Query.form': ['(id: "2019")'],
  'Query.measure': ['(key: "publishedItems.total")', '(key: "x")'],
  'Query.search': ['(text: "洪江", first: 2)'],
  'Division.children': ['(first: 2)', '(first: $first)'],
  'Division.agencies': ['(first: 2)', '(first: $first, year: 2021)', '(kinds: [TOWNSHIP], first: 1)', '(after: "x")'],
  'Division.statistics': [
    '(years: [2021])',
    '(years: $years)',
    '(years: [2021, 2021], kinds: [TOWNSHIP])',
    '(years: [1900])',
    '(years: [2021, 2022], include: ACCEPTED)',
    '(years: [2022, 2021], frame: { boundaries: ON_DAY, on: "2022-12-31" })',
  ],
  'Division.deadline': ['(year: 2021)'],
  'Division.filings': ['(year: 2021, first: 2)', '(year: $year, states: [SUBMITTED], first: $first)'],
  'Division.findings': ['(year: 2021, first: 2)', '(year: 1900)'],
  'Division.ranking': [
    '(measure: "decisions.penalties.decided", year: 2021, of: AGENCY, first: 2)',
    '(measure: "applications.closureRate", year: $year, of: COUNTY, order: ASC, first: $first)',
    '(measure: "x", year: 2021, of: AGENCY)',
  ],
  'Division.position': ['(measure: "decisions.penalties.decided", year: 2021, among: PREFECTURE)'],
  'Agency.position': ['(measure: "decisions.penalties.decided", year: $year, among: COUNTY)'],
  'Statistics.change': ['(measures: ["decisions.penalties.decided", "coverage.rate"])', '(measures: ["x"])'],
  'Agency.statistics': ['(years: [2021])', '(years: $years)', '(years: [1900])'],
  'Agency.report': ['(year: 2021)', '(year: $year)', '(year: 1900)'],
  'PublishedItems.categories': ['', '(first: 1)'],
  'PublishedItems.channels': [''],
  'Coverage.missing': ['(first: 2)', '(first: $first)'],
  'Coverage.cells': ['(cells: ["decisions.penalties.decided"])', '(cells: ["x"])'],
};

/** Lists so long that a random query would be mostly these. */
const skipped = new Set([
  'Query.forms',
  'Query.rules',
  'Query.measures',
  'Form.cells',
  'Form.equations',
  'Form.tables',
  'Coverage.blanks',
]);

/** Draws a random query over the whole schema, with aliases, repeated fields, fragments and conditions. */
const anyQuery = fc.gen().map((draw) => {
  const below = (limit: number) => draw(fc.nat, { max: limit - 1 });
  const chance = (percent: number) => below(100) >= 100 - percent;
  const schema = buildSchema(schemaText);
  const fragments: string[] = [];
  const conditions = chance(25);
  const select = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields()).filter((field) => !skipped.has(`${type.name}.${field.name}`));
    const chosen = Array.from({ length: 1 + below(4) }, () => fields[below(fields.length)]);
    const written = chosen.flatMap((field, index) => {
      if (!field) return [];
      const inner = getNamedType(field.type);
      if (isObjectType(inner) && depth <= 0) return [];
      const given = argumentsOf[`${type.name}.${field.name}`] ?? [''];
      // Two fields under one name must ask the same, so only those without arguments keep theirs.
      const alias =
        given.length > 1 || given[0] !== '' || chance(20) ? `${field.name}${'XYZ'[below(3)]}${depth}${index}: ` : '';
      const condition =
        conditions && chance(12) ? ['@include(if: $yes)', '@skip(if: $yes)', '@include(if: $no)'][below(3)] : '';
      const selection = isObjectType(inner) ? `{ ${select(inner, depth - 1)} }` : '';
      const text = `${alias}${field.name}${given[below(given.length)]} ${condition} ${selection}`;
      if (chance(10)) return [`... on ${type.name} ${conditions && chance(30) ? '@skip(if: $no)' : ''} { ${text} }`];
      if (!chance(12)) return [text];
      fragments.push(`fragment F${fragments.length} on ${type.name} { ${text} }`);
      return Array.from({ length: 1 + below(2) }, () => `...F${fragments.length - 1}`);
    });
    return ['__typename', ...written].join(' ');
  };
  const query = schema.getQueryType();
  const body = query ? select(query, 6) : '';
  const declared = [
    '$code: ID! = "431281207"',
    '$year: Int! = 2021',
    '$years: [Int!]! = [2021]',
    '$first: Int = 2',
    '$yes: Boolean! = true',
    '$no: Boolean! = false',
  ];
  const used = declared.filter((one) => `${body} ${fragments.join(' ')}`.includes(`${one.split(':')[0]}`));
  // $year is also the beginning of $years.
  const exact = used.filter((one) =>
    new RegExp(`\\$${one.slice(1).split(':')[0]}\\b`).test(`${body} ${fragments.join(' ')}`),
  );
  return `query ${exact.length > 0 ? `(${exact.join(', ')})` : ''} { ${body} } ${fragments.join(' ')}`;
});

/** Reports on each form, with blanks, accepted, revised since, returned, and not yet decided about. */
async function fileAll(db: Db): Promise<void> {
  const [first = '', second = '', third = ''] = await townshipsOf(hongjiang);
  const file = (one: Filing) => fileReport(db, act, one, { method: 'put', ifMatch: 'any', lenient: true });
  const create = (one: Filing) => fileReport(db, act, one, { method: 'put', lenient: true });
  const decide = (agency: string, year: number, decision: 'ACCEPTED' | 'RETURNED') =>
    reviewReport(db, act, { agency, year, revision: 1, decision, reason: '意见' }, {});
  await create(
    filing({
      figures: { 'decisions.penalties.decided': 3, 'decisions.coercion.decided': null },
      publishedItems: { total: 2, categories: [{ name: '动态', count: 2 }], channels: [] },
    }),
  );
  await create(
    filing({ agency: first, figures: { 'applications.granted.total': 2, 'fees.administrativeFees.amount': 5 } }),
  );
  await create(filing({ agency: second, form: '2019', figures: { 'appeals.reconsideration.upheld': 1 } }));
  await create(filing({ agency: third, year: 2022, figures: { 'applications.newReceived.total': 7 } }));
  await create(filing({ agency: hongjiang, figures: { 'decisions.penalties.decided': 7 } }));
  await decide(first, 2021, 'ACCEPTED');
  await decide(second, 2021, 'ACCEPTED');
  await decide(third, 2022, 'RETURNED');
  await file(filing({ agency: first, figures: { 'applications.granted.total': 4 }, reason: '更正' }));
}

/** Callers of each kind, by name. */
async function callersOf(db: Db): Promise<Readonly<Record<string, Caller>>> {
  const token = (grant: Omit<Grant, 'scope'>, scope: Grant['scope'] = 'read'): Caller => ({
    kind: 'token',
    tokenId: 1,
    name: 'tested',
    grants: [{ scope, ...grant }],
  });
  const county = await resolveDivision(db, hongjiang, today);
  const nation = await resolveDivision(db, '100000', today);
  const agency = await resolveAgency(db, qunfeng, today);
  return {
    stranger: { kind: 'stranger' },
    clerk: token({ divisionId: county.id, agencyId: null }, 'review'),
    agency: token({ divisionId: null, agencyId: agency.id }, 'file'),
    admin: token({ divisionId: nation.id, agencyId: null }, 'admin'),
    operator: act.caller,
  };
}

t.test('a query is answered as the executor of the specification answers it, whoever reads', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileAll(db);
  const callers = await callersOf(db);
  const schema = referenceSchema();
  const queries = keepQueries(buildSchema(schemaText));
  // Random queries may be larger than what is taken.
  const prepare = (text: string) => {
    try {
      const query = queries(text, undefined);
      return 'answer' in query ? query : undefined;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'query-too-large') return undefined;
      throw error;
    }
  };
  const counted = { compared: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(
      anyQuery,
      fc.constantFrom(...Object.keys(callers)),
      fc.constantFrom<PublicReading>('filed', 'accepted', 'none'),
      async (text, who, open) => {
        if (validate(schema, parse(text)).length > 0) return;
        const query = prepare(text);
        if (!query) return;
        const context = () => createContext(db, { caller: callers[who] ?? act.caller, open, now: clock() }, today);
        const reference = await executeReference(schema, text, context());
        const variables = query.readVariables({});
        assert.ok(!Array.isArray(variables));
        for (const round of [1, 2]) {
          const answer = await query.answer(variables as Readonly<Record<string, unknown>>, context());
          const difference = differenceFrom(reference, answer);
          assert.equal(difference, undefined, `round ${round}, ${who}, ${open}: ${text}`);
        }
        counted.compared++;
        if (reference.errors) counted.failed++;
      },
    ),
    // One counterexample is as good as a smaller one, which would take minutes to find.
    { numRuns: 120, endOnFailure: true },
  );
  t.comment(JSON.stringify(counted));
  t.ok(counted.compared > 60, `${counted.compared} were compared`);
});

t.test('what compilers of queries got wrong is answered right', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const figures = { 'decisions.penalties.decided': 3, 'applications.granted.total': 2 };
  await fileReport(app.db, act, filing({ figures }), { method: 'put', lenient: true });
  const ask = async (query: string, variables?: unknown) =>
    (await app.app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } })).body;
  const asked: [string, unknown, unknown][] = [
    [
      // A compiler that joins a path with underscores knows both lists as c_a_b.
      `{ a_b: county(code: "431281") { c: statistics(years: [2021]) { decisions { penalties { decided } } } }
         b: county(code: "431281") { c_a: statistics(years: [2021]) { applications { granted { total } } } } }`,
      undefined,
      {
        a_b: { c: [{ decisions: { penalties: { decided: 3 } } }] },
        b: { c_a: [{ applications: { granted: { total: 2 } } }] },
      },
    ],
    [
      // The condition of one place is none of the other's.
      `query ($with: Boolean!) { a: county(code: "431281") { code ...Name @include(if: $with) } b: county(code: "431281") { ...Name } }
       fragment Name on Division { name }`,
      { with: false },
      { a: { code: hongjiang }, b: { name: '洪江市' } },
    ],
  ];
  for (const [query, variables, expected] of asked) {
    for (const round of [1, 2, 3, 4])
      t.same(JSON.parse(await ask(query, variables)), { data: expected }, `round ${round}`);
  }
  const prototype = '{ county(code: "431281") { __proto__: name code } }';
  for (const round of [1, 2, 3, 4]) {
    const body = await ask(prototype);
    t.equal(body, '{"data":{"county":{"__proto__":"洪江市","code":"431281"}}}', `round ${round}`);
  }
});
