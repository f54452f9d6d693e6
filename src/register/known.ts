/**
 * The register as it was known at an instant: what is said of a place, by the changes that were recorded until then. What
 * was not changed since is read as it is now; of what was, the store keeps all that was said. Every reader of the
 * register in this file takes a `RegisterAt`, and with `registerNow` reads what is known today.
 */
import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agenciesInCounties, agencyStates } from '../store/register/agencies.js';
import { type Deadline, deadlinesOfSome, dueDay, filerOfKind } from '../store/register/deadlines.js';
import { type DivisionEdge, divisionEdgesOf } from '../store/register/division-changes.js';
import {
  childrenOn,
  type DivisionState,
  divisionStates,
  divisionStatesByCode,
  divisionsBelowOn,
  type PlacedDivision,
} from '../store/register/divisions.js';
import { isExempt } from '../store/register/exemptions.js';
import {
  changedAfter,
  isChangedAfter,
  type PastAgency,
  type PastDivision,
  type PastOf,
  pastNaming,
  pastOfSome,
} from '../store/register/past.js';
import { findPlacement, type Placement } from '../store/register/placement.js';
import { predecessorsOf, successorsOf } from '../store/register/successions.js';
import type { DeadlineFiler, PlaceSubject } from '../words.js';
import { holdsOn, meaningOf, resolveDivision } from './codes.js';

/** The register as it was known at an instant. */
export interface RegisterAt {
  /** The instant, in UTC; null is now. */
  readonly at: string | null;
  /** What was read of the agencies: what was said of them, null where nothing was changed; left out where none was. */
  readonly agency?: Map<number, PastAgency | null>;
  /** The same of the divisions. */
  readonly division?: Map<number, PastDivision | null>;
}

/** The register as it is. */
export const registerNow: RegisterAt = { at: null };

/** Whether a change was recorded by the instant of a register; what came with the national register (null) always is. */
export function isRecordedIn({ at }: RegisterAt, recordedAt: string | null): boolean {
  return at === null || recordedAt === null || recordedAt <= at;
}

/** The register as it was known at an instant in UTC (as `toISOString` writes it), what was recorded at that instant with it. */
export async function registerKnownAt(db: Db, at: string): Promise<RegisterAt> {
  const [agencies, divisions] = [await isChangedAfter(db, 'agency', at), await isChangedAfter(db, 'division', at)];
  return { at, ...(agencies && { agency: new Map() }), ...(divisions && { division: new Map() }) };
}

type Pasts<Subject extends PlaceSubject> = ReadonlyMap<number, PastOf<Subject>>;

/** What was said of those of some places that were changed since, by identity. */
export async function pastsIn<Subject extends PlaceSubject>(
  db: Db,
  register: RegisterAt,
  about: Subject,
  ids: readonly number[],
): Promise<Pasts<Subject>> {
  // What is kept under a subject is what is said of it.
  const known = register[about] as Map<number, PastOf<Subject> | null> | undefined;
  const pasts = new Map<number, PastOf<Subject>>();
  if (register.at === null || !known) return pasts;
  const unread = ids.filter((id) => !known.has(id));
  if (unread.length > 0) {
    const read = await pastOfSome(db, about, unread, register.at);
    for (const id of unread) known.set(id, read.get(id) ?? null);
  }
  for (const id of ids) {
    const past = known.get(id);
    if (past) pasts.set(id, past);
  }
  return pasts;
}

async function pastIn<Subject extends PlaceSubject>(db: Db, register: RegisterAt, about: Subject, id: number) {
  return register[about] && (await pastsIn(db, register, about, [id])).get(id);
}

/** What was said of the changed places that named some others at some time since: as county or parent, or where they went. */
export async function pastsNaming<Subject extends PlaceSubject>(
  db: Db,
  register: RegisterAt,
  about: Subject,
  named: { readonly mentioned: PlaceSubject; readonly ids: readonly number[] },
): Promise<Pasts<Subject>> {
  if (register.at === null || !register[about]) return new Map();
  return pastsIn(db, register, about, await pastNaming(db, about, named, register.at));
}

/** Every state of an agency, oldest first; none where it was not in the register. */
export async function agencyStatesIn(db: Db, register: RegisterAt, id: number): Promise<readonly Agency[]> {
  const past = await pastIn(db, register, 'agency', id);
  return past ? past.states.map((state) => ({ id, ...state })) : agencyStates(db, id);
}

