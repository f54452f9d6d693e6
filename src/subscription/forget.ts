/** How long messages are kept once they have ended. */
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import { forgetArrived, forgetOldDeliveries } from '../store/subscription/deliveries.js';
import { listSubscriptions } from '../store/subscription/subscriptions.js';

const dayMs = 86_400_000;

/** Days for which a message is listed that has arrived, and one that was given up. */
const kept = { delivered: 30, failed: 90 } as const;

/** Of one subscription as many that have arrived are kept at the most. */
const maxArrived = 10_000;

/** Messages forgotten in one transaction. */
const forgottenAtOnce = 500;

/** Milliseconds between two times that old messages are forgotten. */
const everyMs = 3_600_000;

/**
 * Forgets some of the messages that ended long ago, or are more than are kept, and returns when to come again, in
 * milliseconds of the clock: at once where there may be more.
 */
export async function forgetEnded(db: Db, now: Date): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * dayMs).toISOString();
  const old = { deliveredBefore: before(kept.delivered), failedBefore: before(kept.failed) };
  let isMore = (await forgotten(db, (trx) => forgetOldDeliveries(trx, old, forgottenAtOnce))) === forgottenAtOnce;
  for (const { id } of await listSubscriptions(db, '', Number.MAX_SAFE_INTEGER)) {
    const some = await forgotten(db, (trx) => forgetArrived(trx, id, maxArrived, forgottenAtOnce));
    isMore ||= some === forgottenAtOnce;
  }
  return isMore ? now.getTime() : now.getTime() + everyMs;
}

function forgotten(db: Db, forget: Parameters<typeof inTransaction<number>>[2]): Promise<number> {
  return inTransaction(db, {}, forget);
}
