/**
 * The use cases behind a graph of questions: sums of which only some cells and some coverage are asked for, a
 * report by its agency's identity, and what a county published beside the sum.
 */
import { allCells, type Cell } from '../form/forms.js';
import { findAgencyOn, ownAgencyOf } from '../store/agencies.js';
import { referenceDate } from '../store/divisions.js';
import { expectedCounts } from '../store/expectations.js';
import { expectedFilers } from '../store/lookup.js';
import { type Reading, readAgencies, readDivision } from '../store/readings.js';
import { findFindings, findReport, findRevision } from '../store/reports.js';
import { type Tally, type TallyItem, tallyAgencies, tallyDivision, tallyItems } from '../store/rollups.js';
import type { AgencyKind, Db } from '../store/schema.js';
import type { ReadReport } from './read.js';
import { type PublishedBeside, publishedBeside } from './statistics.js';

/** One year's sums. `expected` is null where nobody asked how many agencies were expected to file. */
export interface Sums extends Reading {
  readonly expected: number | null;
}

/** What is asked of sums: which years, which cells, and whether anybody wants to know who is missing. */
export interface SumsQuery {
  readonly years: readonly number[];
  /** Keep the list: what it takes to read it is prepared once for each list. */
  readonly cells: readonly Cell[];
  readonly coverage: 'asked' | 'unasked';
}

/** What the reports of a division add up to, one entry a year asked for, in that order. */
export async function sumsOfDivision(
  db: Db,
  divisionId: number,
  { years, cells, coverage }: SumsQuery,
  kinds?: readonly AgencyKind[],
): Promise<Sums[]> {
  if (years.length === 0) return [];
  const readings = await readDivision(db, divisionId, years, cells, kinds);
  const counts = coverage === 'asked' ? await expectedCounts(db, divisionId, [...new Set(years)]) : undefined;
  const expectedIn = (year: number) =>
    counts
      ?.filter((count) => count.year === year && (!kinds || kinds.includes(count.kind)))
      .reduce((sum, count) => sum + count.expected, 0) ?? null;
  return years.map((year) => ({ ...(readings.get(year) ?? unreported(year, cells)), expected: expectedIn(year) }));
}

/** What each of several agencies' reports say, by agency, one entry a year asked for, in that order. */
export async function sumsOfAgencies(
  db: Db,
  agencyIds: readonly number[],
  { years, cells, coverage }: SumsQuery,
): Promise<Map<number, Sums[]>> {
  if (years.length === 0) return new Map();
  const readings = await readAgencies(db, agencyIds, years, cells);
  const filers = coverage === 'asked' ? await expectedFilers(db, agencyIds, [...new Set(years)]) : undefined;
  const expected = filers && new Set(filers.map(({ agencyId, year }) => `${agencyId} ${year}`));
  const sumsOf = (id: number, year: number): Sums => {
    const reading = readings.get(id)?.get(year);
    if (!reading)
      return { ...unreported(year, cells), expected: expected ? Number(expected.has(`${id} ${year}`)) : null };
    return { ...reading, expected: expected ? reading.expectedReports : null };
  };
  return new Map(agencyIds.map((id) => [id, years.map((year) => sumsOf(id, year))]));
}

/** The reading of a year in which nobody reported. */
function unreported(year: number, cells: readonly Cell[]): Reading {
  return {
    year,
    reports: 0,
    expectedReports: 0,
    onTime: 0,
    samples: 0,
    forms: new Map(),
    publishedTotal: null,
    publishedStated: 0,
    figures: cells.map(() => null),
  };
}

/** Whose reports are asked about: one agency's, or those of a division's agencies of some kinds. */
export type Whose =
  | { readonly agencyId: number }
  | { readonly divisionId: number; readonly kinds: readonly AgencyKind[] | undefined };

/** How many reports of a year filled in some cells, and how many left them blank. */
export async function countCells(
  db: Db,
  whose: Whose,
  year: number,
  cells: readonly Cell[],
): Promise<Pick<Tally, 'reports' | 'reported' | 'blank'>> {
  const [tally] =
    'divisionId' in whose
      ? await tallyDivision(db, whose.divisionId, [year], cells, whose.kinds)
      : ((await tallyAgencies(db, [whose.agencyId], [year], cells)).get(whose.agencyId) ?? []);
  if (!tally) throw new Error('one year was asked for and none came');
  return tally;
}

/** The day whose states of the register a report year goes by. */
export function dayOfYear(year: number): string {
  return referenceDate(year);
}

/** The report of an agency for a year as it stands; undefined when there is none. */
export async function findReportOf(db: Db, agencyId: number, year: number): Promise<ReadReport | undefined> {
  const row = await findReport(db, agencyId, year);
  const agency = row && (await findAgencyOn(db, agencyId, referenceDate(year)));
  const revision = row && (await findRevision(db, agencyId, year, row.revision));
  if (!row || !agency || !revision?.content) return undefined;
  const { content, reason, actor } = revision;
  return { agency, row, content, findings: await findFindings(db, row.id), reason, actor };
}

/** The report a county published itself for a year, and in what it differs from the sum; undefined when there is none. */
export async function findPublishedBeside(
  db: Db,
  countyId: number,
  year: number,
  kinds?: readonly AgencyKind[],
): Promise<{ readonly report: ReadReport; readonly differences: PublishedBeside['differences'] } | undefined> {
  const own = await ownAgencyOf(db, countyId);
  const report = own === undefined ? undefined : await findReportOf(db, own, year);
  if (own === undefined || !report) return undefined;
  const [rollup] = await tallyDivision(db, countyId, [year], allCells, kinds);
  const beside = rollup && (await publishedBeside(db, own, year, rollup.figures));
  return beside && { report, differences: beside.differences };
}

/** Published items of a division's reports for a year by name, the largest first. */
export async function itemsOfDivision(
  db: Db,
  divisionId: number,
  of: { readonly year: number; readonly list: 'categories' | 'channels'; readonly kinds?: readonly AgencyKind[] },
  first: number,
): Promise<readonly TallyItem[]> {
  return tallyItems(db, divisionId, of.year, of.list, first, of.kinds);
}
