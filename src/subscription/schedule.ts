/** When a message is sent again, and when it is given up. All in milliseconds. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The pauses after the first failures; the last one holds for all that follow. */
const pauses = [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 6 * hour, 12 * hour] as const;

/** For how long a message is repeated, from its first sending on; also for how long a receiver may fail. */
export const repeatedForMs = 72 * hour;

/** Bounds of what a receiver may ask for. */
const waits = { least: second, most: 12 * hour } as const;

/** A number from 0 to 1, by which the repetitions of many messages are spread. */
export type Jitter = () => number;

/** The pause after so many failures: a fifth shorter or longer, as it comes. */
export function pauseAfter(failures: number, jitter: Jitter): number {
  const pause = pauses[Math.min(Math.max(failures, 1), pauses.length) - 1] ?? 12 * hour;
  return Math.round(pause * (0.8 + 0.4 * jitter()));
}

/** How long a receiver asks to be left alone: seconds or a day, within bounds; undefined for none, or what is neither. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const stated = header?.trim() ?? '';
  const wait = /^\d{1,9}$/.test(stated) ? Number(stated) * second : Date.parse(stated) - now.getTime();
  if (stated === '' || Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(wait, waits.least), waits.most);
}
