/** Documents as request bodies: raw with their media type, or as the one file of a form; never parsed in this process. */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Doubt } from '../../document/doubt.js';
import { type DocumentReading, documentTypes, maxDocumentBytes } from '../../document/read/read-document.js';
import { readDocumentSafely } from '../../document/read/read-in-child.js';
import { Problem } from '../../problem.js';
import { filingOf, type Stated } from '../../report/document/document-filing.js';
import { withDocument } from '../../report/document/kept-document.js';
import { type Filing, parseFiling } from '../../report/filing.js';
import type { Db } from '../../store/engine/schema.js';
import { prefersLenient } from './conditions.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes documents: beside JSON, or only them. */
    takesDocuments?: 'beside JSON' | 'only';
  }
}

/** The header that lists, in a refusal, the media types that a method takes (RFC 9110 has none for each). */
const takenHeaders: Readonly<Record<string, string>> = {
  POST: 'accept-post',
  PATCH: 'accept-patch',
  PUT: 'accept',
};

/** The media types of the bodies that a route takes. */
export function takenTypes({ schema, config }: Pick<RouteOptions, 'schema' | 'config'>): readonly string[] {
  const { consumes } = schema ?? {};
  if (consumes) return consumes;
  const { takesDocuments } = config ?? {};
  const documents = takesDocuments ? [...Object.keys(documentTypes), 'multipart/form-data'] : [];
  return takesDocuments === 'only' ? documents : ['application/json', ...documents];
}

/** The extensions of the documents that are taken, as a sentence names them. */
export const takenExtensions = Object.values(documentTypes).join('、');

/** Lists, beside the refusal of a media type, those that are taken instead. */
export function listTaken({ method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const header = takenHeaders[method];
  if (header) reply.header(header, takenTypes(routeOptions).join(', '));
}

/** Lets the routes of a scope take documents. */
export async function takeDocuments(scope: FastifyInstance): Promise<void> {
  scope.addContentTypeParser(
    Object.keys(documentTypes),
    { parseAs: 'buffer', bodyLimit: maxDocumentBytes },
    async (_request: unknown, body: Buffer) => body,
  );
  await scope.register(multipart, {
    limits: { files: 1, fileSize: maxDocumentBytes, fields: 10, parts: 11, fieldSize: 1000, headerPairs: 20 },
  });
}

/**
 * Reads the document in a request, in a child process; undefined when the body is none. Throws `malformed-body`
 * for a form without one file, `unauthorized` for a token that ended meanwhile, and what the reader throws.
 */
export async function readUpload(request: FastifyRequest): Promise<DocumentReading | undefined> {
  const upload = await uploadIn(request);
  return upload && readUploaded(request, upload);
}

async function readUploaded(request: FastifyRequest, { bytes, ...hint }: Upload): Promise<DocumentReading> {
  const document = await readDocumentSafely(bytes, hint, turnOf(request));
  await request.requireCallerStill();
  return document;
}

async function uploadIn(request: FastifyRequest): Promise<Upload | undefined> {
  if (request.isMultipart()) {
    const upload = await uploadedFile(request);
    await request.requireCallerStill();
    return upload;
  }
  if (!Buffer.isBuffer(request.body)) return undefined;
  const [mediaType = '', ...parameters] = (request.headers['content-type'] ?? '').split(';');
  const charset = /^\s*charset\s*=\s*"?([\w.:-]+)"?\s*$/i;
  const declared = parameters.flatMap((parameter) => charset.exec(parameter)?.[1] ?? [])[0];
  return { bytes: request.body, mediaType, ...(declared !== undefined && { charset: declared }) };
}

function turnOf({ counted }: FastifyRequest) {
  return { caller: counted.key };
}

/** A filing with what the reader of a document was not sure of; null when it came as JSON. */
export interface TakenFiling {
  readonly filing: Filing;
  readonly doubts: readonly Doubt[] | null;
}

/**
 * The filing in a request: a document, whose agency and year `stated` gives, or JSON, whose agency and year `at`
 * gives. `today` is YYYY-MM-DD. Throws what `filingOf` and `parseFiling` throw.
 */
export async function takeFiling(
  db: Db,
  request: FastifyRequest,
  today: string,
  whose: {
    readonly stated: Stated;
    readonly at?: { readonly agency: string; readonly year: number };
    /** Gets the document before it is read, so that a refusal can keep it. */
    readonly noteUpload: (upload: Upload) => void;
  },
): Promise<TakenFiling> {
  const upload = await uploadIn(request);
  if (!upload) return { filing: parseFiling(request.body, today, whose.at), doubts: null };
  whose.noteUpload(upload);
  const reading = await readUploaded(request, upload);
  const filing = await filingOf(db, reading, whose.stated, { today, lenient: prefersLenient(request) });
  return { filing: await withDocument(db, filing, upload.bytes, reading), doubts: reading.doubts };
}

/** A document as it was sent. */
export interface Upload {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly charset?: string;
}

async function uploadedFile(request: FastifyRequest): Promise<Upload> {
  let upload: Upload | undefined;
  try {
    for await (const part of request.files()) {
      upload = { bytes: await part.toBuffer(), mediaType: typeOfFile(part.mimetype, part.filename) };
    }
  } catch (error) {
    throw formProblem(error);
  }
  if (upload) return upload;
  throw new Problem('malformed-body', { zh: '表单中没有文件。', en: 'The form has no file.' });
}

/** Browsers and curl send unknown types as octets; then the extension of the name decides. */
function typeOfFile(mediaType: string, name: string): string {
  const types: Readonly<Record<string, string>> = documentTypes;
  if (types[mediaType]) return mediaType;
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase().replace(/^htm$/, 'html');
  return Object.keys(types).find((type) => types[type] === extension) ?? mediaType;
}

/** An error while a form is parsed is a fault of the form. */
function formProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_REQ_FILE_TOO_LARGE') {
    const limit = maxDocumentBytes / 1_000_000;
    return new Problem('body-too-large', {
      zh: `文件不得超过 ${limit} MB。`,
      en: `A document may have ${limit} MB at most.`,
    });
  }
  if (code === 'FST_FILES_LIMIT') {
    return new Problem('malformed-body', {
      zh: '表单只能有一个文件。',
      en: 'The form has more than one file; send one.',
    });
  }
  return new Problem('malformed-body', {
    zh: '请求体不是完整的 multipart 表单。',
    en: 'The body is no well-formed multipart/form-data.',
  });
}
