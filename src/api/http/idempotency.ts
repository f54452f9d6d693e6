/** The `Idempotency-Key` header of a POST: what makes it safe to send again. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, answerOnce } from '../../access/idempotency.js';
import type { CommitOptions } from '../../store/engine/commit.js';
import type { Db } from '../../store/engine/schema.js';
import { invalidParameter } from './parameters.js';

/** A piece of work that a POST asks for. */
export interface Posted<T> {
  readonly now: Date;
  /** What is asked, as far as the body decides it. */
  readonly asked: unknown;
  readonly dryRun: boolean;
  readonly work: (commit: CommitOptions<T>) => Promise<T>;
  readonly answer: (value: T) => Answer;
}

/** Does what a POST asks for and sends its answer, or sends what was answered under its key before. */
export async function sendOnce<T>(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  { now, asked, dryRun, work, answer }: Posted<T>,
): Promise<FastifyReply> {
  const key = readKey(request);
  const { caller, method, url, headers } = request;
  if (key === undefined || dryRun || caller.kind !== 'token') return send(reply, answer(await work({ dryRun })));
  const keyed = { tokenId: caller.tokenId, key, now, asked: [method, url, headers.prefer ?? null, asked] };
  const { replayed, ...once } = await answerOnce(db, keyed, work, answer);
  if (replayed) reply.header('idempotent-replayed', 'true');
  return send(reply, once);
}

/** JSON as an answer. */
export function jsonAnswer(body: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** The key of a request, with or without the quotes of a structured header. Throws `invalid-parameter`. */
export function readKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?$/.exec(String(header))?.[1];
  if (key !== undefined) return key;
  throw invalidParameter('idempotency-key', {
    zh: 'Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。',
    en: 'Idempotency-Key is 1 to 255 visible ASCII characters.',
  });
}
