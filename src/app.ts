/** Builds the application: every plugin and route, registered by name. Nothing listens here. */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import type { PublicReading } from './access/visibility.js';
import { registerAccessRoutes } from './api/access-routes.js';
import { registerAccess } from './api/caller.js';
import { registerDocumentRoutes } from './api/document-routes.js';
import { earlyErrors, registerErrors } from './api/errors.js';
import { registerExportRoutes } from './api/export-routes.js';
import { registerGraphql } from './api/graphql.js';
import { registerHealth } from './api/health.js';
import { registerImportRoutes } from './api/import-routes.js';
import { registerOpenApi } from './api/openapi.js';
import { registerReferenceRoutes } from './api/reference-routes.js';
import { registerRegisterRoutes } from './api/register-routes.js';
import { registerReportRoutes } from './api/report-routes.js';
import { registerReviewRoutes } from './api/review-routes.js';
import { sampleNotice } from './api/sample.js';
import { parseJson } from './json.js';
import { Problem } from './problem.js';
import { isReady } from './store/open.js';
import type { Db } from './store/schema.js';

/** What an application is built from; the environment is read elsewhere. */
export interface AppOptions {
  readonly db: Db;
  readonly logger: FastifyServerOptions['logger'];
  readonly clock: () => Date;
  /** Marks every answer as holding made-up figures. */
  readonly sample?: boolean;
  /** What can be read without a token; what was accepted when left out. */
  readonly publicReading?: PublicReading;
  /** The largest body in bytes; 2 MiB when left out, twenty times the longest report seen. */
  readonly bodyLimit?: number;
}

/** The application, ready for `listen` or `inject`. The caller closes `db` after it. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { db, logger, clock, sample = false, bodyLimit = 2 * 1024 * 1024, publicReading = 'accepted' } = options;
  const app = Fastify({
    logger: logger ?? false,
    bodyLimit,
    // An import of 100 MB over a county's line; headers alone have Node's own minute.
    requestTimeout: 300_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    ...earlyErrors,
  });
  registerErrors(app);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (sample) reply.header('xiangbao-sample', sampleNotice.en);
  });
  app.addHook('onRequest', async (request) => refuseUnread(request));
  registerAccess(app, { db, clock, publicReading });
  readStrictJson(app);
  registerHealth(app, () => isReady(db));
  await registerGraphql(app, { db, clock, sample });
  await app.register(async (rest) => {
    await registerOpenApi(rest);
    registerReportRoutes(rest, db, clock);
    registerReviewRoutes(rest, db, clock);
    registerAccessRoutes(rest, db, clock);
    registerDocumentRoutes(rest, db, clock);
    registerReferenceRoutes(rest, db, clock);
    registerRegisterRoutes(rest, { db, clock });
    registerExportRoutes(rest, db);
    registerImportRoutes(rest, db, clock);
  });
  await app.ready();
  return app;
}

/** Refuses what nothing here reads: a body that is compressed, a path with a NUL in it. */
function refuseUnread(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      'Send the body uncompressed, without Content-Encoding. 请勿压缩请求体。',
    );
  }
  if (request.url.includes('%00')) throw new Problem('invalid-parameter', 'The path holds a NUL. 路径含有空字符。');
}

/** JSON is read strictly and in UTF-8 only; every other media type is refused unless a route takes it. */
function readStrictJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJson(body),
  );
}
