/** The condition of what reports may be read, as a part of statements over `report r`. */

import { flag, integers, listOf, optional } from './engine/column.js';
import { isIn, isPairIn } from './engine/dialect.js';
import type { ArgsOf } from './engine/statement.js';

/** Reports whose current revision may be read: those of counties in a year, and those of agencies. */
interface ReadableSet {
  readonly counties: readonly (readonly [countyId: number, year: number])[];
  readonly agencyIds: readonly number[];
}

/** What may be read: the current revision of those within `readable`; of the others the accepted one, or nothing. */
export interface Visible {
  readonly readable: ReadableSet;
  readonly elsewhere: 'ACCEPTED' | 'NOTHING';
}

/** What a statement is given of what may be read; nothing where everything may. */
export const visibleArguments = {
  counties: optional(listOf<readonly [countyId: number, year: number]>()),
  agencyIds: optional(integers),
  /** Given where of the others what was accepted may be read. */
  acceptedElsewhere: optional(flag),
};

type HasVisible = { readonly [Name in keyof typeof visibleArguments]: boolean };

/** The condition that the current revision of a report `r` may be read. */
export function isReadable({ counties, agencyIds }: HasVisible): string {
  if (!counties && !agencyIds) return 'true';
  const within = [
    ...(counties ? [isPairIn('r.county_id', 'r.year', ':counties')] : []),
    ...(agencyIds ? [isIn('r.agency_id', ':agencyIds')] : []),
  ];
  return `(${within.join(' or ')})`;
}

/** The condition that a report `r` may be read at all. */
export function isVisible(has: HasVisible): string {
  return has.acceptedElsewhere ? `(r.accepted_revision is not null or ${isReadable(has)})` : isReadable(has);
}

/** The arguments that tell what may be read; undefined is everything. */
export function visibleAs(visible: Visible | undefined): ArgsOf<typeof visibleArguments> {
  if (!visible) return {};
  const { readable, elsewhere } = visible;
  return { acceptedElsewhere: elsewhere === 'ACCEPTED' ? (1 as const) : undefined, ...readable };
}
