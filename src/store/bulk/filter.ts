/** Which reports or rollups an export holds. */
import type { AgencyKind } from '../../words.js';
import type { Visible } from '../readable.js';

/** Which reports or rollups an export holds. */
export interface ExportFilter {
  readonly years: readonly number[];
  /** By year, the divisions it is about, by identity; all when left out. */
  readonly divisions?: ReadonlyMap<number, ReadonlySet<number>>;
  readonly kinds?: readonly AgencyKind[];
  /** Of reports, those that the caller may see; all when left out. */
  readonly visible?: Visible;
}

/** Whether a filter selects a division in a year. */
export function isSelected({ divisions }: ExportFilter, year: number, divisionId: number): boolean {
  return !divisions || (divisions.get(year)?.has(divisionId) ?? false);
}
