/**
 * What requests cost, charged to who causes it: by the time that they hold the event loop or a reader thread. What a
 * route is expected to cost is held back before anything is done.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whenEnded } from '../../ended.js';
import { type Account, takeTurn, workFor } from '../../loop.js';
import { Problem } from '../../problem.js';
import { costLimit, type Hold, type Ledger, openLedger } from './ledger.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request is expected to cost, in milliseconds of a core; little and by its length where it is left out. */
    cost?: (request: FastifyRequest) => number;
    /** What a mebibyte of its body is expected to cost, in milliseconds, where it is not held in memory and parsed. */
    bodyCost?: number;
  }
  interface FastifyRequest {
    /** What is done for the request, and to whom it is charged. */
    work: Work;
  }
}

/** What is done for a request. */
interface Work extends Account {
  /**
   * Holds back what the whole of it is expected to cost, in milliseconds of a core. Throws `too-many-requests` when the
   * caller has cost too much lately.
   */
  readonly expect: (milliseconds: number) => void;
  /** Whether the caller has anything left. */
  readonly isAffordable: () => boolean;
}

/** Work that is charged to nobody: the state of the service is told whatever it costs. */
const free: Work = { charge: () => undefined, expect: () => undefined, isAffordable: () => true };

/** What a mebibyte of a body costs, in milliseconds, that goes to the disk as it comes: it is digested and handed on. */
export const spooledBodyCost = 1;

/** What every request costs, what one that writes costs beside it, and what a mebibyte of body does, in milliseconds. */
const least = { each: 0.5, write: 2, mebibyte: 20 };

/** What a request is expected to cost, before anything of it but its headers was read. */
export function expectedCost(request: FastifyRequest): number {
  const { method, headers, routeOptions } = request;
  // Who has the answer already is told so, and what is kept is given again: that is all.
  if (request.kept) return least.each;
  const bytes = Number(headers['content-length'] ?? 0) || 0;
  const writes = !['GET', 'HEAD', 'OPTIONS'].includes(method) && !routeOptions.config.onlyReads;
  const own = routeOptions.config.cost?.(request) ?? (writes ? least.write : 0);
  return least.each + own + ((routeOptions.config.bodyCost ?? least.mebibyte) * bytes) / 2 ** 20;
}

/** The cost of a page of a list: something by itself, and something for each item that is asked for. */
export function pageCost(own: number, each: number): (request: FastifyRequest) => number {
  return ({ query }) => {
    // Text still, or what the route made of it; anything else is refused later.
    const { first } = (query ?? {}) as { readonly first?: unknown };
    const items = Number(first ?? 50);
    return own + each * (items > 0 ? Math.min(500, items) : 50);
  };
}

/**
 * What it costs to look through all agencies of a division, in milliseconds of a core. Told by its code, by which a
 * county is no broader than another one: an estimate decides where a request is answered, never what it is answered.
 */
export function breadthCost(code: string): number {
  if (code === '100000') return 15;
  return code.endsWith('0000') ? 2 : 1;
}

/**
 * What the OpenAPI document, or a list made of it, is expected to cost, in milliseconds: little, but much the first time, when it is made of all routes.
 * A thread makes it, while others are answered.
 */
export function documentCost(): number {
  return 12;
}

/** What a caller may cost in a minute where there is no limit: who costs more than the others is known all the same. */
const unlimited = 20_000;

/**
 * Makes the work of every request known and charges it to its caller, who may cost so many milliseconds of a core in a
 * minute; 0 bounds nothing. Every answer says what is left (`RateLimit`, `RateLimit-Policy`, as the draft has them).
 * Register it behind what tells callers apart.
 */
export function registerCosts(app: FastifyInstance, perMinute: number): { readonly ledger: Ledger; register(): void } {
  const ledger = openLedger(costLimit(perMinute || unlimited));
  app.decorateRequest('work');
  const register = () => {
    app.addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.config.essential) {
        request.work = free;
        return done();
      }
      request.work = openWork(ledger, perMinute, request, reply);
      workFor(request.work);
      request.work.expect(expectedCost(request));
      done();
    });
    // A body was read, or something waited for, since the loop worked for it last.
    app.addHook('preValidation', (request, _reply, done) => {
      beginWork(request, done);
    });
    app.addHook('preSerialization', (request, _reply, payload, done) => {
      workFor(request.work);
      done(null, payload);
    });
  };
  return { ledger, register };
}

/** Bytes of a body that are read in no time. */
const smallBody = 16 * 1024;

/**
 * To be awaited before a body is read: one that takes the loop for long waits until it has time for its caller. Undefined
 * where there is nothing to wait for.
 */
export function beginReading({ work, counted }: FastifyRequest, { length }: Uint8Array): Promise<void> | undefined {
  const turn = length > smallBody ? takeTurn(counted.key) : undefined;
  if (turn) return turn.then(() => workFor(work));
  workFor(work);
  return undefined;
}

/**
 * Has a request go on when the loop has time for its caller. The state of the service is told at once, and what is there
 * to be given again, which takes no longer than to wait.
 */
function beginWork({ work, counted, kept }: FastifyRequest, goOn: () => void): void {
  const turn = work === free || kept ? undefined : takeTurn(counted.key);
  const begin = () => {
    workFor(work);
    goOn();
  };
  if (turn) void turn.then(begin);
  else begin();
}

function openWork(ledger: Ledger, perMinute: number, request: FastifyRequest, reply: FastifyReply): Work {
  const { key } = request.counted;
  let held: Hold | undefined;
  const charge = (milliseconds: number) => {
    held?.take(milliseconds);
    ledger.charge(key, milliseconds, performance.now());
  };
  if (perMinute === 0) return { caller: key, charge, expect: free.expect, isAffordable: free.isAffordable };
  whenEnded(reply.raw, () => held?.release());
  const expect = (milliseconds: number) => {
    held?.release();
    held = undefined;
    const now = performance.now();
    const hold = ledger.hold(key, milliseconds, now);
    tellLeft(reply, perMinute, ledger.left(key, now));
    if ('waitMs' in hold) throw costsTooMuch(reply, perMinute, hold.waitMs);
    // Whose connection is gone already gives nothing back later.
    if (reply.raw.destroyed) hold.release();
    else held = hold;
  };
  return { caller: key, charge, expect, isAffordable: () => ledger.left(key, performance.now()) + 1 > 0 };
}

function tellLeft(reply: FastifyReply, perMinute: number, left: number): void {
  const { atOnce } = costLimit(perMinute);
  const seconds = Math.ceil(((atOnce - left) * 60) / perMinute);
  reply.header('ratelimit-policy', `"cost";q=${perMinute};w=60;qu="milliseconds"`);
  reply.header('ratelimit', `"cost";r=${Math.max(0, Math.floor(left))};t=${Math.max(0, seconds)}`);
}

function costsTooMuch(reply: FastifyReply, perMinute: number, waitMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  reply.header('retry-after', String(seconds));
  return new Problem('too-many-requests', {
    zh: `您的请求每分钟最多占用 ${perMinute} 毫秒计算时间，现已用完，请 ${seconds} 秒后再试。`,
    en: `Your requests may take ${perMinute} milliseconds of computing in a minute, and they have; go on in ${seconds} seconds.`,
  });
}
