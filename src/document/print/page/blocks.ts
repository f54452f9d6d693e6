/**
 * A printed document as a list of blocks, lines of text and ruled tables: what is laid out once and then written as a web
 * page, as a Word document and as a PDF.
 */
import type { Label } from '../../../words.js';

/** A line or paragraph of text, by what it is in the document. */
export interface TextBlock {
  readonly kind: 'title' | 'subtitle' | 'warning' | 'heading' | 'text' | 'note';
  /** Printed in Chinese; a web page has the English below it. */
  readonly words: Label;
}

/** One rectangle of a table. */
export interface PageBox {
  /** Zero-based column in which it begins; its row is the one that lists it. */
  readonly column: number;
  readonly rowspan: number;
  readonly colspan: number;
  readonly text: string;
  /** Whether it heads the columns below it or the row beside it; null for a figure or text. */
  readonly heads: 'columns' | 'rows' | null;
  readonly align: 'left' | 'center';
  /** A box of a finding, or one that is to be filled in. */
  readonly shade?: 'about' | 'part' | 'input';
}

/** A ruled table: its boxes cover a grid of `widths.length` columns without a hole or an overlap. */
export interface TableBlock {
  readonly kind: 'table';
  readonly label: string;
  /** The width of each column, in parts of their sum. */
  readonly widths: readonly number[];
  /** How many rows at the top are repeated on a new page. */
  readonly headerRows: number;
  readonly rows: readonly (readonly PageBox[])[];
  readonly size: 'usual' | 'small';
}

/** One part of a document, in printed order. */
export type Block = TextBlock | TableBlock | { readonly kind: 'newPage' };

/** A document to print on A4. */
export interface PrintedPage {
  readonly title: Label;
  readonly orientation: 'portrait' | 'landscape';
  readonly blocks: readonly Block[];
}

/** A line of text. */
export function textBlock(kind: TextBlock['kind'], words: Label): TextBlock {
  return { kind, words };
}

/** A box of one row and one column, or of several. */
export function pageBox(column: number, text: string, more: Partial<Omit<PageBox, 'column' | 'text'>> = {}): PageBox {
  return { column, text, rowspan: 1, colspan: 1, heads: null, align: 'center', ...more };
}
