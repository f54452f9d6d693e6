/** `/v1/imports`: many reports in one file, as a job where it takes long. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bulkTypeOf, bulkTypes } from '../../bulk/import/format/formats.js';
import { type ImportView, readImport, readImportItems } from '../../bulk/import/import-view.js';
import type { ImportJobs, ImportRequest, LiveImport } from '../../bulk/import/job.js';
import { acceptImport, closeImportJobs, forgetImport, openImportJobs, waitWhileShort } from '../../bulk/import/jobs.js';
import { maxImportBytes } from '../../bulk/import/spool.js';
import type { Tally } from '../../bulk/import/tally.js';
import { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import { actOf, prefersLenient } from '../http/conditions.js';
import { readKey } from '../http/idempotency.js';
import { after, cursorOf, defaultFirst, dryRun, first, invalidParameter, keyOf } from '../http/parameters.js';
import { responses } from './bodies.js';
import { importBody, importCounts, importDoneSchema, importItemsSchema, importSchema } from './import-bodies.js';
import { linkNext } from './report-routes.js';

/** An import with more is answered by its address. */
const short = { items: 500, milliseconds: 10_000, bytes: 8 * 1024 * 1024 };

const tags = ['imports'];
const importPath = z.object({ id: z.uuid().describe('任务编号 Name of the import') });
const query = z.strictObject({
  dryRun,
  mode: z
    .enum(['each', 'all'])
    .default('each')
    .describe(
      'each：逐份处理；all：有一份被拒则全部不保存 each: every item for itself; all: nothing when any is refused',
    ),
  revise: z
    .enum(['true', 'false'])
    .optional()
    .describe('已报送且内容不同的则修订 Revise what is filed with other content, instead of refusing it'),
  reason: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('修订原因，自带 reason 的以其为准 Why it is revised, for items without a reason of their own'),
});

/** What the routes are built from. */
export interface ImportOptions {
  readonly clock: () => Date;
  /** Is told what became of the items of an import that is done. */
  readonly onDone: (tally: Tally) => void;
}

/** Registers the routes on an instance that compiles zod schemas. Imports left unfinished are taken up when it is ready. */
export function registerImportRoutes(app: FastifyInstance, db: Db, { clock, onDone }: ImportOptions): void {
  let opened: ImportJobs | undefined;
  const jobs = () => {
    if (!opened) throw new Error('imports are taken once the application is ready');
    return opened;
  };
  app.addHook('onReady', async () => {
    opened = await openImportJobs(db, {
      clock,
      onUnforeseen: (error) => app.log.error({ err: error }, 'import'),
      onDone,
      worker: process.pid,
      isAlive,
    });
  });
  // Before the server closes, so that requests waiting for an import are answered with its address.
  app.addHook('preClose', async () => {
    if (opened) await closeImportJobs(opened);
  });
  registerReading(app, db, jobs);
  // Only this route takes a stream, and it takes nothing else.
  app.register(async (scope) => registerPosting(scope, db, { clock, jobs }));
}

function registerPosting(
  app: FastifyInstance,
  db: Db,
  { clock, jobs }: { readonly clock: () => Date; readonly jobs: () => ImportJobs },
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/imports',
    {
      config: { scope: 'file' },
      bodyLimit: maxImportBytes,
      schema: {
        tags,
        summary: '批量报送 File many reports from one file',
        description:
          'NDJSON（每行一份报送，可带 `ref`）；CSV 或 xlsx 首个工作表（每行一份报告：agency、year、可选 form、reason、ref，各单元格地址为列名；或每行一格：agency、year、cell、value）；报告文件的 zip（文件名 `<机关代码>-<年度>.<扩展名>`，否则按标题在所写县内查名录，不唯一则拒收并列出候选）。' +
          '小文件 200 直接给出逐份结果；大文件或 `Prefer: respond-async` 答 202 和进度地址，重启后继续。`mode=all` 有一份被拒则 422，全部不保存。 ' +
          'NDJSON (a filing a line, with an optional `ref`); CSV or the first sheet of an xlsx (a row a report: agency, year, optionally form, reason, ref, and columns named by the addresses of cells; or a row a cell: agency, year, cell, value); a zip of documents (named `<agency>-<year>.<ext>`, or else looked up by their titles within the county they name, never guessed). ' +
          'A short one is answered with 200 and every item; a long one, or `Prefer: respond-async`, with 202 and the address of its progress, and goes on after a restart; so is one with an `Idempotency-Key`, which is taken once. With `mode=all` one refused item makes it a 422 that keeps nothing.',
        consumes: Object.keys(bulkTypes),
        querystring: query,
        body: z.unknown().meta({ description: '文件 The file', format: 'binary' }),
        response: responses({ 200: importDoneSchema, 202: importSchema }, 400, 413, 415, 422, 503),
      },
    },
    async (request, reply) => {
      const asked = { ...requestOf(request, request.query), ...bulkTypeOf(request.headers['content-type']) };
      if (!(request.body instanceof Readable))
        throw new Problem('malformed-body', { zh: '请求体为空。', en: 'The body is empty.' });
      const act = actOf(request, clock);
      const keyed = keyOfImport(request, asked.dryRun);
      const sent = { body: request.body, act, request: asked, ...(keyed && { keyed }) };
      const live = await receive(db, jobs(), request, reply, sent);
      if (prefersLenient(request)) reply.header('preference-applied', 'handling=lenient');
      if ('replayed' in live) {
        reply.header('idempotent-replayed', 'true');
        return answerAddress(db, jobs(), live.replayed, reply);
      }
      // What is to be found again under its key is kept as a job.
      const wait = !keyed && !prefersAsync(request) && live.row.bytes <= short.bytes;
      return answerImport(db, jobs(), live, { reply, wait });
    },
  );
}

