/** What the service takes on at once. Beyond it, it refuses early, before a body is read, and stays answerable. */
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';

/** The bounds; what is left out is not bounded. */
export interface LoadLimits {
  /** Requests that are being answered. One caller may have a quarter of them. */
  readonly inFlight?: number;
  /** Pieces of work that wait to be written; beyond it, what writes is refused and what reads is not. */
  readonly waitingWrites?: number;
  /** By how much the event loop may be late, in milliseconds, on the average of a second, or of twice the limit if that is longer. */
  readonly loopDelayMs?: number;
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

/** Refuses with `overloaded`, or with `too-many-requests` a caller who has more than a share. */
export async function registerLoadLimits(
  app: FastifyInstance,
  limits: LoadLimits,
  waitingWrites: () => number,
): Promise<void> {
  const loopDelay = limits.loopDelayMs === undefined ? () => 0 : await watchLoop(app, limits.loopDelayMs);
  const flight = followFlight(limits.inFlight ?? Number.POSITIVE_INFINITY);
  const isOver = (value: number, most = Number.POSITIVE_INFINITY) => value > most;
  const refusal = (request: FastifyRequest, reply: FastifyReply): Problem | undefined => {
    if (request.routeOptions.config.essential) return undefined;
    if (isOver(loopDelay(), limits.loopDelayMs)) return overloaded(reply, 'the event loop is late');
    if (mayWrite(request) && isOver(waitingWrites() + 1, limits.waitingWrites)) {
      return overloaded(reply, 'too many filings wait to be written');
    }
    return flight.enter(request, reply);
  };
  app.addHook('onRequest', (request, reply, done) => done(refusal(request, reply)));
}

/** How late the event loop was. A span in which it turned not even once counts as endless, so it is longer than the limit. */
async function watchLoop(app: FastifyInstance, limit: number): Promise<() => number> {
  await app.register(underPressure, { sampleInterval: Math.max(1_000, 2 * limit) });
  return () => app.memoryUsage().eventLoopDelay;
}

function mayWrite({ method, routeOptions }: FastifyRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method) && !routeOptions.config.onlyReads;
}

/** Counts requests until their answer is sent or their connection closes; gives the reason to refuse one. */
function followFlight(most: number) {
  const share = Math.max(1, Math.floor(most / 4));
  const byCaller = new Map<string, number>();
  let inFlight = 0;
  const leave = (key: string) => {
    inFlight -= 1;
    const left = (byCaller.get(key) ?? 1) - 1;
    if (left > 0) byCaller.set(key, left);
    else byCaller.delete(key);
  };
  const enter = (request: FastifyRequest, reply: FastifyReply): Problem | undefined => {
    // A client that left during authentication waits for nothing, and its leaving would never be noticed.
    if (reply.raw.destroyed) return undefined;
    const key = request.counted.key;
    const own = byCaller.get(key) ?? 0;
    if (own >= share) return tooMany(reply, share);
    if (inFlight >= most) return overloaded(reply, 'too many requests are being answered');
    inFlight += 1;
    byCaller.set(key, own + 1);
    reply.raw.once('close', () => leave(key));
    return undefined;
  };
  return { enter };
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
