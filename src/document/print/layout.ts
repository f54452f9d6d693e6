/**
 * The printed layout of tables two, three and four as boxes on a grid, derived from a form. Writers turn the boxes into
 * HTML, docx and xlsx; none of them knows a heading. The headings that the notices print and `src/form` does not have
 * (信息内容, 申请人情况) are here.
 */

import { type Cell, cellOf, type Form } from '../../form/forms.js';
import { sections } from '../../form/lines.js';
import type { Column, Row, Table } from '../../form/vocabulary.js';
import type { Label } from '../../words.js';

interface Area {
  /** Zero-based line of the grid in which the box begins. */
  readonly row: number;
  /** Zero-based column of the grid in which the box begins. */
  readonly column: number;
  readonly rowspan: number;
  readonly colspan: number;
}

/** A printed heading and the lines it covers. `heads`: whether these are columns below it or rows beside it. */
export interface HeadingBox extends Area {
  readonly heading: true;
  readonly heads: 'columns' | 'rows';
  readonly text: Label;
}

/** A numbered box of the form. */
interface CellBox extends Area {
  readonly heading: false;
  readonly cell: Cell;
}

/** One rectangle of a printed table. */
export type Box = HeadingBox | CellBox;

/** A printed table: its boxes cover a grid of `widths.length` columns without a hole or an overlap. */
export interface PrintedTable {
  readonly section: Table['section'];
  readonly label: Label;
  /** The width of each column, in parts of `pageWidth`; they add up to it. */
  readonly widths: readonly number[];
  /** How many lines at the top are column headings, to be repeated on a new page. */
  readonly headerRows: number;
  /** Line by line, each box in the line where it begins, from left to right. */
  readonly rows: readonly (readonly Box[])[];
}

/**
 * The number of equal parts of the width of a page. Fifteen fits all three tables: the 15 boxes of table four, and the
 * seven boxes of table three beside headings of eight parts, so one spreadsheet grid is enough.
 */
export const pageWidth = 15;

const printed = {
  content: { zh: '信息内容', en: 'Information' },
  applicants: { zh: '申请人情况', en: 'Applicants' },
} as const satisfies Record<string, Label>;

/** The numerals before the headings of the six sections. */
const numerals = ['一', '二', '三', '四', '五', '六'];

/** The widths of the three levels of row headings in table three. */
const rowHeadingWidths = [1, 2, 5];

/** The headings of the six sections as printed (一、总体情况), with the key of each one's text. */
export const sectionHeadings = sections.map((section) => ({
  number: section.number,
  key: section.key,
  label: {
    zh: `${numerals[section.number - 1]}、${section.label.zh}`,
    en: `${section.number}. ${section.label.en}`,
  },
}));

/** Tables two, three and four of a form as the notice prints them, in that order. */
export function layoutOf(form: Form): readonly PrintedTable[] {
  return ([2, 3, 4] as const).map((section) => {
    const tables = form.tables.filter((table) => table.section === section);
    const label = sectionHeadings.find(({ number }) => number === section)?.label;
    if (!label) throw new Error(`no section ${section}`);
    return { section, label, ...draw[section](tables) };
  });
}

type Drawing = Omit<PrintedTable, 'section' | 'label'>;

const draw: Readonly<Record<Table['section'], (tables: readonly Table[]) => Drawing>> = {
  2: drawArticles,
  3: drawGrid,
  4: drawOneLine,
};

/** Table two: under each article of the Regulations a line of column headings and the rows of that article. */
function drawArticles(tables: readonly Table[]): Drawing {
  const maxColumns = Math.max(...tables.map((table) => table.columns.length));
  const widths = [pageWidth - 3 * maxColumns, ...Array<number>(maxColumns).fill(3)];
  const rows: Box[][] = [];
  for (const block of articleBlocks(tables)) {
    const { columns } = block.table;
    // The last column takes the rest of the width, so that a block of one column fills the line.
    const colspanOf = (index: number) => (index === columns.length - 1 ? maxColumns - index : 1);
    rows.push([head('columns', block.article, { row: rows.length, column: 0, colspan: maxColumns + 1 })]);
    rows.push([
      head('columns', printed.content, { row: rows.length, column: 0 }),
      ...columns.map((column, index) =>
        head('columns', column.label, { row: rows.length, column: index + 1, colspan: colspanOf(index) }),
      ),
    ]);
    for (const line of block.rows) {
      rows.push([
        head('rows', line.label, { row: rows.length, column: 0 }),
        ...columns.map((column, index) =>
          box(block.table, line, column, { row: rows.length, column: index + 1, colspan: colspanOf(index) }),
        ),
      ]);
    }
  }
  return { widths, headerRows: 0, rows };
}