function registerReading(app: FastifyInstance, db: Db, jobs: () => ImportJobs): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/imports/:id',
    {
      config: { scope: 'file' },
      schema: {
        tags,
        summary: '批量报送的进度 How far an import is',
        description: '结束后保留 7 天。 Kept for 7 days after its end.',
        params: importPath,
        response: responses({ 200: importSchema }, 400, 404),
      },
    },
    async (request) => importBody(await readImport(db, jobs(), request.caller, request.params.id)),
  );

  routes.get(
    '/v1/imports/:id/items',
    {
      config: { scope: 'file' },
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
      return { items: [...items] };
    },
  );
}

/** Takes the body in; a caller whose body is refused before its end is cut off, not read to the end. */
async function receive(
  db: Db,
  jobs: ImportJobs,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: Parameters<typeof acceptImport>[2],
): Promise<Awaited<ReturnType<typeof acceptImport>>> {
  try {
    if (Number(request.headers['content-length'] ?? 0) > maxImportBytes) {
      throw new Problem('body-too-large', {
        zh: '请求体超过本接口上限。',
        en: 'The body exceeds the limit for this call.',
      });
    }
    return await acceptImport(db, jobs, sent);
  } catch (error) {
    if (!request.raw.complete) reply.header('connection', 'close');
    throw error;
  }
}

async function answerAddress(db: Db, jobs: ImportJobs, id: string, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, url } = reply.request;
  reply.header('location', `${url.split('?')[0]}/${id}`);
  return reply.code(202).send(importBody(await readImport(db, jobs, caller, id)));
}

/** The key of an import that is to be taken once; a dry run leaves nothing that could be taken twice. */
function keyOfImport(request: FastifyRequest, dry: boolean) {
  const key = readKey(request);
  const { caller, method, url } = request;
  if (key === undefined || dry || caller.kind !== 'token') return undefined;
  return { tokenId: caller.tokenId, key, asked: [method, url] };
}

async function answerImport(
  db: Db,
  jobs: ImportJobs,
  live: LiveImport,
  { reply, wait }: { readonly reply: FastifyReply; readonly wait: boolean },
): Promise<FastifyReply> {
  const { id } = live.row;
  const ended = wait ? await waitWhileShort(jobs, live, short) : 'long';
  if (ended === 'long') return answerAddress(db, jobs, id, reply);
  const { caller } = reply.request;
  const reading = await readImport(db, jobs, caller, id);
  const { items } = await readImportItems(db, caller, id, { first: reading.tally.received, after: 0 });
  await forgetImport(db, id);
  if (ended.error !== undefined) throw ended.error;
  const result = { ...importCounts(reading), items: [...items] };
  if (reading.request.mode === 'all' && reading.tally.rejected > 0) throw refusedWhole(reading, result);
  return reply.code(200).send(result);
}

function refusedWhole({ tally }: ImportView, result: Readonly<Record<string, unknown>>): Problem {
  const refused = tally.problems.reduce((sum, { items }) => sum + items, 0);
  return new Problem(
    'invalid-report',
    {
      zh: `${tally.received} 份中有 ${refused} 份被拒，全部未保存。`,
      en: `${refused} of ${tally.received} items are refused, so nothing was kept (mode=all).`,
    },
    result,
  );
}

function requestOf(
  request: FastifyRequest,
  { mode, dryRun: dry, revise, reason }: z.output<typeof query>,
): Pick<ImportRequest, 'mode' | 'dryRun' | 'lenient' | 'revise'> {
  if (reason !== undefined && revise !== 'true') {
    throw invalidParameter('reason', {
      zh: 'reason 须与 revise=true 同用。',
      en: 'reason goes with revise=true.',
    });
  }
  return {
    mode,
    dryRun: dry,
    lenient: prefersLenient(request),
    ...(revise === 'true' ? { revise: { reason: reason ?? null } } : {}),
  };
}

/** RFC 7240: `Prefer: respond-async`, alone or among other preferences. */
function prefersAsync(request: FastifyRequest): boolean {
  const preferences = String(request.headers.prefer ?? '').split(',');
  return preferences.some((preference) => /^\s*respond-async\s*(?:;.*)?$/i.test(preference));
}

function isAlive(worker: number): boolean {
  try {
    process.kill(worker, 0);
    return true;
  } catch {
    return false;
  }
}
