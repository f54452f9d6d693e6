/**
 * Which townships a list and the register have in common, and which changes would make the register's those of the list.
 * A pair is what is unique on both sides of one county, looked for in an order from the plainest to the least plain; what
 * is left ends or begins, and nothing is guessed of it.
 */

import { groupBy } from '../../groups.js';
import { type Counties, endingOf, isBelow } from './divisions.js';
import type { ListedPlace } from './list.js';
import { type ChangeRow, listedOf, named, type Proposal, someOf } from './proposals.js';
import { reasons } from './reasons.js';
import {
  type Compared,
  type Findings,
  isMinistryOnly,
  isOneSpelling,
  isStatistical,
  kindByCode,
  ministryOnly,
  pairUnique,
  plainOf,
  provinceOf,
  type RegisterAgency,
  stemOf,
} from './register-places.js';

type Pair = readonly [RegisterAgency, ListedPlace];

/** A county of the register, or one that only the list has. */
interface County {
  /** Its code in the register; in the list where the register does not have it. */
  readonly code: string;
  readonly name: string;
  /** The code of what it lies in. */
  readonly parent: string | null;
  /** The list has all of it: what it lacks has ended. */
  readonly isListed: boolean;
  readonly units: readonly RegisterAgency[];
  readonly lines: readonly ListedPlace[];
  /** Of the units and lines, those that are not paired: they end and begin. */
  readonly ended: Set<RegisterAgency>;
  readonly begun: Set<ListedPlace>;
  /** Units under another code. */
  readonly recoded: Pair[];
  /** Pairs that are one unit for certain only where nothing in the county ends or begins. */
  readonly pending: { readonly pair: Pair; readonly kind: 'RENAME' | 'RECLASSIFY' }[];
  /** Units whose code is another's now. */
  readonly reused: Pair[];
}

/** Compares the townships of a list with those of the register, in turns, and adds what is found to `found`. */
export async function compareTownships(
  compared: Compared,
  counties: Counties,
  found: Findings,
  othersTurn: () => Promise<void>,
): Promise<void> {
  const places = await gatherCounties(compared, counties, othersTurn);
  const byCode = await unitsByCode(compared, othersTurn);
  for (const county of places.values()) {
    await othersTurn();
    pairByCode(compared, { county, places, byCode, counties }, found);
  }
  for (const county of places.values()) {
    await othersTurn();
    pairInCounty(compared, county, { found, isRecoded: counties.recoded.has(county.code) });
  }
  const moves = await pairAcrossCounties(compared, [...places.values()], found, othersTurn);
  const merged = mergersOf(counties, places, moves);
  for (const county of places.values()) {
    await othersTurn();
    proposeForCounty(compared, { county, counties, moves, merged }, found);
  }
  const begun = groupBy(
    [...counties.begun.values()].map(({ listed }) => listed),
    provinceOf,
  );
  for (const division of counties.gone) {
    await othersTurn();
    const into = merged.get(division.code);
    const near = begun.get(provinceOf(division)) ?? [];
    found.uncertain.push(into ? mergerOf(compared, division, into) : endingOf(compared, division, near));
  }
}

/** Units by the digits that the list would have for them; whom the register knows by those of the authority goes first. */
async function unitsByCode(compared: Compared, othersTurn: () => Promise<void>): Promise<Map<string, RegisterAgency>> {
  const byCode = new Map<string, RegisterAgency>();
  for (const units of compared.agencies.values()) {
    await othersTurn();
    for (const unit of units) {
      const code = codeIn(compared, unit);
      if (unit.otherCode !== null || !byCode.has(code)) byCode.set(code, unit);
    }
  }
  return byCode;
}

/** The digits that the authority of the list gives a unit, as far as the register knows. */
function codeIn({ asked }: Compared, { code, otherCode }: RegisterAgency): string {
  if (asked.authority === 'NBS') return code;
  return otherCode ?? (isMinistryOnly({ code }) ? code.slice(ministryOnly.length) : code);
}

