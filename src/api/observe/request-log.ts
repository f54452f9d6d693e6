/** The log: one line a request, and nothing in it that lets anybody in. */
import { type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify';
import type { Ended } from './ended.js';

/**
 * What a caller proves himself by, and where a careless line could hold it. Each place is written out: with
 * wildcards every line of the log would cost six times as much.
 */
const secrets = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key', 'token'];
const places = [[], ['headers'], ['req'], ['req', 'headers'], ['request', 'headers'], ['res', 'headers'], ['err']];
const redact = {
  paths: places.flatMap((place) =>
    secrets.map((secret) => [...place, `["${secret}"]`].join('.').replaceAll('.[', '[')),
  ),
  censor: '[secret]',
};

/** The options of the logger, with what every logger of this service leaves out. */
export function loggerOptions(logger: FastifyServerOptions['logger']): FastifyServerOptions['logger'] {
  if (!logger) return false;
  return { ...(logger === true ? {} : logger), redact, serializers: { req: describeRequest } };
}

/** One line of ours replaces Fastify's lines at the start and the end of a request; Fastify still logs errors. */
export const logController = Object.assign(new LogController(), {
  incomingRequest: () => {},
  requestCompleted: () => {},
});

/** Writes the line of a request that is over; the logger adds its id as `reqId`. */
export function logRequest({ request, route, status, milliseconds }: Ended): void {
  const { method, log, counted } = request;
  const line = {
    method,
    route: route ?? null,
    path: pathOf(request.url),
    status: status ?? null,
    milliseconds: Math.round(milliseconds * 10) / 10,
    // What fails before there is a request has no caller.
    caller: counted?.name ?? null,
  };
  log.info(line, status === undefined ? 'broken off' : 'answered');
}

/** Without the query: a careless client puts a token there. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return url.slice(0, Math.min(500, end < 0 ? url.length : end));
}

function describeRequest({ method, url }: FastifyRequest) {
  return { method, path: pathOf(url) };
}
