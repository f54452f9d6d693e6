/** GraphQL over HTTP: the specification's audits, the limits, how failures are answered, the page to try queries in. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import t from 'tap';
import { limits } from '../src/api/graphql/limits.js';
import { codeOfProblem } from '../src/api/graphql/query-faults.js';
import { buildApp } from '../src/app.js';
import { Problem, problems } from '../src/problem.js';
import { findExtent } from '../src/register/extent.js';
import { fileReport } from '../src/report/file.js';
import { act, clock, filing, hongjiang, openTestApp, openTestStore, qunfeng, runSql } from './builders.js';

const newType = 'application/graphql-response+json';

async function post(
  app: FastifyInstance,
  payload: unknown,
  accept = 'application/json',
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', accept },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
}

t.test('every audit of the GraphQL-over-HTTP suite passes', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const audits = serverAudits({ url: `${address}/graphql`, fetchFn: fetch });
  const failed: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  t.same(failed, []);
  t.equal(audits.length, 61);
  t.comment(`${audits.length - failed.length} of ${audits.length} audits of GraphQL over HTTP passed`);
});

t.test('GET and POST answer alike', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const query = 'query Q($code: ID!) { county(code: $code) { name } }';
  const variables = { code: hongjiang };
  const posted = await post(app, { query, variables, operationName: 'Q', extensions: null });
  const got = await app.inject({
    url: '/graphql',
    query: { query, variables: JSON.stringify(variables), operationName: 'Q' },
  });
  t.same(posted.json(), { data: { county: { name: '洪江市' } } });
  t.equal(got.body, posted.body);
  t.equal(got.headers['content-type'], 'application/json; charset=utf-8');
  t.equal(got.headers.vary, 'accept, Authorization, Accept-Encoding');
});

t.test('the Accept header decides the media type', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const wanted: [string, string | 406][] = [
    ['application/json', 'application/json'],
    [newType, newType],
    [`${newType}, application/json;q=0.9`, newType],
    [`application/json;q=0.5, ${newType};q=0.4`, 'application/json'],
    [`application/json;q=0, */*`, newType],
    ['text/html, */*;q=0.8', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html', 406],
    ['application/json;q=0', 406],
  ];
  for (const [accept, type] of wanted) {
    const response = await post(app, { query: '{ __typename }' }, accept);
    if (type === 406) {
      t.equal(response.statusCode, 406, accept);
      t.equal(response.json().errors[0].extensions.problem, 'not-acceptable', accept);
    } else {
      t.equal(response.headers['content-type'], `${type}; charset=utf-8`, accept);
    }
  }
});

const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;
const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: form(id: "2021") { id }`).join(' ')} }`;
/** Each fragment spreads the next one twice: 2 to the power of `depth` fields from a few hundred bytes. */
const bomb = (depth: number) =>
  `{ ...F0 } ${Array.from({ length: depth }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ')} fragment F${depth} on Query { __typename }`;
const deepBomb = (depth: number) =>
  `{ division(code: "100000") { ...F0 } } ${Array.from({ length: depth }, (_, index) => `fragment F${index} on Division { parent { ...F${index + 1} } p: parent { ...F${index + 1} } }`).join(' ')} fragment F${depth} on Division { code }`;

const tooLarge: [string, { query: string; variables?: unknown; operationName?: string }, string][] = [
  ['a long text', { query: `{ __typename } #${'x'.repeat(limits.length)}` }, 'length'],
  ['many tokens', { query: `{ ${'a '.repeat(limits.tokens)} }` }, 'tokens'],
  ['fields in fields', { query: nested(42) }, 'depth'],
  ['600 bytes of depth', { query: nested(150) }, 'nesting'],
  ['a list in lists', { query: `{ county(code: ${'['.repeat(900)}${']'.repeat(900)}) { code } }` }, 'nesting'],
  ['an object in objects', { query: `{ county(code: ${'{a:'.repeat(300)}1${'}'.repeat(300)}) { code } }` }, 'nesting'],
  ['depth by fragments', { query: deepBomb(16) }, 'depth'],
  ['aliases', { query: aliases(101) }, 'aliases'],
  ['a field again and again', { query: `{ ${'__typename '.repeat(102)} }` }, 'aliases'],
  ['a bomb of fragments', { query: bomb(60) }, 'fields'],
  ['aliases by fragments', { query: deepBomb(9) }, 'aliases'],
  [
    'depth in an operation that is not asked for',
    { query: `query A { __typename } query B ${nested(42)}`, operationName: 'A' },
    'depth',
  ],
  [
    'pages of pages',
    {
      query:
        '{ county(code: "431281") { agencies(first: 500) { nodes { county { agencies(first: 500) { nodes { county { agencies(first: 500) { nodes { code } } } } } } } } } }',
    },
    'cost',
  ],
  [
    'what may be a whole nation looked through again and again',
    {
      query: `{ ${Array.from({ length: 30 }, (_, i) => `d${i}: division(code: "999999") { agencies(first: 1) { totalCount } }`).join(' ')} }`,
    },
    'cost',
  ],
  [
    'who is missing, again and again, in a division nobody knows',
    {
      query: `{ division(code: "999999") { statistics(years: [2021, 2022]) { coverage { ${Array.from({ length: 60 }, (_, i) => `m${i}: missing(first: 1) { totalCount }`).join(' ')} } } } }`,
    },
    'cost',
  ],
  [
    'pages of pages by variables',
    {
      query:
        'query ($n: Int) { division(code: "999999") { children { edges { node { children(first: $n) { edges { node { agencies(first: $n) { edges { node { code } } } } } } } } } } }',
      variables: { n: 400 },
    },
    'cost',
  ],
  [
    'years by a variable',
    {
      query: `query ($y: [Int!]!) { division(code: "999999") { agencies(first: 500) { nodes { statistics(years: $y) { applications { granted { total business research } refused { total } } } } } } }`,
      variables: { y: Array.from({ length: 90 }, () => 2021) },
    },
    'cost',
  ],
  [
    'reports by the thousand',
    { query: `{ ${Array.from({ length: 8 }, (_, i) => `r${i}: reports(first: 500) { totalCount }`).join(' ')} }` },
    'cost',
  ],
  [
    'what introspection repeats',
    {
      query: `{ ${Array.from({ length: 80 }, (_, i) => `s${i}: __schema { ...S }`).join(' ')} } fragment S on __Schema {
        types { fields { name description args { name description type { name kind } } type { name kind ofType { name kind } } } } }`,
    },
    'cost',
  ],
];

t.test('a query that asks for too much is refused before it costs anything', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  for (const [name, body, limit] of tooLarge) {
    const before = process.cpuUsage();
    const response = await post(app, body, newType);
    const { user, system } = process.cpuUsage(before);
    t.equal(response.statusCode, 400, name);
    const [error] = response.json().errors;
    t.match(
      error.extensions,
      { code: 'QUERY_TOO_LARGE', problem: 'query-too-large', type: '/problems/query-too-large', limit },
      name,
    );
    t.ok(error.extensions.actual > error.extensions.allowed, name);
    t.notOk('data' in response.json(), name);
    // Of the processor's time, which a busy neighbour does not lengthen; what is carried out takes seconds.
    t.ok(user + system < 500_000, `${name} took ${Math.round((user + system) / 1000)} ms`);
  }
});

const statistics = (years: readonly number[]) =>
  `statistics(years: [${years}]) { applications { ${[
    'granted',
    'newReceived',
    'carriedIn',
    'carriedOut',
    'processed',
    'refused',
  ].map((row) => `${row} { total naturalPerson business research organization otherOrganization }`)} } }`;

t.test('a page counts what can be found below a division, not what is asked for', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const years = [2019, 2020, 2021, 2022, 2023, 2024, 2025];
  const dashboards = [
    `{ county(code: "431281") { agencies(first: 500) { totalCount nodes { code ${statistics(years)} } } } }`,
    `query ($n: Int, $c: ID!) { county(code: $c) { agencies(first: $n) { totalCount nodes { code ${statistics(years)} } } } }`,
    `{ division(code: "431200") { children(first: 500) { nodes { agencies(first: 500) { totalCount nodes { code } } } } } }`,
    `{ division(code: "430000") { children(first: 500) { nodes { children(first: 500) { nodes { agencies(first: 500) { nodes { code name kind } } } } } } } }`,
    `{ division(code: "431200") { children { nodes { ${Array.from({ length: 20 }, (_, i) => `a${i}: agencies(first: 500) { totalCount }`).join(' ')} } } } }`,
    `{ division(code: "100000") { children(first: 500) { nodes { children(first: 20) { nodes { code name } } } } } }`,
    `{ division(code: "431200") { children(first: 500) { nodes { ${'statistics(years: [2019, 2020, 2021, 2022]) { coverage { missing(first: 500) { nodes { code name } } } }'} } } } }`,
  ];
  for (const query of dashboards) {
    for (const round of [1, 2]) {
      const variables = query.startsWith('query') ? { n: 500, c: '431281' } : undefined;
      const answer = await post(app, { query, variables }, newType);
      t.equal(answer.statusCode, 200, `${query.slice(0, 80)}, round ${round}: ${answer.body.slice(0, 300)}`);
    }
  }
  const thirty = statistics(Array.from({ length: 30 }, () => 2021));
  const asked = (code: string) => ({
    query: `{ division(code: "${code}") { agencies(first: 500) { nodes { code ${thirty} } } } }`,
  });
  t.equal((await post(app, asked('100000'), newType)).statusCode, 200, 'a small nation is known to be small');
  const unknown = await post(app, asked('999999'), newType);
  t.match(unknown.json().errors, [{ extensions: { problem: 'query-too-large' } }], 'what is unknown bounds nothing');
});

