/** Subscriptions: what is told to whom, when it is sent again, and what ends it; with real receivers. */
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { filingBody, hongjiang, qunfeng, tokenFor } from './builders.js';
import { idOf, openReceiver, openSendingService, saidIn, until } from './receiver.js';

t.test('a subscriber is told of a filing by a signed message without figures', async (t) => {
  const service = await openSendingService(t);
  const receiver = await openReceiver(t);
  const { id, secret } = await service.subscribe(receiver.url);
  const filed = await service.done(
    'POST',
    '/v1/reports',
    filingBody({ figures: { 'decisions.penalties.decided': 4321 } }),
  );
  await until('the message', () => receiver.received.length === 1);
  const [message] = receiver.received;
  if (!message) return;
  t.match(filed.revision, 1);
  t.match(saidIn(message), {
    type: 'report.filed',
    data: {
      about: 'report',
      type: 'filed',
      agency: qunfeng,
      year: 2021,
      revision: 1,
      divisions: [hongjiang, '431200', '430000', '100000'],
    },
  });
  t.notMatch(message.body, /4321/);
  t.match(message.headers['webhook-signature'], /^v1,/);
  t.ok(secret.startsWith('whsec_'));
  await until('it is written down', async () => (await service.deliveries(id))[0].state === 'DELIVERED');
  t.equal((await service.deliveries(id))[0].id, idOf(message));
  void Webhook;
  void tokenFor;
});
