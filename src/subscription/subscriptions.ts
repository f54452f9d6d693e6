/**
 * The use cases of subscriptions: to make, list, read, change and end them. A subscription belongs to the token that made
 * it and tells what `/v1/changes` tells that token; who may end the token may see and end the subscription, too.
 */
import { requireDivision, requireScope } from '../access/authority.js';
import type { Random } from '../access/secret.js';
import { dayInChina, yearInChina } from '../day.js';
import { Problem } from '../problem.js';
import { resolveDivision } from '../register/codes.js';
import { markOf, sightFor } from '../report/feed/changes.js';
import { type AuditRecord, record } from '../store/audit-records.js';
import { lastChange } from '../store/changes.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { findNation } from '../store/register/divisions.js';
import {
  countSubscriptions,
  deleteSubscription,
  insertSubscription,
  listSubscriptions,
  replaceSigningSecret,
  type SubscriptionRow,
  soundHealth,
  updateHealth,
  updateSubscription,
} from '../store/subscription/subscriptions.js';
import { findTokenById, type KeptToken } from '../store/tokens.js';
import type { ActContext } from '../words.js';
import { type Resolve, requireReceiver } from './address.js';
import type { EventType } from './events.js';
import type { Networks } from './networks.js';
import { makeSigningSecret } from './signature.js';
import { maySee, originOf, requireOwn, requireSeen, type SubscriptionView, viewOf } from './subscription-view.js';

/** What a new address is held to. */
export interface Reachable {
  readonly networks: Networks;
  readonly resolve: Resolve;
}

/** A subscription that is asked for. */
export interface AskedSubscription {
  readonly url: string;
  /** The code of a division that the token reads; everything that the token is told when left out. */
  readonly division?: string | undefined;
  /** All when left out. */
  readonly types?: readonly EventType[] | null | undefined;
  readonly description?: string | null | undefined;
}

/** A subscription with its secret, which is never shown again. */
export type NewSubscriptionView = SubscriptionView & { readonly secret: string };

/** How many subscriptions a token may have, and all of them. */
const maxSubscriptions = { own: 20, all: 500 } as const;

/**
 * Makes a subscription, which tells of what comes from now on. Throws `address-refused`, `unknown-division`, `forbidden`
 * for a division that the token does not read, `unauthorized` for a stranger, and `too-many-subscriptions`.
 */
export async function makeSubscription(
  db: Db,
  act: ActContext,
  random: Random,
  asked: AskedSubscription,
  { networks, resolve }: Reachable,
): Promise<NewSubscriptionView> {
  const tokenId = ownerIn(act);
  await requireReceiver(asked.url, networks, resolve);
  return inTransaction(db, {}, async (trx) => {
    const divisionId = await requireReadDivision(trx, act, asked.division);
    const { own, all } = await countSubscriptions(trx, tokenId);
    if (own >= maxSubscriptions.own || all >= maxSubscriptions.all) throw tooMany(own);
    const sight = await sightFor(trx, { open: 'none', ...act }, divisionId ?? undefined);
    const { url, types = null, description = null } = asked;
    const row = {
      ...{ id: makeId(random), tokenId, url, description, divisionId, types: types && JSON.stringify(types) },
      ...{ secret: makeSigningSecret(random), place: await lastChange(trx), ...markOf(sight) },
      ...{ createdBy: act.actor, createdAt: act.now.toISOString() },
    };
    await insertSubscription(trx, row);
    const made = await requireOwn(trx, act, row.id);
    await recordAct(trx, act, 'subscription.make', { before: null, after: made });
    return { ...(await viewOf(trx, act, made)), secret: row.secret };
  });
}

function makeId(random: Random): string {
  return `sub_${Buffer.from(random(12)).toString('hex')}`;
}

function ownerIn({ caller }: ActContext): number {
  requireScope(caller, 'read');
  // Over HTTP there is no operator, and a stranger was refused.
  return caller.kind === 'token' ? caller.tokenId : 0;
}

async function requireReadDivision(trx: Trx, act: ActContext, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const division = await resolveDivision(trx, code, dayInChina(act.now));
  await requireDivision(trx, act.caller, 'read', division, yearInChina(act.now));
  return division.level === 'NATION' ? null : division.id;
}

/** The subscriptions of the caller's token, and of the tokens that the caller may end, after an id. */
export async function readSubscriptions(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  page: { readonly first: number; readonly after: string },
): Promise<{ readonly items: readonly SubscriptionView[]; readonly next: string | null }> {
  requireScope(act.caller, 'read');
  const items: SubscriptionView[] = [];
  const reach = new Map<number, boolean>();
  for (const row of await listSubscriptions(db, page.after, maxSubscriptions.all)) {
    const may = reach.get(row.tokenId) ?? (await maySee(db, act, row));
    reach.set(row.tokenId, may);
    if (!may) continue;
    const last = items.at(-1);
    if (last && items.length === page.first) return { items, next: last.id };
    items.push(await viewOf(db, act, row));
  }
  return { items, next: null };
}