t.test(
  'the extent of a division is what its pages hold, and what those of all divisions below it hold together',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const codes = ['430000', '431200', '431281', '431202', '320813'];
    const query = `query ($code: ID!) { division(code: $code) { children(first: 500) { totalCount nodes { code } }
    agencies(kinds: [TOWNSHIP, SUBDISTRICT, DEPARTMENT, OFFICE, OTHER, COUNTY], first: 0) { totalCount } } }`;
    for (const code of codes) {
      const extent = await findExtent(db, code, '2026-11-24', 'ALL');
      const { division } = (await post(app, { query, variables: { code } })).json().data;
      const { totalCount } = division.children;
      t.same(extent?.children[0], { all: totalCount, most: totalCount }, code);
      t.equal(extent?.agencies[0]?.all, division.agencies.totalCount, code);
      const inner: number[] = [];
      for (const { code: below } of division.children.nodes) {
        inner.push((await findExtent(db, below, '2026-11-24', 'ALL'))?.agencies[0]?.all ?? 0);
      }
      const all = inner.reduce((sum, one) => sum + one, 0);
      t.same(extent?.agencies[1], { all, most: Math.max(0, ...inner) }, `below ${code}`);
    }
    t.equal(await findExtent(db, '999999', '2026-11-24', 'ALL'), undefined);
    const nation = await findExtent(db, '100000', '2026-11-24', 'ALL');
    const [{ total } = { total: 0 }] = await runSql<{ total: number }>(db, 'select count(*) as total from agency');
    const [{ divisions } = { divisions: 0 }] = await runSql<{ divisions: number }>(
      db,
      'select count(*) as divisions from division',
    );
    t.match(nation, { isNation: true, children: [{ all: 3 }], agencies: [{ all: total }, { all: total }] });
    t.equal(nation?.divisions[0]?.all, divisions);
  },
);

