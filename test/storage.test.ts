/** What is answered when the disk is full or fails, and while another process holds the database. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import t from 'tap';
import { fileReport } from '../src/report/file.js';
import { packageRoot } from '../src/root.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  act,
  bearer,
  filing,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  scratch,
  tokenFor,
  townshipsOf,
} from './builders.js';
import { compileProgram } from './program.js';

interface Test {
  teardown(end: () => unknown): void;
}

async function openApp(t: Test, folder: string) {
  const { app, db, close } = await openTestApp({ url: `sqlite:${join(folder, 'store.db')}` });
  t.teardown(close);
  return { app, db };
}

/** Filings that nobody has made yet, one after the other: 20 townships over some years. */
async function* filings(): AsyncGenerator<string, never> {
  for (;;) {
    for (const year of [2019, 2020, 2021, 2022, 2023, 2024]) {
      for (const agency of await townshipsOf(hongjiang)) {
        const narrative = { overview: '总'.repeat(900), problems: '问题'.repeat(4000) };
        yield JSON.stringify(filingBody({ agency, year, narrative, figures: { 'decisions.licenses.decided': 7 } }));
      }
    }
  }
}

const json = { 'content-type': 'application/json' };
const post = (app: FastifyInstance, payload: string) =>
  app.inject({ method: 'POST', url: '/v1/reports', headers: json, payload });

/** Files until one is refused, and returns that answer with how many were taken before it. */
async function fileUntilRefused(send: (body: string) => Promise<Answer>, source: AsyncGenerator<string, never>) {
  for (let taken = 0; taken < 110; taken++) {
    const answer = await send((await source.next()).value);
    if (answer.statusCode !== 201) return { answer, taken };
  }
  throw new Error('110 filings were taken');
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Nothing half-written: as many reports as revisions as were answered with 201, sums exact, the file sound. */
async function holdsExactly(db: Db, reports: number): Promise<readonly unknown[]> {
  const { rows } = await sql<{ what: string; count: number }>`
    select 'report' as what, count(*) as count from report union all select 'revision', count(*) from revision`.execute(
    db,
  );
  const { rows: sound } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  const wrong = rows.filter(({ count }) => count !== reports);
  return [...wrong, ...sound.filter((row) => row.integrity_check !== 'ok'), ...(await verifyRollups(db))];
}

/** Takes all the room there is. */
function fillUp(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(64 * 1024 * 1024));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
    throw error;
  }
  throw new Error('there was room for more');
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mounting = mayMount() ? {} : { skip: 'only root may mount a file system of its own' };

t.test(
  'on a full disk a write is answered with 507, reads go on, and space again is all it needs',
  mounting,
  async (t) => {
    const folder = scratch(t);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder]);
    t.teardown(() => execFileSync('umount', ['--lazy', folder]));
    const { app, db } = await openApp(t, folder);
    const source = filings();
    t.equal((await post(app, (await source.next()).value)).statusCode, 201);
    const filler = join(folder, 'filler');
    fillUp(filler);
    const { answer, taken } = await fileUntilRefused((body) => post(app, body), source);
    t.match(answer, { statusCode: 507, headers: { 'retry-after': '30' } });
    t.match(JSON.parse(answer.body), { type: '/problems/storage-full', status: 507 });
    const together = await Promise.all(Array.from({ length: 5 }, async () => post(app, (await source.next()).value)));
    t.same(
      together.map((one) => one.statusCode),
      [507, 507, 507, 507, 507],
    );
    t.equal((await app.inject('/v1/reports?year=2019')).statusCode, 200);
    t.equal((await app.inject('/health/ready')).statusCode, 200);
    rmSync(filler);
    t.equal((await post(app, (await source.next()).value)).statusCode, 201);
    t.same(await holdsExactly(db, taken + 2), []);
  },
);

t.test('an I/O error is answered with 503, and writing goes on when the device does', mounting, async (t) => {
  const folder = scratch(t);
  const { fail, mend } = mountFailing(t, folder);
  const { app, db } = await openApp(t, folder);
  const source = filings();
  t.equal((await post(app, (await source.next()).value)).statusCode, 201);
  fail();
  const { answer, taken } = await fileUntilRefused((body) => post(app, body), source);
  t.match(answer, { statusCode: 503, headers: { 'retry-after': '30' } });
  t.match(JSON.parse(answer.body), { type: '/problems/storage-unavailable' });
  t.equal((await app.inject('/v1/reports?year=2019')).statusCode, 200);
  mend();
  t.equal((await post(app, (await source.next()).value)).statusCode, 201);
  t.same(await holdsExactly(db, taken + 2), []);
});

const limiting = existsSync('/usr/bin/prlimit') ? {} : { skip: 'prlimit of util-linux is not here' };

