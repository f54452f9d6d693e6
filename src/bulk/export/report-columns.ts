/** The columns of an export of reports: a row a report, or a row a cell. */
import { dayInChina } from '../../day.js';
import { printFigure } from '../../form/check.js';
import { formIds, formOf } from '../../form/forms.js';
import type { ExportedReport } from '../../store/bulk/reports.js';
import type { SaidRevision } from '../../store/revisions.js';
import { agencyKinds, reportStates } from '../../words.js';
import { informativeColumns, type ReportColumnName, reportHeadings } from '../headings.js';
import {
  type Column,
  type ColumnHead,
  type Constraints,
  cellColumns,
  day,
  type Field,
  flag,
  number,
  required,
  text,
  whole,
} from './columns.js';

/** A report, and what it says in the revision that is shown. */
export interface ReportRecord extends Omit<SaidRevision, 'hash'> {
  readonly report: ExportedReport;
}

/** Whose report it is, and what is known of it; each in the place that it once got. */
const agency = said('agency', ({ report }) => report.agency, required);
const name = said('name', ({ report }) => report.name, required);
const county = said('county', ({ report }) => report.county?.code ?? null);
const countyName = said('countyName', ({ report }) => report.county?.name ?? null);
const year = counted('year', ({ report }) => report.year, required);
const form = said('form', ({ content }) => content.form, { ...required, enum: formIds });
const revision = counted('revision', ({ report }) => report.revision, { ...required, minimum: 1 });
const onTime = flag<ReportRecord>('onTime', reportHeadings.onTime, ({ report }) => report.onTime === 1);
const sample = flag<ReportRecord>('sample', reportHeadings.sample, ({ report }) => report.sample === 1);
const state = said('state', ({ report }) => report.state, { ...required, enum: reportStates });
const kind = said('kind', ({ report }) => report.kind, { ...required, enum: agencyKinds });
const above = [
  said('prefecture', ({ report }) => report.prefecture?.code ?? null),
  said('prefectureName', ({ report }) => report.prefecture?.name ?? null),
  said('province', ({ report }) => report.province?.code ?? null),
  said('provinceName', ({ report }) => report.province?.name ?? null),
];
const known = [
  dated('filedOn', ({ report }) => dayOf(report.filedAt), required),
  dated('publishedOn', ({ content }) => content.source?.publishedOn ?? null),
  dated('acceptedOn', ({ report: { acceptedAt } }) => (acceptedAt === null ? null : dayOf(acceptedAt))),
  counted('errors', ({ report }) => report.errors, { ...required, minimum: 0 }),
  counted('warnings', ({ report }) => report.warnings, { ...required, minimum: 0 }),
];

/** What a report says beside the figures of its cells. */
const publishedTotal = counted('publishedItems.total', ({ content }) => content.publishedItems?.total ?? null, whole);
const texts = [
  json('publishedItems.categories', ({ content }) => content.publishedItems?.categories),
  json('publishedItems.channels', ({ content }) => content.publishedItems?.channels),
  json('publishedItems.complete', ({ content }) => content.publishedItems?.complete),
  said('publishedItems.note', ({ content }) => content.publishedItems?.note ?? null),
  json('engagement', ({ content }) => content.engagement),
  json('narrative', ({ content }) => content.narrative),
  json('source', ({ content }) => content.source),
];
const cells = cellColumns<ReportRecord>(({ content }) => content.figures);
const reason = said('reason', (row) => row.reason);

/**
 * A row a report, by the code of its agency and its year: all it says, so that an import files the same again. A column
 * keeps its place: what came later is at the end.
 */
export const reportColumns: readonly Column<ReportRecord>[] = [
  ...[agency, name, county, countyName, year, form, revision, onTime, sample, publishedTotal],
  ...cells,
  ...[...texts, state, kind, ...above, ...known, reason],
];

/** What is known of a report beside the filing, by the names of its columns. */
export function aboutReport(row: ReportRecord): Readonly<Record<string, Field>> {
  return Object.fromEntries(aboutColumns.map((column) => [column.name, column.read(row)]));
}

const aboutColumns = reportColumns.filter((column) => informativeColumns.some((one) => one === column.name));

/** One cell of a report, or one thing that it says beside its figures. */
interface ReportCell {
  readonly record: ReportRecord;
  readonly cell: string;
  readonly heading: string;
  readonly unit: string | null;
  readonly value: Field;
  readonly text: string | null;
}

/** A row a cell of a report, a blank one too, and a row for each thing that it says beside its figures. */
export const reportCellColumns: readonly Column<ReportCell>[] = [
  ...[agency, name, kind, county, countyName, ...above, year, form, revision, state, onTime, sample, reason].map(
    ofRecord,
  ),
  text('cell', reportHeadings.cell, (row) => row.cell, required),
  text('heading', reportHeadings.heading, (row) => row.heading, required),
  text('unit', reportHeadings.unit, (row) => row.unit),
  { name: 'value', type: 'number', title: reportHeadings.value, read: (row) => row.value },
  text('text', reportHeadings.text, (row) => row.text),
];

/** What a row of `reportCellColumns` can be about. */
export const reportCellSubjects: readonly ColumnHead[] = [...cells, publishedTotal, ...texts];

/** The rows of a report's cells. */
export function cellsOfReport(record: ReportRecord): ReportCell[] {
  const { content } = record;
  const figures = formOf(content.form).cells.map(({ key, label, unit, at, ...cell }) => ({
    ...{ record, cell: key, heading: label.zh, unit, text: null },
    value: printFigure({ key, label, unit, at, ...cell }, content.figures[at] ?? null),
  }));
  const total = { record, cell: publishedTotal.name, heading: publishedTotal.title.zh, unit: null, text: null };
  const said = texts.flatMap((column) => {
    const words = column.read(record);
    return words === null
      ? []
      : [{ ...total, cell: column.name, heading: column.title.zh, value: null, text: String(words) }];
  });
  return [...figures, ...(content.publishedItems ? [{ ...total, value: publishedTotal.read(record) }] : []), ...said];
}

function ofRecord(column: Column<ReportRecord>): Column<ReportCell> {
  return { ...column, read: (row) => column.read(row.record) };
}

function said(
  column: ReportColumnName,
  read: (row: ReportRecord) => string | null,
  constraints?: Constraints,
): Column<ReportRecord> {
  return text(column, reportHeadings[column], read, constraints);
}

function dated(
  column: ReportColumnName,
  read: (row: ReportRecord) => string | null,
  constraints?: Constraints,
): Column<ReportRecord> {
  return day(column, reportHeadings[column], read, constraints);
}

function counted(
  column: ReportColumnName,
  read: (row: ReportRecord) => number | null,
  constraints: Constraints,
): Column<ReportRecord> {
  return number(column, reportHeadings[column], read, constraints);
}

/** A member of the filing as it would be filed again; nothing where the report says nothing. */
function json(column: ReportColumnName, read: (row: ReportRecord) => unknown): Column<ReportRecord> {
  return said(column, (row) => JSON.stringify(read(row) ?? undefined) ?? null);
}

function dayOf(instant: string): string {
  return dayInChina(new Date(instant));
}
