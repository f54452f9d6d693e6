/** The sums of all areas of a division beside what is read of each of them alone. */
import assert from 'node:assert/strict';
import { addExact, type Exact } from '../src/form/exact.js';
import { allCells, findCell } from '../src/form/forms.js';
import { findMeasure, type Measure } from '../src/form/measure/measures.js';
import type { Frame } from '../src/register/frame.js';
import { sumsOfAreas } from '../src/rollup/area/area-sums.js';
import { type Area, type AreaLevel, areaLevels, isAgencyArea } from '../src/rollup/area/areas.js';
import type { AreaCounts, AreasOfYear } from '../src/rollup/area/areas-of-year.js';
import { type Measured, measureSums } from '../src/rollup/area/measured.js';
import { type Coverage, coverageOfAgencies } from '../src/rollup/coverage.js';
import { territoryStatistics } from '../src/rollup/sums.js';
import { territoryOf } from '../src/rollup/territories.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Division } from '../src/store/register/divisions.js';
import { countAgency } from '../src/store/rollup/read-sums.js';
import { type CountedSums, type SumOf, sumsOfNone } from '../src/store/rollup/sums.js';
import { reader } from './builders.js';

/** Every box, and of what is derived some of each kind. */
const compared = [
  ...allCells.map(({ key }) => key),
  'applications.refused.total',
  'applications.otherwiseHandled.organization',
  'applications.closureRate',
  'publishedItems.total',
  'coverage.rate',
].flatMap((key): Measure | readonly Measure[] => findMeasure(key) ?? []);

/** The levels of areas below a division. */
export const levelsBelow = (level: Division['level']): readonly AreaLevel[] =>
  areaLevels.slice(0, { NATION: 4, PROVINCE: 3, PREFECTURE: 2, COUNTY: 1 }[level]);

/** What a measure is in each of some areas, in their order. */
type MeasuredAreas = ReadonlyMap<Measure, readonly Measured[]>;

/**
 * Throws where a measure of one of a division's areas of a level is another together with them all than in its sums alone, or
 * where its agencies do not add up to it. Returns how many areas were compared.
 */
export async function compareWithAlone(
  db: Db,
  division: Division,
  { by, year, frame, of }: { readonly by: AreaLevel; readonly year: number; readonly frame: Frame; readonly of: SumOf },
): Promise<number> {
  const query = { by, years: [year], measures: compared, kinds: of.kinds, inclusion: of.inclusion, frame };
  const [found] = await sumsOfAreas(db, reader, division, query);
  assert.ok(found);
  const places = Array.from({ length: found.count }, (_, index) => index);
  const measured: MeasuredAreas = new Map(
    compared.map((measure) => [measure, places.map(found.measureAt(measure))] as const),
  );
  for (const place of places) {
    const alone = await readAlone(db, found.areaAt(place), { year, frame, of });
    if (!alone) continue;
    const counts = found.countsAt(place);
    assert.deepEqual(counts, alone.counts, found.areaAt(place).code);
    for (const [measure, values] of measured) {
      const expected = measureSums(measure, alone.sums, counts);
      assert.deepEqual(values[place], expected, `${measure.key} of ${found.areaAt(place).code}`);
    }
  }
  if (by === 'AGENCY') await compareWithWhole(db, division, found, measured, { year, frame, of });
  return found.count;
}

/** The sums of an area, read of it alone; undefined of an agency as it was known, which only its division's sums tell. */
async function readAlone(
  db: Db,
  area: Area,
  { year, frame, of }: { readonly year: number; readonly frame: Frame; readonly of: SumOf },
): Promise<{ readonly sums: CountedSums; readonly counts: AreaCounts } | undefined> {
  if (!isAgencyArea(area)) {
    const [sums] = await territoryStatistics(db, await territoryOf(db, area, [year], frame), [year], allCells, of);
    assert.ok(sums);
    return { sums, counts: countsOf(sums, sums.coverage, of) };
  }
  if (frame.knownOn !== null) return undefined;
  const sums = (await countAgency(db, area.id, year, allCells, of.inclusion)) ?? sumsOfNone(year);
  const coverage = (await coverageOfAgencies(db, [area.id], [year], () => of.inclusion))(area.id, year);
  return { sums, counts: countsOf(sums, coverage, of) };
}

function countsOf({ reports, samples }: CountedSums, coverage: Coverage, { inclusion }: SumOf): AreaCounts {
  const { expected, reported, accepted } = coverage;
  return { expected, reported, reports, samples, expectedReports: inclusion === 'ALL' ? reported : accepted };
}

async function compareWithWhole(
  db: Db,
  division: Division,
  { count, countsAt }: AreasOfYear,
  measured: MeasuredAreas,
  { year, frame, of }: { readonly year: number; readonly frame: Frame; readonly of: SumOf },
): Promise<void> {
  const territory = await territoryOf(db, division, [year], frame);
  const [whole] = await territoryStatistics(db, territory, [year], allCells, of);
  assert.ok(whole);
  const total = { expected: 0, reported: 0, reports: 0, expectedReports: 0, samples: 0 };
  for (let place = 0; place < count; place++) {
    const counts = countsAt(place);
    for (const name of ['expected', 'reported', 'reports', 'expectedReports', 'samples'] as const) {
      total[name] += counts[name];
    }
  }
  assert.deepEqual(total, countsOf(whole, whole.coverage, of));
  const figures: (Exact | null)[] = allCells.map(() => null);
  let stated = 0;
  for (const [{ key, source }, values] of measured) {
    for (const { value, reported } of values) {
      if (source.of === 'publishedItems') stated += reported;
      const cell = source.of === 'cells' ? findCell(key) : undefined;
      if (cell && value !== null) figures[cell.at] = addExact(figures[cell.at] ?? 0, value);
    }
  }
  assert.equal(stated, whole.publishedStated);
  assert.deepEqual(figures.map(String), whole.figures.map(String));
}
