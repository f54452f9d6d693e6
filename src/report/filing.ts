/** The shape of a filing, derived from the forms: what a client sends, and what is wrong with it, cell by cell. */
import { z } from 'zod';
import { yearOf } from '../day.js';
import { parseAmount } from '../form/amount.js';
import { makeBlankFigures, makeZeroFigures, printFigures } from '../form/figures.js';
import {
  type Cell,
  type Figures,
  type Form,
  type FormId,
  findCell,
  findForm,
  firstYear,
  formInForce,
  forms,
} from '../form/forms.js';
import { sections } from '../form/lines.js';
import type { ReportContent } from '../form/report.js';
import { type Fault, Problem } from '../problem.js';
import { agencyCode, normalizeCode } from '../register/codes.js';
import { cellFault, fault, faultsOf, isRecord, maxCount, valueAt } from './faults.js';

/** Faults listed in one answer; a body with more is told how many there are. */
const faultsListed = 250;

/** A filing that has the right shape. */
export interface Filing {
  /** The agency's code as sent, twelve digits cut to nine. */
  readonly agency: string;
  readonly year: number;
  readonly content: ReportContent;
  /** Why this revision replaces the last; null on a first filing. */
  readonly reason: string | null;
}

// Line breaks and tabs belong to text; other control characters are damage.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !controls.test(value), { error: 'control' });
const name = text(200).min(1);
const count = z.int().min(0).max(maxCount);
const share = z.number().min(0).max(1);

const group = z
  .strictObject({
    name: name.describe('类别或渠道名称 Name of the category or channel, as the report prints it'),
    count: count.nullable().describe('条数；没有确切数字时为 null Items, null when no exact number is stated'),
    share: share.nullable().optional().describe('所述占比（0 至 1） Share of the total as stated, 0 to 1'),
    note: text(500).nullable().optional().describe('原文，如“260余条” The words as printed'),
  })
  .describe('主动公开信息的一类 One category or channel of published items');

const publishedItems = z
  .strictObject({
    total: count.nullable().describe('主动公开信息总数 Published items in all, null when not stated'),
    categories: z.array(group).max(500).default([]).describe('按类别 By category'),
    channels: z.array(group).max(500).default([]).describe('按渠道 By channel'),
    complete: z
      .array(z.enum(['categories', 'channels']))
      .max(2)
      .optional()
      .describe('声明完整的清单，只有这些才核对合计 Lists said to be complete: only these must add up (P-SUM)'),
    note: text(500).nullable().optional().describe('原文 The words as printed'),
  })
  .describe('第一部分所述主动公开信息条数 Items published in the year, as section one states them');

const engagement = z
  .array(
    z.strictObject({
      name: name.describe('渠道，如市长信箱 Channel'),
      handled: count.nullable().describe('办理件数 Handled in the year'),
      replyRate: share.nullable().optional().describe('回复率（0 至 1） Share answered, 0 to 1'),
      note: text(500).nullable().optional().describe('原文 The words as printed'),
    }),
  )
  .max(200)
  .describe('信箱、热线等办理情况 Letters, calls and questions handled');

const narrative = z
  .strictObject(
    Object.fromEntries(
      sections.map((section) => [
        section.key,
        text(200_000).nullable().optional().describe(`${section.label.zh} ${section.label.en}`),
      ]),
    ) as Record<(typeof sections)[number]['key'], z.ZodOptional<z.ZodNullable<z.ZodString>>>,
  )
  .describe('六个部分的文字 The text of the six sections');

const source = z
  .strictObject({
    // Kept as it was sent: a URL as browsers take it, which may hold characters that a URI may not.
    url: text(2000)
      .regex(/^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/)
      .refine((value) => URL.canParse(value), { error: 'no URL' })
      .nullable()
      .optional()
      .describe('公布网址（不会被访问） Where it was published; never fetched'),
    publishedOn: z.iso.date().nullable().optional().describe('公布日期 Day of publication, YYYY-MM-DD'),
  })
  .describe('公布信息 Where and when the report was published');

function cellSchema(cell: Cell): z.ZodType {
  const described = `${cell.label.zh}（${cell.unit}） ${cell.label.en}`;
  if (cell.kind === 'amount') {
    return z
      .union([z.string(), z.number()])
      .refine((value) => parseAmount(String(value), cell.unit) !== undefined, { error: 'amount' })
      .nullable()
      .describe(`${described}; decimal string, null is a blank`);
  }
  return z
    .int()
    .min(cell.signed ? -maxCount : 0)
    .max(maxCount)
    .nullable()
    .describe(`${described}; null is a blank`);
}

