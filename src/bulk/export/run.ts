/**
 * Where an export runs, so that no request waits for it: in a worker thread on a snapshot of its own, or, for a store
 * in memory that no other thread can see, in slices of a few milliseconds between the requests.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { sightOf } from '../../access/visibility.js';
import { dayInChina } from '../../day.js';
import { Problem } from '../../problem.js';
import { beyondBound, sumOf } from '../../share.js';
import type { Db } from '../../store/engine/schema.js';
import { databaseFile, dataVersionOf } from '../../store/engine/store.js';
import { openTurns, type Turn, type Turns } from '../../turns.js';
import { type Answer, nextMessage, startThread, valueIn, workerFile } from '../../worker.js';
import { type ExportRequest, openExport } from './export.js';
import { type KeptFile, keepFile, type Pieces } from './kept-file.js';
import type { ExportOrder } from './worker.js';

/** What exports may cost. */
export interface ExportLimits {
  /** How many are made at once, one of one caller, and one more of strangers; the others wait their turn. */
  readonly atOnce: number;
  /** How many wait, a quarter of them of one caller; a further one is refused. */
  readonly waiting: number;
  /** How long one waits before it is refused. */
  readonly patienceMs: number;
  /** A reader that takes nothing for so long is given up. */
  readonly stalledMs: number;
  /** A worker's heap. */
  readonly megabytes: number;
  /** Bytes of one file, and of all, that are kept on the disk. */
  readonly fileBytes: number;
  readonly keptBytes: number;
  /** A file is begun to be answered once it is whole, or has so many bytes. */
  readonly answeredBytes: number;
}

/** The limits, unless exports are opened with others. */
const defaultExportLimits: ExportLimits = {
  atOnce: 2,
  waiting: 16,
  patienceMs: 30_000,
  stalledMs: 60_000,
  megabytes: 512,
  fileBytes: 256 * 1024 * 1024,
  keptBytes: 1024 * 1024 * 1024,
  answeredBytes: 1024 * 1024,
};

/** Who asks for an export. */
interface ExportTurn extends Turn {
  /** The part of the time in which it is worked on: all of it when left out. What has a third has a line of its own. */
  readonly share?: 'third';
}

/** A file that is exported. */
interface ExportedFile {
  readonly body: Readable;
  /** Of a file that is whole already, its length and what names its content. */
  readonly whole?: { readonly bytes: number; readonly digest: string };
}

/** Exports that run, and how to begin another. */
export interface Exports {
  /**
   * Begins an export, or takes the one that was made of the same data for the same reader, be it ended or not: what is
   * asked for again is not made again until something is committed. Destroying the stream ends the work, if nobody
   * else has it. Throws what `openExport` throws, and what `take` of turns does.
   */
  begin(db: Db, request: ExportRequest, turn?: ExportTurn): Promise<ExportedFile>;
  /** How many files were begun to be made. */
  readonly made: number;
  /** Ends every export that runs, and forgets what was made. */
  stop(): void;
}

/** Rows read in one go: in a worker for speed, in slices so that one takes less than five milliseconds. */
const rowsInWorker = 256;
const rowsInSlice = 16;

/** A file that is made, or was, and the data it is made of. */
interface Making {
  readonly key: string;
  readonly version: number;
  readonly owner: string;
  /** Once it is begun. */
  file?: KeptFile;
  ready: Promise<KeptFile>;
  /** When it was asked for last. */
  at: number;
}

