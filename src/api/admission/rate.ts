/** How often one caller may ask. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../problem.js';

/** Callers that are counted at once; the one that has been silent longest is forgotten first. */
const callersCounted = 10_000;

/**
 * Counts requests by caller and refuses those beyond so many a minute with `too-many-requests`; 0 counts nothing.
 * Every answer gives its caller's count (`RateLimit-Limit`, `-Remaining`, `-Reset`, as the draft names them).
 */
export async function registerRateLimit(app: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    cache: callersCounted,
    keyGenerator: ({ counted }) => counted.key,
  });
  const count = app.createRateLimit();
  // A hook of ours, not the plugin's, since that one does not see what has no route.
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.essential) return;
    const counted = await count(request);
    if (counted.isAllowed) return;
    const { max, remaining, ttlInSeconds } = counted;
    reply.header('ratelimit-limit', max).header('ratelimit-remaining', remaining);
    reply.header('ratelimit-reset', ttlInSeconds);
    if (!counted.isExceeded) return;
    reply.header('retry-after', ttlInSeconds);
    throw new Problem('too-many-requests', {
      zh: `每分钟最多 ${max} 次请求，请 ${ttlInSeconds} 秒后再试。`,
      en: `More than ${max} requests within a minute; go on in ${ttlInSeconds} seconds.`,
    });
  });
}
