/**
 * Word's .doc of 1997 to 2003, and .wps of WPS, into pieces: paragraphs, and tables with their spans, as they stand: without
 * what is struck through, hidden, or deleted by a change that is tracked. Fields, remarks, macros and links are ignored.
 */
import { collectParts, type Parts, type PartsBuilder } from '../parts.js';
import { type GrowingText, growText, maxFieldCode, seenOfField, type Unread, type UnreadKind } from '../standing.js';
import { type CompoundFile, damagedFile } from './compound.js';
import { type DocMarks, type DocStyles, marksWith, plainMarks, readDocStyles } from './doc-marks.js';
import { type DocStreams, docStreams, listedTable, listedTables, type TextPiece, textPieces } from './doc-pieces.js';
import { findRun, numberIn, type PropertyRun, propertiesOf, propertyNumbers, propertyRuns } from './doc-properties.js';
import { type DocCell, type DocRow, paragraphPlace, rowShape, spannedRows } from './doc-rows.js';

/** Splits a Word document in a compound file into parts; throws `invalid-document` when it is damaged, locked or before 1997. */
export function readDoc(file: CompoundFile): Parts {
  try {
    const streams = docStreams(file.stream);
    const state = begin(streams);
    for (const piece of textPieces(streams)) readPiece(state, piece);
    endParagraph(state, '');
    endTable(state);
    return state.parts.finish(null);
  } catch (error) {
    // A table that is shorter than it says.
    throw error instanceof RangeError ? damagedFile() : error;
  }
}

/** A field: its code is not shown, its result is. */
interface OpenField {
  code: string;
  hasResult: boolean;
}

interface State {
  readonly streams: DocStreams;
  readonly parts: PartsBuilder;
  readonly styles: DocStyles;
  readonly charactersAt: (at: number) => PropertyRun | undefined;
  readonly paragraphAt: (at: number) => PropertyRun | undefined;
  readonly text: GrowingText;
  /** Lines of the paragraph before its last line break. */
  lines: string;
  readonly fields: OpenField[];
  unread: Unread | undefined;
  rows: DocRow[];
  cells: DocCell[];
  cell: DocCell;
  /** The texts of the cells of a table within the cell. */
  inner: string[];
  innerCell: string;
}

function begin(streams: DocStreams): State {
  const { main } = streams;
  return {
    streams,
    parts: collectParts(),
    styles: readDocStyles(streams),
    charactersAt: findRun(propertyRuns(main, listedTable(streams, listedTables.characters), 'characters')),
    paragraphAt: findRun(propertyRuns(main, listedTable(streams, listedTables.paragraphs), 'paragraphs')),
    text: growText(),
    lines: '',
    fields: [],
    unread: undefined,
    rows: [],
    cells: [],
    cell: emptyCell(),
    inner: [],
    innerCell: '',
  };
}

function emptyCell(): DocCell {
  return { text: '', unread: undefined };
}

const endOfParagraph = 0x0d;
const endOfCell = 0x07;
const endOfPage = 0x0c;

/** Characters of one byte are those of Windows' Latin alphabet. */
const narrow = new TextDecoder('windows-1252');

function readPiece(state: State, piece: TextPiece): void {
  const { at: start, characters, width, properties } = piece;
  const end = start + characters * width;
  let run: PropertyRun | undefined;
  let marks = plainMarks;
  for (let at = start; at < end; ) {
    run = state.charactersAt(at);
    marks = marksAt(state, run, at, properties);
    // To the end of the run, or of the paragraph, whose style may be another.
    const to = Math.min(end, run?.to ?? end);
    at = readRun(state, { from: at, to: to > at ? to : at + width, width }, marks);
  }
}

function marksAt(state: State, run: PropertyRun | undefined, at: number, properties: Buffer): DocMarks {
  const ofStyle = state.styles(state.paragraphAt(at)?.style ?? 0);
  const marks = run ? marksWith(ofStyle, run.list, state.styles) : ofStyle;
  return properties.length > 0 ? marksWith(marks, properties, state.styles) : marks;
}

/** Reads characters of the same marks up to the end of a paragraph; returns where it ended. */
function readRun(
  state: State,
  { from, to, width }: { from: number; to: number; width: 1 | 2 },
  marks: DocMarks,
): number {
  const { main } = state.streams;
  for (let at = from; at + width <= to; at += width) {
    const code = width === 2 ? main.readUInt16LE(at) : main.readUInt8(at);
    if (code === endOfParagraph || code === endOfCell || code === endOfPage) {
      const paragraph = state.paragraphAt(at);
      endWith(state, code, paragraph ? wholeList(state, paragraph.list) : Buffer.alloc(0), marks);
      return at + width;
    }
    addCharacter(
      state,
      code,
      width === 2 ? String.fromCharCode(code) : narrow.decode(main.subarray(at, at + 1)),
      marks,
    );
  }
  return to;
}

