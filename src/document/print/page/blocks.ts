/**
 * A printed document as a list of blocks, lines of text and ruled tables: what is laid out once and then written as a web
 * page, as a Word document and as a PDF.
 */
import type { Label } from '../../../words.js';

/** A line or paragraph of text, by what it is in the document. */
export interface TextBlock {
  readonly kind: 'title' | 'subtitle' | 'heading' | 'text' | 'note';
  /** Printed in Chinese; a web page has the English below it. */
  readonly words: Label;
}

/** Lines that are no text of the document: whom it covers, or what the checks found. */
export interface AsideBlock {
  readonly kind: 'aside';
  readonly about: 'coverage' | 'findings';
  readonly heading: Label | null;
  readonly lines: readonly Label[];
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
  /** The cell of the form that it shows. */
  readonly cell?: { readonly key: string; readonly label: Label };
  /** What the findings say of it. */
  readonly finding?: Label;
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
  /** Which table it is: one of the three of a form, a list, or one of many columns. Its sizes follow from that. */
  readonly design: 'table-2' | 'table-3' | 'table-4' | 'list' | 'wide';
}

/** What there is on paper: there an aside is a heading and notes. */
export type PaperBlock = TextBlock | TableBlock | { readonly kind: 'newPage' };

/** One part of a document, in printed order. */
export type Block = PaperBlock | AsideBlock;

/** A document to print on A4. */
export interface PrintedPage {
  readonly title: Label;
  readonly orientation: 'portrait' | 'landscape';
  /** Printed at the top of every page; null where nothing is to be warned of. */
  readonly warning: Label | null;
  readonly blocks: readonly Block[];
}

/** A line of text. */
export function textBlock(kind: TextBlock['kind'], words: Label): TextBlock {
  return { kind, words };
}

/** Lines that stand apart, under a heading or none; nothing where there are no lines. */
export function asideBlocks(about: AsideBlock['about'], heading: Label | null, lines: readonly Label[]): AsideBlock[] {
  return lines.length === 0 ? [] : [{ kind: 'aside', about, heading, lines }];
}

/** A box of one row and one column, or of several. */
export function pageBox(column: number, text: string, more: Partial<Omit<PageBox, 'column' | 'text'>> = {}): PageBox {
  return { column, text, rowspan: 1, colspan: 1, heads: null, align: 'center', ...more };
}

/** The blocks as they stand on paper. */
export function onPaper(blocks: readonly Block[]): PaperBlock[] {
  return blocks.flatMap((block): PaperBlock[] => {
    if (block.kind !== 'aside') return [block];
    const notes = block.lines.map((line) => textBlock('note', line));
    return block.heading ? [textBlock('heading', block.heading), ...notes] : notes;
  });
}
