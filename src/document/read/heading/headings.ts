/**
 * Every printed heading of every form, by the words that identify it. Derived from the form data; only common
 * misspellings are in a list of their own. One spelling can mean several things (总计 is a row of table three and a
 * column of two tables): the neighbouring headings decide.
 */

import { forms } from '../../../form/forms.js';
import { sections } from '../../../form/lines.js';
import type { Label } from '../../../words.js';
import type { Position } from '../source/parts.js';
import { cutNumbering, fold, headingOf, type Numbering, wordsOf } from '../source/text.js';
import { headWords, otherSectionNames, otherSpellings, withoutYears } from './spellings.js';

/** What a heading may mean. `parent` spans several columns or rows; `head` names none. */
export type Meaning =
  | { readonly kind: 'row'; readonly table: string; readonly key: string }
  | { readonly kind: 'column'; readonly table: string; readonly key: string }
  | { readonly kind: 'parent'; readonly table: string; readonly words: string }
  | { readonly kind: 'head' }
  | { readonly kind: 'section'; readonly key: SectionKey };

/** A heading in a document, with everything that its words may mean. */
export interface Heading {
  readonly kind: 'heading';
  readonly line: number;
  readonly position: Position | null;
  /** As printed. */
  readonly text: string;
  readonly meanings: readonly Meaning[];
  readonly numbering: Numbering | null;
  /** The words that it was read as, if they are not the printed ones. */
  readonly guessed: string | null;
}

/** The key of one of the six sections. */
export type SectionKey = (typeof sections)[number]['key'];

/** A guess at a misprinted heading: the most similar spelling. */
export interface Guess {
  readonly meanings: readonly Meaning[];
  readonly words: string;
}

/** The meanings of a spelling; undefined when no form prints it. */
export function findMeanings(words: string): readonly Meaning[] | undefined {
  const own = bySpelling.get(words) ?? bySpelling.get(withoutYears(words));
  if (own) return own;
  // Numbering without its stop: 三本年度办理结果.
  return /^[一二三四五六七八九十]/u.test(words) ? bySpelling.get(words.slice(1)) : undefined;
}

/** Whether a folded line has words of a table head in it, which no sentence has. */
export function hasTableHead(folded: string): boolean {
  return tableHead.test(folded);
}

/** Whether these words are a piece of a heading over other headings: 不予 or 公开 of 不予公开. */
export function isPieceOfParent(words: string): boolean {
  return words !== '' && parentWords.some((parent) => parent.includes(words));
}

/** Whether these words are the beginning of a longer heading. */
export function isStartOfHeading(words: string): boolean {
  let node: Node | undefined = trie;
  for (const character of words) {
    node = node.next.get(character);
    if (!node) return false;
  }
  return node.next.size > 0;
}

/**
 * The longest heading that starts at an index of a folded text; spaces and punctuation inside it are skipped.
 * Undefined when there is none; `end` is the index after its last character.
 */
export function headingAt(
  text: string,
  from: number,
): { readonly meanings: readonly Meaning[]; readonly end: number } | undefined {
  let node: Node | undefined = trie;
  let found: { meanings: readonly Meaning[]; end: number } | undefined;
  let skipped = 0;
  for (let index = from; index < text.length && skipped < maxSkipped; index += 1) {
    const character = text.charAt(index);
    if (wordsOf(character) === '') {
      if (endsHeading.test(character)) break;
      skipped += 1;
      continue;
    }
    node = node.next.get(character.toLowerCase());
    if (!node) break;
    skipped = 0;
    if (node.meanings) found = { meanings: node.meanings, end: index + 1 };
  }
  return found;
}

/** The row or column that a misprinted heading of at least five characters means, if one spelling is clearly the nearest. */
export function guessMeanings(words: string): Guess | undefined {
  if (words.length < 5 || words.length > 60) return undefined;
  let best: { score: number; words: string } | undefined;
  let second = 0;
  for (const spelling of printedSpellings) {
    const score = likeness(words, spelling);
    if (!best || score > best.score) {
      if (best && !sameMeaning(best.words, spelling)) second = best.score;
      best = { score, words: spelling };
    } else if (score > second && !sameMeaning(best.words, spelling)) second = score;
  }
  if (!best || best.score < minLikeness || best.score - second < minMargin) return undefined;
  return { meanings: bySpelling.get(best.words) ?? [], words: best.words };
}

/** A section heading, and the rest of its line (六、其他需要报告的事项：无。). */
export interface SectionStart {
  readonly key: SectionKey;
  readonly rest: string;
}

