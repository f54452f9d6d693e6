/** What REST responses: domain types as the bodies a client reads, with the schemas that document them. */

import { hash } from 'node:crypto';
import { z } from 'zod';
import { printFigure } from '../../form/check.js';
import { rateCells, rateOf, subtotalCells, sumCells } from '../../form/derived.js';
import { nest, printFigures, writeFigures } from '../../form/figures.js';
import { allCells, type Cell, type Form, findCell, formOf, forms, type Term } from '../../form/forms.js';
import { organizationSubtotal, rates, sections, subtotals } from '../../form/lines.js';
import { rules } from '../../form/rules.js';
import { problems } from '../../problem.js';
import type { Filed } from '../../report/file.js';
import { filingBody } from '../../report/filing.js';
import type { ReadReport } from '../../report/report-view.js';
import type { Change, RevisionWithChanges } from '../../report/revisions.js';
import { coverageRate } from '../../rollup/coverage.js';
import type { RollupView } from '../../rollup/rollup.js';
import { inclusions, reportStates } from '../../words.js';

const label = z.object({ zh: z.string(), en: z.string() }).describe('中英文标签 Label in both languages');
const code = z.string();
const instant = z.iso.datetime().describe('UTC');

/** One fault inside a request. */
export const faultSchema = z
  .object({
    code: z.string().describe('规则或错误代码 Code of the rule or fault'),
    severity: z.enum(['error', 'warning', 'info']),
    pointer: z.string().describe('RFC 6901 JSON pointer into the body'),
    line: z.int().optional().describe('行号，仅在 CSV 中 Line, only of a CSV'),
    cells: z.array(z.string()).optional().describe('涉及的单元格 Every cell that takes part'),
    left: z.number().nullable().optional(),
    right: z.number().nullable().optional(),
    difference: z.number().nullable().optional(),
    outcome: z.enum(['broken', 'undecided']).optional().describe('仅在核对结果中 Only of an equation'),
    label: label.optional(),
    message: label,
  })
  .meta({ id: 'Fault', description: '一处问题 One fault, with its pointer, cells, both sides and a sentence' });

/** A failure, RFC 9457. */
export const problemSchema = z
  .looseObject({
    type: z.enum(problems.map(({ name }) => `/problems/${name}`)),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(faultSchema).optional(),
  })
  .meta({ id: 'Problem', description: '失败 A failure as RFC 9457 problem details' });

/**
 * The responses of a route for its `schema.response`: those named, and a problem for each failing status of its own; those
 * that any call can come to are added where the document is made. They document what is sent; the tests hold every
 * answer to them.
 */
export function responses(succeeding: Record<number, z.ZodType>, ...failing: number[]): Record<number, z.ZodType> {
  return { ...succeeding, ...Object.fromEntries(failing.map((status) => [status, problemSchema])) };
}

const findingSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    outcome: z.enum(['broken', 'undecided']).describe('undecided：有空白，无法判定 A blank takes part'),
    pointer: z.string(),
    cells: z.array(z.string()),
    left: z.number().nullable(),
    right: z.number().nullable(),
    difference: z.number().nullable(),
    label,
    message: label,
    note: z
      .object({
        standing: z.enum(['CONFIRMED', 'EXPLAINED']),
        text: z.string(),
        actor: z.string().nullable().describe('无令牌者不可见 Null for readers without a token for the report'),
        at: instant,
        outdated: z.boolean().describe('其后数字有变 The figures have changed since'),
      })
      .optional()
      .describe('对该结果的说明 What was said of it'),
  })
  .meta({ id: 'Finding', description: '核对结果 What a check found; the figures stay as filed' });

const nested = z
  .record(z.string(), z.record(z.string(), z.record(z.string(), z.union([z.number(), z.string(), z.null()]))))
  .describe('按表、行、列嵌套的数字，空白为 null Figures by table, row, column; a blank is null');

const placed = z.object({ code, name: z.string() });

const filedParts = filingBody.shape;

const reviewSchema = z
  .object({
    decision: z.enum(['ACCEPTED', 'RETURNED']),
    reason: z.string().nullable(),
    actor: z.string().nullable().describe('无令牌者不可见 Null for readers without a token for the report'),
    at: instant,
  })
  .describe('审核意见 A decision');

