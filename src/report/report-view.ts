/** The use cases that read: a report with its findings, its revisions and what changed between them, lists. */

import { mayAct, requireScope, requireScopeOver } from '../access/authority.js';
import { inclusionFor, type Reader, visibleTo } from '../access/visibility.js';
import { dayInChina, referenceDate, yearInChina } from '../day.js';
import type { Finding } from '../form/check.js';
import { cellOf, firstYear, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { Problem } from '../problem.js';
import { agencyFor, resolveAgency, resolveDivision } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, findAgencyOn } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/divisions.js';
import {
  findFindings,
  findReport,
  findRevision,
  listReports,
  listRevisions,
  type ReportRow,
  type Revision,
} from '../store/reports.js';
import { listReviews, type Note, notesOf, type Review } from '../store/reviews.js';
import type { Page, ReportState } from '../words.js';
import { findFaults } from './findings.js';
import { figuresBefore } from './recheck.js';

/** A finding with what was said of it. */
export interface NotedFinding extends Finding {
  readonly note?: Pick<Note, 'text' | 'at'> & {
    readonly standing: Note['status'];
    readonly actor: string | null;
    /** The figures have changed since it was said. */
    readonly outdated: boolean;
  };
}

/** A decision as it is shown; without the name of who made it to readers without a token. */
export interface BriefReview extends Pick<Review, 'decision' | 'reason' | 'at'> {
  readonly actor: string | null;
}

/** A report as it stands, or as it was accepted, with all it says. */
export interface ReadReport {
  readonly agency: Agency;
  /** The row of what is shown: of an accepted report that was filed anew since, as it was accepted. */
  readonly row: ReportRow;
  readonly content: ReportContent;
  readonly findings: readonly NotedFinding[];
  readonly reason: string | null;
  /** Null for readers without a token for it. */
  readonly actor: string | null;
  /** The last decision about what is shown. */
  readonly review: BriefReview | null;
}

/** A figure or text that differs between two revisions; `from` and `to` are as filed, amounts in 分. */
export interface Change {
  /** RFC 6901 pointer into the filing. */
  readonly pointer: string;
  /** The cell's address, null for a part that is text. */
  readonly cell: string | null;
  readonly from: unknown;
  readonly to: unknown;
}

/** A revision with what it changed; the first of a report changed everything and lists nothing. */
export interface RevisionWithChanges extends Omit<Revision, 'actor'> {
  readonly actor: string | null;
  /** The last decision about it. */
  readonly review: BriefReview | null;
  readonly changes: readonly Change[];
}

/**
 * The report of an agency for a year, as far as the reader may see it: as it stands, or as it was accepted. Throws
 * `not-found` when none stands, saying so if it was withdrawn, and `unauthorized` or `forbidden` where it may not be read.
 */
export async function readReport(db: Db, reader: Reader, code: string, year: number): Promise<ReadReport> {
  const agency = await agencyRead(db, code, year);
  const row = await findReport(db, agency.id, year);
  if (!row) throw await notFiled(db, agency, year);
  return shownReport(db, reader, agency, row);
}

/** The report of an agency for a year as it stands, for whoever has just changed it. */
export async function reportInFull(db: Db, agency: Agency, year: number): Promise<ReadReport> {
  const row = await findReport(db, agency.id, year);
  if (!row) throw await notFiled(db, agency, year);
  return complete(db, agency, row);
}

/** The report of an agency for a year as far as the reader may see it; undefined where there is none to be seen. */
export async function findReportFor(
  db: Db,
  reader: Reader,
  agencyId: number,
  year: number,
): Promise<ReadReport | undefined> {
  const row = await findReport(db, agencyId, year);
  const agency = row && (await findAgencyOn(db, agencyId, referenceDate(year)));
  if (!row || !agency) return undefined;
  const inclusion = await inclusionFor(db, reader, { id: agencyId, countyId: row.countyId }, year);
  if (inclusion === 'ALL') return complete(db, agency, row);
  return inclusion === 'ACCEPTED' && row.acceptedRevision !== null ? accepted(db, agency, row) : undefined;
}

async function shownReport(db: Db, reader: Reader, agency: Agency, row: ReportRow): Promise<ReadReport> {
  const inclusion = await inclusionFor(db, reader, { id: agency.id, countyId: row.countyId }, row.year);
  if (inclusion === 'ALL') return complete(db, agency, row);
  if (inclusion === 'ACCEPTED' && row.acceptedRevision !== null) return accepted(db, agency, row);
  throw await hidden(db, reader, agency, row);
}