function articleBlocks(tables: readonly Table[]) {
  const blocks: { table: Table; article: Label; rows: Row[] }[] = [];
  for (const table of tables) {
    for (const row of table.rows) {
      if (!row.article) throw new Error(`row ${row.key} of table two stands under no article`);
      const last = blocks.at(-1);
      if (last && last.table === table && last.article.zh === row.article.zh) last.rows.push(row);
      else blocks.push({ table, article: row.article, rows: [row] });
    }
  }
  return blocks;
}

/** Table three: headings above and beside, the note on the equation in the corner. */
function drawGrid([table]: readonly Table[]): Drawing {
  if (!table?.note) throw new Error('table three is printed with its note');
  const above = spread(table.columns.map((column) => [printed.applicants, ...pathOf(column)]));
  const beside = spread(table.rows.map(pathOf));
  const boxes: Box[] = [
    head('columns', table.note, { row: 0, column: 0, rowspan: above.depth, colspan: beside.depth }),
    ...above.spans.map((span) => spanAbove(span, beside.depth)),
    ...beside.spans.map((span) =>
      head('rows', span.label, {
        row: above.depth + span.from,
        column: span.level,
        rowspan: span.length,
        colspan: span.depth,
      }),
    ),
    ...table.rows.flatMap((row, down) =>
      table.columns.map((column, right) =>
        box(table, row, column, { row: above.depth + down, column: beside.depth + right }),
      ),
    ),
  ];
  const widths = [...rowHeadingWidths, ...table.columns.map(() => 1)];
  return { widths, headerRows: above.depth, rows: byLine(boxes) };
}

/** Table four: its rows side by side, so that all boxes are in one printed line. */
function drawOneLine([table]: readonly Table[]): Drawing {
  if (!table) throw new Error('the form lacks table four');
  const line = table.rows.flatMap((row) => table.columns.map((column) => ({ row, column })));
  const above = spread(line.map(({ row, column }) => [...pathOf(row), ...pathOf(column)]));
  const boxes: Box[] = [
    ...above.spans.map((span) => spanAbove(span, 0)),
    ...line.map(({ row, column }, index) => box(table, row, column, { row: above.depth, column: index })),
  ];
  return { widths: line.map(() => 1), headerRows: above.depth, rows: byLine(boxes) };
}

/** A heading over or beside several lines of a table. */
export interface Span {
  readonly label: Label;
  /** The level of the heading: 0 is the outermost. */
  readonly level: number;
  /** How many levels it fills: the last heading reaches down to the boxes. */
  readonly depth: number;
  readonly from: number;
  readonly length: number;
}

/** Merges equal beginnings of neighbouring heading paths into spans. */
export function spread(paths: readonly (readonly Label[])[]): {
  readonly depth: number;
  readonly spans: readonly Span[];
} {
  const depth = Math.max(...paths.map((path) => path.length));
  const shares = (index: number, other: number, level: number): boolean => {
    const [path, next] = [paths[index], paths[other]];
    if (!path || !next || next.length - 1 <= level) return false;
    return path.slice(0, level + 1).every((label, at) => label.zh === next[at]?.zh);
  };
  const spans = paths.flatMap((path, from) =>
    path.flatMap((label, level): Span[] => {
      if (level === path.length - 1) return [{ label, level, depth: depth - level, from, length: 1 }];
      if (shares(from, from - 1, level)) return [];
      let length = 1;
      while (shares(from, from + length, level)) length += 1;
      return [{ label, level, depth: 1, from, length }];
    }),
  );
  return { depth, spans };
}

function spanAbove(span: Span, offset: number): HeadingBox {
  return head('columns', span.label, {
    row: span.level,
    column: offset + span.from,
    rowspan: span.depth,
    colspan: span.length,
  });
}

/** The headings that lead to a line, outermost first. */
export function pathOf(line: Row | Column): readonly Label[] {
  return [...(line.under ?? []), line.label];
}

type AreaFrom = Pick<Area, 'row' | 'column'> & Partial<Area>;

function head(heads: HeadingBox['heads'], text: Label, area: AreaFrom): HeadingBox {
  return { heading: true, heads, text, rowspan: 1, colspan: 1, ...area };
}

function box(table: Table, row: Row, column: Column, area: AreaFrom): CellBox {
  const cell = cellOf(`${table.key}.${row.key}.${column.key}`);
  return { heading: false, cell, rowspan: 1, colspan: 1, ...area };
}

function byLine(boxes: readonly Box[]): Box[][] {
  const lines = Array.from({ length: Math.max(...boxes.map((each) => each.row)) + 1 }, (): Box[] => []);
  for (const each of boxes) lines[each.row]?.push(each);
  return lines.map((line) => line.sort((a, b) => a.column - b.column));
}
