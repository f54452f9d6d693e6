/** The use case that lists a division's year: each agency with where it is with its report, and how many are where. */
import type { Severity } from '../../form/rules.js';
import { takeTurns } from '../../loop.js';
import { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import { type FilingFilter, type FilingRow, type FilingsAsked, pageOfFilings } from '../../store/filings/filings.js';
import type { Agency } from '../../store/register/agencies.js';
import { acceptedRow, findReports, type ReportRow } from '../../store/reports.js';
import { type FilingState, filingStates, type Inclusion, type Page } from '../../words.js';
import { findOutliers, type Outlier } from '../outlier/outliers.js';
import { type BriefReview, type ReadReport, showReport } from '../report-view.js';
import type { CountedFilings, Reading } from './whose.js';

/** Which filings of a division's year are asked for. */
export interface FilingsQuery extends FilingFilter {
  /** Only those with findings of this severity. */
  readonly severity?: Severity | undefined;
  /** Whether findings and decisions are to be read, which takes most of the time. */
  readonly findings: 'asked' | 'unasked';
  /** Whether figures that are far from what is usual are to be looked for. */
  readonly outliers: 'asked' | 'unasked';
}

/** A page by code, after a code. */
export interface CodePage {
  readonly first: number;
  readonly after?: string | undefined;
}

/** How many there are of each severity. */
export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly info: number;
}

/** An agency with where it is with its report for a year, as far as the reader is shown that. */
export interface ListedFiling {
  readonly agency: Agency;
  readonly state: FilingState;
  /** Whether it is expected to file. */
  readonly expected: boolean;
  /** The last day to file, YYYY-MM-DD. */
  readonly due: string;
  /** Filed after that, or not filed and overdue; null where nothing of it is shown but that it was filed. */
  readonly late: boolean | null;
  /** Its report, or what was accepted of it; null where neither is shown. */
  readonly row: ReportRow | null;
  /** Null where no report is shown, and where nobody asked. */
  readonly findings: FindingCounts | null;
  readonly review: BriefReview | null;
  /** How much that was sent for the year is kept as refused; null for those who neither file nor review there. */
  readonly refusals: number | null;
  /** Figures far from what is usual, for a reviewer to look at; null where the current report is not shown, or nobody asked. */
  readonly outliers: readonly Outlier[] | null;
}

/** A report that is in the list and shown. */
export interface ShownFiling {
  readonly filing: FilingRow;
  readonly report: ReadReport;
}

/** The most reports that one question looks through for their findings. */
export const maxLookedThrough = 2_000;

const filedStates: readonly FilingState[] = ['SUBMITTED', 'RETURNED', 'ACCEPTED'];

/**
 * A page of a division's filings for a year, by code, each as far as the reader is shown it; filters are about what is
 * shown. Throws `invalid-parameter` for a severity where more reports would have to be looked through than one question may.
 */
export async function readFilings(
  db: Db,
  reader: Reading,
  filings: CountedFilings,
  query: FilingsQuery,
  page: CodePage,
): Promise<Page<ListedFiling>> {
  if (query.severity !== undefined)
    return filingsOfSeverity(db, reader, filings, { ...query, severity: query.severity }, page);
  const { asked, counts } = filings;
  const { items, more } = await pageOfFilings(db, asked, query, page);
  const total = sumOf(counts.filter((one) => fits(one, query)));
  return { items: await complete(db, reader, asked, items, query), more, total };
}

/** How many filings of a division there are. */
export interface FilingCounts {
  readonly states: Readonly<Record<FilingState, number>>;
  /** Filed late, or not filed and overdue, as far as that is shown. */
  readonly late: number;
  /** With findings of each severity; null where more reports would have to be looked through than one question may. */
  readonly withFindings: FindingCounts | null;
}

/** How many reports are looked through to count those with findings. */
const countedThrough = 500;

