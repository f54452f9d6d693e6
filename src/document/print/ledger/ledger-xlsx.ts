/**
 * A ledger as an Excel workbook: one sheet with a row an agency and a column for each box of the form, and one with the
 * boxes in which the county's own report differs. Figures are values and no formulas; blanks are empty cells.
 */
import { type CellStyle, type Cell as SheetCell, type WriteSheet, writeXlsx as writeWorkbook } from 'hucre/xlsx';
import { numberIfExact } from '../../../form/amount.js';
import { printFigure } from '../../../form/check.js';
import { type Cell, headingOf } from '../../../form/forms.js';
import { cleanText } from '../../../text.js';
import { chineseFirst, type Label } from '../../../words.js';
import { writeCellText } from '../../../xlsx.js';
import { sectionHeadings } from '../layout.js';
import { sampleWarning } from '../sheet.js';
import { propertiesOf } from '../xlsx-page.js';
import { ledgerHeadings } from './ledger-csv.js';
import {
  columnHeading,
  columnsOfForms,
  completenessLine,
  type LedgerColumn,
  type LedgerSheet,
  lateWords,
  linesBelow,
} from './ledger-sheet.js';

/** Writes a ledger as xlsx. Amounts are numbers, and text where they have more than the fifteen digits that Excel keeps. */
export async function writeLedgerXlsx(ledger: LedgerSheet): Promise<Uint8Array> {
  return writeWorkbook({
    sheets: [agenciesSheet(ledger), ...(ledger.published ? [differencesSheet(ledger, ledger.published)] : [])],
    properties: propertiesOf(ledger.title, ledger.year),
  });
}

type Value = string | number | null;

/** A sheet being written; `height` is the number of rows so far. */
interface Grid {
  readonly cells: Map<string, Partial<SheetCell>>;
  readonly merges: NonNullable<WriteSheet['merges']>;
  height: number;
}

const side = { style: 'thin' } as const;
const border = { top: side, bottom: side, left: side, right: side };
const styles = {
  title: { font: { name: '宋体', size: 16, bold: true } },
  note: { font: { name: '宋体', size: 10 } },
  head: {
    font: { name: '宋体', size: 10, bold: true },
    alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
    border,
  },
  box: { font: { name: '宋体', size: 10 }, alignment: { vertical: 'center' }, border },
  below: { font: { name: '宋体', size: 10, bold: true }, alignment: { vertical: 'center' }, border },
} as const satisfies Record<string, CellStyle>;

function agenciesSheet(ledger: LedgerSheet): WriteSheet {
  const columns = columnsOfForms(ledger.forms);
  const grid: Grid = { cells: new Map(), merges: [], height: 0 };
  addLines(grid, ledger);
  addHead(grid, columns);
  const frozen = grid.height;
  for (const row of ledger.rows) {
    const facts = [row.code, row.name, row.kind, row.state, lateWords(row), row.submittedOn];
    addRow(grid, styles.box, [
      ...facts.map((text) => text && writeCellText(text)),
      cellValue(row.publishedTotal),
      ...columns.map(({ cell }) => (row.figures ? figure(cell, row.figures[cell.at] ?? null) : null)),
    ]);
  }
  for (const { name, of, publishedTotal } of linesBelow(ledger)) {
    const facts = [null, name.zh, null, null, null, null];
    addRow(grid, styles.below, [
      ...facts,
      cellValue(publishedTotal),
      ...columns.map(({ cell }) => cellValue(of(cell))),
    ]);
  }
  return {
    name: '分乡镇一览表',
    columns: [14, 22, 12, 12, 8, 12, 12, ...columns.map(() => 9)].map((width) => ({ width })),
    cells: grid.cells,
    merges: grid.merges,
    freezePane: { rows: frozen, columns: 2 },
    pageSetup: { paperSize: 'a3', orientation: 'landscape', fitToPage: true, fitToWidth: 0, fitToHeight: 1 },
  };
}

