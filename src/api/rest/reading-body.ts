/** The schemas of what is told of a document that was read. */
import { z } from 'zod';
import { reportSchema } from './bodies.js';

const label = z.object({ zh: z.string(), en: z.string() });
const printed = z.union([z.number(), z.string(), z.null()]);
const parts = reportSchema.shape;

/** One thing that the reader was not sure of. */
export const doubtSchema = z
  .object({
    code: z.string(),
    place: z
      .object({ line: z.int() })
      .nullable()
      .describe(
        '行号（HTML、Word、Excel 为段落或表格行的序号） The line, or the ordinal of the paragraph or table row',
      ),
    cells: z.array(z.string()).describe('涉及的单元格 The cells it concerns'),
    text: z.string().describe('原文 The words as printed'),
    message: label,
  })
  .meta({ id: 'Doubt', description: '读取疑问 What the reader was not sure of, with its place' });

const candidate = z.object({
  code: z.string(),
  name: z.string(),
  county: z.object({ code: z.string(), name: z.string() }),
});

/** A document as it was read. */
export const readingSchema = z
  .object({
    form: parts.form.nullable().describe('由内容识别的格式 The form, recognised from the content'),
    title: z.string().nullable(),
    agencyName: z.string().nullable().describe('标题所写机关 The agency that the title names'),
    countyName: z.string().nullable(),
    agency: candidate.nullable().describe('名录中的机关；不能确定时为 null The agency, null unless it is certain'),
    candidates: z.array(candidate).describe('可能的机关 Every agency that the name may mean'),
    year: z.int().nullable(),
    figures: parts.figures,
    cells: z
      .array(
        z.object({
          cell: z.string(),
          label,
          text: z.string().describe('原文 The box as printed'),
          value: printed,
          note: z.string().nullable().describe('数字旁的说明 What stood beside the number'),
          line: z.int(),
        }),
      )
      .describe('读到的各格及其原文和位置 Every box that was met, with its text and place'),
    publishedItems: parts.publishedItems,
    engagement: parts.engagement,
    narrative: parts.narrative,
    doubts: z.array(doubtSchema),
    findings: parts.findings,
  })
  .meta({ id: 'Reading', description: '读取结果 A document as it was read; nothing was stored' });

/** A filing's answer: the report, and the doubts where it came as a document. */
export const filedSchema = reportSchema
  .extend({
    doubts: z.array(doubtSchema).optional().describe('文件的读取疑问 Only where the report came as a document'),
  })
  .meta({ id: 'FiledReport', description: '报送结果 The report as it stands after a filing' });
