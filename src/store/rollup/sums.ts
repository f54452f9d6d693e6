/** What reports add up to, and the adding up: of a division, or of single agencies in the same shape. */

import { noRate, type RateSum, rateLines } from '../../form/derived.js';
import { addExact, type Exact } from '../../form/exact.js';
import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, type Figures, findForm, type SumFigures } from '../../form/forms.js';
import type { AgencyKind, Inclusion } from '../../words.js';

/** What a sum is of: all reports or those accepted, of all agencies or of some kinds. */
export interface SumOf {
  readonly inclusion: Inclusion;
  readonly kinds?: readonly AgencyKind[] | undefined;
}

/** What a set of reports adds up to for one year; the set may be one report. */
export interface Sums {
  readonly year: number;
  readonly reports: number;
  /** Of these, the reports of agencies that were expected to file. */
  readonly expectedReports: number;
  /** Of the expected reports, those filed by the day due. */
  readonly onTime: number;
  readonly samples: number;
  /** How many reports were filed on each form. */
  readonly forms: ReadonlyMap<string, number>;
  readonly publishedTotal: number | null;
  /** How many stated a total of published items. */
  readonly publishedStated: number;
  /** Sums of the cells asked for, null when nobody reported one; null in every other cell. */
  readonly figures: SumFigures;
  /** Each of `rateLines`, over no report where not all of its cells were asked for. */
  readonly rates: readonly RateSum[];
}

/** Sums with how each of the cells asked for was filled in, at `cell.at`; the rest have a form without the cell. */
export interface CountedSums extends Sums {
  /** How many reported it. */
  readonly reported: readonly number[];
  /** How many left it blank. */
  readonly blank: readonly number[];
}

/** The sums of a year in which nobody reported. */
export function sumsOfNone(year: number): CountedSums {
  return {
    year,
    reports: 0,
    expectedReports: 0,
    onTime: 0,
    samples: 0,
    forms: new Map(),
    publishedTotal: null,
    publishedStated: 0,
    figures: noFigures,
    rates: noRates,
    reported: noCounts,
    blank: noCounts,
  };
}

const noFigures: Figures = makeBlankFigures();
/** No report for any rate. */
export const noRates: readonly RateSum[] = rateLines.map(() => noRate);
/** No report for any cell. */
export const noCounts: readonly number[] = allCells.map(() => 0);

/** Sums with the counts of some cells, given how many left each of them blank. */
export function countCells(sums: Sums, cells: readonly Cell[], blank: readonly number[]): CountedSums {
  const reportsWith = cellCounter(sums.forms);
  const reported = [...noCounts];
  for (const cell of cells) reported[cell.at] = reportsWith(cell) - (blank[cell.at] ?? 0);
  return { reported, blank, ...sums };
}

/** Counts, of reports on some forms, those whose form has a cell. */
export function cellCounter(forms: Sums['forms']): (cell: Cell) => number {
  const filed = [...forms].flatMap(([id, reports]) => {
    const form = findForm(id);
    return form ? [{ form, reports }] : [];
  });
  return (cell) => {
    let reports = 0;
    for (const one of filed) if (one.form.has(cell)) reports += one.reports;
    return reports;
  };
}

/** Sums in which a cell is null that every report of a form with it left blank. */
export function nullUnreported(sums: Sums, cells: readonly Cell[], blank: readonly number[]): Sums {
  // Where no blank counts, only a cell that no form has can be one that nobody reported: mostly there is none.
  if (blank === noCounts && isOnForms(cells, sums.forms)) return sums;
  const reportsWith = cellCounter(sums.forms);
  const unreported = cells.filter((cell) => sums.figures[cell.at] === 0 && reportsWith(cell) === blank[cell.at]);
  if (unreported.length === 0) return sums;
  const figures = [...sums.figures];
  for (const { at } of unreported) figures[at] = null;
  return { ...sums, figures };
}

/** Of each list of cells, the forms that have them all. Kept as long as the list. */
const formsWithAll = new WeakMap<readonly Cell[], Map<string, boolean>>();

/** Whether one of some forms has all of some cells. */
function isOnForms(cells: readonly Cell[], forms: Sums['forms']): boolean {
  const known = formsWithAll.get(cells) ?? new Map<string, boolean>();
  formsWithAll.set(cells, known);
  for (const id of forms.keys()) {
    const form = findForm(id);
    const has = known.get(id) ?? (form !== undefined && cells.every((cell) => form.has(cell)));
    known.set(id, has);
    if (has) return true;
  }
  return false;
}

/** A sum to be added (1) or taken away (-1). */
export type Sign = 1 | -1;

/** Sets of reports of one year added up, with how many left each cell blank; those taken away count below zero. */
export interface AddedSums {
  readonly sums: Sums;
  readonly blank: readonly number[];
}

/** A set of reports that is added to others or taken away from them. */
export interface SignedSums extends AddedSums {
  readonly sign: Sign;
}

/** What sets of reports of a year come to, some added and some taken away; a cell that nobody of them reported is null. */
export function combineSums(year: number, parts: readonly SignedSums[], cells: readonly Cell[]): CountedSums {
  const { sums, blank } = addSigned(year, parts, cells);
  const forms = new Map([...sums.forms].filter(([, reports]) => reports > 0));
  const publishedTotal = sums.publishedStated > 0 ? sums.publishedTotal : null;
  const counted = countCells({ ...sums, forms, publishedTotal }, cells, blank);
  const figures = [...counted.figures];
  for (const { at } of cells) if (counted.reported[at] === 0) figures[at] = null;
  return { ...counted, figures };
}

/** The same as a part of a larger sum. Added up in place: a list of all cells takes longer to copy than to change. */
export function addSigned(year: number, parts: readonly SignedSums[], cells: readonly Cell[]): AddedSums {
  const figures: (Exact | null)[] = [...noFigures];
  for (const { at } of cells) figures[at] = 0;
  const blank = [...noCounts];
  const forms = new Map<string, number>();
  const rates = rateLines.map(() => ({ ...noRate }));
  const counts = { reports: 0, expectedReports: 0, onTime: 0, samples: 0, publishedTotal: 0, publishedStated: 0 };
  for (const { sums, blank: left, sign } of parts) {
    for (const name of countNames) counts[name] += sign * (sums[name] ?? 0);
    for (const [form, reports] of sums.forms) forms.set(form, (forms.get(form) ?? 0) + sign * reports);
    for (const [index, { reports, over, of }] of sums.rates.entries()) {
      const rate = rates[index];
      if (!rate || reports === 0) continue;
      rate.reports += sign * reports;
      rate.over += sign * over;
      rate.of += sign * of;
    }
    for (const { at } of cells) {
      const value = sums.figures[at];
      if (value) figures[at] = addExact(figures[at] ?? 0, sign > 0 ? value : -value);
      const others = left[at];
      if (others) blank[at] = (blank[at] ?? 0) + sign * others;
    }
  }
  return { sums: { year, ...counts, forms: inOrderOfForms(forms), figures, rates }, blank };
}

const countNames = ['reports', 'expectedReports', 'onTime', 'samples', 'publishedTotal', 'publishedStated'] as const;

/** Reports by form, the forms by their names: the same order whatever the order in which rows are read. */
export function inOrderOfForms(forms: Sums['forms']): Sums['forms'] {
  return forms.size < 2 ? forms : new Map([...forms].sort(byName));
}

function byName([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}
