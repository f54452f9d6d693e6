/** Subscriptions as they are shown, and whose they are. */
import { requireScope } from '../access/authority.js';
import { mayEnd } from '../access/tokens.js';
import { dayInChina } from '../day.js';
import { Problem } from '../problem.js';
import type { NamedCode } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { divisionsNear } from '../store/register/divisions.js';
import { countDeliveries } from '../store/subscription/deliveries.js';
import { findSubscription, type SubscriptionRow } from '../store/subscription/subscriptions.js';
import { findTokenById } from '../store/tokens.js';
import type { ActContext, PauseReason, SubscriptionState } from '../words.js';
import { type EventType, typesOf } from './events.js';

/** A subscription as it is shown. */
export interface SubscriptionView {
  readonly id: string;
  /** To whom it does not belong, only where it goes: the rest of an address may be a secret. */
  readonly url: string;
  readonly description: string | null;
  readonly division: NamedCode | null;
  readonly types: readonly EventType[] | null;
  readonly state: SubscriptionState;
  readonly pausedBecause: PauseReason | null;
  readonly token: { readonly id: number; readonly name: string };
  /** Since when no message has arrived, and when the next is tried; null while they arrive. */
  readonly failingSince: string | null;
  readonly restUntil: string | null;
  readonly formerSecretUntil: string | null;
  readonly waiting: number;
  readonly failed: number;
  readonly createdBy: string;
  readonly createdAt: string;
}

/** The subscription of an id, where it is of the caller's token or of one that the caller may end; else `not-found`. */
export async function requireSeen(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  id: string,
): Promise<SubscriptionRow> {
  requireScope(act.caller, 'read');
  const found = await findSubscription(db, id);
  if (found && (await maySee(db, act, found))) return found;
  throw noSubscription(id);
}

/** The same where it is of the caller's own token. */
export async function requireOwn(db: Db, act: Pick<ActContext, 'caller'>, id: string): Promise<SubscriptionRow> {
  requireScope(act.caller, 'read');
  const found = await findSubscription(db, id);
  if (found && isOwn(act, found)) return found;
  throw noSubscription(id);
}

function isOwn({ caller }: Pick<ActContext, 'caller'>, { tokenId }: SubscriptionRow): boolean {
  return caller.kind === 'token' && caller.tokenId === tokenId;
}

/** Whether a caller may see and end a subscription: of its own token, or of one that it may end. */
export async function maySee(db: Db, act: Pick<ActContext, 'caller' | 'now'>, row: SubscriptionRow): Promise<boolean> {
  if (isOwn(act, row)) return true;
  const token = await findTokenById(db, row.tokenId);
  return token !== undefined && mayEnd(db, act, token);
}

/** A subscription as a caller sees it. */
export async function viewOf(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  row: SubscriptionRow,
): Promise<SubscriptionView> {
  const { id, tokenId, description, divisionId, state, pausedBecause, failingSince, restUntil, formerUntil } = row;
  const token = await findTokenById(db, tokenId);
  const near = divisionId === null ? undefined : await divisionsNear(db, [divisionId], dayInChina(act.now));
  const division = near?.get(divisionId ?? 0);
  return {
    id,
    url: isOwn(act, row) ? row.url : originOf(row.url),
    description,
    division: division ? { code: division.code, name: division.name } : null,
    types: typesOf(row),
    ...{ state, pausedBecause, token: { id: tokenId, name: token?.name ?? '' } },
    ...{ failingSince, restUntil: failingSince === null ? null : restUntil },
    formerSecretUntil: formerUntil !== null && formerUntil > act.now.toISOString() ? formerUntil : null,
    ...(await countDeliveries(db, id)),
    ...{ createdBy: row.createdBy, createdAt: row.createdAt },
  };
}

/** An address without what may be a secret in it. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

function noSubscription(id: string): Problem {
  return new Problem('not-found', {
    zh: `没有订阅 ${id}，或不属于该令牌。`,
    en: `There is no subscription ${id} of this token.`,
  });
}
