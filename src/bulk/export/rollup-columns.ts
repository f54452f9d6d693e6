/** The columns of an export of rollups: a row a division and year, or a row a cell of one. */
import { printFigure } from '../../form/check.js';
import { formIds } from '../../form/forms.js';
import { type Break, plainBreak } from '../../register/breaks.js';
import type { Frame } from '../../register/frame.js';
import { cellsOfSum } from '../../rollup/cells.js';
import type { Statistics } from '../../rollup/sums.js';
import type { Unallocated } from '../../rollup/unallocated.js';
import type { DivisionInYear } from '../../store/bulk/divisions.js';
import { type AgencyKind, divisionLevels, type Inclusion, inclusions, type Label } from '../../words.js';
import { reportHeadings } from '../headings.js';
import {
  type Column,
  type ColumnHead,
  cellColumns,
  count,
  type Field,
  number,
  required,
  text,
  whole,
} from './columns.js';

/** A division's sums for a year, and what they are of. */
export interface ExportedRollup {
  readonly division: DivisionInYear;
  readonly statistics: Statistics;
  readonly inclusion: Inclusion;
  readonly kinds: readonly AgencyKind[];
  readonly frame: Frame;
  readonly unallocated: Pick<Unallocated, 'reports' | 'expected'>;
  readonly breaks: readonly Break[];
}

/** On whose boundaries figures are added up, as they are asked for: `AS_REPORTED`, or the day. */
export function boundariesOf({ on }: Frame): string {
  return on ?? 'AS_REPORTED';
}

const division = [
  said(
    'division',
    '行政区划代码',
    'Code of the division on 31 December of the year, or on the day of the boundaries',
    (row) => row.division.code,
    required,
  ),
  said('name', '行政区划名称', 'Name of the division', (row) => row.division.name, required),
  said('level', '级别', 'Level of the division', (row) => row.division.level, { ...required, enum: divisionLevels }),
  said('parent', '上级行政区划代码', 'Code of the division above it', (row) => row.division.parent),
];
const parentName = said(
  'parentName',
  '上级行政区划名称',
  'Name of the division above it',
  (row) => row.division.parentName,
);
const year = summed('year', '报告年度', 'Report year', (row) => row.division.year, required);
const counts = [
  summed('reports', '汇总报告数', 'Reports in the sum', (row) => row.statistics.reports, count),
  summed('expected', '应报送机关数', 'Agencies expected to file', (row) => row.statistics.coverage.expected, count),
  summed(
    'reported',
    '已报送机关数',
    'Of those expected, how many did',
    (row) => row.statistics.coverage.reported,
    count,
  ),
  summed(
    'onTime',
    '按时报送机关数',
    'Of those expected, how many in time',
    (row) => row.statistics.coverage.onTime,
    count,
  ),
  summed('samples', '示例报告数', 'Reports in the sum that are made up', (row) => row.statistics.samples, count),
  ...formIds.map((id) =>
    summed(
      `forms.${id}`,
      `${id}格式报告数`,
      `Reports on the form ${id}`,
      (row) => row.statistics.forms.get(id) ?? 0,
      count,
    ),
  ),
];
const publishedTotal = summed(
  'publishedItems.total',
  '主动公开信息总数',
  'Items published, summed over the reports that state a total',
  (row) => row.statistics.publishedTotal,
  whole,
);
const cells = cellColumns<ExportedRollup>((row) => row.statistics.figures);
const accepted = summed(
  'accepted',
  '已审核通过机关数',
  'Of those expected, how many were accepted',
  (row) => row.statistics.coverage.accepted,
  count,
);
const knownOn: Column<ExportedRollup> = {
  ...said('knownOn', '所知截至的时刻', 'By when what is added up was recorded; empty: now', (row) => row.frame.knownOn),
  type: 'datetime',
};
const followed = [
  summed(
    'unallocated.reports',
    '不属于任何下级的报告数',
    'Reports in the sum that lie in no division below it, on boundaries of another day',
    (row) => row.unallocated.reports,
    count,
  ),
  summed(
    'unallocated.expected',
    '不属于任何下级的应报送机关数',
    'Of those expected, how many lie in no division below it',
    (row) => row.unallocated.expected,
    count,
  ),
  said(
    'breaks',
    '口径中断（JSON）',
    'What changed the territory, so that the year cannot be compared with others, as JSON; empty: nothing did',
    ({ breaks }) => (breaks.length === 0 ? null : JSON.stringify(breaks.map(plainBreak))),
  ),
];
const of = [
  said(
    'includes',
    '统计口径',
    'What the sums are of: ALL that was filed, or only what was ACCEPTED',
    (row) => row.inclusion,
    { ...required, enum: inclusions },
  ),
  said('kinds', '汇总的机关类别', 'Kinds of agency in the sum', (row) => row.kinds.join(' '), required),
  said(
    'boundaries',
    '行政区划口径',
    'Whose boundaries: AS_REPORTED, those of 31 December of the year, or those of a day',
    (row) => boundariesOf(row.frame),
    required,
  ),
];

