/** Builds the application: every plugin and route, registered by name. Nothing listens here. */
import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { beginReading, registerCosts } from './api/admission/cost.js';
import { type LoadLimits, registerLoadLimits } from './api/admission/load.js';
import { registerRateLimit } from './api/admission/rate.js';
import { openReaders, type ReaderLimits, type Readers, readElsewhere } from './api/admission/readers.js';
import { registerGraphql } from './api/graphql/graphql.js';
import { registerCallers, registerScopes, requireDeclaredScopes, requireNationOf } from './api/http/caller.js';
import { nodeTimeouts, registerConnections, stillTimeout } from './api/http/connections.js';
import { earlyErrors, registerErrors } from './api/http/errors.js';
import { followMethods } from './api/http/methods.js';
import { registerAnswerHeaders } from './api/http/web-headers.js';
import { registerKeptAnswers } from './api/kept/kept-answers.js';
import { type Follow, followRequests } from './api/observe/ended.js';
import { registerMetrics } from './api/observe/metrics.js';
import { logController, loggerOptions, logRequest } from './api/observe/request-log.js';
import { registerRollupChecks } from './api/observe/rollup-checks.js';
import { registerTraces } from './api/observe/traces.js';
import { registerAccessRoutes } from './api/rest/access-routes.js';
import { registerAgencyChangeRoutes } from './api/rest/agency-change-routes.js';
import { registerAgencyRoutes } from './api/rest/agency-routes.js';
import { registerBlankRoutes } from './api/rest/blank/blank-routes.js';
import { registerDivisionChangeRoutes } from './api/rest/change/division-change-routes.js';
import { registerChangeFeedRoutes } from './api/rest/change-feed-routes.js';
import { registerChangeFileRoute } from './api/rest/change-file-route.js';
import { registerDivisionRoutes } from './api/rest/division-routes.js';
import { registerKeptDocumentRoutes } from './api/rest/document/kept-document-routes.js';
import { registerDocumentRoutes } from './api/rest/document-routes.js';
import { registerEntryRoutes } from './api/rest/entry/entry-routes.js';
import { registerExportRoutes } from './api/rest/export-routes.js';
import { registerFilingRoutes } from './api/rest/filing-routes.js';
import { registerLedgerRoutes } from './api/rest/filings/ledger-routes.js';
import { registerFilingListRoutes } from './api/rest/filings/list-routes.js';
import { registerRefusalRoutes } from './api/rest/filings/refusal-routes.js';
import { registerSearchRoutes } from './api/rest/find/search-routes.js';
import { registerHealth } from './api/rest/health.js';
import { registerImportRoutes } from './api/rest/import-routes.js';
import { registerLockRoutes } from './api/rest/lock-routes.js';
import { registerOpenApi } from './api/rest/openapi/openapi.js';
import { registerReferenceRoutes } from './api/rest/reference-routes.js';
import { registerReportRoutes } from './api/rest/report-routes.js';
import { registerReviewRoutes } from './api/rest/review-routes.js';
import { registerStatisticsRoutes } from './api/rest/statistics/statistics-routes.js';
import { registerSending } from './api/rest/subscription/sending.js';
import { registerSubscriptionRoutes } from './api/rest/subscription/subscription-routes.js';
import { parseJson } from './json.js';
import { Problem } from './problem.js';
import { writeLoadOf } from './store/engine/commit.js';
import { databaseBytes, isReady } from './store/engine/open.js';
import type { Db } from './store/engine/schema.js';
import { databaseFile } from './store/engine/store.js';
import { countDeliveries } from './store/subscription/deliveries.js';
import { type Resolve, resolveBySystem, resolveInTurn } from './subscription/address.js';
import { readNetworks } from './subscription/networks.js';
import type { PublicReading } from './words.js';
import { startThread, workerFile } from './worker.js';

