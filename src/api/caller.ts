/** Who sends a request, and whether the route is for them: the one place where a token becomes a caller. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { authenticate, requireAnyScope, stranger } from '../access/authority.js';
import { type PublicReading, type Reader, requireOpen } from '../access/visibility.js';
import type { Caller, Scope } from '../store/act.js';
import type { Db } from '../store/schema.js';

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
  }
}

/** What access is decided by. */
export interface AccessOptions {
  readonly db: Db;
  readonly clock: () => Date;
  readonly publicReading: PublicReading;
}

/**
 * Registers the check on the root, before anything else looks at a request. Where within its scope a token reaches is
 * for the use cases to say, since only they know what is asked for. A route that declares no scope stops the start.
 */
export function registerAccess(app: FastifyInstance, { db, clock, publicReading }: AccessOptions): void {
  app.decorateRequest('reader');
  app.decorateRequest('caller', {
    getter() {
      return this.reader.caller;
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    const now = clock();
    // Also when the token does not hold, so that whatever answers that knows who it is not.
    request.reader = { caller: stranger, open: publicReading, now };
    const caller = await authenticate(db, request.headers.authorization, now);
    request.reader = { ...request.reader, caller };
    if (request.caller.kind === 'token') reply.log = request.log = request.log.child({ token: request.caller.name });
    requireRoute(request);
  });
  requireDeclaredScopes(app);
}

function requireRoute(request: FastifyRequest): void {
  // A path that no route has is not declared, and answered by 404.
  const { scope = 'public' } = request.routeOptions.config;
  if (scope === 'read') requireOpen(request.reader);
  else if (scope !== 'public') requireAnyScope(request.caller, typeof scope === 'string' ? [scope] : scope);
}

function requireDeclaredScopes(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
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
