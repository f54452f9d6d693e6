/** `/v1/reports`: file, revise, read, list, withdraw. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dayInChina, type Filed, fileReport, withdrawReport } from '../report/file.js';
import { agencyCode, filingBody, filingBodyAt, parseFiling } from '../report/filing.js';
import { readReport, readReports, readRevision, readRevisions } from '../report/read.js';
import type { Db } from '../store/schema.js';
import { answers, reportAnswer, reportBody, reportSchema, revisionBody, revisionSchema } from './bodies.js';
import { actOf, isNotModified, prefersLenient, readHandling, readIfMatch } from './conditions.js';
import {
  after,
  cursorOf,
  defaultFirst,
  divisionCode,
  dryRun,
  first,
  keyOf,
  readableYear,
  reportPath,
  year,
} from './parameters.js';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReportRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['reports'];
  // A filing is parsed by the use case, which knows cells and labels; here its schema only documents it.
  const inHandler = { validatorCompiler: documentedOnly(app) };

  routes.post(
    '/v1/reports',
    {
      ...inHandler,
      schema: {
        tags,
        summary: '报送 File a report',
        description:
          '201 新建；200 内容相同，未变；409 已有不同内容；422 内容或勾稽关系有误，未保存。`Prefer: handling=lenient` 照原样保存并附核对结果。 ' +
          '201 created; 200 the same content again; 409 other content is filed; 422 nothing stored.',
        querystring: z.object({ dryRun }),
        body: filingBody,
        response: answers({ 201: reportSchema, 200: reportSchema }, 400, 404, 409, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const filing = parseFiling(request.body, dayInChina(act.now));
      const filed = await fileReport(db, act, filing, readHandling(request, 'post', request.query.dryRun));
      return answerFiled(request, reply, filed);
    },
  );

  routes.put(
    '/v1/reports/:agency/:year',
    {
      ...inHandler,
      schema: {
        tags,
        summary: '报送或修订 File or revise a report',
        description:
          '201 新建；200 修订或未变；修订须带 `If-Match`（428、412）和 `reason`。 A revision needs If-Match and a reason.',
        params: reportPath,
        querystring: z.object({ dryRun }),
        body: filingBodyAt,
        response: answers({ 201: reportSchema, 200: reportSchema }, 400, 404, 412, 413, 415, 422, 428),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const filing = parseFiling(request.body, dayInChina(act.now), request.params);
      const filed = await fileReport(db, act, filing, readHandling(request, 'put', request.query.dryRun));
      return answerFiled(request, reply, filed);
    },
  );

  routes.get(
    '/v1/reports/:agency/:year',
    {
      schema: {
        tags,
        summary: '读取报告 Read a report with its findings',
        params: reportPath,
        response: answers({ 200: reportSchema, 304: z.null().describe('未变 Not modified') }, 400, 404),
      },
    },
    async (request, reply) => {
      const { agency, year: asked } = request.params;
      const answer = reportAnswer(await readReport(db, agency, readableYear(asked, clock())));
      reply.header('etag', answer.etag);
      if (isNotModified(request, answer.etag)) return reply.code(304).send();
      return reply.type('application/json; charset=utf-8').send(answer.payload);
    },
  );

  routes.delete(
    '/v1/reports/:agency/:year',
    {
      schema: {
        tags,
        summary: '撤回 Withdraw a report; its revisions stay readable',
        params: reportPath,
        querystring: z.object({ dryRun, reason: z.string().min(1).max(1000).optional().describe('原因 Why') }),
        response: answers({ 204: z.null().describe('已撤回 Withdrawn') }, 400, 404, 412, 428),
      },
    },
    async (request, reply) => {
      const { reason = null, dryRun: dry } = request.query;
      const ifMatch = readIfMatch(request);
      const at = { ...request.params, year: readableYear(request.params.year, clock()), reason };
      await withdrawReport(db, actOf(request, clock), at, {
        dryRun: dry,
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
      return reply.code(204).send();
    },
  );

  routes.get(
    '/v1/reports/:agency/:year/revisions',
    {
      schema: {
        tags,
        summary: '历次版本 Every revision: when, by whom, why, and the cells that changed',
        params: reportPath,
        response: answers({ 200: z.object({ items: z.array(revisionSchema) }) }, 400, 404),
      },
    },
    async (request) => {
      const { revisions } = await readRevisions(db, request.params.agency, readableYear(request.params.year, clock()));
      return { items: revisions.map((revision) => revisionBody(revision, 'brief')) };
    },
  );

  routes.get(
    '/v1/reports/:agency/:year/revisions/:number',
    {
      schema: {
        tags,
        summary: '某一版本 One revision in full',
        params: reportPath.extend({
          number: z
            .string()
            .regex(/^\d{1,9}$/)
            .transform(Number)
            .describe('版本号 Number of the revision, from 1'),
        }),
        response: answers({ 200: revisionSchema }, 400, 404),
      },
    },
    async (request) => {
      const { agency, number } = request.params;
      const { revision } = await readRevision(db, agency, readableYear(request.params.year, clock()), number);
      return revisionBody(revision, 'whole');
    },
  );

  routes.get(
    '/v1/reports',
    {
      schema: {
        tags,
        summary: '列出报告 List reports',
        description: '按首次报送顺序；下一页见 `Link: rel=next`。 In the order of filing; the next page is in Link.',
        querystring: z.object({
          county: divisionCode.optional(),
          agency: agencyCode.optional(),
          year: year.optional(),
          updatedAfter: z.iso.datetime({ offset: true }).optional().describe('此后报送或修订的 Filed or revised after'),
          first,
          after,
        }),
        response: answers({ 200: z.object({ items: z.array(reportSchema), totalCount: z.int() }) }, 400, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, updatedAfter, ...query } = request.query;
      const instant = updatedAfter === undefined ? undefined : new Date(updatedAfter).toISOString();
      const page = await readReports(
        db,
        { ...query, updatedAfter: instant },
        { first: size, ...(cursor === undefined ? {} : { after: Number(keyOf(cursor, /^\d{1,15}$/)) }) },
      );
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.row.id));
      return { items: page.items.map(reportBody), totalCount: page.total };
    },
  );
}

function answerFiled(request: FastifyRequest, reply: FastifyReply, filed: Filed): FastifyReply {
  const { payload, etag } = reportAnswer(filed);
  const path = `/v1/reports/${filed.agency.code}/${filed.row.year}`;
  if (prefersLenient(request)) reply.header('preference-applied', 'handling=lenient');
  if (filed.outcome === 'created') reply.header('location', path);
  return reply
    .code(filed.outcome === 'created' ? 201 : 200)
    .header('etag', etag)
    .type('application/json; charset=utf-8')
    .send(payload);
}

/** Names the next page in a Link header (RFC 8288), the query as it was with another cursor. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string): void {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('after', cursor);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}

function documentedOnly(app: FastifyInstance) {
  const compile = app.validatorCompiler;
  if (!compile) throw new Error('the REST scope has a validator compiler');
  return (route: Parameters<typeof compile>[0]) =>
    route.httpPart === 'body' ? (value: unknown) => ({ value }) : compile(route);
}
