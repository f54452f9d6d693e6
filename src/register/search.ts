/**
 * The register searched for parts of names, former names and codes. The names are kept in memory, a list a store, and
 * read again as far as the log of changes says that they were changed, by this process or another one.
 */
import { dayBefore } from '../day.js';
import { takeTurns } from '../loop.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import { type Division, type DivisionState, divisionsNear } from '../store/register/divisions.js';
import {
  agencyNamesBetween,
  agencyNamesOf,
  divisionNamesOf,
  lastOfRegister,
  type OtherCodeRow,
  readChanged,
  readOtherCodes,
  statesOfAgencies,
  statesOfDivisions,
} from '../store/register/find/names.js';
import { type AgencyKind, type DivisionLevel, divisionLevels, type Page, type PlaceSubject } from '../words.js';
import { holdsOn, stateOn } from './codes.js';
import {
  dayNumber,
  findInList,
  foldName,
  gatherNamed,
  idsInList,
  lineKinds,
  type Match,
  makeNameList,
  type Named,
  type NameList,
} from './name-list.js';

/** What a search found: an agency or a division as it is today, or was last, or will be first. */
export interface SearchHit {
  readonly about: PlaceSubject;
  readonly id: number;
  readonly code: string;
  readonly name: string;
  /** Of a division. */
  readonly level: DivisionLevel | null;
  /** Of an agency. */
  readonly kind: AgencyKind | null;
  /** What it lies in directly; null for the nation. */
  readonly parentId: number | null;
  /** The name or code in which the last word was found. */
  readonly matched: {
    readonly text: string;
    readonly of: 'NAME' | 'CODE';
    /** Whether it is called otherwise by now. */
    readonly former: boolean;
  };
  /** What it lies in, the nearest first, without the nation. */
  readonly within: readonly Division[];
  /** Since when, and until when, it is as it is shown; `validTo` is the first day on which it is no more. */
  readonly validFrom: string;
  readonly validTo: string | null;
  /** The day on which it is looked at: today, or the nearest day on which it was there. */
  readonly day: string;
}

/** The most words of one search. */
export const maxWords = 8;

/** The words of a search as they are looked for; none where there is nothing to look for. */
export function searchWords(text: string): readonly string[] {
  return text.split(/\s+/).flatMap((word) => foldName(word) || []);
}

/**
 * The agencies and divisions that the words may mean, best first: what is called so exactly, by name, then by code; what
 * begins so; what has it as a part; of these what is there today before what was, the higher level before the lower, and
 * then by code. The last word is in its name or code, now or formerly; each word before in those, or in the name of
 * what it lies in or lay in: 洪江 群峰. Where that finds nothing, the first word is taken for the last.
 */
export async function searchRegister(
  db: Db,
  words: readonly string[],
  first: number,
  today: string,
): Promise<Page<SearchHit>> {
  const names = await namesOf(db);
  for (const sought of new Set([words.at(-1), words[0]])) {
    if (sought === undefined) break;
    const others = words.filter((word) => word !== sought);
    const { matches, total } = findMatches(names, sought, { others, first, today: dayNumber(today) });
    if (total === 0) continue;
    const hits = await describeMatches(db, matches, today);
    return { items: hits.slice(0, first), total, more: total > first };
  }
  return { items: [], total: 0, more: false };
}

/** The names of a register, as of a change of it. */
interface Names {
  /** The number of the last change that they have. */
  readonly change: number;
  readonly divisions: NameList;
  readonly agencies: NameList;
  /** Agencies that were changed since the long list was made; there they are passed over. */
  readonly changed: ReadonlySet<number>;
  readonly changedAgencies: NameList;
}

const keptNames = new WeakMap<Db, Promise<Names>>();

/** Agencies whose names are read at once. */
const agenciesAtOnce = 5_000;

/** So many changed agencies are kept beside the long list at the most, before it is made again. */
const maxChanged = 2_000;

/** Reads the names before anybody asks, so that the first who does need not wait for them. */
export async function readNames(db: Db): Promise<void> {
  await namesOf(db);
}

