/** Answers to requests that carried an idempotency key, kept in the transaction of what was done for them. */
import { text } from './engine/column.js';
import { findRow, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';

/** An answer as it was given. */
export interface KeptAnswer {
  /** SHA-256 of what was asked. */
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const answer = statement<{ tokenId: number; key: string }>()((db, hole) =>
  db
    .selectFrom('answer')
    .select(['fingerprint', 'status', 'headers', 'body'])
    .where('token_id', '=', hole('tokenId'))
    .where('key', '=', hole('key')),
);

/** The answer that a token's request with that key was given. */
export async function findAnswer(db: Db, tokenId: number, key: string): Promise<KeptAnswer | undefined> {
  const row = await findRow(db, answer, { tokenId, key });
  // Written by `keepAnswer`.
  return row && { ...row, headers: JSON.parse(row.headers) as KeptAnswer['headers'] };
}

/** How long an answer is kept. */
const answersKeptForMs = 7 * 24 * 3_600_000;

const noOldAnswers = sqlStatement({
  takes: { before: text },
  text: `delete from answer
    where (token_id, key) in (select token_id, key from answer where at < :before order by at limit 100)`,
});

const newAnswer = statement<
  Omit<KeptAnswer, 'headers'> & { tokenId: number; key: string; headers: string; at: string }
>()((db, hole) =>
  db.insertInto('answer').values({
    token_id: hole('tokenId'),
    key: hole('key'),
    fingerprint: hole('fingerprint'),
    status: hole('status'),
    headers: hole('headers'),
    body: hole('body'),
    at: hole('at'),
  }),
);

/** Keeps an answer, and forgets those that were kept long enough. */
export async function keepAnswer(
  trx: Trx,
  whose: { readonly tokenId: number; readonly key: string; readonly now: Date },
  answer: KeptAnswer,
): Promise<void> {
  const { tokenId, key, now } = whose;
  await write(trx, noOldAnswers, { before: new Date(now.getTime() - answersKeptForMs).toISOString() });
  const { fingerprint, status, body } = answer;
  const headers = JSON.stringify(answer.headers);
  await write(trx, newAnswer, { tokenId, key, fingerprint, status, headers, body, at: now.toISOString() });
}
