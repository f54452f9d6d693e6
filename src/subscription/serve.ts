/** What is done for one subscription in its turn: what the feed tells it is written down, and what is due is sent. */
import { callerOf } from '../access/authority.js';
import { takeTurns } from '../loop.js';
import { Problem } from '../problem.js';
import { type CopyMark, markOf, reasonToRestart } from '../report/feed/changes.js';
import { listTold } from '../report/feed/told.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import {
  claimDeliveries,
  countDeliveries,
  type DeliveryRow,
  failTests,
  insertDeliveries,
} from '../store/subscription/deliveries.js';
import {
  type DueSubscription,
  movePlace,
  pauseSubscription,
  type SubscriptionRow,
} from '../store/subscription/subscriptions.js';
import type { PublicReading } from '../words.js';
import { deliveryOf, restartOf, typesOf, type WriteChange, writeOwnMessage } from './events.js';
import type { Messages, Told } from './messages.js';
import type { Outcome, Paused } from './outcomes.js';
import type { Jitter } from './schedule.js';
import { type Attempt, attemptMs, type Post, sendMessage } from './send.js';
import type { Slots } from './slots.js';
import type { Reachable } from './subscriptions.js';

/** What messages are sent by. */
export interface SendingOptions extends Reachable {
  readonly clock: () => Date;
  /** What anybody may read. */
  readonly open: PublicReading;
  readonly jitter: Jitter;
  readonly write: WriteChange;
  /** Milliseconds between two looks for something to do. */
  readonly pollMs?: number | undefined;
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onPaused: (paused: Paused) => void;
  /** Gets what should not happen: the store fails. */
  readonly onFailed: (error: unknown) => void;
}

/** What sending knows from one round to the next. */
export interface Work {
  readonly options: SendingOptions;
  readonly post: Post;
  readonly slots: Slots;
  readonly messages: Messages;
  /** What came of messages, not written down yet. */
  readonly outcomes: Outcome[];
  readonly underWay: Set<Promise<void>>;
  /** By subscription, how far the feed was looked through where nothing was told. */
  readonly looked: Map<string, number>;
  /** By subscription, when it had its last turn, in milliseconds of the process's own clock. */
  readonly served: Map<string, number>;
  /** Wakes the loop. */
  wake: () => void;
  stopping: boolean;
  forgetAt: number;
}

/** A subscription in its turn, the end of the feed, and the moment. */
interface Turn {
  readonly subscription: DueSubscription;
  readonly end: number;
  readonly now: Date;
}

/** Milliseconds after which a claimed message that nothing was heard of is due again. */
const claimMs = attemptMs + 5000;

/** Messages of one subscription that wait at once; what follows waits in the feed. */
const maxWaiting = 1000;

/** Changes that are made messages of at once. */
const maxTaken = 250;

/** Changes after which a place is moved on though nothing was told. */
const maxLookedAhead = 5000;

/** Writes down what a subscription is to be told, and begins to send what is due. True where it did any of it. */
export async function serveSubscription(db: Db, work: Work, turn: Turn): Promise<boolean> {
  const { subscription, now } = turn;
  work.served.set(subscription.id, performance.now());
  const told = await toldNow(db, work, subscription, now);
  if (!told) return endWith(db, work, turn);
  const taken = subscription.isOpen === 1 && (await takeFromFeed(db, work, turn, told));
  if (!taken && subscription.hasDue === 0) return false;
  return (await sendDue(db, work, turn, told)) || taken;
}

/** Who is told, by what the token may read now; undefined where it has ended. */
async function toldNow(
  db: Db,
  { options }: Work,
  { tokenId, divisionId }: SubscriptionRow,
  now: Date,
): Promise<Told | undefined> {
  try {
    const caller = await callerOf(db, tokenId, now);
    return { reader: { caller, open: options.open, now }, divisionId };
  } catch (error) {
    if (error instanceof Problem && error.kind === 'unauthorized') return undefined;
    throw error;
  }
}

/** Pauses the subscription of a token that has ended: nothing is told from there on, a test neither. */
async function endWith(db: Db, { options }: Work, { subscription: { id }, now }: Turn): Promise<boolean> {
  const at = now.toISOString();
  const paused = await inTransaction(db, {}, async (trx) => {
    await failTests(trx, id, at);
    return pauseSubscription(trx, id, 'TOKEN');
  });
  if (paused) options.onPaused({ id, because: 'TOKEN' });
  return false;
}

