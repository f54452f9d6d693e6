/** `/metrics` for Prometheus. Every app has a registry of its own. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Tally } from '../../bulk/import/tally.js';
import type { Fault, Problem } from '../../problem.js';
import type { RollupCheck } from '../../rollup/rollup-watch.js';
import { problemOf } from '../http/errors.js';
import type { Ended } from './ended.js';

/** What is measured elsewhere and asked for when `/metrics` is read. */
export interface Measured {
  /** Writing, since the store was opened; see the store. */
  readonly writes: () => { readonly waiting: number; readonly commits: number; readonly pieces: number };
  /** Dear reads, answered in threads of their own; undefined where there are none. */
  readonly reads: () => { readonly waiting: number; readonly answered: number; readonly givenUp: number } | undefined;
  /** How readings were answered since the start, and how many bytes of answers are kept. */
  readonly readings: () => Readonly<Record<'made' | 'kept' | 'unchanged' | 'bytes', number>>;
  /** Lets nobody in but who sees to the service as a whole. */
  readonly requireReader: (request: FastifyRequest) => Promise<void>;
  /** Messages to subscribers. */
  readonly messages: () => Promise<{ readonly waiting: number; readonly failed: number }>;
  /** Bytes on the disk. */
  readonly size: () => Promise<{ readonly database: number; readonly log: number }>;
}

/** What is counted as it happens. */
export interface Metrics {
  readonly countRequest: (ended: Ended) => void;
  /** Filings refused in an import that is done. */
  readonly countImport: (tally: Tally) => void;
  readonly tellChecked: (check: RollupCheck) => void;
  /** An attempt to send a message to a subscriber. */
  readonly countAttempt: (attempt: { readonly result: string }) => void;
}

/** Seconds; the promises of speed lie at the lower end, imports at the upper. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers the route and its metrics. */
export function registerMetrics(app: FastifyInstance, measured: Measured): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measureStore(registry, measured);
  measureReadings(registry, measured);
  measureConnections(registry, app);
  const countRefused = countRefusals(registry);
  const countWrongToken = countWrongTokens(registry);
  app.addHook('onError', (request, _reply, error, done) => {
    const problem = problemOf(error, request);
    countWrongToken(problem);
    if (isFiling(request)) for (const rule of rulesOf(problem)) countRefused(rule, 1);
    done();
  });
  app.get('/metrics', { logLevel: 'warn', config: { scope: 'admin', essential: true } }, async (request, reply) => {
    await measured.requireReader(request);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  return {
    countRequest: countRequests(registry),
    countImport: ({ problems }) => {
      for (const { problem, items, codes } of problems) {
        if (codes.length === 0) countRefused(problem, items);
        for (const { code, items: named } of codes) countRefused(code, named);
      }
    },
    tellChecked: measureChecks(registry),
    countAttempt: measureMessages(registry, measured),
  };
}

function countRequests(registry: Registry): Metrics['countRequest'] {
  const duration = new Histogram({
    name: 'xiangbao_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer; status is its class, or broken when not all of it was sent',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers: [registry],
  });
  return ({ request, route, status, milliseconds }) => {
    const labels = {
      // What no route answers is one series: anybody can make up a method or a path.
      method: route === undefined ? 'any' : request.method,
      route: route ?? 'none',
      status: status === undefined ? 'broken' : `${Math.floor(status / 100)}xx`,
    };
    duration.observe(labels, milliseconds / 1000);
  };
}

function countRefusals(registry: Registry): (rule: string, filings: number) => void {
  const refused = new Counter({
    name: 'xiangbao_rejected_filings_total',
    help: 'Filings refused, and not only tried, by rule or fault (one that breaks several counts for each), or by problem where it names none; those of an import when it is done',
    labelNames: ['rule'] as const,
    registers: [registry],
  });
  return (rule, filings) => refused.inc({ rule }, filings);
}

/** Why a token was refused that was sent; the last is beyond what one address, or one token, may try. */
const wrongTokens: readonly string[] = ['malformed', 'unknown', 'expired', 'revoked', 'wrong-tokens'];

function countWrongTokens(registry: Registry): (problem: Problem) => void {
  const refused = new Counter({
    name: 'xiangbao_wrong_tokens_total',
    help: 'Requests refused for their token, by reason; wrong-tokens is one of too many a minute',
    labelNames: ['reason'] as const,
    registers: [registry],
  });
  return ({ members: { reason } }) => {
    if (typeof reason === 'string' && wrongTokens.includes(reason)) refused.inc({ reason });
  };
}

function measureChecks(registry: Registry): Metrics['tellChecked'] {
  const registers = [registry];
  const differences = new Gauge({
    name: 'xiangbao_rollup_differences',
    help: 'Figures in which a kept rollup was not the sum of its reports, when it was checked last; should be 0',
    registers,
  });
  const at = new Gauge({
    name: 'xiangbao_rollup_check_timestamp_seconds',
    help: 'When the rollups were checked last; 0 when not yet since the start',
    registers,
  });
  return (check) => {
    differences.set(check.differences);
    at.set(check.at.getTime() / 1000);
  };
}

function measureMessages(registry: Registry, { messages }: Measured): Metrics['countAttempt'] {
  const registers = [registry];
  new Gauge({
    name: 'xiangbao_webhook_messages',
    help: 'Messages to subscribers that wait to be sent, and that were given up and are still listed',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const { waiting, failed } = await messages();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'failed' }, failed);
    },
  });
  const attempts = new Counter({
    name: 'xiangbao_webhook_attempts_total',
    help: 'Attempts to send a message to a subscriber since the start, by what they came to',
    labelNames: ['result'] as const,
    registers,
  });
  return ({ result }) => attempts.inc({ result });
}

