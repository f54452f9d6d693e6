/** How often one caller may ask. */
import type { FastifyInstance } from 'fastify';
import { countByMinute } from '../../minute.js';
import { Problem } from '../../problem.js';

/**
 * Counts requests by caller and refuses those beyond so many a minute with `too-many-requests`; 0 counts nothing.
 * Every answer gives its caller's count (`RateLimit-Limit`, `-Remaining`, `-Reset`, as the draft names them).
 */
export function registerRateLimit(app: FastifyInstance, perMinute: number): void {
  if (perMinute === 0) return;
  const countOf = countByMinute();
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.essential) return done();
    const now = Date.now();
    const { count: requests, until } = countOf(request.counted.key, now);
    const seconds = Math.ceil((until - now) / 1000);
    reply.header('ratelimit-limit', perMinute).header('ratelimit-remaining', Math.max(0, perMinute - requests));
    reply.header('ratelimit-reset', seconds);
    if (requests <= perMinute) return done();
    reply.header('retry-after', seconds);
    done(tooMany(perMinute, seconds));
  });
}

function tooMany(perMinute: number, seconds: number): Problem {
  return new Problem('too-many-requests', {
    zh: `每分钟最多 ${perMinute} 次请求，请 ${seconds} 秒后再试。`,
    en: `More than ${perMinute} requests within a minute; go on in ${seconds} seconds.`,
  });
}
