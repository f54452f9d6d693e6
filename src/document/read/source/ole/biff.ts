/** The records of an Excel 97 to 2003 workbook (MS-XLS, BIFF8), and the texts in them. */
import { damagedFile } from './compound.js';

/** The numbers of the records that are read. */
export const recordTypes = {
  formula: 0x06,
  eof: 0x0a,
  filePass: 0x2f,
  font: 0x31,
  continue: 0x3c,
  object: 0x5d,
  columnInfo: 0x7d,
  boundSheet: 0x85,
  multipleRk: 0xbd,
  multipleBlank: 0xbe,
  richString: 0xd6,
  extendedFormat: 0xe0,
  mergeCells: 0xe5,
  sharedStrings: 0xfc,
  labelShared: 0xfd,
  blank: 0x201,
  number: 0x203,
  label: 0x204,
  booleanOrError: 0x205,
  string: 0x207,
  row: 0x208,
  rk: 0x27e,
  format: 0x41e,
  begin: 0x809,
} as const;

/** One record, with the records that continue it. */
export interface BiffRecord {
  readonly type: number;
  readonly data: Buffer;
  readonly continued: readonly Buffer[];
}

/** The records from a place on, to the end of the part that begins there; those of parts within it are left out. */
export function* recordsFrom(stream: Buffer, from: number): Generator<BiffRecord> {
  let depth = 0;
  let at = from;
  while (at + 4 <= stream.length) {
    const type = stream.readUInt16LE(at);
    const data = recordData(stream, at);
    at += 4 + data.length;
    if (type === recordTypes.begin) depth += 1;
    if (type === recordTypes.eof) depth -= 1;
    if (depth <= 0) return;
    const continued: Buffer[] = [];
    while (at + 4 <= stream.length && stream.readUInt16LE(at) === recordTypes.continue) {
      const more = recordData(stream, at);
      continued.push(more);
      at += 4 + more.length;
    }
    if (depth === 1) yield { type, data, continued };
  }
}

function recordData(stream: Buffer, at: number): Buffer {
  return stream.subarray(at + 4, at + 4 + stream.readUInt16LE(at + 2));
}

/** A text, and from which of its characters on which font is used. */
export interface BiffText {
  readonly text: string;
  readonly runs: readonly { readonly from: number; readonly font: number }[];
}

/** Reads texts from records that are continued; every read throws `invalid-document` beyond the last of them. */
export interface BiffReader {
  byte(): number;
  short(): number;
  long(): number;
  /** A text with the number of its characters before it, or with that number known. */
  text(length?: number): BiffText;
}

/** Begins at a place in a record. */
export function readRecord({ data, continued }: Pick<BiffRecord, 'data' | 'continued'>, from = 0): BiffReader {
  const parts = [data, ...continued];
  let [part, at] = [0, from];
  const left = () => (parts[part]?.length ?? 0) - at;
  const next = () => {
    part += 1;
    at = 0;
    if (part >= parts.length) throw damagedFile();
  };
  const take = (count: number): Buffer => {
    const taken: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      while (left() <= 0) next();
      const piece = (parts[part] as Buffer).subarray(at, at + missing);
      taken.push(piece);
      at += piece.length;
      missing -= piece.length;
    }
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken);
  };
  const characters = (count: number, isWide: boolean): string => {
    let [text, wide] = ['', isWide];
    for (let missing = count; missing > 0; ) {
      // A text that goes on in the next record says there how wide its characters are.
      if (left() <= 0) {
        next();
        wide = (take(1).readUInt8(0) & 1) === 1;
      }
      const fitting = Math.min(missing, wide ? Math.floor(left() / 2) : left());
      if (fitting === 0) throw damagedFile();
      text += take(wide ? fitting * 2 : fitting).toString(wide ? 'utf16le' : 'latin1');
      missing -= fitting;
    }
    return text;
  };
  const short = () => take(2).readUInt16LE(0);
  const long = () => take(4).readUInt32LE(0);
  return {
    byte: () => take(1).readUInt8(0),
    short,
    long,
    text(length) {
      const count = length ?? short();
      const flags = take(1).readUInt8(0);
      const runCount = flags & 8 ? short() : 0;
      const extra = flags & 4 ? long() : 0;
      const text = characters(count, (flags & 1) === 1);
      const runs = Array.from({ length: runCount }, () => ({ from: short(), font: short() }));
      if (extra > 0) take(extra);
      return { text, runs };
    },
  };
}
