/** Answers kept for keys: each once, none before its time, and no more than a share of one token. */
import t from 'tap';
import { buildApp } from '../src/app.js';
import { bearer, clock, filingBody, openTestApp, qunfeng, runSql, tokenFor } from './builders.js';

const days = (count: number) => count * 24 * 3_600_000;

t.test(
  'an answer that nothing changed is kept once for all its keys, and forgotten with the last of them',
  async (t) => {
    const { app, db, token, close } = await openTestApp();
    t.teardown(close);
    const body = filingBody({ narrative: { overview: '公开。'.repeat(2000) } });
    const send = (key: string, server = app) =>
      server.inject({
        method: 'POST',
        url: '/v1/reports',
        headers: { 'idempotency-key': key, ...bearer(token) },
        payload: body,
      });
    const bodies = () => runSql<{ bytes: number; body: string }>(db, 'select bytes, body from answer_body order by id');
    const used = async () => (await runSql<{ bytes: number }>(db, 'select bytes from answer_use'))[0]?.bytes;
    const created = await send('k0');
    t.equal(created.statusCode, 201);
    const unchanged = await send('k1');
    t.equal(unchanged.statusCode, 200);
    for (let index = 2; index < 30; index++) t.equal((await send(`k${index}`)).statusCode, 200);
    const kept = await bodies();
    t.equal(kept.length, 2, 'one that it was created, one that nothing changed');
    t.ok((kept[1]?.bytes ?? Infinity) < unchanged.payload.length / 4, 'and not whole');
    t.equal(await used(), kept.reduce((sum, { bytes }) => sum + bytes, 0) + 30 * 512);
    for (const [key, answer] of [
      ['k0', created],
      ['k1', unchanged],
      ['k17', unchanged],
    ] as const) {
      const replayed = await send(key);
      t.equal(replayed.headers['idempotent-replayed'], 'true');
      t.equal(replayed.payload, answer.payload, 'byte for byte');
      t.equal(replayed.headers.etag, answer.headers.etag);
    }
    const later = await buildApp({ db, logger: false, clock: () => new Date(clock().getTime() + days(8)) });
    t.teardown(() => later.close());
    t.equal((await send('later', later)).statusCode, 200);
    t.same(await runSql(db, 'select key from answer'), [{ key: 'later' }]);
    t.equal((await bodies()).length, 1);
    t.equal(await used(), ((await bodies())[0]?.bytes ?? 0) + 512, 'what is forgotten is counted no more');
  },
);

t.test('a token whose answers fill its share gets no more kept until the oldest is old; others do', async (t) => {
  const { app, db, token, close } = await openTestApp();
  t.teardown(close);
  const other = await tokenFor(db);
  const file = (as: string, key: string | undefined, year: number, server = app) =>
    server.inject({
      method: 'POST',
      url: '/v1/reports',
      headers: { ...bearer(as), ...(key !== undefined && { 'idempotency-key': key }) },
      payload: filingBody({ agency: qunfeng, year }),
    });
  const fill = (share: number) =>
    runSql(db, 'update answer_use set bytes = ? where token_id = (select min(token_id) from answer_use)', [share]);
  t.equal((await file(token, 'a', 2019)).statusCode, 201);
  await fill(64 * 1024 * 1024);
  const refused = await file(token, 'b', 2020);
  t.match([refused.statusCode, refused.json().type], [429, '/problems/too-many-requests']);
  t.equal(refused.headers['retry-after'], String(days(7) / 1000), 'until the oldest of its answers is old');
  t.equal((await app.inject(`/v1/reports/${qunfeng}/2020`)).statusCode, 404, 'and nothing is done');
  t.equal((await file(token, 'a', 2019)).headers['idempotent-replayed'], 'true', 'what is kept is kept');
  t.equal((await file(token, undefined, 2020)).statusCode, 201, 'without a key it is filed');
  t.equal((await file(other, 'b', 2021)).statusCode, 201);
  await fill(1024 * 1024 * 1024);
  t.equal((await file(other, 'c', 2022)).statusCode, 201, 'however much one keeps, another keeps a little');
  const later = await buildApp({ db, logger: false, clock: () => new Date(clock().getTime() + days(7) + 1000) });
  t.teardown(() => later.close());
  await fill(64 * 1024 * 1024 + 1);
  t.equal((await file(token, 'd', 2023, later)).statusCode, 201);
});
