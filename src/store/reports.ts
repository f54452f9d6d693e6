/** Reports as they stand, their revisions and their findings. Every write here is one step of a transaction. */

import { hash } from 'node:crypto';
import type { Finding } from '../form/check.js';
import { makeBlankFigures, makeZeroFigures } from '../form/figures.js';
import { type Cell, type Figures, type FormId, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import type { AgencyKind, Page, ReportState } from '../words.js';
import { cellColumns, columnOf } from './columns.js';
import { insertRow, readValues, runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';

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

const reportColumns = `r.id, r.agency_id as agencyId, r.year, r.form, r.county_id as countyId, r.kind, r.expected,
  r.on_time as onTime, r.sample, r.revision, r.state, r.accepted_revision as acceptedRevision, r.submitted_on as submittedOn, r.filed_at as filedAt,
  r.updated_at as updatedAt`;

/** The report of an agency for a year as it stands; undefined when none was filed or it was withdrawn. */
export async function findReport(db: Db, agencyId: number, year: number): Promise<ReportRow | undefined> {
  const rows = await runSql<ReportRow>(
    db,
    `select ${reportColumns} from report r where r.agency_id = ? and r.year = ?`,
    [agencyId, year],
  );
  return rows[0];
}

/** Every report of an agency, oldest year first. */
export async function reportsOfAgency(db: Db, agencyId: number): Promise<ReportRow[]> {
  return runSql<ReportRow>(db, `select ${reportColumns} from report r where r.agency_id = ? order by r.year`, [
    agencyId,
  ]);
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

/** A condition, and what is bound to it. */
interface Condition {
  readonly clause: string;
  readonly bound: readonly string[];
}

function withinSet({ counties, agencyIds }: ReadableSet): Condition {
  return {
    clause: `((r.county_id, r.year) in (select value ->> 0, value ->> 1 from json_each(?))
      or r.agency_id in (select value from json_each(?)))`,
    bound: [JSON.stringify(counties), JSON.stringify(agencyIds)],
  };
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

/** Reports in the order in which they were first filed. */
export async function listReports(
  db: Db,
  filter: ReportFilter,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ListedReport>> {
  const conditions: [string, unknown][] = [
    ['r.county_id = ?', filter.countyId],
    ['r.agency_id = ?', filter.agencyId],
    ['r.year = ?', filter.year],
    ['r.updated_at > ?', filter.updatedAfter],
    ['r.state = ?', filter.state],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const { inFull, where } = visibleSql(filter.visible);
  const clause = [where.clause, ...asked.map(([condition]) => condition)].join(' and ');
  const bound = [...where.bound, ...asked.map(([, value]) => value)];
  const rows = await runSql<ListedReport>(
    db,
    `select ${reportColumns}, ${inFull.clause} as inFull from report r where ${clause} and r.id > ?
     order by r.id limit ?`,
    [...inFull.bound, ...bound, page.after ?? 0, page.first + 1],
  );
  const count = await runSql<{ total: number }>(db, `select count(*) as total from report r where ${clause}`, bound);
  return { items: rows.slice(0, page.first), total: count[0]?.total ?? 0, more: rows.length > page.first };
}

/** Of a report `r`: whether it may be read as it stands, and the condition under which it may be read at all. */
export function visibleSql(visible: Visible | undefined): { readonly inFull: Condition; readonly where: Condition } {
  const always: Condition = { clause: 'true', bound: [] };
  if (!visible) return { inFull: always, where: always };
  const inFull = withinSet(visible.readable);
  if (visible.elsewhere === 'NOTHING') return { inFull, where: inFull };
  return { inFull, where: { ...inFull, clause: `(r.accepted_revision is not null or ${inFull.clause})` } };
}

/** Where the reports of some agencies for some years belong. */
export async function countiesOfReports(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<Pick<ReportRow, 'agencyId' | 'year' | 'countyId'>[]> {
  return runSql(
    db,
    `select agency_id as agencyId, year, county_id as countyId from report
     where agency_id in (select value from json_each(?)) and year in (select value from json_each(?))`,
    [JSON.stringify(agencyIds), JSON.stringify(years)],
  );
}

/** A report whose accepted revision is not the one that stands, with what was accepted. */
export interface AcceptedBefore extends Pick<ReportRow, 'agencyId' | 'year' | 'expected' | 'onTime' | 'sample'> {
  readonly content: ReportContent;
}

/** What was accepted of some agencies' reports of a span of years that were filed anew since. */
export async function acceptedBefore(
  db: Db,
  agencyIds: readonly number[],
  [from, to]: readonly [number, number],
): Promise<AcceptedBefore[]> {
  const rows = await runSql<Omit<AcceptedBefore, 'content'> & { content: string }>(
    db,
    `select r.agency_id as agencyId, r.year, r.expected, r.on_time as onTime, r.sample, v.content
     from report r join revision v
       on v.agency_id = r.agency_id and v.year = r.year and v.number = r.accepted_revision
     where r.agency_id in (select value from json_each(?)) and r.year between ? and ?
       and r.accepted_revision <> r.revision`,
    [JSON.stringify(agencyIds), from, to],
  );
  return rows.map((row) => ({ ...row, content: decodeContent(row.content) }));
}

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
  const [row] = await readValues<readonly [form: FormId, ...figures: (number | null)[]]>(db, figuresSql(cells), [
    agencyId,
    year,
  ]);
  if (!row) return undefined;
  const [form, ...values] = row;
  const figures = makeBlankFigures();
  for (const [index, { at }] of cells.entries()) figures[at] = values[index] ?? null;
  return { form, figures };
}

/** Kept with its cells: to write the text for 40 cells again takes 7 µs. */
const figureStatements = new WeakMap<readonly Cell[], string>();

function figuresSql(cells: readonly Cell[]): string {
  const known = figureStatements.get(cells);
  if (known) return known;
  const text = `select ${['form', ...cells.map(columnOf)].join(', ')} from report where agency_id = ? and year = ?`;
  figureStatements.set(cells, text);
  return text;
}

/** Everything a report says, as of one revision; null when that revision is a withdrawal. */
export async function findRevision(
  db: Db,
  agencyId: number,
  year: number,
  number: number,
): Promise<Revision | undefined> {
  const rows = await runSql<RevisionRow>(
    db,
    `select ${revisionColumns} from revision where agency_id = ? and year = ? and number = ?`,
    [agencyId, year, number],
  );
  return rows[0] && readRevision(rows[0]);
}

/** Every revision of an agency's report for a year, oldest first; empty when nothing was ever filed. */
export async function listRevisions(db: Db, agencyId: number, year: number): Promise<Revision[]> {
  const rows = await runSql<RevisionRow>(
    db,
    `select ${revisionColumns} from revision where agency_id = ? and year = ? order by number`,
    [agencyId, year],
  );
  return rows.map(readRevision);
}

/** The number of the last revision, 0 when there is none, and when the first was made. */
export async function lastRevision(
  db: Db,
  agencyId: number,
  year: number,
): Promise<{ readonly number: number; readonly firstAt: string | null }> {
  const rows = await runSql<{ number: number | null; firstAt: string | null }>(
    db,
    'select max(number) as number, min(at) as firstAt from revision where agency_id = ? and year = ?',
    [agencyId, year],
  );
  return { number: rows[0]?.number ?? 0, firstAt: rows[0]?.firstAt ?? null };
}

interface RevisionRow extends Omit<Revision, 'content'> {
  readonly content: string | null;
}

const revisionColumns = 'number, action, hash, content, actor, at, reason';

function readRevision(row: RevisionRow): Revision {
  return { ...row, content: row.content === null ? null : decodeContent(row.content) };
}

/** Records a revision. Nothing can change or delete it afterwards; the table's triggers refuse. */
export async function insertRevision(
  trx: Trx,
  agencyId: number,
  year: number,
  revision: Omit<Revision, 'content' | 'hash'> & EncodedContent,
): Promise<void> {
  await runSql(
    trx,
    `insert into revision (agency_id, year, number, action, hash, content, actor, at, reason)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      agencyId,
      year,
      revision.number,
      revision.action,
      revision.hash,
      revision.text,
      revision.actor,
      revision.at,
      revision.reason,
    ],
  );
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

const insertReportSql = `insert into report (agency_id, year, form, county_id, kind, expected, on_time, sample, revision,
    submitted_on, filed_at, updated_at, published_total, ${cellColumns.join(', ')})
  values (${Array.from({ length: 13 + cellColumns.length }, () => '?').join(', ')})`;
const updateReportSql = `update report set form = ?, county_id = ?, kind = ?, expected = ?, on_time = ?, sample = ?,
    revision = ?, state = ?, submitted_on = ?, updated_at = ?, published_total = ?,
    ${cellColumns.map((column) => `${column} = ?`).join(', ')} where id = ?`;

/** Inserts the row of a report and returns its id. */
export async function insertReport(trx: Trx, row: Omit<ReportRow, 'id'>, content: ReportContent): Promise<number> {
  return insertRow(trx, insertReportSql, [
    row.agencyId,
    row.year,
    row.form,
    row.countyId,
    row.kind,
    row.expected,
    row.onTime,
    row.sample,
    row.revision,
    row.submittedOn,
    row.filedAt,
    row.updatedAt,
    content.publishedItems?.total ?? null,
    ...content.figures,
  ]);
}

/** Replaces the row of a report by what its new revision says. */
export async function updateReport(trx: Trx, row: ReportRow, content: ReportContent): Promise<void> {
  await runSql(trx, updateReportSql, [
    row.form,
    row.countyId,
    row.kind,
    row.expected,
    row.onTime,
    row.sample,
    row.revision,
    row.state,
    row.submittedOn,
    row.updatedAt,
    content.publishedItems?.total ?? null,
    ...content.figures,
    row.id,
  ]);
}

/** Says where a report is after a decision about it. */
export async function updateState(
  trx: Trx,
  id: number,
  { state, acceptedRevision }: Pick<ReportRow, 'state' | 'acceptedRevision'>,
): Promise<void> {
  await runSql(trx, 'update report set state = ?, accepted_revision = ? where id = ?', [state, acceptedRevision, id]);
}

/** Moves a report to where its agency belongs, without a revision: its figures stay as filed. */
export async function updatePlacement(
  trx: Trx,
  id: number,
  placement: Pick<ReportRow, 'countyId' | 'kind' | 'expected' | 'onTime'>,
): Promise<void> {
  await runSql(trx, 'update report set county_id = ?, kind = ?, expected = ?, on_time = ? where id = ?', [
    placement.countyId,
    placement.kind,
    placement.expected,
    placement.onTime,
    id,
  ]);
}

/** Removes the row of a withdrawn report, and its findings with it. Its revisions stay. */
export async function deleteReport(trx: Trx, id: number): Promise<void> {
  await runSql(trx, 'delete from report where id = ?', [id]);
}

/** The findings that stand beside a report, in the order in which they were found. */
export async function findFindings(db: Db, reportId: number): Promise<Finding[]> {
  const rows = await runSql<{ body: string }>(db, 'select body from finding where report_id = ? order by position', [
    reportId,
  ]);
  // The bodies were written by replaceFindings from findings.
  return rows.map((row) => JSON.parse(row.body) as Finding);
}

/** Puts the findings of a report in the place of those it had. */
export async function replaceFindings(trx: Trx, reportId: number, findings: readonly Finding[]): Promise<void> {
  await runSql(trx, 'delete from finding where report_id = ?', [reportId]);
  if (findings.length === 0) return;
  await runSql(
    trx,
    `insert into finding (report_id, position, code, severity, body)
     select ?, key, value ->> 'code', value ->> 'severity', value from json_each(?)`,
    [reportId, JSON.stringify(findings)],
  );
}
