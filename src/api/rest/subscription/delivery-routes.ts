/** `/v1/subscriptions/{id}/deliveries`: what was sent to a subscriber, and sending it again. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Answer } from '../../../access/idempotency.js';
import type { Db } from '../../../store/engine/schema.js';
import {
  type DeliveryView,
  readDeliveries,
  readDelivery,
  repeatDelivery,
  repeatFailed,
  testSubscription,
} from '../../../subscription/deliveries.js';
import { type ActContext, deliveryStates } from '../../../words.js';
import { actOf } from '../../http/conditions.js';
import { jsonAnswer, sendOnce } from '../../http/idempotency.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../../http/paging.js';
import { integer } from '../body/body-parts.js';
import { responses } from '../body/problem-bodies.js';
import { deliveryBody, deliverySchema, subscriptionPath } from './subscription-bodies.js';

const tags = ['subscriptions'];
const config = { scope: ['read'] } as const;

const message = z
  .string()
  .regex(/^msg_[0-9a-f]{32}$/)
  .meta({ label: { zh: '消息的 id', en: 'Id of the message' } });

/** Registers the routes on an instance that compiles zod schemas. */
export function registerDeliveryRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerReading(app, db, clock);
  registerSending(app, db, clock);
}

function registerReading(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/subscriptions/:id/deliveries',
    {
      config,
      schema: {
        tags,
        summary: '消息及其结果 Messages to a subscriber, the newest first',
        description:
          '送达的保存 30 天，每个订阅至多一万条；放弃的保存 90 天。 Those that arrived are kept for 30 days, ten thousand of a subscription at the most; those given up for 90 days.',
        params: subscriptionPath,
        querystring: z.strictObject({
          state: z
            .enum(deliveryStates)
            .optional()
            .meta({
              label: {
                zh: 'WAITING 待发、DELIVERED 已送达、FAILED 已放弃',
                en: 'WAITING to be sent, DELIVERED, or FAILED: given up',
              },
            }),
          first,
          after,
        }),
        response: responses({ 200: z.object({ items: z.array(deliverySchema) }) }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, state } = request.query;
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(keyOf(cursor, /^\d{1,15}$/));
      const page = { first: size, before, state };
      const { items, next } = await readDeliveries(db, actOf(request, clock), request.params.id, page);
      if (next !== null) linkNext(request, reply, cursorOf(next));
      return { items: items.map(deliveryBody) };
    },
  );

  routes.get(
    '/v1/subscriptions/:id/deliveries/:delivery',
    {
      config,
      schema: {
        tags,
        summary: '一条消息 A message, and what came of it',
        params: subscriptionPath.extend({ delivery: message }),
        response: responses({ 200: deliverySchema }, 400, 401, 403, 404),
      },
    },
    async (request) => {
      const { id, delivery } = request.params;
      return deliveryBody(await readDelivery(db, actOf(request, clock), id, delivery));
    },
  );
}

function registerSending(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    '/v1/subscriptions/:id/test',
    {
      config,
      schema: {
        tags,
        summary: '发送一条测试消息 Have a test sent, once; read its message for the outcome',
        params: subscriptionPath,
        response: responses({ 202: deliverySchema }, 400, 401, 403, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const { id } = request.params;
      return sendOnce(db, request, reply, {
        ...asPosted(act),
        work: (commit) => testSubscription(db, act, randomBytes, id, commit),
        answer: acceptedAnswer(id),
      });
    },
  );

  routes.post(
    '/v1/subscriptions/:id/deliveries/:delivery/attempts',
    {
      config,
      schema: {
        tags,
        summary: '重发一条消息 Have a message sent again, under its id',
        params: subscriptionPath.extend({ delivery: message }),
        response: responses({ 202: deliverySchema }, 400, 401, 403, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const { id, delivery } = request.params;
      return sendOnce(db, request, reply, {
        ...asPosted(act),
        work: (commit) => repeatDelivery(db, act, id, delivery, commit),
        answer: acceptedAnswer(id),
      });
    },
  );

  routes.post(
    '/v1/subscriptions/:id/attempts',
    {
      config,
      schema: {
        tags,
        summary: '重发已放弃的消息 Have messages that were given up sent again, a thousand at once',
        params: subscriptionPath,
        response: responses(
          {
            202: z.object({ repeated: integer }).meta({ label: { zh: '将重发多少条', en: 'How many are sent again' } }),
          },
          400,
          401,
          403,
          404,
          409,
          422,
        ),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const { id } = request.params;
      return sendOnce(db, request, reply, {
        ...asPosted(act),
        work: (commit) => repeatFailed(db, act, id, commit),
        answer: (repeated) => jsonAnswer(repeated, 202),
      });
    },
  );
}

/** None of these calls has a body, or can be tried out. */
function asPosted({ now }: Pick<ActContext, 'now'>) {
  return { now, asked: null, dryRun: false } as const;
}

function acceptedAnswer(id: string) {
  return (view: DeliveryView): Answer => {
    const { status, headers, body } = jsonAnswer(deliveryBody(view), 202);
    return { status, body, headers: { ...headers, location: `/v1/subscriptions/${id}/deliveries/${view.id}` } };
  };
}
