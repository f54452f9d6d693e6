/** Subscriptions: who is told what, when it is sent again, what ends it, and whose it is; with real receivers. */
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { verifyAudit } from '../src/store/audit-records.js';
import { bearer, filingBody, hongjiang, qunfeng, runSql, tokenFor } from './builders.js';
import { idOf, openReceiver, openSendingService, type Received, saidIn, until } from './receiver.js';

t.setTimeout(240_000);

const neighbour = '431202';
const service = await openSendingService(t);
const { db, done, send, subscribe, deliveries, pass, token, now } = service;

const seconds = 1000;
const hours = 3_600_000;

let lastYear = 2019;
/** Files a report of which nothing is filed yet, as the first of its agency and year. */
async function file(agency = qunfeng, figures: Readonly<Record<string, number>> = {}) {
  const body = filingBody({ agency, year: 2021, figures });
  const known = await send(token, 'GET', `/v1/reports/${agency}/2021`);
  if (known.statusCode === 404) return done('POST', '/v1/reports', body);
  lastYear++;
  const headers = { ...bearer(token), 'content-type': 'application/json', 'if-match': '*' };
  const payload = JSON.stringify({
    ...body,
    figures: { ...body.figures },
    reason: `更正 ${lastYear}`,
    narrative: { overview: `${lastYear}` },
  });
  const answer = await service.app.inject({ method: 'PUT', url: `/v1/reports/${agency}/2021`, headers, payload });
  if (answer.statusCode >= 300) throw new Error(answer.body);
  return answer.json();
}

const review = (agency: string, revision: number, decision: object = { decision: 'ACCEPTED' }) =>
  done('POST', `/v1/reports/${agency}/2021/reviews`, { revision, ...decision });

const withdraw = (agency: string) =>
  service.app.inject({
    method: 'DELETE',
    url: `/v1/reports/${agency}/2021?reason=${encodeURIComponent('误报')}`,
    headers: { ...bearer(token), 'if-match': '*' },
  });

const state = async (id: string) => done('GET', `/v1/subscriptions/${id}`);
const end = (id: string, by = token) => done('DELETE', `/v1/subscriptions/${id}`, undefined, by);
const types = (received: readonly Received[]) => received.map((one) => saidIn(one).type);
const verify = (secret: string, { body, headers }: Received, offset = 0) => {
  // The package holds the time of a message to the clock of this machine, and the service has another.
  const timestamp = Number(headers['webhook-timestamp']) + offset;
  const real = Date.now;
  Date.now = () => timestamp * 1000;
  try {
    // As a receiver hands its headers over.
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    Date.now = real;
  }
};

t.test('what is filed is told by one signed message that holds no figure', async (t) => {
  const receiver = await openReceiver(t);
  const { id, secret } = await subscribe(receiver.url, { division: hongjiang, description: '县局' });
  const { revision } = await file(qunfeng, { 'decisions.penalties.decided': 4321 });
  await until('the message', () => receiver.received.length === 1);
  const [message] = receiver.received;
  if (!message) return;
  const divisions = [hongjiang, '431200', '430000', '100000'];
  const shown = await send(token, 'GET', `/v1/reports/${qunfeng}/2021`);
  t.match(saidIn(message), {
    type: 'report.filed',
    data: {
      about: 'report',
      type: 'filed',
      agency: qunfeng,
      year: 2021,
      revision,
      divisions,
      etag: shown.headers.etag,
    },
  });
  t.equal(saidIn(message).timestamp, saidIn(message).data.at);
  t.notMatch(message.body, /4321|figures|narrative/);
  t.match(message.headers, { 'content-type': 'application/json; charset=utf-8', 'webhook-id': /^msg_[0-9a-f]{32}$/ });
  t.same(verify(secret, message), saidIn(message));
  t.throws(() => verify(secret, { ...message, body: message.body.replace('2021', '2022') }));
  t.throws(() => verify(`whsec_${Buffer.alloc(32, 7).toString('base64')}`, message));
  t.throws(() => verify(secret, message, 3600), 'an hour later it is too old');
  await until('it is written down', async () => (await deliveries(id))[0]?.state === 'DELIVERED');
  const [listed] = await deliveries(id);
  t.match(listed, { id: idOf(message), type: 'report.filed', attempts: 1, status: 204, nextAt: null, problem: null });
  t.same(await done('GET', `/v1/subscriptions/${id}/deliveries/${listed.id}`), listed);
  await end(id);
  await file();
  t.equal(receiver.received.length, 1, 'nothing is told once it has ended');
});

