/**
 * A sheet or a table whose cells have places of their own, as pieces of a document: hidden rows and columns are not there,
 * merged cells span as they are shown.
 */
import { paragraphIndent } from '../../printed-words.js';
import { type PartsBuilder, partsLimits, type SpannedCell } from './parts.js';
import type { Unread } from './standing.js';

/** What a cell shows. */
export interface ShownCell {
  readonly text: string;
  readonly unread?: Unread;
}

/** A sheet while its cells are collected. */
export interface Grid {
  /** By row, then by column, both from 0; only cells with something in them. */
  readonly cells: Map<number, Map<number, ShownCell>>;
  /** Rows that have cells, with something in them or not. */
  readonly rows: Set<number>;
  readonly hiddenRows: Set<number>;
  readonly hiddenColumns: Set<number>;
  readonly merges: Merge[];
}

/** A merged cell: its first row and column, from 0, and how many of each it covers. */
export interface Merge {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

const maxMerges = 20_000;

/** A cell with nothing in it. */
export const blank: ShownCell = { text: '' };

/** A sheet without a cell. */
export function emptyGrid(): Grid {
  return { cells: new Map(), rows: new Set(), hiddenRows: new Set(), hiddenColumns: new Set(), merges: [] };
}

/** Keeps a cell at its place; one outside of every table is left out. */
export function keepCell(grid: Grid, row: number, column: number, cell: ShownCell): void {
  if (column < 0 || column >= partsLimits.columns || row < 0) return;
  grid.rows.add(row);
  if (cell.text.trim() === '' && !cell.unread) return;
  const cells = grid.cells.get(row) ?? new Map<number, ShownCell>();
  cells.set(column, cell);
  grid.cells.set(row, cells);
}

/** Keeps a merged cell; of more than any table has, the others are left out. */
export function keepMerge(grid: Grid, merge: Merge): void {
  if (grid.merges.length < maxMerges && merge.rows > 0 && merge.columns > 0) grid.merges.push(merge);
}

/**
 * Adds the rows that are shown, in order, up to one after the last with something in it, each as wide as the widest, so that a
 * cell that the file leaves out is a blank cell. Columns that are hidden are not there.
 */
export function addGrid(sheet: PartsBuilder, grid: Grid): void {
  moveToShown(grid);
  const last = [...grid.cells.keys()].reduce((most, row) => Math.max(most, row), -1);
  const rows = [...grid.rows].filter((row) => row <= last + 1 && !grid.hiddenRows.has(row)).sort((a, b) => a - b);
  const width = rows.reduce((most, row) => Math.max(most, ...(grid.cells.get(row)?.keys() ?? [])), -1) + 1;
  const spans = new Map(grid.merges.map((merge) => [`${merge.row}:${merge.column}`, merge]));
  const covered = coveredCells(grid, width);
  const isShown = (column: number) => !grid.hiddenColumns.has(column);
  sheet.addTable(
    rows.map((row) => {
      const cells: SpannedCell[] = [];
      for (let column = 0; column < width; column += 1) {
        if (!isShown(column)) continue;
        if (covered.has(`${row}:${column}`)) cells.push({ text: '', rowSpan: 1, columnSpan: 1, continues: true });
        else {
          const columns = spans.get(`${row}:${column}`)?.columns ?? 1;
          const { text, unread } = grid.cells.get(row)?.get(column) ?? blank;
          const columnSpan = countShown(column, columns, isShown);
          const role = text.startsWith(paragraphIndent) ? ('paragraph' as const) : undefined;
          cells.push({ text: text.trim(), rowSpan: 1, columnSpan, unread, role });
          column += columns - 1;
        }
      }
      return { cells };
    }),
  );
}

function countShown(from: number, columns: number, isShown: (column: number) => boolean): number {
  let shown = 0;
  for (let column = from; column < Math.min(from + columns, partsLimits.columns); column += 1)
    if (isShown(column)) shown += 1;
  return Math.max(1, shown);
}

/** A merged cell whose first row or column is hidden begins where it is shown: there is its text. */
function moveToShown(grid: Grid): void {
  grid.merges.forEach((merge, index) => {
    const { row, column, rows, columns } = merge;
    if (!grid.hiddenRows.has(row) && !grid.hiddenColumns.has(column)) return;
    const down = firstShown(row, rows, grid.hiddenRows);
    const across = firstShown(column, columns, grid.hiddenColumns);
    if (down === undefined || across === undefined) return;
    const cell = grid.cells.get(row)?.get(column);
    if (cell) {
      const cells = grid.cells.get(down) ?? new Map<number, ShownCell>();
      grid.cells.set(down, cells.set(across, cell));
    }
    grid.merges[index] = { row: down, column: across, rows: row + rows - down, columns: column + columns - across };
  });
}

function firstShown(from: number, count: number, hidden: ReadonlySet<number>): number | undefined {
  for (let index = from; index < from + Math.min(count, partsLimits.columns); index += 1)
    if (!hidden.has(index)) return index;
  return undefined;
}

/** The cells that a merge covers, apart from those to the right of its first cell, which its span covers. */
function coveredCells(grid: Grid, width: number): Set<string> {
  const covered = new Set<string>();
  for (const { row, column, rows, columns } of grid.merges) {
    if (covered.size > partsLimits.pieces) break;
    for (let below = row + 1; below < Math.min(row + rows, row + 200); below += 1) {
      for (let across = column; across < Math.min(column + columns, width); across += 1)
        covered.add(`${below}:${across}`);
    }
  }
  return covered;
}