t.test(
  'a query that costs too much is told which fields cost what, and lowering what they name makes it cheap',
  async (t) => {
    const { app, close } = await openTestApp();
    t.teardown(close);
    const ask = (first: number, years: number) =>
      post(
        app,
        {
          query: `{ nation: division(code: "999999") { list: agencies(first: ${first}) { nodes { statistics(years: [${Array.from({ length: years }, () => 2021)}]) { publishedItems { categories { name count reports counted share shareReports } } } } } } forms { id } }`,
        },
        newType,
      );
    const { errors } = (await ask(500, 7)).json();
    const { costs, actual } = errors[0].extensions;
    t.match(costs, [
      { path: 'nation.list', lower: 'first', items: 500 },
      { path: 'nation.list.nodes.statistics', lower: 'years', items: 7 },
      { path: 'nation.list.nodes.statistics.publishedItems.categories', lower: 'first', items: 20 },
    ]);
    t.ok(costs.every(({ cost }: { cost: number }, at: number) => cost <= (costs[at - 1]?.cost ?? actual)));
    t.match(errors[0].message, /nation\.list is \d+ \(lower first: 500 count\)/);
    t.equal((await ask(100, 7)).statusCode, 200);
    t.equal((await ask(500, 1)).statusCode, 200);
  },
);

