/** How a command shows that it is at work. */
import { type Terminal, tell } from './terminal.js';

/** Shows how far a piece of work is. `total` may be 0 while it is not known. */
export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** A bar where somebody watches, else a plain line every five seconds. `now` is a clock in milliseconds. */
export function showProgress(terminal: Terminal, label: string, now: () => number): Progress {
  return terminal.stderr.isTTY ? showBar(terminal, label, now) : showLines(terminal, label, now);
}

/** Milliseconds between two lines where nobody watches, and between two pictures of a bar. */
const lineEveryMs = 5000;
const barEveryMs = 100;

/** Characters of a bar. */
const barLength = 30;

/** Escape sequences: to the start of the line and clear it, hide the cursor, show it. */
const clearLine = '\r\x1b[2K';
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';

function showBar({ stderr }: Terminal, label: string, now: () => number): Progress {
  let last: number | undefined;
  return {
    update: (done, total, note) => {
      if (last !== undefined && now() - last < barEveryMs) return;
      if (last === undefined) stderr.write(hideCursor);
      last = now();
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const full = Math.floor(barLength * share);
      const bar = '█'.repeat(full) + '░'.repeat(barLength - full);
      stderr.write(`${clearLine}${label} ${bar} ${Math.floor(100 * share)}% ${note}`);
    },
    stop: () => {
      if (last !== undefined) stderr.write(`${clearLine}${showCursor}`);
    },
  };
}

function showLines(terminal: Terminal, label: string, now: () => number): Progress {
  let last = now();
  return {
    update: (done, total, note) => {
      if (now() - last < lineEveryMs) return;
      last = now();
      const share = total > 0 ? ` ${Math.floor((100 * done) / total)}%` : '';
      tell(terminal, `${label}${share} ${note}`);
    },
    stop: () => undefined,
  };
}
