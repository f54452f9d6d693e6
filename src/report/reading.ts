/**
 * The use cases behind a graph of questions: sums of which only some cells and some coverage are asked for, a
 * report by its agency's identity, and what a county published beside the sum.
 */
import type { Cell, Figures } from '../form/forms.js';
import { expectedFilers } from '../store/lookup.js';
import { expectedCounts, findAgencyOn, ownAgencyOf, referenceDate } from '../store/register.js';
import { findFindings, findReport, findRevision } from '../store/reports.js';
import { type Tally, type TallyItem, tallyAgencies, tallyDivision, tallyItems } from '../store/rollups.js';
import type { AgencyKind, Db } from '../store/schema.js';
import type { ReadReport } from './read.js';
import { type PublishedBeside, publishedBeside } from './statistics.js';

/** One year's sums. `expected` is null where nobody asked how many agencies were expected to file. */
export interface Sums extends Tally {
  readonly expected: number | null;
}

/** What is asked of sums: which years, which cells, and whether anybody wants to know who is missing. */
export interface SumsQuery {
  readonly years: readonly number[];
  readonly cells: readonly Cell[];
  readonly coverage: 'asked' | 'unasked';
}

/** What the reports of a division add up to, one entry a year asked for, in that order. */
export async function sumsOfDivision(
  db: Db,
  divisionId: number,
  query: SumsQuery,
  kinds?: readonly AgencyKind[],
): Promise<Sums[]> {
  const years = [...new Set(query.years)];
  const tallies = await tallyDivision(db, divisionId, years, query.cells, kinds);
  const counts = query.coverage === 'asked' ? await expectedCounts(db, divisionId, years) : undefined;
  const byYear = new Map(
    tallies.map((tally) => {
      const own = counts?.filter(({ year, kind }) => year === tally.year && (!kinds || kinds.includes(kind)));
      return [tally.year, { ...tally, expected: own ? own.reduce((sum, count) => sum + count.expected, 0) : null }];
    }),
  );
  return inOrder(query.years, byYear);
}

/** What each of several agencies' reports say, by agency, one entry a year asked for, in that order. */
export async function sumsOfAgencies(
  db: Db,
  agencyIds: readonly number[],
  query: SumsQuery,
): Promise<Map<number, Sums[]>> {
  const years = [...new Set(query.years)];
  const tallies = await tallyAgencies(db, agencyIds, years, query.cells);
  const filers = query.coverage === 'asked' ? await expectedFilers(db, agencyIds, years) : undefined;
  const expected = filers && new Set(filers.map(({ agencyId, year }) => `${agencyId} ${year}`));
  const isExpected = (id: number, tally: Tally) =>
    tally.reports > 0 ? tally.expectedReports : Number(expected?.has(`${id} ${tally.year}`));
  return new Map(
    [...tallies].map(([id, own]) => {
      const byYear = new Map(
        own.map((tally) => [tally.year, { ...tally, expected: expected ? isExpected(id, tally) : null }]),
      );
      return [id, inOrder(query.years, byYear)];
    }),
  );
}

function inOrder(years: readonly number[], byYear: ReadonlyMap<number, Sums>): Sums[] {
  return years.flatMap((year) => byYear.get(year) ?? []);
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

/** The report a county published itself for a year, and in what it differs from a sum; undefined when there is none. */
export async function findPublishedBeside(
  db: Db,
  countyId: number,
  year: number,
  rollup: Figures,
): Promise<{ readonly report: ReadReport; readonly differences: PublishedBeside['differences'] } | undefined> {
  const own = await ownAgencyOf(db, countyId);
  if (own === undefined) return undefined;
  const report = await findReportOf(db, own, year);
  const beside = report && (await publishedBeside(db, own, year, rollup));
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