/**
 * A row a division and year, by its code and the year. A figure is the sum of what was reported, empty when nothing was. A
 * column keeps its place: what came later is at the end.
 */
export const rollupColumns: readonly Column<ExportedRollup>[] = [
  ...[...division, year, ...counts, publishedTotal],
  summed(
    'publishedItems.stated',
    '说明了总数的报告数',
    'Reports that state a total of items published',
    (row) => row.statistics.publishedStated,
    count,
  ),
  ...cells,
  ...[accepted, ...of, parentName, knownOn, ...followed],
];

/** One cell of a division's sums. */
interface RollupCell {
  readonly rollup: ExportedRollup;
  readonly cell: string;
  readonly heading: string;
  readonly unit: string | null;
  readonly value: Field;
  readonly stated: number;
  readonly blank: number;
}

/** A row a cell of a division's sums, on every form that a report of it is on. */
export const rollupCellColumns: readonly Column<RollupCell>[] = [
  ...[...division, parentName, year, ...of].map(ofRollup),
  text('cell', reportHeadings.cell, (row) => row.cell, required),
  text('heading', reportHeadings.heading, (row) => row.heading, required),
  text('unit', reportHeadings.unit, (row) => row.unit),
  {
    name: 'value',
    type: 'number',
    title: label('数值', 'The sum; empty where nobody reported it'),
    read: (row) => row.value,
  },
  number('stated', label('填报该格的报告数', 'Reports that fill the cell in'), (row) => row.stated, count),
  number('blank', label('该格空白的报告数', 'Reports that leave the cell blank'), (row) => row.blank, count),
  ...[knownOn, ...followed].map(ofRollup),
];

/** What a row of `rollupCellColumns` can be about. */
export const rollupCellSubjects: readonly ColumnHead[] = [...cells, publishedTotal];

/** The rows of a rollup's cells. */
export function cellsOfRollup(rollup: ExportedRollup): RollupCell[] {
  const { statistics } = rollup;
  const { reports, publishedStated: stated } = statistics;
  return [
    ...cellsOfSum(statistics).map((cell) => ({
      ...{ rollup, cell: cell.key, heading: cell.label.zh, unit: cell.unit },
      value: printFigure(cell, statistics.figures[cell.at] ?? null),
      stated: statistics.reported[cell.at] ?? 0,
      blank: statistics.blank[cell.at] ?? 0,
    })),
    {
      ...{ rollup, cell: publishedTotal.name, heading: publishedTotal.title.zh, unit: null },
      ...{ value: publishedTotal.read(rollup), stated, blank: reports - stated },
    },
  ];
}

function ofRollup(column: Column<ExportedRollup>): Column<RollupCell> {
  return { ...column, read: (row) => column.read(row.rollup) };
}

function said(
  name: string,
  zh: string,
  en: string,
  read: (row: ExportedRollup) => string | null,
  constraints?: Column<ExportedRollup>['constraints'],
): Column<ExportedRollup> {
  return text(name, { zh, en }, read, constraints);
}

function summed(
  name: string,
  zh: string,
  en: string,
  read: (row: ExportedRollup) => number | null,
  constraints: NonNullable<Column<ExportedRollup>['constraints']>,
): Column<ExportedRollup> {
  return number(name, { zh, en }, read, constraints);
}

function label(zh: string, en: string): Label {
  return { zh, en };
}
