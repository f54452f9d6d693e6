import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import Fastify from 'fastify';
import t from 'tap';
import { formSchema, measureSchema, ruleSchema } from '../src/api/rest/body/form-bodies.js';
import { problemSchema } from '../src/api/rest/body/problem-bodies.js';
import { reportSchema } from '../src/api/rest/body/report-bodies.js';
import { revisionSchema } from '../src/api/rest/body/revision-bodies.js';
import { rollupSchema } from '../src/api/rest/body/rollup-bodies.js';
import { formOf } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';
import { filingBody, openTestApp, qunfeng } from './builders.js';
import { holdToDocument, readContract } from './contract.js';

// biome-ignore lint/suspicious/noExplicitAny: a test walks the document as a reader would, without a type for it.
type Json = any;

async function openDocument(t: { teardown: (fn: () => unknown) => unknown }) {
  const { app, close } = await openTestApp();
  t.teardown(close);
  return { app, document: (await app.inject('/openapi.json')).json() as Json };
}

t.test('the served document is the committed one', async (t) => {
  const { document } = await openDocument(t);
  const committed = JSON.parse(readFileSync(join(packageRoot, 'openapi.json'), 'utf8'));
  t.same(document, committed, 'run `npm run generate` and review the difference');
});

t.test('the document describes every call of the contract', async (t) => {
  const { document } = await openDocument(t);
  t.match(document.openapi, /^3\.1/);
  const calls = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  for (const call of [
    'POST /v1/reports',
    'GET /v1/reports',
    'PUT /v1/reports/{agency}/{year}',
    'GET /v1/reports/{agency}/{year}',
    'DELETE /v1/reports/{agency}/{year}',
    'GET /v1/reports/{agency}/{year}/revisions',
    'GET /v1/reports/{agency}/{year}/revisions/{number}',
    'GET /v1/divisions/{division}',
    'GET /v1/divisions',
    'GET /v1/agencies/{agency}',
    'GET /v1/agencies',
    'GET /v1/rollups/{division}/{year}',
    'GET /v1/forms',
    'GET /v1/forms/{id}',
    'GET /v1/rules',
    'GET /v1/measures',
  ]) {
    t.ok(calls.includes(call), call);
  }
});

t.test('every call has a summary, and every schema and parameter is described', async (t) => {
  const { document } = await openDocument(t);
  for (const [path, item] of Object.entries<Json>(document.paths)) {
    for (const [method, call] of Object.entries<Json>(item)) {
      t.ok(call.summary, `${method} ${path}`);
      for (const stated of call.parameters ?? []) {
        const parameter = stated.$ref ? document.components.parameters[stated.$ref.split('/').at(-1)] : stated;
        t.ok(parameter.description ?? parameter.schema.description, `${method} ${path} ${parameter.name}`);
      }
    }
  }
  for (const [name, schema] of Object.entries<Json>(document.components?.schemas ?? {})) {
    t.ok(schema.description, `schema ${name}`);
  }
});

t.test('every example of a filing can be filed', async (t) => {
  const { app, document } = await openDocument(t);
  const body = document.paths['/v1/reports'].post.requestBody.content['application/json'].schema;
  const schema = body.$ref ? document.components.schemas[body.$ref.split('/').at(-1)] : body;
  t.ok(schema.examples.length > 0);
  for (const example of schema.examples) {
    const answer = await app.inject({ method: 'POST', url: '/v1/reports?dryRun=true', payload: example });
    t.equal(answer.statusCode, 201, answer.body.slice(0, 300));
  }
});

