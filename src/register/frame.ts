/**
 * Frames: on whose boundaries figures are added up. As reported, each year's report lies where its agency lay on 31 December
 * of the year. On a day, it lies where its agency lies on that day; where that has ended, in all that it went into; where
 * that had not begun, in what went into it; and where nothing of the kind is known, where its county lies, followed by what
 * that went into or was made of. A report belongs to a division when all the places in which it lies do.
 */

import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import type { Span } from '../store/register/find/displaced.js';
import { type Adjustment, type Territory, territoryAsReported } from '../store/rollup/territory.js';
import type { AgencyKind } from '../words.js';
import { type Ground, joinLines, newGround, placesOf, readGround } from './ground.js';
import { type RegisterAt, registerNow } from './known.js';

/** On whose boundaries figures are added up. */
export interface Frame {
  /** The day of the boundaries, YYYY-MM-DD; null is 31 December of each year: as reported. */
  readonly on: string | null;
  /** The instant until which what is known of reports and of the register was recorded, in UTC; null is now. */
  readonly knownOn: string | null;
}

/** Each year's report lies where its agency lay on 31 December, as far as is known now. */
export const asReported: Frame = { on: null, knownOn: null };

export type Boundaries = 'AS_REPORTED' | 'ON_DAY';

/** The frame that figures of a year are in, as it is said beside them. */
export interface FrameUsed {
  readonly boundaries: Boundaries;
  /** The day whose boundaries count. */
  readonly on: string;
  /** By when it was known; null is now. */
  readonly knownOn: string | null;
}

/** The frame that figures of a year are in, with the day whose boundaries count. */
export function frameUsed({ on, knownOn }: Frame, year: number): FrameUsed {
  return { boundaries: on === null ? 'AS_REPORTED' : 'ON_DAY', on: on ?? referenceDate(year), knownOn };
}

/** An agency of a year whose report, filed or not, lies elsewhere in a frame than where it lay on 31 December. */
export interface DisplacedAgency {
  readonly id: number;
  readonly year: number;
  readonly kind: AgencyKind;
  /** Where it lay on 31 December of the year. */
  readonly countyId: number;
  /** Where it lies in the frame: counties, or a division above them where nothing nearer is known. */
  readonly places: readonly number[];
}

/** Who lies elsewhere in and around a division, and how the land lies there. */
interface Layout {
  readonly ground: Ground;
  readonly displaced: readonly DisplacedAgency[];
}

/**
 * Whose reports a division's sums of some years are of on a day (null: as reported), in the register as it is or was known.
 * To find out that nothing changed takes one look; the nation holds them all on every day.
 */
export async function territoryOn(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  years: readonly number[],
  on: string | null,
): Promise<Territory> {
  const { id } = division;
  if (on === null || division.level === 'NATION' || years.length === 0) return territoryAsReported(id);
  const layout = await layOut(db, register, id, years, on);
  if (!layout) return territoryAsReported(id);
  const adjustments = new Map<number, Adjustment>();
  for (const year of new Set(years)) {
    const adjustment = adjustmentOf(id, layout, year, on);
    const [first, ...others] = [...adjustment.divisions, ...adjustment.agencies];
    if (first?.id !== id || others.length > 0) adjustments.set(year, adjustment);
  }
  return { divisionId: id, adjustments };
}

/**
 * The same of many divisions below one, for one year: by one look around the one that holds them all. Of a county that was
 * there at the end of the year, and that nobody who lies elsewhere comes from or goes to, all is as it is kept.
 */
export async function territoriesOn(
  db: Db,
  top: Pick<Division, 'id'>,
  divisions: readonly Pick<Division, 'id' | 'level'>[],
  year: number,
  on: string,
): Promise<ReadonlyMap<number, Territory>> {
  const territories = new Map<number, Territory>();
  const layout = await layOut(db, registerNow, top.id, [year], on);
  if (!layout) return territories;
  const { ground, displaced } = layout;
  const touched = new Set(displaced.flatMap(({ countyId, places }) => [countyId, ...places]));
  for (const { id, level } of divisions) {
    if (level === 'COUNTY' && !touched.has(id) && ground.isOn(id, referenceDate(year))) continue;
    const adjustment = adjustmentOf(id, layout, year, on);
    const [first, ...others] = [...adjustment.divisions, ...adjustment.agencies];
    if (first?.id !== id || others.length > 0) {
      territories.set(id, { divisionId: id, adjustments: new Map([[year, adjustment]]) });
    }
  }
  return territories;
}

/** Of the reports that a division's sum for a year is of on a day, those that lie in none of its parts: who filed, or is to. */
export async function undividedOn(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  year: number,
  on: string | null,
): Promise<readonly DisplacedAgency[]> {
  if (on === null || division.level === 'COUNTY') return [];
  const layout = await layOut(db, register, division.id, [year], on);
  if (!layout) return [];
  const { ground, displaced } = layout;
  const within = ground.below(division.id, on);
  const partOf = ground.partsOf(division.id, on);
  return displaced.filter(({ places }) => {
    const parts = new Set(places.map((place) => partOf.get(place)));
    return places.every((place) => within.has(place)) && (parts.size > 1 || parts.has(undefined));
  });
}

