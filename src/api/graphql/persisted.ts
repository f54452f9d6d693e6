/**
 * Persisted operations, as clients of GraphQL ask for them (automatic persisted queries): a text is sent once beside its
 * SHA-256, and asked for by that from then on. What is kept is no promise: who asks for what is not there is told so, and
 * sends the text again.
 */
import { hash } from 'node:crypto';
import { openMostUsed } from '../../most-used.js';
import { Problem } from '../../problem.js';

/** What a request says of a persisted operation. */
interface PersistedQuery {
  readonly version: unknown;
  readonly sha256Hash: unknown;
}

/** The text that a client asks, with or without a hash by which to ask for it again, or such a hash alone. */
export type Question =
  | { readonly query: string; readonly persisted: PersistedQuery | undefined }
  | { readonly query: undefined; readonly persisted: PersistedQuery };

/** The texts that are kept. */
export interface PersistedTexts {
  /**
   * The text that a question asks. Throws `persisted-query-not-found` and `persisted-query-not-supported`, and
   * `invalid-parameter` where its text has another hash.
   */
  readonly read: (question: Question) => string;
  /** Keeps the text of a question that has a hash, once it is known to be a query that is answered. */
  readonly keep: (question: Question) => void;
}

/** Many times what the clients of one service ask; a text is bounded by the limits of queries. */
const limits = { entries: 2_000, bytes: 8 * 2 ** 20 };

/** The one version of the protocol that there is. */
const supportedVersion = 1;

/** Opens an empty memory of texts. */
export function keepTexts(): PersistedTexts {
  const texts = openMostUsed<string>(limits);
  return {
    read: ({ query, persisted }) => {
      if (query === undefined) {
        const kept = texts.find(readHash(persisted));
        if (kept === undefined) throw notFound();
        return kept;
      }
      if (!persisted || digestOf(query) === readHash(persisted)) return query;
      throw invalidHash({
        zh: 'sha256Hash 与 query 的 SHA-256 不符。',
        en: 'sha256Hash is not the SHA-256 of this query.',
      });
    },
    keep: ({ query, persisted }) => {
      if (persisted && query !== undefined) texts.keep(digestOf(query), query, 2 * query.length);
    },
  };
}

function readHash({ version, sha256Hash }: PersistedQuery): string {
  if (version !== supportedVersion) throw notSupported();
  if (typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/i.test(sha256Hash)) return sha256Hash.toLowerCase();
  throw invalidHash({ zh: 'sha256Hash 应为 64 位十六进制数。', en: 'sha256Hash is 64 hexadecimal digits.' });
}

function digestOf(text: string): string {
  return hash('sha256', text);
}

function notFound(): Problem {
  return new Problem('persisted-query-not-found', {
    zh: '没有该哈希对应的查询，请连同 query 再发一次。',
    en: 'No query is kept under that hash: send it again with its text.',
  });
}

function notSupported(): Problem {
  return new Problem('persisted-query-not-supported', {
    zh: `只支持第 ${supportedVersion} 版 persistedQuery，请直接发送 query。`,
    en: `Only version ${supportedVersion} of persistedQuery is taken: send the query itself.`,
  });
}

function invalidHash(message: Problem['detail']): Problem {
  const pointer = '/extensions/persistedQuery/sha256Hash';
  return new Problem('invalid-parameter', message, {
    errors: [{ code: 'FORMAT', severity: 'error', pointer, message }],
  });
}
