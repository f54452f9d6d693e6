/** Places on a page, in points from its upper left corner as it is shown, y downward. */

/** An upright rectangle. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** An affine map in the order of PDF: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The map that changes nothing. */
export const unchanged: Matrix = [1, 0, 0, 1, 0, 0];

/** Tests whether a value is six finite numbers, which is what a file should give for a matrix. */
export function isMatrix(value: unknown): value is Matrix {
  return isNumbers(value, 6);
}

/** Tests whether a value holds this many finite numbers. */
export function isNumbers(value: unknown, count: number): value is readonly number[] {
  const list = value instanceof Float32Array ? [...value] : value;
  return Array.isArray(list) && list.length >= count && list.slice(0, count).every((one) => Number.isFinite(one));
}

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + e,
    b * inner[4] + d * inner[5] + f,
  ];
}

/** Where a map takes a point. */
export function mapPoint([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [x: number, y: number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The upright box around points. */
export function boxAround(points: readonly (readonly [x: number, y: number])[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The upright box around a rectangle once it is mapped. */
export function mapBox(matrix: Matrix, { left, top, right, bottom }: Box): Box {
  return boxAround([
    mapPoint(matrix, left, top),
    mapPoint(matrix, right, top),
    mapPoint(matrix, left, bottom),
    mapPoint(matrix, right, bottom),
  ]);
}

/** What two boxes share; of no size when they share nothing. */
export function overlap(one: Box, other: Box): Box {
  const [left, top] = [Math.max(one.left, other.left), Math.max(one.top, other.top)];
  return {
    left,
    top,
    right: Math.max(left, Math.min(one.right, other.right)),
    bottom: Math.max(top, Math.min(one.bottom, other.bottom)),
  };
}

/** Tests whether a point lies in a box. */
export function holds({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** The width and the height of a box. */
export function sizeOf({ left, top, right, bottom }: Box): { readonly width: number; readonly height: number } {
  return { width: right - left, height: bottom - top };
}

/** The value in the middle of a list, 0 of an empty one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
