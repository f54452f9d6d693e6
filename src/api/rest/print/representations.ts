/** The forms in which reports and rollups are sent: which one a request accepts (RFC 9110), and how each is written. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { writeCsv } from '../../../document/print/csv.js';
import { writePageDocx } from '../../../document/print/page/docx.js';
import { writePageHtml } from '../../../document/print/page/html.js';
import { writePagePdf } from '../../../document/print/page/pdf.js';
import { type Sheet, sampleWarning } from '../../../document/print/sheet.js';
import { pageOfSheet } from '../../../document/print/sheet-page.js';
import { writeXlsx } from '../../../document/print/xlsx.js';
import { isNotModified } from '../../http/conditions.js';
import {
  type AnswerContent,
  acceptedOf,
  extensionsOf,
  fileSchema,
  findAcceptedExtension,
  jsonOrFile,
  namedOf,
} from './choice.js';

/** The printed representations by extension: media type, writer, and whether a browser shows it or saves it. */
const printed = {
  html: {
    type: 'text/html',
    parameters: '; charset=utf-8',
    write: (sheet: Sheet) => writePageHtml(pageOfSheet(sheet)),
    disposition: 'inline',
  },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    parameters: '',
    write: (sheet: Sheet) => writePageDocx(pageOfSheet(sheet)),
    disposition: 'attachment',
  },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    parameters: '',
    write: writeXlsx,
    disposition: 'attachment',
  },
  csv: {
    type: 'text/csv',
    parameters: '; charset=utf-8; header=present',
    write: writeCsv,
    disposition: 'attachment',
  },
  pdf: {
    type: 'application/pdf',
    parameters: '',
    write: (sheet: Sheet) => writePagePdf(pageOfSheet(sheet)),
    disposition: 'inline',
  },
} as const;

type Printed = keyof typeof printed;

/** A representation: JSON, or one of the printed ones. */
export type Extension = 'json' | Printed;

const types: Readonly<Record<Extension, string>> = {
  json: 'application/json',
  html: printed.html.type,
  docx: printed.docx.type,
  xlsx: printed.xlsx.type,
  csv: printed.csv.type,
  pdf: printed.pdf.type,
};

/** The media types of what is printed. */
export const printedTypes: Readonly<Record<Printed, string>> = {
  html: types.html,
  docx: types.docx,
  xlsx: types.xlsx,
  csv: types.csv,
  pdf: types.pdf,
};

/** Every extension, the one that is sent when a request is indifferent first. */
export const extensions: readonly Extension[] = extensionsOf(types);

/** The media type of xlsx, for what is only ever sent as that. */
export const xlsxType = types.xlsx;

/** The representation that a request likes best. Throws `not-acceptable`, naming what there is, when it takes none. */
export function acceptedExtension(request: FastifyRequest): Extension {
  return acceptedOf(request, types);
}

/** The representation an address ends in. Throws `not-found`, naming what there is, for an extension of another kind. */
export function extensionNamed(extension: string): Extension {
  return namedOf(extension, types);
}

/** What it costs to write each, in milliseconds of a core. */
const writing: Readonly<Record<Extension, number>> = { json: 1.5, csv: 3, html: 4, xlsx: 25, docx: 55, pdf: 300 };

/** What the representation is expected to cost that a request asks for by its extension, or else by its Accept header. */
export function writingCost(request: FastifyRequest): number {
  const { extension } = (request.params ?? {}) as { readonly extension?: string };
  if (extension !== undefined) return extensions.some((one) => one === extension) ? writing[extension as Extension] : 0;
  const accepted = findAcceptedExtension(request, types);
  return accepted ? writing[accepted] : 0;
}

/** What a printed representation is called, and the tag of what it was made from. */
export interface Naming {
  /** Without extension, as people call it. */
  readonly name: string;
  /** The same for programs that know ASCII only. */
  readonly code: string;
  /** The strong tag of the JSON representation, where there is one. */
  readonly etag?: string;
}

/**
 * Sends a sheet in a printed representation, or 304 to who has it. Its tag is weak: the same report is never
 * printed with the same bytes twice.
 */
export async function sendSheet(
  request: FastifyRequest,
  reply: FastifyReply,
  extension: Exclude<Extension, 'json'>,
  sheet: Sheet,
  naming: Naming,
): Promise<FastifyReply> {
  const { type, parameters, write, disposition } = printed[extension];
  if (naming.etag !== undefined) {
    const etag = `${naming.etag.slice(0, -1)}-${extension}"`;
    reply.header('etag', `W/${etag}`);
    if (isNotModified(request, etag)) return reply.code(304).send();
  }
  const name = sheet.sample ? `${sampleWarning.zh} ${naming.name}` : naming.name;
  const written = await write(sheet);
  return reply
    .header('content-disposition', dispositionOf(disposition, `${name}.${extension}`, `${naming.code}.${extension}`))
    .header('x-content-type-options', 'nosniff')
    .type(`${type}${parameters}`)
    .send(typeof written === 'string' ? written : Buffer.from(written));
}

/** Content-Disposition with a name in any script (RFC 6266, RFC 5987) and one in ASCII for who cannot read that. */
export function dispositionOf(disposition: 'inline' | 'attachment', name: string, ascii: string): string {
  const plain = name.toWellFormed().replace(/[\p{Cc}\\/:*?"<>|]/gu, ' ');
  const encoded = encodeURIComponent(plain).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encoded}`;
}

/** An answer that is JSON by its schema, or any printed representation. */
export function everyRepresentation(json: z.ZodType, description: string): AnswerContent {
  return jsonOrFile(json, types, description);
}

/** An answer that is a file of one media type. */
export function fileAnswer(mediaType: string, description: string): AnswerContent {
  return { description, content: { [mediaType]: { schema: fileSchema } } };
}
