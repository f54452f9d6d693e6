/**
 * What every kind of document is turned into before headings are looked for: pieces of text in reading order.
 * A piece in a table knows its row and column with the spans resolved; any other is a line of text.
 */
import { Problem } from '../../../problem.js';

/** Where in a table a piece stands; rows are counted over the whole document, columns within the table. */
export interface Position {
  readonly table: number;
  readonly row: number;
  readonly column: number;
  readonly span: number;
}

/** One cell of a table, or one line of text. */
export interface Piece {
  readonly text: string;
  /** The line of the decoded text, counted from 1; for HTML, Word and Excel the ordinal of the paragraph or table row. */
  readonly line: number;
  /** Null for a line of text. */
  readonly position: Position | null;
}

/** A document taken apart. */
export interface Parts {
  readonly pieces: readonly Piece[];
  /** The document's own title, where the format has one apart from the text. */
  readonly title: string | null;
  /** Pictures met, for telling that the tables may be among them. */
  readonly pictures: number;
}

/** A cell as a markup language states it. */
export interface SpannedCell {
  readonly text: string;
  readonly rowSpan: number;
  readonly columnSpan: number;
  /** The cell only continues the one above it (Word's way to say a row span): it takes room and has no piece. */
  readonly continues?: true;
}

/** One row of a table, with its line where the format counts lines. */
export interface SpannedRow {
  readonly cells: readonly SpannedCell[];
  readonly line?: number;
}

/** The most pieces (or numbers and headings in them), and the widest table, that any document may have. */
export const partsLimits = { pieces: 400_000, columns: 400, rowSpan: 2_000 } as const;

/**
 * Whether a piece is a line of text: outside of tables, or alone in its row, as titles and paragraphs stand in
 * worksheets and in pages laid out by tables.
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
  addLine(text: string, line?: number): void;
  addTable(rows: readonly SpannedRow[]): void;
  addPicture(): void;
  finish(title: string | null): Parts;
}

/** Starts an empty sheet. Lines are numbered as they come unless their own number is given. */
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
    addLine(text, own) {
      line = own ?? line + 1;
      add({ text, line, position: null });
    },
    addTable(spanned) {
      tables += 1;
      const table = tables;
      resolveSpans(spanned, (row, column, cell) => {
        const own = spanned[row]?.line ?? line + row + 1;
        add({ text: cell.text, line: own, position: { table, row: rows + row, column, span: cell.columnSpan } });
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

/** Walks the cells of a table with the column each starts in, once spans from above and from the left are counted. */
function resolveSpans(
  rows: readonly SpannedRow[],
  visit: (row: number, column: number, cell: SpannedCell) => void,
): void {
  // For every column, the rows still covered by a cell from above.
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

function clamp(span: number, most: number): number {
  return Number.isInteger(span) && span > 1 ? Math.min(span, Math.max(1, most)) : 1;
}

/** The refusal of a document with more in it than any report has. */
export function tooManyPieces(): Problem {
  return new Problem('invalid-document', {
    zh: `文件单元格和行数超过${partsLimits.pieces}，不是年度报告。`,
    en: `The document has more than ${partsLimits.pieces} cells and lines; a report has a few hundred.`,
  });
}
