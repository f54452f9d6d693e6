/**
 * Made-up reports that balance, for the demonstration, the bench and the tests. They are drawn from the forms'
 * own equations: free boxes at random, every other box as its equation says.
 */
import { makeZeroFigures } from '../form/figures.js';
import { type Cell, type Equation, type Figures, type Form, type FormId, formOf, type Term } from '../form/forms.js';
import type { Engagement, PublishedItems, ReportContent } from '../form/report.js';
import type { RuleCode } from '../form/vocabulary.js';

/** A source of numbers of at least 0 and below 1. */
export type Random = () => number;

/** What a sample is drawn for. */
export interface SampleSubject {
  readonly year: number;
  /** The same agency's report of the year before; what it carried out is carried in here. */
  readonly previous?: ReportContent;
  /** Share of reports with applications; three in ten when left out. */
  readonly activity?: number;
  /** Whether applications may stay open at the end of the year; they may when left out. */
  readonly carriesOut?: boolean;
}

/** The same seed gives the same numbers on every machine (mulberry32). */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * Draws a report of a township: nine boxes in ten are zero, a few are blank, every error-level equation holds,
 * and so do those over two years where `previous` is given.
 */
export function sampleContent(random: Random, formId: FormId, subject: SampleSubject): ReportContent {
  const form = formOf(formId);
  const figures = makeZeroFigures(form);
  drawTableTwo(random, form, figures);
  settleWithPrevious(form, figures, subject.previous);
  drawApplications(random, form, figures, subject);
  drawAppeals(random, form, figures);
  return {
    form: formId,
    figures: leaveBlanks(random, form, figures),
    publishedItems: drawPublishedItems(random),
    engagement: drawEngagement(random),
    narrative: { overview: '示例数据，虚构，并非真实报告。Sample data, made up.', otherMatters: '无。' },
    source: { publishedOn: drawDay(random, subject.year + 1) },
  };
}

/** A report with every box of the form filled with zero, and no text. */
export function zeroContent(formId: FormId): ReportContent {
  return {
    form: formId,
    figures: makeZeroFigures(formOf(formId)),
    publishedItems: null,
    engagement: null,
    narrative: null,
    source: null,
  };
}

/** Figures that are drawn box by box. */
type Draft = (number | null)[];

function drawTableTwo(random: Random, form: Form, figures: Draft): void {
  const zero = new Set(equations(form, 'T2-REGULATIONS').flatMap((equation) => equation.left.map((term) => term.cell)));
  const sections = new Map(form.tables.map((table) => [table.key, table.section]));
  for (const cell of form.cells) {
    if (sections.get(cell.table) !== 2 || zero.has(cell)) continue;
    figures[cell.at] = drawFigure(random, cell);
  }
}

function drawFigure(random: Random, cell: Cell): number {
  if (cell.signed) return random() < 0.08 ? upTo(random, 3) : 0;
  if (cell.kind === 'amount') return random() < 0.1 ? upTo(random, 40_000_000) : 0;
  if (cell.kind === 'stock') return random() < 0.2 ? upTo(random, 12) : 0;
  return random() < 0.2 ? upTo(random, 30) : 0;
}

/** Gives each box that an equation over two years determines the value it must have, or one it may begin with. */
function settleWithPrevious(form: Form, figures: Draft, previous: ReportContent | undefined): void {
  for (const { left, right } of form.written) {
    const [settled] = left;
    const earlier = right.filter((term) => term.year === -1);
    if (!settled || earlier.length === 0) continue;
    const known = earlier.every((term) => previous && formOf(previous.form).has(term.cell));
    const figureOf = (term: Term) => (term.year === 0 ? figures : previous?.figures)?.[term.cell.at] ?? 0;
    const sum = (terms: readonly Term[]) => terms.reduce((total, term) => total + term.coefficient * figureOf(term), 0);
    const now = right.filter((term) => term.year === 0);
    const before = known ? sum(earlier) : (figures[settled.cell.at] ?? 0);
    // Nothing is taken away that was not there.
    if (before + sum(now) < 0) for (const term of now) if (term.coefficient === -1) figures[term.cell.at] = 0;
    figures[settled.cell.at] = before + sum(now);
  }
}

