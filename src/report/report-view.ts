/** The use cases that read one report, with its findings and what was said of them, or why it cannot be read. */

import { requireScopeOver } from '../access/authority.js';
import { inclusionFor, type LineageOf, mayNamePersons, type Reader, readerOf } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import type { Finding } from '../form/check.js';
import type { ReportContent } from '../form/report.js';
import { Problem } from '../problem.js';
import { agencyFor } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import type { Circumstances } from '../store/filings/circumstances.js';
import { type Agency, findAgencyOn } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/lineage.js';
import { acceptedRow, findReport, type ReportRow } from '../store/reports.js';
import { lastNotes, listReviews, type Note, notesOf, type Review } from '../store/reviews.js';
import { findRevision, listRevisions, type Revision } from '../store/revisions.js';
import type { ActContext, Inclusion } from '../words.js';
import { findFaults } from './findings.js';
import { figuresBefore, findingsFor } from './recheck.js';

/** A finding with what was said of it. */
interface NotedFinding extends Finding {
  readonly note?: Pick<Note, 'text' | 'at'> & {
    readonly standing: Exclude<Note['status'], 'OPEN'>;
    readonly actor: string | null;
    /** The figures have changed since it was said. */
    readonly outdated: boolean;
  };
}

/** A decision as it is shown; without the name of who made it to readers whom no token lets read the place. */
export interface BriefReview extends Pick<Review, 'decision' | 'reason' | 'at'> {
  readonly actor: string | null;
}

/** What is shown of a report beside what it says, for which there is a hash. */
export interface ReportHead {
  readonly agency: Agency;
  /** The row of what is shown: of a report that was revised since it was accepted, the accepted revision. */
  readonly row: ReportRow;
  /** The hash of the revision that is shown: another where the report says anything else. */
  readonly hash: string;
  readonly findings: readonly NotedFinding[];
  readonly reason: string | null;
  /** Null for readers whom no token lets read it. */
  readonly actor: string | null;
  /** The last decision about what is shown. */
  readonly review: BriefReview | null;
}

/** A current report, or what was accepted of it, with all it says. */
export interface ReadReport extends ReportHead {
  readonly content: ReportContent;
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
  const shown = inclusion === null ? undefined : await showReport(db, reader, agency, row, inclusion);
  if (!shown) throw await notAccepted(db, reader, agency, row);
  return shown;
}

/** The current report of an agency for a year, for the caller who has just changed it and so may read it. */
export async function reportChanged(db: Db, act: ActContext, agency: Agency, year: number): Promise<ReadReport> {
  const row = await findReport(db, agency.id, year);
  if (!row) throw await notFiled(db, agency, year);
  return complete(db, readerOf(act), agency, row);
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
  return inclusion === null ? undefined : showReport(db, reader, agency, row, inclusion);
}

/**
 * A report in its current revision (`ALL`) for a reader who may read that, or in the accepted one; undefined where none
 * was accepted.
 */
