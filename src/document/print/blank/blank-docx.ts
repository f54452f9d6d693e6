/** The blank form as a Word document: the printed layout with boxes to fill in. Word computes nothing: the equations are in words. */
import { formOf } from '../../../form/forms.js';
import { ruleOf } from '../../../form/rules.js';
import { cleanText } from '../../../text.js';
import { agencyCodeHeading, confirmedHeading, factHeadings } from '../../printed-words.js';
import { layoutOf, type PrintedTable, sectionHeadings } from '../layout.js';
import { type Block, type PageBox, type PrintedPage, pageBox, type TableBlock, textBlock } from '../page/blocks.js';
import { writePageDocx } from '../page/docx.js';
import { reportTitle } from '../sheet.js';
import { tableBlock } from '../sheet-page.js';
import { type BlankForm, fillingsOf, isFilled, shownFigure } from './blank.js';
import { factRows } from './facts.js';

/** Writes the blank form of an agency for a year as docx. */
export async function writeBlankDocx(blank: BlankForm): Promise<Uint8Array> {
  return writePageDocx(pageOfBlank(blank));
}

const words = {
  instruction: {
    zh: '只填写浅黄色空格；无数据填0，不掌握的留空（空白不等于0）。文字写在各部分标题之下。',
    en: 'Fill in the coloured boxes only: 0 where there is nothing, blank where it is not known. Text goes below the headings.',
  },
  filled: {
    zh: '已预填的数字（0、上年结转、上年现行有效）须逐项核对并更正，然后在“已核对”格填写“是”；未填写的，预填的数字一律按未填报处理。',
    en: 'Check and correct the figures that are filled in already, then write “是” in the box “已核对”: without it they count as not reported.',
  },
} as const;

function pageOfBlank(blank: BlankForm): PrintedPage {
  const form = formOf(blank.form);
  const title = reportTitle(cleanText(blank.agency.name), blank.year);
  const fillingOf = fillingsOf(blank);
  const write = (table: PrintedTable): Block[] => [
    tableBlock(table, (cell) => ({ text: String(shownFigure(fillingOf(cell)) ?? ''), shade: 'input' })),
  ];
  const tables = layoutOf(form);
  return {
    title,
    orientation: 'portrait',
    warning: null,
    blocks: [
      textBlock('title', title),
      identityTable(blank),
      textBlock('note', words.instruction),
      ...(isFilled(blank, form) ? [textBlock('note', words.filled)] : []),
      textBlock('note', equationsLine(blank)),
      factsTable(),
      ...sectionHeadings.flatMap(({ number, label }): Block[] => {
        const table = tables.find(({ section }) => section === number);
        const begin: Block[] = table?.section === 3 ? [{ kind: 'newPage' }] : [];
        const body = table ? write(table) : [textBlock('text', { zh: '', en: '' })];
        return [...begin, textBlock('heading', label), ...body];
      }),
    ],
  };
}

/** The equations of the form in words, each once. */
function equationsLine({ form }: BlankForm) {
  const rules = new Set(formOf(form).written.map(({ rule }) => rule));
  const said = [...rules].map(ruleOf).filter(({ severity }) => severity === 'error');
  return {
    zh: `勾稽关系：${said.map(({ description }) => description.zh).join('；')}。`,
    en: `Equations: ${said.map(({ description }) => description.en).join('; ')}.`,
  };
}

function identityTable(blank: BlankForm): TableBlock {
  const form = formOf(blank.form);
  const { agency, year } = blank;
  const head = (column: number, text: string) => pageBox(column, text, { heads: 'rows' });
  const rows: PageBox[][] = [
    [
      head(0, agencyCodeHeading),
      pageBox(1, cleanText(agency.code)),
      head(2, '机关名称'),
      pageBox(3, cleanText(agency.name)),
    ],
    [head(0, '年度'), pageBox(1, String(year)), head(2, '格式'), pageBox(3, form.name.zh)],
  ];
  if (isFilled(blank, form)) rows.push([head(0, confirmedHeading), pageBox(1, '', { colspan: 3, shade: 'input' })]);
  return { kind: 'table', label: agencyCodeHeading, widths: [4, 4, 3, 6], headerRows: 0, rows, design: 'list' };
}

function factsTable(): TableBlock {
  const rows = factRows.map((boxes) => {
    let column = 0;
    return boxes.map(({ columns, text, input }): PageBox => {
      const box = pageBox(column, text ?? '', {
        colspan: columns,
        heads: input ? null : 'rows',
        ...(input ? { shade: 'input' } : {}),
      });
      column += columns;
      return box;
    });
  });
  return { kind: 'table', label: factHeadings.table, widths: Array(15).fill(1), headerRows: 0, rows, design: 'list' };
}
