/** `/v1`: what there is; `/problems`: what each failure means. Where somebody begins who knows nothing but the address. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem, problems } from '../../../problem.js';
import { soundText } from '../../../text.js';
import { documentCost } from '../../admission/cost.js';
import { findAcceptedType } from '../../http/accept.js';
import { markLanguage, sayTo } from '../../http/language.js';
import { integer } from '../body/body-parts.js';
import { responses } from '../body/problem-bodies.js';
import { explanations } from './explanations.js';
import { type ExplainedProblem, writeProblemPage, writeProblemsPage } from './problem-page.js';

const tags = ['entry'];

const explained: readonly ExplainedProblem[] = problems.map(({ name, status, title }) => ({
  type: `/problems/${name}`,
  status,
  title,
  ...explanations[name],
}));

const explanationSchema = z
  .object({
    type: z.string(),
    status: integer,
    title: z.string(),
    meaning: z.string().meta({ label: { zh: '含义', en: 'What it means' } }),
    next: z.string().meta({ label: { zh: '如何处理', en: 'What to do next' } }),
  })
  .meta({
    id: 'Explanation',
    label: { zh: '对一类失败的说明，语言依 Accept-Language', en: 'What a failure means, by Accept-Language' },
  });

const entrySchema = z
  .object({
    name: z.string(),
    links: z
      .record(z.string(), z.string())
      .meta({ label: { zh: '各入口的地址', en: 'Addresses of what stands beside the calls' } }),
    calls: z
      .array(z.object({ method: z.string(), path: z.string(), id: z.string(), summary: z.string() }))
      .meta({ label: { zh: '各接口', en: 'Every call, by its name in the OpenAPI document' } }),
  })
  .meta({ id: 'Entry', label: { zh: '服务一览', en: 'What the service has' } });

/** What stands beside the calls of the document. */
const links = {
  openapi: '/openapi.json',
  documentation: '/docs',
  graphql: '/graphql',
  graphqlSchema: '/schema.graphql',
  graphqlIde: '/ide',
  problems: '/problems',
  live: '/health/live',
  ready: '/health/ready',
} as const;

/** Registers the routes on an instance that compiles zod schemas and has the document. */
export function registerEntryRoutes(app: FastifyInstance): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const config = { scope: 'public' } as const;

  routes.get(
    '/v1',
    {
      config: { ...config, cost: documentCost },
      schema: {
        tags,
        summary: '服务一览 What there is: every call, and where to read about it',
        response: responses({ 200: entrySchema }),
      },
    },
    async () => ({ name: 'Xiangbao 乡报', links, calls: callsOf(app) }),
  );

  routes.get(
    '/problems',
    {
      config,
      schema: {
        tags,
        summary: '失败类型 Every failure, with what it means and what to do next',
        response: {
          ...responses({}, 406),
          200: pageOr(z.object({ items: z.array(explanationSchema) }), '全部失败类型 Every failure'),
        },
      },
    },
    async (request, reply) => {
      const say = sayTo(request);
      const items = () => explained.map((problem) => explanationBody(problem, request));
      return send(request, reply, { json: () => ({ items: items() }), html: () => writeProblemsPage(explained, say) });
    },
  );

  routes.get(
    '/problems/:name',
    {
      config,
      schema: {
        tags,
        summary: '对一类失败的说明 What a failure means and what to do next',
        params: z.object({
          name: soundText.max(100).meta({ label: { zh: '失败的 type 的末段', en: 'The last part of its type' } }),
        }),
        response: { ...responses({}, 404, 406), 200: pageOr(explanationSchema, '说明 The explanation') },
      },
    },
    async (request, reply) => {
      const problem = explained.find(({ type }) => type === `/problems/${request.params.name}`);
      if (!problem) {
        throw new Problem('not-found', {
          zh: '没有该失败类型，见 /problems。',
          en: 'There is no failure of that name; /problems lists them.',
        });
      }
      return send(request, reply, {
        json: () => explanationBody(problem, request),
        html: () => writeProblemPage(problem, sayTo(request)),
      });
    },
  );
}

/** The calls of the document, so that none is forgotten here. */
function callsOf(app: FastifyInstance): readonly z.output<typeof entrySchema>['calls'][number][] {
  return Object.entries(app.swagger().paths ?? {}).flatMap(([path, item]) =>
    Object.entries<{ operationId?: string; summary?: string }>(item ?? {}).map(
      ([method, { operationId = '', summary = '' }]) => ({
        method: method.toUpperCase(),
        path,
        id: operationId,
        summary,
      }),
    ),
  );
}

function explanationBody({ type, status, title, meaning, next }: ExplainedProblem, request: FastifyRequest) {
  const say = sayTo(request);
  return { type, status, title: say(title), meaning: say(meaning), next: say(next) };
}

const types = ['application/json', 'text/html'] as const;

function pageOr(json: z.ZodType, description: string) {
  return { description, content: { 'application/json': { schema: json }, 'text/html': { schema: z.string() } } };
}

/** Sends JSON, or the page where a browser asks. Throws `not-acceptable`. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { json, html }: { readonly json: () => object; readonly html: () => string },
): FastifyReply {
  const type = findAcceptedType(request.headers.accept, types);
  reply.header('vary', 'Accept');
  markLanguage(request, reply);
  if (type === 'text/html') return reply.type('text/html; charset=utf-8').send(html());
  if (type) return reply.type('application/json; charset=utf-8').send(JSON.stringify(json()));
  throw new Problem(
    'not-acceptable',
    { zh: '没有 Accept 所要求的格式。', en: `There is ${types.join(' and ')}, nothing that the Accept header takes.` },
    { available: types },
  );
}
