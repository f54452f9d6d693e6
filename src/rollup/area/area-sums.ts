/**
 * The use case that reads the sums of all areas of a level below a division at once: what a ranking compares, and what a
 * table of statistics lists. Each area's sums are what is read of it alone with the same kinds, inclusion and frame.
 */
import { inclusionsOfSums, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Measure } from '../../form/measure/measures.js';
import { takeTurns } from '../../loop.js';
import { asReported, type Frame, territoriesOn } from '../../register/frame.js';
import type { RegisterAt } from '../../register/known.js';
import { reportsIn } from '../../report/known.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import { type AreaRows, rowsOfDivisions } from '../../store/rollup/area-rows.js';
import { nobodyFiled } from '../../store/rollup/filed.js';
import {
  countsOfReport,
  isSample,
  type ReportRow,
  readReportRows,
  rowsOfKnown,
  type ShownReports,
} from '../../store/rollup/report-rows.js';
import type { CountedSums, SumOf } from '../../store/rollup/sums.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { Inclusion } from '../../words.js';
import type { Coverage } from '../coverage.js';
import { ofOneMoment, ofOneRegister } from '../moment.js';
import { addedBy, territoryStatistics } from '../sums.js';
import { registerOf, territoryOf } from '../territories.js';
import {
  type Area,
  type AreaLevel,
  type DivisionArea,
  divisionsWithin,
  expectedWithin,
  type Filer,
  filersWithin,
} from './areas.js';
import {
  columnsOfMeasures,
  type MeasureColumns,
  type Measured,
  measureCoverage,
  measureReader,
  measureSums,
  reportMeasureReader,
} from './measured.js';

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

/** Of how many agencies and reports an area's sums are. */
export interface AreaCounts {
  /** How many agencies are expected to file, and how many of these have, whatever the sums include. */
  readonly expected: number;
  readonly reported: number;
  /** How many reports the sums are of, how many of these are of agencies expected to file, and how many are made-up samples. */
  readonly reports: number;
  readonly expectedReports: number;
  readonly samples: number;
}

/** The areas of a year by code, each by its place. What is not looked at is not made: there may be 41,000. */
export interface AreasOfYear {
  readonly year: number;
  /** What all of the sums include: decided for the division that holds all areas. */
  readonly inclusion: Inclusion;
  readonly count: number;
  readonly areaAt: (index: number) => Area;
  readonly countsAt: (index: number) => AreaCounts;
  /** Reads a measure, which must be among those asked for. */
  readonly measureAt: (measure: Measure) => (index: number) => Measured;
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
  const found = new Map<number, AreasOfYear>();
  for (const year of each) {
    const asked: Asked = { division, register, frame, territory, year, columns };
    const of: SumOf = { inclusion: inclusions.get(year) ?? 'ACCEPTED', kinds: query.kinds };
    const { by } = query;
    found.set(year, by === 'AGENCY' ? await agenciesOf(db, asked, of) : await divisionsOf(db, asked, of, by));
  }
  return query.years.flatMap((year) => found.get(year) ?? []);
}

/** Of what areas are asked for, in a year. */
interface Asked {
  readonly division: Division;
  readonly register: RegisterAt;
  readonly frame: Frame;
  readonly territory: Territory;
  readonly year: number;
  readonly columns: MeasureColumns;
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
  { division, frame, year }: Asked,
  areas: readonly DivisionArea[],
): Promise<ReadonlyMap<number, Territory>> {
  const { on, knownOn } = frame;
  if (knownOn === null) return on === null ? new Map() : territoriesOn(db, division, areas, year, on);
  const turn = takeTurns();
  const territories = new Map<number, Territory>();
  for (const area of areas) {
    const territory = await territoryOf(db, area, [year], frame);
    if (territory.adjustments.has(year)) territories.set(area.id, territory);
    await turn();
  }
  return territories;
}

/** Agencies, and the report of each at its place. */
interface FoundAgencies {
  readonly filers: readonly Filer[];
  readonly reports: ShownReports;
}

