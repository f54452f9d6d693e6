/** `/v1/tokens` and `/v1/audit`: who may do what, and what was done. */

import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createToken, type NewToken, readTokens, revokeToken, rotateToken } from '../../access/tokens.js';
import { agencyCode } from '../../register/codes.js';
import { readAudit } from '../../report/audit-log.js';
import type { Db } from '../../store/engine/schema.js';
import { soundLine } from '../../text.js';
import { chainDigests, scopes } from '../../words.js';
import { actOf } from '../http/conditions.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../http/paging.js';
import { divisionCode, invalidParameter } from '../http/parameters.js';
import { codeAndName, instant, integer } from './body/body-parts.js';
import { responses } from './body/problem-bodies.js';

const tags = ['access'];

const scope = z.enum(scopes).meta({
  label: {
    zh: 'read 读取未公开的、file 报送、review 审核与锁定、register 名录、admin 令牌与以上全部',
    en: 'read: what is not public; file; review, and lock years; register; admin: tokens and all of these',
  },
});

const askedGrant = z
  .strictObject({
    scope,
    division: divisionCode.optional().meta({ label: { zh: '行政区划及其以下', en: 'A division with all below it' } }),
    agency: agencyCode.optional().meta({ label: { zh: '一个机关', en: 'One agency' } }),
  })
  .refine(({ division, agency }) => (division === undefined) !== (agency === undefined), {
    error: 'give either division or agency',
    params: { zh: '须给出 division 或 agency 之一' },
  })
  .meta({
    label: {
      zh: '一项权限；随所指对象而非代码或名称',
      en: 'A scope over what the code means today, whatever it is called later',
    },
  });

const expiry = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value).toISOString())
  .nullable()
  .meta({ label: { zh: '到期时间；null 为长期', en: 'When it ends; null is never' } });

const tokenName = soundLine
  .trim()
  .min(1)
  .max(100)
  .meta({ label: { zh: '名称，记入版本和日志', en: 'Name, kept with what it does' } });

const grantSchema = z
  .object({ scope, division: z.string().nullable(), agency: z.string().nullable(), name: z.string() })
  .meta({ id: 'Grant', label: { zh: '一项权限', en: 'A scope, over a division or one agency' } });

const tokenSchema = z
  .object({
    id: integer,
    key: z.string().meta({ label: { zh: '令牌中可见的部分', en: 'The part of the token that may be seen' } }),
    name: z.string(),
    grants: z.array(grantSchema),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'Token', label: { zh: '令牌', en: 'A token, without its text' } });

const newTokenSchema = tokenSchema
  .extend({
    token: z.string().meta({ label: { zh: '令牌全文，仅此一次', en: 'The token itself; it is never shown again' } }),
  })
  .meta({ id: 'NewToken', label: { zh: '令牌及其全文', en: 'A token with its text' } });

const tokenPath = z.object({
  id: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int())
    .meta({ label: { zh: '编号', en: 'Number of the token' } }),
});

/** Registers the routes on an instance that compiles zod schemas. */
export function registerAccessRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerTokens(app, db, clock);
  registerAudit(app, db, clock);
}

