/** Whom a question is about, as resolvers pass it on. */
import { holdsOn } from '../../register/codes.js';
import type { Summed } from '../../rollup/sums.js';
import type { Agency } from '../../store/register/agencies.js';
import type { Division } from '../../store/register/divisions.js';

/** A division, and the day on which it is looked at. */
export type DivisionSource = Division & { readonly day: string };

/** An agency, and the day on which it is looked at. */
export type AgencySource = Agency & { readonly day: string };

/** Whose figures they are: an agency's, or those that a division's sum is of. */
export type Subject = { readonly agency: AgencySource } | (Summed & { readonly division: DivisionSource });

/** A division as it is looked at today. */
export function divisionToday(division: Division, today: string): DivisionSource {
  return { ...division, day: today };
}

/** An agency as it is looked at today; one that is not there today, on the first day of the state it is shown in. */
export function agencyToday(agency: Agency, today: string): AgencySource {
  return { ...agency, day: holdsOn(agency, today) ? today : agency.validFrom };
}
