/**
 * Money as the forms print it, and as it is stored: whole 分 (a hundredth of a yuan) in a safe integer. 万元 has at most
 * six decimals, 元 two; a further decimal would be less than a 分 and is refused, not rounded.
 */
import type { Label } from '../words.js';
import type { Exact } from './exact.js';

const decimals: Readonly<Record<string, number>> = { 万元: 6, 元: 2 };

const unitsInEnglish: Readonly<Record<string, string>> = { 万元: '10,000 yuan', 元: 'yuan' };

/** A printed unit of money in both languages. */
export function unitOfMoney(unit: string): Label {
  return { zh: unit, en: unitsInEnglish[unit] ?? unit };
}

/** The largest amount one cell may state, in 分: 100 billion yuan. Sums of 900,000 such cells are 64-bit integers still. */
export const maxAmount = 10_000_000_000_000;

/** How many decimal places of a unit of money reach down to the 分. */
export function decimalsOf(unit: string): number {
  const places = decimals[unit];
  if (places === undefined) throw new Error(`${unit} is no unit of money`);
  return places;
}

/**
 * Reads a plain decimal ("24252.311082") in a printed unit into whole 分.
 * Undefined when it is no plain decimal, has a fraction of a 分, or exceeds `maxAmount`.
 */
export function parseAmount(text: string, unit: string): number | undefined {
  // Nearly every box.
  if (text === '0') return 0;
  const match = /^(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) return undefined;
  const places = decimalsOf(unit);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  const fen = BigInt(match[1] + fraction.padEnd(places, '0'));
  return fen <= BigInt(maxAmount) ? Number(fen) : undefined;
}

/** Writes whole 分, however many, as a plain decimal in a printed unit, without trailing zeros: 7730280000 is "7730.28" 万元. */
export function formatAmount(fen: Exact, unit: string): string {
  return formatDecimal(fen, decimalsOf(unit));
}

/** The same of hundredths of a 分, for what lies between two amounts. */
export function formatHundredths(hundredths: Exact, unit: string): string {
  return formatDecimal(hundredths, decimalsOf(unit) + 2);
}

function formatDecimal(value: Exact, places: number): string {
  const digits = String(value < 0 ? -value : value).padStart(places + 1, '0');
  const whole = digits.slice(0, -places);
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** Excel, JavaScript and R keep fifteen decimal digits of every number. */
const digitsKept = 15;

/** A decimal as a number; the text as it is where a number would not keep all of its digits. */
export function numberIfExact(decimal: string): number | string {
  return decimal.replace(/\D/g, '').length <= digitsKept ? Number(decimal) : decimal;
}
