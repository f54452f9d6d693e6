/** A sheet as CSV, one row a cell. */

import { type CsvField, csvText, harmlessText } from '../../csv.js';
import { printFigure } from '../../form/check.js';
import { formOf } from '../../form/forms.js';
import { chineseFirst } from '../../words.js';
import { type Mark, markCells, type Sheet, sampleWarning } from './sheet.js';

/** The columns of the CSV, in order. */
const csvColumns = ['address', 'heading_zh', 'heading_en', 'unit', 'value', 'findings'] as const;

type Line = readonly [string, string, string, string, string | number, string];

/**
 * Writes a sheet as CSV (RFC 4180, UTF-8 without a BOM): the title, year and form, then every cell of the form
 * in printed order with its headings, its unit, its value (blank is empty, zero is 0, amounts in the printed
 * unit) and the codes of the findings against it; for a rollup, then whom it includes and each agency missing.
 * Text that a spreadsheet would run as a formula gets a leading apostrophe; figures are never changed.
 */
export function writeCsv(sheet: Sheet): string {
  const marks = markCells(sheet.findings);
  const about = aboutLines(sheet).map(harmlessLine);
  const coverage = coverageLines(sheet).map(harmlessLine);
  return csvText([csvColumns, ...about, ...cellLines(sheet, marks), ...coverage]);
}

function harmlessLine(line: Line): CsvField[] {
  return line.map((field) => (typeof field === 'string' ? harmlessText(field) : field));
}

function aboutLines(sheet: Sheet): Line[] {
  const lines: Line[] = [
    ['title', '标题', 'Title', '', sheet.title.zh, ''],
    ['year', '年度', 'Year', '', sheet.year, ''],
    ['form', '格式', 'Form', '', sheet.form, ''],
  ];
  if (sheet.sample) lines.push(['sample', sampleWarning.zh, sampleWarning.en, '', 'true', '']);
  return lines;
}

function cellLines(sheet: Sheet, marks: ReadonlyMap<string, Mark>): Line[] {
  return formOf(sheet.form).cells.map((cell) => {
    const value = printFigure(cell, sheet.figures[cell.at] ?? null) ?? '';
    const codes = marks.get(cell.key)?.codes.join(' ') ?? '';
    return [cell.key, cell.label.zh, cell.label.en, cell.unit, value, codes];
  });
}

function coverageLines({ coverage }: Sheet): Line[] {
  if (!coverage) return [];
  const { kinds, expected, reported, missing } = coverage;
  return [
    ...kinds.map((kind): Line => ['coverage.includes', '汇总范围', 'Includes', '', chineseFirst(kind), '']),
    ['coverage.expected', '应报', 'Expected', '个', expected, ''],
    ['coverage.reported', '已报', 'Reported', '个', reported, ''],
    ['coverage.missing', '未报', 'Missing', '个', missing.count, ''],
    ...missing.agencies.map(
      ({ code, name }): Line => ['coverage.missing.agency', '未报机关', 'Missing agency', '', `${name}（${code}）`, ''],
    ),
  ];
}
