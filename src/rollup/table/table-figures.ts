/** What the sums of a table's areas say of its measures, year by year. */
import { inclusionsOfSums, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Measure } from '../../form/measure/measures.js';
import type { Frame } from '../../register/frame.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import type { AgencyKind, Inclusion } from '../../words.js';
import { countsOfSums, sumsOfAreas } from '../area/area-sums.js';
import type { Area, AreaLevel } from '../area/areas.js';
import type { AreaCounts } from '../area/areas-of-year.js';
import { columnsOfMeasures, type Measured, measureSums } from '../area/measured.js';
import { ofOneMoment } from '../moment.js';
import { addedBy, territoryStatistics } from '../sums.js';
import { territoryOf } from '../territories.js';

/** What figures are asked for. */
export interface FiguresQuery {
  readonly measures: readonly Measure[];
  /** Every filer when left out. */
  readonly kinds: readonly AgencyKind[] | undefined;
  /** What the reader may have where it is left out. */
  readonly inclusion: Inclusion | undefined;
  readonly frame: Frame;
}

/** What is found of an area in a year: each measure in their order, and of how many reports the sums are. */
export interface FoundArea {
  readonly area: Area;
  readonly counts: AreaCounts;
  readonly measured: readonly Measured[];
}

/** What is found of a year. */
export interface FoundYear {
  readonly year: number;
  readonly inclusion: Inclusion;
  readonly areas: ReadonlyMap<number, FoundArea>;
}

/** Reads the parts of a division, by the measures of a query. */
export async function readParts(
  db: Db,
  reader: Reader,
  division: Division,
  { by, measures, kinds, inclusion, frame }: FiguresQuery & { readonly by: AreaLevel },
  years: readonly number[],
): Promise<readonly FoundYear[]> {
  const found = await sumsOfAreas(db, reader, division, { by, years, measures, kinds, inclusion, frame });
  return found.map(({ year, inclusion: of, count, areaAt, countsAt, measureAt }): FoundYear => {
    const readers = measures.map(measureAt);
    const areas = new Map<number, FoundArea>();
    for (let index = 0; index < count; index++) {
      const area = areaAt(index);
      areas.set(area.id, { area, counts: countsAt(index), measured: readers.map((read) => read(index)) });
    }
    return { year, inclusion: of, areas };
  });
}

/** The same of the division itself. */
export async function readWhole(
  db: Db,
  reader: Reader,
  division: Division,
  { measures, kinds, inclusion, frame }: FiguresQuery,
  years: readonly number[],
): Promise<readonly FoundYear[]> {
  const cells = columnsOfMeasures(measures).boxes;
  return ofOneMoment(db, frame, async () => {
    const territory = await territoryOf(db, division, years, frame);
    const inclusions = await inclusionsOfSums(db, reader, division, years, inclusion, addedBy(territory));
    const found: FoundYear[] = [];
    for (const of of new Set(inclusions.values())) {
      const own = years.filter((year) => inclusions.get(year) === of);
      const statistics = await territoryStatistics(db, territory, own, cells, { inclusion: of, kinds });
      for (const { coverage, ...sums } of statistics) {
        const measured = measures.map((measure) => measureSums(measure, sums, coverage));
        const area = { ...division, day: frame.on ?? referenceDate(sums.year) };
        const one = { area, counts: countsOfSums({ sums, coverage }, of), measured };
        found.push({ year: sums.year, inclusion: of, areas: new Map([[division.id, one]]) });
      }
    }
    return found.sort((one, other) => one.year - other.year);
  });
}
