/** What is printed in a box: a number with its unit and note, nothing, or a stroke or 无. */

import { parseAmount } from '../../../form/amount.js';
import type { CellKey } from '../../../form/forms.js';
import { cellOf } from '../../../form/forms.js';
import { fold } from '../source/text.js';

/** A box as printed. Digits are kept as text until the box they belong to is known. */
export type Printed =
  | {
      readonly kind: 'number';
      readonly sign: 1 | -1;
      /** A sign or a word of growth or decline is printed: only a box of a change may have one. */
      readonly isSigned: boolean;
      readonly digits: string;
      readonly unit: string;
      readonly note: string | null;
    }
  /** Empty: not zero, and not declared to be nothing. */
  | { readonly kind: 'blank' }
  /** A stroke or 无: declared to be nothing, which is not zero. */
  | { readonly kind: 'nil' };

/** Parses the text of a box; undefined when it is none of the three. */
export function parsePrinted(text: string): Printed | undefined {
  if (text.length > 200) return text.trim() === '' ? { kind: 'blank' } : undefined;
  const folded = fold(text).trim();
  if (folded === '') return { kind: 'blank' };
  if (nil.test(folded)) return { kind: 'nil' };
  const match = number.exec(folded);
  const digits = plainDigits(match?.[2] ?? '');
  if (!match || digits === undefined) return undefined;
  const note = match[4]?.trim() ?? '';
  return {
    kind: 'number',
    sign: match[1] && !growth.test(match[1]) ? -1 : 1,
    isSigned: match[1] !== undefined && match[1] !== '',
    digits,
    unit: match[3] ?? '',
    note: note || null,
  };
}

/** Whether a line is a page number and nothing else: "第3页 共8页", "- 3 -", "3/8". */
export function isPageNumber(folded: string): boolean {
  return folded.length < 24 && pageNumber.test(folded.trim());
}

/**
 * The figure of a printed number in a given box: a whole number, or 分 for an amount in whatever unit it is printed.
 * Undefined when the box cannot hold it (a fraction of a document, a negative count).
 */
export function figureOf(printed: Printed & { readonly kind: 'number' }, key: CellKey): number | undefined {
  const cell = cellOf(key);
  if (cell.kind === 'amount') {
    const unit = printed.unit === '元' || printed.unit === '万元' ? printed.unit : cell.unit;
    return printed.isSigned ? undefined : parseAmount(printed.digits, unit);
  }
  if (printed.unit === '元' || printed.unit === '万元') return undefined;
  if (printed.isSigned && !cell.signed && Number(printed.digits) !== 0) return undefined;
  const whole = printed.digits.replace(/\.0+$/, '');
  const figure = /^\d{1,12}$/.test(whole) ? Number(whole) : undefined;
  if (figure === undefined) return undefined;
  return printed.sign === -1 && figure !== 0 ? -figure : figure;
}

const nil = /^(?:[/\\]|[-‐–—―−_]{1,4}|无|空)$/u;
/** What is printed before a number that grew, or that is more than none. */
const growth = /^(?:\+|[↑▲△⬆]|增(?:加|长)?|上升|正)$/u;
const number =
  /^(\+|[-‐–—‑‒―−]|[↑▲△⬆↓▼▽⬇]|增(?:加|长)?|上升|正|减(?:少)?|下降|负)?\s{0,3}((?:\d[\d, ]{0,60}(?:\.\s?\d{1,12})?|\.\d{1,12}))\s{0,3}(万元|元|件|条|项|个|宗|起|人次|次|份)?\s{0,3}([([{〔【].{0,150}|(?:其中|含).{0,150})?$/u;
const pageNumber =
  /^(?:[-–—·~]\s?\d{1,3}\s?[-–—·~]|第\s?\d{1,3}\s?页.{0,12}|\d{1,3}\s?\/\s?\d{1,3}|page\s?\d{1,3}.{0,9})$/iu;

/** Digits without separators; undefined when commas or spaces do not separate thousands. */
function plainDigits(printed: string): string | undefined {
  const trimmed = printed.trim().replace(/\.\s/, '.');
  const [whole = '', fraction] = trimmed.split('.');
  if (whole === '' && fraction !== undefined) return `0.${fraction}`;
  if (!/^\d+$/.test(whole) && !/^[1-9]\d{0,2}(?:[, ]\d{3})+$/.test(whole)) return undefined;
  const plain = whole.replace(/[, ]/g, '');
  return fraction === undefined ? plain : `${plain}.${fraction}`;
}