/** One after another, so that whoever comes while they are read has what was read. */
function namesOf(db: Db): Promise<Names> {
  const before = keptNames.get(db) ?? Promise.resolve(undefined);
  const now = before.catch(() => undefined).then((known) => (known ? refresh(db, known) : loadNames(db)));
  keptNames.set(db, now);
  return now;
}

async function loadNames(db: Db): Promise<Names> {
  const last = await lastOfRegister(db);
  const turn = takeTurns();
  const otherCodes = byAgency(await readOtherCodes(db));
  const divisions: Named[] = [];
  for (const level of divisionLevels)
    divisions.push(...gatherNamed(await divisionNamesOf(db, level), level, new Map()));
  const agencies: Named[] = [];
  for (let after = 0; after < last.agency; after += agenciesAtOnce) {
    await turn();
    for (const one of gatherNamed(await agencyNamesBetween(db, after, after + agenciesAtOnce), null, otherCodes)) {
      agencies.push(one);
    }
  }
  return {
    change: last.change,
    divisions: await makeNameList('division', divisions, turn),
    agencies: await makeNameList('agency', agencies, turn),
    changed: new Set(),
    changedAgencies: await makeNameList('agency', []),
  };
}

async function refresh(db: Db, known: Names): Promise<Names> {
  const last = await lastOfRegister(db);
  if (last.change === known.change) return known;
  const told = await readChanged(db, known.change, last.change);
  if (told.length === 0) return { ...known, change: last.change };
  const changed = new Set(known.changed);
  for (const id of told) if (id !== null) changed.add(id);
  // With a division that was changed whatever lies in it may lie elsewhere.
  if (told.includes(null) || changed.size > maxChanged) return loadNames(db);
  const otherCodes = byAgency(await readOtherCodes(db));
  const named = gatherNamed(await agencyNamesOf(db, [...changed]), null, otherCodes);
  return { ...known, change: last.change, changed, changedAgencies: await makeNameList('agency', named) };
}

function byAgency(rows: readonly OtherCodeRow[]): Map<number, OtherCodeRow[]> {
  const found = new Map<number, OtherCodeRow[]>();
  for (const row of rows) {
    const same = found.get(row[0]);
    if (same) same.push(row);
    else found.set(row[0], [row]);
  }
  return found;
}

function findMatches(
  names: Names,
  sought: string,
  asked: { readonly others: readonly string[]; readonly first: number; readonly today: number },
): { readonly matches: readonly Match[]; readonly total: number } {
  const { first, today } = asked;
  const others = asked.others.map((word) => whatHas(names, word));
  const isElsewhere = ({ about, ids, within }: NameList, line: number) =>
    others.some(({ divisions, agencies }) => {
      const id = ids[line] ?? 0;
      if (about === 'division') return !divisions.has(id);
      return !agencies.has(id) && !divisions.has(within[line] ?? 0);
    });
  const skips = others.length > 0 ? isElsewhere : undefined;
  const isOutdated = ({ ids }: NameList, line: number) => names.changed.has(ids[line] ?? 0);
  const skipsOutdated =
    names.changed.size > 0
      ? (list: NameList, line: number) => isOutdated(list, line) || (skips?.(list, line) ?? false)
      : skips;
  const wanted = { part: sought, today, first, skips };
  const found = [
    findInList(names.divisions, wanted),
    findInList(names.agencies, { ...wanted, skips: skipsOutdated }),
    findInList(names.changedAgencies, wanted),
  ];
  return {
    matches: found.flatMap(({ best }) => best),
    total: found.reduce((sum, { total }) => sum + total, 0),
  };
}

/** The divisions that have a word in their names, with all that lies or lay below them, and the agencies that have it. */
function whatHas({ divisions, agencies, changedAgencies, changed }: Names, word: string) {
  const found = idsInList(divisions, word);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (let line = 0; line < divisions.ids.length; line++) {
      if (found.has(divisions.within[line] ?? 0)) found.add(divisions.ids[line] ?? 0);
    }
  }
  const own = idsInList(agencies, word);
  for (const id of changed) own.delete(id);
  for (const id of idsInList(changedAgencies, word)) own.add(id);
  return { divisions: found, agencies: own };
}

