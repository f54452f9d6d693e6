/** `/v1/divisions`, `/v1/agencies`, `/v1/register`: the register is read and changed. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AgencyChanged, changeAgency, changeDeadline } from '../../register/change/change.js';
import { type Imported, importChanges } from '../../register/change/change-file.js';
import { changeColumns } from '../../register/change/change-lines.js';
import {
  agencyName,
  changeDay,
  countyCode,
  deadlineYear,
  divisionLevel,
  dueDay,
  exemptionReason,
  filerKind,
  kindList,
  registerYear,
} from '../../register/change/change-schemas.js';
import type { AgencyChange } from '../../register/change/register-change.js';
import { agencyCode } from '../../register/codes.js';
import { readAgencies, readAgency, readDivision, readDivisions } from '../../register/register-view.js';
import type { Db } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';
import { actOf } from '../http/conditions.js';
import { jsonAnswer, sendOnce } from '../http/idempotency.js';
import {
  after,
  cursorOf,
  defaultFirst,
  divisionCode,
  dryRun,
  first,
  invalidParameter,
  keyOf,
} from '../http/parameters.js';
import { problemSchema } from './bodies.js';
import {
  agencyChanged,
  agencyEntry,
  agencyRecord,
  deadlineChanged,
  divisionEntry,
  divisionRecord,
  importDone,
} from './register-bodies.js';
import { linkNext } from './report-routes.js';

/** What the routes need. */
export interface RegisterRoutes {
  readonly db: Db;
  readonly clock: () => Date;
}

const tags = ['register'];
const failures = (...statuses: number[]) => Object.fromEntries(statuses.map((status) => [status, problemSchema]));
const agencyPath = z.object({ agency: agencyCode });
const exemptionPath = agencyPath.extend({ year: registerYear });
const deadlinePath = z.object({ division: divisionCode, year: deadlineYear });
const rehearsal = z.strictObject({ dryRun });

/** A file of changes; a line is about 60 bytes. */
const maxFileBytes = 4 * 1024 * 1024;

/** Registers the routes on an instance that compiles zod schemas. */
export function registerRegisterRoutes(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
  registerReading(app, { db, clock });
  registerAgencyChanges(app, { db, clock });
  registerExemptions(app, { db, clock });
  registerDeadlines(app, { db, clock });
  // Only this route reads CSV, and it reads nothing else.
  app.register(async (scope) => registerChangeFile(scope, { db, clock }));
}

function registerReading(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/divisions/:division',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '行政区划 A division, with everything above it and the deadlines set for itself',
        params: z.object({ division: divisionCode }),
        response: { 200: divisionRecord, ...failures(400, 404) },
      },
    },
    async (request) => readDivision(db, request.params.division, clock()),
  );

  routes.get(
    '/v1/divisions',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '列出行政区划 List divisions by code',
        description: '下一页见 `Link: rel=next`。 The next page is in Link.',
        querystring: z.strictObject({
          parent: divisionCode.optional().describe('上级行政区划 Only those directly under this division'),
          level: divisionLevel.optional(),
          first,
          after,
        }),
        response: { 200: z.object({ items: z.array(divisionEntry), totalCount: z.int() }), ...failures(400, 404) },
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, ...query } = request.query;
      const page = await readDivisions(db, query, pageAfter(size, cursor), clock());
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.code));
      return { items: [...page.items], totalCount: page.total };
    },
  );

  routes.get(
    '/v1/agencies/:agency',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '机关 An agency as it is today, all its states, exemptions, and what it came from or went into',
        params: agencyPath,
        response: { 200: agencyRecord, ...failures(400, 404) },
      },
    },
    async (request) => readAgency(db, request.params.agency, clock()),
  );

  routes.get(
    '/v1/agencies',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: '列出机关 List agencies by code',
        description:
          '给出年度则为该年 12 月 31 日的状态，否则为今日；`missing=true`（须给年度）只列应报未报的。 ' +
          'As on 31 December of the year, today without one; missing=true (with a year) lists those that must file and have not.',
        querystring: z.strictObject({
          county: divisionCode.optional().describe('县级或以上行政区划 A county, or any division above'),
          year: registerYear.optional(),
          kind: kindList.optional(),
          missing: z.enum(['true', 'false']).optional().describe('应报未报的 Only those that must file and have not'),
          first,
          after,
        }),
        response: { 200: z.object({ items: z.array(agencyEntry), totalCount: z.int() }), ...failures(400, 404) },
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, county, year, kind, missing } = request.query;
      const only = missing === 'true' ? ('missing' as const) : undefined;
      if (only && year === undefined) {
        throw invalidParameter('missing', { zh: 'missing=true 须给出年度 year。', en: 'missing=true needs a year.' });
      }
      const query = { county, year, kinds: kind, missing: only };
      const page = await readAgencies(db, query, pageAfter(size, cursor), clock());
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.code));
      return { items: [...page.items], totalCount: page.total };
    },
  );
}

