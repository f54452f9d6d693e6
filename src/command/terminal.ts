/** Where a command reads and writes, and how it shows that it is at work. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import cliProgress from 'cli-progress';
import { Problem } from '../problem.js';

/** The three streams of a process. What a command answers goes to `stdout`, all else to `stderr`. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Writes a line of the answer. */
export function answer(terminal: Terminal, line: string): void {
  terminal.stdout.write(`${line}\n`);
}

/** Writes a line about the work. */
export function tell(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}

/** Opens a file to be written anew. Throws `invalid-parameter` when it cannot be. */
export async function openForWriting(path: string): Promise<Writable> {
  const stream = createWriteStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-parameter', { zh: '无法写入。', en: `${path} cannot be written: ${reason}.` });
  }
  return stream;
}

/** Shows how far a piece of work is. `total` may be 0 while it is not known. */
export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** Milliseconds between two lines where nobody watches. */
const lineEveryMs = 5000;

/** A bar where somebody watches, else a plain line every five seconds. `now` is a clock in milliseconds. */
export function showProgress(terminal: Terminal, label: string, now: () => number): Progress {
  return terminal.stderr.isTTY ? showBar(terminal, label) : showLines(terminal, label, now);
}

function showBar(terminal: Terminal, label: string): Progress {
  const format = `${label} {bar} {percentage}% {note}`;
  const bar = new cliProgress.SingleBar(
    { format, stream: terminal.stderr, hideCursor: true, clearOnComplete: true, barsize: 30 },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total, note) => {
      if (!started) bar.start(total, done, { note });
      started = true;
      bar.setTotal(total);
      bar.update(done, { note });
    },
    stop: () => bar.stop(),
  };
}

function showLines(terminal: Terminal, label: string, now: () => number): Progress {
  let last = now();
  return {
    update: (done, total, note) => {
      if (now() - last < lineEveryMs) return;
      last = now();
      const share = total > 0 ? ` ${Math.floor((100 * done) / total)}%` : '';
      tell(terminal, `${label}${share} ${note}`);
    },
    stop: () => undefined,
  };
}