t.test('a failure has the code that clients of GraphQL look for, beside the name of its problem', async (t) => {
  const { app, close } = await openTestApp({ publicReading: 'none' });
  t.teardown(close);
  const expected: readonly (readonly [unknown, string, string, Record<string, string>?])[] = [
    [{ query: '{ county(' }, 'GRAPHQL_PARSE_FAILED', 'malformed-body'],
    [{ query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED', 'invalid-parameter'],
    [{ query: '{ ...A } fragment A on Query { ...A }' }, 'GRAPHQL_VALIDATION_FAILED', 'invalid-parameter'],
    [{ query: 'mutation { file { code } }' }, 'GRAPHQL_VALIDATION_FAILED', 'invalid-parameter'],
    [{ query: 'query A { __typename }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE', 'invalid-parameter'],
    [{ query: 'query ($c: ID!) { county(code: $c) { code } }' }, 'BAD_USER_INPUT', 'invalid-parameter'],
    [{ query: '{ report(agency: "431281207", year: 1999) { year } }' }, 'BAD_USER_INPUT', 'invalid-parameter'],
    [{ query: '{ report(agency: "431281999", year: 2021) { year } }' }, 'NOT_FOUND', 'unknown-agency'],
    [{ query: aliases(101) }, 'QUERY_TOO_LARGE', 'query-too-large'],
    [{}, 'BAD_REQUEST', 'malformed-body'],
    ['{', 'BAD_REQUEST', 'malformed-body'],
    [{ query: '{ __typename }' }, 'UNAUTHENTICATED', 'unauthorized', { authorization: '' }],
    [{ query: '{ __typename }' }, 'UNAUTHENTICATED', 'unauthorized', { authorization: 'Bearer xb_wrong' }],
  ];
  for (const [body, code, problem, headers = {}] of expected) {
    const answer = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { errors, type } = answer.json();
    t.match(errors ?? [], [{ extensions: { code, problem, type: `/problems/${problem}` } }], `${code} ${type ?? ''}`);
  }
  for (const { name } of problems) {
    t.match(codeOfProblem(new Problem(name, { zh: '', en: '' })), /^[A-Z_]+$/, name);
  }
});

t.test('what is at a limit is answered', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const division = (depth: number): string => (depth === 1 ? 'name' : `parent { ${division(depth - 1)} }`);
  const within: [string, string][] = [
    ['aliases', aliases(100)],
    ['depth', `{ county(code: "431281") { ${division(limits.depth - 1)} } }`],
    [
      'who is missing in each county of a prefecture',
      '{ division(code: "431200") { children { nodes { statistics(years: [2021]) { coverage { missing { totalCount } } } } } } }',
    ],
    [
      'who is missing in a county, year by year',
      '{ county(code: "431281") { statistics(years: [2019, 2020, 2021, 2022, 2023]) { coverage { missing(first: 500) { nodes { code } } } } } }',
    ],
    ['a page of 500', '{ county(code: "431281") { agencies(first: 500) { totalCount nodes { code name kind } } } }'],
    ['introspection', getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true })],
  ];
  for (const [name, query] of within) {
    const response = await post(app, { query }, newType);
    t.equal(response.statusCode, 200, name);
    t.notOk(response.json().errors, name);
  }
});

const malformed: [string, unknown][] = [
  ['no body', ''],
  ['broken JSON', '{"query": "{ __typename }"'],
  ['a repeated key', '{"query": "{ __typename }", "query": "{ forms { id } }"}'],
  ['half a surrogate pair', '{"query": "{ county(code: \\"\\ud800\\") { code } }"}'],
  ['__proto__', '{"query": "{ __typename }", "__proto__": {}}'],
  ['deep variables', `{"query": "{ __typename }", "variables": {"a": ${'['.repeat(99)}${']'.repeat(99)}}}`],
  ['null', 'null'],
  ['a text', '"{ __typename }"'],
  ['a batch', [{ query: '{ __typename }' }, { query: '{ __typename }' }]],
  ['no query', { variables: {} }],
  ['a query that is a list', { query: ['{ __typename }'] }],
  ['a query that is a syntax tree', { query: { kind: 'Document', definitions: [] } }],
  ['an operation name that is a number', { query: '{ __typename }', operationName: 7 }],
  ['variables that are a list', { query: '{ __typename }', variables: [] }],
  ['extensions that are a text', { query: '{ __typename }', extensions: 'x' }],
];

