/** A printed page as one HTML document: it loads nothing, and prints on A4. */
import { cleanText } from '../../../text.js';
import type { Label } from '../../../words.js';
import type { AsideBlock, Block, PageBox, PrintedPage, TableBlock } from './blocks.js';

/**
 * Writes a page as a complete HTML document. What follows a heading is its section, so that a reader knows the text from
 * what stands around it. A box of a finding has the sentences as its title and for screen readers; the style draws the
 * sign beside the number, so the text of the box is only its figure.
 */
export function writePageHtml({ title, orientation, warning, blocks }: PrintedPage): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title.zh)}</title>
<style>
@page { size: A4 ${orientation}; margin: ${orientation === 'landscape' ? '18mm 15mm' : '22mm 20mm'}; }
${style}</style>
</head>
<body>
<main class="${orientation}">
${warning ? `<p class="warning">${both(warning)}</p>\n` : ''}${inSections(blocks).map(writePart).join('')}</main>
</body>
</html>
`;
}

/** Blocks that stand for themselves, or a section: a heading, on a new page or not, and what is under it. */
type Part = readonly Block[];

function inSections(blocks: readonly Block[]): Part[] {
  const parts: Block[][] = [];
  for (const block of blocks) {
    const part = parts.at(-1);
    const isHeaded = block.kind === 'heading' || (block.kind === 'aside' && block.heading !== null);
    const begins = block.kind === 'newPage' || (isHeaded && part?.at(-1)?.kind !== 'newPage');
    if (part && isSection(part) && !begins) part.push(block);
    else parts.push([block]);
  }
  return parts;
}

function isSection([first]: Part): boolean {
  return first?.kind === 'heading' || first?.kind === 'newPage';
}

function writePart(part: Part): string {
  const written = part.map(writeBlock).join('');
  const begin = part[0]?.kind === 'newPage' ? '<section class="page">' : '<section>';
  return isSection(part) ? `${begin}\n${written}</section>\n` : written;
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case 'newPage':
      return '';
    case 'table':
      return writeTable(block);
    case 'aside':
      return writeAside(block);
    case 'title':
      return `<h1>${escapeText(block.words.zh)}</h1>
<p class="subtitle english" lang="en">${escapeText(block.words.en)}</p>
`;
    case 'heading':
      return `<h2>${both(block.words)}</h2>\n`;
    case 'text':
      return `<p>${both(block.words)}</p>\n`;
    default:
      return `<p class="${block.kind}">${both(block.words)}</p>\n`;
  }
}

function writeAside({ about, heading, lines }: AsideBlock): string {
  const items = lines.map((line) => `<li>${both(line)}</li>\n`).join('');
  return `<aside class="${about}">${heading ? `<h2>${both(heading)}</h2>` : ''}<ul>\n${items}</ul></aside>\n`;
}

function writeTable({ label, widths, headerRows, rows, design }: TableBlock): string {
  const sum = widths.reduce((all, width) => all + width, 0);
  const columns = widths.map((width) => `<col style="width:${((100 * width) / sum).toFixed(3)}%">`).join('');
  const line = (boxes: readonly PageBox[]) => `<tr>${boxes.map(writeBox).join('')}</tr>\n`;
  return `<table class="${design}" aria-label="${escapeText(label)}">