/** Every county with units or lines, by its code. */
async function gatherCounties(
  compared: Compared,
  counties: Counties,
  othersTurn: () => Promise<void>,
): Promise<Map<string, County>> {
  const { list, divisions, agencies, asked } = compared;
  const lines = new Map<string, ListedPlace[]>();
  for (const [prefix, places] of list.townships) {
    const code = counties.ofPrefix.get(prefix)?.code ?? (counties.begun.has(prefix) ? prefix : undefined);
    if (code !== undefined) lines.set(code, [...(lines.get(code) ?? []), ...places]);
  }
  const isAll = (code: string) => {
    const division = divisions.get(code);
    if (asked.division === null || !division || list.townships.size === 0) return false;
    const isOthers = asked.authority === 'MCA' && isStatistical(division);
    return !isOthers && (code === asked.division || isBelow(divisions, division, asked.division));
  };
  const places = new Map<string, County>();
  for (const code of new Set([...agencies.keys(), ...lines.keys()])) {
    await othersTurn();
    const begun = counties.begun.get(code);
    const { name, parent } = divisions.get(code) ?? { name: begun?.listed.name ?? '', parent: begun?.parent ?? null };
    const [units, listed] = [agencies.get(code) ?? [], lines.get(code) ?? []];
    places.set(code, {
      ...{ code, name, parent, units, lines: listed },
      ...{ isListed: lines.has(code) || isAll(code), recoded: [], pending: [], reused: [] },
      ...{ ended: new Set(units.filter((unit) => !list.spoiled.has(codeIn(compared, unit)))), begun: new Set(listed) },
    });
  }
  return places;
}

/** What has one code and one name is one unit, in whichever county the register has it. */
function pairByCode(
  compared: Compared,
  by: {
    readonly county: County;
    readonly places: ReadonlyMap<string, County>;
    readonly byCode: ReadonlyMap<string, RegisterAgency>;
    readonly counties: Counties;
  },
  found: Findings,
): void {
  const { county, places, byCode } = by;
  let names: CountyNames | undefined;
  for (const place of county.lines) {
    const unit = byCode.get(place.code);
    const lies = unit && places.get(unit.county);
    if (!unit || !lies?.ended.has(unit)) continue;
    // The bureau's code of a unit that was moved without it; the ministry's says in which county the unit is.
    if (compared.asked.authority === 'MCA' && lies !== county) continue;
    if (!isOneSpelling(unit.name, place.name, lies.name)) continue;
    // The name may be plainly another unit's, and this one's but nearly.
    if (unit.plain !== place.plain) {
      names ??= namesIn(county, plainOf);
      if (isElsewhere(names, unit.plain, place.plain)) continue;
    }
    lies.ended.delete(unit);
    county.begun.delete(place);
    countAlike(found, unit, place);
  }
}

/** What the units and the lines of a county are called, by a key of their names. */
interface CountyNames {
  readonly units: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
}

function namesIn({ units, lines }: County, keyOf: (place: RegisterAgency | ListedPlace) => string): CountyNames {
  return { units: new Set(units.map(keyOf)), lines: new Set(lines.map(keyOf)) };
}

/**
 * Whether, of two that are called differently, the one of the register stands elsewhere in the list, or that of the list
 * elsewhere in the register.
 */
function isElsewhere({ units, lines }: CountyNames, unit: string, place: string): boolean {
  return (unit !== '' && lines.has(unit)) || (place !== '' && units.has(place));
}

function countAlike(found: Findings, unit: RegisterAgency, place: ListedPlace): void {
  found.places++;
  if (unit.name !== place.name) found.spelling.push({ registered: named(unit), listed: listedOf(place) });
}

interface InCounty {
  readonly found: Findings;
  /** The county has other digits in the list, and so have all that lie in it. */
  readonly isRecoded: boolean;
}

