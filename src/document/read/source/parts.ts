/**
 * The parts of a document of any kind: pieces of text in reading order. A piece in a table has its row and column,
 * spans resolved; any other piece is a line of text.
 */
import { Problem } from '../../../problem.js';
import type { Unread } from './standing.js';

/** The position of a piece in a table; rows are counted over the whole document, columns within the table. */
export interface Position {
  readonly table: number;
  readonly row: number;
  readonly column: number;
  readonly span: number;
}

/** One cell of a table, or one line of text. */
export interface Piece {
  readonly text: string;
  /** The line of the decoded text, counted from 1; for HTML, Word, Excel and PDF the ordinal of the paragraph or table row. */
  readonly line: number;
  /** Null for a line of text. */
  readonly position: Position | null;
  /** What is in a cell beside its text, or in place of it. */
  readonly unread?: Unread;
  /** What the document says that it is: a heading by its style, or a paragraph by its indent or its section. */
  readonly role?: PieceRole;
  /** Only its place on a page says in which row and column it is: no ruling line does. */
  readonly byPlace?: true;
  /** The page that it begins on, from 1, in a format that has pages. */
  readonly page?: number;
}

/** What a document can say of a line. */
export type PieceRole = 'heading' | 'paragraph';

/** The parts of a document. */
export interface Parts {
  readonly pieces: readonly Piece[];
  /** The title of the document, if its format has one outside the text. */
  readonly title: string | null;
  /** Its lines of text stand at places on pages: numbers in them are in no table that could be told by lines. */
  readonly linesByPlace?: true;
  /** How many pictures it has: tables that were not found may be pictures. */
  readonly pictures: number;
}

/** A cell of a table with its spans. */
export interface SpannedCell {
  readonly text: string;
  readonly rowSpan: number;
  readonly columnSpan: number;
  /** The cell continues the one above it, which is Word's form of a row span: it takes room and has no piece. */
  readonly continues?: true;
  readonly unread?: Unread | undefined;
  readonly role?: PieceRole | undefined;
}

/** One row of a table, with its line if the format has lines. */
export interface SpannedRow {
  readonly cells: readonly SpannedCell[];
  readonly line?: number;
  readonly byPlace?: true;
  readonly page?: number;
}

/** Where a line of text is, and what the document says that it is. */
interface LinePlace {
  readonly line?: number | undefined;
  readonly role?: PieceRole | undefined;
  readonly page?: number | undefined;
}

/** The maximum of pieces (and of numbers and headings in them), of columns of a table, and of rows that a cell spans. */
export const partsLimits = { pieces: 400_000, columns: 400, rowSpan: 2_000 } as const;

/**
 * Tests whether a piece is a line of text: outside tables, or the only piece of its row, as titles and paragraphs are
 * in worksheets and in pages laid out with tables.
 */
export function lineTest(pieces: readonly Piece[]): (piece: Piece) => boolean {
  const filled = new Map<number, number>();
  for (const { text, position } of pieces) {
    if (position && text.trim() !== '') filled.set(position.row, (filled.get(position.row) ?? 0) + 1);
  }
  return ({ text, position }) => position === null || (text.trim() !== '' && filled.get(position.row) === 1);
}

/** Collects pieces in reading order and resolves spans; throws `invalid-document` past the limits. */
export interface PartsBuilder {
  addLine(text: string, at?: LinePlace): void;
  addTable(rows: readonly SpannedRow[]): void;
  addPicture(): void;
  finish(title: string | null): Parts;
}

/** Starts with no parts. Lines are numbered in their order unless their number is given. */
export function collectParts(): PartsBuilder {
  const pieces: Piece[] = [];
  let line = 0;
  let rows = 0;
  let tables = 0;
  let pictures = 0;
  const add = (piece: Piece): void => {
    if (pieces.length >= partsLimits.pieces) throw tooManyPieces();
    pieces.push(piece);
  };
  return {
    addLine(text, { line: own, role, page } = {}) {
      line = own ?? line + 1;
      add({ text, line, position: null, ...(role && { role }), ...(page && { page }) });
    },
    addTable(spanned) {
      tables += 1;
      const table = tables;
      resolveSpans(spanned, (row, column, cell) => {
        const { line: own = line + row + 1, byPlace, page } = spanned[row] ?? {};
        const position = { table, row: rows + row, column, span: cell.columnSpan };
        const { text, unread, role } = cell;
        const said = {
          ...(unread && { unread }),
          ...(role && { role }),
          ...(byPlace && { byPlace }),
          ...(page && { page }),
        };
        add({ text, line: own, position, ...said });
      });
      rows += spanned.length;
      line = spanned.at(-1)?.line ?? line + spanned.length;
    },
    addPicture() {
      pictures += 1;
    },
    finish: (title) => ({ pieces, title, pictures }),
  };
}

/** Visits the cells of a table with the column in which each starts, after the spans of cells above and to the left. */
function resolveSpans(
  rows: readonly SpannedRow[],
  visit: (row: number, column: number, cell: SpannedCell) => void,
): void {
  // For every column, how many more rows a cell above covers.
  const covered: number[] = [];
  rows.forEach(({ cells }, row) => {
    let column = 0;
    const nextFree = (): void => {
      while ((covered[column] ?? 0) > 0) column += 1;
    };
    const started: { from: number; to: number; rowSpan: number }[] = [];
    for (const cell of cells) {
      nextFree();
      if (column >= partsLimits.columns) break;
      const columnSpan = clamp(cell.columnSpan, partsLimits.columns - column);
      if (!cell.continues) visit(row, column, { ...cell, columnSpan });
      started.push({ from: column, to: column + columnSpan, rowSpan: clamp(cell.rowSpan, partsLimits.rowSpan) });
      column += columnSpan;
    }
    for (let index = 0; index < covered.length; index += 1) covered[index] = Math.max(0, (covered[index] ?? 0) - 1);
    for (const { from, to, rowSpan } of started) {
      for (let index = from; index < to; index += 1) covered[index] = Math.max(covered[index] ?? 0, rowSpan - 1);
    }
  });
}

function clamp(span: number, max: number): number {
  return Number.isInteger(span) && span > 1 ? Math.min(span, Math.max(1, max)) : 1;
}

/** The refusal of a document that has more pieces than any report. */
export function tooManyPieces(): Problem {
  return new Problem('invalid-document', {
    zh: `文件单元格和行数超过${partsLimits.pieces}，不是年度报告。`,
    en: `The document has more than ${partsLimits.pieces} cells and lines; a report has a few hundred.`,
  });
}
