/** A report or rollup as a page of blocks: the printed layout, its findings marked and listed after section six. */
import { type Cell, formOf } from '../../form/forms.js';
import { findingsHeading } from '../printed-words.js';
import { layoutOf, type PrintedTable } from './layout.js';
import {
  asideBlocks,
  type Block,
  type PageBox,
  type PrintedPage,
  pageBox,
  type TableBlock,
  textBlock,
} from './page/blocks.js';
import { coverageLines, findingLines, markCells, printCell, type Sheet, sampleWarning, sectionsOf } from './sheet.js';

/** The sheet laid out. */
export function pageOfSheet(sheet: Sheet): PrintedPage {
  const marks = markCells(sheet.findings);
  const tables = layoutOf(formOf(sheet.form));
  const fill = (cell: Cell): Filled => {
    const mark = marks.get(cell.key);
    return { text: printCell(sheet, cell), ...(mark ? { shade: mark.role, finding: mark.message } : {}) };
  };
  return {
    title: sheet.title,
    orientation: 'portrait',
    warning: sheet.sample ? sampleWarning : null,
    blocks: [
      textBlock('title', sheet.title),
      ...sheet.subtitle.map((line) => textBlock('subtitle', line)),
      ...asideBlocks('coverage', null, coverageLines(sheet.coverage)),
      ...sectionsOf(sheet).flatMap(({ number, label, paragraphs }): Block[] => {
        const table = tables.find((candidate) => candidate.section === number);
        return [
          // Table three fills a page: it begins on a new one.
          ...(table?.section === 3 ? [{ kind: 'newPage' } as const] : []),
          // What is printed is read back: there the headings and the text are only what was filed.
          textBlock('heading', { zh: label.zh, en: '' }),
          ...paragraphs.map((text) => textBlock('text', { zh: text, en: '' })),
          ...(table ? [tableBlock(table, fill)] : []),
        ];
      }),
      ...asideBlocks('findings', findingsHeading, findingLines(sheet.findings)),
    ],
  };
}

/** What is in a box, and how it is marked. */
type Filled = Pick<PageBox, 'text' | 'shade' | 'finding'>;

/** A printed table as a block; `fill` says what is in the box of a cell. */
export function tableBlock(table: PrintedTable, fill: (cell: Cell) => Filled): TableBlock {
  return {
    kind: 'table',
    label: table.label.zh,
    widths: table.widths,
    headerRows: table.headerRows,
    design: `table-${table.section}`,
    rows: table.rows.map((boxes) =>
      boxes.map((box): PageBox => {
        const { column, rowspan, colspan } = box;
        if (!box.heading) {
          const { key, label } = box.cell;
          return pageBox(column, '', { rowspan, colspan, cell: { key, label }, ...fill(box.cell) });
        }
        const isLeft = table.section === 3 && box.heads === 'rows' && rowspan === 1;
        return pageBox(column, box.text.zh, { rowspan, colspan, heads: box.heads, align: isLeft ? 'left' : 'center' });
      }),
    ),
  };
}
