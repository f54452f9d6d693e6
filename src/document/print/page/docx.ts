/** A printed page as a Word document, A4. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
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
  UnderlineType,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { cleanText } from '../../../text.js';
import { chineseFirst, type Label } from '../../../words.js';
import { onPaper, type PageBox, type PaperBlock, type PrintedPage, type TableBlock, type TextBlock } from './blocks.js';

/**
 * Writes a page as docx. A box of a finding is shaded, and the one that the equation is about is also bold and doubly
 * underlined; the text of a box is only its figure.
 */
export async function writePageDocx({ title, orientation, warning, blocks }: PrintedPage): Promise<Uint8Array> {
  const margin = margins[orientation];
  // The library turns the two round itself where a page lies on its side.
  const size = { ...a4, orientation: PageOrientation[orientation === 'landscape' ? 'LANDSCAPE' : 'PORTRAIT'] };
  const width = (orientation === 'landscape' ? a4.height : a4.width) - margin.left - margin.right;
  const document = new Document({
    title: cleanText(title.zh),
    description: cleanText(title.en),
    creator: 'Xiangbao 乡报',
    styles: { default: { document: { run: { font: fonts.text, size: textSize } } } },
    sections: [
      {
        properties: { page: { size, margin } },
        ...(warning ? { headers: { default: new Header({ children: [writeWarning(warning)] }) } } : {}),
        footers: { default: new Footer({ children: [pageNumber()] }) },
        children: writeBlocks(onPaper(blocks), width),
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

/** Twentieths of a point, as docx counts: A4, with margins that leave 170 mm for the tables of a form. */
const a4 = { width: 11906, height: 16838 } as const;
const margins = {
  portrait: { top: 1304, bottom: 1134, left: 1134, right: 1134 },
  landscape: { top: 1020, bottom: 1020, left: 1020, right: 1020 },
} as const;

/** Half points, as docx counts. */
const textSize = 32;
const noteSize = 21;

const fonts = {
  title: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '方正小标宋简体' },
  heading: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '黑体' },
  text: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋' },
  tables: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '宋体' },
} as const;

const shades = { about: 'F8D7DA', part: 'FFF3CD', input: 'FFFDE7' } as const;

type TextStyle = readonly [
  run: { size?: number; bold?: true; color?: string; font?: (typeof fonts)[keyof typeof fonts] },
  paragraph: Omit<IParagraphOptions, 'children'>,
];

const textStyles: Readonly<Record<TextBlock['kind'], TextStyle>> = {
  title: [
    { font: fonts.title, size: 44, bold: true },
    { heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER, spacing: { after: 240 } },
  ],
  subtitle: [{ size: noteSize }, { alignment: AlignmentType.CENTER, spacing: { after: 80 } }],
  heading: [
    { font: fonts.heading, size: textSize, color: '000000' },
    { heading: HeadingLevel.HEADING_1, keepNext: true, spacing: { before: 200, after: 100 } },
  ],
  text: [
    {},
    {
      alignment: AlignmentType.BOTH,
      indent: { firstLine: 2 * 10 * textSize },
      spacing: { line: 560, lineRule: 'exact' },
    },
  ],
  note: [{ size: noteSize }, { alignment: AlignmentType.LEFT, spacing: { after: 80 } }],
};

/** A new page begins with the text after it: an empty paragraph would stand above that. */
function writeBlocks(blocks: readonly PaperBlock[], width: number): (Paragraph | Table)[] {
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
    ...(isFirst ? { pageBreakBefore: true } : {}),
    children: [new TextRun({ ...run, text: cleanText(words.zh) })],
  });
}

interface TableStyle {
  readonly size: number;
  /** Above and below the text of a box. */
  readonly padding: number;
  /** Whether it stays on one page where it fits on one; Word repeats the headings of a longer one. */
  readonly isKept: boolean;
  /** Beside the words that head one column: two characters fit between, so 商业企业 is broken as on the notice. */
  readonly besideHeading: number;
}

const tableStyles: Readonly<Record<TableBlock['design'], TableStyle>> = {
  'table-2': { size: 21, padding: 40, isKept: true, besideHeading: 30 },
  'table-3': { size: 17, padding: 40, isKept: true, besideHeading: 80 },
  'table-4': { size: 17, padding: 40, isKept: true, besideHeading: 80 },
  list: { size: 19, padding: 30, isKept: false, besideHeading: 30 },
  wide: { size: 15, padding: 30, isKept: false, besideHeading: 30 },
};

function writeTable({ widths, headerRows, rows, design }: TableBlock, width: number): Table {
  const style = tableStyles[design];
  const sum = widths.reduce((all, one) => all + one, 0);
  const columns = widths.map((one) => Math.floor((one * width) / sum));
  const border = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;
  return new Table({
    width: { size: columns.reduce((all, one) => all + one, 0), type: WidthType.DXA },
    columnWidths: columns,
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    margins: { top: style.padding, bottom: style.padding, left: 30, right: 30, marginUnitType: WidthType.DXA },
    borders: {
      top: border,
      bottom: border,
      left: border,
      right: border,
      insideHorizontal: border,
      insideVertical: border,
    },
    rows: rows.map(
      (boxes, row) =>
        new TableRow({
          cantSplit: true,
          tableHeader: row < headerRows,
          children: boxes.map((box) =>
            writeBox(box, { columns, style, keepNext: style.isKept && row + box.rowspan < rows.length }),
          ),
        }),
    ),
  });
}

interface BoxWriting {
  /** The width of each column of its table. */
  readonly columns: readonly number[];
  readonly style: TableStyle;
  /** Whether the row after it stays on its page. */
  readonly keepNext: boolean;
}

function writeBox(box: PageBox, { columns, style, keepNext }: BoxWriting): TableCell {
  const { column, rowspan, colspan, shade } = box;
  const width = columns.slice(column, column + colspan).reduce((all, one) => all + one, 0);
  const beside = box.heads === 'columns' && colspan === 1 ? style.besideHeading : 30;
  const left = box.align === 'left' ? 80 : beside;
  return new TableCell({
    rowSpan: rowspan,
    columnSpan: colspan,
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlignTable.CENTER,
    ...(left === 30 ? {} : { margins: { left, right: beside, marginUnitType: WidthType.DXA } }),
    ...(shade ? { shading: { type: ShadingType.CLEAR, fill: shades[shade], color: 'auto' } } : {}),
    children: cleanText(box.text)
      .split('\n')
      .map((line) => writeLine(line, box, { size: style.size, keepNext })),
  });
}

/** A line in a box. An empty one is as high as its paragraph mark. */
function writeLine(
  text: string,
  { align, shade }: PageBox,
  { size, keepNext }: { readonly size: number; readonly keepNext: boolean },
): Paragraph {
  const run = { font: fonts.tables, size };
  const mark = shade === 'about' ? { bold: true, underline: { type: UnderlineType.DOUBLE } } : {};
  return new Paragraph({
    keepNext,
    alignment: align === 'left' ? AlignmentType.LEFT : AlignmentType.CENTER,
    run,
    children: [new TextRun({ text, ...run, ...mark })],
  });
}

function writeWarning(warning: Label): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ text: cleanText(chineseFirst(warning)), color: 'B00020', bold: true, size: noteSize })],
  });
}

function pageNumber(): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: noteSize })],
  });
}
