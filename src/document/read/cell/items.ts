/**
 * Pieces into items: headings (put together where a layout cut them apart), boxes, and everything else. What
 * an item means is decided later, by what stands around it.
 */

import { findMeanings, guessMeanings, headingAt, isStartOfHeading, type Meaning } from '../heading/headings.js';
import { headWords } from '../heading/spellings.js';
import { type Parts, type Piece, type Position, partsLimits, tooManyPieces } from '../source/parts.js';
import { fold, headingOf, type Numbering, withoutBrackets, wordsOf } from '../source/text.js';
import { isPageNumber, type Printed, parsePrinted } from './printed-value.js';

interface Placed {
  readonly line: number;
  readonly position: Position | null;
  readonly text: string;
}

/** A heading, with everything that its words may mean. */
export interface Heading extends Placed {
  readonly kind: 'heading';
  readonly meanings: readonly Meaning[];
  readonly numbering: Numbering | null;
  /** The words it was taken for, where they are not the printed ones. */
  readonly guessed: string | null;
}

/** A box with a number, nothing or a stroke in it. */
export interface Box extends Placed {
  readonly kind: 'box';
  readonly printed: Printed;
}

/** Words that are neither; inside a table row they may be a box that cannot be read. */
export interface Words extends Placed {
  readonly kind: 'words';
}

/** An empty line between pieces: separates, and is no box. */
export interface Gap extends Placed {
  readonly kind: 'gap';
}

/** One thing in reading order. */
export type Item = Heading | Box | Words | Gap;

/** The items of a document in reading order. */
export function itemsOf(sheet: Parts): Item[] {
  const items: Item[] = [];
  const { pieces } = sheet;
  const budget = { guesses: maxGuesses };
  for (let index = 0; index < pieces.length; ) {
    const piece = pieces[index] as Piece;
    const joined = joinHeading(pieces, index);
    if (joined) {
      items.push(joined.heading);
      index = joined.next;
      continue;
    }
    index += 1;
    for (const item of itemsOfPiece(piece, budget)) {
      if (items.length >= partsLimits.pieces) throw tooManyPieces();
      items.push(item);
    }
  }
  return items;
}

/** Looking for a misprint costs a comparison with every heading, so hostile text gets only so many. */
const maxGuesses = 400;
const maxJoined = 48;
const hardSpace = /[\u00a0\u2000-\u200a\u3000]/;
const sentenceEnd = /[。;]/;
/** What stands over a table and in no sentence. */
const tableHead = new RegExp(headWords.slice(0, 3).join('|'));

function itemsOfPiece(piece: Piece, budget: { guesses: number }): Item[] {
  const { text, line, position } = piece;
  const placed = { text, line, position };
  if (text.trim() === '') {
    if (!position && !hardSpace.test(text)) return [{ kind: 'gap', ...placed }];
    return [{ kind: 'box', printed: { kind: 'blank' }, ...placed }];
  }
  const printed = parsePrinted(text);
  if (printed) return [{ kind: 'box', printed, ...placed }];
  const folded = fold(text);
  if (!position && isPageNumber(folded)) return [];
  const { words, numbering } = headingOf(folded);
  // A mark that says nothing between lines of text takes the place of a number inside a table.
  if (words === '') return position ? [{ kind: 'words', ...placed }] : [];
  if (/\d/.test(words)) return scanLine(piece, folded);
  if (budget.guesses > 0) {
    budget.guesses -= 1;
    const guess = guessMeanings(words);
    if (guess) return [{ kind: 'heading', meanings: guess.meanings, numbering, guessed: guess.words, ...placed }];
  }
  return scanLine(piece, folded);
}

/**
 * A heading that fills a piece, or several on end (商业⏎企业, or one character each). The longest wins: 其他 and
 * 结果 on two lines are 其他结果.
 */
