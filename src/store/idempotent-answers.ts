/** Answers to requests that carried an idempotency key, kept in the transaction of what was done for them. */
import { runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';

/** An answer as it was given. */
export interface KeptAnswer {
  /** SHA-256 of what was asked. */
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer that a token's request with that key was given. */
export async function findAnswer(db: Db, tokenId: number, key: string): Promise<KeptAnswer | undefined> {
  const [row] = await runSql<Omit<KeptAnswer, 'headers'> & { headers: string }>(
    db,
    'select fingerprint, status, headers, body from answer where token_id = ? and key = ?',
    [tokenId, key],
  );
  // Written by `keepAnswer`.
  return row && { ...row, headers: JSON.parse(row.headers) as KeptAnswer['headers'] };
}

/** How long an answer is kept. */
export const answersKeptForMs = 7 * 24 * 3_600_000;

/** Keeps an answer, and forgets those that were kept long enough. */
export async function keepAnswer(
  trx: Trx,
  whose: { readonly tokenId: number; readonly key: string; readonly now: Date },
  answer: KeptAnswer,
): Promise<void> {
  const { tokenId, key, now } = whose;
  const { fingerprint, status, headers, body } = answer;
  const before = new Date(now.getTime() - answersKeptForMs).toISOString();
  await runSql(
    trx,
    'delete from answer where (token_id, key) in (select token_id, key from answer where at < ? limit 100)',
    [before],
  );
  await runSql(
    trx,
    'insert into answer (token_id, key, fingerprint, status, headers, body, at) values (?, ?, ?, ?, ?, ?, ?)',
    [tokenId, key, fingerprint, status, JSON.stringify(headers), body, now.toISOString()],
  );
}
