/** Prints a report as offices do to PDF: lines drawn one way or another, pages that break a table, pages that are turned. */
import type { PrintedReport } from './document-layouts.js';
import { type PageContent, pdfOfPages, showAt, widthOf } from './pdf-file.js';

type GridRow = Exclude<PrintedReport['parts'][number], string>[number];

/** How lines are drawn. */
export const rulings = [
  'strokes',
  'pieces',
  'doubled',
  'dashed',
  'thin boxes',
  'dots',
  'a box a cell',
  'no sides',
  'none',
] as const;

/** How a report is printed. */
export interface PdfStyle {
  readonly ruling: (typeof rulings)[number];
  readonly turned: 'not' | 'page' | 'text' | 'both';
  /** A header and a page number on every page. */
  readonly runs: boolean;
  readonly repeatsHead: boolean;
  readonly bodySize: number;
  readonly align: 'left' | 'middle' | 'right';
  /** Where numbers stand in their boxes, if not as headings do. */
  readonly numbers?: 'left' | 'middle' | 'right';
  /** Where text of fewer lines than its row stands; in the middle unless it is given. */
  readonly vertical?: 'top' | 'bottom';
  /** How wide characters are, of their usual width in percent; 100 unless it is given. */
  readonly width?: number;
}

/** The usual way. */
export const usualStyle: PdfStyle = {
  ruling: 'strokes',
  turned: 'not',
  runs: true,
  repeatsHead: true,
  bodySize: 9,
  align: 'middle',
};

/** A page in the making. */
interface Sheet {
  content: string;
  /** How far down the page is filled. */
  y: number;
}

const [pageWidth, pageHeight, edge, inner] = [595, 842, 57, 481] as const;

/** Prints a report. */
export function printPdf(report: PrintedReport, style: PdfStyle = usualStyle): Buffer {
  return pdfOfPages(printPages(report, style));
}

/** The pages of a printed report. */
export function printPages(report: PrintedReport, style: PdfStyle): PageContent[] {
  const sheets: Sheet[] = [{ content: '', y: edge }];
  const sheet = (): Sheet => sheets.at(-1) as Sheet;
  const breakPage = (): void => void sheets.push({ content: '', y: edge });
  const write = (text: string, size: number, x: number): void => {
    if (sheet().y + size * 1.6 > pageHeight - edge) breakPage();
    sheet().y += size * 1.6;
    sheet().content += showAt(text, x, pageHeight - sheet().y + size * 0.4, size);
  };
  write(report.title, 16, (pageWidth - widthOf(report.title, 16)) / 2);
  for (const part of report.parts) {
    if (typeof part !== 'string') printTable(part, style, sheet, breakPage);
    else {
      const lines = wrap(`\u3000\u3000${part}`, inner, 12);
      lines.forEach((line, index) => {
        write(index === 0 ? line.slice(2) : line, 12, index === 0 ? edge + 24 : edge);
      });
    }
  }
  return sheets.map(({ content }, index) => finishPage(content, index, style));
}

function finishPage(content: string, index: number, { runs, turned }: PdfStyle): PageContent {
  const number = `- ${index + 1} -`;
  const running = runs
    ? showAt('虚构乡人民政府', edge, pageHeight - 40, 9) + showAt(number, (pageWidth - widthOf(number, 9)) / 2, 30, 9)
    : '';
  const whole = content + running;
  // Text that runs up a page on its side; with the page's own turn it is upright again on the screen.
  const onSide = `q 0 1 -1 0 ${pageHeight} 0 cm\n${whole}Q\n`;
  if (turned === 'text') return { content: onSide, size: [pageHeight, pageWidth] };
  if (turned === 'both') return { content: onSide, size: [pageHeight, pageWidth], entries: '/Rotate 90' };
  return turned === 'page' ? { content: whole, entries: '/Rotate 180' } : { content: whole };
}

function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const character of text) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line + character, size) <= width) lines[lines.length - 1] = line + character;
    else lines.push(character);
  }
  return lines;
}

