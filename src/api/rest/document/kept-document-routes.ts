/** The documents that reports were filed from, or that were refused, as they came, and where in them each figure was read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { yearInChina } from '../../../day.js';
import { documentTypes } from '../../../document/read/read-document.js';
import { cellOf } from '../../../form/forms.js';
import { type FigurePlace, readKeptDocument, unpackPlaces } from '../../../report/document/kept-document.js';
import { readRefusedDocument } from '../../../report/refusals/refusals.js';
import type { Db } from '../../../store/engine/schema.js';
import { type PackedDocument, unpackDocument } from '../../../store/filings/documents.js';
import { isNotModified } from '../../http/conditions.js';
import { divisionCode, readableYear, reportPath, year } from '../../http/parameters.js';
import { integer, labelSchema, printedFigure } from '../body/body-parts.js';
import { responses } from '../body/problem-bodies.js';
import { dispositionOf, fileAnswer } from '../print/representations.js';

const tags = ['documents'];

const number = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
  .pipe(z.int())
  .meta({ label: { zh: '版本号', en: 'Number of the revision, from 1' } });

const placesSchema = z
  .object({
    sha256: z.string().meta({ label: { zh: '文件的 SHA-256', en: 'SHA-256 of the document' } }),
    mediaType: z.string(),
    items: z.array(
      z.object({
        cell: z.string().meta({ label: { zh: '单元格地址', en: 'Address of the cell' } }),
        label: labelSchema,
        value: printedFigure,
        text: z.string().meta({ label: { zh: '所读的原文', en: 'The words it was read from' } }),
        note: z.string().nullable(),
        line: integer.meta({
          label: {
            zh: '文本的行，或段落、表格行的序号',
            en: 'Line of a text; else the ordinal of the paragraph or table row',
          },
        }),
        page: z
          .int()
          .nullable()
          .meta({ label: { zh: 'PDF 的第几页', en: 'Page of a PDF, from 1; null in other formats' } }),
        table: z
          .int()
          .nullable()
          .meta({ label: { zh: '第几个表格', en: 'Which table, from 1; null outside of tables' } }),
        row: z
          .int()
          .nullable()
          .meta({ label: { zh: '表格的行', en: 'Row of the table, from 1' } }),
        column: z
          .int()
          .nullable()
          .meta({ label: { zh: '表格的列', en: 'Column of the table, from 1' } }),
      }),
    ),
  })
  .meta({
    id: 'DocumentPlaces',
    label: { zh: '各数字在文件中的位置', en: 'Where in the document each figure was read' },
  });

const notModified = { 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) };
const asItCame = {
  ...fileAnswer('application/octet-stream', '原件，按其自身的媒体类型 The document, of its own media type'),
  content: Object.assign(
    {},
    ...[...Object.keys(documentTypes), 'application/octet-stream'].map((type) => fileAnswer(type, '').content),
  ),
};

const shownTo =
  '文件可能含有批注、隐藏内容和作者姓名，因此只供持有该机关读取令牌者下载，公众不可见。 ' +
  'It may hold remarks, hidden parts and names, so it is for those alone whose token reads the agency, and never public.';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerKeptDocumentRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  registerDocuments(app, db, clock);
  registerPlaces(app, db, clock);
  registerRefused(app, db);
}

function registerDocuments(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = {
    tags,
    description: shownTo,
    response: { ...responses(notModified, 400, 401, 403, 404), 200: asItCame },
  };

  routes.get(
    '/v1/reports/:agency/:year/document',
    {
      config: { scope: 'read' },
      schema: { ...schema, summary: '报送所用的原件 The document that a report was filed from', params: reportPath },
    },
    async (request, reply) => {
      const of = { ...request.params, year: readableYear(request.params.year, clock()) };
      return sendDocument(request, reply, await readKeptDocument(db, request.reader, of), nameOf(of));
    },
  );

  routes.get(
    '/v1/reports/:agency/:year/revisions/:number/document',
    {
      config: { scope: 'read' },
      schema: {
        ...schema,
        summary: '某一版本的原件 The document that a revision was filed from',
        params: reportPath.extend({ number }),
      },
    },
    async (request, reply) => {
      const of = { ...request.params, year: readableYear(request.params.year, clock()) };
      return sendDocument(request, reply, await readKeptDocument(db, request.reader, of), nameOf(of));
    },
  );
}

function registerPlaces(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { tags, description: shownTo, response: responses({ 200: placesSchema }, 400, 401, 403, 404) };

  routes.get(
    '/v1/reports/:agency/:year/document/places',
    {
      config: { scope: 'read' },
      schema: {
        ...schema,
        summary: '各数字在原件中的位置 Where in the document each figure was read',
        params: reportPath,
      },
    },
    async (request) => {
      const of = { ...request.params, year: readableYear(request.params.year, clock()) };
      return placesBody(await readKeptDocument(db, request.reader, of));
    },
  );

  routes.get(
    '/v1/reports/:agency/:year/revisions/:number/document/places',
    {
      config: { scope: 'read' },
      schema: {
        ...schema,
        summary: '某一版本各数字在原件中的位置 Where in the document of a revision each figure was read',
        params: reportPath.extend({ number }),
      },
    },
    async (request) => {
      const of = { ...request.params, year: readableYear(request.params.year, clock()) };
      return placesBody(await readKeptDocument(db, request.reader, of));
    },
  );
}

function registerRefused(app: FastifyInstance, db: Db): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/divisions/:division/refusals/:refusal/document',
    {
      config: { scope: ['file', 'review'] },
      schema: {
        tags,
        summary: '被拒的文件 A document that was sent and refused',
        description:
          '地址见被拒报送的清单；随该条留存一并删除。 Its address is in the list of what was refused; it goes with its trace.',
        params: z.object({
          division: divisionCode,
          refusal: z
            .string()
            .regex(/^\d{1,15}$/)
            .transform(Number)
            .pipe(z.int())
            .meta({ label: { zh: '被拒报送的编号', en: 'Number of the refusal, as its address has it' } }),
        }),
        querystring: z.strictObject({ year: year.optional() }),
        response: { ...responses(notModified, 400, 401, 403, 404), 200: asItCame },
      },
    },
    async (request, reply) => {
      const { now } = request.reader;
      const { division, refusal: id } = request.params;
      const { year: asked } = request.query;
      const forYear = asked === undefined ? yearInChina(now) - 1 : readableYear(asked, now);
      const who = { caller: request.caller, now };
      const document = await readRefusedDocument(db, who, { division, year: forYear, id });
      return sendDocument(request, reply, document, `refused-${id}`);
    },
  );
}

function nameOf({ agency, year: of, number: revision }: { agency: string; year: number; number?: number }): string {
  return `${agency}-${of}${revision === undefined ? '' : `-${revision}`}`;
}

/** A sandbox without rights: what a browser opens of it all the same runs nothing and reaches nothing. */
const sandbox = "sandbox; default-src 'none'";

/** Sends a document to be saved, never to be shown in the page, and kept by no cache on the way. */
async function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  document: PackedDocument,
  name: string,
): Promise<FastifyReply> {
  const { hash, mediaType } = document;
  const etag = `"${hash}"`;
  const extensions: Readonly<Record<string, string>> = documentTypes;
  const file = `${name}.${extensions[mediaType] ?? 'bin'}`;
  reply.headers({
    etag,
    'cache-control': 'no-store',
    'content-disposition': dispositionOf('attachment', file, file),
    'content-security-policy': sandbox,
    'x-content-type-options': 'nosniff',
    'repr-digest': `sha-256=:${Buffer.from(hash, 'hex').toString('base64')}:`,
  });
  if (isNotModified(request, etag)) return reply.code(304).send();
  return reply.type(mediaType).send(await unpackDocument(document));
}

function placesBody({ hash, mediaType, places }: Awaited<ReturnType<typeof readKeptDocument>>) {
  return { sha256: hash, mediaType, items: unpackPlaces(places).map(placeBody) };
}

function placeBody({ cell, value, text, note, line, page, table, row, column }: FigurePlace) {
  return { cell, label: cellOf(cell).label, value, text, note, line, page, table, row, column };
}
