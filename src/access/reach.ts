/** Where a name is looked up: within the division that is asked for, and first where the caller may file. */
import { referenceDate } from '../day.js';
import { findDivision } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { lineageOf } from '../store/register/lineage.js';
import type { Caller } from '../words.js';
import { mayAct } from './authority.js';

/** Who looks names up, and where. */
export interface NameSearch {
  readonly caller: Caller;
  /** The code of the division in which a name is to be found; anywhere when left out. */
  readonly division?: string;
}

/**
 * Of the agencies that a name may mean on 31 December of a year: those within the division that is asked for; where none
 * is, those for which the caller may file if there are any, else all. What is left is never a guess: several stay several.
 */
export async function nearestAgencies<Agency extends { readonly id: number; readonly countyId: number }>(
  db: Db,
  agencies: readonly Agency[],
  { caller, division }: NameSearch,
  year: number,
): Promise<readonly Agency[]> {
  const placed: { readonly agency: Agency; readonly lineage: readonly number[] }[] = [];
  for (const agency of agencies) placed.push({ agency, lineage: await lineageOf(db, agency.countyId, year) });
  if (division !== undefined) {
    const within = await findDivision(db, division, referenceDate(year));
    return placed.filter(({ lineage }) => within && lineage.includes(within.id)).map(({ agency }) => agency);
  }
  const near = placed.filter(({ agency, lineage }) => mayAct(caller, 'file', { lineage, agencyId: agency.id }));
  return (near.length > 0 ? near : placed).map(({ agency }) => agency);
}
