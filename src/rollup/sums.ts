/**
 * The use cases that read sums: of a division or of single agencies, in the same shape for one township and for the
 * nation, as far as the reader may see.
 */

import {
  type AddedPlaces,
  inclusionFor,
  inclusionOfSum,
  inclusionsOfSums,
  type Reader,
  visibleTo,
} from '../access/visibility.js';
import type { Cell } from '../form/forms.js';
import { addedTo, asReported, type Frame } from '../register/frame.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import { countiesOfReports, findReport } from '../store/reports.js';
import { nobodyFiled } from '../store/rollup/filed.js';
import { type ItemSum, sumItems } from '../store/rollup/items.js';
import { countAgency, countReport, countTerritory, sumAgencies, sumTerritory } from '../store/rollup/read-sums.js';
import { type CountedSums, type SumOf, type Sums, sumsOfNone } from '../store/rollup/sums.js';
import type { Territory } from '../store/rollup/territory.js';
import type { Inclusion, ItemList } from '../words.js';
import { type Coverage, coverageOfAgencies, coverageOfTerritory } from './coverage.js';
import { ofOneMoment } from './moment.js';
import { territoryOf } from './territories.js';

/** One year's sums. `coverage` is null where nobody asked for it. */
export interface CoveredSums {
  readonly sums: Sums;
  readonly coverage: Coverage | null;
}

/** One year's sums of a division, and what they are of. */
export interface DivisionSums extends CoveredSums {
  readonly inclusion: Inclusion;
  readonly territory: Territory;
}

/** Which sums of a division are asked for: what the reader may have where no inclusion is named, as reported without a frame. */
export interface AskedSums {
  readonly inclusion?: Inclusion | undefined;
  readonly kinds?: SumOf['kinds'];
  readonly frame?: Frame | undefined;
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
  query: SumsQuery,
  asked: AskedSums,
): Promise<DivisionSums[]> {
  if (query.years.length === 0) return [];
  const read = () => readDivisionSums(db, reader, division, query, asked);
  return ofOneMoment(db, asked.frame, read, ([sums]) => sums?.territory.adjustments.size === 0);
}

async function readDivisionSums(
  db: Db,
  reader: Reader,
  division: Division,
  { years, cells, coverage }: SumsQuery,
  { inclusion: asked, kinds, frame = asReported }: AskedSums,
): Promise<DivisionSums[]> {
  const each = [...new Set(years)];
  const territory = await territoryOf(db, division, each, frame);
  const inclusions = await inclusionsOfSums(db, reader, division, each, asked, addedBy(territory));
  const inclusionIn = (year: number) => inclusions.get(year) ?? 'ACCEPTED';
  const sums = new Map<number, Sums>();
  for (const inclusion of new Set(inclusions.values())) {
    const own = each.filter((year) => inclusions.get(year) === inclusion);
    const found = await sumTerritory(db, territory, own, cells, { inclusion, kinds });
    for (const year of own) sums.set(year, found.get(year) ?? sumsOfNone(year));
  }
  const covered = coverage === 'asked' ? await coverageOfTerritory(db, territory, each, kinds, inclusionIn) : undefined;
  return years.map((year) => ({
    sums: sums.get(year) ?? sumsOfNone(year),
    coverage: covered?.(year) ?? null,
    inclusion: inclusionIn(year),
    territory,
  }));
}

/** What a territory takes in from elsewhere, for who asks whether all of it may be read. */
export function addedBy(territory: Territory): AddedPlaces {
  return (year) => addedTo(territory, year);
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
): Promise<Map<number, CoveredSums[]>> {
  if (years.length === 0) return new Map();
  const ids = agencies.map(({ id }) => id);
  const { sums, inclusionOf } = await visibleSums(db, reader, ids, { years, cells });
  const covered =
    coverage === 'asked' ? await coverageOfAgencies(db, ids, [...new Set(years)], inclusionOf) : undefined;
  return new Map(
    ids.map((id) => [
      id,
      years.map((year) => ({ sums: sums(id, year) ?? sumsOfNone(year), coverage: covered?.(id, year) ?? null })),
    ]),
  );
}

/** What is shown to a reader of each agency and year, and which of its revisions that is; null where that is none. */
interface VisibleSums {
  readonly sums: (id: number, year: number) => Sums | undefined;
  readonly inclusionOf: (id: number, year: number) => Inclusion | null;
}

