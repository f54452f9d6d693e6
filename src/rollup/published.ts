/** What a county published under its own code beside the sum of its agencies' reports: compared, never added. */

import type { Reader } from '../access/visibility.js';
import { type Exact, subtractExact } from '../form/exact.js';
import { allCells, type Cell, formOf } from '../form/forms.js';
import { findReportFor, type ReadReport } from '../report/report-view.js';
import type { Db } from '../store/engine/schema.js';
import { ownAgencyOf } from '../store/register/agencies.js';
import { sumTerritory } from '../store/rollup/read-sums.js';
import { type Sums, sumsOfNone } from '../store/rollup/sums.js';
import { cellsOfSum } from './cells.js';
import type { Summed } from './sums.js';

/** A cell in which the published figure is not the sum. */
export interface PublishedDifference {
  readonly cell: Cell;
  readonly rollup: Exact | null;
  readonly published: number | null;
  /** Published minus rollup; null when either is blank or unreported. */
  readonly difference: Exact | null;
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

/**
 * The report a county published itself for a year, and in what it differs from the sum; undefined when there is none, and
 * where the sum is of another territory than the county had that year, or of what was known before.
 */
export async function findPublishedBeside(
  db: Db,
  reader: Reader,
  { division, territory, frame, ...of }: Summed,
  year: number,
): Promise<PublishedBeside | undefined> {
  if (division.level !== 'COUNTY' || frame.knownOn !== null || territory.adjustments.has(year)) return undefined;
  const report = await findPublished(db, reader, division.id, year);
  if (!report) return undefined;
  const sums = (await sumTerritory(db, territory, [year], allCells, of)).get(year) ?? sumsOfNone(year);
  return compareWithSum(report, sums);
}

/** What a published report says otherwise than a sum, in the cells that both have: those of a form that each is on. */
export function compareWithSum(report: ReadReport, sums: Sums): PublishedBeside {
  const { figures, form } = report.content;
  const differences = cellsOfSum(sums)
    .filter((cell) => formOf(form).has(cell))
    .map((cell) => ({ cell, rollup: sums.figures[cell.at] ?? null, published: figures[cell.at] ?? null }))
    .filter(({ rollup, published }) => rollup !== published)
    .map((found) => ({
      ...found,
      difference:
        found.rollup === null || found.published === null ? null : subtractExact(found.published, found.rollup),
    }));
  return { report, differences };
}
