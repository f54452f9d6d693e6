/** Areas: what lies below a division, one level at a time, as figures are compared or tabulated: its agencies or divisions. */
import { referenceDate } from '../../day.js';
import { holdsOn } from '../../register/codes.js';
import type { Frame } from '../../register/frame.js';
import {
  agenciesIn,
  agencyStatesIn,
  divisionStatesIn,
  divisionsBelowIn,
  isExemptIn,
  type RegisterAt,
} from '../../register/known.js';
import type { Db } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { type Division, divisionsBelow } from '../../store/register/divisions.js';
import { expectedOfDivisions } from '../../store/register/expectations.js';
import { divisionsOfLevel, exemptFor, keepWithRegister, statesOfFilers } from '../../store/register/find/areas.js';
import type { Sign, SumOf } from '../../store/rollup/sums.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { DivisionLevel } from '../../words.js';

/** What areas are: the agencies that file, or the divisions of a level. */
export const areaLevels = ['AGENCY', 'COUNTY', 'PREFECTURE', 'PROVINCE'] as const;
export type AreaLevel = (typeof areaLevels)[number];

/** An agency, with the day as of which it is described: 31 December of the year. */
export type AgencyArea = Agency & { readonly day: string };

/** A division, with the day as of which it is described: that of the frame's boundaries, or 31 December of the year. */
export type DivisionArea = Division & { readonly day: string };

/** An agency or a division whose figures are compared with those of others, or stand in a table with them. */
export type Area = AgencyArea | DivisionArea;

/** Whether an area is an agency. */
export function isAgencyArea(area: Area): area is AgencyArea {
  return 'kind' in area;
}

/** The divisions of a level that lie below one on a day, by code, as the register is or was known. */
export async function divisionsWithin(
  db: Db,
  register: RegisterAt,
  below: Pick<Division, 'id' | 'level'>,
  level: DivisionLevel,
  day: string,
): Promise<readonly DivisionArea[]> {
  if (!register.division) {
    return keep(db, `${below.id} ${level} ${day}`, async () => {
      const divisions = await divisionsOfLevel(db, below, level, day);
      return divisions.map((division) => ({ ...division, day }));
    });
  }
  const found: DivisionArea[] = [];
  for (const id of (await divisionsBelowIn(db, register, below.id, day)).keys()) {
    const state = (await divisionStatesIn(db, register, id)).find((one) => holdsOn(one, day));
    if (state?.level !== level || id === below.id) continue;
    const { code, name, parentId } = state;
    found.push({ id, code, name, level, parentId, day });
  }
  return found.sort((one, other) => (one.code < other.code ? -1 : 1));
}

/** Below so many divisions, who is expected is read for these alone. */
const fewDivisions = 200;

/** How many agencies of some kinds or all are expected to file for a year in each of some divisions; none where it is left out. */
export async function expectedWithin(
  db: Db,
  divisions: readonly Pick<Division, 'id'>[],
  { year, kinds }: { readonly year: number; readonly kinds: SumOf['kinds'] },
): Promise<ReadonlyMap<number, number>> {
  if (divisions.length < fewDivisions || kinds) {
    const ids = divisions.map(({ id }) => id);
    return new Map(await expectedOfDivisions(db, ids, year, kinds));
  }
  const [counts = new Map<number, number>()] = await keep(db, `expected ${year}`, async () => [
    new Map(await expectedOfDivisions(db, undefined, year, undefined)),
  ]);
  return counts;
}

/** An agency that files, and whether it is expected to for a year. */
export interface Filer {
  readonly agency: Agency;
  readonly isExpected: boolean;
}

/** The agencies whose reports a division's sum is of, filed or not, and whether each is expected to file, by year. */
export async function filersWithin(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  years: readonly number[],
  { frame, territory }: { readonly frame: Frame; readonly territory: Territory },
): Promise<ReadonlyMap<number, readonly Filer[]>> {
  const isKept = (year: number) => !territory.adjustments.has(year) && frame.knownOn === null;
  const kept = years.filter(isKept);
  const found = new Map<number, readonly Filer[]>();
  if (division.level === 'NATION') for (const year of kept) found.set(year, await filersOfNation(db, year));
  else if (kept.length > 0) for (const [year, own] of await filersBelow(db, division.id, kept)) found.set(year, own);
  for (const year of years) {
    if (!isKept(year)) found.set(year, await filersOfTerritory(db, register, territory, year));
  }
  return found;
}

