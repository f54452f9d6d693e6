/** Word's .docx into pieces: paragraphs, and tables with their spans. Fields, comments, macros and links are ignored. */
import { Problem } from '../../../problem.js';
import { collectParts, type Parts, type PartsBuilder, type SpannedCell } from './parts.js';
import type { Archive, XmlHandler } from './zip.js';

/** Splits an opened .docx, of which `part` is the text, into parts; throws `invalid-document` when the archive holds no Word document. */
export async function readWord(archive: Archive, part: string): Promise<Parts> {
  const parts = collectParts();
  const state: State = { parts, text: '', paragraph: 0, reading: false, tables: [], skipping: 0 };
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
}

interface OpenTable {
  readonly rows: OpenCell[][];
  cell: OpenCell | null;
}

interface State {
  readonly parts: PartsBuilder;
  text: string;
  paragraph: number;
  /** Inside w:t, the only element whose text is displayed. */
  reading: boolean;
  readonly tables: OpenTable[];
  /** Inside mc:Fallback, which repeats the content before it. */
  skipping: number;
}

function handlerFor(state: State): XmlHandler {
  return {
    open(name, attributes) {
      if (name === 'mc:Fallback') state.skipping += 1;
      if (state.skipping === 0) openElement(state, name, attributes);
    },
    close(name) {
      if (state.skipping === 0) closeElement(state, name);
      if (name === 'mc:Fallback') state.skipping -= 1;
    },
    text(text) {
      if (state.reading && state.skipping === 0) state.text += text;
    },
  };
}

function openElement(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  const table = state.tables.at(-1);
  const value = attributes['w:val'];
  if (name === 'w:t') state.reading = true;
  else if (name === 'w:tab') state.text += ' ';
  else if (name === 'w:br' || name === 'w:cr') endLine(state);
  else if (name === 'w:drawing' || name === 'w:pict') state.parts.addPicture();
  else if (name === 'w:tbl') state.tables.push({ rows: [], cell: null });
  else if (name === 'w:tr') table?.rows.push([]);
  else if (name === 'w:gridBefore' && table)
    table.rows.at(-1)?.push({ ...emptyCell(), columnSpan: Number(value) || 1 });
  else if (name === 'w:tc' && table) table.cell = emptyCell();
  else if (name === 'w:gridSpan' && table?.cell) table.cell.columnSpan = Number(value) || 1;
  else if (name === 'w:vMerge' && table?.cell) table.cell.merge = value === 'restart' ? 'restart' : 'continue';
}

function closeElement(state: State, name: string): void {
  if (name === 'w:t') state.reading = false;
  else if (name === 'w:p') endLine(state);
  else if (name === 'w:tc') endCell(state);
  else if (name === 'w:tbl') endTable(state);
}

function emptyCell(): OpenCell {
  return { text: '', columnSpan: 1, merge: null };
}

/** A paragraph or a line break: a line of text, or the next line of the cell. */
function endLine(state: State): void {
  const cell = state.tables.at(-1)?.cell;
  if (cell) cell.text += cell.text === '' ? state.text : `\n${state.text}`;
  else if (state.tables.length === 0 && state.text.trim() !== '') state.parts.addLine(state.text.trim());
  state.text = '';
}

function endCell(state: State): void {
  const table = state.tables.at(-1);
  if (!table?.cell) return;
  table.rows.at(-1)?.push(table.cell);
  table.cell = null;
}

/** A table inside a cell is read before the table around it, which keeps its own cells. */
function endTable(state: State): void {
  const table = state.tables.pop();
  if (!table) return;
  const rows = table.rows.map((cells) => ({ cells: cells.map(toSpanned) }));
  state.parts.addTable(rows);
}

function toSpanned(cell: OpenCell): SpannedCell {
  const spanned = { text: cell.text.trim(), rowSpan: 1, columnSpan: cell.columnSpan };
  return cell.merge === 'continue' ? { ...spanned, continues: true } : spanned;
}
