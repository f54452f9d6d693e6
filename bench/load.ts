/** Load over HTTP from a process of its own, and what it takes of the processor of the server that answers. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/root.js';
import type { Server } from './processes.js';

/** What is sent: lines of a file, each the body of a POST or the path of a GET. */
export interface Job {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly connections: number;
  /** For so long, or so many requests. */
  readonly during: { readonly seconds: number } | { readonly requests: number };
  readonly file: string;
  /** Each line once, from where the last job of this file ended; or any of them, again and again. */
  readonly order: 'once' | 'random';
  /** The status that every answer has. */
  readonly expected: number;
  /** Requests a second of all connections; as many as are answered when left out. */
  readonly perSecond?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a job went. Times are milliseconds. */
export interface Sent {
  readonly answered: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** One round of a job: answers a second, milliseconds waited, and of the server's processor for each answer. */
export interface Round {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly cpu: number;
}

/** A process that sends. */
export interface Sender {
  /** Sends a job, one at a time. Throws when a request fails or is answered with another status. */
  send(job: Job): Promise<Sent>;
  stop(): void;
}

/** Starts a process that sends; it ends with this one. */
export function openSender(): Sender {
  const child = fork(join(packageRoot, 'dist', 'bench', 'sender.js'), { env: { PATH: process.env.PATH } });
  process.once('exit', () => child.kill('SIGKILL'));
  return { send: (job) => ask(child, job), stop: () => child.disconnect() };
}

async function ask(child: ChildProcess, job: Job): Promise<Sent> {
  child.send(job);
  // The sender answers each job with one message.
  const [answer] = (await once(child, 'message')) as [{ readonly sent: Sent } | { readonly failed: string }];
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.sent;
}

/** Requests that a job takes, made beforehand: a file with a line for each. Returns its name. */
export function writeRequests(folder: string, name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.requests`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** Sends a job to a server, and returns what its process took for it. */
export async function measureJob(
  sender: Sender,
  server: Pick<Server, 'url' | 'cpu'>,
  { path, ...job }: Omit<Job, 'url'> & { readonly path: string },
): Promise<Round> {
  const before = server.cpu();
  const { answered, seconds, ...waited } = await sender.send({ ...job, url: server.url + path });
  return { rate: answered / seconds, cpu: (server.cpu() - before) / answered, ...waited };
}

/** Milliseconds of the processor since a reading of it: what else the machine does is nobody's here. */
export function processorSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}
