/** What reviewers do: decide about reports, say what a finding is, lock years. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ReadReport } from '../../report/report-view.js';
import { noteFinding, reviewReport } from '../../report/review.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { actOf } from '../http/conditions.js';
import { sendOnce } from '../http/idempotency.js';
import { readableYear, rehearsal, reportPath } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { reportAnswer, reportSchema } from './body/report-bodies.js';

const words = soundText.trim().min(1).max(2000);

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReviewRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerDecisions(app, db, clock);
  registerNotes(app, db, clock);
}

function registerDecisions(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/reports/:agency/:year/reviews',
    {
      config: { scope: 'review' },
      schema: {
        tags: ['review'],
        summary: '审核：通过或退回 Accept the revision that stands, or return it with a reason',
        description:
          '通过后更正为新版本，原通过的版本仍可读取并留在“审核通过”的汇总中，直至新版本通过；退回已通过的版本即撤销通过。 ' +
          'A correction after acceptance is a new revision: what was accepted stays readable, and in the sums of what was accepted, until the correction is. To return what was accepted takes the acceptance back.',
        params: reportPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            decision: z.enum(['ACCEPTED', 'RETURNED']),
            revision: z
              .int()
              .min(1)
              .meta({
                label: { zh: '所审版本；非现行版本则 412', en: 'The revision looked at; 412 when another stands' },
              }),
            reason: words
              .nullable()
              .default(null)
              .meta({ label: { zh: '原因，退回时必填', en: 'Why; needed for a return' } }),
          })
          .meta({ label: { zh: '审核意见', en: 'A decision' } }),
        response: responses({ 200: reportSchema }, 400, 401, 403, 404, 409, 412, 415, 422),
      },
    },
    async (request, reply) => {
      const { agency } = request.params;
      const act = actOf(request, clock);
      const asked = { agency, year: readableYear(request.params.year, act.now), ...request.body };
      return sendOnce<ReadReport>(db, request, reply, {
        now: act.now,
        asked: request.body,
        dryRun: request.query.dryRun,
        work: (commit) => reviewReport(db, act, asked, commit),
        answer: answerOf,
      });
    },
  );
}

function registerNotes(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.withTypeProvider<ZodTypeProvider>().put(
    '/v1/reports/:agency/:year/notes',
    {
      config: { scope: ['file', 'review'] },
      schema: {
        tags: ['review'],
        summary: '说明核对结果 Say of a finding that it is so, or why',
        description:
          '报送者可说明（EXPLAINED），审核者还可确认（CONFIRMED）；OPEN 收回。说明不因重新核对而丢失。 ' +
          'Who files may explain, who reviews may confirm too; OPEN takes it back. It stays when findings are made anew.',
        params: reportPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            code: soundText
              .min(1)
              .max(40)
              .meta({ label: { zh: '规则', en: 'Code of the finding' } }),
            pointer: soundText
              .min(1)
              .max(300)
              .meta({ label: { zh: '位置', en: 'Pointer of the finding' } }),
            standing: z.enum(['CONFIRMED', 'EXPLAINED', 'OPEN']),
            text: soundText
              .trim()
              .max(2000)
              .default('')
              .meta({ label: { zh: '说明', en: 'The words' } }),
          })
          .refine(({ standing, text }) => standing === 'OPEN' || text !== '', {
            path: ['text'],
            error: 'say it in words',
            params: { zh: '须填写说明' },
          })
          .meta({ label: { zh: '对一项核对结果的说明', en: 'What is said of a finding' } }),
        response: responses({ 200: reportSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const { agency } = request.params;
      const { standing, ...rest } = request.body;
      const said = { agency, year: readableYear(request.params.year, act.now), status: standing, ...rest };
      const { status, headers, body } = answerOf(await noteFinding(db, act, said, request.query));
      return reply.code(status).headers(headers).send(body);
    },
  );
}

function answerOf(report: ReadReport) {
  const { payload, etag } = reportAnswer(report);
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', etag }, body: payload };
}
