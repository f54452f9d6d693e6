/**
 * Word's .docx into pieces: paragraphs, and tables with their spans, as they stand: without what is struck through, hidden,
 * or deleted or moved away by a change that is tracked. Of a field its last result is
 * read; comments, macros and links are ignored.
 */
import { Problem } from '../../../problem.js';
import { relatedParts, soleRelated } from './package.js';
import { collectParts, type Parts, type PartsBuilder, type PieceRole, type SpannedCell } from './parts.js';
import { type GrowingText, growText, maxFieldCode, seenOfField, type Unread, type UnreadKind } from './standing.js';
import { type CharacterMarks, isOn, marksOf, readWordStyles, type StyleMarks, type WordStyles } from './word-styles.js';
import type { Archive, XmlHandler } from './zip.js';

/** Splits an opened .docx, of which `part` is the text, into parts; throws `invalid-document` when the archive holds no Word document. */
export async function readWord(archive: Archive, part: string): Promise<Parts> {
  const parts = collectParts();
  const styles = await readWordStyles(archive, soleRelated(await relatedParts(archive, part), 'styles'));
  const state: State = {
    parts,
    styles,
    text: growText(),
    isReading: false,
    fields: [],
    isCode: false,
    tables: [],
    within: new Map(),
    paragraph: {},
    isIndented: false,
    run: {},
  };
  if (!(await archive.parse(part, handlerFor(state)))) {
    throw new Problem('invalid-document', {
      zh: '压缩文件中没有 Word 文档。',
      en: 'The archive holds no Word document.',
    });
  }
  return parts.finish(null);
}

interface OpenCell {
  text: string;
  columnSpan: number;
  merge: 'restart' | 'continue' | null;
  unread: Unread | undefined;
}

interface OpenRow {
  readonly cells: OpenCell[];
  isGone: boolean;
}

interface OpenTable {
  readonly rows: OpenRow[];
  cell: OpenCell | null;
}

/** A field: its code is not shown, its result is. */
interface OpenField {
  code: string;
  hasResult: boolean;
}

interface State {
  readonly parts: PartsBuilder;
  readonly styles: WordStyles;
  readonly text: GrowingText;
  /** Inside w:t, the only element whose text is displayed. */
  isReading: boolean;
  /** Open fields, the innermost last. */
  readonly fields: OpenField[];
  /** Inside w:instrText, the code of a field. */
  isCode: boolean;
  readonly tables: OpenTable[];
  /** How many elements of a name are open, of those that change what is inside them. */
  readonly within: Map<string, number>;
  paragraph: StyleMarks;
  /** Whether the paragraph begins with an indent, as text does. */
  isIndented: boolean;
  run: CharacterMarks;
}

/** What is inside these does not stand: a copy for older programs, what was deleted or moved away, a reading guide. */
const gone = ['mc:Fallback', 'w:del', 'w:moveFrom', 'w:rt'];

/** The properties of what holds them. */
const properties = ['w:rPr', 'w:pPr', 'w:trPr', 'w:tcPr'];

const followed = new Set([...gone, ...properties]);

/** What a person sees in a cell that is no text. */
const contents: Readonly<Record<string, UnreadKind>> = {
  'w:drawing': 'picture',
  'w:pict': 'picture',
  'w:object': 'object',
  'm:oMath': 'equation',
  'w:sym': 'symbol',
};

function handlerFor(state: State): XmlHandler {
  const count = (name: string, by: 1 | -1) => {
    if (followed.has(name)) state.within.set(name, (state.within.get(name) ?? 0) + by);
  };
  return {
    open(name, attributes) {
      if (isInside(state, 'w:trPr')) markRow(state, name, attributes);
      else if (isInside(state, 'w:rPr')) markRun(state, name, attributes);
      else if (!isGone(state)) openElement(state, name, attributes);
      count(name, 1);
    },
    close(name) {
      count(name, -1);
      if (!isGone(state)) closeElement(state, name);
    },
    text(text) {
      const field = state.isCode ? state.fields.at(-1) : undefined;
      if (field && field.code.length < maxFieldCode) field.code += text;
      if (!state.isReading || isGone(state)) return;
      const { isHidden = false, isStruck = false, isRaised = false } = { ...state.paragraph, ...state.run };
      if (!isHidden && !isStruck) state.text.add(text, isRaised);
    },
  };
}

function isInside(state: State, name: string): boolean {
  return (state.within.get(name) ?? 0) > 0;
}

function isGone(state: State): boolean {
  return gone.some((name) => isInside(state, name));
}

/** A row that was deleted, or is hidden. */
function markRow(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  const row = state.tables.at(-1)?.rows.at(-1);
  if (row && (name === 'w:del' || (name === 'w:hidden' && isOn(attributes['w:val'])))) row.isGone = true;
}

/** What the properties of a run say of its characters; those of a paragraph's mark say nothing of its text. */
function markRun(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  if (isInside(state, 'w:pPr')) return;
  const marks =
    name === 'w:rStyle' ? { ...state.styles(attributes['w:val']), ...state.run } : marksOf(name, attributes);
  state.run = { ...state.run, ...marks };
}

