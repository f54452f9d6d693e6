/** What a division's sums are of: what is kept of it, and what is added or taken away because it lies elsewhere in a frame. */

import type { AgencyKind, Inclusion } from '../../words.js';
import type { NamedItem } from './named-items.js';
import type { AddedSums, Sign } from './sums.js';

/** An agency of a year that counts elsewhere than where it lay on 31 December, whether it has filed or not. */
interface ShiftedAgency {
  readonly id: number;
  readonly sign: Sign;
  readonly kind: AgencyKind;
  /** The county in which it lay on 31 December: its report is kept in the sums of that. */
  readonly countyId: number;
}

/** Reports of one inclusion and kind by what they add up to, whether they are in the kept sums or not. */
export interface KnownSums {
  readonly inclusion: Inclusion;
  readonly kind: AgencyKind;
  readonly added: AddedSums;
  readonly items: readonly NamedItem[];
}

/** In what the sums of a year were known otherwise than they are kept. */
export interface KnownOtherwise {
  readonly sums: readonly KnownSums[];
  /** How many more (or fewer) agencies were expected, by kind. */
  readonly expected: readonly { readonly kind: AgencyKind; readonly change: number }[];
  /** Where that lies today which was counted then and no more is: an agency in a county, or all of a division. */
  readonly elsewhere: readonly { readonly countyId: number; readonly agencyId?: number }[];
}

/** A division with all that is kept of it, or only with who is expected to file. */
export interface KeptPart {
  readonly id: number;
  readonly sign: Sign;
  readonly what: 'ALL' | 'EXPECTED';
}

/** What the sums of a division for a year are made of, where they are not what is kept of it. */
export interface Adjustment {
  /** Divisions, the division itself among them where there is one on the day. */
  readonly divisions: readonly KeptPart[];
  readonly agencies: readonly ShiftedAgency[];
  /** Given where sums are as they were known at an instant; the agencies are then counted in it. */
  readonly known?: KnownOtherwise;
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
