/** What the register's routes answer, as the schemas that document it. */
import { z } from 'zod';
import { agencyKind, divisionLevel } from '../../../register/change/change-schemas.js';
import { codeAndName, day, integer } from './body-parts.js';

const outcome = z.enum(['created', 'changed', 'unchanged']).meta({ label: { zh: '结果', en: 'What the change did' } });
const reportsMoved = z.int().meta({
  label: {
    zh: '归属、应报或按时状态随之变化的报告数',
    en: 'Reports that now count elsewhere, or are in time or late otherwise',
  },
});

/** A division in a list. */
export const divisionEntry = codeAndName
  .extend({
    level: divisionLevel,
    parent: z
      .string()
      .nullable()
      .meta({ label: { zh: '上级代码，全国为 null', en: 'Code of the division above, null for the nation' } }),
  })
  .meta({ id: 'DivisionEntry', label: { zh: '行政区划', en: 'A division' } });

/** A division alone. */
export const divisionRecord = divisionEntry
  .extend({
    parents: z
      .array(codeAndName.extend({ level: divisionLevel }))
      .readonly()
      .meta({ label: { zh: '由近及远', en: 'Everything above it, the nearest first' } }),
    deadlines: z
      .array(
        z.object({
          year: z
            .union([integer, z.literal('every')])
            .meta({ label: { zh: '报告年度或每年', en: 'Report year, or every one' } }),
          due: z.string().meta({ label: { zh: '次年截止日期，月-日', en: 'MM-DD of the following year' } }),
        }),
      )
      .readonly()
      .meta({ label: { zh: '自身所设的机关截止日期', en: 'The deadlines set for its agencies' } }),
    ownDeadlines: z
      .array(
        z.object({
          for: z.enum(['COUNTY', 'PREFECTURE', 'PROVINCE']),
          year: z.union([integer, z.literal('every')]),
          due: z.string(),
        }),
      )
      .readonly()
      .meta({
        label: {
          zh: '自身所设的县、市、省自行公布报告的截止日期',
          en: 'The deadlines set here for the reports that divisions of a level publish themselves',
        },
      }),
  })
  .meta({ id: 'DivisionRecord', label: { zh: '行政区划及其上级与截止日期', en: 'A division with what is above it' } });

/** An agency over one span of days. */
export const agencyEntry = codeAndName
  .extend({
    kind: agencyKind,
    county: codeAndName,
    validFrom: day,
    validTo: day
      .nullable()
      .meta({ label: { zh: '不再如此的第一日，至今则为 null', en: 'The first day on which it no longer holds' } }),
  })
  .meta({ id: 'AgencyEntry', label: { zh: '机关在一段时间内的状态', en: 'An agency over a span of days' } });

const relative = codeAndName
  .extend({ on: day })
  .meta({ id: 'Relative', label: { zh: '并入的或并入到的机关', en: 'An agency that went into another, and the day' } });

/** An agency alone. */
export const agencyRecord = agencyEntry
  .extend({
    states: z
      .array(agencyEntry)
      .readonly()
      .meta({ label: { zh: '历次状态，由远及近', en: 'Every state, oldest first' } }),
    changes: z
      .array(
        z.object({
          on: day,
          code: z.string().nullable(),
          name: z.string().nullable(),
          kind: agencyKind.nullable(),
          county: codeAndName.nullable(),
          announced: z.boolean().meta({ label: { zh: '尚未到期，可收回', en: 'Its day has not come' } }),
        }),
      )
      .readonly()
      .meta({
        label: {
          zh: '自某日起的变更，未变的为 null；各状态由此推定',
          en: 'What was said to change, and from when; null is as before. The states follow from it',
        },
      }),
    exemptions: z
      .array(z.object({ year: integer, reason: z.string(), recordedBy: z.string().nullable(), recordedAt: z.string() }))
      .readonly()
      .meta({ label: { zh: '免报的年度', en: 'The years for which it need not file' } }),
    predecessors: z
      .array(relative)
      .readonly()
      .meta({ label: { zh: '并入本机关的', en: 'What went into it' } }),
    successors: z
      .array(relative)
      .readonly()
      .meta({ label: { zh: '本机关并入的', en: 'What it went into' } }),
  })
  .meta({ id: 'AgencyRecord', label: { zh: '机关今日的状态及沿革', en: 'An agency as it is today, and its history' } });

/** The answer to a change of an agency. */
export const agencyChanged = z.object({ outcome, reportsMoved, agency: agencyRecord }).meta({
  id: 'AgencyChanged',
  label: { zh: '机关变更结果', en: 'What a change did, and the agency as it then stands' },
});

/** The answer to a change of a deadline. */
export const deadlineChanged = z
  .object({ outcome, reportsMoved, division: divisionRecord })
  .meta({ id: 'DeadlineChanged', label: { zh: '截止日期变更结果', en: 'What a change did, and the division' } });

/** The answer to a change of a division. */
export const divisionChanged = z.object({ outcome, reportsMoved, division: divisionRecord }).meta({
  id: 'DivisionChanged',
  label: { zh: '行政区划变更结果', en: 'What a change did, and the division as it then stands' },
});

/** The answer to a file of changes. */
export const importDone = z
  .object({
    lines: integer.meta({ label: { zh: '变更行数', en: 'Lines applied' } }),
    counts: z
      .object({
        add: integer,
        change: integer,
        close: integer,
        exempt: integer,
        unexempt: integer,
        deadline: integer,
        'division-add': integer,
        'division-change': integer,
        'division-merge': integer,
        'division-split': integer,
        'division-close': integer,
      })
      .meta({ label: { zh: '各类变更行数，合计为 lines', en: 'Lines by action; they add up to lines' } }),
    unchanged: integer.meta({ label: { zh: '其中无变化的行数', en: 'Of the lines, those that changed nothing' } }),
    reportsMoved,
  })
  .meta({ id: 'RegisterImport', label: { zh: '批量变更结果', en: 'What a file of changes did' } });
