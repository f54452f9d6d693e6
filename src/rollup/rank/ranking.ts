/**
 * The use cases that compare areas by a measure: the ranking of all of a level below a division, and the position of one
 * among them. All peers are of one inclusion, decided for the division that holds them, so that nothing which a reader may
 * not have can be worked out of a rank, a tie or a quantile.
 */
import type { Reader } from '../../access/visibility.js';
import type { Exact } from '../../form/exact.js';
import { type Measure, type MeasureValue, minDenominator, printMeasure } from '../../form/measure/measures.js';
import type { Frame } from '../../register/frame.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import type { AgencyKind, Inclusion, Label } from '../../words.js';
import { sumsOfAreas } from '../area/area-sums.js';
import { type Area, type AreaLevel, isAgencyArea } from '../area/areas.js';
import type { AreasOfYear } from '../area/areas-of-year.js';
import type { Measured } from '../area/measured.js';
import {
  groupValues,
  minPeers,
  type Order,
  percentileOf,
  type QuantileName,
  quantileOf,
  quantiles,
  rankOf,
  type ValueGroup,
} from './order.js';
import { printBetween } from './printed.js';
import { reasons, whyMissing } from './reasons.js';

/** Who is compared, and by what. */
export interface PeersQuery {
  readonly measure: Measure;
  readonly year: number;
  readonly of: AreaLevel;
  readonly kinds?: readonly AgencyKind[] | undefined;
  readonly inclusion?: Inclusion | undefined;
  readonly frame: Frame;
}

/** All areas of a level below a division, compared by a measure. Areas are named by their place in the list of them all. */
export interface Peers {
  readonly measure: Measure;
  readonly areas: AreasOfYear;
  /** Reads the measure of the area at a place. */
  readonly measuredAt: (index: number) => Measured;
  /** Those that are ranked, by code. */
  readonly ranked: readonly number[];
  /** The values of these, equal ones together, the smallest first. */
  readonly groups: readonly ValueGroup[];
  /** Those that are not, by code, and why. */
  readonly unranked: readonly { readonly index: number; readonly reason: Label }[];
  /** How many there are: of agencies those expected to file and those that did, of divisions those with any such. */
  readonly expected: number;
  /** Why nobody is ranked; null where anybody is. */
  readonly reason: Label | null;
}

/** What the values of all ranked peers are like, as printed; quantiles are null below five peers. */
export interface Distribution extends Readonly<Record<QuantileName, MeasureValue | null>> {
  readonly n: number;
  readonly expected: number;
  readonly min: MeasureValue | null;
  readonly max: MeasureValue | null;
}

/** What is said of an area's value beside it. */
export interface ValueOf {
  readonly area: Area;
  readonly value: MeasureValue | null;
  /** How many reports state it, leave it blank, and are on a form without it; how many agencies were to file. */
  readonly reported: number;
  readonly blank: number;
  readonly lacking: number;
  readonly expected: number;
}

/** An area in a ranking. */
export interface RankedArea extends ValueOf {
  readonly rank: number;
  /** How many others have the same value. */
  readonly ties: number;
  /** 0 for the smallest value, 100 for the largest, whatever the order; null below five peers. */
  readonly percentile: number | null;
}

/** An area that is not ranked. */
export interface UnrankedArea extends ValueOf {
  readonly reason: Label;
}

/**
 * Compares all areas of a level below a division by a measure. Throws `unauthorized` or `forbidden` where the sums of the
 * division are closed to the reader.
 */
export async function comparePeers(db: Db, reader: Reader, division: Division, query: PeersQuery): Promise<Peers> {
  const { measure, year, of, kinds, inclusion, frame } = query;
  const asked = { by: of, years: [year], measures: [measure], kinds, inclusion, frame };
  const [areas] = await sumsOfAreas(db, reader, division, asked);
  if (!areas) throw new Error('one year was asked for and none came');
  const whole = measure.unranked ?? (of === 'AGENCY' && measure.source.of === 'coverage' ? reasons.oneAgency : null);
  const ranked: number[] = [];
  const unranked: { index: number; reason: Label }[] = [];
  const values: Exact[] = [];
  const measuredAt = areas.measureAt(measure);
  let expected = 0;
  for (let index = 0; index < areas.count; index++) {
    const measured = measuredAt(index);
    const { value } = measured;
    if (of === 'AGENCY' || isThere(measured, areas, index)) expected++;
    const own = of === 'PREFECTURE' ? whyHeading(areas.areaAt(index)) : null;
    const reason = whole ?? own ?? whyUnranked(measure, measured, areas, index);
    if (reason === null && value !== null) {
      ranked.push(index);
      values.push(value);
    } else unranked.push({ index, reason: reason ?? reasons.blank });
  }
  const nobody = areas.count === 0 ? reasons.noneBelow : reasons.noPeers;
  const reason = whole ?? (ranked.length === 0 ? nobody : null);
  const groups = groupValues(values);
  return { measure, areas, measuredAt, ranked, groups, unranked, expected, reason };
}

/** Whether anybody is expected to file in a division, or anybody did. */
function isThere({ reports }: Measured, { countsAt }: AreasOfYear, index: number): boolean {
  if (reports > 0) return true;
  const { expected, reported } = countsAt(index);
  return expected > 0 || reported > 0;
}

