/** Where messages may go: networks, names that lead inside, redirects, and answers that never end. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import t from 'tap';
import { readConfig } from '../src/config.js';
import { mayReach, readNetworks } from '../src/subscription/networks.js';
import { readRetryAfter } from '../src/subscription/schedule.js';
import { filingBody, openTestApp, qunfeng } from './builders.js';
import { openReceiver, openSendingService, until } from './receiver.js';

t.setTimeout(240_000);

t.test('public is the internet by https, and nothing of the inside however it is written', async (t) => {
  const open = readNetworks(['public']);
  const outside = ['8.8.8.8', '1.1.1.1', '223.5.5.5', '2400:3200::1', '2606:4700:4700::1111', '::ffff:8.8.8.8'];
  for (const address of outside) {
    t.equal(mayReach(open, address, 'https'), true, address);
    t.equal(mayReach(open, address, 'http'), false, `${address} by http`);
  }
  const inside = [
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '100.100.100.200', '168.63.129.16', '192.0.0.8', '192.0.2.1', '198.18.0.1'],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::7f00:1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00:ec2::254',
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
    ],
    // IPv4 inside IPv6: mapped, compatible, translated, 6to4, Teredo, and translated locally.
    ...[
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '::ffff:169.254.169.254',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b::808:808',
    ],
    ...[
      '64:ff9b:1::a00:1',
      '2002:7f00:1::',
      '2002:a00:1::1',
      '2001::1',
      '::ffff:0:7f00:1',
      '100::1',
      '5f00::1',
      '4000::1',
    ],
    ...['', 'localhost', '1.2.3', '0x7f.1', '127.1'],
  ];
  t.same(
    inside.filter((address) => mayReach(open, address, 'https')),
    [],
  );
});

t.test('a network that is named is reached by http too, and nothing beside it', async (t) => {
  const networks = readNetworks(['10.1.0.0/16', '192.168.7.7', 'fd12::/16']);
  const reached = ['10.1.0.1', '10.1.255.255', '192.168.7.7', 'fd12::9', '::ffff:10.1.2.3'];
  for (const scheme of ['http', 'https'] as const) {
    t.same(
      reached.filter((address) => !mayReach(networks, address, scheme)),
      [],
      scheme,
    );
  }
  const beside = ['10.2.0.1', '192.168.7.8', 'fd13::1', '8.8.8.8', '::ffff:10.2.0.1', '127.0.0.1'];
  t.same(
    beside.filter((address) => mayReach(networks, address, 'https')),
    [],
  );
});

t.test('the setting takes addresses, blocks and public, and is nowhere unless it is set', async (t) => {
  const read = (text: string) => readConfig({ WEBHOOK_NETWORKS: text });
  t.match(readConfig({}), { config: { webhookNetworks: [] } });
  t.match(read('public, 10.0.0.0/8,fd00::/8'), { config: { webhookNetworks: ['public', '10.0.0.0/8', 'fd00::/8'] } });
  for (const wrong of ['all', '0.0.0.0/0', '10.0.0.0/33', 'loopback', 'example.org'])
    t.match(read(wrong), { faults: [/WEBHOOK_NETWORKS/] });
});

t.test('where nothing may be sent a subscription is refused, and the refusal names the setting', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const headers = { 'content-type': 'application/json', 'accept-language': 'zh' };
  const payload = JSON.stringify({ url: 'https://example.org/hook' });
  const answer = await app.inject({ method: 'POST', url: '/v1/subscriptions', headers, payload });
  t.match(answer.json(), { type: '/problems/address-refused', status: 422, reason: 'off', detail: /WEBHOOK_NETWORKS/ });
});

t.test('Retry-After is seconds or a day, and nothing else', async (t) => {
  const now = new Date('2026-11-24T04:00:00Z');
  t.equal(readRetryAfter('120', now), 120_000);
  t.equal(readRetryAfter('Tue, 24 Nov 2026 04:10:00 GMT', now), 600_000);
  t.equal(readRetryAfter('Tue, 24 Nov 2020 04:10:00 GMT', now), 1000);
  t.equal(readRetryAfter('999999999', now), 43_200_000);
  for (const none of [undefined, '', 'soon', '-5x']) t.equal(readRetryAfter(none, now), undefined);
});

/** Names as a resolver of a test knows them; each is looked up in turn among several answers. */
const names = new Map<string, readonly (readonly string[])[]>();
const asked: string[] = [];
const resolve = async (host: string) => {
  asked.push(host);
  const answers = names.get(host);
  if (!answers) throw new Error(`no ${host}`);
  const [first = [], ...rest] = answers;
  if (rest.length > 0) names.set(host, rest);
  return first;
};
const service = await openSendingService(t, { networks: ['127.0.0.1', 'public'], resolve });
const { done, send, token, subscribe, deliveries, pass, now } = service;
const end = (id: string) => done('DELETE', `/v1/subscriptions/${id}`);

