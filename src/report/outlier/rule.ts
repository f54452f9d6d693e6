/**
 * When a figure is far from what is usual: a stated, robust rule. It says no more than that somebody should look; towns to
 * which enforcement was handed down (赋权执法) rightly decide a hundred times what their neighbours do.
 *
 * Figures are compared on a logarithmic scale, ln(value + start): what matters is how many times larger, and the start keeps
 * small numbers from mattering at all. What is usual among some figures is their median, give or take 2.5 times their
 * spread: 1.4826 times the median absolute deviation (which is the standard deviation where they are normal), and no less
 * than what makes a factor of five usual. Figures of the agency's own other years count from three on, those of its peers
 * of the year from eight on. A figure is an outlier that lies beyond what is usual on the same side of both; where only one
 * of them has figures enough, of that one.
 *
 * Measured on 20,000 made-up figures (`test/outliers.test.ts`; years that vary by a factor of 1.5 around a town's level, and
 * towns by one of 2.7 around their county's): 1 was named in 20,000 that are as they are, and of those of 20 and more that
 * slipped by a factor of 10, 100, 1,000 or 10,000 (元 typed as 万元) 52, 97, 100 and 100 %. Where years vary by a factor of
 * 2, 28 in 10,000 are named.
 */

/** The fewest figures that say what is usual. */
export const minFigures = { own: 3, peers: 8 } as const;

/** How many spreads from the median are usual. */
const width = 2.5;

/** The standard deviation of normal figures, by their median absolute deviation. */
const deviations = 1.4826;

/** The factor that is usual however alike the figures are. */
const usualFactor = 5;
const leastSpread = Math.log(usualFactor) / width;

/** What logarithms are inexact by. */
const rounding = 1e-9;

/** What a figure was compared with. */
export const bases = ['OWN_YEARS', 'PEERS', 'BOTH'] as const;
export type Basis = (typeof bases)[number];

/** What a figure is compared with, blanks left out. */
export interface Compared {
  /** Of the agency's other years. */
  readonly own: readonly number[];
  /** Of its peers for the same year, without its own. */
  readonly peers: readonly number[];
  /** What is added to each before its logarithm is taken. */
  readonly start: number;
}

/** From where to where figures are usual, whole numbers; null below zero. */
export interface Usual {
  readonly low: number;
  readonly high: number;
}

/** What is usual where a figure is not; undefined where it is, and where too few figures say so. */
export function findOutlier(
  value: number,
  { own, peers, start }: Compared,
): { readonly usual: Usual; readonly basis: Basis } | undefined {
  const ranges = [
    { basis: 'OWN_YEARS' as const, range: own.length >= minFigures.own ? rangeOf(own, start) : undefined },
    { basis: 'PEERS' as const, range: peers.length >= minFigures.peers ? rangeOf(peers, start) : undefined },
  ].flatMap(({ basis, range }) => (range ? [{ basis, range }] : []));
  const [first, ...others] = ranges;
  if (!first) return undefined;
  const at = Math.log(value + start);
  const isAbove = ranges.every(({ range }) => at > range.high + rounding);
  if (!isAbove && !ranges.every(({ range }) => at < range.low - rounding)) return undefined;
  const low = Math.min(...ranges.map(({ range }) => range.low));
  const high = Math.max(...ranges.map(({ range }) => range.high));
  const valueAt = (log: number) => Math.exp(log) - start;
  return {
    usual: {
      low: Math.max(0, Math.ceil(valueAt(low - rounding))),
      high: Math.max(0, Math.floor(valueAt(high + rounding))),
    },
    basis: others.length > 0 ? 'BOTH' : first.basis,
  };
}

function rangeOf(values: readonly number[], start: number): Usual {
  const logs = values.map((value) => Math.log(value + start));
  const middle = median(logs);
  const spread = Math.max(leastSpread, deviations * median(logs.map((log) => Math.abs(log - middle))));
  return { low: middle - width * spread, high: middle + width * spread };
}

function median(values: readonly number[]): number {
  const inOrder = values.toSorted((one, other) => one - other);
  const half = Math.floor(inOrder.length / 2);
  const [before = 0, after = 0] = [inOrder[half - 1], inOrder[half]];
  return inOrder.length % 2 === 1 ? after : (before + after) / 2;
}
