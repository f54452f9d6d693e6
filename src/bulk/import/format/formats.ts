/**
 * Many reports in one file: NDJSON of filings, CSV and Excel tables, a zip of documents. A file is read as a stream
 * of items, each with its place; what is wrong with one is thrown when that one is read, and the next is read all
 * the same.
 */

import { createReadStream } from 'node:fs';
import { Problem } from '../../../problem.js';
import { charsetNames, charsetOf } from './charset.js';
import { csvTable } from './csv-rows.js';
import { type ImportItem, nothingPassedOver, type PassedOver } from './item.js';
import { readNdjson } from './ndjson.js';
import { nothingToImport } from './table-columns.js';
import { readTables } from './tables.js';
import { workbookTables } from './workbook-rows.js';
import { passedOverIn, readZip } from './zip-documents.js';

/** How a file holds its reports. */
export type BulkFormat = 'ndjson' | 'csv' | 'xlsx' | 'zip';

/** A file to be read. */
export interface BulkFile {
  readonly path: string;
  readonly format: BulkFormat;
  /** Of CSV, as it is declared or was found; found by its bytes when null. */
  readonly charset: string | null;
  /** In whose turns its documents are read; the program's own when left out. */
  readonly caller?: string;
}

/** The media types that are taken, with the format of each. */
export const bulkTypes: Readonly<Record<string, BulkFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
};

/**
 * The format and character set that a Content-Type names. Throws `unsupported-media-type` for what is not read in
 * bulk: NDJSON is UTF-8 always, CSV is UTF-8, GB18030 or UTF-16.
 */
export function bulkTypeOf(contentType: string | undefined): Pick<BulkFile, 'format' | 'charset'> {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const format = Object.hasOwn(bulkTypes, type) ? bulkTypes[type] : undefined;
  const charset = parameters.flatMap((one) => /^charset\s*=\s*"?([\w-]+)"?$/.exec(one)?.[1] ?? [])[0] ?? null;
  const taken = format === 'csv' ? Object.keys(charsetNames) : ['utf-8', 'utf8'];
  if (format && (charset === null || taken.includes(charset))) return { format, charset };
  throw new Problem('unsupported-media-type', {
    zh: '批量报送不支持该媒体类型或编码。',
    en: `An import is one of ${Object.keys(bulkTypes).join(', ')}, NDJSON in UTF-8, CSV in UTF-8, GB18030 or UTF-16.`,
  });
}

/** The character set in which a file is read; null where it is no text. */
export async function foundCharset({ path, format, charset }: BulkFile): Promise<string | null> {
  if (format === 'csv') return charsetOf(path, charset);
  return format === 'ndjson' ? 'utf-8' : null;
}

/** What of a file is passed over and is no item of it. A zip that is none is refused when its items are read. */
export async function foundPassedOver({ path, format }: BulkFile): Promise<PassedOver> {
  if (format !== 'zip') return nothingPassedOver;
  try {
    return await passedOverIn(path);
  } catch (error) {
    if (error instanceof Problem) return nothingPassedOver;
    throw error;
  }
}

/**
 * Every item of a file in its order, the same at every reading. Throws a `Problem` when the file as a whole is not
 * what it is said to be: a header that names no cells, a zip that is none.
 */
export async function* readItems(file: BulkFile): AsyncGenerator<ImportItem> {
  const { path, format, caller } = file;
  if (format === 'ndjson') yield* readNdjson(createReadStream(path));
  else if (format === 'csv') yield* readTables([csvTable(path, await charsetOf(path, file.charset))]);
  else if (format === 'xlsx') yield* readTables(await workbookTables(path));
  else yield* readZip(path, caller);
}

/** The same. Throws `malformed-body` too when there is nothing in the file, or nothing under its headings. */
export async function* readBulk(file: BulkFile): AsyncGenerator<ImportItem> {
  let isEmpty = true;
  for await (const item of readItems(file)) {
    isEmpty = false;
    yield item;
  }
  if (isEmpty) throw nothingToImport();
}
