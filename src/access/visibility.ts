/**
 * What may be read. The law publishes reports, so what a reviewer accepted is public unless a setting closes it, as
 * are the sums; what was filed and not (yet) accepted is shown to those with a token for it.
 */

import type { NamedCode } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import type { Visible } from '../store/readable.js';
import { divisionsBelow, findNation } from '../store/register/divisions.js';
import { lineageOf } from '../store/register/lineage.js';
import type { Caller, Inclusion } from '../words.js';
import { mayAct, requireDivision, requireScope } from './authority.js';

/** What can be read without a token: everything that was filed, what was accepted, or nothing. */
const publicReadings = ['filed', 'accepted', 'none'] as const;
export type PublicReading = (typeof publicReadings)[number];

/** Who reads, and what anybody may. */
export interface Reader {
  readonly caller: Caller;
  readonly open: PublicReading;
}

/** Whether a reader is known to see everything without a look at the register. */
function seesAll({ caller, open }: Reader): boolean {
  return open === 'filed' || caller.kind === 'operator';
}

/** What a reader may read, as a text that is the same for all who may read the same by the same grants. */
export function sightOf(reader: Reader): string {
  if (seesAll(reader)) return 'all';
  const { caller, open } = reader;
  const grants = caller.kind === 'token' ? caller.grants : [];
  const places = grants.map(({ divisionId, agencyId }) => `${divisionId} ${agencyId}`);
  return JSON.stringify([open, ...[...new Set(places)].sort()]);
}

/** What of an agency's report for a year a reader may see: the current one, the accepted one, or nothing (null). */
export async function inclusionFor(
  db: Db,
  reader: Reader,
  agency: { readonly id: number; readonly countyId: number },
  year: number,
): Promise<Inclusion | null> {
  if (seesAll(reader)) return 'ALL';
  const { caller, open } = reader;
  const otherwise = open === 'accepted' ? 'ACCEPTED' : null;
  if (caller.kind === 'stranger') return otherwise;
  const lineage = await lineageOf(db, agency.countyId, year);
  return mayAct(caller, 'read', { lineage, agencyId: agency.id }) ? 'ALL' : otherwise;
}

/** What of all reports of some years a reader may see; undefined is everything. */
export async function visibleTo(db: Db, reader: Reader, years: readonly number[]): Promise<Visible | undefined> {
  if (seesAll(reader)) return undefined;
  const { caller, open } = reader;
  const grants = caller.kind === 'token' ? caller.grants : [];
  const divisionIds = [...new Set(grants.flatMap(({ divisionId }) => divisionId ?? []))];
  if (divisionIds.length > 0 && divisionIds.includes(await findNation(db))) return undefined;
  const counties: [number, number][] = [];
  for (const id of divisionIds) {
    for (const [year, below] of await divisionsBelow(db, id, years)) {
      for (const division of below) counties.push([division, year]);
    }
  }
  return {
    readable: { counties, agencyIds: grants.flatMap(({ agencyId }) => agencyId ?? []) },
    elsewhere: open === 'accepted' ? 'ACCEPTED' : 'NOTHING',
  };
}

/** Throws `unauthorized` or `forbidden` where the sums of a division are closed to a reader. */
export async function requireSums(
  db: Db,
  { caller, open }: Reader,
  division: NamedCode & { readonly id: number },
  year: number,
): Promise<void> {
  if (open === 'none') await requireDivision(db, caller, 'read', division, year);
}

/** Throws `unauthorized` or `forbidden` where everything is closed to a reader who has no token for any of it. */
export function requireOpen({ caller, open }: Reader): void {
  if (open === 'none') requireScope(caller, 'read');
}
