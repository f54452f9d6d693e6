/** What is derived from the figures of table three and printed nowhere: subtotals of rows and columns, and rates. */

import { type Cell, cellOf, type Figures, rowsOfSubtotal } from './forms.js';
import { organizationSubtotal, rates, type subtotals } from './lines.js';

/** The cells a derived subtotal row adds up in one column, over all forms. */
export function subtotalCells(key: (typeof subtotals)[number]['key'], column: string): readonly Cell[] {
  return rowsOfSubtotal(key).map((row) => cellOf(`applications.${row}.${column}`));
}

/** The cells that 法人或其他组织 adds up in one row of table three. */
export function organizationCells(row: string): readonly Cell[] {
  return organizationSubtotal.columns.map((column) => cellOf(`applications.${row}.${column}`));
}

/** The cells a rate is made of: those above the line and those below it. */
export interface RateCells {
  readonly over: readonly Cell[];
  readonly of: readonly Cell[];
}

/** The cells a rate of table three is made of. */
export function rateCells(key: (typeof rates)[number]['key']): RateCells {
  const rate = rates.find((candidate) => candidate.key === key);
  if (!rate) throw new Error(`no rate ${key}`);
  const total = (row: string) => cellOf(`applications.${row}.total`);
  return { over: rate.over.map(total), of: rate.of.map(total) };
}

/** A sum of cells, null when every one of them is null: blank is not zero. */
export function sumCells(figures: Figures, cells: readonly Cell[]): number | null {
  let sum: number | null = null;
  for (const { at } of cells) {
    const value = figures[at] ?? null;
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** A rate, 0 to 1; null, never 100 %, when there is nothing below the line. */
export function rateOf(figures: Figures, { over, of }: RateCells): number | null {
  const above = sumCells(figures, over);
  const below = sumCells(figures, of);
  return above === null || below === null || below === 0 ? null : above / below;
}
