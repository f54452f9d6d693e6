/** What reviewers do: decide about reports, say what a finding is, lock years. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agencyCode } from '../../register/codes.js';
import { endException, exceptAgency, type LockView, lockYear, readLocks, unlockYear } from '../../report/lock.js';
import type { ReadReport } from '../../report/report-view.js';
import { noteFinding, reviewReport } from '../../report/review.js';
import type { Db } from '../../store/engine/schema.js';
import { actOf } from '../http/conditions.js';
import { sendOnce } from '../http/idempotency.js';
import { divisionCode, dryRun, readableYear, reportPath, year } from '../http/parameters.js';
import { reportAnswer, reportSchema, responses } from './bodies.js';

const rehearsal = z.strictObject({ dryRun });
const words = z.string().trim().min(1).max(2000);

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReviewRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerDecisions(app, db, clock);
  registerNotes(app, db, clock);
  registerLocks(app, db, clock);
  registerExceptions(app, db, clock);
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
              .describe('所审版本；非现行版本则 412 The revision looked at; 412 when another stands'),
            reason: words.nullable().default(null).describe('原因，退回时必填 Why; needed for a return'),
          })
          .describe('审核意见 A decision'),
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
            code: z.string().min(1).max(40).describe('规则 Code of the finding'),
            pointer: z.string().min(1).max(300).describe('位置 Pointer of the finding'),
            standing: z.enum(['CONFIRMED', 'EXPLAINED', 'OPEN']),
            text: z.string().trim().max(2000).default('').describe('说明 The words'),
          })
          .refine(({ standing, text }) => standing === 'OPEN' || text !== '', {
            path: ['text'],
            error: 'say it in words 须填写说明',
          })
          .describe('对一项核对结果的说明 What is said of a finding'),
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

const day = z.iso.date().describe('YYYY-MM-DD');
const instant = z.iso.datetime().describe('UTC');
const lockSchema = z
  .object({
    division: z.object({ code: z.string(), name: z.string(), level: z.string() }),
    year: z.int(),
    since: day.describe('自该日起不再接受报送 The first day on which nothing is filed any more'),
    reason: z.string(),
    actor: z.string(),
    at: instant,
    exceptions: z.array(
      z.object({
        agency: z.string(),
        name: z.string(),
        until: day.nullable(),
        reason: z.string(),
        actor: z.string(),
        at: instant,
      }),
    ),
  })
  .meta({ id: 'Lock', description: '锁定的年度 A year closed to filing' });

const lockPath = z.object({ division: divisionCode, year });
const exceptionPath = lockPath.extend({ agency: agencyCode });

function registerLocks(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/divisions/:division/locks',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['review'],
        summary: '锁定的年度 The years locked for a division itself',
        params: z.object({ division: divisionCode }),
        response: responses({ 200: z.object({ items: z.array(lockSchema) }) }, 400, 404),
      },
    },
    async (request) => ({ items: (await readLocks(db, request.params.division, clock())).map(lockBody) }),
  );

  routes.put(
    '/v1/divisions/:division/locks/:year',
    {
      config: { scope: 'review' },
      schema: {
        tags: ['review'],
        summary: '锁定年度 Close a year to filing for a division and all below it',
        params: lockPath,
        querystring: rehearsal,
        body: z.strictObject({ since: day, reason: words }).describe('锁定 A lock'),
        response: responses({ 200: lockSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request) => {
      const { division, year: asked } = request.params;
      const act = actOf(request, clock);
      const at = { division, year: readableYear(asked, act.now) };
      return lockBody(await lockYear(db, act, at, request.body, request.query));
    },
  );

  routes.delete(
    '/v1/divisions/:division/locks/:year',
    {
      config: { scope: 'review' },
      schema: {
        tags: ['review'],
        summary: '解锁 Open a year again',
        params: lockPath,
        querystring: rehearsal,
        response: responses({ 204: z.null().describe('已解锁 Open') }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await unlockYear(db, actOf(request, clock), request.params, request.query);
      return reply.code(204).send();
    },
  );
}

function registerExceptions(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.put(
    '/v1/divisions/:division/locks/:year/exceptions/:agency',
    {
      config: { scope: 'review' },
      schema: {
        tags: ['review'],
        summary: '设例外 Let an agency file for a locked year',
        params: exceptionPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            until: day
              .nullable()
              .default(null)
              .describe('最后一日；null 为不限 The last day; null as long as the lock holds'),
            reason: words,
          })
          .describe('例外 An exception'),
        response: responses({ 200: lockSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request) => {
      const { agency, ...at } = request.params;
      const terms = { agency, ...request.body };
      return lockBody(await exceptAgency(db, actOf(request, clock), at, terms, request.query));
    },
  );

  routes.delete(
    '/v1/divisions/:division/locks/:year/exceptions/:agency',
    {
      config: { scope: 'review' },
      schema: {
        tags: ['review'],
        summary: '取消例外 Take an exception back',
        params: exceptionPath,
        querystring: rehearsal,
        response: responses({ 204: z.null().describe('已取消 Taken back') }, 400, 401, 403, 404, 422),
      },
    },
    async (request, reply) => {
      await endException(db, actOf(request, clock), request.params, request.query);
      return reply.code(204).send();
    },
  );
}

function lockBody({ exceptions, ...lock }: LockView) {
  return { ...lock, exceptions: [...exceptions] };
}