/** One of them. Throws `not-found` for one that is not there, or not the caller's to see. */
export async function readSubscription(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  id: string,
): Promise<SubscriptionView> {
  return viewOf(db, act, await requireSeen(db, act, id));
}

/** What of a subscription is to be otherwise; what is left out stays. */
export interface SubscriptionChange {
  readonly url?: string | undefined;
  readonly types?: readonly EventType[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly paused?: true | false | undefined;
}

/**
 * Changes a subscription of the caller's own. What was paused goes on where it was. Throws as `makeSubscription` does,
 * and `not-found`.
 */
export async function changeSubscription(
  db: Db,
  act: ActContext,
  id: string,
  change: SubscriptionChange,
  { networks, resolve }: Reachable,
): Promise<SubscriptionView> {
  await requireOwn(db, act, id);
  if (change.url !== undefined) await requireReceiver(change.url, networks, resolve);
  return inTransaction(db, {}, async (trx) => {
    const before = await requireOwn(trx, act, id);
    const { url = before.url, description = before.description, types } = change;
    const terms = { url, description, types: types === undefined ? before.types : types && JSON.stringify(types) };
    const after = { ...before, ...terms, ...stateAfter(before, change.paused) };
    await updateSubscription(trx, after);
    // Who mends a receiver, or names another, need not wait until the old one would have been tried again.
    const isFresh = change.url !== undefined || change.paused === false;
    const rested = { ...after, ...soundHealth };
    if (isFresh) await updateHealth(trx, rested);
    await recordAct(trx, act, 'subscription.change', { before, after });
    return viewOf(trx, act, isFresh ? rested : after);
  });
}

function stateAfter(
  { state, pausedBecause }: SubscriptionRow,
  paused: SubscriptionChange['paused'],
): Pick<SubscriptionRow, 'state' | 'pausedBecause'> {
  if (paused === undefined || (paused && state === 'PAUSED')) return { state, pausedBecause };
  return paused ? { state: 'PAUSED', pausedBecause: 'ASKED' } : { state: 'ACTIVE', pausedBecause: null };
}

/** Ends a subscription for ever, and forgets its messages. Throws `not-found`. */
export async function endSubscription(db: Db, act: ActContext, id: string): Promise<void> {
  await inTransaction(db, {}, async (trx) => {
    const before = await requireSeen(trx, act, id);
    await deleteSubscription(trx, id);
    await recordAct(trx, act, 'subscription.end', { before, after: null });
  });
}

/** Gives a subscription of the caller's own another secret; the former one signs besides for some hours. */
export async function renewSigningSecret(
  db: Db,
  act: ActContext,
  random: Random,
  id: string,
  { keepHours }: { readonly keepHours: number },
): Promise<NewSubscriptionView> {
  return inTransaction(db, {}, async (trx) => {
    const before = await requireOwn(trx, act, id);
    const formerUntil = new Date(act.now.getTime() + keepHours * 3_600_000).toISOString();
    const former =
      keepHours === 0 ? { formerSecret: null, formerUntil: null } : { formerSecret: before.secret, formerUntil };
    const after = { ...before, secret: makeSigningSecret(random), ...former };
    await replaceSigningSecret(trx, after);
    await recordAct(trx, act, 'subscription.secret', { before, after });
    return { ...(await viewOf(trx, act, after)), secret: after.secret };
  });
}

/** An entry of the log, in that of the division that the subscription tells of, else of a place of its token. */
export async function recordAct(
  trx: Trx,
  act: ActContext,
  action: string,
  { before, after }: { readonly before: SubscriptionRow | null; readonly after: SubscriptionRow | null },
): Promise<void> {
  const row = after ?? before;
  if (!row) return;
  const token = await findTokenById(trx, row.tokenId);
  const deed: AuditRecord = {
    action,
    subject: `/v1/subscriptions/${row.id}`,
    divisionId: row.divisionId ?? (await placeOf(trx, token)),
    before: before && logged(before),
    after: after && logged(after),
    tells: [],
  };
  await record(trx, act, deed);
}

async function placeOf(trx: Trx, token: KeptToken | undefined): Promise<number> {
  const granted = token?.grants.flatMap(({ divisionId }) => divisionId ?? []) ?? [];
  return granted.length === 1 && granted[0] !== undefined ? granted[0] : findNation(trx);
}

/** What the log keeps: no secret, and of an address only where it goes. */
function logged({ url, tokenId, types, description, state, pausedBecause }: SubscriptionRow) {
  return {
    origin: originOf(url),
    token: tokenId,
    types: types && JSON.parse(types),
    description,
    state,
    pausedBecause,
  };
}

function tooMany(own: number): Problem {
  const { own: maxOwn, all } = maxSubscriptions;
  if (own < maxOwn) {
    return new Problem('too-many-subscriptions', {
      zh: `全部令牌的订阅合计已达 ${all} 个。`,
      en: `There are ${all} subscriptions of all tokens together, as many as there may be.`,
    });
  }
  return new Problem('too-many-subscriptions', {
    zh: `该令牌已有 ${own} 个订阅，至多 ${maxOwn} 个。`,
    en: `The token has ${own} subscriptions; ${maxOwn} is as many as there may be.`,
  });
}
