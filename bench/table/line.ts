/** A line of the bench's table, and how it is written in both languages. */
import type { Label } from '../../src/words.js';
import { median } from '../rounds.js';

/** What a value is in. */
export const units = {
  ratio: { zh: '', en: '' },
  ms: { zh: ' 毫秒', en: ' ms' },
  s: { zh: ' 秒', en: ' s' },
  documents: { zh: ' 份', en: '' },
  rows: { zh: ' 行/秒', en: ' rows/s' },
  reports: { zh: ' 份/秒', en: ' reports/s' },
  perCpuSecond: { zh: ' 份/CPU 秒', en: ' reports per CPU s' },
  entries: { zh: ' 条/CPU 秒', en: ' entries per CPU s' },
  bytes: { zh: ' 字节', en: ' bytes' },
  MiB: { zh: ' MiB', en: ' MiB' },
} as const satisfies Readonly<Record<string, Label>>;

/** One line: what was measured, once a round, and what it should be. */
export interface Line {
  readonly what: Label;
  readonly unit: keyof typeof units;
  readonly values: readonly number[];
  /** What it should be at the least, or at the most; nothing was promised when left out. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** What the value is made of, or beside what. */
  readonly beside?: Label;
  /** What was measured elsewhere, and enters this line. */
  readonly outside?: Label;
}

/** A part of the table. */
export interface Part {
  readonly title: Label;
  readonly lines: readonly Line[];
}

/** Whether the middle value is what it should be; undefined where nothing was promised. */
export function isMet({ values, goal }: Line): boolean | undefined {
  if (!goal) return undefined;
  return 'atLeast' in goal ? median(values) >= goal.atLeast : median(values) <= goal.atMost;
}

/** The middle of all rounds, and in brackets the least and the most of them. */
export function printValues({ values, unit }: Pick<Line, 'values' | 'unit'>): Label {
  const middle = printNumber(median(values));
  const range = `${printNumber(Math.min(...values))}–${printNumber(Math.max(...values))}`;
  const both = values.length === 1 ? { zh: '', en: '' } : { zh: `（${range}）`, en: ` (${range})` };
  return { zh: `${middle}${units[unit].zh}${both.zh}`, en: `${middle}${units[unit].en}${both.en}` };
}

/** A number with as many digits as mean something. */
export function printNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : size >= 0.095 || size === 0 ? 2 : 3);
}
