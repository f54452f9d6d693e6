/** In which form a list of filings is sent: as JSON, or as a table with Chinese headings. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Column, fieldsOf } from '../../../bulk/export/columns.js';
import type { ExportTable } from '../../../bulk/export/export-source.js';
import { writeCsv, writeWorkbook } from '../../../bulk/export/write.js';
import { Problem } from '../../../problem.js';
import { soundText } from '../../../text.js';
import { findAcceptedType } from '../../http/accept.js';
import { isNotModified } from '../../http/conditions.js';
import { type AnswerContent, dispositionOf, xlsxType } from '../print/representations.js';

/** The forms in which a list is sent, the one first that is sent when a request is indifferent. */
const listExtensions = ['json', 'csv', 'xlsx'] as const;
export type ListExtension = (typeof listExtensions)[number];

const types: Readonly<Record<ListExtension, string>> = { json: 'application/json', csv: 'text/csv', xlsx: xlsxType };

/** The extension in the address of a list; `listNamed` reads it. */
export const listExtension = soundText
  .max(10)
  .meta({ label: { zh: '格式：json、csv、xlsx', en: 'One of json, csv, xlsx' } });

/** The form an address ends in. Throws `not-found`, naming what there is, for an extension of another kind. */
export function listNamed(extension: string): ListExtension {
  const known = listExtensions.find((candidate) => candidate === extension);
  if (known) return known;
  throw new Problem(
    'not-found',
    {
      zh: `没有 ${extension.slice(0, 20)} 格式，可用：${listExtensions.join('、')}。`,
      en: `There is ${listExtensions.join(', ')}, no ${extension.slice(0, 20)}.`,
    },
    { available: listExtensions },
  );
}

/** The form that a request likes best. Throws `not-acceptable`, naming what there is, when it takes none. */
export function acceptedList(request: FastifyRequest): ListExtension {
  const type = findAcceptedType(request.headers.accept, Object.values(types));
  const accepted = listExtensions.find((extension) => types[extension] === type);
  if (accepted) return accepted;
  throw new Problem(
    'not-acceptable',
    {
      zh: '没有 Accept 所要求的格式。',
      en: `There is ${Object.values(types).join(', ')}, nothing that the Accept header takes.`,
    },
    { available: Object.values(types) },
  );
}

const file = z.string().meta({ id: 'File', label: { zh: '文件', en: 'A file' } });

/** An answer in OpenAPI that is JSON by its schema, or a table. */
export function everyList(json: z.ZodType, description: string): AnswerContent {
  const content = Object.fromEntries(
    listExtensions.map((extension) => [types[extension], { schema: extension === 'json' ? json : file }]),
  );
  return { description, content };
}

/** A table, and what it is called. */
export interface ListTable<Row> {
  /** As people call it, without extension; and the sheet of a workbook. */
  readonly name: string;
  readonly sheet: string;
  /** The same for programs that know ASCII only. */
  readonly code: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/**
 * Sends a table as CSV, with the mark by which Excel knows UTF-8, or as a workbook, or 304 to who has it. A workbook is never
 * the same bytes twice: the same table as text names both.
 */
export async function sendTable<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  extension: Exclude<ListExtension, 'json'>,
  { name, sheet, code, columns, rows }: ListTable<Row>,
): Promise<FastifyReply> {
  const table: ExportTable = {
    columns,
    subjects: [],
    rows: async function* () {
      yield fieldsOf(columns, rows);
    },
  };
  const walk = { codesAtOnce: rows.length, between: undefined };
  const csv = await buffer(Readable.from(writeCsv(table, walk, { headings: 'zh', start: 'bom' })));
  const etag = `"${createHash('blake2b512').update(csv).digest('base64url').slice(0, 32)}"`;
  reply.header('etag', extension === 'csv' ? etag : `W/${etag}`);
  if (isNotModified(request, etag)) return reply.code(304).send();
  return reply
    .header('content-disposition', dispositionOf('attachment', `${name}.${extension}`, `${code}.${extension}`))
    .header('x-content-type-options', 'nosniff')
    .type(extension === 'csv' ? 'text/csv; charset=utf-8; header=present' : xlsxType)
    .send(extension === 'csv' ? csv : Readable.from(writeWorkbook(sheet, table, walk, 'zh')));
}