/** Reads what was filed, what was accepted, or both, and picks what the reader may see of each agency and year. */
async function visibleSums(
  db: Db,
  reader: Reader,
  ids: readonly number[],
  { years, cells }: Pick<SumsQuery, 'years' | 'cells'>,
): Promise<VisibleSums> {
  const visible = await visibleTo(db, reader, years);
  const read = (inclusion: Inclusion) => sumAgencies(db, ids, years, cells, inclusion);
  const filed = !visible || reader.caller.kind === 'token' ? await read('ALL') : undefined;
  if (!visible) return { sums: (id, year) => filed?.get(id)?.get(year), inclusionOf: () => 'ALL' };
  const accepted = visible.elsewhere === 'ACCEPTED' ? await read('ACCEPTED') : undefined;
  const { counties, agencyIds } = visible.readable;
  const reached = new Set(counties.map(([county, year]) => `${county} ${year}`));
  const inFull =
    reached.size === 0
      ? new Set<string>()
      : await reportsWithin(db, ids, years, (countyId, year) => reached.has(`${countyId} ${year}`));
  const elsewhere = visible.elsewhere === 'ACCEPTED' ? 'ACCEPTED' : null;
  const inclusionOf = (id: number, year: number) =>
    agencyIds.includes(id) || inFull.has(`${id} ${year}`) ? 'ALL' : elsewhere;
  return {
    sums: (id, year) => (inclusionOf(id, year) === 'ALL' ? filed : accepted)?.get(id)?.get(year),
    inclusionOf,
  };
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

/** One year's sums of a division, with the counts of each cell and the coverage. */
export interface Statistics extends CountedSums {
  readonly coverage: Coverage;
}

/** A territory's statistics, one a year asked for, in that order. Whoever asks may have them: see `inclusionOfSum`. */
export async function territoryStatistics(
  db: Db,
  territory: Territory,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Statistics[]> {
  const sums = await countTerritory(db, territory, years, cells, of);
  const covered = await coverageOfTerritory(db, territory, years, of.kinds, () => of.inclusion);
  return years.map((year) => ({ ...(sums.get(year) ?? sumsOfNone(year)), coverage: covered(year) }));
}

/** The same of each of some agencies' reports, as far as the reader may see, by agency. */
export async function statisticsOfAgencies(
  db: Db,
  reader: Reader,
  agencies: readonly Agency[],
  years: readonly number[],
  cells: readonly Cell[],
): Promise<ReadonlyMap<number, readonly Statistics[]>> {
  const found = await sumsOfAgencies(db, reader, agencies, { years, cells, coverage: 'asked' });
  const counted = ({ sums, coverage }: CoveredSums): Statistics => ({
    ...countReport(sums, cells),
    coverage: coverage ?? { expected: 0, ...nobodyFiled },
  });
  return new Map([...found].map(([id, own]) => [id, own.map(counted)]));
}

/** Reports that a division's sum is of. */
export interface Summed extends SumOf {
  readonly division: Division;
  readonly frame: Frame;
  readonly territory: Territory;
}

/** Whose reports are asked about: one agency's, or those that a division's sum is of. */
export type Whose = { readonly agency: Agency } | Summed;

/** How many reports of a year filled in some cells, and how many left them blank, as far as the reader may see. */
export async function countCells(
  db: Db,
  reader: Reader,
  whose: Whose,
  year: number,
  cells: readonly Cell[],
): Promise<CountedSums> {
  if ('agency' in whose) return (await countVisible(db, reader, whose.agency, year, cells)) ?? sumsOfNone(year);
  const { division, territory, inclusion } = whose;
  await inclusionOfSum(db, reader, division, year, inclusion, addedBy(territory));
  return (await countTerritory(db, territory, [year], cells, whose)).get(year) ?? sumsOfNone(year);
}

async function countVisible(db: Db, reader: Reader, agency: Agency, year: number, cells: readonly Cell[]) {
  const report = await findReport(db, agency.id, year);
  // Where the report belongs decides, not where its agency has come to since.
  const inclusion = report ? await inclusionFor(db, reader, { ...agency, countyId: report.countyId }, year) : null;
  return inclusion === null ? undefined : countAgency(db, agency.id, year, cells, inclusion);
}

/**
 * Published items of a division's reports for a year by name, the largest first. Throws `unauthorized` or `forbidden`
 * where sums are closed to the reader.
 */
export async function itemsOfDivision(
  db: Db,
  reader: Reader,
  { division, territory, frame: _, ...of }: Summed,
  asked: { readonly year: number; readonly list: ItemList; readonly first: number },
): Promise<readonly ItemSum[]> {
  await inclusionOfSum(db, reader, division, asked.year, of.inclusion, addedBy(territory));
  return sumItems(db, territory, asked, of);
}
