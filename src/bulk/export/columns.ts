/** The columns of an export, stated once: the CSV, the workbook and the descriptor are written from these lists. */

import type { CsvField } from '../../csv.js';
import { printFigure } from '../../form/check.js';
import { allCells, type Cell, formIds, type SumFigures } from '../../form/forms.js';
import type { ReportContent } from '../../form/report.js';
import type { Unit } from '../../form/vocabulary.js';
import type { Statistics } from '../../rollup/sums.js';
import type { DivisionInYear, ExportedReport } from '../../store/exports.js';
import { divisionLevels, type Inclusion, reportStates } from '../../words.js';

/** One value of a row. Amounts are decimal texts in the printed unit. */
export type Field = CsvField;

/** A column: its name for ever, what its fields are (in the words of Table Schema), and its headings. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly title: { readonly zh: string; readonly en: string };
  readonly constraints?: Readonly<Record<string, unknown>>;
  readonly unit?: Unit;
  readonly cell?: Cell;
  readonly read: (row: Row) => Field;
}

/** A report with what it says beside its figures. */
export interface ReportRecord extends ExportedReport {
  readonly content: ReportContent;
}

/** A division's sums for a year. */
export interface ExportedRollup {
  readonly division: DivisionInYear;
  readonly statistics: Statistics;
  /** What the sums are of. */
  readonly inclusion: Inclusion;
}

const required = { required: true };
const count = { required: true, minimum: 0 };
const whole = { minimum: 0 };

/** A row a report, by the code of its agency and its year: all it says, so that an import files the same again. */
export const reportColumns: readonly Column<ReportRecord>[] = [
  text('agency', '机关代码', 'Code of the agency on 31 December of the year', (row) => row.agency, required),
  text('name', '机关名称', 'Name of the agency on 31 December of the year', (row) => row.name, required),
  text('county', '县级行政区划代码', 'Code of its county on 31 December of the year', (row) => row.county),
  text('countyName', '县级行政区划名称', 'Name of its county on 31 December of the year', (row) => row.countyName),
  number('year', '报告年度', 'Report year', (row) => row.year, required),
  text('form', '格式', 'The form it was filed on: tells which cells it has', (row) => row.form, {
    ...required,
    enum: formIds,
  }),
  number('revision', '版本号', 'Number of the revision that stands', (row) => row.revision, {
    ...required,
    minimum: 1,
  }),
  flag('onTime', '按时报送', 'Filed by the day due', (row) => row.onTime === 1),
  flag('sample', '示例数据', 'Made up for a demonstration', (row) => row.sample === 1),
  number(
    'publishedItems.total',
    '主动公开信息总数',
    'Items published in the year, as section one states',
    (row) => row.publishedTotal,
    whole,
  ),
  ...cellColumns<ReportRecord>((row) => row.figures),
  json('publishedItems.categories', '按类别的公开信息', 'Published items by category', (row) => items(row)?.categories),
  json('publishedItems.channels', '按渠道的公开信息', 'Published items by channel', (row) => items(row)?.channels),
  json('publishedItems.complete', '声明完整的清单', 'Lists said to be complete', (row) => items(row)?.complete),
  text(
    'publishedItems.note',
    '公开信息原文',
    'Published items in the words of the report',
    (row) => items(row)?.note ?? null,
  ),
  json('engagement', '信箱热线办理情况', 'Letters, calls and questions handled', (row) => row.content.engagement),
  json('narrative', '六个部分的文字', 'The text of the six sections', (row) => row.content.narrative),
  json('source', '公布信息', 'Where and when it was published', (row) => row.content.source),
  // A column keeps its place: what came later is at the end.
  text('state', '状态', 'Where it is: submitted, accepted or returned', (row) => row.state, {
    ...required,
    enum: reportStates,
  }),
];

function items(row: ReportRecord): ReportContent['publishedItems'] {
  return row.content.publishedItems;
}

