/** The methods of every path: `OPTIONS` lists them, and any other is refused with the list (RFC 9110). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';
import { takenTypes } from './upload.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the path takes; set where the method that was asked for is none of its own. */
    allow?: readonly string[];
    /** The media types that may be posted to the path; set beside `allow`. */
    posted?: readonly string[];
  }
}

/** The methods that a route may have, in the order in which they are listed. */
const allowable: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What the paths of an application take. */
export interface PathMethods {
  /** Registers `OPTIONS` and the refusal of every other method for each path; call it once all routes are there. */
  readonly answerOthers: () => void;
  /** The refusal of a method that is registered for no path, like PROPFIND; undefined for a path that no route has. */
  readonly refuseUnheard: (request: FastifyRequest) => Problem | undefined;
}

/** Follows the routes that are registered from here on. */
export function followMethods(app: FastifyInstance): PathMethods {
  const urls = new Map<string, readonly string[] | undefined>();
  const paths: { readonly pattern: RegExp; readonly allow: readonly string[] }[] = [];
  app.addHook('onRoute', (route) => {
    const { url, method } = route;
    // The plugin for other sites has a route for the preflight of any path.
    if (url !== '*') urls.set(url, method === 'POST' ? takenTypes(route) : urls.get(url));
  });
  app.addHook('onRequest', ({ method, routeOptions }, reply, done) => {
    const { allow, posted } = routeOptions.config;
    if (method === 'OPTIONS' && allow) reply.header('allow', allow.join(', '));
    if (method === 'OPTIONS' && posted) reply.header('accept-post', posted.join(', '));
    done();
  });
  return {
    answerOthers: () => {
      // A path that says more stands in a longer pattern, which is tried first.
      for (const [url, posted] of [...urls].sort(([one], [other]) => other.length - one.length)) {
        paths.push({ pattern: patternOf(url), allow: answerOthersAt(app, url, posted) });
      }
    },
    refuseUnheard: (request) => {
      const path = request.url.split('?')[0] ?? '';
      const found = paths.find(({ pattern, allow }) => pattern.test(path) && !allow.includes(request.method));
      return found && wrongMethod(request, found.allow);
    },
  };
}

/** A route's path as an expression: `:name` is a part of it, with an expression of its own or without, `*` the rest. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+(?:\(\^.*?\))?|\*$)/).map((part) => {
    if (part === '*') return '.*';
    if (part.startsWith(':')) return /\(\^(.*)\)$/.exec(part)?.[1] ?? '[^/]+';
    return part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('')}$`);
}

function answerOthersAt(app: FastifyInstance, url: string, posted: readonly string[] | undefined): readonly string[] {
  // Asked of the router, since Fastify registers some paths with a slash at their end in silence.
  const allow = allowable.filter((method) => method === 'OPTIONS' || app.hasRoute({ url, method }));
  app.route({
    method: app.supportedMethods.filter((method) => method === 'OPTIONS' || !allow.includes(method)),
    url,
    config: { scope: 'public', onlyReads: true, allow, ...(posted && { posted }) },
    // Before a body is read, since nothing will be done with it.
    onRequest: (request, _reply, done) => (request.method === 'OPTIONS' ? done() : done(wrongMethod(request, allow))),
    handler: (_request, reply) => reply.code(204).send(),
  });
  return allow;
}

function wrongMethod({ method }: FastifyRequest, allow: readonly string[]): Problem {
  const list = allow.join(', ');
  return new Problem(
    'method-not-allowed',
    { zh: `此路径不支持 ${method}，可用：${list}。`, en: `This path does not take ${method}; it takes ${list}.` },
    { allow },
  );
}
