/**
 * The use cases of a reviewer: to accept a report or return it with a reason, and to say of a finding that it is so,
 * or why it is. What was accepted stays readable while a correction of it is looked at.
 */

import { isDeepStrictEqual } from 'node:util';
import { mayAct, requireScopeOver } from '../access/authority.js';
import { readerOf } from '../access/visibility.js';
import { Problem } from '../problem.js';
import { record } from '../store/audit-records.js';
import { changeOfReport } from '../store/changes.js';
import { type CommitOptions, inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { touchAgency } from '../store/register/relatives.js';
import { acceptedRow, type ReportRow, updateState } from '../store/reports.js';
import { insertNote, insertReview, type Note, type Review } from '../store/reviews.js';
import { shiftRollups } from '../store/rollup/rollups.js';
import type { ActContext } from '../words.js';
import { acceptedContent, type CurrentReport, currentReport, subjectOf } from './current-report.js';
import { fault } from './faults.js';
import { findingsFor, recheckFollowing } from './recheck.js';
import { type ReadReport, reportChanged, showAccepted } from './report-view.js';

/** What is decided, about which revision. */
export interface Decision extends Pick<Review, 'decision' | 'revision' | 'reason'> {
  readonly agency: string;
  readonly year: number;
}

/**
 * Accepts the current revision, or returns it with a reason; idempotent. To return what was
 * accepted takes the acceptance back. Throws `not-found`, `forbidden`, `stale-revision` when another revision is current,
 * and `invalid-review` for a return without a reason.
 */
export async function reviewReport(
  db: Db,
  act: ActContext,
  asked: Decision,
  commit: CommitOptions<ReadReport>,
): Promise<ReadReport> {
  return inTransaction(db, commit, async (trx) => {
    const current = await currentReport(trx, asked.agency, asked.year);
    const { agency, row, lineage } = current;
    requireScopeOver(act.caller, 'review', { lineage, agencyId: agency.id }, agency);
    await touchAgency(trx, agency.id);
    if (asked.revision !== row.revision) throw staleReview(asked, row);
    if (asked.decision === 'RETURNED' && asked.reason === null) throw reasonless();
    if (row.state !== asked.decision) await decide(trx, act, current, asked);
    return reportChanged(trx, act, agency, asked.year);
  });
}

async function decide(trx: Trx, act: ActContext, current: CurrentReport, asked: Decision): Promise<void> {
  const { agency, row, content, lineage } = current;
  const { decision, revision, reason } = asked;
  const at = act.now.toISOString();
  const before = await acceptedContent(trx, row, content);
  const decided = { ...row, state: decision, ...acceptanceAfter(row, decision, at), updatedAt: at };
  const { acceptedRevision } = decided;
  const shownOtherwise = acceptedRevision !== row.acceptedRevision;
  if (shownOtherwise) {
    const [was, is] = [acceptedRow(row), acceptedRow(decided)];
    if (before && was) await shiftRollups(trx, was, 'removed', 'ACCEPTED', before, lineage);
    if (is) await shiftRollups(trx, is, 'added', 'ACCEPTED', content, lineage);
  }
  await updateState(trx, row.id, decided);
  if (shownOtherwise) await recheckFollowing(trx, row, ['ACCEPTED']);
  await insertReview(trx, agency.id, asked.year, { revision, decision, reason, actor: act.actor, at });
  await record(trx, act, {
    action: decision === 'ACCEPTED' ? 'report.accept' : 'report.return',
    divisionId: row.countyId,
    subject: subjectOf(agency, asked.year),
    before: { revision, state: row.state, acceptedRevision: row.acceptedRevision },
    after: {
      agency: agency.id,
      year: asked.year,
      revision,
      state: decision,
      acceptedRevision,
      ...(reason !== null && { reason }),
    },
    tells: [
      changeOfReport(decision === 'ACCEPTED' ? 'accepted' : 'returned', agency.code, row, {
        to: shownOtherwise ? ['ALL', 'ACCEPTED'] : ['ALL'],
        reason,
      }),
    ],
  });
}

type Acceptance = Pick<
  ReportRow,
  'acceptedRevision' | 'acceptedAt' | 'acceptedOn' | 'acceptedOnTime' | 'acceptedSample'
>;

/** What of a report is accepted once its current revision was decided about: that one, none, or what was before. */
function acceptanceAfter(row: ReportRow, decision: Decision['decision'], at: string): Acceptance {
  const { acceptedRevision, acceptedAt, acceptedOn, acceptedOnTime, acceptedSample, revision } = row;
  if (decision === 'ACCEPTED') {
    const { submittedOn, onTime, sample } = row;
    return {
      acceptedRevision: revision,
      acceptedAt: at,
      acceptedOn: submittedOn,
      acceptedOnTime: onTime,
      acceptedSample: sample,
    };
  }
  if (revision !== acceptedRevision) {
    return { acceptedRevision, acceptedAt, acceptedOn, acceptedOnTime, acceptedSample };
  }
  return { acceptedRevision: null, acceptedAt: null, acceptedOn: null, acceptedOnTime: null, acceptedSample: null };
}

/** What is said of a finding; `OPEN` takes back what was. */
export interface Remark extends Pick<Note, 'code' | 'pointer' | 'status' | 'text'> {
  readonly agency: string;
  readonly year: number;
}

/**
 * Notes what a person says of a finding: who files may explain it, who reviews may confirm it too. The note stays with
 * the finding when that is recomputed. The public is shown it once the revision is accepted that it was said of, and what is
 * said after that once a reviewer says it. Throws `not-found` for a finding that the report does not have as the caller is
 * shown it, and `forbidden`.
 */
export async function noteFinding(
  db: Db,
  act: ActContext,
  said: Remark,
  commit: CommitOptions<ReadReport>,
): Promise<ReadReport> {
  return inTransaction(db, commit, async (trx) => {
    const { agency, row, content, lineage } = await currentReport(trx, said.agency, said.year);
    const place = { lineage, agencyId: agency.id };
    const scope = said.status !== 'CONFIRMED' && mayAct(act.caller, 'file', place) ? 'file' : 'review';
    requireScopeOver(act.caller, scope, place, agency);
    await touchAgency(trx, agency.id);
    const { code, pointer, status, text } = said;
    const { findings } = await findingsFor(trx, readerOf(act), row, content);
    const finding = findings.find((one) => one.code === code && one.pointer === pointer);
    if (!finding) throw noSuchFinding(said);
    const publicly = await showAccepted(trx, agency, row);
    await insertNote(trx, agency.id, said.year, {
      ...{ code, pointer, status, text },
      sides: [finding.left, finding.right],
      revision: row.revision,
      state: row.state,
      by: mayAct(act.caller, 'review', place) ? 'REVIEWER' : 'FILER',
      actor: act.actor,
      at: act.now.toISOString(),
    });
    const same = isDeepStrictEqual(publicly, await showAccepted(trx, agency, row));
    await record(trx, act, {
      action: 'finding.note',
      divisionId: row.countyId,
      subject: subjectOf(agency, said.year),
      before: null,
      after: { code, pointer, standing: status, text },
      tells: [changeOfReport('noted', agency.code, row, { to: same ? ['ALL'] : ['ALL', 'ACCEPTED'] })],
    });
    return reportChanged(trx, act, agency, said.year);
  });
}

function staleReview({ revision }: Decision, row: ReportRow): Problem {
  return new Problem(
    'stale-revision',
    {
      zh: `现为第 ${row.revision} 版，而非第 ${revision} 版，请重新阅读后再审核。`,
      en: `Revision ${row.revision} stands, not ${revision}; read the report again before you decide.`,
    },
    { revision: row.revision },
  );
}

function reasonless(): Problem {
  const message = { zh: '退回须说明原因 reason。', en: 'reason is required to return a report.' };
  return new Problem('invalid-review', message, {
    errors: [fault('MISSING', '/reason', message)],
  });
}

function noSuchFinding({ code, pointer }: Remark): Problem {
  return new Problem('not-found', {
    zh: '该报告没有此核对结果。',
    en: `The report has no finding ${code.slice(0, 40)} at ${pointer.slice(0, 200)}.`,
  });
}
