/** `/v1/divisions`: divisions are read, and the days by which they file are set. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeDeadline } from '../../register/change/change.js';
import { deadlineFiler, deadlineYear, divisionLevel, dueDay } from '../../register/change/change-schemas.js';
import { readDivision, readDivisionChanges, readDivisions, readDivisionsOf } from '../../register/register-view.js';
import type { Db } from '../../store/engine/schema.js';
import { breadthCost, pageCost } from '../admission/cost.js';
import { actOf } from '../http/conditions.js';
import { after, codePage, cursorOf, first, linkNext } from '../http/paging.js';
import {
  codesParameter,
  dayAsked,
  divisionCode,
  invalidParameter,
  readCodes,
  rehearsal,
  requireCodesAlone,
} from '../http/parameters.js';
import { looksAtRegister } from '../kept/looks.js';
import { responses } from './body/problem-bodies.js';
import {
  deadlineChanged,
  divisionEntry,
  divisionRecord,
  placeChanges,
  unknownCodes,
  writePlaceChanges,
} from './body/register-bodies.js';

const tags = ['register'];
const deadlinePath = z.object({ division: divisionCode, year: deadlineYear });

/** What a page of divisions is expected to cost, in milliseconds of a core: all that lie below one are looked through. */
function divisionsCost(request: FastifyRequest): number {
  const { below } = request.query as { readonly below?: string };
  return pageCost(below === undefined ? 1 : 1 + breadthCost(below) / 3, 0.03)(request);
}

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
      config: { scope: 'read', looksAt: looksAtRegister },
      schema: {
        tags,
        summary: '行政区划 A division, with everything above it, its history, and the deadlines set for itself',
        description:
          '代码所指以 `on` 那天为准，默认今日；那天未设立或已撤销的，列其最近一次状态。 ' +
          'A code means whoever had it on that day, today when it is left out; what was not there then is shown as it last was, or first will be.',
        params: z.object({ division: divisionCode }),
        querystring: z.strictObject({ on: dayAsked.optional() }),
        response: responses({ 200: divisionRecord }, 400, 404),
      },
    },
    async (request) => readDivision(db, request.params.division, clock(), request.query.on),
  );

  routes.get(
    '/v1/divisions/:division/changes',
    {
      config: { scope: 'read', cost: () => 5, looksAt: looksAtRegister },
      schema: {
        tags,
        summary: '行政区划沿革 What happened to a division, by day',
        params: z.object({ division: divisionCode }),
        querystring: z.strictObject({ on: dayAsked.optional() }),
        response: responses({ 200: placeChanges }, 400, 404),
      },
    },
    async (request) =>
      writePlaceChanges(await readDivisionChanges(db, request.params.division, clock(), request.query.on)),
  );

  routes.get(
    '/v1/divisions',
    {
      config: { scope: 'read', cost: divisionsCost, looksAt: looksAtRegister },
      schema: {
        tags,
        summary: '列出行政区划 List divisions by code',
        description: '下一页见 `Link: rel=next`。 The next page is in Link.',
        querystring: z.strictObject({
          parent: divisionCode
            .optional()
            .meta({ label: { zh: '上级行政区划', en: 'Only those directly under this division' } }),
          below: divisionCode
            .optional()
            .meta({ label: { zh: '其下各级行政区划', en: 'Only those below this division, at any depth' } }),
          level: divisionLevel.optional(),
          codes: codesParameter.optional(),
          first,
          after,
        }),
        response: responses(
          { 200: z.object({ items: z.array(divisionEntry), totalCount: z.int(), unknown: unknownCodes }) },
          400,
          404,
        ),
      },
    },
    async (request, reply) => {
      const { codes, ...narrowed } = request.query;
      if (codes !== undefined) {
        requireCodesAlone(narrowed);
        const { items, unknown } = await readDivisionsOf(db, readCodes(codes.split(',')), clock());
        return { items: [...items], totalCount: items.length, unknown };
      }
      const { first: _first, after: _after, ...query } = narrowed;
      if (query.parent !== undefined && query.below !== undefined) {
        throw invalidParameter('below', {
          zh: 'parent 与 below 只能给一个。',
          en: 'Give parent or below, not both.',
        });
      }
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
