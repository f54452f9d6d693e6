/** Which divisions a list and the register have in common, and which changes would make the register's those of the list. */

import { groupBy } from '../../groups.js';
import type { LineFault } from '../change/change-lines.js';
import { nameStem, plainName } from '../names.js';
import { faultOf, type ListedPlace } from './list.js';
import { type ChangeRow, listedOf, named, type Proposal, someOf } from './proposals.js';
import {
  type Compared,
  type Findings,
  isStatistical,
  levelByCode,
  pairUnique,
  plainOf,
  provinceOf,
  type RegisterAgency,
  type RegisterDivision,
} from './register-places.js';

/** What became of the counties, for the comparison of what lies in them. */
export interface Counties {
  /** The county of the register, by the digits that the list has for it. */
  readonly ofPrefix: ReadonlyMap<string, RegisterDivision>;
  /** Counties of the register that have other digits in the list, by their code. */
  readonly recoded: ReadonlyMap<string, Recoded>;
  /** Counties that only the list has, by their digits. */
  readonly begun: ReadonlyMap<string, Begun>;
  /** Counties of the register that the list has no more. */
  readonly gone: readonly RegisterDivision[];
}

/** A county under other digits: what the list calls it, the line that makes it so, and whether all in it went along. */
interface Recoded {
  readonly county: RegisterDivision;
  readonly listed: ListedPlace;
  readonly change: ChangeRow;
  readonly isWhole: boolean;
}

/** A county that the register does not have, and the code of what it would lie in. */
interface Begun {
  readonly listed: ListedPlace;
  readonly parent: string;
}

/** Divisions that end or begin, for those who look what else does. */
interface Unpaired {
  readonly begun: readonly ListedPlace[];
  readonly ended: readonly RegisterDivision[];
}

/** Compares the divisions of a list with those of the register, in turns, and adds what is found to `found`. */
export async function compareDivisions(
  compared: Compared,
  found: Findings,
  othersTurn: () => Promise<void>,
): Promise<Counties & { readonly faults: readonly LineFault[] }> {
  const { divisions, list } = compared;
  const born: ListedPlace[] = [];
  const renamed: (readonly [RegisterDivision, ListedPlace])[] = [];
  for (const place of list.divisions) {
    const division = divisions.get(place.code);
    if (division && division.plain !== place.plain) renamed.push([division, place]);
    else if (division) countAlike(found, division, place);
    else if (isStatistical(place)) found.notListed++;
    else born.push(place);
  }
  await othersTurn();
  const gone = goneDivisions(compared, found);
  await othersTurn();
  const counties = settleCounties(compared, born, gone);
  await othersTurn();
  const { recoded, ofPrefix } = counties;
  // What lies in another comes after it.
  const begun = born
    .filter(({ code }) => !ofPrefix.has(code))
    .toSorted((one, other) => (one.code < other.code ? -1 : 1));
  const ended = gone.filter(({ code }) => !recoded.has(code));
  const around = neighboursOf(compared, { begun, ended });
  for (const pair of renamed) {
    await othersTurn();
    proposeRename(compared, found, pair, around(pair[0].parent));
  }
  const endedIn = groupBy(ended, provinceOf);
  for (const place of begun) {
    await othersTurn();
    found.uncertain.push(additionOf(compared, place, endedIn.get(provinceOf(place)) ?? []));
  }
  return { ...counties, gone: ended };
}

/** What lies in the same division as another: what the register and the list have there, and what ends and begins. */
interface Neighbours extends Unpaired {
  /** All in one: every sign of them is in the list. */
  readonly isComplete: boolean;
  /** How often each stem is met there, by the codes that have it. */
  readonly stems: ReadonlyMap<string, ReadonlySet<string>>;
}

