/**
 * The use cases behind a graph of questions: sums of which only some cells and some coverage are asked for, a
 * report by its agency's identity, and what a county published beside the sum.
 */

import { inclusionFor, type Reader, requireSums, visibleTo } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import { allCells, type Cell } from '../form/forms.js';
import { findReportFor, type ReadReport } from '../report/report-view.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, ownAgencyOf } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import { expectedFilers } from '../store/register/expectations.js';
import { countiesOfReports, findReport } from '../store/reports.js';
import { type Reading, readAgencies, readDivision } from '../store/rollup/readings.js';
import {
  type FiledCounts,
  filedByAgency,
  nobodyFiled,
  type SumOf,
  type Tally,
  type TallyItem,
  tallyAgencies,
  tallyDivision,
  tallyItems,
} from '../store/rollup/tallies.js';
import type { Inclusion } from '../words.js';
import { compareWithSum, countFilers, type PublishedBeside } from './statistics.js';

/** One year's sums. `coverage` is null where nobody asked how many agencies were expected to file, and did. */
export interface Sums {
  readonly reading: Reading;
  readonly coverage: (FiledCounts & { readonly expected: number }) | null;
}

/** What is asked of sums: which years, which cells, and whether anybody wants to know who is missing. */
export interface SumsQuery {
  readonly years: readonly number[];
  /** Keep the list: what it takes to read it is prepared once for each list. */
  readonly cells: readonly Cell[];
  readonly coverage: 'asked' | 'unasked';
}

/**
 * What the reports of a division add up to, one entry a year asked for, in that order. Throws `unauthorized` or
 * `forbidden` where sums are closed to the reader.
 */
export async function sumsOfDivision(
  db: Db,
  reader: Reader,
  division: Division,
  { years, cells, coverage }: SumsQuery,
  of: SumOf,
): Promise<Sums[]> {
  if (years.length === 0) return [];
  for (const year of new Set(years)) await requireSums(db, reader, division, year);
  const readings = await readDivision(db, division.id, years, cells, of);
  const counted = coverage === 'asked' ? await countFilers(db, division.id, [...new Set(years)], of.kinds) : undefined;
  return years.map((year) => ({
    reading: readings.get(year) ?? unreported(year, cells),
    coverage: counted?.(year) ?? null,
  }));
}

/**
 * What each of several agencies' reports say as far as the reader may see, by agency, one entry a year asked for, in
 * that order.
 */
export async function sumsOfAgencies(
  db: Db,
  reader: Reader,
  agencies: readonly Agency[],
  { years, cells, coverage }: SumsQuery,
): Promise<Map<number, Sums[]>> {
  if (years.length === 0) return new Map();
  const ids = agencies.map(({ id }) => id);
  const readings = await visibleReadings(db, reader, agencies, { years, cells });
  const counted = coverage === 'asked' ? await coverageOfAgencies(db, ids, [...new Set(years)]) : undefined;
  return new Map(
    ids.map((id) => [
      id,
      years.map((year) => ({
        reading: readings(id, year) ?? unreported(year, cells),
        coverage: counted?.(id, year) ?? null,
      })),
    ]),
  );
}

async function coverageOfAgencies(db: Db, ids: readonly number[], years: readonly number[]) {
  const expected = new Set((await expectedFilers(db, ids, years)).map(({ agencyId, year }) => `${agencyId} ${year}`));
  const filed = await filedByAgency(db, ids, years);
  return (id: number, year: number) => ({
    ...(filed.get(`${id} ${year}`) ?? nobodyFiled),
    expected: Number(expected.has(`${id} ${year}`)),
  });
}

