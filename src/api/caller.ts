/** Who a request comes from, as far as limits and the log care: one seam, so that neither knows how callers prove it. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Whom a request is counted against (`key`), and the name it has in the log, which is never a secret. */
export interface Caller {
  readonly key: string;
  readonly name: string;
}

/** Finds out who calls, once a request. What it cannot tell apart it names by the address; it refuses nobody. */
export type CallerOf = (request: FastifyRequest) => Caller | Promise<Caller>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null until it is known, in hooks before those of the limits. */
    caller: Caller | null;
  }
}

/** The address a request comes from, and of IPv6 the /64 that one subscriber has. */
export const callerByAddress: CallerOf = (request) => {
  // A client that has gone already has no address, whatever the type says.
  const ip = request.ip || 'unknown';
  return { key: `ip:${rateLimit.normalizeIP(ip)}`, name: `ip:${ip}` };
};

/** Makes the caller known to whatever comes after: limits, routes, the log. */
export function registerCallers(app: FastifyInstance, callerOf: CallerOf): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = await callerOf(request);
  });
}
