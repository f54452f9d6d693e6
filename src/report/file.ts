/**
 * The use case that files a report or revises it. The report, its revision, its findings and its sums are written in
 * one transaction or not at all, and the findings of the year after are recomputed in it.
 */

import { isDeepStrictEqual } from 'node:util';
import { requireScopeOver } from '../access/authority.js';
import { readerOf } from '../access/visibility.js';
import { dayInChina } from '../day.js';
import type { Finding, YearBefore } from '../form/check.js';
import type { ReportContent } from '../form/report.js';
import { isSameContent } from '../form/same-content.js';
import { Problem } from '../problem.js';
import { agencyFor } from '../register/codes.js';
import { record } from '../store/audit-records.js';
import { changeOfReport } from '../store/changes.js';
import { encodeContent } from '../store/contents.js';
import { type CommitOptions, inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { type Circumstances, readCircumstances } from '../store/filings/circumstances.js';
import { keepDocument } from '../store/filings/documents.js';
import { clearRefusals } from '../store/filings/refusals.js';
import { insertFindings, replaceFindings } from '../store/findings.js';
import type { Agency } from '../store/register/agencies.js';
import { touchAgency, touchAgencyOf } from '../store/register/relatives.js';
import { findReport, insertReport, type ReportRow, updateReport } from '../store/reports.js';
import { findRevision, insertRevision } from '../store/revisions.js';
import { shiftRollups } from '../store/rollup/rollups.js';
import type { ActContext, Inclusion } from '../words.js';
import {
  type NamedRevisions,
  requireMatch,
  requireNoMatch,
  staleRevision,
  subjectOf,
  submissionDay,
} from './current-report.js';
import { fault } from './faults.js';
import { type Filing, invalidReport } from './filing.js';
import { errorsAmong, findFaults } from './findings.js';
import { refuseLocked } from './lock.js';
import { addFindings, cellsBefore, figuresBefore, recheckFollowing } from './recheck.js';
import { type ReadReport, showAccepted, viewFiled, viewOf } from './report-view.js';

/** How a filing is to be taken. */
export interface Handling extends CommitOptions<Filed> {
  /** `post` refuses to replace what is filed; `put` revises it when the revision named is the current one. */
  readonly method: 'post' | 'put';
  /** The revisions that the caller would replace; left out when not stated. */
  readonly ifMatch?: NamedRevisions;
  /** Only file when nothing is filed yet, or none of these revisions is the current one. */
  readonly ifNoneMatch?: NamedRevisions;
  /** Store what breaks an error-level equation too, its findings beside it (RFC 7240 handling=lenient). */
  readonly lenient?: boolean;
}

/** What became of a filing, and the report as who filed it may read it. */
export interface Filed extends ReadReport {
  readonly outcome: 'created' | 'revised' | 'unchanged';
}

/**
 * Files a report, or revises it; it is then `SUBMITTED`, also where a revision was accepted before. The same content again changes
 * nothing. Throws `forbidden` for an agency that the caller may not file for, `year-locked`, `unbalanced-report` with
 * every broken equation unless lenient, `already-filed`, `revision-required`, `stale-revision` by the method and the
 * conditions; after any throw nothing was stored. Given a transaction it joins it: every refusal is thrown
 * before the first write, so what the caller filed before it is kept.
 */
export async function fileReport(db: Db, act: ActContext, filing: Filing, handling: Handling): Promise<Filed> {
  const { year, content } = filing;
  const within = findFaults(content, year);
  return inTransaction(db, handling, async (trx) => {
    const agency = await agencyFor(trx, filing.agency, year);
    const found = await readCircumstances(trx, agency, year, { today: dayInChina(act.now), cells: cellsBefore });
    const { lineage } = found.placement;
    requireScopeOver(act.caller, 'file', { lineage, agencyId: agency.id }, agency);
    await (found.staysInCounty ? touchAgencyOf(trx, agency.countyId) : touchAgency(trx, agency.id));
    if (!handling.lenient) refuseUnbalanced(within);
    const existing = found.isFiled ? await findReport(trx, agency.id, year) : undefined;
    const encoded = encodeContent(content);
    const stored = existing && (await findRevision(trx, agency.id, year, existing.revision));
    if (existing && handling.ifNoneMatch) requireNoMatch(existing, agency, handling.ifNoneMatch);
    if (existing && stored?.content && (stored.hash === encoded.hash || isSameContent(stored.content, content))) {
      return { outcome: 'unchanged', ...(await viewOf(trx, readerOf(act), agency, existing, stored)) };
    }
    checkConditions(existing, agency, filing, handling);
    if (found.isLocked) await refuseLocked(trx, act, agency, year, lineage);
    const publicly = existing && (await showAccepted(trx, agency, existing));
    const storing = { agency, found, filing, existing, replaced: stored?.content ?? null, encoded };
    const row = await store(trx, act, storing);
    const before = found.hasOrigins ? await figuresBefore(trx, agency.id, year, 'ALL') : yearBeforeOf(found);
    const findings = addFindings(content, year, within, before);
    if (existing) await replaceFindings(trx, row.id, findings);
    else await insertFindings(trx, row.id, findings);
    if (found.isRefused) await clearRefusals(trx, agency.id, year);
    if (found.isFollowed) await recheckFollowing(trx, row, ['ALL']);
    const same = isDeepStrictEqual(publicly, await showAccepted(trx, agency, row));
    await recordFiling(trx, act, storing, row, same ? ['ALL'] : ['ALL', 'ACCEPTED']);
    const filed = { agency, row, content, hash: encoded.hash, findings, reason: filing.reason, actor: act.actor };
    return {
      outcome: existing ? 'revised' : 'created',
      ...(await viewFiled(trx, readerOf(act), filed, found)),
    };
  });
}

/** What an agency that none went into said of the year before. */
function yearBeforeOf({ before }: Circumstances): YearBefore | undefined {
  return before && { forms: [before.form], figures: before.figures };
}

function refuseUnbalanced(findings: readonly Finding[]): void {
  const errors = errorsAmong(findings);
  if (errors.length === 0) return;
  throw new Problem(
    'unbalanced-report',
    {
      zh: `有 ${errors.length} 处勾稽关系不符，未保存；请更正，或以 Prefer: handling=lenient（命令行用 --lenient）照原样报送。`,
      en: `${errors.length} equation(s) do not hold; nothing was stored. Correct them, or send Prefer: handling=lenient (the command: --lenient) to file the report as it was published.`,
    },
    { errors, warnings: findings.filter((finding) => finding.severity !== 'error') },
  );
}

function checkConditions(existing: ReportRow | undefined, agency: Agency, filing: Filing, handling: Handling): void {
  if (!existing) {
    if (handling.ifMatch !== undefined) throw staleRevision(agency, filing.year, null);
    return;
  }
  if (handling.method === 'post') {
    throw new Problem(
      'already-filed',
      {
        zh: `${agency.name} ${filing.year} 年度报告已报送且内容不同，请用 PUT 修订（批量报送用 revise=true 并说明原因，命令行用 --revise）。`,
        en: `${agency.code} has filed a different report for ${filing.year}; revise it by PUT with If-Match (an import: revise=true with a reason; the command: --revise).`,
      },
      { location: `/v1/reports/${agency.code}/${filing.year}`, revision: existing.revision },
    );
  }
  requireMatch(existing, agency, handling.ifMatch);
  if (filing.reason === null) {
    throw invalidReport([
      fault('MISSING', '/reason', {
        zh: '修订须说明原因 reason。',
        en: 'reason is required on a revision: why does it replace the last one?',
      }),
    ]);
  }
}

/** A filing on its way into the store: whose it is, and what it replaces. */
interface Storing {
  readonly agency: Agency;
  readonly found: Circumstances;
  readonly filing: Filing;
  readonly existing: ReportRow | undefined;
  readonly replaced: ReportContent | null;
  readonly encoded: ReturnType<typeof encodeContent>;
}

async function store(
  trx: Trx,
  act: ActContext,
  { agency, found, filing, existing, replaced, encoded }: Storing,
): Promise<ReportRow> {
  const { placement } = found;
  const at = act.now.toISOString();
  const filedAt = existing?.filedAt ?? found.firstAt ?? at;
  const submittedOn = submissionDay(filing.content, filedAt);
  const row: Omit<ReportRow, 'id'> = {
    agencyId: agency.id,
    year: filing.year,
    form: filing.content.form,
    countyId: placement.countyId,
    kind: placement.kind,
    expected: placement.expected ? 1 : 0,
    onTime: submittedOn <= placement.due ? 1 : 0,
    sample: act.sample ? 1 : 0,
    revision: (existing?.revision ?? found.lastRevision) + 1,
    state: 'SUBMITTED',
    acceptedRevision: existing?.acceptedRevision ?? null,
    acceptedAt: existing?.acceptedAt ?? null,
    acceptedOn: existing?.acceptedOn ?? null,
    acceptedOnTime: existing?.acceptedOnTime ?? null,
    acceptedSample: existing?.acceptedSample ?? null,
    submittedOn,
    filedAt,
    updatedAt: at,
  };
  // Written out: with members after a spread, V8 takes ten times as long for the object.
  const revision = {
    text: encoded.text,
    hash: encoded.hash,
    number: row.revision,
    action: existing ? 'revised' : 'filed',
    actor: act.actor,
    at,
    reason: filing.reason,
    sample: row.sample,
  } as const;
  if (existing && replaced) {
    await shiftRollups(trx, existing, 'removed', 'ALL', replaced);
  }
  const id = existing?.id ?? (await insertReport(trx, row, filing.content));
  if (existing) await updateReport(trx, { ...row, id }, filing.content);
  await insertRevision(trx, agency.id, filing.year, revision);
  if (filing.document) {
    await keepDocument(trx, { agencyId: agency.id, year: filing.year, number: row.revision }, filing.document);
  }
  await shiftRollups(trx, row, 'added', 'ALL', filing.content, placement.lineage);
  return { id, ...row };
}

/** Records a filing as the last step of it; `to` whom it shows the report otherwise. */
async function recordFiling(
  trx: Trx,
  act: ActContext,
  { agency, filing: { year, reason }, existing, encoded }: Storing,
  row: ReportRow,
  to: readonly Inclusion[],
): Promise<void> {
  await record(trx, act, {
    action: existing ? 'report.revise' : 'report.file',
    divisionId: row.countyId,
    subject: subjectOf(agency, year),
    before: existing ? { revision: existing.revision, state: existing.state } : null,
    after: afterFiling(agency, row, encoded.hash, reason),
    tells: [changeOfReport(existing ? 'revised' : 'filed', agency.code, row, { to, reason })],
  });
}

function afterFiling({ id: agency }: Agency, { year, revision }: ReportRow, content: string, reason: string | null) {
  return reason === null ? { agency, year, revision, content } : { agency, year, revision, content, reason };
}