const invalid: [string, unknown, string][] = [
  ['a syntax tree as text', { query: JSON.stringify({ kind: 'Document', definitions: [] }) }, 'malformed-body'],
  ['a syntax error', { query: '{ county(code: ) { code } }' }, 'malformed-body'],
  ['an empty query', { query: '' }, 'malformed-body'],
  ['a NUL', { query: '{ county(code: "\u0000") { code \u0000 } }' }, 'malformed-body'],
  ['an unknown field', { query: '{ village(code: "1") { code } }' }, 'invalid-parameter'],
  ['an unknown argument', { query: '{ county(name: "洪江市") { code } }' }, 'invalid-parameter'],
  ['no selection', { query: '{ county(code: "431281") }' }, 'invalid-parameter'],
  ['a mutation', { query: 'mutation { file { code } }' }, 'invalid-parameter'],
  ['a subscription', { query: 'subscription { report { year } }' }, 'invalid-parameter'],
  ['an unknown operation', { query: 'query A { __typename }', operationName: 'B' }, 'invalid-parameter'],
  ['no operation named', { query: 'query A { __typename } query B { __typename }' }, 'invalid-parameter'],
  ['only fragments', { query: 'fragment F on Query { __typename }' }, 'invalid-parameter'],
  [
    'fragments in a circle',
    { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
    'invalid-parameter',
  ],
  ['a missing variable', { query: 'query ($c: ID!) { county(code: $c) { code } }' }, 'invalid-parameter'],
  [
    'a wrong variable',
    {
      query: 'query ($y: [Int!]!) { county(code: "431281") { statistics(years: $y) { year } } }',
      variables: { y: ['2021'] },
    },
    'invalid-parameter',
  ],
  [
    'a fraction',
    { query: 'query ($y: Int!) { report(agency: "431281207", year: $y) { year } }', variables: { y: 2021.5 } },
    'invalid-parameter',
  ],
  ['2^53+1', { query: '{ report(agency: "431281207", year: 9007199254740993) { year } }' }, 'invalid-parameter'],
  [
    'null for what has a default and may not be null',
    {
      query: 'query ($y: [Int!] = [2021]) { county(code: "431281") { statistics(years: $y) { year } } }',
      variables: { y: null },
    },
    'invalid-parameter',
  ],
  [
    'an unknown kind',
    { query: '{ county(code: "431281") { agencies(kinds: [VILLAGE]) { totalCount } } }' },
    'invalid-parameter',
  ],
];

t.test('what is no question is refused with 400 in both media types', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  for (const [name, body] of malformed) {
    for (const accept of ['application/json', newType]) {
      const response = await post(app, body, accept);
      t.equal(response.statusCode, 400, name);
      t.equal(response.json().errors[0].extensions.problem, 'malformed-body', name);
      t.notOk('data' in response.json(), name);
    }
  }
  const repeated = await app.inject('/graphql?query={__typename}&query={__typename}');
  t.equal(repeated.statusCode, 400);
  const gbk = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    payload: Buffer.concat([
      Buffer.from('{"query": "{ county(code: \\"'),
      Buffer.from([0xba, 0xe9]),
      Buffer.from('\\") { code } }"}'),
    ]),
  });
  t.match([gbk.statusCode, gbk.json().errors[0].extensions.problem], [400, 'malformed-body']);
});

t.test('a query that cannot be executed is refused: 200 in the older media type, 400 in the newer', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  for (const [name, body, code] of invalid) {
    for (const [accept, status] of [
      ['application/json', 200],
      [newType, 400],
    ] as const) {
      const response = await post(app, body, accept);
      t.equal(response.statusCode, status, name);
      const [error] = response.json().errors;
      t.match(error.extensions, { problem: code, type: `/problems/${code}`, status: 400 }, name);
      t.ok(error.message, name);
      t.notOk('data' in response.json(), name);
    }
  }
});

t.test('other media types and larger bodies are refused with their problem', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const send = (type: string | undefined, payload: string) =>
    app.inject({
      method: 'POST',
      url: '/graphql',
      headers: type === undefined ? {} : { 'content-type': type },
      payload,
    });
  for (const type of [
    undefined,
    'text/plain',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'application/json; charset=gbk',
  ]) {
    const response = await send(type, '{"query":"{__typename}"}');
    t.match(
      [response.statusCode, response.json().errors[0].extensions.problem],
      [415, 'unsupported-media-type'],
      String(type),
    );
  }
  const large = await send(
    'application/json',
    JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(200_000) } }),
  );
  t.match([large.statusCode, large.json().errors[0].extensions.problem], [413, 'body-too-large']);
  t.equal((await app.inject({ method: 'DELETE', url: '/graphql' })).statusCode, 405);
});

