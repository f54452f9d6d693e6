/** A report or rollup as a page of blocks: the printed layout, its findings marked and listed after section six. */
import { type Cell, formOf } from '../../form/forms.js';
import { findingsHeading } from '../printed-words.js';
import { layoutOf, type PrintedTable } from './layout.js';
import { type Block, type PageBox, type PrintedPage, type TableBlock, textBlock } from './page/blocks.js';
import { coverageLines, findingLines, markCells, printCell, type Sheet, sampleWarning, sectionsOf } from './sheet.js';

/** The sheet laid out. */
export function pageOfSheet(sheet: Sheet): PrintedPage {
  const marks = markCells(sheet.findings);
  const tables = layoutOf(formOf(sheet.form));
  const findings = findingLines(sheet.findings);
  const fill = (cell: Cell) => {
    const shade = marks.get(cell.key)?.role;
    return { text: printCell(sheet, cell), ...(shade ? { shade } : {}) };
  };
  return {
    title: sheet.title,
    orientation: 'portrait',
    blocks: [
      ...(sheet.sample ? [textBlock('warning', sampleWarning)] : []),
      textBlock('title', sheet.title),
      ...sheet.subtitle.map((line) => textBlock('subtitle', line)),
      ...coverageLines(sheet.coverage).map((line) => textBlock('note', line)),
      ...sectionsOf(sheet).flatMap(({ number, label, paragraphs }): Block[] => {
        const table = tables.find((candidate) => candidate.section === number);
        return [
          // Table three fills a page: it begins on a new one.
          ...(table?.section === 3 ? [{ kind: 'newPage' } as const] : []),
          textBlock('heading', label),
          ...paragraphs.map((text) => textBlock('text', { zh: `　　${text}`, en: '' })),
          ...(table ? [tableBlock(table, fill)] : []),
        ];
      }),
      ...(findings.length > 0 ? [textBlock('heading', findingsHeading)] : []),
      ...findings.map((line) => textBlock('note', line)),
    ],
  };
}

/** A printed table as a block; `fill` says what is in the box of a cell. */
export function tableBlock(table: PrintedTable, fill: (cell: Cell) => Pick<PageBox, 'text' | 'shade'>): TableBlock {
  return {
    kind: 'table',
    label: table.label.zh,
    widths: table.widths,
    headerRows: table.headerRows,
    size: table.section === 2 ? 'usual' : 'small',
    rows: table.rows.map((boxes) =>
      boxes.map((box): PageBox => {
        const { column, rowspan, colspan } = box;
        if (!box.heading) return { column, rowspan, colspan, heads: null, align: 'center', ...fill(box.cell) };
        const isLeft = table.section === 3 && box.heads === 'rows' && rowspan === 1;
        return { column, rowspan, colspan, heads: box.heads, align: isLeft ? 'left' : 'center', text: box.text.zh };
      }),
    ),
  };
}