t.test('an address is refused that is no address of the web, or leads where nothing may be sent', async (t) => {
  names.set('inside.example', [['10.0.0.5']]);
  names.set('both.example', [['8.8.8.8', '127.0.0.2']]);
  names.set('outside.example', [['8.8.8.8']]);
  names.set('empty.example', [[]]);
  const refused: readonly (readonly [url: string, reason: string])[] = [
    ['ftp://127.0.0.1/', 'form'],
    ['file:///etc/passwd', 'form'],
    ['127.0.0.1:80', 'form'],
    ['https://name:word@outside.example/', 'form'],
    ['https://outside.example/#part', 'form'],
    ['http://outside.example/', 'network'],
    ['https://inside.example/', 'network'],
    ['https://both.example/', 'network'],
    ['https://169.254.169.254/latest/meta-data', 'network'],
    ['http://[::1]/', 'network'],
    ['http://0x7f000002/', 'network'],
    ['http://2130706434/', 'network'],
    ['http://[::ffff:10.0.0.1]/', 'network'],
    ['https://nowhere.example/', 'unresolved'],
    ['https://empty.example/', 'unresolved'],
  ];
  for (const [url, reason] of refused) {
    const answer = await send(token, 'POST', '/v1/subscriptions', { url });
    t.match(
      answer.json(),
      { status: 422, type: '/problems/address-refused', reason, errors: [{ pointer: '/url' }] },
      url,
    );
  }
  // Written otherwise, and the same address.
  for (const url of [
    'http://0x7f000001:9/',
    'http://2130706433:9/',
    'http://[::ffff:127.0.0.1]:9/',
    'https://outside.example/',
  ]) {
    const { id } = await subscribe(url);
    t.match((await send(token, 'PATCH', `/v1/subscriptions/${id}`, { url: 'https://inside.example/' })).json(), {
      reason: 'network',
    });
    await end(id);
  }
});

t.test('a name that leads inside later is looked up once for each attempt, and not connected to', async (t) => {
  const receiver = await openReceiver(t);
  const inner = await openReceiver(t, () => 204, '127.0.0.2');
  const port = new URL(receiver.url).port;
  names.set('turning.example', [
    ['127.0.0.1'],
    ['127.0.0.1'],
    ['127.0.0.2'],
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.1'],
  ]);
  const { id } = await subscribe(`http://turning.example:${port}/hook`);
  await done('POST', '/v1/reports', filingBody());
  await until('the first arrives', () => receiver.received.length === 1);
  t.equal(receiver.received[0]?.headers.host, `turning.example:${port}`);
  await done('POST', '/v1/reports', filingBody({ year: 2022 }));
  for (const [index, pause] of [6000, 31_000].entries()) {
    await until('it is not sent inside', async () => {
      const [sent] = await deliveries(id);
      const { restUntil } = await done('GET', `/v1/subscriptions/${id}`);
      const isWritten = restUntil !== null && Date.parse(restUntil) > now().getTime();
      return sent.attempts === index + 1 && sent.problem?.code === 'ADDRESS' && isWritten;
    });
    pass(pause);
  }
  await until('all arrive when it leads back', async () =>
    (await deliveries(id)).every((one: { state: string }) => one.state === 'DELIVERED'),
  );
  t.same(inner.received, []);
  t.equal(asked.filter((host) => host === 'turning.example').length >= 5, true);
  const tries = (await deliveries(id)).reduce((sum: number, one: { attempts: number }) => sum + one.attempts, 0);
  t.equal(
    asked.filter((host) => host === 'turning.example').length,
    1 + tries,
    'once when it was made, and once an attempt',
  );
  await end(id);
});

