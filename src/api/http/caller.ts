/** Who sends a request, and whether the route is for them: the one place where a token becomes a caller. */

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { authenticate, requireAnyScope, stranger } from '../../access/authority.js';
import { type Reader, requireOpen } from '../../access/visibility.js';
import type { Db } from '../../store/engine/schema.js';
import type { Caller, PublicReading, Scope } from '../../words.js';

/** What a route takes: nothing, or a token with one of some scopes somewhere. `read` is public unless a setting closes it. */
export type RouteScope = 'public' | Scope | readonly Scope[];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it, or the application does not start. */
    scope?: RouteScope;
  }
  interface FastifyRequest {
    readonly caller: Caller;
    /** The caller as a reader. */
    reader: Reader & { readonly now: Date };
    /** Whom the request is counted against, and the name it has in the log, which is never a secret. */
    counted: { readonly key: string; readonly name: string };
    /** Why the token that was sent does not hold. */
    refusal: { readonly error: unknown } | null;
  }
}

/** What access is decided by. */
export interface CallerOptions {
  readonly db: Db;
  readonly clock: () => Date;
  readonly publicReading: PublicReading;
}

/** Makes the caller known to limits, routes and the log. Refuses nobody: guesses of a token are counted first. */
export function registerCallers(app: FastifyInstance, { db, clock, publicReading }: CallerOptions): void {
  app.decorateRequest('reader');
  app.decorateRequest('counted');
  app.decorateRequest('refusal', null);
  app.decorateRequest('caller', {
    getter() {
      return this.reader.caller;
    },
  });
  const identify = async (request: FastifyRequest, authorization: string, now: Date): Promise<void> => {
    try {
      const caller = await authenticate(db, authorization, now);
      request.reader = { caller, open: publicReading, now };
      if (caller.kind === 'token') request.counted = { key: `token:${caller.tokenId}`, name: caller.name };
    } catch (error) {
      request.refusal = { error };
    }
  };
  app.addHook('onRequest', (request, _reply, done) => {
    const now = clock();
    const { authorization } = request.headers;
    request.reader = { caller: stranger, open: publicReading, now };
    request.counted = countedByAddress(request);
    if (authorization === undefined) done();
    else identify(request, authorization, now).then(() => done(), done);
  });
}

/** The address a request comes from, and of IPv6 the /64 that one subscriber has. */
function countedByAddress(request: FastifyRequest): FastifyRequest['counted'] {
  // A client that has left has no address, though the type has one.
  const ip = request.ip || 'unknown';
  return { key: `ip:${rateLimit.normalizeIP(ip)}`, name: `ip:${ip}` };
}

/**
 * Refuses a token that does not hold, and a caller that the route is not for. Where within its scope a token reaches
 * is for the use cases to say, since only they know what is asked for. A route that declares no scope stops the start.
 */
export function registerScopes(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.refusal) throw request.refusal.error;
    requireRoute(request);
    done();
  });
}

function requireRoute(request: FastifyRequest): void {
  // A path that no route has is not declared, and answered by 404.
  const { scope = 'public' } = request.routeOptions.config;
  if (scope === 'read') requireOpen(request.reader);
  else if (scope !== 'public') requireAnyScope(request.caller, typeof scope === 'string' ? [scope] : scope);
}

/** Has every route that is registered from here on declare its scope, or the application does not start. */
export function requireDeclaredScopes(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    // A browser's question before a request, which the list of sites answers.
    if (route.method !== 'OPTIONS') routes.push(route);
  });
  app.addHook('onReady', async () => {
    const undeclared = routes.filter((route) => route.config?.scope === undefined);
    if (undeclared.length === 0) return;
    const named = undeclared.map(({ method, url }) => `${method} ${url}`).join(', ');
    throw new Error(`a route declares who may call it (config.scope): ${named}`);
  });
}

/** Declares the scope of routes that a plugin registers for itself. */
export function declareScope(scope: FastifyInstance, declared: RouteScope): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, scope: declared };
  });
}
