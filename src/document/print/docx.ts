/** A sheet as a Word document in the printed layout, A4. */

import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  type ISectionOptions,
  Packer,
  PageNumber,
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
import { formOf } from '../../form/forms.js';
import { cleanText } from '../../text.js';
import { chineseFirst } from '../../words.js';
import { findingsHeading } from '../printed-words.js';
import { type Box, layoutOf, type PrintedTable, pageWidth } from './layout.js';
import {
  coverageLines,
  findingLines,
  type Mark,
  markCells,
  printCell,
  type Sheet,
  sampleWarning,
  sectionsOf,
} from './sheet.js';

/**
 * Writes a sheet as docx. A cell of a finding is shaded, and the cell that the equation is about is also bold and
 * doubly underlined; the findings follow section six. The text of a cell is only its figure.
 */
export async function writeDocx(sheet: Sheet): Promise<Uint8Array> {
  const document = new Document({
    title: cleanText(sheet.title.zh),
    description: cleanText(sheet.title.en),
    creator: 'Xiangbao 乡报',
    styles: { default: { document: { run: { font: fonts.text, size: sizes.text } } } },
    sections: [
      {
        properties: { page: { size: a4, margin: margins } },
        ...(sheet.sample ? { headers: { default: new Header({ children: [warning()] }) } } : {}),
        footers: { default: new Footer({ children: [pageNumber()] }) },
        children: writeBody(sheet),
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

/** Twentieths of a point, as docx counts: A4, with margins that leave 170 mm for the tables. */
const a4 = { width: 11906, height: 16838 } as const;
const margins = { top: 1304, bottom: 1134, left: 1134, right: 1134 } as const;
const tableWidth = a4.width - margins.left - margins.right;

/** Half points, as docx counts. */
const sizes = { title: 44, text: 32, tables: 17, tableTwo: 21, notes: 21 } as const;

const fonts = {
  title: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '方正小标宋简体' },
  heading: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '黑体' },
  text: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋' },
  tables: { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '宋体' },
} as const;

const shades = { about: 'F8D7DA', part: 'FFF3CD' } as const;

function writeBody(sheet: Sheet): ISectionOptions['children'] {
  const marks = markCells(sheet.findings);
  const tables = layoutOf(formOf(sheet.form));
  const findings = findingLines(sheet.findings);
  return [
    title(sheet.title.zh),
    ...sheet.subtitle.map((line) => note(line.zh, AlignmentType.CENTER)),
    ...coverageLines(sheet.coverage).map((line) => note(line.zh, AlignmentType.LEFT)),
    ...sectionsOf(sheet).flatMap(({ number, label, paragraphs }) => {
      const table = tables.find((candidate) => candidate.section === number);
      return [
        heading(label.zh, { ownPage: table?.section === 3 }),
        ...paragraphs.map(text),
        ...(table ? [writeTable(table, sheet, marks)] : []),
      ];
    }),
    ...(findings.length > 0 ? [heading(findingsHeading.zh, { ownPage: false })] : []),
    ...findings.map((line) => note(line.zh, AlignmentType.LEFT)),
  ];
}

function writeTable(table: PrintedTable, sheet: Sheet, marks: ReadonlyMap<string, Mark>): Table {
  const widths = table.widths.map((width) => Math.floor((width * tableWidth) / pageWidth));
  const border = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;
  return new Table({
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    margins: { top: 40, bottom: 40, left: 30, right: 30, marginUnitType: WidthType.DXA },
    borders: {
      top: border,
      bottom: border,
      left: border,
      right: border,
      insideHorizontal: border,
      insideVertical: border,
    },
    rows: table.rows.map(
      (boxes, index) =>
        new TableRow({
          cantSplit: true,
          tableHeader: index < table.headerRows,
          children: boxes.map((box) => writeBox(box, table, widths, sheet, marks)),
        }),
    ),
  });
}

function writeBox(
  box: Box,
  table: PrintedTable,
  widths: readonly number[],
  sheet: Sheet,
  marks: ReadonlyMap<string, Mark>,
): TableCell {
  const mark = box.heading ? undefined : marks.get(box.cell.key);
  const width = widths.slice(box.column, box.column + box.colspan).reduce((sum, each) => sum + each, 0);
  // Two characters fit between these margins, so 商业企业 is broken as on the notice.
  const narrow = box.heading && box.heads === 'columns' && box.colspan === 1 && table.section !== 2;
  // A table that fits on one page stays on one; Word repeats the headings of a longer one.
  const last = box.row + box.rowspan === table.rows.length;
  const leaf = box.heading && box.heads === 'rows' && box.rowspan === 1 && table.section === 3;
  return new TableCell({
    rowSpan: box.rowspan,
    columnSpan: box.colspan,
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlignTable.CENTER,
    ...(narrow || leaf ? { margins: { left: 80, right: narrow ? 80 : 30, marginUnitType: WidthType.DXA } } : {}),
    ...(mark ? { shading: { type: ShadingType.CLEAR, fill: shades[mark.role], color: 'auto' } } : {}),
    children: [
      new Paragraph({
        keepNext: !last,
        alignment: leaf ? AlignmentType.LEFT : AlignmentType.CENTER,
        children: [
          new TextRun({
            text: box.heading ? box.text.zh : printCell(sheet, box.cell),
            font: fonts.tables,
            size: table.section === 2 ? sizes.tableTwo : sizes.tables,
            ...(mark?.role === 'about' ? { bold: true, underline: { type: UnderlineType.DOUBLE } } : {}),
          }),
        ],
      }),
    ],
  });
}

function title(words: string): Paragraph {
  return new Paragraph({
    heading: HeadingLevel.TITLE,
    alignment: AlignmentType.CENTER,
    spacing: { after: 240 },
    children: [new TextRun({ text: cleanText(words), font: fonts.title, size: sizes.title, bold: true })],
  });
}

/** Table three fills a page: its heading begins a new one. */
function heading(words: string, { ownPage }: { readonly ownPage: boolean }): Paragraph {
  return new Paragraph({
    heading: HeadingLevel.HEADING_1,
    keepNext: true,
    pageBreakBefore: ownPage,
    spacing: { before: 200, after: 100 },
    children: [new TextRun({ text: words, font: fonts.heading, size: sizes.text, color: '000000' })],
  });
}

function text(words: string): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.BOTH,
    indent: { firstLine: 2 * 10 * sizes.text },
    spacing: { line: 560, lineRule: 'exact' },
    children: [new TextRun(words)],
  });
}

function note(words: string, alignment: 'center' | 'left'): Paragraph {
  return new Paragraph({
    alignment,
    spacing: { after: 80 },
    children: [new TextRun({ text: cleanText(words), size: sizes.notes })],
  });
}

function warning(): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ text: chineseFirst(sampleWarning), color: 'B00020', bold: true, size: sizes.notes })],
  });
}

function pageNumber(): Paragraph {
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: sizes.notes })],
  });
}
