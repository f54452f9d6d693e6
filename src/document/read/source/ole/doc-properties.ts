/** Properties of characters, paragraphs and rows in a Word 97 to 2003 document (MS-DOC, 2.6), and the pages that hold them. */
import { damagedFile } from './compound.js';

/** One property: its number and its value. */
export interface Property {
  readonly number: number;
  readonly value: Buffer;
}

/** The numbers of the properties that are read. */
export const propertyNumbers = {
  deleted: 0x0800,
  struck: 0x0837,
  struckTwice: 0x2a53,
  hidden: 0x083c,
  raised: 0x2a48,
  position: 0x4845,
  size: 0x4a43,
  special: 0x0855,
  characterStyle: 0x4a30,
  inTable: 0x2416,
  endsRow: 0x2417,
  depth: 0x6649,
  innerCell: 0x244b,
  innerRow: 0x244c,
  elsewhere: 0x6646,
  elsewhereOld: 0x6645,
  tableShape: 0xd608,
  insertCells: 0x7621,
  deleteCells: 0x5622,
  columnWidth: 0x7623,
  mergeCells: 0x5624,
  mergeDown: 0xd62b,
} as const;

/** Bytes of a value by the last three bits of the number of its property; 0 says that its length comes first. */
const valueSizes = [1, 1, 2, 4, 2, 2, 0, 3] as const;

/** The properties of a list in their order; one that is cut off ends it. */
export function* propertiesOf(list: Buffer): Generator<Property> {
  let at = 0;
  while (at + 2 <= list.length) {
    const number = list.readUInt16LE(at);
    at += 2;
    const fixed = valueSizes[number >> 13] ?? 0;
    let length: number = fixed;
    if (fixed === 0) {
      // The shape of a table says its length in two bytes, and one too many.
      const isShape = number === propertyNumbers.tableShape;
      if (at + (isShape ? 2 : 1) > list.length) return;
      length = isShape ? list.readUInt16LE(at) - 1 : (list[at] ?? 0);
      at += isShape ? 2 : 1;
      // A list of more tabs than fit its length is not read on: nothing after it is known.
      if (number === changedTabs && length === 255) return;
    }
    if (length < 0 || at + length > list.length) return;
    yield { number, value: list.subarray(at, at + length) };
    at += length;
  }
}

const changedTabs = 0xc615;

/** The whole number that a value is. */
export function numberIn({ value }: Property): number {
  return value.length === 0 ? 0 : value.readUIntLE(0, Math.min(value.length, 4));
}

/** A run of bytes of the main stream with what is said of it. */
export interface PropertyRun {
  readonly from: number;
  readonly to: number;
  readonly list: Buffer;
  /** The number of the style of a paragraph; 0 for characters. */
  readonly style: number;
}

const pageSize = 512;
/** A text has fewer runs than characters, and a report a few thousand. */
const maxRuns = 500_000;

/** The runs that a list of pages holds, by their first bytes. */
export function propertyRuns(main: Buffer, pages: Buffer, of: 'characters' | 'paragraphs'): PropertyRun[] {
  const runs: PropertyRun[] = [];
  const count = Math.max(0, Math.floor((pages.length - 4) / 8));
  for (let index = 0; index < count; index += 1) {
    const number = pages.readUInt32LE((count + 1) * 4 + index * 4) & 0x3fffff;
    const page = main.subarray(number * pageSize, (number + 1) * pageSize);
    if (page.length < pageSize || runs.length > maxRuns) throw damagedFile();
    runs.push(...runsOfPage(page, of));
  }
  return runs.sort((one, other) => one.from - other.from);
}

function runsOfPage(page: Buffer, of: 'characters' | 'paragraphs'): PropertyRun[] {
  const count = page.readUInt8(pageSize - 1);
  const entry = of === 'characters' ? 1 : 13;
  if ((count + 1) * 4 + count * entry > pageSize - 1) throw damagedFile();
  return Array.from({ length: count }, (_, index) => {
    const place = page.readUInt8((count + 1) * 4 + index * entry) * 2;
    const about = place === 0 ? empty : of === 'characters' ? characterList(page, place) : paragraphList(page, place);
    return { from: page.readUInt32LE(index * 4), to: page.readUInt32LE((index + 1) * 4), ...about };
  });
}

const empty = { list: Buffer.alloc(0), style: 0 };

function characterList(page: Buffer, place: number): Pick<PropertyRun, 'list' | 'style'> {
  return { list: page.subarray(place + 1, place + 1 + page.readUInt8(place)), style: 0 };
}

/** Its length is in words, less a byte; where that is 0, the next byte says it in whole words. */
function paragraphList(page: Buffer, place: number): Pick<PropertyRun, 'list' | 'style'> {
  const words = page.readUInt8(place);
  const [from, length] = words === 0 ? [place + 2, (page[place + 1] ?? 0) * 2] : [place + 1, words * 2 - 1];
  const list = page.subarray(from, Math.min(from + length, pageSize - 1));
  return list.length < 2 ? empty : { list: list.subarray(2), style: list.readUInt16LE(0) };
}

/** Finds the run that a byte lies in; runs that follow each other are found at once. */
export function findRun(runs: readonly PropertyRun[]): (at: number) => PropertyRun | undefined {
  let last = 0;
  const holds = (index: number, at: number) => {
    const run = runs[index];
    return run !== undefined && run.from <= at && at < run.to;
  };
  return (at) => {
    if (holds(last, at)) return runs[last];
    if (holds(last + 1, at)) {
      last += 1;
      return runs[last];
    }
    let [low, high] = [0, runs.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((runs[middle]?.from ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    if (!holds(low, at)) return undefined;
    last = low;
    return runs[low];
  };
}