function whyUnranked(measure: Measure, measured: Measured, areas: AreasOfYear, index: number): Label | null {
  const { value, denominator } = measured;
  if (value === null) return whyMissing(measure, measured, areas.countsAt(index), areas.inclusion);
  // All that are expected are counted in a coverage: there is no chance in it.
  return measure.source.of === 'rate' && (denominator ?? 0) < minDenominator ? reasons.fewDivided : null;
}

function whyHeading(area: Area): Label | null {
  return !isAgencyArea(area) && isHeading(area) ? reasons.heading : null;
}

/** Prefectures that are only a line of the list of codes: 市辖区 and 县 of municipalities, 省直辖县级行政区划. */
function isHeading({ name }: Pick<Division, 'name'>): boolean {
  return /^(?:市辖区|县)$|直辖县级行政区划$/.test(name);
}

/** A page of a ranking: so many, after so many; of one value by code. */
export function rankedPage(
  peers: Peers,
  order: Order,
  { first, after }: { readonly first: number; readonly after: number },
): readonly RankedArea[] {
  const { groups, ranked } = peers;
  const n = ranked.length;
  const page: RankedArea[] = [];
  let passed = 0;
  for (let index = 0; index < groups.length && page.length < first; index++) {
    const group = groups[order === 'ASC' ? index : groups.length - 1 - index];
    if (!group) continue;
    const skipped = Math.max(0, after - passed);
    passed += group.members.length;
    for (const member of group.members.slice(skipped, skipped + first - page.length)) {
      const index = ranked[member];
      if (index !== undefined) page.push({ ...valueWithin(peers, index), ...placeOf(group, n, order) });
    }
  }
  return page;
}

function placeOf(group: ValueGroup, n: number, order: Order) {
  return { rank: rankOf(group, n, order), ties: group.members.length - 1, percentile: percentileOf(group, n) };
}

/** A page of those that are not ranked, by code: so many, after so many. */
export function unrankedPage(
  peers: Peers,
  { first, after }: { readonly first: number; readonly after: number },
): readonly UnrankedArea[] {
  return peers.unranked
    .slice(after, after + first)
    .map(({ index, reason }) => ({ ...valueWithin(peers, index), reason }));
}

function valueWithin({ measure, areas, measuredAt }: Peers, index: number): ValueOf {
  const { value, reported, blank, lacking } = measuredAt(index);
  const { expected } = areas.countsAt(index);
  return { area: areas.areaAt(index), value: printMeasure(measure, value), reported, blank, lacking, expected };
}

/** What the values of all ranked peers are like. */
export function distributionOf({ measure, groups, ranked, expected }: Peers): Distribution {
  const n = ranked.length;
  const print = (value: Exact | undefined) => (value === undefined ? null : printMeasure(measure, value));
  const quantile = (name: QuantileName) =>
    n < minPeers ? null : printBetween(measure, quantileOf(groups, n, quantiles[name]));
  return {
    n,
    expected,
    min: print(groups[0]?.value),
    p10: quantile('p10'),
    p25: quantile('p25'),
    median: quantile('median'),
    p75: quantile('p75'),
    p90: quantile('p90'),
    max: print(groups.at(-1)?.value),
  };
}

/** Where one area stands among its peers. */
export interface Position {
  readonly value: MeasureValue | null;
  readonly rank: number | null;
  /** How many are ranked. */
  readonly of: number;
  readonly ties: number | null;
  readonly percentile: number | null;
  /** Null where nobody is compared. */
  readonly peers: Peers | null;
  readonly reported: number;
  readonly blank: number;
  readonly lacking: number;
  readonly expected: number;
  /** Why anything of it is null. */
  readonly reason: Label | null;
}

/** A position where there is nobody to compare with. */
export function noPosition(reason: Label): Position {
  const nothing = { value: null, rank: null, ties: null, percentile: null, peers: null };
  return { ...nothing, of: 0, reported: 0, blank: 0, lacking: 0, expected: 0, reason };
}

/** Where a peer is: in a group of equal values, or not ranked for a reason. */
interface Place {
  readonly index: number;
  readonly group: ValueGroup | null;
  readonly reason: Label | null;
}

/** By the identity of the area; kept as long as the peers, of whom one position after another is asked. */
const placesOf = new WeakMap<Peers, ReadonlyMap<number, Place>>();

function placesIn(peers: Peers): ReadonlyMap<number, Place> {
  const known = placesOf.get(peers);
  if (known) return known;
  const places = new Map<number, Place>();
  const idAt = (index: number) => peers.areas.areaAt(index).id;
  for (const { index, reason } of peers.unranked) places.set(idAt(index), { index, group: null, reason });
  for (const group of peers.groups) {
    for (const member of group.members) {
      const index = peers.ranked[member];
      if (index !== undefined) places.set(idAt(index), { index, group, reason: null });
    }
  }
  placesOf.set(peers, places);
  return places;
}

/** The position of the area of an identity among its peers. */
export function positionIn(peers: Peers, id: number, order: Order): Position {
  const n = peers.ranked.length;
  const place = placesIn(peers).get(id);
  if (!place) return { ...noPosition(reasons.notThere), peers, of: n };
  const { index, group, reason } = place;
  const { area: _, ...value } = valueWithin(peers, index);
  if (!group) return { ...noPosition(reason ?? reasons.blank), ...value, peers, of: n };
  return { ...value, ...placeOf(group, n, order), peers, of: n, reason: n < minPeers ? reasons.fewPeers : null };
}
