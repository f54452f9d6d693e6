/** The printed forms as data, and the catalogue of checks. */
import { z } from 'zod';
import { type Form, forms, type Term } from '../../../form/forms.js';
import { organizationSubtotal, rates, sections, subtotals } from '../../../form/lines.js';
import { directions, measureKinds } from '../../../form/measure/measures.js';
import { rules, severities } from '../../../form/rules.js';
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
    severity: z.enum(severities),
    over: z.string().meta({ label: { zh: '核对范围', en: 'What is compared' } }),
    label: labelSchema,
    description: labelSchema,
    forms: z
      .array(z.string())
      .meta({ label: { zh: '以勾稽关系印在哪些格式上', en: 'The forms on which it is an equation' } }),
  })
  .meta({ id: 'Rule', label: { zh: '核对规则', en: 'A check' } });

/** A measure: what can be ranked, compared and tabulated. */
export const measureSchema = z
  .object({
    key: z.string().meta({ label: { zh: '指标地址', en: 'Its address' } }),
    label: labelSchema,
    unit: z
      .string()
      .nullable()
      .meta({ label: { zh: '单位；比率无单位', en: 'The unit as printed; null for a rate from 0 to 1' } }),
    kind: z.enum(measureKinds).meta({
      label: {
        zh: 'flow 发生数，stock 时点数，amount 金额，rate 比率',
        en: 'How it adds up: over area and years, over area only, as money, or not at all',
      },
    }),
    direction: z
      .enum(directions)
      .meta({ label: { zh: '数值大是好、是差，或不分好坏', en: 'Whether more is better, less is, or neither' } }),
    rankable: z.boolean().meta({ label: { zh: '是否可以排名', en: 'Whether it may be ranked' } }),
    unranked: labelSchema.nullable().meta({ label: { zh: '不排名的原因', en: 'Why it is not ranked' } }),
    forms: z.array(z.string()).meta({ label: { zh: '有此指标的格式', en: 'The forms that have it' } }),
    cells: z.array(z.string()).meta({ label: { zh: '所取的单元格', en: 'Addresses of the boxes it is read from' } }),
    onOtherForms: z
      .array(
        z.object({
          forms: z.array(z.string()),
          measure: z.string().nullable(),
          reason: labelSchema,
          source: labelSchema,
        }),
      )
      .meta({
        label: {
          zh: '没有此指标的格式上与之相当的指标，以及为何不能连成序列',
          en: 'What stands in its place on the forms that lack it, and why the two are no series',
        },
      }),
  })
  .meta({ id: 'Measure', label: { zh: '指标', en: 'What can be ranked, compared and tabulated' } });
