/** Quantiles as they are printed: exactly, though they may lie between two values. */
import { formatHundredths } from '../../form/amount.js';
import type { Measure, MeasureValue } from '../../form/measure/measures.js';
import type { Between } from './order.js';

/** A quantile of a measure as it is printed: an amount as an exact decimal, a count perhaps with a fraction. */
export function printBetween({ kind, cells }: Measure, { low, high, twentieths }: Between): MeasureValue {
  if (kind === 'rate') {
    const from = Number(low);
    return from + (Number(high) - from) * (twentieths / 20);
  }
  const whole = BigInt(low) * BigInt(20 - twentieths) + BigInt(high) * BigInt(twentieths);
  const [cell] = cells;
  if (kind === 'amount' && cell) return formatHundredths(whole * 5n, cell.unit);
  return Number(whole / 20n) + Number(whole % 20n) / 20;
}
