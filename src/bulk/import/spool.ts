/** The files of imports on disk: what was sent, so that it is never held in memory and outlives a restart. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, appendFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../problem.js';
import { removeDatabase } from '../../store/engine/backup.js';
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
  return { path, temporary: false };
}

/** Removes a temporary folder; any other stays for the next start. */
export async function closeSpoolFolder({ path, temporary }: SpoolFolder): Promise<void> {
  if (temporary) await rm(path, { recursive: true, force: true });
}

/**
 * Writes a body to disk as it comes and returns its size in bytes; it is on the disk itself when this returns.
 * Throws `body-too-large` beyond the largest, and what the stream throws; then no file is left.
 */
export async function spoolBody(body: Readable, path: string): Promise<number> {
  let bytes = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      done(bytes > maxImportBytes ? tooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(body, count, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  } catch (error) {
    await removeSpool(path);
    throw error;
  }
  return bytes;
}

/** Whether the file of an import is still there. */
export async function hasSpool(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The SHA-256 of what was sent. */
export async function digestOfSpool(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest('hex');
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
 * Files of imports that have ended are kept for what they hold of refused rows, the newest of them and no more than so
 * many bytes. `ended` are those imports.
 */
export async function boundKept(folder: string, ended: ReadonlySet<string>): Promise<void> {
  const kept: { readonly path: string; readonly size: number; readonly time: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!ended.has(name)) continue;
    const path = join(folder, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry) kept.push({ path, size: entry.size, time: entry.mtimeMs });
  }
  let bytes = 0;
  for (const { path, size } of kept.sort((one, other) => other.time - one.time)) {
    bytes += size;
    if (bytes > maxKeptBytes) await rm(path, { force: true });
  }
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
export async function clearOutcomes(path: string): Promise<void> {
  await rm(outcomesPath(path), { force: true });
}

/** Writes outcomes aside, JSON each: those of a transaction that may still be undone. */
export async function addOutcomeLines(path: string, bodies: readonly string[]): Promise<void> {
  await appendFile(outcomesPath(path), bodies.map((body) => `${body}\n`).join(''));
}

/** The outcomes that were written aside, in their order, so many at a time. */
export async function* outcomeLines(path: string, size: number): AsyncGenerator<readonly string[]> {
  if (!(await hasSpool(outcomesPath(path)))) return;
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
