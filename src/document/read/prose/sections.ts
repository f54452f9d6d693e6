/** The six fixed sections of a report and their text, found by the words of their headings and never by numerals. */
import { sections } from '../../../form/lines.js';
import type { Narrative } from '../../../form/report.js';
import type { Label } from '../../../words.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import { findingsHeading, rowLength } from '../../printed-words.js';
import { findSection, headingAt, type SectionKey } from '../heading/headings.js';
import { lineTest, type Piece } from '../source/parts.js';
import { fold } from '../source/text.js';
import { isFooter, isPageNumberLine } from './footers.js';

/** The text of the sections, null for a section without text, and a doubt for each heading that was not found. */
export interface SectionReading {
  readonly narrative: Narrative | null;
  readonly doubts: readonly Doubt[];
}

/** Whether the figures were all read from tables, so that every line beside them is text, or perhaps from lines too. */
export type Tables = 'apart' | 'among lines';

/**
 * Splits a document into its sections. A table of contents, or a sentence that lists the headings, precedes the
 * headings themselves, so the last series of headings in the printed order is the right one.
 */
export function readSections(pieces: readonly Piece[], tables: Tables): SectionReading {
  const page: Page = { isLine: lineTest(pieces), tables, isStyled: pieces.some(({ role }) => role === 'heading') };
  const starts = chainOf(pieces, page);
  if (starts.size === 0) return { narrative: null, doubts: [] };
  const ordered = sections.flatMap(({ key }) => starts.get(key) ?? []);
  const narrative = Object.fromEntries(
    sections.map(({ key }) => {
      const start = starts.get(key);
      const end = start ? ordered[ordered.indexOf(start) + 1]?.index : undefined;
      const isLast = start !== undefined && start === ordered.at(-1);
      return [key, start ? textOf(key, start, pieces.slice(start.index + 1, end), { ...page, isLast }) : null];
    }),
  );
  const doubts = sections.filter(({ key }) => !starts.has(key)).map(({ label }) => missingDoubt(label));
  return { narrative, doubts };
}

interface Page {
  readonly isLine: (piece: Piece) => boolean;
  readonly tables: Tables;
  /** It says which of its lines are headings. */
  readonly isStyled: boolean;
}

/** A page of which one section is looked at; its footer is under the last. */
interface SectionPage extends Page {
  readonly isLast: boolean;
}

interface Start {
  readonly index: number;
  readonly rest: string;
}

/**
 * From the end: the last heading of section six, then the last heading of section five before that, and so on. Lines that
 * are headings by their style, or no paragraphs by their indent, go before others with the same words.
 */
function chainOf(pieces: readonly Piece[], { isLine }: Page): Map<SectionKey, Start> {
  const met = new Map<SectionKey, { readonly rank: number; readonly starts: Start[] }>();
  pieces.forEach((piece, index) => {
    const section = isLine(piece) ? findSection(piece.text.trim()) : undefined;
    if (!section) return;
    const rank = rankOf(piece);
    const known = met.get(section.key);
    if (known && known.rank > rank) return;
    const before = known?.rank === rank ? known.starts.slice(-maxKept) : [];
    met.set(section.key, { rank, starts: [...before, { index, rest: section.rest }] });
  });
  const chain = new Map<SectionKey, Start>();
  let before = Number.POSITIVE_INFINITY;
  for (const { key } of [...sections].reverse()) {
    const start = met.get(key)?.starts.findLast(({ index }) => index < before);
    if (!start) continue;
    chain.set(key, start);
    before = start.index;
  }
  return chain;
}

function rankOf({ role, position }: Piece): number {
  return role === 'heading' ? 2 : role === 'paragraph' && position ? 0 : 1;
}

/** A heading repeated more often than this is a running title. */
const maxKept = 50;
const tabled: readonly SectionKey[] = sections.filter(({ number }) => number >= 2 && number <= 4).map(({ key }) => key);

function textOf(key: SectionKey, start: Start, pieces: readonly Piece[], page: SectionPage): string | null {
  const lines = tabled.includes(key) ? proseIn(pieces, page) : linesIn(pieces, page);
  const text = [start.rest, ...lines].filter((line) => line !== '').join('\n');
  return text === '' ? null : text;
}

/** Sections two to four are tables: their text is the lines outside these, or only whole sentences where a line may be of a table. */
function proseIn(pieces: readonly Piece[], page: SectionPage): string[] {
  const kept: Piece[] = [];
  for (const piece of pieces) {
    const before = kept.at(-1);
    if (page.isLine(piece) && (isText(piece, page) || (before && goesOn(before, piece)))) kept.push(piece);
  }
  return linesIn(kept, page);
}

function isText({ text, position, role }: Piece, { tables }: SectionPage): boolean {
  if (tables === 'apart') return position === null || role === 'paragraph';
  return /[。；]/u.test(text) && !isHeading(text);
}

function isHeading(text: string): boolean {
  const folded = fold(text.slice(0, 80)).trim();
  return headingAt(folded, 0) !== undefined;
}

/** The lines of a section, up to what a web page prints under an article; a table becomes one line a row. */
function linesIn(pieces: readonly Piece[], page: SectionPage): string[] {
  const lines: string[] = [];
  let before: Piece | undefined;
  for (const piece of pieces) {
    const { text, position } = piece;
    const line = text.trim();
    if (page.isLine(piece) && isEnd(piece, line, page)) break;
    if (page.tables === 'among lines' && position === null && isPageNumberLine(line)) continue;
    if (position && position.row === before?.position?.row) lines.push(`${lines.pop() ?? ''} ${line}`.trim());
    else if (before && goesOn(before, piece)) lines.push((lines.pop() ?? '') + line);
    else lines.push(line);
    if (line !== '') before = piece;
  }
  return lines;
}

/** Whether a row of a worksheet goes on with the paragraph of the row before it, which is as long as a row can be. */
function goesOn(before: Piece, piece: Piece): boolean {
  if (before.position === null || piece.position?.row !== before.position.row + 1) return false;
  return piece.role === undefined && before.text.length >= rowLength.fewest;
}

/** Whether the list of findings begins here, which our documents print last, or the footer of the page. */
function isEnd(piece: Piece, line: string, { isStyled, isLast }: SectionPage): boolean {
  if (!isLast) return false;
  const isOwnHeading = isStyled ? piece.role === 'heading' : piece.role !== 'paragraph';
  if (line.startsWith(findingsHeading.zh) && isOwnHeading) return true;
  return piece.role === undefined && isFooter(line);
}

function missingDoubt({ zh, en }: Label): Doubt {
  return doubtOf(
    'section-not-found',
    { zh: `未找到“${zh}”部分的标题。`, en: `The heading of the section “${en}” was not found.` },
    { text: zh },
  );
}