t.test(
  'a parameter that is a number or a truth is documented as one, and what is neither is refused by name',
  async (t) => {
    const { app, document } = await openDocument(t);
    const wrong = {
      integer: ['abc', '1.5', '-1', '+5', '1e2', '%205', '', '0x1'],
      boolean: ['1', 'yes', 'TRUE', '', 'on'],
    };
    const found = { integer: 0, boolean: 0 };
    for (const [path, item] of Object.entries<Json>(document.paths)) {
      for (const [method, call] of Object.entries<Json>(item)) {
        for (const stated of call.parameters ?? []) {
          const {
            name,
            in: where,
            schema,
          } = stated.$ref ? document.components.parameters[stated.$ref.split('/').at(-1)] : stated;
          t.notSame(schema.enum, ['true', 'false'], `${path} ${name}`);
          if (schema.pattern?.startsWith('^\\d')) t.equal(schema.pattern, '^\\d{6}$', `${path} ${name} is a code`);
          const values = wrong[schema.type as keyof typeof wrong];
          // A body is read before the query, so that of a call with one there must be a good one.
          if (where !== 'query' || !values || call.requestBody) continue;
          found[schema.type as keyof typeof wrong]++;
          const url = path.replaceAll(
            /\{(\w+)\}/g,
            (_, part) => ({ agency: qunfeng, division: '431281', on: '2027-01-01' })[part as string] ?? '2021',
          );
          for (const value of values) {
            const answer = await app.inject({ method: method.toUpperCase() as 'GET', url: `${url}?${name}=${value}` });
            t.match(
              [answer.statusCode, answer.json().type],
              [400, '/problems/invalid-parameter'],
              `${path} ${name}=${value}`,
            );
            if (!path.includes('{id}'))
              t.match(answer.json().errors, [{ pointer: `/${name}` }], `${path} ${name}=${value}`);
          }
        }
      }
    }
    t.ok(found.integer > 5 && found.boolean > 2);
  },
);

t.test('what is sent is what the schemas say', async (t) => {
  const { app } = await openDocument(t);
  const path = `/v1/reports/${qunfeng}/2021`;
  const broken = filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } });
  const problem = await app.inject({ method: 'POST', url: '/v1/reports', payload: broken });
  t.ok(problemSchema.safeParse(problem.json()).success);
  const filed = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    payload: broken,
    headers: { prefer: 'handling=lenient' },
  });
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency: '431281' }) });
  const get = async (url: string) => (await app.inject(url)).json();
  const checks = [
    [reportSchema, filed.json()],
    [reportSchema, await get(path)],
    [reportSchema, (await get('/v1/reports')).items[0]],
    [revisionSchema, (await get(`${path}/revisions`)).items[0]],
    [revisionSchema, await get(`${path}/revisions/1`)],
    [rollupSchema, await get('/v1/rollups/431281/2021')],
    [rollupSchema, await get('/v1/rollups/100000/2020')],
    [formSchema, await get('/v1/forms/2019')],
    [ruleSchema, (await get('/v1/rules')).items[0]],
    [measureSchema, (await get('/v1/measures')).items[0]],
  ] as const;
  for (const [schema, body] of checks) {
    const parsed = schema.safeParse(body);
    t.ok(parsed.success, parsed.error?.message ?? '');
  }
});

/** What a public linter says and is not followed, each with the reason. */
const exceptions = [
  {
    rule: 'no-ambiguous-paths',
    pointer: '#/paths/~1v1~1reports~1{agency}~1{year}.{extension}',
    reason: 'a year is four digits, so no address is of both paths',
  },
  {
    rule: 'no-ambiguous-paths',
    pointer: '#/paths/~1v1~1rollups~1{division}~1{year}',
    reason: 'a year is four digits, so no address is of both paths',
  },
];

t.test('a public linter has nothing to say of the document, but for what is excepted with a reason', async (t) => {
  const { document } = await openDocument(t);
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  const said = found.flatMap(({ ruleId, severity, message, location }) =>
    location.map(({ pointer }) => ({ rule: ruleId, pointer: pointer ?? '', said: `${severity}: ${message}` })),
  );
  const isExcepted = (one: (typeof said)[number]) =>
    exceptions.some(({ rule, pointer }) => rule === one.rule && pointer === one.pointer);
  t.same(
    said.filter((one) => !isExcepted(one)),
    [],
  );
  t.equal(said.filter(isExcepted).length, exceptions.length, 'every exception is still needed');
  t.comment(`${Object.keys(document.paths).length} paths linted, ${exceptions.length} exceptions`);
});

