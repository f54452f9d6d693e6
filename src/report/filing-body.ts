/** The schemas of a filing's body, derived from the forms: what OpenAPI shows, and what finds every fault in one. */
import { z } from 'zod';
import { parseAmount } from '../form/amount.js';
import { maxCount } from '../form/exact.js';
import { makeZeroFigures, printFigures } from '../form/figures.js';
import { type Cell, cellOf, type Form, type FormId, firstYear, formInForce, forms, headingOf } from '../form/forms.js';
import { sections } from '../form/lines.js';
import type { Table } from '../form/vocabulary.js';
import { agencyCode } from '../register/codes.js';
import { soundText } from '../text.js';

const text = (longest: number) => soundText.max(longest);
const name = text(200).min(1);
const count = z.int().min(0).max(maxCount);
const countBox = count
  .nullable()
  .meta({ id: 'Count', label: { zh: '数量，空白为 null', en: 'A count; null is a blank' } });
const shareBox = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .meta({ id: 'Share', label: { zh: '占比，0 至 1', en: 'A share, 0 to 1' } });
const printedNote = text(500)
  .nullable()
  .meta({ id: 'PrintedNote', label: { zh: '原文', en: 'The words as printed' } });

const group = z
  .strictObject({
    name: name.meta({
      label: { zh: '类别或渠道名称', en: 'Name of the category or channel, as the report prints it' },
    }),
    count: countBox.meta({
      label: { zh: '条数；没有确切数字时为 null', en: 'Items, null when no exact number is stated' },
    }),
    share: shareBox
      .meta({ label: { zh: '所述占比（0 至 1）', en: 'Share of the total as stated, 0 to 1' } })
      .optional(),
    note: printedNote.meta({ label: { zh: '原文，如“260余条”', en: 'The words as printed' } }).optional(),
  })
  .meta({
    id: 'PublishedGroup',
    label: { zh: '主动公开信息的一类', en: 'One category or channel of published items' },
  });

const publishedItems = z
  .strictObject({
    total: countBox.meta({ label: { zh: '主动公开信息总数', en: 'Published items in all, null when not stated' } }),
    categories: z
      .array(group)
      .max(500)
      .default([])
      .meta({ label: { zh: '按类别', en: 'By category' } }),
    channels: z
      .array(group)
      .max(500)
      .default([])
      .meta({ label: { zh: '按渠道', en: 'By channel' } }),
    complete: z
      .array(z.enum(['categories', 'channels']))
      .max(2)
      .optional()
      .meta({
        label: {
          zh: '声明完整的清单，只有这些才核对合计',
          en: 'Lists said to be complete: only these must add up (P-SUM)',
        },
      }),
    note: printedNote.optional(),
  })
  .meta({
    id: 'PublishedItems',
    label: { zh: '第一部分所述主动公开信息条数', en: 'Items published in the year, as section one states them' },
  });

const engagement = z
  .array(
    z
      .strictObject({
        name: name.meta({ label: { zh: '渠道，如市长信箱', en: 'Channel' } }),
        handled: countBox.meta({ label: { zh: '办理件数', en: 'Handled in the year' } }),
        replyRate: shareBox.meta({ label: { zh: '回复率（0 至 1）', en: 'Share answered, 0 to 1' } }).optional(),
        note: printedNote.optional(),
      })
      .meta({ id: 'EngagementChannel', label: { zh: '一个渠道的办理情况', en: 'What one channel handled' } }),
  )
  .max(200)
  .meta({ id: 'Engagement', label: { zh: '信箱、热线等办理情况', en: 'Letters, calls and questions handled' } });

const narrative = z
  .strictObject(
    Object.fromEntries(
      sections.map((section) => [section.key, text(200_000).nullable().optional().meta({ label: section.label })]),
    ) as Record<(typeof sections)[number]['key'], z.ZodOptional<z.ZodNullable<z.ZodString>>>,
  )
  .meta({ id: 'Narrative', label: { zh: '六个部分的文字', en: 'The text of the six sections' } });

const source = z
  .strictObject({
    // Kept as it was sent: a URL as browsers take it, which may hold characters that a URI may not.
    url: text(2000)
      .regex(/^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/)
      .refine((value) => URL.canParse(value), { error: 'no URL' })
      .nullable()
      .optional()
      .meta({ label: { zh: '公布网址（不会被访问）', en: 'Where it was published; never fetched' } }),
    publishedOn: z.iso
      .date()
      .nullable()
      .optional()
      .meta({ label: { zh: '公布日期', en: 'Day of publication, YYYY-MM-DD' } }),
  })
  .meta({ id: 'Source', label: { zh: '公布信息', en: 'Where and when the report was published' } });

const signedCountBox = z
  .int()
  .min(-maxCount)
  .max(maxCount)
  .nullable()
  .meta({ id: 'SignedCount', label: { zh: '增减数量，空白为 null', en: 'An increase or decrease; null is a blank' } });

const amountBoxes = new Map(
  (
    [
      ['万元', 'AmountInTenThousandYuan'],
      ['元', 'AmountInYuan'],
    ] as const
  ).map(([unit, id]) => [
    unit as Cell['unit'],
    z
      .union([z.string(), z.number()])
      .refine((value) => parseAmount(String(value), unit) !== undefined, { error: 'amount' })
      .nullable()
      .meta({
        id,
        label: { zh: `金额（${unit}），空白为 null`, en: 'An amount as a decimal string; null is a blank' },
      }),
  ]),
);