/** How many filings of a division's year are in each state, late, and with findings. */
export async function readFilingCounts(
  db: Db,
  reader: Reading,
  { asked, counts }: CountedFilings,
  findings: FilingsQuery['findings'],
): Promise<FilingCounts> {
  const inState = (state: FilingState) => sumOf(counts.filter((one) => one.state === state));
  const looksThrough = findings === 'asked' && sumOf(counts.filter(({ state }) => isFiled(state))) <= countedThrough;
  return {
    // Every state is there.
    states: Object.fromEntries(filingStates.map((state) => [state, inState(state)])) as FilingCounts['states'],
    late: sumOf(counts.filter(({ late }) => late === true)),
    withFindings: looksThrough ? await countWithFindings(db, reader, asked) : null,
  };
}

async function countWithFindings(db: Db, reader: Reading, asked: FilingsAsked): Promise<FindingCounts> {
  const met: Severity[] = [];
  for await (const { report } of shownFilings(db, reader, asked, {})) met.push(...new Set(severitiesOf(report)));
  return countSeverities(met);
}

/** How many filings are read at once where all are looked through. */
const atOnce = 100;

/** Each report of a division's year that a reader is shown, by code, in turns. */
export async function* shownFilings(
  db: Db,
  reader: Reading,
  asked: FilingsAsked,
  { states = filedStates, late }: FilingFilter,
): AsyncGenerator<ShownFiling, void, undefined> {
  const turn = takeTurns();
  const filter = { states: states.filter(isFiled), late };
  for (let after = ''; ; ) {
    const { items, more } = await pageOfFilings(db, asked, filter, { first: atOnce, after });
    const rows = await rowsOf(db, asked, items);
    for (const filing of items) {
      const report = await reportOf(db, reader, asked, filing, rows);
      if (report) yield { filing, report };
      await turn();
    }
    after = items.at(-1)?.code ?? after;
    if (!more) return;
  }
}

/** Throws `invalid-parameter` where more reports lie in a division than one question looks through. */
export function requireFew({ counts }: CountedFilings, filter: FilingFilter): void {
  const reports = sumOf(counts.filter((one) => isFiled(one.state) && fits(one, filter)));
  if (reports <= maxLookedThrough) return;
  const message = {
    zh: `该行政区划有 ${reports} 份报告，一次最多查看 ${maxLookedThrough} 份的核对结果，请按下级行政区划查询。`,
    en: `The division has ${reports} reports, and the findings of ${maxLookedThrough} are looked through at the most; ask of the divisions below it.`,
  };
  throw new Problem('invalid-parameter', message, {
    errors: [{ code: 'TOO-MANY', severity: 'error', pointer: '/division', message }],
  });
}

async function filingsOfSeverity(
  db: Db,
  reader: Reading,
  filings: CountedFilings,
  query: FilingsQuery & { readonly severity: Severity },
  { first, after = '' }: CodePage,
): Promise<Page<ListedFiling>> {
  requireFew(filings, query);
  const { asked } = filings;
  const found: ShownFiling[] = [];
  for await (const { filing, report } of shownFilings(db, reader, asked, query)) {
    if (severitiesOf(report).includes(query.severity)) found.push({ filing, report });
  }
  const left = found.filter(({ filing }) => filing.code > after);
  const items = left.slice(0, first);
  const outliers = await outliersOf(
    db,
    reader,
    asked,
    items.map(({ filing }) => filing),
    query,
  );
  return {
    items: items.map(({ filing, report }) =>
      filingOf(filing, { row: report.row, report, outliers: outliers.get(filing.id) }),
    ),
    more: left.length > first,
    total: found.length,
  };
}

/** The same filings with their reports as far as they are shown. */
async function complete(
  db: Db,
  reader: Reading,
  asked: FilingsAsked,
  filings: readonly FilingRow[],
  query: Pick<FilingsQuery, 'findings' | 'outliers'>,
): Promise<ListedFiling[]> {
  const rows = await rowsOf(db, asked, filings);
  const outliers = await outliersOf(db, reader, asked, filings, query);
  const completed: ListedFiling[] = [];
  const turn = takeTurns();
  for (const filing of filings) {
    await turn();
    const report = query.findings === 'asked' ? await reportOf(db, reader, asked, filing, rows) : undefined;
    const row = report?.row ?? shownRow(asked, filing, rows);
    completed.push(filingOf(filing, { row, report, outliers: outliers.get(filing.id) }));
  }
  return completed;
}

