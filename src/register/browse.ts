/** The use cases that read the register as a reader walks it: from the nation down to an agency and back up. */

import { referenceDate } from '../day.js';
import { normalizeCode } from '../report/filing.js';
import type { Db } from '../store/engine/schema.js';
import {
  type Agency,
  agencyStates,
  agencyStatesByCode,
  countAgencies,
  listAgencies,
} from '../store/register/agencies.js';
import { agenciesOfCounty, divisionsNear } from '../store/register/codes.js';
import { dueDate } from '../store/register/deadlines.js';
import { type Division, findDivision, listDivisions } from '../store/register/divisions.js';
import { type AgencyKind, filerKinds, type Page } from '../words.js';

/** The kinds of agency that stand at the level of a township. */
export const townshipKinds: readonly AgencyKind[] = ['TOWNSHIP', 'SUBDISTRICT', 'OTHER'];

/** A page by code, after a code. */
export interface CodePage {
  readonly first: number;
  readonly after?: string;
}

/** The division with that code today, or else the one that had it last; undefined when none ever had. */
export async function findDivisionByCode(db: Db, code: string): Promise<Division | undefined> {
  return findDivision(db, code);
}

/** The agency with that code today, or else the one that had it last, as it last stood; undefined when none ever had. */
export async function findAgencyByCode(db: Db, code: string): Promise<Agency | undefined> {
  const [state] = await agencyStatesByCode(db, normalizeCode(code));
  return state && ((await agencyStates(db, state.id)).at(-1) ?? state);
}

/** The divisions with these identities, by identity: as they stood on a day, or else as they last stood. */
export async function divisionsByIdentity(
  db: Db,
  ids: readonly number[],
  day: string,
): Promise<ReadonlyMap<number, Division>> {
  return divisionsNear(db, ids, day);
}

/** The divisions directly below one on a day. */
export async function divisionsBelow(db: Db, parentId: number, day: string, page: CodePage): Promise<Page<Division>> {
  return listDivisions(db, { parentId, day }, page);
}

/** A page of agencies; `total` is null where nobody asked how many there are in all. */
export interface AgencyPage {
  readonly items: readonly Agency[];
  readonly total: number | null;
  readonly more: boolean;
}

/** The agencies of a division and of all below it on a day; those that file when no kinds are named. */
export async function agenciesBelow(
  db: Db,
  division: Pick<Division, 'id' | 'level'>,
  on: { readonly day: string; readonly kinds?: readonly AgencyKind[]; readonly total: 'asked' | 'unasked' },
  page: CodePage,
): Promise<AgencyPage> {
  const { day, kinds = filerKinds, total } = on;
  const filter = { divisionId: division.id, day, kinds };
  if (division.level !== 'COUNTY') return listAgencies(db, filter, page);
  const found = await agenciesOfCounty(db, { countyId: division.id, day, kinds }, page);
  return { ...found, total: total === 'asked' ? await countAgencies(db, filter) : null };
}

/** The agencies of a division that are expected to file for a year and have not. */
export async function agenciesMissing(
  db: Db,
  divisionId: number,
  of: { readonly year: number; readonly kinds?: readonly AgencyKind[] },
  page: CodePage,
): Promise<Page<Agency>> {
  const { year, kinds = filerKinds } = of;
  return listAgencies(db, { divisionId, day: referenceDate(year), kinds, missingYear: year }, page);
}

/** Every state an agency had, oldest first. */
export async function statesOfAgency(db: Db, agencyId: number): Promise<readonly Agency[]> {
  return agencyStates(db, agencyId);
}

/** The last day on which the agencies of a division may file for a report year. */
export async function deadlineOf(db: Db, divisionId: number, year: number): Promise<string> {
  return dueDate(db, divisionId, year);
}
