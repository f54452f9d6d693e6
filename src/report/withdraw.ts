/** The use case that withdraws a report, with its sums and the findings of the year after, in one transaction. */

import { mayAct, requireScopeOver } from '../access/authority.js';
import { record } from '../store/audit-records.js';
import { changeOfReport } from '../store/changes.js';
import { withdrawnContent } from '../store/contents.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import { forgetDocuments } from '../store/filings/documents.js';
import { touchAgency } from '../store/register/relatives.js';
import { acceptedRow, deleteReport } from '../store/reports.js';
import { insertRevision } from '../store/revisions.js';
import { shiftRollups } from '../store/rollup/rollups.js';
import type { ActContext, Inclusion } from '../words.js';
import {
  acceptedContent,
  currentReport,
  type NamedRevisions,
  requireMatch,
  requireNoMatch,
  subjectOf,
} from './current-report.js';
import { refuseLocked } from './lock.js';
import { recheckFollowing } from './recheck.js';

/**
 * Withdraws a report: it leaves the lists and rollups, its revisions stay readable. `ifMatch` must name the
 * current revision. What was accepted is withdrawn by a reviewer only. Throws `not-found`, `forbidden`,
 * `year-locked`, `revision-required`, `stale-revision`.
 */
export async function withdrawReport(
  db: Db,
  act: ActContext,
  at: { readonly agency: string; readonly year: number; readonly reason: string | null },
  handling: { readonly ifMatch?: NamedRevisions; readonly ifNoneMatch?: NamedRevisions; readonly dryRun?: boolean },
): Promise<void> {
  const { dryRun = false, ifMatch, ifNoneMatch } = handling;
  await inTransaction(db, { dryRun }, async (trx) => {
    const { agency, row, content, lineage } = await currentReport(trx, at.agency, at.year);
    const place = { lineage, agencyId: agency.id };
    // Whether it was accepted is told to those alone who have a say here.
    if (!mayAct(act.caller, 'review', place)) requireScopeOver(act.caller, 'file', place, agency);
    requireScopeOver(act.caller, row.acceptedRevision === null ? 'file' : 'review', place, agency);
    await touchAgency(trx, agency.id);
    requireMatch(row, agency, ifMatch);
    if (ifNoneMatch) requireNoMatch(row, agency, ifNoneMatch);
    await refuseLocked(trx, act, agency, at.year, lineage);
    const accepted = await acceptedContent(trx, row, content);
    await shiftRollups(trx, row, 'removed', 'ALL', content, lineage);
    const shown = acceptedRow(row);
    if (accepted && shown) await shiftRollups(trx, shown, 'removed', 'ACCEPTED', accepted, lineage);
    await deleteReport(trx, row.id);
    await forgetDocuments(trx, agency.id, at.year);
    const number = row.revision + 1;
    await insertRevision(trx, agency.id, at.year, {
      ...withdrawnContent,
      number,
      action: 'withdrawn',
      actor: act.actor,
      at: act.now.toISOString(),
      reason: at.reason,
      sample: 0,
    });
    const to: readonly Inclusion[] = accepted ? ['ALL', 'ACCEPTED'] : ['ALL'];
    await recheckFollowing(trx, row, to);
    await record(trx, act, {
      action: 'report.withdraw',
      divisionId: row.countyId,
      subject: subjectOf(agency, at.year),
      before: { revision: row.revision, state: row.state, acceptedRevision: row.acceptedRevision },
      after: { agency: agency.id, year: at.year, revision: number, reason: at.reason },
      tells: [changeOfReport('withdrawn', agency.code, { ...row, revision: number }, { to, reason: at.reason })],
    });
  });
}