type OutliersByAgency = Awaited<ReturnType<typeof findOutliers>>;

/** The outliers of the reports of which the current revision is shown; none where nobody asked. */
async function outliersOf(
  db: Db,
  reader: Reading,
  { year }: FilingsAsked,
  filings: readonly FilingRow[],
  { outliers }: Pick<FilingsQuery, 'outliers'>,
): Promise<OutliersByAgency> {
  const filed = filings.filter(({ state, inFull }) => outliers === 'asked' && inFull === 1 && isFiled(state));
  const compared = filed.map(({ id, countyId, kind }) => ({ agencyId: id, countyId, kind }));
  return findOutliers(db, reader, compared, year);
}

type Rows = ReadonlyMap<number, ReportRow>;

async function rowsOf(db: Db, { year }: FilingsAsked, filings: readonly FilingRow[]): Promise<Rows> {
  const filed = filings.filter(({ state }) => isFiled(state)).map(({ id }) => [id, year] as const);
  return new Map((await findReports(db, filed)).map((row) => [row.agencyId, row]));
}

/** What is shown of the report of an agency: its current revision, what was accepted, or nothing. */
function inclusionOf({ elsewhere }: FilingsAsked, { inFull }: FilingRow): Inclusion | null {
  if (inFull) return 'ALL';
  return elsewhere === 'ACCEPTED' ? 'ACCEPTED' : null;
}

function shownRow(asked: FilingsAsked, filing: FilingRow, rows: Rows): ReportRow | null {
  const row = rows.get(filing.id);
  const inclusion = inclusionOf(asked, filing);
  if (!row || inclusion === null) return null;
  return inclusion === 'ALL' ? row : (acceptedRow(row) ?? null);
}

async function reportOf(
  db: Db,
  reader: Reading,
  asked: FilingsAsked,
  filing: FilingRow,
  rows: Rows,
): Promise<ReadReport | undefined> {
  const row = rows.get(filing.id);
  const inclusion = inclusionOf(asked, filing);
  return row && inclusion !== null ? showReport(db, reader, filing, row, inclusion) : undefined;
}

/** What is shown of the report of a filing. */
interface Shown {
  readonly row: ReportRow | null;
  readonly report: ReadReport | undefined;
  readonly outliers: readonly Outlier[] | undefined;
}

function filingOf(filing: FilingRow, { row, report, outliers }: Shown): ListedFiling {
  const { state, expected, due, late, inFull: _, refusals, ...agency } = filing;
  return {
    agency,
    state,
    expected: expected === 1,
    due,
    late: late === null ? null : late === 1,
    row,
    findings: report ? countSeverities(severitiesOf(report)) : null,
    review: report?.review ?? null,
    refusals,
    outliers: outliers ?? null,
  };
}

function severitiesOf({ findings }: ReadReport): Severity[] {
  return findings.map(({ severity }) => severity);
}

function countSeverities(severities: readonly Severity[]): FindingCounts {
  const count = (asked: Severity) => severities.filter((severity) => severity === asked).length;
  return { errors: count('error'), warnings: count('warning'), info: count('info') };
}

function isFiled(state: FilingState): boolean {
  return filedStates.includes(state);
}

function fits(
  one: { readonly state: FilingState; readonly late: boolean | null },
  { states, late }: FilingFilter,
): boolean {
  return (states === undefined || states.includes(one.state)) && (late === undefined || late === one.late);
}

function sumOf(counts: readonly { readonly agencies: number }[]): number {
  return counts.reduce((sum, { agencies }) => sum + agencies, 0);
}
