/** Imports: a file that is not what was received is never "done", and one token's keep nobody else's out. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { isRunning, markOfProcess } from '../src/bulk/import/process-mark.js';
import { requireRoom, type UnderWay } from '../src/bulk/import/share.js';
import { emptyTally } from '../src/bulk/import/tally.js';
import { Problem } from '../src/problem.js';
import { beyondBound, type Kept, shareOf } from '../src/share.js';
import { inTransaction } from '../src/store/engine/commit.js';
import type { Db } from '../src/store/engine/schema.js';
import { insertImport } from '../src/store/imports.js';
import {
  act,
  bearer,
  clock,
  countReports,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  scratch,
  signIn,
  tokenFor,
  townshipsOf,
  untilEnded,
} from './builders.js';
import { holdToDocument } from './contract.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;

const ndjson = { 'content-type': 'application/x-ndjson' };
const lines = (...filings: unknown[]) => filings.map((one) => `${JSON.stringify(one)}\n`).join('');

/** Leaves an import as a server that was killed leaves it: received, and not begun. `kept` is its file as it is found. */
async function leaveImport(db: Db, folder: string, sent: string, kept: Uint8Array, request: object): Promise<string> {
  const id = globalThis.crypto.randomUUID();
  writeFileSync(join(folder, id), kept);
  const asked = { format: 'ndjson', charset: 'utf-8', mode: 'each', dryRun: false, lenient: false, ...request };
  await inTransaction(db, {}, (trx) =>
    insertImport(trx, {
      id,
      state: 'queued',
      request: JSON.stringify(asked),
      actor: act.actor,
      tokenId: 1,
      bytes: Buffer.byteLength(sent),
      digest: createHash('sha256').update(sent).digest('hex'),
      tally: JSON.stringify(emptyTally),
      // Its number is this process's, and it is another.
      process: `${process.pid} another`,
      createdAt: act.now.toISOString(),
    }),
  );
  return `/v1/imports/${id}`;
}

t.test(
  'a file that is cut short anywhere, or has one other bit, fails its import; the whole one is done',
  async (t) => {
    const file = join(scratch(t), 'x.db');
    const folder = `${file}-imports`;
    mkdirSync(folder);
    const db = await openTestStore(`sqlite:${file}`);
    const token = await tokenFor(db);
    const sent = lines(...(await townshipsOf(hongjiang)).slice(0, 10).map((agency) => filingBody({ agency })));
    const whole = Buffer.from(sent);
    const cuts = Array.from({ length: 10 }, (_, tenth) => whole.subarray(0, Math.floor((whole.length * tenth) / 10)));
    // At the end of a line: what is there looks like a file of fewer filings.
    cuts.push(whole.subarray(0, whole.lastIndexOf(10, whole.length - 2) + 1));
    const flips = [0, 0.3, 0.5, 0.9].map((part) => {
      const flipped = Buffer.from(whole);
      const at = Math.floor(flipped.length * part);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      return flipped;
    });
    const longer = [Buffer.concat([whole, whole])];
    const damaged: string[] = [];
    for (const request of [{}, { mode: 'all' }, { dryRun: true }]) {
      for (const kept of [...cuts, ...flips, ...longer]) {
        damaged.push(await leaveImport(db, folder, sent, kept, request));
      }
    }
    const app = await buildApp({ db, logger: false, clock });
    holdToDocument(app);
    signIn(app, token);
    t.teardown(async () => {
      await app.close();
      await db.destroy();
    });
    const ends: Json[] = [];
    for (const path of damaged) ends.push(await untilEnded(app, path));
    t.equal(ends.length, 48);
    const others = ends.filter(({ state, problem }) => state !== 'failed' || !/damaged-upload/.test(problem?.type));
    t.same(
      others.map(({ state, problem }) => [state, problem?.type]),
      [],
    );
    t.match(ends[3]?.problem, { detail: new RegExp(`has ${cuts[3]?.length} bytes; ${whole.length} were received`) });
    t.equal(await countReports(db), 0);
    await app.close();
    const sound = await leaveImport(db, folder, sent, whole, {});
    const again = await buildApp({ db, logger: false, clock });
    signIn(again, token);
    t.match(await untilEnded(again, sound), { state: 'done', created: 10 });
    await again.close();
  },
);

