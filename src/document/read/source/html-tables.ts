/**
 * The tables of a page while it is read. A table that contains tables is page layout: its text is read as lines, and only
 * the innermost tables are read as tables; a form with a table in one of its boxes stays a form.
 */
import { Problem } from '../../../problem.js';
import type { PartsBuilder, SpannedCell } from './parts.js';
import type { Unread } from './standing.js';

/** A cell that is being read. */
interface OpenCell {
  text: string;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly children: (string | OpenTable)[];
  unread: Unread | undefined;
}

interface OpenTable {
  readonly rows: OpenCell[][];
  cell: OpenCell | null;
  nests: boolean;
}

/** Follows the tags of tables; each table goes to the parts when the outermost one around it ends. */
export interface TablesOfPage {
  /** How many tables are open. */
  depth(): number;
  /** The innermost cell that is open. */
  cell(): OpenCell | undefined;
  /** Throws `invalid-document` for more tables within each other than any report has. */
  openTable(): void;
  openRow(): void;
  openCell(attributes: Readonly<Record<string, string>>): void;
  closeCell(): void;
  closeTable(): void;
}

const maxNestedTables = 40;

/** Begins with no table. */
export function followTables(parts: PartsBuilder): TablesOfPage {
  const open: OpenTable[] = [];
  const closeCell = () => {
    const table = open.at(-1);
    if (!table?.cell) return;
    table.rows.at(-1)?.push(table.cell);
    table.cell = null;
  };
  return {
    depth: () => open.length,
    cell: () => open.at(-1)?.cell ?? undefined,
    openTable() {
      if (open.length >= maxNestedTables) throw tooDeep();
      open.push({ rows: [], cell: null, nests: false });
    },
    openRow() {
      closeCell();
      open.at(-1)?.rows.push([]);
    },
    openCell({ rowspan, colspan }) {
      closeCell();
      const table = open.at(-1);
      if (!table) return;
      if (table.rows.length === 0) table.rows.push([]);
      const spans = { rowSpan: spanOf(rowspan), columnSpan: spanOf(colspan) };
      table.cell = { text: '', ...spans, children: [], unread: undefined };
    },
    closeCell,
    closeTable() {
      closeCell();
      const table = open.pop();
      if (table) settleTable(parts, table, open.at(-1));
    },
  };
}

/** What becomes of a table that has ended: a part of the page, or of the table around it. */
function settleTable(parts: PartsBuilder, table: OpenTable, outer: OpenTable | undefined): void {
  if (!outer) emitTable(parts, table);
  else if (outer.cell && isOneText(table)) {
    const only = table.rows.flat().find(isFilled);
    outer.cell.text += only?.text ?? '';
    outer.cell.unread ??= only?.unread;
  } else if (outer.cell) {
    outer.nests = true;
    outer.cell.children.push(outer.cell.text, table);
    outer.cell.text = '';
  } else emitInside(outer, table);
}

/** A table with one text in it, or none, is that text: it lays out a cell. */
function isOneText(table: OpenTable): boolean {
  return !table.nests && table.rows.flat().filter(isFilled).length <= 1;
}

function isFilled({ text, unread }: OpenCell): boolean {
  return text.trim() !== '' || unread !== undefined;
}

/** A table between the rows of another one (invalid markup) becomes a row of that table. */
function emitInside(outer: OpenTable, table: OpenTable): void {
  outer.nests = true;
  outer.rows.push([{ text: '', rowSpan: 1, columnSpan: 1, children: [table], unread: undefined }]);
}

function emitTable(parts: PartsBuilder, table: OpenTable): void {
  if (!table.nests || isFormTable(table)) {
    parts.addTable(table.rows.map((cells) => ({ cells: cells.map(toSpanned) })));
    for (const nested of nestedIn(table)) emitTable(parts, nested);
    return;
  }
  for (const cell of table.rows.flat()) {
    for (const child of [...cell.children, cell.text]) {
      if (typeof child !== 'string') emitTable(parts, child);
      else for (const line of child.split('\n')) if (line.trim() !== '') parts.addLine(line.trim());
    }
  }
}

/** A table with this many numbers of its own, and few tables in its cells, is a form and no layout. */
const minFormNumbers = 8;

function isFormTable(table: OpenTable): boolean {
  const cells = table.rows.flat();
  const numbers = cells.filter(({ text }) => /^\s*\d{1,12}\s*$/.test(text)).length;
  return numbers >= minFormNumbers + nestedIn(table).length * 4;
}

function nestedIn(table: OpenTable): readonly OpenTable[] {
  return table.rows.flat().flatMap(({ children }) => children.filter((child) => typeof child !== 'string'));
}

function toSpanned({ text, rowSpan, columnSpan, children, unread }: OpenCell): SpannedCell {
  const own = [...children.filter((child) => typeof child === 'string'), text].join('\n');
  const nested: Unread | undefined = children.length > 0 ? { kind: 'table' } : undefined;
  return { text: own.trim(), rowSpan, columnSpan, unread: unread ?? nested };
}

function spanOf(attribute: string | undefined): number {
  const span = Number.parseInt(attribute ?? '', 10);
  return span > 1 ? span : 1;
}

/** The refusal of a page that is nested deeper than any report. */
export function tooDeep(): Problem {
  return new Problem('invalid-document', {
    zh: '网页嵌套层数过多，无法识别为年度报告。',
    en: 'The page is nested beyond what any report needs.',
  });
}
