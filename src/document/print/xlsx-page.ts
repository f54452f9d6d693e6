/**
 * A worksheet as a printed page: lines of text and printed tables, one under another, on a grid of `pageWidth` equal
 * columns, A4. Shared by the printed report and the blank form.
 */
import { type CellStyle, cellRef, type Cell as SheetCell, type WorkbookProperties, type WriteSheet } from 'hucre';
import type { Cell } from '../../form/forms.js';
import { cleanText } from '../../text.js';
import type { Label } from '../../words.js';
import { writeCellText } from '../../xlsx.js';
import { paragraphIndent, rowLength } from '../printed-words.js';
import { type Box, type HeadingBox, type PrintedTable, pageWidth } from './layout.js';

/** What a workbook says of itself. It is of the end of its year, whenever it is written: the same is the same bytes. */
export function propertiesOf(title: Label, year: number): WorkbookProperties {
  return {
    title: cleanText(title.zh),
    description: cleanText(title.en),
    creator: 'Xiangbao 乡报',
    modified: new Date(Date.UTC(year, 11, 31)),
  };
}

/** A page being written; `height` is the number of lines so far. */
export interface Page {
  readonly cells: Map<string, Partial<SheetCell>>;
  readonly merges: NonNullable<WriteSheet['merges']>;
  readonly rowDefs: Map<number, { height: number }>;
  height: number;
}

/** The look of a line of text: its size in points, and its style. */
export interface Look {
  readonly size: number;
  readonly style: CellStyle;
}

/** The looks of the lines of a page. */
export const looks = {
  title: lookOf(18, { bold: true }, 'center'),
  heading: lookOf(14, { bold: true, name: '黑体' }, 'left'),
  text: lookOf(12, { name: '仿宋' }, 'justify'),
  note: lookOf(10, {}, 'left'),
  subtitle: lookOf(10, {}, 'center'),
  warning: lookOf(12, { bold: true, color: { rgb: 'B00020' } }, 'center'),
} as const satisfies Record<string, Look>;

/** The size of text inside the tables, in points: two characters fill a column, as the notices print it. */
const tableSize = 10;

/** A column is 5.6 digits or 33 points wide: fifteen columns fill A4 between its margins. */
const columnWidth = 5.6;
const columnPoints = 33;

/** An empty page. */
export function newPage(): Page {
  return { cells: new Map(), merges: [], rowDefs: new Map(), height: 0 };
}

/** The page as a worksheet that prints on A4, one page wide. */
export function finishPage(page: Page, name: string): WriteSheet {
  return {
    name,
    columns: Array.from({ length: pageWidth }, () => ({ width: columnWidth })),
    cells: page.cells,
    merges: page.merges,
    rowDefs: page.rowDefs,
    view: { showGridLines: false },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'portrait',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      horizontalCentered: true,
      margins: { top: 0.75, bottom: 0.75, left: 0.7, right: 0.7, header: 0.3, footer: 0.3 },
    },
    headerFooter: { oddFooter: '&C— &P —' },
  };
}

/** Adds a line of text over the whole width; a long one takes several lines of the sheet. */
export function addText(page: Page, words: string, look: Look): void {
  for (const part of partsOf(words)) {
    const row = page.height;
    place(page, { row, column: 0, rowspan: 1, colspan: pageWidth }, { value: writeCellText(part), style: look.style });
    page.rowDefs.set(row, { height: heightOf(part, pageWidth, look.size) });
    page.height += 1;
  }
}

/** Adds boxes side by side in one line: how many columns each takes, its content and its style. */
export function addBoxes(page: Page, boxes: readonly (Partial<SheetCell> & { readonly columns: number })[]): void {
  let column = 0;
  for (const { columns, ...cell } of boxes) {
    place(page, { row: page.height, column, rowspan: 1, colspan: columns }, { ...cell, style: boxStyle(cell.style) });
    column += columns;
  }
  page.rowDefs.set(page.height, { height: 22 });
  page.height += 1;
}

