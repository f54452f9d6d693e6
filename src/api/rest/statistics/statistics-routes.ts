/** `/v1/statistics`: area by year by measure, as CSV, JSON, JSON-stat or a workbook. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DataLicence } from '../../../bulk/export/package.js';
import { type TableContext, titleOf, type Written } from '../../../bulk/statistics/about.js';
import type { Language } from '../../../bulk/statistics/columns.js';
import { writeStatisticsCsv } from '../../../bulk/statistics/csv.js';
import { writeStatisticsJson } from '../../../bulk/statistics/json.js';
import { writeJsonStat } from '../../../bulk/statistics/json-stat.js';
import { tagOfTable } from '../../../bulk/statistics/tag.js';
import { writeStatisticsWorkbook } from '../../../bulk/statistics/workbook.js';
import { maxObservations, readTable } from '../../../rollup/table/read-table.js';
import type { StatisticsTable } from '../../../rollup/table/table.js';
import type { Db } from '../../../store/engine/schema.js';
import { findLanguage, varyByLanguage } from '../../http/language.js';
import { looksAtAsked } from '../../kept/looks.js';
import { responses } from '../body/problem-bodies.js';
import { acceptedOf, extensionsOf, fileSchema, isKnownTag } from '../print/choice.js';
import { dispositionOf, xlsxType } from '../print/representations.js';
import { jsonStatSchema, statisticsSchema } from './statistics-bodies.js';
import { tableCost } from './statistics-cost.js';
import { askedOfJsonStat, askedOfTable, readTableQuery } from './statistics-query.js';

/**
 * What `Accept` chooses by; the first is sent to who accepts anything. JSON-stat has no registered type: most services send it
 * as plain JSON, and so does the extension.
 */
const types = {
  json: 'application/json',
  csv: 'text/csv',
  jsonstat: 'application/vnd.json-stat+json',
  xlsx: xlsxType,
} as const;

/** What a table is written as, by extension. */
type Format = keyof typeof types;
const formats = extensionsOf(types);

const schemas = { json: statisticsSchema, csv: fileSchema, jsonstat: jsonStatSchema, xlsx: fileSchema } as const;

const plainQuery = z.strictObject(askedOfTable);
const jsonStatQuery = z.strictObject({ ...askedOfTable, ...askedOfJsonStat });

/** What tables are made from. */
interface Tables {
  readonly db: Db;
  readonly clock: () => Date;
  readonly licence: DataLicence | undefined;
}

/** Registers the routes on an instance that compiles zod schemas. */
export function registerStatisticsRoutes(app: FastifyInstance, tables: Tables): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const described = {
    tags: ['statistics'],
    summary: '统计表 Statistics: area by year by measure, with how many reported and a status',
    description: `一张表至多 ${maxObservations} 个数值（区域 × 年度 × 指标），超出为 400。 A table has at most ${maxObservations} observations (areas by years by measures), 400 beyond.`,
  };
  const failing = responses(
    { 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) },
    ...[400, 401, 403, 404, 503],
  );
  routes.get(
    '/v1/statistics',
    {
      config: { scope: 'read', cost: tableCost },
      schema: {
        ...described,
        querystring: jsonStatQuery,
        response: { ...failing, ...responses({}, 406), 200: answer(formats, (format) => types[format]) },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'Accept');
      return sendTable(tables, request, reply, acceptedOf(request, types), request.query);
    },
  );
  for (const format of formats) {
    // What is told at the end of the others is the version of all there is.
    const looksAt = format === 'csv' ? looksAtAsked : undefined;
    const config = { scope: 'read', cost: tableCost, ...(looksAt && { looksAt }) } as const;
    const response = { ...failing, 200: answer([format], typeOfFile) };
    routes.get(
      `/v1/statistics.${format}`,
      {
        config,
        schema: {
          ...described,
          summary: `统计表（.${format}） Statistics as .${format}: area by year by measure`,
          querystring: format === 'jsonstat' ? jsonStatQuery : plainQuery,
          response,
        },
      },
      async (request, reply) => sendTable(tables, request, reply, format, request.query),
    );
  }
}

function typeOfFile(format: Format): string {
  return format === 'jsonstat' ? types.json : types[format];
}

function answer(some: readonly Format[], typeOf: (format: Format) => string) {
  return {
    description: '统计表 The table',
    content: Object.fromEntries(some.map((format) => [typeOf(format), { schema: schemas[format] }])),
  };
}

async function sendTable(
  { db, clock, licence }: Tables,
  request: FastifyRequest,
  reply: FastifyReply,
  format: Format,
  query: z.output<typeof jsonStatQuery>,
): Promise<FastifyReply> {
  const table = await readTable(db, request.reader, readTableQuery(query, clock()));
  const { lang, counts = 'extension' } = query;
  if (format === 'jsonstat') varyByLanguage(reply);
  const language: Language = lang ?? findLanguage(request.headers['accept-language']) ?? 'zh';
  const said = { json: [], jsonstat: [language, counts], csv: [lang], xlsx: [lang] }[format];
  // At the end of JSON is how new the data is; a workbook is never the same bytes twice.
  const named = format === 'csv' ? 'strongly' : 'weakly';
  if (isKnownTag(request, reply, tagOfTable(table, [format, licence, ...said]), named)) return reply.code(304).send();
  const context: TableContext = { licence, links: linksOf(request) };
  const sent = describe(request, reply, format, table);
  if (format === 'csv') return sent.send(textOf(writeStatisticsCsv(table, lang)));
  if (format === 'json') return sent.send(textOf(writeStatisticsJson(table, context)));
  if (format === 'jsonstat') return sent.send(textOf(writeJsonStat(table, { ...context, language, counts })));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeStatisticsWorkbook(table, context, lang)) pieces.push(piece);
  return sent.send(Buffer.concat(pieces));
}

function textOf({ content, end }: Written): Uint8Array {
  return end === '' ? content : Buffer.concat([content, Buffer.from(end)]);
}

function describe(request: FastifyRequest, reply: FastifyReply, format: Format, table: StatisticsTable): FastifyReply {
  const isNegotiated = !request.routeOptions.url?.includes('.');
  const type = isNegotiated ? types[format] : typeOfFile(format);
  reply.type(format === 'xlsx' ? type : `${type}; charset=utf-8${format === 'csv' ? '; header=present' : ''}`);
  if (format !== 'csv' && format !== 'xlsx') return reply;
  const { division, by, years } = table;
  const code = ['statistics', division.code, by, years[0], years.at(-1)].filter((part) => part !== null).join('-');
  return reply
    .header('content-disposition', dispositionOf('attachment', `${titleOf(table).zh}.${format}`, `${code}.${format}`))
    .header('x-content-type-options', 'nosniff');
}

/** The same table as it is written otherwise: paths of this service with the same question. */
function linksOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const asked = request.url.indexOf('?');
  const query = asked < 0 ? '' : request.url.slice(asked);
  const { counts: _, ...plain } = Object.fromEntries(new URLSearchParams(query));
  const search = new URLSearchParams(plain).toString();
  return Object.fromEntries(formats.map((format) => [format, `/v1/statistics.${format}?${search}`]));
}
