/** A report year on the command line. */
import { InvalidArgumentError } from 'commander';
import { inBoth } from '../../words.js';

/** Reads a report year. Throws Commander's `InvalidArgumentError` for what is none. */
export function readYear(text: string): number {
  if (/^20\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    inBoth({ zh: '年度为四位数字。', en: 'A report year has four digits, 2019 or later.' }),
  );
}
