/** The six fixed sections of a report and their text, found by the words of their headings and never by numerals. */
import { sections } from '../../../form/lines.js';
import type { Narrative } from '../../../form/report.js';
import type { Label } from '../../../words.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import { findingsHeading } from '../../printed-words.js';
import { findSection, headingAt, type SectionKey } from '../heading/headings.js';
import { lineTest, type Piece } from '../source/parts.js';
import { fold } from '../source/text.js';

/** The text of the sections, null for a section without text, and a doubt for each heading that was not found. */
export interface SectionReading {
  readonly narrative: Narrative | null;
  readonly doubts: readonly Doubt[];
}

/**
 * Splits a document into its sections. A table of contents, or a sentence that lists the headings, precedes the
 * headings themselves, so the last series of headings in the printed order is the right one.
 */
export function readSections(pieces: readonly Piece[]): SectionReading {
  const isLine = lineTest(pieces);
  const starts = chainOf(pieces, isLine);
  if (starts.size === 0) return { narrative: null, doubts: [] };
  const ordered = sections.flatMap(({ key }) => starts.get(key) ?? []);
  const narrative = Object.fromEntries(
    sections.map(({ key }) => {
      const start = starts.get(key);
      const end = start ? ordered[ordered.indexOf(start) + 1]?.index : undefined;
      return [key, start ? textOf(key, start, pieces.slice(start.index + 1, end), isLine) : null];
    }),
  );
  const doubts = sections.filter(({ key }) => !starts.has(key)).map(({ label }) => missingDoubt(label));
  return { narrative, doubts };
}

type LineTest = (piece: Piece) => boolean;

interface Start {
  readonly index: number;
  readonly rest: string;
}

/** From the end: the last heading of section six, then the last heading of section five before that, and so on. */
function chainOf(pieces: readonly Piece[], isLine: LineTest): Map<SectionKey, Start> {
  const met = new Map<SectionKey, Start[]>();
  pieces.forEach((piece, index) => {
    const section = isLine(piece) ? findSection(piece.text.trim()) : undefined;
    if (section) met.set(section.key, [...(met.get(section.key) ?? []).slice(-maxKept), { index, rest: section.rest }]);
  });
  const chain = new Map<SectionKey, Start>();
  let before = Number.POSITIVE_INFINITY;
  for (const { key } of [...sections].reverse()) {
    const start = met.get(key)?.findLast(({ index }) => index < before);
    if (!start) continue;
    chain.set(key, start);
    before = start.index;
  }
  return chain;
}

/** A heading repeated more often than this is a running title. */
const maxKept = 50;
const tabled: readonly SectionKey[] = sections.filter(({ number }) => number >= 2 && number <= 4).map(({ key }) => key);
const endOfPage =
  /^(?:扫一扫|打印|关闭|【?(?:打印|关闭)|上一篇|下一篇|相关(?:文章|链接|附件)|版权所有|主办单位|网站地图|友情链接|分享到|责任编辑|信息来源[:：])/u;

function textOf(key: SectionKey, start: Start, pieces: readonly Piece[], isLine: LineTest): string | null {
  const lines = tabled.includes(key) ? proseIn(pieces, isLine) : linesIn(pieces, isLine);
  const text = [start.rest, ...lines].filter((line) => line !== '').join('\n');
  return text === '' ? null : text;
}

/** Sections two to four are tables: only whole sentences outside the tables are text. */
function proseIn(pieces: readonly Piece[], isLine: LineTest): string[] {
  return pieces
    .filter((piece) => isLine(piece) && /[。；]/u.test(piece.text) && !isHeading(piece.text))
    .map(({ text }) => text.trim());
}

function isHeading(text: string): boolean {
  const folded = fold(text.slice(0, 80)).trim();
  return headingAt(folded, 0) !== undefined;
}

/** The lines of a section, up to the links that a web page prints under an article; a table becomes one line a row. */
function linesIn(pieces: readonly Piece[], isLine: LineTest): string[] {
  const lines: string[] = [];
  let row = -1;
  for (const piece of pieces) {
    const { text, position } = piece;
    const line = text.trim();
    if (isLine(piece) && (endOfPage.test(line) || line.startsWith(findingsHeading.zh))) break;
    if (position && position.row === row) lines.push(`${lines.pop() ?? ''} ${line}`.trim());
    else lines.push(line);
    row = position?.row ?? -1;
  }
  return lines;
}

function missingDoubt({ zh, en }: Label): Doubt {
  return doubtOf(
    'section-not-found',
    { zh: `未找到“${zh}”部分的标题。`, en: `The heading of the section “${en}” was not found.` },
    { text: zh },
  );
}