/** An agency that went into several, or was made of several, of which some lie in a division and some do not. */
export interface DividedAgency extends DisplacedAgency {
  readonly outside: readonly number[];
  /** The day on which it ended, or began. */
  readonly turnedOn: string;
  readonly turn: 'ENDED' | 'BEGAN';
}

/** The agencies of a year of which a part lies in a division on a day, and a part elsewhere. */
export async function dividedOn(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  year: number,
  on: string,
): Promise<readonly DividedAgency[]> {
  if (division.level === 'NATION') return [];
  const layout = await layOut(db, register, division.id, [year], on);
  const within = layout?.ground.below(division.id, on);
  return (layout?.displaced ?? []).flatMap((agency): DividedAgency[] => {
    const outside = agency.places.filter((place) => !within?.has(place));
    const states = layout?.ground.agencies.get(agency.id)?.states ?? [];
    const [first, last] = [states[0], states.at(-1)];
    if (outside.length === 0 || outside.length === agency.places.length || !first || !last) return [];
    return last.validTo !== null && last.validTo <= on
      ? [{ ...agency, outside, turnedOn: last.validTo, turn: 'ENDED' }]
      : [{ ...agency, outside, turnedOn: first.validFrom, turn: 'BEGAN' }];
  });
}

/**
 * The counties in which the reports lie that an adjustment adds to a division's sum, also of what was known of them: who
 * reads them reads these too, as they lie today.
 */
export function addedTo(
  { divisionId, adjustments }: Territory,
  year: number,
): readonly { countyId: number; agencyId?: number }[] {
  const { divisions = [], agencies = [], known } = adjustments.get(year) ?? {};
  return [
    ...divisions.filter(({ id, sign }) => sign > 0 && id !== divisionId).map(({ id }) => ({ countyId: id })),
    ...agencies.filter(({ sign }) => sign > 0 && !known).map(({ id, countyId }) => ({ countyId, agencyId: id })),
    ...(known?.elsewhere ?? []),
  ];
}

/**
 * Where the report for a year of an agency, given as it was on 31 December of the year, lies on a day (null: on that day):
 * the county, or several where it went into or came from several.
 */
export async function placesOfReport(
  db: Db,
  register: RegisterAt,
  { id, countyId }: Pick<Agency, 'id' | 'countyId'>,
  year: number,
  on: string | null,
): Promise<readonly number[]> {
  const day = referenceDate(year);
  if (on === null || on === day) return [countyId];
  const [after = on, until = on] = [on, day].sort();
  const ground = newGround();
  await joinLines(db, ground, register, [id], { after, until });
  const places = await placesOf(db, ground, register, on, { after, until });
  return [...(places.get(id) ?? [])];
}

/** Undefined where nothing in or around the division changed between the day and the ends of the years. */
async function layOut(
  db: Db,
  register: RegisterAt,
  divisionId: number,
  years: readonly number[],
  on: string,
): Promise<Layout | undefined> {
  const days = [on, ...years.map(referenceDate)].sort();
  const [after = on, until = on] = [days[0], days.at(-1)];
  if (after === until) return undefined;
  const span: Span = { after, until };
  const ground = newGround();
  const agencies = await readGround(db, ground, register, [divisionId], span);
  if (agencies.size === 0 && !ground.isMoved(span)) return undefined;
  if (agencies.size > 0) await joinLines(db, ground, register, agencies, span);
  const places = await placesOf(db, ground, register, on, span);
  const displaced: DisplacedAgency[] = [];
  for (const year of new Set(years)) {
    for (const [id, own] of places) {
      const state = ground.agencyOn(id, referenceDate(year));
      if (!state || state.kind === 'COUNTY') continue;
      if (own.size === 1 && own.has(state.countyId)) continue;
      displaced.push({ id, year, kind: state.kind, countyId: state.countyId, places: [...own].sort((a, b) => a - b) });
    }
  }
  return { ground, displaced };
}

/**
 * What a division's sum for a year is beside what is kept of it. A county that there is on the day comes and goes as a
 * whole, with all that is kept of it; of one that is no more, or was not yet, every agency is displaced, and weighed alone.
 */
function adjustmentOf(divisionId: number, { ground, displaced }: Layout, year: number, on: string): Adjustment {
  const then = ground.below(divisionId, referenceDate(year));
  const now = ground.below(divisionId, on);
  if (now.size === 0) return { divisions: [], agencies: [] };
  const isCounted = (county: number) => (ground.isOn(county, on) ? now.has(county) : then.has(county));
  const counties = ground.counties().filter((county) => then.has(county) !== isCounted(county));
  const agencies = displaced.flatMap(({ id, year: own, kind, countyId, places }) => {
    if (own !== year) return [];
    const belongs = places.every((place) => now.has(place));
    if (belongs === isCounted(countyId)) return [];
    return [{ id, kind, countyId, sign: belongs ? (1 as const) : (-1 as const) }];
  });
  return {
    divisions: [
      { id: divisionId, sign: 1, what: 'ALL' },
      ...counties.map((id) => ({ id, sign: then.has(id) ? (-1 as const) : (1 as const), what: 'ALL' as const })),
    ],
    agencies,
  };
}
