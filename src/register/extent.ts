/** How many things can be found below a division, whatever the day: what bounds a question before it is answered. */

import type { Db } from '../store/engine/schema.js';
import { type DivisionBelow, divisionsEverBelow } from '../store/register/extents.js';
import { findDivision } from './codes.js';

/** The most that a page below a division can hold: by how many steps down it is looked at, itself first. */
export interface Extent {
  /** Divisions directly below. */
  readonly children: readonly number[];
  /** Agencies in it and in all below it. */
  readonly agencies: readonly number[];
}

/**
 * The extent of the division that a code means on a day; undefined where there is none, and for the nation, which to
 * count would cost more than the pages it could bound.
 */
export async function findExtent(db: Db, code: string, day: string): Promise<Extent | undefined> {
  const division = await findDivision(db, code, day);
  if (!division || division.level === 'NATION') return undefined;
  return extentOf(await divisionsEverBelow(db, division.id));
}

function extentOf(below: readonly DivisionBelow[]): Extent {
  const children = new Map<number | null, DivisionBelow[]>();
  for (const one of below) children.set(one.above, [...(children.get(one.above) ?? []), one]);
  const childrenOf = ({ id, depth }: DivisionBelow) =>
    (children.get(id) ?? []).filter((child) => child.depth === depth + 1);
  const agenciesOf = (one: DivisionBelow): number =>
    one.agencies + childrenOf(one).reduce((sum, child) => sum + agenciesOf(child), 0);
  const depths = [...new Set(below.map(({ depth }) => depth))].sort();
  const largest = (count: (one: DivisionBelow) => number) =>
    depths.map((depth) => Math.max(...below.filter((one) => one.depth === depth).map(count)));
  return { children: largest((one) => childrenOf(one).length), agencies: largest(agenciesOf) };
}
