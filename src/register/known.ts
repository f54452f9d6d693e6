/**
 * The register as it was known at an instant: what is said of a place, by the changes that were recorded until then. What
 * was not changed since is read as it is now; of what was, the store keeps all that was said. Every reader of the
 * register in this file takes a `RegisterAt`, and with `registerNow` reads what is known today.
 */
import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agenciesInCounties, agencyStates } from '../store/register/agencies.js';
import { allDeadlines, type Deadline, dueDay, filerOfKind } from '../store/register/deadlines.js';
import { type DivisionEdge, divisionEdgesOf } from '../store/register/division-changes.js';
import { childrenOn, type DivisionState, divisionStates, divisionsBelowOn } from '../store/register/divisions.js';
import { isExempt } from '../store/register/exemptions.js';
import { type PastAgency, type PastDivision, pastAt } from '../store/register/past.js';
import { findPlacement, type Placement } from '../store/register/placement.js';
import { predecessorsOf, successorsOf } from '../store/register/successions.js';
import type { DeadlineFiler } from '../words.js';
import { holdsOn } from './codes.js';

/** The register as it was known at an instant. */
export interface RegisterAt {
  /** The instant, in UTC; null is now. */
  readonly at: string | null;
  /** What was said of the agencies that were changed since, by identity. */
  readonly changedAgencies: ReadonlyMap<number, PastAgency>;
  /** What was said of the divisions that were changed since, by identity. */
  readonly changedDivisions: ReadonlyMap<number, PastDivision>;
}

/** The register as it is. */
export const registerNow: RegisterAt = { at: null, changedAgencies: new Map(), changedDivisions: new Map() };

/** The register as it was known at an instant in UTC (as `toISOString` writes it), what was recorded at that instant with it. */
export async function registerKnownAt(db: Db, at: string): Promise<RegisterAt> {
  return {
    at,
    changedAgencies: await pastAt(db, 'agency', at),
    changedDivisions: await pastAt(db, 'division', at),
  };
}

/** Every state of an agency, oldest first; none where it was not in the register. */
export async function agencyStatesIn(db: Db, register: RegisterAt, id: number): Promise<readonly Agency[]> {
  const past = register.changedAgencies.get(id);
  return past ? past.states.map((state) => ({ id, ...state })) : agencyStates(db, id);
}

/** The agencies that lie in some counties on a day, by code. */
export async function agenciesIn(
  db: Db,
  { changedAgencies }: RegisterAt,
  countyIds: readonly number[],
  day: string,
): Promise<readonly Agency[]> {
  const unchanged = (await agenciesInCounties(db, countyIds, day)).filter(({ id }) => !changedAgencies.has(id));
  if (changedAgencies.size === 0) return unchanged;
  const counties = new Set(countyIds);
  const changed = [...changedAgencies].flatMap(([id, { states }]) =>
    states.flatMap((state) => (counties.has(state.countyId) && holdsOn(state, day) ? { id, ...state } : [])),
  );
  return [...unchanged, ...changed].sort(by(({ code }) => code));
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
  return register.changedAgencies.get(id)?.successors ?? successorsOf(db, id);
}

/** The agencies that went into one, by day. */
export async function predecessorsIn(
  db: Db,
  { changedAgencies }: RegisterAt,
  id: number,
): Promise<readonly Succession[]> {
  const unchanged = (await predecessorsOf(db, id)).filter((one) => !changedAgencies.has(one.id));
  const changed = [...changedAgencies].flatMap(([from, { successors }]) =>
    successors.flatMap((into) => (into.id === id ? { id: from, on: into.on } : [])),
  );
  return [...unchanged, ...changed].sort(by(({ on }) => on));
}

/** Whether an agency need not file for a year. */
export async function isExemptIn(db: Db, register: RegisterAt, agencyId: number, year: number): Promise<boolean> {
  return register.changedAgencies.get(agencyId)?.exempted.includes(year) ?? isExempt(db, agencyId, year);
}

/** Every state of a division, oldest first; none where it was not in the register. */
export async function divisionStatesIn(db: Db, register: RegisterAt, id: number): Promise<readonly DivisionState[]> {
  const past = register.changedDivisions.get(id);
  return past ? past.states.map((state) => ({ id, ...state })) : divisionStates(db, id);
}

