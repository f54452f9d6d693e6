/** The schemas of what is told of a document that was read. */
import { z } from 'zod';
import { codeAndName, integer, labelSchema, printedFigure } from './body-parts.js';
import { reportSchema } from './report-bodies.js';

const parts = reportSchema.shape;

/** One thing that the reader was not sure of. */
const doubtSchema = z
  .object({
    code: z.string(),
    place: z
      .object({ line: integer })
      .nullable()
      .meta({
        label: {
          zh: '行号（HTML、Word、Excel、PDF 为段落或表格行的序号）',
          en: 'The line, or the ordinal of the paragraph or table row',
        },
      }),
    cells: z.array(z.string()).meta({ label: { zh: '涉及的单元格', en: 'The cells it concerns' } }),
    text: z.string().meta({ label: { zh: '原文', en: 'The words as printed' } }),
    message: labelSchema,
  })
  .meta({ id: 'Doubt', label: { zh: '读取疑问', en: 'What the reader was not sure of, with its place' } });

const candidate = z
  .object({
    code: z.string(),
    name: z.string(),
    county: codeAndName,
  })
  .meta({ id: 'Candidate', label: { zh: '可能的机关', en: 'An agency that the name may mean' } });

/** A document as it was read. */
export const readingSchema = z
  .object({
    form: parts.form
      .nullable()
      .meta({ label: { zh: '由内容识别的格式', en: 'The form, recognised from the content' } }),
    title: z.string().nullable(),
    agencyName: z
      .string()
      .nullable()
      .meta({ label: { zh: '标题所写机关', en: 'The agency that the title names' } }),
    countyName: z.string().nullable(),
    agency: candidate
      .nullable()
      .meta({ label: { zh: '名录中的机关；不能确定时为 null', en: 'The agency, null unless it is certain' } }),
    candidates: z.array(candidate).meta({ label: { zh: '可能的机关', en: 'Every agency that the name may mean' } }),
    year: integer.nullable(),
    figures: parts.figures,
    cells: z
      .array(
        z.object({
          cell: z.string(),
          label: labelSchema,
          text: z.string().meta({ label: { zh: '原文', en: 'The box as printed' } }),
          value: printedFigure,
          note: z
            .string()
            .nullable()
            .meta({ label: { zh: '数字旁的说明', en: 'What stood beside the number' } }),
          line: integer,
          page: z
            .int()
            .nullable()
            .meta({ label: { zh: 'PDF 的第几页', en: 'Page of a PDF, from 1; null in other formats' } }),
        }),
      )
      .meta({ label: { zh: '读到的各格及其原文和位置', en: 'Every box that was met, with its text and place' } }),
    publishedItems: parts.publishedItems,
    engagement: parts.engagement,
    narrative: parts.narrative,
    source: parts.source,
    doubts: z.array(doubtSchema),
    findings: parts.findings,
  })
  .meta({ id: 'Reading', label: { zh: '读取结果', en: 'A document as it was read; nothing was stored' } });

/** A filing's answer: the report, and the doubts where it came as a document. */
export const filedSchema = reportSchema
  .extend({
    doubts: z
      .array(doubtSchema)
      .optional()
      .meta({ label: { zh: '文件的读取疑问', en: 'Only where the report came as a document' } }),
  })
  .meta({ id: 'FiledReport', label: { zh: '报送结果', en: 'The report as it stands after a filing' } });