/** A file system on a device that has no room for what is written to it: waiting for the disk fails with EIO. */
function mountFailing(t: Test, folder: string) {
  const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim();
  const below = scratch(t);
  run('mount', '-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', below);
  t.teardown(() => run('umount', '--lazy', below));
  const image = join(below, 'image');
  run('truncate', '--size=128M', image);
  run('mkfs.ext2', '-q', '-E', 'nodiscard', image);
  run('mount', '-o', 'loop,errors=continue', image, folder);
  t.teardown(() => run('umount', folder));
  const filler = join(below, 'filler');
  return {
    fail: () => fillUp(filler),
    mend: () => rmSync(filler),
  };
}

t.test('a file system that turned read-only is answered with 503, reads go on', mounting, async (t) => {
  const folder = scratch(t);
  const image = join(scratch(t), 'image');
  execFileSync('truncate', ['--size=64M', image]);
  execFileSync('mkfs.ext4', ['-q', image]);
  execFileSync('mount', ['-o', 'loop', image, folder]);
  t.teardown(() => execFileSync('umount', [folder]));
  const { app, db } = await openApp(t, folder);
  const source = filings();
  t.equal((await post(app, (await source.next()).value)).statusCode, 201);
  // What the kernel does by itself when the device below fails; only mounting anew undoes it.
  execFileSync('mount', ['-o', 'remount,abort', folder]);
  const { answer, taken } = await fileUntilRefused((body) => post(app, body), source);
  t.equal(taken, 0);
  t.match(answer, { statusCode: 503 });
  t.match(JSON.parse(answer.body), { type: '/problems/storage-unavailable' });
  t.equal((await app.inject('/v1/reports/431281207/2021')).statusCode, 404);
  t.same(await holdsExactly(db, 1), []);
});

t.test(
  'at the limit of a file the process lives, its log too, refuses what does not fit, and goes on when it is lifted',
  limiting,
  async (t) => {
    const folder = scratch(t);
    const url = `sqlite:${join(folder, 'store.db')}`;
    const log = join(folder, 'log');
    const empty = await openTestStore(url);
    const token = await tokenFor(empty);
    await empty.destroy();
    const server = spawn(process.execPath, [compileProgram(join(t.testdir({}), 'compiled')), 'serve'], {
      env: { PATH: process.env.PATH, PORT: '0', DATABASE_URL: url },
      stdio: ['ignore', openSync(log, 'w'), 'inherit'],
    });
    t.teardown(() => server.kill('SIGKILL'));
    const address = await addressIn(log);
    const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]);
    const send = async (body: string): Promise<Answer> => {
      const answer = await fetch(`${address}/v1/reports`, {
        method: 'POST',
        headers: { ...json, ...bearer(token) },
        body,
      });
      return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
    };
    const source = filings();
    t.equal((await send((await source.next()).value)).statusCode, 201);
    // Less than either the database or the log of the server has already.
    limit('64');
    const { answer, taken } = await fileUntilRefused(send, source);
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '30' } });
    t.equal((await fetch(`${address}/v1/reports?year=2019`)).status, 200);
    t.equal(server.exitCode, null);
    t.equal(server.signalCode, null);
    limit('unlimited');
    t.equal((await send((await source.next()).value)).statusCode, 201);
    server.kill('SIGTERM');
    t.same(await once(server, 'exit'), [0, null]);
    const db = await openStore(url);
    t.teardown(() => db.destroy());
    t.same(await holdsExactly(db, taken + 2), []);
  },
);

async function addressIn(log: string): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const address = /ready at (http:[^"\s]+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (address !== undefined) return address;
    await sleep(50);
  }
  throw new Error('the server was not ready in 30 seconds');
}

/** Another process that takes the write lock and keeps it until its input ends. */
async function holdLock(t: Test, path: string) {
  const text = `import Sqlite from 'better-sqlite3';
    const db = new Sqlite(process.argv[1]);
    db.exec('begin immediate');
    process.stdout.write('held');
    process.stdin.on('end', () => process.exit()).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text, path], {
    cwd: packageRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

/**
 * Measures, in a thread that shares nothing with the service, how late a timer comes: what a busy machine does to
 * everybody. Ends with the 99th percentile in milliseconds.
 */
function watchMachine(): () => Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const late = [];
    let due = performance.now() + 5;
    const timer = setInterval(() => { late.push(performance.now() - due); due = performance.now() + 5; }, 5);
    parentPort.once('message', () => {
      clearInterval(timer);
      late.sort((one, other) => one - other);
      parentPort.postMessage(late[Math.floor(late.length * 0.99)] ?? 0);
    });`,
    { eval: true },
  );
  return async () => {
    const said = once(worker, 'message');
    worker.postMessage('end');
    const [late] = await said;
    await worker.terminate();
    return late;
  };
}

