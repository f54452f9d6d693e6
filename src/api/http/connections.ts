/** What one connection may take of the server: time for its headers, a least rate for its body, and its place. */
import type { Server, ServerOptions } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';

/**
 * How long Node waits, in milliseconds. Headers, the first ones and those of every request after, have 7 s, and so
 * has a connection that sends nothing; Node looks every second, not every half minute, so that all is over within 10 s. A whole request may take an
 * hour: the largest import at 0.6 Mbit/s. That it does not crawl is watched by its rate.
 */
export const nodeTimeouts = {
  headersTimeout: 7_000,
  connectionsCheckingInterval: 1_000,
  requestTimeout: 3_600_000,
  /** Refused with all other headers, by a problem. */
  requireHostHeader: false,
} as const satisfies ServerOptions;

/** A connection on which nothing moves is cut after this, in milliseconds: a client that does not read its answer. */
export const stillTimeout = 300_000;

/** A body must bring this many bytes in this many seconds, 1 KiB/s; less is no line that anybody files over. */
const least = { bytes: 7 * 1024, seconds: 7 };

/** Bounds the open connections, where `most` is given, and watches how fast bodies come. */
export function registerConnections(app: FastifyInstance, most: number | undefined): void {
  if (most !== undefined) boundConnections(app.server, most);
  watchBodies(app);
  endConnections(app);
}

/** How often, in milliseconds, a server that stops looks for connections that have become idle. */
const endingEveryMs = 50;

/**
 * While the server stops, whoever is answered is told that the connection ends, and a connection that has become idle is
 * closed: it would be kept for the next request until its time runs out, and the server with it.
 */
function endConnections(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    const timer = setInterval(() => app.server.closeIdleConnections(), endingEveryMs);
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
}

/** When no place is left, idle connections are closed to make room; their clients can connect again. */
function boundConnections(server: Server, most: number): void {
  server.maxConnections = most;
  server.on('drop', () => server.closeIdleConnections());
}

/** A request whose body is still coming, and what its connection had brought at the end of each of the last seconds. */
interface Coming {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly brought: number[];
  told: boolean;
}

/**
 * Looks every second at the bodies that are coming. Seconds are counted by this, not by the clock: while the event
 * loop is blocked nothing can be read, and that is no client's fault.
 */
function watchBodies(app: FastifyInstance): void {
  const coming = new Map<FastifyRequest, Coming>();
  app.addHook('onListen', async () => {
    const timer = setInterval(() => look(coming), 1_000).unref();
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onRequest', (request, reply, done) => {
    // What is injected has no connection.
    if (app.server.listening && hasBody(request)) coming.set(request, { request, reply, brought: [], told: false });
    done();
  });
  // Most bodies come at once: to hold thousands of them until the next look costs more than to answer them.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.raw.complete) coming.delete(request);
    done();
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function look(coming: Map<FastifyRequest, Coming>): void {
  for (const [request, one] of coming) {
    if (hasEnded(one)) coming.delete(request);
    else if (isTooSlow(one)) cutOff(one);
  }
}

/** A body is over when all of it is here, or when its connection is gone. */
function hasEnded({ request: { raw } }: Coming): boolean {
  return raw.complete || raw.destroyed || raw.socket.destroyed;
}

function isTooSlow({ request: { raw }, brought }: Coming): boolean {
  // While we do not take what is there (the disk is slow), no more can come.
  if (raw.readableLength >= raw.readableHighWaterMark) brought.length = 0;
  brought.push(raw.socket.bytesRead);
  if (brought.length <= least.seconds) return false;
  const before = brought.shift() ?? 0;
  return raw.socket.bytesRead - before < least.bytes;
}

/** Makes the reader of the body fail, which sends the refusal. Where nothing reads the body, the connection is cut. */
function cutOff(one: Coming): void {
  const { raw } = one.request;
  if (one.told || one.reply.sent || raw.listenerCount('error') === 0) {
    raw.socket.destroy();
    return;
  }
  one.told = true;
  one.brought.length = 0;
  one.reply.header('connection', 'close');
  raw.emit('error', tooSlow());
}

function tooSlow(): Problem {
  const { bytes, seconds } = least;
  return new Problem('request-timeout', {
    zh: `请求体在 ${seconds} 秒内不足 ${bytes} 字节。`,
    en: `The body brought less than ${bytes} bytes in ${seconds} seconds.`,
  });
}
