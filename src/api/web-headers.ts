/** What a browser is told beside every answer: to load and run nothing, and which other sites may read it. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** An answer is data, or a printed form with its style inside; the two pages that run scripts have their own policy. */
const policy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'unsafe-inline'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Headers that a script of another site needs to file, revise, page and wait. */
const exposed = [
  'etag',
  'link',
  'location',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'preference-applied',
  'x-request-id',
  'xiangbao-sample',
];

/** Sets helmet's headers on every answer, and lets scripts of `origins` (none at all when empty) read and write. */
export async function registerWebHeaders(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: policy,
    // Only for this name: what else lives below it is not ours to decide.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    frameguard: { action: 'deny' },
  });
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: exposed,
    maxAge: 600,
  });
  // Routes that choose by Accept set Vary anew; a cache must not give one site's answer to another.
  app.addHook('onSend', async (_request, reply) => {
    const vary = String(reply.getHeader('vary') ?? '');
    if (!/\borigin\b/i.test(vary)) reply.header('vary', vary === '' ? 'Origin' : `${vary}, Origin`);
  });
}
