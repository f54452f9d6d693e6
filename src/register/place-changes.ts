/** What happened to a division or an agency, by day: read from its states, from what it gave and took, and their bases. */
import { dayBefore } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agencyStates } from '../store/register/agencies.js';
import { type Basis, basesOf, type PlaceId } from '../store/register/bases.js';
import { type DivisionEdge, divisionEdgesOf } from '../store/register/division-changes.js';
import { type DivisionState, divisionStates, divisionsNear } from '../store/register/divisions.js';
import {
  basesOn,
  type Crossing,
  crossingsBelow,
  crossingsOfCounty,
  firstListedOn,
} from '../store/register/find/crossings.js';
import { lineageNear } from '../store/register/lineage.js';
import { predecessorsOf, successorsOf } from '../store/register/successions.js';
import type { AgencyKind, DivisionLevel, PlaceChangeKind, PlaceSubject, Precision } from '../words.js';
import { stateOn } from './codes.js';

/** A division or an agency that a change is also about, under the code and name that it has on the day, or had last. */
export interface Counterpart {
  readonly about: PlaceSubject;
  readonly id: number;
  readonly code: string;
  readonly name: string;
  /** Of a division. */
  readonly level: DivisionLevel | null;
  /** Of an agency. */
  readonly kind: AgencyKind | null;
}

/**
 * One thing that happened on a day. Where several things are different from a day on, each is a change of its own: a
 * township that becomes another's sub-district under another code was moved, recoded, reclassified and renamed.
 */
export interface PlaceChange {
  /** The first day on which it is so, YYYY-MM-DD. */
  readonly effective: string;
  readonly precision: Precision;
  readonly kind: PlaceChangeKind;
  /** The number of the document that orders it; null where it is not known. */
  readonly document: string | null;
  /** Whether what came over is a part only of what gave it; of a `SPLIT`, to each of those that it went to. */
  readonly partial: boolean;
  /** Whether territory came to the one asked about or went from it; null where none changed hands. */
  readonly territory: 'GAINED' | 'LOST' | null;
  /** The name, code or kind before and after a `RENAME`, `RECODE` or `RECLASSIFY`; null for what else happened. */
  readonly before: string | null;
  readonly after: string | null;
  /** Whether its day has not come. */
  readonly announced: boolean;
  /** When it was recorded, in UTC; null for what came with the national register. */
  readonly recordedAt: string | null;
  /** Whom territory came from or went to; of a `MOVE` what it lay in and what it lies in; nobody where none is known. */
  readonly counterparts: readonly Counterpart[];
}

/** A change before it is known what it rests on and what its counterparts are called. */
interface Happening {
  readonly effective: string;
  readonly kind: PlaceChangeKind;
  readonly partial?: true;
  readonly territory?: 'GAINED' | 'LOST';
  readonly before?: string;
  readonly after?: string;
  readonly others?: readonly PlaceId[];
  /** On whose days it rests; on its own where it is left out, or nothing is known of theirs. */
  readonly restsOn?: readonly PlaceId[];
}

/** Every change of a division by day; those after `today` are announced. */
export async function changesOfDivision(db: Db, id: number, today: string): Promise<PlaceChange[]> {
  const own: PlaceId = { about: 'division', id };
  const states = await divisionStates(db, id);
  const edges = await divisionEdgesOf(db, id);
  const passed = happeningsOfEdges(edges, id);
  const [first] = states;
  const happened = [
    ...happeningsOfStates(states, passed, await firstListedOn(db), (one, next) => [
      ...(one.parentId !== next.parentId ? [moveOf(next.validFrom, one.parentId, next.parentId)] : []),
    ]),
    ...passed,
    ...(first ? await transfersOf(db, first, edges) : []),
  ];
  return describeAll(db, own, happened, today);
}

/** Every change of an agency by day; those after `today` are announced. */
export async function changesOfAgency(db: Db, id: number, today: string): Promise<PlaceChange[]> {
  const own: PlaceId = { about: 'agency', id };
  const states = await agencyStates(db, id);
  const passed = await happeningsOfSuccessions(db, id);
  const happened = [
    ...happeningsOfStates(states, passed, await firstListedOn(db), (one, next) => [
      ...(one.countyId !== next.countyId ? [moveOf(next.validFrom, one.countyId, next.countyId)] : []),
      ...(one.kind !== next.kind
        ? [{ effective: next.validFrom, kind: 'RECLASSIFY' as const, before: one.kind, after: next.kind }]
        : []),
    ]),
    ...passed,
  ];
  return describeAll(db, own, happened, today);
}