/** A cell with its place in the table. */
interface Placed {
  readonly text: string;
  readonly isValue: boolean;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

function placeCells(table: readonly GridRow[], columns: number): Placed[] {
  const taken = table.map(() => new Array<boolean>(columns).fill(false));
  return table.flatMap(({ cells }, row) =>
    cells.map((cell, index): Placed => {
      const column = taken[row]?.indexOf(false) ?? 0;
      const isLast = index === cells.length - 1;
      const free = columns - column;
      const own =
        isLast && !taken[row]?.slice(column + (cell.columns ?? 1)).includes(true) ? free : (cell.columns ?? 1);
      const rows = cell.rows ?? 1;
      for (let down = row; down < row + rows; down += 1) taken[down]?.fill(true, column, column + own);
      return { text: cell.text ?? '', isValue: cell.value === true, row, column, rows, columns: own };
    }),
  );
}

function columnWidths(count: number): number[] {
  if (count === 10) return [24, 46, 159, ...new Array<number>(7).fill(36)];
  return new Array<number>(count).fill(inner / count);
}

function printTable(table: readonly GridRow[], style: PdfStyle, sheet: () => Sheet, breakPage: () => void): void {
  const count = Math.max(...table.map(({ cells }) => cells.reduce((sum, cell) => sum + (cell.columns ?? 1), 0)));
  const widths = columnWidths(count);
  const cells = placeCells(table, count);
  const widthFrom = (column: number, columns: number): number =>
    widths.slice(column, column + columns).reduce((sum, width) => sum + width, 0);
  const heights = table.map((_, row) =>
    Math.max(
      style.bodySize * 1.8,
      ...cells
        .filter((cell) => cell.row === row && cell.rows === 1)
        .map(
          (cell) =>
            wrap(cell.text, roomIn(widthFrom(cell.column, cell.columns), style), style.bodySize).length *
              style.bodySize *
              1.3 +
            5,
        ),
    ),
  );
  const heads = table.findIndex(({ head }) => !head);
  const head = style.repeatsHead ? table.map((_, row) => row).slice(0, Math.max(0, heads)) : [];
  let from = 0;
  while (from < table.length) {
    const again = from === 0 ? [] : head;
    let [to, height] = [from, again.reduce((sum, row) => sum + (heights[row] ?? 0), 0)];
    while (to < table.length && sheet().y + height + (heights[to] ?? 0) <= pageHeight - edge)
      height += heights[to++] ?? 0;
    if (to === from || (from === 0 && to <= heads)) {
      breakPage();
      if (to === from) continue;
      to = from;
      continue;
    }
    drawRows(again, cells, heights, widths, style, sheet());
    drawRows(
      Array.from({ length: to - from }, (_, index) => from + index),
      cells,
      heights,
      widths,
      style,
      sheet(),
    );
    from = to;
    if (from < table.length) breakPage();
  }
  sheet().y += 8;
}

/** Draws rows under each other; a cell that begins above them has an empty rest here. */
function drawRows(
  rows: readonly number[],
  cells: readonly Placed[],
  heights: readonly number[],
  widths: readonly number[],
  style: PdfStyle,
  sheet: Sheet,
): void {
  const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? -1];
  if (rows.length === 0) return;
  const tops = [sheet.y];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + (heights[row] ?? 0));
  const left = (column: number): number => edge + widths.slice(0, column).reduce((sum, width) => sum + width, 0);
  for (const cell of cells) {
    const [begin, end] = [Math.max(cell.row, first), Math.min(cell.row + cell.rows - 1, last)];
    if (begin > end) continue;
    const box = {
      left: left(cell.column),
      right: left(cell.column + cell.columns),
      top: tops[begin - first] ?? 0,
      bottom: tops[end - first + 1] ?? 0,
    };
    sheet.content += drawBorder(box, style.ruling);
    if (cell.row >= first) sheet.content += drawText(cell, box, style);
  }
  sheet.y = tops.at(-1) ?? sheet.y;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function drawText(cell: Placed, { left, right, top, bottom }: Box, style: PdfStyle): string {
  const { bodySize: size, width = 100 } = style;
  const lines = wrap(cell.text, roomIn(right - left, style), size);
  const height = lines.length * size * 1.3;
  const start = { top: top + 2.5, bottom: bottom - height - 2.5, middle: (top + bottom - height) / 2 }[
    style.vertical ?? 'middle'
  ];
  const align = (cell.isValue && style.numbers) || style.align;
  const shown = lines
    .map((line, index) => {
      const room = right - left - 4 - (widthOf(line, size) * width) / 100;
      const x = left + 2 + (align === 'left' ? 0 : align === 'middle' ? room / 2 : room);
      return showAt(line, x, pageHeight - (start + size * (1 + index * 1.3)), size, width === 100 ? '' : `${width} Tz`);
    })
    .join('');
  return width === 100 ? shown : `q ${shown} Q\n`;
}

/** How wide a text may be that fits into a width, before it is made narrower. */
function roomIn(width: number, { width: percent = 100 }: PdfStyle): number {
  return ((width - 4) * 100) / percent;
}

function drawBorder({ left, right, top, bottom }: Box, ruling: PdfStyle['ruling']): string {
  const [y1, y2] = [pageHeight - top, pageHeight - bottom];
  const sides = [
    [left, y1, right, y1],
    [left, y2, right, y2],
    [left, y1, left, y2],
    [right, y1, right, y2],
  ] as const;
  const strokeAll = (lines: readonly (readonly [number, number, number, number])[], before = '') =>
    `q 0.5 w ${before} ${lines.map(([a, b, c, d]) => `${a} ${b} m ${c} ${d} l S`).join(' ')} Q\n`;
  switch (ruling) {
    case 'none':
      return '';
    case 'strokes':
      return strokeAll(sides);
    case 'dashed':
      return strokeAll(sides, '[3 2] 0 d');
    case 'no sides':
      return strokeAll(sides.filter(([a, , c]) => a !== c || (a > edge + 1 && a < edge + inner - 1)));
    case 'pieces':
      return strokeAll(
        sides.flatMap(([a, b, c, d]) =>
          Array.from({ length: 4 }, (_, index) => {
            const at = (part: number, from: number, to: number) => from + ((to - from) * part) / 4;
            return [at(index, a, c), at(index, b, d), at(index + 0.98, a, c), at(index + 0.98, b, d)] as const;
          }),
        ),
      );
    case 'doubled':
      return strokeAll(
        sides.flatMap(([a, b, c, d]) => [[a, b, c, d] as const, [a + 1.4, b + 1.4, c + 1.4, d + 1.4] as const]),
      );
    case 'thin boxes':
      return `${sides.map(([a, b, c, d]) => (b === d ? `${a} ${b - 0.3} ${c - a} 0.6 re f` : `${a - 0.3} ${d} 0.6 ${b - d} re f`)).join(' ')}\n`;
    case 'dots':
      return `${sides
        .map(([a, b, c, d]) => {
          const steps = Math.ceil(Math.max(c - a, b - d) / 2);
          return Array.from({ length: steps + 1 }, (_, index) => {
            const part = index / steps;
            return `${(a + (c - a) * part - 0.4).toFixed(2)} ${(b + (d - b) * part - 0.4).toFixed(2)} 0.8 0.8 re f`;
          }).join(' ');
        })
        .join(' ')}\n`;
    case 'a box a cell':
      return `q 0.5 w ${left} ${y2} ${right - left} ${y1 - y2} re S Q\n`;
  }
}
