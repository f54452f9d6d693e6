/** The use case that compares figures of a year with those of the year before, where they are of the same thing. */
import { inclusionOfSum, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import { type Exact, subtractExact } from '../../form/exact.js';
import { type Cell, firstYear } from '../../form/forms.js';
import { type Measure, type MeasureValue, printMeasure } from '../../form/measure/measures.js';
import { territorial } from '../../register/breaks.js';
import { changesOfAgency } from '../../register/place-changes.js';
import type { Db } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import type { Inclusion, Label } from '../../words.js';
import { columnsOfMeasures, type Measured, measureSums } from '../area/measured.js';
import { ofOneMoment } from '../moment.js';
import { addedBy, type Statistics, type Summed, statisticsOfAgency, territoryStatistics, type Whose } from '../sums.js';
import { territoryOf } from '../territories.js';
import { breaksIn } from '../unallocated.js';
import { reasons, whyLacking, whyMissing } from './reasons.js';

/** A value of one year, with how many reports it is of. */
interface YearValue {
  readonly year: number;
  readonly value: MeasureValue | null;
  readonly reported: number;
  readonly expected: number;
  readonly blank: number;
  readonly lacking: number;
}

/** A measure in two years. */
export interface YearOnYear {
  readonly measure: Measure;
  readonly previous: YearValue;
  readonly current: YearValue;
  /** Current minus previous: an amount as an exact decimal. */
  readonly difference: MeasureValue | null;
  /** Current divided by previous. */
  readonly ratio: number | null;
  /** Why the difference is null, or else why the ratio is. */
  readonly reason: Label | null;
}

/** Sums of the two years, and what keeps them from being compared. */
interface TwoYears {
  readonly previous: Statistics;
  readonly current: Statistics;
  readonly inclusionBefore: Inclusion | null;
  readonly inclusion: Inclusion | null;
  readonly broken: Label | null;
}

/** Some measures of an agency or of a division's sum, each in a year and in the year before, in their order. */
export async function changeOf(
  db: Db,
  reader: Reader,
  whose: Whose,
  year: number,
  measures: readonly Measure[],
): Promise<readonly YearOnYear[]> {
  const cells = columnsOfMeasures(measures).boxes;
  const years =
    'agency' in whose
      ? await yearsOfAgency(db, reader, whose.agency, year, cells)
      : await ofOneMoment(db, whose.frame, () => yearsOfDivision(db, reader, whose, year, cells));
  return measures.map((measure) => compareYears(measure, years));
}

async function yearsOfDivision(
  db: Db,
  reader: Reader,
  summed: Summed,
  year: number,
  cells: readonly Cell[],
): Promise<TwoYears> {
  const { division, frame, kinds, inclusion } = summed;
  const before = year - 1;
  const territory = await territoryOf(db, division, [before, year], frame);
  // Of what was filed, the sum was read by who may; whether they may of the year before is another question.
  const inclusionBefore = await inclusionOfSum(
    db,
    reader,
    division,
    before,
    inclusion === 'ACCEPTED' ? inclusion : undefined,
    addedBy(territory),
  );
  await inclusionOfSum(db, reader, division, year, inclusion, addedBy(territory));
  const read = (one: number, own: Inclusion) =>
    territoryStatistics(db, territory, [one], cells, { inclusion: own, kinds });
  const [previous] = await read(before, inclusionBefore);
  const [current] = await read(year, inclusion);
  if (!previous || !current) throw new Error('a year was asked for and none came');
  const [from, to] = [referenceDate(before), referenceDate(year)];
  const breaks = [...(await breaksIn(db, summed, before)), ...(await breaksIn(db, summed, year))];
  const isBroken = breaks.some(({ effective }) => effective > from && effective <= to);
  const unread = inclusionBefore === inclusion ? null : reasons.beforeUnread;
  return { previous, current, inclusionBefore, inclusion, broken: isBroken ? reasons.broken : unread };
}

async function yearsOfAgency(
  db: Db,
  reader: Reader,
  agency: Agency,
  year: number,
  cells: readonly Cell[],
): Promise<TwoYears> {
  const [previous, current] = await statisticsOfAgency(db, reader, agency, [year - 1, year], cells);
  if (!previous || !current) throw new Error('two years were asked for');
  const [from, to] = [referenceDate(year - 1), referenceDate(year)];
  const changes = await changesOfAgency(db, agency.id, to);
  const isBroken = changes.some(
    ({ effective, kind }) => territorial.includes(kind) && effective > from && effective <= to,
  );
  return { previous, current, inclusionBefore: null, inclusion: null, broken: isBroken ? reasons.broken : null };
}

function compareYears(measure: Measure, years: TwoYears): YearOnYear {
  const previous = measureSums(measure, years.previous, years.previous.coverage);
  const current = measureSums(measure, years.current, years.current.coverage);
  const reason = whyNotCompared(measure, years, previous, current);
  const difference =
    reason === null && previous.value !== null && current.value !== null
      ? differenceOf(measure, previous.value, current.value)
      : null;
  const noRatio = whyNoRatio(measure, previous);
  return {
    measure,
    previous:
      years.previous.year < firstYear ? noYear(years.previous.year) : writeValue(measure, years.previous, previous),
    current: writeValue(measure, years.current, current),
    difference,
    ratio: difference === null || noRatio ? null : Number(current.value) / Number(previous.value),
    reason: reason ?? noRatio,
  };
}

/** How many times as much something is says nothing of a difference, which may lie below zero. */
function whyNoRatio({ cells }: Measure, previous: Measured): Label | null {
  if (cells.some(({ signed }) => signed)) return reasons.signed;
  return previous.value === 0 ? reasons.zeroBefore : null;
}

function whyNotCompared(measure: Measure, years: TwoYears, previous: Measured, current: Measured): Label | null {
  if (years.previous.year < firstYear) return reasons.noYearBefore;
  const missing =
    whyMissing(measure, current, years.current.coverage, years.inclusion) ??
    whyMissing(measure, previous, years.previous.coverage, years.inclusionBefore);
  if (missing) return missing;
  if (years.broken) return years.broken;
  return previous.lacking > 0 || current.lacking > 0 ? whyLacking(measure) : null;
}

function differenceOf(measure: Measure, previous: Exact, current: Exact): MeasureValue | null {
  if (measure.kind === 'rate') return Number(current) - Number(previous);
  return printMeasure(measure, subtractExact(current, previous));
}

/** A year for which nobody was to report. */
function noYear(year: number): YearValue {
  return { year, value: null, reported: 0, expected: 0, blank: 0, lacking: 0 };
}

function writeValue(measure: Measure, { year, coverage }: Statistics, measured: Measured): YearValue {
  const { value, reported, blank, lacking } = measured;
  return { year, value: printMeasure(measure, value), reported, blank, lacking, expected: coverage.expected };
}
