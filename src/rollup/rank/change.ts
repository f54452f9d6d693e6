/** The use case that compares figures of a year with those of the year before, where they are of the same thing. */
import { inclusionOfSum, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import { type Exact, subtractExact } from '../../form/exact.js';
import { type Cell, firstYear } from '../../form/forms.js';
import { type Measure, type MeasureValue, printMeasure } from '../../form/measure/measures.js';
import { territorial } from '../../register/breaks.js';
import { changesOfAgency, type PlaceChange } from '../../register/place-changes.js';
import type { Db } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { agenciesChanged } from '../../store/register/successions.js';
import type { Inclusion, Label } from '../../words.js';
import { columnsOfMeasures, type Measured, measureSums } from '../area/measured.js';
import { ofOneMoment } from '../moment.js';
import {
  addedBy,
  type Statistics,
  type Summed,
  statisticsOfAgencies,
  territoryStatistics,
  type Whose,
} from '../sums.js';
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

/** Whose figures of which year are compared with those of the year before. */
export interface ComparedYear {
  readonly subject: Whose;
  readonly year: number;
}

/**
 * Some measures of each of several agencies and divisions' sums, each in a year and in the year before, in their order. What
 * is read of agencies is read of all of a year at once.
 */
export async function changesOf(
  db: Db,
  reader: Reader,
  compared: readonly ComparedYear[],
  measures: readonly Measure[],
): Promise<readonly (readonly YearOnYear[])[]> {
  const cells = columnsOfMeasures(measures).boxes;
  const agencies = await yearsOfAgencies(db, reader, compared, cells);
  const changes: (readonly YearOnYear[])[] = [];
  for (const { subject, year } of compared) {
    const years =
      'agency' in subject
        ? agencies(subject.agency, year)
        : await ofOneMoment(db, subject.frame, () => yearsOfDivision(db, reader, subject, year, cells));
    changes.push(measures.map((measure) => compareYears(measure, years)));
  }
  return changes;
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

async function yearsOfAgencies(
  db: Db,
  reader: Reader,
  compared: readonly ComparedYear[],
  cells: readonly Cell[],
): Promise<(agency: Agency, year: number) => TwoYears> {
  const found = new Map<string, TwoYears>();
  for (const year of new Set(compared.map((one) => one.year))) {
    const agencies = compared.flatMap(({ subject, year: own }) =>
      own === year && 'agency' in subject ? [subject.agency] : [],
    );
    if (agencies.length === 0) continue;
    const statistics = await statisticsOfAgencies(db, reader, agencies, [year - 1, year], cells);
    const broken = await agenciesBroken(db, agencies, year);
    for (const [id, [previous, current]] of statistics) {
      if (!previous || !current) throw new Error('two years were asked for');
      const reason = broken.has(id) ? reasons.broken : null;
      found.set(`${id} ${year}`, { previous, current, inclusionBefore: null, inclusion: null, broken: reason });
    }
  }
  return ({ id }, year) => {
    const years = found.get(`${id} ${year}`);
    if (!years) throw new Error('an agency was asked for and none came');
    return years;
  };
}

/** Those of some agencies whose territory became another in the course of a year. To most nothing happened. */
async function agenciesBroken(db: Db, agencies: readonly Agency[], year: number): Promise<ReadonlySet<number>> {
  const [after, until] = [referenceDate(year - 1), referenceDate(year)];
  const ids = [...new Set(agencies.map(({ id }) => id))];
  const broken = new Set<number>();
  for (const id of await agenciesChanged(db, ids, { after, until })) {
    const isBreak = ({ kind, effective }: Pick<PlaceChange, 'kind' | 'effective'>) =>
      territorial.includes(kind) && effective > after && effective <= until;
    if ((await changesOfAgency(db, id, until)).some(isBreak)) broken.add(id);
  }
  return broken;
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
