/**
 * The use case that reads the sums of all areas of a level below a division at once: what a ranking compares, and what a
 * table of statistics lists. Each area's sums are what is read of it alone with the same kinds, inclusion and frame.
 */
import { inclusionsOfSums, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Measure } from '../../form/measure/measures.js';
import { takeTurns } from '../../loop.js';
import { asReported, type Frame, territoriesOn } from '../../register/frame.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import { type AreaRows, rowsOfDivisions } from '../../store/rollup/area-rows.js';
import type { CountedSums, SumOf } from '../../store/rollup/sums.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { Inclusion } from '../../words.js';
import type { Coverage } from '../coverage.js';
import { ofOneMoment, ofOneRegister } from '../moment.js';
import { addedBy, territoryStatistics } from '../sums.js';
import { registerOf, territoryOf } from '../territories.js';
import { touchedSince } from '../touched.js';
import { sumsOfAgencies } from './agency-sums.js';
import { type Area, type AreaLevel, type DivisionArea, divisionsWithin, expectedWithin } from './areas.js';
import type { AreaCounts, AreasOfYear, AskedYears } from './areas-of-year.js';
import { columnsOfMeasures, type Measured, measureCoverage, measureReader, measureSums } from './measured.js';

/** Which sums are asked for. */
export interface AreasQuery {
  readonly by: AreaLevel;
  readonly years: readonly number[];
  readonly measures: readonly Measure[];
  /** Every filer when left out. */
  readonly kinds?: SumOf['kinds'];
  /** What the reader may have of the division where it is left out. */
  readonly inclusion?: Inclusion | undefined;
  /** As reported when left out. */
  readonly frame?: Frame | undefined;
}

/**
 * The sums of all areas of a level below a division, one entry a year asked for, in that order. Agencies are those whose
 * reports the sum of the division is of in the frame: expected to file or not, filed or not. Divisions are those that lie
 * below it on 31 December of the year, or on the day of the frame. Throws `unauthorized` or `forbidden` where the sums of
 * the division are closed to the reader.
 */
export async function sumsOfAreas(
  db: Db,
  reader: Reader,
  division: Division,
  query: AreasQuery,
): Promise<readonly AreasOfYear[]> {
  const { years, inclusion, frame = asReported } = query;
  if (years.length === 0) return [];
  // Who is refused is refused before anything is looked for, which on other boundaries takes long.
  if (reader.open === 'none' || inclusion === 'ALL') await inclusionsOfSums(db, reader, division, years, inclusion);
  const read = () => readAreas(db, reader, division, query, frame);
  return frame.on === null && frame.knownOn === null ? ofOneRegister(db, read) : ofOneMoment(db, frame, read);
}

async function readAreas(
  db: Db,
  reader: Reader,
  division: Division,
  query: AreasQuery,
  frame: Frame,
): Promise<readonly AreasOfYear[]> {
  const each = [...new Set(query.years)];
  const columns = columnsOfMeasures(query.measures);
  const register = await registerOf(db, frame);
  const territory = await territoryOf(db, division, each, frame);
  const inclusions = await inclusionsOfSums(db, reader, division, each, query.inclusion, addedBy(territory));
  const { by, kinds } = query;
  const asked: AskedYears = { division, register, frame, territory, columns };
  const found = new Map<number, AreasOfYear>();
  const inclusionOf = (year: number) => inclusions.get(year) ?? 'ACCEPTED';
  for (const inclusion of new Set(each.map(inclusionOf))) {
    const years = each.filter((year) => inclusionOf(year) === inclusion);
    const of: SumOf = { inclusion, kinds };
    if (by === 'AGENCY') {
      for (const own of await sumsOfAgencies(db, asked, years, of)) found.set(own.year, own);
    } else for (const year of years) found.set(year, await divisionsOf(db, { ...asked, year }, of, by));
  }
  return query.years.flatMap((year) => found.get(year) ?? []);
}

/** Of what divisions are asked for, in a year. */
interface Asked extends AskedYears {
  readonly year: number;
}

/** What a list of areas is made of: how each of those that were found is read. */
interface Listed<Found> extends Pick<AreasOfYear, 'year' | 'inclusion'> {
  readonly areaOf: (one: Found) => Area;
  readonly countsOf: (one: Found) => AreaCounts;
  readonly measureOf: (measure: Measure) => (one: Found) => Measured;
}