function joinHeading(pieces: readonly Piece[], from: number): { heading: Heading; next: number } | undefined {
  const first = pieces[from] as Piece;
  if (first.text.length > 200 || first.text.trim() === '') return undefined;
  const { numbering, words } = headingOf(fold(first.text));
  if (words === '') return undefined;
  let best: { meanings: readonly Meaning[]; next: number } | undefined;
  let joined = words;
  let index = from + 1;
  const meanings = findMeanings(words);
  if (meanings) best = { meanings, next: index };
  while (index < pieces.length && index < from + maxJoined && isStartOfHeading(joined)) {
    const next = pieces[index] as Piece;
    index += 1;
    if (next.text.length > 80) break;
    if (next.text.trim() === '' && !next.position) continue;
    const more = wordsOf(withoutBrackets(fold(next.text)));
    if (more === '') break;
    joined += more;
    const longer = findMeanings(joined);
    if (longer) best = { meanings: longer, next: index };
  }
  if (!best) return undefined;
  const text = pieces
    .slice(from, best.next)
    .map((piece) => piece.text.trim())
    .join('');
  // Where it was cut apart over table rows, its boxes follow the last part.
  const { line } = first;
  const position = pieces[best.next - 1]?.position ?? first.position;
  return {
    heading: { kind: 'heading', meanings: best.meanings, numbering, guessed: null, text, line, position },
    next: best.next,
  };
}

/**
 * A line in which headings and numbers follow one another: flattened text. In prose (a line with sentences)
 * headings count only after the head of a table has been met, up to the end of the next sentence.
 */
function scanLine(piece: Piece, folded: string): Item[] {
  const { line, position } = piece;
  const isProse = sentenceEnd.test(folded);
  if (isProse && !tableHead.test(folded)) return [{ kind: 'words', text: piece.text, line, position }];
  const scan: Scan = { piece, folded, items: [], words: '', numbering: null, inTable: !isProse, headMet: false };
  let index = 0;
  while (index < folded.length) index = scanAt(scan, index);
  flushWords(scan);
  const hasHeading = scan.items.some(({ kind }) => kind === 'heading');
  const hasWords = scan.items.some(({ kind }) => kind === 'words');
  // Two numbers in one box of a table are not two boxes, nor is a heading inside other words one.
  const isOneBox = position !== null ? scan.items.length !== 1 : isToken(folded) && scan.items.length > 1;
  return isOneBox && (hasWords || !hasHeading) ? [{ kind: 'words', text: piece.text, line, position }] : scan.items;
}

/** A line too short to hold more than one box: what is more than a number in it makes the box unreadable. */
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

const numberHere = /[+-]?\d{1,60}(?:,\d{3}(?!\d)){0,5}(?:\.\d{1,12})?(?:\s?(?:万元|元|件|条|项|个)(?=[\s\d(]|$))?/y;
const numberingHere = /\(\s?(?:[一二三四五六七八九十]|\d{1,2})\s?\)|[一二三四五六七八九十]\s?[、.]/y;
const runHere = /[a-z\d.,+\-%‰<>=~^×÷±≈≠≤≥/]{1,80}/iy;
/** Signs and letters that make something else of the number they stand against: l2, <1, 12%, 1/3, 2.5.1. */
const spoilt = /\d.{0,79}[a-z%‰<>=~^×÷±≈≠≤≥/]|[a-z%‰<>=~^×÷±≈≠≤≥/].{0,79}\d|\d\.\d{1,60}\.\d/i;
const noteHere = /\([^()]{1,120}\)/y;

/** Takes the item at a place and returns the place after it. */
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
  const run = matchAt(runHere, scan.folded, index);
  if (run && spoilt.test(run)) {
    scan.words += run;
    return index + run.length;
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
  // 办理行政许可5件 is a sentence, 规章制度 another word: a heading stands between headings, boxes or nothing.
  return scan.inTable && (scan.headMet || scan.words === '') && !goesOn(scan.folded, end);
}

/** Whether words that start no heading and no numbering stand right after a place. */
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

/** A note in brackets belongs to the number before it, or else to a heading, where it says nothing. */
function addNote(scan: Scan, note: string): number {
  const last = scan.items.at(-1);
  if (scan.words === '' && last?.kind === 'box' && last.printed.kind === 'number') {
    scan.items[scan.items.length - 1] = { ...last, text: last.text + note, printed: { ...last.printed, note } };
  }
  return note.length;
}

/** A number; its last digit is the numbering of the next heading when a stop and a heading follow ("00000002.其他"). */
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
