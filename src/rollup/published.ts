/** What a county published under its own code beside the sum of its agencies' reports: compared, never added. */

import type { Reader } from '../access/visibility.js';
import { allCells, type Cell, type Figures, formOf } from '../form/forms.js';
import { findReportFor, type ReadReport } from '../report/report-view.js';
import type { Db } from '../store/engine/schema.js';
import { ownAgencyOf } from '../store/register/agencies.js';
import { sumDivision } from '../store/rollup/read-sums.js';
import { type SumOf, sumsOfNone } from '../store/rollup/sums.js';

/** A cell in which the published figure is not the sum. */
export interface PublishedDifference {
  readonly cell: Cell;
  readonly rollup: number | null;
  readonly published: number | null;
  /** Published minus rollup; null when either is blank or unreported. */
  readonly difference: number | null;
}

/** A county's own published report beside its rollup. */
export interface PublishedBeside {
  readonly report: ReadReport;
  /** The cells, among those both have, in which the two differ. */
  readonly differences: readonly PublishedDifference[];
}

/** The report a county published itself for a year; undefined when there is none that the reader may see. */
export async function findPublished(
  db: Db,
  reader: Reader,
  countyId: number,
  year: number,
): Promise<ReadReport | undefined> {
  const own = await ownAgencyOf(db, countyId);
  return own === undefined ? undefined : findReportFor(db, reader, own, year);
}

/** The report a county published itself for a year, and in what it differs from the sum; undefined when there is none. */
export async function findPublishedBeside(
  db: Db,
  reader: Reader,
  countyId: number,
  year: number,
  of: SumOf,
): Promise<PublishedBeside | undefined> {
  const report = await findPublished(db, reader, countyId, year);
  if (!report) return undefined;
  const sums = (await sumDivision(db, countyId, [year], allCells, of)).get(year) ?? sumsOfNone(year);
  return compareWithSum(report, sums.figures, allCells);
}

/** What a published report says otherwise than the sum, of some cells. */
export function compareWithSum(report: ReadReport, sums: Figures, cells: readonly Cell[]): PublishedBeside {
  const { figures, form } = report.content;
  const differences = cells
    .filter((cell) => formOf(form).has(cell))
    .map((cell) => ({ cell, rollup: sums[cell.at] ?? null, published: figures[cell.at] ?? null }))
    .filter(({ rollup, published }) => rollup !== published)
    .map((found) => ({
      ...found,
      difference: found.rollup === null || found.published === null ? null : found.published - found.rollup,
    }));
  return { report, differences };
}