/** What an application is built from; the environment is read elsewhere. */
export interface AppOptions {
  readonly db: Db;
  readonly logger: FastifyServerOptions['logger'];
  readonly clock: () => Date;
  /** Marks every answer as holding made-up figures. */
  readonly sample?: boolean;
  /** Names each request; at random when left out. */
  readonly requestIds?: () => string;
  /** What can be read without a token; what was accepted when left out. */
  readonly publicReading?: PublicReading;
  /** The licence of what is exported, as the publisher states it; left out, none. */
  readonly dataLicence?: Parameters<typeof registerExportRoutes>[2];
  /** The largest body in bytes; 2 MiB when left out, twenty times the longest report seen. */
  readonly bodyLimit?: number;
  /** What is taken on at the most; nothing is refused for load or number when left out. */
  readonly limits?: Limits;
  /** Which proxies are believed when they say for whom they ask; none when left out. */
  readonly trustProxy?: string;
  /** The sites whose scripts may use the service from a browser; none when left out. */
  readonly corsOrigins?: readonly string[];
  /** Hours between two checks of the rollups; none when left out or 0. */
  readonly rollupCheckHours?: number;
  /** Networks to which messages to subscribers may go; none when left out. */
  readonly webhookNetworks?: readonly string[];
  /** How they are sent; as the system resolves names, spread at random, when left out. */
  readonly sending?: SendingMeans;
  /** Mebibytes of answers that are kept while what they are made of stands; 64 when left out, none for 0. */
  readonly keptAnswersMib?: number;
  /** Threads that answer dear reads; none when left out, and for a store in memory, which no other thread can see. */
  readonly readers?: Partial<ReaderLimits>;
  /** Builds what a reader thread answers with: the same, but that nothing is written, followed or refused for load. */
  readonly role?: 'reader';
}

/** How messages to subscribers are sent. */
interface SendingMeans {
  readonly resolve?: Resolve;
  readonly jitter?: () => number;
  readonly pollMs?: number;
}

/** What a reader thread is started with; see `reader-thread.ts`. */
export interface ReaderOrder {
  readonly file: string;
  /** The level of its log. */
  readonly level: string;
  readonly options: Pick<
    AppOptions,
    'sample' | 'publicReading' | 'dataLicence' | 'bodyLimit' | 'trustProxy' | 'corsOrigins'
  >;
}

/** The bounds of what is taken on. */
interface Limits extends LoadLimits {
  /** Open connections. */
  readonly connections?: number;
  /** Requests of one caller; 0 counts none. */
  readonly requestsPerMinute?: number;
  /** Milliseconds of computing for one caller; 0 bounds none. */
  readonly costPerMinute?: number;
  /** Wrong tokens of one address, or of one token. */
  readonly wrongTokensPerMinute?: number;
}

const usualKeptMib = 64;

