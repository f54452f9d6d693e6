/**
 * A ledger as a page to print: on A4 lying on its side the agencies with where each is with its report, then a table for
 * each part of the form, then in what the county's own report differs.
 */
import { printFigure } from '../../../form/check.js';
import { type Cell, headingOf } from '../../../form/forms.js';
import type { Label } from '../../../words.js';
import { pathOf, sectionHeadings, spread } from '../layout.js';
import {
  asideBlocks,
  type Block,
  type PageBox,
  type PrintedPage,
  pageBox,
  type TableBlock,
  textBlock,
} from '../page/blocks.js';
import { sampleWarning } from '../sheet.js';
import {
  columnHeading,
  columnsOfForms,
  completenessLine,
  type LedgerColumn,
  type LedgerSheet,
  lateWords,
  linesBelow,
} from './ledger-sheet.js';

/** The column of table three that adds up all applicants. */
const totalColumn = 'total';

/** The ledger laid out. */
export function pageOfLedger(ledger: LedgerSheet): PrintedPage {
  const columns = columnsOfForms(ledger.forms);
  const blocks: Block[] = [
    textBlock('title', ledger.title),
    ...ledger.subtitle.map((line) => textBlock('subtitle', line)),
    ...asideBlocks('coverage', null, ledger.coverage),
    textBlock('note', completenessLine(ledger)),
    filersTable(ledger),
    ...partsOf(columns, ledger).flatMap(({ label, columns: own }) => [
      { kind: 'newPage' } as const,
      textBlock('heading', label),
      figuresTable(ledger, label, own),
    ]),
    ...differenceBlocks(ledger),
  ];
  return { title: ledger.title, orientation: 'landscape', warning: ledger.sample ? sampleWarning : null, blocks };
}

interface LedgerPart {
  readonly label: Label;
  readonly columns: readonly LedgerColumn[];
}

/** Tables two and four, and table three once for all applicants and once for each kind of them. */
function partsOf(columns: readonly LedgerColumn[], ledger: LedgerSheet): LedgerPart[] {
  const ofSection = (section: number) => columns.filter((one) => one.section === section);
  const named = (section: number): Label => {
    const found = sectionHeadings.find(({ number }) => number === section);
    if (!found) throw new Error(`no section ${section}`);
    return found.label;
  };
  const applicants = new Map(ofSection(3).map(({ column }) => [column.key, column]));
  const ofApplicants = [...applicants.values()]
    .sort((one, other) => Number(other.key === totalColumn) - Number(one.key === totalColumn))
    .map((column): LedgerPart => {
      const own = ofSection(3).filter((one) => one.column.key === column.key);
      const label = headingOf(column);
      return {
        label: { zh: `${named(3).zh}（${label.zh}）`, en: `${named(3).en} (${label.en})` },
        columns: column.key === totalColumn ? own : own.filter(({ cell }) => !isZeroIn(ledger, cell)),
      };
    });
  const parts = [
    { label: named(2), columns: ofSection(2) },
    ...ofApplicants,
    { label: named(4), columns: ofSection(4) },
  ];
  return parts.filter((part) => part.columns.length > 0);
}

/** Whether every report states a box as zero, and the county's own does: that is said in one line for all of them. */
function isZeroIn({ rows, published }: LedgerSheet, { at }: Cell): boolean {
  const shown = rows.flatMap(({ figures }) => (figures ? [figures] : []));
  const all = published ? [...shown, published.figures] : shown;
  return shown.length > 0 && all.every((figures) => figures[at] === 0);
}

const omitted: Label = {
  zh: '分申请人的各表不列各报告均填0的项；含空白的项照列。',
  en: 'The tables by applicant leave out what every report states as zero; what any of them left blank is shown.',
};

