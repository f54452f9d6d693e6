/**
 * Many reports in one file: NDJSON of filings, CSV and Excel tables, a zip of documents. A file is read as a stream
 * of items, each with its place; what is wrong with one is thrown when that one is read, and the next is read all
 * the same.
 */

import type { DocumentReading } from '../../document/read/read-document.js';
import { Problem } from '../../problem.js';
import { csvRows } from './csv-rows.js';
import { readLines, splitLines } from './lines.js';
import { readTable } from './table-filings.js';
import { workbookRows } from './workbook-rows.js';
import { readZip } from './zip-documents.js';

/** How a file holds its reports. */
export type BulkFormat = 'ndjson' | 'csv' | 'xlsx' | 'zip';

/** What one item says: the body of a filing, not yet checked, or a document that was read. */
export type BulkContent =
  | { readonly filing: unknown }
  | {
      readonly document: DocumentReading;
      /** Whose it is by the name of its file; empty where that does not say. */
      readonly stated: { readonly agency?: string; readonly year?: number };
    };

/** One item of a file. */
export interface BulkItem {
  /** The line it begins on, the row of the sheet, or the ordinal in the zip; from 1. */
  readonly line: number;
  /** The caller's name for it as far as it is known before it is read; a file name in a zip. */
  readonly ref: string | null;
  /** Its size in bytes, roughly. */
  readonly bytes: number;
  /** Reads it, before the next item is asked for. Throws a `Problem` that says what is wrong with this item alone. */
  read(): BulkContent | Promise<BulkContent>;
}

/** A file to be read. */
export interface BulkFile {
  readonly path: string;
  readonly format: BulkFormat;
  /** Of text; UTF-8 when null. */
  readonly charset: string | null;
}

/** Reads one JSON text in UTF-8; throws `malformed-body` when it is none. */
export type ParseJson = (bytes: Uint8Array) => unknown;

/** The media types that are taken, with the format each stands for. */
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
export function readBulk(file: BulkFile, parseJson: ParseJson): AsyncGenerator<BulkItem> {
  if (file.format === 'ndjson') return readLines(splitLines(file.path), parseJson);
  if (file.format === 'csv') return readTable(csvRows(splitLines(file.path), file.charset ?? 'utf-8'), parseJson);
  if (file.format === 'xlsx') return readTable(workbookRows(file.path), parseJson);
  return readZip(file.path);
}
