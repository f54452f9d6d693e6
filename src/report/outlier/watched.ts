/** Which figures of a report are compared with what is usual: those of a year that are no part of another one. */
import { type Cell, forms } from '../../form/forms.js';
import { type Measure, measures } from '../../form/measure/measures.js';

/** A figure that is compared. */
export interface Watched {
  readonly measure: Measure;
  /** Its box; undefined for the total of published items. */
  readonly cell: Cell | undefined;
  /** What is added to it before its logarithm is taken: ten things, or ten thousand yuan in 分. */
  readonly start: number;
}

const starts = { things: 10, fen: 1_000_000 } as const;

/** The boxes that an equation adds up into another box: who looks at the sum has looked at them. */
const parts = new Set(
  forms.flatMap(({ written }) =>
    written
      .filter(({ relation, before }) => relation === '=' && before.length === 0)
      .flatMap(({ left, right }) => {
        if (left.length === 1 && right.length > 1) return right;
        return right.length === 1 && left.length > 1 ? left : [];
      })
      .map(({ cell }) => cell),
  ),
);

function watchedIn(measure: Measure): Watched[] {
  const { source, kind } = measure;
  if (source.of === 'publishedItems') return [{ measure, cell: undefined, start: starts.things }];
  const [cell, ...others] = source.of === 'cells' ? source.cells : [];
  if (!cell || cell.key !== measure.key || others.length > 0 || kind === 'stock' || cell.signed || parts.has(cell))
    return [];
  return [{ measure, cell, start: kind === 'amount' ? starts.fen : starts.things }];
}

/** Every figure that is compared, in the order of all measures. */
export const watched: readonly Watched[] = measures.flatMap(watchedIn);

/** Their boxes, and where each stands among them. */
export const watchedCells: readonly Cell[] = watched.flatMap(({ cell }) => cell ?? []);
