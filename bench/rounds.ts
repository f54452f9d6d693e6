/** Rounds: everything that is compared is measured in turn, round after round, so that what else the machine does falls on each. */

/** One measure: what it is called, and what takes it once. */
export type Measures<Name extends string, Taken> = Readonly<Record<Name, () => Promise<Taken>>>;

/** Takes all measures in turn, so many times, after one round that warms up and is left out. */
export async function inTurns<Name extends string, Taken>(
  rounds: number,
  measures: Measures<Name, Taken>,
): Promise<Readonly<Record<Name, Taken>>[]> {
  const taken: Record<Name, Taken>[] = [];
  for (let round = 0; round <= rounds; round++) {
    const found: [string, Taken][] = [];
    for (const [name, measure] of Object.entries<() => Promise<Taken>>(measures)) found.push([name, await measure()]);
    // One of each measure, by its name.
    taken.push(Object.fromEntries(found) as Record<Name, Taken>);
  }
  return taken.slice(1);
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
