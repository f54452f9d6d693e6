/** Where filings come from: folders, single JSON files, and NDJSON from files or standard input. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../problem.js';

/** The longest filing that is read, in bytes; the service takes no longer bodies either. */
export const maxFilingBytes = 2 * 1024 * 1024;

/** Something that holds filings: one in a `document`, one a line in `lines`. */
export interface FilingSource {
  readonly name: string;
  readonly shape: 'document' | 'lines';
  /** In bytes, 0 where it is not known. */
  readonly size: number;
}

/** The bytes of one filing as they were found; `long` when there are more than `maxFilingBytes`, cut there. */
export interface FilingBytes {
  readonly source: string;
  /** The line it begins on, from 1. */
  readonly line: number;
  readonly bytes: Buffer;
  readonly long: boolean;
}

/** Standard input, as a path. */
const standardInput = '-';

/**
 * What the paths name: `-` is NDJSON on standard input, a folder is every .json, .ndjson and .jsonl file in or
 * under it, a .json file is one filing, any other file is NDJSON. Throws `invalid-parameter` for a path that
 * cannot be read and for a folder without filings.
 */
export async function findSources(paths: readonly string[]): Promise<FilingSource[]> {
  const found: FilingSource[] = [];
  for (const path of paths) {
    if (path === standardInput) found.push({ name: path, shape: 'lines', size: 0 });
    else found.push(...(await sourcesAt(path)));
  }
  return found;
}

async function sourcesAt(path: string): Promise<FilingSource[]> {
  const { size, ...entry } = await statOf(path);
  if (!entry.folder) return [{ name: path, shape: path.endsWith('.json') ? 'document' : 'lines', size }];
  const names = (await readdir(path, { recursive: true })).filter((name) => /\.(json|ndjson|jsonl)$/.test(name));
  const files = names.sort().map((name) => join(path, name));
  const nested = await Promise.all(files.map(async (file) => ((await statOf(file)).folder ? [] : sourcesAt(file))));
  if (nested.flat().length > 0) return nested.flat();
  throw new Problem('invalid-parameter', {
    zh: '文件夹中没有报送文件。',
    en: `${path} holds no .json, .ndjson or .jsonl file.`,
  });
}

async function statOf(path: string): Promise<{ readonly size: number; readonly folder: boolean }> {
  try {
    const entry = await stat(path);
    return { size: entry.size, folder: entry.isDirectory() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-parameter', { zh: '无法读取。', en: `${path} cannot be read: ${reason}.` });
  }
}

/** Every filing of a source, one after the other; blank lines are none. Never holds more than one line. */
export async function* readFilings(source: FilingSource, stdin: Readable): AsyncGenerator<FilingBytes> {
  const { name } = source;
  if (source.shape === 'document') {
    const long = source.size > maxFilingBytes;
    yield { source: name, line: 1, bytes: long ? Buffer.alloc(0) : await readFile(name), long };
    return;
  }
  let line = 0;
  for await (const { bytes, long } of splitLines(name === standardInput ? stdin : createReadStream(name))) {
    line++;
    const text = bytes.subarray(0, 16).toString('latin1').trim();
    if (text === '' && isBlank(bytes)) continue;
    if (!long && bytes.length < 4 && (text === '{' || text === '[')) throw spreadOverLines(name);
    yield { source: name, line, bytes, long };
  }
}

/** Cuts bytes at line feeds; what a line has beyond the longest filing is dropped. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ bytes: Buffer; long: boolean }> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    if (length <= maxFilingBytes) parts.push(part);
    length += part.length;
  };
  const finish = () => {
    const line = { bytes: Buffer.concat(parts).subarray(0, maxFilingBytes), long: length > maxFilingBytes };
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function spreadOverLines(name: string): Problem {
  return new Problem('invalid-parameter', {
    zh: '应为每行一份报送（NDJSON）；单份报送请存为 .json 文件。',
    en: `${name} is JSON spread over several lines; one filing a line is expected (NDJSON). Put a single filing in a .json file.`,
  });
}
