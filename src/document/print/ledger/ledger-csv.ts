/** A ledger as CSV: a row an agency, then the lines below them. */
import { type CsvField, csvText, harmlessText } from '../../../csv.js';
import { printFigure } from '../../../form/check.js';
import { columnsOfForms, headingOfColumn, type LedgerSheet, lateWords, linesBelow } from './ledger-sheet.js';

/** The first columns, before those of the boxes. */
export const ledgerHeadings = [
  '机关代码',
  '机关名称',
  '类别',
  '报送情况',
  '逾期',
  '报送日期',
  '主动公开信息数（条）',
] as const;

/** Writes a ledger as CSV (RFC 4180, UTF-8 with the mark by which Excel knows it); blank is empty, zero is 0. */
export function writeLedgerCsv(ledger: LedgerSheet): string {
  const columns = columnsOfForms(ledger.forms);
  const head: CsvField[] = [...ledgerHeadings, ...columns.map(headingOfColumn)];
  const rows = ledger.rows.map((row): CsvField[] => [
    ...[row.code, row.name, row.kind, row.state, lateWords(row), row.submittedOn ?? ''].map(harmlessText),
    field(row.publishedTotal),
    ...columns.map(({ cell }) => (row.figures ? printFigure(cell, row.figures[cell.at] ?? null) : null)),
  ]);
  const below = linesBelow(ledger).map(({ name, of, publishedTotal }): CsvField[] => [
    ...[null, name.zh, null, null, null, null],
    field(publishedTotal),
    ...columns.map(({ cell }) => field(of(cell))),
  ]);
  return `\ufeff${csvText([head, ...rows, ...below])}`;
}

/** Whole numbers beyond a safe integer are written in their digits. */
function field(value: bigint | number | string | null): CsvField {
  return typeof value === 'bigint' ? String(value) : value;
}