/** The agencies that lie in some counties on a day, by code. */
export async function agenciesIn(
  db: Db,
  register: RegisterAt,
  countyIds: readonly number[],
  day: string,
): Promise<readonly Agency[]> {
  const agencies = await agenciesInCounties(db, countyIds, day);
  if (!register.agency) return agencies;
  const ids = agencies.map(({ id }) => id);
  const changed = await pastsIn(db, register, 'agency', ids);
  const naming = await pastsNaming(db, register, 'agency', { mentioned: 'division', ids: countyIds });
  const counties = new Set(countyIds);
  const lying = [...new Map([...changed, ...naming])].flatMap(([id, { states }]) =>
    states.flatMap((state) => (counties.has(state.countyId) && holdsOn(state, day) ? { id, ...state } : [])),
  );
  return [...agencies.filter(({ id }) => !changed.has(id)), ...lying].sort(by(({ code }) => code));
}

/** The order of a text. */
function by<Item>(textOf: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => (textOf(one) < textOf(other) ? -1 : Number(textOf(one) > textOf(other)));
}

/** An agency that another went into or came from, and the day. */
export interface Succession {
  readonly id: number;
  readonly on: string;
}

/** The agencies that one went into, by day. */
export async function successorsIn(db: Db, register: RegisterAt, id: number): Promise<readonly Succession[]> {
  return (await pastIn(db, register, 'agency', id))?.successors ?? successorsOf(db, id);
}

/** The agencies that went into one, by day. */
export async function predecessorsIn(db: Db, register: RegisterAt, id: number): Promise<readonly Succession[]> {
  const predecessors = await predecessorsOf(db, id);
  if (!register.agency) return predecessors;
  const ids = predecessors.map((one) => one.id);
  const changed = await pastsIn(db, register, 'agency', ids);
  const naming = await pastsNaming(db, register, 'agency', { mentioned: 'agency', ids: [id] });
  const were = [...naming].flatMap(([from, { successors }]) =>
    successors.flatMap((into) => (into.id === id ? { id: from, on: into.on } : [])),
  );
  return [...predecessors.filter((one) => !changed.has(one.id)), ...were].sort(by(({ on }) => on));
}

/** Whether an agency need not file for a year. */
export async function isExemptIn(db: Db, register: RegisterAt, agencyId: number, year: number): Promise<boolean> {
  return (await pastIn(db, register, 'agency', agencyId))?.exempted.includes(year) ?? isExempt(db, agencyId, year);
}

/** Every state of a division, oldest first; none where it was not in the register. */
export async function divisionStatesIn(db: Db, register: RegisterAt, id: number): Promise<readonly DivisionState[]> {
  const past = await pastIn(db, register, 'division', id);
  return past ? past.states.map((state) => ({ id, ...state })) : divisionStates(db, id);
}

/** Every edge that begins or ends at a division, by day. */
export async function divisionEdgesIn(db: Db, register: RegisterAt, id: number): Promise<readonly DivisionEdge[]> {
  const edges = await divisionEdgesOf(db, id);
  if (!register.division) return edges;
  const ids = [id, ...edges.map(({ fromId }) => fromId)];
  const changed = await pastsIn(db, register, 'division', ids);
  const naming = await pastsNaming(db, register, 'division', { mentioned: 'division', ids: [id] });
  const were = [...new Map([...changed, ...naming])].flatMap(([fromId, past]) =>
    past.edges.flatMap((edge) => (fromId === id || edge.toId === id ? { fromId, ...edge } : [])),
  );
  const byDay = by<DivisionEdge>(({ effective }) => effective);
  return [...edges.filter(({ fromId }) => !changed.has(fromId)), ...were].sort(
    (one, other) => byDay(one, other) || one.fromId - other.fromId || one.toId - other.toId,
  );
}

/** A division and everything above it on a day. */
export async function lineageIn(
  db: Db,
  register: RegisterAt,
  divisionId: number,
  day: string,
): Promise<readonly number[]> {
  const lineage: number[] = [];
  let next: number | null = divisionId;
  while (next !== null) {
    lineage.push(next);
    const states: readonly DivisionState[] = await divisionStatesIn(db, register, next);
    next = states.find((state) => holdsOn(state, day))?.parentId ?? null;
  }
  return lineage;
}

/** A division and all below it on a day, each with what lies directly above it; the division itself with null. */
export async function divisionsBelowIn(
  db: Db,
  register: RegisterAt,
  divisionId: number,
  day: string,
): Promise<ReadonlyMap<number, number | null>> {
  if (!register.division) {
    return new Map((await divisionsBelowOn(db, divisionId, day)).map(({ id, parentId }) => [id, parentId]));
  }
  const below = new Map<number, number | null>([[divisionId, null]]);
  let parents: readonly number[] = [divisionId];
  while (parents.length > 0) {
    const found = (await childrenIn(db, register, parents, day)).filter(({ id }) => !below.has(id));
    for (const { id, parentId } of found) below.set(id, parentId);
    parents = found.map(({ id }) => id);
  }
  return below;
}

