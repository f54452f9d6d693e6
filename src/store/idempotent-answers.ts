/** Answers to requests that carried an idempotency key, kept in the transaction of what was done for them. */
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { integer, nullable, text } from './engine/column.js';
import { findRow, write } from './engine/run.js';
import type { Db, keptCodings, Trx } from './engine/schema.js';
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
    .innerJoin('answer_body', 'answer_body.id', 'answer.body_id')
    .select(['fingerprint', 'status', 'headers', 'coding', 'body'])
    .where('answer.token_id', '=', hole('tokenId'))
    .where('answer.key', '=', hole('key')),
);

/** The answer that a token's request with that key was given. */
export async function findAnswer(db: Db, tokenId: number, key: string): Promise<KeptAnswer | undefined> {
  const row = await findRow(db, answer, { tokenId, key });
  if (!row) return undefined;
  const { fingerprint, status, coding } = row;
  const body = coding === 'plain' ? row.body : inflateRawSync(Buffer.from(row.body, 'base64')).toString('utf8');
  // Written by `keepAnswer`.
  return { fingerprint, status, body, headers: JSON.parse(row.headers) as KeptAnswer['headers'] };
}

/** How long an answer is kept. */
export const answersKeptForMs = 7 * 24 * 3_600_000;

const noOldAnswers = sqlStatement({
  takes: { before: text },
  text: `delete from answer
    where (token_id, key) in (select token_id, key from answer where at < :before order by at limit 100)`,
});

/** The body that a token has kept already; each goes with the last answer that has it. */
const knownBody = statement<{ tokenId: number; digest: string }>()((db, hole) =>
  db
    .selectFrom('answer_body')
    .select('id')
    .where('token_id', '=', hole('tokenId'))
    .where('digest', '=', hole('digest')),
);

const newBody = statement<{ tokenId: number; digest: string; coding: Coding; body: string; bytes: number }>()(
  (db, hole) =>
    db.insertInto('answer_body').values({
      token_id: hole('tokenId'),
      digest: hole('digest'),
      coding: hole('coding'),
      body: hole('body'),
      bytes: hole('bytes'),
    }),
);

const newAnswer = statement<
  Omit<KeptAnswer, 'headers' | 'body'> & { tokenId: number; key: string; headers: string; bodyId: number; at: string }
>()((db, hole) =>
  db.insertInto('answer').values({
    token_id: hole('tokenId'),
    key: hole('key'),
    fingerprint: hole('fingerprint'),
    status: hole('status'),
    headers: hole('headers'),
    body_id: hole('bodyId'),
    at: hole('at'),
  }),
);

/** Forgets answers that were kept long enough, the oldest first, some at a time. */
export async function forgetOldAnswers(trx: Trx, now: Date): Promise<void> {
  await write(trx, noOldAnswers, { before: new Date(now.getTime() - answersKeptForMs).toISOString() });
}

/**
 * Keeps an answer. A body is kept once for a token, however many answers
 * have it: that nothing changed is answered alike each time.
 */
export async function keepAnswer(
  trx: Trx,
  whose: { readonly tokenId: number; readonly key: string; readonly now: Date },
  answer: KeptAnswer,
): Promise<void> {
  const { tokenId, key, now } = whose;
  const { fingerprint, status } = answer;
  const headers = JSON.stringify(answer.headers);
  const bodyId = await keepBody(trx, tokenId, answer.body);
  await write(trx, newAnswer, { tokenId, key, fingerprint, status, headers, bodyId, at: now.toISOString() });
}

type Coding = (typeof keptCodings)[number];

async function keepBody(trx: Trx, tokenId: number, body: string): Promise<number> {
  const digest = hash('sha256', body);
  const known = await findRow(trx, knownBody, { tokenId, digest });
  if (known) return known.id;
  const written = encoded(body);
  await write(trx, newBody, { tokenId, digest, ...written, bytes: written.body.length });
  const kept = await findRow(trx, knownBody, { tokenId, digest });
  if (!kept) throw new Error('the body that was kept is there');
  return kept.id;
}

/** A shorter body is kept as it is. */
const deflatedFrom = 1024;

function encoded(body: string): { readonly coding: Coding; readonly body: string } {
  if (body.length < deflatedFrom) return { coding: 'plain', body };
  return { coding: 'deflate', body: deflateRawSync(body, { level: 1 }).toString('base64') };
}

const bytesUsed = statement<{ tokenId: number }>()((db, hole) =>
  db.selectFrom('answer_use').select('bytes').where('token_id', '=', hole('tokenId')),
);

const bytesInAll = sqlStatement({
  takes: {},
  gives: { bytes: nullable(integer) },
  text: 'select sum(bytes) as bytes from answer_use',
});

const oldestOf = sqlStatement({
  takes: { tokenId: integer },
  gives: { at: nullable(text) },
  text: 'select min(at) as at from answer where token_id = :tokenId',
});

/** How many bytes of answers are kept, of a token and in all. */
export async function keptAnswerBytes(
  db: Db,
  tokenId: number,
): Promise<{ readonly own: number; readonly all: number }> {
  const own = await findRow(db, bytesUsed, { tokenId });
  const all = await findRow(db, bytesInAll, {});
  return { own: own?.bytes ?? 0, all: all?.bytes ?? 0 };
}

/** Since when the oldest answer of a token is kept; null where there is none. */
export async function oldestAnswer(db: Db, tokenId: number): Promise<string | null> {
  return (await findRow(db, oldestOf, { tokenId }))?.at ?? null;
}
