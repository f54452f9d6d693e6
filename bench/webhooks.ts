/**
 * Sending to subscribers: so many events to ten receivers, one of them dead, over a file as the service has it. The receivers
 * are a process of their own. Exits 1 where a live one misses a message or gets one twice. The times are of the sender, in
 * seconds of the processor, since the machine may be shared.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { authenticate, operator } from '../src/access/authority.js';
import { createToken } from '../src/access/tokens.js';
import { changeBody } from '../src/api/rest/body/change-bodies.js';
import { loadNationalRegister } from '../src/register/load.js';
import { fileReport } from '../src/report/file.js';
import { parseFiling } from '../src/report/filing.js';
import { record } from '../src/store/audit-records.js';
import { changeOfReport, type NewChange } from '../src/store/changes.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { resolveBySystem } from '../src/subscription/address.js';
import { readNetworks } from '../src/subscription/networks.js';
import { startSending } from '../src/subscription/sending.js';
import { makeSubscription } from '../src/subscription/subscriptions.js';
import type { ActContext } from '../src/words.js';
import { processorSince } from './load.js';
import { bodyOf, contentsOf, townshipsOf } from './national.js';

/** What the receivers have had, by receiver: messages, and different ids among them. */
type Had = readonly { readonly messages: number; readonly ids: number }[];

const receivers = 10;
const year = 2021;

/** The receivers: the first takes connections and answers nothing; the others answer 204. */
async function receive(): Promise<void> {
  const had = Array.from({ length: receivers }, () => ({ messages: 0, ids: new Set<string>() }));
  const ports: number[] = [];
  for (const [index, own] of had.entries()) {
    const server = createServer((request, response) => {
      own.messages++;
      own.ids.add(String(request.headers['webhook-id']));
      request.resume();
      if (index > 0) request.on('end', () => response.writeHead(204).end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on a port has an address of this kind.
    ports.push((server.address() as AddressInfo).port);
  }
  process.on('message', () => process.send?.(had.map(({ messages, ids }) => ({ messages, ids: ids.size }))));
  process.send?.(ports);
}

async function send(events: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-webhooks-'));
  const child = fork(fileURLToPath(import.meta.url), ['--receive']);
  try {
    // What the child sends first.
    const [ports] = (await once(child, 'message')) as [number[]];
    const ask = async (): Promise<Had> => {
      child.send('had');
      // What it answers.
      const [had] = (await once(child, 'message')) as [Had];
      return had;
    };
    const db = await openStore(`sqlite:${join(folder, 'webhooks.db')}`);
    await loadNationalRegister(db, () => {});
    await subscribe(db, ports);
    await happen(db, events);
    report(await measure(db, events, ask), events);
    await db.destroy();
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const act = (): ActContext => ({ actor: 'bench', caller: operator, now: new Date() });
const reachable = { networks: readNetworks(['127.0.0.1']), resolve: resolveBySystem };

async function subscribe(db: Db, ports: readonly number[]): Promise<void> {
  const asked = { name: 'bench', grants: [{ scope: 'admin', division: '100000' }], expiresAt: null } as const;
  const { token } = await createToken(db, act(), randomBytes, asked);
  const caller = await authenticate(db, `Bearer ${token}`, new Date());
  for (const port of ports) {
    await makeSubscription(
      db,
      { ...act(), open: 'accepted', caller },
      randomBytes,
      { url: `http://127.0.0.1:${port}/` },
      reachable,
    );
  }
}

/** Ten reports are filed, and their findings change so often that there are so many events in all. */
async function happen(db: Db, events: number): Promise<void> {
  const told: NewChange[] = [];
  for (const township of townshipsOf(10)) {
    for (const [, content] of contentsOf(township, [year])) {
      const filing = parseFiling(JSON.parse(bodyOf(township.code, year, content)), `${year + 1}-12-31`);
      const { row } = await fileReport(db, act(), filing, { method: 'post' });
      told.push(changeOfReport('findings', township.code, row, { to: ['ALL'] }));
    }
  }
  const rest = Array.from({ length: events - told.length }, (_, index) => told[index % told.length] ?? []).flat();
  const deed = { action: 'report.recheck', subject: '/v1/reports', divisionId: null, before: null, after: null };
  for (let at = 0; at < rest.length; at += 500) {
    await inTransaction(db, {}, (trx) => record(trx, act(), { ...deed, tells: rest.slice(at, at + 500) }));
  }
}

interface Measured {
  readonly had: Had;
  readonly processorSeconds: number;
  readonly seconds: number;
}

async function measure(db: Db, events: number, ask: () => Promise<Had>): Promise<Measured> {
  const begun = { at: performance.now(), used: process.cpuUsage() };
  const sending = startSending(db, {
    ...{ ...reachable, clock: () => new Date(), open: 'accepted', jitter: Math.random, write: changeBody },
    ...{ onAttempt: () => undefined, onPaused: () => undefined },
    onFailed: (error) => {
      throw error;
    },
  });
  while (!(await ask()).slice(1).every(({ ids }) => ids >= events)) await sleep(200);
  const processorSeconds = processorSince(begun.used) / 1000;
  const seconds = (performance.now() - begun.at) / 1000;
  await sending.stop();
  return { had: await ask(), processorSeconds, seconds };
}

function report({ had, processorSeconds, seconds }: Measured, events: number): void {
  const [dead, ...live] = had;
  const messages = live.length * events;
  process.stdout.write(
    `${events} events to ${live.length} live receivers and one that answers nothing: ${messages} messages in ${seconds.toFixed(1)} s,
${processorSeconds.toFixed(1)} s of the sender's processor, ${((processorSeconds * 1000) / messages).toFixed(3)} ms a message; ${dead?.messages} attempts at the dead one
`,
  );
  const wrong = live.filter((one) => one.ids !== events || one.messages !== events);
  process.stdout.write(
    `${live.length - wrong.length} of ${live.length} live receivers got each message exactly once\n`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}

const { values: asked } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, receive: { type: 'boolean', default: false } },
});
await (asked.receive ? receive() : send(Number(asked.events)));
