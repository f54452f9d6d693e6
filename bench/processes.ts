/** The processes the bench starts: the loader, the server, the yardstick. All end with it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/root.js';

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function start(file: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [join(packageRoot, 'dist', file), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
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
  stop(): Promise<void>;
  /** Ends it at once, with SIGKILL. */
  kill(): Promise<void>;
}

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
    if (attempt > 300 || child.exitCode !== null) throw new Error(`${file} does not answer`);
    await sleep(100);
  }
  return {
    url,
    memory: () => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1024),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

/** Makes an administrator's token in a database, which is made with the register when there is none. */
export async function makeToken(
  env: Readonly<Record<string, string>>,
  name = 'bench',
): Promise<{ readonly authorization: string }> {
  const maker = start('src/main.js', ['token', 'create', name, '--scope', 'admin'], env);
  let out = '';
  maker.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  const [code] = await once(maker, 'close');
  if (code !== 0) throw new Error(`no token could be made: ${code}`);
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
  const importer = start('src/main.js', ['import', '-'], env);
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