/** The figures of a form, nested as they are printed: table, row, column; every cell must be there. */
function figuresSchema(form: Form): z.ZodType {
  const tables = form.tables.map((table) => {
    const rows = table.rows.map((row) => {
      const cells = table.columns.map((column) => {
        const cell = findCell(`${table.key}.${row.key}.${column.key}`);
        if (!cell) throw new Error(`form ${form.id} lacks ${table.key}.${row.key}.${column.key}`);
        return [column.key, cellSchema(cell)];
      });
      return [row.key, z.strictObject(Object.fromEntries(cells)).describe(`${row.label.zh} ${row.label.en}`)];
    });
    return [table.key, z.strictObject(Object.fromEntries(rows)).describe(`${table.label.zh} ${table.label.en}`)];
  });
  return z
    .strictObject(Object.fromEntries(tables))
    .meta({ id: `Figures-${form.id}`, description: `${form.name.zh} ${form.name.en}` });
}

const figuresByForm = new Map(forms.map((form) => [form.id, figuresSchema(form)]));

const reportYear = z.int().min(firstYear).describe('报告年度 Report year, 2019 to the current one');

const members = {
  form: z
    .enum(['2021', '2019', 'mixed'] satisfies FormId[])
    .optional()
    .describe('格式；省略时为该年度施行的格式 The form; left out, the one in force for the year'),
  publishedItems: publishedItems.nullable().optional(),
  engagement: engagement.nullable().optional(),
  narrative: narrative.nullable().optional(),
  source: source.nullable().optional(),
  reason: text(1000)
    .min(1)
    .optional()
    .describe('修订原因，修订时必填 Why this revision replaces the last; required on a revision'),
};

const anyFigures = z
  .union([...figuresByForm.values()])
  .describe('表格数字，依格式而定 The figures, as the form prints them; every cell is there, null is a blank');

/** The body of `POST /v1/reports`. */
export const filingBody = z
  .strictObject({ agency: agencyCode, year: reportYear, figures: anyFigures, ...members })
  .meta({ id: 'Filing', description: '报送 A report to be filed', examples: [exampleFiling()] });

/** The body of `PUT /v1/reports/{agency}/{year}`: the path says whose it is; if the body does too, it must agree. */
export const filingBodyAt = z
  .strictObject({ agency: agencyCode.optional(), year: reportYear.optional(), figures: anyFigures, ...members })
  .meta({ id: 'FilingAt', description: '报送或修订 A report to be filed or revised' });

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

const envelope = z.strictObject({ agency: agencyCode, year: reportYear, figures: z.unknown(), ...members });

/**
 * Reads a filing's body. `at`, from the path, stands for agency and year; `today` (YYYY-MM-DD) bounds the years.
 * Throws `invalid-report` with every fault: its pointer, the cell's label, a sentence in both languages.
 */
export function parseFiling(
  body: unknown,
  today: string,
  at?: { readonly agency: string; readonly year: number },
): Filing {
  const faults: Fault[] = [];
  const whole = at && isRecord(body) ? { agency: at.agency, year: at.year, ...body } : body;
  const shape = envelope.safeParse(whole);
  if (!shape.success) faults.push(...faultsOf(shape.error, whole, []));
  if (at && isRecord(whole)) faults.push(...disagreements(whole, at));
  const form = isRecord(whole) ? formFor(whole) : undefined;
  const raw = isRecord(whole) ? whole.figures : undefined;
  const figures = form && raw !== undefined ? readFigures(form, raw, faults) : undefined;
  if (shape.success) faults.push(...dateFaults(shape.data, today));
  if (faults.length > 0 || !shape.success || !form || !figures) throw invalidReport(faults);
  const { agency, year, reason = null } = shape.data;
  return {
    agency: normalizeCode(agency),
    year,
    content: contentOf(form, figures, shape.data),
    reason,
  };
}

/** The figures of a filing; undefined, and their faults added to `faults`, when they have any. */
function readFigures(form: Form, raw: unknown, faults: Fault[]): Figures | undefined {
  const sound = flattenFigures(form, raw);
  if (sound) return sound;
  // Something is wrong: the schema finds every fault, which takes it five times as long as reading what is right.
  const parsed = schemaOf(form).safeParse(raw);
  if (parsed.success) faults.push(...negativeZeros(form, raw));
  else faults.push(...otherForm(form, raw), ...faultsOf(parsed.error, raw, ['figures'], form));
  return undefined;
}

/** The refusal that lists what is wrong with a filing's shape. */
export function invalidReport(found: readonly Fault[]): Problem {
  // A number can break two bounds of its schema at once; it is one fault.
  const faults = [...new Map(found.map((one) => [`${one.pointer} ${one.code}`, one])).values()];
  const listed = faults.slice(0, faultsListed);
  return new Problem(
    'invalid-report',
    {
      zh: `报送内容有 ${faults.length} 处问题，未保存。`,
      en: `${faults.length} fault(s) in the filing; nothing was stored.`,
    },
    { errors: listed, ...(faults.length > listed.length ? { faults: faults.length } : {}) },
  );
}

/**
 * Figures nested as a filing prints them -> a list of figures; undefined unless every cell of the form is there, nothing else is, and every figure is within its range.
 */