export async function showReport(
  db: Db,
  reader: Reader,
  agency: Agency,
  row: ReportRow,
  inclusion: Inclusion,
): Promise<ReadReport | undefined> {
  return inclusion === 'ALL' ? complete(db, reader, agency, row) : showAccepted(db, agency, row);
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

async function complete(db: Db, reader: Reader, agency: Agency, row: ReportRow): Promise<ReadReport> {
  const revision = await findRevision(db, row.agencyId, row.year, row.revision);
  if (!revision) throw new Error('a current report has a revision');
  return viewOf(db, reader, agency, row, revision);
}

/** A report in its current revision, with what a reader who may read that is shown of its findings and decisions. */
export async function viewOf(
  db: Db,
  reader: Reader,
  agency: Agency,
  row: ReportRow,
  revision: Pick<Revision, 'content' | 'hash' | 'reason' | 'actor'>,
): Promise<ReadReport> {
  const { content } = revision;
  if (!content) throw new Error('a current report has a revision with content');
  const { findings, of } = await findingsFor(db, reader, row, content);
  const head = headOfCurrent({
    ...{ agency, row, findings, of },
    ...{ hash: revision.hash, reason: revision.reason, actor: revision.actor },
    notes: findings.length === 0 ? [] : await notesOf(db, row),
    reviews: row.state === 'SUBMITTED' ? [] : await listReviews(db, row.agencyId, row.year),
    named: await namesPersons(db, reader, row),
  });
  return { ...head, content };
}

/** A report that was filed just now, with the findings that are kept of it. */
export interface FiledReport extends Pick<ReadReport, 'agency' | 'row' | 'content' | 'hash' | 'reason'> {
  readonly findings: readonly Finding[];
  readonly actor: string;
}

/** The same for the reader who filed it, by what was read before it was written. */
export async function viewFiled(
  db: Db,
  reader: Reader,
  filed: FiledReport,
  found: Pick<Circumstances, 'placement' | 'before' | 'hasOrigins' | 'lastRevision'>,
): Promise<ReadReport> {
  const { agency, row, content, hash, findings, reason, actor } = filed;
  const { placement, before, lastRevision } = found;
  const readsBefore =
    !before ||
    (await inclusionFor(
      db,
      reader,
      { id: agency.id, countyId: before.countyId },
      row.year - 1,
      async () => before.lineage,
    )) === 'ALL';
  if (found.hasOrigins || !readsBefore) return viewOf(db, reader, agency, row, { content, hash, reason, actor });
  const head = headOfCurrent({
    agency,
    row,
    hash,
    findings,
    of: 'whole',
    reason,
    actor,
    // Notes hang on revisions, and there was none.
    notes: findings.length === 0 || lastRevision === 0 ? [] : await notesOf(db, row),
    reviews: [],
    named: await namesPersons(db, reader, row, async () => placement.lineage),
  });
  return { ...head, content };
}

/** Whether a reader of a current report is named persons: by a token for it, or, where anybody may read it, by the token alone. */
export async function namesPersons(db: Db, reader: Reader, row: ReportRow, lineageFor?: LineageOf): Promise<boolean> {
  return reader.open !== 'filed' || mayNamePersons(db, reader.caller, row, row.year, lineageFor);
}

/** What a report is shown by, as it was read. */
export interface ReportParts extends Pick<ReportHead, 'agency' | 'row' | 'hash' | 'reason'> {
  readonly findings: readonly Finding[];
  /** All that was said of its findings, oldest first; may be left out where there are none. */
  readonly notes: readonly Note[];
  /** All decisions about it, oldest first; may be left out where it is not decided. */
  readonly reviews: readonly Review[];
}

/** The same of a current report, for a reader who may read that. */
export interface CurrentParts extends ReportParts {
  readonly actor: string;
  /** Whether the findings are made of the whole year before, or of what the reader may see of it. */
  readonly of: 'whole' | 'part';
  /** Whether persons are named. */
  readonly named: boolean;
}

/** What is shown of a report in its current revision beside what it says. */
export function headOfCurrent(parts: CurrentParts): ReportHead {
  const { agency, row, hash, findings, of, notes, reviews, reason, actor, named } = parts;
  const isOutdated = (note: Note, { left, right }: Finding) =>
    // What a finding was made of for who said it may be more than this reader may see.
    of === 'whole' ? note.sides[0] !== left || note.sides[1] !== right : note.revision !== row.revision;
  const shown: ReportHead = {
    agency,
    row,
    hash,
    findings: withNotes(findings, lastNotes(notes), isOutdated),
    reason,
    actor,
    review: reviewOf(row, reviews),
  };
  return named ? shown : withoutPersons(shown);
}

/** What the public sees of a report: what was accepted, without names, and no figure that was not; undefined for none. */
export async function showAccepted(db: Db, agency: Agency, current: ReportRow): Promise<ReadReport | undefined> {
  const row = acceptedRow(current);
  if (!row) return undefined;
  const { agencyId, year, revision: number } = row;
  const revision = await findRevision(db, agencyId, year, number);
  if (!revision?.content) throw new Error('an accepted revision has content');
  const { content, hash, reason } = revision;
  const findings = findFaults(content, year, await figuresBefore(db, agencyId, year, 'ACCEPTED'));
  const head = headOfAccepted({
    ...{ agency, row: { ...row, form: content.form }, hash, reason, findings },
    notes: findings.length === 0 ? [] : await notesOf(db, row),
    reviews: await listReviews(db, agencyId, year),
  });
  return { ...head, content };
}

/** The same of a report in its accepted revision, of which `row` is. */
export function headOfAccepted({ agency, row, hash, reason, findings, notes, reviews }: ReportParts): ReportHead {
  const said = notes.filter((note) => isAccepted(note, row.revision));
  return withoutPersons({
    agency,
    row,
    hash,
    findings: withNotes(findings, lastNotes(said), () => false),
    reason,
    actor: null,
    review: reviewOf(row, reviews),
  });
}

/** Whether a note was accepted with a revision: it stood there when that was decided, or it is a reviewer's own word. */
function isAccepted({ revision, state, by }: Note, accepted: number): boolean {
  return revision === accepted && (state !== 'ACCEPTED' || by === 'REVIEWER');
}

function withoutPersons({ agency, row, hash, findings, reason, review }: ReportHead): ReportHead {
  return {
    agency,
    row,
    hash,
    reason,
    findings: findings.map((finding) => {
      return finding.note ? { ...finding, note: { ...finding.note, actor: null } } : finding;
    }),
    actor: null,
    review: review && { ...review, actor: null },
  };
}

function reviewOf({ revision, state }: ReportRow, reviews: readonly Review[]): BriefReview | null {
  if (state === 'SUBMITTED') return null;
  const last = reviews.findLast((review) => review.revision === revision);
  return last ? briefReview(last) : null;
}

/** A decision as it is shown to a reader with a token. */
export function briefReview({ decision, reason, actor, at }: Review): BriefReview {
  return { decision, reason, actor, at };
}

/** Puts what was said of findings beside them. */
function withNotes(
  findings: readonly Finding[],
  notes: readonly Note[],
  isOutdated: (note: Note, finding: Finding) => boolean,
): readonly NotedFinding[] {
  if (notes.length === 0) return findings;
  return findings.map((finding) => {
    const found = notes.find(({ code, pointer }) => code === finding.code && pointer === finding.pointer);
    if (!found || found.status === 'OPEN') return finding;
    const { status, text, actor, at } = found;
    return { ...finding, note: { standing: status, text, actor, at, outdated: isOutdated(found, finding) } };
  });
}

/** The refusal of a report that is not there; it says so when it was withdrawn. */
export async function notFiled(db: Db, agency: Agency, year: number): Promise<Problem> {
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
 * The refusal of a report that was filed and not accepted: it says that it was filed, as the coverage of its county
 * does, and no more. Throws `unauthorized` or `forbidden` itself where everything is closed to the reader.
 */
export async function notAccepted(db: Db, { caller, open }: Reader, agency: Agency, row: ReportRow): Promise<Problem> {
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
