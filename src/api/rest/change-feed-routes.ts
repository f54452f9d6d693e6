/** `/v1/changes`: what a copy of the reports must learn. */
import { setMaxListeners } from 'node:events';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ChangeQuery, type Changes, readChanges } from '../../report/feed/changes.js';
import { followChanges } from '../../report/feed/follow.js';
import type { FeedPlace } from '../../report/feed/place.js';
import { watchChanges } from '../../report/feed/watch.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { pageCost } from '../admission/cost.js';
import { placesToWait } from '../admission/load.js';
import { cursorOf, defaultFirst, first, keyOf } from '../http/paging.js';
import { divisionCode } from '../http/parameters.js';
import { changeBody, changeSchema } from './body/change-bodies.js';
import { responses } from './body/problem-bodies.js';

/** Seconds for which a request may wait at the most. */
const maxWait = 30;

const querystring = z.strictObject({
  since: soundText
    .max(100)
    .optional()
    .meta({
      label: {
        zh: '上次回答的 next；不给则从头，now 则只要此后的',
        en: 'The `next` of the last answer; from the beginning when left out, only what comes with `now`',
      },
    }),
  division: divisionCode.optional(),
  every: z
    .enum(['true', 'false'])
    .optional()
    .meta({
      label: { zh: '每份报告的全部变更，默认只给最近一项', en: 'Every change of a report, not the last one only' },
    }),
  first,
  wait: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .pipe(z.int().min(0).max(maxWait))
    .optional()
    .meta({
      label: {
        zh: `没有变更时最多等待的秒数，0 至 ${maxWait}，默认不等`,
        en: `Seconds to wait while there is nothing to tell, 0 to ${maxWait}; none when left out`,
      },
    }),
});

const changesSchema = z.object({
  changes: z.array(changeSchema),
  next: z.string().meta({ label: { zh: '下次的 since', en: 'The `since` to come back with' } }),
  more: z.boolean().meta({ label: { zh: '还有，可立即再取', en: 'There is more already: come back at once' } }),
});

/** What a page of changes is expected to cost; who waits for one waits here, and reads in turns. */
function changesCost(request: FastifyRequest): number {
  return secondsToWait(request) > 0 ? 1 : pageCost(2, 0.2)(request);
}

function secondsToWait({ query }: FastifyRequest): number {
  // Text still, or what the route made of it; anything else is refused later.
  const { wait } = query as { readonly wait?: unknown };
  return Number(wait ?? 0);
}

/** Registers the route on an instance that compiles zod schemas. `inFlight` bounds how many requests wait at once. */
export function registerChangeFeedRoutes(
  app: FastifyInstance,
  db: Db,
  { clock, inFlight }: { readonly clock: () => Date; readonly inFlight: number | undefined },
): void {
  const watch = watchChanges(db);
  const waiting = placesToWait(inFlight);
  const stop = new AbortController();
  // Every request that waits listens to it; that is bounded, and no leak.
  setMaxListeners(0, stop.signal);
  app.addHook('preClose', async () => stop.abort());
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/changes',
    {
      config: { scope: 'read', cost: changesCost, momentary: (request) => secondsToWait(request) > 0 },
      schema: {
        tags: ['reports'],
        summary: '变更 What has changed since: filed, accepted, withdrawn, moved …',
        description:
          '按操作日志顺序；副本只属于一种权限和一个 division，410 时清空副本重新开始。 In the order of the audit log. A copy belongs to one reader and one division; at 410, empty it and start again.',
        querystring,
        response: responses({ 200: changesSchema }, 400, 401, 404, 410, 429),
      },
    },
    async (request, reply) => {
      const { since, wait = 0, every, division, first: size = defaultFirst } = request.query;
      const query: ChangeQuery = {
        division,
        which: every === 'true' ? 'every' : 'last',
        since: since === undefined || since === 'now' ? since : placeOf(since),
        first: size,
      };
      const start = await readChanges(db, request.reader, query);
      if (wait === 0 || start.changes.length > 0 || start.more) return feedBody(start);
      const leave = waiting.enter(request, reply);
      const ended = endOfWait(reply, wait, stop.signal);
      const readerNow = () => readerOf(request, clock());
      try {
        return feedBody(await followChanges(db, query, start, { watch, ended: ended.signal, readerNow }));
      } finally {
        ended.clear();
        leave();
      }
    },
  );
}

/** Who waits, at a later moment. Throws `unauthorized` when the token holds no more. */
async function readerOf(request: FastifyRequest, now: Date) {
  await request.requireCallerStill();
  return { ...request.reader, now };
}

/** A signal for the end of a wait: its time is over, the caller has left, or the service stops. */
function endOfWait({ raw }: FastifyReply, seconds: number, stop: AbortSignal) {
  const ended = new AbortController();
  const end = () => ended.abort();
  const timer = setTimeout(end, seconds * 1000);
  raw.once('close', end);
  stop.addEventListener('abort', end, { once: true });
  // A caller who left while the first reading was under way is noticed by nothing else.
  if (stop.aborted || raw.destroyed) end();
  const clear = () => {
    clearTimeout(timer);
    raw.off('close', end);
    stop.removeEventListener('abort', end);
  };
  return { signal: ended.signal, clear };
}

function feedBody({ changes, next, more }: Changes) {
  const { number, digest, sight, extent } = next;
  return { changes: changes.map(changeBody), next: cursorOf(`${number}-${digest}-${sight}${extent}`), more };
}

/** Throws `invalid-parameter` for what is no place in this feed. */
function placeOf(since: string): FeedPlace {
  const pattern = /^\d{1,15}-[0-9a-f]{0,8}-[0-9a-f]{16}$/;
  const [number, digest = '', marks = ''] = keyOf(since, pattern, 'since').split('-');
  return { number: Number(number), digest, sight: marks.slice(0, 8), extent: marks.slice(8) };
}
