/** `xiangbao serve`: listens, says so, and stops with grace. */
import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import { keepFileCurrent } from '../store/engine/checkpoint.js';
import { reasonOf } from '../store/engine/file/refusal.js';
import { markOf } from '../store/engine/file/server-lock.js';
import type { Db } from '../store/engine/schema.js';
import { databaseFile, notesOf } from '../store/engine/store.js';
import { inBoth } from '../words.js';
import { ensureRegister } from './register.js';
import { openTold, type Tools } from './shell/tools.js';
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
      const db = await openTold(tools, config, { server: markOf(tools.clock()) });
      await ensureRegister(db, tools.clock, tools.terminal);
      if (isLoopback(config.host)) await showFirstToken(db, tools);
      await startServing(tools, db, config);
    });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Milliseconds after which what was written is in the file of the database itself, not in its log alone. */
const checkpointEveryMs = 60_000;

/**
 * Listens, says where and with which database, and returns the address. On SIGTERM or SIGINT requests in flight are
 * answered, then the application and the store are closed and the process ends with 0; a second signal, or
 * `stopWithinMs`, ends it at once.
 */
export async function startServing(
  tools: Tools,
  db: Db,
  config: Config,
): Promise<{ readonly app: FastifyInstance; readonly address: string }> {
  // A line of the log that finds no room on the disk, or no reader, is lost; the service goes on.
  tools.terminal.stdout.removeAllListeners('error').on('error', () => undefined);
  const app = await tools.buildApp(db, config);
  for (const note of notesOf(db)) app.log.warn({ database: databaseFile(db) }, inBoth(note));
  const stopCheckpoints = keepFileCurrent(db, checkpointEveryMs, (err) =>
    app.log.error({ err }, 'the log of the database could not be taken back into its file'),
  );
  const close = async () => {
    await app.close();
    stopCheckpoints();
    await db.destroy();
  };
  const address = await listen(app, db, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  closeWithGrace({ delay: config.stopWithinMs, logger: app.log }, async ({ signal, err }) => {
    if (err) app.log.error({ err }, 'stopping after an error');
    else app.log.info(`${signal ?? 'stop'} received, stopping`);
    await close();
  });
  return { app, address };
}

function listen(app: FastifyInstance, db: Db, { host, port }: Config): Promise<string> {
  const file = databaseFile(db);
  const { zh, en } =
    file === undefined
      ? { zh: '数据仅在内存中', en: 'with a database in memory' }
      : { zh: `数据库 ${file}`, en: `with the database ${file}` };
  const listenTextResolver = (at: string) => `Xiangbao 乡报 is ready at ${at} ${en}. 服务已就绪，${zh}。`;
  return app.listen({ host, port, listenTextResolver }).catch((error: unknown) => {
    const reason = reasonOf(error);
    if (!reason) throw error;
    const message = inBoth({
      zh: `无法监听 ${host}:${port}：${reason.zh}。`,
      en: `Cannot listen on ${host}:${port}: ${reason.en}.`,
    });
    throw new Error(message, { cause: error });
  });
}
