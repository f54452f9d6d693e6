/** The current report of an agency for a year, to be changed: what it says, and whether it is the revision that is meant. */

import { dayInChina } from '../day.js';
import type { ReportContent } from '../form/report.js';
import { Problem } from '../problem.js';
import { agencyFor } from '../register/codes.js';
import type { Trx } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/lineage.js';
import { findReport, type ReportRow } from '../store/reports.js';
import { findRevision } from '../store/revisions.js';

/** The revisions that a caller means to replace or withdraw; `any` is the current one. */
export type NamedRevisions = readonly number[] | 'any';

/** A current report, and the agency it is of. */
export interface CurrentReport {
  readonly agency: Agency;
  readonly row: ReportRow;
  readonly content: ReportContent;
  /** Its county and all above it on 31 December. */
  readonly lineage: readonly number[];
}

/** The current report of an agency for a year, in a transaction that is to change it. Throws `not-found`. */
export async function currentReport(trx: Trx, code: string, year: number): Promise<CurrentReport> {
  const agency = await agencyFor(trx, code, year);
  const row = await findReport(trx, agency.id, year);
  if (!row) {
    throw new Problem('not-found', {
      zh: `${agency.name} ${year} 年度未报送。`,
      en: `${agency.code} has no report for ${year}.`,
    });
  }
  const stored = await findRevision(trx, agency.id, year, row.revision);
  if (!stored?.content) throw new Error('a current report has a revision with content');
  return { agency, row, content: stored.content, lineage: await lineageOf(trx, row.countyId, year) };
}

/** What of a report was accepted; undefined when nothing was. */
export async function acceptedContent(
  trx: Trx,
  row: ReportRow,
  current: ReportContent,
): Promise<ReportContent | undefined> {
  if (row.acceptedRevision === null) return undefined;
  if (row.acceptedRevision === row.revision) return current;
  const accepted = await findRevision(trx, row.agencyId, row.year, row.acceptedRevision);
  if (!accepted?.content) throw new Error('an accepted revision has content');
  return accepted.content;
}

/**
 * The day of a report that counts for the deadline, YYYY-MM-DD: its stated day of publication, else the day in China on
 * which the agency first filed one for the year. To withdraw and file again is to correct, as a revision is.
 */
export function submissionDay(content: ReportContent, filedAt: string): string {
  return content.source?.publishedOn ?? dayInChina(new Date(filedAt));
}

/** A report as the audit log names it. */
export function subjectOf(agency: Pick<Agency, 'code'>, year: number): string {
  return `/v1/reports/${agency.code}/${year}`;
}

/**
 * Throws `revision-required` when no revision is named to be replaced or withdrawn, and `stale-revision` when the
 * current one is not among those named.
 */
export function requireMatch(existing: ReportRow, agency: Agency, ifMatch: NamedRevisions | undefined): void {
  if (ifMatch === undefined) {
    throw new Problem(
      'revision-required',
      {
        zh: `该报告现为第 ${existing.revision} 版，请在 If-Match 中给出其 ETag。`,
        en: `The report stands at revision ${existing.revision}; send its ETag in If-Match.`,
      },
      { revision: existing.revision },
    );
  }
  if (ifMatch !== 'any' && !ifMatch.includes(existing.revision))
    throw staleRevision(agency, existing.year, existing.revision);
}

/** Throws `stale-revision` when the current revision is among those that must not be. */
export function requireNoMatch(existing: ReportRow, agency: Agency, ifNoneMatch: NamedRevisions): void {
  if (ifNoneMatch === 'any' || ifNoneMatch.includes(existing.revision))
    throw staleRevision(agency, existing.year, existing.revision);
}

/** The refusal of a condition on a revision that does not hold; `revision` is the current one, null when there is none. */
export function staleRevision(agency: Agency, year: number, revision: number | null): Problem {
  const now = revision === null ? 'not filed' : `at revision ${revision}`;
  return new Problem(
    'stale-revision',
    {
      zh: `条件所指版本与现状（${revision === null ? '未报送' : `第 ${revision} 版`}）不符，请重新读取。`,
      en: `The report of ${agency.code} for ${year} is ${now}, not what the condition names; read it again.`,
    },
    { revision },
  );
}