function boxSchema({ kind, unit, signed }: Cell): z.ZodType {
  if (kind !== 'amount') return signed ? signedCountBox : countBox;
  const box = amountBoxes.get(unit);
  if (!box) throw new Error(`no amount is printed in ${unit}`);
  return box;
}

/** The figures of a form, nested as they are printed: table, row, column; every cell must be there. */
function figuresSchema(form: Form): z.ZodType {
  const tables = form.tables.map((table) => [table.key, tableSchema(form, table)]);
  return z.strictObject(Object.fromEntries(tables)).meta({ id: `Figures-${form.id}`, label: form.name });
}

function tableSchema(form: Form, table: Table): z.ZodType {
  return schemaOnce(form, `${table.key}Table`, table, () => {
    const rows = table.rows.map((row) => [row.key, rowSchema(form, table).meta({ label: headingOf(row) })]);
    return z.strictObject(Object.fromEntries(rows)).meta({ label: table.label });
  });
}

/** The label of a cell is that of its row and that of its column: a table has one schema for all its rows. */
function rowSchema(form: Form, table: Table): z.ZodType {
  return schemaOnce(form, `${table.key}Row`, table.columns, () => {
    const boxes = table.columns.map((column) => {
      const { zh, en } = headingOf(column);
      const [row] = table.rows;
      return [
        column.key,
        boxSchema(cellOf(`${table.key}.${row?.key}.${column.key}`)).meta({
          label: { zh: `${zh}（${column.unit}）`, en },
        }),
      ];
    });
    return z
      .strictObject(Object.fromEntries(boxes))
      .meta({ label: { zh: `${table.label.zh}的一行`, en: `A row of: ${table.label.en}` } });
  });
}

/** A part that several forms print alike has one schema, which bears the name of the part. */
function schemaOnce(form: Form, part: string, printed: unknown, make: () => z.ZodType): z.ZodType {
  const key = `${part} ${JSON.stringify(printed)}`;
  const known = schemasByPart.get(key);
  if (known) return known;
  const name = part.charAt(0).toUpperCase() + part.slice(1);
  const isTaken = [...schemasByPart.keys()].some((other) => other.startsWith(`${part} `));
  const schema = make();
  const named = schema.meta({ ...schema.meta(), id: isTaken ? `${name}-${form.id}` : name });
  schemasByPart.set(key, named);
  return named;
}

const schemasByPart = new Map<string, z.ZodType>();
const figuresByForm = new Map(forms.map((form) => [form.id, figuresSchema(form)]));

const reportYear = z
  .int()
  .min(firstYear)
  .meta({ label: { zh: '报告年度，2019 至今年', en: 'Report year, 2019 to the current one' } });

const members = {
  form: z
    .enum(['2021', '2019', 'mixed'] satisfies FormId[])
    .optional()
    .meta({ label: { zh: '格式；省略时为该年度施行的格式', en: 'The form; left out, the one in force for the year' } }),
  publishedItems: publishedItems.nullable().optional(),
  engagement: engagement.nullable().optional(),
  narrative: narrative.nullable().optional(),
  source: source.nullable().optional(),
  about: z
    .looseObject({})
    .optional()
    .meta({
      label: {
        zh: '导出时附带的机关名称、行政区划、状态等，不作为报送内容',
        en: 'What an export says of the report: names, divisions, state. Not read',
      },
    }),
  reason: text(1000)
    .min(1)
    .optional()
    .meta({ label: { zh: '修订原因，修订时必填', en: 'Why this revision replaces the last; required on a revision' } }),
};

const anyFigures = z.union([...figuresByForm.values()]).meta({
  id: 'Figures',
  label: {
    zh: '表格数字，依格式而定',
    en: 'The figures, as the form prints them; every cell is there, null is a blank',
  },
});

/** The body of `POST /v1/reports`. */
export const filingBody = z
  .strictObject({ agency: agencyCode, year: reportYear, figures: anyFigures, ...members })
  .meta({ id: 'Filing', label: { zh: '报送', en: 'A report to be filed' }, examples: [exampleFiling()] });

/** The body of `PUT /v1/reports/{agency}/{year}`: the path says whose it is; if the body does too, it must agree. */
export const filingBodyAt = z
  .strictObject({ agency: agencyCode.optional(), year: reportYear.optional(), figures: anyFigures, ...members })
  .meta({ id: 'FilingAt', label: { zh: '报送或修订', en: 'A report to be filed or revised' } });

/** A report of nothing: every box of the form in force filled with zero, but for one that is blank. */
function exampleFiling() {
  const form = formInForce(2021);
  const figures = makeZeroFigures(form);
  const blank = form.cells.find((cell) => cell.table !== 'applications');
  if (blank) figures[blank.at] = null;
  return {
    agency: '431281207',
    year: 2021,
    form: form.id,
    figures: printFigures(form.cells, figures),
    publishedItems: { total: 16, categories: [{ name: '乡动态', count: 8 }], channels: [] },
    engagement: [{ name: '市长热线', handled: 9, replyRate: 1 }],
  };
}

/** A filing whose figures are still to be read. */
export const filingEnvelope = z.strictObject({
  agency: agencyCode,
  year: reportYear,
  figures: z.unknown(),
  ...members,
});

/** The schema of the figures of a form, nested as they are printed: it finds every fault there is. */
export function figuresSchemaOf(form: Form): z.ZodType {
  const schema = figuresByForm.get(form.id);
  if (!schema) throw new Error(`no schema for form ${form.id}`);
  return schema;
}