/** A day on which something begins or ends, and what it rests on. */
interface Bound {
  readonly on: string;
  readonly precision: Precision;
  readonly document: string | null;
}

/** How an agency or a division came to be and how it ended, as far as that is known. */
export interface Life {
  /** Of the first list of codes it is known only that it is in it; else from others, or from nobody who is known. */
  readonly beginning: Bound & { readonly origin: 'FIRST_LISTED' | 'PREDECESSORS' | 'UNKNOWN' };
  /** Null while it is in the register, and no end announced. */
  readonly ending: (Bound & { readonly outcome: 'SUCCESSORS' | 'UNKNOWN' }) | null;
}

/** A state of an agency or a division with what its first day rests on. */
export type Based<S> = S & Pick<Bound, 'precision' | 'document'>;

/** The states of a division with what their days rest on, oldest first, and how it began and ended. */
export async function lifeOfDivision(
  db: Db,
  id: number,
): Promise<{ readonly states: readonly Based<DivisionState>[] } & Life> {
  const passed = happeningsOfEdges(await divisionEdgesOf(db, id), id);
  return lifeOf(db, { about: 'division', id }, await divisionStates(db, id), passed);
}

/** The same of an agency. */
export async function lifeOfAgency(db: Db, id: number): Promise<{ readonly states: readonly Based<Agency>[] } & Life> {
  return lifeOf(db, { about: 'agency', id }, await agencyStates(db, id), await happeningsOfSuccessions(db, id));
}

async function lifeOf<S extends State>(
  db: Db,
  place: PlaceId,
  states: readonly S[],
  passed: readonly Happening[],
): Promise<{ readonly states: readonly Based<S>[] } & Life> {
  const firstListed = await firstListedOn(db);
  const bases = new Map((await basesOf(db, place)).map((basis) => [basis.effective, basis]));
  const boundAt = (on: string): Bound => {
    // What is in the first list began then or long before.
    const usual = on === firstListed ? 'SNAPSHOT' : 'DAY';
    const { precision = usual, document = null } = bases.get(on) ?? {};
    return { on, precision, document };
  };
  const [first, last] = [states[0], states.at(-1)];
  if (!first || !last) throw new Error(`${place.about} ${place.id} has no state`);
  const isKnown = (day: string, territory: Happening['territory']) => isPassed(passed, day, territory);
  const origin = isKnown(first.validFrom, 'GAINED')
    ? 'PREDECESSORS'
    : first.validFrom === firstListed
      ? 'FIRST_LISTED'
      : 'UNKNOWN';
  return {
    states: states.map((state) => {
      const { precision, document } = boundAt(state.validFrom);
      return { ...state, precision, document };
    }),
    beginning: { ...boundAt(first.validFrom), origin },
    ending:
      last.validTo === null
        ? null
        : { ...boundAt(last.validTo), outcome: isKnown(last.validTo, 'LOST') ? 'SUCCESSORS' : 'UNKNOWN' },
  };
}

/** Whether it is known from what a place came, or into what it went, on a day. */
function isPassed(passed: readonly Happening[], day: string, territory: Happening['territory']): boolean {
  const goesOn: readonly PlaceChangeKind[] = territory === 'LOST' ? ['TRANSFER', 'CREATE'] : ['TRANSFER'];
  return passed.some((one) => one.effective === day && one.territory === territory && !goesOn.includes(one.kind));
}

function moveOf(effective: string, fromId: number | null, toId: number | null): Happening {
  const others = [fromId, toId].flatMap((id) => (id === null ? [] : [{ about: 'division' as const, id }]));
  return { effective, kind: 'MOVE', others };
}

type State = Agency | DivisionState;

/** What is different from one state to the next, and where states begin or end of which nobody knows from what or into what. */
function happeningsOfStates<S extends State>(
  states: readonly S[],
  passed: readonly Happening[],
  firstListed: string | undefined,
  others: (one: S, next: S) => readonly Happening[],
): Happening[] {
  return states.flatMap((state, index): Happening[] => {
    const before = states[index - 1];
    const next = states[index + 1];
    const { validFrom, validTo } = state;
    const begins = before?.validTo !== validFrom && validFrom !== firstListed && !isPassed(passed, validFrom, 'GAINED');
    const ends = validTo !== null && next?.validFrom !== validTo && !isPassed(passed, validTo, 'LOST');
    return [
      ...(begins ? [{ effective: validFrom, kind: 'CREATE' as const }] : []),
      ...(before?.validTo === validFrom ? [...others(before, state), ...renamed(before, state)] : []),
      ...(ends ? [{ effective: validTo, kind: 'ABOLISH' as const }] : []),
    ];
  });
}

