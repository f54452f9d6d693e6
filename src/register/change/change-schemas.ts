/** What a change to the register is made of, as schemas: REST bodies and lines of CSV are put together from these. */

import { z } from 'zod';
import { firstYear } from '../../form/forms.js';
import { soundLine, soundText } from '../../text.js';
import { agencyKinds, deadlineFilers, divisionLevels, filerKinds, precisions } from '../../words.js';
import { agencyCode } from '../codes.js';

/** The last day and year the register takes: far enough for a change that is announced, near enough to catch slips. */
const lastYear = 2099;
const earliestDay = '1949-10-01';

/** A name as it is printed; the blanks around it are not part of it. */
export const agencyName = soundLine
  .trim()
  .min(1)
  .max(100)
  .meta({ label: { zh: '机关名称', en: 'Name of the agency' } });

/** The kinds an agency can be given; a county's own agency (COUNTY) comes with its county and is never made. */
export const filerKind = z.enum(filerKinds).meta({ label: { zh: '机关类别', en: 'Kind of agency' } });

/** Six digits of a division. */
export const divisionCode = z.string().regex(/^\d{6}$/);

/** Six digits of the county an agency belongs to. */
export const countyCode = divisionCode.meta({
  label: { zh: '所属县级行政区划代码，六位数字', en: 'Six digits of the county it belongs to' },
});

/** The first day on which a change holds. */
export const changeDay = z.iso
  .date()
  .refine((day) => day >= earliestDay && day <= `${lastYear}-12-31`, {
    error: `a day from ${earliestDay} to ${lastYear}-12-31`,
    params: { zh: `应在 ${earliestDay} 至 ${lastYear}-12-31 之间` },
  })
  .meta({ label: { zh: '生效日期，年-月-日', en: 'First day on which it holds, YYYY-MM-DD' } });

/** The number of the document that orders a change; the blanks around it are not part of it. */
export const changeDocument = soundLine.trim().min(1).max(200);

/** The same in a request, or null, which takes back what was said. */
export const statedDocument = changeDocument.nullable().meta({
  id: 'StatedDocument',
  label: {
    zh: '批准文件的文号，null 为撤去；未给出的，同一日已载明的不变',
    en: 'Number of the document that orders it; null takes it back; left out, what was said of the same day before stays',
  },
});

/** How sure the day of a change is. */
export const changePrecision = z.enum(precisions).meta({
  label: {
    zh: '日期的确切程度：DAY 为当日（默认），SNAPSHOT 为仅知在该日的名单中已如此',
    en: 'How sure the day is: DAY, that of the change (when left out), or SNAPSHOT, that of a list which shows it',
  },
});

/** The most agencies, or divisions, that one is split into. */
export const maxParts = 50;

/** The agencies that one is split into. */
export const splitInto = z
  .array(agencyCode)
  .min(2)
  .max(maxParts)
  .meta({
    label: {
      zh: '分入各机关当日的代码，两个以上',
      en: 'Codes, on that day, of the agencies it was split into, two or more',
    },
  });

/** A report year for which an agency is exempted or a deadline is set. */
export const registerYear = z
  .string()
  .regex(/^\d{4}$/)
  .transform(Number)
  .pipe(z.int().min(firstYear).max(lastYear))
  .meta({ label: { zh: `报告年度，${firstYear} 至 ${lastYear}`, en: `Report year, ${firstYear} to ${lastYear}` } });

/** A report year, or `every` for those without a date of their own (0 in the store). */
export const deadlineYear = z.union([z.literal('every').transform(() => 0), registerYear]).meta({
  label: {
    zh: '报告年度，或 every 表示无专设日期的每年',
    en: 'Report year, or "every" for each year that has no date of its own',
  },
});

/** Whose day a deadline is. */
export const deadlineFiler = z.enum(deadlineFilers).meta({
  label: {
    zh: '所指：机关（默认），或县、市、省自行公布的报告',
    en: "Whose day it is: the agencies' (when left out), or that of the reports counties, prefectures or provinces publish",
  },
});

/** Why an agency need not file. */
export const exemptionReason = soundText
  .trim()
  .min(1)
  .max(500)
  .meta({ label: { zh: '免报原因', en: 'Why it need not file' } });

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of every year, MM-DD; 29 February is not one. */
export const dueDay = z
  .string()
  .regex(/^\d\d-\d\d$/)
  .refine(
    (day) => {
      const days = daysInMonth[Number(day.slice(0, 2)) - 1] ?? 0;
      return Number(day.slice(3)) >= 1 && Number(day.slice(3)) <= days;
    },
    { error: 'a day that every year has, MM-DD', params: { zh: '应为每年都有的日子，月-日' } },
  )
  .meta({
    label: {
      zh: '次年截止日期，月-日，2 月 29 日除外',
      en: 'Last day to file, in the year after the report year: MM-DD, not 29 February',
    },
  });

/** A level of division. */
export const divisionLevel = z.enum(divisionLevels).meta({ label: { zh: '行政区划级别', en: 'Level of division' } });

/** Any kind of agency, a county's own too. */
export const agencyKind = z.enum(agencyKinds).meta({ label: { zh: '机关类别', en: 'Kind of agency' } });

/** The levels at which a division can be made: there is one nation. */
export const newDivisionLevel = divisionLevel.exclude(['NATION']).meta({
  label: { zh: '行政区划级别：省、市、县', en: 'Level of the division' },
});

/** A division's name as it is printed. */
export const divisionName = agencyName.meta({ label: { zh: '行政区划名称', en: 'Name of the division' } });