/** Adds a printed table; `fill` gives each box its content. Returns the reference of each cell (A1 notation). */
export function addTable(
  page: Page,
  table: PrintedTable,
  fill: (cell: Cell) => Partial<SheetCell>,
): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  const offsets = table.widths.map((_, index) => widthOf(table, 0, index));
  table.rows.forEach((boxes, index) => {
    const row = page.height + index;
    let height = 0;
    for (const box of boxes) {
      const column = offsets[box.column] ?? 0;
      const colspan = widthOf(table, box.column, box.colspan);
      const content = box.heading ? { value: wordsOf(box, colspan) } : fill(box.cell);
      place(
        page,
        { row, column, rowspan: box.rowspan, colspan },
        { ...content, style: tableStyle(box, table, content) },
      );
      if (!box.heading) refs.set(box.cell.key, cellRef(row, column));
      else if (box.rowspan === 1) height = Math.max(height, heightOf(wordsOf(box, colspan), colspan, tableSize));
    }
    page.rowDefs.set(row, { height: Math.max(height, 18) });
  });
  page.height += table.rows.length;
  return refs;
}

function place(
  page: Page,
  at: { readonly row: number; readonly column: number; readonly rowspan: number; readonly colspan: number },
  cell: Partial<SheetCell>,
): void {
  for (let row = at.row; row < at.row + at.rowspan; row += 1) {
    for (let column = at.column; column < at.column + at.colspan; column += 1) {
      // The borders of a merged box are the borders of the cells it covers.
      page.cells.set(`${row},${column}`, { value: null, ...(cell.style ? { style: cell.style } : {}) });
    }
  }
  page.cells.set(`${at.row},${at.column}`, cell);
  if (at.rowspan === 1 && at.colspan === 1) return;
  page.merges.push({
    startRow: at.row,
    startCol: at.column,
    endRow: at.row + at.rowspan - 1,
    endCol: at.column + at.colspan - 1,
  });
}

function widthOf(table: PrintedTable, from: number, count: number): number {
  return table.widths.slice(from, from + count).reduce((sum, width) => sum + width, 0);
}

/** A heading over one narrow column is broken after every two characters, as the notices break 商业企业. */
function wordsOf(box: HeadingBox, columns: number): string {
  const words = box.text.zh;
  return columns > 1 || box.heads === 'rows' || words.length < 4 ? words : words.replace(/(..)(?=.)/g, '$1\n');
}

function tableStyle(box: Box, table: PrintedTable, content: Partial<SheetCell>): CellStyle {
  const left = table.section === 3 && box.heading && box.heads === 'rows' && box.rowspan === 1;
  return boxStyle({
    ...content.style,
    alignment: {
      horizontal: left ? 'left' : 'center',
      vertical: 'center',
      // A number that is too wide is shrunk: a wrapped or cut number would be another number.
      ...(box.heading ? { wrapText: true } : { shrinkToFit: true }),
    },
  });
}

function boxStyle(style: CellStyle | undefined): CellStyle {
  const side = { style: 'thin' } as const;
  return {
    alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
    border: { top: side, bottom: side, left: side, right: side },
    ...style,
    font: { name: '宋体', size: tableSize, ...style?.font },
  };
}

function lookOf(size: number, font: NonNullable<CellStyle['font']>, horizontal: 'left' | 'center' | 'justify'): Look {
  const alignment = { horizontal, vertical: horizontal === 'justify' ? 'top' : 'center', wrapText: true } as const;
  return { size, style: { font: { name: '宋体', size, ...font }, alignment } };
}

/** The height in points of wrapped text: spreadsheets do not compute it for merged cells. */
function heightOf(words: string, columns: number, size: number): number {
  const perLine = Math.max(1, Math.floor((columns * columnPoints - 4) / size));
  const widths = words
    .split('\n')
    .map((line) => [...line].reduce((sum, char) => sum + (char > '\u02ff' ? 1 : 0.55), 0));
  const lines = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / perLine)), 0);
  return Math.min(409, Math.ceil(lines * size * 1.4) + 6);
}

/** Excel shows no row higher than 409 points, so a longer paragraph takes several rows, of which none begins or ends with a blank. */
function partsOf(words: string): string[] {
  const characters = [...words];
  const parts: string[] = [];
  for (let from = 0; from < characters.length || from === 0; ) {
    let to = from + rowLength.most;
    while (
      to < characters.length &&
      to > from + rowLength.fewest + 2 * paragraphIndent.length &&
      isBlankAt(characters, to)
    )
      to -= 1;
    parts.push(characters.slice(from, to).join(''));
    from = to;
  }
  return parts;
}

function isBlankAt(characters: readonly string[], at: number): boolean {
  return /\s/u.test(`${characters[at - 1]}${characters[at]}`);
}
