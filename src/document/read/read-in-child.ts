/**
 * Reading where a hostile document can do no harm: in a child process with its own memory and time limit. The
 * children are kept for the next document; one that overruns is killed and replaced.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { Problem } from '../../problem.js';
import { openTurns, type Turn, type Turns } from '../../turns.js';
import { type Answer, nextMessage, nodeOptionsFor, valueIn, workerFile } from '../../worker.js';
import type { ReadRequest } from './read-child.js';
import { type DocumentHint, type DocumentReading, maxDocumentBytes } from './read-document.js';

/** What one reading may cost. */
export interface ReadLimits {
  /** From the moment a child has the document; waiting for a child, or for a new one to start, is not counted. */
  readonly milliseconds: number;
  /** The child's heap. */
  readonly megabytes: number;
  /** How many documents are read at once; the others wait, and one caller has a share of what is read and waits. */
  readonly children: number;
}

/** Whose document it is, and what its reading may cost where that is not as usual. */
export interface ReadOrder extends Partial<ReadLimits>, Turn {}

/** A usual report takes 10 ms and 60 MB. */
export const defaultReadLimits: ReadLimits = { milliseconds: 10_000, megabytes: 384, children: 2 };

/**
 * Reads a report as `readDocument` does, in a child process. A document that takes too long or too much memory
 * is an `invalid-document`; what else goes wrong in the child is thrown as a plain error. Throws `too-many-requests` while
 * as many documents of this caller wait as may, and `busy` while as many of all do.
 */
export async function readDocumentSafely(
  bytes: Uint8Array,
  hint: DocumentHint = {},
  { caller, signal, patient, ...limited }: ReadOrder = {},
): Promise<DocumentReading> {
  if (bytes.length > maxDocumentBytes) {
    throw new Problem('body-too-large', {
      zh: `文件不得超过${maxDocumentBytes / 1_000_000} MB。`,
      en: `A document may have ${maxDocumentBytes / 1_000_000} MB at most.`,
    });
  }
  const limits = { ...defaultReadLimits, ...limited };
  const pool = poolFor(limits);
  const endTurn = await pool.turns.take({ caller, signal, patient });
  try {
    const child = takeIdle(pool) ?? (await startChild(limits));
    try {
      return valueIn(await ask(child, { bytes, hint }, limits.milliseconds), 'The reader');
    } finally {
      await giveBack(pool, child);
    }
  } finally {
    endTurn();
  }
}

/** Ends the idle children, so that a process or a test can stop at once. */
export function stopReaders(): void {
  for (const { idle } of pools.values()) for (const child of idle.splice(0)) child.kill();
}

const entry = workerFile('read-child', import.meta.url);

/** Children of one kind: those that wait for work, and turns at having one. */
interface Pool {
  readonly idle: ChildProcess[];
  readonly turns: Turns;
}

const pools = new Map<string, Pool>();

/** Documents that may wait for a child; each is held in memory. */
const maxWaiting = 16;

function poolFor({ children, megabytes }: ReadLimits): Pool {
  const kind = `${children} ${megabytes}`;
  const pool = pools.get(kind) ?? {
    idle: [],
    turns: openTurns(
      { atOnce: children, waiting: maxWaiting },
      {
        all: {
          zh: '正在识别的文件过多，请稍后重试。',
          en: 'Too many documents are being read. Try again shortly.',
        },
        own: {
          zh: '您有过多文件正在等待识别，请稍后重试。',
          en: 'Too many documents of yours are waiting to be read. Try again once some are done.',
        },
      },
    ),
  };
  pools.set(kind, pool);
  return pool;
}

function takeIdle({ idle }: Pool): ChildProcess | undefined {
  for (let child = idle.pop(); child; child = idle.pop()) if (isUsable(child)) return child;
  return undefined;
}

/** Keeps a child for the next document. One that was killed is waited for: its place is free once it has ended. */
async function giveBack({ idle }: Pool, child: ChildProcess): Promise<void> {
  if (isUsable(child)) idle.push(child);
  else if (!isOver(child)) await once(child, 'exit').catch(() => undefined);
}

function isUsable(child: ChildProcess): boolean {
  return child.connected && !child.killed && !isOver(child);
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A new child, once it says that it is ready: starting is not counted against a document. */
async function startChild(limits: ReadLimits): Promise<ChildProcess> {
  const child = fork(entry, [], {
    execArgv: [...nodeOptionsFor(entry), `--max-old-space-size=${limits.megabytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Where cores are few, whoever waits for a small answer goes before it.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  // What cannot be spoken to any more is over, and an idle child's failure is nobody's.
  child.on('error', () => child.kill('SIGKILL'));
  await nextMessage<'ready'>(child, () => new Error('The reader did not start'));
  // An idle child keeps nobody from stopping.
  child.unref();
  child.channel?.unref();
  return child;
}

/** What it may take to load what reads a document, which is not counted against it. */
const loadingMs = 30_000;

async function ask(child: ChildProcess, request: ReadRequest, milliseconds: number): Promise<Answer<DocumentReading>> {
  child.ref();
  child.channel?.ref();
  let isOverrun = false;
  const stop = () => {
    isOverrun = true;
    child.kill('SIGKILL');
  };
  let overrun = setTimeout(stop, milliseconds + loadingMs);
  const begin = (message: unknown) => {
    if (message !== 'begun') return false;
    clearTimeout(overrun);
    overrun = setTimeout(stop, milliseconds);
    return true;
  };
  try {
    const endedBy = (code: number | null) => (isOverrun ? tooCostly('time') : endOf(code));
    const answer = nextMessage<Answer<DocumentReading>>(child, endedBy, begin);
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
        en: 'Reading the document took too long and was stopped.',
      })
    : new Problem('invalid-document', {
        zh: '文件读取占用内存过多，已停止。',
        en: 'Reading the document took too much memory and was stopped.',
      });
}
