/** Takes the log back into the file of the database now and then, so that the file by itself holds what was written. */
import { stat } from 'node:fs/promises';
import type { Db } from './schema.js';
import { storeOf } from './store.js';

/** A log that could not be taken back, because somebody was writing or reading, is tried again so much sooner. */
const soonerTimes = 20;

/**
 * Takes the log of a store back into its file each time so many milliseconds have gone by, where there is any, in a
 * moment in which this process writes nothing; once more when the function it returns is called, which ends it. A store in memory
 * has no log.
 */
export function keepFileCurrent(db: Db, everyMs: number, onFailed: (error: unknown) => void): () => void {
  const { write } = storeOf(db);
  const { file } = write;
  if (file === undefined) return () => undefined;
  const takeBack = () => {
    if (write.inTransaction()) return;
    try {
      write.checkpoint();
    } catch (error) {
      // A full or failing disk; what was committed is in the log, and is read from there.
      onFailed(error);
    }
  };
  let stopped = false;
  let timer: NodeJS.Timeout;
  const again = (milliseconds: number) => {
    timer = setTimeout(() => void turn(), milliseconds).unref();
  };
  const turn = async () => {
    if ((await logBytes(file)) > 0 && !stopped) takeBack();
    const left = await logBytes(file);
    if (!stopped) again(left > 0 ? everyMs / soonerTimes : everyMs);
  };
  again(everyMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
    takeBack();
  };
}

/** Bytes of the log of a database; 0 where there is none. */
export function logBytes(file: string): Promise<number> {
  return stat(`${file}-wal`).then(
    ({ size }) => size,
    () => 0,
  );
}
