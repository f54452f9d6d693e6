/** What is counted by name, for a minute from the first time that a name is met. */

/** A minute, in milliseconds. */
export const minute = 60_000;

/** What one name was counted since the beginning of its minute. */
export interface MinuteCount {
  readonly count: number;
  /** When its minute is over, in milliseconds since 1970. */
  readonly until: number;
}

/** Names that are counted at once; the one that has not been met for longest is forgotten first. */
const namesCounted = 10_000;

/** Counts a name once more, given the time. */
export function countByMinute(): (name: string, now: number) => MinuteCount {
  const counts = new Map<string, { count: number; readonly until: number }>();
  return (name, now) => {
    const known = counts.get(name);
    const own = known && known.until > now ? known : { count: 0, until: now + minute };
    own.count += 1;
    counts.delete(name);
    counts.set(name, own);
    const oldest = counts.keys().next().value;
    if (counts.size > namesCounted && oldest !== undefined) counts.delete(oldest);
    return own;
  };
}
