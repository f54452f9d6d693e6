/** The request headers that steer a filing: If-Match, If-None-Match, Prefer, and who is asking. */

import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import type { Handling } from '../../report/file.js';
import { isSoundText } from '../../text.js';
import type { ActContext } from '../../words.js';
import { invalidParameter } from './parameters.js';

/** What `reportAnswer` makes of a revision: its number, a hyphen, a digest. */
const tagPattern = /^"(\d{1,9})-[\w-]+"$/;

/** An entity tag (RFC 9110): a comma may stand inside its quotes, and nothing escapes them. */
interface EntityTag {
  readonly weak: boolean;
  /** With its quotes. */
  readonly opaque: string;
}

/**
 * The revisions an If-Match names. Only the number decides whether a write may go on: findings, which the digest
 * covers too, can change without the report. A weak tag never matches a write (RFC 9110). Throws
 * `invalid-parameter` for what is no entity tag.
 */
export function readIfMatch(request: FastifyRequest): Handling['ifMatch'] {
  const tags = readTags(request, 'if-match');
  return tags === undefined || tags === 'any' ? tags : revisionsOf(tags.filter(({ weak }) => !weak));
}

/** The revisions that must not be the current one, weak tags among them; throws as `readIfMatch` does. */
export function readIfNoneMatch(request: FastifyRequest): Handling['ifNoneMatch'] {
  const tags = readTags(request, 'if-none-match');
  return tags === undefined || tags === 'any' ? tags : revisionsOf(tags);
}

/** Whether an If-None-Match names this tag (compared weakly, as for reading), of the answer as it is or compressed. */
export function isNotModified(request: FastifyRequest, etag: string): boolean {
  const tags = readTags(request, 'if-none-match');
  return tags === 'any' || (tags ?? []).some((tag) => isTagOf(tag, etag));
}

/** The tag by which an If-None-Match names an answer with this one; the answer's own where it names none or any. */
export function matchedTag(request: FastifyRequest, etag: string): string {
  const tags = readTags(request, 'if-none-match');
  const [mark = '', opaque = ''] = /^(W\/)?(.*)$/s.exec(etag)?.slice(1) ?? [];
  const named = tags === 'any' ? undefined : (tags ?? []).find((tag) => isTagOf(tag, opaque));
  return named === undefined ? etag : `${mark}${named.opaque}`;
}

/** A compressed answer has the tag of the plain one with its coding at the end. */
function isTagOf({ opaque }: EntityTag, etag: string): boolean {
  return opaque === etag || opaque.replace(/-(?:br|gzip)"$/, '"') === etag;
}

function revisionsOf(tags: readonly EntityTag[]): readonly number[] {
  return tags.flatMap(({ opaque }) => {
    const revision = tagPattern.exec(opaque)?.[1];
    return revision === undefined ? [] : [Number(revision)];
  });
}

function readTags(
  request: FastifyRequest,
  name: 'if-match' | 'if-none-match',
): readonly EntityTag[] | 'any' | undefined {
  const header = request.headers[name];
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  // An element, or none (a list may have empty ones), and the comma or the end behind it.
  // Blanks can be matched in one way only, so that no header takes more than in proportion to its length.
  const element = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(,|$)/y;
  const tags: EntityTag[] = [];
  for (;;) {
    const found = element.exec(header);
    if (!found) break;
    const [, weak, opaque, end] = found;
    if (opaque !== undefined) tags.push({ weak: weak !== undefined, opaque });
    if (end === '' && tags.length > 0) return tags;
    if (end === '') break;
  }
  const named = name === 'if-match' ? 'If-Match' : 'If-None-Match';
  throw invalidParameter(name, {
    zh: `${named} 应为 * 或带引号的 ETag。`,
    en: `${named} takes * or entity tags in quotes.`,
  });
}

/** How a filing asks to be taken, from its headers and `?dryRun=`. */
export function readHandling(request: FastifyRequest, method: Handling['method'], dryRun: boolean): Handling {
  const ifMatch = readIfMatch(request);
  const ifNoneMatch = readIfNoneMatch(request);
  return {
    method,
    lenient: prefersLenient(request),
    dryRun,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}

/** RFC 7240: `Prefer: handling=lenient`, alone or among other preferences. */
export function prefersLenient(request: FastifyRequest): boolean {
  return readPreference(request, 'handling')?.toLowerCase() === 'lenient';
}

/** RFC 7240: `Prefer: respond-async`, alone or among other preferences. */
export function prefersAsync(request: FastifyRequest): boolean {
  return readPreference(request, 'respond-async') !== undefined;
}

/** The value of a preference, empty where it has none; undefined when it is not stated. Of several the first counts. */
function readPreference(request: FastifyRequest, name: string): string | undefined {
  const header = [request.headers.prefer ?? []].flat().join(', ');
  // Commas and semicolons may stand inside a quoted string, where a backslash escapes what is behind it.
  // A quote that is not closed goes to the end: nothing is looked through twice.
  const preferences = header.match(/(?:"(?:[^"\\]|\\(?:.|$))*(?:"|$)|[^,"])+/gs) ?? [];
  for (const preference of preferences) {
    const [, stated, quoted, token] =
      /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"\s*|([^\s;"]+)\s*)?)?(?:;.*)?$/s.exec(preference) ?? [];
    if (stated?.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
  }
  return undefined;
}

/**
 * Who acts: the name of the token, with the responsible person whom its holder names (the From header of RFC 9110),
 * since an office shares a token.
 */
export function actOf(request: FastifyRequest, clock: () => Date): ActContext {
  const { caller } = request;
  const name = caller.kind === 'token' ? caller.name : caller.kind;
  const from = personIn(request.headers.from);
  return {
    actor: from ? `${name} (${from})` : name,
    caller,
    open: request.reader.open,
    now: clock(),
    address: request.ip,
    requestId: request.id,
  };
}

/** The person whom a From header names. Node reads headers byte by byte, and Chinese names come in UTF-8. */
function personIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, 'latin1');
  const name = (isUtf8(bytes) ? bytes.toString('utf8') : header).trim();
  if (name.length <= maxPerson && isSoundText(name)) return name;
  throw invalidParameter('from', {
    zh: `From 头应为不超过 ${maxPerson} 字的姓名或邮箱，不含控制字符。`,
    en: `From is a name or address of at most ${maxPerson} characters, none of them a control character.`,
  });
}

const maxPerson = 254;
