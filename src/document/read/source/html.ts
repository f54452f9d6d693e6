/**
 * Published HTML and Word's HTML into pieces as they stand, in one pass without a tree of the document: which characters of
 * it are there, and where its lines end.
 */
import { Parser } from 'htmlparser2';
import { followTables, type TablesOfPage, tooDeep } from './html-tables.js';
import { collectParts, type Parts, type PartsBuilder } from './parts.js';
import { besideText, type UnreadKind } from './standing.js';
import { collectStyles, lookOfDeclarations, type StyledElement, type StyleSheet } from './style-sheet.js';

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
    isHeading: false,
    isArticle: false,
    title: '',
    script: '',
    scripts: [],
    style: '',
    styles: collectStyles(),
    tables: followTables(parts),
    skipping: [],
    open: [],
    raised: null,
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
  while (state.tables.depth() > 0) state.tables.closeTable();
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

/** An open element and how what is in it stands. */
interface OpenElement extends StyledElement {
  readonly isGone: boolean;
  readonly isInvisible: boolean;
  readonly isStruck: boolean;
  readonly isRaised: boolean;
}

interface State {
  readonly parts: PartsBuilder;
  flow: string;
  /** Whether the flow has text of a heading in it. */
  isHeading: boolean;
  /** Whether it is of a section of the main part of the page, where no footer is. */
  isArticle: boolean;
  title: string;
  script: string;
  readonly scripts: string[];
  readonly tables: TablesOfPage;
  /** The text of the `<style>` that is open, and the rules of those before it. */
  style: string;
  readonly styles: StyleSheet;
  /** Open elements whose text is not displayed, innermost last. */
  readonly skipping: string[];
  readonly open: OpenElement[];
  /** What is raised or lowered, until that ends. */
  raised: string | null;
  pre: number;
}

const slice = 65_536;
const maxDepth = 5_000;
const maxScriptsLength = 5_000_000;
const hidden = new Set(['script', 'style', 'noscript', 'template', 'select', 'textarea', 'svg', 'xml', 'title']);
/** What is struck through, is a guide to reading, or is shown to nobody. */
const struck = new Set(['del', 's', 'strike']);
const guides = new Set(['rt', 'rp']);
const raised = new Set(['sup', 'sub']);
const articles = ['main', 'section'];
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
/** What a person sees in a cell that is no text. */
const contents: Readonly<Record<string, UnreadKind>> = {
  img: 'picture',
  svg: 'picture',
  canvas: 'picture',
  math: 'equation',
  input: 'input',
  select: 'input',
  textarea: 'input',
  object: 'object',
  embed: 'object',
  iframe: 'object',
  video: 'object',
  audio: 'object',
};
const blocks = new Set(
  'address article aside blockquote body br caption center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody tfoot thead ul'.split(
    ' ',
  ),
);

function openTag(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  if (state.open.length >= maxDepth) throw tooDeep();
  const element = elementOf(state, name, attributes);
  const isRaisedHere = element.isRaised && state.open.at(-1)?.isRaised !== true;
  state.open.push(element);
  if (hidden.has(name) && !element.isGone && state.skipping.length === 0) addContent(state, name, attributes);
  if (hidden.has(name)) state.skipping.push(name);
  if (state.skipping.length > 0 || element.isGone) return;
  if (isRaisedHere) state.raised = '';
  addContent(state, name, attributes);
  if (name === 'pre') state.pre += 1;
  if (name === 'table') {
    if (state.tables.depth() === 0) flushFlow(state);
    state.tables.openTable();
  } else if (name === 'tr') state.tables.openRow();
  else if (name === 'td' || name === 'th') state.tables.openCell(attributes);
  else if (blocks.has(name)) breakLine(state);
}

