/**
 * The one engine that weighs two sides against each other. Equations of the form, comparisons between years
 * and numbers stated in the text all pass through `weigh`, so a blank means the same in all of them.
 */

import type { Label } from '../words.js';
import { formatAmount } from './amount.js';
import { type Cell, type Equation, type Figures, type Form, formOf, type Term } from './forms.js';
import { ruleOf, type Severity } from './rules.js';
import { type SentencePart, writeSentence } from './sentence.js';
import type { RuleCode } from './vocabulary.js';

/** One number that takes part in a comparison. */
export interface Part extends SentencePart {
  /** The cell it is in; absent for a number read from the text. */
  readonly cell?: Cell;
}

/** What a check found. It does not change the figures. */
export interface Finding {
  readonly code: RuleCode;
  readonly severity: Severity;
  /** `broken`: does not hold. `undecided`: a blank takes part and it does not hold with the blank as zero. */
  readonly outcome: 'broken' | 'undecided';
  /** RFC 6901 pointer into the filing, to the cell or member the finding is about. */
  readonly pointer: string;
  /** Every cell of the report's own year that takes part, and of the year before as `year:table.row.column`. */
  readonly cells: readonly string[];
  readonly left: number | null;
  readonly right: number | null;
  /** Left minus right; null when nothing is compared. */
  readonly difference: number | null;
  /** The printed headings of the line the finding is about. */
  readonly label: Label;
  readonly message: Label;
}

/** A comparison put as a question: do the parts on the left equal (or reach) those on the right? */
export interface Comparison {
  readonly rule: RuleCode;
  readonly relation?: '=' | '>=';
  readonly left: readonly Part[];
  readonly right: readonly Part[];
  readonly label: Label;
  readonly pointer: string;
  /** The report year; parts of another year are named with theirs. */
  readonly year: number;
}

/**
 * Weighs a comparison, blanks counted as zero. Undefined when it holds (with blanks or without); otherwise
 * broken, or undecided (then never more than a warning) when a blank takes part.
 */
export function weigh(comparison: Comparison): Finding | undefined {
  const { rule, left, right, relation = '=' } = comparison;
  const leftSum = sumOf(left);
  const rightSum = sumOf(right);
  if (relation === '=' ? leftSum === rightSum : leftSum >= rightSum) return undefined;
  const parts = [...left, ...right];
  const blanks = parts.filter((part) => part.value === null);
  const severity = ruleOf(rule).severity;
  return {
    code: rule,
    severity: blanks.length > 0 && severity === 'error' ? 'warning' : severity,
    outcome: blanks.length > 0 ? 'undecided' : 'broken',
    pointer: comparison.pointer,
    cells: parts.flatMap((part) => (part.cell ? [nameOf(part, comparison.year)] : [])),
    left: leftSum,
    right: rightSum,
    difference: leftSum - rightSum,
    label: comparison.label,
    message: writeSentence(comparison, leftSum, rightSum),
  };
}

/** A finding that compares nothing: the form, a date, a length, a table left blank. */
export function remark(
  code: RuleCode,
  at: { readonly pointer: string; readonly label: Label; readonly message: Label; readonly cells?: readonly string[] },
): Finding {
  const { pointer, label, message, cells = [] } = at;
  const severity = ruleOf(code).severity;
  return {
    code,
    severity,
    outcome: 'broken',
    pointer,
    cells,
    left: null,
    right: null,
    difference: null,
    label,
    message,
  };
}

/**
 * Every equation of a form that the figures break or leave undecided, in printed order. `previous` are the
 * figures of the year before; equations over two years are checked only if both years have all their cells.
 * Sums of reports are checked by the same call, since every equation is linear.
 */