/** Whoever asks learns that it was filed, as the coverage of the county says, and no more. */
async function hidden(db: Db, { caller, open }: Reader, agency: Agency, row: ReportRow): Promise<Problem> {
  const name = `${agency.name} (${agency.code})`;
  if (open === 'none') {
    requireScopeOver(
      caller,
      'read',
      { lineage: await lineageOf(db, row.countyId, row.year), agencyId: agency.id },
      agency,
    );
  }
  return new Problem(
    caller.kind === 'stranger' ? 'unauthorized' : 'forbidden',
    {
      zh: '该报告尚待审核，审核通过前须有令牌方可读取。',
      en: `The report of ${name} for ${row.year} is filed and not accepted yet; until then it takes a token for it.`,
    },
    { reason: 'not-accepted' },
  );
}

/** To read is not to file: a year in which the agency was not alive has no report, which is no fault of the caller's. */
async function agencyRead(db: Db, code: string, year: number): Promise<Agency> {
  try {
    return await agencyFor(db, code, year);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'agency-closed') {
      throw new Problem('not-found', error.detail, error.members);
    }
    throw error;
  }
}

async function complete(db: Db, agency: Agency, row: ReportRow): Promise<ReadReport> {
  const revision = await findRevision(db, row.agencyId, row.year, row.revision);
  if (!revision?.content) throw new Error('a report that stands has a revision with content');
  const { content, reason, actor } = revision;
  const notes = (await notesOf(db, [row])).get(`${row.agencyId} ${row.year}`);
  const findings = withNotes(await findFindings(db, row.id), notes);
  return { agency, row, content, findings, reason, actor, review: await reviewOf(db, row) };
}

/** What the public sees of a report: what was accepted, without names, and no figure that was not. */
async function accepted(db: Db, agency: Agency, row: ReportRow): Promise<ReadReport> {
  const { agencyId, year } = row;
  const revision = await findRevision(db, agencyId, year, row.acceptedRevision ?? 0);
  if (!revision?.content) throw new Error('an accepted revision has content');
  const { content, reason, number, at } = revision;
  const shown = { ...row, form: content.form, revision: number, state: 'ACCEPTED', updatedAt: at } as const;
  const notes = (await notesOf(db, [row])).get(`${agencyId} ${year}`)?.map((note) => ({ ...note, actor: null }));
  const findings = withNotes(findFaults(content, year, await figuresBefore(db, agencyId, year, 'ACCEPTED')), notes);
  const review = await reviewOf(db, shown);
  return { agency, row: shown, content, findings, reason, actor: null, review: review && { ...review, actor: null } };
}

async function reviewOf(db: Db, { agencyId, year, revision, state }: ReportRow): Promise<BriefReview | null> {
  if (state === 'SUBMITTED') return null;
  const last = (await listReviews(db, agencyId, year)).findLast((review) => review.revision === revision);
  return last ? briefReview(last) : null;
}

function briefReview({ decision, reason, actor, at }: Review): BriefReview {
  return { decision, reason, actor, at };
}

/** Puts what was said of findings beside them. */
function withNotes(
  findings: readonly Finding[],
  notes: readonly (Omit<Note, 'actor'> & { readonly actor: string | null })[] = [],
): readonly NotedFinding[] {
  if (notes.length === 0) return findings;
  return findings.map((finding) => {
    const found = notes.find(({ code, pointer }) => code === finding.code && pointer === finding.pointer);
    if (!found) return finding;
    const { status, text, actor, at, sides } = found;
    const outdated = sides[0] !== finding.left || sides[1] !== finding.right;
    return { ...finding, note: { standing: status, text, actor, at, outdated } };
  });
}

async function notFiled(db: Db, agency: Agency, year: number): Promise<Problem> {
  const last = (await listRevisions(db, agency.id, year)).at(-1);
  const name = `${agency.name} (${agency.code})`;
  if (last?.action === 'withdrawn') {
    return new Problem(
      'not-found',
      {
        zh: '该报告已撤回，历史版本仍可查阅。',
        en: `The report of ${name} for ${year} was withdrawn on ${last.at}; its revisions stay readable.`,
      },
      { withdrawnAt: last.at, revisions: `/v1/reports/${agency.code}/${year}/revisions` },
    );
  }
  return new Problem('not-found', {
    zh: `该机关 ${year} 年度未报送。`,
    en: `${name} has not filed a report for ${year}.`,
  });
}

/**
 * The revisions of a report that the reader may see, oldest first, withdrawn ones too; the public sees those that
 * were accepted. Throws `not-found` when there is nothing to be seen.
 */