t.test('a redirect is a failure, wherever it leads', async (t) => {
  const inner = await openReceiver(t);
  for (const status of [301, 302, 303, 307, 308]) {
    const receiver = await openReceiver(t, (_, response) => {
      response.writeHead(status, { location: inner.url }).end();
      return undefined;
    });
    const { id } = await subscribe(receiver.url);
    const at = String((await send(token, 'POST', `/v1/subscriptions/${id}/test`)).headers.location);
    await until('it has failed', async () => (await done('GET', at)).state === 'FAILED');
    t.match(await done('GET', at), { status, problem: { code: 'REDIRECT' } });
    await end(id);
  }
  t.same(inner.received, []);
});

t.test('an answer is read for some seconds and some kilobytes, and nothing of it is kept', async (t) => {
  const endless = await openReceiver(t, (_, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write('x'.repeat(65_536)), 1);
    response.on('close', () => clearInterval(more));
    return undefined;
  });
  const { id } = await subscribe(endless.url);
  const at = String((await send(token, 'POST', `/v1/subscriptions/${id}/test`)).headers.location);
  await until('its status counts', async () => (await done('GET', at)).state === 'DELIVERED');
  const garbage = createServer((socket) => socket.end('这不是 HTTP\r\n\r\n'));
  await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
  t.teardown(() => garbage.close());
  const { port } = garbage.address() as AddressInfo;
  await done('PATCH', `/v1/subscriptions/${id}`, { url: `http://127.0.0.1:${port}/` });
  const next = String((await send(token, 'POST', `/v1/subscriptions/${id}/test`)).headers.location);
  await until('that is no answer', async () => (await done('GET', next)).state === 'FAILED');
  t.match(await done('GET', next), { status: null, problem: { code: 'ANSWER' } });
  await end(id);
});

t.test('whatever a receiver answers ends the attempt, and the status decides once it has come', async (t) => {
  const answers: readonly (readonly [text: string, state: string, code: string | null])[] = [
    // Another protocol than was asked for; `fetch` and browsers end it as well.
    ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'FAILED', 'ANSWER'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`, 'FAILED', 'ANSWER'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n', 'FAILED', 'ANSWER'],
    [`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(1_000_000)}`, 'DELIVERED', null],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbroken', 'DELIVERED', null],
    ['HTTP/1.1 999 Unheard\r\ncontent-length: 0\r\n\r\n', 'FAILED', 'STATUS'],
  ];
  for (const [text, state, code] of answers) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { id } = await subscribe(`http://127.0.0.1:${port}/`);
    const at = String((await send(token, 'POST', `/v1/subscriptions/${id}/test`)).headers.location);
    await until('it has ended', async () => (await done('GET', at)).state !== 'WAITING');
    t.match(await done('GET', at), { state, problem: code && { code } }, text.slice(0, 60));
    await end(id);
  }
});

t.test('a receiver that never answers is given up after 15 s, and others are not kept waiting', async (t) => {
  const silent = await openReceiver(t, () => undefined);
  const live = await openReceiver(t);
  const one = await subscribe(silent.url);
  const other = await subscribe(live.url);
  for (const year of [2019, 2020, 2024, 2025]) {
    const asked = filingBody({ agency: year < 2021 ? qunfeng : '431281101', year });
    await done('POST', '/v1/reports', asked);
  }
  await until('the other has all', () => live.received.length === 4, 5000);
  await until(
    'it is given up',
    async () =>
      (await deliveries(one.id)).some((sent: { problem?: { code: string } }) => sent.problem?.code === 'TIMEOUT'),
    25_000,
  );
  await end(one.id);
  await end(other.id);
});
