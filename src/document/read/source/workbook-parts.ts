/**
 * The sheets of an Excel file as pieces of a document: every visible sheet is a table, merged cells span as they are
 * shown.
 */
import { collectParts, type Parts, type PartsBuilder, partsLimits, type SpannedCell } from './parts.js';
import { addressOf, noSheet, openWorkbook } from './workbook.js';
import type { Archive } from './zip.js';

/** Takes an opened .xlsx apart; throws `invalid-document` when the archive holds no visible worksheet. */
export async function readWorkbook(archive: Archive): Promise<Parts> {
  const workbook = await openWorkbook(archive);
  const visible = workbook.sheets.filter((sheet) => sheet.isVisible);
  if (visible.length === 0) throw noSheet();
  const parts = collectParts();
  for (const sheet of visible) {
    const grid: Grid = { cells: new Map(), rows: new Set(), merges: [] };
    await workbook.read(sheet, {
      cell: (row, column, text) => keepCell(grid, row, column, text),
      merge: (ref) => {
        if (grid.merges.length < maxMerges) addMerge(grid, ref);
      },
    });
    addGrid(parts, grid);
  }
  return parts.finish(null);
}

interface Grid {
  /** By row, then by column, both from 0; only cells with something in them. */
  readonly cells: Map<number, Map<number, string>>;
  /** Rows that have cells, with something in them or not. */
  readonly rows: Set<number>;
  readonly merges: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number }[];
}

const maxMerges = 20_000;

function keepCell(grid: Grid, row: number, column: number, text: string): void {
  if (column < 0 || column >= partsLimits.columns || row < 0) return;
  grid.rows.add(row);
  if (text.trim() === '') return;
  const cells = grid.cells.get(row) ?? new Map<number, string>();
  cells.set(column, text);
  grid.cells.set(row, cells);
}

/**
 * Rows in order up to one after the last with something in it, each as wide as the widest, so that a cell that
 * the file leaves out is a blank cell.
 */
function addGrid(sheet: PartsBuilder, grid: Grid): void {
  const last = [...grid.cells.keys()].reduce((most, row) => Math.max(most, row), -1);
  const rows = [...grid.rows].filter((row) => row <= last + 1).sort((a, b) => a - b);
  const width = rows.reduce((most, row) => Math.max(most, ...(grid.cells.get(row)?.keys() ?? [])), -1) + 1;
  const spans = new Map(grid.merges.map((merge) => [`${merge.row}:${merge.column}`, merge]));
  const covered = coveredCells(grid, width);
  sheet.addTable(
    rows.map((row) => {
      const cells: SpannedCell[] = [];
      for (let column = 0; column < width; column += 1) {
        if (covered.has(`${row}:${column}`)) cells.push({ text: '', rowSpan: 1, columnSpan: 1, continues: true });
        else {
          const columnSpan = spans.get(`${row}:${column}`)?.columns ?? 1;
          cells.push({ text: grid.cells.get(row)?.get(column)?.trim() ?? '', rowSpan: 1, columnSpan });
          column += columnSpan - 1;
        }
      }
      return { cells };
    }),
  );
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

function addMerge(grid: Grid, ref: string): void {
  const [first = '', last = first] = ref.split(':');
  const from = addressOf(first);
  const to = addressOf(last);
  if (to.row < from.row || to.column < from.column) return;
  grid.merges.push({ ...from, rows: to.row - from.row + 1, columns: to.column - from.column + 1 });
}
