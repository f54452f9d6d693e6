/** Subscriptions as they are kept: whose each is, where its messages go, and how far in the feed it is. */
import { type PauseReason, pauseReasons, type SubscriptionState, subscriptionStates, testType } from '../../words.js';
import { flag, integer, nullable, oneOf, text } from '../engine/column.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { type ArgsOf, sqlStatement, statement } from '../engine/statement.js';

/** A subscription as it is kept. Instants are ISO 8601 in UTC. */
export interface SubscriptionRow {
  readonly id: string;
  readonly tokenId: number;
  readonly url: string;
  readonly description: string | null;
  /** The division that it tells of, with all below it; null is everything. */
  readonly divisionId: number | null;
  /** The types of events that it tells of, a JSON list; null is all. */
  readonly types: string | null;
  readonly secret: string;
  /** What messages were signed with before, and are signed with besides until an instant. */
  readonly formerSecret: string | null;
  readonly formerUntil: string | null;
  readonly state: SubscriptionState;
  readonly pausedBecause: PauseReason | null;
  /** The number of the last change for which deliveries were made. */
  readonly place: number;
  /** For what its receiver's copy was told things last, as the feed marks it; null after the database was restored. */
  readonly sight: string | null;
  readonly extent: string | null;
  /** Failures since the last message that arrived; those that were under way at once count as one. */
  readonly failures: number;
  readonly failingSince: string | null;
  readonly failedAt: string | null;
  /** Nothing is sent before this instant, since the receiver failed. */
  readonly restUntil: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
}

const given = {
  id: text,
  tokenId: integer,
  url: text,
  description: nullable(text),
  divisionId: nullable(integer),
  types: nullable(text),
  secret: text,
  formerSecret: nullable(text),
  formerUntil: nullable(text),
  state: oneOf(subscriptionStates),
  pausedBecause: nullable(oneOf(pauseReasons)),
  place: integer,
  sight: nullable(text),
  extent: nullable(text),
  failures: integer,
  failingSince: nullable(text),
  failedAt: nullable(text),
  restUntil: nullable(text),
  createdBy: text,
  createdAt: text,
} as const;

const columns = `s.id, s.token_id as "tokenId", s.url, s.description, s.division_id as "divisionId", s.types, s.secret,
  s.former_secret as "formerSecret", s.former_until as "formerUntil", s.state, s.paused_because as "pausedBecause",
  s.place, s.sight, s.extent, s.failures, s.failing_since as "failingSince", s.failed_at as "failedAt", s.rest_until as "restUntil",
  s.created_by as "createdBy", s.created_at as "createdAt"`;

type NewSubscription = Pick<
  SubscriptionRow,
  | 'id'
  | 'tokenId'
  | 'url'
  | 'description'
  | 'divisionId'
  | 'types'
  | 'secret'
  | 'place'
  | 'sight'
  | 'extent'
  | 'createdBy'
  | 'createdAt'
>;

const newSubscription = statement<NewSubscription>()((db, hole) =>
  db.insertInto('subscription').values({
    id: hole('id'),
    token_id: hole('tokenId'),
    url: hole('url'),
    description: hole('description'),
    division_id: hole('divisionId'),
    types: hole('types'),
    secret: hole('secret'),
    state: 'ACTIVE',
    place: hole('place'),
    sight: hole('sight'),
    extent: hole('extent'),
    created_by: hole('createdBy'),
    created_at: hole('createdAt'),
  }),
);

/** Keeps a new subscription, which is active. */
export async function insertSubscription(trx: Trx, subscription: NewSubscription): Promise<void> {
  await write(trx, newSubscription, subscription);
}

const subscriptionOfId = sqlStatement({
  takes: { id: text },
  gives: given,
  text: `select ${columns} from subscription s where s.id = :id`,
});

/** The subscription of that id. */
export async function findSubscription(db: Db, id: string): Promise<SubscriptionRow | undefined> {
  return findRow(db, subscriptionOfId, { id });
}

const subscriptionsAfter = sqlStatement({
  takes: { after: text, limit: integer },
  gives: given,
  text: `select ${columns} from subscription s where s.id > :after order by s.id limit :limit`,
});

/** Subscriptions after an id, by their ids; from the first on after ''. */
export async function listSubscriptions(db: Db, after: string, limit: number): Promise<SubscriptionRow[]> {
  return readRows(db, subscriptionsAfter, { after, limit });
}

const isOpen = `s.state = 'ACTIVE' and coalesce(s.rest_until, '') <= :now`;
const someDue = (also: string) => `exists (select 1 from delivery d
      where d.subscription_id = s.id and d.state = 'WAITING' and d.next_at <= :now ${also})`;

const dueNow = sqlStatement({
  takes: { now: text, end: integer },
  gives: { ...given, hasDue: flag, isOpen: flag },
  text: `select ${columns}, case when ${someDue('')} then 1 else 0 end as "hasDue",
      case when ${isOpen} then 1 else 0 end as "isOpen"
    from subscription s
    where (${isOpen} and (s.place < :end or s.sight is null or ${someDue('')}))
      or ${someDue(`and d.type = '${testType}'`)}
    order by s.id`,
});

