/** The use cases that read: a report with its findings, its revisions and what changed between them, lists. */
import type { Finding } from '../form/check.js';
import { cellOf, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { Problem } from '../problem.js';
import { type Agency, agencyStates, agencyStatesByCode, findAgencyOn } from '../store/agencies.js';
import { findDivision, type Page, referenceDate } from '../store/divisions.js';
import {
  findFindings,
  findingsOf,
  findReport,
  findRevision,
  listReports,
  listRevisions,
  type ReportRow,
  type Revision,
} from '../store/reports.js';
import type { Db } from '../store/schema.js';
import { agencyFor, unknownAgency } from './file.js';
import { normalizeCode } from './filing.js';

/** A report as it stands, with all it says. */
export interface ReadReport {
  readonly agency: Agency;
  readonly row: ReportRow;
  readonly content: ReportContent;
  readonly findings: readonly Finding[];
  readonly reason: string | null;
  readonly actor: string;
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
export interface RevisionWithChanges extends Revision {
  readonly changes: readonly Change[];
}

/** The report of an agency for a year. Throws `not-found` when none stands, saying so if it was withdrawn. */
export async function readReport(db: Db, code: string, year: number): Promise<ReadReport> {
  const agency = await agencyRead(db, code, year);
  const row = await findReport(db, agency.id, year);
  if (!row) throw await notFiled(db, agency, year);
  return complete(db, agency, row);
}

/** To read is not to file: a year in which the agency was not alive has no report, which is no fault of the caller's. */
async function agencyRead(db: Db, code: string, year: number): Promise<Agency> {
  try {
    return await agencyFor(db, code, year);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'agency-closed') {
      throw new Problem('not-found', error.message, error.members);
    }
    throw error;
  }
}

async function complete(db: Db, agency: Agency, row: ReportRow): Promise<ReadReport> {
  const revision = await findRevision(db, row.agencyId, row.year, row.revision);
  if (!revision?.content) throw new Error('a report that stands has a revision with content');
  const { content, reason, actor } = revision;
  return { agency, row, content, findings: await findFindings(db, row.id), reason, actor };
}

async function notFiled(db: Db, agency: Agency, year: number): Promise<Problem> {
  const last = (await listRevisions(db, agency.id, year)).at(-1);
  const name = `${agency.name} (${agency.code})`;
  if (last?.action === 'withdrawn') {
    return new Problem(
      'not-found',
      `The report of ${name} for ${year} was withdrawn on ${last.at}; its revisions stay readable. 该报告已撤回，历史版本仍可查阅。`,
      { withdrawnAt: last.at, revisions: `/v1/reports/${agency.code}/${year}/revisions` },
    );
  }
  return new Problem('not-found', `${name} has not filed a report for ${year}. 该机关 ${year} 年度未报送。`);
}

/** Every revision of a report, oldest first, withdrawn ones too. Throws `not-found` when nothing was ever filed. */
export async function readRevisions(
  db: Db,
  code: string,
  year: number,
): Promise<{ readonly agency: Agency; readonly revisions: readonly RevisionWithChanges[] }> {
  // A report can have been withdrawn and its agency then closed for that year; what was filed stays readable.
  const agency = await agencyRead(db, code, year).catch(() => agencyNamed(db, code));
  const revisions = await listRevisions(db, agency.id, year);
  if (revisions.length === 0) throw await notFiled(db, agency, year);
  return {
    agency,
    revisions: revisions.map((revision, index) => ({
      ...revision,
      changes: changesBetween(revisions[index - 1]?.content ?? null, revision.content),
    })),
  };
}

/** One revision in full. Throws `not-found` when there is none of that number. */
export async function readRevision(
  db: Db,
  code: string,
  year: number,
  number: number,
): Promise<{ readonly agency: Agency; readonly revision: RevisionWithChanges }> {
  const { agency, revisions } = await readRevisions(db, code, year);
  const revision = revisions.find((candidate) => candidate.number === number);
  if (!revision) {
    throw new Problem(
      'not-found',
      `The report of ${agency.code} for ${year} has ${revisions.length} revision(s), no ${number}. 没有第 ${number} 版。`,
    );
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

/** Which reports a list asks for, by the codes a client knows. */
export interface ReportQuery {
  readonly county?: string | undefined;
  readonly agency?: string | undefined;
  readonly year?: number | undefined;
  readonly updatedAfter?: string | undefined;
}

/**
 * A page of reports in the order in which they were first filed. Throws `unknown-division` or `unknown-agency`
 * for a county or agency the register lacks.
 */
export async function readReports(
  db: Db,
  query: ReportQuery,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ReadReport>> {
  const county = query.county === undefined ? undefined : await divisionNamed(db, query.county);
  const agency = query.agency === undefined ? undefined : await agencyNamed(db, query.agency);
  const found = await listReports(
    db,
    {
      ...(county ? { countyId: county.id } : {}),
      ...(agency ? { agencyId: agency.id } : {}),
      ...(query.year === undefined ? {} : { year: query.year }),
      ...(query.updatedAfter === undefined ? {} : { updatedAfter: query.updatedAfter }),
    },
    page,
  );
  const findings = await findingsOf(
    db,
    found.items.map((row) => row.id),
  );
  const items: ReadReport[] = [];
  for (const row of found.items) {
    const state = await findAgencyOn(db, row.agencyId, referenceDate(row.year));
    const revision = await findRevision(db, row.agencyId, row.year, row.revision);
    if (!state || !revision?.content) throw new Error(`report ${row.id} stands without its agency or revision`);
    const { content, reason, actor } = revision;
    items.push({ agency: state, row, content, findings: findings.get(row.id) ?? [], reason, actor });
  }
  return { ...found, items };
}

/** The agency that has that code today, or else had it last, alive or not. Throws `unknown-agency`. */
export async function agencyNamed(db: Db, code: string): Promise<Agency> {
  const [state] = await agencyStatesByCode(db, normalizeCode(code));
  if (state) return (await agencyStates(db, state.id)).at(-1) ?? state;
  throw unknownAgency(code);
}

/** The division with that code. Throws `unknown-division`. */
export async function divisionNamed(db: Db, code: string) {
  const division = await findDivision(db, code);
  if (division) return division;
  throw new Problem(
    'unknown-division',
    `No division in the register has the code ${code}. 名录中没有代码为 ${code} 的行政区划。`,
    {
      division: code,
    },
  );
}
