/** The items of one line that contains both headings and numbers: a table that lost its layout. */
import { hasTableHead, headingAt, isPieceOfParent, type Meaning } from '../heading/headings.js';
import { withoutYears } from '../heading/spellings.js';
import type { Piece } from '../source/parts.js';
import { headingOf, type Numbering, wordsOf } from '../source/text.js';
import type { Item } from './item.js';
import { parsePrinted } from './printed-value.js';

/**
 * The headings, boxes and words of such a line. In prose (a line with sentences) a heading counts only after the head
 * of a table, up to the end of the next sentence.
 */
export function scanLine(piece: Piece, printed: string): Item[] {
  const { line, position } = piece;
  const folded = withoutYears(printed);
  const isProse = sentenceEnd.test(folded);
  if (isProse && !hasTableHead(folded)) return [{ kind: 'words', text: piece.text, line, position }];
  const scan: Scan = { piece, folded, items: [], words: '', numbering: null, inTable: !isProse, headMet: false };
  let index = 0;
  while (index < folded.length) index = scanAt(scan, index);
  flushWords(scan);
  const hasHeading = scan.items.some(({ kind }) => kind === 'heading');
  const hasWords = scan.items.some(({ kind }) => kind === 'words');
  // Two numbers in one box of a table are not two boxes, and a heading inside other words is not a heading.
  const isOneBox = position !== null ? scan.items.length !== 1 : isToken(folded) && scan.items.length > 1;
  return isOneBox && (hasWords || !hasHeading) ? [{ kind: 'words', text: piece.text, line, position }] : scan.items;
}

const sentenceEnd = /[。;]/;

/** A line too short for more than one box: anything beside a number in it makes the box unreadable. */
function isToken(folded: string): boolean {
  return /^\S{1,8}$/u.test(folded.trim());
}

interface Scan {
  readonly piece: Piece;
  readonly folded: string;
  readonly items: Item[];
  words: string;
  numbering: Numbering | null;
  inTable: boolean;
  headMet: boolean;
}

const numberHere =
  /[+\-‐–—―−↑▲△⬆↓▼▽⬇]?(?:\d{1,60}(?:,\d{3}(?!\d)){0,5}(?:\.\d{1,12})?|\.\d{1,12})(?:\s?(?:万元|元|件|条|项|个)(?=[\s\d(]|$))?/y;
const numberingHere = /\(\s?(?:[一二三四五六七八九十]|\d{1,2})\s?\)|[一二三四五六七八九十]\s?[、.]/y;
const tokenHere = /[a-z\d.,+\-%‰<>=~^×÷±≈≠≤≥/‐–—―−↑▲△⬆↓▼▽⬇¥$]{1,80}/iy;
/** Signs and letters next to a number that make it something else: l2, <1, 12%, 1/3, 2.5.1, ¥5, 15↑, 15—. */
const spoilt =
  /\d.{0,79}[a-z%‰<>=~^×÷±≈≠≤≥/¥$]|[a-z%‰<>=~^×÷±≈≠≤≥/¥$].{0,79}\d|\d\.\d{1,60}\.\d|\d[-‐–—―−↑▲△⬆↓▼▽⬇]{1,9}$/i;
const noteHere = /\([^()]{1,120}\)/y;

/** Takes the item at an index and returns the index after it. */
function scanAt(scan: Scan, index: number): number {
  const character = scan.folded.charAt(index);
  if (sentenceEnd.test(character)) scan.inTable = false;
  const numbering = matchAt(numberingHere, scan.folded, index);
  if (numbering) {
    scan.numbering = headingOf(numbering).numbering;
    return index + numbering.length;
  }
  const note = matchAt(noteHere, scan.folded, index);
  if (note) return index + addNote(scan, note);
  const token = matchAt(tokenHere, scan.folded, index);
  if (token && spoilt.test(token)) {
    scan.words += token;
    return index + token.length;
  }
  const digits = matchAt(numberHere, scan.folded, index);
  if (digits) return addNumber(scan, digits, index);
  if (wordsOf(character) === '') return index + 1;
  const heading = headingAt(scan.folded, index);
  if (heading && isHeadingHere(scan, heading.meanings, heading.end)) {
    addHeading(scan, heading.meanings, scan.folded.slice(index, heading.end));
    return heading.end;
  }
  scan.words += character;
  scan.numbering = null;
  return index + 1;
}

function isHeadingHere(scan: Scan, meanings: readonly Meaning[], end: number): boolean {
  if (meanings.some(({ kind }) => kind === 'head')) [scan.inTable, scan.headMet] = [true, true];
  // A cell over several rows may be torn, and half of its words stand before the heading of a row.
  if (scan.inTable && isPieceOfParent(wordsOf(scan.words)) && meanings.some(({ kind }) => kind === 'row'))
    scan.words = '';
  // 办理行政许可5件 is a sentence and 规章制度 another word: a heading has only headings and boxes beside it.
  return scan.inTable && (scan.headMet || scan.words === '') && !goesOn(scan.folded, end);
}

/** Whether the text goes on at an index with words that start no heading and no numbering. */
function goesOn(folded: string, end: number): boolean {
  const next = folded.slice(end, end + 1);
  if (!/\p{Script=Han}/u.test(next) || matchAt(numberingHere, folded, end)) return false;
  return headingAt(folded, end) === undefined;
}

function addHeading(scan: Scan, meanings: readonly Meaning[], text: string): void {
  flushWords(scan);
  const { line, position } = scan.piece;
  scan.items.push({ kind: 'heading', meanings, numbering: scan.numbering, guessed: null, text, line, position });
  scan.numbering = null;
}

/** A note in brackets belongs to the number before it; a note after a heading is ignored. */
function addNote(scan: Scan, note: string): number {
  const last = scan.items.at(-1);
  if (scan.words === '' && last?.kind === 'box' && last.printed.kind === 'number') {
    scan.items[scan.items.length - 1] = { ...last, text: last.text + note, printed: { ...last.printed, note } };
  }
  return note.length;
}

/** Adds a number. If a stop and a heading follow, its last digit is the numbering of that heading ("00000002.其他"). */
function addNumber(scan: Scan, matched: string, index: number): number {
  const end = index + matched.length;
  const stop = /[.、]/.test(scan.folded.charAt(end));
  const heading = stop ? headingAt(scan.folded, end + 1) : undefined;
  if (!heading) {
    addBox(scan, matched);
    return end;
  }
  addBox(scan, matched.slice(0, -1));
  scan.numbering = { number: Number(matched.at(-1)), han: false };
  return end + 1;
}

function addBox(scan: Scan, text: string): void {
  if (text === '') return;
  const printed = parsePrinted(text);
  if (!printed) {
    scan.words += text;
    return;
  }
  flushWords(scan);
  const { line, position } = scan.piece;
  scan.items.push({ kind: 'box', printed, text, line, position });
}

function flushWords(scan: Scan): void {
  const { line, position } = scan.piece;
  if (scan.words !== '') scan.items.push({ kind: 'words', text: scan.words, line, position });
  scan.words = '';
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}