/** A report as it is read, and as a filing responses. */
export const reportSchema = z
  .object({
    agency: code.describe('机关代码（该年度） Code of the agency as of the report year'),
    agencyName: z.string(),
    kind: z.string(),
    year: z.int(),
    form: z.enum(['2021', '2019', 'mixed']),
    revision: z.int().describe('版本号，从 1 起 Number of the revision, from 1'),
    outcome: z
      .enum(['created', 'revised', 'unchanged'])
      .optional()
      .describe('仅在报送的回答中 Only in answer to a filing'),
    state: z
      .enum(reportStates)
      .describe('状态：已报送、已审核通过、已退回 Submitted; accepted by a reviewer; returned with a reason'),
    acceptedRevision: z
      .int()
      .nullable()
      .describe('最近审核通过的版本 The revision accepted last; it stays readable while a correction is looked at'),
    review: reviewSchema
      .nullable()
      .optional()
      .describe('最近的审核意见；报送的回答中没有 The last decision about it; not in answer to a filing'),
    figures: nested,
    publishedItems: filedParts.publishedItems,
    engagement: filedParts.engagement,
    narrative: filedParts.narrative,
    source: filedParts.source,
    findings: z.array(findingSchema),
    sample: z.boolean().describe('示例数据 Made up for a demonstration'),
    onTime: z.boolean(),
    submittedOn: z.string(),
    filedAt: instant,
    updatedAt: instant,
    actor: z
      .string()
      .nullable()
      .describe('报送者；无令牌者不可见 Who filed this revision; null without a token for it'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Report', description: '年度报告 A report as it stands, with its findings' });

/** A report as a body. */
export function reportBody(report: ReadReport | Filed) {
  const { content } = report;
  return { ...headBody(report), figures: printFigures(formOf(content.form).cells, content.figures) };
}

/** The same without the figures. */
function headBody(report: ReadReport | Filed) {
  const { agency, row, content, findings } = report;
  return {
    agency: agency.code,
    agencyName: agency.name,
    kind: agency.kind,
    year: row.year,
    form: content.form,
    revision: row.revision,
    state: row.state,
    acceptedRevision: row.acceptedRevision,
    ...('review' in report && { review: report.review }),
    publishedItems: content.publishedItems,
    engagement: content.engagement,
    narrative: content.narrative,
    source: content.source,
    findings,
    sample: row.sample === 1,
    onTime: row.onTime === 1,
    submittedOn: row.submittedOn,
    filedAt: row.filedAt,
    updatedAt: row.updatedAt,
    actor: report.actor,
    reason: report.reason,
  };
}

/** A report as it is sent: the text of its body and its entity tag. */
export interface ReportAnswer {
  readonly payload: string;
  readonly etag: string;
}

/**
 * Writes a report once, as body and tag. The tag is the revision, which is what a condition on a write is about,
 * and a digest of the report, since its findings change with the neighbouring years while the revision stands.
 */
export function reportAnswer(report: ReadReport | Filed): ReportAnswer {
  const { content } = report;
  const payload = `${JSON.stringify(headBody(report)).slice(0, -1)},"figures":${writeFigures(formOf(content.form), content.figures)}}`;
  const digest = hash('sha256', payload, 'base64url').slice(0, 16);
  const etag = `"${report.row.revision}-${digest}"`;
  if (!('outcome' in report)) return { payload, etag };
  return { payload: `{"outcome":"${report.outcome}",${payload.slice(1)}`, etag };
}

const changeSchema = z.object({
  pointer: z.string(),
  cell: z.string().nullable(),
  label: label.nullable(),
  from: z.unknown(),
  to: z.unknown(),
});

/** One revision. */
export const revisionSchema = z
  .object({
    number: z.int(),
    action: z.enum(['filed', 'revised', 'withdrawn']),
    actor: z.string().nullable(),
    at: instant,
    reason: z.string().nullable(),
    review: reviewSchema.nullable(),
    changes: z.array(changeSchema).describe('变动的单元格 The cells that changed, from and to'),
    report: z.unknown().optional().describe('该版内容 What it said; only when one revision is asked for'),
  })
  .meta({ id: 'Revision', description: '一个版本 One immutable revision' });

/** A revision as a body; with its content when it is asked for alone. */
export function revisionBody(revision: RevisionWithChanges, whole: 'whole' | 'brief') {
  const { number, action, actor, at, reason, review, content } = revision;
  const brief = { number, action, actor, at, reason, review, changes: revision.changes.map(changeBody) };
  if (whole === 'brief') return brief;
  if (!content) return { ...brief, report: null };
  return {
    ...brief,
    report: { ...content, figures: printFigures(formOf(content.form).cells, content.figures) },
  };
}

function changeBody(change: Change) {
  const cell = change.cell === null ? undefined : findCell(change.cell);
  if (!cell) return { ...change, label: null };
  const print = (value: unknown) => (typeof value === 'number' ? printFigure(cell, value) : null);
  return { ...change, label: cell.label, from: print(change.from), to: print(change.to) };
}

const rate = z.number().nullable().describe('0 至 1，无收件时为 null Null, never 1, when nothing was received');

/** A rollup: the shape of a report, with coverage. */
export const rollupSchema = z
  .object({
    division: z.object({ code, name: z.string(), level: z.string() }),
    year: z.int(),
    kinds: z.array(z.string()).describe('包含的机关类别 The kinds of agency in the sum'),
    includes: z.enum(inclusions).describe('已报送的全部，或仅审核通过的 All that was filed, or only what was accepted'),
    figures: nested,
    derived: z
      .record(z.string(), z.unknown())
      .describe('派生小计与比率（不在报表上） Derived subtotals and rates, printed nowhere'),
    publishedItems: z.object({
      total: z.int().nullable(),
      stated: z.int().describe('说明了总数的报告数 How many reports state a total'),
      categories: z.array(z.object({ name: z.string(), count: z.int(), reports: z.int() })),
      channels: z.array(z.object({ name: z.string(), count: z.int(), reports: z.int() })),
    }),
    findings: z.array(findingSchema),
    coverage: z.object({
      reports: z.int().describe('合计中的报告数 Reports in the sum'),
      expected: z.int().describe('应报送机关数 Agencies expected to file'),
      reported: z.int().describe('应报送且已报送 Of those expected, how many did'),
      accepted: z.int().describe('其中已审核通过 Of those reported, how many were accepted'),
      onTime: z.int(),
      late: z.int(),
      rate,
      samples: z.int().describe('示例报告数 Reports that are made-up samples'),
      forms: z.record(z.string(), z.int()).describe('各格式的报告数 Reports by form'),
      missingCount: z.int(),
      missing: z.array(placed).describe('未报送机关，至多 500 个 Who is missing, at most 500'),
      cells: z
        .record(
          z.string(),
          z.record(z.string(), z.record(z.string(), z.object({ reported: z.int(), blank: z.int(), absent: z.int() }))),
        )
        .describe(
          '每格：已填、空白、格式无此格的报告数 By cell: how many reported, left blank, have a form without it',
        ),
    }),
    published: z
      .object({
        agency: code,
        agencyName: z.string(),
        revision: z.int(),
        form: z.string(),
        figures: nested,
        differences: z.array(
          z.object({
            cell: z.string(),
            label,
            rollup: z.union([z.number(), z.string(), z.null()]),
            published: z.union([z.number(), z.string(), z.null()]),
            difference: z.union([z.number(), z.string(), z.null()]),
          }),
        ),
      })
      .nullable()
      .describe("该县自行公布的报告及差异，从不计入合计 The county's own published report; compared, never added"),
  })
  .meta({ id: 'Rollup', description: '汇总 The sums of a division for a year, with coverage' });

/** A rollup as a body. */
export function rollupBody(rollup: RollupView) {
  const { division, year, kinds, inclusion, statistics, cells, missing, missingCount, published } = rollup;
  const { figures, reported, blank, reports, coverage } = statistics;
  const counts = (cell: Cell) => ({
    reported: reported[cell.at] ?? 0,
    blank: blank[cell.at] ?? 0,
    absent: reports - (reported[cell.at] ?? 0) - (blank[cell.at] ?? 0),
  });
  return {
    division: { code: division.code, name: division.name, level: division.level },
    year,
    kinds,
    includes: inclusion,
    figures: printFigures(cells, figures),
    derived: derivedBody(figures),
    publishedItems: {
      total: statistics.publishedTotal,
      stated: statistics.publishedStated,
      categories: rollup.categories,
      channels: rollup.channels,
    },
    findings: rollup.findings,
    coverage: {
      reports,
      expected: coverage.expected,
      reported: coverage.reported,
      accepted: coverage.accepted,
      onTime: coverage.onTime,
      late: coverage.reported - coverage.onTime,
      rate: coverageRate(coverage),
      samples: statistics.samples,
      forms: Object.fromEntries(statistics.forms),
      missingCount,
      missing: missing.map((agency) => ({ code: agency.code, name: agency.name })),
      cells: nest(cells, counts),
    },
    published: published ? publishedBody(published) : null,
  };
}

function derivedBody(figures: RollupView['statistics']['figures']) {
  const columns = [...new Set(allCells.filter((cell) => cell.table === 'applications').map((cell) => cell.column))];
  const sums = subtotals.map(({ key }) => [
    key,
    Object.fromEntries(columns.map((column) => [column, sumCells(figures, subtotalCells(key, column))])),
  ]);
  return Object.fromEntries([...sums, ...rates.map(({ key }) => [key, rateOf(figures, rateCells(key))])]);
}

function publishedBody(published: NonNullable<RollupView['published']>) {
  const { agency, row, content } = published.report;
  return {
    agency: agency.code,
    agencyName: agency.name,
    revision: row.revision,
    form: content.form,
    figures: printFigures(formOf(content.form).cells, content.figures),
    differences: published.differences.map((found) => ({
      cell: found.cell.key,
      label: found.cell.label,
      rollup: printFigure(found.cell, found.rollup),
      published: printFigure(found.cell, found.published),
      difference: printFigure(found.cell, found.difference),
    })),
  };
}

/** A form as data: its tables, cells and equations. */
export const formSchema = z
  .looseObject({ id: z.string(), name: label, notice: label.nullable(), cellCount: z.int() })
  .meta({ id: 'Form', description: '格式 A printed form as data: tables, rows, columns, cells, equations' });

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
    over: z.string().describe('核对范围 What is compared'),
    label,
    description: label,
    forms: z.array(z.string()).describe('以勾稽关系印在哪些格式上 The forms on which it is an equation'),
  })
  .meta({ id: 'Rule', description: '核对规则 A check' });
