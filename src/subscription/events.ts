/** What subscribers are told: types of events, and messages. */
import { hash } from 'node:crypto';
import type { ChangeView } from '../report/feed/changes.js';
import type { NewDelivery } from '../store/subscription/deliveries.js';
import type { SubscriptionRow } from '../store/subscription/subscriptions.js';
import {
  type ChangeSubject,
  type ChangeType,
  changeSubjects,
  changeTypes,
  type RestartReason,
  restartReasons,
} from '../words.js';

/** What a subscription can be narrowed to: all changes of one subject, or one type of change of it. */
export type EventType = ChangeSubject | `${ChangeSubject}.${ChangeType}`;

/** Whether a text is a type of event: `report`, or `report.accepted`. */
export function isEventType(text: string): text is EventType {
  const [subject = '', type, ...rest] = text.split('.');
  const isKnown = changeSubjects.some((known) => known === subject);
  return isKnown && rest.length === 0 && (type === undefined || changeTypes.some((known) => known === type));
}

/** The types of a subscription; null is all. */
export function typesOf({ types }: Pick<SubscriptionRow, 'types'>): readonly EventType[] | null {
  // Written by `makeSubscription` and `changeSubscription` alone.
  return types === null ? null : (JSON.parse(types) as readonly EventType[]);
}

/** The message that tells a subscription of a change, if its types include it. */
export function deliveryOf(
  subscription: Pick<SubscriptionRow, 'id'>,
  types: readonly EventType[] | null,
  {
    number,
    about,
    type,
    at,
  }: { readonly number: number; readonly about: ChangeSubject; readonly type: ChangeType; readonly at: string },
): NewDelivery | undefined {
  const event = `${about}.${type}` as const;
  if (types && !types.includes(about) && !types.includes(event)) return undefined;
  return { id: messageId(subscription, number, at), changeNumber: number, type: event, at };
}

/**
 * The message that the copy of a subscription's receiver cannot go on, whatever its types: what it has of divisions that it is
 * told of no more would stay, and what came to it would be missing.
 */
export function restartOf(
  { id, place }: Pick<SubscriptionRow, 'id' | 'place'>,
  reason: RestartReason,
  at: string,
): NewDelivery {
  return { id: digestId(`${id} ${place} ${reason} ${at}`), changeNumber: null, type: `feed.${reason}`, at };
}

/**
 * The id of a message: the same however often it is sent, by whichever process, and another one where a database that was
 * restored has another change of that number.
 */
function messageId({ id }: Pick<SubscriptionRow, 'id'>, number: number, at: string): string {
  return digestId(`${id} ${number} ${at}`);
}

function digestId(of: string): string {
  return `msg_${hash('sha256', of).slice(0, 32)}`;
}

/** Writes the data of a change as `/v1/changes` answers it. */
export type WriteChange = (view: ChangeView) => object;

/** The body of a message about a change. */
export function writeMessage(view: ChangeView, write: WriteChange): string {
  return JSON.stringify({ type: `${view.about}.${view.type}`, timestamp: view.at, data: write(view) });
}

/** The body of a message that is about no change: a test, or that a copy is to start again. */
export function writeOwnMessage({ id }: Pick<SubscriptionRow, 'id'>, { type, at }: NewDelivery): string {
  const reason = restartReasons.find((one) => type === `feed.${one}`);
  const restart = reason && { about: 'feed', type: reason, restart: '/v1/changes' };
  return JSON.stringify({ type, timestamp: at, data: { ...restart, subscription: id } });
}
