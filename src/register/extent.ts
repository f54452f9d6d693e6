/** How many things can be found below a division, whatever the day: what bounds a question before it is answered. */

import type { Db } from '../store/engine/schema.js';
import { type DivisionBelow, divisionsEverBelow } from '../store/register/extents.js';
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
  /** Agencies in a division and in all below it. */
  readonly agencies: readonly Count[];
}

/**
 * The extent of the division that a code means on a day; undefined where there is none. Of the nation only the
 * divisions directly below are counted: to count all would cost more than the pages it could bound.
 */
export async function findExtent(db: Db, code: string, day: string): Promise<Extent | undefined> {
  const division = await findDivision(db, code, day);
  if (!division) return undefined;
  if (division.level !== 'NATION') return extentOf(await divisionsEverBelow(db, division.id, maxSteps));
  const { children } = extentOf(await divisionsEverBelow(db, division.id, 1));
  return {
    children: steps.map((step) => (step === 0 ? (children[0] ?? uncounted) : uncounted)),
    agencies: steps.map(() => uncounted),
  };
}

/** From the nation down to a county. */
const maxSteps = 3;
const steps = Array.from({ length: maxSteps + 1 }, (_, step) => step);

const uncounted: Count = { all: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };

function extentOf(below: readonly DivisionBelow[]): Extent {
  const under = new Map<number | null, DivisionBelow[]>();
  for (const one of below) under.set(one.above, [...(under.get(one.above) ?? []), one]);
  const childrenOf = ({ id, depth }: DivisionBelow) => (under.get(id) ?? []).filter((one) => one.depth === depth + 1);
  const agenciesOf = (one: DivisionBelow): number =>
    one.agencies + childrenOf(one).reduce((sum, child) => sum + agenciesOf(child), 0);
  const counted = (count: (one: DivisionBelow) => number) =>
    steps.map((step): Count => {
      const counts = below.filter(({ depth }) => depth === step).map(count);
      return { all: counts.reduce((sum, one) => sum + one, 0), most: Math.max(0, ...counts) };
    });
  return { children: counted((one) => childrenOf(one).length), agencies: counted(agenciesOf) };
}
