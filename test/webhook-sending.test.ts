/** Many messages: nothing is lost or sent twice at once, nobody waits for who is dead, and no filing for any of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { fileReport } from '../src/report/file.js';
import { record } from '../src/store/audit-records.js';
import { changeOfReport } from '../src/store/changes.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { act, filing, openTestStore, runSql, scratch, tokenFor, townshipsOf } from './builders.js';
import { compileProgram } from './program.js';
import { type Answering, idOf, openReceiver, type Received, startSendingFrom, subscribeBy, until } from './receiver.js';

t.setTimeout(280_000);

/** Some reports, and what happens to them so often in all; of each the last is what is shown. */
async function happen(db: Db, times: number): Promise<void> {
  const agencies = await townshipsOf('431281');
  const rows: { code: string; row: { agencyId: number; year: number; revision: number; countyId: number } }[] = [];
  for (const code of agencies.slice(0, 10)) {
    await fileReport(db, act, filing({ agency: code }), { method: 'put', ifNoneMatch: 'any' }).catch(() => undefined);
    const [row] = await runSql<{ agencyId: number; year: number; revision: number; countyId: number }>(
      db,
      `select r.agency_id as "agencyId", r.year, r.revision, r.county_id as "countyId" from report r
        join agency_state s on s.agency_id = r.agency_id where s.code = '${code}' and s.valid_to is null`,
    );
    if (row) rows.push({ code, row });
  }
  for (let done = 0; done < times; done += 500) {
    const some = Array.from({ length: Math.min(500, times - done) }, (_, index) => {
      const one = rows[index % rows.length];
      if (!one) throw new Error('nothing is filed');
      return changeOfReport('findings', one.code, one.row, { to: ['ALL'] });
    });
    const deed = {
      action: 'report.recheck',
      subject: '/v1/reports',
      divisionId: null,
      before: null,
      after: null,
      tells: some,
    };
    await inTransaction(db, {}, (trx) => record(trx, act, deed));
  }
}

const idsIn = (received: readonly Received[]) => new Set(received.map(idOf));

// `npm run bench:webhooks` does it with ten times as many, and ten receivers.
t.test('a thousand events reach four receivers, each once, while a fifth is dead', async (t) => {
  const events = 1000;
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const token = await tokenFor(db);
  const live = await Promise.all(Array.from({ length: 4 }, () => openReceiver(t)));
  const dead = await openReceiver(t, () => undefined);
  for (const { url } of [dead, ...live]) await subscribeBy(db, token, url);
  await happen(db, 0);
  const [{ first } = { first: 0 }] = await runSql<{ first: number }>(db, 'select max(number) as first from change');
  await happen(db, events);
  const sending = startSendingFrom(db);
  const all = first + events;
  await until('all have arrived', () => live.every(({ received }) => received.length >= all), 240_000);
  await sending.stop();
  for (const { received } of live) {
    t.equal(received.length, all, 'none came twice');
    t.equal(idsIn(received).size, all);
  }
  t.ok(dead.received.length <= 40, `${dead.received.length} attempts at the dead one`);
  const waiting = await runSql<{ n: number }>(db, "select count(*) as n from delivery where state = 'WAITING'");
  t.ok((waiting[0]?.n ?? 0) <= 1250, `${waiting[0]?.n} of its messages wait; the others wait in the feed`);
});

t.test('a filing writes as much with ten subscriptions as with none, and waits for no receiver', async (t) => {
  const silent = await openReceiver(t, () => undefined);
  const written: number[] = [];
  for (const subscriptions of [0, 10]) {
    const db = await openTestStore();
    const token = await tokenFor(db);
    for (let made = 0; made < subscriptions; made++) await subscribeBy(db, token, silent.url);
    const changed = async () => (await runSql<{ n: number }>(db, 'select total_changes() as n'))[0]?.n ?? 0;
    const before = await changed();
    await fileReport(db, act, filing(), { method: 'post' });
    written.push((await changed()) - before);
    if (subscriptions > 0) {
      const sending = startSendingFrom(db);
      await until('it is under way', () => silent.received.length > 0);
      // Each of these would wait for 15 s if it waited for any.
      for (const year of [2019, 2020, 2022]) await fileReport(db, act, filing({ year }), { method: 'post' });
      t.pass('filed while no receiver answers');
      await sending.stop();
    }
    await db.destroy();
  }
  t.equal(written[1], written[0]);
});

