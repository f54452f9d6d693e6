/** `/v1/divisions/{division}/locks`: years are closed to filing, with exceptions. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agencyCode } from '../../register/codes.js';
import { endException, exceptAgency, type LockView, lockYear, readLocks, unlockYear } from '../../report/lock.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { actOf } from '../http/conditions.js';
import { divisionCode, readableYear, rehearsal, year } from '../http/parameters.js';
import { looksAtRegister } from '../kept/looks.js';
import { divisionNamed, instant, integer } from './body/body-parts.js';
import { responses } from './body/problem-bodies.js';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerLockRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerLocks(app, db, clock);
  registerExceptions(app, db, clock);
}

const reason = soundText.trim().min(1).max(2000);
const day = z.iso.date().meta({ label: { zh: '日期', en: 'A day, YYYY-MM-DD' } });
const lockSchema = z
  .object({
    division: divisionNamed,
    year: integer,
    since: day.meta({ label: { zh: '自该日起不再接受报送', en: 'The first day on which nothing is filed any more' } }),
    reason: z.string(),
    actor: z.string().nullable(),
    at: instant,
    exceptions: z.array(
      z.object({
        agency: z.string(),
        name: z.string(),
        until: day.nullable(),
        reason: z.string(),
        actor: z.string().nullable(),
        at: instant,
      }),
    ),
  })
  .meta({ id: 'Lock', label: { zh: '锁定的年度', en: 'A year closed to filing' } });

const lockPath = z.object({ division: divisionCode, year });
const exceptionPath = lockPath.extend({ agency: agencyCode });

function registerLocks(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/divisions/:division/locks',
    {
      config: { scope: 'read', looksAt: looksAtRegister },
      schema: {
        tags: ['review'],
        summary: '锁定的年度 The years locked for a division itself',
        params: z.object({ division: divisionCode }),
        response: responses({ 200: z.object({ items: z.array(lockSchema) }) }, 400, 404),
      },
    },
    async (request) => ({
      items: (await readLocks(db, request.caller, request.params.division, clock())).map(lockBody),
    }),
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
        body: z.strictObject({ since: day, reason }).meta({ label: { zh: '锁定', en: 'A lock' } }),
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
        response: responses({ 204: z.null().meta({ label: { zh: '已解锁', en: 'Open' } }) }, 400, 401, 403, 404),
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
              .meta({ label: { zh: '最后一日；null 为不限', en: 'The last day; null as long as the lock holds' } }),
            reason,
          })
          .meta({ label: { zh: '例外', en: 'An exception' } }),
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
        response: responses(
          { 204: z.null().meta({ label: { zh: '已取消', en: 'Taken back' } }) },
          400,
          401,
          403,
          404,
          422,
        ),
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
