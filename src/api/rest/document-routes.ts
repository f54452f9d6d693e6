/** Documents read without storing them, and printed forms by their extension. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dayInChina } from '../../day.js';
import { Problem } from '../../problem.js';
import { agencyCode } from '../../register/codes.js';
import { assessDocument, printAssessment } from '../../report/document/assessment.js';
import { readReport } from '../../report/report-view.js';
import { readRollup } from '../../rollup/rollup.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { divisionCode, readableYear, reportPath, year } from '../http/parameters.js';
import { readUpload, takeDocuments } from '../http/upload.js';
import { looksAtAgency, looksAtDivision } from '../kept/looks.js';
import { responses } from './body/problem-bodies.js';
import { readingSchema } from './body/reading-bodies.js';
import { reportSchema } from './body/report-bodies.js';
import { rollupSchema } from './body/rollup-bodies.js';
import { sendReport, sendRollup } from './print/printing.js';
import { everyRepresentation, extensionNamed, extensions, writingCost } from './print/representations.js';
import { askedOfRollup, rollupCost, rollupQuery } from './reference-routes.js';

const extension = soundText
  .max(10)
  .meta({ label: { zh: `格式：${extensions.join('、')}`, en: `One of ${extensions.join(', ')}` } });

/** Registers the routes on an instance that compiles zod schemas. */
export function registerDocumentRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerReadings(app, db, clock);
  registerPrinted(app, db, clock);
}

function registerReadings(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.register(async (scope) => {
    await takeDocuments(scope);
    scope.withTypeProvider<ZodTypeProvider>().post(
      '/v1/readings',
      {
        config: { scope: 'file', takesDocuments: 'only', onlyReads: true },
        schema: {
          tags: ['documents'],
          summary: '读取文件而不保存 Read a document without storing it',
          description:
            '读出各格及其原文、主动公开条数、互动、六个部分，并列出疑问和核对结果。 ' +
            'The figures, each cell with the text it was read from, published items, engagement, the six sections, every doubt, and the findings of the checks.',
          querystring: z.strictObject({
            agency: agencyCode.optional().meta({
              label: { zh: '机关代码；省略时按文件所写查名录', en: 'Whose it is; else what it says is looked up' },
            }),
            year: year
              .optional()
              .meta({ label: { zh: '年度；省略时按文件所写', en: 'Report year; else what the document says' } }),
          }),
          response: responses({ 200: readingSchema }, 400, 404, 413, 415, 422),
        },
      },
      async (request) => {
        const document = await readUpload(request);
        if (!document) {
          throw new Problem('unsupported-media-type', {
            zh: '请发送文件并注明媒体类型。',
            en: 'Send a document with its media type.',
          });
        }
        return printAssessment(await assessDocument(db, request.reader, document, request.query, dayInChina(clock())));
      },
    );
  });
}

function registerPrinted(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/reports/:agency/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: writingCost, looksAt: looksAtAgency },
      schema: {
        tags: ['documents'],
        summary: '下载印制的报告 A report in one representation',
        params: reportPath.extend({ extension }),
        response: {
          ...responses({ 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) }, 400, 404),
          200: everyRepresentation(reportSchema, '报告 The report'),
        },
      },
    },
    async (request, reply) => {
      const { agency, year: asked, extension: name } = request.params;
      const chosen = extensionNamed(name);
      return sendReport(
        db,
        request,
        reply,
        await readReport(db, request.reader, agency, readableYear(asked, clock())),
        chosen,
      );
    },
  );

  routes.get(
    '/v1/rollups/:division/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: rollupCost, looksAt: looksAtDivision },
      schema: {
        tags: ['documents'],
        summary: '下载印制的汇总 A rollup in one representation',
        params: z.object({ division: divisionCode, year, extension }),
        querystring: askedOfRollup,
        response: { ...responses({}, 400, 404), 200: everyRepresentation(rollupSchema, '汇总 The rollup') },
      },
    },
    async (request, reply) => {
      const { division, year: asked, extension: name } = request.params;
      const chosen = extensionNamed(name);
      const now = clock();
      const wanted = rollupQuery(request.query, readableYear(asked, now), now);
      return sendRollup(request, reply, await readRollup(db, request.reader, division, wanted), chosen);
    },
  );
}
