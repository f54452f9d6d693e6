/**
 * Excel's .xls of 1997 to 2003, and .et of WPS, into pieces: the same cells, as they are shown, as of an .xlsx. Formulas are
 * not run (the value they last gave is read), and macros, links and objects are left alone.
 */
import { cleanText } from '../../../../text.js';
import { columnName } from '../../../../xlsx.js';
import { addGrid, emptyGrid, type Grid, keepCell, keepMerge } from '../grid.js';
import { type CellStyle, formatOf } from '../number-formats.js';
import { twice } from '../package.js';
import { collectParts, type Parts, type PartsBuilder } from '../parts.js';
import { growText } from '../standing.js';
import { noSheet } from '../workbook.js';
import { shownCell } from '../workbook-parts.js';
import { type BiffText, readRecord, recordsFrom, recordTypes } from './biff.js';
import { damagedFile, lockedFile, tooOld } from './compound.js';
import { type Sheet, sheetReader } from './xls-cells.js';

/** What the sheets of a workbook share. */
interface Globals {
  readonly sheets: { readonly name: string; readonly at: number; readonly isVisible: boolean }[];
  readonly fonts: { readonly isStruck: boolean; readonly isRaised: boolean }[];
  readonly formats: Map<number, string>;
  /** Font and format of each style of cells. */
  readonly styles: { readonly font: number; readonly format: number }[];
  readonly strings: BiffText[];
}

/** Takes the stream of a workbook apart; throws `invalid-document` when it is damaged, locked, or has no visible sheet. */
export function readXls(stream: Buffer): Parts {
  const globals = readGlobals(stream);
  const visible = globals.sheets.filter(({ isVisible }) => isVisible);
  if (visible.length === 0) throw noSheet();
  const parts = collectParts();
  for (const { name, at } of visible) {
    const grid = emptyGrid();
    const prefix = visible.length > 1 ? `${cleanText(name)}!` : '';
    readSheet(stream, at, sheetReader(sheetOf(globals, grid, prefix, parts)));
    addGrid(parts, grid);
  }
  return parts.finish(null);
}

function readSheet(stream: Buffer, at: number, take: ReturnType<typeof sheetReader>): void {
  if (at + 4 > stream.length || stream.readUInt16LE(at) !== recordTypes.begin) throw damagedFile();
  try {
    for (const record of recordsFrom(stream, at)) take(record);
  } catch (error) {
    // A record that is shorter than its kind.
    throw error instanceof RangeError ? damagedFile() : error;
  }
}

function readGlobals(stream: Buffer): Globals {
  const globals: Globals = { sheets: [], fonts: [], formats: new Map(), styles: [], strings: [] };
  const [first] = recordsFrom(stream, 0);
  if (first?.type !== recordTypes.begin || first.data.length < 4) throw damagedFile();
  if (first.data.readUInt16LE(0) < 0x600) throw tooOld('Excel');
  try {
    for (const record of recordsFrom(stream, 0)) takeGlobal(globals, record);
  } catch (error) {
    throw error instanceof RangeError ? damagedFile() : error;
  }
  return globals;
}

function takeGlobal(globals: Globals, record: Parameters<typeof readRecord>[0] & { readonly type: number }): void {
  const { type, data } = record;
  if (type === recordTypes.filePass) throw lockedFile();
  if (type === recordTypes.boundSheet) {
    const [at, name] = [data.readUInt32LE(0), readRecord(record, 7).text(data.readUInt8(6)).text];
    if (globals.sheets.some((sheet) => sheet.at === at)) throw twice(name);
    // Charts, macros and modules are sheets of other kinds.
    if (data.readUInt8(5) === 0) globals.sheets.push({ name, at, isVisible: (data.readUInt8(4) & 3) === 0 });
  } else if (type === recordTypes.font)
    globals.fonts.push({ isStruck: (data.readUInt16LE(2) & 8) !== 0, isRaised: data.readUInt16LE(8) !== 0 });
  else if (type === recordTypes.format) globals.formats.set(data.readUInt16LE(0), readRecord(record, 2).text().text);
  else if (type === recordTypes.extendedFormat)
    globals.styles.push({ font: data.readUInt16LE(0), format: data.readUInt16LE(2) });
  else if (type === recordTypes.sharedStrings) {
    const reader = readRecord(record, 4);
    // Each takes at least three bytes, so the number of them is bounded by the file.
    for (let left = reader.long(); left > 0; left -= 1) globals.strings.push(reader.text());
  }
}

function sheetOf(globals: Globals, grid: Grid, prefix: string, parts: PartsBuilder): Sheet {
  const styles = globals.styles.map(
    (style): CellStyle => ({
      format: formatOf(style.format, globals.formats.get(style.format)),
      isStruck: fontOf(globals, style.font)?.isStruck === true,
    }),
  );
  return {
    value(row, column, text, stored) {
      keepCell(grid, row, column, shownCell(text, stored, styles, `${prefix}${columnName(column)}${row + 1}`));
    },
    text(row, column, style, text) {
      keepCell(grid, row, column, { text: standingText(globals, text, globals.styles[style]?.font ?? 0) });
    },
    shared: (index) => globals.strings[index] ?? { text: '', runs: [] },
    hideRow: (row) => void grid.hiddenRows.add(row),
    hideColumn: (column) => void grid.hiddenColumns.add(column),
    merge: (merge) => keepMerge(grid, merge),
    picture: () => parts.addPicture(),
  };
}

/** There is no font of the number 4. */
function fontOf({ fonts }: Globals, number: number) {
  return fonts[number > 4 ? number - 1 : number];
}

/** A text without what is struck through, and with what is raised beside it; before its first run it has the font of its cell. */
function standingText(globals: Globals, { text, runs }: BiffText, cellFont: number): string {
  const standing = growText();
  [{ from: 0, font: cellFont }, ...runs].forEach(({ from, font }, index) => {
    const { isStruck = false, isRaised = false } = fontOf(globals, font) ?? {};
    const part = text.slice(from, Math.max(from, runs[index]?.from ?? text.length));
    if (!isStruck) standing.add(part, isRaised && runs.length > 0);
  });
  return standing.take();
}