/** A row a division and year, by its code and the year. A figure is the sum of what was reported, empty when nothing was. */
export const rollupColumns: readonly Column<ExportedRollup>[] = [
  text(
    'division',
    '行政区划代码',
    'Code of the division on 31 December of the year',
    (row) => row.division.code,
    required,
  ),
  text('name', '行政区划名称', 'Name of the division', (row) => row.division.name, required),
  text('level', '级别', 'Level of the division', (row) => row.division.level, { ...required, enum: divisionLevels }),
  text('parent', '上级行政区划代码', 'Code of the division above it', (row) => row.division.parent),
  number('year', '报告年度', 'Report year', (row) => row.division.year, required),
  number('reports', '汇总报告数', 'Reports in the sum', (row) => row.statistics.reports, count),
  number('expected', '应报送机关数', 'Agencies expected to file', (row) => row.statistics.coverage.expected, count),
  number(
    'reported',
    '已报送机关数',
    'Of those expected, how many did',
    (row) => row.statistics.coverage.reported,
    count,
  ),
  number(
    'onTime',
    '按时报送机关数',
    'Of those expected, how many in time',
    (row) => row.statistics.coverage.onTime,
    count,
  ),
  number('samples', '示例报告数', 'Reports in the sum that are made up', (row) => row.statistics.samples, count),
  ...formIds.map((id) =>
    number<ExportedRollup>(
      `forms.${id}`,
      `${id}格式报告数`,
      `Reports on the form ${id}`,
      (row) => row.statistics.forms.get(id) ?? 0,
      count,
    ),
  ),
  number(
    'publishedItems.total',
    '主动公开信息总数',
    'Items published, summed over the reports that state a total',
    (row) => row.statistics.publishedTotal,
    whole,
  ),
  number(
    'publishedItems.stated',
    '说明了总数的报告数',
    'Reports that state a total of items published',
    (row) => row.statistics.publishedStated,
    count,
  ),
  ...cellColumns<ExportedRollup>((row) => row.statistics.figures),
  number(
    'accepted',
    '已审核通过机关数',
    'Of those expected, how many were accepted',
    (row) => row.statistics.coverage.accepted,
    count,
  ),
  text(
    'includes',
    '合计范围：ALL 已报送的全部，ACCEPTED 仅审核通过的',
    'What the sums are of: ALL that was filed, or only what was ACCEPTED',
    (row) => row.inclusion,
    required,
  ),
];

function text<Row>(
  name: string,
  zh: string,
  en: string,
  read: (row: Row) => string | null,
  constraints?: Column<Row>['constraints'],
): Column<Row> {
  return { name, type: 'string', title: { zh, en }, read, ...(constraints && { constraints }) };
}

function number<Row>(
  name: string,
  zh: string,
  en: string,
  read: (row: Row) => number | null,
  constraints: Readonly<Record<string, unknown>>,
): Column<Row> {
  return { name, type: 'integer', title: { zh, en }, read, constraints };
}

/** A member of the filing as it would be filed again; nothing where the report says nothing. */
function json(name: string, zh: string, en: string, read: (row: ReportRecord) => unknown): Column<ReportRecord> {
  const written = (row: ReportRecord) => JSON.stringify(read(row) ?? undefined) ?? null;
  return text(name, `${zh}（JSON）`, `${en}, as JSON`, written);
}

function flag<Row>(name: string, zh: string, en: string, read: (row: Row) => boolean): Column<Row> {
  return { name, type: 'boolean', title: { zh, en }, read, constraints: required };
}

/** Every cell of any form, in the order of `allCells`, under its address. */
function cellColumns<Row>(figuresOf: (row: Row) => SumFigures): Column<Row>[] {
  return allCells.map((cell) => ({
    name: cell.key,
    type: cell.kind === 'amount' ? 'number' : 'integer',
    title: cell.label,
    unit: cell.unit,
    cell,
    ...(cell.signed ? {} : { constraints: whole }),
    read: (row) => printFigure(cell, figuresOf(row)[cell.at] ?? null),
  }));
}