function neighboursOf(compared: Compared, { begun, ended }: Unpaired): (parent: string | null) => Neighbours {
  const { divisions, prefixes, list } = compared;
  const children = groupBy(divisions.values(), ({ parent }) => parent ?? '');
  const listed = groupBy(list.divisions, ({ code }) => divisions.get(code)?.parent ?? parentByCode(compared, code));
  const begunIn = groupBy(begun, ({ code }) => parentByCode(compared, code));
  const endedIn = groupBy(ended, ({ parent }) => parent ?? '');
  const known = new Map<string, Neighbours>();
  return (above) => {
    const parent = above ?? '';
    const siblings = children.get(parent) ?? [];
    const stems = new Map<string, Set<string>>();
    const made = known.get(parent);
    if (made) return made;
    for (const place of [...siblings, ...(listed.get(parent) ?? [])]) {
      const stem = divisionStem(place);
      stems.set(stem, (stems.get(stem) ?? new Set()).add(place.code));
    }
    const isComplete = siblings.every((one) => prefixes.has(one.code) || isStatistical(one));
    const around = { stems, isComplete, begun: begunIn.get(parent) ?? [], ended: endedIn.get(parent) ?? [] };
    known.set(parent, around);
    return around;
  };
}

function countAlike(found: Findings, division: RegisterDivision, place: ListedPlace): void {
  found.places++;
  if (division.name !== place.name) found.spelling.push({ registered: named(division), listed: listedOf(place) });
}

/** The divisions within the one that the list has all of, of a level that it has, that are not in it. */
function goneDivisions(compared: Compared, found: Findings): RegisterDivision[] {
  const { asked, divisions, list, agencies, prefixes } = compared;
  const whole = asked.division;
  if (whole === null) return [];
  const levels = new Set(list.divisions.map(({ code }) => levelByCode(code)));
  const isInhabited = ({ code }: RegisterDivision) => list.townships.size > 0 && agencies.has(code);
  const only = onlyCounties(divisions);
  const isListed = (division: RegisterDivision) =>
    prefixes.has(division.code) ||
    list.spoiled.has(division.code) ||
    (division.parent !== null && prefixes.has(division.parent) && only.get(division.parent) === division);
  const missing = [...divisions.values()].filter(
    (division) =>
      (levels.has(division.level) || isInhabited(division)) &&
      isBelow(divisions, division, whole) &&
      !isListed(division),
  );
  const ended = missing.filter((division) => !isStatistical(division) || isBureauZone(compared, division));
  found.notListed += missing.length - ended.length;
  return ended;
}

/** The bureau lists the zones that the ministry does not have. */
function isBureauZone({ asked }: Compared, { code, level }: RegisterDivision): boolean {
  return asked.authority === 'NBS' && level === 'COUNTY' && /^\d{4}7/.test(code);
}

/** Whether a division lies, at any level, in the one with a code. */
export function isBelow(divisions: Compared['divisions'], division: RegisterDivision, code: string): boolean {
  let above = division.parent;
  while (above !== null && above !== code) above = divisions.get(above)?.parent ?? null;
  return above === code;
}

/** Counties that are the only one of their prefecture, by the code of that: townships of 441901 have codes of 441900. */
export function onlyCounties(divisions: Compared['divisions']): Map<string, RegisterDivision> {
  const counties = [...divisions.values()].filter(({ level }) => level === 'COUNTY');
  const byParent = groupBy(counties, ({ parent }) => parent ?? '');
  return new Map(
    [...byParent].flatMap(([parent, [county, ...others]]) => (county && others.length === 0 ? [[parent, county]] : [])),
  );
}

