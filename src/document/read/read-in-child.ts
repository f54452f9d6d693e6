/**
 * DocumentReading where a hostile document can do no harm: in a child process with its own memory and time limit. The
 * children are kept for the next document; one that overruns is killed and replaced.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { Problem } from '../../problem.js';
import { type Answer, nextMessage, nodeOptionsFor, valueIn, workerFile } from '../../worker.js';
import type { ReadRequest } from './read-child.js';
import { type DocumentHint, type DocumentReading, maxDocumentBytes } from './read-document.js';

/** What one reading may cost. */
export interface ReadLimits {
  /** From the moment a child has the document; waiting for a child, or for a new one to start, is not counted. */
  readonly milliseconds: number;
  /** The child's heap. */
  readonly megabytes: number;
  /** How many documents are read at once; the others wait. */
  readonly children: number;
}

/** A usual report takes 10 ms and 60 MB. */
export const defaultReadLimits: ReadLimits = { milliseconds: 10_000, megabytes: 384, children: 2 };

/**
 * Reads a report as `readDocument` does, in a child process. A document that takes too long or too much memory
 * is an `invalid-document`; what else goes wrong in the child is thrown as a plain error.
 */
export async function readDocumentSafely(
  bytes: Uint8Array,
  hint: DocumentHint = {},
  limits: ReadLimits = defaultReadLimits,
): Promise<DocumentReading> {
  if (bytes.length > maxDocumentBytes) {
    throw new Problem('body-too-large', {
      zh: `文件不得超过${maxDocumentBytes / 1_000_000} MB。`,
      en: `A document may have ${maxDocumentBytes / 1_000_000} MB at most.`,
    });
  }
  const child = await takeChild(limits);
  try {
    return valueIn(await ask(child, { bytes, hint }, limits.milliseconds), 'The reader');
  } finally {
    giveBack(child);
  }
}

/** Ends the idle children, so that a process or a test can stop at once. */
export function stopReaders(): void {
  for (const child of idle.splice(0)) child.kill();
}

const entry = workerFile('read-child', import.meta.url);

/** Children waiting for work, callers waiting for a child, and how many children there are. */
const idle: ChildProcess[] = [];
/** Documents that may wait for a child; each is held in memory. */
const maxWaiting = 16;
const waiting: ((child: ChildProcess | Promise<ChildProcess>) => void)[] = [];
let running = 0;

async function takeChild(limits: ReadLimits): Promise<ChildProcess> {
  const kept = idle.pop();
  if (kept?.connected) return kept;
  if (running < limits.children) return startChild(limits);
  if (waiting.length >= maxWaiting) {
    throw new Problem('busy', {
      zh: '正在识别的文件过多，请稍后重试。',
      en: 'Too many documents are being read. Try again shortly.',
    });
  }
  return new Promise((resolve) => waiting.push(resolve));
}

/** Hands a child to the next caller; one that was killed is replaced when it has ended. */
function giveBack(child: ChildProcess): void {
  if (!child.connected || child.killed || child.exitCode !== null) return;
  const next = waiting.shift();
  if (next) next(child);
  else idle.push(child);
}

/** A new child, once it says that it is ready: starting is not counted against a document. */
async function startChild(limits: ReadLimits): Promise<ChildProcess> {
  running += 1;
  const child = fork(entry, [], {
    execArgv: [...nodeOptionsFor(entry), `--max-old-space-size=${limits.megabytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  replaceWhenEnded(child, limits);
  await nextMessage<'ready'>(child, () => new Error('The reader did not start'));
  // An idle child keeps nobody from stopping.
  child.unref();
  child.channel?.unref();
  return child;
}

/** Frees the place of a child that ended, for the caller who has waited longest. */
function replaceWhenEnded(child: ChildProcess, limits: ReadLimits): void {
  let counted = true;
  const free = (): void => {
    if (!counted) return;
    counted = false;
    running -= 1;
    const at = idle.indexOf(child);
    if (at >= 0) idle.splice(at, 1);
    waiting.shift()?.(startChild(limits));
  };
  child.once('exit', free);
  child.once('error', () => {
    child.kill('SIGKILL');
    free();
  });
}

async function ask(child: ChildProcess, request: ReadRequest, milliseconds: number): Promise<Answer<DocumentReading>> {
  child.ref();
  child.channel?.ref();
  let isOverrun = false;
  const overrun = setTimeout(() => {
    isOverrun = true;
    child.kill('SIGKILL');
  }, milliseconds);
  try {
    const answer = nextMessage<Answer<DocumentReading>>(child, (code) => (isOverrun ? tooCostly('time') : endOf(code)));
    child.send(request);
    return await answer;
  } finally {
    clearTimeout(overrun);
    // One that was killed is waited for: another caller may be waiting for its place.
    if (!child.killed) {
      child.unref();
      child.channel?.unref();
    }
  }
}

/** V8 aborts when its heap is full; an exit of the child's own is a fault of ours. */
function endOf(code: number | null): Error {
  return code === 1 ? new Error('The reader stopped by itself') : tooCostly('memory');
}

function tooCostly(of: 'time' | 'memory'): Problem {
  return of === 'time'
    ? new Problem('invalid-document', {
        zh: '文件读取超时，已停止。',
        en: 'DocumentReading the document took too long and was stopped.',
      })
    : new Problem('invalid-document', {
        zh: '文件读取占用内存过多，已停止。',
        en: 'DocumentReading the document took too much memory and was stopped.',
      });
}
