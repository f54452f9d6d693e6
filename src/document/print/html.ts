/** A sheet as one HTML page in the printed layout: it loads nothing, and prints on A4. */

import { formOf } from '../../form/forms.js';
import { cleanText } from '../../text.js';
import type { Label } from '../../words.js';
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
 * Writes a sheet as a complete HTML document. A marked cell has the sentences of its findings as its title and for
 * screen readers; the style draws the sign beside the number, so the text of the cell is only its figure.
 */
export function writeHtml(sheet: Sheet): string {
  const marks = markCells(sheet.findings);
  const tables = layoutOf(formOf(sheet.form));
  const sections = sectionsOf(sheet).map(({ number, label, paragraphs }) => {
    const table = tables.find((candidate) => candidate.section === number);
    return `<section>
<h2>${escapeText(label.zh)}</h2>
${paragraphs.map((text) => `<p>${escapeText(text)}</p>\n`).join('')}${table ? writeTable(table, sheet, marks) : ''}</section>`;
  });
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(sheet.title.zh)}</title>
<style>${style}</style>
</head>
<body>
<main>
${sheet.sample ? `<p class="sample">${both(sampleWarning)}</p>\n` : ''}<h1>${escapeText(sheet.title.zh)}</h1>
<p class="subtitle english" lang="en">${escapeText(sheet.title.en)}</p>
${sheet.subtitle.map((line) => `<p class="subtitle">${both(line)}</p>\n`).join('')}${writeCoverage(sheet)}${sections.join('\n')}
${writeFindings(sheet)}</main>
</body>
</html>
`;
}

function writeTable(table: PrintedTable, sheet: Sheet, marks: ReadonlyMap<string, Mark>): string {
  const columns = table.widths.map((width) => `<col style="width:${((100 * width) / pageWidth).toFixed(3)}%">`);
  const line = (boxes: readonly Box[]) => `<tr>${boxes.map((box) => writeBox(box, sheet, marks)).join('')}</tr>\n`;
  const above = table.rows.slice(0, table.headerRows);
  return `<table class="table-${table.section}" aria-label="${escapeText(table.label.zh)}">
<colgroup>${columns.join('')}</colgroup>
${above.length > 0 ? `<thead>\n${above.map(line).join('')}</thead>\n` : ''}<tbody>
${table.rows.slice(table.headerRows).map(line).join('')}</tbody>
</table>
`;
}

function writeBox(box: Box, sheet: Sheet, marks: ReadonlyMap<string, Mark>): string {
  const { rowspan, colspan } = box;
  const spans = `${rowspan > 1 ? ` rowspan="${rowspan}"` : ''}${colspan > 1 ? ` colspan="${colspan}"` : ''}`;
  if (box.heading) {
    const side = box.heads === 'columns' ? 'col' : 'row';
    const group = (side === 'col' ? colspan : rowspan) > 1 ? 'group' : '';
    return `<th scope="${side}${group}"${spans}>${escapeText(box.text.zh)}</th>`;
  }
  const { key, label } = box.cell;
  const figure = escapeText(printCell(sheet, box.cell));
  const mark = marks.get(key);
  if (!mark) return `<td${spans} data-cell="${key}">${figure}</td>`;
  const message = escapeText(`${mark.message.zh}\n${mark.message.en}`);
  const said = escapeText(`${label.zh} ${printCell(sheet, box.cell) || '空白'} ${mark.message.zh}`);
  return `<td${spans} data-cell="${key}" class="${mark.role}" title="${message}" aria-label="${said}">${figure}</td>`;
}

function writeCoverage(sheet: Sheet): string {
  const lines = coverageLines(sheet.coverage);
  if (lines.length === 0) return '';
  return `<aside class="coverage">${lines.map((line) => `<p>${both(line)}</p>`).join('\n')}</aside>\n`;
}

function writeFindings(sheet: Sheet): string {
  const lines = findingLines(sheet.findings);
  if (lines.length === 0) return '';
  const items = lines.map((line) => `<li>${both(line)}</li>`).join('\n');
  return `<aside class="findings"><h2>${both(findingsHeading)}</h2>\n<ul>\n${items}\n</ul></aside>\n`;
}

/** Chinese as printed, with English below it for readers on a screen. */
function both(label: Label): string {
  return `${escapeText(label.zh)}<small lang="en">${escapeText(label.en)}</small>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const style = `
@page { size: A4 portrait; margin: 22mm 20mm; }
* { box-sizing: border-box; }
body { margin: 0; color: #000; background: #fff; font: 16px/1.75 FangSong, STFangsong, "FangSong_GB2312",
  "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; }
main { max-width: 170mm; margin: 0 auto; padding: 12mm 0; }
h1 { margin: 0 0 6mm; text-align: center; font: 700 26px/1.4 "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC",
  "Source Han Serif SC", "Songti SC", SimSun, serif; }
h2 { margin: 6mm 0 3mm; font: 700 18px/1.5 SimHei, "Heiti SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif;
  break-after: avoid; }
p { margin: 0; text-indent: 2em; text-align: justify; overflow-wrap: anywhere; }
small { display: block; font-size: 12px; font-weight: 400; line-height: 1.5; color: #555; text-indent: 0; }
.english { margin: -4mm 0 4mm; font-size: 14px; color: #555; }
.subtitle, .sample { text-align: center; text-indent: 0; }
.sample { margin-bottom: 4mm; border: 2px solid #b00020; color: #b00020; font-weight: 700; }
.coverage { margin: 4mm 0; padding: 2mm 4mm; border: 1px solid #000; }
.coverage p { text-indent: 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 2mm 0;
  break-inside: avoid; font: 11.3px/1.35 SimSun, "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", serif; }
th, td { border: 1px solid #000; padding: 3px; text-align: center; vertical-align: middle; font-weight: 400;
  overflow-wrap: anywhere; }
.table-2 { font-size: 14px; }
.table-3 thead th[scope="col"], .table-4 th[scope="col"] { padding: 3px 6px; }
.table-3 tbody th { padding: 2px 1px; text-align: left; }
.table-3 tbody th[scope="rowgroup"] { text-align: center; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td.part { background: #fff3cd; }
td.about { background: #f8d7da; font-weight: 700; text-decoration: underline double; }
td.about::after { content: "※"; font-size: 10px; vertical-align: super; color: #b00020; }
.findings { margin-top: 8mm; padding-top: 2mm; border-top: 1px solid #000; font-size: 14px; }
.findings ul { margin: 0; padding-left: 1.5em; }
@media print {
  body { font-size: 12pt; }
  main { max-width: none; padding: 0; }
  .english, .subtitle small, .coverage small, .findings small { display: none; }
  th, td { print-color-adjust: exact; }
}
`;
