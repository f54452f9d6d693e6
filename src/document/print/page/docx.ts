/** A printed page as a Word document, A4. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
  type IParagraphOptions,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { cleanText } from '../../../text.js';
import type { Block, PageBox, PrintedPage, TableBlock, TextBlock } from './blocks.js';

/** Writes a page as docx. */
export async function writePageDocx({ title, orientation, blocks }: PrintedPage): Promise<Uint8Array> {
  // The library turns the two round itself where a page lies on its side.
  const size = {
    ...a4,
    orientation: orientation === 'landscape' ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
  };
  const width = (orientation === 'landscape' ? a4.height : a4.width) - 2 * margin;
  const document = new Document({
    title: cleanText(title.zh),
    description: cleanText(title.en),
    creator: 'Xiangbao 乡报',
    styles: { default: { document: { run: { font: fonts.text, size: 24 } } } },
    sections: [
      {
        properties: { page: { size, margin: { top: margin, bottom: margin, left: margin, right: margin } } },
        footers: { default: new Footer({ children: [pageNumber()] }) },
        children: writeBlocks(blocks, width),
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

/** Twentieths of a point, as docx counts. */
const a4 = { width: 11906, height: 16838 } as const;
const margin = 1020;

const fonts = {
  title: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '方正小标宋简体' },
  heading: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '黑体' },
  text: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋' },
  tables: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '宋体' },
} as const;

const shades = { about: 'F8D7DA', part: 'FFF3CD', input: 'FFFDE7' } as const;

type TextStyle = readonly [
  run: { size: number; bold?: true; color?: string; font?: (typeof fonts)[keyof typeof fonts] },
  paragraph: Omit<IParagraphOptions, 'children'>,
];

/** Sizes are half points, as docx counts. */
const textStyles: Readonly<Record<TextBlock['kind'], TextStyle>> = {
  title: [
    { size: 40, bold: true, font: fonts.title },
    { heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER, spacing: { after: 160 } },
  ],
  subtitle: [{ size: 21 }, { alignment: AlignmentType.CENTER, spacing: { after: 60 } }],
  warning: [{ size: 24, bold: true, color: 'B00020' }, { alignment: AlignmentType.CENTER }],
  heading: [
    { size: 28, color: '000000', font: fonts.heading },
    { heading: HeadingLevel.HEADING_1, keepNext: true, spacing: { before: 160, after: 80 } },
  ],
  text: [{ size: 24 }, { alignment: AlignmentType.BOTH }],
  note: [{ size: 20 }, { spacing: { after: 40 } }],
};

/** A new page begins with the text after it: an empty paragraph would stand above that. */
function writeBlocks(blocks: readonly Block[], width: number): (Paragraph | Table)[] {
  return blocks.flatMap((block, at): (Paragraph | Table)[] => {
    if (block.kind === 'table') return [writeTable(block, width)];
    if (block.kind !== 'newPage') return [writeText(block, { isFirst: blocks[at - 1]?.kind === 'newPage' })];
    const next = blocks[at + 1]?.kind;
    return next === 'table' || next === undefined ? [new Paragraph({ children: [], pageBreakBefore: true })] : [];
  });
}

function writeText({ kind, words }: TextBlock, { isFirst }: { readonly isFirst: boolean }): Paragraph {
  const [run, paragraph] = textStyles[kind];
  return new Paragraph({
    ...paragraph,
    pageBreakBefore: isFirst,
    children: [new TextRun({ ...run, text: cleanText(words.zh) })],
  });
}

function writeTable({ widths, headerRows, rows, size }: TableBlock, width: number): Table {
  const sum = widths.reduce((all, one) => all + one, 0);
  const columns = widths.map((one) => Math.floor((one * width) / sum));
  const border = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;
  return new Table({
    width: { size: columns.reduce((all, one) => all + one, 0), type: WidthType.DXA },
    columnWidths: columns,
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    margins: { top: 30, bottom: 30, left: 30, right: 30, marginUnitType: WidthType.DXA },
    borders: {
      top: border,
      bottom: border,
      left: border,
      right: border,
      insideHorizontal: border,
      insideVertical: border,
    },
    rows: rows.map(
      (boxes, index) =>
        new TableRow({
          cantSplit: true,
          tableHeader: index < headerRows,
          children: boxes.map((box) => writeBox(box, columns, size)),
        }),
    ),
  });
}

function writeBox(box: PageBox, columns: readonly number[], size: TableBlock['size']): TableCell {
  const width = columns.slice(box.column, box.column + box.colspan).reduce((all, one) => all + one, 0);
  return new TableCell({
    rowSpan: box.rowspan,
    columnSpan: box.colspan,
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlignTable.CENTER,
    ...(box.shade ? { shading: { type: ShadingType.CLEAR, fill: shades[box.shade], color: 'auto' } } : {}),
    children: cleanText(box.text)
      .split('\n')
      .map(
        (line) =>
          new Paragraph({
            alignment: box.align === 'left' ? AlignmentType.LEFT : AlignmentType.CENTER,
            children: [new TextRun({ text: line, font: fonts.tables, size: size === 'small' ? 15 : 19 })],
          }),
      ),
  });
}

function pageNumber(): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: 20 })],
  });
}