t.test('an error inside a list says where by number, compiled or not', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const query = '{ county(code: "431281") { agencies(first: 2) { nodes { code report(year: 1999) { year } } } } }';
  for (const round of [1, 2, 3, 4]) {
    const { data, errors } = (await post(app, { query })).json();
    t.same(
      errors.map((error: { path: unknown }) => error.path),
      [
        ['county', 'agencies', 'nodes', 0, 'report'],
        ['county', 'agencies', 'nodes', 1, 'report'],
      ],
      `round ${round}`,
    );
    t.match(errors[0], {
      locations: [{ line: 1, column: 62 }],
      extensions: { problem: 'invalid-parameter', status: 400 },
    });
    t.equal(data.county.agencies.nodes.length, 2);
    t.equal(data.county.agencies.nodes[0].report, null);
  }
});

t.test('each operation of a document is answered with its own data, compiled or not', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const query = `
    query A { county(code: "431281") { ...Place } }
    query B { county(code: "431202") { ...Place level } }
    query C($code: ID!) { division(code: $code) { ...Place } }
    fragment Place on Division { name parent { ...Above } }
    fragment Above on Division { name }`;
  const answers = {
    A: { county: { name: '洪江市', parent: { name: '怀化市' } } },
    B: { county: { name: '鹤城区', parent: { name: '怀化市' }, level: 'COUNTY' } },
    C: { division: { name: '湖南省', parent: { name: '全国' } } },
  };
  const found: Record<string, unknown> = {};
  for (let round = 1; round <= 5; round++) {
    for (const [operationName, data] of Object.entries(answers)) {
      const response = await post(app, { query, operationName, variables: { code: '430000' } });
      found[operationName] = response.json().data;
      if (operationName === 'C') t.match(found.C, { division: { name: data && '湖南省' } });
      else t.same(found[operationName], data, `${operationName}, round ${round}`);
    }
  }
  const failing = `query A { __typename }\n  query B { report(agency: "x", year: 2021) { year } }`;
  const { errors } = (await post(app, { query: failing, operationName: 'B' })).json();
  t.same(errors[0].locations, [{ line: 2, column: 13 }], 'places are those of the text as sent');
});

t.test('what fails on our side says nothing of itself and is logged once', async (t) => {
  const lines: string[] = [];
  const db = await openTestStore();
  const app = await buildApp({ db, clock, logger: { level: 'error', stream: { write: (line) => lines.push(line) } } });
  t.teardown(() => app.close());
  await db.destroy();
  const response = await post(app, { query: '{ county(code: "431281") { name } }' });
  const { data, errors } = response.json();
  t.equal(response.statusCode, 200);
  t.same(data, { county: null });
  t.match(errors, [{ path: ['county'], extensions: { problem: 'internal', status: 500 } }]);
  t.notMatch(response.body, /destroyed|driver|sqlite/i);
  t.equal(lines.length, 1);
  t.match(lines[0], /already been destroyed/);
});

t.test('made-up figures are marked in every answer', async (t) => {
  const { app, close } = await openTestApp({ sample: true });
  t.teardown(close);
  for (const query of ['{ __typename }', '{ nope }', '{ report(agency: "x", year: 2021) { year } }']) {
    t.match((await post(app, { query })).json().extensions, { sample: { zh: /示例/, en: /sample/ } }, query);
  }
  t.match((await post(app, 'x')).json().extensions, { sample: { zh: /示例/ } });
});

