/** Where the command line's filings come from: folders, files of every known extension, and standard input. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { mediaTypeOf } from '../../../document/read/read-document.js';
import { parseJson } from '../../../json.js';
import { Problem } from '../../../problem.js';
import { type BulkFormat, readItems } from './formats.js';
import type { ImportItem } from './item.js';
import { maxLineLength } from './lines.js';
import { isBeside, readDocumentNamed } from './named-document.js';
import { readNdjson } from './ndjson.js';
import { isHeader, nothingToImport } from './table-columns.js';
import { firstRow, readTables } from './tables.js';
import { workbookTables } from './workbook-rows.js';

/** A file with filings. `workbook` is a table or a document: what it holds tells which. */
export interface ImportSource {
  readonly name: string;
  readonly holds: Exclude<BulkFormat, 'xlsx'> | 'filing' | 'document' | 'workbook';
  /** In bytes, 0 where it is not known. */
  readonly size: number;
}

/** Standard input, as a path. */
const standardInput = '-';

/** What a file holds, by its extension. */
const holdings: Readonly<Record<string, ImportSource['holds']>> = {
  json: 'filing',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
  tsv: 'csv',
  zip: 'zip',
  xlsx: 'workbook',
};

/**
 * What the paths name: `-` is NDJSON on standard input, a folder is every file in or under it that has a known
 * extension, a file is read by its extension and else as NDJSON. Throws `invalid-parameter` for a path that cannot be
 * read and for a folder without such files.
 */
export async function findSources(paths: readonly string[]): Promise<ImportSource[]> {
  const found: ImportSource[] = [];
  for (const path of paths) {
    if (path === standardInput) found.push({ name: path, holds: 'ndjson', size: 0 });
    else found.push(...(await sourcesAt(path)));
  }
  return found;
}

async function sourcesAt(path: string): Promise<ImportSource[]> {
  const { size, isFolder } = await statOf(path);
  if (!isFolder) return [{ name: path, holds: (await holdingOf(path)) ?? 'ndjson', size }];
  const found: ImportSource[] = [];
  for (const name of (await readdir(path, { recursive: true })).sort()) {
    if (isBeside(name) || isReadMe(name) || holdingByName(name) === undefined) continue;
    const file = join(path, name);
    if (!(await statOf(file)).isFolder) found.push(...(await sourcesAt(file)));
  }
  if (found.length > 0) return found;
  throw new Problem('invalid-parameter', {
    zh: '文件夹中没有报送文件。',
    en: `${path} holds no file of filings (${Object.keys(holdings).join(', ')}) and no document.`,
  });
}

/** A folder's own description is no report. */
function isReadMe(name: string): boolean {
  return /(?:^|\/)readme\.[a-z]+$/i.test(name);
}

function holdingByName(name: string): ImportSource['holds'] | undefined {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(holdings, extension)) return holdings[extension];
  return mediaTypeOf(name) === undefined ? undefined : 'document';
}

/** JSON in a text file is filings, one a line: no report begins with a brace or a bracket. */
async function holdingOf(path: string): Promise<ImportSource['holds'] | undefined> {
  const byName = holdingByName(path);
  if (byName !== 'document' || mediaTypeOf(path) !== 'text/plain') return byName;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return /^\uFEFF?\s*[[{]/.test(buffer.subarray(0, bytesRead).toString('utf8')) ? 'ndjson' : 'document';
  } finally {
    await file.close();
  }
}

async function statOf(path: string): Promise<{ readonly size: number; readonly isFolder: boolean }> {
  try {
    const entry = await stat(path);
    return { size: entry.size, isFolder: entry.isDirectory() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-parameter', { zh: '无法读取。', en: `${path} cannot be read: ${reason}.` });
  }
}

/**
 * Every item of some sources, one after the other, each with the name of its source. `charset` is that of CSV files.
 * Throws `invalid-parameter`, naming the source, when one as a whole is not what its extension says, and when none has
 * anything in it.
 */
export async function* readSources(
  sources: readonly ImportSource[],
  { stdin, charset }: { readonly stdin: Readable; readonly charset: string | null },
): AsyncGenerator<ImportItem> {
  let isEmpty = true;
  for (const source of sources) {
    try {
      for await (const item of itemsOf(source, stdin, charset)) {
        isEmpty = false;
        yield { ...item, source: source.name };
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { zh, en } = error.detail;
      const detail = { zh: `${source.name}：${zh}`, en: `${source.name}: ${en}` };
      throw new Problem('invalid-parameter', detail, error.members);
    }
  }
  if (isEmpty) throw new Problem('invalid-parameter', nothingToImport().detail);
}

function itemsOf(source: ImportSource, stdin: Readable, charset: string | null): AsyncGenerator<ImportItem> {
  const { name: path, holds } = source;
  if (path === standardInput) return readNdjson(stdin);
  if (holds === 'filing') return readOneFiling(source);
  if (holds === 'document') return readOneDocument(source);
  if (holds === 'workbook') return readWorkbookItems(source);
  return readItems({ path, format: holds, charset });
}

async function* readOneFiling({ name, size }: ImportSource): AsyncGenerator<ImportItem> {
  const isLong = size > maxLineLength;
  const raw = isLong ? Buffer.alloc(0) : await readFile(name);
  const read = () => {
    if (isLong) throw tooLong();
    return { filing: parseJson(raw) };
  };
  yield { line: 1, ref: null, bytes: size, raw, read };
}

async function* readOneDocument({ name, size }: ImportSource): AsyncGenerator<ImportItem> {
  yield { line: 1, ref: null, bytes: size, read: () => readDocumentNamed(name, () => readFile(name)) };
}

/** A workbook with a sheet whose first row names columns is tables of filings; any other is a report. */
async function* readWorkbookItems(source: ImportSource): AsyncGenerator<ImportItem> {
  // What is no sound workbook is refused as a document, for itself.
  const tables = await workbookTables(source.name).catch(() => []);
  const firsts = await Promise.all(tables.map(firstRow));
  if (firsts.some((row) => row && isHeader(row))) yield* readTables(tables);
  else yield* readOneDocument(source);
}

function tooLong(): Problem {
  return new Problem('body-too-large', {
    zh: '单份报送不得超过该字节数。',
    en: `A filing has at most ${maxLineLength} bytes.`,
  });
}