/** The application, ready for `listen` or `inject`. The caller closes `db` after it. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { db, logger, clock, sample = false, bodyLimit = 2 * 1024 * 1024, limits = {} } = options;
  const { publicReading = 'accepted', role, requestIds = () => randomUUID() } = options;
  const { resolve = resolveBySystem, jitter = Math.random, pollMs } = options.sending ?? {};
  const reachable = { networks: readNetworks(options.webhookNetworks ?? []), resolve: resolveInTurn(resolve) };
  let follow: Follow = () => {};
  const app = Fastify({
    logger: loggerOptions(logger) ?? false,
    logController,
    bodyLimit,
    http: nodeTimeouts,
    requestTimeout: nodeTimeouts.requestTimeout,
    connectionTimeout: stillTimeout,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => requestIds(),
    // A reader answers under the name that the request has in the main thread.
    ...(role === 'reader' && { requestIdHeader: 'x-request-id' }),
    routerOptions: { maxParamLength: 200 },
    ...earlyErrors((request, reply) => follow(request, reply)),
  });
  const methods = followMethods(app);
  registerErrors(app, methods.refuseUnheard);
  requireDeclaredScopes(app);
  registerConnections(app, limits.connections);
  if (role !== 'reader') registerTraces(app);
  const writes = () => writeLoadOf(db);
  let readers: Readers | undefined;
  const metrics = registerMetrics(app, {
    writes,
    reads: () => readers?.load(),
    readings: () => kept.counts(),
    size: () => databaseBytes(db),
    messages: () => countDeliveries(db),
    requireReader: requireNationOf(db),
  });
  if (role !== 'reader') follow = followRequests(app, logRequest, metrics.countRequest);
  registerRollupChecks(app, db, { clock, everyHours: options.rollupCheckHours ?? 0, tell: metrics.tellChecked });
  await registerAnswerHeaders(app, { origins: options.corsOrigins ?? [], sample });
  registerCallers(app, { db, clock, publicReading, wrongTokensPerMinute: limits.wrongTokensPerMinute });
  const costs = registerCosts(app, limits.costPerMinute ?? 0);
  registerLoadLimits(app, limits, {
    waitingWrites: () => writes().waiting,
    costsMost: (caller) => costs.ledger.costsMost(caller, performance.now()),
  });
  registerRateLimit(app, limits.requestsPerMinute ?? 0);
  // A reader is asked for what the main thread does not know already.
  const bytes = (options.keptAnswersMib ?? usualKeptMib) * 2 ** 20;
  const kept = registerKeptAnswers(app, role === 'reader' ? undefined : { db, bytes });
  kept.look();
  costs.register();
  registerScopes(app);
  app.addHook('onRequest', (request, reply, done) => {
    refuseUnread(request, reply);
    done();
  });
  kept.answer();
  readStrictJson(app);
  registerHealth(app, () => isReady(db));
  readers = openReadersOf(app, options);
  if (readers) readElsewhere(app, readers);
  await registerGraphql(app, { db, clock, sample, ...(readers && { readers }) });
  await app.register(async (rest) => {
    await registerOpenApi(rest);
    registerEntryRoutes(rest);
    registerFilingRoutes(rest, db, clock);
    registerReportRoutes(rest, db, clock);
    registerChangeFeedRoutes(rest, db, { clock, inFlight: limits.inFlight });
    registerReviewRoutes(rest, db, clock);
    registerLockRoutes(rest, db, clock);
    registerSubscriptionRoutes(rest, db, { clock, reachable });
    registerAccessRoutes(rest, db, clock);
    registerDocumentRoutes(rest, db, clock);
    registerBlankRoutes(rest, db, clock);
    registerKeptDocumentRoutes(rest, db, clock);
    registerFilingListRoutes(rest, db);
    registerLedgerRoutes(rest, db);
    registerRefusalRoutes(rest, db);
    registerReferenceRoutes(rest, db, clock);
    registerDivisionRoutes(rest, db, clock);
    registerDivisionChangeRoutes(rest, db, clock);
    registerAgencyRoutes(rest, db, clock);
    registerSearchRoutes(rest, db, clock);
    registerAgencyChangeRoutes(rest, db, clock);
    registerChangeFileRoute(rest, db, clock);
    registerExportRoutes(rest, db, options.dataLicence);
    registerStatisticsRoutes(rest, { db, clock, licence: options.dataLicence });
    registerImportRoutes(rest, db, { clock, onDone: metrics.countImport, role });
  });
  const { countAttempt: onAttempt } = metrics;
  if (role !== 'reader')
    registerSending(app, db, { ...reachable, clock, open: publicReading, jitter, pollMs, onAttempt });
  methods.answerOthers();
  await app.ready();
  return app;
}

/** The threads that answer dear reads, if there are to be any. */
function openReadersOf(app: FastifyInstance, options: AppOptions): Readers | undefined {
  const { readers: limits, sample, publicReading, dataLicence, bodyLimit, trustProxy, corsOrigins } = options;
  const file = databaseFile(options.db);
  if (!limits || limits.threads === 0 || file === undefined) return undefined;
  const given = { sample, publicReading, dataLicence, bodyLimit, trustProxy, corsOrigins };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const order: ReaderOrder = { file, level: app.log.level, options: told };
  const thread = workerFile('reader-thread', import.meta.url);
  const readers = openReaders((heap) => startThread(thread, order, heap), { log: app.log, ...limits });
  app.addHook('onListen', async () => readers.start());
  app.addHook('onClose', () => readers.close());
  return readers;
}

/** Refuses what nothing here reads: a body that is compressed, a path with a NUL in it. */
function refuseUnread(request: FastifyRequest, reply: FastifyReply): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    reply.header('accept-encoding', 'identity');
    throw new Problem('unsupported-media-type', {
      zh: '请勿压缩请求体。',
      en: 'Send the body uncompressed, without Content-Encoding.',
    });
  }
  if (request.url.includes('%00'))
    throw new Problem('invalid-parameter', { zh: '路径含有空字符。', en: 'The path holds a NUL.' });
}

/**
 * JSON is read strictly and in UTF-8 only; every other media type is refused unless a route takes it. What has no body
 * has no type of one either, though many clients name one with every request: a DELETE is then as if it named none.
 */
function readStrictJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
    if (method === 'DELETE' && coding === undefined && Number(length) === 0) delete headers['content-type'];
    done();
  });
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      await beginReading(request, body);
      return request.method === 'DELETE' && body.length === 0 ? undefined : parseJson(body);
    },
  );
}
