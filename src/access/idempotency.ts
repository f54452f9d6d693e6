/**
 * A request that is to be answered once, however often it is sent: its answer is kept in the transaction of what was
 * done for it, so that neither a crash nor a lost connection leaves open whether it was. What was refused did nothing
 * and is not kept.
 */
import { hash } from 'node:crypto';
import { Problem } from '../problem.js';
import type { CommitOptions } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import {
  answersKeptForMs,
  findAnswer,
  forgetOldAnswers,
  type KeptAnswer,
  keepAnswer,
  keptAnswerBytes,
  oldestAnswer,
} from '../store/idempotent-answers.js';

/** An answer, written. */
export type Answer = Omit<KeptAnswer, 'fingerprint'>;

/** A request with its key. */
export interface KeyedRequest {
  readonly tokenId: number;
  readonly key: string;
  /** All that decides what is done. */
  readonly asked: unknown;
  readonly now: Date;
}

/** Requests under way by store, as `<token> <key>`. */
const underWay = new WeakMap<Db, Set<string>>();

/**
 * Does the work of a request and returns its answer, or returns the answer that was kept (`replayed`), also by another
 * process on the same file at the same moment. `work` is one transaction that takes the steps it is given. Throws
 * `key-reused` for a key that was used for something else, and `request-in-flight` while the same is under way, and
 * `too-many-requests` where the answers that are kept of the token fill its share.
 */
export async function answerOnce<T>(
  db: Db,
  request: KeyedRequest,
  work: (commit: CommitOptions<T>) => Promise<T>,
  answer: (value: T) => Answer,
): Promise<Answer & { readonly replayed: boolean }> {
  const fingerprint = hash('sha256', JSON.stringify(request.asked));
  const find = async (from: Db) => {
    const kept = await findAnswer(from, request.tokenId, request.key);
    if (kept && kept.fingerprint !== fingerprint) throw keyReused();
    return kept;
  };
  return oneAtATime(db, `${request.tokenId} ${request.key}`, async () => {
    const kept = await find(db);
    if (kept) return { ...kept, replayed: true };
    // Another process may have answered it since; from the beginning of the transaction on it cannot.
    const begin = async (trx: Trx) => {
      if (await find(trx)) throw inFlight();
      await requireRoom(trx, request);
    };
    const finish = (trx: Trx, done: T) => keepAnswer(trx, request, { fingerprint, ...answer(done) });
    try {
      return { ...answer(await work({ begin, finish })), replayed: false };
    } catch (error) {
      const kept = await find(db);
      if (kept) return { ...kept, replayed: true };
      throw error;
    }
  });
}

async function oneAtATime<T>(db: Db, name: string, work: () => Promise<T>): Promise<T> {
  const names = underWay.get(db) ?? new Set();
  underWay.set(db, names);
  if (names.has(name)) throw inFlight();
  names.add(name);
  try {
    return await work();
  } finally {
    names.delete(name);
  }
}

/** What the answers of one token may take, and those of all. */
const maxAnswerBytes = { own: 64 * 1024 * 1024, all: 1024 * 1024 * 1024 };

/** What any token may keep however much the others do. */
const sureAnswerBytes = 1024 * 1024;

/**
 * Throws `too-many-requests` where a token has kept as much as it may: to forget one of its answers before its time would
 * do twice what is to be done once.
 */
async function requireRoom(trx: Trx, { tokenId, now }: KeyedRequest): Promise<void> {
  await forgetOldAnswers(trx, now);
  const { own, all } = await keptAnswerBytes(trx, tokenId);
  if (own < (all < maxAnswerBytes.all ? maxAnswerBytes.own : sureAnswerBytes)) return;
  const oldest = await oldestAnswer(trx, tokenId);
  const wait = oldest === null ? 0 : Math.ceil((Date.parse(oldest) + answersKeptForMs - now.getTime()) / 1000);
  // More that is old is there than is forgotten at once.
  if (wait <= 0) return;
  throw new Problem(
    'too-many-requests',
    {
      zh: '该令牌的幂等答复已占满份额，在此之前的答复须保存满 7 天。请不带 Idempotency-Key 发送，或按 Retry-After 等待。',
      en: 'The answers that are kept for this token fill its share, and each is kept for 7 days. Send it without an Idempotency-Key, or wait as Retry-After says.',
    },
    { retryAfter: wait },
  );
}

function inFlight(): Problem {
  return new Problem('request-in-flight', {
    zh: '使用该幂等键的请求正在处理，请稍后再取结果。',
    en: 'A request with this Idempotency-Key is under way; ask again for its answer.',
  });
}

function keyReused(): Problem {
  return new Problem('key-reused', {
    zh: '该幂等键已用于内容不同的请求，请更换。',
    en: 'This Idempotency-Key was used for another request. Take a new key for a new request.',
  });
}
