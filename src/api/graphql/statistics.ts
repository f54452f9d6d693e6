/** Statistics as GraphQL answers them: which columns a question takes, and one year's sums as an object. */

import { printFigure } from '../../form/check.js';
import { allCells, type Cell, cellOf, findCell } from '../../form/forms.js';
import { coverageRate } from '../../rollup/statistics.js';
import type { countCells, Sums, SumsQuery } from '../../rollup/sums.js';
import type { SumOf } from '../../store/rollup/tallies.js';
import type { Inclusion } from '../../words.js';
import { invalidParameter } from '../http/parameters.js';
import type { AgencySource, DivisionSource } from './context.js';
import { type FiguresPlan, planFigures, writeTables } from './figures.js';
import type { Selection } from './selection.js';

/** Whose figures they are: an agency's, or those that a division's sum is of. */
export type Subject = { readonly agency: AgencySource } | ({ readonly division: DivisionSource } & SumOf);

/** What a question takes to answer. */
export interface StatisticsPlan extends FiguresPlan {
  readonly coverage: SumsQuery['coverage'];
}

/** Plans what a query asks of statistics. */
export function planStatistics(selection: Selection): StatisticsPlan {
  return { ...planFigures(selection), coverage: selection.has('coverage') ? 'asked' : 'unasked' };
}

/** One year's sums as resolvers pass them on; the tables asked for stand beside these by their keys. */
export interface StatisticsSource {
  readonly year: number;
  readonly subject: Subject;
  /** What a division's sum includes; null for an agency. */
  readonly includes: Inclusion | null;
  readonly publishedItems: PublishedItemsSource | null;
  /** Null where nobody asked. */
  readonly coverage: CoverageSource | null;
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

/** One year's sums as an object of GraphQL. A table is null when nobody reported that year. */
export function writeStatistics(
  plan: StatisticsPlan,
  sums: Sums,
  subject: Subject,
): StatisticsSource & Readonly<Record<string, unknown>> {
  const { reading, coverage } = sums;
  const { year, publishedTotal: total, publishedStated: stated } = reading;
  const reported = reading.reports > 0;
  const source: StatisticsSource & Record<string, unknown> = {
    year,
    subject,
    publishedItems: reported ? { total, stated, year, subject } : null,
    includes: 'division' in subject ? subject.inclusion : null,
    coverage: coverage && writeCoverage(reading, coverage, subject),
  };
  writeTables(source, plan, reading.figures, () => reported);
  return source;
}

function writeCoverage(
  { samples, forms, year }: Sums['reading'],
  { expected, reported, onTime, accepted }: NonNullable<Sums['coverage']>,
  subject: Subject,
): CoverageSource {
  return {
    expected,
    reported,
    accepted,
    onTime,
    late: reported - onTime,
    rate: coverageRate(expected, reported),
    samples,
    forms: forms.map(([form, reports]) => ({ form, reports })),
    year,
    subject,
  };
}

/** Every cell that a report left blank, in the order of the forms. */
export function writeBlanks(blank: Readonly<Record<string, number>>) {
  return allCells
    .filter((cell) => (blank[cell.key] ?? 0) > 0)
    .map((cell) => ({ cell: cell.key, label: cell.label, count: blank[cell.key] }));
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
export function writeCellCoverage(
  cells: readonly Cell[],
  { reports, reported, blank }: Awaited<ReturnType<typeof countCells>>,
) {
  return cells.map(({ key, label }) => {
    const filled = reported[key] ?? 0;
    const left = blank[key] ?? 0;
    return { cell: key, label, reported: filled, blank: left, absent: reports - filled - left };
  });
}

/** The figures in which a published report is not the sum, as the form prints them. */
export function writeDifferences(
  differences: readonly {
    readonly cell: string;
    readonly rollup: number | null;
    readonly published: number | null;
    readonly difference: number | null;
  }[],
) {
  return differences.map((found) => {
    const cell = cellOf(found.cell);
    return {
      cell: cell.key,
      label: cell.label,
      rollup: printFigure(cell, found.rollup),
      published: printFigure(cell, found.published),
      difference: printFigure(cell, found.difference),
    };
  });
}