/** The section whose heading begins a line; undefined for other lines. Numerals are ignored: reports often have wrong ones. */
export function findSection(line: string): SectionStart | undefined {
  const [head = '', ...after] = line.slice(0, 80).split(/[:：]/u);
  if (line.length > 60 && after.length === 0) return undefined;
  const { rest } = cutNumbering(fold(head));
  const words = wordsOf(rest);
  const bare = words.replace(/^[一二三四五六]是?/u, '');
  // 一、2023年政府信息公开工作的总体情况 is the heading 总体情况.
  const short = bare.replace(/20\d\d年度?/u, '').replace(/^(?:政府信息公开|政务公开)(?:工作)?的?(?=总体)/u, '');
  const meaning = [words, bare, short]
    .flatMap((spelling) => bySpelling.get(spelling) ?? [])
    .find(({ kind }) => kind === 'section');
  return meaning?.kind === 'section' ? { key: meaning.key, rest: line.slice(head.length + 1).trim() } : undefined;
}

/** Cuts a long line, which lost its line breaks, before and after each numbered section heading. */
export function cutAtSections(line: string): string[] {
  return line.split(numberedSection).filter((part) => part !== '');
}

interface Node {
  readonly next: Map<string, Node>;
  meanings: readonly Meaning[] | null;
}

const tableHead = new RegExp(headWords.slice(0, 3).join('|'));
const maxSkipped = 4;
const endsHeading = /[。;；!?:|()[\]]/;
const minLikeness = 0.8;
const minMargin = 0.08;

const bySpelling = new Map<string, Meaning[]>();
for (const form of forms) {
  for (const table of form.tables) {
    addSpelling(table.note, { kind: 'head' });
    for (const row of table.rows) {
      const meaning: Meaning = { kind: 'row', table: table.key, key: row.key };
      for (const spelling of spellingsOf(row.label, table.key)) addWords(spelling, meaning);
      addSpelling(row.article, { kind: 'head' });
      for (const label of row.under ?? []) addParent(table.key, label);
    }
    for (const column of table.columns) {
      const meaning: Meaning = { kind: 'column', table: table.key, key: column.key };
      for (const spelling of spellingsOf(column.label, table.key)) addWords(spelling, meaning);
      for (const label of column.under ?? []) addParent(table.key, label);
    }
  }
}
for (const word of headWords) addWords(word, { kind: 'head' });
for (const section of sections) {
  for (const name of [section.label.zh, ...(otherSectionNames[section.key] ?? [])]) {
    addWords(wordsOf(fold(name)), { kind: 'section', key: section.key });
  }
}

const trie: Node = { next: new Map(), meanings: null };
for (const [words, meanings] of bySpelling) {
  let node = trie;
  for (const character of words) {
    const next: Node = node.next.get(character) ?? { next: new Map(), meanings: null };
    node.next.set(character, next);
    node = next;
  }
  node.meanings = meanings;
}

const parentWords = [...bySpelling]
  .filter(([, meanings]) => meanings.some(({ kind }) => kind === 'parent'))
  .map(([words]) => words);

/** The spellings that a misprint is compared with: rows and columns with enough characters to differ clearly. */
const printedSpellings = [...bySpelling.entries()]
  .filter(([words, meanings]) => words.length >= 5 && meanings.every(({ kind }) => kind === 'row' || kind === 'column'))
  .map(([words]) => words);

const numberedSection = new RegExp(
  `(?=[一二三四五六][、.．]\\s{0,3}(?:${sections.map(({ label }) => label.zh).join('|')}))|(?<=[一二三四五六][、.．]\\s{0,3}(?:${sections.map(({ label }) => label.zh).join('|')}))`,
  'u',
);

function spellingsOf(label: Label, table: string): string[] {
  const folded = fold(label.zh);
  const whole = wordsOf(cutNumbering(folded).rest);
  const others = otherSpellings.filter((other) => other.table === table && whole.includes(other.part));
  return [...new Set([headingOf(folded).words, whole, ...others.flatMap(({ spellings }) => spellings)])];
}

function addParent(table: string, label: Label): void {
  const { words } = headingOf(fold(label.zh));
  addWords(words, { kind: 'parent', table, words });
}

function addSpelling(label: Label | undefined, meaning: Meaning): void {
  if (label) addWords(headingOf(fold(label.zh)).words, meaning);
}

function addWords(words: string, meaning: Meaning): void {
  if (words === '') return;
  const known = bySpelling.get(words) ?? [];
  if (!known.some((other) => JSON.stringify(other) === JSON.stringify(meaning))) known.push(meaning);
  bySpelling.set(words, known);
}

function sameMeaning(one: string, other: string): boolean {
  return JSON.stringify(bySpelling.get(one)) === JSON.stringify(bySpelling.get(other));
}

/** The similarity of two spellings, 0 to 1: twice their longest common subsequence over the sum of their lengths. */
function likeness(one: string, other: string): number {
  const max = (2 * Math.min(one.length, other.length)) / (one.length + other.length);
  if (max < minLikeness) return 0;
  let previous = new Array<number>(other.length + 1).fill(0);
  for (const character of one) {
    const current = [0];
    for (let index = 0; index < other.length; index += 1) {
      const match = other[index] === character;
      current.push(match ? (previous[index] ?? 0) + 1 : Math.max(current[index] ?? 0, previous[index + 1] ?? 0));
    }
    previous = current;
  }
  return (2 * (previous[other.length] ?? 0)) / (one.length + other.length);
}
