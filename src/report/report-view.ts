/** The use cases that read one report, with its findings and what was said of them. */

import { inclusionFor, type Reader } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import type { Finding } from '../form/check.js';
import type { ReportContent } from '../form/report.js';
import { Problem } from '../problem.js';
import { agencyFor } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { findFindings } from '../store/findings.js';
import { type Agency, findAgencyOn } from '../store/register/agencies.js';
import { acceptedRow, findReport, type ReportRow } from '../store/reports.js';
import { listReviews, type Note, notesOf, type Review } from '../store/reviews.js';
import { findRevision, type Revision } from '../store/revisions.js';
import type { Inclusion } from '../words.js';
import { findFaults } from './findings.js';
import { figuresBefore } from './recheck.js';
import { notAccepted, notFiled } from './unreadable.js';

/** A finding with what was said of it. */
interface NotedFinding extends Finding {
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

/** A current report, or what was accepted of it, with all it says. */
export interface ReadReport {
  readonly agency: Agency;
  /** The row of what is shown: of a report that was revised since it was accepted, the accepted revision. */
  readonly row: ReportRow;
  readonly content: ReportContent;
  readonly findings: readonly NotedFinding[];
  readonly reason: string | null;
  /** Null for readers without a token for it. */
  readonly actor: string | null;
  /** The last decision about what is shown. */
  readonly review: BriefReview | null;
}

/**
 * The report of an agency for a year, as far as the reader may see it: the current one, or what was accepted. Throws
 * `not-found` when there is none, saying so if it was withdrawn, and `unauthorized` or `forbidden` where it may not be read.
 */
export async function readReport(db: Db, reader: Reader, code: string, year: number): Promise<ReadReport> {
  const agency = await agencyRead(db, code, year);
  const row = await findReport(db, agency.id, year);
  if (!row) throw await notFiled(db, agency, year);
  const inclusion = await inclusionFor(db, reader, { id: agency.id, countyId: row.countyId }, year);
  const shown = inclusion === null ? undefined : await showReport(db, agency, row, inclusion);
  if (!shown) throw await notAccepted(db, reader, agency, row);
  return shown;
}

/** The current report of an agency for a year, for the caller who has just changed it. */
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
  return inclusion === null ? undefined : showReport(db, agency, row, inclusion);
}

/** A report in its current revision (`ALL`) or in the accepted one; undefined where none was accepted. */
export async function showReport(
  db: Db,
  agency: Agency,
  row: ReportRow,
  inclusion: Inclusion,
): Promise<ReadReport | undefined> {
  if (inclusion === 'ALL') return complete(db, agency, row);
  const shown = acceptedRow(row);
  return shown && accepted(db, agency, row, shown);
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
  if (!revision?.content) throw new Error('a current report has a revision with content');
  return viewOf(db, agency, row, revision, await findFindings(db, row.id));
}

/** A report in its current revision, whose findings are known, with what was said of them and decided about it. */
export async function viewOf(
  db: Db,
  agency: Agency,
  row: ReportRow,
  { content, reason, actor }: Pick<Revision, 'content' | 'reason' | 'actor'>,
  found: readonly Finding[],
): Promise<ReadReport> {
  if (!content) throw new Error('a current report has a revision with content');
  const notes = found.length === 0 ? undefined : (await notesOf(db, [row])).get(`${row.agencyId} ${row.year}`);
  return { agency, row, content, findings: withNotes(found, notes), reason, actor, review: await reviewOf(db, row) };
}

/** What the public sees of a report: what was accepted, without names, and no figure that was not. */
async function accepted(db: Db, agency: Agency, current: ReportRow, row: ReportRow): Promise<ReadReport> {
  const { agencyId, year, revision: number } = row;
  const revision = await findRevision(db, agencyId, year, number);
  if (!revision?.content) throw new Error('an accepted revision has content');
  const { content, reason } = revision;
  // What is said of a finding once another revision was filed is about that one.
  const next = number === current.revision ? undefined : await findRevision(db, agencyId, year, number + 1);
  const notes = (await notesOf(db, [row]))
    .get(`${agencyId} ${year}`)
    ?.filter((note) => !next || note.at < next.at)
    .map((note) => ({ ...note, actor: null }));
  const findings = withNotes(findFaults(content, year, await figuresBefore(db, agencyId, year, 'ACCEPTED')), notes);
  const review = await reviewOf(db, row);
  return {
    agency,
    row: { ...row, form: content.form },
    content,
    findings,
    reason,
    actor: null,
    review: review && { ...review, actor: null },
  };
}

async function reviewOf(db: Db, { agencyId, year, revision, state }: ReportRow): Promise<BriefReview | null> {
  if (state === 'SUBMITTED') return null;
  const last = (await listReviews(db, agencyId, year)).findLast((review) => review.revision === revision);
  return last ? briefReview(last) : null;
}

/** A decision as it is shown to a reader with a token. */
export function briefReview({ decision, reason, actor, at }: Review): BriefReview {
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
