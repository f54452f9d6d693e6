/**
 * Answers that did not change. What is read has an entity tag and says who may keep it; who has it already is answered 304.
 * Of the answers that were asked for lately it is known of which version of the store they were made: as long as nothing
 * was written since, by whichever process, a 304 takes no look at what the answer is made of.
 */
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dayInChina } from '../../day.js';
import { openMostUsed } from '../../most-used.js';
import { isNotModified } from '../http/conditions.js';
import { addVary } from '../http/web-headers.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whether the answer depends on more than the store, the day, who asks, and the address with the two headers that
     * choose a representation: it is made every time then.
     */
    momentary?: true | ((request: FastifyRequest) => boolean);
  }
  interface FastifyRequest {
    /** Of which version of the store an answer is that is made from here on; null where it is not to be known again. */
    made: Made | null;
    /** The headers by which it is said that who asks has the answer; null where that is not known. */
    unchanged: AnswerHeaders | null;
  }
}

/** A reading of the store. */
interface Made {
  /** A digest of all that tells it from other readings but the version. */
  readonly key: string;
  readonly version: number;
}

/** Headers of an answer that a 304 has as well. */
type AnswerHeaders = Readonly<Record<string, string>>;

/** An answer that was made, and of which version. */
interface KnownAnswer {
  readonly version: number;
  readonly headers: AnswerHeaders;
}

/** What a 304 says again of the answer that it stands for (RFC 9110). */
const repeated = ['etag', 'cache-control', 'vary', 'content-location'] as const;

/** What is known of answers at the most: that of each is small. */
const limits = { entries: 10_000, bytes: 8 * 2 ** 20 };

/** What an entry takes beside the text of its headers: its key, a number, the objects. */
const bytesOfEntry = 400;

/** What the answers of an application are known by. */
export interface UnchangedOptions {
  /** A number that changes with whatever is written to the store. */
  readonly version: () => number;
}

/** Registers what looks for the answer; behind what tells callers apart, before what holds back its cost. */
export interface Unchanged {
  /** Looks whether who asks has the answer, before anything is held back for its cost. */
  readonly look: () => void;
  /** Answers 304 where that is so, once it is known that the route is for them. */
  readonly answer: () => void;
}

/** Gives answers their tags, and knows them again; nothing is known where `options` is left out. */
export function registerUnchanged(app: FastifyInstance, options?: UnchangedOptions): Unchanged {
  const known = openMostUsed<KnownAnswer>(limits);
  app.decorateRequest('made', null);
  app.decorateRequest('unchanged', null);
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!isReading(request)) return done(null, payload);
    if (reply.statusCode >= 400) {
      // A failure may be over in a moment, and none is anybody else's.
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      return done(null, payload);
    }
    if (reply.statusCode !== 200 && reply.statusCode !== 304) return done(null, payload);
    const sent = tagAnswer(request, reply, payload);
    const headers = headersOf(reply);
    if (request.made && headers.etag !== undefined && !isUnkept(headers)) {
      const { key, version } = request.made;
      known.keep(key, { version, headers }, bytesOfEntry + JSON.stringify(headers).length);
    }
    done(null, sent);
  });
  return {
    look: () => {
      if (!options) return;
      app.addHook('onRequest', (request, _reply, done) => {
        if (isReading(request) && !request.refusal && !isMomentary(request)) {
          request.made = { key: keyOf(request), version: options.version() };
          // Fastify writes the length of what is left out of an answer to HEAD, which only the answer knows.
          const asks = request.method === 'GET' && request.headers['if-none-match'] !== undefined;
          if (asks) request.unchanged = findUnchanged(request, known.find);
        }
        done();
      });
    },
    answer: () => {
      app.addHook('onRequest', (request, reply, done) => {
        if (!request.unchanged) return done();
        reply.code(304).headers(request.unchanged).send();
      });
    },
  };
}

/** A request whose answer may be kept by who gets it. What has no route declares no scope. */
function isReading({ method, routeOptions }: FastifyRequest): boolean {
  const { scope, essential } = routeOptions.config;
  return (method === 'GET' || method === 'HEAD') && scope !== undefined && !essential;
}

function isMomentary(request: FastifyRequest): boolean {
  const { momentary } = request.routeOptions.config;
  return typeof momentary === 'function' ? momentary(request) : momentary === true;
}

/** Tokens are told apart, since some answers name who asks; what one may do is in the store, and changes its version. */
function keyOf({ caller, reader, headers, raw }: FastifyRequest): string {
  const who = caller.kind === 'token' ? `token ${caller.tokenId}` : caller.kind;
  const asked = [who, dayInChina(reader.now), headers.accept ?? '', headers['accept-language'] ?? '', raw.url ?? ''];
  // None of them holds the end of a line: Node takes no such header or address.
  return hash('sha256', asked.join('\n'), 'base64url');
}

function findUnchanged(
  request: FastifyRequest,
  find: (key: string) => KnownAnswer | undefined,
): FastifyRequest['unchanged'] {
  const { made } = request;
  const answer = made && find(made.key);
  if (!answer || answer.version !== made.version) return null;
  return holdsTag(request, answer.headers.etag ?? '') ? answer.headers : null;
}

/** Whether the answer with a tag is one that who asks has. A header that is none is refused where the answer is made. */
function holdsTag(request: FastifyRequest, etag: string): boolean {
  try {
    return isNotModified(request, etag.replace(/^W\//, ''));
  } catch {
    return false;
  }
}

/**
 * Gives an answer its tag where it has none, and says who may keep it: what strangers are answered anybody may, and each
 * asks again whether it is still so. Returns what is sent: nothing to who has it.
 */
function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { scope } = request.routeOptions.config;
  if (scope !== 'public') addVary(reply, 'Authorization');
  if (!reply.hasHeader('cache-control')) {
    const anybody = scope === 'public' || request.caller.kind === 'stranger';
    reply.header('cache-control', anybody ? 'public, no-cache' : 'private, no-cache');
  }
  if (reply.hasHeader('etag') || !isTagged(reply, payload) || isUnkept(headersOf(reply))) return payload;
  const etag = `"${hash('sha256', payload, 'base64url').slice(0, 22)}"`;
  reply.header('etag', etag);
  if (!isNotModified(request, etag)) return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return request.method === 'HEAD' ? payload : null;
}

/** Whether the same answer has the same bytes: text has, while a workbook or a document says when it was written. */
function isTagged(reply: FastifyReply, payload: unknown): payload is string | Buffer {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false;
  return /^text\/|[/+]json\b/.test(String(reply.getHeader('content-type') ?? ''));
}

function isUnkept(headers: AnswerHeaders): boolean {
  return headers['cache-control']?.includes('no-store') ?? false;
}

function headersOf(reply: FastifyReply): AnswerHeaders {
  const found = repeated.flatMap((name) => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  return Object.fromEntries(found);
}
