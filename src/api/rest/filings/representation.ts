/** In which form a list of filings is sent: as JSON, or as a table with Chinese headings. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Column } from '../../../bulk/export/columns.js';
import type { ExportTable } from '../../../bulk/export/export-source.js';
import { writeCsv, writeWorkbook } from '../../../bulk/export/write.js';
import { soundText } from '../../../text.js';
import { type AnswerContent, acceptedOf, isKnownContent, jsonOrFile, namedOf } from '../print/choice.js';
import { dispositionOf, xlsxType } from '../print/representations.js';

/** The forms in which a list is sent, the one first that is sent when a request is indifferent. */
const types = { json: 'application/json', csv: 'text/csv', xlsx: xlsxType } as const;
export type ListExtension = keyof typeof types;

/** The extension in the address of a list; `listNamed` reads it. */
export const listExtension = soundText
  .max(10)
  .meta({ label: { zh: '格式：json、csv、xlsx', en: 'One of json, csv, xlsx' } });

/** The form an address ends in. Throws `not-found`, naming what there is, for an extension of another kind. */
export function listNamed(extension: string): ListExtension {
  return namedOf(extension, types);
}

/** The form that a request likes best. Throws `not-acceptable`, naming what there is, when it takes none. */
export function acceptedList(request: FastifyRequest): ListExtension {
  return acceptedOf(request, types);
}

/** An answer in OpenAPI that is JSON by its schema, or a table. */
export function everyList(json: z.ZodType, description: string): AnswerContent {
  return jsonOrFile(json, types, description);
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
  const table: ExportTable<Row> = {
    columns,
    subjects: [],
    rows: async function* () {
      yield rows;
    },
  };
  const walk = { codesAtOnce: rows.length, between: undefined };
  const csv = await buffer(Readable.from(writeCsv(table, walk, { headings: 'zh', start: 'bom' })));
  if (isKnownContent(request, reply, csv, extension === 'csv' ? 'strongly' : 'weakly')) return reply.code(304).send();
  return reply
    .header('content-disposition', dispositionOf('attachment', `${name}.${extension}`, `${code}.${extension}`))
    .header('x-content-type-options', 'nosniff')
    .type(extension === 'csv' ? 'text/csv; charset=utf-8; header=present' : xlsxType)
    .send(extension === 'csv' ? csv : Readable.from(writeWorkbook(sheet, table, walk, 'zh')));
}
