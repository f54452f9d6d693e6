/**
 * Excel's .xlsx: its sheets, and their cells as they are shown: of a text without what is struck through, and with what is
 * raised beside it. Formulas are not run (the value they last gave is read), and macros and links are left alone.
 */
import { Problem } from '../../../problem.js';
import { cleanText } from '../../../text.js';
import { readCellText } from '../../../xlsx.js';
import { type CellStyle, isMarked, type NumberFormat } from './number-formats.js';
import { findMainPart, localName, type Related, relatedParts, soleRelated, twice } from './package.js';
import { growText } from './standing.js';
import type { Archive, XmlHandler } from './zip.js';

/** A sheet of a workbook. */
interface Worksheet {
  /** The name of its part in the archive. */
  readonly part: string;
  /** As its tab shows it. */
  readonly name: string;
  readonly isVisible: boolean;
}

/** A cell as the file keeps it. */
export interface StoredCell {
  /** `n` a number, `s`, `str` and `inlineStr` text, `b` a logical value, `e` an error, `d` a date. */
  readonly type: string;
  /** The number of its style, from 0. */
  readonly style: number;
  /** Of a formula without a value nothing is known: the program that wrote it did not compute it. */
  readonly isUncalculated: boolean;
  /** Whether its row or its column is not shown; null where both are. */
  readonly hidden: 'row' | 'column' | null;
  /** Whether its sheet shows zeros: they can be left out of sight altogether. */
  readonly showsZeros: boolean;
}

/** What a cell is where that is no text and no plain number. */
export type CellKind = Exclude<NumberFormat, 'plain'> | 'logical' | 'error' | 'uncalculated';

const kindsOfTypes: Readonly<Record<string, CellKind | undefined>> = { b: 'logical', e: 'error', d: 'date' };

/** What a cell is to who reads the sheet, by its type and, of a number, by its style; undefined for text and plain numbers. */
export function kindOfCell(
  { type, style, isUncalculated, showsZeros }: StoredCell,
  text: string,
  styles: readonly CellStyle[],
): CellKind | undefined {
  if (isUncalculated) return 'uncalculated';
  if (text === '') return undefined;
  if (type !== 'n') return kindsOfTypes[type];
  const format = styles[style]?.format ?? 'plain';
  if (Number(text) === 0 && (format === 'zeroless' || !showsZeros)) return 'zeroless';
  return format === 'plain' || format === 'zeroless' ? undefined : format;
}

/** A logical value as a sheet shows it. */
export function shownLogical(text: string): string {
  return text === '1' ? 'TRUE' : 'FALSE';
}

/** Takes what a sheet holds, in its order. Rows and columns are counted from 0; -1 is outside of every sheet. */
interface SheetHandler {
  cell(row: number, column: number, text: string, stored: StoredCell): void;
  /** A row has come to its end. */
  endRow?(row: number): void;
  /** The range of a merged cell, such as "B3:C4". */
  merge?(ref: string): void;
}

/** An opened workbook. */
export interface Workbook {
  /** In the order of their tabs. */
  readonly sheets: readonly Worksheet[];
  /** The name of the part with the styles of cells, where it has one. */
  readonly styles: string | undefined;
  read(sheet: Worksheet, handler: SheetHandler): Promise<void>;
}

/** Opens the workbook in an archive; without sheets when the archive is none. */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  const main = await findMainPart(archive);
  if (main?.kind !== 'workbook') return { sheets: [], styles: undefined, read: async () => {} };
  const related = await relatedParts(archive, main.name);
  const sheets = await readSheets(archive, main.name, related);
  const strings = sheets.length === 0 ? [] : await sharedStrings(archive, soleRelated(related, 'sharedStrings'));
  return {
    sheets,
    styles: soleRelated(related, 'styles'),
    read: async (sheet, handler) => {
      await archive.parse(sheet.part, sheetParser(handler, strings));
    },
  };
}

/** The refusal of an archive without a sheet that could be read. */
export function noSheet(): Problem {
  return new Problem('invalid-document', {
    zh: '压缩文件中没有 Excel 工作表。',
    en: 'The archive holds no Excel sheet.',
  });
}

async function readSheets(archive: Archive, workbook: string, related: readonly Related[]): Promise<Worksheet[]> {
  const targets = new Map(related.map(({ id, part }) => [id, part]));
  const sheets: Worksheet[] = [];
  await archive.parse(workbook, {
    ...nothing,
    open(name, attributes) {
      const part = targets.get(attributes['r:id'] ?? '');
      if (localName(name) !== 'sheet' || !part) return;
      if (sheets.some((sheet) => sheet.part === part)) throw twice(part);
      const { name: title = '', state = 'visible' } = attributes;
      sheets.push({ part, name: cleanText(title), isVisible: state === 'visible' });
    },
  });
  return sheets.filter(({ part }) => archive.has(part));
}

const nothing: XmlHandler = { open() {}, close() {}, text() {} };

