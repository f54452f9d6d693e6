/**
 * PDF files made by hand, byte by byte, for the tests of the reader: nothing here is shared with a library that writes or
 * reads them, and what is broken or hostile can be made as well. Text is in a font that no file holds, by a predefined
 * character map, as many reports of offices have it.
 */
import { deflateSync } from 'node:zlib';

/** An object of a file: a dictionary or another value in PDF's own words, with a stream where it has one. */
export interface PdfObject {
  readonly value: string;
  readonly stream?: Uint8Array;
}

/** Objects, numbered from 1, as a file; the first is its catalogue. */
export function pdfOf(objects: readonly PdfObject[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (bytes: Buffer): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  objects.forEach(({ value, stream }, index) => {
    offsets.push(length);
    add(Buffer.from(`${index + 1} 0 obj\n${value}\n`, 'latin1'));
    if (stream) {
      add(Buffer.from('stream\n'));
      add(Buffer.from(stream));
      add(Buffer.from('\nendstream\n'));
    }
    add(Buffer.from('endobj\n'));
  });
  const start = length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  add(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${table}`));
  add(Buffer.from(`trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A stream of a file, compressed as often as asked. */
export function streamOf(content: string | Uint8Array, entries = '', times = 1): PdfObject {
  let stream: Uint8Array = Buffer.from(content);
  for (let time = 0; time < times; time += 1) stream = deflateSync(stream);
  const filter = times === 0 ? '' : `/Filter [${'/FlateDecode '.repeat(times)}]`;
  return { value: `<< ${entries} ${filter} /Length ${stream.length} >>`, stream };
}

/** A page: what it draws, and what is said of it beside its size. */
export interface PageContent {
  readonly content: string;
  readonly entries?: string;
  readonly size?: readonly [width: number, height: number];
  /** What its resources hold beside the fonts. */
  readonly resources?: string;
}

/** The number of the first object that a file of pages leaves to its maker. */
export const firstOwnObject = 6;

/** A file of pages. `F1` is its font. `own` are objects beside its pages, numbered from `firstOwnObject`. */
export function pdfOfPages(pages: readonly PageContent[], own: readonly PdfObject[] = [], catalogue = ''): Buffer {
  const first = firstOwnObject + own.length;
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`).join(' ');
  return pdfOf([
    { value: `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>` },
    { value: `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>` },
    {
      value:
        '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
    },
    {
      value:
        '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>',
    },
    {
      value:
        '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
    },
    ...own,
    ...pages.flatMap(({ content, entries = '', size = [595, 842], resources = '' }, index): PdfObject[] => [
      {
        value: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size[0]} ${size[1]}] ${entries} /Resources << /Font << /F1 3 0 R >> ${resources} >> /Contents ${first + index * 2 + 1} 0 R >>`,
      },
      streamOf(content),
    ]),
  ]);
}

/** The operators that show a text from a place, in the page's own coordinates. */
export function showAt(text: string, x: number, y: number, size: number, before = ''): string {
  return `BT ${before} /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm <${hexOf(text)}> Tj ET\n`;
}

/** A text in the characters of the font. */
function hexOf(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}

/** The width of a text in the font. */
export function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x7f ? size / 2 : size), 0);
}
