/**
 * Dear reads, answered outside the event loop: threads that read the same file, each with the same application and one
 * request at a time. Callers are served in turn, and what a thread took is charged to who asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RouteHandler } from 'fastify';
import { Problem } from '../../problem.js';
import { openTurns } from '../../turns.js';
import { expectedCost } from './cost.js';

/** A request as a thread is asked it. */
export interface AskedElsewhere {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly remoteAddress: string;
  readonly body: string | undefined;
  /** The instant at which the request came, which is the thread's now. */
  readonly now: string;
}

/** What a thread says: that it is ready, a line of its log, or an answer. */
export type SaidElsewhere =
  | { readonly said: 'ready' }
  | { readonly said: 'line'; readonly line: string }
  | {
      readonly said: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
      readonly payload: Uint8Array;
      /** Milliseconds that the thread worked for it. */
      readonly took: number;
    };

/** What a thread is asked beside the headers of a request: its body, and another address where its own does not say all. */
export type InFull = Partial<Pick<AskedElsewhere, 'url' | 'body'>>;

/** What readers may take. */
export interface ReaderLimits {
  readonly threads: number;
  /** The expected cost, in milliseconds, from which on a read is answered by a thread. */
  readonly dearFrom: number;
  /** Of the heap of each thread. */
  readonly megabytes: number;
  /** Requests that wait for a thread; one caller may have a quarter of them. */
  readonly waiting: number;
  /** Milliseconds after which a request is given up and its thread ended. */
  readonly givenUpAfter: number;
}

/** A few that wait, who asks for more is told to come back; and a heap of many times what the largest answer takes. */
const usual: ReaderLimits = { threads: 1, dearFrom: 10, megabytes: 192, waiting: 64, givenUpAfter: 10_000 };

/** What readers did and have to do. */
interface ReaderLoad {
  /** Requests that wait for a thread. */
  readonly waiting: number;
  readonly answered: number;
  readonly givenUp: number;
}

/** Where dear reads are answered. */
export interface Readers {
  /** Whether what is expected to cost so many milliseconds is to be answered there. */
  readonly takes: (milliseconds: number) => boolean;
  /**
   * Answers a request in a thread, as it would be answered here. Throws `too-many-requests` for a caller with too many
   * that wait, by their share or when one with fewer comes; `busy` when too many of all do, and `overloaded`.
   */
  readonly answer: (request: FastifyRequest, reply: FastifyReply, inFull?: InFull) => Promise<FastifyReply>;
  /** Starts the threads, so that the first request does not wait for one. */
  readonly start: () => void;
  readonly load: () => ReaderLoad;
  readonly close: () => Promise<void>;
}

type Answer = Extract<SaidElsewhere, { said: 'answer' }>;

/** A place for a thread, which is begun again when it was lost. */
interface Place {
  thread: Worker | undefined;
  busy: boolean;
  /** Resolves when it is ready; rejects when it ended before. */
  ready: Promise<void>;
}

/** Readers whose threads are started by `startThread`, with a heap of so many megabytes. */
export function openReaders(
  startThread: (heap: { readonly megabytes: number }) => Worker,
  { log, ...given }: { readonly log: FastifyBaseLogger } & Partial<ReaderLimits>,
): Readers {
  const limits = { ...usual, ...given };
  const load = { waiting: 0, answered: 0, givenUp: 0 };
  const turns = openTurns({ atOnce: limits.threads, waiting: limits.waiting }, words);
  const places: Place[] = Array.from({ length: limits.threads }, () => ({
    thread: undefined,
    busy: false,
    ready: Promise.resolve(),
  }));
  const begin = (place: Place) => {
    const thread = startThread(limits);
    place.thread = thread;
    thread.on('error', (err) => log.error({ err }, 'a reader thread failed'));
    thread.on('message', (said: SaidElsewhere) => said.said === 'line' && writeLine(log, said.line));
    thread.once('exit', () => {
      place.thread = undefined;
    });
    place.ready = hear(thread, 'ready').then(() => undefined);
    // Whoever asks next learns that it failed.
    place.ready.catch(() => undefined);
  };
  const ask = async (place: Place, asked: AskedElsewhere): Promise<Answer> => {
    if (!place.thread) begin(place);
    const { thread } = place;
    await place.ready;
    if (!thread) throw gaveUp();
    const answer = hear(thread, 'answer');
    thread.postMessage(asked);
    const over = new AbortController();
    const late = sleep(limits.givenUpAfter, 'late' as const, { signal: over.signal });
    const said = await Promise.race([answer, late]).finally(() => over.abort());
    if (said !== 'late') return said;
    log.warn({ path: asked.url.split('?')[0] }, 'a read took too long in its thread and was given up');
    answer.catch(() => undefined);
    throw gaveUp();
  };
  /** Waits for a turn and has a thread answer; charges what that took. */
  const answerInTurn = async (request: FastifyRequest, inFull: InFull, signal: AbortSignal) => {
    load.waiting++;
    const endTurn = await turns.take({ caller: request.counted.key, signal }).finally(() => load.waiting--);
    const place = places.find(({ busy }) => !busy);
    const begun = performance.now();
    let ending: Promise<unknown> | undefined;
    try {
      // What others of the same caller cost meanwhile may leave nothing for it.
      if (!request.work.isAffordable()) throw spent();
      if (!place) throw gaveUp();
      place.busy = true;
      const answer = await ask(place, askedOf(request, inFull));
      load.answered++;
      request.work.charge(answer.took);
      return answer;
    } catch (error) {
      if (place?.busy) {
        load.givenUp++;
        request.work.charge(performance.now() - begun);
        ending = place.thread?.terminate();
      }
      throw error;
    } finally {
      // A thread ends when the statement does that it is at; until then nobody has its place.
      void Promise.resolve(ending).finally(() => {
        if (place) place.busy = false;
        endTurn();
      });
    }
  };

  return {
    takes: (milliseconds) => milliseconds >= limits.dearFrom,
    load: () => load,
    answer: async (request, reply, inFull = {}) => {
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      try {
        return relay(reply, await answerInTurn(request, inFull, left.signal));
      } catch (error) {
        // Nobody is there any more to be answered.
        if (left.signal.aborted) return reply.hijack();
        // The thread ended: its heap was full, or it failed as a whole, which the log tells.
        const problem = error instanceof Problem ? error : gaveUp();
        reply.header('retry-after', String(problem.members.retryAfter ?? 1));
        throw problem;
      }
    },
    start: () => {
      for (const place of places) if (!place.thread) begin(place);
    },
    close: async () => {
      await Promise.all(places.map(({ thread }) => thread?.terminate()));
    },
  };
}