function listAgencies(
  { filers, reports: { current, shown } }: FoundAgencies,
  { year, columns }: Asked,
  { inclusion }: SumOf,
): AreasOfYear {
  const day = referenceDate(year);
  const filerAt = (index: number) => {
    const filer = filers[index];
    if (!filer) throw new Error(`there is no agency ${index}`);
    return filer;
  };
  const countsAt = (index: number): AreaCounts => {
    const [own, row] = [current[index], shown[index] ?? null];
    const { reported, accepted } = own ? countsOfReport(own) : nobodyFiled;
    return {
      expected: Number(filerAt(index).isExpected),
      reported,
      reports: row ? 1 : 0,
      expectedReports: inclusion === 'ALL' ? reported : accepted,
      samples: row && isSample(row) ? 1 : 0,
    };
  };
  return {
    year,
    inclusion,
    count: filers.length,
    areaAt: (index) => ({ ...filerAt(index).agency, day }),
    countsAt,
    measureAt: (measure) => {
      if (measure.source.of === 'coverage') return (index) => measureCoverage(countsAt(index));
      const read = reportMeasureReader(measure, columns.boxes);
      return (index) => read(shown[index] ?? null);
    },
  };
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

async function agenciesOf(db: Db, asked: Asked, of: SumOf): Promise<AreasOfYear> {
  const { division, register, year, frame } = asked;
  const { boxes } = asked.columns;
  const { kinds, inclusion } = of;
  const all = await filersWithin(db, register, division, asked);
  const filers = kinds ? all.filter(({ agency }) => kinds.includes(agency.kind)) : all;
  const from = division.level === 'NATION' ? 'all reports' : 'these agencies';
  const reports =
    frame.knownOn === null
      ? await readReportRows(db, { places: placesOf(filers), from, year }, boxes, inclusion)
      : await reportsKnown(db, asked, filers, inclusion);
  return listAgencies(thoseThatCount({ filers, reports }), asked, of);
}

/** The places of agencies in a list, kept as long as the list. */
const placesOfLists = new WeakMap<readonly Filer[], ReadonlyMap<number, number>>();

function placesOf(filers: readonly Filer[]): ReadonlyMap<number, number> {
  const known = placesOfLists.get(filers);
  if (known) return known;
  const places = new Map(filers.map(({ agency }, place) => [agency.id, place]));
  placesOfLists.set(filers, places);
  return places;
}

/** Without those that neither are expected to file nor did: mostly there are none. */
function thoseThatCount(found: FoundAgencies): FoundAgencies {
  const { filers, reports } = found;
  const counts = ({ isExpected }: Filer, place: number) => isExpected || reports.current[place] !== undefined;
  if (filers.every(counts)) return found;
  const those = <Item>(list: readonly Item[]) =>
    list.filter((_, place) => filers[place] && counts(filers[place], place));
  return { filers: those(filers), reports: { current: those(reports.current), shown: those(reports.shown) } };
}

/** How many reports are read in one piece. */
const reportsAtOnce = 500;

/** What was known of the reports of some agencies at the register's instant, as their rows would say it. */
async function reportsKnown(
  db: Db,
  { register, year, columns }: Asked,
  filers: readonly Filer[],
  inclusion: Inclusion,
): Promise<ShownReports> {
  const turn = takeTurns();
  const places = placesOf(filers);
  const current: (ReportRow | undefined)[] = filers.map(() => undefined);
  const shown: (ReportRow | null | undefined)[] = [...current];
  for (let start = 0; start < filers.length; start += reportsAtOnce) {
    const asked = filers.slice(start, start + reportsAtOnce).map(({ agency }) => ({ agencyId: agency.id, year }));
    for (const { agencyId, ...known } of (await reportsIn(db, register, asked)).values()) {
      const place = places.get(agencyId);
      if (place === undefined) continue;
      const rows = rowsOfKnown(agencyId, known, columns.boxes, inclusion);
      current[place] = rows.current;
      shown[place] = rows.shown;
    }
    await turn();
  }
  return { current, shown };
}
