/** Which of the parts after a part of a list are its own: the sums decide, or a stronger stop. */
import type { Count } from './counts.js';

/** The parts that follow a part, which may be its own. */
export interface Inner {
  readonly from: number;
  readonly next: number;
  /** The sums of the first part, the first two, and so on. */
  readonly sums: readonly (number | null)[];
  readonly own: number;
  readonly whole: number | null;
}

/** How many of the parts that follow a part are its own: up to its number, or up to a stronger stop; undefined where it is not clear. */
export function countInner(counts: readonly Count[], { from, next, sums, own, whole }: Inner): number | undefined {
  const stop = counts.slice(from + 1, next).findIndex(({ lead }) => lead.startsWith(';'));
  const exact = sums.indexOf(own);
  if (stop >= 0 && sums[stop] === own) return stop + 1;
  // Parts of none before or after the sum may belong to either.
  if (stop < 0 && exact !== sums.lastIndexOf(own)) return undefined;
  if (exact >= 0 && next - from === sums.length) return exact + 1;
  const taken = stop >= 0 ? stop + 1 : sums.length;
  const sum = sums[taken - 1];
  if (sum === undefined || sum === null || sum > own) return undefined;
  // Without a stronger stop, parts that do not add up may be the part's or the whole's.
  const isOpen = goesOnAfter(counts, from + taken) || (whole !== null && taken > 1);
  return sum !== own && stop < 0 && isOpen ? undefined : taken;
}

function goesOnAfter(counts: readonly Count[], index: number): boolean {
  const lead = counts[index]?.lead;
  return lead !== undefined && /^[、,]/u.test(lead);
}
