/**
 * The use case that reads the sums of all areas of a level below a division at once: what a ranking compares, and what a
 * table of statistics lists. Each area's sums are what is read of it alone with the same kinds, inclusion and frame.
 */
import { inclusionsOfSums, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Cell } from '../../form/forms.js';
import type { Measure } from '../../form/measure/measures.js';
import { asReported, type Frame } from '../../register/frame.js';
import { agencyYearKey, type RegisterAt } from '../../register/known.js';
import { reportsIn } from '../../report/known.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import type { Filer } from '../../store/register/find/areas.js';
import { type AreaRows, noRows, rowsOfDivisions, rowsOfReports, sumsOfRows } from '../../store/rollup/area-rows.js';
import { countsShown } from '../../store/rollup/filed.js';
import { rowOfContent } from '../../store/rollup/sum-rows.js';
import type { CountedSums, SumOf } from '../../store/rollup/sums.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { Inclusion } from '../../words.js';
import type { Coverage } from '../coverage.js';
import { ofOneMoment, ofOneRegister } from '../moment.js';
import { addedBy, territoryStatistics } from '../sums.js';
import { registerOf, territoryOf } from '../territories.js';
import { type Area, type AreaLevel, divisionsWithin, filersWithin } from './areas.js';
import { type Measured, measureReader, measureSums } from './measured.js';

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
export interface AreaYear {
  readonly area: Area;
  readonly year: number;
  readonly coverage: Coverage;
  /** How many reports the sums are of, and how many of them are made-up samples. */
  readonly reports: number;
  readonly samples: number;
  /** With the counts of each cell. Made when it is asked for: for a whole nation it is dear. */
  readonly sums: () => CountedSums;
}

/** The areas of a year with their sums, by code. */
export interface AreasOfYear {
  readonly year: number;
  /** What all of the sums include: decided for the division that holds all areas. */
  readonly inclusion: Inclusion;
  readonly areas: readonly AreaYear[];
  /** The areas with a measure, whose cells must be among those asked for; quicker than by way of their sums. */
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
  const { years, frame = asReported } = query;
  if (years.length === 0) return [];
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

/** An area with the rows of its sums, or with the sums where these are put together from several. */
type Found = { readonly area: Area } & (
  | { readonly rows: AreaRows }
  | { readonly sums: CountedSums; readonly coverage: Coverage }
);

function areasOf(
  found: readonly Found[],
  kind: 'agency' | 'division',
  { year, cells }: Asked,
  { inclusion }: SumOf,
): AreasOfYear {
  const areas = found.map((one): AreaYear => {
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
      sums: () => sumsOfRows(rows, kind, year, cells),
    };
  });
  return {
    year,
    inclusion,
    areas,
    measure: (measure) => {
      const read = measureReader(measure, cells, kind);
      return found.flatMap((own, index) => {
        const one = areas[index];
        if (!one) return [];
        const measured = 'rows' in own ? read(own.rows) : measureSums(measure, own.sums, own.coverage);
        return [{ one, measured }];
      });
    },
  };
}

async function divisionsOf(db: Db, asked: Asked, of: SumOf, level: Exclude<AreaLevel, 'AGENCY'>): Promise<AreasOfYear> {
  const { division, register, frame, year, cells } = asked;
  const areas = await divisionsWithin(db, register, division, level, frame.on ?? referenceDate(year));
  const territories = new Map<number, Territory>();
  if (frame.on !== null || frame.knownOn !== null) {
    for (const area of areas) {
      const territory = await territoryOf(db, area, [year], frame);
      if (territory.adjustments.has(year)) territories.set(area.id, territory);
    }
  }
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
  return areasOf(found, 'division', asked, of);
}

async function agenciesOf(db: Db, asked: Asked, of: SumOf): Promise<AreasOfYear> {
  const { division, register, year, cells, frame } = asked;
  const filers = (await filersWithin(db, register, division, asked)).filter(
    ({ agency }) => !of.kinds || of.kinds.includes(agency.kind),
  );
  const expected = new Map(filers.map(({ agency, isExpected }) => [agency.id, isExpected]));
  const extent = division.level === 'NATION' && of.kinds === undefined ? 'everywhere' : 'these';
  const rows =
    frame.knownOn === null
      ? await rowsOfReports(db, expected, year, cells, of.inclusion, extent)
      : await rowsKnown(db, asked, filers, of.inclusion);
  const day = referenceDate(year);
  const found = filers.flatMap(({ agency, isExpected }): Found[] => {
    const own = rows.get(agency.id) ?? noRows;
    return isExpected || own !== noRows ? [{ area: { ...agency, day }, rows: own }] : [];
  });
  return areasOf(found, 'agency', asked, of);
}

/** How many reports are read in one piece. */
const reportsAtOnce = 500;

/** What was known of the reports of some agencies at the register's instant, as their rows would say it. */
async function rowsKnown(
  db: Db,
  { register, year, cells }: Asked,
  filers: readonly Filer[],
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, AreaRows>> {
  const found = new Map<number, AreaRows>();
  for (let start = 0; start < filers.length; start += reportsAtOnce) {
    const some = filers.slice(start, start + reportsAtOnce);
    const reports = await reportsIn(
      db,
      register,
      some.map(({ agency }) => ({ agencyId: agency.id, year })),
    );
    for (const { agency, isExpected } of some) {
      const report = reports.get(agencyYearKey({ agencyId: agency.id, year }));
      if (!report && !isExpected) continue;
      const { current, accepted } = report ?? {};
      const shown = inclusion === 'ALL' ? current : accepted;
      const counts = {
        reported: current?.report.expected ?? 0,
        onTime: current?.report.expected ? current.report.onTime : 0,
        accepted: accepted?.report.expected ?? 0,
        acceptedOnTime: accepted?.report.expected ? accepted.report.onTime : 0,
      };
      found.set(agency.id, {
        rows: shown ? [rowOfContent({ ...shown.report, content: shown.content }, cells)] : [],
        blanks: [],
        expected: Number(isExpected),
        filed: countsShown(counts, inclusion),
      });
    }
  }
  return found;
}
