/**
 * The headers of every answer to a well-formed request (`earlyErrors` answers the others). They name the request; they
 * forbid a browser to load or run anything, and list the other sites that may read the answer.
 */
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sampleNotice } from './sample.js';

/** An answer is data, or a printed form with its style inside; the two pages that run scripts have their own policy. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

/** What helmet sets by default, with our policy; written out, since ours never differ from one answer to the next. */
const protective = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  // Only for this name: what else lives below it is not ours to decide.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const;

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
 * Sets on every answer what protects a browser, the id of its request, and whether its figures are made up; and lets scripts
 * of `origins` (none at all when empty) read and write.
 */
export async function registerAnswerHeaders(
  app: FastifyInstance,
  { origins, sample }: { readonly origins: readonly string[]; readonly sample: boolean },
): Promise<void> {
  const headers = { ...protective, ...(sample && { 'xiangbao-sample': sampleNotice.en }) };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  if (origins.length > 0) await shareWith(app, origins);
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
