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
  exportHeadings,
  exportKinds,
  exportLevels,
  exportShapes,
  maxWorkbookCells,
  maxWorkbookRows,
  nameExport,
  openExport,
} from '../../bulk/export/export.js';
import { type DataLicence, describeExports } from '../../bulk/export/package.js';
import { type Exports, openExports } from '../../bulk/export/run.js';
import { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import type { Label } from '../../words.js';
import { isNotModified } from '../http/conditions.js';
import {
  boundaries,
  divisionCode,
  kindsParameter,
  knownOn,
  readableYear,
  readBoundaries,
  readKinds,
  rollupInclusion,
  year,
} from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { fileAnswer } from './print/representations.js';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

const written: Readonly<Record<ExportFormat, string>> = {
  csv: 'RFC 4180，UTF-8；空白为空，0 为零；各列见 datapackage.json。 A blank is empty and a zero 0; datapackage.json describes the columns.',
  ndjson:
    '每行一个对象；报告一行即一份报送，可再导入。 An object a line; a line of a report is a filing, to be imported again.',
  xlsx: `数据一页，字段说明一页；至多 ${maxWorkbookRows} 行（shape=long 为 ${maxWorkbookCells} 行），超出为 400。 A sheet of data and one that describes its columns; at most ${maxWorkbookRows} rows (${maxWorkbookCells} with shape=long), 400 beyond.`,
  parquet:
    '每列有类型：件数 INT64，金额 DECIMAL，日期 DATE；空白为 null；文字照原样。各列的标题与单位在文件元数据 tableschema 中。 Typed columns: counts INT64, amounts DECIMAL, days DATE; a blank is null, text as it is. The metadata has headings and units, as tableschema.',
};

/** What may be asked of either subject. */
const asked = (subject: ExportSubject) => ({
  year: year.optional(),
  division: divisionCode.optional(),
  kinds: kindsParameter(exportKinds[subject], { zh: '机关类别', en: 'Kinds of agency' }).optional(),
  bom: yesOrNo({ zh: 'CSV 以字节顺序标记开头，供 Excel 识别', en: 'Begin a CSV with a byte order mark, for Excel' }),
});

/** What may be asked of a table. */
const askedOfTable = {
  shape: z
    .enum(exportShapes)
    .optional()
    .meta({
      label: { zh: 'wide：每行一份；long：每行一个单元格', en: 'wide: a row a report or division; long: a row a cell' },
    }),
  headings: z
    .enum(exportHeadings)
    .optional()
    .meta({
      label: { zh: 'names：列名；zh：印制的中文标题', en: 'names of the columns, or zh: their printed headings' },
    }),
};

const askedOfReports = {
  ...asked('reports'),
  own: yesOrNo({
    zh: '连同县级政府自行公布的报告（kind 为 COUNTY，不计入任何汇总）；仅要这些用 kinds=COUNTY',
    en: 'With the reports that counties publish of their own (kind COUNTY, in no rollup); kinds=COUNTY for these alone',
  }),
};

const askedOfRollups = {
  ...asked('rollups'),
  include: rollupInclusion,
  boundaries,
  knownOn,
  level: z
    .enum(exportLevels)
    .optional()
    .meta({ label: { zh: '只要某一级行政区划', en: 'Only divisions of this level' } }),
};

const reportQuery = z.strictObject(askedOfReports);
const reportTableQuery = z.strictObject({ ...askedOfReports, ...askedOfTable });
const rollupQuery = z.strictObject(askedOfRollups);
const rollupTableQuery = z.strictObject({ ...askedOfRollups, ...askedOfTable });

function yesOrNo(label: Label) {
  return z.enum(['true', 'false']).optional().meta({ label });
}

/** Registers the routes on an instance that compiles zod schemas. Exports that still run are ended when it closes. */
export function registerExportRoutes(app: FastifyInstance, db: Db, licence: DataLicence | undefined): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const exports = openExports();
  app.addHook('onClose', async () => exports.stop());
  for (const format of exportFormats) {
    routes.get(
      `/v1/exports/reports.${format}`,
      {
        config: { scope: 'read', momentary: true },
        schema: {
          ...described(format, '导出报告 Export the reports', '按机关代码、年度排列 By code of the agency and year'),
          querystring: format === 'ndjson' ? reportQuery : reportTableQuery,
        },
      },
      (request, reply) => sendExport(exports, db, reply, requestOf('reports', format, request.query, request.reader)),
    );
    routes.get(
      `/v1/exports/rollups.${format}`,
      {
        config: { scope: 'read', momentary: true },
        schema: {
          ...described(format, '导出汇总 Export the sums', '按行政区划代码、年度排列 By code of the division and year'),
          querystring: format === 'ndjson' ? rollupQuery : rollupTableQuery,
        },
      },
      (request, reply) => sendExport(exports, db, reply, requestOf('rollups', format, request.query, request.reader)),
    );
  }
  routes.get(
    '/v1/exports/datapackage.json',
    {
      config: { scope: 'read', momentary: true },
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
    async (request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(await describeExports(db, { licence, now: request.reader.now })),
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
    description: `${order}。${written[format]} 同一数据只生成一次；1 MiB 以内或已生成的文件有 ETag 和长度。每人同时一个，其余排队；503：排队过久或过多。 Of the same data a file is made once; one of up to 1 MiB, or that was made already, has an ETag and a length. One caller has one made at a time, the others wait; 503 when that is too long or too many.`,
    response: {
      ...responses({ 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) }, 400, 401, 403, 404, 503),
      200: fileAnswer(bareType(format), '文件 The file, streamed'),
    },
  };
}

type AnyQuery = z.infer<typeof reportTableQuery> & z.infer<typeof rollupTableQuery>;

/** What a query asks for. Throws `invalid-parameter`. */
function requestOf(
  subject: ExportSubject,
  format: ExportFormat,
  query: Partial<AnyQuery>,
  reader: FastifyRequest['reader'],
): ExportRequest {
  const { year: only, kinds, bom, own, include, boundaries: day, knownOn: instant, ...plain } = query;
  const read = kinds === undefined ? undefined : readKinds(kinds, exportKinds[subject]);
  if (own === 'false' && read?.includes('COUNTY')) throw contradictory();
  return {
    reader,
    subject,
    format,
    ...plain,
    ...(only !== undefined && { year: readableYear(only, reader.now) }),
    ...(read !== undefined && { kinds: read }),
    ...(include !== undefined && { inclusion: include }),
    ...((day ?? instant) !== undefined && {
      frame: readBoundaries({ boundaries: day, knownOn: instant }, reader.now),
    }),
    ...(bom === 'true' && { bom: true }),
    ...(own === 'true' && { own: true }),
  };
}

function contradictory(): Problem {
  return new Problem('invalid-parameter', {
    zh: 'kinds 含 COUNTY，而 own=false 不要县级政府自行公布的报告。',
    en: 'kinds names COUNTY, which own=false leaves out.',
  });
}

async function sendExport(
  exports: Exports,
  db: Db,
  reply: FastifyReply,
  request: ExportRequest,
): Promise<FastifyReply> {
  const { method, caller, counted } = reply.request;
  const disposition = `attachment; filename="${await nameExport(db, request)}"`;
  const describe = () => reply.type(mediaTypes[request.format]).header('content-disposition', disposition);
  if (method === 'HEAD') {
    const unread = await openUnread(db, request);
    return describe().send(unread);
  }
  const leaving = new AbortController();
  reply.raw.once('close', () => leaving.abort(new Error('the client has left')));
  const { body, whole } = await exports.begin(db, request, {
    caller: counted.key,
    signal: leaving.signal,
    // Who is a stranger has as much of a core as of the rest of the service.
    ...(caller.kind === 'stranger' && { share: 'third' }),
  });
  // Whoever goes needs no file any more.
  reply.raw.once('close', () => body.destroy());
  if (reply.raw.destroyed) body.destroy();
  if (!whole) return describe().send(body);
  const etag = `"${whole.digest.slice(0, 32)}"`;
  reply.header('etag', etag);
  if (isNotModified(reply.request, etag)) {
    body.destroy();
    return reply.code(304).send();
  }
  return describe().header('content-length', whole.bytes).send(body);
}

/** The stream of a file of which only the headers are asked for: its filter is checked, and nothing is made. */
async function openUnread(db: Db, request: ExportRequest): Promise<Readable> {
  await openExport(db, request, { rowsAtOnce: 1, between: async () => {} });
  return Readable.from([]);
}
