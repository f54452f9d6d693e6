/** `/v1/exports`: reports and rollups in bulk, as files, and the descriptor of their columns. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type ExportFormat,
  type ExportRequest,
  type ExportSubject,
  exportFormats,
  exportKinds,
  exportLevels,
  maxWorkbookRows,
  openExport,
} from '../../bulk/export/export.js';
import { describeExports } from '../../bulk/export/package.js';
import { type Exports, openExports } from '../../bulk/export/run.js';
import type { Db } from '../../store/engine/schema.js';
import { divisionCode, kindsParameter, readableYear, readKinds, year } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { fileAnswer } from './print/representations.js';
import { rollupInclusion } from './reference-routes.js';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const written: Readonly<Record<ExportFormat, string>> = {
  csv: 'RFC 4180，UTF-8；空白为空，0 为零；各列见 datapackage.json。 A blank is empty and a zero 0; datapackage.json describes the columns.',
  ndjson:
    '每行一个对象；报告一行即一份报送，可再导入。 An object a line; a line of a report is a filing, to be imported again.',
  xlsx: `至多 ${maxWorkbookRows} 行，超出为 400。 At most ${maxWorkbookRows} rows, 400 beyond.`,
};

/** What may be asked of either subject. */
const asked = (subject: ExportSubject) => ({
  year: year.optional(),
  division: divisionCode.optional(),
  kinds: kindsParameter(exportKinds[subject], { zh: '机关类别', en: 'Kinds of agency' }).optional(),
  bom: z
    .enum(['true', 'false'])
    .optional()
    .meta({
      label: { zh: 'CSV 以字节顺序标记开头，供 Excel 识别', en: 'Begin a CSV with a byte order mark, for Excel' },
    }),
});

const reportQuery = z.strictObject(asked('reports'));
const rollupQuery = z.strictObject({
  ...asked('rollups'),
  include: rollupInclusion,
  level: z
    .enum(exportLevels)
    .optional()
    .meta({ label: { zh: '只要某一级行政区划', en: 'Only divisions of this level' } }),
});

/** Registers the routes on an instance that compiles zod schemas. Exports that still run are ended when it closes. */
export function registerExportRoutes(app: FastifyInstance, db: Db): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const exports = openExports();
  app.addHook('onClose', async () => exports.stop());
  for (const format of exportFormats) {
    routes.get(
      `/v1/exports/reports.${format}`,
      {
        config: { scope: 'read' },
        schema: {
          ...described(format, '导出报告 Export the reports', '按机关代码、年度排列 By code of the agency and year'),
          querystring: reportQuery,
        },
      },
      (request, reply) => sendExport(exports, db, reply, requestOf('reports', format, request.query, request.reader)),
    );
    routes.get(
      `/v1/exports/rollups.${format}`,
      {
        config: { scope: 'read' },
        schema: {
          ...described(format, '导出汇总 Export the sums', '按行政区划代码、年度排列 By code of the division and year'),
          querystring: rollupQuery,
        },
      },
      (request, reply) => {
        const { level, include, ...query } = request.query;
        const wanted = requestOf('rollups', format, query, request.reader);
        return sendExport(exports, db, reply, { ...wanted, inclusion: include, ...(level !== undefined && { level }) });
      },
    );
  }
  const descriptor = JSON.stringify(describeExports());
  routes.get(
    '/v1/exports/datapackage.json',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['exports'],
        summary: '导出的列：数据包描述 The columns of the exports, as a Data Package',
        response: responses({
          200: z.looseObject({}).meta({
            label: { zh: '数据包描述（datapackage.org 第 2 版）', en: 'A Data Package, datapackage.org, version 2' },
          }),
        }),
      },
    },
    async (_request, reply) => reply.type('application/json; charset=utf-8').send(descriptor),
  );
}

/** A media type as a document names it, without parameters. */
function bareType(format: ExportFormat): string {
  return mediaTypes[format].replace(/;.*/, '');
}

function described(format: ExportFormat, summary: string, order: string) {
  return {
    tags: ['exports'],
    summary,
    description: `${order}。${written[format]} 503：正在进行的导出已达上限。 503 while too many are being made.`,
    response: { ...responses({}, 400, 404, 503), 200: fileAnswer(bareType(format), '文件 The file, streamed') },
  };
}

function requestOf(
  subject: ExportSubject,
  format: ExportFormat,
  query: z.infer<typeof reportQuery>,
  reader: FastifyRequest['reader'],
): ExportRequest {
  return {
    reader,
    subject,
    format,
    ...(query.year !== undefined && { year: readableYear(query.year, reader.now) }),
    ...(query.division !== undefined && { division: query.division }),
    ...(query.kinds !== undefined && { kinds: readKinds(query.kinds, exportKinds[subject]) }),
    ...(query.bom === 'true' && { bom: true }),
  };
}

async function sendExport(
  exports: Exports,
  db: Db,
  reply: FastifyReply,
  request: ExportRequest,
): Promise<FastifyReply> {
  const { subject, format, division, year: only } = request;
  const name = ['xiangbao', subject, division, only].filter((part) => part !== undefined).join('-');
  const body = await (reply.request.method === 'HEAD' ? openUnread(db, request) : exports.begin(db, request));
  reply.type(mediaTypes[format]).header('content-disposition', `attachment; filename="${name}.${format}"`);
  // Whoever goes needs no file any more.
  reply.raw.once('close', () => body.destroy());
  if (reply.raw.destroyed) body.destroy();
  return reply.send(body);
}

/** The stream of a file of which only the headers are asked for: its filter is checked, and nothing is made. */
async function openUnread(db: Db, request: ExportRequest): Promise<Readable> {
  await openExport(db, request, { rowsAtOnce: 1, between: async () => {} });
  return Readable.from([]);
}
