/** What the cell of an OpenDocument sheet is to who reads it, by the type of its value and the text it shows. */
import { blank, type ShownCell } from '../grid.js';
import { isHarmless } from '../number-formats.js';
import type { UnreadKind } from '../standing.js';

/** A value as the file keeps it. */
export interface TypedValue {
  /** `float`, `percentage`, `currency`, `date`, `time`, `boolean`, `string`, `error`; empty where none is stated. */
  readonly type: string;
  readonly value: string | undefined;
  readonly isFormula: boolean;
}

const kinds: Readonly<Record<string, UnreadKind>> = {
  percentage: 'percentage',
  date: 'date',
  time: 'date',
  boolean: 'logical',
  error: 'error',
};

/** The cell as it is shown: a number by its value, since digits may be rounded; what is no plain number is named with its address. */
export function shownValue({ type, value, isFormula }: TypedValue, lines: readonly string[], at: string): ShownCell {
  const text = lines.join('\n');
  const kind = kinds[type];
  if (kind) return { text: text === '' ? (value ?? '') : text, unread: { kind, at } };
  if (isFormula && value === undefined && text === '' && type !== 'string')
    return { text, unread: { kind: 'uncalculated', at } };
  if (isFormula && /^(?:#[\p{L}\d/!?]+|(?:Err|错误)[:：]\d+)$/u.test(text))
    return { text, unread: { kind: 'error', at } };
  if ((type !== 'float' && type !== 'currency') || value === undefined) return { text };
  const number = Number(value);
  // A format that shows nothing, such as `;;;`.
  if (lines.length > 0 && text.trim() === '')
    return number === 0 ? { text: value, unread: { kind: 'zeroless', at } } : blank;
  if (!Number.isFinite(number)) return { text: text === '' ? value : text };
  if (!isHarmless(text.replace(/\d+/g, ''))) return { text, unread: { kind: 'worded', at } };
  return isShownAsIs(number, text) ? { text: plainNumber(number, value) } : { text, unread: { kind: 'scaled', at } };
}

/** Whether the digits of a text are those of a number, as far as they are shown; a text without digits shows a nil as a stroke. */
function isShownAsIs(number: number, text: string): boolean {
  const digits = /\d[\d,，\u00a0]*(?:\.\d+)?/.exec(text)?.[0].replace(/[,，\u00a0]/g, '');
  return digits === undefined ? text === '' || number === 0 : Math.abs(Math.abs(number) - Number(digits)) < 1;
}

function plainNumber(number: number, value: string): string {
  return Math.abs(number) < 1e15 && (number === 0 || Math.abs(number) > 1e-6) ? String(number) : value;
}
