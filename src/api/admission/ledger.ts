/**
 * What callers have cost lately, in milliseconds of a core. Each has a bucket that fills at a steady rate: what is
 * expected of a request is held back before it is taken on, and what it took is charged when that is known.
 */

/** How much one caller may cost. */
export interface CostLimit {
  /** Milliseconds of a core in a minute; the bucket fills at this rate. */
  readonly perMinute: number;
  /** What the bucket holds: what a caller who asked for nothing lately may cost at once. */
  readonly atOnce: number;
}

/** The limit of so many milliseconds a minute: a quarter of it at once, so that a burst is over soon. */
export function costLimit(perMinute: number): CostLimit {
  return { perMinute, atOnce: perMinute / 4 };
}

/** The buckets of all callers. Instants are milliseconds of a clock that never goes back. */
export interface Ledger {
  /**
   * Holds an expected cost back. Returns how to give back what was not charged of it, or in how many milliseconds the
   * bucket will hold enough for it. What is expected to cost more than a whole bucket takes a full one.
   */
  readonly hold: (caller: string, milliseconds: number, now: number) => Hold | { readonly waitMs: number };
  /** Writes down what was taken, beyond what is left if need be. */
  readonly charge: (caller: string, milliseconds: number, now: number) => void;
  /** What is left of a bucket, less what is held back of it. */
  readonly left: (caller: string, now: number) => number;
  /** Whether a caller cost no less lately than those who cost something did on the average. */
  readonly costsMost: (caller: string, now: number) => boolean;
  /** How many callers are remembered. */
  readonly size: () => number;
}

/** What is held back of a bucket for one request. */
export interface Hold {
  /** Takes a part of it, which is charged now. */
  readonly take: (milliseconds: number) => void;
  /** Gives back what is left of it. */
  readonly release: () => void;
}

interface Bucket {
  left: number;
  held: number;
  at: number;
}

/** Callers that are remembered at once: the one who was heard of longest ago is forgotten first. */
const callersRemembered = 10_000;

/** Opens the buckets of all callers, every one of them full. */
export function openLedger({ perMinute, atOnce }: CostLimit): Ledger {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;

  const fill = (bucket: Bucket, now: number): Bucket => {
    bucket.left = Math.min(atOnce, bucket.left + Math.max(0, now - bucket.at) * perMs);
    bucket.at = Math.max(bucket.at, now);
    return bucket;
  };
  const bucketOf = (caller: string, now: number): Bucket => {
    const known = buckets.get(caller);
    const bucket = known ? fill(known, now) : { left: atOnce, held: 0, at: now };
    buckets.delete(caller);
    buckets.set(caller, bucket);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= callersRemembered) break;
      buckets.delete(oldest);
    }
    return bucket;
  };
  const holdOf = (bucket: Bucket, milliseconds: number): Hold => {
    let rest = milliseconds;
    bucket.held += rest;
    const take = (taken: number) => {
      const part = Math.min(rest, taken);
      rest -= part;
      bucket.held -= part;
    };
    return { take, release: () => take(rest) };
  };

  return {
    hold: (caller, milliseconds, now) => {
      const bucket = bucketOf(caller, now);
      const short = Math.min(milliseconds, atOnce) - (bucket.left - bucket.held);
      // Sums of fractions are not exact: a full bucket is full.
      return short > 1e-6 ? { waitMs: short / perMs } : holdOf(bucket, milliseconds);
    },
    charge: (caller, milliseconds, now) => {
      bucketOf(caller, now).left -= milliseconds;
    },
    left: (caller, now) => {
      const bucket = buckets.get(caller);
      return bucket ? fill(bucket, now).left - bucket.held : atOnce;
    },
    costsMost: (caller, now) => {
      const taken = [...buckets.values()].map((bucket) => atOnce - fill(bucket, now).left).filter((cost) => cost > 0);
      const own = buckets.get(caller);
      const average = taken.reduce((sum, cost) => sum + cost, 0) / Math.max(1, taken.length);
      return (own ? atOnce - own.left : 0) >= average;
    },
    size: () => buckets.size,
  };
}
