/** Current reports: one row each, with a column a cell. Every write here is one step of a transaction. */

import { makeBlankFigures } from '../form/figures.js';
import { allCells, type Cell, type Figures, type FormId, formIds } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { type AgencyKind, agencyKinds, type ReportState, reportStates } from '../words.js';
import { cellColumns, columnOf } from './columns.js';
import { flag, integer, integers, listOf, nullable, oneOf, series, text } from './engine/column.js';
import { integerAt, isIn, itemsOf, joinedFromList, packed, packedRows, unpackRows } from './engine/dialect.js';
import { findRow, insertRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, sqlStatementBy, statement } from './engine/statement.js';
import { inForceAtEndOf } from './register/divisions.js';

/** The row of a current report, without its content. */
export interface ReportRow {
  readonly id: number;
  readonly agencyId: number;
  readonly year: number;
  readonly form: FormId;
  readonly countyId: number;
  readonly kind: AgencyKind;
  readonly expected: 0 | 1;
  readonly onTime: 0 | 1;
  /** Made up for a demonstration. */
  readonly sample: 0 | 1;
  readonly revision: number;
  readonly state: ReportState;
  /** The revision that was accepted last; stays while a correction of it is looked at. */
  readonly acceptedRevision: number | null;
  /** When it was accepted, and what `submittedOn`, `onTime` and `sample` are of it; null where nothing was. */
  readonly acceptedAt: string | null;
  readonly acceptedOn: string | null;
  readonly acceptedOnTime: 0 | 1 | null;
  readonly acceptedSample: 0 | 1 | null;
  /** The day that counts for the deadline: the stated day of publication, else the day it was first filed. */
  readonly submittedOn: string;
  /** When a report of the agency for the year was first filed, withdrawn since or not. */
  readonly filedAt: string;
  /** When it was filed, revised or decided about last. */
  readonly updatedAt: string;
}

/**
 * The row as it is of what was accepted: that revision with its day, its lateness and its state, as of its acceptance;
 * undefined where nothing was accepted.
 */
export function acceptedRow(row: ReportRow): ReportRow | undefined {
  const { acceptedRevision, acceptedAt, acceptedOn, acceptedOnTime, acceptedSample } = row;
  if (acceptedRevision === null || acceptedAt === null || acceptedOn === null) return undefined;
  return {
    ...row,
    revision: acceptedRevision,
    state: 'ACCEPTED',
    submittedOn: acceptedOn,
    onTime: acceptedOnTime ?? 0,
    sample: acceptedSample ?? 0,
    updatedAt: acceptedAt,
  };
}

/** The columns of a `ReportRow`, for statements that return one. */
export const reportColumns = {
  id: integer,
  agencyId: integer,
  year: integer,
  form: oneOf(formIds),
  countyId: integer,
  kind: oneOf(agencyKinds),
  expected: flag,
  onTime: flag,
  sample: flag,
  revision: integer,
  state: oneOf(reportStates),
  acceptedRevision: nullable(integer),
  acceptedAt: nullable(text),
  acceptedOn: nullable(text),
  acceptedOnTime: nullable(flag),
  acceptedSample: nullable(flag),
  submittedOn: text,
  filedAt: text,
  updatedAt: text,
};

/** The same as a statement selects them from a report `r`. */
export const reportSelection = `r.id, r.agency_id as "agencyId", r.year, r.form, r.county_id as "countyId", r.kind, r.expected,
  r.on_time as "onTime", r.sample, r.revision, r.state, r.accepted_revision as "acceptedRevision",
  r.accepted_at as "acceptedAt", r.accepted_on as "acceptedOn", r.accepted_on_time as "acceptedOnTime",
  r.accepted_sample as "acceptedSample", r.submitted_on as "submittedOn", r.filed_at as "filedAt", r.updated_at as "updatedAt"`;

const reportOfYear = sqlStatement({
  takes: { agencyId: integer, year: integer },
  gives: reportColumns,
  text: `select ${reportSelection} from report r where r.agency_id = :agencyId and r.year = :year`,
});

/** The current report of an agency for a year; undefined when none was filed or it was withdrawn. */
export async function findReport(db: Db, agencyId: number, year: number): Promise<ReportRow | undefined> {
  return findRow(db, reportOfYear, { agencyId, year });
}

const allReportsOfAgency = sqlStatement({
  takes: { agencyId: integer },
  gives: reportColumns,
  text: `select ${reportSelection} from report r where r.agency_id = :agencyId order by r.year`,
});

/** Every report of an agency, oldest year first. */
export async function reportsOfAgency(db: Db, agencyId: number): Promise<ReportRow[]> {
  return readRows(db, allReportsOfAgency, { agencyId });
}

