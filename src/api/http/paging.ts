/** Pages of a list: how large, after which cursor, and the link to the next one. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { soundText } from '../../text.js';
import { invalidParameter } from './parameters.js';

/** Page size. */
export const first = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(500))
  .optional()
  .meta({ label: { zh: '每页条数，1 至 500，默认 50', en: 'Page size, 1 to 500, 50 when left out' } });

/** Where the last page ended. */
export const after = soundText
  .max(100)
  .optional()
  .meta({
    label: { zh: '上一页末尾的游标，见其 Link 头', en: 'Cursor at which the last page ended, from its Link header' },
  });

/** Page size when none is asked for. */
export const defaultFirst = 50;

/** A page of things known by code. Throws `invalid-parameter` for a cursor of another list. */
export function codePage(asked: { readonly first?: number | undefined; readonly after?: string | undefined }) {
  const { first: size = defaultFirst, after: cursor } = asked;
  return { first: size, ...(cursor === undefined ? {} : { after: keyOf(cursor, /^[A-Za-z0-9-]{2,32}$/) }) };
}

/** An opaque cursor over a key. */
export function cursorOf(key: string | number): string {
  return Buffer.from(String(key)).toString('base64url');
}

/** The key inside a cursor, the parameter `name`. Throws `invalid-parameter` for what is no cursor of ours. */
export function keyOf(cursor: string, pattern: RegExp, name = 'after'): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (pattern.test(key) && cursorOf(key) === cursor) return key;
  throw invalidParameter(name, { zh: `游标 ${name} 无效。`, en: `${name} is not a cursor of this list.` });
}

/** The key of a finding: the code of its agency, and its place in the report. `afterFinding` reads it. */
export function findingKey(code: string, place: number): string {
  return `${code} ${place}`;
}

/** The finding after which a page begins. Throws `invalid-parameter` for a cursor of another list. */
export function afterFinding(
  cursor: string | null | undefined,
): { readonly code: string; readonly place: number } | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const [code = '', place] = keyOf(cursor, /^[A-Za-z0-9-]{2,32} \d{1,6}$/).split(' ');
  return { code, place: Number(place) };
}

/** Names the next page in a Link header (RFC 8288), the query as it was with another cursor. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string): void {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('after', cursor);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}
