/**
 * Whole numbers that stay exact however large a sum grows: a sum over the nation may pass 2^53, where a number is rounded;
 * and the largest figures that a report may state, chosen so that a sum of counts over the nation is a safe integer.
 */

/** A number as long as it is a safe integer, a bigint beyond. */
export type Exact = number | bigint;

/** Adds two whole numbers exactly. */
export function addExact(one: Exact, other: Exact): Exact {
  if (typeof one === 'number' && typeof other === 'number') {
    const sum = one + other;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(one) + BigInt(other));
}

/** Takes the second whole number from the first exactly. */
export function subtractExact(one: Exact, other: Exact): Exact {
  return addExact(one, -other);
}

/** Reads a whole number that is written in digits. Throws `SyntaxError` for another text. */
export function readExact(digits: string): Exact {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : narrow(BigInt(digits));
}

function narrow(value: bigint): Exact {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The largest count that one box, or one name in a list of published items, may state. */
export const maxCount = 999_999_999;

/**
 * How many reports of one year can be added up while every count stays exact, with `maxCount` in each box: of the widest
 * subtotal, eight rows by five kinds of organization, too. China has some 43,000 townships and 120,000 county departments.
 */
export const maxReportsInSum = Math.floor(Number.MAX_SAFE_INTEGER / (8 * 5 * maxCount));
