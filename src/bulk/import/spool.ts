/** The files of imports on disk: what was sent, so that it is never held in memory and outlives a restart. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, appendFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../problem.js';
import { beyondBound, type Kept } from '../../share.js';
import { digestOf, removeDatabase, syncPath } from '../../store/engine/backup.js';
import type { Db } from '../../store/engine/schema.js';
import { databaseFile } from '../../store/engine/store.js';

/** The largest file that is taken, in bytes. */
export const maxImportBytes = 256 * 1024 * 1024;

/** A file without an import is what a crash left of an upload, once it is older than this. */
const abandonedAfterMs = 24 * 3_600_000;

/** A folder for the files of imports; `temporary` when nothing in it can be of use once the store is closed. */
export interface SpoolFolder {
  readonly path: string;
  readonly temporary: boolean;
}

/** The folder of the imports of a store: beside its file, or a temporary one for a store in memory. */
export async function openSpoolFolder(db: Db): Promise<SpoolFolder> {
  const file = databaseFile(db);
  if (file === undefined) return { path: await mkdtemp(join(tmpdir(), 'xiangbao-imports-')), temporary: true };
  const path = `${file}-imports`;
  await mkdir(path, { recursive: true, mode: 0o700 });
  await syncPath(dirname(path));
  return { path, temporary: false };
}

/** Removes a temporary folder; any other stays for the next start. */
export async function closeSpoolFolder({ path, temporary }: SpoolFolder): Promise<void> {
  if (temporary) await rm(path, { recursive: true, force: true });
}

/** What the file of an import is when it is whole. */
export interface SpoolSeal {
  readonly bytes: number;
  /** SHA-256 in hexadecimal; null of files of earlier versions, of which only the length is known. */
  readonly digest: string | null;
}

/**
 * Writes a body to disk as it comes and returns what the file is now; it is on the disk itself, and so is its name,
 * when this returns. `onBytes` is told how much came so far, and refuses more by throwing. Throws `body-too-large` beyond the
 * largest, and what the stream throws; then no file is left.
 */
export async function spoolBody(
  body: Readable,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<SpoolSeal & { readonly digest: string }> {
  let bytes = 0;
  const digest = createHash('sha256');
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      digest.update(chunk);
      try {
        if (bytes > maxImportBytes) throw tooLarge();
        onBytes(bytes);
        done(null, chunk);
      } catch (error) {
        // Only problems are thrown above.
        done(error as Error);
      }
    },
  });
  try {
    await pipeline(body, count, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
    await syncPath(dirname(path));
  } catch (error) {
    await removeSpool(path);
    throw error;
  }
  return { bytes, digest: digest.digest('hex') };
}

/** Throws `damaged-upload` when the file of an import is not what it was when it was received: cut short, or otherwise. */
export async function requireWhole(path: string, { bytes, digest }: SpoolSeal): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.size !== bytes) throw damaged(entry?.size ?? 0, bytes);
  if (digest !== null && (await digestOf(path)) !== digest) throw damaged(bytes, bytes);
}

function damaged(found: number, sent: number): Problem {
  return new Problem(
    'damaged-upload',
    found === sent
      ? { zh: '服务器上保存的文件与收到时不同。', en: 'The file as it is kept is not what was received.' }
      : {
          zh: `服务器上保存的文件有 ${found} 字节，收到时有 ${sent} 字节。`,
          en: `The file as it is kept has ${found} bytes; ${sent} were received.`,
        },
  );
}

/** Whether the file of an import is still there. */
export async function hasSpool(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Removes the files of an import. */
export async function removeSpool(path: string): Promise<void> {
  await rm(path, { force: true });
  await removeWork(path);
}

/** Removes what was written beside the file of an import while it ran; the file itself stays. */
export async function removeWork(path: string): Promise<void> {
  await clearOutcomes(path);
  await clearCopy(path);
}

/**
 * Files of imports that have ended are kept for what they hold of refused rows: so many bytes of them at the most, and when
 * it is more, the oldest of whoever has the most goes. `ended` are those imports, each with whose it is.
 */
export async function boundKept(
  folder: string,
  ended: ReadonlyMap<string, string>,
  maxBytes: number = maxKeptBytes,
): Promise<void> {
  const kept: (Kept & { readonly path: string })[] = [];
  for (const name of await readdir(folder)) {
    const owner = ended.get(name);
    if (owner === undefined) continue;
    const path = join(folder, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry) kept.push({ path, owner, bytes: entry.size, at: entry.mtimeMs });
  }
  for (const { path } of beyondBound(kept, maxBytes)) await rm(path, { force: true });
}

/** Four of the largest files. */
const maxKeptBytes = 4 * maxImportBytes;

/** Where a copy of the store may be for an import to be tried out on; a copy that is there already is removed. */
export async function clearCopy(path: string): Promise<string> {
  const copy = `${path}.copy`;
  await removeDatabase(copy);
  return copy;
}

/** Removes what uploads that never became an import, and imports that are forgotten, left behind. `known` are the imports. */
export async function removeAbandoned(folder: string, known: ReadonlySet<string>, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (known.has(name.split('.')[0] ?? '')) continue;
    if (now.getTime() - (await stat(path)).mtimeMs > abandonedAfterMs) await rm(path, { force: true });
  }
}

/** Forgets the outcomes that were written aside. */
async function clearOutcomes(path: string): Promise<void> {
  await rm(outcomesPath(path), { force: true });
}

/** Outcomes that are written aside, and what has been written so far. */
export interface OutcomesAside {
  readonly path: string;
  bytes: number;
  readonly digest: Hash;
}

/** Begins to write outcomes aside: those of a transaction that may still be undone. */
export async function beginOutcomes(path: string): Promise<OutcomesAside> {
  await clearOutcomes(path);
  await writeFile(outcomesPath(path), '', { mode: 0o600 });
  return { path, bytes: 0, digest: createHash('sha256') };
}

/** Writes outcomes aside, JSON each. */
export async function addOutcomeLines(aside: OutcomesAside, bodies: readonly string[]): Promise<void> {
  const text = Buffer.from(bodies.map((body) => `${body}\n`).join(''));
  await appendFile(outcomesPath(aside.path), text);
  aside.bytes += text.length;
  aside.digest.update(text);
}

/** The outcomes that were written aside, in their order, so many at a time. Throws `damaged-upload` where they are not what was written. */
export async function* outcomeLines(aside: OutcomesAside, size: number): AsyncGenerator<readonly string[]> {
  const { path, bytes } = aside;
  await requireWhole(outcomesPath(path), { bytes, digest: aside.digest.copy().digest('hex') });
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(outcomesPath(path)), crlfDelay: Infinity })) {
    lines.push(line);
    if (lines.length < size) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

function outcomesPath(path: string): string {
  return `${path}.outcomes`;
}

function tooLarge(): Problem {
  const megabytes = maxImportBytes / 1024 / 1024;
  return new Problem('body-too-large', {
    zh: `批量报送不得超过 ${megabytes} MiB。`,
    en: `An import may have ${megabytes} MiB at most.`,
  });
}
