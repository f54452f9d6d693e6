/** The shape of a filing, derived from the forms: what a client sends, and what is wrong with it, cell by cell. */
import { z } from 'zod';
import { parseAmount } from '../form/amount.js';
import {
  type Cell,
  type Figures,
  type Form,
  type FormId,
  findCell,
  findForm,
  formInForce,
  forms,
} from '../form/forms.js';
import { sections } from '../form/lines.js';
import type { ReportContent } from '../form/report.js';
import type { Label } from '../form/vocabulary.js';
import { type Fault, Problem } from '../problem.js';

/** The first report year with a comparable form. */
export const firstYear = 2019;

/** The largest count one cell may state; the sums of a nation stay exact far above it. */
export const largestCount = 999_999_999;

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
const count = z.int().min(0).max(largestCount);
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
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
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
    .min(cell.signed ? -largestCount : 0)
    .max(largestCount)
    .nullable()
    .describe(`${described}; null is a blank`);
}

/** The figures of a form, nested as they are printed: table, row, column; every cell must be there. */
export function figuresSchema(form: Form): z.ZodType {
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
  return z.strictObject(Object.fromEntries(tables)).describe(`${form.name.zh} ${form.name.en}`);
}

const figuresByForm = new Map(forms.map((form) => [form.id, figuresSchema(form)]));

/** A code of the register: a township's nine (or twelve) digits, a county's six, or 2 to 32 letters, digits, hyphens. */
export const agencyCode = z
  .string()
  .regex(/^[A-Za-z0-9-]{2,32}$/)
  .describe('机关代码 Code in the register: nine or twelve digits of a township, six of a county, or another code');

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

const figures = z
  .union([...figuresByForm.values()])
  .describe('表格数字，依格式而定 The figures, as the form prints them; every cell is there, null is a blank');

/** The body of `POST /v1/reports`. */
export const filingBody = z
  .strictObject({ agency: agencyCode, year: reportYear, figures, ...members })
  .describe('报送 A report to be filed');

/** The body of `PUT /v1/reports/{agency}/{year}`: the path says whose it is; if the body does too, it must agree. */
export const filingBodyAt = z
  .strictObject({ agency: agencyCode.optional(), year: reportYear.optional(), figures, ...members })
  .describe('报送或修订 A report to be filed or revised');

const envelope = z.strictObject({ agency: agencyCode, year: reportYear, figures: z.unknown(), ...members });

/** Twelve digits of statistics mean the same as the nine of a township. */
export function normalizeCode(code: string): string {
  return /^\d{9}000$/.test(code) ? code.slice(0, 9) : code;
}

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
  if (form && raw !== undefined) {
    const parsed = schemaOf(form).safeParse(raw);
    if (!parsed.success) faults.push(...faultsOf(parsed.error, raw, ['figures'], form));
    else faults.push(...negativeZeros(form, raw));
  } else if (raw === undefined && isRecord(whole)) {
    faults.push(fault('MISSING', '/figures', { zh: '缺少表格数字 figures。', en: 'figures is missing.' }));
  }
  if (shape.success) faults.push(...dateFaults(shape.data, today));
  if (faults.length > 0 || !shape.success || !form) throw invalidReport(faults);
  const { agency, year, reason = null } = shape.data;
  return {
    agency: normalizeCode(agency),
    year,
    content: contentOf(form, flattenFigures(form, raw), shape.data),
    reason,
  };
}

/** The refusal that lists what is wrong with a filing's shape. */
export function invalidReport(faults: readonly Fault[]): Problem {
  const listed = faults.slice(0, faultsListed);
  return new Problem(
    'invalid-report',
    `${faults.length} fault(s) in the filing; nothing was stored. 报送内容有 ${faults.length} 处问题，未保存。`,
    { errors: listed, ...(faults.length > listed.length ? { faults: faults.length } : {}) },
  );
}

/** Figures nested as a filing prints them -> figures by cell address. The shape must have been checked. */
export function flattenFigures(form: Form, nested: unknown): Figures {
  return Object.fromEntries(
    form.cells.map((cell) => {
      const value = valueAt(nested, [cell.table, cell.row, cell.column]);
      if (value === null) return [cell.key, null];
      const number = cell.kind === 'amount' ? parseAmount(String(value), cell.unit) : Number(value);
      if (number === undefined) throw new Error(`${cell.key} was not checked`);
      return [cell.key, number];
    }),
  );
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
  if (data.year > Number(today.slice(0, 4))) {
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

function negativeZeros(form: Form, raw: unknown): Fault[] {
  return form.cells
    .filter((cell) => Object.is(valueAt(raw, [cell.table, cell.row, cell.column]), -0))
    .map((cell) => cellFault('RANGE', cell, { zh: '不能为 -0', en: 'must not be -0' }));
}

function faultsOf(error: z.ZodError, root: unknown, prefix: readonly string[], form?: Form): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((unknown) => unknownKey([...path, unknown], form));
    const value = valueAt(root, issue.path.map(String));
    const cell = prefix.length > 0 && issue.path.length === 3 ? findCell(issue.path.join('.')) : undefined;
    const [code, said] = explain(issue, value, cell);
    if (cell) return [cellFault(code, cell, said)];
    if (value === undefined && form && issue.path.length < 3) return missingCells(form, issue.path.map(String));
    return [
      fault(code, pointerOf(path), { zh: `${pointerOf(path)}：${said.zh}。`, en: `${pointerOf(path)} ${said.en}.` }),
    ];
  });
}

