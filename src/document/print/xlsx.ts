/** A sheet as an Excel workbook in the printed layout: one worksheet, A4. */

import { type Cell as SheetCell, writeXlsx as writeWorkbook } from 'hucre/xlsx';
import { printFigure } from '../../form/check.js';
import type { Exact } from '../../form/exact.js';
import { type Cell, formOf } from '../../form/forms.js';
import { cleanText } from '../../text.js';
import { chineseFirst } from '../../words.js';
import { findingsHeading, paragraphIndent } from '../printed-words.js';
import { layoutOf } from './layout.js';
import { coverageLines, findingLines, type Mark, markCells, type Sheet, sampleWarning, sectionsOf } from './sheet.js';
import { addTable, addText, finishPage, looks, newPage, propertiesOf } from './xlsx-page.js';

const shades = { about: 'F8D7DA', part: 'FFF3CD' } as const;

/**
 * Writes a sheet as xlsx. Figures are numbers in the printed unit, blanks are empty cells, text is never a
 * formula. A cell of a finding is coloured and has the finding as a comment.
 */
export async function writeXlsx(sheet: Sheet): Promise<Uint8Array> {
  const marks = markCells(sheet.findings);
  const tables = layoutOf(formOf(sheet.form));
  const page = newPage();
  const breaks: number[] = [];
  if (sheet.sample) addText(page, chineseFirst(sampleWarning), looks.warning);
  addText(page, cleanText(sheet.title.zh), looks.title);
  for (const line of sheet.subtitle) addText(page, cleanText(line.zh), looks.subtitle);
  for (const line of coverageLines(sheet.coverage)) addText(page, cleanText(line.zh), looks.note);
  for (const { number, label, paragraphs } of sectionsOf(sheet)) {
    const table = tables.find((candidate) => candidate.section === number);
    // Table three fills a page: it begins on a new one.
    if (table?.section === 3) breaks.push(page.height - 1);
    addText(page, label.zh, looks.heading);
    for (const words of paragraphs) addText(page, paragraphIndent + words, looks.text);
    if (table) addTable(page, table, (cell) => fillBox(sheet, cell, marks.get(cell.key)));
  }
  const findings = findingLines(sheet.findings);
  if (findings.length > 0) addText(page, findingsHeading.zh, looks.heading);
  for (const line of findings) addText(page, cleanText(line.zh), looks.note);
  return writeWorkbook({
    sheets: [{ ...finishPage(page, '年度报告'), rowBreaks: breaks }],
    properties: propertiesOf(sheet.title, sheet.year),
  });
}

function fillBox(sheet: Sheet, cell: Cell, mark: Mark | undefined): Partial<SheetCell> {
  const numFmt = cell.kind === 'amount' ? 'General' : '0';
  const value = contentOf(cell, sheet.figures[cell.at] ?? null);
  if (!mark) return { value, style: { numFmt } };
  return {
    value,
    style: {
      numFmt,
      fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: shades[mark.role] } },
      ...(mark.role === 'about' ? { font: { bold: true, underline: 'double' } } : {}),
    },
    comment: { author: 'Xiangbao', text: cleanText(`${mark.message.zh}\n${mark.message.en}`) },
  };
}

/** The figure as a number, or as exact text if the amount has more than the fifteen digits that Excel keeps. */
function contentOf(cell: Cell, figure: Exact | null): number | string | null {
  const printed = printFigure(cell, figure);
  if (typeof printed !== 'string') return printed;
  return printed.replace('.', '').length <= 15 ? Number(printed) : printed;
}
