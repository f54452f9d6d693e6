/** The processes the bench starts: the loader, the server, the yardstick. All end with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/root.js';

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function start(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  errors: 'inherit' | 'pipe' = 'inherit',
): ChildProcess {
  const child = spawn(process.execPath, [join(packageRoot, 'dist', file), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', errors],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** A server as a child process. */
export interface Server {
  readonly url: string;
  /** Resident memory in MiB. */
  memory(): number;
  /** Milliseconds of the processor that the process has taken so far, all its threads and the kernel for it. */
  cpu(): number;
  stop(): Promise<void>;
  /** Ends it at once, with SIGKILL. */
  kill(): Promise<void>;
}

/** How often a server that starts is asked whether it is ready, and how many times. */
const probeEveryMs = 10;
const maxProbes = 6000;

/** Starts a server on a free port and waits until `probe` is answered. All the load is one caller's, so none are counted. */
export async function startServer(
  file: string,
  args: (port: string) => readonly string[],
  env: Readonly<Record<string, string>>,
  probe: string,
): Promise<Server> {
  const port = String(await freePort());
  const child = start(file, args(port), { RATE_LIMIT: '0', COST_LIMIT: '0', ...env, PORT: port });
  child.stdout?.resume();
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await answers(url + probe)); attempt++) {
    if (attempt > maxProbes || child.exitCode !== null) throw new Error(`${file} does not answer`);
    await sleep(probeEveryMs);
  }
  return {
    url,
    memory: () => memoryOf(child, 'VmRSS'),
    cpu: () => cpuOf(child),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

/** What a program that ran to its end printed and took. */
export interface Ended {
  readonly out: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most of its memory that was resident, in MiB. */
  readonly peak: number;
}

/** How often a program is looked at that runs to its end: what it takes after the last look is not counted. */
const lookEveryMs = 20;

/** Runs a program to its end. Throws with what it said when that is not a success. */
export async function runToEnd(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const begun = performance.now();
  const child = start(file, args, env, 'pipe');
  const said = { out: '', errors: '' };
  child.stdout?.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.errors = `${said.errors}${chunk}`.slice(-4000);
  });
  let last = { cpuSeconds: 0, peak: 0 };
  const look = setInterval(() => {
    const seen = { cpuSeconds: cpuOf(child) / 1000, peak: memoryOf(child, 'VmHWM') };
    // Of a process that has ended nothing is left to read.
    if (seen.cpuSeconds >= last.cpuSeconds && seen.peak > 0) last = seen;
  }, lookEveryMs);
  const [code] = await once(child, 'close');
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said.out}\n${said.errors}`);
  return { out: said.out, seconds: (performance.now() - begun) / 1000, ...last };
}

/** Linux counts the processor's time in hundredths of a second for whoever reads it. */
const ticksASecond = 100;

function cpuOf({ pid }: ChildProcess): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program stands in brackets and may hold anything; the times are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksASecond;
}

function memoryOf({ pid }: ChildProcess, what: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(read(`/proc/${pid}/status`));
  return Math.round(Number(found?.[1]) / 1024);
}

/** The text of a file of /proc; empty once the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Makes an administrator's token in a database, which is made with the register when there is none. */
export async function makeToken(
  env: Readonly<Record<string, string>>,
  name = 'bench',
): Promise<{ readonly authorization: string }> {
  const { out } = await runToEnd('program/main.js', ['token', 'create', name, '--scope', 'admin'], env);
  return { authorization: `Bearer ${out.trim()}` };
}

/** Starts a program and kills it some milliseconds later, at work or not yet. */
export async function killWhileStarting(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  milliseconds: number,
): Promise<void> {
  const child = start(file, args, { ...env, PORT: '0' });
  child.stdout?.resume();
  await sleep(milliseconds);
  await end(child, 'SIGKILL');
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Pipes the generated data set into `xiangbao import -`; returns what the import printed and its seconds. */
export async function load(
  generator: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly out: string; readonly seconds: number }> {
  const begin = performance.now();
  const source = start('bench/generate.js', generator, env);
  const importer = start('program/main.js', ['import', '-'], env);
  if (!source.stdout || !importer.stdin || !importer.stdout) throw new Error('the loader has its pipes');
  source.stdout.pipe(importer.stdin);
  let out = '';
  importer.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const [code] = await once(importer, 'close');
  if (code !== 0) throw new Error(`the import ended with ${code}:\n${out}`);
  return { out, seconds: (performance.now() - begin) / 1000 };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
