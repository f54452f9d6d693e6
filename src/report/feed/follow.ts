/** The use case that waits for the next change that a reader is told. */
import type { Reader } from '../../access/visibility.js';
import type { Db } from '../../store/engine/schema.js';
import { type ChangeQuery, type Changes, readChanges } from './changes.js';
import type { ChangeWatch } from './watch.js';

/** How long a reader waits, for whom, and who says that there is something. */
export interface Waiting {
  readonly watch: ChangeWatch;
  /** Says that the time is over, that the reader has left, or that the service stops. */
  readonly ended: AbortSignal;
  /** The reader as of now: a token can end while its holder waits. */
  readonly readerNow: () => Promise<Reader & { readonly now: Date }>;
}

/**
 * Waits after a reading that had nothing to tell, until something is told or the wait has ended; then it answers what
 * there is, nothing too. Throws as `readChanges` does, and `unauthorized` when the reader's token has ended meanwhile.
 */
export async function followChanges(
  db: Db,
  query: ChangeQuery,
  start: Changes,
  { watch, ended, readerNow }: Waiting,
): Promise<Changes> {
  let read = start;
  while (read.changes.length === 0 && !read.more && !ended.aborted) {
    await watch.changeAfter(read.next.number, ended);
    if (ended.aborted) break;
    read = await readChanges(db, await readerNow(), { ...query, since: read.next });
  }
  return read;
}
