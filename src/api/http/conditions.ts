/** The request headers that steer a filing: If-Match, If-None-Match, Prefer, and who is asking. */

import type { FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';
import type { Handling } from '../../report/file.js';
import type { ActContext } from '../../words.js';

/** What `reportAnswer` makes of a revision: its number, a hyphen, a digest. */
const tagPattern = /^"(\d{1,9})-[\w-]+"$/;

/**
 * The revisions an If-Match names. Only the number decides whether a write may go on: findings, which the digest
 * covers too, can change without the report. A weak tag never matches a write (RFC 9110). Throws
 * `invalid-parameter` for what is no entity tag.
 */
export function readIfMatch(request: FastifyRequest): Handling['ifMatch'] {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const tags = splitTags(header, 'If-Match');
  if (tags === 'any') return 'any';
  return tags.flatMap((tag) => {
    const revision = tagPattern.exec(tag)?.[1];
    return revision === undefined ? [] : [Number(revision)];
  });
}

/** Whether an If-None-Match names this tag (compared weakly, as for reading). */
export function isNotModified(request: FastifyRequest, etag: string): boolean {
  const header = request.headers['if-none-match'];
  if (header === undefined) return false;
  const tags = splitTags(header, 'If-None-Match');
  return tags === 'any' || tags.some((tag) => tag.replace(/^W\//, '') === etag);
}

function splitTags(header: string, name: string): readonly string[] | 'any' {
  if (header.trim() === '*') return 'any';
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) return tags;
  throw new Problem(
    'invalid-parameter',
    { zh: `${name} 应为带引号的 ETag。`, en: `${name} is not a list of entity tags in quotes.` },
    {
      errors: [
        {
          code: 'FORMAT',
          severity: 'error',
          pointer: `/${name.toLowerCase()}`,
          message: { zh: `${name} 应为带引号的 ETag。`, en: `${name} takes entity tags in quotes.` },
        },
      ],
    },
  );
}

/** How a filing asks to be taken, from its headers and `?dryRun=`. */
export function readHandling(request: FastifyRequest, method: Handling['method'], dryRun: boolean): Handling {
  const ifMatch = readIfMatch(request);
  const onlyNew = request.headers['if-none-match']?.trim() === '*';
  return {
    method,
    lenient: prefersLenient(request),
    dryRun,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(onlyNew ? { ifNoneMatch: 'any' as const } : {}),
  };
}

/** RFC 7240: `Prefer: handling=lenient`, alone or among other preferences. */
export function prefersLenient(request: FastifyRequest): boolean {
  const preferences = String(request.headers.prefer ?? '').split(',');
  return preferences.some((preference) => /^\s*handling\s*=\s*"?lenient"?\s*(?:;.*)?$/i.test(preference));
}

/**
 * Who acts: the name of the token, with the responsible person whom its holder names (the From header of RFC 9110),
 * since an office shares a token.
 */
export function actOf(request: FastifyRequest, clock: () => Date): ActContext {
  const { caller } = request;
  const name = caller.kind === 'token' ? caller.name : caller.kind;
  const from = request.headers.from?.trim().slice(0, 254);
  return {
    actor: from ? `${name} (${from})` : name,
    caller,
    now: clock(),
    address: request.ip,
    requestId: request.id,
  };
}