t.test('a file that is cut while it is read fails its import, which says how far it came', async (t) => {
  const file = join(scratch(t), 'x.db');
  const { app, db, close } = await openTestApp({ url: `sqlite:${file}` });
  t.teardown(close);
  const agencies = (await Promise.all(['431281', '431202', '350128', '320813'].map(townshipsOf))).flat();
  const filings = agencies.flatMap((agency) =>
    [2020, 2021, 2022, 2023].map((year) =>
      filingBody({ agency, year, narrative: { overview: '公开。'.repeat(3000) } }),
    ),
  );
  const headers = { ...ndjson, prefer: 'respond-async' };
  const payload = lines(...filings);
  const accepted = await app.inject({ method: 'POST', url: '/v1/imports', headers, payload });
  const path = String(accepted.headers.location);
  while (((await app.inject(path)).json() as Json).received < 16) await sleep(5);
  truncateSync(join(`${file}-imports`, path.split('/').at(-1) ?? ''), Math.floor(payload.length / 2));
  const ended = await untilEnded(app, path);
  t.match(ended, { state: 'failed', problem: { type: '/problems/damaged-upload' } });
  t.equal(ended.created, await countReports(db));
});

t.test('rejects are not written from a file that is not what was sent', async (t) => {
  const file = join(scratch(t), 'x.db');
  const { app, close } = await openTestApp({ url: `sqlite:${file}` });
  t.teardown(close);
  const payload = lines(filingBody({ agency: '999999999' }), filingBody({ agency: '999999998' }));
  const { id } = (await app.inject({ method: 'POST', url: '/v1/imports', headers: ndjson, payload })).json() as Json;
  t.equal((await app.inject(`/v1/imports/${id}/rejects.ndjson`)).statusCode, 200);
  const spool = join(`${file}-imports`, id);
  const text = readFileSync(spool, 'utf8');
  writeFileSync(spool, text.replace('999999998', '999999997'));
  for (const format of ['ndjson', 'csv', 'xlsx']) {
    const answer = await app.inject(`/v1/imports/${id}/rejects.${format}`);
    t.match([answer.statusCode, answer.json().type], [503, '/problems/damaged-upload'], format);
  }
});

t.test(
  'of whatever is kept too much, the oldest of whoever has the most goes, and an equal part is safe',
  async (t) => {
    const kept = fc.record({
      owner: fc.constantFrom('a', 'b', 'c', 'd'),
      bytes: fc.integer({ min: 0, max: 1000 }),
      at: fc.nat(1000),
    });
    const sum = (all: readonly Kept[]) => all.reduce((bytes, one) => bytes + one.bytes, 0);
    let gone = 0;
    fc.assert(
      fc.property(fc.array(kept, { minLength: 5, maxLength: 40 }), fc.nat(20_000), (all, bound) => {
        const going = beyondBound(all, bound);
        gone += going.length;
        const owners = [...new Set(all.map(({ owner }) => owner))];
        const staying = all.filter((one) => !going.includes(one));
        if (sum(staying) > bound) return false;
        for (const owner of owners) {
          const own = all.filter((one) => one.owner === owner);
          const lost = going.filter((one) => one.owner === owner);
          if (lost.length > 0 && sum(own) * owners.length <= bound) return false;
          const newestLost = Math.max(-1, ...lost.map(({ at }) => at));
          if (own.some((one) => !lost.includes(one) && one.at < newestLost)) return false;
        }
        return true;
      }),
      { numRuns: 500 },
    );
    t.ok(gone > 500, `${gone} went`);
  },
);

