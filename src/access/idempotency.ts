/**
 * A request that is to be answered once, however often it is sent: its answer is kept in the transaction of what was
 * done for it, so that neither a crash nor a lost connection leaves open whether it was. What was refused did nothing
 * and is not kept.
 */
import { hash } from 'node:crypto';
import { Problem } from '../problem.js';
import type { CommitOptions } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { findAnswer, type KeptAnswer, keepAnswer } from '../store/idempotent-answers.js';

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
 * `key-reused` for a key that was used for something else, and `request-in-flight` while the same is under way.
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
