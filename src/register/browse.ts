/** The use cases that read the register as a reader walks it: from the nation down to an agency and back up. */

import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agencyStates, countAgencies, pageOfAgencies } from '../store/register/agencies.js';
import { type Division, type DivisionState, divisionsNear, listDivisions } from '../store/register/divisions.js';
import { agenciesOfCounty } from '../store/register/find/kept-places.js';
import { listDivisionsBelow } from '../store/register/find/lists.js';
import { type OtherCode, otherCodesOf } from '../store/register/other-codes.js';
import { placeCounty } from '../store/register/placement.js';
import { type AgencyKind, type DeadlineFiler, type DivisionLevel, filerKinds, type Page } from '../words.js';
import { findAgency, findDivision } from './codes.js';

/** The kinds of agency at the level of a township. */
export const townshipKinds: readonly AgencyKind[] = ['TOWNSHIP', 'SUBDISTRICT', 'OTHER'];

/** A page by code, after a code. */
export interface CodePage {
  readonly first: number;
  readonly after?: string;
}

/**
 * The divisions with these identities, in their order: as they were on a day, or else as they last were. Throws for
 * an identity that the register lacks.
 */
export async function divisionsOf(db: Db, ids: readonly number[], day: string): Promise<Division[]> {
  const found = await divisionsNear(db, ids, day);
  return ids.map((id) => {
    const division = found.get(id);
    if (!division) throw new Error(`no division ${id}`);
    return division;
  });
}

/** The divisions directly below one on a day; `listDivisions` for those who may not ask the store. */
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
  const found =
    division.level === 'COUNTY'
      ? await agenciesOfCounty(db, { countyId: division.id, day, kinds }, page)
      : await pageOfAgencies(db, filter, page);
  return { ...found, total: total === 'asked' ? await countAgencies(db, filter) : null };
}

/** Agencies of a day by code: of a division or of all, of kinds, with a part of a name that they have or had. */
export async function agenciesListed(
  db: Db,
  asked: {
    readonly day: string;
    readonly divisionId?: number;
    readonly kinds?: readonly AgencyKind[];
    readonly namePart?: string;
    readonly total: 'asked' | 'unasked';
  },
  page: CodePage,
): Promise<AgencyPage> {
  const { total, kinds = filerKinds, ...filter } = asked;
  const found = await pageOfAgencies(db, { ...filter, kinds }, page);
  return { ...found, total: total === 'asked' ? await countAgencies(db, { ...filter, kinds }) : null };
}

/** Divisions of a day by code: all, or those that lie below one at any depth; of a level. */
export async function divisionsListed(
  db: Db,
  asked: { readonly day: string; readonly divisionId?: number; readonly level?: DivisionLevel },
  page: CodePage,
): Promise<Page<Division>> {
  const { divisionId, ...filter } = asked;
  return divisionId === undefined
    ? listDivisions(db, filter, page)
    : listDivisionsBelow(db, { ...filter, divisionId }, page);
}

/** What some codes mean, in their order, each once, and those that mean nothing. */
export interface Meant<T> {
  readonly items: readonly T[];
  readonly unknown: readonly string[];
}

/** The divisions that some codes mean on a day. */
export async function divisionsMeant(db: Db, codes: readonly string[], day: string): Promise<Meant<DivisionState>> {
  return meaningsOf(codes, (code) => findDivision(db, code, day));
}

/** The agencies that some codes mean on a day. */
export async function agenciesMeant(db: Db, codes: readonly string[], day: string): Promise<Meant<Agency>> {
  return meaningsOf(codes, (code) => findAgency(db, code, day));
}

async function meaningsOf<T extends { readonly id: number }>(
  codes: readonly string[],
  find: (code: string) => Promise<T | undefined>,
): Promise<Meant<T>> {
  const found = new Map<number, T>();
  const unknown: string[] = [];
  for (const code of new Set(codes)) {
    const meant = await find(code);
    if (meant) found.set(meant.id, meant);
    else unknown.push(code);
  }
  return { items: [...found.values()], unknown };
}

/** The codes that other authorities give an agency; `otherCodesOf` for those who may not ask the store. */
export async function otherCodesOfAgency(db: Db, agencyId: number): Promise<readonly OtherCode[]> {
  return otherCodesOf(db, agencyId);
}

/** The agencies that lay in a division before, and lie in another one on 31 December of a year. */
export async function agenciesElsewhere(
  db: Db,
  divisionId: number,
  of: { readonly year: number; readonly kinds?: readonly AgencyKind[]; readonly total: 'asked' | 'unasked' },
  page: CodePage,
): Promise<AgencyPage> {
  const { year, kinds = filerKinds, total } = of;
  const filter = { divisionId, day: referenceDate(year), kinds, moved: 'elsewhere' as const };
  const found = await pageOfAgencies(db, filter, page);
  return { ...found, total: total === 'asked' ? await countAgencies(db, filter) : null };
}

/** Every state of an agency, oldest first; `agencyStates` for those who may not ask the store. */
export async function statesOfAgency(db: Db, agencyId: number): Promise<readonly Agency[]> {
  return agencyStates(db, agencyId);
}

/** The last day, YYYY-MM-DD, on which the agencies of a division, or its divisions of a level, may file for a report year. */
export async function deadlineOf(db: Db, divisionId: number, year: number, filer: DeadlineFiler): Promise<string> {
  return (await placeCounty(db, divisionId, year, filer)).due;
}
