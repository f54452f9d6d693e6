/** How many things can be found below a division, whatever the day: what bounds a question before it is answered. */

import type { Db } from '../store/engine/schema.js';
import { type DivisionBelow, divisionsEverBelow } from '../store/register/extents.js';
import { mostItemNames } from '../store/rollup/items.js';
import type { Inclusion } from '../words.js';
import { findDivision } from './codes.js';

/** How many things there are so many steps below a division. */
interface Count {
  /** Of all the divisions that lie these steps down, together. */
  readonly all: number;
  /** Of the largest of them. */
  readonly most: number;
}

/** What can be found below a division, by how many steps down it is looked at: itself first, then those directly below. */
export interface Extent {
  /** Divisions directly below. */
  readonly children: readonly Count[];
  /** Divisions below, at any depth, itself included. */
  readonly divisions: readonly Count[];
  /** Agencies in a division and in all below it. */
  readonly agencies: readonly Count[];
  /** Names of published items in the division's sums, of what was asked for, of the year that has most. */
  readonly names: number;
  readonly isNation: boolean;
}

/**
 * The extent of the division that a code means on a day; undefined where there is none. `named` says of which sums names
 * are counted: what follows from it is told to who asks, so it is of nothing that they may not read.
 */
export async function findExtent(db: Db, code: string, day: string, named: Inclusion): Promise<Extent | undefined> {
  const division = await findDivision(db, code, day);
  if (!division) return undefined;
  const below = await divisionsEverBelow(db, division.id, maxSteps);
  const names = await mostItemNames(db, division.id, named);
  return { ...extentOf(below), names, isNation: division.level === 'NATION' };
}

/** Finds the extent of a code on a day, or gives what it found less than a minute ago: it bounds, and may be late. */
export function keepExtents(db: Db): (code: string, day: string, named: Inclusion) => Promise<Extent | undefined> {
  const kept = new Map<string, { readonly extent: Promise<Extent | undefined>; readonly until: number }>();
  return async (code, day, named) => {
    const now = performance.now();
    const key = `${day} ${named} ${code}`;
    const known = kept.get(key);
    if (known && known.until > now) return known.extent;
    kept.delete(key);
    const extent = findExtent(db, code, day, named);
    kept.set(key, { extent, until: now + keptMs });
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break;
      kept.delete(oldest);
    }
    return extent;
  };
}

/** From the nation down to a county. */
const maxSteps = 3;
const steps = Array.from({ length: maxSteps + 1 }, (_, step) => step);

const keptMs = 60_000;
const maxKept = 5_000;

function extentOf(found: readonly DivisionBelow[]): Pick<Extent, 'children' | 'divisions' | 'agencies'> {
  const under = new Map<number | null, DivisionBelow[]>();
  for (const one of found) {
    const beside = under.get(one.above);
    if (beside) beside.push(one);
    else under.set(one.above, [one]);
  }
  const childrenOf = ({ id, depth }: DivisionBelow) => (under.get(id) ?? []).filter((one) => one.depth === depth + 1);
  const sumBelow = (one: DivisionBelow, count: (one: DivisionBelow) => number): number =>
    childrenOf(one).reduce((sum, child) => sum + sumBelow(child, count), count(one));
  const counted = (count: (one: DivisionBelow) => number) =>
    steps.map((step): Count => {
      const counts = found.filter(({ depth }) => depth === step).map(count);
      return { all: counts.reduce((sum, one) => sum + one, 0), most: Math.max(0, ...counts) };
    });
  return {
    children: counted((one) => childrenOf(one).length),
    divisions: counted((one) => sumBelow(one, () => 1)),
    agencies: counted((one) => sumBelow(one, ({ agencies }) => agencies)),
  };
}