async function describeMatches(db: Db, matches: readonly Match[], today: string): Promise<SearchHit[]> {
  const idsOf = (about: PlaceSubject) =>
    matches.flatMap(({ list, line }) => (list.about === about ? (list.ids[line] ?? []) : []));
  const agencies = statesById(await statesOfAgencies(db, idsOf('agency')));
  const divisions = statesById(await statesOfDivisions(db, idsOf('division')));
  const seen = matches.flatMap((match) => {
    const { about, ids } = match.list;
    const id = ids[match.line] ?? 0;
    const states: readonly (Agency | DivisionState)[] = (about === 'agency' ? agencies : divisions).get(id) ?? [];
    const state = stateOn(states, today);
    // Gone since the names were read: it was taken back.
    return state ? [{ match, states, state, day: dayNear(state, today) }] : [];
  });
  const above = await divisionsAbove(db, seen);
  return seen
    .toSorted((one, other) => one.match.rank - other.match.rank || (one.state.code < other.state.code ? -1 : 1))
    .map(({ match, states, state, day }) => ({
      about: match.list.about,
      id: state.id,
      code: state.code,
      name: state.name,
      level: 'level' in state ? state.level : null,
      kind: 'kind' in state ? state.kind : null,
      parentId: parentOf(state),
      matched: matchedIn(match, states, state, today),
      within: above(parentOf(state), day),
      validFrom: state.validFrom,
      validTo: state.validTo,
      day,
    }));
}

function statesById<State extends { readonly id: number }>(states: readonly State[]): Map<number, State[]> {
  const found = new Map<number, State[]>();
  for (const state of states) {
    const same = found.get(state.id);
    if (same) same.push(state);
    else found.set(state.id, [state]);
  }
  return found;
}

function parentOf(state: Agency | DivisionState): number | null {
  return 'countyId' in state ? state.countyId : state.parentId;
}

/** The day on which a state holds that is nearest to a day. */
export function dayNear(state: { readonly validFrom: string; readonly validTo: string | null }, day: string): string {
  if (holdsOn(state, day)) return day;
  return state.validTo !== null && state.validTo <= day ? dayBefore(state.validTo) : state.validFrom;
}

/** The name or code as it is written that a line has, and whether it is another by now. */
function matchedIn(
  { list, line }: Match,
  states: readonly (Agency | DivisionState)[],
  state: Agency | DivisionState,
  today: string,
): SearchHit['matched'] {
  const { text, starts, codes, to } = list;
  const folded = text.slice(starts[line], (starts[line + 1] ?? 0) - 1);
  const isCode = codes[line] !== lineKinds.name;
  const written = (one: Agency | DivisionState) => (isCode ? one.code : one.name);
  const of = isCode ? ('CODE' as const) : ('NAME' as const);
  if (foldName(written(state)) === folded) return { text: written(state), of, former: false };
  const carrier = states.findLast((one) => foldName(written(one)) === folded);
  if (carrier) return { text: written(carrier), of, former: true };
  // A code that another authority gives.
  return { text: folded, of, former: (to[line] ?? 0) <= dayNumber(today) };
}

/** Reads what lies above all that was found, for each of the days on which it is looked at; the nation is left out. */
async function divisionsAbove(
  db: Db,
  seen: readonly { readonly state: Agency | DivisionState; readonly day: string }[],
): Promise<(id: number | null, day: string) => readonly Division[]> {
  const byDay = new Map<string, Map<number, Division>>();
  for (const day of new Set(seen.map((one) => one.day))) {
    const known = new Map<number, Division>();
    let wanted = seen.flatMap((one) => (one.day === day ? (parentOf(one.state) ?? []) : []));
    while (wanted.length > 0) {
      const found = await divisionsNear(db, [...new Set(wanted)], day);
      for (const [id, division] of found) known.set(id, division);
      wanted = [...found.values()].flatMap(({ parentId }) =>
        parentId === null || known.has(parentId) ? [] : parentId,
      );
    }
    byDay.set(day, known);
  }
  return (id, day) => {
    const above: Division[] = [];
    for (let next = byDay.get(day)?.get(id ?? 0); next && next.level !== 'NATION'; ) {
      above.push(next);
      next = byDay.get(day)?.get(next.parentId ?? 0);
    }
    return above;
  };
}
