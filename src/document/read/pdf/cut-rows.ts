/** Rows that the end of a page cut in two: known by a heading of which one half is on each page. */
import { findMeanings } from '../heading/headings.js';
import { fold, headingOf } from '../source/text.js';
import type { FilledCell, RuledTable } from './table.js';

/** The cells of a table that goes on over pages, with each cut row in one. */
export function joinCutRows({ seams, grid }: RuledTable, cells: readonly FilledCell[]): FilledCell[] {
  let joined = [...cells];
  for (const seam of seams) {
    const row = grid.cells.find(({ box }) => Math.abs(box.top - seam) < maxOff)?.row;
    if (row !== undefined) joined = joinAt(joined, row) ?? joined;
  }
  return joined;
}

/** How far the border of a row may be from the place where pages meet, in points. */
const maxOff = 4.5;

interface Pair {
  readonly above: FilledCell;
  readonly below: FilledCell;
}

/** Joins the rows above and below the beginning of a row; undefined where they are two rows. */
function joinAt(cells: readonly FilledCell[], row: number): FilledCell[] | undefined {
  const pairs: Pair[] = [];
  for (const below of cells.filter(({ cell }) => cell.row === row)) {
    const above = cells.find(
      ({ cell }) =>
        cell.row + cell.rowSpan === row &&
        cell.column === below.cell.column &&
        cell.columnSpan === below.cell.columnSpan,
    );
    if (above) pairs.push({ above, below });
  }
  const isCut = pairs.some(isCutHeading) && pairs.every(mayBeOne);
  if (!isCut || pairs.length < cells.filter(({ cell }) => cell.row === row).length) return undefined;
  const halves = new Map(pairs.map(({ above, below }) => [above, below]));
  const gone = new Set(halves.values());
  return cells.flatMap((one) => {
    const below = halves.get(one);
    if (below) return [joinCells(one, below)];
    return gone.has(one) ? [] : [one];
  });
}

function joinCells(above: FilledCell, below: FilledCell): FilledCell {
  const rowSpan = above.cell.rowSpan + below.cell.rowSpan;
  return {
    cell: { ...above.cell, rowSpan },
    text: above.text + below.text,
    unread: above.unread ?? below.unread,
  };
}

function isCutHeading({ above, below }: Pair): boolean {
  return isHeading(above.text + below.text) && !isHeading(above.text) && !isHeading(below.text) && below.text !== '';
}

/** A number is whole on one of the pages. */
function mayBeOne({ above, below }: Pair): boolean {
  return above.text.trim() === '' || below.text.trim() === '' || isHeading(above.text + below.text);
}

function isHeading(text: string): boolean {
  return findMeanings(headingOf(fold(text)).words) !== undefined;
}
