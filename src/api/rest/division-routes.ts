/** `/v1/divisions`: divisions are read, and the days by which they file are set. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeDeadline } from '../../register/change/change.js';
import { deadlineFiler, deadlineYear, divisionLevel, dueDay } from '../../register/change/change-schemas.js';
import { readDivision, readDivisions } from '../../register/register-view.js';
import type { Db } from '../../store/engine/schema.js';
import { pageCost } from '../admission/cost.js';
import { actOf } from '../http/conditions.js';
import { after, codePage, cursorOf, first, linkNext } from '../http/paging.js';
import { divisionCode, rehearsal } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { deadlineChanged, divisionEntry, divisionRecord } from './body/register-bodies.js';

const tags = ['register'];
const deadlinePath = z.object({ division: divisionCode, year: deadlineYear });

/** Registers the routes on an instance that compiles zod schemas. */
export function registerDivisionRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerDivisions(app, db, clock);
  registerDeadlines(app, db, clock);
}

function registerDivisions(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/divisions/:division',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '行政区划 A division, with everything above it and the deadlines set for itself',
        params: z.object({ division: divisionCode }),
        response: responses({ 200: divisionRecord }, 400, 404),
      },
    },
    async (request) => readDivision(db, request.params.division, clock()),
  );

  routes.get(
    '/v1/divisions',
    {
      config: { scope: 'read', cost: pageCost(1, 0.03) },
      schema: {
        tags,
        summary: '列出行政区划 List divisions by code',
        description: '下一页见 `Link: rel=next`。 The next page is in Link.',
        querystring: z.strictObject({
          parent: divisionCode
            .optional()
            .meta({ label: { zh: '上级行政区划', en: 'Only those directly under this division' } }),
          level: divisionLevel.optional(),
          first,
          after,
        }),
        response: responses({ 200: z.object({ items: z.array(divisionEntry), totalCount: z.int() }) }, 400, 404),
      },
    },
    async (request, reply) => {
      const { first: _first, after: _after, ...query } = request.query;
      const page = await readDivisions(db, query, codePage(request.query), clock());
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.code));
      return { items: [...page.items], totalCount: page.total };
    },
  );
}

function registerDeadlines(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.put(
    '/v1/divisions/:division/deadlines/:year',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '设定截止日期 Set the day by which a division files',
        description:
          '最近一级所设的为准，某年的先于每年的；均未设则机关为 1 月 31 日，县、市、省自行公布的报告为 2 月 20 日、3 月 10 日、3 月 31 日（`for`）。已报送的是否按时随之更新。 ' +
          'The nearest division counts, a date for the year before one for every year; where none is set, 31 January for agencies, and (`for`) 20 February, 10 March and 31 March for the reports that counties, prefectures and provinces publish themselves. What is filed already becomes in time or late with it.',
        params: deadlinePath,
        querystring: rehearsal,
        body: z
          .strictObject({ due: dueDay, for: deadlineFiler.optional() })
          .meta({ label: { zh: '截止日期', en: 'A deadline' } }),
        response: responses({ 200: deadlineChanged, 201: deadlineChanged }, 400, 404, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'deadline' as const, ...request.params, ...request.body };
      const changed = await changeDeadline(db, actOf(request, clock), change, request.query);
      return reply.code(changed.outcome === 'created' ? 201 : 200).send(changed);
    },
  );

  routes.delete(
    '/v1/divisions/:division/deadlines/:year',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '取消截止日期 Take a deadline back: the one above it counts again',
        params: deadlinePath,
        querystring: rehearsal.extend({ for: deadlineFiler.optional() }),
        response: responses({ 200: deadlineChanged }, 400, 404, 422),
      },
    },
    async (request) => {
      const { dryRun, for: filer } = request.query;
      const change = { action: 'deadline' as const, ...request.params, for: filer, due: null };
      return changeDeadline(db, actOf(request, clock), change, { dryRun });
    },
  );
}
