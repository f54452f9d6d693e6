/**
 * A part of the register with its history, as far as it was read: where its divisions and agencies lie on any day, as the
 * register is or as it was known at an instant.
 */

import type { Db } from '../store/engine/schema.js';
import { agenciesEverIn } from '../store/register/agencies.js';
import {
  type AgencySpan,
  type DivisionSpan,
  type EdgeRow,
  linesOf,
  type Span,
  type SuccessionRow,
  type Surroundings,
  surroundingsOf,
} from '../store/register/find/displaced.js';
import type { AgencyKind, DivisionLevel } from '../words.js';
import { holdsOn } from './codes.js';
import { pastsIn, pastsNaming, type RegisterAt } from './known.js';

interface PlacedFor {
  readonly validFrom: string;
  readonly validTo: string | null;
}

interface DivisionState extends PlacedFor {
  readonly parentId: number | null;
}

interface KnownDivision {
  readonly level: DivisionLevel;
  /** By day. */
  readonly states: readonly DivisionState[];
}

interface AgencyState extends PlacedFor {
  readonly kind: AgencyKind;
  readonly countyId: number;
}

interface KnownAgency {
  /** By day. */
  readonly states: readonly AgencyState[];
  /** All that it went into, on the day on which it ended. */
  readonly successors: number[];
  /** What went into it on the day on which it began. */
  readonly predecessors: number[];
}

/** What is known of some divisions and agencies. */
export interface Ground {
  readonly divisions: Map<number, KnownDivision>;
  readonly edges: Map<string, EdgeRow>;
  readonly agencies: Map<number, KnownAgency>;
  /** The counties that are known. */
  counties(): readonly number[];
  /** Whether there is a division on a day. */
  isOn(divisionId: number, day: string): boolean;
  /** Whether a division came or went, or lay elsewhere, in a span of days. */
  isMoved(span: Span): boolean;
  /** A division and all that lies below it on a day; nothing where there is no such division then. */
  below(divisionId: number, day: string): ReadonlySet<number>;
  /** Of all that lies below a division on a day, directly below it or deeper, in which of its children it does. */
  partsOf(divisionId: number, day: string): ReadonlyMap<number, number>;
  /** The state of an agency on a day. */
  agencyOn(agencyId: number, day: string): AgencyState | undefined;
}

/** Nothing known yet. */
export function newGround(): Ground {
  const divisions = new Map<number, KnownDivision>();
  const agencies = new Map<number, KnownAgency>();
  const parentOn = (id: number, day: string) =>
    divisions.get(id)?.states.find((state) => holdsOn(state, day))?.parentId;
  const kept = new Map<string, ReadonlySet<number>>();
  const below = (top: number, day: string): ReadonlySet<number> => {
    const name = `${top} ${day}`;
    const known = kept.get(name);
    if (known) return known;
    const children = new Map<number, number[]>();
    for (const id of divisions.keys()) {
      const parent = parentOn(id, day);
      if (parent !== undefined && parent !== null) children.set(parent, [...(children.get(parent) ?? []), id]);
    }
    const found = new Set<number>(parentOn(top, day) === undefined ? [] : [top]);
    for (const id of found) for (const child of children.get(id) ?? []) found.add(child);
    kept.set(name, found);
    return found;
  };
  return {
    divisions,
    edges: new Map(),
    agencies,
    counties: () => [...divisions].flatMap(([id, { level }]) => (level === 'COUNTY' ? [id] : [])),
    isOn: (id, day) => parentOn(id, day) !== undefined,
    isMoved: ({ after, until }) =>
      [...divisions.values()].some(({ states }) =>
        states.some(
          ({ validFrom, validTo, parentId }, index) =>
            (validFrom > after && validFrom <= until && states[index - 1]?.parentId !== parentId) ||
            (validTo !== null && validTo > after && validTo <= until && states[index + 1] === undefined),
        ),
      ),
    below,
    partsOf: (top, day) => {
      const parts = new Map<number, number>();
      for (const id of below(top, day)) {
        const parent = parentOn(id, day);
        // What lies below stands after what it lies in.
        if (id !== top) parts.set(id, parent === top ? id : (parts.get(parent ?? top) ?? id));
      }
      return parts;
    },
    agencyOn: (id, day) => agencies.get(id)?.states.find((state) => holdsOn(state, day)),
  };
}

/**
 * Reads a division, down to the counties, and along to what came from or went to other divisions in a span of days.
 * Returns the agencies in and around it that may lie in another county on one day of it than on another.
 */
