/** GraphQL over HTTP: how a request is read and an answer written (the draft specification of 2025). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { parseJsonText } from '../../json.js';
import { maxFaults, Problem, toProblem } from '../../problem.js';
import type { Say } from '../../words.js';
import { findAcceptedType } from '../http/accept.js';
import { markLanguage, sayTo } from '../http/language.js';
import { sampleNotice } from '../http/sample.js';
import { listTaken } from '../http/upload.js';
import type { Answer } from './execute/execute.js';
import type { Question } from './persisted.js';
import { agreedMessages, codeOfFault, codeOfProblem, labelOfFault, type Stage } from './query-faults.js';

/** The two media types of an answer: the newer one shows failures in its status, the older only in its body. */
const mediaTypes = ['application/json', 'application/graphql-response+json'] as const;

/** The media type a client wants its answer in. */
export type MediaType = (typeof mediaTypes)[number];

/** What a client asks. */
export type GraphqlRequest = Question & {
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
};

/** Reads the parameters of a GET. Throws `malformed-body` for what is no question. */
export function readQueryString(request: FastifyRequest): GraphqlRequest {
  // Fastify's own parser makes a string, or a list of strings where a name is repeated.
  const parameters = request.query as Readonly<Record<string, string | string[]>>;
  const objects = ['variables', 'extensions'].flatMap((name) => {
    const text = parameters[name];
    return typeof text === 'string' && text !== '' ? [[name, parseJsonText(text)]] : [];
  });
  return readParameters({ ...parameters, ...Object.fromEntries(objects) });
}

/** Reads the body of a POST. Throws `malformed-body` for what is no question, a batch of them included. */
export function readBody(request: FastifyRequest): GraphqlRequest {
  const { body } = request;
  if (isObject(body)) return readParameters(body);
  throw invalidRequest('', {
    zh: '请求体应为一个含 query 的 JSON 对象，不支持批量。',
    en: 'The body must be one JSON object with a query; batches are not taken.',
  });
}

function readParameters(parameters: Readonly<Record<string, unknown>>): GraphqlRequest {
  const { operationName, variables } = parameters;
  if (!isAbsent(operationName) && typeof operationName !== 'string') {
    throw invalidRequest('operationName', { zh: 'operationName 应为字符串。', en: 'operationName must be a string.' });
  }
  for (const name of ['variables', 'extensions']) {
    const value = parameters[name];
    if (isAbsent(value) || value === '' || isObject(value)) continue;
    throw invalidRequest(name, { zh: `${name} 应为 JSON 对象。`, en: `${name} must be a JSON object.` });
  }
  return {
    ...readQuestion(parameters),
    operationName: operationName ? operationName : undefined,
    variables: isObject(variables) ? variables : undefined,
  };
}

function readQuestion({ query, extensions }: Readonly<Record<string, unknown>>): Question {
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  if (!isAbsent(persisted) && !isObject(persisted)) {
    throw invalidRequest('extensions/persistedQuery', {
      zh: 'extensions.persistedQuery 应为 JSON 对象。',
      en: 'extensions.persistedQuery must be a JSON object.',
    });
  }
  const asked = isObject(persisted) ? { version: persisted.version, sha256Hash: persisted.sha256Hash } : undefined;
  // No query is empty: some clients send no text that way.
  if (asked && (isAbsent(query) || query === '')) return { query: undefined, persisted: asked };
  if (typeof query === 'string') return { query, persisted: asked };
  throw invalidRequest('query', { zh: 'query 应为字符串。', en: 'query must be a string.' });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalidRequest(name: string, message: { readonly zh: string; readonly en: string }): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code: 'FORMAT', severity: 'error', pointer: name && `/${name}`, message }],
  });
}

/** The media type to answer in, by the Accept header. Throws `not-acceptable` when it allows neither. */
export function chooseMediaType(accept: string | undefined): MediaType {
  const accepted = findAcceptedType(accept, mediaTypes);
  if (accepted) return accepted;
  throw new Problem('not-acceptable', {
    zh: `只能以 ${mediaTypes.join(' 或 ')} 回答。`,
    en: `The answer comes as ${mediaTypes.join(' or ')}.`,
  });
}

/** How answers are written: in which media type, and whether they hold made-up figures. */
export interface Manner {
  readonly mediaType: MediaType;
  readonly sample: boolean;
}

