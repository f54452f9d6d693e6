/** What a change to the register is made of, as schemas: REST bodies and lines of CSV are put together from these. */

import { z } from 'zod';
import { firstYear } from '../../form/forms.js';
import { agencyKinds, divisionLevels, filerKinds } from '../../words.js';

/** The last day and year the register takes: far enough for a change that is announced, near enough to catch slips. */
const lastYear = 2099;
const earliestDay = '1949-10-01';

/** A name as it is printed; the blanks around it are not part of it. */
export const agencyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((value) => !/\p{Cc}|\p{Cs}/u.test(value), { error: 'no control characters' })
  .describe('机关名称 Name of the agency');

/** The kinds an agency can be given; a county's own agency (COUNTY) comes with its county and is never made. */
export const filerKind = z.enum(filerKinds).describe('机关类别 Kind of agency');

/** Six digits of a division. */
export const divisionCode = z.string().regex(/^\d{6}$/);

/** Six digits of the county an agency belongs to. */
export const countyCode = divisionCode.describe('所属县级行政区划代码 Six digits of the county it belongs to');

/** The first day on which a change holds. */
export const changeDay = z.iso
  .date()
  .refine((day) => day >= earliestDay && day <= `${lastYear}-12-31`, {
    error: `a day from ${earliestDay} to ${lastYear}-12-31`,
  })
  .describe('生效日期 First day on which it holds, YYYY-MM-DD');

/** A report year for which an agency is exempted or a deadline is set. */
export const registerYear = z
  .string()
  .regex(/^\d{4}$/)
  .transform(Number)
  .pipe(z.int().min(firstYear).max(lastYear))
  .describe(`报告年度 Report year, ${firstYear} to ${lastYear}`);

/** A report year, or `every` for those without a date of their own (0 in the store). */
export const deadlineYear = z
  .union([z.literal('every').transform(() => 0), registerYear])
  .describe('报告年度，或 every 表示每年 Report year, or "every" for each year that has no date of its own');

/** Why an agency need not file. */
export const exemptionReason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((value) => !/\p{Cs}/u.test(value), { error: 'well-formed text' })
  .describe('免报原因 Why it need not file');

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of every year, MM-DD; 29 February is not one. */
export const dueDay = z
  .string()
  .regex(/^\d\d-\d\d$/)
  .refine((day) => {
    const days = daysInMonth[Number(day.slice(0, 2)) - 1] ?? 0;
    return Number(day.slice(3)) >= 1 && Number(day.slice(3)) <= days;
  }, 'a day that every year has, MM-DD')
  .describe(
    '次年截止日期，月-日，2 月 29 日除外 Last day to file, in the year after the report year: MM-DD, not 29 February',
  );

/** Kinds of agency to list, by comma. */
export const kindList = z
  .string()
  .max(100)
  .transform((list) => list.split(',').map((kind) => kind.trim()))
  .pipe(z.array(z.enum(agencyKinds)))
  .describe(`机关类别，逗号分隔 Kinds of agency, by comma: ${agencyKinds.join(', ')}`);

/** A level of division. */
export const divisionLevel = z.enum(divisionLevels).describe('行政区划级别 Level of division');

/** Any kind of agency, a county's own too. */
export const agencyKind = z.enum(agencyKinds).describe('机关类别 Kind of agency');
