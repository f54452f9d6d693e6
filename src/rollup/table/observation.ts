/** One observation of a table: what a measure is for an area and year, over how many reports, and its status. */
import { type Measure, type MeasureValue, printMeasure } from '../../form/measure/measures.js';
import type { Inclusion } from '../../words.js';
import type { AreaCounts } from '../area/areas-of-year.js';
import type { Measured } from '../area/measured.js';
import { type Counts, type Judged, statusOf } from './status.js';

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

/** What is said beside a value: one object for measures that follow each other and say the same, as nearly all of a year do. */
export interface Attributes extends Counts {
  readonly status: string;
  readonly inclusion: Inclusion;
}

/** What a measure is for an area and year. */
export interface Observation {
  /** As printed: a whole number, an amount as a decimal string, a rate from 0 to 1; null where there is none. */
  readonly value: MeasureValue | null;
  readonly attributes: Attributes;
}

/**
 * Observes the measures of an area and year, one after the other; `before` is what a measure was in the year before, undefined
 * where there is no such area or year.
 */
export function openObserver({
  counts,
  inclusion,
  isBroken,
}: AreaFacts): (measure: Measure, measured: Measured, before: Seen | undefined) => Observation {
  const { reports, expected, expectedReports, samples } = counts;
  let judged: Judged | undefined;
  let attributes: Attributes | undefined;
  return (measure, measured, before) => {
    const { reported, blank, lacking, value } = measured;
    const isCoverage = measure.source.of === 'coverage';
    const denominator = isCoverage ? null : measured.denominator;
    const isMissing = value === null;
    const broken = isBroken || (before !== undefined && isBrokenByForm(measure, { measured, reports }, before));
    // A table has a hundred thousand observations: what is judged is put together only where it is another, and in one piece.
    if (
      !attributes ||
      judged?.isMissing !== isMissing ||
      judged.isBroken !== broken ||
      judged.isCoverage !== isCoverage ||
      judged.reported !== reported ||
      judged.blank !== blank ||
      judged.absent !== lacking ||
      judged.denominator !== denominator
    ) {
      judged = {
        reported,
        expected,
        blank,
        absent: lacking,
        samples,
        denominator,
        isMissing,
        expectedReports,
        reports,
        inclusion,
        isBroken: broken,
        isCoverage,
      };
      const status = statusOf(judged);
      attributes = { reported, expected, blank, absent: lacking, samples, denominator, status, inclusion };
    }
    return { value: isCoverage ? rateNumber(value) : printMeasure(measure, value), attributes };
  };
}

/** What is observed of an area in a year in which there is none. */
export function observeNothing(inclusion: Inclusion): Observation {
  const none = { reported: 0, expected: 0, blank: 0, absent: 0, samples: 0, denominator: null };
  return { value: null, attributes: { ...none, status: 'm', inclusion } };
}

/** What is said beside observations that follow each other, and of how many. */
export interface Run {
  readonly attributes: Attributes;
  readonly length: number;
}

/** The observations of a table as runs of which each says one thing beside its values. */
export function runsOf(observations: readonly Observation[]): readonly Run[] {
  const runs: { readonly attributes: Attributes; length: number }[] = [];
  let last: { readonly attributes: Attributes; length: number } | undefined;
  for (const { attributes } of observations) {
    if (last?.attributes === attributes) last.length++;
    else {
      last = { attributes, length: 1 };
      runs.push(last);
    }
  }
  return runs;
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