async function sharedStrings(archive: Archive, part = 'xl/sharedStrings.xml'): Promise<string[]> {
  const strings: string[] = [];
  const reader = readRichText();
  await archive.parse(part, {
    open: reader.open,
    close(name) {
      reader.close(name);
      if (localName(name) === 'si') strings.push(readCellText(reader.take()));
    },
    text: reader.text,
  });
  return strings;
}

/** Reads the text of a shared or inline string, run by run: without guides to reading and what is struck through. */
function readRichText(): XmlHandler & { take(): string } {
  const text = growText();
  let [isReading, isGuide, isStruck, isRaised] = [false, false, false, false];
  return {
    open(name, { val }) {
      const element = localName(name);
      if (element === 'rPh') isGuide = true;
      else if (element === 'r' || element === 'si' || element === 'is') [isStruck, isRaised] = [false, false];
      else if (element === 'strike') isStruck = isMarked(val);
      else if (element === 'vertAlign') isRaised = val !== 'baseline';
      else if (element === 't') isReading = !isGuide && !isStruck;
    },
    close(name) {
      if (localName(name) === 'rPh') isGuide = false;
      if (localName(name) === 't') isReading = false;
    },
    text(part) {
      if (isReading) text.add(part, isRaised);
    },
    take: text.take,
  };
}

function sheetParser(handler: SheetHandler, strings: readonly string[]): XmlHandler {
  let [row, column] = [-1, -1];
  let [type, text, style] = ['', '', 0];
  let [isReading, isFormula, isHiddenRow, showsZeros] = [false, false, false, true];
  const rich = readRichText();
  // A mark for each column, so that no cell is compared with as many ranges as a file may name.
  const hidden = new Uint8Array(maxColumns);
  let ranges = 0;
  const endCell = () => {
    const isUncalculated = isFormula && text === '' && type !== 'str';
    const inHidden = isHiddenRow ? 'row' : hidden[column] === 1 ? 'column' : null;
    const inline = rich.take();
    const own = type === 'inlineStr' ? inline : text;
    handler.cell(row, column, shownText(type, own, strings), {
      type,
      style,
      isUncalculated,
      hidden: inHidden,
      showsZeros,
    });
  };
  return {
    open(name, attributes) {
      const element = localName(name);
      rich.open(name, attributes);
      if (element === 'row') {
        [row, column] = [attributes.r ? Number(attributes.r) - 1 : row + 1, -1];
        isHiddenRow = isHiddenBy(attributes, 'ht');
      } else if (element === 'c') {
        column = attributes.r ? addressOf(attributes.r).column : column + 1;
        [type, text, style] = [attributes.t ?? 'n', '', Number(attributes.s ?? 0)];
        isFormula = false;
      } else if (element === 'f') isFormula = true;
      else if (element === 'v') isReading = true;
      else if (element === 'sheetView') showsZeros &&= isMarked(attributes.showZeros);
      else if (element === 'mergeCell' && attributes.ref) handler.merge?.(attributes.ref);
      else if (element === 'col' && isHiddenBy(attributes, 'width') && ranges < maxColumns) {
        ranges += 1;
        hidden.fill(1, Math.max(0, Number(attributes.min) - 1), Math.max(0, Number(attributes.max)));
      }
    },
    close(name) {
      const element = localName(name);
      rich.close(name);
      if (element === 'v') isReading = false;
      else if (element === 'c') endCell();
      else if (element === 'row') handler.endRow?.(row);
    },
    text(part) {
      if (isReading) text += part;
      rich.text(part);
    },
  };
}

/** A sheet has 16,384 columns, and no more ranges of hidden ones. */
const maxColumns = 16_384;

/** Whether a row or a range of columns is hidden, or has no height or width. */
function isHiddenBy(attributes: Readonly<Record<string, string>>, size: 'ht' | 'width'): boolean {
  return attributes.hidden === '1' || attributes.hidden === 'true' || Number(attributes[size] ?? 1) === 0;
}

/**
 * The text of a cell as a sheet shows it: a shared string by its number, and of a number, which is stored with all the
 * digits of its binary form, the shortest decimal that is the same number.
 */
function shownText(type: string, text: string, strings: readonly string[]): string {
  if (type === 's') return strings[Number(text)] ?? '';
  if (type === 'inlineStr' || type === 'str') return readCellText(text);
  if (type !== 'n' || text.trim() === '') return text;
  const number = Number(text);
  return Number.isFinite(number) && Math.abs(number) < 1e15 && Math.abs(number) > 1e-6 ? String(number) : text;
}

/** "B3" is row 2, column 1; anything else is outside of every sheet. */
export function addressOf(ref: string): { row: number; column: number } {
  const match = /^([A-Z]{1,3})(\d{1,7})$/.exec(ref);
  if (!match?.[1]) return { row: -1, column: -1 };
  const column = [...match[1]].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(match[2]) - 1, column };
}
