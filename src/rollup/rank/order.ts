/**
 * The order of some values: pure, and exact for whole numbers of any size. Equal values have one rank, one more than the
 * values ahead of them (1, 2, 2, 4), and one percentile: the middle of those at which the R-7 quantile is the value.
 */
import type { Exact } from '../../form/exact.js';

/** Whether the largest value is first, or the smallest. */
export const orders = ['DESC', 'ASC'] as const;
export type Order = (typeof orders)[number];

/** Below so many values percentiles and quantiles say nothing. */
export const minPeers = 5;

/** Equal values: which of the list they are, in its order, and how many are smaller. */
export interface ValueGroup {
  readonly value: Exact;
  readonly members: readonly number[];
  readonly below: number;
}

/** The values of a list, equal ones together, the smallest first. Whole numbers are numbers as long as these are exact. */
export function groupValues(values: readonly Exact[]): readonly ValueGroup[] {
  const members = new Map<Exact, number[]>();
  values.forEach((value, index) => {
    const own = members.get(value);
    if (own) own.push(index);
    else members.set(value, [index]);
  });
  const inOrder = [...members].sort(([one], [other]) => (one < other ? -1 : 1));
  let below = 0;
  return inOrder.map(([value, own]) => {
    const group = { value, members: own, below };
    below += own.length;
    return group;
  });
}

/** The rank of the values of a group among `n`: one more than those ahead of them. */
export function rankOf({ members, below }: ValueGroup, n: number, order: Order): number {
  return 1 + (order === 'ASC' ? below : n - below - members.length);
}

/** The percentile of a group among `n`, 0 for the smallest and 100 for the largest value; null below five. */
export function percentileOf({ members, below }: ValueGroup, n: number): number | null {
  return n < minPeers ? null : (100 * (below + (members.length - 1) / 2)) / (n - 1);
}

/** What lies between two neighbouring values: `low`, and so many twentieths of the way from there to `high`. */
export interface Between {
  readonly low: Exact;
  readonly high: Exact;
  readonly twentieths: number;
}

/** The quantiles of a distribution, in twentieths. */
export const quantiles = { p10: 2, p25: 5, median: 10, p75: 15, p90: 18 } as const;
export type QuantileName = keyof typeof quantiles;

/** The R-7 quantile (Excel's PERCENTILE.INC) at so many twentieths of `n` values. */
export function quantileOf(groups: readonly ValueGroup[], n: number, twentieths: number): Between {
  const place = (n - 1) * twentieths;
  const [before, rest] = [Math.floor(place / 20), place % 20];
  const low = valueAt(groups, before);
  return { low, high: rest === 0 ? low : valueAt(groups, before + 1), twentieths: rest };
}

function valueAt(groups: readonly ValueGroup[], place: number): Exact {
  const group = groups.find(({ below, members }) => place < below + members.length);
  if (!group) throw new Error(`no value has place ${place}`);
  return group.value;
}
