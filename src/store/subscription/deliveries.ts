/** Messages to subscriptions as they are kept: which change each tells of, when it is sent, and what came of it. */
import { type AttemptProblem, attemptProblems, type DeliveryState, deliveryStates, testType } from '../../words.js';
import { integer, listOf, nullable, oneOf, optional, text } from '../engine/column.js';
import { integerAt, isIn, itemsOf, textAt } from '../engine/dialect.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** A message as it is kept; what it says is made when it is sent. */
export interface DeliveryRow {
  readonly number: number;
  /** The id of the message: the same however often it is sent. */
  readonly id: string;
  readonly subscriptionId: string;
  /** The change that it tells of; null of a test, and of the message that a copy is to start again. */
  readonly changeNumber: number | null;
  readonly type: string;
  /** When what it tells of happened. */
  readonly at: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is sent next; while it is being sent, when that attempt is given up for lost. Null once it has ended. */
  readonly nextAt: string | null;
  readonly begunAt: string | null;
  readonly lastAt: string | null;
  readonly status: number | null;
  readonly problem: AttemptProblem | null;
}

const given = {
  number: integer,
  id: text,
  subscriptionId: text,
  changeNumber: nullable(integer),
  type: text,
  at: text,
  state: oneOf(deliveryStates),
  attempts: integer,
  nextAt: nullable(text),
  begunAt: nullable(text),
  lastAt: nullable(text),
  status: nullable(integer),
  problem: nullable(oneOf(attemptProblems)),
} as const;

const columns = `d.number, d.id, d.subscription_id as "subscriptionId", d.change_number as "changeNumber", d.type, d.at,
  d.state, d.attempts, d.next_at as "nextAt", d.begun_at as "begunAt", d.last_at as "lastAt", d.status, d.problem`;

/** A message that is to be sent. */
export type NewDelivery = Pick<DeliveryRow, 'id' | 'changeNumber' | 'type' | 'at'>;

const newDeliveries = sqlStatement({
  takes: { subscriptionId: text, now: text, deliveries: listOf<NewDelivery>() },
  text: `insert into delivery (id, subscription_id, change_number, type, at, state, next_at)
    select ${textAt('n.value', 'id')}, :subscriptionId, ${integerAt('n.value', 'changeNumber')},
      ${textAt('n.value', 'type')}, ${textAt('n.value', 'at')}, 'WAITING', :now
    from ${itemsOf(':deliveries', 'n')} order by n.key`,
});

/** Keeps messages of one subscription, to be sent in their order from now on. */
export async function insertDeliveries(
  trx: Trx,
  subscriptionId: string,
  deliveries: readonly NewDelivery[],
  now: string,
): Promise<void> {
  if (deliveries.length > 0) await write(trx, newDeliveries, { subscriptionId, deliveries, now });
}

const deliveryOfId = sqlStatement({
  takes: { subscriptionId: text, id: text },
  gives: given,
  text: `select ${columns} from delivery d where d.id = :id and d.subscription_id = :subscriptionId`,
});

/** The message of that id to a subscription; undefined where there is none, or none any more. */
export async function findDelivery(db: Db, subscriptionId: string, id: string): Promise<DeliveryRow | undefined> {
  return findRow(db, deliveryOfId, { subscriptionId, id });
}

const deliveriesBefore = sqlStatement({
  takes: { subscriptionId: text, before: integer, limit: integer, state: optional(oneOf(deliveryStates)) },
  gives: given,
  text: (has) => `select ${columns} from delivery d where d.subscription_id = :subscriptionId and d.number < :before
      ${has.state ? 'and d.state = :state' : ''} order by d.number desc limit :limit`,
});

/** Messages to a subscription before one of them, the newest first, of one state where it is given. */
export async function listDeliveries(
  db: Db,
  subscriptionId: string,
  page: { readonly before: number; readonly limit: number; readonly state?: DeliveryState | undefined },
): Promise<DeliveryRow[]> {
  return readRows(db, deliveriesBefore, { subscriptionId, ...page });
}

const countedByState = sqlStatement({
  takes: { subscriptionId: optional(text) },
  gives: { waiting: integer, failed: integer },
  // By the indexes: most messages have arrived.
  text: (has) => {
    const of = has.subscriptionId ? 'and subscription_id = :subscriptionId' : '';
    return `select (select count(*) from delivery where state = 'WAITING' ${of}) as waiting,
      (select count(*) from delivery where state = 'FAILED' ${of}) as failed`;
  },
});

/** How many messages wait, and how many were given up; of one subscription or of all. */
export async function countDeliveries(
  db: Db,
  subscriptionId?: string,
): Promise<{ readonly waiting: number; readonly failed: number }> {
  return (await findRow(db, countedByState, { subscriptionId })) ?? { waiting: 0, failed: 0 };
}

const due = sqlStatement({
  takes: { subscriptionId: text, now: text, limit: integer, tests: optional(integer) },
  gives: given,
  text: (has) => `select ${columns} from delivery d where d.subscription_id = :subscriptionId and d.state = 'WAITING'
      and d.next_at <= :now ${has.tests ? `and d.type = '${testType}'` : ''}
    order by d.next_at, d.number limit :limit`,
});

const claim = sqlStatement({
  takes: { numbers: listOf<number>(), now: text, until: text },
  text: `update delivery set attempts = attempts + 1, next_at = :until, last_at = :now, begun_at = coalesce(begun_at, :now)
    where ${isIn('number', ':numbers')}`,
});

