/** The use cases that read the revisions of a report, and what changed from each to the next. */

import { mayAct, requireScope } from '../access/authority.js';
import { inclusionFor, mayNamePersons, type Reader } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import { type Cell, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { isSamePart, textParts } from '../form/same-content.js';
import { Problem } from '../problem.js';
import { resolveAgency } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/lineage.js';
import { findReport } from '../store/reports.js';
import { listReviews } from '../store/reviews.js';
import { listRevisions, type Revision } from '../store/revisions.js';
import { type BriefReview, briefReview, notAccepted, notFiled } from './report-view.js';

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
  const named = await mayNamePersons(db, reader.caller, { countyId: agency.countyId, agencyId: agency.id }, year);
  if (inclusion === null || seen.length === 0) throw await revisionsHidden(db, reader, agency, year);
  return {
    agency,
    revisions: seen.map((revision, index) => {
      const review = lastOf(revision.number);
      return {
        ...revision,
        actor: named ? revision.actor : null,
        review: review ? { ...briefReview(review), ...(!named && { actor: null }) } : null,
        changes: changesBetween(seen[index - 1]?.content ?? null, revision.content),
      };
    }),
  };
}

async function revisionsHidden(db: Db, reader: Reader, agency: Agency, year: number): Promise<Problem> {
  const row = await findReport(db, agency.id, year);
  if (row) return notAccepted(db, reader, agency, row);
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
function changesBetween(from: ReportContent | null, to: ReportContent | null): Change[] {
  if (!from || !to) return [];
  const figureIn = ({ form, figures }: ReportContent, cell: Cell) =>
    formOf(form).has(cell) ? figures[cell.at] : undefined;
  const cells = [...new Set([...formOf(from.form).cells, ...formOf(to.form).cells])]
    .map((cell) => ({ pointer: cell.pointer, cell: cell.key, from: figureIn(from, cell), to: figureIn(to, cell) }))
    .filter((change) => change.from !== change.to);
  const parts = [
    ...(from.form === to.form ? [] : (['form'] as const)),
    ...textParts.filter((part) => !isSamePart(from[part], to[part])),
  ];
  return [...cells, ...parts.map((part) => ({ pointer: `/${part}`, cell: null, from: from[part], to: to[part] }))];
}
