/** The parameters that many routes take, as schemas: codes, years, pages, dry runs. */
import { z } from 'zod';
import { referenceDate, yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { agencyCode } from '../../register/codes.js';
import type { Frame } from '../../register/frame.js';
import { maxWords, searchWords } from '../../register/search.js';
import { quoteText, soundLine, soundText } from '../../text.js';
import { type AgencyKind, inclusions, type Label } from '../../words.js';

/** A division's six digits. */
export const divisionCode = z
  .string()
  .regex(/^\d{6}$/)
  .meta({
    label: {
      zh: '行政区划代码，六位数字',
      en: 'Six digits: nation 100000, province 430000, prefecture 431200, county 431281',
    },
  });

/** A division of any level as lists take it, with all below it, and `county`, its old name. */
export const divisionOrCounty = {
  division: divisionCode.optional().meta({
    label: {
      zh: '行政区划代码，六位数字，任何一级，含其下全部',
      en: 'Six digits of a division of any level, with all below it',
    },
  }),
  county: divisionCode.optional().meta({
    label: {
      zh: '行政区划代码，六位数字；division 的旧名，含义相同',
      en: 'Six digits: the old name of division, which means the same',
    },
  }),
};

/** The division that a list is asked for by either name. Throws `invalid-parameter` for two that differ. */
export function divisionAsked(asked: {
  readonly division?: string | null | undefined;
  readonly county?: string | null | undefined;
}): string | undefined {
  const { division, county } = asked;
  if (!division || !county || division === county) return division ?? county ?? undefined;
  throw invalidParameter('county', {
    zh: `county 是 division 的旧名，两者不同（${county}、${division}），请只给 division。`,
    en: `county is the old name of division, and they differ (${county}, ${division}); give division alone.`,
  });
}

/** A report year in a path or query. */
export const year = z
  .string()
  .regex(/^\d{4}$/)
  .transform(Number)
  .pipe(z.int())
  .meta({ label: { zh: `报告年度，${firstYear} 至今年`, en: 'Report year, 2019 to the current one' } });

/** Path of a report. */
export const reportPath = z.object({ agency: agencyCode, year });

/** `?dryRun=true` does everything but keep it. */
export const dryRun = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true')
  .meta({ label: { zh: '只检查不保存', en: 'Do everything but keep it, and answer as the real call would' } });

/** `?dryRun=` of calls that take nothing else beside the path. */
export const rehearsal = z.strictObject({ dryRun });

/** Kinds of agency by comma, of those that are `known`; `readKinds` reads it. `zh` and `en` say which are meant. */
export function kindsParameter(known: readonly AgencyKind[], { zh, en }: Label) {
  return soundText.max(200).meta({
    label: {
      zh: `${zh}，逗号分隔：${known.join('、')}；默认全部`,
      en: `${en}, by comma: ${known.join(', ')}; default all`,
    },
  });
}

/** The kinds that the parameter `name` lists, in either case. Throws `invalid-parameter`. */
export function readKinds(list: string, known: readonly AgencyKind[], name = 'kinds'): AgencyKind[] {
  return readListed(list, known, { name, zh: '类别' });
}

/** The words that a parameter lists by comma, in either case; `zh` is what one is. Throws `invalid-parameter`. */
export function readListed<Word extends string>(
  list: string,
  known: readonly Word[],
  { name, zh }: { readonly name: string; readonly zh: string },
): Word[] {
  return list.split(',').map((listed) => {
    const word = known.find((candidate) => candidate === listed.trim().toUpperCase());
    if (word) return word;
    throw invalidParameter(name, {
      zh: `未知的${zh} ${listed}，应为 ${known.join('、')}。`,
      en: `${listed} is not one of ${known.join(', ')}.`,
    });
  });
}

/** A year that can have reports. Throws `invalid-parameter` otherwise. */
export function readableYear(asked: number, now: Date): number {
  const last = yearInChina(now);
  if (asked >= firstYear && asked <= last) return asked;
  throw invalidParameter('year', {
    zh: `年度应在 ${firstYear} 至 ${last} 之间，收到 ${asked}。`,
    en: `year must be ${firstYear} to ${last}, not ${asked}.`,
  });
}

/** The longest text that is searched for. */
const maxSearched = 100;

/** What is searched for; `readSearch` reads it. */
export const searchedText = soundLine
  .max(maxSearched)
  .meta({ label: { zh: '名称、曾用名或代码的一部分', en: 'A part of a name, a former name or a code' } });

/** The words of a search. Throws `invalid-parameter` for none, more than eight, or more than 100 characters. */
export function readSearch(text: string, name: string): readonly string[] {
  const words = text.length > maxSearched ? [] : searchWords(text);
  if (words.length > 0 && words.length <= maxWords) return words;
  throw invalidParameter(name, {
    zh: `${name} 应有 1 至 ${maxWords} 个词，合计至多 ${maxSearched} 个字符。`,
    en: `${name} must have 1 to ${maxWords} words and at most ${maxSearched} characters.`,
  });
}

/** A part of a name that a list is narrowed to. Throws `invalid-parameter` for blanks and more than 100 characters. */
export function readNamePart(name: string): string {
  const part = name.trim();
  if (part !== '' && part.length <= maxSearched) return part;
  throw invalidParameter('name', {
    zh: `name 应有 1 至 ${maxSearched} 个字符。`,
    en: `name must have 1 to ${maxSearched} characters.`,
  });
}

/** The most codes that one list takes. */
const maxCodes = 500;

/** Codes by comma; `readCodes` reads them. */
export const codesParameter = soundLine.max(maxCodes * 33).meta({
  label: {
    zh: `代码，逗号分隔，至多 ${maxCodes} 个；按所给次序列出全部，不分页`,
    en: `Codes by comma, ${maxCodes} at most: all of them in their order, on one page`,
  },
});

/** Codes of a list. Throws `invalid-parameter` for too many, and for a code that none can be. */
export function readCodes(codes: readonly string[]): readonly string[] {
  if (codes.length > maxCodes) {
    throw invalidParameter('codes', {
      zh: `一次最多 ${maxCodes} 个代码，收到 ${codes.length} 个。`,
      en: `At most ${maxCodes} codes can be asked for at once, not ${codes.length}.`,
    });
  }
  const wrong = codes.find((code) => !agencyCode.safeParse(code).success);
  if (wrong === undefined) return codes;
  throw invalidParameter('codes', {
    zh: `代码应为 2 至 32 位字母、数字或连字符，收到 ${quoteText(wrong, 40)}。`,
    en: `A code has 2 to 32 letters, digits and hyphens, not ${quoteText(wrong, 40)}.`,
  });
}

/** Throws `invalid-parameter` where a list by codes is narrowed by something else. */
export function requireCodesAlone(given: Readonly<Record<string, unknown>>): void {
  const beside = Object.entries(given).find(([_, value]) => value !== undefined && value !== null)?.[0];
  if (beside === undefined) return;
  throw invalidParameter(beside, {
    zh: `codes 不能与 ${beside} 同用。`,
    en: `codes cannot be combined with ${beside}.`,
  });
}

/** A day as a parameter. */
export const dayAsked = z.iso
  .date()
  .meta({ label: { zh: '日期，YYYY-MM-DD；默认今日', en: 'A day, YYYY-MM-DD; today when left out' } });

/** The first day whose boundaries can be asked for: the end of the year before the first that has reports. */
const firstDay = referenceDate(firstYear - 1);

/** `?boundaries=`; `readBoundaries` reads it. */
export const boundaries = z
  .union([z.literal('AS_REPORTED'), z.iso.date()])
  .optional()
  .meta({
    label: {
      zh: `按哪一天的行政区划汇总：AS_REPORTED（默认），各年按其 12 月 31 日；或某日（${firstDay} 起）`,
      en: `Whose boundaries: AS_REPORTED (when left out), those of 31 December of the year; or a day, from ${firstDay} on`,
    },
  });

/** `?knownOn=`; `readBoundaries` reads it. */
export const knownOn = z.iso
  .datetime({ offset: true })
  .optional()
  .meta({
    label: {
      zh: '只计此刻以前记录的报送、审核与名录变更；默认为现在',
      en: 'Only what was recorded by then of filings, decisions and changes of the register; now when left out',
    },
  });

/**
 * The frame that `?boundaries=` and `?knownOn=` ask for. Throws `invalid-parameter` for a day before the register begins,
 * and for an instant that has not come.
 */
export function readBoundaries(
  asked: { readonly boundaries?: string | undefined; readonly knownOn?: string | undefined },
  now: Date,
): Frame {
  const { boundaries: day = 'AS_REPORTED', knownOn: instant } = asked;
  return {
    on: day === 'AS_REPORTED' ? null : readableDay('boundaries', day),
    knownOn: instant === undefined ? null : readablePast('knownOn', instant, now),
  };
}

/** An instant that has come, in UTC as the store writes it. Throws `invalid-parameter` for another one, and for what is none. */
export function readablePast(name: string, asked: string, now: Date): string {
  const read = z.iso.datetime({ offset: true }).safeParse(asked);
  const instant = read.success ? new Date(read.data) : undefined;
  if (instant && instant <= now) return instant.toISOString();
  throw invalidParameter(name, {
    zh: `${name} 应为带时区的时刻，如 2025-03-01T00:00:00Z，且不晚于现在，收到 ${asked.slice(0, 40)}。`,
    en: `${name} is an instant with its zone that has come, as 2025-03-01T00:00:00Z, not ${asked.slice(0, 40)}.`,
  });
}

/** A day whose boundaries are known. Throws `invalid-parameter` for what is no day, and for one before the register begins. */
export function readableDay(name: string, asked: string): string {
  if (z.iso.date().safeParse(asked).success && asked >= firstDay) return asked;
  throw invalidParameter(name, {
    zh: `${name} 应为 ${firstDay} 起的某日，如 2025-12-31，收到 ${asked.slice(0, 40)}。`,
    en: `${name} is a day from ${firstDay} on, as 2025-12-31, not ${asked.slice(0, 40)}.`,
  });
}

/** The refusal of one parameter. */
export function invalidParameter(name: string, message: Label): Problem {
  return new Problem('invalid-parameter', message, {
    errors: [{ code: 'FORMAT', severity: 'error', pointer: `/${name}`, message }],
  });
}

/** `?include=`. */
export const rollupInclusion = z
  .enum(inclusions)
  .optional()
  .meta({
    label: {
      zh: 'ALL：已报送的全部，须有读取该区划的令牌；ACCEPTED：仅审核通过的。未指定时，有此令牌的为 ALL，其他为 ACCEPTED',
      en: 'ALL: all that was filed, for a token that reads the division; ACCEPTED: only what a reviewer accepted. Left out: ALL with such a token, ACCEPTED without',
    },
  });