/** The columns of a `ReportRow` in their order, packed: thousands of rows are read one after another. */
type PackedReport = readonly [
  ...[id: number, agencyId: number, year: number, form: FormId, countyId: number, kind: AgencyKind],
  ...[expected: 0 | 1, onTime: 0 | 1, sample: 0 | 1, revision: number, state: ReportState],
  ...[acceptedRevision: number | null, acceptedAt: string | null, acceptedOn: string | null],
  ...[acceptedOnTime: 0 | 1 | null, acceptedSample: 0 | 1 | null],
  ...[submittedOn: string, filedAt: string, updatedAt: string],
];

const packedReport = packed([
  ...['r.id', 'r.agency_id', 'r.year', 'r.form', 'r.county_id', 'r.kind', 'r.expected', 'r.on_time', 'r.sample'],
  ...['r.revision', 'r.state', 'r.accepted_revision', 'r.accepted_at', 'r.accepted_on', 'r.accepted_on_time'],
  ...['r.accepted_sample', 'r.submitted_on', 'r.filed_at', 'r.updated_at'],
]);

const fromPairs = `from ${itemsOf(':reports', 'a')} ${joinedFromList} report r
    on r.agency_id = ${integerAt('a.value', 0)} and r.year = ${integerAt('a.value', 1)}`;

const reportsOfPairs = sqlStatement({
  takes: { reports: listOf<readonly [agencyId: number, year: number]>() },
  gives: { rows: text },
  text: `select ${packedRows(packedReport)} as rows ${fromPairs}`,
});

/** The current reports among those of some agencies for a year each, in no order. */
export async function findReports(
  db: Db,
  reports: readonly (readonly [agencyId: number, year: number])[],
): Promise<ReportRow[]> {
  return unpackRows<PackedReport>((await findRow(db, reportsOfPairs, { reports }))?.rows).map((row) => ({
    id: row[0],
    agencyId: row[1],
    year: row[2],
    form: row[3],
    countyId: row[4],
    kind: row[5],
    expected: row[6],
    onTime: row[7],
    sample: row[8],
    revision: row[9],
    state: row[10],
    acceptedRevision: row[11],
    acceptedAt: row[12],
    acceptedOn: row[13],
    acceptedOnTime: row[14],
    acceptedSample: row[15],
    submittedOn: row[16],
    filedAt: row[17],
    updatedAt: row[18],
  }));
}

const reportMarks = sqlStatement({
  takes: { reports: listOf<readonly [agencyId: number, year: number]>() },
  gives: { rows: text },
  text: `select ${packedRows(packed(['r.agency_id', 'r.year', 'r.county_id', 'r.revision', 'r.accepted_revision']))} as rows
    ${fromPairs}`,
});

/** Where a report lies, and which of its revisions are the current and the accepted one. */
export type ReportMark = Pick<ReportRow, 'agencyId' | 'year' | 'countyId' | 'revision' | 'acceptedRevision'>;

/** The same of current reports, a quarter of what it takes to read their rows. */
export async function findReportMarks(
  db: Db,
  reports: readonly (readonly [agencyId: number, year: number])[],
): Promise<ReportMark[]> {
  type PackedMark = readonly [number, number, number, number, number | null];
  const found = await findRow(db, reportMarks, { reports });
  return unpackRows<PackedMark>(found?.rows).map(([agencyId, year, countyId, revision, acceptedRevision]) => {
    return { agencyId, year, countyId, revision, acceptedRevision };
  });
}

const placesOfReports = sqlStatement({
  takes: { agencyIds: integers, years: integers },
  gives: { agencyId: integer, year: integer, countyId: integer },
  text: `select agency_id as "agencyId", year, county_id as "countyId" from report
    where ${isIn('agency_id', ':agencyIds')} and ${isIn('year', ':years')}`,
});

/** Where the reports of some agencies for some years belong. */
export async function countiesOfReports(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<Pick<ReportRow, 'agencyId' | 'year' | 'countyId'>[]> {
  return readRows(db, placesOfReports, { agencyIds, years });
}

const reportsInCounties = sqlStatement({
  takes: { countyIds: integers, year: integer },
  gives: {
    agencyId: integer,
    code: text,
    year: integer,
    revision: integer,
    countyId: integer,
    acceptedRevision: nullable(integer),
  },
  text: `select r.agency_id as "agencyId", s.code, r.year, r.revision, r.county_id as "countyId",
      r.accepted_revision as "acceptedRevision"
    from report r join agency_state s on s.agency_id = r.agency_id and ${inForceAtEndOf('s', 'r.year')}
    where ${isIn('r.county_id', ':countyIds')} and r.year = :year order by r.id`,
});

/** Each report of some counties for a year, by when it was first filed, with the code that its agency has for the year. */
export async function reportsOfCounties(db: Db, countyIds: readonly number[], year: number) {
  return readRows(db, reportsInCounties, { countyIds, year });
}

const figuresOfCells = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyId: integer, year: integer },
    gives: [oneOf(formIds), ...cells.map(() => nullable(integer))],
    text: `select ${['form', ...cells.map(columnOf)].join(', ')} from report where agency_id = :agencyId and year = :year`,
  }),
  allCells,
);