t.test('two processes on one file send each message once', async (t) => {
  const url = `sqlite:${scratch(t)}/x.db`;
  const one = await openTestStore(url);
  const other = await openStore(url);
  const token = await tokenFor(one);
  const receivers = await Promise.all(Array.from({ length: 3 }, () => openReceiver(t)));
  for (const receiver of receivers) await subscribeBy(one, token, receiver.url);
  await happen(one, 500);
  const began = performance.now();
  const sendings = [startSendingFrom(one, { began }), startSendingFrom(other, { began })];
  const isDone = () => receivers.every(({ received }) => idsIn(received).size >= 510);
  await until('all have arrived', isDone, 60_000);
  await Promise.all(sendings.map((sending) => sending.stop()));
  for (const { received } of receivers) t.equal(received.length, 510);
  const [left] = await runSql<{ n: number }>(one, "select count(*) as n from delivery where state <> 'DELIVERED'");
  t.equal(left?.n, 0);
  await other.destroy();
  await one.destroy();
});

/** Starts the program as users run it, and waits until it serves. */
async function startProgram(t: { teardown(end: () => unknown): unknown }, main: string, url: string) {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { PATH: process.env.PATH, DATABASE_URL: url, PORT: '0', WEBHOOK_NETWORKS: '127.0.0.0/8', READER_THREADS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  await until('it serves', () => out.includes('is ready at'), 60_000);
  return child;
}

t.test('after kill -9 in the middle of sending nothing is lost, and what comes twice has the same id', async (t) => {
  const main = compileProgram(`${t.testdir({})}/compiled`);
  const url = `sqlite:${scratch(t)}/x.db`;
  const db = await openTestStore(url);
  const slowly: Answering = (_, response) => {
    setTimeout(() => response.writeHead(204).end(), 10);
    return undefined;
  };
  const receiver = await openReceiver(t, slowly);
  const { id } = await subscribeBy(db, await tokenFor(db), receiver.url);
  await happen(db, 600);
  const all = 610;
  await db.destroy();
  const first = await startProgram(t, main, url);
  await until('some have arrived', () => receiver.received.length >= 150, 60_000);
  first.kill('SIGKILL');
  await once(first, 'close');
  t.ok(idsIn(receiver.received).size < all, 'some are not sent yet');
  const last = await startProgram(t, main, url);
  const after = await openStore(url);
  const counted = () =>
    runSql<{ state: string; n: number }>(
      after,
      `select state, count(*) as n from delivery where subscription_id = '${id}' group by state`,
    );
  // What was under way at the kill is due again once its claim is over, whether it had arrived or not.
  const isWritten = async () => (await counted()).every(({ state, n }) => state === 'DELIVERED' && n === all);
  await until('all are written down', isWritten, 120_000);
  last.kill('SIGTERM');
  const [code] = await once(last, 'close');
  t.equal(code, 0);
  t.equal(idsIn(receiver.received).size, all, 'nothing is lost');
  const again = receiver.received.length - all;
  t.ok(again <= 16, `${again} came twice: those that were not written down at the kill`);
  t.same(await counted(), [{ state: 'DELIVERED', n: all }]);
  await after.destroy();
});

t.test('what is under way when the service stops ends, or is put back as if it had not been tried', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const silent = await openReceiver(t, () => undefined);
  await subscribeBy(db, await tokenFor(db), silent.url);
  await happen(db, 50);
  const sending = startSendingFrom(db);
  await until('some are under way', () => silent.received.length === 16);
  await sending.stop();
  const kept = await runSql<{ attempts: number; next_at: string }>(db, 'select attempts, next_at from delivery');
  t.ok(
    kept.every(({ attempts }) => attempts === 0),
    JSON.stringify(kept[0]),
  );
  silent.answer = () => 204;
  const before = silent.received.length;
  const next = startSendingFrom(db, { began: performance.now() - 10_000 });
  await until('all arrive', () => silent.received.length === before + kept.length);
  await next.stop();
});
