/** A copy that cannot go on is told so: as `/v1/changes` refuses its place, a subscription sends that it is to start again. */
import t, { type Test } from 'tap';
import { fileReport } from '../src/report/file.js';
import { backUp, putInPlace } from '../src/store/engine/backup.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import type { PublicReading } from '../src/words.js';
import { act, filing, filingBody, hongjiang, openTestStore, qunfeng, scratch, tokenFor } from './builders.js';
import {
  openReceiver,
  openSendingService,
  type Received,
  saidIn,
  startSendingFrom,
  subscribeBy,
  until,
} from './receiver.js';

t.setTimeout(120_000);

const [prefecture, elsewhere] = ['431200', '350100'];
const typesOf = (received: readonly Received[]) => received.map((one) => saidIn(one).type);

t.test('whoever follows a prefecture is told to start again when a county has left it', async (t) => {
  const { db, done, send, subscribe, deliveries, pass, token } = await openSendingService(t, { publicReading: 'none' });
  const clerk = await tokenFor(db, { scope: 'read', division: prefecture });
  const [ofDivision, ofToken, ofTypes, ofAll, ofCounty] = await Promise.all(
    Array.from({ length: 5 }, () => openReceiver(t)),
  );
  if (!ofDivision || !ofToken || !ofTypes || !ofAll || !ofCounty) throw new Error('five receivers were opened');
  const made = await subscribe(ofDivision.url, { division: prefecture });
  await subscribe(ofToken.url, {}, clerk);
  await subscribe(ofTypes.url, { types: ['report.accepted'] }, clerk);
  await subscribe(ofAll.url);
  await subscribe(ofCounty.url, { division: hongjiang });
  const { next } = await done('GET', `/v1/changes?since=now&division=${prefecture}`);
  await done('POST', '/v1/reports', filingBody());
  await until('all that ask for filings are told', () =>
    [ofDivision, ofToken, ofAll, ofCounty].every(({ received }) => received.length === 1),
  );
  ofDivision.answer = () => 503;
  await done('POST', `/v1/divisions/${hongjiang}/changes`, { on: '2019-01-01', parent: elsewhere });
  const refused = await send(token, 'GET', `/v1/changes?division=${prefecture}&since=${encodeURIComponent(next)}`);
  t.match(refused.json(), { status: 410, reason: 'divisions-changed' });
  const lost = ({ received }: typeof ofAll) => received.filter((one) => saidIn(one).type === 'feed.divisions-changed');
  await until('they are told', () => [ofDivision, ofToken, ofTypes].every((one) => lost(one).length === 1));
  const [message] = lost(ofDivision);
  t.match(saidIn(message as Received), {
    type: 'feed.divisions-changed',
    data: { about: 'feed', type: 'divisions-changed', restart: '/v1/changes', subscription: made.id },
  });
  t.match(
    (await deliveries(made.id)).filter(({ type }: { type: string }) => type === 'feed.divisions-changed'),
    [{ state: 'WAITING' }],
    'it is sent again, as what tells of a change, and not given up as a test',
  );
  ofDivision.answer = () => 204;
  pass(6000);
  await until('it has arrived', () => lost(ofDivision).length === 2);
  await done('POST', '/v1/reports', filingBody({ agency: '431202001' }));
  await until('what comes is told', () => ofDivision.received.length > 0 && ofToken.received.length >= 3);
  await until('all has arrived', async () =>
    (await deliveries(made.id)).every((one: { state: string }) => one.state === 'DELIVERED'),
  );
  t.equal(lost(ofToken).length, 1, 'once');
  t.equal(new Set(lost(ofDivision).map(({ headers }) => headers['webhook-id'])).size, 1);
  t.same([...lost(ofAll), ...lost(ofCounty)], [], 'who follows everything, or the county, has lost nothing');
});

/** Sends what a store holds until the test has seen what it waits for. */
async function sendUntil(db: Db, open: PublicReading, what: string, holds: () => boolean): Promise<void> {
  const sending = startSendingFrom(db, { open });
  await until(what, holds);
  await sending.stop();
}

async function openSubscribed(t: Test, url: string) {
  const db = await openTestStore(url);
  const receiver = await openReceiver(t);
  await subscribeBy(db, await tokenFor(db, { scope: 'read', division: hongjiang }), receiver.url);
  return { db, receiver };
}

const file = (db: Db, year: number, now = act.now) =>
  fileReport(db, { ...act, now }, filing({ agency: qunfeng, year }), { method: 'post' });

t.test('whoever may read something else by another setting is told to start again', async (t) => {
  const { db, receiver } = await openSubscribed(t, 'sqlite::memory:');
  t.teardown(() => db.destroy());
  await file(db, 2021);
  await sendUntil(db, 'accepted', 'a filing is told', () => receiver.received.length === 1);
  await file(db, 2022);
  await sendUntil(db, 'none', 'another too', () => receiver.received.length === 3);
  t.same(typesOf(receiver.received), ['report.filed', 'feed.another-reader', 'report.filed']);
  await file(db, 2023);
  await sendUntil(db, 'none', 'a third', () => receiver.received.length === 4);
  t.equal(typesOf(receiver.received)[3], 'report.filed', 'it is told once');
});

t.test('after a restore each receiver is told to start again, though nothing follows', async (t) => {
  const folder = scratch(t);
  const path = `${folder}/x.db`;
  const { db, receiver } = await openSubscribed(t, `sqlite:${path}`);
  await file(db, 2021);
  await sendUntil(db, 'accepted', 'a filing is told', () => receiver.received.length === 1);
  await backUp(path, `${folder}/copy.db`, () => undefined);
  await file(db, 2022);
  await sendUntil(db, 'accepted', 'what the backup has not is told', () => receiver.received.length === 2);
  await db.destroy();
  await putInPlace(`${folder}/copy.db`, path, act.now);
  const restored = await openStore(`sqlite:${path}`);
  t.teardown(() => restored.destroy());
  await sendUntil(restored, 'accepted', 'it is told', () => receiver.received.length === 3);
  await file(restored, 2023, new Date(act.now.getTime() + 1000));
  await sendUntil(restored, 'accepted', 'it goes on', () => receiver.received.length === 4);
  t.same(typesOf(receiver.received), ['report.filed', 'report.filed', 'feed.restored', 'report.filed']);
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 4);
});
