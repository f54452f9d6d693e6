/** The sums of all areas of a division beside what is read of each of them alone. */
import assert from 'node:assert/strict';
import { addExact, type Exact } from '../src/form/exact.js';
import { allCells } from '../src/form/forms.js';
import { findMeasure, type Measure } from '../src/form/measure/measures.js';
import type { Frame } from '../src/register/frame.js';
import { sumsOfAreas } from '../src/rollup/area/area-sums.js';
import { type AreaLevel, areaLevels, isAgencyArea } from '../src/rollup/area/areas.js';
import { measureSums } from '../src/rollup/area/measured.js';
import { sumsOfAgencies, territoryStatistics } from '../src/rollup/sums.js';
import { territoryOf } from '../src/rollup/territories.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Division } from '../src/store/register/divisions.js';
import type { SumOf, Sums } from '../src/store/rollup/sums.js';
import { reader } from './builders.js';

const measures = [
  'decisions.penalties.decided',
  'decisions.licenses.decided',
  'fees.administrativeFees.amount',
  'documents.normativeDocuments.made',
  'applications.newReceived.total',
  'applications.refused.total',
  'applications.otherwiseHandled.organization',
  'applications.closureRate',
  'publishedItems.total',
  'coverage.rate',
].flatMap((key): Measure | readonly Measure[] => findMeasure(key) ?? []);

/** The levels of areas below a division. */
export const levelsBelow = (level: Division['level']): readonly AreaLevel[] =>
  areaLevels.slice(0, { NATION: 4, PROVINCE: 3, PREFECTURE: 2, COUNTY: 1 }[level]);

/** Sums alone: those of no report have counts beside them. */
const plain = (all: Sums) => {
  const { figures, rates, forms, year, reports, expectedReports, onTime, samples, publishedTotal, publishedStated } =
    all;
  return {
    ...{ year, reports, expectedReports, onTime, samples, publishedTotal, publishedStated },
    forms: [...forms].sort(),
    figures: figures.map(String).join(' '),
    rates: rates.map((rate) => [rate.reports, rate.over, rate.of].join(' ')),
  };
};

/**
 * Throws where a division's areas of a level have other sums together than alone, where a measure is read otherwise from
 * rows than from sums, or where its agencies do not add up to it. Returns how many areas were compared.
 */
export async function compareWithAlone(
  db: Db,
  division: Division,
  { by, year, frame, of }: { readonly by: AreaLevel; readonly year: number; readonly frame: Frame; readonly of: SumOf },
): Promise<number> {
  const query = { by, years: [year], cells: allCells, kinds: of.kinds, inclusion: of.inclusion, frame };
  const [found] = await sumsOfAreas(db, reader, division, query);
  assert.ok(found);
  for (const { one, measured, measure } of measures.flatMap((measure) =>
    found.measure(measure).map((own) => ({ measure, ...own })),
  )) {
    assert.deepEqual(measured, measureSums(measure, one.sums(), one.coverage), measure.key);
  }
  for (const { area, sums, coverage } of found.areas) {
    if (isAgencyArea(area)) continue;
    const territory = await territoryOf(db, area, [year], frame);
    const [alone] = await territoryStatistics(db, territory, [year], allCells, of);
    assert.ok(alone);
    const { coverage: covered, reported, blank } = alone;
    const own = sums();
    assert.deepEqual({ of: area.code, ...plain(own) }, { of: area.code, ...plain(alone) });
    assert.deepEqual([own.reported, own.blank, coverage], [reported, blank, covered]);
  }
  if (by === 'AGENCY') await compareAgencies(db, division, found.areas, { year, frame, of });
  return found.areas.length;
}

async function compareAgencies(
  db: Db,
  division: Division,
  areas: NonNullable<Awaited<ReturnType<typeof sumsOfAreas>>[number]>['areas'],
  { year, frame, of }: { readonly year: number; readonly frame: Frame; readonly of: SumOf },
): Promise<void> {
  if (frame.knownOn === null && of.inclusion === 'ALL') {
    const agencies = areas.flatMap(({ area }) => (isAgencyArea(area) ? [area] : []));
    const query = { years: [year], cells: allCells, coverage: 'asked' } as const;
    const alone = await sumsOfAgencies(db, reader, agencies, query);
    for (const { area, sums, coverage } of areas) {
      const [own] = alone.get(area.id) ?? [];
      assert.ok(own);
      assert.deepEqual(
        { of: area.code, ...plain(sums()), coverage },
        { of: area.code, ...plain(own.sums), coverage: own.coverage },
      );
    }
  }
  const territory = await territoryOf(db, division, [year], frame);
  const [whole] = await territoryStatistics(db, territory, [year], allCells, of);
  assert.ok(whole);
  const figures: (Exact | null)[] = allCells.map(() => null);
  const total = { reports: 0, stated: 0, expected: 0, reported: 0, accepted: 0, onTime: 0 };
  for (const { sums, coverage } of areas) {
    const own = sums();
    total.reports += own.reports;
    total.stated += own.publishedStated;
    for (const name of ['expected', 'reported', 'accepted', 'onTime'] as const) total[name] += coverage[name];
    for (const { at } of allCells) {
      const value = own.figures[at] ?? null;
      if (value !== null) figures[at] = addExact(figures[at] ?? 0, value);
    }
  }
  const { expected, reported, accepted, onTime } = whole.coverage;
  assert.deepEqual(total, {
    reports: whole.reports,
    stated: whole.publishedStated,
    expected,
    reported,
    accepted,
    onTime,
  });
  assert.deepEqual(figures.map(String), whole.figures.map(String));
}
