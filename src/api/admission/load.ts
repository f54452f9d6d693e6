/** What the service takes on at once. Beyond it, it refuses early, before a body is read, and stays answerable. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whenEnded } from '../../ended.js';
import { Problem } from '../../problem.js';

/** The bounds; what is left out is not bounded. */
export interface LoadLimits {
  /** Requests that are being answered. One caller may have a quarter of them. */
  readonly inFlight?: number;
  /** Pieces of work that wait to be written; beyond it, what writes is refused and what reads is not. */
  readonly waitingWrites?: number;
  /** By how much the event loop may be late, in milliseconds, on the average of a second, or of twice the limit if that is longer. */
  readonly loopDelayMs?: number;
  /** Milliseconds after the start in which nobody is refused for that: what makes it late then is the start itself. */
  readonly settlingMs?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered at any load and to any caller: monitors ask it for the state of the service. */
    essential?: true;
    /** Nothing is written, though the method is not GET. */
    onlyReads?: true;
  }
}

/** Seconds after which a client that was refused for the load of all may try again. */
const retryAfter = 5;

/** What the load is known by. */
export interface Load {
  /** Pieces of work that wait to be written. */
  readonly waitingWrites: () => number;
  /** Whether a caller cost no less lately than the others did on the average. */
  readonly costsMost: (caller: string) => boolean;
}

/**
 * Refuses with `overloaded`, or with `too-many-requests` a caller who has more than a share. While the event loop is late,
 * those are refused who cost no less than the average: what one caller causes does not refuse the others.
 */
export function registerLoadLimits(app: FastifyInstance, limits: LoadLimits, load: Load): void {
  const { loopDelayMs, settlingMs = 0 } = limits;
  const loopDelay = loopDelayMs === undefined ? () => 0 : watchLoop(app, Math.max(1_000, 2 * loopDelayMs), settlingMs);
  const flight = followFlight(limits.inFlight ?? Number.POSITIVE_INFINITY);
  const isOver = (value: number, most = Number.POSITIVE_INFINITY) => value > most;
  const refusal = (request: FastifyRequest, reply: FastifyReply): Problem | undefined => {
    if (request.routeOptions.config.essential) return undefined;
    if (isOver(loopDelay(), loopDelayMs) && load.costsMost(request.counted.key)) {
      return overloaded(reply, 'the event loop is late');
    }
    if (mayWrite(request) && isOver(load.waitingWrites() + 1, limits.waitingWrites)) {
      return overloaded(reply, 'too many filings wait to be written');
    }
    return flight.enter(request, reply);
  };
  app.addHook('onRequest', (request, reply, done) => done(refusal(request, reply)));
}

/** How often the loop is looked at, in milliseconds. */
const lookEvery = 50;

/**
 * How late the event loop was on the average of the last so many milliseconds; not at all before it was looked at so long,
 * from `settlingMs` after the start on.
 */
function watchLoop(app: FastifyInstance, span: number, settlingMs: number): () => number {
  const looks: { readonly at: number; readonly late: number }[] = [];
  const forget = (now: number) => {
    while (looks[0] && looks[0].at < now - span) looks.shift();
  };
  let begun = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  // What builds the application holds the loop, and nobody is late for it.
  app.addHook('onReady', async () => {
    begun = performance.now();
    let due = begun + lookEvery;
    timer = setInterval(() => {
      const now = performance.now();
      looks.push({ at: now, late: Math.max(0, now - due) });
      due = now + lookEvery;
      forget(now);
    }, lookEvery).unref();
  });
  app.addHook('onClose', async () => clearInterval(timer));
  return () => {
    const now = performance.now();
    if (now - begun < settlingMs + span) return 0;
    forget(now);
    return looks.reduce((sum, { late }) => sum + late, 0) / Math.max(1, looks.length);
  };
}

function mayWrite({ method, routeOptions }: FastifyRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method) && !routeOptions.config.onlyReads;
}

/** Counts requests until their answer is sent or their connection closes; gives the reason to refuse one. */
function followFlight(most: number) {
  const places = boundedPlaces(most);
  const enter = (request: FastifyRequest, reply: FastifyReply): Problem | undefined => {
    // A client that left during authentication waits for nothing, and its leaving would never be noticed.
    if (reply.raw.destroyed) return undefined;
    const leave = places.enter(request.counted.key);
    if (leave === 'share') return tooMany(reply, places.share);
    if (leave === 'full') return overloaded(reply, 'too many requests are being answered');
    whenEnded(reply.raw, leave);
    return undefined;
  };
  return { enter };
}

/** Requests that wait for something to happen, which keep their place among those being answered for long. */
export interface PlacesToWait {
  /** Takes a place and returns how to leave it. Throws `overloaded`, or `too-many-requests` for a caller with a share. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => () => void;
}

/** Bounds them to half of what is answered at once, so that the other half goes on. */
export function placesToWait(inFlight = Number.POSITIVE_INFINITY): PlacesToWait {
  const places = boundedPlaces(Math.max(1, Math.floor(inFlight / 2)));
  const enter = ({ counted: { key } }: FastifyRequest, reply: FastifyReply) => {
    const leave = places.enter(key);
    if (leave === 'share') throw tooMany(reply, places.share);
    if (leave === 'full') throw overloaded(reply, 'too many requests wait for changes');
    return leave;
  };
  return { enter };
}

/** So many places, of which one caller may take a quarter; gives how to leave a place, or which bound refuses it. */
function boundedPlaces(most: number) {
  const share = Math.max(1, Math.floor(most / 4));
  const byCaller = new Map<string, number>();
  let taken = 0;
  const leave = (key: string) => {
    taken -= 1;
    const left = (byCaller.get(key) ?? 1) - 1;
    if (left > 0) byCaller.set(key, left);
    else byCaller.delete(key);
  };
  const enter = (key: string): (() => void) | 'share' | 'full' => {
    const own = byCaller.get(key) ?? 0;
    if (own >= share) return 'share';
    if (taken >= most) return 'full';
    taken += 1;
    byCaller.set(key, own + 1);
    return () => leave(key);
  };
  return { share, enter };
}

function overloaded(reply: FastifyReply, why: string): Problem {
  reply.header('retry-after', String(retryAfter));
  return new Problem('overloaded', {
    zh: '服务过载，未作处理，请稍后重试。',
    en: `Nothing was done: ${why}. Try again shortly.`,
  });
}

function tooMany(reply: FastifyReply, share: number): Problem {
  reply.header('retry-after', '1');
  return new Problem('too-many-requests', {
    zh: `您有 ${share} 个请求尚未答复，请稍候。`,
    en: `You have ${share} requests that are still being answered; wait for them.`,
  });
}
