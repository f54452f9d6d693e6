/** Checks of the rollups while the service runs: reported to the log and to the metrics. */
import type { FastifyInstance } from 'fastify';
import { type RollupCheck, watchRollups } from '../../rollup/rollup-watch.js';
import type { Db } from '../../store/engine/schema.js';

/** When to check, and where to report. */
export interface RollupCheckOptions {
  readonly clock: () => Date;
  /** Hours between two checks; 0 for none. */
  readonly everyHours: number;
  readonly tell: (check: RollupCheck) => void;
}

/** Checks from when the application is ready until it closes. */
export function registerRollupChecks(app: FastifyInstance, db: Db, options: RollupCheckOptions): void {
  const { clock, everyHours, tell } = options;
  if (everyHours === 0) return;
  let stop = async () => {};
  app.addHook('onReady', async () => {
    stop = await watchRollups(db, {
      everyMs: everyHours * 3_600_000,
      clock,
      onChecked: (check) => {
        tell(check);
        if (check.differences > 0) app.log.error(check, 'rollups are not the sums of their reports');
        else app.log.info(check, 'rollups checked');
      },
      onFailed: (error) => app.log.error({ err: error }, 'the rollups could not be checked'),
    });
  });
  app.addHook('onClose', async () => stop());
}
