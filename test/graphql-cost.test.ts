/** What a query costs: which fields have a price, and how it follows what is asked and what there is. */
import fc from 'fast-check';
import {
  buildSchema,
  getNamedType,
  introspectionTypes,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import t from 'tap';
import { priceOperation } from '../src/api/graphql/cost/cost.js';
import { preparationCost, prices } from '../src/api/graphql/cost/prices.js';
import { schemaText } from '../src/api/graphql/graphql.js';
import { keepQueries } from '../src/api/graphql/query.js';
import { reportSteps } from '../src/api/graphql/reports.js';
import { resolvers } from '../src/api/graphql/resolvers.js';
import { statisticsSteps } from '../src/api/graphql/statistics.js';
import type { Extent } from '../src/register/extent.js';

const schema = buildSchema(schemaText);
const objects = [...Object.values(schema.getTypeMap()), ...introspectionTypes].filter(isObjectType);

/** An extent as a division of so many counties and townships has it. */
function extentOf(counties: number, townships: number, isNation = false): Extent {
  const [one, none] = [
    { all: counties, most: counties },
    { all: 0, most: 0 },
  ];
  return {
    children: [one, none, none, none],
    divisions: [{ all: counties + 1, most: counties + 1 }, one, none, none],
    agencies: [{ all: townships, most: townships }, { all: townships, most: 20 }, none, none],
    names: 40,
    isNation,
  };
}

const extents = new Map([
  ['100000', extentOf(3_300, 44_000, true)],
  ['430000', extentOf(140, 2_000)],
  ['431281', extentOf(0, 21)],
]);

function costOf(query: string, variables: Readonly<Record<string, unknown>> = {}): number {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a query is written');
  return priceOperation(schema, operation, new Map()).cost({ variables, extents });
}

/** Steps that read nothing: what they answer came with their object. */
const ofTheirObject: Readonly<Record<string, object>> = { Statistics: statisticsSteps, Report: reportSteps };

t.test('every field that reads the store, takes arguments or answers objects in a list has a price of its own', (t) => {
  const connections = /Connection$/;
  const wanted = objects.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      const resolved: Readonly<Record<string, object>> = resolvers;
      const inner = isNonNullType(field.type) ? field.type.ofType : field.type;
      const lists = isListType(inner) && isCompositeType(getNamedType(inner)) && !connections.test(type.name);
      const isOfItsObject = field.name in (ofTheirObject[type.name] ?? {});
      const reads = (field.name in (resolved[type.name] ?? {}) && !isOfItsObject) || field.args.length > 0;
      // The parts of introspection that take a flag only: whether to show what is deprecated.
      return lists || (reads && !type.name.startsWith('__')) ? [`${type.name}.${field.name}`] : [];
    }),
  );
  t.ok(wanted.length > 40, `${wanted.length} fields`);
  t.same(
    wanted.filter((name) => !(name in prices)),
    [],
    'fields without a price',
  );
  const known = new Set(objects.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)));
  t.same(
    Object.keys(prices).filter((name) => !known.has(name)),
    [],
    'prices of no field',
  );
  t.end();
});

const ofDivision = [
  'agencies(first: 5) { nodes { code } }',
  'agencies(year: 2024, first: 5) { totalCount }',
  'children { nodes { code } }',
  'statistics(years: [2023, 2024]) { year applications { granted { total } } }',
  'statistics(years: [2024]) { coverage { missing { totalCount nodes { code } } blanks { cell } } }',
  'statistics(years: [2024]) { publishedItems { categories(first: 9) { name } } }',
  'deadline(year: 2024)',
];

t.test('asking twice costs twice as much, whatever is asked, and asking for more never costs less', (t) => {
  const nothing = costOf('{ __typename }');
  const field = fc.constantFrom(...ofDivision);
  const code = fc.constantFrom(...extents.keys(), '999999');
  fc.assert(
    fc.property(field, code, fc.integer({ min: 2, max: 24 }), (asked, place, times) => {
      const once = costOf(`{ division(code: "${place}") { a: ${asked} } }`);
      const bare = costOf(`{ division(code: "${place}") { code } }`);
      const aliases = Array.from({ length: times }, (_, at) => `a${at}: ${asked}`).join(' ');
      const often = costOf(`{ division(code: "${place}") { ${aliases} } }`);
      // Both are rounded up.
      t.ok(Math.abs(often - bare - times * (once - bare)) <= 2 * times, `${asked} of ${place} × ${times}: ${often}`);
      t.ok(bare > nothing);
    }),
  );
  const query = `query ($n: Int, $y: [Int!]!, $c: ID!) { division(code: $c) {
    agencies(first: $n) { nodes { code statistics(years: $y) { year applications { granted { total } } } } } } }`;
  fc.assert(
    fc.property(code, fc.nat(500), fc.nat(500), fc.nat(7), fc.nat(7), (c, one, other, years, others) => {
      const cost = (n: number, count: number) => costOf(query, { c, n, y: Array.from({ length: count }, () => 2021) });
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      const [few, many] = [Math.min(years, others), Math.max(years, others)];
      t.ok(cost(less, few) <= cost(more, many), `${less} of ${few} years, ${more} of ${many}`);
    }),
  );
  t.end();
});

t.test(
  'what is looked through costs by how much of it there is; a sum costs the same of a county and of the nation',
  (t) => {
    const at = (code: string, asked: string) => costOf(`{ division(code: "${code}") { ${asked} } }`);
    const rise = (asked: string) => ['431281', '430000', '100000'].map((code) => at(code, asked));
    for (const asked of [
      'agencies(first: 1) { totalCount }',
      'statistics(years: [2024]) { coverage { missing(first: 1) { totalCount } } }',
    ]) {
      const [county = 0, province = 0, nation = 0] = rise(asked);
      t.ok(county < province && province * 2 < nation, `${asked}: ${county}, ${province}, ${nation}`);
    }
    const [county, province, nation] = rise('statistics(years: [2024]) { applications { granted { total } } }');
    t.same([province, nation], [county, county]);
    t.ok(
      at('100000', 'agencies(first: 1) { totalCount }') > 10 * at('100000', 'agencies(first: 1) { nodes { code } }'),
    );
    t.equal(
      at('100000', 'agencies(first: 1) { totalCount }'),
      at('100000', 'agencies(first: 1) { ... { totalCount } }'),
    );
    t.end();
  },
);

t.test('a text that was not asked before costs more than the same again', async (t) => {
  const queries = keepQueries(schema);
  const text = '{ county(code: "431281") { code name } }';
  const cost = async () => {
    const query = queries(text, undefined);
    if (!('priceOf' in query)) throw new Error('it is valid');
    return query.priceOf(undefined, async () => undefined);
  };
  const first = await cost();
  const again = await cost();
  t.equal(first - again, preparationCost(3));
  t.equal(await cost(), again);
});
