/**
 * The use case that reads the sums of all areas of a level below a division at once: what a ranking compares, and what a
 * table of statistics lists. Each area's sums are what is read of it alone with the same kinds, inclusion and frame.
 */
import { inclusionsOfSums, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Cell } from '../../form/forms.js';
import type { Measure } from '../../form/measure/measures.js';
import { takeTurns } from '../../loop.js';
import { asReported, type Frame, territoriesOn } from '../../register/frame.js';
import type { RegisterAt } from '../../register/known.js';
import { reportsIn } from '../../report/known.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import type { Filer } from '../../store/register/find/areas.js';
import { type AreaRows, noRows, rowsOfDivisions, sumsOfRows } from '../../store/rollup/area-rows.js';
import { nobodyFiled } from '../../store/rollup/filed.js';
import {
  filedOf,
  isSample,
  readReportRows,
  type ShownReport,
  shownReport,
  sumsOfReportRow,
} from '../../store/rollup/report-rows.js';
import type { CountedSums, SumOf } from '../../store/rollup/sums.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { Inclusion } from '../../words.js';
import type { Coverage } from '../coverage.js';
import { ofOneMoment, ofOneRegister } from '../moment.js';
import { addedBy, territoryStatistics } from '../sums.js';
import { registerOf, territoryOf } from '../territories.js';
import { type Area, type AreaLevel, type DivisionArea, divisionsWithin, filersWithin } from './areas.js';
import { type Measured, measureCoverage, measureReader, measureSums, reportMeasureReader } from './measured.js';

/** Which sums are asked for. */
export interface AreasQuery {
  readonly by: AreaLevel;
  readonly years: readonly number[];
  /** Keep the list: what it takes to read it is prepared once for each list. */
  readonly cells: readonly Cell[];
  /** Every filer when left out. */
  readonly kinds?: SumOf['kinds'];
  /** What the reader may have of the division where it is left out. */
  readonly inclusion?: Inclusion | undefined;
  /** As reported when left out. */
  readonly frame?: Frame | undefined;
}

/** One area's sums of a year, over the cells asked for. */
interface AreaYear {
  readonly area: Area;
  readonly year: number;
  readonly coverage: Coverage;
  /** How many reports the sums are of, and how many of them are made-up samples. */
  readonly reports: number;
  readonly samples: number;
  /** With the counts of each cell. Made when it is asked for: for a whole nation it is dear. */
  readonly sums: () => CountedSums;
}

