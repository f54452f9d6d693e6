/**
 * The reports as they were known at an instant: of each the revision that was current then and the one that was accepted,
 * by the revisions and decisions recorded until then, counted where the register as it was known then has it.
 *
 * Who sees what of it: a stranger is shown what was accepted then, which was public then, also where that acceptance was
 * taken back since; who reads all of a division today reads all that was filed then.
 */
import { keepLineages } from '../access/visibility.js';
import type { ReportContent } from '../form/report.js';
import { groupBy } from '../groups.js';
import { type AgencyYear, agencyYearKey, placementsIn, type RegisterAt } from '../register/known.js';
import type { Db } from '../store/engine/schema.js';
import { acceptedRow, findReports, type ReportRow } from '../store/reports.js';
import { type ReviewOfReport, reviewsOf } from '../store/reviews.js';
import { contentsOf, type RevisionMark, revisionMarks } from '../store/revisions.js';
import type { TalliedReport } from '../store/rollup/rollups.js';
import { submissionDay } from './current-report.js';

/** A revision as it counts: what it says, and what it adds to the counts of sums. */
export interface KnownRevision {
  readonly number: number;
  readonly report: TalliedReport;
  readonly content: ReportContent;
}

/** A report of an agency for a year: where it counts, the current revision, and the accepted one. */
export interface KnownReport extends AgencyYear {
  /** Its county and all above it on 31 December. */
  readonly lineage: readonly number[];
  readonly current: KnownRevision;
  readonly accepted: KnownRevision | undefined;
}

/**
 * The reports of some agencies for a year each, by `agencyYearKey`, as they are or were known by the register's instant;
 * those that were not filed, or withdrawn, are left out.
 */
export async function reportsIn(
  db: Db,
  register: RegisterAt,
  asked: readonly AgencyYear[],
): Promise<Map<string, KnownReport>> {
  if (asked.length === 0) return new Map();
  return register.at === null ? reportsNow(db, asked) : reportsThen(db, register, register.at, asked);
}

async function reportsNow(db: Db, asked: readonly AgencyYear[]): Promise<Map<string, KnownReport>> {
  const rows = await findReports(db, asked.map(pairOf));
  const read = await contentReader(
    db,
    rows.flatMap((row) => [
      row,
      ...(row.acceptedRevision === null ? [] : [{ ...row, revision: row.acceptedRevision }]),
    ]),
  );
  const lineageFor = keepLineages(db);
  const reports = new Map<string, KnownReport>();
  for (const row of rows) {
    const { agencyId, year, countyId } = row;
    const lineage = await lineageFor(countyId, year);
    const shown = acceptedRow(row);
    const current = { number: row.revision, report: row, content: read(row) };
    const accepted = shown && { number: shown.revision, report: shown, content: read(shown) };
    reports.set(agencyYearKey(row), { agencyId, year, lineage, current, accepted });
  }
  return reports;
}

async function reportsThen(
  db: Db,
  register: RegisterAt,
  at: string,
  asked: readonly AgencyYear[],
): Promise<Map<string, KnownReport>> {
  const standings = await standingsAt(db, at, asked);
  const placements = await placementsIn(db, register, standings);
  const read = await contentReader(
    db,
    standings.flatMap(({ agencyId, year, current, accepted }) =>
      [current, ...(accepted ? [accepted] : [])].map(({ number }) => ({ agencyId, year, revision: number })),
    ),
  );
  const reports = new Map<string, KnownReport>();
  for (const { agencyId, year, filedAt, current, accepted } of standings) {
    const key = agencyYearKey({ agencyId, year });
    const placement = placements.get(key);
    if (!placement) continue;
    const { countyId, kind, due, lineage } = placement;
    const expected = placement.expected ? 1 : 0;
    const known = ({ number, sample }: RevisionMark): KnownRevision => {
      const content = read({ agencyId, year, revision: number });
      const onTime = submissionDay(content, filedAt) <= due ? 1 : 0;
      return { number, report: { countyId, year, kind, expected, onTime, sample }, content };
    };
    reports.set(key, {
      agencyId,
      year,
      lineage,
      current: known(current),
      accepted: accepted && known(accepted),
    });
  }
  return reports;
}

/** Which revisions of a report were current and accepted, and when it was first filed. */
interface Standing extends AgencyYear {
  readonly filedAt: string;
  readonly current: RevisionMark;
  readonly accepted: RevisionMark | undefined;
}

async function standingsAt(db: Db, at: string, asked: readonly AgencyYear[]): Promise<Standing[]> {
  const marks = groupBy(await revisionMarks(db, asked.map(pairOf)), agencyYearKey);
  const filed = asked.filter((one) => marks.has(agencyYearKey(one)));
  const reviews = groupBy(await reviewsOf(db, filed.map(pairOf)), agencyYearKey);
  return filed.flatMap(({ agencyId, year }) => {
    const key = agencyYearKey({ agencyId, year });
    const found = foldStanding(marks.get(key) ?? [], reviews.get(key) ?? [], at);
    return found ? { agencyId, year, ...found } : [];
  });
}

/** The decisions about a revision stand between it and the next, as only the current one is decided about. */
function foldStanding(
  marks: readonly RevisionMark[],
  reviews: readonly ReviewOfReport[],
  at: string,
): Omit<Standing, keyof AgencyYear> | undefined {
  const [first] = marks;
  const events = marks.flatMap((mark) => [mark, ...reviews.filter(({ revision }) => revision === mark.number)]);
  let current: RevisionMark | undefined;
  let accepted: RevisionMark | undefined;
  for (const event of events.slice(0, events.findLastIndex((one) => one.at <= at) + 1)) {
    if ('decision' in event) {
      if (event.decision === 'ACCEPTED') accepted = current;
      else if (accepted === current) accepted = undefined;
    } else {
      const isWithdrawn = event.action === 'withdrawn';
      current = isWithdrawn ? undefined : event;
      if (isWithdrawn) accepted = undefined;
    }
  }
  return first && current && { filedAt: first.at, current, accepted };
}

type RevisionOf = AgencyYear & Pick<ReportRow, 'revision'>;

/** Reads what some revisions say, each once. */
async function contentReader(
  db: Db,
  revisions: readonly RevisionOf[],
): Promise<(revision: RevisionOf) => ReportContent> {
  const wanted = new Map(
    revisions.map(({ agencyId, year, revision }) => {
      const numbers = [agencyId, year, revision] as const;
      return [numbers.join(' '), numbers];
    }),
  );
  const contents = await contentsOf(db, [...wanted.values()]);
  return ({ agencyId, year, revision }) => {
    const content = contents.get(`${agencyId} ${year} ${revision}`);
    if (!content) throw new Error(`revision ${revision} of agency ${agencyId} for ${year} has no content`);
    return content;
  };
}

const pairOf = ({ agencyId, year }: AgencyYear) => [agencyId, year] as const;
