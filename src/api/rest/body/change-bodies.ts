/** The changes that a copy of the reports follows. */
import { z } from 'zod';
import type { ChangeView } from '../../../report/feed/changes.js';
import { changeSubjects, changeTypes } from '../../../words.js';
import { instant, integer } from './body-parts.js';
import { reportTag } from './report-bodies.js';

/** One change. */
export const changeSchema = z
  .object({
    about: z.enum(changeSubjects).meta({
      label: {
        zh: 'report 一份报告；agency 名录中的机关；division 行政区划及其截止日期或锁定',
        en: 'One report; an agency in the register; a division, with its deadlines and locks, the first of `divisions`',
      },
    }),
    type: z.enum(changeTypes).meta({ label: { zh: '何种变更', en: 'What was done' } }),
    agency: z
      .string()
      .nullable()
      .meta({
        label: {
          zh: '机关代码，副本以此为键；行政区划的变更为 null',
          en: 'Code of the agency, under which a copy has the report; null for a division',
        },
      }),
    year: integer
      .nullable()
      .meta({ label: { zh: '报告年度；不限年度为 null', en: 'Report year; null for no one year' } }),
    revision: integer.nullable().meta({
      label: {
        zh: '现在可见的版本，或该变更所涉的版本；不可知时为 null',
        en: 'The revision that is shown now, or that it was about; null where you may not know it',
      },
    }),
    etag: z
      .string()
      .nullable()
      .meta({
        label: {
          zh: '该报告现在以 JSON 读取的 ETag；其后还有变更、已不可见或非报告时为 null',
          en: 'The tag that reading the report as JSON gives now; null where a later change follows, where it is gone, and for the register',
        },
      }),
    at: instant,
    divisions: z.array(z.string()).meta({
      label: {
        zh: '汇总随之变化的行政区划代码，由近及远',
        en: 'Codes of the divisions whose sums it moves, the nearest first',
      },
    }),
    deleted: z
      .literal(true)
      .optional()
      .meta({ label: { zh: '从副本中删去', en: 'Delete the report from your copy: you can read it no more' } }),
    reason: z
      .string()
      .optional()
      .meta({ label: { zh: '原因；仅限可读全部内容者', en: 'Why; only for those who may read all of the report' } }),
  })
  .meta({ id: 'Change', label: { zh: '一项变更', en: 'One change that a copy must learn' } });

/** A change as a body. */
export function changeBody({ about, type, agency, year, at, divisions, revision, shown, deleted, reason }: ChangeView) {
  const etag = shown ? reportTag(shown) : null;
  // Left out of the text where it is undefined.
  const gone = deleted ? (true as const) : undefined;
  const why = reason ?? undefined;
  return { about, type, agency, year, revision, etag, at, divisions, deleted: gone, reason: why };
}