/** Every edge that begins or ends at a division, by day. */
export async function divisionEdgesIn(
  db: Db,
  { changedDivisions }: RegisterAt,
  id: number,
): Promise<readonly DivisionEdge[]> {
  const byDay = by<DivisionEdge>(({ effective }) => effective);
  const unchanged = (await divisionEdgesOf(db, id)).filter(({ fromId }) => !changedDivisions.has(fromId));
  const changed = [...changedDivisions].flatMap(([fromId, { edges }]) =>
    edges.flatMap((edge) => (fromId === id || edge.toId === id ? { fromId, ...edge } : [])),
  );
  return [...unchanged, ...changed].sort(
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
  { changedDivisions }: RegisterAt,
  divisionId: number,
  day: string,
): Promise<ReadonlyMap<number, number | null>> {
  if (changedDivisions.size === 0) {
    return new Map((await divisionsBelowOn(db, divisionId, day)).map(({ id, parentId }) => [id, parentId]));
  }
  const below = new Map<number, number | null>([[divisionId, null]]);
  let parents: readonly number[] = [divisionId];
  while (parents.length > 0) {
    const above = new Set<number | null>(parents);
    const unchanged = (await childrenOn(db, parents, day)).filter(({ id }) => !changedDivisions.has(id));
    const changed = [...changedDivisions].flatMap(([id, { states }]) => {
      const state = states.find((one) => holdsOn(one, day));
      return state && above.has(state.parentId) ? { id, parentId: state.parentId } : [];
    });
    const found = [...unchanged, ...changed].filter(({ id }) => !below.has(id));
    for (const { id, parentId } of found) below.set(id, parentId);
    parents = found.map(({ id }) => id);
  }
  return below;
}

/** The dates that are set, by division. */
async function deadlinesIn(
  db: Db,
  { changedDivisions }: RegisterAt,
): Promise<ReadonlyMap<number, readonly Deadline[]>> {
  const dates = new Map<number, readonly Deadline[]>();
  for (const { divisionId, ...date } of await allDeadlines(db)) {
    dates.set(divisionId, [...(dates.get(divisionId) ?? []), date]);
  }
  for (const [id, { deadlines }] of changedDivisions) dates.set(id, deadlines);
  return dates;
}

/** A county with all above it, for a year and a filer, by whose dates it is due. */
interface DueOf {
  readonly lineage: readonly number[];
  readonly year: number;
  readonly filer: DeadlineFiler;
}

/** Tells the last day to file for what lies in a lineage, by the dates that are set. */
export async function dueDaysIn(db: Db, register: RegisterAt): Promise<(of: DueOf) => string> {
  const dates = await deadlinesIn(db, register);
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
  const lineages = new Map<string, readonly number[]>();
  const dueOf = register.at === null ? undefined : await dueDaysIn(db, register);
  for (const { agencyId, year } of asked) {
    const placement = dueOf
      ? await placementThen(db, register, { agencyId, year }, { lineages, dueOf })
      : await findPlacement(db, agencyId, year);
    if (placement) placements.set(agencyYearKey({ agencyId, year }), placement);
  }
  return placements;
}

/** What the agencies of a county share, and the dates that are set. */
interface SharedPlaces {
  /** By county and year. */
  readonly lineages: Map<string, readonly number[]>;
  readonly dueOf: (of: DueOf) => string;
}

async function placementThen(
  db: Db,
  register: RegisterAt,
  { agencyId, year }: AgencyYear,
  { lineages, dueOf }: SharedPlaces,
): Promise<Placement | undefined> {
  const day = referenceDate(year);
  const state = (await agencyStatesIn(db, register, agencyId)).find((one) => holdsOn(one, day));
  if (!state) return undefined;
  const { countyId, kind } = state;
  const key = `${countyId} ${year}`;
  const lineage = lineages.get(key) ?? (await lineageIn(db, register, countyId, day));
  lineages.set(key, lineage);
  const expected = kind !== 'COUNTY' && !(await isExemptIn(db, register, agencyId, year));
  return { countyId, kind, expected, lineage, due: dueOf({ lineage, year, filer: filerOfKind(kind) }) };
}
