/** The printed forms as data, and the catalogue of checks. */
import { z } from 'zod';
import { type Form, forms, type Term } from '../../../form/forms.js';
import { organizationSubtotal, rates, sections, subtotals } from '../../../form/lines.js';
import { rules } from '../../../form/rules.js';
import { integer, labelSchema } from './body-parts.js';

/** A form as data: its tables, cells and equations. */
export const formSchema = z
  .looseObject({ id: z.string(), name: labelSchema, notice: labelSchema.nullable(), cellCount: integer })
  .meta({ id: 'Form', label: { zh: '格式', en: 'A printed form as data: tables, rows, columns, cells, equations' } });

/** A form as a body; `brief` in lists. */
export function formBody(form: Form, whole: 'whole' | 'brief') {
  const { id, name, notice, inForce, tables, cells, written } = form;
  const brief = { id, name, notice, inForce, cellCount: cells.length };
  if (whole === 'brief') return brief;
  return {
    ...brief,
    sections,
    tables,
    cells: cells.map((cell) => ({ ...cell, key: cell.key })),
    subtotals: subtotals.map(({ key, label: heading }) => ({
      key,
      label: heading,
      rows: tables
        .flatMap((table) => table.rows)
        .filter((row) => row.subtotal === key)
        .map((row) => row.key),
    })),
    organizationSubtotal,
    rates,
    equations: written.map((equation) => ({
      rule: equation.rule,
      over: equation.over,
      relation: equation.relation,
      left: equation.left.map(termBody),
      right: equation.right.map(termBody),
    })),
  };
}

function termBody(term: Term) {
  return { cell: term.cell.key, coefficient: term.coefficient, year: term.year };
}

/** The catalogue of rules as a body, each with the forms whose equations it governs. */
export function rulesBody() {
  return rules.map((rule) => ({
    ...rule,
    forms: forms.filter((form) => form.written.some((equation) => equation.rule === rule.code)).map((form) => form.id),
  }));
}

/** One rule of the catalogue. */
export const ruleSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    over: z.string().meta({ label: { zh: '核对范围', en: 'What is compared' } }),
    label: labelSchema,
    description: labelSchema,
    forms: z
      .array(z.string())
      .meta({ label: { zh: '以勾稽关系印在哪些格式上', en: 'The forms on which it is an equation' } }),
  })
  .meta({ id: 'Rule', label: { zh: '核对规则', en: 'A check' } });
