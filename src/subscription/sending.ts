/**
 * Sends messages to subscribers, beside everything else: it reads the feed behind those who file, writes down what is to
 * be sent, and sends it. Whatever it holds in memory can be lost: a message that was claimed and not settled is due again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { lastChange } from '../store/changes.js';
import { isBusy } from '../store/engine/failure.js';
import type { Db } from '../store/engine/schema.js';
import { dueSubscriptions } from '../store/subscription/subscriptions.js';
import { forgetEnded } from './forget.js';
import { openMessages } from './messages.js';
import { recordOutcomes } from './outcomes.js';
import { openPost } from './send.js';
import { type SendingOptions, serveSubscription, type Work } from './serve.js';
import { openSlots } from './slots.js';

/** Sending that was begun. */
export interface Sending {
  /** Begins nothing more, gives what is under way some seconds, and puts the rest back. */
  readonly stop: () => Promise<void>;
}

const pollMs = 500;

/** Milliseconds between two rounds while there is something to do. */
const gatherMs = 10;

/** Milliseconds that messages under way are given when the service stops. */
const stopMs = 3000;

/** Begins to send. */
export function startSending(db: Db, options: SendingOptions): Sending {
  const stop = new AbortController();
  const work: Work = {
    options,
    post: openPost({ networks: options.networks, resolve: options.resolve, stop: stop.signal }),
    slots: openSlots(),
    messages: openMessages(options.write),
    outcomes: [],
    underWay: new Set(),
    looked: new Map(),
    served: new Map(),
    wake: () => undefined,
    stopping: false,
    forgetAt: 0,
  };
  const loop = runLoop(db, work);
  return {
    stop: async () => {
      work.stopping = true;
      work.wake();
      await loop;
      const timer = setTimeout(() => stop.abort(), stopMs);
      await Promise.all(work.underWay);
      clearTimeout(timer);
      await settle(db, work).catch(options.onFailed);
      work.post.agents.http.destroy();
      work.post.agents.https.destroy();
    },
  };
}

async function runLoop(db: Db, work: Work): Promise<void> {
  while (!work.stopping) {
    const woken = new Promise<void>((resolve) => {
      work.wake = resolve;
    });
    const didSome = await runRound(db, work).catch((error: unknown) => {
      // Another process writes: what is not written down is kept until it can be.
      if (!isBusy(error)) work.options.onFailed(error);
      return false;
    });
    if (work.stopping) break;
    // What ends within some milliseconds is written down in one commit, and as much is begun anew.
    await sleep(gatherMs);
    if (didSome) continue;
    const timer = setTimeout(work.wake, work.options.pollMs ?? pollMs);
    await woken;
    clearTimeout(timer);
  }
}

/** Writes down what came of messages, and sends what is due. True where there may be more at once. */
async function runRound(db: Db, work: Work): Promise<boolean> {
  await settle(db, work);
  const now = work.options.clock();
  if (now.getTime() >= work.forgetAt) work.forgetAt = await forgetEnded(db, now);
  const end = await lastChange(db);
  const due = (await dueSubscriptions(db, now.toISOString(), end)).filter(
    ({ id, hasDue, isOpen, sight }) =>
      hasDue === 1 || (isOpen === 1 && (sight === null || (work.looked.get(id) ?? 0) < end)),
  );
  if (due.length === 0) return false;
  await work.messages.refresh(db, now);
  // Those whose turn was longest ago come first to what places there are.
  const inTurn = due.toSorted((one, other) => (work.served.get(one.id) ?? 0) - (work.served.get(other.id) ?? 0));
  const done = await Promise.all(inTurn.map((subscription) => serveSubscription(db, work, { subscription, end, now })));
  return done.some((some) => some);
}

async function settle(db: Db, work: Work): Promise<void> {
  const { clock, jitter, onPaused } = work.options;
  const outcomes = work.outcomes.splice(0);
  try {
    const paused = await recordOutcomes(db, outcomes, { now: clock(), jitter });
    for (const { release } of outcomes) release();
    for (const one of paused) onPaused(one);
  } catch (error) {
    work.outcomes.unshift(...outcomes);
    throw error;
  }
}
