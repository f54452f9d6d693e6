/**
 * The one engine that weighs two sides against each other. Equations of the form, comparisons between years
 * and numbers stated in the text all pass through `weigh`, so a blank means the same in all of them.
 */

import type { Label } from '../words.js';
import { formatAmount } from './amount.js';
import type { Exact } from './exact.js';
import { type Cell, type Equation, type Form, type FormId, formOf, type SumFigures, type Term } from './forms.js';
import { ruleOf, type Severity } from './rules.js';
import { type Breach, isBlank, type SentencePart, writeSentence } from './sentence.js';
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
  /**
   * `broken`: does not hold. `undecided`: it does not hold with blanks as zero, and there is one: a box that is blank, or in
   * a sum, one that any of its reports left blank.
   */
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
export interface Comparison extends Breach {
  readonly left: readonly Part[];
  readonly right: readonly Part[];
  readonly pointer: string;
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
  const blanks = parts.filter(isBlank);
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

/** Figures of a sum, and at `cell.at` how many of its reports left each box blank. */
export interface CountedFigures {
  readonly figures: SumFigures;
  /** Left out where the figures are one report's. */
  readonly blank?: readonly number[];
}

/** The figures of the year before, and the forms of the reports that they were added up from (mostly one). */
export interface YearBefore extends CountedFigures {
  readonly forms: readonly FormId[];
}

/**
 * Every equation of a form that a report's figures break or leave undecided, in printed order. Equations over two years
 * are checked only if every form of the year before has their cells.
 */
export function checkFigures(formId: FormId, year: number, figures: SumFigures, before?: YearBefore): Finding[] {
  return checkSums(formId, year, { figures }, before);
}

/** The same of a sum of reports on one form: every equation is linear, so balanced reports have balanced sums. */
export function checkSums(formId: FormId, year: number, counted: CountedFigures, before?: YearBefore): Finding[] {
  const findings: Finding[] = [];
  for (const equation of formOf(formId).written) {
    if (!isAsked(equation, before) || holds(equation, counted.figures, before)) continue;
    const finding = weigh(compare(equation, year, counted, before));
    if (finding) findings.push(finding);
  }
  return findings;
}

/**
 * Whether nothing is found of the equations over two years: then `checkFigures` finds with the year before what it
 * finds without.
 */
export function agreesWithYearBefore(formId: FormId, figures: SumFigures, before: YearBefore): boolean {
  return formOf(formId).written.every(
    (equation) => equation.before.length === 0 || !isAsked(equation, before) || holds(equation, figures, before),
  );
}

/** The cells of the year before that any equation of a form reads. */
export function cellsReadFromPreviousYear(form: Form): readonly Cell[] {
  return [...new Set(form.written.flatMap((equation) => equation.before))];
}

function isAsked(equation: Equation, before: YearBefore | undefined): boolean {
  if (equation.before.length === 0) return true;
  return before?.forms.every((id) => equation.before.every((cell) => formOf(id).has(cell))) ?? false;
}

/** Whether an equation holds with blanks as zero: nearly all do, and those need no finding put together. */
function holds({ relation, left, right }: Equation, figures: SumFigures, before: YearBefore | undefined): boolean {
  const difference = sumTerms(left, figures, before) - sumTerms(right, figures, before);
  return relation === '=' ? difference === 0 : difference >= 0;
}

function sumTerms(terms: readonly Term[], figures: SumFigures, before: YearBefore | undefined): number {
  let sum = 0;
  for (const { cell, coefficient, year } of terms) {
    sum += coefficient * (countIn(year === 0 ? figures : before?.figures, cell) ?? 0);
  }
  return sum;
}

/** What a box says that an equation reads: a count, which in every sum is a safe integer. */
function countIn(figures: SumFigures | undefined, { at }: Cell): number | null {
  const value = figures?.[at] ?? null;
  return typeof value === 'bigint' ? Number(value) : value;
}

function compare(
  equation: Equation,
  year: number,
  counted: CountedFigures,
  before: YearBefore | undefined,
): Comparison {
  const part = (term: Term): Part => {
    const own = term.year === 0 ? counted : before;
    return {
      cell: term.cell,
      label: term.label,
      coefficient: term.coefficient,
      value: countIn(own?.figures, term.cell),
      blankIn: own?.blank?.[term.cell.at] ?? 0,
      year: year + term.year,
    };
  };
  const about = subjectOf(equation);
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

/**
 * The term that an equation is about, in whose box somebody looks for the mistake: what stands alone on a side is what the
 * other side should come to. Where neither does, it is the first on the right of the report's own year.
 */
function subjectOf({ left, right }: Equation): Term | undefined {
  const alone = [left, right].find((side) => side.length === 1 && side[0]?.year === 0);
  return alone?.[0] ?? right.find((term) => term.year === 0) ?? left[0];
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.coefficient * (part.value ?? 0), 0);
}

function nameOf(part: Part, year: number): string {
  const key = part.cell?.key ?? '';
  return part.year === year ? key : `${part.year}:${key}`;
}

/** A figure as the form prints it: blank as null, amounts as decimals of the printed unit, counts as numbers. */
export function printFigure(cell: Cell, value: Exact | null): number | string | null {
  if (value === null) return null;
  // A count is a safe integer: see `exact.ts`.
  return cell.kind === 'amount' ? formatAmount(value, cell.unit) : Number(value);
}
