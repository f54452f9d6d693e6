/**
 * The headers of every answer to a well-formed request (`earlyErrors` answers the others). They name the request; they
 * forbid a browser to load or run anything, and list the other sites that may read the answer.
 */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { sampleNotice } from './sample.js';

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

/** Headers that a script of another site needs to file, revise, page, wait, and name what it saves. */
const exposed = [
  'accept',
  'accept-encoding',
  'accept-patch',
  'accept-post',
  'allow',
  'content-disposition',
  'etag',
  'idempotent-replayed',
  'link',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'www-authenticate',
  'x-request-id',
  'xiangbao-sample',
];

/**
 * Sets on every answer helmet's headers, the id of its request, and whether its figures are made up; and lets scripts
 * of `origins` (none at all when empty) read and write.
 */
export async function registerAnswerHeaders(
  app: FastifyInstance,
  { origins, sample }: { readonly origins: readonly string[]; readonly sample: boolean },
): Promise<void> {
  const headers = { ...(await helmetHeaders()), ...(sample && { 'xiangbao-sample': sampleNotice.en }) };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  if (origins.length > 0) await shareWith(app, origins);
}

/** Computed once, since ours never differ: helmet computes them for every answer, at a tenth of a small one's cost. */
async function helmetHeaders(): Promise<Readonly<Record<string, string>>> {
  const asked = Fastify();
  await asked.register(helmet, {
    contentSecurityPolicy: policy,
    // Only for this name: what else lives below it is not ours to decide.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    frameguard: { action: 'deny' },
  });
  let set: Readonly<Record<string, unknown>> = {};
  asked.get('/', async (_request, reply) => {
    set = reply.getHeaders();
    return '';
  });
  await asked.inject('/');
  await asked.close();
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name, String(value)]));
}

async function shareWith(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const shared = {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: exposed,
    maxAge: 600,
  };
  await app.register(cors, {
    // A browser's question names the method it is about; any other OPTIONS is answered by its route.
    delegator: ({ headers }, done) =>
      done(null, { ...shared, preflight: headers['access-control-request-method'] !== undefined }),
  });
  // Routes that choose by Accept overwrite Vary; a cache must not give one site's answer to another.
  app.addHook('onSend', async (_request, reply) => {
    addVary(reply, 'Origin');
  });
}

/** Names a header of the request in Vary beside those that are there, so that caches keep an answer by it. */
export function addVary(reply: FastifyReply, name: string): void {
  const vary = String(reply.getHeader('vary') ?? '');
  const named = vary.toLowerCase().split(/\s*,\s*/);
  if (!named.includes(name.toLowerCase())) reply.header('vary', vary === '' ? name : `${vary}, ${name}`);
}