function pairInCounty(compared: Compared, county: County, { found, isRecoded }: InCounty): void {
  const { ended, begun } = county;
  const take = ([unit, place]: Pair) => {
    ended.delete(unit);
    begun.delete(place);
  };
  const pairNames = () => {
    for (const pair of pairUnique(ended, plainOf, begun, plainOf)) {
      take(pair);
      if (compared.asked.authority === 'NBS') county.recoded.push(pair);
      else countOtherDigits(compared, found, pair, isRecoded);
    }
  };
  const pairTypes = () => {
    for (const pair of pairUnique(ended, stemOf, begun, stemOf)) {
      const [unit, place] = pair;
      if (unit.kind === 'OTHER' || kindByCode(place.code) === 'OTHER') continue;
      take(pair);
      county.pending.push({ pair, kind: 'RECLASSIFY' });
    }
  };
  const pairCodes = () => {
    const byCode = new Map([...begun].map((place) => [place.code, place]));
    let stems: CountyNames | undefined;
    for (const unit of [...ended]) {
      const place = byCode.get(codeIn(compared, unit));
      if (!place) continue;
      const pair = [unit, place] as const;
      take(pair);
      const [stem, other] = [stemOf(unit), stemOf(place)];
      stems ??= namesIn(county, stemOf);
      if (stem !== other && isElsewhere(stems, stem, other)) county.reused.push(pair);
      else county.pending.push({ pair, kind: 'RENAME' });
    }
  };
  // The bureau's code says more than a name does; of the ministry's the register does not know all.
  const steps =
    compared.asked.authority === 'NBS' ? [pairCodes, pairNames, pairTypes] : [pairNames, pairTypes, pairCodes];
  for (const step of steps) step();
  const isOthers = (unit: RegisterAgency) =>
    compared.asked.authority === 'NBS' ? isMinistryOnly(unit) : unit.kind === 'OTHER';
  for (const unit of [...ended].filter(isOthers)) {
    ended.delete(unit);
    found.notListed++;
  }
}

function countOtherDigits(compared: Compared, found: Findings, [unit, place]: Pair, isRecoded: boolean): void {
  countAlike(found, unit, place);
  if (isRecoded || codeIn(compared, unit) === place.code) return;
  found.otherDigits.push({ registered: named(unit), listed: listedOf(place) });
}

/** A unit that may have come to another county, and the county that the list has it in. */
interface Move {
  readonly place: ListedPlace;
  readonly into: County;
}

/** Units that end in one county of a prefecture while a namesake begins in another, each the only one of that name. */
async function pairAcrossCounties(
  { asked }: Compared,
  places: readonly County[],
  found: Findings,
  othersTurn: () => Promise<void>,
): Promise<Map<RegisterAgency, Move>> {
  const moves = new Map<RegisterAgency, Move>();
  for (const counties of groupBy(places, ({ parent }) => parent ?? '').values()) {
    await othersTurn();
    const lies = new Map(counties.flatMap((county) => [...county.begun].map((place) => [place, county] as const)));
    const isZone = ({ code, name }: County) => asked.authority === 'MCA' && isStatistical({ code, name });
    const zones = counties.filter((county) => isZone(county) && !county.isListed);
    const begun = () => counties.flatMap((county) => [...county.begun]);
    for (const [unit, place] of pairUnique(
      zones.flatMap(({ ended }) => [...ended]),
      plainOf,
      begun(),
      plainOf,
    )) {
      lies.get(place)?.begun.delete(place);
      found.places++;
      found.otherCounty.push({ registered: named(unit), listed: listedOf(place) });
    }
    const ended = counties.filter(({ isListed }) => isListed).flatMap((county) => [...county.ended]);
    for (const [unit, place] of pairUnique(ended, plainOf, begun(), plainOf)) {
      const into = lies.get(place);
      if (into) moves.set(unit, { place, into });
    }
  }
  return moves;
}

/** Where all that lay in a county of which the list has nothing more is found: in one other county that goes on. */
function mergersOf(
  { gone }: Counties,
  places: ReadonlyMap<string, County>,
  moves: ReadonlyMap<RegisterAgency, Move>,
): Map<string, Merger> {
  return new Map(
    gone.flatMap(({ code }): [string, Merger][] => {
      const units = places.get(code)?.units ?? [];
      const went = units.flatMap((unit) => {
        const move = moves.get(unit);
        return move ? [[unit, move] as const] : [];
      });
      const into = went[0]?.[1].into;
      const isOne =
        into && went.length > 1 && went.length === units.length && went.every(([, move]) => move.into === into);
      return isOne ? [[code, { into, pairs: went.map(([unit, { place }]) => [unit, place] as const) }]] : [];
    }),
  );
}