t.test(
  'while another process holds the lock for 8 s, writes are refused within 1 s and health is answered in 50 ms',
  async (t) => {
    const folder = scratch(t);
    const { app } = await openApp(t, folder);
    const source = filings();
    t.equal((await post(app, (await source.next()).value)).statusCode, 201);
    const letGo = await holdLock(t, join(folder, 'store.db'));
    const lateness = watchMachine();
    const end = Date.now() + 8000;
    const timed = async (send: () => Promise<Answer>) => {
      const begin = performance.now();
      const { statusCode, headers } = await send();
      return { statusCode, retryAfter: headers['retry-after'], took: performance.now() - begin };
    };
    const writes: Promise<Awaited<ReturnType<typeof timed>>>[] = [];
    const reads: Awaited<ReturnType<typeof timed>>[] = [];
    const health: number[] = [];
    while (Date.now() < end) {
      // They arrive at any time of the others' waiting; each has a second of its own.
      const body = (await source.next()).value;
      if (writes.length < 100) writes.push(timed(() => post(app, body)));
      const ready = await timed(() => app.inject('/health/ready'));
      if (ready.statusCode === 200) health.push(ready.took);
      reads.push(await timed(() => app.inject('/v1/rollups/431281/2019')));
      await sleep(40);
    }
    const answers = await Promise.all(writes);
    const late = await lateness();
    const slowest = Math.max(...answers.map(({ took }) => took));
    health.sort((one, other) => one - other);
    const [middle = 0, most = 0] = [health[health.length >> 1], health[Math.floor(health.length * 0.99)]];
    t.comment(
      `${answers.length} writes, the slowest refused after ${Math.round(slowest)} ms; ${health.length} × health, p50 ${middle.toFixed(1)} p99 ${most.toFixed(1)} ms; a timer elsewhere p99 ${late.toFixed(1)} ms late`,
    );
    t.ok(answers.every(({ statusCode, retryAfter }) => statusCode === 503 && retryAfter === '1'));
    t.ok(slowest < 1000 + 10 * late, `refused within ${Math.round(slowest)} ms`);
    t.equal(health.length, reads.length, 'always healthy');
    t.ok(most < 50 + 5 * late, `health within ${most.toFixed(1)} ms`);
    t.ok(reads.every(({ statusCode }) => statusCode === 200));
    await letGo();
    t.equal((await post(app, (await source.next()).value)).statusCode, 201);
  },
);

t.test('an answer is given after the commit, not before', async (t) => {
  const folder = scratch(t);
  const { db } = await openApp(t, folder);
  const elsewhere = new Sqlite(join(folder, 'store.db'), { readonly: true });
  t.teardown(() => elsewhere.close());
  const kept = () => elsewhere.prepare('select count(*) from revision').pluck().get();
  const answered: unknown[] = [];
  const filed = fileReport(db, act, filing(), { method: 'post' }).then(() => answered.push(kept()));
  // Shares the commit of the filing, and is longer at work.
  const working = inTransaction(db, {}, async () => {
    await sleep(50);
    t.same([kept(), answered], [0, []]);
  });
  await Promise.all([filed, working]);
  t.same(answered, [1]);
});

t.test('when SQLite undoes a transaction by itself, all that share it are refused and the next is taken', async (t) => {
  const { db } = await openApp(t, scratch(t));
  await sql`create trigger fail before insert on finding begin select raise(rollback, 'gone'); end`.execute(db);
  const [one = '', two = '', three = ''] = await townshipsOf(hongjiang);
  const blank = { 'applications.granted.total': 3, 'applications.granted.business': null };
  const file = (agency: string, figures = {}, dryRun = false) =>
    fileReport(db, act, filing({ agency, figures }), { method: 'post', lenient: true, dryRun });
  // What is filed first compiles its statements, and a commit that takes long takes no more on.
  await file(one, {}, true);
  const answers = await Promise.allSettled([file(one), file(two, blank), file(three)]);
  t.same(
    answers.map((answer) => (answer.status === 'rejected' ? answer.reason.message : answer.value.outcome)),
    ['gone', 'gone', 'created'],
  );
  const swallowed = inTransaction(db, {}, async (trx) => {
    await sql`insert into finding values (1, 1, '', '', '')`.execute(trx).catch(() => undefined);
    await fileReport(trx, act, filing({ agency: one }), { method: 'post' });
  });
  await t.rejects(swallowed, /undone before its end/, 'what comes after the undoing is not kept alone');
  t.same(await holdsExactly(db, 1), []);
  t.match(await file(one), { outcome: 'created' });
  t.same(await holdsExactly(db, 2), []);
});
