/** What attempts came to, written down: for each message, and for how its receiver fares. */
import { inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import {
  type DeliveryRow,
  deleteDelivery,
  putBack,
  type Settlement,
  settleDelivery,
} from '../store/subscription/deliveries.js';
import {
  findSubscription,
  type Health,
  pauseSubscription,
  type SubscriptionRow,
  soundHealth,
  updateHealth,
} from '../store/subscription/subscriptions.js';
import { type PauseReason, testType } from '../words.js';
import { type Jitter, pauseAfter, repeatedForMs } from './schedule.js';
import type { Attempt } from './send.js';

/** A message that was claimed, and what came of it. */
export interface Outcome {
  readonly delivery: DeliveryRow;
  readonly claimedUntil: string;
  /** When the attempt began. */
  readonly begun: Date;
  /** `untold`: its receiver may not have it any more. */
  readonly attempt: Attempt | 'untold';
  /**
   * Gives its place among those under way back, once this is written down: what a kill makes come twice are no more than the
   * messages that may be under way, and a store that cannot be written to lets no more be sent.
   */
  readonly release: () => void;
}

/** A subscription that was paused by what came of its messages. */
export interface Paused {
  readonly id: string;
  readonly because: PauseReason;
}

/** Writes down what some attempts came to, all of it or nothing, and returns what was paused by it. */
export async function recordOutcomes(
  db: Db,
  outcomes: readonly Outcome[],
  { now, jitter }: { readonly now: Date; readonly jitter: Jitter },
): Promise<readonly Paused[]> {
  if (outcomes.length === 0) return [];
  return inTransaction(db, {}, async (trx) => {
    const paused: Paused[] = [];
    for (const outcome of outcomes) {
      const because = await recordOutcome(trx, outcome, now, jitter);
      if (because) paused.push({ id: outcome.delivery.subscriptionId, because });
    }
    return paused;
  });
}

async function recordOutcome(trx: Trx, outcome: Outcome, now: Date, jitter: Jitter): Promise<PauseReason | undefined> {
  const { delivery, claimedUntil, attempt } = outcome;
  const { number, subscriptionId } = delivery;
  if (attempt === 'untold') {
    await deleteDelivery(trx, number);
    return undefined;
  }
  if (attempt.result === 'put-back') {
    await putBack(trx, { number, claimedUntil, now: now.toISOString() });
    return undefined;
  }
  const settled = settlementOf(delivery, attempt, now, jitter);
  if (!(await settleDelivery(trx, { number, claimedUntil, ...settled }))) return undefined;
  const subscription = await findSubscription(trx, subscriptionId);
  if (!subscription) return undefined;
  const health = healthAfter(subscription, outcome, attempt, now, jitter);
  if (health) await updateHealth(trx, health);
  const because = reasonToPause(subscription, delivery, attempt, now);
  return because && (await pauseSubscription(trx, subscriptionId, because)) ? because : undefined;
}

/** What becomes of a message. A test is sent once. */
function settlementOf(
  { type, attempts, begunAt }: DeliveryRow,
  { result, status, problem, retryAfterMs = 0 }: Attempt,
  now: Date,
  jitter: Jitter,
): Omit<Settlement, 'number' | 'claimedUntil'> {
  if (result === 'delivered') return { state: 'DELIVERED', nextAt: null, status, problem };
  const since = begunAt === null ? 0 : now.getTime() - Date.parse(begunAt);
  if (result === 'gone' || type === testType || since >= repeatedForMs) {
    return { state: 'FAILED', nextAt: null, status, problem };
  }
  // As the row was before this attempt, which is one more.
  const pause = Math.max(pauseAfter(attempts + 1, jitter), retryAfterMs);
  return { state: 'WAITING', nextAt: new Date(now.getTime() + pause).toISOString(), status, problem };
}

/**
 * How a receiver fares by an attempt; undefined where that is as before. Of failures that were under way at once the first
 * counts: many messages that fail together are one failure.
 */
function healthAfter(
  subscription: SubscriptionRow,
  { begun, delivery }: Outcome,
  { result, retryAfterMs = 0 }: Attempt,
  now: Date,
  jitter: Jitter,
): Health | undefined {
  const { id, failures, failingSince, failedAt, restUntil } = subscription;
  if (result === 'delivered') return failures === 0 ? undefined : { id, ...soundHealth };
  const isKnown = failedAt !== null && begun.toISOString() <= failedAt;
  // A test tells its holder what is wrong, and keeps nothing else waiting.
  if (isKnown || delivery.type === testType) return undefined;
  const at = now.toISOString();
  const pause = Math.max(pauseAfter(failures + 1, jitter), retryAfterMs);
  const rest = new Date(now.getTime() + pause).toISOString();
  return {
    id,
    failures: failures + 1,
    failingSince: failingSince ?? at,
    failedAt: at,
    restUntil: restUntil !== null && restUntil > rest ? restUntil : rest,
  };
}

function reasonToPause(
  { failingSince }: SubscriptionRow,
  { type }: DeliveryRow,
  { result }: Attempt,
  now: Date,
): PauseReason | undefined {
  if (result === 'gone') return 'GONE';
  if (result !== 'failed' || type === testType || failingSince === null) return undefined;
  return now.getTime() - Date.parse(failingSince) >= repeatedForMs ? 'FAILING' : undefined;
}
