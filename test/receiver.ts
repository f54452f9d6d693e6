/** What the tests of subscriptions build from: a receiver on a port of its own, and a service that sends to it. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InjectOptions } from 'fastify';
import { authenticate } from '../src/access/authority.js';
import { changeBody } from '../src/api/rest/body/change-bodies.js';
import { buildApp } from '../src/app.js';
import type { Db } from '../src/store/engine/schema.js';
import { resolveBySystem } from '../src/subscription/address.js';
import { readNetworks } from '../src/subscription/networks.js';
import { type Sending, startSending } from '../src/subscription/sending.js';
import { makeSubscription, type NewSubscriptionView } from '../src/subscription/subscriptions.js';
import type { PublicReading } from '../src/words.js';
import { act, bearer, clock, openTestStore, tokenFor } from './builders.js';
import { holdToDocument } from './contract.js';

interface Test {
  teardown(end: () => unknown): unknown;
}

/** A message as it came. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** Answers a request; a number is a status. */
export type Answering = (received: Received, response: ServerResponse, request: IncomingMessage) => number | undefined;

/** A receiver that keeps all it is sent, and answers as it is told: 204 unless told otherwise. */
export async function openReceiver(t: Test, answer: Answering = () => 204, host = '127.0.0.1') {
  const received: Received[] = [];
  const receiver = { answer, received, url: '', close: async () => undefined as unknown };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' };
      received.push(one);
      const status = receiver.answer(one, response, request);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  receiver.url = `http://${host}:${port}/hook`;
  receiver.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  t.teardown(receiver.close);
  return receiver;
}

/** A message's id. */
export const idOf = ({ headers }: Received) => String(headers['webhook-id']);

/** What a message says. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads messages as a receiver would.
export const saidIn = ({ body }: Received): any => JSON.parse(body);

/** Waits until something holds; throws with its name when it does not in time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(5)) if (await holds()) return;
  throw new Error(`not in time: ${what}`);
}

/** Where the tests send to: this machine. */
const reachable = { networks: readNetworks(['127.0.0.0/8']), resolve: resolveBySystem };

/** Begins to send what a store holds, without a service; the clock goes on from that of the tests. */
export function startSendingFrom(db: Db, { open = 'accepted', began = performance.now() }: SendingStart = {}): Sending {
  return startSending(db, {
    ...reachable,
    clock: () => new Date(clock().getTime() + performance.now() - began),
    open,
    jitter: () => 0.5,
    write: changeBody,
    pollMs: 10,
    onAttempt: () => undefined,
    onPaused: () => undefined,
    onFailed: (error) => {
      throw error;
    },
  });
}

interface SendingStart {
  readonly open?: PublicReading;
  readonly began?: number;
}

/** Makes a subscription of a token, without a service. */
export async function subscribeBy(db: Db, token: string, url: string): Promise<NewSubscriptionView> {
  const caller = await authenticate(db, `Bearer ${token}`, act.now);
  return makeSubscription(db, { ...act, open: 'accepted', caller }, randomBytes, { url }, reachable);
}

/** How a service that sends is built. */
export interface SendingService {
  readonly networks?: readonly string[];
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly publicReading?: PublicReading;
  readonly url?: string;
}

/** A service over a store with the small register that sends to this machine; `pass` moves its clock on. */
export async function openSendingService(t: Test, options: SendingService = {}) {
  const { networks = ['127.0.0.0/8'], resolve, publicReading, url } = options;
  const db = await openTestStore(url);
  let passed = 0;
  const began = performance.now();
  const now = () => new Date(clock().getTime() + passed + performance.now() - began);
  const app = await buildApp({
    ...{ db, clock: now, logger: false, webhookNetworks: networks },
    ...(publicReading && { publicReading }),
    sending: { jitter: () => 0.5, pollMs: 10, ...(resolve && { resolve }) },
  });
  holdToDocument(app);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const token = await tokenFor(db);
  const send = (by: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => {
    const asked: InjectOptions = {
      ...{ method, url: path, headers: { ...bearer(by), ...(body && { 'content-type': 'application/json' }) } },
      ...(body && { payload: JSON.stringify(body) }),
    };
    return app.inject(asked);
  };
  /** Sends as the administrator, or as another, and throws where it is refused. */
  const done = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object, by = token) => {
    const answer = await send(by, method, path, body);
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`);
    return answer.body === '' ? undefined : answer.json();
  };
  return {
    app,
    db,
    token,
    now,
    send,
    done,
    pass: (milliseconds: number) => {
      passed += milliseconds;
    },
    subscribe: (to: string, more: object = {}, by = token) =>
      done('POST', '/v1/subscriptions', { url: to, ...more }, by),
    deliveries: async (id: string, by = token) =>
      (await done('GET', `/v1/subscriptions/${id}/deliveries?first=500`, undefined, by)).items,
  };
}