function registerTokens(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const config = { scope: 'admin' } as const;

  routes.post(
    '/v1/tokens',
    {
      config,
      schema: {
        tags,
        summary: '新建令牌 Make a token; its text is shown once',
        description: '只能授予自己管理范围内的权限。 Nobody grants what they do not administer.',
        body: z
          .strictObject({
            name: tokenName,
            grants: z.array(askedGrant).min(1).max(100),
            expiresAt: expiry.default(null),
          })
          .meta({ label: { zh: '令牌', en: 'A token' } }),
        response: responses({ 201: newTokenSchema }, 400, 401, 403, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const { expiresAt } = request.body;
      const act = actOf(request, clock);
      refusePast(expiresAt, act.now);
      const made: NewToken = await createToken(db, act, randomBytes, request.body);
      return reply.code(201).header('location', `/v1/tokens/${made.id}`).header('cache-control', 'no-store').send(made);
    },
  );

  routes.get(
    '/v1/tokens',
    {
      config,
      schema: {
        tags,
        summary: '列出令牌 The tokens you administer',
        response: responses({ 200: z.object({ items: z.array(tokenSchema) }) }, 401, 403),
      },
    },
    async (request) => ({ items: await readTokens(db, actOf(request, clock)) }),
  );

  routes.post(
    '/v1/tokens/:id/rotation',
    {
      config,
      schema: {
        tags,
        summary: '更换令牌 Give a token another text; the old one ends at once',
        params: tokenPath,
        body: z
          .strictObject({ expiresAt: expiry.optional() })
          .meta({ label: { zh: '新的到期时间', en: 'When the new one ends' } }),
        response: responses({ 200: newTokenSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const { expiresAt } = request.body;
      refusePast(expiresAt ?? null, act.now);
      reply.header('cache-control', 'no-store');
      return rotateToken(db, act, randomBytes, request.params, { expiresAt });
    },
  );

  routes.delete(
    '/v1/tokens/:id',
    {
      config,
      schema: {
        tags,
        summary: '吊销令牌 End a token for ever',
        params: tokenPath,
        response: responses({ 200: tokenSchema }, 400, 401, 403, 404),
      },
    },
    async (request) => revokeToken(db, actOf(request, clock), request.params),
  );
}

function refusePast(expiresAt: string | null, now: Date): void {
  if (expiresAt === null || expiresAt > now.toISOString()) return;
  throw invalidParameter('expiresAt', {
    zh: `到期时间 ${expiresAt} 已过。`,
    en: `expiresAt ${expiresAt} is in the past.`,
  });
}

const auditSchema = z
  .object({
    number: integer.meta({ label: { zh: '序号，从 1 起，不间断', en: 'From 1, without gaps' } }),
    at: instant,
    actor: z.string(),
    address: z
      .string()
      .nullable()
      .meta({ label: { zh: '请求来源地址', en: 'Where the request came from; null for the command line' } }),
    requestId: z.string().nullable(),
    action: z
      .string()
      .meta({ label: { zh: '所做的事，如 report.file、register.change、token.create', en: 'What was done' } }),
    subject: z.string().meta({ label: { zh: '对象的路径', en: 'Path of what it was done to' } }),
    division: codeAndName.nullable(),
    before: z.unknown(),
    after: z.unknown(),
    digest: z.enum(chainDigests).meta({ label: { zh: '摘要算法', en: 'What the hash was made with' } }),
    hash: z
      .string()
      .meta({ label: { zh: '本条与前一条摘要的摘要', en: 'Over the entry and the hash of the one before' } }),
  })
  .meta({ id: 'AuditEntry', label: { zh: '日志的一条', en: 'An entry of the audit log' } });

function registerAudit(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/audit',
    {
      config: { scope: 'review' },
      schema: {
        tags,
        summary: '操作日志 What was done, by whom, when and from where',
        description:
          '须有该行政区划的 review 权限；下一页见 `Link: rel=next`。 For those who review the division; the next page is in Link.',
        querystring: z.strictObject({
          division: divisionCode
            .optional()
            .meta({ label: { zh: '县级或以上行政区划，默认全国', en: 'A county or any division above' } }),
          from: z.iso
            .datetime({ offset: true })
            .optional()
            .meta({ label: { zh: '自（含）', en: 'From this instant on' } }),
          to: z.iso
            .datetime({ offset: true })
            .optional()
            .meta({ label: { zh: '至（不含）', en: 'Before this instant' } }),
          first,
          after,
        }),
        response: responses({ 200: z.object({ items: z.array(auditSchema) }) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, ...query } = request.query;
      const number = cursor === undefined ? 0 : Number(keyOf(cursor, /^\d{1,15}$/));
      const { items, next } = await readAudit(db, actOf(request, clock), query, { first: size, after: number });
      if (next !== null) linkNext(request, reply, cursorOf(next));
      return { items: [...items] };
    },
  );
}