/** Sends an answer. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer, manner: Manner): FastifyReply {
  const body = writeAnswer(request, answer, manner);
  return send(reply, 200, { body, failed: answer.errors.length > 0 }, manner);
}

/** The body of an answer. A failure on our side is logged once, and the body gives no details. */
function writeAnswer(request: FastifyRequest, { data, errors }: Answer, { sample }: Manner): string {
  const written = errors.slice(0, maxFaults).map((error) => writeExecutionError(request, error));
  const more = errors.length > written.length;
  const failed = errors.length > 0 ? `"errors":${JSON.stringify(written)},` : '';
  const extensions = { ...(more && { more: true }), ...(sample && { sample: sampleNotice }) };
  const beside = more || sample ? `,"extensions":${JSON.stringify(extensions)}` : '';
  return `{${failed}"data":${data}${beside}}`;
}

/** Sends the refusal of a query that is not executed: 200 in the older media type, which knows no other. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refused: { readonly errors: readonly GraphQLError[]; readonly stage: Stage } | Problem,
  manner: Manner,
): FastifyReply {
  const say = sayTo(request);
  const errors =
    refused instanceof Problem
      ? [writeProblem(refused, say)]
      : refused.errors.map((error) => writeRequestError(error, refused.stage, say));
  request.log.info({ problem: errors[0]?.extensions.problem, detail: errors[0]?.message }, 'refused');
  const status = refused instanceof Problem ? refused.status : 400;
  return sendErrors(reply, manner.mediaType === 'application/json' ? 200 : status, errors, manner);
}

/** Sends a failure from before there was a query; both media types show it in the status. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  manner: Manner,
): FastifyReply {
  const problem = toProblem(error);
  logProblem(request, problem, error);
  if (problem.kind === 'unsupported-media-type') listTaken(request, reply);
  return sendErrors(reply, problem.status, [writeProblem(problem, sayTo(request))], manner);
}

function sendErrors(
  reply: FastifyReply,
  status: number,
  errors: readonly WrittenError[],
  manner: Manner,
): FastifyReply {
  const body = JSON.stringify({ errors, ...(manner.sample && { extensions: { sample: sampleNotice } }) });
  return send(reply, status, { body, failed: true }, manner);
}

function send(
  reply: FastifyReply,
  status: number,
  { body, failed }: { readonly body: string; readonly failed: boolean },
  { mediaType }: Manner,
): FastifyReply {
  reply.header('vary', 'accept');
  if (failed) {
    markLanguage(reply.request, reply);
    // In the older media type a failure is a 200, and like any other it may be over in a moment.
    reply.header('cache-control', 'no-store');
  }
  return reply.code(status).type(`${mediaType}; charset=utf-8`).send(body);
}

/** An error as it is answered: the code that clients know, the problem's name and its members in `extensions`. */
interface WrittenError {
  readonly message: string;
  readonly locations?: GraphQLError['locations'];
  readonly path?: GraphQLError['path'];
  readonly extensions: Readonly<Record<string, unknown>>;
}

function writeProblem(problem: Problem, say: Say, code = codeOfProblem(problem)): WrittenError {
  const { detail, ...members } = problem.bodyIn(say);
  const agreed = agreedMessages[problem.kind];
  const said = { code, problem: problem.kind, ...members };
  return agreed ? { message: agreed, extensions: { ...said, detail } } : { message: detail, extensions: said };
}

/** Syntax is the body's fault; what is well-formed and not valid is that of a parameter. */
function writeRequestError(error: GraphQLError, stage: Stage, say: Say): WrittenError {
  const code = codeOfFault(error, stage);
  const kind = code === 'GRAPHQL_PARSE_FAILED' ? 'malformed-body' : 'invalid-parameter';
  return {
    ...writeProblem(new Problem(kind, labelOfFault(error)), say, code),
    ...placeOf(error),
  };
}

function writeExecutionError(request: FastifyRequest, error: GraphQLError): WrittenError {
  const cause = error.originalError ?? error;
  const problem = toProblem(cause);
  logProblem(request, problem, cause);
  return { ...writeProblem(problem, sayTo(request)), ...placeOf(error) };
}

function placeOf({ locations, path }: GraphQLError): Pick<WrittenError, 'locations' | 'path'> {
  return { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
}

function logProblem(request: FastifyRequest, problem: Problem, cause: unknown): void {
  if (problem.kind === 'internal') request.log.error({ err: cause }, problem.kind);
  else request.log.info({ problem: problem.kind, detail: problem.message }, 'refused');
}
