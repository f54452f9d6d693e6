/** OpenAPI 3.1 from the very schemas that the routes are checked by, at `/openapi.json`, with `/docs` to read it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransformObject, validatorCompiler } from 'fastify-type-provider-zod';
import { problems } from '../../problem.js';
import { declareScope, type RouteScope } from '../http/caller.js';
import { describeRoutes } from '../http/upload.js';

/**
 * Nothing is loaded from or sent to anywhere else. The plugin's own policy lets styles come from any site, and asks for
 * https, which a service on plain http in a county's own network does not have.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Registers the document and sets the zod compilers, in the scope of the REST routes only. */
export async function registerOpenApi(rest: FastifyInstance): Promise<void> {
  rest.setValidatorCompiler(validatorCompiler);
  // The zod serializer takes a third of a second for a thousand reports; the tests hold answers to their schemas.
  rest.setSerializerCompiler(() => (body) => JSON.stringify(body));
  await rest.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Xiangbao 乡报',
        description:
          '政府信息公开工作年度报告：报送、核对、汇总。 Annual government-information-disclosure reports: filed, checked, added up. ' +
          'GraphQL is at `/graphql`, its IDE at `/ide`. Failures are RFC 9457 problem details.',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: '令牌 A token, `xb_…`, as `Authorization: Bearer`; the scope it needs is named at each call',
          },
        },
      },
      tags: [
        { name: 'reports', description: '报告 Reports: filed, revised, read, withdrawn' },
        { name: 'review', description: '审核 Accepting and returning, notes on findings, locked years' },
        { name: 'access', description: '令牌与日志 Tokens, and the log of what was done' },
        { name: 'rollups', description: '汇总 Sums by county, prefecture, province and nation' },
        { name: 'register', description: '名录 Divisions and agencies, with dated states' },
        { name: 'documents', description: '文件 Documents read without storing, printed forms, blank forms' },
        { name: 'imports', description: '批量报送 Many filings at once' },
        { name: 'exports', description: '导出 Everything as CSV, NDJSON or Excel' },
        { name: 'forms', description: '格式与规则 The printed forms and the checks' },
      ],
    },
    transform: describeRoute,
    transformObject: (document) => dropUnused(describeCalls(jsonSchemaTransformObject(document))),
  });
  await rest.register(async (docs) => {
    declareScope(docs, 'public');
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy });
  });
  rest.get('/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => rest.swagger());
}

/** A route as the document has it, with who may call it. */
const describeRoute: typeof describeRoutes = (input) => {
  const described = describeRoutes(input);
  const { scope = 'public' } = input.route.config ?? {};
  return { ...described, schema: { ...described.schema, security: securityOf(scope) } };
};

/** Alternatives, any of which will do: no token at all (an empty one), or one with a scope. */
function securityOf(scope: RouteScope): readonly Readonly<Record<string, readonly string[]>>[] {
  if (scope === 'public') return [];
  if (scope === 'read') return [{}, { token: ['read'] }];
  const scopes = typeof scope === 'string' ? [scope] : scope;
  return scopes.map((name) => ({ token: [name] }));
}

type Transformed = ReturnType<typeof jsonSchemaTransformObject>;

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: { $ref?: string; description?: string } }>>;
}

interface Call {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, Answer>>;
}

type Calls = Readonly<Record<string, Readonly<Record<string, Call>>>>;

/** Failures that any call can come to, and those that any call that writes can, beside the ones it names. */
const ofEveryCall = [400, 401, 403, 408, 415, 429, 431, 500, 503];
const ofEveryWrite = [413, 507];

/** Failures after which it is told when to try again. */
const triedAgain = [429, 503];
const retryAfter = {
  description: '几秒后重试 Seconds after which to try again',
  schema: { type: 'integer', minimum: 0 },
};

/** Names each call, says what each answer is, and refers every failure to one answer for all calls. */
function describeCalls(document: Transformed): Transformed {
  if (!('components' in document)) return document;
  // The provider and the plugin type the document as they build it; here it is walked as the JSON that is served.
  const calls = (document.paths ?? {}) as Calls;
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, { description?: string }>>;
  const described = Object.entries(calls).map(([path, item]) => {
    const named = Object.entries(item).map(([method, call]) => {
      const operationId = nameOfCall(method, path);
      return [method, { ...call, operationId, responses: describeAnswers(method, call, schemas) }];
    });
    return [path, Object.fromEntries(named)];
  });
  return {
    ...document,
    paths: Object.fromEntries(described),
    components: { ...document.components, responses: failures },
  } as Transformed;
}

/** `get /v1/reports/{agency}/{year}` -> `getReportsAgencyYear`: no two calls share a method and a path. */
function nameOfCall(method: string, path: string): string {
  const words = path.match(/\w+/g) ?? [];
  return `${method}${words
    .slice(1)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
}

function describeAnswers(
  method: string,
  call: Call,
  schemas: Readonly<Record<string, { description?: string }>>,
): Readonly<Record<string, Answer>> {
  const succeeding = Object.entries(call.responses).filter(([status]) => Number(status) < 400);
  const failing = Object.keys(call.responses)
    .map(Number)
    .filter((status) => status >= 400);
  const shared = method === 'get' ? ofEveryCall : [...ofEveryCall, ...ofEveryWrite];
  const statuses = new Set([...failing, ...shared.filter((status) => failures[status] !== undefined)]);
  return Object.fromEntries([
    ...succeeding.map(([status, answer]) => [status, { ...answer, description: descriptionOf(answer, call, schemas) }]),
    ...[...statuses].map((status) => [status, { $ref: `#/components/responses/${status}` }]),
  ]);
}

/** The plugin calls an answer the default one where its schema is a reference, or says nothing of itself. */
function descriptionOf(
  answer: Answer,
  call: Call,
  schemas: Readonly<Record<string, { description?: string }>>,
): string {
  const [media] = Object.values(answer.content ?? {});
  const referred = schemas[media?.schema?.$ref?.split('/').at(-1) ?? ''];
  const own = answer.description === 'Default Response' ? undefined : answer.description;
  return own ?? media?.schema?.description ?? referred?.description ?? call.summary ?? '';
}

/** Every status of the catalogue as an answer, by what can have happened. */
const failures: Readonly<Record<string, Answer>> = Object.fromEntries(
  [...new Set(problems.map(({ status }) => status))].sort().map((status) => {
    const kinds = problems.filter((problem) => problem.status === status);
    return [
      status,
      {
        description: kinds.map(({ name, title }) => `\`${name}\` ${title}`).join('; '),
        ...(triedAgain.includes(status) ? { headers: { 'Retry-After': retryAfter } } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ];
  }),
);

/** Every schema is written for requests and for answers; what no call refers to, at first or further hand, is dropped. */
function dropUnused(document: Transformed): Transformed {
  if (!('components' in document) || !document.components) return document;
  const { schemas = {}, responses = {} } = document.components;
  const parts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { schemas, responses };
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (used.has(`${kind}/${name}`)) continue;
      used.add(`${kind}/${name}`);
      visit(parts[kind]?.[name] ?? null);
    }
  };
  visit(document.paths ?? {});
  const kept = Object.entries(parts).map(([kind, named]) => [
    kind,
    Object.fromEntries(Object.entries(named).filter(([name]) => used.has(`${kind}/${name}`))),
  ]);
  // Only parts were taken away, so the document keeps its type.
  return { ...document, components: { ...document.components, ...Object.fromEntries(kept) } } as Transformed;
}