function filersTable(ledger: LedgerSheet): TableBlock {
  const headings = ['序号', '机关代码', '机关名称', '类别', '报送情况', '逾期', '报送日期', '主动公开信息数（条）'];
  const rows = ledger.rows.map((row, at) =>
    boxes([
      String(at + 1),
      row.code,
      row.name,
      row.kind,
      row.state,
      lateWords(row),
      row.submittedOn ?? '',
      textOf(row.publishedTotal),
    ]),
  );
  const below = linesBelow(ledger)
    .filter(({ publishedTotal }) => publishedTotal !== null)
    .map(({ name, publishedTotal }) => [
      pageBox(0, name.zh, { colspan: 7, heads: 'rows' }),
      pageBox(7, textOf(publishedTotal)),
    ]);
  return {
    kind: 'table',
    label: '报送情况',
    widths: [1, 2.4, 4, 2, 2, 1.2, 2, 2],
    headerRows: 1,
    rows: [headings.map((text, column) => pageBox(column, text, { heads: 'columns' })), ...rows, ...below],
    design: 'list',
  };
}

function figuresTable(ledger: LedgerSheet, { zh }: Label, columns: readonly LedgerColumn[]): TableBlock {
  const above = spread(columns.map(pathOfColumn));
  const head: PageBox[][] = Array.from({ length: above.depth }, () => []);
  head[0]?.push(pageBox(0, '机关名称', { rowspan: above.depth, heads: 'columns' }));
  for (const { level, from, depth, length, label } of above.spans) {
    head[level]?.push(pageBox(from + 1, label.zh, { rowspan: depth, colspan: length, heads: 'columns' }));
  }
  const line = (name: string, of: (cell: Cell) => bigint | number | string | null) => [
    pageBox(0, name, { heads: 'rows', align: 'left' }),
    ...columns.map(({ cell }, at) => pageBox(at + 1, textOf(of(cell)))),
  ];
  return {
    kind: 'table',
    label: zh,
    widths: [Math.max(3, columns.length / 6), ...columns.map(() => 1)],
    headerRows: above.depth,
    rows: [
      ...head.map((row) => row.sort((one, other) => one.column - other.column)),
      ...ledger.rows.map(({ name, figures }) =>
        line(name, (cell) => (figures ? printFigure(cell, figures[cell.at] ?? null) : null)),
      ),
      ...linesBelow(ledger).map(({ name, of }) => line(name.zh, of)),
    ],
    design: columns.length > 12 ? 'wide' : 'list',
  };
}

/** The headings over a column. In table three the applicant stands over the whole table. */
function pathOfColumn(one: LedgerColumn): readonly Label[] {
  const { section, row, column } = one;
  if (section === 3) return pathOf(row);
  return [...pathOf(row), ...(column.under ?? []), { zh: columnHeading(one), en: column.label.en }];
}

/** In what the county's own report differs from the totals, box by box. */
function differenceBlocks({ published, coverage, title }: LedgerSheet): Block[] {
  const note = textBlock('note', omitted);
  if (!published) return [note];
  const heading = {
    zh: `${published.name}公布的年度报告与合计的差异`,
    en: `In what the report that ${published.name} published differs from the totals`,
  };
  const begin: Block[] = [note, { kind: 'newPage' }, textBlock('heading', heading)];
  const covered = asideBlocks('coverage', null, coverage);
  if (published.differences.length === 0) {
    return [...begin, ...covered, textBlock('text', { zh: '各格一致。', en: 'They agree in every box.' })];
  }
  const headings = ['项目', '合计', '本级公布', '差（公布－合计）'];
  return [
    ...begin,
    ...covered,
    {
      kind: 'table',
      label: title.zh,
      widths: [8, 2, 2, 2],
      headerRows: 1,
      design: 'list',
      rows: [
        headings.map((text, column) => pageBox(column, text, { heads: 'columns' })),
        ...published.differences.map(({ cell, total, published: own, difference }) => [
          pageBox(0, cell.label.zh, { heads: 'rows', align: 'left' }),
          ...[total, own, difference].map((value, at) => pageBox(at + 1, textOf(printFigure(cell, value)))),
        ]),
      ],
    },
  ];
}

function boxes(texts: readonly string[]): PageBox[] {
  return texts.map((text, column) => pageBox(column, text));
}

function textOf(value: bigint | number | string | null): string {
  return value === null ? '' : String(value);
}
