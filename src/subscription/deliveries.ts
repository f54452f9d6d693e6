/** The use cases of messages: to list them, to try a receiver out, and to send again what was given up. */
import { hash } from 'node:crypto';
import type { Random } from '../access/secret.js';
import { Problem } from '../problem.js';
import { type CommitOptions, inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import {
  type DeliveryRow,
  findDelivery,
  insertDeliveries,
  listDeliveries,
  sendAgain,
  sendFailedAgain,
} from '../store/subscription/deliveries.js';
import { type ActContext, type DeliveryState, testType } from '../words.js';
import { requireOwn, requireSeen } from './subscription-view.js';
import { recordAct } from './subscriptions.js';

/** A message as it is shown. */
export type DeliveryView = Omit<DeliveryRow, 'number' | 'subscriptionId' | 'changeNumber' | 'begunAt'>;

type Asks = Pick<ActContext, 'caller' | 'now'>;

/** Messages to a subscription, the newest first, before one of them. Throws `not-found`. */
export async function readDeliveries(
  db: Db,
  asks: Asks,
  id: string,
  page: { readonly first: number; readonly before: number; readonly state?: DeliveryState | undefined },
): Promise<{ readonly items: readonly DeliveryView[]; readonly next: number | null }> {
  await requireSeen(db, asks, id);
  const { first, before, state } = page;
  const rows = await listDeliveries(db, id, { before, limit: first + 1, state });
  const shown = rows.slice(0, first);
  return { items: shown.map(viewOf), next: rows.length > first ? (shown.at(-1)?.number ?? null) : null };
}

/** One of them. Throws `not-found`, also for one that was forgotten. */
export async function readDelivery(db: Db, asks: Asks, id: string, messageId: string): Promise<DeliveryView> {
  await requireSeen(db, asks, id);
  return viewOf(await requireDelivery(db, id, messageId));
}

/** Has a test sent, once and soon, also where the subscription is paused. Throws `not-found`. */
export async function testSubscription(
  db: Db,
  act: ActContext,
  random: Random,
  id: string,
  commit: CommitOptions<DeliveryView> = {},
): Promise<DeliveryView> {
  return inTransaction(db, commit, async (trx) => {
    const row = await requireOwn(trx, act, id);
    const now = act.now.toISOString();
    const messageId = `msg_${hash('sha256', random(32)).slice(0, 32)}`;
    await insertDeliveries(trx, id, [{ id: messageId, changeNumber: null, type: testType, at: now }], now);
    await recordAct(trx, act, 'subscription.test', { before: null, after: row });
    return viewOf(await requireDelivery(trx, id, messageId));
  });
}

/** Has a message that has ended sent again, under its id. One that waits is left as it is. Throws `not-found`. */
export async function repeatDelivery(
  db: Db,
  act: ActContext,
  id: string,
  messageId: string,
  commit: CommitOptions<DeliveryView> = {},
): Promise<DeliveryView> {
  return inTransaction(db, commit, async (trx) => {
    const row = await requireOwn(trx, act, id);
    await recordAct(trx, act, 'subscription.repeat', { before: null, after: row });
    await sendAgain(trx, id, messageId, act.now.toISOString());
    return viewOf(await requireDelivery(trx, id, messageId));
  });
}

/** How many messages that were given up are sent again at once. */
const maxRepeated = 1000;

/** Has the messages that were given up sent again, the oldest first, as many as may be at once. Throws `not-found`. */
export async function repeatFailed(
  db: Db,
  act: ActContext,
  id: string,
  commit: CommitOptions<{ readonly repeated: number }> = {},
): Promise<{ readonly repeated: number }> {
  return inTransaction(db, commit, async (trx) => {
    const row = await requireOwn(trx, act, id);
    await recordAct(trx, act, 'subscription.repeat', { before: null, after: row });
    return { repeated: await sendFailedAgain(trx, id, maxRepeated, act.now.toISOString()) };
  });
}

async function requireDelivery(db: Db | Trx, id: string, messageId: string): Promise<DeliveryRow> {
  const found = await findDelivery(db, id, messageId);
  if (found) return found;
  throw new Problem('not-found', {
    zh: '该订阅没有这条消息，或已不再保存。',
    en: 'The subscription has no such message, or it is no longer kept.',
  });
}

function viewOf({
  number: _,
  subscriptionId: __,
  changeNumber: ___,
  begunAt: ____,
  ...view
}: DeliveryRow): DeliveryView {
  return view;
}
