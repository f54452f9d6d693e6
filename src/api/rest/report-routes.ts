/** `/v1/reports`: file, revise, read, list, withdraw. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { takeTurns } from '../../loop.js';
import { agencyCode } from '../../register/codes.js';
import { readReport } from '../../report/report-view.js';
import { readRevision, readRevisions } from '../../report/revisions.js';
import { readReports } from '../../report/shown/report-list.js';
import { withdrawReport } from '../../report/withdraw.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { reportStates } from '../../words.js';
import { pageCost } from '../admission/cost.js';
import { actOf, readIfMatch, readIfNoneMatch } from '../http/conditions.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../http/paging.js';
import { divisionAsked, divisionOrCounty, dryRun, readableYear, reportPath, year } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { reportSchema, writeReport } from './body/report-bodies.js';
import { revisionBody, revisionSchema } from './body/revision-bodies.js';
import { sendReport } from './print/printing.js';
import { acceptedExtension, everyRepresentation, writingCost } from './print/representations.js';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReportRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['reports'];

  routes.get(
    '/v1/reports/:agency/:year',
    {
      config: { scope: 'read', cost: writingCost },
      schema: {
        tags,
        summary: '读取报告 Read a report with its findings',
        description:
          '按 Accept 或扩展名给出 JSON 或印制的表格。 As JSON or as the printed form, by Accept or extension.',
        params: reportPath,
        response: {
          ...responses({ 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) }, 400, 404, 406),
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
        querystring: z.strictObject({
          dryRun,
          reason: soundText
            .min(1)
            .max(1000)
            .optional()
            .meta({ label: { zh: '原因', en: 'Why' } }),
        }),
        response: responses(
          { 204: z.null().meta({ label: { zh: '已撤回', en: 'Withdrawn' } }) },
          400,
          401,
          403,
          404,
          409,
          412,
          422,
          428,
        ),
      },
    },
    async (request, reply) => {
      const { reason = null, dryRun: dry } = request.query;
      const ifMatch = readIfMatch(request);
      const ifNoneMatch = readIfNoneMatch(request);
      const at = { ...request.params, year: readableYear(request.params.year, clock()), reason };
      await withdrawReport(db, actOf(request, clock), at, {
        dryRun: dry,
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
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
            .pipe(z.int())
            .meta({ label: { zh: '版本号', en: 'Number of the revision, from 1' } }),
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
      config: { scope: 'read', cost: pageCost(2, 0.15) },
      schema: {
        tags,
        summary: '列出报告 List reports',
        description: '按首次报送顺序；下一页见 `Link: rel=next`。 In the order of filing; the next page is in Link.',
        querystring: z.strictObject({
          county: divisionOrCounty.county,
          agency: agencyCode.optional(),
          division: divisionOrCounty.division,
          year: year.optional(),
          state: z
            .enum(reportStates)
            .optional()
            .meta({
              label: {
                zh: '所示版本的状态：已报送、已通过、已退回',
                en: 'State of what is shown: submitted, accepted or returned',
              },
            }),
          updatedAfter: z.iso
            .datetime({ offset: true })
            .optional()
            .meta({
              label: {
                zh: '所示版本的 updatedAt 晚于此刻的：此后报送、修订或审核的',
                en: 'Filed or revised or decided about after it: the updatedAt of what is shown is later',
              },
            }),
          first,
          after,
        }),
        response: responses({ 200: z.object({ items: z.array(reportSchema), totalCount: z.int() }) }, 400, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, updatedAfter, agency, year: asked, state } = request.query;
      const division = divisionAsked(request.query);
      const instant = updatedAfter === undefined ? undefined : new Date(updatedAfter).toISOString();
      const page = await readReports(
        db,
        request.reader,
        { division, agency, year: asked, state, updatedAfter: instant },
        { first: size, ...(cursor === undefined ? {} : { after: Number(keyOf(cursor, /^\d{1,15}$/)) }) },
      );
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.row.id));
      const letOthers = takeTurns();
      const texts: string[] = [];
      for (const report of page.items) {
        texts.push(writeReport(report));
        await letOthers();
      }
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"items":[${texts.join(',')}],"totalCount":${page.total}}`);
    },
  );
}
