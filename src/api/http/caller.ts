/** Who sends a request, and whether the route is for them: the one place where a token becomes a caller. */
import { isIPv6 } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import ipaddr from 'ipaddr.js';
import { authenticate, requireAnyScope, requireNation, stranger } from '../../access/authority.js';
import { type Reader, requireOpen } from '../../access/visibility.js';
import type { Db } from '../../store/engine/schema.js';
import type { Caller, PublicReading, Scope } from '../../words.js';
import { followGuesses } from './guesses.js';
import { headerFault } from './single-headers.js';

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
    /** Why the request is not taken: the token that was sent does not hold, or a header is there twice. */
    refusal: { readonly error: unknown } | null;
    /**
     * Throws `unauthorized` when the token holds no more: a body may take an hour to come, and who ends a token means at
     * once. Called when all of what is sent is there.
     */
    requireCallerStill: () => Promise<void>;
  }
}

/** What access is decided by. */
export interface CallerOptions {
  readonly db: Db;
  readonly clock: () => Date;
  readonly publicReading: PublicReading;
  /** Wrong tokens of one address, and of one token, after which it is told to wait; none when left out. */
  readonly wrongTokensPerMinute?: number | undefined;
}

/** Makes the caller known to limits, routes and the log. Refuses nobody: guesses of a token are counted first. */
export function registerCallers(app: FastifyInstance, options: CallerOptions): void {
  const { db, clock, publicReading } = options;
  const slow = followGuesses(options.wrongTokensPerMinute ?? Number.POSITIVE_INFINITY);
  app.decorateRequest('reader');
  app.decorateRequest('counted');
  app.decorateRequest('refusal', null);
  app.decorateRequest('requireCallerStill', async function (this: FastifyRequest) {
    if (this.caller.kind === 'token') await authenticate(db, this.headers.authorization, clock());
  });
  app.decorateRequest('caller', {
    getter() {
      return this.reader.caller;
    },
  });
  const identify = async (request: FastifyRequest, reply: FastifyReply, authorization: string): Promise<void> => {
    const { now } = request.reader;
    try {
      const caller = await authenticate(db, authorization, now);
      request.reader = { caller, open: publicReading, now };
      if (caller.kind === 'token') request.counted = { key: `token:${caller.tokenId}`, name: caller.name };
    } catch (error) {
      request.refusal = { error: slow(request, reply, authorization, error) };
    }
  };
  app.addHook('onRequest', (request, reply, done) => {
    const now = clock();
    const { authorization } = request.headers;
    request.reader = { caller: stranger, open: publicReading, now };
    request.counted = countedByAddress(request);
    const error = headerFault(request);
    if (error) request.refusal = { error };
    if (error || authorization === undefined) done();
    else identify(request, reply, authorization).then(() => done(), done);
  });
}

/** Lets nobody in but who administers the nation. */
export function requireNationOf(db: Db): (request: FastifyRequest) => Promise<void> {
  return ({ caller, reader }) => requireNation(db, caller, reader.now);
}

/** The address a request comes from, and of IPv6 the /64 that one subscriber has. */
function countedByAddress(request: FastifyRequest): FastifyRequest['counted'] {
  // A client that has left has no address, though the type has one.
  const ip = request.ip || 'unknown';
  return { key: `ip:${networkOf(ip)}`, name: `ip:${ip}` };
}

/** An address as it is counted: IPv4 as it is, also where it is written as IPv6; of IPv6 its first 64 bits. */
function networkOf(ip: string): string {
  if (!ip.includes(':') || !isIPv6(ip)) return ip;
  const address = ipaddr.process(ip);
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).join(':') : address.toString();
}

/**
 * Refuses a token that does not hold, or no more once the body is there, and a caller that the route is not for. Where
 * within its scope a token reaches is for the use cases to say, since only they know what is asked for. A route that
 * declares no scope stops the start.
 */
export function registerScopes(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.refusal) throw request.refusal.error;
    requireRoute(request);
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const { body, caller } = request;
    // A stranger has no token that could have ended meanwhile.
    if (body === undefined || body === null || caller.kind !== 'token') return done();
    request.requireCallerStill().then(() => done(), done);
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
