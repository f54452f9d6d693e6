/**
 * Nobody waits: asks the built server every route and field on national data, and prints the ten that hold its event loop
 * longest, by processor time. Exits 1 where one holds it for more than 50 ms. [--file <database>: a copy of it is asked]
 * [--only <expression>] [--years N]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/root.js';
import { townshipsOf } from '../national.js';
import { freePort, load, makeToken } from '../processes.js';
import { type AskedOnce, everythingAsked } from './asked.js';
import type { Block } from './probe.js';

const { values: given } = parseArgs({
  options: { file: { type: 'string' }, only: { type: 'string', default: '' }, years: { type: 'string', default: '2' } },
});

const maxMs = 50;
const shown = 10;
/** The first time something is looked up that is kept, and once more. */
const times = 2;
/** An export of the nation goes on for long in its thread; what it holds the loop for is known by then. */
const cutOffAfterMs = 15_000;
const lastYear = new Date().getFullYear() - 1;

interface Line {
  readonly name: string;
  readonly status: number | string;
  readonly block: Block;
}

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-blocks-'));
const env = {
  DATABASE_URL: `sqlite:${join(folder, 'blocks.db')}`,
  LOG_LEVEL: 'error',
  PUBLIC_READING: 'filed',
  RATE_LIMIT: '0',
  COST_LIMIT: '0',
  // What others do on the machine makes the loop late, and is not to be refused here.
  LOOP_DELAY_LIMIT_MS: '60000',
};
let server: ChildProcess | undefined;
try {
  await makeStore();
  process.exitCode = report(await askEverything());
} finally {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function makeStore(): Promise<void> {
  if (given.file !== undefined) {
    copyFileSync(given.file, join(folder, 'blocks.db'), constants.COPYFILE_FICLONE);
    return;
  }
  const years = Array.from({ length: Number(given.years) }, (_, index) => String(lastYear - index)).reverse();
  await load([String(townshipsOf(Number.POSITIVE_INFINITY).length), '3600', ...years], env);
}

async function askEverything(): Promise<Line[]> {
  const { authorization } = await makeToken(env);
  const port = String(await freePort());
  const probe = join(packageRoot, 'dist', 'bench', 'blocks', 'probe.js');
  server = spawn(process.execPath, ['--import', probe, join(packageRoot, 'dist', 'program', 'main.js'), 'serve'], {
    env: { PATH: process.env.PATH, ...env, PORT: port },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) await sleep(20);
  server.send('begin');
  const lines: Line[] = [await followStart(server, url)];
  const wanted = new RegExp(given.only);
  for (const asked of everythingAsked(lastYear).filter(({ name }) => wanted.test(name))) {
    const line = await measure(server, url, asked, authorization);
    lines.push(line);
    if (line.block.cpu > maxMs) process.stderr.write(`${describe(line)}\n`);
  }
  return lines;
}

/** From the moment the server is ready until its threads are. */
async function followStart(child: ChildProcess, url: string): Promise<Line> {
  const { status } = await fetch(`${url}/v1/rollups/100000/${lastYear}`);
  await sleep(3_000);
  return { name: 'the first request after a start', status, block: await longestOf(child) };
}

async function measure(child: ChildProcess, url: string, asked: AskedOnce, authorization: string): Promise<Line> {
  const blocks: Block[] = [];
  let status: Line['status'] = '';
  for (let time = 0; time < times; time++) {
    child.send('begin');
    status = await ask(`${url}${asked.path}`, asked, authorization);
    // What is done after the answer, as what was waited for, is the request's too.
    await sleep(10);
    blocks.push(await longestOf(child));
  }
  const block = blocks.reduce((one, other) => (other.cpu > one.cpu ? other : one));
  return { name: asked.name, status, block };
}

async function ask(url: string, { body }: AskedOnce, authorization: string): Promise<Line['status']> {
  const signal = AbortSignal.timeout(cutOffAfterMs);
  const headers = { authorization, ...(body && { 'content-type': body.type }) };
  try {
    const answer = await fetch(url, { signal, headers, ...(body && { method: 'POST', body: body.content }) });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error ? error.name : 'failed';
  }
}

async function longestOf(child: ChildProcess): Promise<Block> {
  const answered = once(child, 'message');
  child.send('longest');
  // The probe answers with nothing else.
  return (await answered)[0] as Block;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

/** Prints the worst, and how many there were; returns the exit code. */
function report(lines: readonly Line[]): number {
  const worst = lines.toSorted((one, other) => other.block.cpu - one.block.cpu);
  for (const line of worst.slice(0, shown)) process.stdout.write(`${describe(line)}\n`);
  const over = lines.filter(({ block }) => block.cpu > maxMs);
  const answered = lines.filter(({ status }) => typeof status === 'number' && status < 400);
  process.stdout.write(
    `${lines.length} asked, ${answered.length} answered, ${over.length} hold the loop for more than ${maxMs} ms\n`,
  );
  return over.length > 0 ? 1 : 0;
}

function describe({ name, status, block }: Line): string {
  return `${block.cpu.toFixed(1).padStart(8)} ms (clock ${block.wall.toFixed(0)})  ${status}  ${name}`;
}
