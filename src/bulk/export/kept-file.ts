/**
 * A file that is written once and read by many, at the pace of each: on the disk as far as there is room, without a
 * name, so that it goes with this process however that ends. Beyond, it is written at the pace of its slowest reader.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { Readable } from 'node:stream';

/** The pieces of a file as they are asked for, undefined at the end, and a way to want no more of them. */
export interface Pieces {
  readonly next: () => Promise<Uint8Array | undefined>;
  readonly stop: () => Promise<unknown>;
}

/** A file that is being written, or is written. */
export interface KeptFile {
  /** Bytes on the disk. */
  readonly bytes: number;
  /** How it ended: not at all yet, whole, or not. */
  readonly end: 'open' | 'whole' | 'broken';
  /** The SHA-256 of all of it, once it is whole. */
  readonly digest: string | undefined;
  /** Whether all of it so far is on the disk, so that one more may begin to read it. */
  readonly isComplete: boolean;
  /** How many read it. */
  readonly readers: number;
  /** Settles when it has ended, or so many bytes of it are there. Rejects with why it could not be made. */
  begun(bytes: number): Promise<void>;
  /** The file from its beginning, as a stream; what takes nothing for so long is given up. */
  read(stalledMs: number): Readable;
  /** Lets go of it: the last reader takes its room with it. */
  release(): void;
  /** Ends whatever reads it, and lets go of it. */
  stop(): void;
}

/** How a file is written. */
export interface WriteOptions {
  /** Beside which path its room is taken. */
  readonly beside: string;
  /** Whether so many more bytes may be put on the disk. */
  readonly hasRoom: (bytes: number) => boolean;
  /** What is waited for after a piece that took so many milliseconds to make. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Called once when nothing is made any more. */
  readonly onEnd: () => void;
  /** Called once when its room is free. */
  readonly onFree: () => void;
}

/** Bytes read from the disk in one go. */
const readAtOnce = 256 * 1024;

/** Begins to write a file of some pieces. It goes on without readers only as long as it is not released. */
export async function keepFile(pieces: Pieces, options: WriteOptions): Promise<KeptFile> {
  const handle = await openNameless(options.beside);
  const digest = createHash('sha256');
  const wake = new Set<() => void>();
  const readers = new Map<{ at: number }, Readable>();
  let bytes = 0;
  let made = 0;
  let last: Uint8Array | undefined;
  let end: KeptFile['end'] = 'open';
  let failure: unknown;
  let tag: string | undefined;
  let released = false;
  let freed = false;

  const tell = () => {
    const woken = [...wake];
    wake.clear();
    for (const one of woken) one();
  };
  const change = () => new Promise<void>((resolve) => wake.add(resolve));
  const isUnwanted = () => released && readers.size === 0;
  const free = () => {
    if (freed || end === 'open' || !isUnwanted()) return;
    freed = true;
    void handle?.close().catch(() => undefined);
    options.onFree();
  };

  const put = async (piece: Uint8Array): Promise<void> => {
    digest.update(piece);
    const isOnDisk = bytes === made && handle !== undefined && options.hasRoom(piece.length);
    if (isOnDisk && (await write(handle, piece, bytes))) bytes += piece.length;
    else last = piece;
    made += piece.length;
    tell();
  };
  /** What is not on the disk is in memory until every reader has it. */
  const untilTaken = async (): Promise<void> => {
    while (bytes < made && !isUnwanted() && [...readers.keys()].some(({ at }) => at < made)) await change();
  };
  const writeAll = async (): Promise<void> => {
    try {
      for (;;) {
        await untilTaken();
        if (isUnwanted()) throw new Error('nobody wants the file any more');
        const started = performance.now();
        const piece = await pieces.next();
        if (piece === undefined) break;
        const took = performance.now() - started;
        await put(piece);
        await options.pause(took);
      }
      tag = digest.digest('hex');
      end = 'whole';
    } catch (error) {
      failure = error;
      end = 'broken';
    }
    await pieces.stop().catch(() => undefined);
    options.onEnd();
    tell();
    free();
  };
  const done = writeAll();
  const release = () => {
    released = true;
    tell();
    free();
  };

  /** The next bytes after a place, null at the end. */
  const take = async (reader: { at: number }): Promise<Uint8Array | null> => {
    for (;;) {
      if (reader.at < bytes && handle) {
        const wanted = Math.min(readAtOnce, bytes - reader.at);
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, reader.at);
        if (bytesRead === 0) throw new Error('the file of an export is shorter than was written');
        reader.at += bytesRead;
        return buffer.subarray(0, bytesRead);
      }
      if (reader.at < made && last) {
        reader.at = made;
        tell();
        return last;
      }
      if (end === 'broken') throw failure;
      if (end === 'whole') return null;
      await change();
    }
  };

  return {
    get bytes() {
      return bytes;
    },
    get end() {
      return end;
    },
    get digest() {
      return tag;
    },
    get isComplete() {
      return bytes === made;
    },
    get readers() {
      return readers.size;
    },
    begun: async (wanted) => {
      while (end === 'open' && made < wanted) await change();
      if (end === 'broken' && made < wanted) {
        await done;
        throw failure;
      }
    },
    read: (stalledMs) => {
      const reader = { at: 0 };
      const body = streamOf(
        () => take(reader),
        stalledMs,
        () => {
          readers.delete(reader);
          tell();
          free();
        },
      );
      readers.set(reader, body);
      return body;
    },
    release,
    stop: () => {
      for (const body of readers.values()) body.destroy();
      release();
    },
  };
}

/** A file for its owner only, whose name is taken away at once; undefined where there is no room for one. */
async function openNameless(beside: string): Promise<FileHandle | undefined> {
  const path = `${beside}-export-${randomUUID()}`;
  try {
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return handle;
  } catch {
    return undefined;
  }
}

/** Whether a piece is written; when the disk is full it is not, and the file goes on without it. */
async function write(handle: FileHandle, piece: Uint8Array, at: number): Promise<boolean> {
  try {
    for (let done = 0; done < piece.length; ) {
      done += (await handle.write(piece, done, piece.length - done, at + done)).bytesWritten;
    }
    return true;
  } catch {
    return false;
  }
}

/** A stream that asks for bytes whenever its reader has taken some, and gives up a reader that takes none. */
function streamOf(take: () => Promise<Uint8Array | null>, stalledMs: number, onClose: () => void): Readable {
  let stalled: NodeJS.Timeout | undefined;
  return new Readable({
    highWaterMark: readAtOnce,
    read() {
      clearTimeout(stalled);
      take().then(
        (bytes) => {
          if (this.destroyed) return;
          stalled = setTimeout(
            () => this.destroy(new Error('the reader of an export took nothing')),
            stalledMs,
          ).unref();
          this.push(bytes);
          if (bytes === null) clearTimeout(stalled);
        },
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      clearTimeout(stalled);
      onClose();
      done(error);
    },
  });
}