export async function readRevisions(
  db: Db,
  reader: Reader,
  code: string,
  year: number,
): Promise<{ readonly agency: Agency; readonly revisions: readonly RevisionWithChanges[] }> {
  // A report can have been withdrawn and its agency then closed for that year; what was filed stays readable.
  const agency = await resolveAgency(db, code, referenceDate(year));
  const inclusion = await inclusionFor(db, reader, agency, year);
  const all = await listRevisions(db, agency.id, year);
  if (all.length === 0) throw await notFiled(db, agency, year);
  const reviews = await listReviews(db, agency.id, year);
  const lastOf = (number: number) => reviews.findLast((review) => review.revision === number);
  const seen = inclusion === 'ALL' ? all : all.filter(({ number }) => lastOf(number)?.decision === 'ACCEPTED');
  if (inclusion === null || seen.length === 0) throw await revisionsHidden(db, reader, agency, year);
  return {
    agency,
    revisions: seen.map((revision, index) => {
      const review = lastOf(revision.number);
      return {
        ...revision,
        actor: inclusion === 'ALL' ? revision.actor : null,
        review: review ? { ...briefReview(review), ...(inclusion !== 'ALL' && { actor: null }) } : null,
        changes: changesBetween(seen[index - 1]?.content ?? null, revision.content),
      };
    }),
  };
}

async function revisionsHidden(db: Db, reader: Reader, agency: Agency, year: number): Promise<Problem> {
  const row = await findReport(db, agency.id, year);
  if (row) return hidden(db, reader, agency, row);
  const { caller } = reader;
  const lineage = await lineageOf(db, agency.countyId, year);
  if (!mayAct(caller, 'read', { lineage, agencyId: agency.id })) requireScope(caller, 'read');
  return notFiled(db, agency, year);
}

/** One revision in full. Throws `not-found` when there is none of that number to be seen. */
export async function readRevision(
  db: Db,
  reader: Reader,
  code: string,
  year: number,
  number: number,
): Promise<{ readonly agency: Agency; readonly revision: RevisionWithChanges }> {
  const { agency, revisions } = await readRevisions(db, reader, code, year);
  const revision = revisions.find((candidate) => candidate.number === number);
  if (!revision) {
    throw new Problem('not-found', {
      zh: `没有第 ${number} 版。`,
      en: `The report of ${agency.code} for ${year} has ${revisions.length} revision(s), no ${number}.`,
    });
  }
  return { agency, revision };
}

/** What differs between two contents, cell by cell; nothing when either is none (a first filing, a withdrawal). */
export function changesBetween(from: ReportContent | null, to: ReportContent | null): Change[] {
  if (!from || !to) return [];
  const keys = new Set([...formOf(from.form).cells, ...formOf(to.form).cells].map((cell) => cell.key));
  const cells = [...keys]
    .filter((key) => from.figures[key] !== to.figures[key])
    .map((key) => ({
      pointer: cellOf(key).pointer,
      cell: key,
      from: from.figures[key],
      to: to.figures[key],
    }));
  const parts = (['form', 'publishedItems', 'engagement', 'narrative', 'source'] as const)
    .filter((part) => JSON.stringify(from[part]) !== JSON.stringify(to[part]))
    .map((part) => ({ pointer: `/${part}`, cell: null, from: from[part], to: to[part] }));
  return [...cells, ...parts];
}

/** Which reports a list asks for; a code means what has it on 31 December of the year, or today without a year. */
export interface ReportQuery {
  readonly county?: string | undefined;
  readonly agency?: string | undefined;
  readonly year?: number | undefined;
  readonly updatedAfter?: string | undefined;
  readonly state?: ReportState | undefined;
}

/**
 * A page of the reports that a reader may see, in the order in which they were first filed. Throws `unknown-division`
 * or `unknown-agency` for a county or agency the register lacks.
 */
export async function readReports(
  db: Db,
  reader: Reader & { readonly now: Date },
  query: ReportQuery,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ReadReport>> {
  const day = query.year === undefined ? dayInChina(reader.now) : referenceDate(query.year);
  const county = query.county === undefined ? undefined : await resolveDivision(db, query.county, day);
  const agency = query.agency === undefined ? undefined : await resolveAgency(db, query.agency, day);
  const visible = await visibleTo(db, reader, query.year === undefined ? everyYear(reader.now) : [query.year]);
  const found = await listReports(
    db,
    {
      ...(county ? { countyId: county.id } : {}),
      ...(agency ? { agencyId: agency.id } : {}),
      ...(query.year === undefined ? {} : { year: query.year }),
      ...(query.updatedAfter === undefined ? {} : { updatedAfter: query.updatedAfter }),
      ...(query.state === undefined ? {} : { state: query.state }),
      ...(visible ? { visible } : {}),
    },
    page,
  );
  const items: ReadReport[] = [];
  for (const { inFull, ...row } of found.items) {
    const state = await findAgencyOn(db, row.agencyId, referenceDate(row.year));
    if (!state) throw new Error(`report ${row.id} stands without its agency`);
    items.push(await (inFull ? complete(db, state, row) : accepted(db, state, row)));
  }
  return { ...found, items };
}

function everyYear(now: Date): number[] {
  const last = yearInChina(now);
  return Array.from({ length: last - firstYear + 1 }, (_, index) => firstYear + index);
}
