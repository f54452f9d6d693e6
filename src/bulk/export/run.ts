/**
 * Where an export runs, so that no request waits for it: in a worker thread on a snapshot of its own, or, for a store
 * in memory that no other thread can see, in slices of a few milliseconds between the requests.
 */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import { databaseFile } from '../../store/engine/store.js';
import { type Answer, nextMessage, startThread, valueIn, workerFile } from '../../worker.js';
import { type ExportRequest, openExport } from './export.js';
import type { ExportOrder } from './worker.js';

/** What exports may cost. */
export interface ExportLimits {
  /** How many run at once; a further one is refused. */
  readonly atOnce: number;
  /** A reader that takes nothing for so long is given up: its snapshot keeps the store's log from being emptied. */
  readonly stalledMs: number;
  /** A worker's heap. */
  readonly megabytes: number;
}

const defaultExportLimits: ExportLimits = { atOnce: 2, stalledMs: 60_000, megabytes: 512 };

/** Exports that run, and how to begin another. */
export interface Exports {
  /**
   * Begins an export and returns its file as a stream. Destroying the stream ends the work. Throws what
   * `openExport` throws, and `busy` while as many exports run as may.
   */
  begin(db: Db, request: ExportRequest): Promise<Readable>;
  /** Ends every export that runs. */
  stop(): void;
}

/** Rows read in one go: in a worker for speed, in slices so that one takes less than five milliseconds. */
const rowsInWorker = 256;
const rowsInSlice = 16;

/** Bytes made ahead of the reader. */
const madeAhead = 256 * 1024;

/** Somewhere to run exports. */
export function openExports(limits: ExportLimits = defaultExportLimits): Exports {
  const running = new Set<Readable>();
  let begun = 0;
  return {
    begin: async (db, request) => {
      if (begun >= limits.atOnce) throw tooMany(limits.atOnce);
      begun++;
      try {
        const file = databaseFile(db);
        const pieces = file === undefined ? await runInSlices(db, request) : await runInWorker(file, request, limits);
        const body = streamOf(pieces, limits.stalledMs);
        running.add(body);
        body.once('close', () => {
          running.delete(body);
          begun--;
        });
        return body;
      } catch (error) {
        begun--;
        throw error;
      }
    },
    stop: () => {
      for (const body of running) body.destroy();
    },
  };
}

function tooMany(atOnce: number): Problem {
  return new Problem('busy', {
    zh: `正在进行的导出已达上限（${atOnce} 个），请稍后重试。`,
    en: `${atOnce} exports are being made, and no more at once. Try again when one has ended.`,
  });
}

/** The pieces of a file as they are asked for, undefined at the end, and a way to want no more of them. */
interface Pieces {
  readonly next: () => Promise<Uint8Array | undefined>;
  readonly stop: () => Promise<unknown>;
}

async function runInSlices(db: Db, request: ExportRequest): Promise<Pieces> {
  // Requests that wait go first.
  const made = await openExport(db, request, { rowsAtOnce: rowsInSlice, between: () => nextTurn() });
  const pieces = made.write()[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await pieces.next();
      return done ? undefined : value;
    },
    stop: async () => pieces.return?.(),
  };
}

async function runInWorker(file: string, request: ExportRequest, limits: ExportLimits): Promise<Pieces> {
  const order: ExportOrder = { file, request, rowsAtOnce: rowsInWorker };
  const worker = startThread(workerFile('worker', import.meta.url), order, limits);
  // It may end while nobody waits for a message of it: when its heap is full, say.
  let ended: unknown;
  worker.once('error', (error) => {
    ended = error;
  });
  worker.once('exit', () => {
    ended ??= endedEarly();
  });
  const next = async <T>() => valueIn(await nextMessage<Answer<T>>(worker, endedEarly), 'the export');
  const stop = () => worker.terminate();
  try {
    await next<'opened'>();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    next: async () => {
      if (ended !== undefined) throw ended;
      const piece = next<Uint8Array | null>();
      worker.postMessage('next');
      return (await piece) ?? undefined;
    },
    stop,
  };
}

function endedEarly(): Error {
  return new Error('the export worker ended before its file did');
}

/** A stream that asks for a piece whenever its reader has taken one, and gives up a reader that takes none. */
function streamOf(pieces: Pieces, stalledMs: number): Readable {
  let stalled: NodeJS.Timeout | undefined;
  return new Readable({
    highWaterMark: madeAhead,
    read() {
      clearTimeout(stalled);
      pieces.next().then(
        (piece) => {
          stalled = setTimeout(
            () => this.destroy(new Error('the reader of an export took nothing')),
            stalledMs,
          ).unref();
          this.push(piece ?? null);
        },
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      clearTimeout(stalled);
      pieces.stop().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      );
    },
  });
}
