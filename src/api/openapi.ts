/** OpenAPI 3.1 from the very schemas that the routes are checked by, at `/openapi.json`, with `/docs` to read it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject, validatorCompiler } from 'fastify-type-provider-zod';

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
        { name: 'rollups', description: '汇总 Sums by county, prefecture, province and nation' },
        { name: 'register', description: '名录 Divisions and agencies, with dated states' },
        { name: 'forms', description: '格式与规则 The printed forms and the checks' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await rest.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  rest.get('/openapi.json', { schema: { hide: true } }, async () => rest.swagger());
}