t.test(
  'a message says what /v1/changes says to the same token: all to a clerk, what was accepted to a stranger',
  async (t) => {
    const clerk = await tokenFor(db, { scope: 'read', division: hongjiang });
    const other = await tokenFor(db, { scope: 'read', division: neighbour });
    const [forClerk, forOther, forCounty] = [await openReceiver(t), await openReceiver(t), await openReceiver(t)];
    const start = async (by: string) => (await done('GET', '/v1/changes?since=now', undefined, by)).next;
    const since = { clerk: await start(clerk), other: await start(other) };
    const made = [
      await subscribe(forClerk.url, {}, clerk),
      await subscribe(forOther.url, {}, other),
      await subscribe(forCounty.url, { division: neighbour }, other),
    ];
    const agency = '431281102';
    await file(agency, { 'decisions.penalties.decided': 11 });
    await until('the clerk is told of the filing', () => forClerk.received.length === 1);
    await review(agency, 1);
    await until(
      'both are told of the acceptance',
      () => forClerk.received.length === 2 && forOther.received.length === 1,
    );
    await file(agency, { 'decisions.penalties.decided': 12 });
    await until('the clerk is told of the correction', () => forClerk.received.length === 3);
    await withdraw(agency);
    await until('both are told that it is gone', () => forClerk.received.length >= 4 && forOther.received.length >= 2);
    const feed = async (by: string, from: string) =>
      (await done('GET', `/v1/changes?every=true&since=${from}`, undefined, by)).changes;
    const gone = (received: readonly Received[]) => saidIn(received.at(-1) as Received).data;
    t.match(gone(forClerk.received), { type: 'withdrawn', deleted: true, reason: '误报' });
    t.match(gone(forOther.received), { type: 'withdrawn', deleted: true });
    t.notOk('reason' in gone(forOther.received), 'why is for those who read all');
    const told = (changes: readonly { type: string; agency: string }[]) =>
      changes.map(({ type, agency: of }) => `${type} ${of}`);
    t.same(told(forClerk.received.map((one) => saidIn(one).data)), told(await feed(clerk, since.clerk)));
    t.same(told(forOther.received.map((one) => saidIn(one).data)), told(await feed(other, since.other)));
    t.same(types(forOther.received), ['report.accepted', 'report.withdrawn']);
    t.notMatch(JSON.stringify(forOther.received), /更正|误报/);
    t.same(forCounty.received, [], 'of its own county nothing has changed');
    for (const { id } of made.slice(0, 1)) await end(id, clerk);
    for (const { id } of made.slice(1)) await end(id, other);
  },
);