function renamed(one: State, next: State): Happening[] {
  const effective = next.validFrom;
  return [
    ...(one.code === next.code ? [] : [{ effective, kind: 'RECODE' as const, before: one.code, after: next.code }]),
    ...(one.name === next.name ? [] : [{ effective, kind: 'RENAME' as const, before: one.name, after: next.name }]),
  ];
}

/** What a division gave or took: one for each day, kind and side. It rests on what ended by it, or else began. */
function happeningsOfEdges(edges: readonly DivisionEdge[], id: number): Happening[] {
  const sides = edges.map(({ fromId, toId, effective, kind }) => {
    const [from, to] = [fromId, toId].map((one) => ({ about: 'division' as const, id: one }));
    if (!from || !to) throw new Error('an edge has two ends');
    const isLost = fromId === id;
    const side = { effective, kind, territory: isLost ? ('LOST' as const) : ('GAINED' as const) };
    const restsOn = kind === 'CREATE' ? [to] : kind === 'TRANSFER' ? [from, to] : [from];
    return { ...side, other: isLost ? to : from, restsOn, ...(kind !== 'MERGE' && { partial: true as const }) };
  });
  return together(sides);
}

/** What an agency went into and what went into it: into one it was merged, into several it was split. */
async function happeningsOfSuccessions(db: Db, id: number): Promise<Happening[]> {
  const own: PlaceId = { about: 'agency', id };
  const into = await successorsOf(db, id);
  const lost = into.map((one) => ({
    ...sideOf(one.on, into),
    territory: 'LOST' as const,
    other: { about: 'agency' as const, id: one.id },
    restsOn: [own],
  }));
  const gained = await Promise.all(
    (await predecessorsOf(db, id)).map(async (one) => {
      const other: PlaceId = { about: 'agency', id: one.id };
      const side = sideOf(one.on, await successorsOf(db, one.id));
      return { ...side, territory: 'GAINED' as const, other, restsOn: [other] };
    }),
  );
  return together([...lost, ...gained]);
}

function sideOf(on: string, successors: readonly { readonly on: string }[]) {
  const isSplit = successors.filter((one) => one.on === on).length > 1;
  if (isSplit) return { effective: on, kind: 'SPLIT' as const, partial: true as const };
  return { effective: on, kind: 'MERGE' as const };
}

interface Side extends Omit<Happening, 'others'> {
  readonly other: PlaceId;
  readonly restsOn: readonly PlaceId[];
}

/** Of one day, kind and side there is one change, with all of its counterparts. */
function together(sides: readonly Side[]): Happening[] {
  const groups = new Map<string, Happening & { others: PlaceId[]; restsOn: PlaceId[] }>();
  for (const { other, restsOn, ...side } of sides) {
    const key = `${side.effective} ${side.kind} ${side.territory}`;
    const group = groups.get(key);
    if (group) {
      group.others.push(other);
      group.restsOn.push(...restsOn);
    } else {
      groups.set(key, { ...side, others: [other], restsOn: [...restsOn] });
    }
  }
  return [...groups.values()];
}

/**
 * What lay in a division and lies in another of its level from a day on, or the other way round, one for each day, other
 * division and side; but for what an edge says already. The nation gives nothing and takes nothing.
 */