export async function readGround(
  db: Db,
  ground: Ground,
  register: RegisterAt,
  divisionIds: readonly number[],
  span: Span,
): Promise<ReadonlySet<number>> {
  const agencies = new Set<number>();
  for (let next = divisionIds; next.length > 0; ) {
    const around = await surroundingsIn(db, register, next, span);
    for (const agency of around.agencies) agencies.add(agency);
    next = takeIn(ground, around);
  }
  if (register.at === null) return agencies;
  // Of what was changed since, nobody has looked at how it was.
  const within = [...ground.divisions.keys()];
  const turned = await pastsIn(db, register, 'division', within);
  for (const id of await agenciesEverIn(db, [...turned.keys()])) agencies.add(id);
  if (!register.agency) return agencies;
  const residents = await agenciesEverIn(db, within);
  const changed = await pastsIn(db, register, 'agency', residents);
  const named = await pastsNaming(db, register, 'agency', { mentioned: 'division', ids: within });
  // What was said to have gone into them lay elsewhere, and does not lead here any more.
  const ids = [...new Set([...residents, ...named.keys()])];
  const joined = await pastsNaming(db, register, 'agency', { mentioned: 'agency', ids });
  for (const id of [...changed.keys(), ...named.keys(), ...joined.keys()]) agencies.add(id);
  return agencies;
}

/** What is around some divisions, as the register is or was known. */
async function surroundingsIn(
  db: Db,
  register: RegisterAt,
  divisionIds: readonly number[],
  span: Span,
): Promise<Surroundings> {
  const now = await surroundingsOf(db, divisionIds, span);
  if (!register.division) return now;
  const ids = [...divisionIds, ...now.states.map(([id]) => id), ...now.edges.map(([fromId]) => fromId)];
  const changed = await pastsIn(db, register, 'division', [...new Set(ids)]);
  const named = await pastsNaming(db, register, 'division', { mentioned: 'division', ids: divisionIds });
  const asked = new Set<number | null>(divisionIds);
  const levels = new Map(now.states.map(([id, level]) => [id, level]));
  const states = now.states.filter(([id]) => !changed.has(id));
  const edges = now.edges.filter(([fromId]) => !changed.has(fromId));
  const below = [...now.below];
  for (const [id, past] of new Map([...changed, ...named])) {
    const level = levels.get(id);
    if (level && past.states.length === 0) states.push([id, level, null, neverHeld, neverHeld]);
    for (const { parentId, validFrom, validTo } of past.states) {
      if (level) states.push([id, level, parentId, validFrom, validTo]);
      if (asked.has(parentId)) below.push(id);
    }
    for (const { toId, effective, kind } of past.edges) {
      const isNear = asked.has(id) || asked.has(toId);
      if (isNear && kind !== 'TRANSFER' && effective > span.after && effective <= span.until) {
        edges.push([id, toId, effective, kind]);
      }
    }
  }
  return { ...now, states, edges, below };
}

/** The day of a state that holds on none: of a division that was not in the register yet. */
const neverHeld = '0000-01-01';

/** Takes in what was read of some divisions, and returns those that come next: what lies below or was joined to them. */
function takeIn(ground: Ground, { states, below, edges }: Surroundings): readonly number[] {
  takeDivisions(ground, states);
  const found = new Set<number>(below);
  for (const edge of edges) {
    ground.edges.set(edge.join(' '), edge);
    found.add(edge[0]).add(edge[1]);
  }
  return [...found].filter((id) => !ground.divisions.has(id));
}

function takeDivisions(ground: Ground, rows: readonly DivisionSpan[]): void {
  const found = new Map<number, { level: DivisionLevel; states: DivisionState[] }>();
  for (const [id, level, parentId, validFrom, validTo] of rows) {
    const own = found.get(id) ?? { level, states: [] };
    found.set(id, own);
    own.states.push({ parentId, validFrom, validTo });
  }
  for (const [id, division] of found) ground.divisions.set(id, { ...division, states: byDay(division.states) });
}

function byDay<State extends PlacedFor>(states: readonly State[]): State[] {
  return states.toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
}

/** Reads some agencies with all that they are joined to by successions of a span of days. */
export async function joinLines(
  db: Db,
  ground: Ground,
  register: RegisterAt,
  agencyIds: Iterable<number>,
  span: Span,
): Promise<void> {
  const { states, successions } = await linesIn(db, register, [...agencyIds], span);
  const found = new Map<number, AgencyState[]>();
  for (const [id, kind, countyId, validFrom, validTo] of states) {
    const own = found.get(id) ?? [];
    found.set(id, own);
    own.push({ kind, countyId, validFrom, validTo });
  }
  for (const [id, own] of found) ground.agencies.set(id, { states: byDay(own), successors: [], predecessors: [] });
  for (const [from, to, effective] of successions) {
    const [predecessor, successor] = [ground.agencies.get(from), ground.agencies.get(to)];
    predecessor?.successors.push(to);
    // What went into it later was no part of it before.
    if (successor?.states[0]?.validFrom === effective) successor.predecessors.push(from);
  }
}