interface Merger {
  readonly into: County;
  readonly pairs: readonly Pair[];
}

interface OfCounty {
  readonly county: County;
  readonly counties: Counties;
  readonly moves: ReadonlyMap<RegisterAgency, Move>;
  readonly merged: ReadonlyMap<string, Merger>;
}

function proposeForCounty(compared: Compared, of: OfCounty, found: Findings): void {
  const { county, counties, moves, merged } = of;
  const { code, isListed, pending, reused } = county;
  const ended = isListed ? [...county.ended] : [];
  const begun = [...county.begun];
  const recoding = counties.recoded.get(code);
  const isQuiet =
    ended.length + begun.length + reused.length === 0 && !recoding && !isBlurred(compared, county, counties);
  if (recoding) {
    const lines = compared.asked.authority === 'NBS' ? county.recoded.map((pair) => recodeLine(compared, pair)) : [];
    found[recoding.isWhole ? 'certain' : 'uncertain'].push({
      ...{ kind: 'RECODE', about: 'division', registered: named(recoding.county), listed: listedOf(recoding.listed) },
      ...{ reason: recoding.isWhole ? reasons.wholeCounty : reasons.likeCounty, candidates: [] },
      changes: [recoding.change, ...lines],
    });
  } else {
    for (const pair of county.recoded) found.certain.push(recodingOf(compared, pair));
  }
  const asBegun = someOf([...begun, ...pending.map(({ pair }) => pair[1]), ...reused.map(([, place]) => place)]);
  const asEnded = someOf([...ended, ...reused.map(([unit]) => unit)]);
  const unpaired = someOf([...ended, ...begun]);
  for (const one of pending) {
    found[isQuiet ? 'certain' : 'uncertain'].push(renamingOf(compared, one, { isQuiet, unpaired }));
  }
  const countyCode = recoding?.listed.code ?? code;
  for (const pair of reused) found.uncertain.push(reuseOf(compared, pair, countyCode, asBegun));
  const moved = new Set<ListedPlace>();
  for (const one of moves.values()) if (one.into === county) moved.add(one.place);
  for (const unit of ended) {
    const move = moves.get(unit);
    if (!move) found.uncertain.push(closingOf(compared, unit, asBegun));
    else if (!merged.has(code)) found.uncertain.push(movingOf(compared, unit, move, counties));
  }
  for (const place of begun)
    if (!moved.has(place)) found.uncertain.push(beginningOf(compared, place, countyCode, asEnded));
}

/** Whether a line of the list that cannot be used may be of the county. */
function isBlurred({ list }: Compared, county: County, { ofPrefix }: Counties): boolean {
  if (list.hasUnreadable) return true;
  return [...list.spoiled].some((code) => ofPrefix.get(code.slice(0, 6))?.code === county.code);
}

function recodeLine({ asked }: Compared, [unit, { code }]: Pair): ChangeRow {
  const kind = kindByCode(code);
  return {
    ...{ action: 'change', code: unit.code, on: asked.on, newCode: code },
    ...(kind !== kindByCode(unit.code) && { kind }),
    precision: 'SNAPSHOT',
  };
}

function recodingOf(compared: Compared, pair: Pair): Proposal {
  const [unit, place] = pair;
  return { ...about('RECODE', unit, place), reason: reasons.recode, changes: [recodeLine(compared, pair)] };
}