t.test('a page of none is empty in every list, tells how many there are, and none has fewer than none', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileReport(db, act, filing(), { method: 'post' });
  const lists: readonly (readonly [string, (list: string) => string])[] = [
    ['reports', (list) => `{ ${list} }`],
    ['children', (list) => `{ division(code: "431200") { ${list} } }`],
    ['agencies', (list) => `{ county(code: "431281") { ${list} } }`],
    ['missing', (list) => `{ county(code: "431281") { statistics(years: [2021]) { coverage { ${list} } } } }`],
    ['missing', (list) => `{ township(code: "431281101") { statistics(years: [2021]) { coverage { ${list} } } } }`],
    ['missing', (list) => `{ township(code: "${qunfeng}") { statistics(years: [2021]) { coverage { ${list} } } } }`],
  ];
  const found = (value: unknown): Record<string, unknown>[] => {
    if (typeof value !== 'object' || value === null) return [];
    return 'totalCount' in value ? [value as Record<string, unknown>] : Object.values(value).flatMap(found);
  };
  for (const [name, query] of lists) {
    const ask = async (first: number) => {
      const list = `${name}(first: ${first}) { totalCount nodes { __typename } edges { cursor } pageInfo { hasNextPage } }`;
      return (await post(app, { query: query(list) })).json();
    };
    const [all] = found((await ask(500)).data);
    const total = all?.totalCount as number;
    t.match(
      found((await ask(0)).data),
      [{ totalCount: total, nodes: [], edges: [], pageInfo: { hasNextPage: total > 0 } }],
      query(name),
    );
    t.match(all?.nodes, { length: total });
    for (const first of [-1, 501]) {
      t.match((await ask(first)).errors, [{ extensions: { code: 'BAD_USER_INPUT', errors: [{ pointer: '/first' }] } }]);
    }
  }
});

t.test('the page to try queries in needs nothing from elsewhere', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const page = await app.inject('/ide');
  t.equal(page.statusCode, 200);
  t.match(page.headers['content-type'], /^text\/html/);
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, /default-src 'none'/);
  t.notMatch(policy, /https?:|unsafe-eval|script-src[^;]*(?:unsafe-inline|\*)|connect-src[^;]*\*/);
  const links = [...page.body.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, link]) => link ?? '');
  t.ok(links.length > 5);
  t.same(
    links.filter((link) => /^(?:https?:)?\/\//.test(link)),
    [],
  );
  t.notMatch(page.body, /<script(?![^>]*\ssrc=)/, 'no script stands in the page itself');
  for (const link of links.filter((link) => link !== '/ide/')) {
    const file = await app.inject(`/ide/${link}`);
    t.equal(file.statusCode, 200, link);
    if (link.endsWith('.css')) t.same([...file.body.matchAll(/url\(["']?(?:https?:)?\/\/[^)]*/g)], [], link);
  }
  t.match((await app.inject('/ide/start.js')).body, /AltairGraphQL\.init\(.*"\/graphql"/s);
  t.equal((await app.inject('/ide/../../package.json')).statusCode, 404);
  t.equal((await app.inject('/ide/%2e%2e/%2e%2e/package.json')).statusCode >= 400, true);
  t.equal((await app.inject('/ide/index.html')).statusCode, 404);
});

t.test('the page advertises nothing', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const script = (await app.inject('/ide/start.js')).body;
  const options = JSON.parse(script.slice(script.indexOf('{'), script.lastIndexOf('}') + 1));
  t.match(options, { disableAccount: true, persistedSettings: { 'banners.disable': true } });
  t.match((await app.inject('/ide')).body, /<link href="start.css" rel="stylesheet" \/>/);
  const styles = await app.inject('/ide/start.css');
  t.match([styles.headers['content-type'], styles.body], [/^text\/css/, /nz-alert\[nzbanner\].*display: none/]);
  // What these turn off is named so in the page's own program; another release may name it otherwise.
  const program = (await app.inject('/ide/main.js')).body;
  for (const name of [
    'settings["banners.disable"]',
    'persistedSettings',
    '["nzBanner","","nzCloseable",""',
    '"donate"',
  ]) {
    t.ok(program.includes(name), name);
  }
  const shown = [...program.matchAll(/m\(\d+,"nz-alert",(\d+)\),N\("nzOnClose"/g)];
  t.equal(shown.length, 2, 'the donation and the banners are all that can be closed');
});

t.test('the query that the page opens with is answered', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileReport(db, act, filing(), { method: 'post' });
  const script = (await app.inject('/ide/start.js')).body;
  const { initialQuery } = JSON.parse(script.slice(script.indexOf('{'), script.lastIndexOf('}') + 1));
  const { data, errors } = (await post(app, { query: initialQuery })).json();
  t.notOk(errors);
  t.match(data.county.statistics[0], {
    year: 2021,
    coverage: { expected: 20, reported: 1, missing: { totalCount: 19 } },
  });
  t.notOk(data.county.statistics[0].coverage.missing.nodes.some((agency: { code: string }) => agency.code === qunfeng));
});
