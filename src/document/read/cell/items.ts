/**
 * Pieces into items: headings (joined if the layout split them), boxes, and everything else. What an item means is
 * decided later, from its neighbours.
 */
import { findMeanings, guessMeanings, type Heading, isStartOfHeading, type Meaning } from '../heading/headings.js';
import { type Parts, type Piece, partsLimits, tooManyPieces } from '../source/parts.js';
import { fold, headingOf, withoutBrackets, wordsOf } from '../source/text.js';
import type { Item } from './item.js';
import { scanLine } from './line-items.js';
import { isPageNumber, parsePrinted } from './printed-value.js';

/** The items of a document in reading order. */
export function itemsOf(parts: Parts): Item[] {
  const items: Item[] = [];
  const { pieces } = parts;
  const budget = { guesses: maxGuesses };
  let index = 0;
  for (let piece = pieces[index]; piece; piece = pieces[index]) {
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

/** A search for a misprint compares with every heading, so the number of searches in a document is limited. */
const maxGuesses = 400;
const maxJoined = 48;
const hardSpace = /[\u00a0\u2000-\u200a\u3000]/;

function itemsOfPiece(piece: Piece, budget: { guesses: number }): Item[] {
  const { text, line, position, unread } = piece;
  const placed = { text, line, position };
  if (unread) return [{ kind: 'words', unread, ...placed }];
  if (text.trim() === '') {
    if (!position && !hardSpace.test(text)) return [{ kind: 'gap', ...placed }];
    return [{ kind: 'box', printed: { kind: 'blank' }, ...placed }];
  }
  const printed = parsePrinted(text);
  if (printed) return [{ kind: 'box', printed, ...placed }];
  const folded = fold(text);
  if (!position && isPageNumber(folded)) return [];
  const { words, numbering } = headingOf(folded);
  // A sign without words replaces a number in a table, and means nothing between lines of text.
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
 * A heading that fills one piece or several consecutive ones (商业⏎企业, or one character each). The longest wins:
 * 其他 and 结果 on two lines are 其他结果.
 */
function joinHeading(pieces: readonly Piece[], from: number): { heading: Heading; next: number } | undefined {
  const first = pieces[from];
  if (!first || first.text.length > 200 || first.text.trim() === '') return undefined;
  const { numbering, words } = headingOf(fold(first.text));
  if (words === '') return undefined;
  let best: { meanings: readonly Meaning[]; next: number } | undefined;
  let joined = words;
  let index = from + 1;
  const meanings = findMeanings(words);
  if (meanings) best = { meanings, next: index };
  while (index < from + maxJoined && isStartOfHeading(joined)) {
    const next = pieces[index];
    index += 1;
    if (!next || next.text.length > 80) break;
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
  // If it was split over several table rows, its boxes follow the last part.
  const { line } = first;
  const position = pieces[best.next - 1]?.position ?? first.position;
  return {
    heading: { kind: 'heading', meanings: best.meanings, numbering, guessed: null, text, line, position },
    next: best.next,
  };
}
