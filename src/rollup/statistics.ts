/**
 * Statistics: what the reports of a division or of one agency add up to, year by year, with coverage. The same
 * shape for one township and for the nation, and the derived subtotals and rates for both.
 */

import { type Cell, cellOf, type Figures, type FormId, formOf, rowsOfSubtotal } from '../form/forms.js';
import { organizationSubtotal, rates, type subtotals } from '../form/lines.js';
import type { ReadReport } from '../report/report-view.js';
import type { Db } from '../store/engine/schema.js';
import { expectedCounts } from '../store/register/expectations.js';
import {
  type FiledCounts,
  filedCounts,
  nobodyFiled,
  type SumOf,
  type Tally,
  tallyDivision,
} from '../store/rollup/tallies.js';
import { type AgencyKind, filerKinds } from '../words.js';

/** One year's sums, and who is in them. */
export interface Statistics extends Tally {
  /** How many agencies were expected to file. */
  readonly expected: number;
  /** How many of them did, whatever the sum includes. */
  readonly filed: FiledCounts;
}

/** A division's statistics, one a year asked for, in that order; only the cells asked for are read. */
export async function divisionStatistics(
  db: Db,
  divisionId: number,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Statistics[]> {
  const tallies = await tallyDivision(db, divisionId, years, cells, of);
  const filers = await countFilers(db, divisionId, years, of.kinds);
  return tallies.map((tally) => {
    const { expected, ...filed } = filers(tally.year);
    return { ...tally, expected, filed };
  });
}

/** How many of a division's agencies were expected to file, and how many did, of some kinds or all, by year. */
export async function countFilers(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds: SumOf['kinds'],
): Promise<(year: number) => FiledCounts & { readonly expected: number }> {
  const expected = await expectedCounts(db, divisionId, years);
  const filed = await filedCounts(db, divisionId, years, kinds);
  return (year) => ({
    ...(filed.get(year) ?? nobodyFiled),
    expected: expected
      .filter((count) => count.year === year && (!kinds || kinds.includes(count.kind)))
      .reduce((sum, count) => sum + count.expected, 0),
  });
}

/** Reported share of those expected, null when none is. */
export function coverageRate(expected: number, reported: number): number | null {
  return expected > 0 ? reported / expected : null;
}

/** The kinds of agency a rollup includes when none are named: every filer. */
export const defaultKinds: readonly AgencyKind[] = filerKinds;

/** The cells a derived subtotal row adds up in one column, over all forms. */
export function subtotalCells(key: (typeof subtotals)[number]['key'], column: string): readonly Cell[] {
  return rowsOfSubtotal(key).map((row) => cellOf(`applications.${row}.${column}`));
}

/** The cells that 法人或其他组织 adds up in one row of table three. */
export function organizationCells(row: string): readonly Cell[] {
  return organizationSubtotal.columns.map((column) => cellOf(`applications.${row}.${column}`));
}

/** The cells a rate of table three is made of, those above the line and those below it. */
export function rateCells(key: (typeof rates)[number]['key']): { over: readonly Cell[]; of: readonly Cell[] } {
  const rate = rates.find((candidate) => candidate.key === key);
  if (!rate) throw new Error(`no rate ${key}`);
  const total = (row: string) => cellOf(`applications.${row}.total`);
  return { over: rate.over.map(total), of: rate.of.map(total) };
}

/** A sum of cells, null when every one of them is null: blank is not zero. */
export function sumCells(figures: Figures, cells: readonly Cell[]): number | null {
  let sum: number | null = null;
  for (const cell of cells) {
    const value = figures[cell.at] ?? null;
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** A rate; null, never 100 %, when there is nothing below the line. */
export function rateOf(figures: Figures, key: (typeof rates)[number]['key']): number | null {
  const { over, of } = rateCells(key);
  const above = sumCells(figures, over);
  const below = sumCells(figures, of);
  return above === null || below === null || below === 0 ? null : above / below;
}

/** A county's own published report beside its rollup: compared, never added. */
export interface PublishedBeside {
  readonly agencyCode: string;
  readonly agencyName: string;
  readonly revision: number;
  readonly form: FormId;
  readonly figures: Figures;
  /** The cells, among those both have, in which the published figure is not the rollup's. */
  readonly differences: readonly {
    readonly cell: string;
    readonly rollup: number | null;
    readonly published: number | null;
    /** Published minus rollup; null when either is blank or unreported. */
    readonly difference: number | null;
  }[];
}

/** What the report that a county published under its own code says otherwise than the rollup of the cells given. */
export function compareWithSum(
  { agency, row, content }: ReadReport,
  rollup: Figures,
  cells: readonly Cell[],
): PublishedBeside {
  const { figures, form } = content;
  const both = cells.filter((cell) => formOf(form).has(cell));
  return {
    agencyCode: agency.code,
    agencyName: agency.name,
    revision: row.revision,
    form,
    figures,
    differences: both
      .map(({ key, at }) => ({ cell: key, rollup: rollup[at] ?? null, published: figures[at] ?? null }))
      .filter(({ rollup: sum, published }) => sum !== published)
      .map((found) => ({
        ...found,
        difference: found.rollup === null || found.published === null ? null : found.published - found.rollup,
      })),
  };
}
