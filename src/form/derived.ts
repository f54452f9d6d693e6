/** What is derived from the figures of table three and printed nowhere: subtotals of rows and columns, and rates. */

import type { Label } from '../words.js';
import { addExact, type Exact } from './exact.js';
import { type Cell, cellOf, findCell, rowsOfSubtotal, type SumFigures } from './forms.js';
import { organizationSubtotal, rates, subtotals } from './lines.js';

/** The cells a derived subtotal row adds up in one column, over all forms. */
export function subtotalCells(key: (typeof subtotals)[number]['key'], column: string): readonly Cell[] {
  return rowsOfSubtotal(key).map((row) => cellOf(`applications.${row}.${column}`));
}

/** The cells that 法人或其他组织 adds up in one row of table three. */
export function organizationCells(row: string): readonly Cell[] {
  return organizationSubtotal.columns.map((column) => cellOf(`applications.${row}.${column}`));
}

/**
 * The boxes that a line of table three which no form prints adds up: those of a subtotal of rows, of the subtotal of
 * organizations, or of both. Undefined for a printed line; empty for a column that there is not.
 */
export function derivedCells(row: string, column: string): readonly Cell[] | undefined {
  const subtotal = subtotals.find(({ key }) => key === row);
  const inOrganization = column === organizationSubtotal.key;
  if (!subtotal) return inOrganization ? organizationCells(row) : undefined;
  const columns = inOrganization ? organizationSubtotal.columns : [column];
  const rows = rowsOfSubtotal(subtotal.key);
  return columns.flatMap((one) => rows.flatMap((own) => findCell(`applications.${own}.${one}`) ?? []));
}

/** A rate, and the cells it is made of: those above the line and those below it. */
export interface RateLine {
  readonly key: (typeof rates)[number]['key'];
  readonly label: Label;
  readonly over: readonly Cell[];
  readonly of: readonly Cell[];
}

/** The rates of table three with their cells. */
export const rateLines: readonly RateLine[] = rates.map(({ key, label, over, of }) => {
  const total = (row: string) => cellOf(`applications.${row}.total`);
  return { key, label, over: over.map(total), of: of.map(total) };
});

/** What the reports that a rate is over say above the line and below it. */
export interface RateSum {
  readonly reports: number;
  readonly over: number;
  readonly of: number;
}

/** A rate over no report. */
export const noRate: RateSum = { reports: 0, over: 0, of: 0 };

/**
 * One report's part in a rate: none when it leaves a box blank that the rate takes, and none when it says more above the
 * line than below it, which no share can be. So every sum of parts is a rate between 0 and 1.
 */
export function rateSumOf(figures: SumFigures, { over, of }: Pick<RateLine, 'over' | 'of'>): RateSum {
  const above = sumFilled(figures, over);
  const below = sumFilled(figures, of);
  return above === null || below === null || above > below ? noRate : { reports: 1, over: above, of: below };
}

/** Adds what two sets of reports say. */
export function addRates(one: RateSum, other: RateSum): RateSum {
  return { reports: one.reports + other.reports, over: one.over + other.over, of: one.of + other.of };
}

/** A rate, 0 to 1; null, never 100 %, when there is nothing below the line. */
export function rateOf({ over, of }: RateSum): number | null {
  return of > 0 ? over / of : null;
}

/** A rate with what it divides. */
export interface NamedRate extends RateSum {
  readonly value: number | null;
}

/** Every rate by its key, given the sums of each in the order of `rateLines`. */
export function nameRates(sums: readonly RateSum[]): Readonly<Record<string, NamedRate>> {
  return Object.fromEntries(
    rateLines.map(({ key }, index) => {
      const sum = sums[index] ?? noRate;
      return [key, { value: rateOf(sum), ...sum }];
    }),
  );
}

/** A sum of counts, null when any of them is blank. */
function sumFilled(figures: SumFigures, cells: readonly Cell[]): number | null {
  let sum = 0;
  for (const { at } of cells) {
    const value = figures[at] ?? null;
    if (value === null) return null;
    sum += Number(value);
  }
  return sum;
}

/**
 * A sum of cells, null when every one of them is null: as in any sum, it is of what was reported, and the counts of each
 * cell say by how many.
 */
export function sumCells(figures: SumFigures, cells: readonly Cell[]): Exact | null {
  let sum: Exact | null = null;
  for (const { at } of cells) {
    const value = figures[at] ?? null;
    if (value !== null) sum = sum === null ? value : addExact(sum, value);
  }
  return sum;
}
