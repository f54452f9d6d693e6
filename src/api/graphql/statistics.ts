/** Statistics as GraphQL answers them: which columns a question takes, and how one year's sums answer their fields. */

import { printFigure } from '../../form/check.js';
import { nameRates } from '../../form/derived.js';
import { allCells, type Cell, findCell } from '../../form/forms.js';
import { asReported, type FrameUsed, frameUsed } from '../../register/frame.js';
import { type Coverage, coverageRate } from '../../rollup/coverage.js';
import type { PublishedDifference } from '../../rollup/published.js';
import type { CoveredSums, SumsQuery } from '../../rollup/sums.js';
import type { UnallocatedAgency } from '../../rollup/unallocated.js';
import type { CountedSums, Sums } from '../../store/rollup/sums.js';
import type { Inclusion } from '../../words.js';
import { invalidParameter } from '../http/parameters.js';
import { cellsAsked, tableSteps } from './figures.js';
import type { Selection } from './parts/selection.js';
import type { AgencySource, DivisionSource, Subject } from './parts/sources.js';

/** What a question takes to answer. */
type StatisticsPlan = Pick<SumsQuery, 'cells' | 'coverage'>;

/** Plans what a query asks of statistics. */
export function planStatistics(selection: Selection): StatisticsPlan {
  return { cells: cellsAsked(selection), coverage: selection.has('coverage') ? 'asked' : 'unasked' };
}

/** One year's sums as resolvers pass them on. */
export interface StatisticsSource extends CoveredSums {
  readonly year: number;
  readonly subject: Subject;
}

/** Published items, of a sum or of one agency. */
export interface PublishedItemsSource {
  readonly total: number | null;
  readonly stated: number;
  readonly year: number;
  readonly subject: Subject;
}

/** Coverage, with what it takes to say who is missing. */
export interface CoverageSource {
  readonly expected: number;
  readonly reported: number;
  readonly accepted: number;
  readonly onTime: number;
  readonly late: number;
  readonly rate: number | null;
  readonly samples: number;
  readonly forms: readonly { readonly form: string; readonly reports: number }[];
  readonly year: number;
  readonly subject: Subject;
}

/** How statistics answer their fields. A table is null when nobody reported that year. */
export const statisticsSteps = {
  ...tableSteps(({ sums }: StatisticsSource) => (sums.reports > 0 ? sums : undefined)),
  includes: ({ subject }: StatisticsSource): Inclusion | null => ('division' in subject ? subject.inclusion : null),
  frame: ({ subject, year }: StatisticsSource): FrameUsed =>
    frameUsed('division' in subject ? subject.frame : asReported, year),
  rates: ({ sums }: StatisticsSource) => (sums.reports > 0 ? nameRates(sums.rates) : null),
  publishedItems: ({ sums, subject, year }: StatisticsSource): PublishedItemsSource | null =>
    sums.reports > 0 ? { total: sums.publishedTotal, stated: sums.publishedStated, year, subject } : null,
  coverage: ({ sums, coverage, subject }: StatisticsSource): CoverageSource | null =>
    coverage && writeCoverage(sums, coverage, subject),
};

function writeCoverage({ samples, forms, year }: Sums, coverage: Coverage, subject: Subject): CoverageSource {
  const { expected, reported, onTime, late, accepted } = coverage;
  return {
    expected,
    reported,
    accepted,
    onTime,
    late,
    rate: coverageRate(coverage),
    samples,
    forms: [...forms].map(([form, reports]) => ({ form, reports })),
    year,
    subject,
  };
}

/** Every cell that a report left blank, in the order of the forms. */
export function writeBlanks({ blank }: CountedSums) {
  return allCells
    .filter(({ at }) => (blank[at] ?? 0) > 0)
    .map(({ key, label, at }) => ({ cell: key, label, count: blank[at] }));
}

/** The cells at some addresses. Throws `invalid-parameter` for one that no form has, and for more than there are. */
export function readCells(addresses: readonly string[]): readonly Cell[] {
  if (addresses.length > allCells.length) {
    throw invalidParameter('cells', {
      zh: `最多可指定 ${allCells.length} 个单元格，收到 ${addresses.length} 个。`,
      en: `At most ${allCells.length} cells can be named, not ${addresses.length}.`,
    });
  }
  return addresses.map((address) => {
    const cell = findCell(address);
    if (cell) return cell;
    throw invalidParameter('cells', {
      zh: `没有单元格 ${address.slice(0, 100)}。`,
      en: `No form has a cell ${address.slice(0, 100)}.`,
    });
  });
}

/** How each of some cells was filled in. */
export function writeCellCoverage(cells: readonly Cell[], { reports, reported, blank }: CountedSums) {
  return cells.map(({ key, label, at }) => {
    const filled = reported[at] ?? 0;
    const left = blank[at] ?? 0;
    return { cell: key, label, reported: filled, blank: left, absent: reports - filled - left };
  });
}

/** The figures in which a published report is not the sum, as the form prints them. */
export function writeDifferences(differences: readonly PublishedDifference[]) {
  return differences.map(({ cell, rollup, published, difference }) => ({
    cell: cell.key,
    label: cell.label,
    rollup: printFigure(cell, rollup),
    published: printFigure(cell, published),
    difference: printFigure(cell, difference),
  }));
}

/** An agency whose report lies in no part of a division, with all in which it may lie. */
export function writeUnallocated({ agency, day, candidates, on }: UnallocatedAgency): {
  agency: AgencySource;
  candidates: readonly DivisionSource[];
} {
  return { agency: { ...agency, day }, candidates: candidates.map((division) => ({ ...division, day: on })) };
}
