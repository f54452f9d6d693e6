/**
 * The file of a copy: JSON lines that are only added to. A step adds what it changed and then its place, and is on the
 * disk before the next one; what a crash leaves without its place is cut off, so that a step is kept whole or not at all.
 */
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { TaggedReport } from './client.js';

/** A report that a step fetched, or null where there is none any more. */
export interface Kept {
  readonly key: string;
  readonly report: TaggedReport | null;
}

/** Where a copy is kept. */
export interface CopyFile {
  /** Adds what a step changed, and the place after it. */
  readonly keep: (kept: readonly Kept[], since: string) => void;
  /** Writes the file again, without what is no more, when that is the greater part of it. */
  readonly tidy: (reports: ReadonlyMap<string, TaggedReport>, since: string) => void;
  readonly empty: () => void;
}

/** Lines of the file: a report, a place. */
type Line = Kept | { readonly since: string };

/** Lines that may be out of date before the file is written again. */
const maxStale = 2_000;

/** Opens the file of a copy, and reads it up to the last place in it. */
export function openCopyFile(path: string): {
  readonly file: CopyFile;
  readonly reports: Map<string, TaggedReport>;
  readonly since: string | undefined;
} {
  const { whole, reports, since, lines } = readKept(path);
  let written = lines;
  appendFileSync(path, '');
  truncateSync(path, whole);
  const keep = (kept: readonly Kept[], next: string) => {
    const added: readonly Line[] = [...kept, { since: next }];
    addDurably(path, added);
    written += added.length;
  };
  const tidy = (now: ReadonlyMap<string, TaggedReport>, place: string) => {
    if (written < 2 * now.size + maxStale) return;
    const all: readonly Line[] = [...[...now].map(([key, report]) => ({ key, report })), { since: place }];
    replaceDurably(path, all);
    written = all.length;
  };
  const empty = () => {
    replaceDurably(path, []);
    written = 0;
  };
  return { file: { keep, tidy, empty }, reports, since };
}

/** What a file holds up to the end of the last line that is a place, and how many bytes that is. */
function readKept(path: string) {
  const reports = new Map<string, TaggedReport>();
  let [since, whole, lines]: [string | undefined, number, number] = [undefined, 0, 0];
  let pending: Kept[] = [];
  const bytes = bytesOf(path);
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
    // Every whole line was written by this program.
    const line = JSON.parse(bytes.toString('utf8', from, to)) as Line;
    if ('key' in line) {
      pending.push(line);
      continue;
    }
    for (const { key, report } of pending) {
      if (report) reports.set(key, report);
      else reports.delete(key);
    }
    lines += pending.length + 1;
    pending = [];
    since = line.since;
    whole = to + 1;
  }
  return { reports, since, whole, lines };
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function addDurably(path: string, lines: readonly Line[]): void {
  writeDurably(path, 'a', textOf(lines));
}

function replaceDurably(path: string, lines: readonly Line[]): void {
  writeDurably(`${path}.new`, 'w', textOf(lines));
  renameSync(`${path}.new`, path);
  // The name is in the folder, which is synced as a file is.
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function writeDurably(path: string, flag: 'a' | 'w', text: string): void {
  const file = openSync(path, flag);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