async function childrenIn(
  db: Db,
  register: RegisterAt,
  parentIds: readonly number[],
  day: string,
): Promise<PlacedDivision[]> {
  const children = await childrenOn(db, parentIds, day);
  const ids = children.map(({ id }) => id);
  const changed = await pastsIn(db, register, 'division', ids);
  const naming = await pastsNaming(db, register, 'division', { mentioned: 'division', ids: parentIds });
  const above = new Set<number | null>(parentIds);
  const were = [...new Map([...changed, ...naming])].flatMap(([id, { states }]) => {
    const state = states.find((one) => holdsOn(one, day));
    return state && above.has(state.parentId) ? { id, parentId: state.parentId } : [];
  });
  return [...children.filter(({ id }) => !changed.has(id)), ...were];
}

/** A county with all above it, for a year and a filer, by whose dates it is due. */
interface DueOf {
  readonly lineage: readonly number[];
  readonly year: number;
  readonly filer: DeadlineFiler;
}

/** Tells the last day to file for what lies in a lineage of some divisions, by the dates that are set. */
export async function dueDaysIn(
  db: Db,
  register: RegisterAt,
  divisionIds: readonly number[],
): Promise<(of: DueOf) => string> {
  const dates = new Map<number, readonly Deadline[]>();
  for (const { divisionId, ...date } of await deadlinesOfSome(db, divisionIds)) {
    dates.set(divisionId, [...(dates.get(divisionId) ?? []), date]);
  }
  for (const [id, { deadlines }] of await pastsIn(db, register, 'division', divisionIds)) dates.set(id, deadlines);
  return ({ lineage, year, filer }) =>
    dueDay(
      lineage.map((id) => dates.get(id) ?? []),
      year,
      filer,
    );
}

/** An agency and a report year. */
export interface AgencyYear {
  readonly agencyId: number;
  readonly year: number;
}

/** An agency and a year as the key of a map. */
export function agencyYearKey({ agencyId, year }: AgencyYear): string {
  return `${agencyId} ${year}`;
}

/** The divisions that were changed since, by identity, in the states that they were known to have. */
export async function divisionsOtherwise(
  db: Db,
  register: RegisterAt,
): Promise<ReadonlyMap<number, readonly DivisionState[]>> {
  if (register.at === null || !register.division) return new Map();
  const pasts = await pastsIn(db, register, 'division', await changedAfter(db, 'division', register.at));
  return new Map([...pasts].map(([id, { states }]) => [id, states.map((state) => ({ id, ...state }))]));
}

/**
 * The division that a code meant on a day by what was known then; a code that nobody was known to have means what it
 * means now. Throws `unknown-division` when none ever has it.
 */
export async function resolveDivisionIn(
  db: Db,
  register: RegisterAt,
  code: string,
  day: string,
): Promise<DivisionState> {
  if (!register.division) return resolveDivision(db, code, day);
  const changed = await divisionsOtherwise(db, register);
  const unchanged = (await divisionStatesByCode(db, code)).filter(({ id }) => !changed.has(id));
  const then = [...changed.values()].filter((states) => states.some((state) => state.code === code)).flat();
  return meaningOf([...unchanged, ...then], code, day) ?? resolveDivision(db, code, day);
}

/**
 * Where reports belong and whether and by when they are expected, by `agencyYearKey`; without those of years on whose
 * 31 December the agency is not alive.
 */
export async function placementsIn(
  db: Db,
  register: RegisterAt,
  asked: Iterable<AgencyYear>,
): Promise<Map<string, Placement>> {
  const placements = new Map<string, Placement>();
  const then: { key: string; year: number; state: Agency; expected: boolean; lineage: readonly number[] }[] = [];
  const lineages = new Map<string, readonly number[]>();
  for (const { agencyId, year } of asked) {
    const key = agencyYearKey({ agencyId, year });
    if (register.at === null) {
      const placement = await findPlacement(db, agencyId, year);
      if (placement) placements.set(key, placement);
      continue;
    }
    const day = referenceDate(year);
    const state = (await agencyStatesIn(db, register, agencyId)).find((one) => holdsOn(one, day));
    if (!state) continue;
    const place = `${state.countyId} ${year}`;
    const lineage = lineages.get(place) ?? (await lineageIn(db, register, state.countyId, day));
    lineages.set(place, lineage);
    const expected = state.kind !== 'COUNTY' && !(await isExemptIn(db, register, agencyId, year));
    then.push({ key, year, state, expected, lineage });
  }
  const dueOf = await dueDaysIn(db, register, [...new Set([...lineages.values()].flat())]);
  for (const { key, year, state, expected, lineage } of then) {
    const { countyId, kind } = state;
    const due = dueOf({ lineage, year, filer: filerOfKind(kind) });
    placements.set(key, { countyId, kind, expected, lineage, due });
  }
  return placements;
}