t.test(
  'a message that waits is sent as its reader may read it then, and not at all where it may no more',
  async (t) => {
    const clerk = await tokenFor(db, { scope: 'read', division: hongjiang });
    const receiver = await openReceiver(t, () => 500);
    const { id } = await subscribe(receiver.url, { types: ['report'] }, clerk);
    const agency = '431281103';
    await file(agency);
    await until('it failed once', () => receiver.received.length === 1);
    await withdraw(agency);
    receiver.answer = () => 204;
    pass(6 * seconds);
    await until('both have arrived', async () =>
      (await deliveries(id, clerk)).every((one: { state: string }) => one.state === 'DELIVERED'),
    );
    const [first, ...later] = receiver.received.map(saidIn);
    t.match(first.data, { type: 'filed', revision: 1, etag: /^"1-/ });
    const again = later.find((one) => one.type === 'report.filed');
    t.match(again.data, { type: 'filed', etag: null }, 'a later change follows, and the report is gone');
    t.notOk('deleted' in again.data);
    await end(id, clerk);
  },
);

t.test('types narrow what is told', async (t) => {
  const receiver = await openReceiver(t);
  const { id } = await subscribe(receiver.url, { types: ['report.accepted', 'division'] });
  const agency = '431281104';
  await file(agency);
  await review(agency, 1);
  await done('PUT', `/v1/divisions/${hongjiang}/locks/2019`, { since: '2027-01-01', reason: '归档' });
  await until('two messages', () => receiver.received.length === 2);
  t.same(types(receiver.received).toSorted(), ['division.locked', 'report.accepted']);
  const refused = await send(token, 'POST', '/v1/subscriptions', { url: receiver.url, types: ['report.eaten'] });
  t.match(refused.json(), {
    status: 422,
    errors: [{ pointer: '/types/0', message: { en: /report, agency, division.*filed, revised, / } }],
  });
  await end(id);
});

t.test('a message that fails is sent again after growing pauses under the same id, until it arrives', async (t) => {
  const statuses = [500, 302, 404];
  const receiver = await openReceiver(t, () => statuses.shift() ?? 200);
  const { id, secret } = await subscribe(receiver.url);
  await file();
  for (const [index, pause] of [5, 30, 120].entries()) {
    await until(
      'it was tried',
      async () => (await deliveries(id))[0]?.problem !== null && receiver.received.length === index + 1,
    );
    await until('that is written down', async () => Date.parse((await state(id)).restUntil) > now().getTime());
    const [{ nextAt, lastAt, state: where }] = await deliveries(id);
    t.equal(where, 'WAITING');
    const wait = Date.parse(nextAt) - now().getTime();
    const paused = Date.parse(nextAt) - Date.parse(lastAt);
    t.ok(paused >= pause * seconds && paused < (pause + 15) * seconds, `${paused} ms of ${pause} s`);
    t.equal((await deliveries(id))[0].attempts, index + 1);
    pass(wait + 10);
  }
  await until('it has arrived', async () => (await deliveries(id))[0].state === 'DELIVERED');
  t.equal(new Set(receiver.received.map(idOf)).size, 1);
  t.equal(receiver.received.length, 4);
  const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
  t.same(
    times,
    [...new Set(times)].toSorted((a, b) => a - b),
    'each is signed at the time of its sending',
  );
  for (const one of receiver.received) verify(secret, one);
  t.match(await state(id), { failingSince: null, restUntil: null, waiting: 0, failed: 0 });
  await end(id);
});

t.test('Retry-After is kept to, within bounds', async (t) => {
  const headers: (string | undefined)[] = ['600', '99999999', 'Fri, 01 Jan 1999 00:00:00 GMT', 'soon', undefined];
  const waits = [600, 43_200, 120, 600, 3600];
  const receiver = await openReceiver(t, (_, response) => {
    const after = headers.shift();
    response.writeHead(429, after === undefined ? {} : { 'retry-after': after }).end();
    return undefined;
  });
  const { id } = await subscribe(receiver.url);
  await file();
  for (const [index, seen] of waits.entries()) {
    await until('it was tried', async () => {
      const [one] = await deliveries(id);
      return (
        one?.attempts === index + 1 && one.status === 429 && Date.parse((await state(id)).restUntil) > now().getTime()
      );
    });
    const [{ nextAt, lastAt }] = await deliveries(id);
    const wait = Date.parse(nextAt) - now().getTime();
    const paused = Date.parse(nextAt) - Date.parse(lastAt);
    t.ok(paused >= seen * seconds && paused < (seen + 15) * seconds, `${paused} ms, ${seen} s expected`);
    pass(wait + 10);
  }
  await end(id);
});

t.test('410 pauses a subscription, and its holder resumes it where it was', async (t) => {
  const receiver = await openReceiver(t, () => 410);
  const { id } = await subscribe(receiver.url);
  await file();
  await until('it is paused', async () => (await state(id)).state === 'PAUSED');
  t.match(await state(id), { pausedBecause: 'GONE', failed: 1, waiting: 0 });
  await file();
  await file();
  t.equal(receiver.received.length, 1);
  receiver.answer = () => 204;
  t.match(await done('PATCH', `/v1/subscriptions/${id}`, { paused: false }), { state: 'ACTIVE', pausedBecause: null });
  await until('what came meanwhile', () => receiver.received.length === 3);
  t.match(await done('POST', `/v1/subscriptions/${id}/attempts`), { repeated: 1 });
  await until('what was given up', () => receiver.received.length === 4);
  t.equal(idOf(receiver.received[3] as Received), idOf(receiver.received[0] as Received));
  await until('nothing is left', async () => (await state(id)).failed === 0);
  await end(id);
});

t.test('a receiver that fails for three days is left alone, and nothing that came meanwhile is lost', async (t) => {
  const receiver = await openReceiver(t, () => 503);
  const { id } = await subscribe(receiver.url);
  for (let filed = 0; filed < 4; filed++) await file();
  const began = now().getTime();
  let tried = 0;
  while ((await state(id)).state === 'ACTIVE') {
    await until('a try', () => receiver.received.length > tried);
    tried = receiver.received.length;
    await until('it is written down', async () => {
      const { state: where, restUntil } = await state(id);
      return where === 'PAUSED' || (restUntil !== null && Date.parse(restUntil) > now().getTime());
    });
    const { restUntil, state: where } = await state(id);
    if (where === 'PAUSED') break;
    pass(Date.parse(restUntil) - now().getTime() + 10);
  }
  t.match(await state(id), { pausedBecause: 'FAILING' });
  const lasted = now().getTime() - began;
  t.ok(lasted >= 72 * hours && lasted < 90 * hours, `${lasted / hours} h`);
  t.ok(receiver.received.length < 30, `${receiver.received.length} attempts in all, however many wait`);
  await file();
  receiver.answer = () => 204;
  const before = receiver.received.length;
  await done('PATCH', `/v1/subscriptions/${id}`, { paused: false });
  await done('POST', `/v1/subscriptions/${id}/attempts`);
  await until('all five have arrived', async () => {
    const all = await deliveries(id);
    return all.length === 5 && all.every((one: { state: string }) => one.state === 'DELIVERED');
  });
  t.equal(new Set(receiver.received.slice(before).map(idOf)).size, 5);
  await end(id);
});

t.test('a test is sent once, also to what is paused, and says how it went', async (t) => {
  const receiver = await openReceiver(t, () => 500);
  const { id, secret } = await subscribe(receiver.url);
  await done('PATCH', `/v1/subscriptions/${id}`, { paused: true });
  const accepted = await send(token, 'POST', `/v1/subscriptions/${id}/test`);
  t.equal(accepted.statusCode, 202);
  const at = String(accepted.headers.location);
  await until('it was sent', async () => (await done('GET', at)).state === 'FAILED');
  t.match(await done('GET', at), { type: 'subscription.test', attempts: 1, status: 500, problem: { code: 'STATUS' } });
  t.match(saidIn(receiver.received[0] as Received), { type: 'subscription.test', data: { subscription: id } });
  verify(secret, receiver.received[0] as Received);
  t.match(await state(id), { state: 'PAUSED', pausedBecause: 'ASKED', failingSince: null });
  await receiver.close();
  const next = await send(token, 'POST', `/v1/subscriptions/${id}/test`);
  await until('nobody answers', async () => (await done('GET', String(next.headers.location))).state === 'FAILED');
  t.match(await done('GET', String(next.headers.location)), {
    status: null,
    problem: { code: 'CONNECT', message: { zh: /连接/ } },
  });
  await end(id);
});

t.test('a new secret signs at once, and the former one beside it for as long as is asked', async (t) => {
  const receiver = await openReceiver(t);
  const { id, secret } = await subscribe(receiver.url);
  const renewed = await done('POST', `/v1/subscriptions/${id}/secret`, { keepHours: 2 });
  t.not(renewed.secret, secret);
  t.ok(renewed.formerSecretUntil);
  await file();
  await until('one message', () => receiver.received.length === 1);
  verify(secret, receiver.received[0] as Received);
  verify(renewed.secret, receiver.received[0] as Received);
  t.equal(String(receiver.received[0]?.headers['webhook-signature']).split(' ').length, 2);
  pass(3 * hours);
  await file();
  await until('another', () => receiver.received.length === 2);
  verify(renewed.secret, receiver.received[1] as Received);
  t.throws(() => verify(secret, receiver.received[1] as Received));
  t.equal((await state(id)).formerSecretUntil, null);
  const usual = await done('POST', `/v1/subscriptions/${id}/secret`);
  t.ok(usual.formerSecretUntil, 'the hours may be left out, and the body with them');
  const last = await done('POST', `/v1/subscriptions/${id}/secret`, { keepHours: 0 });
  await file();
  await until('a third', () => receiver.received.length === 3);
  verify(last.secret, receiver.received[2] as Received);
  t.throws(() => verify(renewed.secret, receiver.received[2] as Received));
  await end(id);
});

t.test('nothing is sent from when its token has ended', async (t) => {
  for (const how of ['revoked', 'expired'] as const) {
    const receiver = await openReceiver(t, () => 500);
    const expiresAt = how === 'expired' ? new Date(now().getTime() + hours).toISOString() : null;
    const grants = [{ scope: 'read', division: hongjiang }];
    const holder = await done('POST', '/v1/tokens', { name: `到期 ${how}`, grants, expiresAt });
    const { id } = await subscribe(receiver.url, {}, holder.token);
    await file();
    await until('it failed once', () => receiver.received.length === 1);
    if (how === 'revoked') await done('DELETE', `/v1/tokens/${holder.id}`);
    receiver.answer = () => 204;
    pass(2 * hours);
    await file();
    await until(`it is paused: ${how}`, async () => (await state(id)).state === 'PAUSED');
    t.match(await state(id), { pausedBecause: 'TOKEN', token: { name: `到期 ${how}` } });
    t.equal(receiver.received.length, 1, how);
    await end(id);
  }
});

t.test('a subscription is its token’s own; who may end the token sees and ends it, and nobody else', async (t) => {
  const receiver = await openReceiver(t);
  const secretPath = `${receiver.url}/zh-secret-part?key=k1`;
  const clerk = await tokenFor(db, { scope: 'read', division: hongjiang }, '县办');
  const admin = await tokenFor(db, { scope: 'admin', division: hongjiang });
  const elsewhere = await tokenFor(db, { scope: 'admin', division: neighbour });
  const equal = await tokenFor(db, { scope: 'read', division: hongjiang });
  const { id, secret, url } = await subscribe(secretPath, { division: hongjiang }, clerk);
  t.equal(url, secretPath);
  const statusFor = async (by: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', rest = '', body?: object) =>
    (await send(by, method, `/v1/subscriptions/${id}${rest}`, body)).statusCode;
  const message = `msg_${'0'.repeat(32)}`;
  const own = [
    ['PATCH', '', { description: '他人' }],
    ['POST', '/secret', {}],
    ['POST', '/test', undefined],
    ['POST', '/attempts', undefined],
    ['POST', `/deliveries/${message}/attempts`, undefined],
  ] as const;
  for (const by of [admin, elsewhere, equal]) {
    for (const [method, rest, body] of own) t.equal(await statusFor(by, method, rest, body), 404, `${method} ${rest}`);
  }
  for (const by of [elsewhere, equal]) {
    for (const rest of ['', '/deliveries']) t.equal(await statusFor(by, 'GET', rest), 404);
    t.equal(await statusFor(by, 'DELETE'), 404);
    t.same((await done('GET', '/v1/subscriptions', undefined, by)).items, []);
  }
  const seen = await done('GET', `/v1/subscriptions/${id}`, undefined, admin);
  t.match(seen, { url: new URL(receiver.url).origin, token: { name: '县办' }, division: { code: hongjiang } });
  t.notMatch(JSON.stringify(seen), /zh-secret-part|k1|whsec/);
  const strange = await service.app.inject('/v1/subscriptions');
  t.equal(strange.statusCode, 401);
  t.equal((await send(clerk, 'POST', '/v1/subscriptions', { url: receiver.url, division: neighbour })).statusCode, 403);
  await end(id, admin);
  t.equal(await statusFor(clerk, 'GET'), 404);
  const logged = await runSql<{ action: string; before: string; after: string }>(
    db,
    `select action, before, after from audit where subject = '/v1/subscriptions/${id}' order by number`,
  );
  t.same(
    logged.map(({ action }) => action),
    ['subscription.make', 'subscription.end'],
  );
  t.notMatch(JSON.stringify(logged), new RegExp(`zh-secret-part|k1|${secret.slice(6, 20)}`));
  t.same((await verifyAudit(db)).faults, []);
});

t.test('lists go on where a page ended, and nobody has more subscriptions than there may be', async (t) => {
  const by = await tokenFor(db, { scope: 'read', division: hongjiang });
  const ids: string[] = [];
  for (let made = 0; made < 20; made++)
    ids.push((await subscribe('http://127.0.0.1:9/', { types: ['division.split'] }, by)).id);
  const refused = await send(by, 'POST', '/v1/subscriptions', { url: 'http://127.0.0.1:9/' });
  t.match(refused.json(), { type: '/problems/too-many-subscriptions', status: 409 });
  const listed: string[] = [];
  for (let path: string | undefined = '/v1/subscriptions?first=7'; path !== undefined; ) {
    const answer = await send(by, 'GET', path);
    listed.push(...answer.json().items.map((one: { id: string }) => one.id));
    path = /<(.*)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
  }
  t.same(listed, ids.toSorted());
  for (const id of ids) await end(id, by);
});

t.test('messages are listed page by page and by state, and one can be sent again', async (t) => {
  const receiver = await openReceiver(t);
  const { id } = await subscribe(receiver.url);
  for (let filed = 0; filed < 5; filed++) await file();
  await until(
    'all have arrived',
    async () => (await deliveries(id)).filter((one: { state: string }) => one.state === 'DELIVERED').length === 5,
  );
  const all = (await deliveries(id)).map((one: { id: string }) => one.id);
  const first = await send(token, 'GET', `/v1/subscriptions/${id}/deliveries?state=DELIVERED&first=3`);
  const next = /<(.*)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? '';
  const paged = [...first.json().items, ...(await done('GET', next)).items].map((one: { id: string }) => one.id);
  t.same(paged, all);
  t.same(all, receiver.received.map(idOf).toReversed(), 'the newest first; they were sent in their order');
  t.same((await done('GET', `/v1/subscriptions/${id}/deliveries?state=FAILED`)).items, []);
  const again = await send(token, 'POST', `/v1/subscriptions/${id}/deliveries/${all[2]}/attempts`);
  t.equal(again.statusCode, 202);
  await until('it came again', () => receiver.received.length === 6);
  t.equal(idOf(receiver.received[5] as Received), all[2]);
  const unknown = await send(token, 'POST', `/v1/subscriptions/${id}/deliveries/msg_${'0'.repeat(32)}/attempts`);
  t.equal(unknown.statusCode, 404);
  await end(id);
});
