/**
 * Preloaded into the server by `npm run bench:blocks`: measures how long the event loop is held, and answers over IPC. A
 * look each millisecond, in the first phase of a turn of the loop, sees the whole turn that made it late.
 */
import { openSync, readSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** The longest time for which the event loop was held, in milliseconds. */
export interface Block {
  /** By the processor time of its thread: what others do on the machine is not in it. */
  readonly cpu: number;
  /** By the clock, for as long as that turn took. */
  readonly wall: number;
}

const lookEveryMs = 1;

if (isMainThread && process.send) followLoop();

function followLoop(): void {
  const threadTime = openThreadTime();
  let longest: Block = { cpu: 0, wall: 0 };
  let before = { cpu: threadTime(), wall: performance.now() };
  const look = () => {
    const now = { cpu: threadTime(), wall: performance.now() };
    const held = { cpu: now.cpu - before.cpu, wall: now.wall - before.wall };
    if (held.cpu > longest.cpu) longest = held;
    before = now;
  };
  setInterval(look, lookEveryMs);
  process.on('message', (asked) => {
    look();
    if (asked === 'longest') process.send?.(longest);
    longest = { cpu: 0, wall: 0 };
  });
}

/** Milliseconds of the processor that this thread took: of Linux, since Node 20 knows only those of the process. */
function openThreadTime(): () => number {
  // The main thread has the number of its process.
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const text = Buffer.alloc(64);
  return () => Number(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)).split(' ')[0]) / 1e6;
}