/** A subscription for which something is to be done. */
export interface DueSubscription extends SubscriptionRow {
  /** Whether a message is to be sent now. */
  readonly hasDue: 0 | 1;
  /** Whether it is active and not resting; otherwise only tests are sent. */
  readonly isOpen: 0 | 1;
}

/**
 * The subscriptions for which something is to be done: they are active and not resting, and behind the end of the feed, restored
 * with the database, or with a message that is due; or, whatever their state, a test is due.
 */
export async function dueSubscriptions(db: Db, now: string, end: number): Promise<DueSubscription[]> {
  return readRows(db, dueNow, { now, end });
}

const counted = sqlStatement({
  takes: { tokenId: integer },
  gives: { own: integer, all: integer },
  text: `select coalesce(sum(case when token_id = :tokenId then 1 else 0 end), 0) as own, count(*) as "all" from subscription`,
});

/** How many subscriptions a token has, and how many there are in all. */
export async function countSubscriptions(
  db: Db,
  tokenId: number,
): Promise<{ readonly own: number; readonly all: number }> {
  return (await findRow(db, counted, { tokenId })) ?? { own: 0, all: 0 };
}

type Terms = Pick<SubscriptionRow, 'id' | 'url' | 'description' | 'types' | 'state' | 'pausedBecause'>;

const otherTerms = statement<Terms>()((db, hole) =>
  db
    .updateTable('subscription')
    .set({
      url: hole('url'),
      description: hole('description'),
      types: hole('types'),
      state: hole('state'),
      paused_because: hole('pausedBecause'),
    })
    .where('id', '=', hole('id')),
);

/** Changes where a subscription sends, what it tells of, and whether it does. */
export async function updateSubscription(trx: Trx, terms: Terms): Promise<void> {
  await write(trx, otherTerms, terms);
}

/** How a receiver fares. */
export type Health = Pick<SubscriptionRow, 'id' | 'failures' | 'failingSince' | 'failedAt' | 'restUntil'>;

/** That of a receiver that takes what it is sent, or was not sent anything. */
export const soundHealth = { failures: 0, failingSince: null, failedAt: null, restUntil: null } as const;

const otherHealth = statement<Health>()((db, hole) =>
  db
    .updateTable('subscription')
    .set({
      failures: hole('failures'),
      failing_since: hole('failingSince'),
      failed_at: hole('failedAt'),
      rest_until: hole('restUntil'),
    })
    .where('id', '=', hole('id')),
);

/** Writes down how a receiver fares. */
export async function updateHealth(trx: Trx, health: Health): Promise<void> {
  await write(trx, otherHealth, health);
}

const pause = statement<{ id: string; because: PauseReason }>()((db, hole) =>
  db
    .updateTable('subscription')
    .set({ state: 'PAUSED', paused_because: hole('because') })
    .where('id', '=', hole('id'))
    .where('state', '=', 'ACTIVE'),
);

/** Pauses a subscription, for the first reason that there is; false where it is paused already or gone. */
export async function pauseSubscription(trx: Trx, id: string, because: PauseReason): Promise<boolean> {
  return (await write(trx, pause, { id, because })) > 0;
}

type Secrets = Pick<SubscriptionRow, 'id' | 'secret' | 'formerSecret' | 'formerUntil'>;

const otherSecret = statement<Secrets>()((db, hole) =>
  db
    .updateTable('subscription')
    .set({ secret: hole('secret'), former_secret: hole('formerSecret'), former_until: hole('formerUntil') })
    .where('id', '=', hole('id')),
);

/** Gives a subscription another secret, and keeps the former one for a while. */
export async function replaceSigningSecret(trx: Trx, secrets: Secrets): Promise<void> {
  await write(trx, otherSecret, secrets);
}

const movedArguments = { id: text, from: integer, to: integer, sight: text, extent: text } as const;

const move = sqlStatement({
  takes: movedArguments,
  text: `update subscription set place = :to, sight = :sight, extent = :extent where id = :id and place = :from and state = 'ACTIVE'`,
});

/** Moves a subscription on in the feed, and notes for what it was told; false where another process has, or where it is paused or gone. */
export async function movePlace(trx: Trx, moved: ArgsOf<typeof movedArguments>): Promise<boolean> {
  return (await write(trx, move, moved)) > 0;
}

const itsDeliveries = statement<{ id: string }>()((db, hole) =>
  db.deleteFrom('delivery').where('subscription_id', '=', hole('id')),
);
const itself = statement<{ id: string }>()((db, hole) => db.deleteFrom('subscription').where('id', '=', hole('id')));

/** Deletes a subscription with its messages. */
export async function deleteSubscription(trx: Trx, id: string): Promise<void> {
  await write(trx, itsDeliveries, { id });
  await write(trx, itself, { id });
}
