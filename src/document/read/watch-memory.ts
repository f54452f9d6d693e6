/**
 * An end to what no limit of the heap holds: buffers lie outside of it, and a file of one megabyte can unpack to a
 * thousand. A thread looks at the whole process while its own is busy, and ends it.
 */
import { Worker } from 'node:worker_threads';

/** Ends this process by SIGKILL once it takes more than this of memory in all. */
export function watchMemory(megabytes: number): void {
  const watch = new Worker(
    `setInterval(() => {
      if (process.memoryUsage.rss() > ${megabytes} * 1_048_576) process.kill(process.pid, 'SIGKILL');
    }, ${millisecondsBetween});`,
    { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } },
  );
  watch.unref();
}

/** Within this time a process fills about 50 MB. */
const millisecondsBetween = 20;
