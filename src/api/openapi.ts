/** OpenAPI 3.1 from the very schemas that the routes are checked by, at `/openapi.json`, with `/docs` to read it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransformObject, validatorCompiler } from 'fastify-type-provider-zod';
import { declareScope } from './caller.js';
import { describeRoutes } from './upload.js';

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
    transform: describeRoutes,
    transformObject: (document) => dropUnused(jsonSchemaTransformObject(document)),
  });
  await rest.register(async (docs) => {
    declareScope(docs, 'public');
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: policy });
  });
  rest.get('/openapi.json', { config: { scope: 'public' }, schema: { hide: true } }, async () => rest.swagger());
}

type Transformed = ReturnType<typeof jsonSchemaTransformObject>;

/** Every schema is written for requests and for answers; what no call refers to, at first or further hand, is dropped. */
function dropUnused(document: Transformed): Transformed {
  if (!('components' in document) || !document.components?.schemas) return document;
  const schemas = document.components.schemas;
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name] ?? null);
    }
  };
  visit(document.paths ?? {});
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  // Only schemas were taken away, so the document keeps its type.
  return { ...document, components: { ...document.components, schemas: kept } } as Transformed;
}
