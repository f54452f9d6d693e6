/**
 * What is kept in memory because callers ask for it again, bounded in number and in bytes. What is used much stays,
 * however much comes that is used once or twice: what is new has a part of its own to wait in, and takes the place of what
 * has proven its use only when it is used more.
 */

/** How much is kept at the most. */
export interface MostUsedLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Things kept by a key. */
export interface MostUsed<Value> {
  /** What is kept under a key, which is thereby used; undefined when there is nothing, or no more. */
  readonly find: (key: string) => Value | undefined;
  /** The same without using it. */
  readonly peek: (key: string) => Value | undefined;
  /** Keeps something of so many bytes, in the place of what the key had. What alone is too large is not kept. */
  readonly keep: (key: string, value: Value, bytes: number) => void;
  readonly size: () => MostUsedLimits;
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
  /** How often it was found lately. */
  uses: number;
}

/** The part of the bounds that belongs to what has proven its use; the rest is for what is new. */
const provenPart = 0.8;

/** After so many uses for each entry that there is room for, every count is halved: what was once used much goes. */
const usesRemembered = 10;

/** One part of what is kept, the one used longest ago first. */
interface Part<Value> {
  readonly entries: Map<string, Entry<Value>>;
  bytes: number;
}

/** Opens an empty memory. */
export function openMostUsed<Value>(limits: MostUsedLimits): MostUsed<Value> {
  const fresh: Part<Value> = { entries: new Map(), bytes: 0 };
  const proven: Part<Value> = { entries: new Map(), bytes: 0 };
  const room = { entries: limits.entries * provenPart, bytes: limits.bytes * provenPart };
  let uses = 0;

  const size = () => ({
    entries: fresh.entries.size + proven.entries.size,
    bytes: fresh.bytes + proven.bytes,
  });
  const trim = () => {
    for (let all = size(); all.entries > limits.entries || all.bytes > limits.bytes; all = size()) {
      const part = fresh.entries.size > 0 ? fresh : proven;
      const [oldest] = part.entries.keys();
      if (oldest === undefined) return;
      take(part, oldest);
    }
  };
  /** Whether something new may go over to the proven ones, in the place of those used longest ago. */
  const prove = (key: string, entry: Entry<Value>): boolean => {
    const isFull = () => proven.entries.size + 1 > room.entries || proven.bytes + entry.bytes > room.bytes;
    while (isFull()) {
      const [oldest] = proven.entries;
      if (oldest === undefined) return false;
      const [name, other] = oldest;
      take(proven, name);
      // What is used as much as the newcomer keeps its place, and is not the next to be asked.
      if (other.uses >= entry.uses) {
        put(proven, name, other);
        return false;
      }
      put(fresh, name, other);
    }
    put(proven, key, entry);
    return true;
  };
  const age = () => {
    uses = 0;
    for (const { entries } of [fresh, proven]) {
      for (const entry of entries.values()) entry.uses = Math.floor(entry.uses / 2);
    }
  };

  return {
    size,
    peek: (key) => (proven.entries.get(key) ?? fresh.entries.get(key))?.value,
    find: (key) => {
      const part = proven.entries.has(key) ? proven : fresh;
      const found = take(part, key);
      if (!found) return undefined;
      found.uses += 1;
      if (part === proven) put(proven, key, found);
      else if (found.uses < 2 || !prove(key, found)) put(fresh, key, found);
      if (++uses > usesRemembered * limits.entries) age();
      return found.value;
    },
    keep: (key, value, bytes) => {
      const part = proven.entries.has(key) ? proven : fresh;
      const before = take(part, key);
      if (bytes > limits.bytes - room.bytes) return;
      put(part, key, { value, bytes, uses: before?.uses ?? 0 });
      trim();
    },
  };
}

function take<Value>(part: Part<Value>, key: string): Entry<Value> | undefined {
  const entry = part.entries.get(key);
  if (!entry) return undefined;
  part.entries.delete(key);
  part.bytes -= entry.bytes;
  return entry;
}

function put<Value>(part: Part<Value>, key: string, entry: Entry<Value>): void {
  part.entries.set(key, entry);
  part.bytes += entry.bytes;
}