/** An element with what its tag, the sheets and its own style say, and what it has of those around it. */
function elementOf(state: State, name: string, attributes: Readonly<Record<string, string>>): OpenElement {
  const own = { name, id: attributes.id, classes: attributes.class?.split(/\s+/) ?? [] };
  const outer = state.open.at(-1);
  const look = { ...state.styles.lookOf(own, state.open), ...lookOfDeclarations(attributes.style ?? '') };
  const isGone = look.isGone === true || attributes.hidden !== undefined || guides.has(name);
  return {
    ...own,
    isGone: isGone || outer?.isGone === true,
    isInvisible: look.isInvisible ?? outer?.isInvisible ?? false,
    // A line through a text goes on through what is inside it.
    isStruck: look.isStruck === true || struck.has(name) || outer?.isStruck === true,
    isRaised: look.isRaised === true || raised.has(name) || (outer?.isRaised === true && !blocks.has(name)),
  };
}

/** What is seen of an element that has no text. */
function addContent(state: State, name: string, attributes: Readonly<Record<string, string>>): void {
  const kind = contents[name];
  if (!kind || isUnseen(state, name, attributes)) return;
  if (kind === 'picture' || kind === 'object') state.parts.addPicture();
  const cell = state.tables.cell();
  if (cell) cell.unread ??= { kind };
}

/** What takes no room on the page, or no more than the dots that count visits. */
function isUnseen(state: State, name: string, { type, width, height }: Readonly<Record<string, string>>): boolean {
  const element = state.open.at(-1);
  if (element?.isInvisible || element?.isStruck) return true;
  if (name === 'input') return type?.toLowerCase() === 'hidden';
  return [width, height].some((size) => size !== undefined && Number.parseInt(size, 10) <= 1);
}

function closeTag(state: State, name: string): void {
  const element = state.open.pop();
  if (state.skipping.at(-1) === name) {
    state.skipping.pop();
    if (name === 'script') keepScript(state);
    if (name === 'style') keepStyle(state);
    return;
  }
  if (state.skipping.length > 0 || element?.isGone) return;
  if (element?.isRaised && state.open.at(-1)?.isRaised !== true) settleRaised(state);
  if (name === 'pre') state.pre = Math.max(0, state.pre - 1);
  if (name === 'table') state.tables.closeTable();
  else if (name === 'td' || name === 'th' || name === 'tr') state.tables.closeCell();
  else if (blocks.has(name)) breakLine(state);
}

/** What was raised stands beside the text before it. */
function settleRaised(state: State): void {
  const text = state.raised === null ? '' : besideText(state.raised);
  state.raised = null;
  if (text !== '') addStanding(state, text);
}

function keepStyle(state: State): void {
  state.styles.add(state.style);
  state.style = '';
}

function addText(state: State, text: string): void {
  const skipped = state.skipping.at(-1);
  if (skipped === 'title') state.title += text.slice(0, 500);
  else if (skipped === 'script') state.script += text;
  else if (skipped === 'style') state.style += text;
  const element = state.open.at(-1);
  if (skipped || element?.isGone || element?.isInvisible || element?.isStruck) return;
  if (state.raised === null) addStanding(state, text);
  else state.raised += text;
}

function addStanding(state: State, text: string): void {
  const cell = state.tables.cell();
  if (!cell && text.trim() !== '') {
    state.isHeading ||= state.open.some(({ name }) => headings.has(name));
    state.isArticle ||= articles.every((part) => state.open.some(({ name }) => name === part));
  }
  if (cell) cell.text += text.replace(/[ \t\r\n\f]+/g, ' ');
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
  const cell = state.tables.cell();
  if (cell) cell.text += '\n';
  else flushFlow(state);
}

/** Adds the line collected so far; a line of only hard spaces is a blank cell in a text with one cell a line. */
function flushFlow(state: State): void {
  const line = state.flow.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (line !== '')
    state.parts.addLine(line, { role: state.isHeading ? 'heading' : state.isArticle ? 'paragraph' : undefined });
  [state.flow, state.isHeading, state.isArticle] = ['', false, false];
}
