/** Reports as they are read and answered. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { writeFigures } from '../../../form/figures.js';
import { formOf } from '../../../form/forms.js';
import { severities } from '../../../form/rules.js';
import type { Filed } from '../../../report/file.js';
import { filingBody } from '../../../report/filing-body.js';
import type { ReadReport, ReportHead } from '../../../report/report-view.js';
import { reportStates } from '../../../words.js';
import { instant, integer, labelSchema, nestedFigures } from './body-parts.js';

const noteSchema = z
  .object({
    standing: z.enum(['CONFIRMED', 'EXPLAINED']),
    text: z.string(),
    actor: z
      .string()
      .nullable()
      .meta({ label: { zh: '无令牌者不可见', en: 'Null for readers without a token for the report' } }),
    at: instant,
    outdated: z.boolean().meta({ label: { zh: '其后数字有变', en: 'The figures have changed since' } }),
  })
  .meta({ id: 'FindingNote', label: { zh: '对该结果的说明', en: 'What was said of it' } });

/** What a check found. */
export const findingSchema = z
  .object({
    code: z.string(),
    severity: z.enum(severities),
    outcome: z
      .enum(['broken', 'undecided'])
      .meta({ label: { zh: 'undecided：有空白，无法判定', en: 'A blank takes part' } }),
    pointer: z.string(),
    cells: z.array(z.string()),
    left: z.number().nullable(),
    right: z.number().nullable(),
    difference: z.number().nullable(),
    label: labelSchema,
    message: labelSchema,
    note: noteSchema.optional(),
  })
  .meta({ id: 'Finding', label: { zh: '核对结果', en: 'What a check found; the figures stay as filed' } });

const filedParts = filingBody.shape;

/** A decision about a revision. */
export const reviewSchema = z
  .object({
    decision: z.enum(['ACCEPTED', 'RETURNED']),
    reason: z.string().nullable(),
    actor: z
      .string()
      .nullable()
      .meta({ label: { zh: '无令牌者不可见', en: 'Null for readers without a token for the report' } }),
    at: instant,
  })
  .meta({ id: 'Review', label: { zh: '审核意见', en: 'A decision' } });

/** A report as it is read, and as a filing responses. */
export const reportSchema = z
  .object({
    agency: z.string().meta({ label: { zh: '机关代码（该年度）', en: 'Code of the agency as of the report year' } }),
    agencyName: z.string(),
    kind: z.string(),
    year: integer,
    form: z.enum(['2021', '2019', 'mixed']),
    revision: integer.meta({ label: { zh: '版本号，从 1 起', en: 'Number of the revision, from 1' } }),
    outcome: z
      .enum(['created', 'revised', 'unchanged'])
      .optional()
      .meta({ label: { zh: '仅在报送的回答中', en: 'Only in answer to a filing' } }),
    state: z.enum(reportStates).meta({
      label: {
        zh: '状态：已报送、已审核通过、已退回',
        en: 'Submitted; accepted by a reviewer; returned with a reason',
      },
    }),
    acceptedRevision: z
      .int()
      .nullable()
      .meta({
        label: {
          zh: '最近审核通过的版本',
          en: 'The revision accepted last; it stays readable while a correction is looked at',
        },
      }),
    review: reviewSchema
      .nullable()
      .optional()
      .meta({
        label: { zh: '对所示版本的最近审核意见', en: 'The last decision about what is shown' },
      }),
    figures: nestedFigures,
    publishedItems: filedParts.publishedItems,
    engagement: filedParts.engagement,
    narrative: filedParts.narrative,
    source: filedParts.source,
    findings: z.array(findingSchema),
    sample: z.boolean().meta({ label: { zh: '示例数据', en: 'Made up for a demonstration' } }),
    onTime: z.boolean(),
    submittedOn: z.string(),
    filedAt: instant.meta({ label: { zh: '该年度首次报送的时间', en: 'When the agency first filed for the year' } }),
    updatedAt: instant.meta({
      label: {
        zh: '所示内容最后报送、修订或审核的时间',
        en: 'When what is shown was filed, revised or decided about last',
      },
    }),
    actor: z
      .string()
      .nullable()
      .meta({ label: { zh: '报送者；无令牌者不可见', en: 'Who filed this revision; null without a token for it' } }),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Report', label: { zh: '年度报告', en: 'A report as it stands, with its findings' } });

/** A report as the JSON text of a body: its figures are written without making an object of them. */
export function writeReport(report: ReadReport | Filed): string {
  const { content } = report;
  return `${JSON.stringify(headBody(report)).slice(0, -1)},"figures":${writeFigures(formOf(content.form), content.figures)}}`;
}

/** What the body has without the figures. */
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
    review: report.review,
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

/** Another one whenever the body of the same report becomes another: who has the former one is to read it again. */
const bodyEdition = 1;

/**
 * The entity tag of a report: the revision, which is what a condition on a write is about, and a digest of all that its body
 * is made of, since its findings change with the neighbouring years while the revision stands. What it says is in the digest
 * by its hash, so that a tag takes no look at it.
 */
export function reportTag({ agency, row, hash: content, findings, actor, reason, review }: ReportHead): string {
  const { year, revision, state, acceptedRevision, sample, onTime, submittedOn, filedAt, updatedAt } = row;
  const told = [
    ...[bodyEdition, content, agency.code, agency.name, agency.kind, year, state, acceptedRevision, sample, onTime],
    ...[submittedOn, filedAt, updatedAt, actor, reason, review, findings],
  ];
  return `"${revision}-${hash('sha256', JSON.stringify(told), 'base64url').slice(0, 16)}"`;
}

/** Writes a report as body and tag. */
export function reportAnswer(report: ReadReport | Filed): ReportAnswer {
  const payload = writeReport(report);
  const etag = reportTag(report);
  if (!('outcome' in report)) return { payload, etag };
  return { payload: `{"outcome":"${report.outcome}",${payload.slice(1)}`, etag };
}
