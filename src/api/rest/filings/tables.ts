/** The columns of a division's filings and findings, with what is printed over them. */
import { type Column, count, number, required, text, whole } from '../../../bulk/export/columns.js';
import { reportHeadings } from '../../../bulk/headings.js';
import type { Finding } from '../../../form/check.js';
import type { Severity } from '../../../form/rules.js';
import type { NamedCode } from '../../../register/codes.js';
import type { FindingCounts, ListedFiling } from '../../../report/filings/filings.js';
import type { FindingOfReport } from '../../../report/filings/findings.js';
import type { Outlier } from '../../../report/outlier/outliers.js';
import type { AgencyKind, Label } from '../../../words.js';
import { stateLabels } from '../print/sheet.js';

/** A filing with the county that its agency lay in. */
export interface PlacedFiling {
  readonly filing: ListedFiling;
  readonly county: NamedCode;
}

/** A finding with the county that the agency lay in. */
export interface PlacedFinding {
  readonly found: FindingOfReport;
  readonly county: NamedCode;
}

const kindWords: Readonly<Record<AgencyKind, string>> = {
  TOWNSHIP: '乡镇',
  SUBDISTRICT: '街道',
  DEPARTMENT: '部门',
  OFFICE: '本级办公室',
  OTHER: '其他机关',
  COUNTY: '县级汇总报告',
};

const severityWords: Readonly<Record<Severity, string>> = { error: '错误', warning: '警告', info: '提示' };
const outcomeWords: Readonly<Record<Finding['outcome'], string>> = { broken: '不符', undecided: '无法判定' };
const decisionWords = { ACCEPTED: '通过', RETURNED: '退回' } as const;
const standingWords = { CONFIRMED: '属实', EXPLAINED: '已说明' } as const;
const yesNo = (value: boolean | null) => (value === null ? null : value ? '是' : '否');

const headings = {
  state: { zh: '状态', en: 'Where the agency is with its report' },
  expected: { zh: '应报送', en: 'Whether it is expected to file' },
  due: { zh: '截止日期', en: 'The last day to file' },
  late: { zh: '逾期', en: 'Filed after that day, or not filed and overdue' },
  filedAt: { zh: '首次报送时间', en: 'When it was first filed' },
  submittedOn: { zh: '报送日期', en: 'The day that counts for the deadline' },
  infos: { zh: '核对提示数', en: 'Findings that are remarks' },
  decision: { zh: '审核意见', en: 'The last decision about what is shown' },
  reason: { zh: '审核原因', en: 'Why it was decided so' },
  decidedAt: { zh: '审核时间', en: 'When it was decided' },
  refusals: { zh: '被拒次数', en: 'How much that was sent is kept as refused' },
  outliers: { zh: '悬殊的数字（通常范围）', en: 'Figures far from what is usual, which stands in brackets' },
  rule: { zh: '规则', en: 'Code of the rule' },
  severity: { zh: '严重程度', en: 'How grave it is' },
  outcome: { zh: '结果', en: 'Whether it is broken, or cannot be decided' },
  line: { zh: '所在行列', en: 'The printed line it is about' },
  cells: { zh: '涉及的单元格', en: 'Every cell that takes part' },
  left: { zh: '左边', en: 'The left side' },
  right: { zh: '右边', en: 'The right side' },
  difference: { zh: '差', en: 'Left minus right' },
  message: { zh: '核对结果', en: 'What was found, in words' },
  standing: { zh: '说明性质', en: 'Whether it is so, or explained' },
  note: { zh: '说明', en: 'What was said of it' },
  notedAt: { zh: '说明时间', en: 'When it was said' },
  notedBy: { zh: '说明人', en: 'Who said it' },
  outdated: { zh: '其后数字有变', en: 'Whether the figures have changed since' },
} as const satisfies Readonly<Record<string, Label>>;

function outlierWords({ label, value, usual: { low, high } }: Outlier): string {
  return `${label.zh} ${value}（${low}–${high}）`;
}