/** A whole table or row that is missing is missing cell by cell. */
function missingCells(form: Form, path: readonly string[]): Fault[] {
  return form.cells
    .filter((cell) => path.every((part, depth) => cell.key.split('.')[depth] === part))
    .map((cell) => cellFault('MISSING', cell, { zh: '缺少（空白请填 null）', en: 'is missing (a blank is null)' }));
}

function unknownKey(path: readonly string[], form?: Form): Fault {
  const pointer = pointerOf(path);
  const cell = path.length === 4 ? findCell(path.slice(1).join('.')) : undefined;
  const elsewhere = cell && form ? forms.filter((other) => other.has(cell.key)).map((other) => other.id) : [];
  return fault('UNKNOWN', pointer, {
    zh: `未知的键 ${pointer}${elsewhere.length > 0 ? `（属于 ${elsewhere.join('、')} 版格式，本次为 ${form?.id}）` : ''}。`,
    en: `Unknown key ${pointer}${elsewhere.length > 0 ? ` (it is on form ${elsewhere.join(', ')}, this is ${form?.id})` : ''}.`,
  });
}

type Said = Label;

function explain(issue: z.core.$ZodIssue, value: unknown, cell: Cell | undefined): [string, Said] {
  if (value === undefined) {
    return cell
      ? ['MISSING', { zh: '缺少（空白请填 null）', en: 'is missing (a blank is null)' }]
      : ['MISSING', { zh: '缺少', en: 'is missing' }];
  }
  if (cell?.kind === 'amount') {
    const places = cell.unit === '万元' ? 6 : 2;
    return [
      'RANGE',
      {
        zh: `应为不小于 0 的十进制金额（${cell.unit}，至多 ${places} 位小数，不超过一千亿元）或 null`,
        en: `must be a decimal amount of at least 0 in ${cell.unit}, with at most ${places} decimals and 100 billion yuan, or null`,
      },
    ];
  }
  if (typeof value === 'number' && (cell || issue.code === 'too_small' || issue.code === 'too_big')) {
    return [
      'RANGE',
      cell?.signed
        ? {
            zh: `应为整数（±${largestCount}）或 null，收到 ${value}`,
            en: `must be a whole number or null, not ${value}`,
          }
        : {
            zh: `超出范围或不是整数，收到 ${value}`,
            en: `must be a whole number within its range (counts: 0 to ${largestCount}), not ${value}`,
          },
    ];
  }
  if (cell)
    return [
      'TYPE',
      {
        zh: `应为整数或 null，收到 ${kindOf(value).zh}`,
        en: `must be a whole number or null, not ${kindOf(value).en}`,
      },
    ];
  return explainText(issue, value);
}

function explainText(issue: z.core.$ZodIssue, value: unknown): [string, Said] {
  if (issue.code === 'custom' && issue.message === 'control') {
    return ['TEXT', { zh: '含有控制字符', en: 'contains control characters' }];
  }
  if (issue.code === 'invalid_type') {
    return [
      'TYPE',
      {
        zh: `类型应为 ${issue.expected}，收到 ${kindOf(value).zh}`,
        en: `must be of type ${issue.expected}, not ${kindOf(value).en}`,
      },
    ];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String).join(', ');
    return ['VALUE', { zh: `应为 ${allowed} 之一`, en: `must be one of ${allowed}` }];
  }
  if (issue.code === 'too_small') return ['LENGTH', { zh: '不能为空', en: 'must not be empty' }];
  if (issue.code === 'too_big')
    return ['LENGTH', { zh: `过长（上限 ${issue.maximum}）`, en: `is too long (at most ${issue.maximum})` }];
  return ['FORMAT', { zh: '格式不正确', en: 'does not have the right format' }];
}

function kindOf(value: unknown): Label {
  if (value === null) return { zh: '空值 null', en: 'null' };
  if (Array.isArray(value)) return { zh: '数组', en: 'an array' };
  const kinds: Readonly<Record<string, Label>> = {
    string: { zh: '文本', en: 'text' },
    number: { zh: '数字', en: 'a number' },
    boolean: { zh: '布尔值', en: 'a boolean' },
    object: { zh: '对象', en: 'an object' },
  };
  return kinds[typeof value] ?? { zh: '其他类型', en: 'something else' };
}

function cellFault(code: string, cell: Cell, said: Said): Fault {
  return {
    ...fault(code, cell.pointer, { zh: `${cell.label.zh}：${said.zh}。`, en: `${cell.label.en}: ${said.en}.` }),
    cells: [cell.key],
    label: cell.label,
  };
}

/** One fault of shape, always an error. */
export function fault(code: string, pointer: string, message: Label): Fault {
  return { code, severity: 'error', pointer, message };
}

function pointerOf(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (isContainer(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    root,
  );
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}
