/** `/v1/reports`: a report is filed or revised, as JSON or as the document itself. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Answer } from '../../access/idempotency.js';
import { dayInChina } from '../../day.js';
import { agencyCode } from '../../register/codes.js';
import { isRecord } from '../../report/faults.js';
import { type Filed, fileReport } from '../../report/file.js';
import { filingBody, filingBodyAt } from '../../report/filing-body.js';
import { type Sent, traceRefusal } from '../../report/refusals/trace.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import type { ActContext } from '../../words.js';
import { actOf, prefersLenient, readHandling } from '../http/conditions.js';
import { sendOnce } from '../http/idempotency.js';
import { dryRun, reportPath, year } from '../http/parameters.js';
import { type TakenFiling, takeDocuments, takeFiling, takenExtensions, type Upload } from '../http/upload.js';
import { responses } from './body/problem-bodies.js';
import { filedSchema } from './body/reading-bodies.js';
import { reportAnswer } from './body/report-bodies.js';

/** Registers the routes on an instance that compiles zod schemas; only they take documents beside JSON. */
export function registerFilingRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.register(async (scope) => {
    await takeDocuments(scope);
    registerFiling(scope, db, clock);
  });
}

function registerFiling(scope: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const reason = soundText
    .min(1)
    .max(1000)
    .optional()
    .meta({ label: { zh: '文件的修订原因', en: 'Why a document revises what is filed' } });
  const shared = {
    // A filing is parsed by the use case, which knows cells and labels; here its schema only documents it.
    validatorCompiler: documentedOnly(scope),
    config: { takesDocuments: 'beside JSON', scope: 'file' },
  } as const;

  routes.post(
    '/v1/reports',
    {
      ...shared,
      schema: {
        tags: ['reports'],
        summary: '报送 File a report',
        description:
          '201 新建；200 内容相同，未变；409 已有不同内容；422 内容或勾稽关系有误，未保存。`Prefer: handling=lenient` 照原样保存并附核对结果。 ' +
          '201 created; 200 the same content again; 409 other content is filed; 422 nothing stored. ' +
          `也可直接发送文件（${takenExtensions}）。 The document itself is taken too; a cell that cannot be read is refused, or blank when lenient.`,
        querystring: z.strictObject({
          dryRun,
          agency: agencyCode
            .optional()
            .meta({ label: { zh: '文件属于哪个机关', en: 'Whose a document is; else what it says is looked up' } }),
          year: year
            .optional()
            .meta({ label: { zh: '文件的年度', en: 'Report year of a document; else what it says' } }),
          reason,
        }),
        body: filingBody,
        response: responses({ 201: filedSchema, 200: filedSchema }, 400, 404, 409, 412, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      return traceRefusalOf(db, act, { request, stated: request.query }, async ({ noteTaken, noteUpload }) => {
        const taken = noteTaken(
          await takeFiling(db, request, dayInChina(act.now), { stated: request.query, noteUpload }),
        );
        const handling = readHandling(request, 'post', request.query.dryRun);
        return sendOnce<Filed>(db, request, reply, {
          now: act.now,
          // What it says decides whether it is the same request, and not the file around it.
          asked: { ...taken.filing, document: undefined },
          dryRun: request.query.dryRun,
          work: (commit) => fileReport(db, act, taken.filing, { ...handling, ...commit }),
          answer: (filed) => filedAnswer(request, filed, taken.doubts),
        });
      });
    },
  );

  routes.put(
    '/v1/reports/:agency/:year',
    {
      ...shared,
      schema: {
        tags: ['reports'],
        summary: '报送或修订 File or revise a report',
        description:
          '201 新建；200 修订或未变；修订须带 `If-Match`（428、412）和 `reason`。也可直接发送文件。 ' +
          'A revision needs If-Match and a reason. The document itself is taken too.',
        params: reportPath,
        querystring: z.strictObject({ dryRun, reason }),
        body: filingBodyAt,
        response: responses({ 201: filedSchema, 200: filedSchema }, 400, 404, 409, 412, 413, 415, 422, 428),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      const at = request.params;
      const stated = { ...at, reason: request.query.reason };
      const { status, headers, body } = await traceRefusalOf(
        db,
        act,
        { request, stated: at },
        async ({ noteTaken, noteUpload }) => {
          const taken = noteTaken(await takeFiling(db, request, dayInChina(act.now), { stated, at, noteUpload }));
          const handling = readHandling(request, 'put', request.query.dryRun);
          return filedAnswer(request, await fileReport(db, act, taken.filing, handling), taken.doubts);
        },
      );
      return reply.code(status).headers(headers).send(body);
    },
  );
}

/** What is noted of a request on the way, for the trace of its refusal. */
interface Notes {
  readonly noteTaken: (taken: TakenFiling) => TakenFiling;
  readonly noteUpload: (upload: Upload) => void;
}

/**
 * Files what a request holds; where that is refused and was no dry run, a trace is kept of whose report it was, as far as
 * the filing that was taken, the address or the body says.
 */
async function traceRefusalOf<T>(
  db: Db,
  act: ActContext,
  { request, stated }: { readonly request: FastifyRequest; readonly stated: Pick<Sent, 'agency' | 'year'> },
  file: (notes: Notes) => Promise<T>,
): Promise<T> {
  let filing: Pick<Sent, 'agency' | 'year'> | undefined;
  let document: Sent['document'];
  const work = () =>
    file({
      noteTaken: (taken) => {
        filing = { agency: taken.filing.agency, year: taken.filing.year };
        return taken;
      },
      noteUpload: ({ bytes, mediaType }) => {
        document = { bytes, mediaType };
      },
    });
  const { dryRun: dry } = request.query as { readonly dryRun?: boolean };
  if (dry) return work();
  const sent = (): Sent => ({
    ...(filing ?? { ...bodyStates(request.body), ...statedParts(stated) }),
    source: isDocument(request) ? 'DOCUMENT' : 'REQUEST',
    ...(document && { document }),
  });
  return traceRefusal(db, act, sent, work);
}

/** Agency and year without those that are left out, which would hide what the body says. */
function statedParts({ agency, year: of }: Pick<Sent, 'agency' | 'year'>): Pick<Sent, 'agency' | 'year'> {
  return { ...(agency !== undefined && { agency }), ...(of !== undefined && { year: of }) };
}

/** Agency and year as a body that is no filing may still state them. */
function bodyStates(body: unknown): Pick<Sent, 'agency' | 'year'> {
  if (!isRecord(body)) return {};
  return {
    ...(typeof body.agency === 'string' && { agency: body.agency }),
    ...(typeof body.year === 'number' && { year: body.year }),
  };
}

function isDocument(request: FastifyRequest): boolean {
  return request.isMultipart() || Buffer.isBuffer(request.body);
}

function filedAnswer(request: FastifyRequest, filed: Filed, doubts: TakenFiling['doubts']): Answer {
  const { payload, etag } = reportAnswer(filed);
  const created = filed.outcome === 'created';
  return {
    status: created ? 201 : 200,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      etag,
      ...(prefersLenient(request) && { 'preference-applied': 'handling=lenient' }),
      ...(created && { location: `/v1/reports/${filed.agency.code}/${filed.row.year}` }),
    },
    body: doubts ? `${payload.slice(0, -1)},"doubts":${JSON.stringify(doubts)}}` : payload,
  };
}

function documentedOnly(app: FastifyInstance) {
  const compile = app.validatorCompiler;
  if (!compile) throw new Error('the REST scope has a validator compiler');
  return (route: Parameters<typeof compile>[0]) =>
    route.httpPart === 'body' ? (value: unknown) => ({ value }) : compile(route);
}
