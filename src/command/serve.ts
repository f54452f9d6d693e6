/** `xiangbao serve`: listens, says so, and stops with grace. */
import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import { recheckMergers } from '../report/recheck.js';
import { openStore } from '../store/engine/open.js';
import type { Db } from '../store/engine/schema.js';
import { inBoth } from '../words.js';
import { ensureRegister } from './register.js';
import type { Tools } from './shell/tools.js';
import { showFirstToken } from './token.js';

/** Adds `serve`. */
export function addServe(program: Command, tools: Tools): void {
  program
    .command('serve')
    .description(
      inBoth({ zh: '启动服务', en: 'migrate, load the register if there is none, and serve REST and GraphQL' }),
    )
    .action(async () => {
      const config = tools.readEnvironment();
      const db = await openStore(config.databaseUrl);
      await ensureRegister(db, tools.clock, tools.terminal);
      await recheckMergers(db);
      if (isLoopback(config.host)) await showFirstToken(db, tools);
      await startServing(tools, db, config);
    });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * Listens and returns the address. On SIGTERM or SIGINT requests in flight are answered, then the application
 * and the store are closed and the process ends with 0; a second signal, or `stopWithinMs`, ends it at once.
 */
export async function startServing(
  tools: Tools,
  db: Db,
  config: Config,
): Promise<{ readonly app: FastifyInstance; readonly address: string }> {
  // A line of the log that finds no room on the disk, or no reader, is lost; the service goes on.
  tools.terminal.stdout.removeAllListeners('error').on('error', () => undefined);
  const app = await tools.buildApp(db, config);
  const { host, port, stopWithinMs } = config;
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
  return { app, address };
}
