/** Bodies of messages as they are sent: made for a reader as of now, and shared by all who may read the same. */
import { type Reader, sightOf } from '../access/visibility.js';
import { dayInChina } from '../day.js';
import { type Sight, sightFor } from '../report/feed/changes.js';
import { viewTold } from '../report/feed/told.js';
import { lastAudit } from '../store/audit-records.js';
import type { Db } from '../store/engine/schema.js';
import { type WriteChange, writeMessage } from './events.js';

/** Who is told, of which division with all below it; null is everything. */
export interface Told {
  readonly reader: Reader & { readonly now: Date };
  readonly divisionId: number | null;
}

/** What is told, made once as long as nothing changes. */
export interface Messages {
  /** Forgets what was made where anything was done since. */
  readonly refresh: (db: Db, now: Date) => Promise<void>;
  readonly sightFor: (db: Db, told: Told) => Promise<Sight>;
  /** The body about a change; undefined where it is not told (any more). */
  readonly bodyFor: (db: Db, told: Told, number: number) => Promise<string | undefined>;
}

/** The most bodies that are kept. */
const maxKept = 5000;

/** Opens them; `write` writes a change as `/v1/changes` answers it. */
export function openMessages(write: WriteChange): Messages {
  let version = '';
  const sights = new Map<string, Promise<Sight>>();
  const bodies = new Map<string, Promise<string | undefined>>();
  const sightOfTold = (db: Db, { reader, divisionId }: Told) =>
    keepIn(sights, keyOf(reader, divisionId), () => sightFor(db, reader, divisionId ?? undefined));
  return {
    refresh: async (db, now) => {
      // Whatever a body is made of changes by an act, which has an entry in the log, or with the day.
      const current = `${(await lastAudit(db))?.number ?? 0} ${dayInChina(now)}`;
      if (current === version) return;
      version = current;
      sights.clear();
      bodies.clear();
    },
    sightFor: sightOfTold,
    bodyFor: (db, told, number) =>
      keepIn(bodies, `${number} ${keyOf(told.reader, told.divisionId)}`, async () => {
        const view = await viewTold(db, await sightOfTold(db, told), number);
        return view && writeMessage(view, write);
      }),
  };
}

function keyOf(reader: Reader, divisionId: number | null): string {
  return `${divisionId} ${sightOf(reader)}`;
}

/** What cannot be made is not kept. */
function keepIn<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= maxKept) kept.clear();
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}