/** The county of the register for every six digits of a county or of townships in the list. */
function settleCounties(
  compared: Compared,
  born: readonly ListedPlace[],
  gone: readonly RegisterDivision[],
): Omit<Counties, 'gone'> & { readonly faults: readonly LineFault[] } {
  const { divisions, list, prefixes } = compared;
  const { townships } = list;
  const lines = new Map(born.filter(({ code }) => levelByCode(code) === 'COUNTY').map((place) => [place.code, place]));
  const only = onlyCounties(divisions);
  const ofPrefix = new Map<string, RegisterDivision>();
  for (const prefix of prefixes) {
    const division = divisions.get(prefix);
    const county = division?.level === 'COUNTY' ? division : only.get(prefix);
    if (county) ofPrefix.set(prefix, county);
  }
  const open = [...new Set([...townships.keys(), ...lines.keys()])]
    .filter((prefix) => !ofPrefix.has(prefix))
    .map((prefix) => ({ prefix, line: lines.get(prefix), townships: townships.get(prefix) ?? [] }));
  const recoded = new Map<string, Recoded>();
  for (const one of recodings(compared, { open, held: new Set(ofPrefix.values()), gone })) {
    ofPrefix.set(one.listed.code, one.county);
    recoded.set(one.county.code, one);
  }
  const begun = new Map<string, Begun>();
  const faults: LineFault[] = [];
  for (const { prefix, line, townships: lost } of open.filter((one) => !ofPrefix.has(one.prefix))) {
    if (line) begun.set(prefix, { listed: line, parent: parentByCode(compared, prefix) });
    else if (lost[0]) faults.push(unknownCounty(lost[0], prefix, lost.length));
  }
  return { ofPrefix, recoded, begun, faults };
}

/** Six digits that the register does not have: their line, where the list has one, and the townships under them. */
interface OpenPrefix {
  readonly prefix: string;
  readonly line: ListedPlace | undefined;
  readonly townships: readonly ListedPlace[];
}

/**
 * Which counties of the register have other digits in the list. It is certain where the list has all of the townships of
 * one county and of no other, name by name; where only the names of the two are equal, it is not.
 */
function recodings(
  compared: Compared,
  of: {
    readonly open: readonly OpenPrefix[];
    readonly held: ReadonlySet<RegisterDivision>;
    readonly gone: readonly RegisterDivision[];
  },
): Recoded[] {
  const { asked, divisions, agencies, prefixes } = compared;
  if (of.open.length === 0) return [];
  const isGone = new Set(of.gone);
  const free = [...divisions.values()].filter(
    (one) =>
      one.level === 'COUNTY' &&
      !of.held.has(one) &&
      !prefixes.has(one.code) &&
      (asked.division === null || isGone.has(one)),
  );
  const inProvince = (code: string, key: string) => (key === '' ? '' : `${code.slice(0, 2)} ${key}`);
  const contentOf = ({ code }: RegisterDivision) => inProvince(code, contentKey(compared, agencies.get(code) ?? []));
  const whole = pairUnique(
    of.open,
    ({ prefix, townships }) => inProvince(prefix, contentKey(compared, townships)),
    free,
    contentOf,
  );
  const done = new Set<unknown>(whole.flat());
  const alike = pairUnique(
    of.open.filter((one) => !done.has(one)),
    ({ prefix, line }) => inProvince(prefix, line ? plainOf(line) : ''),
    free.filter((one) => !done.has(one)),
    (county) => inProvince(county.code, plainOf(county)),
  );
  return [...whole.map((pair) => [...pair, true] as const), ...alike.map((pair) => [...pair, false] as const)].map(
    ([{ prefix, line, townships }, county, hasAll]) => {
      const { name, plain } = county;
      const place = line ?? { about: 'division', code: prefix, name, plain, line: townships[0]?.line ?? 0 };
      const change = recodeOf(compared, county, place);
      return { county, listed: place, change, isWhole: hasAll && change.parent === undefined };
    },
  );
}

/** The names of all units of a county as one text; empty for fewer than two, which may be called so in any county. */
function contentKey({ asked }: Compared, units: readonly (RegisterAgency | ListedPlace)[]): string {
  const isUnit = (unit: RegisterAgency | ListedPlace) =>
    !('kind' in unit) || asked.authority === 'NBS' || unit.kind !== 'OTHER';
  const names = units.filter(isUnit).map(plainOf).sort();
  return names.length < 2 ? '' : names.join(' ');
}

function recodeOf(compared: Compared, county: RegisterDivision, { code, name, plain }: ListedPlace): ChangeRow {
  const parent = parentByCode(compared, code);
  return {
    action: 'division-change',
    code: county.code,
    on: compared.asked.on,
    ...(plain !== county.plain && { name }),
    newCode: code,
    ...(parent !== county.parent && { parent }),
    precision: 'SNAPSHOT',
  };
}