/** Somewhere to run exports. */
export function openExports(changed: Partial<ExportLimits> = {}): Exports {
  const limits = { ...defaultExportLimits, ...changed };
  // Strangers wait for strangers: they keep no holder of a token waiting, and all of them together have one part.
  const lines = { all: openTurns(limits, tooMany), third: openTurns({ ...limits, atOnce: 1 }, tooMany) };
  /** Those that are given again. */
  const shelf = new Map<string, Making>();
  /** Those that have room on the disk. */
  const files = new Map<KeptFile, Making>();
  let made = 0;
  let asked = 0;

  /** Gives one no more; who reads it reads on. */
  const drop = (making: Making): void => {
    if (shelf.get(making.key) === making) shelf.delete(making.key);
    making.file?.release();
  };
  /** Makes room by what nobody reads. */
  const hasRoom = (own: KeptFile | undefined, bytes: number): boolean => {
    if ((own?.bytes ?? 0) + bytes > limits.fileBytes) return false;
    const idle = [...files].filter(([file]) => file !== own && file.readers === 0 && file.end !== 'open');
    const inUse = [...files.keys()].filter((file) => !idle.some(([other]) => other === file));
    const left = limits.keptBytes - sumOf(inUse) - bytes;
    if (left < 0) return false;
    const kept = idle.map(([file, making]) => ({ making, owner: making.owner, bytes: file.bytes, at: making.at }));
    for (const { making } of beyondBound(kept, left)) drop(making);
    return true;
  };
  const make = async (db: Db, request: ExportRequest, making: Making, turn: MakingTurn): Promise<KeptFile> => {
    const path = databaseFile(db);
    const pieces = await (path === undefined ? runInSlices(db, request) : runInWorker(path, request, limits));
    const file = await keepFile(pieces, {
      beside: path ?? join(tmpdir(), 'xiangbao'),
      hasRoom: (bytes) => hasRoom(making.file, bytes),
      pause: async (milliseconds) => {
        if (turn.share === 'third') await sleep(2 * milliseconds);
      },
      onEnd: () => {
        turn.end();
        // What is not all there is not given again, nor what was read in slices while it changed.
        const isSound = making.file?.end === 'whole' && making.file.isComplete;
        if (!isSound || (path === undefined && isChanged(db, making.version))) drop(making);
      },
      onFree: () => {
        if (making.file) files.delete(making.file);
      },
    });
    making.file = file;
    files.set(file, making);
    if (file.end === 'broken') drop(making);
    return file;
  };
  const give = async (making: Making): Promise<ExportedFile> => {
    making.at = ++asked;
    const file = await making.ready;
    const body = file.read(limits.stalledMs);
    // Nothing is made for nobody.
    body.once('close', () => {
      if (file.end === 'open' && file.readers === 0) drop(making);
    });
    try {
      await file.begun(limits.answeredBytes);
    } catch (error) {
      body.destroy();
      throw error;
    }
    const { digest, bytes, isComplete } = file;
    return { body, ...(digest !== undefined && isComplete && { whole: { bytes, digest } }) };
  };
  const find = (db: Db, key: string): Making | undefined => {
    const making = shelf.get(key);
    if (!making || isChanged(db, making.version)) return undefined;
    return making.file === undefined || (making.file.end !== 'broken' && making.file.isComplete) ? making : undefined;
  };
  const begin = async (db: Db, request: ExportRequest, turn: MakingTurn): Promise<ExportedFile> => {
    const key = keyOf(request);
    const version = dataVersionOf(db);
    made++;
    const making: Making = { key, version, owner: turn.caller ?? '', at: ++asked, ready: neverMade };
    making.ready = make(db, request, making, turn);
    for (const before of shelf.values()) if (before.key === key || before.version !== version) drop(before);
    shelf.set(key, making);
    try {
      await making.ready;
    } catch (error) {
      drop(making);
      turn.end();
      throw error;
    }
    const given = give(making);
    // Of which data it is made is only known where nothing was committed until it was begun.
    if (isChanged(db, version) || shelf.get(key) !== making) given.finally(() => drop(making)).catch(() => undefined);
    return given;
  };

  return {
    get made() {
      return made;
    },
    begin: async (db, request, turn = {}) => {
      const key = keyOf(request);
      const kept = find(db, key);
      if (kept) return give(kept);
      const end = await takeTurn(lines[turn.share ?? 'all'], turn, limits.patienceMs);
      // Meanwhile another may have begun the same.
      const begun = find(db, key);
      if (!begun) return begin(db, request, { ...turn, end });
      end();
      return give(begun);
    },
    stop: () => {
      for (const making of files.values()) {
        drop(making);
        making.file?.stop();
      }
    },
  };
}

/** A turn that was taken, and how to end it. */
interface MakingTurn extends ExportTurn {
  readonly end: () => void;
}

const neverMade = new Promise<never>(() => undefined);

function isChanged(db: Db, version: number): boolean {
  return dataVersionOf(db) !== version;
}

/** What a file is made of beside the data: who reads what, on which day, and what is asked. */
function keyOf({ reader, ...asked }: ExportRequest): string {
  const { caller, now } = reader;
  const whose = caller.kind === 'token' ? caller.tokenId : caller.kind;
  const members = Object.entries(asked).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([whose, sightOf(reader), dayInChina(now), members]);
}

/** Waits for a turn, and not for ever. */
async function takeTurn(turns: Turns, { caller, signal, patient }: Turn, patienceMs: number): Promise<() => void> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(new Problem('busy', tooMany.all)), patienceMs);
  const either = signal ? AbortSignal.any([signal, impatience.signal]) : impatience.signal;
  try {
    return await turns.take({ caller, patient, signal: either });
  } finally {
    clearTimeout(timer);
  }
}

const tooMany = {
  all: {
    zh: '正在进行的导出已达上限，请稍后重试。',
    en: 'As many exports are being made as may, and others wait. Try again when some have ended.',
  },
  own: {
    zh: '您有过多导出正在等待，请稍后重试。',
    en: 'Too many exports of yours are waiting. Try again when some have ended.',
  },
};

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
