/** `/health/live`: the process answers. `/health/ready`: its database does, too. */
import type { FastifyInstance } from 'fastify';

/** Registers the two routes; `isReady` asks the database. They are not logged, and answered under any load. */
export function registerHealth(app: FastifyInstance, isReady: () => Promise<boolean>): void {
  const quiet = { logLevel: 'warn', config: { scope: 'public', essential: true } } as const;
  app.get('/health/live', quiet, async () => ({ status: 'ok' }));
  app.get('/health/ready', quiet, async (_request, reply) => {
    const ready = await isReady().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' });
  });
}
