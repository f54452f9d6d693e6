/** The parameters that many routes take, as schemas: codes, years, pages, dry runs. */
import { z } from 'zod';
import { yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { agencyCode } from '../../register/codes.js';

/** A division's six digits. */
export const divisionCode = z
  .string()
  .regex(/^\d{6}$/)
  .describe('行政区划代码 Six digits: nation 100000, province 430000, prefecture 431200, county 431281');

/** A report year in a path or query. */
export const year = z
  .string()
  .regex(/^\d{4}$/)
  .transform(Number)
  .describe('报告年度 Report year, 2019 to the current one');

/** Path of a report. */
export const reportPath = z.object({ agency: agencyCode, year });

/** `?dryRun=true` does everything but keep it. */
export const dryRun = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true')
  .describe('只检查不保存 Do everything but keep it, and answer as the real call would');

/** Page size. */
export const first = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(500))
  .optional()
  .describe('每页条数，1 至 500，默认 50 Page size, 1 to 500, 50 when left out');

/** Where the last page ended. */
export const after = z
  .string()
  .max(100)
  .optional()
  .describe('上一页末尾的游标 Cursor at which the last page ended, from its Link header');

/** Page size when none is asked for. */
export const defaultFirst = 50;

/** A year that can have reports. Throws `invalid-parameter` otherwise. */
export function readableYear(asked: number, now: Date): number {
  const last = yearInChina(now);
  if (asked >= firstYear && asked <= last) return asked;
  throw invalidParameter('year', {
    zh: `年度应在 ${firstYear} 至 ${last} 之间，收到 ${asked}。`,
    en: `year must be ${firstYear} to ${last}, not ${asked}.`,
  });
}

/** The refusal of one parameter. */
export function invalidParameter(name: string, message: { readonly zh: string; readonly en: string }): Problem {
  return new Problem('invalid-parameter', message, {
    errors: [{ code: 'FORMAT', severity: 'error', pointer: `/${name}`, message }],
  });
}

/** An opaque cursor over a key. */
export function cursorOf(key: string | number): string {
  return Buffer.from(String(key)).toString('base64url');
}

/** The key inside a cursor. Throws `invalid-parameter` for what is no cursor of ours. */
export function keyOf(cursor: string, pattern: RegExp): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (pattern.test(key) && cursorOf(key) === cursor) return key;
  throw invalidParameter('after', { zh: '游标 after 无效。', en: 'after is not a cursor of this list.' });
}
