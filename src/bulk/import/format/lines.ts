/** Bytes cut into lines. Never more than one line is held. */

import { takeTurns } from '../../../loop.js';
import { Problem } from '../../../problem.js';

/** The longest line that is read, in bytes; the service takes no longer filings either. */
export const maxLineLength = 2 * 1024 * 1024;

/** The longest record of a table, in bytes: of a filing in one column, CSV writes every quote twice. */
export const maxRecordLength = 2 * maxLineLength + 100_000;

/** One line of a file, without its line feed; `long` when it has more bytes than are read, cut there. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly bytes: Buffer;
  readonly long: boolean;
}

/** Cuts bytes at line feeds, a byte order mark at their start left out; what is too long of a line is dropped. */
export async function* splitLines(pieces: AsyncIterable<Buffer>, longest = maxLineLength): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 0;
  const take = (part: Buffer) => {
    if (length <= longest) parts.push(part);
    length += part.length;
  };
  const finish = (): Line => {
    line += 1;
    const whole = Buffer.concat(parts).subarray(0, longest);
    const mark = line === 1 ? marks.find((one) => whole.subarray(0, one.length).equals(one)) : undefined;
    const bytes = whole.subarray(mark?.length ?? 0);
    const found = { line, bytes, long: length > longest };
    parts = [];
    length = 0;
    return found;
  };
  // Lines that say nothing become no items, after which others would have their turn: of those there may be millions.
  const othersTurn = takeTurns();
  for await (const chunk of pieces) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      if (line % linesATime === 0) await othersTurn();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

/** Lines after which the time is looked at. */
const linesATime = 100;

/** Whether a line in UTF-8 holds nothing but white space, of any kind. */
export function isBlank(bytes: Buffer): boolean {
  // White space beyond ASCII begins with one of these bytes.
  if (!bytes.every((byte) => byte <= 0x20 || byte >= 0x80)) return false;
  return bytes.length <= blankLength && bytes.toString('utf8').trim() === '';
}

/** A line of more bytes says something. */
const blankLength = 4096;

/** The refusal of a line with more bytes than are read. */
export function tooLong(line: number, longest = maxLineLength): Problem {
  return new Problem('body-too-large', {
    zh: `第 ${line} 行超过 ${longest} 字节。`,
    en: `Line ${line} has more than ${longest} bytes.`,
  });
}

const lineFeed = 0x0a;
/** The byte order marks of UTF-8 and of GB18030. */
const marks = [Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from([0x84, 0x31, 0x95, 0x33])];
