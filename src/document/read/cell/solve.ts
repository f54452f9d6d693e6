/** Small exact searches with the equations of a row. */

/** An equation over the boxes of a row, by their indexes: the parts add up to the total. */
export interface RowSum {
  readonly parts: readonly number[];
  readonly total: number;
}

/** How many steps a search may take; after that there is no single way. */
const maxSteps = 200_000;

/**
 * The ways, `max` at most, to split a string of digits into `count` numbers without leading zeros so that every sum
 * holds. Empty when there is none; undefined when the search took too many steps.
 */
export function splitDigits(
  digits: string,
  count: number,
  sums: readonly RowSum[],
  max: number,
): number[][] | undefined {
  if (digits.length < count || digits.length > 80) return [];
  const search: { steps: number; readonly found: number[][] } = { steps: 0, found: [] };
  const numbers: number[] = [];
  const step = (from: number): void => {
    search.steps += 1;
    if (search.steps > maxSteps || search.found.length >= max) return;
    const left = count - numbers.length;
    if (left === 0) {
      if (from === digits.length) search.found.push([...numbers]);
      return;
    }
    const longest = digits[from] === '0' ? 1 : Math.min(9, digits.length - from - (left - 1));
    for (let length = 1; length <= longest; length += 1) {
      numbers.push(Number(digits.slice(from, from + length)));
      if (holdSoFar(numbers, sums)) step(from + length);
      numbers.pop();
    }
  };
  step(0);
  return search.steps > maxSteps ? undefined : search.found;
}

/**
 * The only choice of `count` values, in their order, with which every sum holds (null counts as zero). Undefined when
 * there is none or more than one, or when more than two values are surplus.
 */
export function chooseValues(
  values: readonly (number | null)[],
  count: number,
  sums: readonly RowSum[],
): number[] | undefined {
  const surplus = values.length - count;
  if (surplus < 1 || surplus > 2 || sums.length === 0) return undefined;
  const found = new Map<string, number[]>();
  for (const left of leftOut(values.length, surplus)) {
    const kept = values.map((_, index) => index).filter((index) => !left.includes(index));
    const chosen = kept.map((index) => values[index] ?? null);
    if (holdSoFar(chosen, sums)) found.set(chosen.join(','), kept);
  }
  const [only] = found.values();
  return found.size === 1 ? only : undefined;
}

function leftOut(length: number, surplus: number): number[][] {
  const singles = Array.from({ length }, (_, index) => [index]);
  if (surplus === 1) return singles;
  return singles.flatMap(([first = 0]) => singles.flatMap(([second = 0]) => (second > first ? [[first, second]] : [])));
}

/** Whether every sum holds whose parts and total are all known so far. */
function holdSoFar(values: readonly (number | null)[], sums: readonly RowSum[]): boolean {
  return sums.every(({ parts, total }) => {
    const last = Math.max(total, ...parts);
    if (last >= values.length) return true;
    return parts.reduce((sum, part) => sum + (values[part] ?? 0), 0) === (values[total] ?? 0);
  });
}