function renamingOf(
  { asked }: Compared,
  { pair: [unit, place], kind }: County['pending'][number],
  { isQuiet, unpaired }: { readonly isQuiet: boolean; readonly unpaired: Proposal['candidates'] },
): Proposal {
  const isNewCode = asked.authority === 'NBS' && place.code !== unit.code;
  const newKind = kindByCode(place.code);
  const isNewKind = kind === 'RECLASSIFY' && newKind !== unit.kind;
  const reason = kind === 'RENAME' ? reasons.rename : reasons.reclassify;
  return {
    ...about(kind, unit, place),
    reason: isQuiet ? reason.certain : reason.uncertain,
    candidates: unpaired,
    changes: [
      {
        ...{ action: 'change', code: unit.code, on: asked.on, name: place.name },
        ...(isNewCode && { newCode: place.code }),
        ...(isNewKind && { kind: newKind }),
        precision: 'SNAPSHOT',
      },
    ],
  };
}

function reuseOf(
  { asked }: Compared,
  [unit, place]: Pair,
  county: string,
  candidates: Proposal['candidates'],
): Proposal {
  const { on } = asked;
  const { code, name } = place;
  return {
    ...about('RECODE', unit, place),
    reason: reasons.reuse,
    candidates: candidates.filter((one) => one.code !== code),
    changes: [
      { action: 'close', code: unit.code, on, precision: 'SNAPSHOT' },
      { action: 'add', code: newCodeIn(asked, code), on, name, kind: kindByCode(code), county, precision: 'SNAPSHOT' },
    ],
  };
}

/** The code of a new unit: the register's own digits are the bureau's, which the ministry's list does not have. */
function newCodeIn({ authority }: Compared['asked'], code: string): string {
  return authority === 'MCA' ? `${ministryOnly}${code}` : code;
}

function closingOf({ asked }: Compared, unit: RegisterAgency, candidates: Proposal['candidates']): Proposal {
  return {
    ...about('ABOLISH', unit, null),
    reason: candidates.length > 0 ? reasons.ended : reasons.endedAlone,
    candidates,
    changes: [{ action: 'close', code: unit.code, on: asked.on, precision: 'SNAPSHOT' }],
  };
}

function beginningOf(
  { asked }: Compared,
  place: ListedPlace,
  county: string,
  candidates: Proposal['candidates'],
): Proposal {
  const { code, name } = place;
  return {
    ...about('CREATE', null, place),
    reason: candidates.length > 0 ? reasons.begun : reasons.begunAlone,
    candidates,
    changes: [
      {
        ...{ action: 'add', code: newCodeIn(asked, code), on: asked.on, name },
        ...{ kind: kindByCode(code), county, precision: 'SNAPSHOT' },
      },
    ],
  };
}

function movingOf({ asked }: Compared, unit: RegisterAgency, { place, into }: Move, counties: Counties): Proposal {
  const county = counties.recoded.get(into.code)?.listed.code ?? into.code;
  const isNewCode = asked.authority === 'NBS' && place.code !== unit.code;
  return {
    ...about('MOVE', unit, place),
    reason: reasons.move,
    changes: [
      {
        ...{ action: 'change', code: unit.code, on: asked.on },
        ...(isNewCode && { newCode: place.code }),
        ...{ county, precision: 'SNAPSHOT' },
      },
    ],
  };
}

function mergerOf(
  compared: Compared,
  division: { readonly code: string; readonly name: string },
  merger: Merger,
): Proposal {
  const { asked } = compared;
  const { into, pairs } = merger;
  const lines = asked.authority === 'NBS' ? pairs.filter(([unit, { code }]) => unit.code !== code) : [];
  return {
    ...{ kind: 'MERGE', about: 'division', registered: named(division), listed: null, reason: reasons.countyMerger },
    candidates: [named(into)],
    changes: [
      { action: 'division-merge', code: division.code, on: asked.on, mergedInto: into.code, precision: 'SNAPSHOT' },
      ...lines.map((pair) => recodeLine(compared, pair)),
    ],
  };
}

function about(
  kind: Proposal['kind'],
  unit: RegisterAgency | null,
  place: ListedPlace | null,
): Omit<Proposal, 'reason' | 'changes'> {
  return {
    ...{ kind, about: 'agency', candidates: [] },
    registered: unit && named(unit),
    listed: place && listedOf(place),
  };
}