/** Writes down messages of what follows its place, and moves the place in the same transaction. */
async function takeFromFeed(db: Db, work: Work, { subscription, end, now }: Turn, told: Told): Promise<boolean> {
  const { id, place } = subscription;
  const after = Math.max(place, work.looked.get(id) ?? 0);
  const isRestored = subscription.sight === null;
  if ((after >= end && !isRestored) || (await countDeliveries(db, id)).waiting >= maxWaiting) return false;
  const sight = await work.messages.sightFor(db, told);
  const found = await listTold(db, sight, { after, end, first: maxTaken });
  const types = typesOf(subscription);
  const at = now.toISOString();
  const reason = isRestored ? 'restored' : reasonToRestart(sight, markIn(subscription));
  const deliveries = [
    ...(reason ? [restartOf(subscription, reason, at)] : []),
    ...found.told.flatMap((change) => deliveryOf(subscription, types, change) ?? []),
  ];
  const isFar = found.until - place >= maxLookedAhead;
  if (deliveries.length === 0 && !isFar) {
    work.looked.set(id, found.until);
    return found.until < end;
  }
  const isTaken = await inTransaction(db, {}, async (trx) => {
    // Another process may have taken the same, or its holder has paused it.
    if (!(await movePlace(trx, { id, from: place, to: found.until, ...markOf(sight) }))) return false;
    await insertDeliveries(trx, id, deliveries, at);
    return true;
  });
  if (isTaken) work.looked.set(id, found.until);
  return true;
}

function markIn({ sight, extent }: SubscriptionRow): CopyMark {
  return { sight: sight ?? '', extent: extent ?? '' };
}

/** Claims what is due, as far as there are places, and begins to send it. */
async function sendDue(db: Db, work: Work, { subscription, now }: Turn, told: Told): Promise<boolean> {
  const { id, isOpen, failures } = subscription;
  const receiver = isOpen === 1 && failures === 0 ? 'sound' : 'failing';
  const places = work.slots.take(id, receiver);
  if (places === 0) return false;
  const until = new Date(now.getTime() + claimMs).toISOString();
  const asked = { subscriptionId: id, limit: places, now: now.toISOString(), until } as const;
  let claimed: readonly DeliveryRow[] = [];
  try {
    claimed = await inTransaction(db, {}, (trx) =>
      claimDeliveries(trx, { ...asked, which: isOpen === 1 ? 'all' : 'tests' }),
    );
  } finally {
    work.slots.release(id, receiver, places - claimed.length);
  }
  const release = () => work.slots.release(id, receiver, 1);
  const othersTurn = takeTurns();
  for (const delivery of claimed) {
    // One after the other, so that they are begun in their order.
    await begin(db, work, { subscription, told, delivery, claimedUntil: until, release });
    await othersTurn();
  }
  return claimed.length > 0;
}

/** Begins to send a message, once what it says is known. Never throws: what the store could not say is due again. */
async function begin(db: Db, work: Work, claim: Claimed): Promise<void> {
  let body: string | undefined;
  try {
    body = await bodyOf(db, work, claim);
  } catch (error) {
    claim.release();
    return work.options.onFailed(error);
  }
  const sent = sendOne(work, claim, body).finally(() => {
    work.underWay.delete(sent);
    work.wake();
  });
  work.underWay.add(sent);
}

/** A message that was claimed, with whom it is for. */
interface Claimed extends Pick<Outcome, 'delivery' | 'claimedUntil' | 'release'> {
  readonly subscription: SubscriptionRow;
  readonly told: Told;
}

/** What a message says; undefined where it is not to be told (any more). */
function bodyOf(db: Db, { messages }: Work, { subscription, told, delivery }: Claimed): Promise<string | undefined> {
  if (delivery.changeNumber === null) return Promise.resolve(writeOwnMessage(subscription, delivery));
  return messages.bodyFor(db, told, delivery.changeNumber);
}

/** Sends one message and notes what came of it. Never throws. */
async function sendOne(
  { options, post, outcomes }: Work,
  { subscription, delivery, claimedUntil, release }: Claimed,
  body: string | undefined,
): Promise<void> {
  const begun = options.clock();
  const to = { url: subscription.url, secrets: secretsOf(subscription, begun) };
  const attempt = body === undefined ? 'untold' : await sendMessage(post, to, { id: delivery.id, body }, begun);
  if (attempt !== 'untold') options.onAttempt(attempt);
  outcomes.push({ delivery, claimedUntil, begun, attempt, release });
}

function secretsOf({ secret, formerSecret, formerUntil }: SubscriptionRow, now: Date): readonly string[] {
  const isKept = formerSecret !== null && formerUntil !== null && formerUntil > now.toISOString();
  return isKept ? [secret, formerSecret] : [secret];
}