/** The lines of some agencies, as the register is or was known: until what was changed since leads to no others. */
async function linesIn(
  db: Db,
  register: RegisterAt,
  agencyIds: readonly number[],
  span: Span,
): Promise<{ readonly states: readonly AgencySpan[]; readonly successions: readonly SuccessionRow[] }> {
  if (!register.agency) return linesOf(db, agencyIds, span);
  const states: AgencySpan[] = [];
  const successions: SuccessionRow[] = [];
  const seen = new Set<number>();
  for (let next = agencyIds; next.length > 0; ) {
    const now = await linesOf(db, next, span);
    const found = new Set([...next, ...now.states.map(([id]) => id)].filter((id) => !seen.has(id)));
    for (const id of found) seen.add(id);
    const changed = await pastsIn(db, register, 'agency', [...found]);
    const named = await pastsNaming(db, register, 'agency', { mentioned: 'agency', ids: [...found] });
    states.push(...now.states.filter(([id]) => found.has(id) && !changed.has(id)));
    successions.push(...now.successions.filter(([id]) => found.has(id) && !changed.has(id)));
    const joined = new Set<number>();
    for (const [id, past] of new Map([...changed, ...named])) {
      const leads = past.successors.some((into) => found.has(into.id));
      if (!found.has(id)) {
        if (leads && !seen.has(id)) joined.add(id);
        continue;
      }
      for (const { kind, countyId, validFrom, validTo } of past.states) {
        states.push([id, kind, countyId, validFrom, validTo]);
      }
      for (const into of past.successors) {
        successions.push([id, into.id, into.on]);
        if (!seen.has(into.id)) joined.add(into.id);
      }
    }
    next = [...joined];
  }
  return { states, successions };
}

/**
 * Where each known agency lies on a day, by identity. Reads what else it takes of the divisions: those that a county came
 * from or went to, and what it lay in.
 */
export async function placesOf(
  db: Db,
  ground: Ground,
  register: RegisterAt,
  day: string,
  span: Span,
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  for (;;) {
    const unknown = new Set<number>();
    const places = new Map<number, ReadonlySet<number>>();
    for (const id of ground.agencies.keys()) places.set(id, placesOfAgency(ground, id, day, { unknown, above: [] }));
    if (unknown.size === 0) return places;
    for (let next: readonly number[] = [...unknown]; next.length > 0; ) {
      next = takeIn(ground, { ...(await surroundingsIn(db, register, next, span)), below: [] });
    }
    for (const id of unknown) if (!ground.divisions.has(id)) throw new Error(`no division ${id}`);
  }
}

/** What is looked for, so that a circle would end, and which divisions it takes that are not known yet. */
interface Search {
  readonly unknown: Set<number>;
  readonly above: readonly number[];
}

function placesOfAgency(ground: Ground, id: number, day: string, search: Search): ReadonlySet<number> {
  const agency = ground.agencies.get(id);
  const [first, last] = [agency?.states[0], agency?.states.at(-1)];
  if (!agency || !first || !last || search.above.includes(id)) return new Set();
  const state = ground.agencyOn(id, day);
  if (state) return new Set([state.countyId]);
  const hasEnded = last.validTo !== null && last.validTo <= day;
  const others = hasEnded ? agency.successors : agency.predecessors;
  const places = others.map((other) => placesOfAgency(ground, other, day, { ...search, above: [...search.above, id] }));
  const found = new Set(places.flatMap((own) => [...own]));
  if (found.size > 0) return found;
  return placesOfDivision(ground, (hasEnded ? last : first).countyId, day, { ...search, above: [] });
}

function placesOfDivision(ground: Ground, id: number, day: string, search: Search): ReadonlySet<number> {
  const division = ground.divisions.get(id);
  if (!division) {
    search.unknown.add(id);
    return new Set();
  }
  const [first, last] = [division.states[0], division.states.at(-1)];
  if (!first || !last || search.above.includes(id)) return new Set();
  if (ground.isOn(id, day)) return new Set([id]);
  const deeper = { ...search, above: [...search.above, id] };
  const hasEnded = last.validTo !== null && last.validTo <= day;
  const others = [...ground.edges.values()].flatMap(([fromId, toId, effective, kind]) => {
    if (hasEnded) return fromId === id && effective === last.validTo && kind !== 'CREATE' ? [toId] : [];
    return toId === id && effective === first.validFrom ? [fromId] : [];
  });
  const places = others.map((other) => placesOfDivision(ground, other, day, deeper));
  const found = new Set(places.flatMap((own) => [...own]));
  if (found.size > 0) return found;
  const { parentId } = hasEnded ? last : first;
  // Nothing lies above the nation.
  return parentId === null ? new Set([id]) : placesOfDivision(ground, parentId, day, deeper);
}
