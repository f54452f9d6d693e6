/**
 * The rows that sums are read from: statements, and what a row says. Rows come as JSON text: one value crosses from the
 * database where a row of columns would be forty, and that crossing is most of what reading costs (27 against 130 µs
 * for five years of a county).
 */

import { addRates, noRate, type RateSum, rateLines, rateSumOf } from '../../form/derived.js';
import { addExact, type Exact, readExact } from '../../form/exact.js';
import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, type SumFigures } from '../../form/forms.js';
import { inclusions } from '../../words.js';
import { columnOf, inGroups, rateColumns } from '../columns.js';
import { flag, integer, integers, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows } from '../engine/dialect.js';
import { sqlStatement, sqlStatementBy } from '../engine/statement.js';
import { inOrderOfForms, noRates, type Sums } from './sums.js';

/** `year, form, reports, expected, on time, samples, published total, published stated, blanks, rates`, then the figures. */
export type SumRow = readonly [
  number,
  string,
  number,
  number,
  number,
  number,
  number | null,
  number,
  number,
  readonly number[],
  ...Group[],
];
/** A sum of money comes as a text: it may be no safe integer. */
type Group = readonly (number | string | null)[];

const heads = 10;

/** The columns of some cells, in groups of a hundred: as lists. */
function packedGroups(cells: readonly Cell[], spell: (cell: Cell) => string): readonly string[] {
  return inGroups(cells.map(spell)).map(packed);
}

/** The sum of a cell; one of money as a text, since JSON would round it where it is read. */
function sumColumn(cell: Cell): string {
  return cell.kind === 'amount' ? `cast(${columnOf(cell)} as text)` : columnOf(cell);
}

/** The rates whose cells are all in a list: a rate comes with its cells. Kept as long as the list. */
const ratesOfCells = new WeakMap<readonly Cell[], ReadonlySet<number>>();

function ratesWithin(cells: readonly Cell[]): ReadonlySet<number> {
  const known = ratesOfCells.get(cells);
  if (known) return known;
  const asked = new Set(cells);
  const within = rateLines.flatMap(({ over, of }, index) =>
    [...over, ...of].every((cell) => asked.has(cell)) ? [index] : [],
  );
  const found = new Set(within);
  ratesOfCells.set(cells, found);
  return found;
}

/** Columns of a rate. */
const rateParts = 3;

/** The columns of the rates that come with some cells. */
function rateGroup(cells: readonly Cell[]): string {
  return packed(
    [...ratesWithin(cells)].flatMap((index) => rateColumns.slice(index * rateParts, (index + 1) * rateParts)),
  );
}

const ofDivision = {
  divisionId: integer,
  inclusion: oneOf(inclusions),
  from: integer,
  to: integer,
  kinds: optional(texts),
};
const isOfDivision = ({ kinds }: { readonly kinds: boolean }) =>
  `division_id = :divisionId and inclusion = :inclusion and year between :from and :to
    ${kinds ? `and ${isIn('kind', ':kinds')}` : ''}`;

/** One row of a division's sums as a list: a `SumRow`. */
function packedSums(cells: readonly Cell[]): string {
  return packed([...sumHeads, rateGroup(cells), ...packedGroups(cells, sumColumn)]);
}

const sumHeads = [
  'year',
  'form',
  'reports',
  'expected_reports',
  'on_time',
  'samples',
  'published_total',
  'published_stated',
  'blanks',
];

/** The rows of a division over a span of years, of some kinds or of all. */
export const rowsOfDivision = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: ofDivision,
    gives: { rows: text },
    text: (has: { readonly kinds: boolean }) =>
      `select ${packedRows(packedSums(cells))} as rows
      from rollup where ${isOfDivision(has)} and reports > 0`,
  }),
  allCells,
);

const reportHeads = [
  'year',
  'form',
  '1',
  'expected',
  'on_time * expected',
  'sample',
  'published_total',
  'case when published_total is null then 0 else 1 end',
  '0',
];

/** What the reports of some agencies say over a span of years, each row after its agency. */
export const rowsOfAgencies = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: integers, from: integer, to: integer, acceptedOnly: optional(flag) },
    gives: { rows: text },
    text: (has: { readonly acceptedOnly: boolean }) =>
      `select ${packedRows(packed(['agency_id', packed([...reportHeads, packed([]), ...packedGroups(cells, columnOf)])]))} as rows
      from ${itemsOf(':agencyIds', 'a')} ${joinedFromList} report
      where agency_id = a.value and year between :from and :to
        ${has.acceptedOnly ? 'and accepted_revision = revision' : ''}`,
  }),
  allCells,
);

