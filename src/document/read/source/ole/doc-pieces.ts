/**
 * Where the text of a Word 97 to 2003 document lies in its file (MS-DOC, 2.4.1): pieces, each of a run of characters of one or
 * two bytes, in the order in which they are read.
 */
import { damagedFile, lockedFile, tooOld } from './compound.js';

/** The streams of a document. */
export interface DocStreams {
  readonly main: Buffer;
  readonly table: Buffer;
  /** Properties that are too long for their page; empty where there is none. */
  readonly data: Buffer;
}

/** A run of characters of the text. */
export interface TextPiece {
  /** Its first byte in the main stream. */
  readonly at: number;
  readonly characters: number;
  readonly width: 1 | 2;
  /** Properties that all its characters have, whatever is said of them elsewhere. */
  readonly properties: Buffer;
}

/** The tables that a document lists in its head, by their numbers there. */
export const listedTables = { styles: 1, characters: 12, paragraphs: 13, pieces: 33 } as const;

const firstWord97 = 0xc1;
const encrypted = 0x100;
const inTableOne = 0x200;
const listAt = 0x9a;

/** The streams of a document by its file; throws `invalid-document` for one that is locked, damaged or before 1997. */
export function docStreams(stream: (name: string) => Buffer | undefined): DocStreams {
  const main = stream('WordDocument');
  if (!main || main.length < listAt) throw damagedFile();
  if (main.readUInt16LE(2) < firstWord97) throw tooOld('Word');
  const flags = main.readUInt16LE(10);
  if ((flags & encrypted) !== 0) throw lockedFile();
  const table = stream((flags & inTableOne) !== 0 ? '1Table' : '0Table');
  if (!table) throw damagedFile();
  return { main, table, data: stream('Data') ?? Buffer.alloc(0) };
}

/** One of the tables that a document lists; empty where it has none. */
export function listedTable({ main, table }: DocStreams, number: number): Buffer {
  const at = listAt + number * 8;
  if (at + 8 > main.length) return Buffer.alloc(0);
  const [from, length] = [main.readUInt32LE(at), main.readUInt32LE(at + 4)];
  if (from + length > table.length) throw damagedFile();
  return table.subarray(from, from + length);
}

/** Characters of a text; a report has fewer than a hundredth of them. */
const maxCharacters = 4_000_000;

/** The pieces of the main text; those of notes, headings of pages and boxes of text are left out. */
export function textPieces(streams: DocStreams): TextPiece[] {
  const { properties, list } = readPieceTable(listedTable(streams, listedTables.pieces));
  const count = Math.floor((list.length - 4) / 12);
  // The number of characters of the main text.
  let left = Math.min(streams.main.readUInt32LE(0x4c), maxCharacters);
  const pieces: TextPiece[] = [];
  for (let index = 0; index < count && left > 0; index += 1) {
    const length = list.readUInt32LE((index + 1) * 4) - list.readUInt32LE(index * 4);
    if (length < 0) throw damagedFile();
    const at = (count + 1) * 4 + index * 8;
    const piece = pieceOf(list.readUInt32LE(at + 2), Math.min(length, left));
    if (piece.at + piece.characters * piece.width > streams.main.length) throw damagedFile();
    pieces.push({ ...piece, properties: modifierOf(list.readUInt16LE(at + 6), properties) });
    left -= piece.characters;
  }
  return pieces;
}

/** Where a piece begins: of characters of one byte it is twice as far, and marked. */
function pieceOf(place: number, characters: number): Omit<TextPiece, 'properties'> {
  const isNarrow = (place & 0x40000000) !== 0;
  const at = place & 0x3fffffff;
  return isNarrow ? { at: at / 2, characters, width: 1 } : { at, characters, width: 2 };
}

function readPieceTable(table: Buffer): { readonly properties: readonly Buffer[]; readonly list: Buffer } {
  const properties: Buffer[] = [];
  let at = 0;
  for (; table[at] === 1 && at + 3 <= table.length; ) {
    const length = table.readUInt16LE(at + 1);
    properties.push(table.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  if (table[at] !== 2 || at + 5 > table.length) throw damagedFile();
  const list = table.subarray(at + 5, at + 5 + table.readUInt32LE(at + 1));
  if (list.length < 16) throw damagedFile();
  return { properties, list };
}

/** Properties that a piece can have by a number of their own, and the numbers that they have elsewhere. */
const shortProperties: Readonly<Record<number, number>> = {
  65: 0x0800,
  66: 0x0801,
  87: 0x0837,
  92: 0x083c,
  104: 0x2a48,
  115: 0x2a53,
};

function modifierOf(modifier: number, lists: readonly Buffer[]): Buffer {
  if ((modifier & 1) !== 0) return lists[modifier >> 1] ?? Buffer.alloc(0);
  const property = shortProperties[(modifier >> 1) & 0x7f];
  return property === undefined ? Buffer.alloc(0) : Buffer.from([property & 0xff, property >> 8, modifier >> 8]);
}
