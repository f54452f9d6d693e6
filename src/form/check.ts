/**
 * The one engine that weighs two sides against each other. Equations of the form, comparisons between years
 * and numbers stated in the text all pass through `weigh`, so a blank means the same in all of them.
 */

import type { Label } from '../words.js';
import { formatAmount } from './amount.js';
import { type Cell, type Equation, type Figures, type Form, type FormId, formOf, type Term } from './forms.js';
import { ruleOf, type Severity } from './rules.js';
import type { RuleCode } from './vocabulary.js';

/** One number that takes part in a comparison, with the sign it is counted with. */
export interface Part {
  readonly label: Label;
  readonly value: number | null;
  readonly coefficient: 1 | -1;
  /** The cell it stands in; absent for a number read from the text. */
  readonly cell?: Cell;
  /** The report year it belongs to. */
  readonly year: number;
}

/** What a check found. The figures stay as filed; the finding stands beside them. */
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
    message: sentence(comparison, leftSum, rightSum, blanks),
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

/** The figures of the year before, and the forms of the reports that they were added up from (mostly one). */
export interface YearBefore {
  readonly forms: readonly FormId[];
  readonly figures: Figures;
}

/**
 * Every equation of a form that the figures break or leave undecided, in printed order. Equations over two years are
 * asked only where every form of the year before has their cells. Sums of reports are checked by the same call, since
 * every equation is linear.
 */
export function checkFigures(formId: FormId, year: number, figures: Figures, before?: YearBefore): Finding[] {
  const findings: Finding[] = [];
  for (const equation of formOf(formId).written) {
    if (!isAsked(equation, before) || holds(equation, figures, before)) continue;
    const finding = weigh(compare(equation, year, figures, before));
    if (finding) findings.push(finding);
  }
  return findings;
}

/**
 * Whether nothing is found of the equations over two years: then `checkFigures` finds with the year before what it
 * finds without.
 */
export function agreesWithYearBefore(formId: FormId, figures: Figures, before: YearBefore): boolean {
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
function holds({ relation, left, right }: Equation, figures: Figures, before: YearBefore | undefined): boolean {
  const difference = sumTerms(left, figures, before) - sumTerms(right, figures, before);
  return relation === '=' ? difference === 0 : difference >= 0;
}

function sumTerms(terms: readonly Term[], figures: Figures, before: YearBefore | undefined): number {
  let sum = 0;
  for (const { cell, coefficient, year } of terms) {
    sum += coefficient * ((year === 0 ? figures : before?.figures)?.[cell.at] ?? 0);
  }
  return sum;
}

function compare(equation: Equation, year: number, figures: Figures, before: YearBefore | undefined): Comparison {
  const part = (term: Term): Part => ({
    cell: term.cell,
    label: term.label,
    coefficient: term.coefficient,
    value: (term.year === 0 ? figures : before?.figures)?.[term.cell.at] ?? null,
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

function sentence(comparison: Comparison, left: number, right: number, blanks: readonly Part[]): Label {
  const { rule, relation = '=', label, year } = comparison;
  const said = (language: keyof Label): string => {
    const sides = `${side(comparison.left, left, language, year)} ${relation === '=' ? '≠' : '<'} ${side(comparison.right, right, language, year)}`;
    const difference = language === 'zh' ? `相差 ${left - right}` : `difference ${left - right}`;
    return `${label[language]}${language === 'zh' ? '：' : ': '}${sides}${language === 'zh' ? '，' : ', '}${difference}`;
  };
  const name = ruleOf(rule).label;
  if (blanks.length === 0) return { zh: `${name.zh}不符：${said('zh')}。`, en: `${name.en} (broken): ${said('en')}.` };
  const list = (language: keyof Label) =>
    blanks.map((part) => part.label[language]).join(language === 'zh' ? '、' : ', ');
  return {
    zh: `${name.zh}无法判定，有空白：${said('zh')}（空白按0计）。空白：${list('zh')}。`,
    en: `${name.en} (cannot be decided, blanks take part): ${said('en')} with blanks as 0. Blank: ${list('en')}.`,
  };
}

/** The parts that are not zero, with their headings; all zero is written as 0. */
function side(parts: readonly Part[], sum: number, language: keyof Label, year: number): string {
  const named = parts.filter((part) => part.value !== 0 && part.value !== null);
  if (parts.length === 1 && parts[0])
    return `${title(parts[0], language, year)} ${parts[0].coefficient * (parts[0].value ?? 0)}`;
  if (named.length === 0) return '0';
  const terms = named.map((part, index) => {
    const sign = part.coefficient === -1 ? '− ' : index > 0 ? '+ ' : '';
    return `${sign}${title(part, language, year)} ${part.value}`;
  });
  return named.length === 1 && named[0]?.coefficient === 1 ? terms.join(' ') : `${terms.join(' ')} = ${sum}`;
}

function title(part: Part, language: keyof Label, year: number): string {
  const ofYear = part.year === year ? '' : language === 'zh' ? `${part.year}年` : `${part.year} `;
  return `${ofYear}${part.label[language]}`;
}

/** A figure as the form prints it: blank as null, amounts as decimals of the printed unit, counts as numbers. */
export function printFigure(cell: Cell, value: number | null): number | string | null {
  if (value === null) return null;
  return cell.kind === 'amount' ? formatAmount(value, cell.unit) : value;
}
