/**
 * What sharing a commit brings: the same server over a store whose writes share one, and over one whose writes wait
 * for the disk each by itself, in turns. Exits 1 below 1.6 times the posts a second.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureJob, openSender, type Round, writeRequests } from './load.js';
import { bodyOf, contentsOf, townshipsOf } from './national.js';
import { makeToken, type Server, startServer } from './processes.js';
import { median } from './rounds.js';

const rounds = 5;
const seconds = 3;
const connections = 32;
const minRatio = 1.6;
const year = new Date().getFullYear() - 1;

/** Made beforehand: the load shares the machine with the server, and is to do nothing but send. */
const bodies = townshipsOf(30_000).flatMap((township) =>
  [...contentsOf(township, [year])].map(([, content]) => bodyOf(township.code, year, content)),
);

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-commits-'));
const sender = openSender();
try {
  const shared = await openPost('64');
  const each = await openPost('1');
  const pairs: [Round, Round][] = [];
  for (let round = 0; round <= rounds; round++) pairs.push([await shared.send(), await each.send()]);
  await Promise.all([shared.server.stop(), each.server.stop()]);
  report(pairs.slice(1));
} finally {
  sender.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function openPost(together: string): Promise<{ readonly server: Server; readonly send: () => Promise<Round> }> {
  const file = join(folder, `${together}.db`);
  const { authorization } = await makeToken({ DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'warn' });
  const server = await startServer('bench/servers/store.js', (port) => [file, port, together], {}, '/health/ready');
  const job = {
    ...({ path: '/v1/reports', method: 'POST', connections, order: 'once', expected: 201 } as const),
    during: { seconds },
    ...{ file: writeRequests(folder, together, bodies), headers: { authorization } },
  };
  return { server, send: () => measureJob(sender, server, job) };
}

function report(pairs: readonly (readonly [Round, Round])[]): void {
  const ratio = median(pairs.map(([shared, each]) => shared.rate / each.rate));
  const describe = (all: readonly Round[]) =>
    `${Math.round(median(all.map(({ rate }) => rate)))} posts/s, p99 ${median(all.map(({ p99 }) => p99))} ms`;
  process.stdout.write(
    `commits shared by up to 64: ${describe(pairs.map(([shared]) => shared))}
a commit each: ${describe(pairs.map(([, each]) => each))}
ratio ${ratio.toFixed(2)}, promised ${minRatio}; medians of ${rounds} rounds of ${seconds} s in turns, ${connections} connections, synchronous=FULL
`,
  );
  if (ratio < minRatio) process.exitCode = 1;
}
