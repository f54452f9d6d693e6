/** How failures are answered over HTTP: the one place where a `Problem` becomes a response. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { Problem, type ProblemName, toProblem } from '../../problem.js';
import { markLanguage, sayTo } from './language.js';
import { listTaken } from './upload.js';
import { isValidation, validationProblem } from './validation.js';

const mediaType = 'application/problem+json; charset=utf-8';

/** Sends a failure as RFC 9457 problem details. What is unforeseen is logged once with its stack, the rest at info. */
function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.kind === 'internal') request.log.error({ err: error }, problem.kind);
  else request.log.info({ problem: problem.kind, detail: problem.message }, 'refused');
  if (problem.kind === 'unauthorized') reply.header('www-authenticate', challengeOf(problem));
  if (problem.kind === 'unsupported-media-type') listTaken(request, reply);
  const { allow } = problem.members;
  if (Array.isArray(allow)) reply.header('allow', allow.join(', '));
  const { retryAfter = retryAfterSeconds[problem.kind] } = problem.members;
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  markLanguage(request, reply);
  return reply
    .code(problem.status)
    .type(mediaType)
    .send(JSON.stringify({ ...problem.bodyIn(sayTo(request)), instance: `urn:uuid:${request.id}` }));
}

/** The problem that a request is answered with when this was thrown. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  return isValidation(error) ? validationProblem(error, request) : toProblem(error);
}

/** RFC 6750: a token that was sent and does not hold is named as the fault. */
function challengeOf({ members }: Problem): string {
  const wrong = members.reason !== 'missing' && members.reason !== 'not-accepted';
  return `Bearer realm="xiangbao"${wrong ? ', error="invalid_token"' : ''}`;
}

/** When to try again, in seconds: a lock is short, a disk has to be seen to. */
const retryAfterSeconds: Readonly<Partial<Record<ProblemName, string>>> = {
  busy: '1',
  'request-in-flight': '1',
  'storage-unavailable': '30',
  'storage-full': '30',
};

/**
 * Registers the error and not-found handlers on the root; `refuse` gives the refusal of a request that no route has,
 * where it is another one than that there is no such path.
 */
export function registerErrors(app: FastifyInstance, refuse: (request: FastifyRequest) => Problem | undefined): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    // Of the server as a whole (RFC 9110): it is there.
    if (request.method === 'OPTIONS' && request.url === '*') return reply.code(204).send();
    return sendProblem(refuse(request) ?? noSuchPath(request), request, reply);
  });
}

function noSuchPath({ url }: FastifyRequest): Problem {
  const path = url.split('?')[0]?.slice(0, 200);
  return new Problem('not-found', {
    zh: `没有接口 ${path}，全部接口见 GET /v1。`,
    en: `There is no ${path}; GET /v1 lists what there is.`,
  });
}

/**
 * What fails before a request has a route and hooks: a path that is no URL, which `follow` is told of as any other
 * request, and a message that is no HTTP.
 */
export function earlyErrors(follow: (request: FastifyRequest, reply: FastifyReply) => void) {
  return {
    frameworkErrors: (error, request, reply) => {
      follow(request, reply);
      sendProblem(error, request, reply);
    },
    clientErrorHandler: (error, socket) => refuseMessage(error, socket),
  } satisfies Partial<FastifyServerOptions>;
}

function refuseMessage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const problem = earlyProblem(error.code);
  const body = JSON.stringify(problem.body);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\ncontent-type: ${mediaType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function earlyProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', { zh: '请求头过大。', en: 'The headers are too large.' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem('request-timeout', { zh: '未在规定时间内收到完整请求。', en: 'No whole request came in time.' });
  }
  return new Problem('malformed-request', { zh: '不是合法的 HTTP 报文。', en: 'The message is not valid HTTP.' });
}