/** The next thing of a kind that a thread says. Rejects when it ends instead. */
function hear<Said extends 'ready' | 'answer'>(thread: Worker, wanted: Said) {
  return new Promise<Extract<SaidElsewhere, { said: Said }>>((resolve, reject) => {
    const onMessage = (said: SaidElsewhere) => {
      if (said.said !== wanted) return;
      thread.off('message', onMessage).off('exit', onExit);
      // Just compared.
      resolve(said as Extract<SaidElsewhere, { said: Said }>);
    };
    const onExit = () => {
      thread.off('message', onMessage);
      reject(new Error('the reader thread ended'));
    };
    thread.on('message', onMessage).once('exit', onExit);
  });
}

/** Has a thread answer what is expected to be dear, of every route that is registered from here on. */
export function readElsewhere(app: FastifyInstance, readers: Readers): void {
  app.addHook('onRoute', (route) => {
    const { handler: inPlace, method } = route;
    if (![method].flat().some((one) => one === 'GET' || one === 'HEAD')) return;
    const handler: RouteHandler = function (this: FastifyInstance, request, reply) {
      // Asked here, since a scope may say it of the routes of a plugin after this hook.
      if (request.routeOptions.config.cost && readers.takes(expectedCost(request)))
        return readers.answer(request, reply);
      return inPlace.call(this, request, reply);
    };
    route.handler = handler;
  });
}

function askedOf(request: FastifyRequest, { url, body }: InFull): AskedElsewhere {
  const { raw, headers, socket, method, reader } = request;
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || ofTheConnection.has(name) ? [] : [[name, value]],
  );
  return {
    url: url ?? raw.url ?? '/',
    // What is left out of the answer to HEAD is left out here, which needs it to know its length.
    method: method === 'HEAD' ? 'GET' : method,
    headers: { ...Object.fromEntries(sent), 'x-request-id': request.id },
    remoteAddress: socket.remoteAddress ?? '127.0.0.1',
    body,
    now: reader.now.toISOString(),
  };
}

/** What a connection or a body says of itself, on the way there and back, and what this end says for itself. */
const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  // The answer is compressed at this end, which keeps it.
  'accept-encoding',
  'expect',
  'upgrade',
  'date',
]);

function relay(reply: FastifyReply, { status, headers, payload }: Answer): FastifyReply {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !ofTheConnection.has(name)) reply.header(name, value);
  }
  reply.code(status);
  return payload.length === 0
    ? reply.send()
    : reply.send(Buffer.from(payload.buffer, payload.byteOffset, payload.length));
}

const levels: Readonly<Record<number, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** A line of a thread's log, in the one log of the service. */
function writeLine(log: FastifyBaseLogger, line: string): void {
  // The thread's own logger wrote it.
  const { level, time, pid, hostname, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
  log[levels[Number(level)] ?? 'info'](rest, String(msg));
}

function gaveUp(): Problem {
  return new Problem(
    'overloaded',
    {
      zh: '此请求超出可用的时间或内存，未能答复；请缩小所求范围。',
      en: 'This request took more time or memory than there is for one, and was given up. Ask for less at once.',
    },
    { retryAfter: 5 },
  );
}

function spent(): Problem {
  return new Problem(
    'too-many-requests',
    { zh: '您的请求占用的计算时间过多，请稍候。', en: 'Your requests took too much computing; wait a while.' },
    { retryAfter: 5 },
  );
}

const words = {
  all: { zh: '排队读取的请求过多，请稍后重试。', en: 'Too many requests wait to be read. Try again shortly.' },
  own: { zh: '您排队读取的请求过多，请稍候。', en: 'Too many of your requests wait to be read; wait for them.' },
};
