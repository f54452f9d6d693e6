/** The character set of a table of text: by its mark, by what is declared, else by its bytes where those leave no choice. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { splitLines } from './lines.js';

/** The character sets in which a table is read. */
export type Charset = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** What a Content-Type may declare: what Excel saves as CSV in China is GBK, as Unicode text UTF-16. */
export const charsetNames: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gb18030: 'gb18030',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

const marks: readonly { readonly bytes: Buffer; readonly charset: Charset }[] = [
  { bytes: Buffer.from([0xef, 0xbb, 0xbf]), charset: 'utf-8' },
  { bytes: Buffer.from([0xff, 0xfe]), charset: 'utf-16le' },
  { bytes: Buffer.from([0xfe, 0xff]), charset: 'utf-16be' },
  { bytes: Buffer.from([0x84, 0x31, 0x95, 0x33]), charset: 'gb18030' },
];

/**
 * The character set of a file. A byte order mark decides before what is declared. Where neither says it, it is UTF-16
 * when its first character is ASCII in two bytes (a heading is), GB18030 when all of it is that and none of it can be
 * Chinese in UTF-8, else UTF-8: a line that is not is refused by itself.
 */
export async function charsetOf(path: string, declared: string | null): Promise<Charset> {
  const start = await firstBytes(path);
  const marked = marks.find(({ bytes }) => start.subarray(0, bytes.length).equals(bytes));
  if (marked) return marked.charset;
  const named = declared === null ? undefined : charsetNames[declared];
  if (named !== undefined) return named;
  if (start.length > 1 && (start[0] === 0) !== (start[1] === 0)) return start[0] === 0 ? 'utf-16be' : 'utf-16le';
  return (await isGb18030(path)) ? 'gb18030' : 'utf-8';
}

async function firstBytes(path: string): Promise<Buffer> {
  // Pieces of a stream without an encoding are Buffers.
  for await (const piece of createReadStream(path, { end: 3 })) return piece as Buffer;
  return Buffer.alloc(0);
}

/**
 * Whether the lines that are not UTF-8 are GB18030, all of them, and no line is Chinese in UTF-8: a file of one
 * character set with a damaged line is not taken for one of the other.
 */
async function isGb18030(path: string): Promise<boolean> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  let found = false;
  for await (const { bytes, long } of splitLines(createReadStream(path))) {
    if (isUtf8(bytes)) {
      if (bytes.some((byte) => byte >= 0xe0)) return false;
    } else if (!long) {
      try {
        decoder.decode(bytes);
      } catch {
        return false;
      }
      found = true;
    }
  }
  return found;
}

/** The bytes of a file, from UTF-16 into UTF-8; as they are from any other character set. */
export function textPieces(path: string, charset: Charset): AsyncIterable<Buffer> {
  const pieces = createReadStream(path) as AsyncIterable<Buffer>;
  return charset === 'utf-16le' || charset === 'utf-16be' ? fromUtf16(pieces, charset) : pieces;
}

/** What is half a character is a byte that is never UTF-8: its line is refused, and no other. */
async function* fromUtf16(pieces: AsyncIterable<Buffer>, charset: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = wholeCharacters(bytes, charset);
    rest = Buffer.from(bytes.subarray(whole));
    yield inUtf8(Buffer.from(bytes.subarray(0, whole)), charset);
  }
  if (rest.length > 1) yield inUtf8(Buffer.from(rest.subarray(0, 2)), charset);
  if (rest.length % 2 === 1) yield broken;
}

const broken = Buffer.from([0xff]);

/** How many of the bytes are whole characters, so that no pair of surrogates is cut. */
function wholeCharacters(bytes: Buffer, charset: 'utf-16le' | 'utf-16be'): number {
  const even = bytes.length - (bytes.length % 2);
  if (even === 0) return 0;
  const last = bytes[charset === 'utf-16le' ? even - 1 : even - 2] ?? 0;
  return last >= 0xd8 && last <= 0xdb ? even - 2 : even;
}

const halfPairs = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function inUtf8(bytes: Buffer, charset: 'utf-16le' | 'utf-16be'): Buffer {
  const text = (charset === 'utf-16be' ? bytes.swap16() : bytes).toString('utf16le');
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat(
    text.split(halfPairs).flatMap((part, index) => [...(index > 0 ? [broken] : []), Buffer.from(part)]),
  );
}