function listAreas<Found>(
  found: readonly Found[],
  { year, inclusion, areaOf, countsOf, measureOf }: Listed<Found>,
): AreasOfYear {
  const at = (index: number): Found => {
    const one = found[index];
    if (one === undefined) throw new Error(`there is no area ${index}`);
    return one;
  };
  return {
    year,
    inclusion,
    count: found.length,
    areaAt: (index) => areaOf(at(index)),
    countsAt: (index) => countsOf(at(index)),
    measureAt: (measure) => {
      const read = measureOf(measure);
      return (index) => read(at(index));
    },
  };
}

/** A division with the rows of its sums, or with the sums where these are put together from several. */
type Found = { readonly area: Area } & (
  | { readonly rows: AreaRows; readonly expected: number }
  | { readonly sums: CountedSums; readonly coverage: Coverage }
);

function listDivisions(found: readonly Found[], { year, columns }: Asked, { inclusion }: SumOf): AreasOfYear {
  return listAreas(found, {
    year,
    inclusion,
    areaOf: ({ area }) => area,
    countsOf: (one) => ('rows' in one ? countsOfRows(one) : countsOfSums(one, inclusion)),
    measureOf: (measure) => {
      const read = measureReader(measure, columns);
      const isCoverage = measure.source.of === 'coverage';
      return (one) => {
        if (!('rows' in one)) return measureSums(measure, one.sums, one.coverage);
        return isCoverage ? measureCoverage(countsOfRows(one)) : read(one.rows);
      };
    },
  });
}

function countsOfRows({ rows: { rows, reported }, expected }: { readonly rows: AreaRows; readonly expected: number }) {
  let [reports, expectedReports, samples] = [0, 0, 0];
  for (const row of rows) {
    reports += row[2];
    expectedReports += row[3];
    samples += row[4];
  }
  return { expected, reported, reports, expectedReports, samples };
}

/** Of how many agencies and reports some sums are that were put together. */
export function countsOfSums(
  { sums, coverage }: { readonly sums: CountedSums; readonly coverage: Coverage },
  inclusion: Inclusion,
): AreaCounts {
  const { reports, samples } = sums;
  const { expected, reported, accepted } = coverage;
  return { expected, reported, reports, samples, expectedReports: inclusion === 'ALL' ? reported : accepted };
}

/** The territories of areas that are not as they are kept. What was known before is put together one by one. */
async function territoriesOf(
  db: Db,
  { division, register, frame, year }: Asked,
  areas: readonly DivisionArea[],
): Promise<ReadonlyMap<number, Territory>> {
  const { on, knownOn } = frame;
  if (knownOn === null) return on === null ? new Map() : territoriesOn(db, division, areas, year, on);
  const turn = takeTurns();
  const touched = on === null ? await touchedSince(db, register, year) : undefined;
  const territories = new Map<number, Territory>();
  for (const area of areas) {
    if (touched && !touched.has(area.id)) continue;
    const territory = await territoryOf(db, area, [year], frame);
    if (territory.adjustments.has(year)) territories.set(area.id, territory);
    await turn();
  }
  return territories;
}

async function divisionsOf(db: Db, asked: Asked, of: SumOf, level: Exclude<AreaLevel, 'AGENCY'>): Promise<AreasOfYear> {
  const { division, register, frame, year, columns } = asked;
  const areas = await divisionsWithin(db, register, division, level, frame.on ?? referenceDate(year));
  const territories = await territoriesOf(db, asked, areas);
  const plain = territories.size === 0 ? areas : areas.filter(({ id }) => !territories.has(id));
  const rows = await rowsOfDivisions(
    db,
    plain.map(({ id }) => id),
    year,
    columns,
    of,
  );
  const expected = await expectedWithin(db, plain, { year, kinds: of.kinds });
  const found: Found[] = [];
  for (const [index, area] of plain.entries()) {
    const own = rows[index];
    if (own) found.push({ area, rows: own, expected: expected.get(area.id) ?? 0 });
  }
  if (territories.size === 0) return listDivisions(found, asked, of);
  for (const area of areas) {
    const territory = territories.get(area.id);
    if (!territory) continue;
    const [statistics] = await territoryStatistics(db, territory, [year], columns.boxes, of);
    if (statistics) found.push({ area, sums: statistics, coverage: statistics.coverage });
  }
  found.sort((one, other) => (one.area.code < other.area.code ? -1 : 1));
  return listDivisions(found, asked, of);
}