const findingCount = (of: keyof FindingCounts, name: string, title: Label): Column<PlacedFiling> =>
  number(name, title, ({ filing }) => filing.findings?.[of] ?? null, whole);

/** The columns of filings. */
export const filingColumns: readonly Column<PlacedFiling>[] = [
  text('agency', reportHeadings.agency, ({ filing }) => filing.agency.code, required),
  text('name', reportHeadings.name, ({ filing }) => filing.agency.name, required),
  text('kind', reportHeadings.kind, ({ filing }) => kindWords[filing.agency.kind], required),
  text('county', reportHeadings.county, ({ county }) => county.code, required),
  text('countyName', reportHeadings.countyName, ({ county }) => county.name, required),
  text('state', headings.state, ({ filing }) => stateLabels[filing.state].zh, required),
  text('expected', headings.expected, ({ filing }) => yesNo(filing.expected), required),
  text('due', headings.due, ({ filing }) => filing.due, required),
  text('late', headings.late, ({ filing }) => yesNo(filing.late)),
  number('revision', reportHeadings.revision, ({ filing }) => filing.row?.revision ?? null, { minimum: 1 }),
  text('filedAt', headings.filedAt, ({ filing }) => filing.row?.filedAt ?? null),
  text('submittedOn', headings.submittedOn, ({ filing }) => filing.row?.submittedOn ?? null),
  findingCount('errors', 'errors', reportHeadings.errors),
  findingCount('warnings', 'warnings', reportHeadings.warnings),
  findingCount('info', 'infos', headings.infos),
  text('decision', headings.decision, ({ filing: { review } }) => review && decisionWords[review.decision]),
  text('reason', headings.reason, ({ filing }) => filing.review?.reason ?? null),
  text('decidedAt', headings.decidedAt, ({ filing }) => filing.review?.at ?? null),
  number('refusals', headings.refusals, ({ filing }) => filing.refusals, whole),
  text('outliers', headings.outliers, ({ filing: { outliers } }) => outliers?.map(outlierWords).join('；') ?? null),
];

const sideOf = (side: 'left' | 'right' | 'difference'): Column<PlacedFinding> =>
  number(side, headings[side], ({ found }) => found.finding[side], {});

/** The columns of findings. */
export const findingColumns: readonly Column<PlacedFinding>[] = [
  text('agency', reportHeadings.agency, ({ found }) => found.report.agency.code, required),
  text('name', reportHeadings.name, ({ found }) => found.report.agency.name, required),
  text('county', reportHeadings.county, ({ county }) => county.code, required),
  text('countyName', reportHeadings.countyName, ({ county }) => county.name, required),
  number('year', reportHeadings.year, ({ found }) => found.report.row.year, count),
  number('revision', reportHeadings.revision, ({ found }) => found.report.row.revision, count),
  text('state', headings.state, ({ found }) => stateLabels[found.report.row.state].zh, required),
  text('rule', headings.rule, ({ found }) => found.finding.code, required),
  text('severity', headings.severity, ({ found }) => severityWords[found.finding.severity], required),
  text('outcome', headings.outcome, ({ found }) => outcomeWords[found.finding.outcome], required),
  text('line', headings.line, ({ found }) => found.finding.label.zh, required),
  text('message', headings.message, ({ found }) => found.finding.message.zh, required),
  sideOf('left'),
  sideOf('right'),
  sideOf('difference'),
  text('cells', headings.cells, ({ found }) => found.finding.cells.join(' ')),
  text('standing', headings.standing, ({ found: { finding } }) =>
    finding.note ? standingWords[finding.note.standing] : null,
  ),
  text('note', headings.note, ({ found }) => found.finding.note?.text ?? null),
  text('notedAt', headings.notedAt, ({ found }) => found.finding.note?.at ?? null),
  text('notedBy', headings.notedBy, ({ found }) => found.finding.note?.actor ?? null),
  text('outdated', headings.outdated, ({ found }) => yesNo(found.finding.note?.outdated ?? null)),
];