/** The areas of a year with their sums, by code. What is not looked at is not made: there may be 41,000. */
export interface AreasOfYear {
  readonly year: number;
  /** What all of the sums include: decided for the division that holds all areas. */
  readonly inclusion: Inclusion;
  readonly count: number;
  /** The identity of the area at a place, and the area with its sums. */
  readonly idAt: (index: number) => number;
  readonly areaAt: (index: number) => AreaYear;
  /** Reads a measure, whose cells must be among those asked for, of the area at a place. */
  readonly measureAt: (measure: Measure) => (index: number) => Measured;
  readonly areas: readonly AreaYear[];
  /** All areas with a measure. */
  readonly measure: (measure: Measure) => readonly { readonly one: AreaYear; readonly measured: Measured }[];
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
  const register = await registerOf(db, frame);
  const territory = await territoryOf(db, division, each, frame);
  const inclusions = await inclusionsOfSums(db, reader, division, each, query.inclusion, addedBy(territory));
  const found = new Map<number, AreasOfYear>();
  for (const year of each) {
    const asked: Asked = { division, register, frame, territory, year, cells: query.cells };
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
  readonly cells: readonly Cell[];
}

/** What a list of areas is made of: how each of those that were found is read. */
interface Listed<Found> {
  readonly year: number;
  readonly inclusion: Inclusion;
  readonly idOf: (one: Found) => number;
  readonly areaOf: (one: Found) => AreaYear;
  readonly measureOf: (measure: Measure) => (one: Found) => Measured;
}

function listAreas<Found>(
  found: readonly Found[],
  { year, inclusion, idOf, areaOf, measureOf }: Listed<Found>,
): AreasOfYear {
  const at = (index: number): Found => {
    const one = found[index];
    if (one === undefined) throw new Error(`there is no area ${index}`);
    return one;
  };
  let made: readonly AreaYear[] | undefined;
  const all = () => {
    made ??= found.map(areaOf);
    return made;
  };
  return {
    year,
    inclusion,
    count: found.length,
    idAt: (index) => idOf(at(index)),
    areaAt: (index) => areaOf(at(index)),
    measureAt: (measure) => {
      const read = measureOf(measure);
      return (index) => read(at(index));
    },
    get areas() {
      return all();
    },
    measure: (measure) => {
      const read = measureOf(measure);
      return all().map((one, index) => ({ one, measured: read(at(index)) }));
    },
  };
}

/** A division with the rows of its sums, or with the sums where these are put together from several. */
type Found = { readonly area: Area } & (
  | { readonly rows: AreaRows }
  | { readonly sums: CountedSums; readonly coverage: Coverage }
);

function listDivisions(found: readonly Found[], { year, cells }: Asked, { inclusion }: SumOf): AreasOfYear {
  return listAreas(found, {
    year,
    inclusion,
    idOf: ({ area }) => area.id,
    areaOf: (one) => {
      if ('sums' in one) {
        const { reports, samples } = one.sums;
        return { area: one.area, year, coverage: one.coverage, reports, samples, sums: () => one.sums };
      }
      const { area, rows } = one;
      return {
        area,
        year,
        coverage: { expected: rows.expected, ...rows.filed },
        reports: rows.rows.reduce((sum, row) => sum + row[2], 0),
        samples: rows.rows.reduce((sum, row) => sum + row[5], 0),
        sums: () => sumsOfRows(rows, year, cells),
      };
    },
    measureOf: (measure) => {
      const read = measureReader(measure, cells);
      return (one) => ('rows' in one ? read(one.rows) : measureSums(measure, one.sums, one.coverage));
    },
  });
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

/** An agency, and its report as it is shown. */
interface FoundAgency {
  readonly filer: Filer;
  readonly report: ShownReport | undefined;
}

function listAgencies(found: readonly FoundAgency[], { year, cells }: Asked, { inclusion }: SumOf): AreasOfYear {
  const coverageOf = ({ filer, report }: FoundAgency): Coverage => ({
    expected: Number(filer.isExpected),
    ...(report ? filedOf(report, inclusion) : nobodyFiled),
  });
  return listAreas(found, {
    year,
    inclusion,
    idOf: ({ filer }) => filer.agency.id,
    areaOf: (one) => {
      const shown = one.report?.shown ?? null;
      return {
        area: one.filer.agency,
        year,
        coverage: coverageOf(one),
        reports: shown ? 1 : 0,
        samples: shown && isSample(shown) ? 1 : 0,
        sums: () => sumsOfReportRow(shown, year, cells),
      };
    },
    measureOf: (measure) => {
      if (measure.source.of === 'coverage') return (one) => measureCoverage(coverageOf(one));
      const read = reportMeasureReader(measure, cells);
      return ({ report }) => read(report?.shown ?? null);
    },
  });
}

async function divisionsOf(db: Db, asked: Asked, of: SumOf, level: Exclude<AreaLevel, 'AGENCY'>): Promise<AreasOfYear> {
  const { division, register, frame, year, cells } = asked;
  const areas = await divisionsWithin(db, register, division, level, frame.on ?? referenceDate(year));
  const territories = await territoriesOf(db, asked, areas);
  const plain = areas.flatMap(({ id }) => (territories.has(id) ? [] : [id]));
  const rows = await rowsOfDivisions(db, plain, year, cells, of);
  const found: Found[] = [];
  for (const area of areas) {
    const territory = territories.get(area.id);
    if (!territory) {
      found.push({ area, rows: rows.get(area.id) ?? noRows });
      continue;
    }
    const [statistics] = await territoryStatistics(db, territory, [year], cells, of);
    if (statistics) found.push({ area, sums: statistics, coverage: statistics.coverage });
  }
  return listDivisions(found, asked, of);
}

async function agenciesOf(db: Db, asked: Asked, of: SumOf): Promise<AreasOfYear> {
  const { division, register, year, cells, frame } = asked;
  const { kinds, inclusion } = of;
  const all = await filersWithin(db, register, division, asked);
  const filers = kinds ? all.filter(({ agency }) => kinds.includes(agency.kind)) : all;
  const ids = division.level === 'NATION' ? undefined : filers.map(({ agency }) => agency.id);
  const reports =
    frame.knownOn === null
      ? await readReportRows(db, ids, year, cells, inclusion)
      : await reportsKnown(db, asked, filers, inclusion);
  const found: FoundAgency[] = [];
  for (const filer of filers) {
    const report = reports.get(filer.agency.id);
    if (report || filer.isExpected) found.push({ filer, report });
  }
  return listAgencies(found, asked, of);
}

/** How many reports are read in one piece. */
const reportsAtOnce = 500;

/** What was known of the reports of some agencies at the register's instant, as their rows would say it. */
async function reportsKnown(
  db: Db,
  { register, year, cells }: Asked,
  filers: readonly Filer[],
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, ShownReport>> {
  const turn = takeTurns();
  const found = new Map<number, ShownReport>();
  for (let start = 0; start < filers.length; start += reportsAtOnce) {
    const asked = filers.slice(start, start + reportsAtOnce).map(({ agency }) => ({ agencyId: agency.id, year }));
    for (const { agencyId, current, accepted } of (await reportsIn(db, register, asked)).values()) {
      found.set(agencyId, shownReport(agencyId, { current, accepted }, cells, inclusion));
    }
    await turn();
  }
  return found;
}