function drawApplications(random: Random, form: Form, figures: Draft, subject: SampleSubject): void {
  const { activity = 0.3, carriesOut = true } = subject;
  const totals = new Set(equations(form, 'T3-ROW').flatMap((equation) => equation.right.map((term) => term.cell)));
  const active = random() < activity;
  for (const [index, flow] of equations(form, 'T3-FLOW').entries()) {
    // The printed equation: first item + second item = third item + fourth item.
    const [received, earlier, processed, later] = cellsOf(flow);
    if (!received || !earlier || !processed || !later || totals.has(processed)) continue;
    const drawn = active && random() < (index === 0 ? 0.9 : 0.15) ? upTo(random, index === 0 ? 6 : 2) : 0;
    const open = drawn + (figures[earlier.at] ?? 0);
    const left = carriesOut && open > 0 && random() < 0.2 ? 1 : 0;
    figures[received.at] = drawn;
    figures[later.at] = left;
    figures[processed.at] = open - left;
    const outcomes = equations(form, 'T3-OUTCOME').find(({ right }) => right[0]?.cell === processed)?.left ?? [];
    for (let count = open - left; count > 0; count--) {
      const outcome = random() < 0.5 ? outcomes[0] : outcomes[Math.floor(random() * outcomes.length)];
      if (outcome) figures[outcome.cell.at] = (figures[outcome.cell.at] ?? 0) + 1;
    }
  }
  addUp(equations(form, 'T3-ROW'), figures);
}

function drawAppeals(random: Random, form: Form, figures: Draft): void {
  for (const equation of equations(form, 'T4-ROW')) {
    for (const { cell } of equation.left) figures[cell.at] = random() < 0.01 ? upTo(random, 2) : 0;
  }
  addUp(equations(form, 'T4-ROW'), figures);
}

function addUp(rows: readonly Equation[], figures: Draft): void {
  for (const { left, right } of rows) {
    const [total] = right;
    if (total) figures[total.cell.at] = left.reduce((sum, term) => sum + (figures[term.cell.at] ?? 0), 0);
  }
}

/** One report in eight leaves a few boxes blank where others print zero, but no table blank throughout. */
function leaveBlanks(random: Random, form: Form, figures: Draft): Figures {
  const blanked = [...figures];
  if (random() >= 0.125) return blanked;
  const zeros = form.cells.filter((cell) => figures[cell.at] === 0);
  for (let count = upTo(random, 3); count > 0; count--) {
    const cell = zeros[Math.floor(random() * zeros.length)];
    const others = form.cells.filter((other) => other !== cell && other.table === cell?.table);
    if (cell && others.some((other) => blanked[other.at] !== null)) blanked[cell.at] = null;
  }
  return blanked;
}

const categories = ['工作动态', '通知公告', '政策文件', '财政信息', '人事信息', '其他信息'];
const channels = ['政府网站', '政务新媒体'];

function drawPublishedItems(random: Random): PublishedItems | null {
  if (random() < 0.08) return null;
  const named = categories.filter((_, index) => index === 0 || random() < 0.5);
  const groups = named.map((name) => ({ name, count: upTo(random, 60) }));
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  if (random() < 0.7) return { total, categories: groups, channels: [], complete: ['categories'] };
  const onSite = Math.floor(random() * (total + 1));
  const split = channels.map((name, index) => ({ name, count: index === 0 ? onSite : total - onSite }));
  return { total, categories: groups, channels: split, complete: ['categories', 'channels'] };
}

function drawEngagement(random: Random): Engagement[] | null {
  return random() < 0.5 ? [{ name: '市长热线', handled: upTo(random, 40), replyRate: 1 }] : null;
}

/** A day from 4 January to 12 February: some reports are late. */
function drawDay(random: Random, year: number): string {
  return new Date(Date.UTC(year, 0, 3 + upTo(random, 40))).toISOString().slice(0, 10);
}

function equations(form: Form, rule: RuleCode): Equation[] {
  return form.written.filter((equation) => equation.rule === rule);
}

function cellsOf(equation: Equation): Cell[] {
  return [...equation.left, ...equation.right].map((term) => term.cell);
}

/** A whole number from 1 to `most`, the small ones far more often. */
function upTo(random: Random, most: number): number {
  return 1 + Math.floor(random() ** 3 * most);
}
