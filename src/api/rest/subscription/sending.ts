/** Sending begins with the application and ends with it. */
import type { FastifyInstance } from 'fastify';
import type { Db } from '../../../store/engine/schema.js';
import { allowsAny } from '../../../subscription/networks.js';
import { startSending } from '../../../subscription/sending.js';
import type { SendingOptions } from '../../../subscription/serve.js';
import { changeBody } from '../body/change-bodies.js';

/** What sending is begun with, but for what the application knows itself. */
export type ApplicationSending = Omit<SendingOptions, 'write' | 'onPaused' | 'onFailed'>;

/** Sends from when the application is ready until it closes; nothing where messages may go nowhere. */
export function registerSending(app: FastifyInstance, db: Db, options: ApplicationSending): void {
  if (!allowsAny(options.networks)) return;
  let stop = async () => {};
  app.addHook('onReady', async () => {
    const sending = startSending(db, {
      ...options,
      write: changeBody,
      // Which it is and why; where it goes may be a secret.
      onPaused: (paused) => app.log.warn(paused, 'a subscription was paused'),
      onFailed: (error) => app.log.error({ err: error }, 'messages to subscribers could not be sent'),
    });
    stop = sending.stop;
  });
  // Beside the requests that are answered yet, so that both have the time there is.
  let stopped = Promise.resolve();
  app.addHook('preClose', async () => {
    stopped = stop();
  });
  app.addHook('onClose', () => stopped);
}
