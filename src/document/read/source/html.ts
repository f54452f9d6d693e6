/**
 * Published HTML and Word's HTML into pieces, in one pass without a tree of the document. A table that contains
 * tables is page layout: its text is read as lines, and only the innermost tables are read as tables.
 */
import { Parser } from 'htmlparser2';
import { Problem } from '../../../problem.js';
import { collectParts, type Parts, type PartsBuilder, type SpannedCell } from './parts.js';

/** The parts of a page, and its scripts that hold a table as a string, as some sites publish reports. */
export interface Page extends Parts {
  readonly scripts: readonly string[];
}

/** Splits an HTML text into parts; throws `invalid-document` when it is nested deeper than any report. */
export function readHtml(html: string): Page {
  const parts = collectParts();
  const state: State = {
    parts,
    flow: '',
    title: '',
    script: '',
    scripts: [],
    tables: [],
    skipping: [],
    depth: 0,
    pre: 0,
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => openTag(state, name, attributes),
      onclosetag: (name) => closeTag(state, name),
      ontext: (text) => addText(state, text),
    },
    { decodeEntities: true },
  );
  // In slices, so that no call needs the whole text in memory twice.
  for (let from = 0; from < html.length; from += slice) parser.write(html.slice(from, from + slice));
  parser.end();
  while (state.tables.length > 0) closeTable(state);
  flushFlow(state);
  return { ...parts.finish(state.title.trim() || null), scripts: state.scripts };
}

/** The page that a script holds as a string literal, with its escapes resolved. */
export function unescapeScript(script: string): string {
  return script
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\(.)/g, '$1');
}

interface OpenCell {
  text: string;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly children: (string | OpenTable)[];
}

interface OpenTable {
  readonly rows: OpenCell[][];
  cell: OpenCell | null;
  nests: boolean;
}

interface State {
  readonly parts: PartsBuilder;
  flow: string;
  title: string;
  script: string;
  readonly scripts: string[];
  readonly tables: OpenTable[];
  /** Open elements whose text is not displayed, innermost last. */
  readonly skipping: string[];
  depth: number;
  pre: number;
}

const slice = 65_536;
const maxDepth = 5_000;
const maxNestedTables = 40;
const maxScriptsLength = 5_000_000;
const hidden = new Set(['script', 'style', 'noscript', 'template', 'select', 'textarea', 'svg', 'xml', 'title']);
const blocks = new Set(
  'address article aside blockquote body br caption center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody tfoot thead ul'.split(
    ' ',
  ),
);

function openTag(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  state.depth += 1;
  if (state.depth > maxDepth) throw tooDeep();
  if (hidden.has(name)) state.skipping.push(name);
  if (state.skipping.length > 0) return;
  if (name === 'img' || name === 'object' || name === 'embed') state.parts.addPicture();
  if (name === 'pre') state.pre += 1;
  if (name === 'table') openTable(state);
  else if (name === 'tr') openRow(state);
  else if (name === 'td' || name === 'th') openCell(state, attributes);
  else if (blocks.has(name)) breakLine(state);
}

function closeTag(state: State, name: string): void {
  state.depth -= 1;
  if (state.skipping.at(-1) === name) {
    state.skipping.pop();
    if (name === 'script') keepScript(state);
    return;
  }
  if (state.skipping.length > 0) return;
  if (name === 'pre') state.pre = Math.max(0, state.pre - 1);
  if (name === 'table') closeTable(state);
  else if (name === 'td' || name === 'th' || name === 'tr') closeCell(state);
  else if (blocks.has(name)) breakLine(state);
}

function addText(state: State, text: string): void {
  const skipped = state.skipping.at(-1);
  if (skipped === 'title') state.title += text.slice(0, 500);
  else if (skipped === 'script') state.script += text;
  if (skipped) return;
  const table = state.tables.at(-1);
  if (table?.cell) table.cell.text += text.replace(/[ \t\r\n\f]+/g, ' ');
  else if (state.pre > 0) {
    const lines = text.split('\n');
    lines.forEach((line, index) => {
      state.flow += line;
      if (index < lines.length - 1) flushFlow(state);
    });
  } else state.flow += text.replace(/[ \t\r\n\f]+/g, ' ');
}

function keepScript(state: State): void {
  const kept = state.scripts.reduce((sum, script) => sum + script.length, 0);
  if (/(?:<|\\u003c)t[dr]/i.test(state.script) && kept + state.script.length <= maxScriptsLength) {
    state.scripts.push(state.script);
  }
  state.script = '';
}

function breakLine(state: State): void {
  const cell = state.tables.at(-1)?.cell;
  if (cell) cell.text += '\n';
  else flushFlow(state);
}

/** Adds the line collected so far; a line of only hard spaces is a blank cell in a text with one cell a line. */
function flushFlow(state: State): void {
  const line = state.flow.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  state.flow = '';
  if (line !== '') state.parts.addLine(line);
}

function openTable(state: State): void {
  const outer = state.tables.at(-1);
  if (!outer) flushFlow(state);
  if (state.tables.length >= maxNestedTables) throw tooDeep();
  state.tables.push({ rows: [], cell: null, nests: false });
}

function openRow(state: State): void {
  closeCell(state);
  state.tables.at(-1)?.rows.push([]);
}

function openCell(state: State, attributes: Readonly<Record<string, string>>): void {
  closeCell(state);
  const table = state.tables.at(-1);
  if (!table) return;
  if (table.rows.length === 0) table.rows.push([]);
  table.cell = { text: '', rowSpan: spanOf(attributes.rowspan), columnSpan: spanOf(attributes.colspan), children: [] };
}

function closeCell(state: State): void {
  const table = state.tables.at(-1);
  if (!table?.cell) return;
  table.rows.at(-1)?.push(table.cell);
  table.cell = null;
}

function closeTable(state: State): void {
  closeCell(state);
  const table = state.tables.pop();
  if (!table) return;
  const outer = state.tables.at(-1);
  if (!outer) emitTable(state.parts, table);
  else if (outer.cell) {
    outer.nests = true;
    outer.cell.children.push(outer.cell.text, table);
    outer.cell.text = '';
  } else emitInside(outer, table);
}

/** A table between the rows of another one (invalid markup) becomes a row of that table. */
function emitInside(outer: OpenTable, table: OpenTable): void {
  outer.nests = true;
  outer.rows.push([{ text: '', rowSpan: 1, columnSpan: 1, children: [table] }]);
}

function emitTable(parts: PartsBuilder, table: OpenTable): void {
  if (!table.nests) {
    parts.addTable(table.rows.map((cells) => ({ cells: cells.map(toSpanned) })));
    return;
  }
  for (const cell of table.rows.flat()) {
    for (const child of [...cell.children, cell.text]) {
      if (typeof child !== 'string') emitTable(parts, child);
      else for (const line of child.split('\n')) if (line.trim() !== '') parts.addLine(line.trim());
    }
  }
}

function toSpanned(cell: OpenCell): SpannedCell {
  return { text: cell.text.trim(), rowSpan: cell.rowSpan, columnSpan: cell.columnSpan };
}

function spanOf(attribute: string | undefined): number {
  const span = Number.parseInt(attribute ?? '', 10);
  return span > 1 ? span : 1;
}

function tooDeep(): Problem {
  return new Problem('invalid-document', {
    zh: '网页嵌套层数过多，无法识别为年度报告。',
    en: 'The page is nested beyond what any report needs.',
  });
}