/** The code of what a division lies in by its digits: the prefecture, else that of its neighbours, else the province. */
function parentByCode({ divisions, prefixes }: Compared, code: string): string {
  if (levelByCode(code) === 'PROVINCE') return '100000';
  const prefecture = `${code.slice(0, 4)}00`;
  const isThere = divisions.has(prefecture) || prefixes.has(prefecture);
  if (levelByCode(code) === 'COUNTY' && isThere) return prefecture;
  return `${code.slice(0, 2)}0000`;
}

function proposeRename(
  { asked }: Compared,
  found: Findings,
  [division, place]: readonly [RegisterDivision, ListedPlace],
  { begun, ended, stems, isComplete }: Neighbours,
): void {
  const isElsewhere = [...(stems.get(divisionStem(place)) ?? [])].some((code) => code !== division.code);
  const keepsStem = divisionStem(division) === divisionStem(place);
  const isCertain = begun.length + ended.length === 0 && !isElsewhere && (keepsStem || isComplete);
  found[isCertain ? 'certain' : 'uncertain'].push({
    kind: 'RENAME',
    about: 'division',
    registered: named(division),
    listed: listedOf(place),
    reason: isCertain
      ? {
          zh: '代码相同而名称不同，同级没有新增或消失的区划',
          en: 'the code is the same and the name another; nothing beside it begins or ends',
        }
      : {
          zh: '代码相同而名称不同，但同级另有新增、消失、同名或未列入名单的区划，也可能已合并或换码',
          en: 'the code is the same and the name another, but something beside it begins, ends, has that name or is not in the list: it may be another division',
        },
    candidates: someOf([...begun, ...ended]),
    changes: [
      { action: 'division-change', code: division.code, on: asked.on, name: place.name, precision: 'SNAPSHOT' },
    ],
  });
}

/** What a division is called apart from what it is: 章丘 of 章丘市 and of 章丘区. */
function divisionStem({ name }: { readonly name: string }): string {
  const plain = plainName(name);
  const stem = plain.replace(/(?:自治县|自治旗|自治州|新区|林区|特区|地区|县|市|区|旗|盟|省)$/, '');
  return [...stem].length > 1 ? stem : nameStem(plain) || plain;
}

function additionOf(compared: Compared, place: ListedPlace, ended: readonly RegisterDivision[]): Proposal {
  const parent = parentByCode(compared, place.code);
  const { code, name } = place;
  const row = { action: 'division-add', code, on: compared.asked.on, name, level: levelByCode(code), parent } as const;
  return {
    kind: 'CREATE',
    about: 'division',
    registered: null,
    listed: listedOf(place),
    reason: {
      zh: '名录没有该区划；由哪些区划析置，名单未说明',
      en: 'the register does not have it; the list does not say what it was made from',
    },
    candidates: someOf(ended),
    changes: [{ ...row, precision: 'SNAPSHOT' }],
  };
}

/** The end of a division that the list no longer has; `begun` are those that may have come from it. */
export function endingOf(compared: Compared, division: RegisterDivision, begun: readonly ListedPlace[]): Proposal {
  return {
    kind: 'ABOLISH',
    about: 'division',
    registered: named(division),
    listed: null,
    reason: {
      zh: '名单没有该区划；并入何处，名单未说明。须先移出其中的机关',
      en: 'the list does not have it, and does not say where it went; what lies in it must be moved away first',
    },
    candidates: someOf(begun),
    changes: [{ action: 'division-close', code: division.code, on: compared.asked.on, precision: 'SNAPSHOT' }],
  };
}

function unknownCounty({ line }: ListedPlace, prefix: string, lines: number): LineFault {
  return faultOf(line, 'UNKNOWN-COUNTY', 'code', {
    zh: `名录和名单都没有县级区划 ${prefix}，自此行起其 ${lines} 个乡镇未作比较`,
    en: `neither the register nor the list has a county ${prefix}; its ${lines} townships, of which this is the first, were not compared`,
  });
}
