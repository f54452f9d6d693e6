/**
 * The sheets of an Excel file as pieces of a document: every visible sheet is a table, merged cells span as they are
 * shown.
 */
import { daysAfter } from '../../../day.js';
import { columnName } from '../../../xlsx.js';
import { addGrid, blank, emptyGrid, type Grid, keepCell, keepMerge, type ShownCell } from './grid.js';
import { type CellStyle, readCellStyles } from './number-formats.js';
import { collectParts, type Parts } from './parts.js';
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
    const grid = emptyGrid();
    const prefix = visible.length > 1 ? `${sheet.name}!` : '';
    await workbook.read(sheet, {
      cell(row, column, text, stored) {
        keepCell(grid, row, column, shownCell(text, stored, styles, `${prefix}${columnName(column)}${row + 1}`));
        if (stored.hidden === 'row') grid.hiddenRows.add(row);
        if (stored.hidden === 'column') grid.hiddenColumns.add(column);
      },
      merge: (ref) => addMerge(grid, ref),
    });
    addGrid(parts, grid);
  }
  return parts.finish(null);
}

/** A number that is a date, a share or a thousandth by its format, and what is none, are named: nobody wrote them as a count. */
export function shownCell(text: string, stored: StoredCell, styles: readonly CellStyle[], at: string): ShownCell {
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

function addMerge(grid: Grid, ref: string): void {
  const [first = '', last = first] = ref.split(':');
  const from = addressOf(first);
  const to = addressOf(last);
  keepMerge(grid, { ...from, rows: to.row - from.row + 1, columns: to.column - from.column + 1 });
}
