/** Rows whose digits are printed without spaces: the way to split them that fits the equations between rows. */
import type { CellKey, Form } from '../../../form/forms.js';
import type { Placed, Planned } from './placing.js';

/** A row with the ways in which its digits can be split. */
export interface OpenSplit {
  readonly plan: Planned;
  readonly ways: readonly (readonly Placed[])[];
}

/**
 * The only choice of a way for each row with which every equation between rows holds, as the index of each way.
 * `figureAt` gives the figures of the other rows; an equation with an unknown figure is left out. Undefined when no
 * choice or more than one is left, or when there are too many to try.
 */
export function chooseSplits(
  open: readonly OpenSplit[],
  form: Form,
  figureAt: (cell: CellKey) => number | null | undefined,
): number[] | undefined {
  const choices = open.reduce((product, { ways }) => product * ways.length, 1);
  if (choices > maxChoices) return undefined;
  const fitting: number[][] = [];
  const walk = (chosen: number[]): void => {
    const next = open[chosen.length];
    if (fitting.length > 1) return;
    if (next) for (const index of next.ways.keys()) walk([...chosen, index]);
    else if (balances(open, chosen, form, figureAt)) fitting.push(chosen);
  };
  walk([]);
  return fitting.length === 1 ? fitting[0] : undefined;
}

const maxChoices = 4_000;

function balances(
  open: readonly OpenSplit[],
  chosen: readonly number[],
  form: Form,
  figureAt: (cell: CellKey) => number | null | undefined,
): boolean {
  const split = new Map<CellKey, number>();
  open.forEach(({ plan, ways }, index) => {
    plan.columns.keys.forEach((cell, place) => {
      const printed = ways[chosen[index] ?? 0]?.[place]?.printed;
      if (printed?.kind === 'number') split.set(cell, Number(printed.digits));
    });
  });
  const known = (cell: CellKey): number | undefined => split.get(cell) ?? figureAt(cell) ?? undefined;
  const equations = form.written.filter(
    ({ relation, left, right }) =>
      relation === '=' && right.length > 0 && [...left, ...right].every(({ year }) => year === 0),
  );
  return equations.every(({ left, right }) => {
    const terms = [...left, ...right.map((term) => ({ ...term, coefficient: -term.coefficient }))];
    if (!terms.every(({ cell }) => known(cell.key) !== undefined)) return true;
    return terms.reduce((sum, { cell, coefficient }) => sum + coefficient * (known(cell.key) ?? 0), 0) === 0;
  });
}
