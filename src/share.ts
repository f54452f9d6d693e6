/** What one caller may have of what there is for all: of places, of bytes, of what is kept for a while. */

/** What one caller may have of a number: a quarter, and one at least. */
export function shareOf(all: number): number {
  return Math.max(1, Math.floor(all / 4));
}

/** Something that is kept for a while, and whose it is. */
export interface Kept {
  readonly owner: string;
  readonly bytes: number;
  /** When it was made or used last, as anything that sorts. */
  readonly at: number | string;
}

/**
 * What must go for the rest to be within a bound: the oldest of whoever has the most, so that nobody loses anything by
 * what others keep as long as they have no more than an equal part of it.
 */
export function beyondBound<One extends Kept>(kept: readonly One[], bound: number): One[] {
  const byOwner = new Map<string, One[]>();
  for (const one of [...kept].sort((one, other) => (one.at < other.at ? -1 : 1))) {
    byOwner.set(one.owner, [...(byOwner.get(one.owner) ?? []), one]);
  }
  const going: One[] = [];
  for (let all = sumOf(kept); all > bound; ) {
    const [largest] = [...byOwner.values()].sort((one, other) => sumOf(other) - sumOf(one));
    const oldest = largest?.shift();
    if (!oldest) break;
    going.push(oldest);
    all -= oldest.bytes;
  }
  return going;
}

/** The bytes of some things together. */
export function sumOf(things: readonly { readonly bytes: number }[]): number {
  return things.reduce((sum, { bytes }) => sum + bytes, 0);
}
