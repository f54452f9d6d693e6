/** The end of every request, reported once, whether it was answered, refused or broken off. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whenEnded } from '../../ended.js';

/** A request that is over. */
export interface Ended {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The pattern of its path, undefined where no route has it. Never the path itself: there is no end of those. */
  readonly route: string | undefined;
  /** Of its answer; undefined when the connection was gone before all of it was out. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

/** Reports a request at its end. */
export type Follow = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Reports every request at its end. Register it before any hook that refuses; what it returns is for a request that
 * comes to no hook.
 */
export function followRequests(app: FastifyInstance, ...tell: readonly ((ended: Ended) => void)[]): Follow {
  const follow: Follow = (request, reply) =>
    whenEnded(reply.raw, (status) => {
      const ended = { request, reply, route: request.routeOptions.url, status, milliseconds: reply.elapsedTime };
      for (const each of tell) each(ended);
    });
  app.addHook('onRequest', (request, reply, done) => {
    follow(request, reply);
    done();
  });
  return follow;
}