/** Which messages are to be sent now. */
export interface Claim {
  readonly subscriptionId: string;
  /** All that are due, or only tests. */
  readonly which: 'all' | 'tests';
  readonly limit: number;
  readonly now: string;
  /** When they are due again, if whoever sends them says nothing by then. */
  readonly until: string;
}

/** Takes messages that are due, the longest waiting first: until `until` nobody else does. As they were before. */
export async function claimDeliveries(trx: Trx, asked: Claim): Promise<DeliveryRow[]> {
  const { subscriptionId, which, limit, now, until } = asked;
  const found = await readRows(trx, due, { subscriptionId, now, limit, tests: which === 'tests' ? 1 : undefined });
  if (found.length > 0) await write(trx, claim, { numbers: found.map(({ number }) => number), now, until });
  return found;
}

/** What became of a claimed message: `claimedUntil` names the claim, so that one which was lost writes nothing. */
export interface Settlement extends Pick<DeliveryRow, 'number' | 'state' | 'nextAt' | 'status' | 'problem'> {
  readonly claimedUntil: string;
}

const settlement = sqlStatement({
  takes: {
    number: integer,
    claimedUntil: text,
    state: oneOf(deliveryStates),
    nextAt: nullable(text),
    status: nullable(integer),
    problem: nullable(oneOf(attemptProblems)),
  },
  text: `update delivery set state = :state, next_at = :nextAt, status = :status, problem = :problem
    where number = :number and state = 'WAITING' and next_at = :claimedUntil`,
});

/** Writes down what became of a message; false where the claim was lost, or the message is gone. */
export async function settleDelivery(trx: Trx, settled: Settlement): Promise<boolean> {
  return (await write(trx, settlement, settled)) > 0;
}

const testsFailed = sqlStatement({
  takes: { subscriptionId: text, now: text },
  text: `update delivery set state = 'FAILED', next_at = null, last_at = :now
    where subscription_id = :subscriptionId and state = 'WAITING' and type = '${testType}'`,
});

/** Gives up the tests of a subscription that wait. */
export async function failTests(trx: Trx, subscriptionId: string, now: string): Promise<void> {
  await write(trx, testsFailed, { subscriptionId, now });
}

const unclaimed = sqlStatement({
  takes: { number: integer, claimedUntil: text, now: text },
  text: `update delivery set attempts = attempts - 1, next_at = :now
    where number = :number and state = 'WAITING' and next_at = :claimedUntil`,
});

/** Puts a claimed message back as if it had not been tried. */
export async function putBack(
  trx: Trx,
  claimed: { readonly number: number; readonly claimedUntil: string; readonly now: string },
): Promise<void> {
  await write(trx, unclaimed, claimed);
}

const untold = statement<{ number: number }>()((db, hole) =>
  db.deleteFrom('delivery').where('number', '=', hole('number')),
);

/** Deletes a message that its receiver may not have any more. */
export async function deleteDelivery(trx: Trx, number: number): Promise<void> {
  await write(trx, untold, { number });
}

const again = sqlStatement({
  takes: { subscriptionId: text, id: text, now: text },
  text: `update delivery set state = 'WAITING', attempts = 0, begun_at = null, next_at = :now
    where id = :id and subscription_id = :subscriptionId and state <> 'WAITING'`,
});

/** Has a message that has ended sent again. */
export async function sendAgain(trx: Trx, subscriptionId: string, id: string, now: string): Promise<void> {
  await write(trx, again, { subscriptionId, id, now });
}

const failedAgain = sqlStatement({
  takes: { subscriptionId: text, limit: integer, now: text },
  text: `update delivery set state = 'WAITING', attempts = 0, begun_at = null, next_at = :now
    where number in (select number from delivery where subscription_id = :subscriptionId and state = 'FAILED'
      and type <> '${testType}' order by number limit :limit)`,
});

/** Has messages that were given up sent again, the oldest first and so many at the most; returns how many. */
export async function sendFailedAgain(trx: Trx, subscriptionId: string, limit: number, now: string): Promise<number> {
  return write(trx, failedAgain, { subscriptionId, limit, now });
}

const tooOld = sqlStatement({
  takes: { deliveredBefore: text, failedBefore: text, limit: integer },
  text: `delete from delivery where number in (select number from delivery
    where (state = 'DELIVERED' and last_at < :deliveredBefore) or (state = 'FAILED' and last_at < :failedBefore)
    order by number limit :limit)`,
});

const tooMany = sqlStatement({
  takes: { subscriptionId: text, keep: integer, limit: integer },
  text: `delete from delivery where number in (select number from delivery
    where subscription_id = :subscriptionId and state = 'DELIVERED' and number <= coalesce((select number from delivery
      where subscription_id = :subscriptionId and state = 'DELIVERED' order by number desc limit 1 offset :keep), -1)
    order by number limit :limit)`,
});

/** Forgets messages that ended before an instant, so many at the most; returns how many. */
export async function forgetOldDeliveries(
  trx: Trx,
  before: { readonly deliveredBefore: string; readonly failedBefore: string },
  limit: number,
): Promise<number> {
  return write(trx, tooOld, { ...before, limit });
}

/** Forgets messages of a subscription that have arrived, but for the newest; so many at the most. Returns how many. */
export async function forgetArrived(trx: Trx, subscriptionId: string, keep: number, limit: number): Promise<number> {
  return write(trx, tooMany, { subscriptionId, keep, limit });
}
