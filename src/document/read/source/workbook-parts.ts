/**
 * The sheets of an Excel file as pieces of a document: every visible sheet is a table, merged cells span as they are
 * shown.
 */
import { daysAfter } from '../../../day.js';
import { columnName } from '../../../xlsx.js';
import { paragraphIndent } from '../../printed-words.js';
import { type CellStyle, readCellStyles } from './number-formats.js';
import { collectParts, type Parts, type PartsBuilder, partsLimits, type SpannedCell } from './parts.js';
import type { Unread } from './standing.js';
import { addressOf, kindOfCell, noSheet, openWorkbook, type StoredCell, shownLogical } from './workbook.js';
import type { Archive } from './zip.js';

/** Takes an opened .xlsx apart; throws `invalid-document` when the archive holds no visible worksheet. */
export async function readWorkbook(archive: Archive): Promise<Parts> {
  const workbook = await openWorkbook(archive);
  const visible = workbook.sheets.filter((sheet) => sheet.isVisible);
  if (visible.length === 0) throw noSheet();
  const styles = await readCellStyles(archive, workbook.styles);
  const parts = collectParts();
  for (const sheet of visible) {
    const grid: Grid = {
      cells: new Map(),
      rows: new Set(),
      hiddenRows: new Set(),
      hiddenColumns: new Set(),
      merges: [],
    };
    const prefix = visible.length > 1 ? `${sheet.name}!` : '';
    await workbook.read(sheet, {
      cell: (row, column, text, stored) =>
        keepCell(
          grid,
          row,
          column,
          shownCell(text, stored, styles, `${prefix}${columnName(column)}${row + 1}`),
          stored,
        ),
      merge: (ref) => {
        if (grid.merges.length < maxMerges) addMerge(grid, ref);
      },
    });
    addGrid(parts, grid);
  }
  return parts.finish(null);
}

/** What a cell shows. */
interface ShownCell {
  readonly text: string;
  readonly unread?: Unread;
}

interface Grid {
  /** By row, then by column, both from 0; only cells with something in them. */
  readonly cells: Map<number, Map<number, ShownCell>>;
  /** Rows that have cells, with something in them or not. */
  readonly rows: Set<number>;
  readonly hiddenRows: Set<number>;
  readonly hiddenColumns: Set<number>;
  readonly merges: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number }[];
}

const maxMerges = 20_000;

const blank: ShownCell = { text: '' };

/** A number that is a date, a share or a thousandth by its format, and what is none, are named: nobody wrote them as a count. */
function shownCell(text: string, stored: StoredCell, styles: readonly CellStyle[], at: string): ShownCell {
  const kind = kindOfCell(stored, text, styles);
  const isStruck = kind !== 'uncalculated' && styles[stored.style]?.isStruck;
  if (kind === 'unshown' || isStruck) return blank;
  if (kind === undefined) return { text };
  const shown =
    kind === 'logical' ? shownLogical(text) : kind === 'date' && stored.type === 'n' ? dateOf(Number(text)) : text;
  return { text: shown, unread: { kind, at } };
}

/** The day of a date's number, which counts from the end of 1899 and has a 29 February 1900 that never was. */
function dateOf(serial: number): string {
  const days = Math.floor(serial);
  // The last day that a sheet can show is 9999-12-31.
  return days >= 0 && days <= 2_958_465 ? daysAfter(days < 60 ? '1899-12-31' : '1899-12-30', days) : String(serial);
}

function keepCell(grid: Grid, row: number, column: number, cell: ShownCell, { hidden }: StoredCell): void {
  if (column < 0 || column >= partsLimits.columns || row < 0) return;
  grid.rows.add(row);
  if (hidden === 'row') grid.hiddenRows.add(row);
  if (hidden === 'column') grid.hiddenColumns.add(column);
  if (cell.text.trim() === '' && !cell.unread) return;
  const cells = grid.cells.get(row) ?? new Map<number, ShownCell>();
  cells.set(column, cell);
  grid.cells.set(row, cells);
}

/**
 * The rows that are shown, in order, up to one after the last with something in it, each as wide as the widest, so that a
 * cell that the file leaves out is a blank cell. Columns that are hidden are not there.
 */
function addGrid(sheet: PartsBuilder, grid: Grid): void {
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

function addMerge(grid: Grid, ref: string): void {
  const [first = '', last = first] = ref.split(':');
  const from = addressOf(first);
  const to = addressOf(last);
  if (to.row < from.row || to.column < from.column) return;
  grid.merges.push({ ...from, rows: to.row - from.row + 1, columns: to.column - from.column + 1 });
}
