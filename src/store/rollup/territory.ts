/** What a division's sums are of: what is kept of it, and what is added or taken away because it lies elsewhere in a frame. */

import type { AgencyKind } from '../../words.js';

/** A sum to be added (1) or taken away (-1). */
export type Sign = 1 | -1;

/** An agency of a year that counts elsewhere than where it lay on 31 December, whether it has filed or not. */
export interface ShiftedAgency {
  readonly id: number;
  readonly sign: Sign;
  readonly kind: AgencyKind;
  /** Whether it is expected to file for the year. */
  readonly expected: 0 | 1;
  /** The county in which it lay on 31 December: its report is kept in the sums of that. */
  readonly countyId: number;
}

/** What the sums of a division for a year are beside those that are kept of it. */
export interface Adjustment {
  /** Divisions with all that is kept of them. */
  readonly divisions: readonly { readonly id: number; readonly sign: Sign }[];
  readonly agencies: readonly ShiftedAgency[];
}

/** Whose reports a division's sums are of. A year without an adjustment is as it is kept: as reported. */
export interface Territory {
  readonly divisionId: number;
  readonly adjustments: ReadonlyMap<number, Adjustment>;
}

const noAdjustments: ReadonlyMap<number, Adjustment> = new Map();

/** A division as its reports lie on 31 December of each year: what is kept of it, and nothing else. */
export function territoryAsReported(divisionId: number): Territory {
  return { divisionId, adjustments: noAdjustments };
}