t.test('the document names what it repeats', async (t) => {
  const { document } = await openDocument(t);
  const seen = new Map<string, number>();
  const walk = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    const text = JSON.stringify(part, null, 2);
    const isSchema = typeof part.type === 'string' || Array.isArray(part.anyOf) || part.in !== undefined;
    if (isSchema && text.split('\n').length > 12) seen.set(text, (seen.get(text) ?? 0) + 1);
    for (const [name, member] of Object.entries(part)) if (name !== 'examples') walk(member);
  };
  walk([document.paths, document.components.schemas]);
  t.same(
    [...seen].filter(([, times]) => times > 1).map(([text]) => text),
    [],
  );
});

t.test('the label of every cell is that of its row and that of its column', async (t) => {
  const { document } = await openDocument(t);
  const { schemas } = document.components;
  const referred = ({ $ref }: { $ref: string }) => schemas[$ref.split('/').at(-1) ?? ''];
  const form = formOf('2021');
  for (const { table, row, column, label, unit } of form.cells) {
    const rows = referred(schemas['Figures-2021'].properties[table]).properties;
    const box = referred(rows[row]).properties[column];
    const [zh = '', en = ''] = box.description.split(`（${unit}） `);
    t.ok(label.zh.endsWith(`·${zh}`) && label.en.endsWith(` · ${en}`), `${table}.${row}.${column} ${box.description}`);
    const above = `${label.zh.slice(0, -zh.length - 1)} ${label.en.slice(0, -en.length - 3)}`;
    t.equal(rows[row].description, above);
  }
});

t.test('every failure is documented as a problem, in one place for all calls', async (t) => {
  const { document } = await openDocument(t);
  for (const [path, item] of Object.entries<Json>(document.paths)) {
    for (const [method, call] of Object.entries<Json>(item)) {
      const failing = Object.entries<Json>(call.responses).filter(([status]) => Number(status) >= 400);
      for (const [status, answer] of failing) {
        t.same(answer, { $ref: `#/components/responses/${status}` }, `${method} ${path} ${status}`);
      }
      const statuses = failing.map(([status]) => status);
      t.same(
        ['400', '415', '500', '503'].filter((status) => !statuses.includes(status)),
        [],
        `${method} ${path}`,
      );
    }
  }
  for (const answer of Object.values<Json>(document.components.responses)) {
    t.same(Object.keys(answer.content), ['application/problem+json']);
  }
});

t.test('an answer that the document does not have fails the test that asked for it', async (t) => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  };
  const document = {
    openapi: '3.1.0',
    paths: {
      '/v1/numbers/{number}': {
        get: { responses: { 200: { description: 'A number', content: { 'application/json': { schema } } } } },
      },
    },
  };
  const app = Fastify();
  t.teardown(() => app.close());
  app.get<{ Params: { number: string } }>('/v1/numbers/:number', async (request, reply) => {
    const { number } = request.params;
    if (number === 'absent') return reply.code(404).send({ n: 0 });
    if (number === 'text') return reply.type('text/plain').send('1');
    if (number === 'half') return { n: 0.5 };
    return number === 'two' ? { n: 1, m: 2 } : { n: Number(number) };
  });
  holdToDocument(app, readContract(document));
  t.same((await app.inject('/v1/numbers/7')).json(), { n: 7 });
  await t.rejects(app.inject('/v1/numbers/absent'), /GET \/v1\/numbers\/absent answered 404: .* no such status/);
  await t.rejects(app.inject('/v1/numbers/text'), /application\/json, not text\/plain/);
  await t.rejects(app.inject('/v1/numbers/half'), /\/n must be integer/);
  await t.rejects(app.inject('/v1/numbers/two'), /additional properties/);
});
