/** Figures as a filing nests them and as the form prints them. */
import { printFigure } from './check.js';
import type { Cell, Figures } from './forms.js';

/** Figures nested as they are printed, table, row, column: counts as numbers, amounts as decimals, blanks null. */
export interface PrintedFigures {
  [table: string]: { [row: string]: { [column: string]: number | string | null } };
}

/** Nests the figures of some cells the way a filing does; a figure that is not there is null. */
export function printFigures(cells: readonly Cell[], figures: Figures): PrintedFigures {
  return nest(cells, (cell) => printFigure(cell, figures[cell.key] ?? null));
}

/** Nests anything that is known of each cell the way a filing nests its figures. */
export function nest<T>(
  cells: readonly Cell[],
  of: (cell: Cell) => T,
): { [table: string]: { [row: string]: { [column: string]: T } } } {
  const tables: { [table: string]: { [row: string]: { [column: string]: T } } } = {};
  for (const cell of cells) {
    let table = tables[cell.table];
    if (!table) {
      table = {};
      tables[cell.table] = table;
    }
    let row = table[cell.row];
    if (!row) {
      row = {};
      table[cell.row] = row;
    }
    row[cell.column] = of(cell);
  }
  return tables;
}
