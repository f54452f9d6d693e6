/** A printed page as one HTML document: it loads nothing, and prints on A4. */
import { cleanText } from '../../../text.js';
import type { Label } from '../../../words.js';
import type { Block, PageBox, PrintedPage, TableBlock, TextBlock } from './blocks.js';

/** Writes a page as a complete HTML document. */
export function writePageHtml({ title, orientation, blocks }: PrintedPage): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title.zh)}</title>
<style>
@page { size: A4 ${orientation}; margin: 18mm 15mm; }
${style}</style>
</head>
<body>
<main>
${blocks.map(writeBlock).join('')}</main>
</body>
</html>
`;
}

const tags: Readonly<Record<TextBlock['kind'], readonly [tag: string, attributes: string]>> = {
  title: ['h1', ''],
  subtitle: ['p', ' class="subtitle"'],
  warning: ['p', ' class="warning"'],
  heading: ['h2', ''],
  text: ['p', ''],
  note: ['p', ' class="note"'],
};

function writeBlock(block: Block): string {
  if (block.kind === 'newPage') return '<div class="page"></div>\n';
  if (block.kind === 'table') return writeTable(block);
  const [tag, attributes] = tags[block.kind];
  return `<${tag}${attributes}>${both(block.words)}</${tag}>\n`;
}

function writeTable({ label, widths, headerRows, rows, size }: TableBlock): string {
  const sum = widths.reduce((all, width) => all + width, 0);
  const columns = widths.map((width) => `<col style="width:${((100 * width) / sum).toFixed(3)}%">`).join('');
  const line = (boxes: readonly PageBox[]) => `<tr>${boxes.map(writeBox).join('')}</tr>\n`;
  return `<table class="${size}" aria-label="${escapeText(label)}">
<colgroup>${columns}</colgroup>
${headerRows > 0 ? `<thead>\n${rows.slice(0, headerRows).map(line).join('')}</thead>\n` : ''}<tbody>
${rows.slice(headerRows).map(line).join('')}</tbody>
</table>
`;
}

function writeBox({ rowspan, colspan, text, heads, align, shade }: PageBox): string {
  const spans = `${rowspan > 1 ? ` rowspan="${rowspan}"` : ''}${colspan > 1 ? ` colspan="${colspan}"` : ''}`;
  const classes = [...(align === 'left' ? ['left'] : []), ...(shade ? [shade] : [])].join(' ');
  const named = classes === '' ? '' : ` class="${classes}"`;
  if (heads === null) return `<td${spans}${named}>${escapeText(text)}</td>`;
  const side = heads === 'columns' ? 'col' : 'row';
  const group = (side === 'col' ? colspan : rowspan) > 1 ? 'group' : '';
  return `<th scope="${side}${group}"${spans}${named}>${escapeText(text)}</th>`;
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
body { margin: 0; color: #000; background: #fff; font: 15px/1.6 FangSong, STFangsong, "Noto Serif CJK SC", "Songti SC",
  SimSun, serif; }
main { margin: 0 auto; padding: 8mm; }
h1 { margin: 0 0 4mm; text-align: center; font: 700 24px/1.4 "Noto Serif CJK SC", "Songti SC", SimSun, serif; }
h2 { margin: 5mm 0 2mm; font: 700 17px/1.5 SimHei, "Heiti SC", "Noto Sans CJK SC", sans-serif; break-after: avoid; }
p { margin: 0 0 1mm; overflow-wrap: anywhere; }
small { display: block; font-size: 12px; font-weight: 400; line-height: 1.4; color: #555; }
.subtitle { text-align: center; }
.warning { border: 2px solid #b00020; color: #b00020; font-weight: 700; text-align: center; }
.note { font-size: 13px; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: 2mm 0;
  font: 13px/1.35 SimSun, "Songti SC", "Noto Serif CJK SC", serif; }
table.small { font-size: 10.5px; }
th, td { border: 1px solid #000; padding: 3px 2px; text-align: center; vertical-align: middle; font-weight: 400;
  overflow-wrap: anywhere; }
.left { text-align: left; }
.part { background: #fff3cd; } .about { background: #f8d7da; font-weight: 700; } .input { background: #fffde7; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.page { break-before: page; }
@media print { main { padding: 0; } small { display: none; } th, td { print-color-adjust: exact; } }
`;