/** Reads what stands, what was accepted, or both, and picks what the reader may see of each agency and year. */
async function visibleReadings(
  db: Db,
  reader: Reader,
  agencies: readonly Agency[],
  { years, cells }: Pick<SumsQuery, 'years' | 'cells'>,
): Promise<(id: number, year: number) => Reading | undefined> {
  const ids = agencies.map(({ id }) => id);
  const visible = await visibleTo(db, reader, years);
  const read = (inclusion: Inclusion) => readAgencies(db, ids, years, cells, inclusion);
  const standing = !visible || reader.caller.kind === 'token' ? await read('ALL') : undefined;
  if (!visible) return (id, year) => standing?.get(id)?.get(year);
  const accepted = visible.elsewhere === 'ACCEPTED' ? await read('ACCEPTED') : undefined;
  const { counties, agencyIds } = visible.readable;
  const reached = new Set(counties.map(([county, year]) => `${county} ${year}`));
  const inFull =
    reached.size === 0
      ? new Set<string>()
      : await reportsWithin(db, ids, years, (countyId, year) => reached.has(`${countyId} ${year}`));
  return (id, year) =>
    agencyIds.includes(id) || inFull.has(`${id} ${year}`) ? standing?.get(id)?.get(year) : accepted?.get(id)?.get(year);
}

async function reportsWithin(
  db: Db,
  ids: readonly number[],
  years: readonly number[],
  isWithin: (countyId: number, year: number) => boolean,
): Promise<ReadonlySet<string>> {
  const found = await countiesOfReports(db, ids, years);
  return new Set(
    found.flatMap(({ agencyId, year, countyId }) => (isWithin(countyId, year) ? [`${agencyId} ${year}`] : [])),
  );
}

/** The reading of a year in which nobody reported. */
function unreported(year: number, cells: readonly Cell[]): Reading {
  return {
    year,
    reports: 0,
    expectedReports: 0,
    onTime: 0,
    samples: 0,
    forms: [],
    publishedTotal: null,
    publishedStated: 0,
    figures: cells.map(() => null),
  };
}

/** Whose reports are asked about: one agency's, or those that a division's sum is of. */
export type Whose = { readonly agency: Agency } | ({ readonly division: Division } & SumOf);

/** How many reports of a year filled in some cells, and how many left them blank, as far as the reader may see. */
export async function countCells(
  db: Db,
  reader: Reader,
  whose: Whose,
  year: number,
  cells: readonly Cell[],
): Promise<Pick<Tally, 'reports' | 'reported' | 'blank'>> {
  if ('division' in whose) await requireSums(db, reader, whose.division, year);
  const [tally] =
    'division' in whose
      ? await tallyDivision(db, whose.division.id, [year], cells, whose)
      : await tallyVisible(db, reader, whose.agency, year, cells);
  if (!tally) throw new Error('one year was asked for and none came');
  return tally;
}

async function tallyVisible(db: Db, reader: Reader, agency: Agency, year: number, cells: readonly Cell[]) {
  const report = await findReport(db, agency.id, year);
  // Where the report belongs decides, not where its agency has come to since.
  const inclusion = report ? await inclusionFor(db, reader, { ...agency, countyId: report.countyId }, year) : null;
  if (inclusion === null) return [{ reports: 0, reported: {}, blank: {} }];
  return (await tallyAgencies(db, [agency.id], [year], cells, inclusion)).get(agency.id) ?? [];
}

/** The day whose states of the register a report year goes by. */
export function dayOfYear(year: number): string {
  return referenceDate(year);
}

/** The report a county published itself for a year, and in what it differs from the sum; undefined when there is none. */
export async function findPublishedBeside(
  db: Db,
  reader: Reader,
  countyId: number,
  year: number,
  of: SumOf,
): Promise<{ readonly report: ReadReport; readonly differences: PublishedBeside['differences'] } | undefined> {
  const own = await ownAgencyOf(db, countyId);
  const report = own === undefined ? undefined : await findReportFor(db, reader, own, year);
  if (!report) return undefined;
  const [rollup] = await tallyDivision(db, countyId, [year], allCells, of);
  return rollup && { report, differences: compareWithSum(report, rollup.figures, allCells).differences };
}

/** Published items of a division's reports for a year by name, the largest first. */
export async function itemsOfDivision(
  db: Db,
  reader: Reader,
  division: Division,
  asked: { readonly year: number; readonly list: 'categories' | 'channels'; readonly first: number },
  of: SumOf,
): Promise<readonly TallyItem[]> {
  await requireSums(db, reader, division, asked.year);
  return tallyItems(db, division.id, asked.year, asked.list, asked.first, of);
}
