/** How often one caller may ask. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../problem.js';

/** Callers that are counted at once; the one that has been silent longest is forgotten first. */
const callersCounted = 10_000;
const minute = 60_000;

/** What one caller asked since the beginning of its minute. */
interface Count {
  requests: number;
  /** When its minute is over, in milliseconds since 1970. */
  until: number;
}

/**
 * Counts requests by caller and refuses those beyond so many a minute with `too-many-requests`; 0 counts nothing.
 * Every answer gives its caller's count (`RateLimit-Limit`, `-Remaining`, `-Reset`, as the draft names them).
 */
export function registerRateLimit(app: FastifyInstance, perMinute: number): void {
  if (perMinute === 0) return;
  const count = countByMinute();
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.essential) return done();
    const now = Date.now();
    const { requests, until } = count(request.counted.key, now);
    const seconds = Math.ceil((until - now) / 1000);
    reply.header('ratelimit-limit', perMinute).header('ratelimit-remaining', Math.max(0, perMinute - requests));
    reply.header('ratelimit-reset', seconds);
    if (requests <= perMinute) return done();
    reply.header('retry-after', seconds);
    done(tooMany(perMinute, seconds));
  });
}

/** Counts a request of a caller, whose minute begins with the first one. */
function countByMinute(): (caller: string, now: number) => Readonly<Count> {
  const counts = new Map<string, Count>();
  return (caller, now) => {
    const known = counts.get(caller);
    const own = known && known.until > now ? known : { requests: 0, until: now + minute };
    own.requests += 1;
    counts.delete(caller);
    counts.set(caller, own);
    const oldest = counts.keys().next().value;
    if (counts.size > callersCounted && oldest !== undefined) counts.delete(oldest);
    return own;
  };
}

function tooMany(perMinute: number, seconds: number): Problem {
  return new Problem('too-many-requests', {
    zh: `每分钟最多 ${perMinute} 次请求，请 ${seconds} 秒后再试。`,
    en: `More than ${perMinute} requests within a minute; go on in ${seconds} seconds.`,
  });
}