export function checkFigures(formId: Form['id'], year: number, figures: Figures, previous?: Figures): Finding[] {
  const form = formOf(formId);
  const numbers = form.cells.map(({ key }) => figures[key] ?? 0);
  if (previous) for (const { key } of form.cells) numbers.push(previous[key] ?? 0);
  const findings: Finding[] = [];
  for (const balance of balancesOf(form)) {
    if (!isAsked(balance, previous) || holds(balance, numbers)) continue;
    const finding = weigh(compare(balance.equation, year, figures, previous));
    if (finding) findings.push(finding);
  }
  return findings;
}

/**
 * Whether nothing is found of the equations over two years: then `checkFigures` finds with the year before what it
 * finds without.
 */
export function agreesWithYearBefore(formId: Form['id'], year: number, figures: Figures, previous: Figures): boolean {
  const overTwoYears = balancesOf(formOf(formId)).filter(({ before }) => before.length > 0);
  const asked = overTwoYears.filter((balance) => isAsked(balance, previous));
  return asked.every(({ equation }) => !weigh(compare(equation, year, figures, previous)));
}

/** The cells of the year before that any equation of any form reads. */
export function cellsReadFromPreviousYear(form: Form): readonly Cell[] {
  const terms = form.written.flatMap((equation) => [...equation.left, ...equation.right]);
  return [...new Set(terms.filter((term) => term.year === -1).map((term) => term.cell))];
}

/** An equation as left minus right, its cells by their places in a list: read faster than by their names. */
interface Balance {
  readonly equation: Equation;
  /** What is added and what is taken away; a place past the form's cells is that of a cell in the year before. */
  readonly plus: readonly number[];
  readonly minus: readonly number[];
  /** The cells of the year before that it reads. */
  readonly before: readonly Cell[];
}

const balances = new Map<Form, readonly Balance[]>();

function balancesOf(form: Form): readonly Balance[] {
  const known = balances.get(form);
  if (known) return known;
  const written = form.written.map((equation) => {
    const { left, right } = equation;
    const signed = [...left, ...right.map((term) => ({ ...term, coefficient: -term.coefficient }))];
    const placesOf = (sign: number) =>
      signed
        .filter(({ coefficient }) => coefficient === sign)
        .map(({ cell, year }) => form.cells.indexOf(cell) - year * form.cells.length);
    const before = signed.filter(({ year }) => year === -1).map(({ cell }) => cell);
    return { equation, plus: placesOf(1), minus: placesOf(-1), before };
  });
  balances.set(form, written);
  return written;
}

function isAsked({ before }: Balance, previous: Figures | undefined): boolean {
  return before.length === 0 || before.every(({ key }) => previous?.[key] !== undefined);
}

/** Whether an equation holds with blanks as zero: nearly all do, and those need no finding put together. */
function holds({ equation, plus, minus }: Balance, numbers: readonly number[]): boolean {
  let difference = 0;
  for (const place of plus) difference += numbers[place] ?? 0;
  for (const place of minus) difference -= numbers[place] ?? 0;
  return equation.relation === '=' ? difference === 0 : difference >= 0;
}

function compare(equation: Equation, year: number, figures: Figures, previous: Figures | undefined): Comparison {
  const part = (term: Term): Part => ({
    cell: term.cell,
    label: term.label,
    coefficient: term.coefficient,
    value: (term.year === 0 ? figures[term.cell.key] : previous?.[term.cell.key]) ?? null,
    year: year + term.year,
  });
  const about = equation.right.find((term) => term.year === 0) ?? equation.left[0];
  return {
    rule: equation.rule,
    relation: equation.relation,
    left: equation.left.map(part),
    right: equation.right.map(part),
    label: equation.over,
    pointer: about?.cell.pointer ?? '/figures',
    year,
  };
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.coefficient * (part.value ?? 0), 0);
}

function nameOf(part: Part, year: number): string {
  const key = part.cell?.key ?? '';
  return part.year === year ? key : `${part.year}:${key}`;
}

/** A figure as the form prints it: blank as null, amounts as decimals of the printed unit, counts as numbers. */
export function printFigure(cell: Cell, value: number | null): number | string | null {
  if (value === null) return null;
  return cell.kind === 'amount' ? formatAmount(value, cell.unit) : value;
}