t.test('however files come, no owner has more than a share under way, nor all more than the bound', async (t) => {
  const bounds = { imports: 12, bytes: 4000 };
  const come = fc.record({
    owner: fc.oneof(fc.constant('a'), fc.constantFrom('b', 'c', 'd', 'e', 'f')),
    bytes: fc.nat(400),
  });
  const refused = { own: 0, all: 0 };
  fc.assert(
    fc.property(fc.array(come, { minLength: 20, maxLength: 60 }), (all) => {
      const underWay: UnderWay[] = [];
      for (const one of all) {
        try {
          requireRoom(underWay, bounds, one);
          underWay.push(one);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          refused[error.kind === 'busy' ? 'all' : 'own'] += 1;
        }
        const own = underWay.filter(({ owner }) => owner === one.owner);
        const bytesOf = (files: UnderWay[]) => files.reduce((bytes, file) => bytes + file.bytes, 0);
        if (own.length > shareOf(bounds.imports) || bytesOf(own) > shareOf(bounds.bytes)) return false;
        if (underWay.length > bounds.imports || bytesOf(underWay) > bounds.bytes) return false;
      }
      return true;
    }),
  );
  t.ok(refused.own > 100 && refused.all > 10, JSON.stringify(refused));
});

t.test("one token's imports fill its own share, and another's are taken", async (t) => {
  const file = join(scratch(t), 'x.db');
  const { app, db, token, close } = await openTestApp({ url: `sqlite:${file}` });
  t.teardown(close);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const other = await tokenFor(db);
  const calls: { destroy(): void }[] = [];
  t.teardown(() => {
    for (const call of calls) call.destroy();
  });
  /** Begins an import that does not end by itself; gives what it is answered, which is nothing while it is taken. */
  const beginOne = (as: string, bytes: number) => {
    const call = httpRequest({
      ...{ host: '127.0.0.1', port, path: '/v1/imports', method: 'POST' },
      headers: { ...ndjson, ...bearer(as), ...(bytes > 0 && { 'content-length': bytes }) },
    });
    calls.push(call);
    call.write('\n');
    return new Promise<number>((resolve) => {
      call.on('response', ({ statusCode = 0 }) => resolve(statusCode));
      call.on('error', () => resolve(0));
    });
  };
  const untilTaken = async (count: number) => {
    while (readdirSync(`${file}-imports`).length < count) await sleep(5);
  };
  const megabyte = 1024 * 1024;
  const taken = [beginOne(token, 250 * megabyte), beginOne(token, 250 * megabyte)];
  await untilTaken(2);
  t.equal(await beginOne(token, 250 * megabyte), 429, 'more bytes than a share, before the body is read');
  taken.push(beginOne(token, 0), beginOne(token, 0));
  await untilTaken(4);
  t.equal(await beginOne(token, 0), 429, 'more imports than a share');
  const payload = lines(filingBody());
  const own = await app.inject({ method: 'POST', url: '/v1/imports', headers: ndjson, payload });
  t.match([own.statusCode, own.json().type], [429, '/problems/too-many-requests']);
  t.ok(Number(own.headers['retry-after']) > 0);
  const headers = { ...ndjson, ...bearer(other) };
  t.match((await app.inject({ method: 'POST', url: '/v1/imports', headers, payload })).json(), { created: 1 });
  for (const call of calls) call.destroy();
  t.same(await Promise.all(taken), [0, 0, 0, 0], 'none of those that were taken was answered');
});

t.test('a process is known by more than its number', async (t) => {
  const own = markOfProcess(process.pid) ?? '';
  t.ok(isRunning(own));
  t.equal(markOfProcess(2 ** 22 + 1), undefined);
  t.equal(isRunning(`${own} before`), false);
  t.equal(isRunning(`${process.pid} another machine`), false);
});
