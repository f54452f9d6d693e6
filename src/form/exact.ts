/** Whole numbers that stay exact however large a sum grows: a sum over the nation may pass 2^53, where a number is rounded. */

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