async function transfersOf(db: Db, division: DivisionState, edges: readonly DivisionEdge[]): Promise<Happening[]> {
  const { id, level } = division;
  if (level === 'NATION') return [];
  const crossings = level === 'COUNTY' ? await crossingsOfCounty(db, id) : await outOfOrInto(db, division);
  const said = new Set(edges.map(({ fromId, toId, effective }) => `${effective} ${fromId} ${toId}`));
  const groups = new Map<string, Happening & { restsOn: PlaceId[] }>();
  for (const { about, id: movedId, fromId, toId, effective } of crossings) {
    const key = `${effective} ${fromId} ${toId}`;
    if (said.has(key)) continue;
    const isLost = fromId === id;
    const group = groups.get(key) ?? {
      effective,
      kind: 'TRANSFER',
      partial: true,
      territory: isLost ? 'LOST' : 'GAINED',
      others: [{ about: 'division', id: isLost ? toId : fromId }],
      restsOn: [],
    };
    group.restsOn.push({ about, id: movedId });
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What crossed the border of a prefecture or province, with the divisions of its level between which it moved. */
async function outOfOrInto(db: Db, { id, level }: DivisionState): Promise<Crossing[]> {
  const found: Crossing[] = [];
  const above = new Map<string, number | undefined>();
  const ofLevel = async (below: number, day: string) => {
    const key = `${below} ${day}`;
    if (above.has(key)) return above.get(key);
    const lineage = await divisionsNear(db, await lineageNear(db, below, day), day);
    const same = [...lineage.values()].find((one) => one.level === level)?.id;
    above.set(key, same);
    return same;
  };
  for (const crossing of await crossingsBelow(db, id)) {
    const { effective } = crossing;
    const fromId = await ofLevel(crossing.fromId, dayBefore(effective));
    const toId = await ofLevel(crossing.toId, effective);
    if (fromId === undefined || toId === undefined || fromId === toId) continue;
    if (fromId === id || toId === id) found.push({ ...crossing, fromId, toId });
  }
  return found;
}

/** The order of what happened on one day: what it is called last. */
const kindsInOrder: readonly PlaceChangeKind[] = [
  'CREATE',
  'MERGE',
  'SPLIT',
  'ABOLISH',
  'TRANSFER',
  'MOVE',
  'RECODE',
  'RECLASSIFY',
  'RENAME',
];

async function describeAll(
  db: Db,
  own: PlaceId,
  happened: readonly Happening[],
  today: string,
): Promise<PlaceChange[]> {
  if (happened.length === 0) return [];
  const bases = new Map((await basesOf(db, own)).map((basis) => [basis.effective, basis]));
  const inTime = happened.toSorted(
    (one, other) =>
      one.effective.localeCompare(other.effective) || kindsInOrder.indexOf(one.kind) - kindsInOrder.indexOf(other.kind),
  );
  const described: PlaceChange[] = [];
  for (const one of inTime) {
    const known = one.restsOn ? await basisOf(db, one.effective, one.restsOn) : bases.get(one.effective);
    const { effective, kind, partial = false, territory = null, before = null, after = null, others = [] } = one;
    const { precision, document, recordedAt } = known ?? bases.get(effective) ?? sure;
    described.push({
      ...{ effective, precision, kind, document, partial, territory, before, after },
      announced: effective > today,
      recordedAt,
      counterparts: await nameCounterparts(db, others, effective),
    });
  }
  return described;
}

/** A day of which nothing else is known. */
const sure = { precision: 'DAY', document: null, recordedAt: null } as const;

/** What a day rests on by those whose day it is: as sure as the least sure of them, by a document that is the same for all. */
async function basisOf(
  db: Db,
  effective: string,
  places: readonly PlaceId[],
): Promise<Omit<Basis, 'effective'> | undefined> {
  const found: Basis[] = [];
  for (const about of ['agency', 'division'] as const) {
    const ids = places.filter((place) => place.about === about).map(({ id }) => id);
    if (ids.length > 0) found.push(...(await basesOn(db, about, ids, effective)));
  }
  if (found.length === 0) return undefined;
  const documents = new Set(found.map(({ document }) => document));
  const [document = null] = documents.size === 1 ? documents : [];
  const recorded = found.flatMap(({ recordedAt }) => recordedAt ?? []).sort();
  const isUnsure = found.some(({ precision }) => precision === 'SNAPSHOT');
  return { precision: isUnsure ? 'SNAPSHOT' : 'DAY', document, recordedAt: recorded.at(-1) ?? null };
}

/** Agencies and divisions in their order, as they are called on a day, or were last. */
async function nameCounterparts(db: Db, places: readonly PlaceId[], day: string): Promise<Counterpart[]> {
  const divisionIds = places.filter(({ about }) => about === 'division').map(({ id }) => id);
  const divisions = await divisionsNear(db, divisionIds, day);
  const named: Counterpart[] = [];
  for (const { about, id } of places) {
    const division = about === 'division' ? divisions.get(id) : undefined;
    const agency = about === 'agency' ? stateOn(await agencyStates(db, id), day) : undefined;
    const state = division ?? agency;
    if (!state) continue;
    const { code, name } = state;
    named.push({ about, id, code, name, level: division?.level ?? null, kind: agency?.kind ?? null });
  }
  return named;
}
