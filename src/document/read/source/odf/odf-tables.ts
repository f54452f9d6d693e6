/** The tables of an OpenDocument file while it is read: cells at their places, repeated ones as often as they are shown. */
import { columnName } from '../../../../xlsx.js';
import { blank, emptyGrid, type Grid, keepCell, keepMerge, type ShownCell } from '../grid.js';
import { partsLimits, tooManyPieces } from '../parts.js';
import type { Unread } from '../standing.js';
import type { OdfMarks, OdfStyles } from './odf-styles.js';
import { shownValue, type TypedValue } from './odf-value.js';

/** A cell that is being read. */
interface OpenCell {
  readonly lines: string[];
  unread: Unread | undefined;
  readonly marks: OdfMarks;
  readonly value: TypedValue;
  readonly repeated: number;
  readonly columns: number;
  readonly rows: number;
}

/** A table that is being read. */
export interface OpenTable {
  readonly name: string;
  readonly grid: Grid;
  row: number;
  column: number;
  /** The columns declared so far. */
  declared: number;
  /** How often the row that is open is repeated. */
  repeated: number;
  isHiddenRow: boolean;
  hiddenGroups: number;
  cell: OpenCell | null;
}

type Attributes = Readonly<Record<string, string>>;

/** Begins a table. */
export function openTable(attributes: Attributes): OpenTable {
  return {
    name: attributes['table:name'] ?? '',
    grid: emptyGrid(),
    row: 0,
    column: 0,
    declared: 0,
    repeated: 1,
    isHiddenRow: false,
    hiddenGroups: 0,
    cell: null,
  };
}

/** The elements of a table, of which a group can be hidden with all that is in it. */
const groups = new Set(['table:table-row-group', 'table:table-column-group']);

/** Takes the beginning of an element of a table; returns whether it was one. */
export function openInTable(table: OpenTable, styles: OdfStyles, name: string, attributes: Attributes): boolean {
  if (groups.has(name)) {
    if (table.hiddenGroups > 0 || attributes['table:display'] === 'false') table.hiddenGroups += 1;
  } else if (name === 'table:table-column') declareColumns(table, styles, attributes);
  else if (name === 'table:table-row') openRow(table, styles, attributes);
  else if (name === 'table:table-cell') table.cell = openCell(styles, attributes, 'own');
  else if (name === 'table:covered-table-cell') table.cell = openCell(styles, attributes, 'covered');
  else return false;
  return true;
}

/** Takes the end of an element of a table. */
export function closeInTable(table: OpenTable, name: string): void {
  if (groups.has(name)) table.hiddenGroups = Math.max(0, table.hiddenGroups - 1);
  else if (name === 'table:table-row') closeRow(table);
  else if (name === 'table:table-cell') closeCell(table, 'own');
  else if (name === 'table:covered-table-cell') closeCell(table, 'covered');
}

function declareColumns(table: OpenTable, styles: OdfStyles, attributes: Attributes): void {
  const count = repeatOf(attributes['table:number-columns-repeated']);
  if (isHidden(table, 'table-column', styles, attributes)) {
    const end = Math.min(table.declared + count, partsLimits.columns);
    for (let column = table.declared; column < end; column += 1) table.grid.hiddenColumns.add(column);
  }
  table.declared += count;
}

function isHidden(table: OpenTable, family: string, styles: OdfStyles, attributes: Attributes): boolean {
  const visibility = attributes['table:visibility'] ?? 'visible';
  return (
    table.hiddenGroups > 0 ||
    visibility !== 'visible' ||
    styles(family, attributes['table:style-name']).isUnshown === true
  );
}

function openRow(table: OpenTable, styles: OdfStyles, attributes: Attributes): void {
  table.column = 0;
  table.repeated = repeatOf(attributes['table:number-rows-repeated']);
  table.isHiddenRow = isHidden(table, 'table-row', styles, attributes);
}

function openCell(styles: OdfStyles, attributes: Attributes, kind: 'own' | 'covered'): OpenCell {
  return {
    lines: [],
    unread: undefined,
    marks: styles('table-cell', attributes['table:style-name']),
    value: {
      type: attributes['calcext:value-type'] ?? attributes['office:value-type'] ?? '',
      value: attributes['office:value'],
      isFormula: attributes['table:formula'] !== undefined,
    },
    repeated: repeatOf(attributes['table:number-columns-repeated']),
    columns: kind === 'own' ? repeatOf(attributes['table:number-columns-spanned']) : 1,
    rows: kind === 'own' ? repeatOf(attributes['table:number-rows-spanned']) : 1,
  };
}

function closeCell(table: OpenTable, kind: 'own' | 'covered'): void {
  const { cell, row, column } = table;
  if (!cell) return;
  table.cell = null;
  // What a covered cell holds is shown to nobody.
  const shown = kind === 'own' ? shownCell(cell, `${columnName(column)}${row + 1}`) : blank;
  const end = Math.min(column + cell.repeated, partsLimits.columns);
  for (let at = column; at < end; at += 1) {
    keepCell(table.grid, row, at, shown);
    if (cell.columns > 1 || cell.rows > 1)
      keepMerge(table.grid, { row, column: at, rows: cell.rows, columns: cell.columns });
  }
  table.column += cell.repeated;
}

function shownCell(cell: OpenCell, at: string): ShownCell {
  const text = cell.lines.join('\n');
  if (cell.unread) return { text, unread: { at, ...cell.unread } };
  const isUnseen = (cell.marks.isStruck || cell.marks.isHidden) && text.trim() === '';
  return isUnseen ? blank : shownValue(cell.value, cell.lines, at);
}

/** Blank rows that are repeated more often than this are the rest of a sheet, and no rows of boxes. */
const maxBlankRows = 50;

/** The rows that a repeated row stands for; blank ones to the end of the sheet are none. */
function closeRow(table: OpenTable): void {
  const { grid, row, repeated } = table;
  const cells = grid.cells.get(row);
  const count = cells || repeated <= maxBlankRows ? repeated : 0;
  if (count * Math.max(1, cells?.size ?? 0) > partsLimits.pieces || grid.rows.size > partsLimits.pieces)
    throw tooManyPieces();
  if (count === 0) grid.rows.delete(row);
  for (let at = row; at < row + count; at += 1) {
    grid.rows.add(at);
    if (cells && at > row) grid.cells.set(at, new Map(cells));
    if (table.isHiddenRow) grid.hiddenRows.add(at);
  }
  table.row += repeated;
}

/** How often something is repeated, or how much it spans: once unless a whole number says more. */
function repeatOf(attribute: string | undefined): number {
  const count = Number(attribute ?? 1);
  return Number.isSafeInteger(count) && count > 1 ? Math.min(count, maxRepeated) : 1;
}

/** A sheet has a million rows. */
const maxRepeated = 1_048_576;
