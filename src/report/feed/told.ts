/** The feed as it is sent to a reader who does not ask for it: what follows a place, and one change of it by its number. */
import { type KeptChange, listChanges } from '../../store/changes.js';
import type { Db } from '../../store/engine/schema.js';
import { type ChangeView, maxLookedAt, type Sight, viewsOf } from './changes.js';
import { divisionCodes } from './division-codes.js';

/** Changes that a reader is told, and the number of the last change that was looked at for it. */
export interface ToldChanges {
  readonly told: readonly Pick<KeptChange, 'number' | 'about' | 'type' | 'at'>[];
  readonly until: number;
}

/** Every change that a reader is told after a number and up to another, so many at the most. */
export async function listTold(
  db: Db,
  sight: Sight,
  { after, end, first }: { readonly after: number; readonly end: number; readonly first: number },
): Promise<ToldChanges> {
  const until = Math.min(end, after + maxLookedAt);
  if (until <= after) return { told: [], until: after };
  const told = await listChanges(db, { which: 'every', after, until, ...sight.told }, first);
  return { told, until: told.length === first ? (told.at(-1)?.number ?? until) : until };
}

/** One change as its reader is told it now; undefined where the reader is not told of it (any more). */
export async function viewTold(db: Db, sight: Sight, number: number): Promise<ChangeView | undefined> {
  const [change] = await listChanges(db, { which: 'every', after: number - 1, until: number, ...sight.told }, 1);
  return change && (await viewsOf(db, sight, [change], await divisionCodes(db)))[0];
}
