/** What the register's routes answer, as the schemas that document it. */
import { z } from 'zod';
import { agencyKind, divisionLevel } from '../../register/change/change-schemas.js';

const place = z.object({ code: z.string(), name: z.string() });
const day = z.string().describe('YYYY-MM-DD');
const outcome = z.enum(['created', 'changed', 'unchanged']).describe('结果 What the change did');
const reportsMoved = z
  .int()
  .describe('归属、应报或按时状态随之变化的报告数 Reports that now count elsewhere, or are in time or late otherwise');

/** A division in a list. */
export const divisionEntry = place
  .extend({
    level: divisionLevel,
    parent: z.string().nullable().describe('上级代码，全国为 null Code of the division above, null for the nation'),
  })
  .meta({ id: 'DivisionEntry', description: '行政区划 A division' });

/** A division alone. */
export const divisionRecord = divisionEntry
  .extend({
    parents: z
      .array(place.extend({ level: divisionLevel }))
      .readonly()
      .describe('由近及远 Everything above it, the nearest first'),
    deadlines: z
      .array(
        z.object({
          year: z.union([z.int(), z.literal('every')]).describe('报告年度或每年 Report year, or every one'),
          due: z.string().describe('次年截止日期 MM-DD of the following year'),
        }),
      )
      .readonly()
      .describe('自身所设的截止日期 The deadlines set for itself'),
  })
  .meta({ id: 'DivisionRecord', description: '行政区划及其上级与截止日期 A division with what is above it' });

/** An agency over one span of days. */
export const agencyEntry = place
  .extend({
    kind: agencyKind,
    county: place,
    validFrom: day,
    validTo: day.nullable().describe('不再如此的第一日，至今则为 null The first day on which it no longer holds'),
  })
  .meta({ id: 'AgencyEntry', description: '机关在一段时间内的状态 An agency over a span of days' });

const relative = place.extend({ on: day });

/** An agency alone. */
export const agencyRecord = agencyEntry
  .extend({
    states: z.array(agencyEntry).readonly().describe('历次状态，由远及近 Every state, oldest first'),
    exemptions: z
      .array(z.object({ year: z.int(), reason: z.string(), recordedBy: z.string(), recordedAt: z.string() }))
      .readonly()
      .describe('免报的年度 The years for which it need not file'),
    predecessors: z.array(relative).readonly().describe('并入本机关的 What went into it'),
    successors: z.array(relative).readonly().describe('本机关并入的 What it went into'),
  })
  .meta({ id: 'AgencyRecord', description: '机关今日的状态及沿革 An agency as it is today, and its history' });

/** The answer to a change of an agency. */
export const agencyChanged = z
  .object({ outcome, reportsMoved, agency: agencyRecord })
  .meta({ id: 'AgencyChanged', description: '机关变更结果 What a change did, and the agency as it then stands' });

/** The answer to a change of a deadline. */
export const deadlineChanged = z
  .object({ outcome, reportsMoved, division: divisionRecord })
  .meta({ id: 'DeadlineChanged', description: '截止日期变更结果 What a change did, and the division' });

/** The answer to a file of changes. */
export const importDone = z
  .object({
    lines: z.int().describe('变更行数 Lines applied'),
    counts: z
      .object({
        add: z.int(),
        change: z.int(),
        close: z.int(),
        exempt: z.int(),
        unexempt: z.int(),
        deadline: z.int(),
      })
      .describe('各类变更行数，合计为 lines Lines by action; they add up to lines'),
    unchanged: z.int().describe('其中无变化的行数 Of the lines, those that changed nothing'),
    reportsMoved,
  })
  .meta({ id: 'RegisterImport', description: '批量变更结果 What a file of changes did' });
