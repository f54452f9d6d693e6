/** `/v1/subscriptions`: word of what changed, sent to who asked for it. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../store/engine/schema.js';
import {
  changeSubscription,
  endSubscription,
  makeSubscription,
  type Reachable,
  readSubscription,
  readSubscriptions,
  renewSigningSecret,
} from '../../../subscription/subscriptions.js';
import { actOf } from '../../http/conditions.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../../http/paging.js';
import { responses } from '../body/problem-bodies.js';
import { registerDeliveryRoutes } from './delivery-routes.js';
import {
  askedSubscription,
  newSubscriptionSchema,
  subscriptionBody,
  subscriptionChange,
  subscriptionId,
  subscriptionPath,
  subscriptionSchema,
} from './subscription-bodies.js';

const tags = ['subscriptions'];

/** A list, so that it takes a token: `read` alone is public. */
const config = { scope: ['read'] } as const;

/** The most hours for which a former secret signs, too, and those when nothing is said. */
const keepHours = { most: 168, otherwise: 24 } as const;

/** Registers the routes on an instance that compiles zod schemas. */
export function registerSubscriptionRoutes(
  app: FastifyInstance,
  db: Db,
  { clock, reachable }: { readonly clock: () => Date; readonly reachable: Reachable },
): void {
  registerMaking(app, db, clock, reachable);
  registerReading(app, db, clock);
  registerChanging(app, db, clock, reachable);
  registerDeliveryRoutes(app, db, clock);
}

function registerMaking(app: FastifyInstance, db: Db, clock: () => Date, reachable: Reachable): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    '/v1/subscriptions',
    {
      config,
      schema: {
        tags,
        summary: '订阅变更 Have what changes sent to an address; the secret is shown once',
        description:
          '消息依 Standard Webhooks 1.0 签名，不含数字；从现在起的变更，如 /v1/changes 告知该令牌的。 Messages are signed as Standard Webhooks 1.0 has it and hold no figures: what comes from now on, as /v1/changes tells it to the token.',
        body: askedSubscription,
        response: responses({ 201: newSubscriptionSchema }, 400, 401, 403, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const made = await makeSubscription(db, actOf(request, clock), randomBytes, request.body, reachable);
      reply.code(201).header('location', `/v1/subscriptions/${made.id}`).header('cache-control', 'no-store');
      return reply.send(subscriptionBody(made));
    },
  );

  routes.post(
    '/v1/subscriptions/:id/secret',
    {
      config,
      schema: {
        tags,
        summary: '更换签名密钥 Give it another secret; the former one signs, too, for some hours',
        params: subscriptionPath,
        body: z
          .strictObject({
            keepHours: z
              .int()
              .min(0)
              .max(keepHours.most)
              .default(keepHours.otherwise)
              .meta({
                label: {
                  zh: `旧密钥同时签名的小时数，0 至 ${keepHours.most}，默认 ${keepHours.otherwise}`,
                  en: `Hours for which the former secret signs, too: 0 to ${keepHours.most}, ${keepHours.otherwise} when left out`,
                },
              }),
          })
          .nullish()
          .meta({ label: { zh: '旧密钥留用多久，可不给', en: 'How long the former one is kept; may be left out' } }),
        response: responses({ 200: newSubscriptionSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      reply.header('cache-control', 'no-store');
      const asked = request.body ?? { keepHours: keepHours.otherwise };
      return subscriptionBody(await renewSigningSecret(db, actOf(request, clock), randomBytes, id, asked));
    },
  );
}

function registerReading(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/subscriptions',
    {
      config,
      schema: {
        tags,
        summary: '列出订阅 The subscriptions of the token, and of tokens that it may end',
        querystring: z.strictObject({ first, after }),
        response: responses({ 200: z.object({ items: z.array(subscriptionSchema) }) }, 400, 401, 403),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor } = request.query;
      const page = { first: size, after: cursor === undefined ? '' : keyOf(cursor, subscriptionId) };
      const { items, next } = await readSubscriptions(db, actOf(request, clock), page);
      if (next !== null) linkNext(request, reply, cursorOf(next));
      return { items: items.map(subscriptionBody) };
    },
  );

  routes.get(
    '/v1/subscriptions/:id',
    {
      config,
      schema: {
        tags,
        summary: '一个订阅 A subscription, and how its receiver fares',
        params: subscriptionPath,
        response: responses({ 200: subscriptionSchema }, 400, 401, 403, 404),
      },
    },
    async (request) => subscriptionBody(await readSubscription(db, actOf(request, clock), request.params.id)),
  );
}

function registerChanging(app: FastifyInstance, db: Db, clock: () => Date, reachable: Reachable): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.patch(
    '/v1/subscriptions/:id',
    {
      config,
      schema: {
        tags,
        summary: '更改、暂停或继续 Change it, pause it, or go on where it was',
        params: subscriptionPath,
        body: subscriptionChange,
        response: responses({ 200: subscriptionSchema }, 400, 401, 403, 404, 415, 422),
      },
    },
    async (request) => {
      const { id } = request.params;
      const act = actOf(request, clock);
      return subscriptionBody(await changeSubscription(db, act, id, request.body, reachable));
    },
  );

  routes.delete(
    '/v1/subscriptions/:id',
    {
      config,
      schema: {
        tags,
        summary: '取消订阅 End it for ever, with its messages',
        params: subscriptionPath,
        response: responses({ 204: z.null().meta({ label: { zh: '已取消', en: 'Ended' } }) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await endSubscription(db, actOf(request, clock), request.params.id);
      return reply.code(204).send();
    },
  );
}
