/**
 * Answers that are kept while what they are made of stands. What is read has an entity tag and says who may keep it; who
 * has it already is answered 304. The whole answers that were asked for lately are kept beside, in bounded bytes, each with
 * what of the store it was made from: until something of that is touched it is given again, compressed as the client takes
 * it, to all who may read the same. Nothing is older than what this process acknowledged.
 */
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rightsOf } from '../../access/visibility.js';
import { dayInChina } from '../../day.js';
import { type MostUsed, openMostUsed } from '../../most-used.js';
import { lookedAt } from '../../register/looked-at.js';
import type { Db } from '../../store/engine/schema.js';
import { isUntouched, type Looked, versionOf } from '../../store/engine/versions.js';
import { isNotModified, matchedTag } from '../http/conditions.js';
import { addVary } from '../http/web-headers.js';
import { type Coding, chooseCoding, compress, isCompressible, tagIn } from './coding.js';
import type { Looks, LooksAt } from './looks.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whether the answer depends on more than the store, the day, who asks, and the address with the headers that choose a
     * representation: it is made every time then.
     */
    momentary?: true | ((request: FastifyRequest) => boolean);
    /**
     * Of what the answer is made; it is then the same for all who may read the same. Left out, of everything, and for nobody
     * but who asks.
     */
    looksAt?: LooksAt;
  }
  interface FastifyRequest {
    /** What an answer is kept by that is made from here on; null where it is not to be kept. */
    asked: Asked | null;
    /** The answer that is kept, and given; null where there is none. */
    kept: KeptAnswer | null;
    /** Of what the answer was made, for a route that learns it on the way. */
    looks: Looks;
    /** Looks for the answer to a body; true where there is one, and the body need not be read. */
    findKept: (body: Buffer) => boolean;
  }
}

/** A reading of the store. */
interface Asked {
  /** All that tells it from other readings but the version; where that is long, a digest of it. */
  readonly key: string;
  readonly version: number;
}

type AnswerHeaders = Readonly<Record<string, string>>;