/** The title, who is in, late, exempt and missing, and of what the totals are: on each sheet. */
function addLines(grid: Grid, ledger: LedgerSheet): void {
  const { title, subtitle, coverage, sample } = ledger;
  if (sample) addText(grid, chineseFirst(sampleWarning), styles.title);
  addText(grid, title.zh, styles.title);
  for (const { zh } of [...subtitle, ...coverage, completenessLine(ledger)] as readonly Label[]) {
    addText(grid, zh, styles.note);
  }
}

function addText(grid: Grid, text: string, style: CellStyle): void {
  grid.cells.set(`${grid.height},0`, { value: writeCellText(cleanText(text)), style });
  grid.height += 1;
}

/** Three rows of headings: the section, the line of the form, the column in it; equal neighbours are one. */
function addHead(grid: Grid, columns: readonly LedgerColumn[]): void {
  const first = grid.height;
  ledgerHeadings.forEach((heading, at) => {
    mergeHead(grid, { row: first, column: at, rows: 3, columns: 1 }, heading);
  });
  const sectionOf = ({ section }: LedgerColumn) =>
    sectionHeadings.find(({ number }) => number === section)?.label.zh ?? '';
  const levels = [
    { row: first, of: sectionOf },
    { row: first + 1, of: ({ row }: LedgerColumn) => headingOf(row).zh },
  ];
  for (const { row, of } of levels) {
    for (const { from, length } of runsOf(columns.map((one) => `${one.section} ${row === first ? '' : of(one)}`))) {
      const column = columns[from];
      if (column) {
        mergeHead(grid, { row, column: ledgerHeadings.length + from, rows: 1, columns: length }, of(column));
      }
    }
  }
  columns.forEach((column, at) => {
    const place = { row: first + 2, column: ledgerHeadings.length + at, rows: 1, columns: 1 };
    mergeHead(grid, place, columnHeading(column));
  });
  grid.height = first + 3;
}

/** Where equal texts follow one another, and how many. */
function runsOf(texts: readonly string[]): { readonly from: number; readonly length: number }[] {
  const runs: { from: number; length: number }[] = [];
  texts.forEach((text, at) => {
    const last = runs.at(-1);
    if (last && texts[last.from] === text) last.length += 1;
    else runs.push({ from: at, length: 1 });
  });
  return runs;
}

function mergeHead(
  grid: Grid,
  at: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number },
  text: string,
): void {
  for (let row = at.row; row < at.row + at.rows; row += 1) {
    for (let column = at.column; column < at.column + at.columns; column += 1) {
      grid.cells.set(`${row},${column}`, { value: null, style: styles.head });
    }
  }
  grid.cells.set(`${at.row},${at.column}`, { value: text, style: styles.head });
  if (at.rows === 1 && at.columns === 1) return;
  const [endRow, endCol] = [at.row + at.rows - 1, at.column + at.columns - 1];
  grid.merges.push({ startRow: at.row, startCol: at.column, endRow, endCol });
}

function addRow(grid: Grid, style: CellStyle, values: readonly Value[]): void {
  values.forEach((value, column) => {
    grid.cells.set(`${grid.height},${column}`, { value, style });
  });
  grid.height += 1;
}

function differencesSheet(ledger: LedgerSheet, published: NonNullable<LedgerSheet['published']>): WriteSheet {
  const grid: Grid = { cells: new Map(), merges: [], height: 0 };
  addLines(grid, ledger);
  const { name, differences } = published;
  addText(grid, `${name}公布的年度报告与合计${differences.length > 0 ? '有以下差异' : '各格一致'}`, styles.note);
  addRow(grid, styles.head, ['单元格', '项目', '合计', '本级公布', '差（公布－合计）']);
  for (const { cell, total, published: own, difference } of differences) {
    addRow(grid, styles.box, [
      cell.key,
      cell.label.zh,
      figure(cell, total),
      figure(cell, own),
      figure(cell, difference),
    ]);
  }
  return {
    name: '与本级公布的差异',
    columns: [36, 60, 14, 14, 16].map((width) => ({ width })),
    cells: grid.cells,
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  };
}

function figure(cell: Cell, value: number | bigint | null): Value {
  return cellValue(printFigure(cell, value));
}

function cellValue(value: bigint | number | string | null): Value {
  return typeof value === 'number' || value === null ? value : numberIfExact(String(value));
}