export function flattenFigures(form: Form, nested: unknown): Figures | undefined {
  const figures = makeBlankFigures();
  if (!hasOnly(nested, form.tables.length)) return undefined;
  let next = 0;
  for (const table of form.tables) {
    const rows = nested[table.key];
    if (!hasOnly(rows, table.rows.length)) return undefined;
    for (const row of table.rows) {
      const boxes = rows[row.key];
      if (!hasOnly(boxes, table.columns.length)) return undefined;
      // The cells of a form stand in the order of its tables, rows and columns.
      for (const end = next + table.columns.length; next < end; next++) {
        const cell = form.cells[next] as Cell;
        const value = boxes[cell.column];
        const figure = value === null ? null : figureOf(cell, value);
        if (figure === undefined) return undefined;
        figures[cell.at] = figure;
      }
    }
  }
  return figures;
}

function hasOnly(value: unknown, members: number): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && Object.keys(value).length === members;
}

function figureOf(cell: Cell, value: unknown): number | undefined {
  if (cell.kind === 'amount') {
    const plain = typeof value === 'string' || (typeof value === 'number' && !Object.is(value, -0));
    return plain ? parseAmount(String(value), cell.unit) : undefined;
  }
  if (!Number.isInteger(value) || Object.is(value, -0)) return undefined;
  const number = Number(value);
  return number <= maxCount && number >= (cell.signed ? -maxCount : 0) ? number : undefined;
}

function schemaOf(form: Form): z.ZodType {
  const schema = figuresByForm.get(form.id);
  if (!schema) throw new Error(`no schema for form ${form.id}`);
  return schema;
}

function contentOf(form: Form, checked: Figures, data: z.infer<typeof envelope>): ReportContent {
  return {
    form: form.id,
    figures: checked,
    publishedItems: (data.publishedItems as ReportContent['publishedItems'] | undefined) ?? null,
    engagement: (data.engagement as ReportContent['engagement'] | undefined) ?? null,
    narrative: (data.narrative as ReportContent['narrative'] | undefined) ?? null,
    source: (data.source as ReportContent['source'] | undefined) ?? null,
  };
}

function formFor(body: Readonly<Record<string, unknown>>): Form | undefined {
  if (typeof body.form === 'string') return findForm(body.form);
  const { year } = body;
  const known = typeof year === 'number' && Number.isInteger(year) && year >= firstYear;
  return body.form === undefined && known ? formInForce(year) : undefined;
}

function disagreements(
  body: Readonly<Record<string, unknown>>,
  at: { readonly agency: string; readonly year: number },
): Fault[] {
  const faults: Fault[] = [];
  if (typeof body.agency === 'string' && normalizeCode(body.agency) !== normalizeCode(at.agency)) {
    faults.push(
      fault('MISMATCH', '/agency', {
        zh: `正文的机关 ${body.agency} 与路径的 ${at.agency} 不一致。`,
        en: `agency ${body.agency} in the body is not ${at.agency} of the path.`,
      }),
    );
  }
  if (typeof body.year === 'number' && body.year !== at.year) {
    faults.push(
      fault('MISMATCH', '/year', {
        zh: `正文的年度 ${body.year} 与路径的 ${at.year} 不一致。`,
        en: `year ${body.year} in the body is not ${at.year} of the path.`,
      }),
    );
  }
  return faults;
}

function dateFaults(data: z.infer<typeof envelope>, today: string): Fault[] {
  const faults: Fault[] = [];
  if (data.year > yearOf(today)) {
    faults.push(
      fault('RANGE', '/year', {
        zh: `报告年度 ${data.year} 尚未到来。`,
        en: `Report year ${data.year} is in the future.`,
      }),
    );
  }
  const published = data.source?.publishedOn;
  if (published && published > today) {
    faults.push(
      fault('RANGE', '/source/publishedOn', {
        zh: `公布日期 ${published} 晚于今天。`,
        en: `The day of publication ${published} is in the future.`,
      }),
    );
  }
  return faults;
}

/** Figures that are whole, but on another form than the filing says: the likeliest mistake, said first. */
function otherForm(form: Form, raw: unknown): Fault[] {
  const fitting = forms.find((other) => other.id !== form.id && schemaOf(other).safeParse(raw).success);
  if (!fitting) return [];
  return [
    fault('FORM', '/form', {
      zh: `这些数字符合${fitting.name.zh}，但按${form.name.zh}核对；请将 form 写为 "${fitting.id}"。`,
      en: `These figures fit the ${fitting.name.en}, not the ${form.name.en} they were read as; say "form": "${fitting.id}".`,
    }),
  ];
}

function negativeZeros(form: Form, raw: unknown): Fault[] {
  return form.cells
    .filter((cell) => Object.is(valueAt(raw, [cell.table, cell.row, cell.column]), -0))
    .map((cell) => cellFault('RANGE', cell, { zh: '不能为 -0', en: 'must not be -0' }));
}
