/** The records of one sheet of an .xls: its cells with what is in them, hidden rows and columns, merged cells. */
import type { Merge } from '../grid.js';
import { partsLimits } from '../parts.js';
import type { StoredCell } from '../workbook.js';
import { type BiffRecord, type BiffText, readRecord, recordTypes } from './biff.js';

/** Takes what a sheet holds; rows and columns are counted from 0. */
export interface Sheet {
  value(row: number, column: number, text: string, stored: StoredCell): void;
  text(row: number, column: number, style: number, text: BiffText): void;
  /** A shared text by its number. */
  shared(index: number): BiffText;
  hideRow(row: number): void;
  hideColumn(column: number): void;
  merge(merge: Merge): void;
  picture(): void;
}

/** Where a cell is, and the number of its style. */
interface Place {
  readonly row: number;
  readonly column: number;
  readonly style: number;
}

const errors: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
};

/** Begins a sheet; takes its records one after the other, and throws a RangeError for one that is too short. */
export function sheetReader(sheet: Sheet): (record: BiffRecord) => void {
  // A formula that gives a text has it in the record after it.
  let awaited: Place | undefined;
  return (record) => {
    const { type, data } = record;
    if (type === recordTypes.string && awaited) {
      sheet.text(awaited.row, awaited.column, awaited.style, readRecord(record).text());
      awaited = undefined;
    } else if (type === recordTypes.formula) awaited = takeFormula(sheet, placeOf(data), data);
    else if (type === recordTypes.row) {
      // Hidden, or without height.
      if ((data.readUInt16LE(12) & 0x20) !== 0 || (data.readUInt16LE(6) & 0x7fff) === 0)
        sheet.hideRow(data.readUInt16LE(0));
    } else if (type === recordTypes.columnInfo) hideColumns(sheet, data);
    else if (type === recordTypes.mergeCells) takeMerges(sheet, data);
    else if (type === recordTypes.object) {
      if (data.length >= 6 && data.readUInt16LE(4) === pictureObject) sheet.picture();
    } else takeCell(sheet, record);
  };
}

const pictureObject = 8;

function placeOf(data: Buffer): Place {
  return { row: data.readUInt16LE(0), column: data.readUInt16LE(2), style: data.readUInt16LE(4) };
}

function takeCell(sheet: Sheet, record: BiffRecord): void {
  const { type, data } = record;
  if (type === recordTypes.labelShared) {
    const { row, column, style } = placeOf(data);
    sheet.text(row, column, style, sheet.shared(data.readUInt32LE(6)));
  } else if (type === recordTypes.label || type === recordTypes.richString) {
    const { row, column, style } = placeOf(data);
    sheet.text(row, column, style, readRecord(record, 6).text());
  } else if (type === recordTypes.number) put(sheet, placeOf(data), 'n', String(data.readDoubleLE(6)));
  else if (type === recordTypes.rk) put(sheet, placeOf(data), 'n', rkText(data.readUInt32LE(6)));
  else if (type === recordTypes.blank) put(sheet, placeOf(data), 'n', '');
  else if (type === recordTypes.booleanOrError) {
    const value = data.readUInt8(6);
    if (data.readUInt8(7) === 1) put(sheet, placeOf(data), 'e', errorText(value));
    else put(sheet, placeOf(data), 'b', String(value));
  } else if (type === recordTypes.multipleRk) {
    takeMany(data, 6, (place, at) => put(sheet, place, 'n', rkText(data.readUInt32LE(at + 2))));
  } else if (type === recordTypes.multipleBlank) takeMany(data, 2, (place) => put(sheet, place, 'n', ''));
}

function put({ value }: Sheet, { row, column, style }: Place, type: string, text: string): void {
  value(row, column, text, { type, style, isUncalculated: false, hidden: null, showsZeros: true });
}

function errorText(code: number): string {
  return errors[code] ?? '#ERROR';
}

/** A record for cells beside each other, of which each takes as many bytes, its style first. */
function takeMany(data: Buffer, size: number, take: (place: Place, at: number) => void): void {
  const [row, first] = [data.readUInt16LE(0), data.readUInt16LE(2)];
  const count = Math.min(Math.floor((data.length - 6) / size), partsLimits.columns);
  for (let index = 0; index < count; index += 1) {
    const at = 4 + index * size;
    take({ row, column: first + index, style: data.readUInt16LE(at) }, at);
  }
}

/** A short number: the upper 30 bits of a whole one or of a binary fraction, by hundred where its lowest bit says so. */
function rkText(rk: number): string {
  const bits = Buffer.alloc(8);
  bits.writeUInt32LE((rk & 0xfffffffc) >>> 0, 4);
  const value = (rk & 2) !== 0 ? rk >> 2 : bits.readDoubleLE(0);
  return String((rk & 1) !== 0 ? value / 100 : value);
}

/** Puts what a formula last gave; returns its place where that is a text, which comes in the next record. */
function takeFormula(sheet: Sheet, place: Place, data: Buffer): Place | undefined {
  if (data.readUInt16LE(12) !== 0xffff) put(sheet, place, 'n', String(data.readDoubleLE(6)));
  else {
    const [kind, value] = [data.readUInt8(6), data.readUInt8(8)];
    if (kind === 0) return place;
    if (kind === 1) put(sheet, place, 'b', String(value));
    else if (kind === 2) put(sheet, place, 'e', errorText(value));
    else put(sheet, place, 'str', '');
  }
  return undefined;
}

function hideColumns(sheet: Sheet, data: Buffer): void {
  if ((data.readUInt16LE(8) & 1) === 0 && data.readUInt16LE(4) !== 0) return;
  const last = Math.min(data.readUInt16LE(2), partsLimits.columns);
  for (let column = data.readUInt16LE(0); column <= last; column += 1) sheet.hideColumn(column);
}

function takeMerges(sheet: Sheet, data: Buffer): void {
  const count = Math.min(data.readUInt16LE(0), Math.floor((data.length - 2) / 8));
  for (let index = 0; index < count; index += 1) {
    const at = 2 + index * 8;
    const [row, lastRow] = [data.readUInt16LE(at), data.readUInt16LE(at + 2)];
    const [column, lastColumn] = [data.readUInt16LE(at + 4), data.readUInt16LE(at + 6)];
    sheet.merge({ row, column, rows: lastRow - row + 1, columns: lastColumn - column + 1 });
  }
}