/**
 * Figures of an agency's report for a year, only the cells asked for (keep the list: its statement is kept with it),
 * with the form that tells which of them it has; undefined when there is no report.
 */
export async function findFigures(
  db: Db,
  agencyId: number,
  year: number,
  cells: readonly Cell[],
): Promise<{ readonly form: FormId; readonly figures: Figures } | undefined> {
  const row = await findRow(db, figuresOfCells(cells), { agencyId, year });
  if (!row) return undefined;
  const [form, ...values] = row;
  const figures = makeBlankFigures();
  for (const [index, { at }] of cells.entries()) figures[at] = values[index] ?? null;
  return { form, figures };
}

const written = {
  form: oneOf(formIds),
  countyId: integer,
  kind: oneOf(agencyKinds),
  expected: flag,
  onTime: flag,
  sample: flag,
  revision: integer,
  submittedOn: text,
  updatedAt: text,
  publishedTotal: nullable(integer),
  figures: series(cellColumns.length),
};

const newReport = sqlStatement({
  takes: { ...written, agencyId: integer, year: integer, filedAt: text },
  text: `insert into report (agency_id, year, form, county_id, kind, expected, on_time, sample, revision,
      submitted_on, filed_at, updated_at, published_total, ${cellColumns.join(', ')})
    values (:agencyId, :year, :form, :countyId, :kind, :expected, :onTime, :sample, :revision,
      :submittedOn, :filedAt, :updatedAt, :publishedTotal, :figures)`,
});

/** Inserts the row of a report and returns its id. */
export async function insertReport(trx: Trx, row: Omit<ReportRow, 'id'>, content: ReportContent): Promise<number> {
  const { figures, publishedItems } = content;
  return insertRow(trx, newReport, { figures, publishedTotal: publishedItems?.total ?? null, ...row });
}

const changedReport = sqlStatement({
  takes: { ...written, id: integer, state: oneOf(reportStates) },
  text: `update report set form = :form, county_id = :countyId, kind = :kind, expected = :expected, on_time = :onTime,
      sample = :sample, revision = :revision, state = :state, submitted_on = :submittedOn, updated_at = :updatedAt,
      published_total = :publishedTotal, (${cellColumns.join(', ')}) = (:figures) where id = :id`,
});

/** Replaces the row of a report by what its new revision says. */
export async function updateReport(trx: Trx, row: ReportRow, content: ReportContent): Promise<void> {
  const { figures, publishedItems } = content;
  await write(trx, changedReport, { figures, publishedTotal: publishedItems?.total ?? null, ...row });
}

type StateOfReview = Pick<
  ReportRow,
  'state' | 'acceptedRevision' | 'acceptedAt' | 'acceptedOn' | 'acceptedOnTime' | 'acceptedSample' | 'updatedAt'
>;

const changedState = statement<StateOfReview & { readonly id: number }>()((db, hole) =>
  db
    .updateTable('report')
    .set({
      state: hole('state'),
      accepted_revision: hole('acceptedRevision'),
      accepted_at: hole('acceptedAt'),
      accepted_on: hole('acceptedOn'),
      accepted_on_time: hole('acceptedOnTime'),
      accepted_sample: hole('acceptedSample'),
      updated_at: hole('updatedAt'),
    })
    .where('id', '=', hole('id')),
);

/** Says where a report is after a decision about it. */
export async function updateState(trx: Trx, id: number, state: StateOfReview): Promise<void> {
  await write(trx, changedState, { ...state, id });
}

type PlaceOfReport = Pick<ReportRow, 'countyId' | 'kind' | 'expected' | 'onTime' | 'acceptedOnTime'>;

const changedPlacement = statement<PlaceOfReport & { readonly id: number }>()((db, hole) =>
  db
    .updateTable('report')
    .set({
      county_id: hole('countyId'),
      kind: hole('kind'),
      expected: hole('expected'),
      on_time: hole('onTime'),
      accepted_on_time: hole('acceptedOnTime'),
    })
    .where('id', '=', hole('id')),
);

/** Moves a report to where its agency belongs, without a revision: its figures stay as filed. */
export async function updatePlacement(trx: Trx, id: number, placement: PlaceOfReport): Promise<void> {
  await write(trx, changedPlacement, { ...placement, id });
}

const noReport = statement<{ id: number }>()((db, hole) => db.deleteFrom('report').where('id', '=', hole('id')));

/** Removes the row of a withdrawn report, and its findings with it. Its revisions stay. */
export async function deleteReport(trx: Trx, id: number): Promise<void> {
  await write(trx, noReport, { id });
}
