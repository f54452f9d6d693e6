/**
 * The boxes of a form that follow from others: totals, and stocks that go on from the year before. A blank form has them
 * filled in; the reader knows by it what a clerk may not have touched.
 */
import type { Cell, Equation, Form, SumFigures, Term } from '../form/forms.js';
import { ruleOf } from '../form/rules.js';

/** A box that is the sum of others of its report. */
export interface TotalBox {
  readonly cell: Cell;
  readonly parts: readonly Term[];
}

/** A box that goes on from the year before: what was there then, and what of this year is added to it. */
export interface FollowingBox {
  readonly cell: Cell;
  readonly before: readonly Term[];
  readonly within: readonly Term[];
}

/** The totals of a form, each once. */
export function totalsOf(form: Form): readonly TotalBox[] {
  const found = new Map<string, TotalBox>();
  for (const equation of form.written) {
    const { relation, left, right, rule } = equation;
    if (relation !== '=' || ruleOf(rule).severity !== 'error' || !isPlain(equation)) continue;
    for (const [side, parts] of [
      [left, right],
      [right, left],
    ] as const) {
      const [only, ...others] = side;
      if (only && others.length === 0 && parts.length > 1 && !found.has(only.cell.key)) {
        found.set(only.cell.key, { cell: only.cell, parts });
      }
    }
  }
  return [...found.values()];
}

function isPlain({ left, right }: Equation): boolean {
  return [...left, ...right].every(({ year, coefficient }) => year === 0 && coefficient === 1);
}

/** The boxes of a form that go on from the year before. */
export function followingOf(form: Form): readonly FollowingBox[] {
  return form.written.flatMap(({ relation, left, right, before }): FollowingBox[] => {
    const [only, ...others] = left;
    if (relation !== '=' || before.length === 0 || !only || only.year !== 0 || others.length > 0) return [];
    return [
      {
        cell: only.cell,
        before: right.filter(({ year }) => year === -1),
        within: right.filter(({ year }) => year === 0),
      },
    ];
  });
}

/** What the year before says of a box that goes on from it; null where it left any part blank, or there is no such year. */
export function broughtForward({ before }: FollowingBox, figures: SumFigures | undefined): number | null {
  let sum = 0;
  for (const { cell, coefficient } of before) {
    const value = figures?.[cell.at] ?? null;
    // What goes on from year to year is a count, and a sum of counts is a safe integer.
    if (value === null) return null;
    sum += coefficient * Number(value);
  }
  return sum;
}
