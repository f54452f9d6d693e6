/** `/v1/imports`: many reports in one file, as a job where it takes long. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bulkTypeOf, bulkTypes } from '../../bulk/import/format/formats.js';
import { type ImportView, readImport, readImportItems } from '../../bulk/import/import-view.js';
import type { ImportJobs, ImportRequest, LiveImport } from '../../bulk/import/job.js';
import { acceptImport, forgetImport, waitWhileShort } from '../../bulk/import/jobs.js';
import { maxImportBytes } from '../../bulk/import/spool.js';
import { countRefused } from '../../bulk/import/tally.js';
import { dayInChina } from '../../day.js';
import { Problem } from '../../problem.js';
import { resolveDivision } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { spooledBodyCost } from '../admission/cost.js';
import { actOf, prefersAsync, prefersLenient } from '../http/conditions.js';
import { readKey } from '../http/idempotency.js';
import { sayTo, varyByLanguage } from '../http/language.js';
import { divisionCode, dryRun, invalidParameter } from '../http/parameters.js';
import { importBody, importCounts, importDoneSchema, importSchema, itemBodies } from './body/import-bodies.js';
import { responses } from './body/problem-bodies.js';

const tags = ['imports'];

/** An import with more is answered by its address. */
const short = { items: 500, milliseconds: 10_000, bytes: 8 * 1024 * 1024 };

const query = z.strictObject({
  dryRun,
  division: divisionCode.optional().meta({
    label: {
      zh: '只在该行政区划内按名称查机关；默认先查令牌权限范围',
      en: 'Look agencies up by name in this division only; else first where the token may file',
    },
  }),
  mode: z
    .enum(['each', 'all'])
    .default('each')
    .meta({
      label: {
        zh: 'each：逐份处理；all：有一份被拒则全部不保存',
        en: 'each: every item for itself; all: nothing when any is refused',
      },
    }),
  revise: z
    .enum(['true', 'false'])
    .optional()
    .meta({
      label: { zh: '已报送且内容不同的则修订', en: 'Revise what is filed with other content, instead of refusing it' },
    }),
  reason: soundText
    .min(1)
    .max(1000)
    .optional()
    .meta({
      label: {
        zh: '修订原因，自带 reason 的以其为准',
        en: 'Why it is revised, for items without a reason of their own',
      },
    }),
});

/** Registers the route on an instance of its own: no other route takes a stream, and this one takes nothing else. */
export function registerImportFileRoute(
  app: FastifyInstance,
  db: Db,
  { clock, jobs }: { readonly clock: () => Date; readonly jobs: () => ImportJobs },
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/imports',
    {
      config: { scope: 'file', bodyCost: spooledBodyCost },
      bodyLimit: maxImportBytes,
      schema: {
        tags,
        summary: '批量报送 File many reports from one file',
        description:
          'NDJSON（每行一份报送，可带 `ref`）；CSV（逗号、分号或制表符；UTF-8、GB18030 或 UTF-16）或 xlsx 的各可见工作表（每行一份报告：agency 或 name、year、可选 form、reason、ref，各单元格地址为列名；或每行一格：agency、year、cell、value）；报告文件的 zip（文件名 `<机关代码>-<年度>.<扩展名>`，否则按标题在所写县内查名录，不唯一则拒收并列出候选）。' +
          '每个令牌同时至多 4 个任务、共 512 MiB（超出为 429）。小文件 200 直接给出逐份结果；大文件或 `Prefer: respond-async` 答 202 和进度地址，重启后继续。`mode=all` 有一份被拒则 422，全部不保存。同一文件内每个机关每年度只收一份；被拒各行及原因见 `rejects` 所列地址。 ' +
          'NDJSON (a filing a line, with an optional `ref`); CSV (commas, semicolons or tabs; UTF-8, GB18030 or UTF-16) or every shown sheet of an xlsx (a row a report: agency or name, year, optionally form, reason, ref, and columns named by the addresses of cells; or a row a cell: agency, year, cell, value); a zip of documents (named `<agency>-<year>.<ext>`, or else looked up by their titles within the county they name, never guessed). ' +
          'A token has at most 4 under way, of 512 MiB together (429 beyond). A short one is answered with 200 and every item; a long one, or `Prefer: respond-async`, with 202 and the address of its progress, and goes on after a restart; so is one with an `Idempotency-Key`, which is taken once. With `mode=all` one refused item makes it a 422 that keeps nothing. One agency and year is taken once from a file; what was refused can be had again, with the reasons, at the addresses in `rejects`.',
        consumes: Object.keys(bulkTypes),
        querystring: query,
        body: z.unknown().meta({ label: { zh: '文件', en: 'The file' }, format: 'binary' }),
        response: responses({ 200: importDoneSchema, 202: importSchema }, 400, 404, 413, 415, 422, 503),
      },
    },
    async (request, reply) => {
      const { division } = request.query;
      if (division !== undefined) await resolveDivision(db, division, dayInChina(clock()));
      const asked = { ...requestOf(request, request.query), ...bulkTypeOf(request.headers['content-type']) };
      if (!(request.body instanceof Readable))
        throw new Problem('malformed-body', { zh: '请求体为空。', en: 'The body is empty.' });
      const act = actOf(request, clock);
      const keyed = keyOfImport(request, asked.dryRun);
      const declared = Number(request.headers['content-length'] ?? 0);
      const requireCallerStill = () => request.requireCallerStill();
      const body = request.body;
      const sent = { body, declared, act, request: asked, requireCallerStill, ...(keyed && { keyed }) };
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
  varyByLanguage(reply);
  return reply.code(202).send(importBody(await readImport(db, jobs, caller, id), sayTo(reply.request)));
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
  const view = await readImport(db, jobs, caller, id);
  const { items } = await readImportItems(db, caller, id, { first: view.tally.received, after: 0 });
  // What was refused can be had as a file, by its name.
  if (view.tally.rejected === 0) await forgetImport(db, id);
  if (ended.error !== undefined) throw ended.error;
  const result = { ...importCounts(view), items: itemBodies(items, sayTo(reply.request)) };
  if (view.request.mode === 'all' && view.tally.rejected > 0) throw refusedWhole(view, result);
  varyByLanguage(reply);
  return reply.code(200).send(result);
}

function refusedWhole({ tally }: ImportView, result: Readonly<Record<string, unknown>>): Problem {
  const refused = countRefused(tally);
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
  { mode, dryRun: dry, revise, reason, division }: z.output<typeof query>,
): Omit<ImportRequest, 'format' | 'charset'> {
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
    ...(division !== undefined && { division }),
  };
}