<colgroup>${columns}</colgroup>
${headerRows > 0 ? `<thead>\n${rows.slice(0, headerRows).map(line).join('')}</thead>\n` : ''}<tbody>
${rows.slice(headerRows).map(line).join('')}</tbody>
</table>
`;
}

function writeBox(box: PageBox): string {
  const { rowspan, colspan, text, heads, align, shade } = box;
  const spans = `${rowspan > 1 ? ` rowspan="${rowspan}"` : ''}${colspan > 1 ? ` colspan="${colspan}"` : ''}`;
  const classes = [...(align === 'left' ? ['left'] : []), ...(shade ? [shade] : [])].join(' ');
  const named = classes === '' ? '' : ` class="${classes}"`;
  if (heads === null) return `<td${spans}${cellOf(box)}${named}${findingOf(box)}>${escapeText(text)}</td>`;
  const side = heads === 'columns' ? 'col' : 'row';
  const group = (side === 'col' ? colspan : rowspan) > 1 ? 'group' : '';
  return `<th scope="${side}${group}"${spans}${named}>${escapeText(text)}</th>`;
}

function cellOf({ cell }: PageBox): string {
  return cell ? ` data-cell="${escapeText(cell.key)}"` : '';
}

function findingOf({ cell, text, finding }: PageBox): string {
  if (!finding) return '';
  const said = `${cell ? `${cell.label.zh} ` : ''}${text || '空白'} ${finding.zh}`;
  return ` title="${escapeText(`${finding.zh}\n${finding.en}`)}" aria-label="${escapeText(said)}"`;
}

/** Chinese as printed, with English below it for readers on a screen. */
function both({ zh, en }: Label): string {
  return `${escapeText(zh)}${en === '' || en === zh ? '' : `<small lang="en">${escapeText(en)}</small>`}`;
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

const style = `* { box-sizing: border-box; }
body { margin: 0; color: #000; background: #fff; font: 16px/1.75 FangSong, STFangsong, "FangSong_GB2312",
  "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; }
main { margin: 0 auto; padding: 12mm 0; }
main.portrait { max-width: 170mm; }
main.landscape { padding: 8mm; font-size: 14px; line-height: 1.5; }
h1 { margin: 0 0 6mm; text-align: center; font: 700 26px/1.4 "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC",
  "Source Han Serif SC", "Songti SC", SimSun, serif; }
h2 { margin: 6mm 0 3mm; font: 700 18px/1.5 SimHei, "Heiti SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif;
  break-after: avoid; }
p { margin: 0; text-indent: 2em; text-align: justify; overflow-wrap: anywhere; }
small { display: block; font-size: 12px; font-weight: 400; line-height: 1.5; color: #555; text-indent: 0; }
.english { margin: -4mm 0 4mm; font-size: 14px; color: #555; }
.subtitle, .warning { text-align: center; text-indent: 0; }
.warning { margin-bottom: 4mm; border: 2px solid #b00020; color: #b00020; font-weight: 700; }
.note { font-size: 14px; text-indent: 0; }
aside ul { margin: 0; overflow-wrap: anywhere; }
.coverage { margin: 4mm 0; padding: 2mm 4mm; border: 1px solid #000; }
.coverage ul { padding: 0; list-style: none; }
.findings { margin-top: 8mm; padding-top: 2mm; border-top: 1px solid #000; font-size: 14px; }
.findings ul { padding-left: 1.5em; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 2mm 0;
  font: 11.3px/1.35 SimSun, "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", serif; }
.table-2, .table-3, .table-4 { break-inside: avoid; }
.table-2 { font-size: 14px; }
.list { font-size: 13px; }
.wide { font-size: 10.5px; }
th, td { border: 1px solid #000; padding: 3px; text-align: center; vertical-align: middle; font-weight: 400;
  overflow-wrap: anywhere; }
.wide th, .wide td { padding: 3px 2px; }
.table-3 thead th[scope="col"], .table-4 th[scope="col"] { padding: 3px 6px; }
.table-3 tbody th { padding: 2px 1px; }
.left { text-align: left; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td.part { background: #fff3cd; }
td.about { background: #f8d7da; font-weight: 700; text-decoration: underline double; }
td.about::after { content: "※"; font-size: 10px; vertical-align: super; color: #b00020; }
td.input { background: #fffde7; }
.page { break-before: page; }
@media print {
  body { font-size: 12pt; }
  main.portrait, main.landscape { max-width: none; padding: 0; }
  small, .english { display: none; }
  .warning small { display: block; }
  th, td { print-color-adjust: exact; }
}
`;
