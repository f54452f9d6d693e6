/** Reports as they stand, their revisions and their findings. Every write here is one step of a transaction. */

import { hash } from 'node:crypto';
import type { Finding } from '../form/check.js';
import { makeBlankFigures, makeZeroFigures } from '../form/figures.js';
import { allCells, type Cell, type Figures, type FormId, formIds, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { type AgencyKind, agencyKinds, type Page, pageOf, type ReportState, reportStates } from '../words.js';
import { cellColumns, columnOf } from './columns.js';
import { flag, integer, integers, listOf, nullable, oneOf, optional, series, text } from './engine/column.js';
import { isIn, isPairIn, itemsOf, textAt } from './engine/dialect.js';
import { findRow, insertRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { type ArgsOf, sqlStatement, sqlStatementBy, statement } from './engine/statement.js';

/** The row of a report as it stands, without its content. */
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
  /** The day that counts for the deadline: the stated day of publication, else the day it was first filed. */
  readonly submittedOn: string;
  readonly filedAt: string;
  readonly updatedAt: string;
}

/** One immutable revision. A withdrawal has no content. */
export interface Revision {
  readonly number: number;
  readonly action: 'filed' | 'revised' | 'withdrawn';
  readonly hash: string;
  readonly content: ReportContent | null;
  readonly actor: string;
  readonly at: string;
  readonly reason: string | null;
}

const reportColumns = {
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
  submittedOn: text,
  filedAt: text,
  updatedAt: text,
};

const reportSelection = `r.id, r.agency_id as "agencyId", r.year, r.form, r.county_id as "countyId", r.kind, r.expected,
  r.on_time as "onTime", r.sample, r.revision, r.state, r.accepted_revision as "acceptedRevision",
  r.submitted_on as "submittedOn", r.filed_at as "filedAt", r.updated_at as "updatedAt"`;

const reportOfYear = sqlStatement({
  takes: { agencyId: integer, year: integer },
  gives: reportColumns,
  text: `select ${reportSelection} from report r where r.agency_id = :agencyId and r.year = :year`,
});

/** The report of an agency for a year as it stands; undefined when none was filed or it was withdrawn. */
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

/** Reports that may be read as they stand: those of counties in a year, and those of agencies. */
export interface ReadableSet {
  readonly counties: readonly (readonly [countyId: number, year: number])[];
  readonly agencyIds: readonly number[];
}

/** What of the reports may be read: those within readable as they stand; of the others what was accepted, or nothing. */
export interface Visible {
  readonly readable: ReadableSet;
  readonly elsewhere: 'ACCEPTED' | 'NOTHING';
}

/** What a statement is given of what may be read; nothing where everything may. */
export const visibleArguments = {
  counties: optional(listOf<readonly [countyId: number, year: number]>()),
  agencyIds: optional(integers),
  /** Given where of the others what was accepted may be read. */
  acceptedElsewhere: optional(flag),
};

type HasVisible = { readonly [Name in keyof typeof visibleArguments]: boolean };

/** The condition that a report `r` may be read as it is. */
export function isReadable({ counties, agencyIds }: HasVisible): string {
  if (!counties && !agencyIds) return 'true';
  const within = [
    ...(counties ? [isPairIn('r.county_id', 'r.year', ':counties')] : []),
    ...(agencyIds ? [isIn('r.agency_id', ':agencyIds')] : []),
  ];
  return `(${within.join(' or ')})`;
}

/** The condition that a report `r` may be read at all. */
export function isVisible(has: HasVisible): string {
  return has.acceptedElsewhere ? `(r.accepted_revision is not null or ${isReadable(has)})` : isReadable(has);
}

/** The arguments that tell what may be read; undefined is everything. */
export function visibleAs(visible: Visible | undefined): ArgsOf<typeof visibleArguments> {
  if (!visible) return {};
  const { readable, elsewhere } = visible;
  return { acceptedElsewhere: elsewhere === 'ACCEPTED' ? (1 as const) : undefined, ...readable };
}

/** Which reports to list. `after` is the `id` of the last one seen. */
export interface ReportFilter {
  readonly state?: ReportState;
  /** Everything may be read when left out. */
  readonly visible?: Visible;
  readonly countyId?: number;
  readonly agencyId?: number;
  readonly year?: number;
  /** Only those filed or revised after this instant (ISO 8601, UTC). */
  readonly updatedAfter?: string;
}

/** A report's row, and whether it may be read as it stands, or only as it was accepted. */
export type ListedReport = ReportRow & { readonly inFull: 0 | 1 };

const listed = {
  countyId: optional(integer),
  agencyId: optional(integer),
  year: optional(integer),
  updatedAfter: optional(text),
  state: optional(oneOf(reportStates)),
  ...visibleArguments,
};

const isListed = (has: { readonly [Name in keyof typeof listed]: boolean }) =>
  [
    isVisible(has),
    ...(has.countyId ? ['r.county_id = :countyId'] : []),
    ...(has.agencyId ? ['r.agency_id = :agencyId'] : []),
    ...(has.year ? ['r.year = :year'] : []),
    ...(has.updatedAfter ? ['r.updated_at > :updatedAfter'] : []),
    ...(has.state ? ['r.state = :state'] : []),
  ].join(' and ');

const listedReports = sqlStatement({
  takes: { ...listed, after: integer, limit: integer },
  gives: { ...reportColumns, inFull: flag },
  text: (has) => `select ${reportSelection}, case when ${isReadable(has)} then 1 else 0 end as "inFull"
    from report r where ${isListed(has)} and r.id > :after order by r.id limit :limit`,
});

const countOfReports = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total from report r where ${isListed(has)}`,
});

/** Reports in the order in which they were first filed. */
export async function listReports(
  db: Db,
  filter: ReportFilter,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ListedReport>> {
  const { countyId, agencyId, year, updatedAfter, state } = filter;
  const { counties, agencyIds, acceptedElsewhere } = visibleAs(filter.visible);
  const which = { countyId, agencyId, year, updatedAfter, state, counties, agencyIds, acceptedElsewhere };
  const rows = await readRows(db, listedReports, { after: page.after ?? 0, limit: page.first + 1, ...which });
  const count = await findRow(db, countOfReports, which);
  return pageOf(rows, page.first, count?.total ?? 0);
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

/** A report whose accepted revision is not the one that stands, with what was accepted. */
export interface AcceptedBefore extends Pick<ReportRow, 'agencyId' | 'year' | 'expected' | 'onTime' | 'sample'> {
  readonly content: ReportContent;
}

const acceptedRevisions = sqlStatement({
  takes: { agencyIds: integers, from: integer, to: integer },
  gives: { agencyId: integer, year: integer, expected: flag, onTime: flag, sample: flag, content: nullable(text) },
  text: `select r.agency_id as "agencyId", r.year, r.expected, r.on_time as "onTime", r.sample, v.content
    from report r join revision v
      on v.agency_id = r.agency_id and v.year = r.year and v.number = r.accepted_revision
    where ${isIn('r.agency_id', ':agencyIds')} and r.year between :from and :to
      and r.accepted_revision <> r.revision`,
});

/** What was accepted of some agencies' reports of a span of years that were filed again since. */
export async function acceptedBefore(
  db: Db,
  agencyIds: readonly number[],
  [from, to]: readonly [number, number],
): Promise<AcceptedBefore[]> {
  const rows = await readRows(db, acceptedRevisions, { agencyIds, from, to });
  // Only what has content is accepted.
  return rows.flatMap(({ content, ...row }) => (content === null ? [] : [{ ...row, content: decodeContent(content) }]));
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

const revisionColumns = ['number', 'action', 'hash', 'content', 'actor', 'at', 'reason'] as const;

const revisionOfNumber = statement<{ agencyId: number; year: number; number: number }>()((db, hole) =>
  db
    .selectFrom('revision')
    .select(revisionColumns)
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .where('number', '=', hole('number')),
);

/** Everything a report says, as of one revision; null when that revision is a withdrawal. */
export async function findRevision(
  db: Db,
  agencyId: number,
  year: number,
  number: number,
): Promise<Revision | undefined> {
  const row = await findRow(db, revisionOfNumber, { agencyId, year, number });
  return row && readRevision(row);
}

const revisions = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db
    .selectFrom('revision')
    .select(revisionColumns)
    .where('agency_id', '=', hole('agencyId'))
    .where('year', '=', hole('year'))
    .orderBy('number'),
);

/** Every revision of an agency's report for a year, oldest first; empty when nothing was ever filed. */
export async function listRevisions(db: Db, agencyId: number, year: number): Promise<Revision[]> {
  return (await readRows(db, revisions, { agencyId, year })).map(readRevision);
}

const lastAndFirst = sqlStatement({
  takes: { agencyId: integer, year: integer },
  gives: { number: nullable(integer), firstAt: nullable(text) },
  text: `select max(number) as number, min(at) as "firstAt" from revision where agency_id = :agencyId and year = :year`,
});

/** The number of the last revision, 0 when there is none, and when the first was made. */
export async function lastRevision(
  db: Db,
  agencyId: number,
  year: number,
): Promise<{ readonly number: number; readonly firstAt: string | null }> {
  const row = await findRow(db, lastAndFirst, { agencyId, year });
  return { number: row?.number ?? 0, firstAt: row?.firstAt ?? null };
}

interface RevisionRow extends Omit<Revision, 'content'> {
  readonly content: string | null;
}

function readRevision(row: RevisionRow): Revision {
  return { ...row, content: row.content === null ? null : decodeContent(row.content) };
}

type NewRevision = Omit<Revision, 'content' | 'hash'> & EncodedContent;

const newRevision = statement<NewRevision & { readonly agencyId: number; readonly year: number }>()((db, hole) =>
  db.insertInto('revision').values({
    agency_id: hole('agencyId'),
    year: hole('year'),
    number: hole('number'),
    action: hole('action'),
    hash: hole('hash'),
    content: hole('text'),
    actor: hole('actor'),
    at: hole('at'),
    reason: hole('reason'),
  }),
);

/** Records a revision. Nothing can change or delete it afterwards; the table's triggers refuse. */
export async function insertRevision(trx: Trx, agencyId: number, year: number, revision: NewRevision): Promise<void> {
  await write(trx, newRevision, { agencyId, year, ...revision });
}

/** A report's content as one canonical text, and its hash: equal content has an equal hash. */
export interface EncodedContent {
  readonly text: string | null;
  readonly hash: string;
}

/**
 * Writes content as canonical JSON: members in one order, only the figures that are not zero (nine in ten are),
 * blanks as null. A cell of the form that is not named is zero.
 */
export function encodeContent(content: ReportContent): EncodedContent {
  const figures: Record<string, number | null> = {};
  for (const { key, at } of formOf(content.form).cells) {
    const value = content.figures[at] ?? null;
    if (value !== 0) figures[key] = value;
  }
  const text = JSON.stringify({
    form: content.form,
    figures,
    publishedItems: content.publishedItems,
    engagement: content.engagement,
    narrative: content.narrative,
    source: content.source,
  });
  return { text, hash: hash('sha256', text) };
}

/** What a withdrawal says: nothing. */
export const withdrawnContent: EncodedContent = { text: null, hash: '' };

function decodeContent(text: string): ReportContent {
  // The text was written by encodeContent above and the row cannot be changed.
  const stored = JSON.parse(text) as Omit<ReportContent, 'figures'> & {
    readonly figures: Readonly<Record<string, number | null>>;
  };
  const form = formOf(stored.form);
  const figures = makeZeroFigures(form);
  for (const { key, at } of form.cells) {
    const value = stored.figures[key];
    if (value !== undefined) figures[at] = value;
  }
  return { ...stored, figures };
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

type StateOfReview = Pick<ReportRow, 'state' | 'acceptedRevision'>;

const changedState = statement<StateOfReview & { readonly id: number }>()((db, hole) =>
  db
    .updateTable('report')
    .set({ state: hole('state'), accepted_revision: hole('acceptedRevision') })
    .where('id', '=', hole('id')),
);

/** Says where a report is after a decision about it. */
export async function updateState(trx: Trx, id: number, { state, acceptedRevision }: StateOfReview): Promise<void> {
  await write(trx, changedState, { id, state, acceptedRevision });
}

type PlaceOfReport = Pick<ReportRow, 'countyId' | 'kind' | 'expected' | 'onTime'>;

const changedPlacement = statement<PlaceOfReport & { readonly id: number }>()((db, hole) =>
  db
    .updateTable('report')
    .set({
      county_id: hole('countyId'),
      kind: hole('kind'),
      expected: hole('expected'),
      on_time: hole('onTime'),
    })
    .where('id', '=', hole('id')),
);

/** Moves a report to where its agency belongs, without a revision: its figures stay as filed. */
export async function updatePlacement(trx: Trx, id: number, placement: PlaceOfReport): Promise<void> {
  await write(trx, changedPlacement, { id, ...placement });
}

const noReport = statement<{ id: number }>()((db, hole) => db.deleteFrom('report').where('id', '=', hole('id')));

/** Removes the row of a withdrawn report, and its findings with it. Its revisions stay. */
export async function deleteReport(trx: Trx, id: number): Promise<void> {
  await write(trx, noReport, { id });
}

const findingsOfReport = statement<{ reportId: number }>()((db, hole) =>
  db.selectFrom('finding').select('body').where('report_id', '=', hole('reportId')).orderBy('position'),
);

/** The findings that stand beside a report, in the order in which they were found. */
export async function findFindings(db: Db, reportId: number): Promise<Finding[]> {
  const rows = await readRows(db, findingsOfReport, { reportId });
  // The bodies were written by replaceFindings from findings.
  return rows.map((row) => JSON.parse(row.body) as Finding);
}

const noFindings = statement<{ reportId: number }>()((db, hole) =>
  db.deleteFrom('finding').where('report_id', '=', hole('reportId')),
);

const newFindings = sqlStatement({
  takes: { reportId: integer, findings: listOf<Finding>() },
  text: `insert into finding (report_id, position, code, severity, body)
    select :reportId, f.key, ${textAt('f.value', 'code')}, ${textAt('f.value', 'severity')}, f.value
    from ${itemsOf(':findings', 'f')}`,
});

/** Puts the findings of a report in the place of those it had. */
export async function replaceFindings(trx: Trx, reportId: number, findings: readonly Finding[]): Promise<void> {
  await write(trx, noFindings, { reportId });
  if (findings.length > 0) await write(trx, newFindings, { reportId, findings });
}
