/** One observation of a table: what a measure is for an area and year, over how many reports, and its status. */
import { type Measure, type MeasureValue, printMeasure } from '../../form/measure/measures.js';
import type { Inclusion } from '../../words.js';
import type { AreaCounts } from '../area/area-sums.js';
import type { Measured } from '../area/measured.js';
import { type Counts, statusOf } from './status.js';

/** What a measure is in the sums of a year, and how many reports these are of. */
export interface Seen {
  readonly measured: Measured;
  readonly reports: number;
}

/** What is known of an area in a year, beside what a measure is. */
export interface AreaFacts {
  readonly counts: AreaCounts;
  readonly inclusion: Inclusion;
  /** Whether its territory became another in the course of the year, or cannot be followed to the day of the boundaries. */
  readonly isBroken: boolean;
}

/** What a measure is for an area and year. */
export interface Observation extends Counts {
  /** As printed: a whole number, an amount as a decimal string, a rate from 0 to 1; null where there is none. */
  readonly value: MeasureValue | null;
  readonly status: string;
  readonly inclusion: Inclusion;
}

/**
 * Observes a measure; `before` is what it was in the year before, undefined where there is no such area or year. A table has a
 * hundred thousand of these: each is made in one piece.
 */
export function observe(measure: Measure, facts: AreaFacts, seen: Seen, before: Seen | undefined): Observation {
  const { counts, inclusion } = facts;
  const { expected, expectedReports, samples } = counts;
  const { reported, blank, lacking, denominator, value } = seen.measured;
  const isCoverage = measure.source.of === 'coverage';
  return {
    value: isCoverage ? rateNumber(value) : printMeasure(measure, value),
    reported,
    expected,
    blank,
    absent: lacking,
    samples,
    denominator: isCoverage ? null : denominator,
    status: statusOf({
      isMissing: value === null,
      reports: seen.reports,
      expectedReports,
      expected,
      reported,
      blank,
      absent: lacking,
      samples,
      denominator: isCoverage ? null : denominator,
      inclusion,
      isBroken: facts.isBroken || (before !== undefined && isBrokenByForm(measure, seen, before)),
      isCoverage,
    }),
    inclusion,
  };
}

/** What is observed of an area in a year in which there is none. */
export function observeNothing(inclusion: Inclusion): Observation {
  const none = { reported: 0, expected: 0, blank: 0, absent: 0, samples: 0, denominator: null };
  return { value: null, ...none, status: 'm', inclusion };
}

function rateNumber(value: Measured['value']): number | null {
  return value === null ? null : Number(value);
}

/** Whether none, some or all of the reports have a measure on their form, where in the year before it was otherwise. */
function isBrokenByForm(measure: Measure, now: Seen, before: Seen): boolean {
  if (measure.onOtherForms.length === 0 || now.reports === 0 || before.reports === 0) return false;
  return partWithout(now) !== partWithout(before);
}

function partWithout({ measured, reports }: Seen): 'none' | 'some' | 'all' {
  if (measured.lacking === 0) return 'none';
  return measured.lacking === reports ? 'all' : 'some';
}