/** Properties that are too long for their page are in a stream of their own, at a place that the page states. */
function wholeList({ streams: { data } }: State, list: Buffer): Buffer {
  for (const property of propertiesOf(list)) {
    if (property.number !== propertyNumbers.elsewhere && property.number !== propertyNumbers.elsewhereOld) continue;
    const at = numberIn(property);
    if (at + 2 > data.length) throw damagedFile();
    return Buffer.concat([list, data.subarray(at + 2, at + 2 + data.readUInt16LE(at))]);
  }
  return list;
}

const fieldMarks = { begin: 0x13, separate: 0x14, end: 0x15 } as const;
const lineBreak = 0x0b;
const hardHyphen = 0x1e;

/** What stands for something that is no text, where it is marked as special. */
const specials: Readonly<Record<number, UnreadKind>> = { 1: 'picture', 8: 'picture', 40: 'symbol' };

function addCharacter(state: State, code: number, character: string, marks: DocMarks): void {
  if (code === fieldMarks.begin || code === fieldMarks.separate || code === fieldMarks.end) {
    followField(state, code);
    return;
  }
  if (marks.isDeleted || marks.isHidden || marks.isStruck || marks.isStruckTwice) return;
  const open = state.fields.find(({ hasResult }) => !hasResult);
  if (open) {
    if (open.code.length < maxFieldCode) open.code += character;
    return;
  }
  const special = marks.isSpecial ? specials[code] : undefined;
  if (special) {
    if (special === 'picture') state.parts.addPicture();
    state.unread ??= { kind: special };
  } else if (code === lineBreak) state.lines += `${state.text.take()}\n`;
  else if (code === hardHyphen) state.text.add('-', false);
  else if (code === 0x09) state.text.add(' ', false);
  else if (code >= 0x20 && !marks.isSpecial) state.text.add(character, marks.isRaised);
}

function followField(state: State, code: number): void {
  const { fields } = state;
  if (code === fieldMarks.begin) fields.push({ code: '', hasResult: false });
  else if (code === fieldMarks.separate) {
    const last = fields.at(-1);
    if (last) last.hasResult = true;
  } else {
    const field = fields.pop();
    const seen = field && !field.hasResult ? seenOfField(field.code) : undefined;
    if (seen && 'text' in seen) state.text.add(seen.text, false);
    else if (seen) state.unread ??= seen;
  }
}

function endWith(state: State, code: number, list: Buffer, marks: DocMarks): void {
  const text = state.lines + state.text.take();
  state.lines = '';
  // A code does not go on after its paragraph: one without an end would hide the rest of the text.
  for (const field of state.fields) field.hasResult = true;
  const place = paragraphPlace(list);
  if (code === endOfCell) {
    if (place.endsRow) endRow(state, list, marks);
    else endCell(state, text);
  } else if (place.depth > 1) addInner(state, text, place);
  else if (place.depth === 1) addToCell(state, text);
  else endParagraph(state, text);
}

/** A paragraph outside of tables. */
function endParagraph(state: State, text: string): void {
  endTable(state);
  state.unread = undefined;
  for (const line of (text === '' ? state.lines + state.text.take() : text).split('\n'))
    if (line.trim() !== '') state.parts.addLine(line.trim());
}

function addToCell(state: State, text: string): void {
  const { cell } = state;
  cell.text += cell.text === '' ? text : `\n${text}`;
  cell.unread ??= state.unread;
  state.unread = undefined;
}

function addInner(
  state: State,
  text: string,
  { endsInnerCell, endsInnerRow }: Pick<ReturnType<typeof paragraphPlace>, 'endsInnerCell' | 'endsInnerRow'>,
): void {
  state.cell.unread ??= state.unread;
  state.unread = undefined;
  if (endsInnerRow) return;
  state.innerCell += state.innerCell === '' ? text : `\n${text}`;
  if (!endsInnerCell) return;
  if (state.innerCell.trim() !== '') state.inner.push(state.innerCell);
  state.innerCell = '';
}

/** A table in a cell with one text in it is that text; any other is named. */
function endCell(state: State, text: string): void {
  addToCell(state, text);
  const [only, ...others] = state.inner;
  if (only !== undefined && others.length === 0) addToCell(state, only);
  else if (only !== undefined) state.cell.unread ??= { kind: 'table' };
  state.inner = [];
  state.cells.push(state.cell);
  state.cell = emptyCell();
}

/** Cells of a row; a shape that is not of as many is none. */
function endRow(state: State, list: Buffer, { isDeleted, isHidden }: DocMarks): void {
  const { cells } = state;
  state.cells = [];
  state.cell = emptyCell();
  const shape = rowShape(list);
  if (isDeleted || isHidden || cells.length === 0) return;
  state.rows.push({ cells, shape: shape?.cells.length === cells.length ? shape : null });
}

function endTable(state: State): void {
  if (state.cells.length > 0) state.rows.push({ cells: state.cells, shape: null });
  state.cells = [];
  if (state.rows.length > 0) state.parts.addTable(spannedRows(state.rows));
  state.rows = [];
}