function openElement(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  const table = state.tables.at(-1);
  const value = attributes['w:val'];
  const kind = contents[name];
  if (kind) addContent(state, kind);
  else if (name === 'w:t') state.isReading = true;
  else if (name === 'w:instrText') state.isCode = true;
  else if (name === 'w:fldChar') followField(state, attributes['w:fldCharType']);
  else if (name === 'w:p') [state.paragraph, state.isIndented] = [{}, false];
  else if (name === 'w:ind') state.isIndented = Number(attributes['w:firstLine'] ?? attributes['w:firstLineChars']) > 0;
  else if (name === 'w:pStyle') state.paragraph = state.styles(value);
  else if (name === 'w:r') state.run = {};
  else if (name === 'w:tab') state.text.add(' ', false);
  else if (name === 'w:noBreakHyphen') state.text.add('-', false);
  else if (name === 'w:br' || name === 'w:cr') endLine(state);
  else if (name === 'w:tbl') state.tables.push({ rows: [], cell: null });
  else if (name === 'w:tr') table?.rows.push({ cells: [], isGone: false });
  else if (name === 'w:gridBefore' && table)
    table.rows.at(-1)?.cells.push({ ...emptyCell(), columnSpan: Number(value) || 1 });
  else if (name === 'w:tc' && table) table.cell = emptyCell();
  else if (name === 'w:gridSpan' && table?.cell) table.cell.columnSpan = Number(value) || 1;
  else if (name === 'w:vMerge' && table?.cell) table.cell.merge = value === 'restart' ? 'restart' : 'continue';
}

/** At the end of a field without a result, what is seen of it is what its code draws. */
function followField(state: State, mark: string | undefined): void {
  const { fields } = state;
  if (mark === 'begin') {
    if (fields.length < maxFields) fields.push({ code: '', hasResult: false });
    return;
  }
  const field = mark === 'end' ? fields.pop() : fields.at(-1);
  if (mark === 'separate' && field) field.hasResult = true;
  const seen = mark === 'end' && field && !field.hasResult ? seenOfField(field.code) : undefined;
  if (seen && 'text' in seen) state.text.add(seen.text, false);
  else if (seen) addContent(state, seen.kind);
}

/** Fields lie in each other, but not deeply. */
const maxFields = 100;

function addContent(state: State, kind: UnreadKind): void {
  if (kind === 'picture') state.parts.addPicture();
  const { isHidden = false, isStruck = false } = { ...state.paragraph, ...state.run };
  const cell = state.tables.at(-1)?.cell;
  if (cell && !isHidden && !isStruck) cell.unread ??= { kind };
}

function closeElement(state: State, name: string): void {
  if (name === 'w:t') state.isReading = false;
  else if (name === 'w:instrText') state.isCode = false;
  else if (name === 'w:p') endLine(state);
  else if (name === 'w:tc') endCell(state);
  else if (name === 'w:tbl') endTable(state);
}

function emptyCell(): OpenCell {
  return { text: '', columnSpan: 1, merge: null, unread: undefined };
}

/** A paragraph or a line break: a line of text, or the next line of the cell. */
function endLine(state: State): void {
  const cell = state.tables.at(-1)?.cell;
  const text = state.text.take();
  if (cell) cell.text += cell.text === '' ? text : `\n${text}`;
  else if (state.tables.length === 0 && text.trim() !== '') {
    state.parts.addLine(text.trim(), { role: roleOf(state) });
  }
}

function roleOf({ paragraph, isIndented }: State): PieceRole | undefined {
  if (paragraph.isHeading) return 'heading';
  return isIndented ? 'paragraph' : undefined;
}

function endCell(state: State): void {
  const table = state.tables.at(-1);
  if (!table?.cell) return;
  table.rows.at(-1)?.cells.push(table.cell);
  table.cell = null;
}

/**
 * A table inside a cell with one text in it is that text; any other is read before the table around it, which keeps its own
 * cells.
 */
function endTable(state: State): void {
  const table = state.tables.pop();
  if (!table) return;
  const rows = table.rows.filter(({ isGone }) => !isGone).map(({ cells }) => cells);
  const outer = state.tables.at(-1)?.cell;
  const filled = rows.flat().filter(({ text, unread }) => text.trim() !== '' || unread);
  const [only, ...others] = filled;
  if (outer && only && others.length === 0) {
    outer.text += outer.text === '' ? only.text : `\n${only.text}`;
    outer.unread ??= only.unread;
    return;
  }
  if (outer && filled.length > 0) outer.unread ??= { kind: 'table' };
  state.parts.addTable(rows.map((cells) => ({ cells: cells.map(toSpanned) })));
}

function toSpanned({ text, columnSpan, merge, unread }: OpenCell): SpannedCell {
  const spanned = { text: text.trim(), rowSpan: 1, columnSpan, unread };
  return merge === 'continue' ? { ...spanned, continues: true } : spanned;
}
