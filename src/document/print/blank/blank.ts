/** What a blank form is of, and what its boxes come with: totals, last year's stocks, and zeros where they are asked for. */
import { type Cell, type Form, type FormId, formOf, type SumFigures, type Term } from '../../../form/forms.js';
import { broughtForward, followingOf, totalsOf } from '../../prefilled.js';

/** The agency, year and form of a blank form, and what it comes with. */
export interface BlankForm {
  readonly agency: { readonly code: string; readonly name: string };
  readonly year: number;
  readonly form: FormId;
  /** What was filed for the year before, as far as it may be shown: stocks go on from it. */
  readonly before?: SumFigures | undefined;
  /** `zero` fills in 0 wherever an office has nothing to report in most years; the boxes are empty where it is left out. */
  readonly filled?: 'zero' | undefined;
}

/** What a box comes with: a figure, a sum of other boxes, or a stock with what is added to it; null for nothing. */
export type Filling =
  | { readonly kind: 'figure'; readonly figure: number }
  | { readonly kind: 'total'; readonly parts: readonly Term[]; readonly figure: number | null }
  | { readonly kind: 'stock'; readonly from: number; readonly within: readonly Term[] }
  | null;

/** What each box of a blank form comes with. */
export function fillingsOf(blank: BlankForm): (cell: Cell) => Filling {
  const form = formOf(blank.form);
  const totals = new Map(totalsOf(form).map(({ cell, parts }) => [cell.key, parts]));
  const following = new Map(followingOf(form).map((one) => [one.cell.key, one]));
  const single = (cell: Cell): Filling => {
    const found = following.get(cell.key);
    if (!found) return blank.filled === 'zero' ? { kind: 'figure', figure: 0 } : null;
    const from = broughtForward(found, blank.before);
    if (from === null) return null;
    return found.within.length > 0 ? { kind: 'stock', from, within: found.within } : { kind: 'figure', figure: from };
  };
  const fillingOf = (cell: Cell): Filling => {
    const parts = totals.get(cell.key);
    return parts
      ? { kind: 'total', parts, figure: sumOf(parts.map(({ cell: part }) => fillingOf(part))) }
      : single(cell);
  };
  return fillingOf;
}

/** The figure that a box shows before anything is typed; null where it is empty. */
export function shownFigure(filling: Filling): number | null {
  if (filling === null) return null;
  return filling.kind === 'stock' ? filling.from : filling.figure;
}

/** A total shows a sum as soon as any of its parts has a figure. */
function sumOf(fillings: readonly Filling[]): number | null {
  const figures = fillings.flatMap((filling) => shownFigure(filling) ?? []);
  return figures.length === 0 ? null : figures.reduce((sum, figure) => sum + figure, 0);
}

/** Whether any box comes with a figure, so that the clerk has to say that these were looked at. */
export function isFilled(blank: BlankForm, form: Form): boolean {
  const fillingOf = fillingsOf(blank);
  return form.cells.some((cell) => shownFigure(fillingOf(cell)) !== null);
}
