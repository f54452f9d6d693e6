/** Placements: where an agency's report for a year belongs, and whether and by when it is expected. */
import { referenceDate } from '../../day.js';
import type { AgencyKind, DeadlineFiler } from '../../words.js';
import { integer, nullable, text } from '../engine/column.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type Agency, findAgencyOn } from './agencies.js';
import { defaultDue, filerOfKind, nearestDates } from './deadlines.js';
import { isExempt } from './exemptions.js';
import { lineageColumns, lineageIds, lineageRow } from './lineage.js';

/** Where a year's report of an agency belongs, and whether and by when it is expected. */
export interface Placement {
  readonly countyId: number;
  readonly kind: AgencyKind;
  readonly expected: boolean;
  /** The last day to file, YYYY-MM-DD. */
  readonly due: string;
  /** The county and everything above it on 31 December. */
  readonly lineage: readonly number[];
}

/** Where an agency's report for a year belongs and by when it is due; undefined when it was not alive that year. */
export async function findPlacement(db: Db, agencyId: number, year: number): Promise<Placement | undefined> {
  const agency = await findAgencyOn(db, agencyId, referenceDate(year));
  return agency && placementOf(db, agency, year);
}

/** The same for an agency in its state of 31 December of the year. */
export async function placementOf(db: Db, agency: Agency, year: number): Promise<Placement> {
  const exempt = await isExempt(db, agency.id, year);
  return {
    countyId: agency.countyId,
    kind: agency.kind,
    expected: agency.kind !== 'COUNTY' && !exempt,
    ...(await placeCounty(db, agency.countyId, year, filerOfKind(agency.kind))),
  };
}

const placeOfCounty = sqlStatement({
  takes: { divisionId: integer, day: text, year: integer, filer: text },
  gives: [nullable(text), ...lineageIds],
  text: `select coalesce(${nearestDates(':filer')}), ${lineageColumns.join(', ')} from ${lineageRow}`,
});

/**
 * The last day to file for a report year within a division, for its agencies or for the published reports of a level,
 * and the division's lineage, read at once. The day is the date set nearest above it (county, prefecture, province,
 * nation; a date for the year before one for every year), else the default.
 */
export async function placeCounty(
  db: Db,
  countyId: number,
  year: number,
  filer: DeadlineFiler,
): Promise<Pick<Placement, 'due' | 'lineage'>> {
  const row = await findRow(db, placeOfCounty, { divisionId: countyId, day: referenceDate(year), year, filer });
  const [due = null, ...ids] = row ?? [];
  return { due: lastDay(year, filer, due), lineage: ids.flatMap((id) => id ?? []) };
}

/** The last day to file for a report year, given the day (MM-DD) that is set; the default where none is. */
export function lastDay(year: number, filer: DeadlineFiler, set: string | null): string {
  return `${year + 1}-${set ?? defaultDue[filer]}`;
}
