/** What subscribers are told: types of events, and messages. */
import { hash } from 'node:crypto';
import type { ChangeView } from '../report/feed/changes.js';
import type { NewDelivery } from '../store/subscription/deliveries.js';
import type { SubscriptionRow } from '../store/subscription/subscriptions.js';
import { type ChangeSubject, type ChangeType, changeSubjects, changeTypes } from '../words.js';

/** The type of a message by which a holder tries a receiver out. */
export const testType = 'subscription.test';

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
 * The id of a message: the same however often it is sent, by whichever process, and another one where a database that was
 * restored has another change of that number.
 */
function messageId({ id }: Pick<SubscriptionRow, 'id'>, number: number, at: string): string {
  return `msg_${hash('sha256', `${id} ${number} ${at}`).slice(0, 32)}`;
}

/** Writes the data of a change as `/v1/changes` answers it. */
export type WriteChange = (view: ChangeView) => object;

/** The body of a message about a change. */
export function writeMessage(view: ChangeView, write: WriteChange): string {
  return JSON.stringify({ type: `${view.about}.${view.type}`, timestamp: view.at, data: write(view) });
}

/** The body of a test. */
export function writeTest(subscription: Pick<SubscriptionRow, 'id'>, at: string): string {
  return JSON.stringify({ type: testType, timestamp: at, data: { subscription: subscription.id } });
}
