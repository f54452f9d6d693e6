/** A day on the command line. */
import { InvalidArgumentError } from 'commander';
import { inBoth } from '../../words.js';

/** Reads a day, YYYY-MM-DD. Throws Commander's `InvalidArgumentError` for what is none. */
export function readDay(text: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
  if (isDay) return text;
  throw new InvalidArgumentError(inBoth({ zh: '日期为年-月-日。', en: 'A day is YYYY-MM-DD.' }));
}
