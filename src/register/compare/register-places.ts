/** The register as a comparison sees it, and what tells one place from another there. */

import { groupBy } from '../../groups.js';
import type { AgencyKind, CodeAuthority, DivisionLevel } from '../../words.js';
import { differsInOneSign, nameStem, plainName } from '../names.js';
import type { PlaceList } from './list.js';
import type { Proposal, Variant } from './proposals.js';

/** A division of the register on the day of a list. */
export interface RegisterDivision {
  readonly code: string;
  readonly name: string;
  /** The name without what is only spelling. */
  readonly plain: string;
  readonly level: DivisionLevel;
  /** Code of the division above it; null for the nation. */
  readonly parent: string | null;
}

/** A township, sub-district or statistical unit of the register on the day of a list. */
export interface RegisterAgency {
  readonly code: string;
  readonly name: string;
  /** The name without what is only spelling. */
  readonly plain: string;
  readonly kind: AgencyKind;
  /** Code of the county it lies in. */
  readonly county: string;
  /** The digits that the authority of the list gives it, where the register knows them. */
  readonly otherCode: string | null;
}

/** What is asked of a comparison. */
export interface Asked {
  /** The day of the list, YYYY-MM-DD, from which what it changes holds. */
  readonly on: string;
  readonly authority: CodeAuthority;
  /** Code of the division that the list has all of; without one, only what it has is compared. */
  readonly division: string | null;
}

/** What is compared with what. */
export interface Compared {
  readonly asked: Asked;
  readonly list: PlaceList;
  readonly divisions: ReadonlyMap<string, RegisterDivision>;
  /** By the code of the county they lie in. */
  readonly agencies: ReadonlyMap<string, readonly RegisterAgency[]>;
  /** The six digits of every division and county in the list. */
  readonly prefixes: ReadonlySet<string>;
}

/** What was found so far, by those who look. */
export interface Findings {
  readonly certain: Proposal[];
  readonly uncertain: Proposal[];
  readonly spelling: Variant[];
  readonly otherDigits: Variant[];
  readonly otherCounty: Variant[];
  places: number;
  notListed: number;
}

/** Whether only the ministry's digits of a unit are known, which the register then has after these letters. */
export const isMinistryOnly = ({ code }: { readonly code: string }): boolean => code.startsWith(ministryOnly);

/** What the register has before the digits of a unit to which the bureau has given none. */
export const ministryOnly = 'MCA-';

/** The kind of a unit by the last three digits of its code: 001-099 sub-districts, 100-399 towns and townships. */
export function kindByCode(code: string): 'SUBDISTRICT' | 'TOWNSHIP' | 'OTHER' {
  const tail = Number(code.slice(-3));
  if (tail < 100) return 'SUBDISTRICT';
  return tail < 400 ? 'TOWNSHIP' : 'OTHER';
}

/** The level of a division by its six digits. */
export function levelByCode(code: string): DivisionLevel {
  if (code === '100000') return 'NATION';
  if (code.endsWith('0000')) return 'PROVINCE';
  return code.endsWith('00') ? 'PREFECTURE' : 'COUNTY';
}

/** Divisions of statistics that nobody governs: each stands between a province and its counties, or beside them. */
const betweenNames: ReadonlySet<string> = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划']);

/** Whether a division is one of statistics only: a stand-in, or a zone (71 to 79), which the ministry has in no list. */
export function isStatistical({ code, name }: { readonly code: string; readonly name: string }): boolean {
  return betweenNames.has(name) || /^\d{4}7[1-9]$/.test(code);
}

/** Whether two names of a unit are spelled differently at the most: by what `plainName` leaves out, by the name of the county, or in one sign of the stem. */
export function isOneSpelling(one: string, other: string, county: string): boolean {
  const [plain, others] = [plainName(one), plainName(other)];
  if (plain === others) return true;
  const bare = plainName(county);
  const without = (name: string) =>
    name.startsWith(bare) && [...name.slice(bare.length)].length > 1 ? name.slice(bare.length) : name;
  if (bare !== '' && without(plain) === without(others)) return true;
  const [stem, otherStem] = [nameStem(one), nameStem(other)];
  if (stem === otherStem) return sameEnding(plain, others, stem);
  return (
    [...stem].length > 1 &&
    differsInOneSign(stem, otherStem) &&
    plain.slice(stem.length) === others.slice(otherStem.length)
  );
}

/** 地区 and 街道 are two words for one: an office at the level of a sub-district. */
function sameEnding(plain: string, others: string, stem: string): boolean {
  if (stem === '') return false;
  return [plain, others].every((name) => ['街道', '地区'].includes(name.slice(stem.length)));
}

/** Pairs of what has one key on both sides and shares it with nothing else there. An empty key is none. */
export function pairUnique<One, Other>(
  ones: Iterable<One>,
  keyOf: (one: One) => string,
  others: Iterable<Other>,
  otherKeyOf: (other: Other) => string,
): (readonly [One, Other])[] {
  const [left, right] = [groupBy(ones, keyOf), groupBy(others, otherKeyOf)];
  return [...left].flatMap(([key, [one, ...more]]) => {
    const [other, ...moreOthers] = right.get(key) ?? [];
    const isUnique = key !== '' && more.length === 0 && moreOthers.length === 0;
    return isUnique && one !== undefined && other !== undefined ? [[one, other] as const] : [];
  });
}

/** The two digits of the province that a code begins with. */
export const provinceOf = ({ code }: { readonly code: string }): string => code.slice(0, 2);

/** The plain name of a place of the register or of a line of the list. */
export const plainOf = ({ plain }: { readonly plain: string }): string => plain;

/** Its stem. */
export const stemOf = ({ name }: { readonly name: string }): string => nameStem(name);