function registerAgencyChanges(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
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
          })
          .describe('新机关 A new agency'),
        response: { 201: agencyChanged, ...failures(400, 404, 409, 415, 422) },
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
          '此前年度不变；与现状同日则更正现状；早于现状之始则拒绝（422）。 ' +
          'Years before stay as they were; a change from the day the last state began corrects it; an earlier one is refused (422).',
        params: agencyPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            on: changeDay,
            name: agencyName.optional(),
            code: agencyCode.optional(),
            kind: filerKind.optional(),
            county: countyCode.optional(),
          })
          .refine(({ on: _, ...rest }) => Object.values(rest).some((value) => value !== undefined), {
            error: 'at least one of name, code, kind, county',
          })
          .describe('自某日起的变更，至少一项 What is different from a day on, one member at least'),
        response: { 200: agencyChanged, ...failures(400, 404, 409, 415, 422) },
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
        summary: '撤销机关 Close an agency, or merge it into another',
        description:
          '再次提交则取代前次；其后年度已有报告则拒绝（409）。 Sent again, it replaces the last one; refused (409) while a report stands for a year in which the agency would be no more.',
        params: agencyPath,
        querystring: rehearsal,
        body: z
          .strictObject({
            on: changeDay.describe('不再存在的第一日 The first day on which it is no more, YYYY-MM-DD'),
            mergedInto: agencyCode.optional().describe('并入机关当日的代码 Code, on that day, of what it went into'),
          })
          .describe('撤销或并入 A closure'),
        response: { 200: agencyChanged, ...failures(400, 404, 409, 415, 422) },
      },
    },
    async (request, reply) => {
      const change = { action: 'close' as const, ...request.params, ...request.body };
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query });
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

function registerExemptions(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
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
        body: z.strictObject({ reason: exemptionReason }).describe('免报 An exemption'),
        response: { 200: agencyChanged, 201: agencyChanged, ...failures(400, 404, 415, 422) },
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
        response: { 200: agencyChanged, ...failures(400, 404, 422) },
      },
    },
    async (request) => {
      const change = { action: 'unexempt' as const, ...request.params };
      return changeAgency(db, actOf(request, clock), change, request.query);
    },
  );
}

function registerDeadlines(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.put(
    '/v1/divisions/:division/deadlines/:year',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '设定截止日期 Set the day by which a division files',
        description:
          '最近一级所设的为准，某年的先于每年的；均未设则为 1 月 31 日。已报送的是否按时随之更新。 ' +
          'The nearest division counts, a date for the year before one for every year; 31 January where none is set. What is filed already becomes in time or late with it.',
        params: deadlinePath,
        querystring: rehearsal,
        body: z.strictObject({ due: dueDay }).describe('截止日期 A deadline'),
        response: { 200: deadlineChanged, 201: deadlineChanged, ...failures(400, 404, 415, 422) },
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
        querystring: rehearsal,
        response: { 200: deadlineChanged, ...failures(400, 404) },
      },
    },
    async (request) => {
      const change = { action: 'deadline' as const, ...request.params, due: null };
      return changeDeadline(db, actOf(request, clock), change, request.query);
    },
  );
}

function registerChangeFile(app: FastifyInstance, { db, clock }: RegisterRoutes): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);

  const columns = Object.entries(changeColumns).map(([name, { zh, en }]) => `- \`${name}\`: ${zh}；${en}`);
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/register/changes',
    {
      config: { scope: 'register' },
      bodyLimit: maxFileBytes,
      schema: {
        tags,
        summary: '批量变更 Change the register from CSV: every line or none',
        description: `UTF-8，首行为列名；有误则逐行列出（422）。 UTF-8 with a header; every bad line is listed (422).\n\n${columns.join('\n')}`,
        consumes: ['text/csv'],
        querystring: rehearsal,
        body: z.instanceof(Buffer).meta({ type: 'string', description: 'CSV' }),
        response: { 200: importDone, ...failures(400, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      return sendOnce<Imported>(db, request, reply, {
        now: act.now,
        asked: request.body.toString('base64'),
        dryRun: request.query.dryRun,
        work: (commit) => importChanges(db, act, request.body, commit),
        answer: (imported) => jsonAnswer(imported),
      });
    },
  );
}

function pageAfter(first: number, cursor: string | undefined) {
  return { first, ...(cursor === undefined ? {} : { after: keyOf(cursor, /^[A-Za-z0-9-]{2,32}$/) }) };
}
