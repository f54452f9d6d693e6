/** `/v1/imports/{id}`: how far an import is, and what became of its items. Imports open and close with the server. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readImport, readImportItems } from '../../bulk/import/import-view.js';
import type { ImportJobs } from '../../bulk/import/job.js';
import { closeImportJobs, openImportJobs } from '../../bulk/import/jobs.js';
import { isRunning, markOfProcess } from '../../bulk/import/process-mark.js';
import { writeRejects } from '../../bulk/import/reject-file.js';
import { type RejectFormat, rejectFormats } from '../../bulk/import/rejects.js';
import type { Tally } from '../../bulk/import/tally.js';
import type { Db } from '../../store/engine/schema.js';
import { sayTo, varyByLanguage } from '../http/language.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../http/paging.js';
import { importBody, importItemsSchema, importSchema, itemBodies } from './body/import-bodies.js';
import { responses } from './body/problem-bodies.js';
import { registerImportFileRoute } from './import-file-route.js';
import { fileAnswer } from './print/representations.js';

const tags = ['imports'];
const importPath = z.object({ id: z.uuid().meta({ label: { zh: '任务编号', en: 'Name of the import' } }) });

/** What the routes are built from. */
export interface ImportOptions {
  readonly clock: () => Date;
  /** Gets the counts of an import that is done. */
  readonly onDone: (tally: Tally) => void;
  /** A reader thread takes up no import and is sent none; its document lists the routes all the same. */
  readonly role?: 'reader' | undefined;
}

/** Registers the routes on an instance that compiles zod schemas. Imports left unfinished are taken up when it is ready. */
export function registerImportRoutes(app: FastifyInstance, db: Db, { clock, onDone, role }: ImportOptions): void {
  let opened: ImportJobs | undefined;
  const jobs = () => {
    if (!opened) throw new Error('imports are taken once the application is ready');
    return opened;
  };
  app.addHook('onReady', async () => {
    if (role === 'reader') return;
    opened = await openImportJobs(db, {
      clock,
      onUnforeseen: (error) => app.log.error({ err: error }, 'import'),
      onDone,
      process: markOfProcess(process.pid) ?? randomUUID(),
      isRunning,
    });
  });
  // Before the server closes, so that requests waiting for an import are answered with its address.
  app.addHook('preClose', async () => {
    if (opened) await closeImportJobs(opened);
  });
  registerReading(app, db, jobs);
  registerRejects(app, db, jobs);
  app.register(async (scope) => registerImportFileRoute(scope, db, { clock, jobs }));
}

function registerReading(app: FastifyInstance, db: Db, jobs: () => ImportJobs): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/imports/:id',
    {
      config: { scope: 'file', momentary: true },
      schema: {
        tags,
        summary: '批量报送的进度 How far an import is',
        description:
          '结束后保留 7 天；总量过大时，先删占用最多者的最早任务。 Kept for 7 days after its end; when too much is kept, the oldest of whoever has the most goes first.',
        params: importPath,
        response: responses({ 200: importSchema }, 400, 404),
      },
    },
    async (request, reply) => {
      varyByLanguage(reply);
      return importBody(await readImport(db, jobs(), request.caller, request.params.id), sayTo(request));
    },
  );

  routes.get(
    '/v1/imports/:id/items',
    {
      config: { scope: 'file', momentary: true },
      schema: {
        tags,
        summary: '逐份结果 What became of every item so far, in the order of the file',
        description:
          '下一页见 `Link: rel=next`；all 或试运行的结果在结束后才有。 The next page is in Link; with mode=all or a dry run there are none before the end.',
        params: importPath,
        querystring: z.strictObject({ first, after }),
        response: responses({ 200: importItemsSchema }, 400, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor } = request.query;
      const position = cursor === undefined ? 0 : Number(keyOf(cursor, /^\d{1,9}$/));
      const { items, next } = await readImportItems(db, request.caller, request.params.id, {
        first: size,
        after: position,
      });
      if (next !== null) linkNext(request, reply, cursorOf(next));
      varyByLanguage(reply);
      return { items: itemBodies(items, sayTo(request)) };
    },
  );
}

const rejectTypes: Readonly<Record<RejectFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

function registerRejects(app: FastifyInstance, db: Db, jobs: () => ImportJobs): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  for (const format of rejectFormats) {
    const type = rejectTypes[format];
    routes.get(
      `/v1/imports/:id/rejects.${format}`,
      {
        config: { scope: 'file', momentary: true },
        schema: {
          tags,
          summary: '被拒各行及原因 What was refused, with the reasons, to be corrected and sent again',
          description:
            '原有各列照原样，前加 rejected. 开头的各列（行号、代码、原因），再次导入时不读这些列。 ' +
            'The columns as they came, after those that begin with `rejected.` (line, code, reasons), which an import passes over. ' +
            '各工作表列不同时 CSV 为 406。 As CSV 406 where the sheets have different columns.',
          params: importPath,
          response: {
            ...responses({}, 400, 404, 406, 503),
            200: fileAnswer(type.replace(/;.*/, ''), '文件 The file, streamed'),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const body = await writeRejects(db, jobs(), request.caller, { id, format });
        reply.type(type).header('content-disposition', `attachment; filename="rejects-${id}.${format}"`);
        return reply.send(request.method === 'HEAD' ? undefined : Readable.from(body));
      },
    );
  }
}
