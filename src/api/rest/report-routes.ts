/** `/v1/reports`: file, revise, read, list, withdraw. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Answer } from '../../access/idempotency.js';
import { dayInChina } from '../../day.js';
import { agencyCode } from '../../register/codes.js';
import { type Filed, fileReport } from '../../report/file.js';
import { filingBody, filingBodyAt } from '../../report/filing.js';
import { readReports } from '../../report/report-list.js';
import { readReport } from '../../report/report-view.js';
import { readRevision, readRevisions } from '../../report/revisions.js';
import { withdrawReport } from '../../report/withdraw.js';
import type { Db } from '../../store/engine/schema.js';
import { reportStates } from '../../words.js';
import { actOf, prefersLenient, readHandling, readIfMatch } from '../http/conditions.js';
import { sendOnce } from '../http/idempotency.js';
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
} from '../http/parameters.js';
import { type TakenFiling, takeDocuments, takeFiling } from '../http/upload.js';
import { reportAnswer, reportBody, reportSchema, responses, revisionBody, revisionSchema } from './bodies.js';
import { sendReport } from './printing.js';
import { filedSchema } from './reading-body.js';
import { acceptedExtension, everyRepresentation } from './representations.js';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReportRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['reports'];
  app.register(async (scope) => registerFiling(scope, db, clock));

  routes.get(
    '/v1/reports/:agency/:year',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '读取报告 Read a report with its findings',
        description:
          '按 Accept 或扩展名给出 JSON 或印制的表格。 As JSON or as the printed form, by Accept or extension.',
        params: reportPath,
        response: {
          ...responses({ 304: z.null().describe('未变 Not modified') }, 400, 404, 406),
          200: everyRepresentation(reportSchema, '报告 The report'),
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'Accept');
      const { agency, year: asked } = request.params;
      const extension = acceptedExtension(request);
      return sendReport(
        db,
        request,
        reply,
        await readReport(db, request.reader, agency, readableYear(asked, clock())),
        extension,
      );
    },
  );

  routes.delete(
    '/v1/reports/:agency/:year',
    {
      config: { scope: ['file', 'review'] },
      schema: {
        tags,
        summary: '撤回 Withdraw a report; its revisions stay readable',
        params: reportPath,
        querystring: z.strictObject({ dryRun, reason: z.string().min(1).max(1000).optional().describe('原因 Why') }),
        response: responses({ 204: z.null().describe('已撤回 Withdrawn') }, 400, 401, 403, 404, 409, 412, 428),
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
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '历次版本 Every revision: when, by whom, why, and the cells that changed',
        params: reportPath,
        response: responses({ 200: z.object({ items: z.array(revisionSchema) }) }, 400, 404),
      },
    },
    async (request) => {
      const { revisions } = await readRevisions(
        db,
        request.reader,
        request.params.agency,
        readableYear(request.params.year, clock()),
      );
      return { items: revisions.map((revision) => revisionBody(revision, 'brief')) };
    },
  );

  routes.get(
    '/v1/reports/:agency/:year/revisions/:number',
    {
      config: { scope: 'read' },
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
        response: responses({ 200: revisionSchema }, 400, 404),
      },
    },
    async (request) => {
      const { agency, number } = request.params;
      const { revision } = await readRevision(
        db,
        request.reader,
        agency,
        readableYear(request.params.year, clock()),
        number,
      );
      return revisionBody(revision, 'whole');
    },
  );

  routes.get(
    '/v1/reports',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '列出报告 List reports',
        description: '按首次报送顺序；下一页见 `Link: rel=next`。 In the order of filing; the next page is in Link.',
        querystring: z.strictObject({
          county: divisionCode.optional(),
          agency: agencyCode.optional(),
          year: year.optional(),
          state: z.enum(reportStates).optional().describe('状态 Where they are: submitted, accepted or returned'),
          updatedAfter: z.iso.datetime({ offset: true }).optional().describe('此后报送或修订的 Filed or revised after'),
          first,
          after,
        }),
        response: responses({ 200: z.object({ items: z.array(reportSchema), totalCount: z.int() }) }, 400, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, updatedAfter, ...query } = request.query;
      const instant = updatedAfter === undefined ? undefined : new Date(updatedAfter).toISOString();
      const page = await readReports(
        db,
        request.reader,
        { ...query, updatedAfter: instant },
        { first: size, ...(cursor === undefined ? {} : { after: Number(keyOf(cursor, /^\d{1,15}$/)) }) },
      );
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.row.id));
      return { items: page.items.map(reportBody), totalCount: page.total };
    },
  );
}

/** The routes that take a report, as JSON or as the document itself. */
async function registerFiling(scope: FastifyInstance, db: Db, clock: () => Date): Promise<void> {
  await takeDocuments(scope);
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const reason = z.string().min(1).max(1000).optional().describe('文件的修订原因 Why a document revises what is filed');
  const shared = {
    // A filing is parsed by the use case, which knows cells and labels; here its schema only documents it.
    validatorCompiler: documentedOnly(scope),
    config: { takesDocuments: 'beside JSON', scope: 'file' },
  } as const;

  routes.post(
    '/v1/reports',
    {
      ...shared,
      schema: {
        tags: ['reports'],
        summary: '报送 File a report',
        description:
          '201 新建；200 内容相同，未变；409 已有不同内容；422 内容或勾稽关系有误，未保存。`Prefer: handling=lenient` 照原样保存并附核对结果。 ' +
          '201 created; 200 the same content again; 409 other content is filed; 422 nothing stored. ' +
          '也可直接发送文件（文本、Markdown、HTML、docx、xlsx）。 The document itself is taken too; a cell that cannot be read is refused, or blank when lenient.',
        querystring: z.strictObject({
          dryRun,
          agency: agencyCode
            .optional()
            .describe('文件属于哪个机关 Whose a document is; else what it says is looked up'),
          year: year.optional().describe('文件的年度 Report year of a document; else what it says'),
          reason,
        }),
        body: filingBody,
        response: responses({ 201: filedSchema, 200: filedSchema }, 400, 404, 409, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const taken = await takeFiling(db, request, dayInChina(act.now), { stated: request.query });
      const handling = readHandling(request, 'post', request.query.dryRun);
      return sendOnce<Filed>(db, request, reply, {
        now: act.now,
        asked: taken.filing,
        dryRun: request.query.dryRun,
        work: (commit) => fileReport(db, act, taken.filing, { ...handling, ...commit }),
        answer: (filed) => filedAnswer(request, filed, taken.doubts),
      });
    },
  );

  routes.put(
    '/v1/reports/:agency/:year',
    {
      ...shared,
      schema: {
        tags: ['reports'],
        summary: '报送或修订 File or revise a report',
        description:
          '201 新建；200 修订或未变；修订须带 `If-Match`（428、412）和 `reason`。也可直接发送文件。 ' +
          'A revision needs If-Match and a reason. The document itself is taken too.',
        params: reportPath,
        querystring: z.strictObject({ dryRun, reason }),
        body: filingBodyAt,
        response: responses({ 201: filedSchema, 200: filedSchema }, 400, 404, 409, 412, 413, 415, 422, 428),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const at = request.params;
      const stated = { ...at, reason: request.query.reason };
      const taken = await takeFiling(db, request, dayInChina(act.now), { stated, at });
      const handling = readHandling(request, 'put', request.query.dryRun);
      const { status, headers, body } = filedAnswer(
        request,
        await fileReport(db, act, taken.filing, handling),
        taken.doubts,
      );
      return reply.code(status).headers(headers).send(body);
    },
  );
}

function filedAnswer(request: FastifyRequest, filed: Filed, doubts: TakenFiling['doubts']): Answer {
  const { payload, etag } = reportAnswer(filed);
  const created = filed.outcome === 'created';
  return {
    status: created ? 201 : 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      etag,
      ...(prefersLenient(request) && { 'preference-applied': 'handling=lenient' }),
      ...(created && { location: `/v1/reports/${filed.agency.code}/${filed.row.year}` }),
    },
    body: doubts ? `${payload.slice(0, -1)},"doubts":${JSON.stringify(doubts)}}` : payload,
  };
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
