/** What failures answer, and what a route says that it answers. */
import { z } from 'zod';
import { severities } from '../../../form/rules.js';
import { problems } from '../../../problem.js';
import { integer, labelSchema } from './body-parts.js';

/** One fault inside a request. */
export const faultSchema = z
  .object({
    code: z.string().meta({ label: { zh: '规则或错误代码', en: 'Code of the rule or fault' } }),
    severity: z.enum(severities),
    pointer: z
      .string()
      .meta({ label: { zh: '在请求体中的位置（RFC 6901）', en: 'RFC 6901 JSON pointer into the body' } }),
    line: z
      .int()
      .optional()
      .meta({ label: { zh: '行号，仅在 CSV 中', en: 'Line, only of a CSV' } }),
    cells: z
      .array(z.string())
      .optional()
      .meta({ label: { zh: '涉及的单元格', en: 'Every cell that takes part' } }),
    left: z.number().nullable().optional(),
    right: z.number().nullable().optional(),
    difference: z.number().nullable().optional(),
    outcome: z
      .enum(['broken', 'undecided'])
      .optional()
      .meta({ label: { zh: '仅在核对结果中', en: 'Only of an equation' } }),
    label: labelSchema.optional(),
    message: labelSchema,
  })
  .meta({
    id: 'Fault',
    label: { zh: '一处问题', en: 'One fault, with its pointer, cells, both sides and a sentence' },
  });

/** A failure, RFC 9457. */
export const problemSchema = z
  .looseObject({
    type: z.enum(problems.map(({ name }) => `/problems/${name}`)),
    title: z.string(),
    status: integer,
    detail: z.string(),
    errors: z.array(faultSchema).optional(),
  })
  .meta({ id: 'Problem', label: { zh: '失败', en: 'A failure as RFC 9457 problem details' } });

/**
 * The responses of a route for its `schema.response`: those named, and a problem for each failing status of its own; those
 * that any call can come to are added where the document is made. They document what is sent; the tests hold every
 * answer to them.
 */
export function responses(succeeding: Record<number, z.ZodType>, ...failing: number[]): Record<number, z.ZodType> {
  return { ...succeeding, ...Object.fromEntries(failing.map((status) => [status, problemSchema])) };
}