/** How many reports of a division left a cell blank, `year, cell, reports`, where at least `least` of a kind and form did. */
export const blanksOfDivision = sqlStatement({
  takes: { ...ofDivision, least: integer },
  gives: { rows: text },
  text: (has) => `select ${packedRows(packed(['year', 'cell', 'reports']))} as rows
    from rollup_blank where ${isOfDivision(has)} and reports >= :least`,
});

/** The figures of a row as a list. */
function figuresOf(row: SumRow, cells: readonly Cell[]): (Exact | null)[] {
  const figures: (Exact | null)[] = makeBlankFigures();
  readFigures(row, cells, (at, value) => {
    figures[at] = value;
  });
  return figures;
}

function readFigures(row: SumRow, cells: readonly Cell[], take: (at: number, value: Exact | null) => void): void {
  let next = 0;
  for (let index = heads; index < row.length; index++) {
    // What follows the heads of a row are its groups of figures.
    for (const value of row[index] as Group) {
      const cell = cells[next++];
      if (cell) take(cell.at, typeof value === 'string' ? readExact(value) : value);
    }
  }
}

/**
 * What the rows of a division for one year say together, at least one: those of each kind and form. Added up in one list,
 * where blanks are zeros; `nullUnreported` finds what nobody reported.
 */
export function sumsOfRows(rows: readonly SumRow[], cells: readonly Cell[]): Sums {
  const [first, ...others] = rows;
  if (!first) throw new Error('a year that is summed has a row');
  const figures = figuresOf(first, cells);
  const one = sumsWith(first, figures, ratesOfRow(first, cells));
  if (others.length === 0) return one;
  for (const { at } of cells) figures[at] ??= 0;
  const all = others.reduce((sums, row) => {
    readFigures(row, cells, (at, value) => {
      if (value) figures[at] = addExact(figures[at] ?? 0, value);
    });
    return addCounts(sums, sumsWith(row, figures, ratesOfRow(row, cells)));
  }, one);
  return { ...all, forms: inOrderOfForms(all.forms) };
}

/** Adds all but the figures, which both have. */
function addCounts(one: Sums, other: Sums): Sums {
  const publishedStated = one.publishedStated + other.publishedStated;
  const forms = new Map(one.forms);
  for (const [form, reports] of other.forms) forms.set(form, (forms.get(form) ?? 0) + reports);
  return {
    year: one.year,
    reports: one.reports + other.reports,
    expectedReports: one.expectedReports + other.expectedReports,
    onTime: one.onTime + other.onTime,
    samples: one.samples + other.samples,
    forms,
    publishedTotal: publishedStated > 0 ? (one.publishedTotal ?? 0) + (other.publishedTotal ?? 0) : null,
    publishedStated,
    figures: one.figures,
    rates:
      one.rates === noRates ? noRates : one.rates.map((rate, index) => addRates(rate, other.rates[index] ?? noRate)),
  };
}

/** What the row of one report says. */
export function sumsOfReport(row: SumRow, cells: readonly Cell[]): Sums {
  const figures = figuresOf(row, cells);
  return sumsWith(row, figures, ratesOfReport(figures, cells));
}

/** One report's part in each rate whose cells are all in a list. */
export function ratesOfReport(figures: SumFigures, cells: readonly Cell[]): readonly RateSum[] {
  const within = ratesWithin(cells);
  if (within.size === 0) return noRates;
  return rateLines.map((rate, index) => (within.has(index) ? rateSumOf(figures, rate) : noRate));
}

function ratesOfRow(row: SumRow, cells: readonly Cell[]): readonly RateSum[] {
  const within = ratesWithin(cells);
  if (within.size === 0) return noRates;
  const rates = [...noRates];
  const group = row[9];
  let next = 0;
  for (const index of within) {
    const [reports, over, of] = [group[next] ?? 0, group[next + 1] ?? 0, group[next + 2] ?? 0];
    rates[index] = { reports, over, of };
    next += rateParts;
  }
  return rates;
}

/** Written out: to spread one object into another takes longer than to read the row (5 µs). */
function sumsWith(row: SumRow, figures: SumFigures, rates: readonly RateSum[]): Sums {
  const [year, form, reports, expectedReports, onTime, samples, total, publishedStated] = row;
  return {
    year,
    reports,
    expectedReports,
    onTime,
    samples,
    forms: reports === 1 ? formOfOne(form) : new Map([[form, reports]]),
    publishedTotal: publishedStated > 0 ? total : null,
    publishedStated,
    figures,
    rates,
  };
}

/** By form, what a single report is filed on. */
const formsOfOne = new Map<string, Sums['forms']>();

function formOfOne(form: string): Sums['forms'] {
  const known = formsOfOne.get(form);
  if (known) return known;
  const forms = new Map([[form, 1]]);
  formsOfOne.set(form, forms);
  return forms;
}