/** A filing is what is posted or put as a report, and kept if it is good; an import counts its items when it is done. */
function isFiling({ method, routeOptions: { url }, query }: FastifyRequest): boolean {
  const isReport = url === (method === 'POST' ? '/v1/reports' : '/v1/reports/:agency/:year');
  // It may be refused before its query is read, when that is still text.
  const { dryRun } = (query ?? {}) as { readonly dryRun?: unknown };
  return ['POST', 'PUT'].includes(method) && isReport && String(dryRun) !== 'true';
}

/** The rules a refusal names, each once. They are ours, so their number is bounded. */
function rulesOf({ status, kind, members }: Problem): readonly string[] {
  if (status >= 500) return [];
  // Every problem that has `errors` is thrown with a list of faults there.
  const rules = new Set(((members.errors ?? []) as readonly Fault[]).map(({ code }) => code));
  return rules.size > 0 ? [...rules] : [kind];
}

function measureStore(registry: Registry, { writes, reads, size }: Measured): void {
  const registers = [registry];
  new Gauge({
    name: 'xiangbao_read_queue_length',
    help: 'Dear reads that wait for a reader thread',
    registers,
    collect() {
      this.set(reads()?.waiting ?? 0);
    },
  });
  new Counter({
    name: 'xiangbao_dear_reads_total',
    help: 'Reads done by reader threads since the start, by how they ended',
    labelNames: ['end'] as const,
    registers,
    collect() {
      this.reset();
      this.inc({ end: 'answered' }, reads()?.answered ?? 0);
      this.inc({ end: 'given up' }, reads()?.givenUp ?? 0);
    },
  });
  new Gauge({
    name: 'xiangbao_write_queue_length',
    help: 'Pieces of work that wait for a transaction',
    registers,
    collect() {
      this.set(writes().waiting);
    },
  });
  for (const [name, what, help] of [
    ['xiangbao_commits_total', 'commits', 'Transactions committed since the start'],
    ['xiangbao_committed_pieces_total', 'pieces', 'Pieces of work in those transactions: divide for pieces a commit'],
  ] as const) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(writes()[what]);
      },
    });
  }
  new Gauge({
    name: 'xiangbao_database_bytes',
    help: 'Bytes on the disk: the database, and its write-ahead log',
    labelNames: ['part'] as const,
    registers,
    async collect() {
      const { database, log } = await size();
      this.set({ part: 'database' }, database);
      this.set({ part: 'log' }, log);
    },
  });
}

function measureReadings(registry: Registry, { readings }: Measured): void {
  const registers = [registry];
  new Counter({
    name: 'xiangbao_readings_total',
    help: 'Readings answered since the start: made, given again as they were kept, or told that nothing changed',
    labelNames: ['from'] as const,
    registers,
    collect() {
      this.reset();
      for (const from of ['made', 'kept', 'unchanged'] as const) this.inc({ from }, readings()[from]);
    },
  });
  new Gauge({
    name: 'xiangbao_kept_answers_bytes',
    help: 'Bytes of answers that are kept while what they are made of stands',
    registers,
    collect() {
      this.set(readings().bytes);
    },
  });
}

function measureConnections(registry: Registry, { server }: FastifyInstance): void {
  const registers = [registry];
  new Gauge({
    name: 'xiangbao_connections',
    help: 'Open connections',
    registers,
    async collect() {
      this.set(
        await new Promise<number>((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count))),
      );
    },
  });
  const dropped = new Counter({
    name: 'xiangbao_connections_dropped_total',
    help: 'Connections closed at once, because as many as may be were open',
    registers,
  });
  server.on('drop', () => dropped.inc());
}