/** An answer in one coding. */
interface CodedAnswer {
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** An answer that was made, of which version, and from what. */
interface KeptAnswer {
  readonly version: number;
  looked: Looked;
  /** What a 304 says again of it. */
  readonly headers: AnswerHeaders;
  /** It in the codings that were asked for so far; none where only its tag is known. */
  readonly coded: Map<Coding, CodedAnswer>;
  readonly compressible: boolean;
}

/** What a 304 says again of the answer that it stands for (RFC 9110). */
const repeated = ['etag', 'cache-control', 'vary', 'content-location'] as const;

/** What an answer that is given again says as it did; all else is said of each request by what else it meets. */
const given = [
  ...repeated,
  ...['content-type', 'content-language', 'content-disposition', 'last-modified', 'link', 'x-content-type-options'],
] as const;

/** What an entry takes beside its bytes, its key and the text of its headers: numbers, the objects. */
const bytesOfEntry = 600;

/** Answers that are kept at the most, however small. */
const maxAnswers = 50_000;

/** What is answered from. */
export interface KeptAnswersOptions {
  readonly db: Db;
  /** Bytes that may be kept; 0 keeps nothing. */
  readonly bytes: number;
}

/** Registers what looks for the answer; behind what tells callers apart, before what holds back its cost. */
export interface KeptAnswers {
  /** Looks whether there is an answer, before anything is held back for its cost. */
  readonly look: () => void;
  /** Gives it, or answers 304, once it is known that the route is for who asks. */
  readonly answer: () => void;
  /** How answers came about since the start. */
  readonly counts: () => Readonly<Record<'made' | 'kept' | 'unchanged', number>> & { readonly bytes: number };
}

/** Gives answers their tags, compresses and keeps them; neither is done where `options` is left out. */
export function registerKeptAnswers(app: FastifyInstance, options?: KeptAnswersOptions): KeptAnswers {
  const memory = openMostUsed<KeptAnswer>({ entries: maxAnswers, bytes: options?.bytes ?? 0 });
  const counts = { made: 0, kept: 0, unchanged: 0 };
  app.decorateRequest('asked', null);
  app.decorateRequest('kept', null);
  app.decorateRequest('looks', undefined);
  app.decorateRequest('findKept', function (this: FastifyRequest, body: Buffer) {
    if (options && options.bytes > 0) find(this, options.db, memory, body);
    return this.kept !== null;
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    // What is given again says all of this already; a refusal does not.
    if (request.kept && reply.statusCode < 400) return done(null, payload);
    const reads = isReading(request);
    if (reads) tagAnswer(request, reply, payload);
    if (reply.statusCode === 304) nameMatched(request, reply);
    const isAnswer = reply.statusCode === 200 || reply.statusCode === 304;
    const isWhole = reads || isReadingByBody(request);
    if (!options || !isAnswer || !isWhole || isUnkept(reply)) return done(null, payload);
    const answer = keepAnswer(request, reply, payload, options.db, memory);
    if (reads && answer && hasIt(request, answer)) {
      counts.unchanged++;
      reply.code(304).removeHeader('content-type').removeHeader('content-length');
      nameMatched(request, reply);
      return done(null, request.method === 'HEAD' ? payload : null);
    }
    counts[reply.statusCode === 304 ? 'unchanged' : 'made']++;
    const coding = chooseCoding(request.headers['accept-encoding']);
    if (request.method === 'HEAD') return done(null, payload);
    // What is kept are its bytes: to send them is not to make them twice.
    if (!answer?.compressible || coding === 'identity')
      return done(null, answer?.coded.get('identity')?.body ?? payload);
    codeAnswer(answer, coding).then(({ headers, body }) => {
      reply.headers(headers).removeHeader('content-length');
      done(null, body);
    }, done);
  });
  return {
    counts: () => ({ ...counts, bytes: memory.size().bytes }),
    look: () => {
      if (!options || options.bytes === 0) return;
      const { db } = options;
      app.addHook('onRequest', (request, _reply, done) => {
        if (isReading(request) && !request.refusal && !isMomentary(request)) find(request, db, memory, undefined);
        done();
      });
    },
    answer: () => {
      app.addHook('onRequest', (request, reply, done) => {
        if (request.kept) give(request, reply, request.kept, memory, counts);
        else done();
      });
      // Of what is asked in a body it is known once that is there, which may take an hour.
      app.addHook('preValidation', (request, reply, done) => {
        const { kept, caller } = request;
        if (!kept) return done();
        if (caller.kind === 'stranger') return give(request, reply, kept, memory, counts);
        request.requireCallerStill().then(() => give(request, reply, kept, memory, counts), done);
      });
    },
  };
}

/** A request whose answer may be kept by who gets it. What has no route declares no scope. */
function isReading({ method, routeOptions }: FastifyRequest): boolean {
  const { scope, essential } = routeOptions.config;
  return (method === 'GET' || method === 'HEAD') && scope !== undefined && !essential;
}

/** A question that is asked in a body, whose answer no cache on the way keeps. */
function isReadingByBody({ method, routeOptions: { config } }: FastifyRequest): boolean {
  return method === 'POST' && config.onlyReads === true && config.looksAt !== undefined;
}

function isMomentary(request: FastifyRequest): boolean {
  const { momentary } = request.routeOptions.config;
  return typeof momentary === 'function' ? momentary(request) : momentary === true;
}

/** Looks for the answer to a request; notes by what it is to be kept where there is none that stands. */
function find(request: FastifyRequest, db: Db, memory: MostUsed<KeptAnswer>, body: Buffer | undefined): void {
  const asked = { key: keyOf(request, body), version: versionOf(db) };
  request.asked = asked;
  const found = memory.find(asked.key);
  if (!found || !isUntouched(db, found.version, found.looked)) return;
  // Fastify writes the length of what is left out of an answer to HEAD, which only the answer knows.
  if (request.method === 'HEAD') return;
  try {
    if (hasIt(request, found) || found.coded.size > 0) request.kept = found;
  } catch {
    // It is refused where the answer is made.
  }
}

/**
 * Who may read the same is told apart only where the route does not say of what its answers are made: some name who asks.
 * What a token may do is in the store, and known of each request.
 */
function keyOf({ method, reader, headers, raw, routeOptions }: FastifyRequest, body: Buffer | undefined): string {
  const { caller } = reader;
  const isShared = routeOptions.config.looksAt !== undefined || caller.kind !== 'token';
  const who = isShared ? rightsOf(reader) : `token ${caller.tokenId}`;
  const { accept = '', 'accept-language': language = '' } = headers;
  // None of them but the digest, which is last, holds the end of a line: Node takes no such header or address.
  const asked = `${method === 'HEAD' ? 'GET' : method}\n${who}\n${dayInChina(reader.now)}\n${accept}\n${language}\n${raw.url}\n`;
  const key = body === undefined ? asked : asked + hash('sha256', body, 'binary');
  return key.length <= maxKey ? key : hash('sha256', key, 'binary');
}

/** Characters of a key that is no digest as a whole, which costs more than to compare it. */
const maxKey = 1_000;

/** Whether who asks has the answer already. Throws `invalid-parameter` for a header that is no list of tags. */
function hasIt(request: FastifyRequest, { headers: { etag } }: KeptAnswer): boolean {
  if (etag === undefined || request.headers['if-none-match'] === undefined || !isReading(request)) return false;
  return isNotModified(request, etag.replace(/^W\//, ''));
}

function give(
  request: FastifyRequest,
  reply: FastifyReply,
  kept: KeptAnswer,
  memory: MostUsed<KeptAnswer>,
  counts: { kept: number; unchanged: number },
): void {
  if (hasIt(request, kept)) {
    counts.unchanged++;
    reply.code(304).headers(kept.headers);
    nameMatched(request, reply);
    reply.send();
    return;
  }
  counts.kept++;
  const coding = kept.compressible ? chooseCoding(request.headers['accept-encoding']) : 'identity';
  const known = kept.coded.get(coding);
  if (known) {
    reply.headers(known.headers).send(known.body);
    return;
  }
  codeAnswer(kept, coding).then(
    ({ headers, body }) => {
      const { key } = request.asked ?? {};
      if (key !== undefined && memory.peek(key) === kept) memory.keep(key, kept, bytesOf(key, kept));
      reply.headers(headers).send(body);
    },
    (error: unknown) => reply.send(error),
  );
}

/** An answer in a coding, made once. */
async function codeAnswer(answer: KeptAnswer, coding: Coding): Promise<CodedAnswer> {
  const plain = answer.coded.get('identity');
  const known = answer.coded.get(coding) ?? plain;
  if (!plain || !known) throw new Error('an answer that is compressed has its bytes');
  if (coding === 'identity' || known !== plain) return known;
  const { etag } = plain.headers;
  const headers = { ...plain.headers, 'content-encoding': coding, ...(etag && { etag: tagIn(coding, etag) }) };
  const coded = { headers, body: await compress(plain.body, coding) };
  answer.coded.set(coding, coded);
  return coded;
}

/** Keeps an answer that was made; undefined where there is nothing of it to keep or to compress: it has no bytes here, and no tag. */
function keepAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  db: Db,
  memory: MostUsed<KeptAnswer>,
): KeptAnswer | undefined {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : Buffer.isBuffer(payload) ? payload : undefined;
  const compressible =
    bytes !== undefined && isCompressible(String(reply.getHeader('content-type') ?? ''), bytes.length);
  if (compressible) addVary(reply, 'Accept-Encoding');
  const headers = headersOf(reply, given);
  const answer: KeptAnswer = {
    version: request.asked?.version ?? 0,
    looked: 'everything',
    headers: headersOf(reply, repeated),
    coded: new Map(bytes && [['identity', { headers, body: bytes }]]),
    compressible,
  };
  if (!bytes && answer.headers.etag === undefined) return undefined;
  if (request.asked) {
    memory.keep(request.asked.key, answer, bytesOf(request.asked.key, answer));
    const looks = request.routeOptions.config.looksAt?.(request);
    if (looks) void noteLooked(db, answer, looks);
  }
  return answer;
}

/** Until it is known from what it was made, an answer is of everything; so it is where that cannot be found. */
async function noteLooked(db: Db, answer: KeptAnswer, looks: NonNullable<Looks>): Promise<void> {
  try {
    answer.looked = looks === 'register' ? [] : await lookedAt(db, looks);
  } catch {
    answer.looked = 'everything';
  }
}

function bytesOf(key: string, { headers, coded }: KeptAnswer): number {
  let bytes = bytesOfEntry + key.length + lengthOf(headers);
  for (const one of coded.values()) bytes += one.body.length + lengthOf(one.headers);
  return bytes;
}

function lengthOf(headers: AnswerHeaders): number {
  let length = 0;
  for (const [name, value] of Object.entries(headers)) length += name.length + value.length;
  return length;
}

/**
 * Gives an answer its tag where it has none, and says who may keep it: what strangers are answered anybody may, and each
 * asks again whether it is still so.
 */
function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  if (reply.statusCode >= 400) {
    // A failure may be over in a moment, and none is anybody else's.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    return;
  }
  if (reply.statusCode !== 200 && reply.statusCode !== 304) return;
  const { scope } = request.routeOptions.config;
  if (scope !== 'public') addVary(reply, 'Authorization');
  // Whether an answer is long enough to be compressed, a 304 does not know.
  addVary(reply, 'Accept-Encoding');
  if (!reply.hasHeader('cache-control')) {
    const anybody = scope === 'public' || request.caller.kind === 'stranger';
    reply.header('cache-control', anybody ? 'public, no-cache' : 'private, no-cache');
  }
  if (reply.hasHeader('etag') || !isTagged(reply, payload) || isUnkept(reply)) return;
  reply.header('etag', `"${hash('sha256', payload, 'base64url').slice(0, 22)}"`);
}

/** A 304 names the tag of the answer that who asks has, in whatever coding that is. */
function nameMatched(request: FastifyRequest, reply: FastifyReply): void {
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string') reply.header('etag', matchedTag(request, etag));
}

/** Whether the same answer has the same bytes: text has, while a workbook or a document says when it was written. */
function isTagged(reply: FastifyReply, payload: unknown): payload is string | Buffer {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false;
  return /^text\/|[/+]json\b/.test(String(reply.getHeader('content-type') ?? ''));
}

function isUnkept(reply: FastifyReply): boolean {
  return String(reply.getHeader('cache-control') ?? '').includes('no-store');
}

function headersOf(reply: FastifyReply, names: readonly string[]): AnswerHeaders {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = reply.getHeader(name);
    if (value !== undefined) found[name] = String(value);
  }
  return found;
}
