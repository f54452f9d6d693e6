/** OpenAPI 3.1 from the very schemas that the routes are checked by, at `/openapi.json`, with `/docs` to read it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { documentTypes } from '../../../document/read/read-document.js';
import { documentCost } from '../../admission/cost.js';
import { declareScope, type RouteScope } from '../../http/caller.js';
import { type CallsDocument, describeCalls } from './calls.js';
import { type Document, nameRepeats } from './components.js';
import { transformNamed, transformRoute } from './transform.js';

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
          'GraphQL is at `/graphql`, its IDE at `/ide`. Failures are RFC 9457 problem details. ' +
          'Every path answers `OPTIONS` with its methods in `Allow`, refuses any other with 405 and the same header, and answers `HEAD` where it answers `GET`. ' +
          'A 415 lists what is taken in `Accept-Post` (of a PUT in `Accept`).',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      // Where a call does not say otherwise: what is public without a token, and all with one that reads.
      security: [{}, { token: ['read'] }],
      components: {
        schemas: { DocumentForm: documentForm },
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: '令牌 A token, `xb_…`, as `Authorization: Bearer`; the scope it needs is named at each call',
          },
        },
      },
      tags: [
        { name: 'entry', description: '入口 What there is, and what failures mean' },
        { name: 'reports', description: '报告 Reports: filed, revised, read, withdrawn' },
        { name: 'review', description: '审核 Accepting and returning, notes on findings, locked years' },
        {
          name: 'filings',
          description: '报送情况 Where agencies are with their reports, what was found, what was refused',
        },
        { name: 'access', description: '令牌与日志 Tokens, and the log of what was done' },
        { name: 'subscriptions', description: '订阅 Word of what changed, sent to an address' },
        { name: 'rollups', description: '汇总 Sums by county, prefecture, province and nation' },
        { name: 'register', description: '名录 Divisions and agencies, with dated states' },
        { name: 'documents', description: '文件 Documents read without storing, printed forms, blank forms' },
        { name: 'imports', description: '批量报送 Many filings at once' },
        { name: 'exports', description: '导出 Everything as CSV, NDJSON or Excel' },
        { name: 'forms', description: '格式与规则 The printed forms and the checks' },
      ],
    },
    transform: describeRoute,
    transformObject: (document) => completeDocument(transformNamed(document)),
  });
  await rest.register(async (docs) => {
    declareScope(docs, 'public');
    docs.addHook('onRoute', (route) => {
      if (/\/(?:json|yaml)$/.test(route.url)) route.config = { ...route.config, cost: documentCost };
    });
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy });
  });
  rest.get('/openapi.json', { config: { scope: 'public', cost: documentCost }, schema: { hide: true } }, async () =>
    rest.swagger(),
  );
}

const file = { type: 'string', format: 'binary' } as const;

const documentForm: OpenAPIV3_1.SchemaObject = {
  type: 'object',
  required: ['file'],
  properties: { file: { ...file, description: '一份文件 One document' } },
  description: '含一份文件的表单 A form that carries one document',
};

/** The media types of documents in a request body, and the form that carries one of them as its file. */
const documentContent = {
  ...Object.fromEntries(Object.keys(documentTypes).map((type) => [type, { schema: file }])),
  'multipart/form-data': { schema: { $ref: '#/components/schemas/DocumentForm' } },
};

/** A route as the document has it, with who may call it and every media type of a route that takes documents. */
const describeRoute: typeof transformRoute = (input) => {
  const described = transformRoute(input);
  const { scope = 'public', takesDocuments } = input.route.config ?? {};
  const security = scope === 'read' ? undefined : securityOf(scope);
  const schema = { ...described.schema, ...(security && { security }) };
  if (!takesDocuments || described.schema.hide) return { ...described, schema };
  const json = takesDocuments === 'only' ? {} : { 'application/json': { schema: described.schema.body } };
  return { ...described, schema: { ...schema, body: { content: { ...json, ...documentContent } } } };
};

/** Alternatives, any of which will do: no token at all (an empty one), or one with a scope. */
function securityOf(scope: RouteScope): readonly Readonly<Record<string, readonly string[]>>[] {
  if (scope === 'public') return [];
  const scopes = typeof scope === 'string' ? [scope] : scope;
  return scopes.map((name) => ({ token: [name] }));
}

type Transformed = ReturnType<typeof transformNamed>;

function completeDocument(document: Transformed): Transformed {
  // The provider and the plugin type the document as they build it; here it is walked as the JSON that is served.
  return nameRepeats(describeCalls(document as unknown as CallsDocument) as Document) as unknown as Transformed;
}
