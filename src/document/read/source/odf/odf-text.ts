/**
 * The text of an OpenDocument file as it stands, line by line: without what is struck through, hidden or deleted by a change
 * that is tracked, without remarks and reading guides.
 */
import { type GrowingText, growText, type UnreadKind } from '../standing.js';
import type { XmlHandler } from '../zip.js';
import type { OdfMarks, OdfStyles } from './odf-styles.js';

/** Takes what a text holds. */
interface TextTaker {
  /** A paragraph or a line of one has come to its end. */
  line(text: string): void;
  /** What a person sees that is no text. */
  content(kind: UnreadKind): void;
}

/** Follows a text. */
export interface OdfText extends XmlHandler {
  /** Whether what comes is shown to nobody. */
  isGone(): boolean;
  /** Begins with the marks of a cell, which its paragraphs have where they say nothing else. */
  within(marks: OdfMarks): void;
}

/** What is inside these does not stand on the page, or is no text of it. */
const gone = new Set([
  'text:tracked-changes',
  'table:tracked-changes',
  'text:note-body',
  'text:ruby-text',
  'office:annotation',
  'office:forms',
  'office:scripts',
  'office:font-face-decls',
  'office:automatic-styles',
  'text:sequence-decls',
  'table:content-validations',
  'svg:title',
  'svg:desc',
  'draw:image-map',
]);

const contents: Readonly<Record<string, UnreadKind>> = {
  'draw:image': 'picture',
  'draw:object': 'object',
  'draw:object-ole': 'object',
  'draw:plugin': 'object',
  'draw:applet': 'object',
  'draw:control': 'input',
  'field:fieldmark': 'input',
};

/** The families of the styles that mark characters. */
const families: Readonly<Record<string, string>> = {
  'text:p': 'paragraph',
  'text:h': 'paragraph',
  'text:span': 'text',
  'text:note-citation': 'text',
};

interface State {
  readonly text: GrowingText;
  readonly marks: OdfMarks[];
  base: OdfMarks;
  gone: number;
  paragraphs: number;
  /** Whether the formula that is open has not given a text. */
  isUncalculated: boolean;
}

/** Begins with no text. */
export function followText(styles: OdfStyles, taker: TextTaker): OdfText {
  const state: State = { text: growText(), marks: [], base: {}, gone: 0, paragraphs: 0, isUncalculated: false };
  return {
    isGone: () => state.gone > 0,
    within(marks) {
      state.base = marks;
    },
    open(name, attributes) {
      if (state.gone > 0 || isGoneElement(name, attributes, styles)) state.gone += 1;
      else openElement(state, styles, taker, name, attributes);
    },
    close(name) {
      if (state.gone > 0) state.gone -= 1;
      else closeElement(state, taker, name);
    },
    text(text) {
      // White space between elements is layout of the file; in a paragraph any of it is one space.
      if (state.gone === 0 && state.paragraphs > 0) addText(state, text.replace(/[ \t\r\n]+/g, ' '));
    },
  };
}

function isGoneElement(name: string, attributes: Readonly<Record<string, string>>, styles: OdfStyles): boolean {
  if (gone.has(name)) return true;
  const { 'text:display': display, 'text:is-hidden': isHidden } = attributes;
  if (name === 'text:section') return display === 'none' || (display === 'condition' && isHidden === 'true');
  if (name === 'text:hidden-text') return isHidden === 'true';
  return name === 'table:table' && styles('table', attributes['table:style-name']).isUnshown === true;
}

function marksNow({ marks, base }: State): OdfMarks {
  return marks.at(-1) ?? base;
}

function addText(state: State, text: string): void {
  if (text !== '') state.isUncalculated = false;
  const { isHidden, isStruck, isRaised = false } = marksNow(state);
  if (!isHidden && !isStruck) state.text.add(text, isRaised);
}

function openElement(
  state: State,
  styles: OdfStyles,
  taker: TextTaker,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void {
  const family = families[name];
  const kind = contents[name];
  if (family) {
    const own = styles(family, attributes['text:style-name']);
    const outer = family === 'paragraph' ? state.base : marksNow(state);
    state.marks.push({ ...outer, ...own, ...(name === 'text:note-citation' && { isRaised: true }) });
    if (family === 'paragraph') state.paragraphs += 1;
  } else if (kind) {
    const { isHidden, isStruck } = marksNow(state);
    if (!isHidden && !isStruck) taker.content(kind);
  } else if (name === 'text:s') addText(state, ' '.repeat(Math.min(Number(attributes['text:c'] ?? 1) || 1, maxSpaces)));
  else if (name === 'text:table-formula') state.isUncalculated = true;
  else if (name === 'text:tab') addText(state, ' ');
  else if (name === 'text:line-break') taker.line(state.text.take());
  else if (name === 'text:hidden-paragraph' && attributes['text:is-hidden'] === 'true') hideParagraph(state);
}

/** No line is longer, and a run of spaces means no more than one. */
const maxSpaces = 100;

function hideParagraph(state: State): void {
  state.text.take();
  state.marks.push({ ...state.marks.pop(), isHidden: true });
}

function closeElement(state: State, taker: TextTaker, name: string): void {
  const family = families[name];
  if (name === 'text:table-formula' && state.isUncalculated) taker.content('uncalculated');
  if (!family) return;
  state.marks.pop();
  if (family !== 'paragraph') return;
  state.paragraphs -= 1;
  taker.line(state.text.take());
}
