/**
 * A printed page as a PDF, A4. Its font is part of the package (`data/fonts`): a character that it lacks is printed as 〓 and
 * named in a note, so that no box is empty. What it takes to write one is loaded when the first one is asked for.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Cell, Definition, Look, Table, Text } from 'pdfmake';
import { packageRoot } from '../../../root.js';
import { cleanText } from '../../../text.js';
import { chineseFirst } from '../../../words.js';
import { onPaper, type PageBox, type PaperBlock, type PrintedPage, type TableBlock, type TextBlock } from './blocks.js';

/** Writes a page as PDF; its text can be selected and searched. */
export async function writePagePdf({ title, orientation, warning, blocks }: PrintedPage): Promise<Uint8Array> {
  const { pdfmake, characters } = await loadPdf();
  const missing = new Set<string>();
  const print = (text: string) => printable(text, characters, missing);
  const width = (orientation === 'landscape' ? a4.height : a4.width) - 2 * margin;
  const content = onPaper(blocks).map((block, at, all) =>
    writeBlock(block, { width, print, isFirst: all[at - 1]?.kind === 'newPage' }),
  );
  const above = warning ? print(chineseFirst(warning)) : null;
  const definition: Definition = {
    pageSize: 'A4',
    pageOrientation: orientation,
    pageMargins: [margin, margin, margin, margin],
    info: { title: cleanText(title.zh), subject: cleanText(title.en), creator: 'Xiangbao 乡报' },
    defaultStyle: { font, fontSize: 11, lineHeight: 1.1 },
    content: missing.size === 0 ? content : [...content, { text: missingNote(missing), ...textStyles.note }],
    ...(above === null ? {} : { header: () => ({ text: above, ...warningStyle }) }),
    footer: (page) => ({ text: `— ${page} —`, alignment: 'center', fontSize: 9, margin: [0, 12, 0, 0] }),
  };
  return new Uint8Array(await pdfmake.createPdf(definition).getBuffer());
}

/** Points. */
const a4 = { width: 595.28, height: 841.89 } as const;
const margin = 42;

const font = 'NotoSansSC';

/** The library and the characters of the font, once they are loaded. */
let loaded: ReturnType<typeof loadOnce> | undefined;

function loadPdf(): ReturnType<typeof loadOnce> {
  loaded ??= loadOnce();
  return loaded;
}

async function loadOnce() {
  const { default: pdfmake } = await import('pdfmake');
  const folder = join(packageRoot, 'data', 'fonts');
  const file = `${font}.ttf`;
  pdfmake.virtualfs.writeFileSync(file, brotliDecompressSync(await readFile(join(folder, 'noto-sans-sc.ttf.br'))));
  pdfmake.addFonts({ [font]: { normal: file } });
  // A document names no other file and no address: nothing is loaded.
  pdfmake.setLocalAccessPolicy(() => false);
  pdfmake.setUrlAccessPolicy(() => false);
  const characters = new Set(await readFile(join(folder, 'characters.txt'), 'utf8'));
  return { pdfmake, characters };
}

/** What is printed in place of a character that the font lacks. */
const replacement = '〓';

function printable(text: string, characters: ReadonlySet<string>, missing: Set<string>): string {
  let printed = '';
  for (const character of cleanText(text)
    .replace(/[\u2028\u2029\r\n]+/g, '\n')
    // Blanks of other widths are blanks.
    .replace(/[^\S\n\u3000]/g, ' ')) {
    if (character === '\n' || characters.has(character)) printed += character;
    // Marks of direction and joiners take no room.
    else if (!/\p{Cf}/u.test(character)) {
      missing.add(character);
      printed += replacement;
    }
  }
  return printed;
}

/** The characters that the font lacks, by their code points. */
function missingNote(missing: ReadonlySet<string>): string {
  const codes = [...missing].map((character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`);
  return `注：字库缺以下${missing.size}个字符，文中以“${replacement}”代替：${codes.join('、')}。`;
}

const textStyles: Readonly<Record<TextBlock['kind'], Look>> = {
  title: { fontSize: 18, alignment: 'center', margin: [0, 0, 0, 8] },
  subtitle: { fontSize: 10, alignment: 'center', margin: [0, 0, 0, 3] },
  heading: { fontSize: 14, margin: [0, 8, 0, 4] },
  text: { fontSize: 12, leadingIndent: 24, margin: [0, 0, 0, 2] },
  note: { fontSize: 9, margin: [0, 0, 0, 2] },
};

/** Between the upper edge and the text of a page. */
const warningStyle: Look = { fontSize: 12, alignment: 'center', color: '#B00020', margin: [0, 20, 0, 0] };

interface Writing {
  /** Points between the margins. */
  readonly width: number;
  readonly print: (text: string) => string;
  /** Whether a new page begins with it. */
  readonly isFirst: boolean;
}

function writeBlock(block: PaperBlock, writing: Writing): Text | Table {
  if (block.kind === 'newPage') return { text: '', fontSize: 1 };
  const begin = writing.isFirst ? ({ pageBreak: 'before' } as const) : {};
  if (block.kind === 'table') return { ...writeTable(block, writing), ...begin };
  return { text: writing.print(block.words.zh), ...textStyles[block.kind], ...begin };
}

const padding = 2;
/** Points. */
const tableSizes: Readonly<Record<TableBlock['design'], number>> = {
  'table-2': 9,
  'table-3': 7,
  'table-4': 7,
  list: 9,
  wide: 7,
};
const shades = { about: '#F8D7DA', part: '#FFF3CD', input: '#FFFDE7' } as const;

function writeTable({ widths, headerRows, rows, design }: TableBlock, { width, print }: Writing): Table {
  const sum = widths.reduce((all, one) => all + one, 0);
  // Padding and ruling lines are drawn beside the width of a column.
  const inner = width - widths.length * (2 * padding + 0.5) - 0.5;
  const body: Cell[][] = rows.map(() => widths.map(() => ({})));
  rows.forEach((boxes, row) => {
    const line = body[row];
    if (line) for (const box of boxes) line[box.column] = writeBox(box, print);
  });
  return {
    table: { headerRows, widths: widths.map((one) => (one * inner) / sum), body, dontBreakRows: true },
    fontSize: tableSizes[design],
    margin: [0, 2, 0, 6],
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      paddingLeft: () => padding,
      paddingRight: () => padding,
      paddingTop: () => padding,
      paddingBottom: () => padding,
    },
  };
}

function writeBox({ text, rowspan, colspan, heads, align, shade }: PageBox, print: (text: string) => string): Cell {
  return {
    text: print(text),
    rowSpan: rowspan,
    colSpan: colspan,
    alignment: align,
    // The library puts a heading over several rows too low where it is to be in their middle.
    ...(heads === 'columns' && rowspan > 1 ? {} : { verticalAlignment: 'middle' }),
    ...(shade ? { fillColor: shades[shade] } : {}),
  };
}
