/** Cells of a page without ruling lines: only their places, or the order of the numbers on a line, say which they are. */
import { type CellKey, cellOf, type Equation, type Figures, formOf } from '../../../form/forms.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import type { TableReading } from './cells.js';

/** One doubt for the cells on such lines that no equation confirms; none where there are none. */
export function placeDoubts({ form, cells, figures }: TableReading, lines: ReadonlySet<number>): Doubt[] {
  if (form === null) return [];
  const confirmed = confirmedBy(formOf(form).written, figures);
  const open = cells.filter(({ cell, place }) => lines.has(place.line) && !confirmed.has(cell));
  const [first] = open;
  if (!first) return [];
  return [
    doubtOf(
      'columns-by-place',
      {
        zh: `表格没有读到框线，${open.length}格只能按位置确定，且没有勾稽关系可以核实，请核对。`,
        en: `No ruling lines of the table were read: ${open.length} boxes were told by their places, and no equation confirms them; please check.`,
      },
      { line: first.place.line, cells: open.map(({ cell }) => cell) },
    ),
  ];
}

/** The cells of which every equation within the year holds, of those that have one. */
function confirmedBy(equations: readonly Equation[], figures: Figures): ReadonlySet<CellKey> {
  const [held, broken] = [new Set<CellKey>(), new Set<CellKey>()];
  for (const { relation, left, right, before } of equations) {
    // That something is zero, as 规章 of a township are, says nothing of its place.
    if (relation !== '=' || before.length > 0 || right.length === 0) continue;
    const sumOf = (terms: Equation['left']) =>
      terms.reduce((sum, { cell, coefficient }) => sum + coefficient * (figures[cell.at] ?? 0), 0);
    const keep = sumOf(left) === sumOf(right) ? held : broken;
    for (const { cell } of [...left, ...right]) keep.add(cellOf(cell.key).key);
  }
  return new Set([...held].filter((key) => !broken.has(key)));
}
