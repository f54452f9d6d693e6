/**
 * Painted paths into the lines of tables and into what is painted over. A line is stroked, or it is a thin box that is
 * filled, or the thin frame between two boxes.
 */
import type { Stroke } from './drawing.js';
import { type Box, boxAround, type Matrix, mapPoint, sizeOf } from './geometry.js';

/** What a painted path comes to. */
export interface Painted {
  readonly across: Stroke[];
  readonly down: Stroke[];
  /** Boxes that are filled, too thick for a line. */
  readonly boxes: Box[];
}

/** One piece of a path without a break, in places on the page. */
interface Subpath {
  readonly points: (readonly [x: number, y: number])[];
  isCurved: boolean;
}

/** A filled box that is thinner is a line, in points. */
const maxThickness = 3;
/** A frame around a cell is no thicker. */
const maxFrame = 4;
/** How far a line may lean, in points. */
const maxLean = 0.6;

/** The codes in a path's data, and how many numbers follow each. */
const codes = [
  { numbers: 2, isMove: true, isCurve: false },
  { numbers: 2, isMove: false, isCurve: false },
  { numbers: 6, isMove: false, isCurve: true },
] as const;

/** The subpaths of the data of a path. */
export function subpathsOf(data: ArrayLike<number>, matrix: Matrix): Subpath[] {
  const paths: Subpath[] = [];
  let at = 0;
  while (at < data.length) {
    const code = codes[data[at] ?? -1];
    const open = paths.at(-1);
    at += 1;
    if (!code) {
      // The path is closed: back to its first point.
      const [first] = open?.points ?? [];
      if (first) open?.points.push(first);
      continue;
    }
    const point = mapPoint(matrix, data[at + code.numbers - 2] ?? 0, data[at + code.numbers - 1] ?? 0);
    if (code.isMove || !open) paths.push({ points: [point], isCurved: false });
    else {
      open.points.push(point);
      open.isCurved ||= code.isCurve;
    }
    at += code.numbers;
  }
  return paths;
}

/** The straight lines along an axis of stroked subpaths. */
export function strokesOf(paths: readonly Subpath[], thickness: number): Painted {
  const painted: Painted = { across: [], down: [], boxes: [] };
  for (const { points } of paths) {
    for (let index = 1; index < points.length; index += 1) {
      const [from, to] = [points[index - 1], points[index]];
      if (from && to) addLine(painted, boxAround([from, to]), thickness);
    }
  }
  return painted;
}

/** The lines and the boxes of filled subpaths. */
export function fillsOf(paths: readonly Subpath[]): Painted {
  const painted: Painted = { across: [], down: [], boxes: [] };
  const boxes = paths.map(({ points, isCurved }) => ({
    box: boxAround(points),
    isUpright: !isCurved && isBox(points),
  }));
  boxes.forEach(({ box, isUpright }, index) => {
    const { width, height } = sizeOf(box);
    if (Math.min(width, height) <= maxThickness) addThinBox(painted, box);
    else if (isUpright) {
      const inner = boxes[index + 1];
      if (inner?.isUpright && isFrame(box, inner.box)) addFrame(painted, box, inner.box);
      else if (!(boxes[index - 1]?.isUpright && isFrame(boxes[index - 1]?.box ?? box, box))) painted.boxes.push(box);
    }
  });
  return painted;
}

/** A filled box that is thin is a line; a dot may be part of one either way. */
export function addThinBox({ across, down }: Painted, { left, top, right, bottom }: Box): void {
  const [width, height] = [right - left, bottom - top];
  if (height <= maxThickness) across.push({ at: (top + bottom) / 2, from: left, to: right, thickness: height });
  if (width <= maxThickness) down.push({ at: (left + right) / 2, from: top, to: bottom, thickness: width });
}

function addLine(painted: Painted, box: Box, thickness: number): void {
  const { width, height } = sizeOf(box);
  const { left, top, right, bottom } = box;
  const half = thickness / 2;
  if (thickness > maxFrame) {
    if (height <= maxLean) painted.boxes.push({ left, right, top: top - half, bottom: bottom + half });
    else if (width <= maxLean) painted.boxes.push({ top, bottom, left: left - half, right: right + half });
  } else if (height <= maxLean && width > height)
    painted.across.push({ at: (top + bottom) / 2, from: left, to: right, thickness });
  else if (width <= maxLean) painted.down.push({ at: (left + right) / 2, from: top, to: bottom, thickness });
}

function isBox(points: readonly (readonly [x: number, y: number])[]): boolean {
  return (
    points.length >= 4 &&
    points.length <= 6 &&
    points.every(([x, y], index) => {
      const [beforeX = x, beforeY = y] = points[index - 1] ?? [];
      return Math.abs(x - beforeX) <= maxLean || Math.abs(y - beforeY) <= maxLean;
    })
  );
}

function isFrame(outer: Box, inner: Box): boolean {
  return [inner.left - outer.left, inner.top - outer.top, outer.right - inner.right, outer.bottom - inner.bottom].every(
    (margin) => margin >= 0 && margin <= maxFrame,
  );
}

function addFrame(painted: Painted, outer: Box, inner: Box): void {
  const { left, top, right, bottom } = outer;
  for (const box of [
    { left, right, top, bottom: inner.top },
    { left, right, top: inner.bottom, bottom },
    { top, bottom, left, right: inner.left },
    { top, bottom, left: inner.right, right },
  ]) {
    const { width, height } = sizeOf(box);
    if (width > height && height > 0)
      painted.across.push({ at: (box.top + box.bottom) / 2, from: left, to: right, thickness: height });
    else if (height > width && width > 0)
      painted.down.push({ at: (box.left + box.right) / 2, from: top, to: bottom, thickness: width });
  }
}