/** What an agency is said to be is kept once, for all years that it is said of. */
async function filersOfNation(db: Db, year: number): Promise<readonly Filer[]> {
  const states = await keep(db, 'agencies', () => statesOfFilers(db));
  return keep(db, `agencies ${year}`, async () => {
    const exempt = await exemptFor(db, [year]);
    return markExempt(agenciesOn(states, referenceDate(year)), exempt.get(year));
  });
}

async function filersBelow(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<ReadonlyMap<number, readonly Filer[]>> {
  const below = await divisionsBelow(db, divisionId, years);
  const states = await statesOfFilers(db, [...new Set([...below.values()].flatMap((ids) => [...ids]))]);
  const exempt = await exemptFor(db, years);
  return new Map(
    [...below].map(([year, ids]) => {
      const agencies = agenciesOn(states, referenceDate(year)).filter(({ countyId }) => ids.has(countyId));
      return [year, markExempt(agencies, exempt.get(year))];
    }),
  );
}

function agenciesOn(states: readonly Agency[], day: string): readonly Agency[] {
  return states.filter((state) => holdsOn(state, day));
}

async function filersOfTerritory(
  db: Db,
  register: RegisterAt,
  territory: Territory,
  year: number,
): Promise<readonly Filer[]> {
  const day = referenceDate(year);
  const counties = await countiesWithin(db, register, territory, year);
  const agenciesOf = (sign: Sign) =>
    (territory.adjustments.get(year)?.agencies ?? []).filter((one) => one.sign === sign).map(({ id }) => id);
  const without = new Set(agenciesOf(-1));
  const agencies = (await agenciesIn(db, register, counties, day)).filter(({ id }) => !without.has(id));
  for (const id of agenciesOf(1)) {
    const state = (await agencyStatesIn(db, register, id)).find((one) => holdsOn(one, day));
    if (state) agencies.push(state);
  }
  const filers: Filer[] = [];
  for (const agency of agencies) {
    if (agency.kind === 'COUNTY') continue;
    filers.push({ agency, isExpected: !(await isExemptIn(db, register, agency.id, year)) });
  }
  return filers.sort((one, other) => (one.agency.code < other.agency.code ? -1 : 1));
}

function markExempt(agencies: readonly Agency[], exempt: ReadonlySet<number> | undefined): readonly Filer[] {
  return agencies.map((agency) => ({ agency, isExpected: !exempt?.has(agency.id) }));
}

/** The divisions in which the agencies lie on 31 December whose reports a territory holds as what is kept of those. */
async function countiesWithin(
  db: Db,
  register: RegisterAt,
  { divisionId, adjustments }: Territory,
  year: number,
): Promise<number[]> {
  const day = referenceDate(year);
  const adjustment = adjustments.get(year);
  if (!adjustment && !register.division) return [...((await divisionsBelow(db, divisionId, [year])).get(year) ?? [])];
  const counties = new Set<number>();
  for (const { id, sign } of adjustment?.divisions ?? [{ id: divisionId, sign: 1 }]) {
    const below = id === divisionId ? [...(await divisionsBelowIn(db, register, id, day)).keys()] : [id];
    for (const county of below) sign > 0 ? counties.add(county) : counties.delete(county);
  }
  return [...counties];
}

/** Long lists are the same until the register changes, and take as long to read as all figures. */
const listsOf = keepWithRegister(() => new Map<string, readonly unknown[]>());

/** So many items of lists are kept at the most: the nation's agencies, and who of them files in each of eight years. */
const maxKept = 400_000;

async function keep<Item>(db: Db, key: string, read: () => Promise<readonly Item[]>): Promise<readonly Item[]> {
  const lists = await listsOf(db);
  // What is kept under a key is what the same question read before.
  const known = lists.get(key) as readonly Item[] | undefined;
  const found = known ?? (await read());
  lists.delete(key);
  lists.set(key, found);
  let items = [...lists.values()].reduce((sum, list) => sum + list.length, 0);
  for (const [oldest, list] of lists) {
    if (items <= maxKept || oldest === key) break;
    lists.delete(oldest);
    items -= list.length;
  }
  return found;
}
