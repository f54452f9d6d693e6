/** `/v1/agencies`: agencies are added, changed, closed and exempted. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AgencyChanged, changeAgency } from '../../register/change/change.js';
import {
  agencyName,
  changeDay,
  changePrecision,
  countyCode,
  exemptionReason,
  filerKind,
  registerYear,
  splitInto,
  statedDocument,
} from '../../register/change/change-schemas.js';
import type { AgencyChange } from '../../register/change/register-change.js';
import { agencyCode } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';
import { actOf } from '../http/conditions.js';
import { jsonAnswer, sendOnce } from '../http/idempotency.js';
import { rehearsal } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { agencyChanged } from './body/register-bodies.js';

const tags = ['register'];
const agencyPath = z.object({ agency: agencyCode });
const basis = { document: statedDocument.optional(), precision: changePrecision.optional() };
const exemptionPath = agencyPath.extend({ year: registerYear });

/** Registers the routes on an instance that compiles zod schemas. */
export function registerAgencyChangeRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerAgencyChanges(app, db, clock);
  registerUndoing(app, db, clock);
  registerExemptions(app, db, clock);
}

function registerAgencyChanges(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    '/v1/agencies',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '新增机关 Add an agency',
        description: '代码在同一日内不得与其他机关相同（409）。 No two agencies have one code on the same day (409).',
        querystring: rehearsal,
        body: z
          .strictObject({
            code: agencyCode,
            name: agencyName,
            kind: filerKind,
            county: countyCode,
            validFrom: changeDay,
            ...basis,
          })
          .meta({ label: { zh: '新机关', en: 'A new agency' } }),
        response: responses({ 201: agencyChanged }, 400, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'add' as const, ...request.body };
      const added = { status: 201, headers: { location: `/v1/agencies/${change.code}` } };
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query, ...added });
    },
  );

  routes.post(
    '/v1/agencies/:agency/changes',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '变更机关 Rename an agency, give it a new code or kind, or move it to another county, from a day on',
        description:
          '此前年度不变；与某次变更同日则更正该次；可补记在已有（或已预告）的变更之前，其后的状态随之重新推定；名录所载之始以前则拒绝（422）。移出或移入已锁定年度的县须先设例外或解锁（409）。 ' +
          'Years before stay as they were; a change from the day of another corrects that one; it can be recorded before others, announced or not, and what comes after follows; before the agency begins it is refused (422). A move out of or into a county whose year is locked takes an exception or an unlocking (409).',
        params: agencyPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            on: changeDay,
            name: agencyName.optional(),
            code: agencyCode.optional(),
            kind: filerKind.optional(),
            county: countyCode.optional(),
            ...basis,
          })
          .refine(({ on: _, ...rest }) => Object.values(rest).some((value) => value !== undefined), {
            error: 'at least one of name, code, kind, county, document, precision',
            params: { zh: '至少给出 name、code、kind、county、document、precision 之一' },
          })
          .meta({
            label: { zh: '自某日起的变更，至少一项', en: 'What is different from a day on, one member at least' },
          }),
        response: responses({ 200: agencyChanged }, 400, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'change' as const, ...request.params, ...request.body };
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query });
    },
  );

  routes.post(
    '/v1/agencies/:agency/closure',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '撤销机关 Close an agency, merge it into another, or split it into several',
        description:
          '再次提交则取代前次；其后年度已有报告则拒绝（409）。拆分当年，分入各机关不与上年比对。 ' +
          'Sent again, it replaces the last one; refused (409) while a report stands for a year in which the agency would be no more. ' +
          'In the year of a split what takes a part is not compared with the year before.',
        params: agencyPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            on: changeDay.meta({
              label: { zh: '不再存在的第一日', en: 'The first day on which it is no more, YYYY-MM-DD' },
            }),
            mergedInto: agencyCode
              .optional()
              .meta({ label: { zh: '并入机关当日的代码', en: 'Code, on that day, of what it went into' } }),
            splitInto: splitInto.optional(),
            ...basis,
          })
          .refine(({ mergedInto, splitInto: parts }) => mergedInto === undefined || parts === undefined, {
            error: 'one of mergedInto and splitInto, not both',
            params: { zh: 'mergedInto 与 splitInto 只能给出其一' },
            path: ['splitInto'],
          })
          .meta({ label: { zh: '撤销、并入或拆分', en: 'A closure' } }),
        response: responses({ 200: agencyChanged }, 400, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'close' as const, ...request.params, ...request.body };
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query });
    },
  );
}

function registerUndoing(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.delete(
    '/v1/agencies/:agency/changes/:on',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '收回预告的变更 Take back a change that was announced, before its day',
        params: agencyPath.extend({ on: changeDay }),
        querystring: rehearsal,
        response: responses({ 200: agencyChanged }, 400, 404, 409, 422),
      },
    },
    async (request) => {
      const change = { action: 'retract' as const, ...request.params };
      return changeAgency(db, actOf(request, clock), change, request.query);
    },
  );

  routes.delete(
    '/v1/agencies/:agency/closure',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '取消撤销 Open an agency again that was closed, or is to be',
        description:
          '并入的记录一并取消。代码已为其他机关所用的，以 on 指明其在用之日。 ' +
          'What it went into is forgotten with it. Where another agency has the code since, `on` is a day on which this one had it.',
        params: agencyPath,
        querystring: rehearsal.extend({
          on: changeDay.optional().meta({
            label: {
              zh: '代码所指以该日为准；默认今日',
              en: 'A day, YYYY-MM-DD: whom the code means on it; today when left out',
            },
          }),
        }),
        response: responses({ 200: agencyChanged }, 400, 404, 409, 422),
      },
    },
    async (request) => {
      const { on, dryRun } = request.query;
      const change = { action: 'reopen' as const, ...request.params, on };
      return changeAgency(db, actOf(request, clock), change, { dryRun });
    },
  );
}

/** A change that a POST asks for, and how its answer differs from the usual. */
interface PostedChange {
  readonly act: ActContext;
  readonly change: AgencyChange;
  readonly dryRun: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

function sendChange(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, change, dryRun, status, headers }: PostedChange,
): Promise<FastifyReply> {
  return sendOnce<AgencyChanged>(db, request, reply, {
    now: act.now,
    asked: change,
    dryRun,
    work: (commit) => changeAgency(db, act, change, commit),
    answer: (changed) => {
      const answer = jsonAnswer(changed, status);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
  });
}

function registerExemptions(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.put(
    '/v1/agencies/:agency/exemptions/:year',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '免报 Exempt an agency from filing for a year',
        description: '201 新设；200 原因变更或未变。 201 new; 200 another reason, or unchanged.',
        params: exemptionPath,
        querystring: rehearsal,
        body: z.strictObject({ reason: exemptionReason }).meta({ label: { zh: '免报', en: 'An exemption' } }),
        response: responses({ 200: agencyChanged, 201: agencyChanged }, 400, 404, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'exempt' as const, ...request.params, ...request.body };
      const changed = await changeAgency(db, actOf(request, clock), change, request.query);
      return reply.code(changed.outcome === 'created' ? 201 : 200).send(changed);
    },
  );

  routes.delete(
    '/v1/agencies/:agency/exemptions/:year',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '取消免报 Take an exemption back',
        params: exemptionPath,
        querystring: rehearsal,
        response: responses({ 200: agencyChanged }, 400, 404, 422),
      },
    },
    async (request) => {
      const change = { action: 'unexempt' as const, ...request.params };
      return changeAgency(db, actOf(request, clock), change, request.query);
    },
  );
}
