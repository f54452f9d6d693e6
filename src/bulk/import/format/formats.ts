/**
 * Many reports in one file: NDJSON of filings, CSV and Excel tables, a zip of documents. A file is read as a stream
 * of items, each with its place; what is wrong with one is thrown when that one is read, and the next is read all
 * the same.
 */

import { createReadStream } from 'node:fs';
import { Problem } from '../../../problem.js';
import { csvRows } from './csv-rows.js';
import type { ImportItem } from './item.js';
import { readNdjson } from './ndjson.js';
import { readTable } from './table-filings.js';
import { workbookRows } from './workbook-rows.js';
import { readZip } from './zip-documents.js';

/** How a file holds its reports. */
export type BulkFormat = 'ndjson' | 'csv' | 'xlsx' | 'zip';

/** A file to be read. */
export interface BulkFile {
  readonly path: string;
  readonly format: BulkFormat;
  /** Of text; UTF-8 when null. */
  readonly charset: string | null;
}

/** The media types that are taken, with the format of each. */
export const bulkTypes: Readonly<Record<string, BulkFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
};

/** The character sets a text may be declared in: what Excel saves as CSV in China is GBK. */
const charsets = ['utf-8', 'utf8', 'gb18030', 'gbk', 'gb2312'];

/**
 * The format and character set that a Content-Type names. Throws `unsupported-media-type` for what is not read in
 * bulk: NDJSON is UTF-8 always, CSV is UTF-8 or GB18030.
 */
export function bulkTypeOf(contentType: string | undefined): Pick<BulkFile, 'format' | 'charset'> {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const format = Object.hasOwn(bulkTypes, type) ? bulkTypes[type] : undefined;
  const charset = parameters.flatMap((one) => /^charset\s*=\s*"?([\w-]+)"?$/.exec(one)?.[1] ?? [])[0] ?? null;
  const taken = format === 'csv' ? charsets : charsets.slice(0, 2);
  if (format && (charset === null || taken.includes(charset))) return { format, charset };
  throw new Problem('unsupported-media-type', {
    zh: '批量报送不支持该媒体类型或编码。',
    en: `An import is one of ${Object.keys(bulkTypes).join(', ')}, NDJSON in UTF-8, CSV in UTF-8 or (declared) GB18030.`,
  });
}

/**
 * Every item of a file in its order, the same at every reading. Throws a `Problem` when the file as a whole is not
 * what it is said to be: a header that names no cells, a zip that is none.
 */
export function readBulk({ path, format, charset }: BulkFile): AsyncGenerator<ImportItem> {
  if (format === 'ndjson') return readNdjson(createReadStream(path));
  if (format === 'csv') return readTable(csvRows(createReadStream(path), charset ?? 'utf-8'));
  if (format === 'xlsx') return readTable(workbookRows(path));
  return readZip(path);
}
