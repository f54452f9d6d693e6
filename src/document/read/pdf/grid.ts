/** The lines of a table into its cells: where two fields have no line between them they are one cell. */
import type { Stroke } from './drawing/drawing.js';
import type { Box } from './drawing/geometry.js';
import { boxOf } from './rulings.js';

/** A cell of a table, by the rows and columns that it takes, and its place. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly box: Box;
}

/** The cells of a table, and which of them lies at a place; undefined beside the table. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly cells: readonly GridCell[];
  cellAt(x: number, y: number): GridCell | undefined;
}

/** Lines nearer than this are one, doubled; no row or column of a form is so narrow. */
const minWidth = 4.5;
/** A line that goes on so far beyond the last one across it has an open field there. */
const minOpen = 6;
/** How much of a field's side has to be drawn for a line to divide it. */
const minDrawn = 0.6;
/** The largest table that is worked out: a form has 40 rows and 20 columns. */
const maxFields = 60_000;

/** Finds the cells; undefined where the lines divide nothing, as a frame around a page does, or divide too much. */
export function gridOf(across: readonly Stroke[], down: readonly Stroke[]): Grid | undefined {
  const box = boxOf(across, down);
  const xs = edgesOf(down, box.left, box.right);
  const ys = edgesOf(across, box.top, box.bottom);
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  if (columns < 1 || rows < 1 || columns * rows < 2 || columns * rows > maxFields) return undefined;
  const [right, below] = [divides(down, xs, ys), divides(across, ys, xs)];
  const groups = joinFields(rows, columns, (row, column, side) =>
    side === 'right' ? right(column + 1, row) : below(row + 1, column),
  );
  const owner: GridCell[] = [];
  const cells = groups.flatMap((fields) => cellsOf(fields, columns, xs, ys));
  for (const cell of cells) {
    for (let row = cell.row; row < cell.row + cell.rowSpan; row += 1) {
      for (let column = cell.column; column < cell.column + cell.columnSpan; column += 1)
        owner[row * columns + column] = cell;
    }
  }
  return {
    rows,
    columns,
    cells,
    cellAt(x, y) {
      const [row, column] = [fieldOf(ys, y), fieldOf(xs, x)];
      return row === undefined || column === undefined ? undefined : owner[row * columns + column];
    },
  };
}

/** The places of the lines, doubled ones once, with the ends of the table where it has no line of its own there. */
function edgesOf(strokes: readonly Stroke[], from: number, to: number): number[] {
  const edges: number[] = [];
  let first = Number.NEGATIVE_INFINITY;
  for (const at of strokes.map((stroke) => stroke.at).sort((one, other) => one - other)) {
    if (at - first < minWidth) continue;
    edges.push(at);
    first = at;
  }
  if ((edges[0] ?? from) - from > minOpen) edges.unshift(from);
  if (to - (edges.at(-1) ?? to) > minOpen) edges.push(to);
  return edges;
}

/** Whether a line is drawn at an edge along a field of the other direction. */
function divides(
  strokes: readonly Stroke[],
  edges: readonly number[],
  others: readonly number[],
): (edge: number, field: number) => boolean {
  const byEdge = edges.map((at) => strokes.filter((stroke) => stroke.at >= at - 0.01 && stroke.at < at + minWidth));
  return (edge, field) => {
    const [from, to] = [others[field] ?? 0, others[field + 1] ?? 0];
    const own = (byEdge[edge] ?? []).map((stroke) => [Math.max(from, stroke.from), Math.min(to, stroke.to)] as const);
    return lengthOf(own) >= (to - from) * minDrawn;
  };
}

/** The length of intervals that may overlap. */
function lengthOf(intervals: readonly (readonly [number, number])[]): number {
  let [length, reached] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of [...intervals].sort((one, other) => one[0] - other[0])) {
    length += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return length;
}

/** The fields of the same cell together, by their numbers. */
function joinFields(
  rows: number,
  columns: number,
  isDivided: (row: number, column: number, side: 'right' | 'below') => boolean,
): number[][] {
  const leader = Array.from({ length: rows * columns }, (_, index) => index);
  const leaderOf = (field: number): number => {
    let found = field;
    while (leader[found] !== found) found = leader[found] ?? found;
    return found;
  };
  const join = (one: number, other: number): void => {
    leader[leaderOf(one)] = leaderOf(other);
  };
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const field = row * columns + column;
      if (column + 1 < columns && !isDivided(row, column, 'right')) join(field, field + 1);
      if (row + 1 < rows && !isDivided(row, column, 'below')) join(field, field + columns);
    }
  }
  const groups = new Map<number, number[]>();
  leader.forEach((_, field) => {
    const key = leaderOf(field);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  });
  return [...groups.values()];
}

/** One cell of fields that form a box; otherwise each row of them is a cell of its own. */
function cellsOf(fields: readonly number[], columns: number, xs: readonly number[], ys: readonly number[]): GridCell[] {
  const rowsOf = [...new Set(fields.map((field) => Math.floor(field / columns)))].sort((one, other) => one - other);
  const columnsOf = fields.map((field) => field % columns);
  const [row = 0, column] = [rowsOf[0], Math.min(...columnsOf)];
  const columnSpan = Math.max(...columnsOf) - column + 1;
  if (fields.length !== rowsOf.length * columnSpan && rowsOf.length > 1) {
    return rowsOf.flatMap((own) =>
      cellsOf(
        fields.filter((field) => Math.floor(field / columns) === own),
        columns,
        xs,
        ys,
      ),
    );
  }
  const [rowSpan, right, bottom] = [rowsOf.length, xs[column + columnSpan] ?? 0, ys[row + rowsOf.length] ?? 0];
  return [{ row, column, rowSpan, columnSpan, box: { left: xs[column] ?? 0, top: ys[row] ?? 0, right, bottom } }];
}

function fieldOf(edges: readonly number[], at: number): number | undefined {
  const next = edges.findIndex((edge) => edge > at);
  return next <= 0 ? undefined : next - 1;
}
