/** `xiangbao serve`: listens, says so, and stops with grace. */
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import type { Db } from '../store/engine/schema.js';

/** Where to listen, and how long a stop may take. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly stopWithinMs: number;
}

/**
 * Listens and returns the address. On SIGTERM or SIGINT requests in flight are answered, then the application
 * and the store are closed and the process ends with 0; a second signal, or `stopWithinMs`, ends it at once.
 */
export async function serve(app: FastifyInstance, db: Db, options: ServeOptions): Promise<string> {
  const { host, port, stopWithinMs } = options;
  const listening = app.listen({ host, port, listenTextResolver: (at) => `Xiangbao 乡报 is ready at ${at}` });
  const address = await listening.catch(async (error: unknown) => {
    await app.close();
    await db.destroy();
    throw error;
  });
  closeWithGrace({ delay: stopWithinMs, logger: app.log }, async ({ signal, err }) => {
    if (err) app.log.error({ err }, 'stopping after an error');
    else app.log.info(`${signal ?? 'stop'} received, stopping`);
    await app.close();
    await db.destroy();
  });
  return address;
}
