/**
 * The reader of sums: what the reports of a division add up to, from its rollups, and in the same shape what the
 * reports of single agencies say. Rows come as JSON text: one value crosses from the database where a row of columns
 * would be forty, and that crossing is most of what reading costs (27 against 130 µs for five years of a county).
 */

import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, cellOf, type Figures, findForm } from '../../form/forms.js';
import { type AgencyKind, type Inclusion, inclusions } from '../../words.js';
import { columnOf } from '../columns.js';
import { flag, integer, integers, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement, sqlStatementBy } from '../engine/statement.js';
import { type AcceptedBefore, acceptedBefore } from '../reports.js';

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
  readonly figures: Figures;
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
    reported: noCounts,
    blank: noCounts,
  };
}

const noFigures: Figures = makeBlankFigures();
const noCounts: readonly number[] = allCells.map(() => 0);

/**
 * What the reports of a division add up to, by year, over a span that holds the years asked for; years without reports
 * are left out. Keep the list of cells: what it takes to read them is prepared once for each list.
 */
export async function sumDivision(
  db: Db,
  divisionId: number,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Map<number, Sums>> {
  return (await readDivision(db, divisionId, { years, cells, blanks: 'decisive' }, of)).sums;
}

/** The same with the counts of each cell: twice the work where reports have blanks. */
export async function countDivision(
  db: Db,
  divisionId: number,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Map<number, CountedSums>> {
  const { sums, blanks } = await readDivision(db, divisionId, { years, cells, blanks: 'all' }, of);
  return new Map([...sums].map(([year, own]) => [year, countCells(own, cells, blanks.get(year) ?? noCounts)]));
}

/**
 * What each of several agencies' reports say, as they are or as they were accepted, by agency and year; years without a
 * report are left out.
 */
export async function sumAgencies(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<Map<number, Map<number, Sums>>> {
  const [from, to] = spanOf(years);
  const acceptedOnly = inclusion === 'ACCEPTED' ? 1 : undefined;
  const found = await findRow(db, rowsOfAgencies(cells), { agencyIds, from, to, acceptedOnly });
  const rows = unpackRows<readonly [number, Row]>(found);
  const sums = new Map<number, Map<number, Sums>>(agencyIds.map((id) => [id, new Map()]));
  for (const [id, row] of rows) {
    sums.get(id)?.set(row[0], sumsOfRow(row, cells));
  }
  if (inclusion === 'ACCEPTED') {
    for (const report of await acceptedBefore(db, agencyIds, [from, to])) {
      sums.get(report.agencyId)?.set(report.year, sumsOfAccepted(report, cells));
    }
  }
  return sums;
}

/** What one agency's report says, with the counts of each cell: ones and zeros. Undefined when there is no report. */
export async function countAgency(
  db: Db,
  agencyId: number,
  year: number,
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<CountedSums | undefined> {
  const sums = (await sumAgencies(db, [agencyId], [year], cells, inclusion)).get(agencyId)?.get(year);
  if (!sums) return undefined;
  const reportsWith = cellCounter(sums.forms);
  const blank = [...noCounts];
  for (const cell of cells) if (sums.figures[cell.at] === null) blank[cell.at] = reportsWith(cell);
  return countCells(sums, cells, blank);
}

function countCells(sums: Sums, cells: readonly Cell[], blank: readonly number[]): CountedSums {
  const reportsWith = cellCounter(sums.forms);
  const reported = [...noCounts];
  for (const cell of cells) reported[cell.at] = reportsWith(cell) - (blank[cell.at] ?? 0);
  return { reported, blank, ...sums };
}

/** Counts, of reports on some forms, those whose form has a cell. */
function cellCounter(forms: Sums['forms']): (cell: Cell) => number {
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

function sumsOfAccepted({ year, expected, onTime, sample, content }: AcceptedBefore, cells: readonly Cell[]): Sums {
  const total = content.publishedItems?.total ?? null;
  const figures = makeBlankFigures();
  for (const { at } of cells) figures[at] = content.figures[at] ?? null;
  return {
    year,
    reports: 1,
    expectedReports: expected,
    onTime: onTime && expected,
    samples: sample,
    forms: new Map([[content.form, 1]]),
    publishedTotal: total,
    publishedStated: total === null ? 0 : 1,
    figures,
  };
}

/** `year, form, reports, expected, on time, samples, published total, published stated, blanks`, then the figures. */
type Row = readonly [number, string, number, number, number, number, number | null, number, number, ...Group[]];
type Group = readonly (number | null)[];

/** A function of SQL takes at most 127 arguments, so that figures come in groups. */
const groupSize = 100;
const heads = 9;

/** Some cells, in groups. */
function groupsOf(cells: readonly Cell[]): readonly string[] {
  const columns = cells.map(columnOf);
  return Array.from({ length: Math.ceil(columns.length / groupSize) }, (_, index) =>
    packed(columns.slice(index * groupSize, (index + 1) * groupSize)),
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

const rowsOfDivision = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: ofDivision,
    gives: { rows: text },
    text: (has: { readonly kinds: boolean }) =>
      `select ${packedRows(packed([...sumHeads, ...groupsOf(cells)]))} as rows
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

const rowsOfAgencies = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: integers, from: integer, to: integer, acceptedOnly: optional(flag) },
    gives: { rows: text },
    text: (has: { readonly acceptedOnly: boolean }) =>
      `select ${packedRows(packed(['agency_id', packed([...reportHeads, ...groupsOf(cells)])]))} as rows
      from ${itemsOf(':agencyIds', 'a')} ${joinedFromList} report
      where agency_id = a.value and year between :from and :to
        ${has.acceptedOnly ? 'and accepted_revision = revision' : ''}`,
  }),
  allCells,
);

/** The rows that a statement packed into one text; the caller names the type of what it packs. */
function unpackRows<Item>(packedText: { readonly rows: string } | undefined): readonly Item[] {
  // The statements here write what their callers name as the type of an item.
  return packedText ? (JSON.parse(packedText.rows) as Item[]) : [];
}

function spanOf(years: readonly number[]): readonly [number, number] {
  return [Math.min(...years), Math.max(...years)];
}

/** The figures of a row as a list. */
function figuresOf(row: Row, cells: readonly Cell[]): (number | null)[] {
  const figures = makeBlankFigures();
  let next = 0;
  for (let index = heads; index < row.length; index++) {
    // What follows the heads of a row are its groups of figures.
    for (const value of row[index] as Group) {
      const cell = cells[next++];
      if (cell) figures[cell.at] = value;
    }
  }
  return figures;
}

/** What one row says. Written out: to spread one object into another takes longer than to read the row (5 µs). */
function sumsOfRow(row: Row, cells: readonly Cell[]): Sums {
  const [year, form, reports, expectedReports, onTime, samples, total, publishedStated] = row;
  return {
    year,
    reports,
    expectedReports,
    onTime,
    samples,
    forms: new Map([[form, reports]]),
    publishedTotal: publishedStated > 0 ? total : null,
    publishedStated,
    figures: figuresOf(row, cells),
  };
}

/**
 * Which cells and years are read, and which counts of blanks: all, or only those that decide whether anybody reported
 * a cell.
 */
interface Question {
  readonly years: readonly number[];
  readonly cells: readonly Cell[];
  readonly blanks: 'all' | 'decisive';
}

/** The sums of a division, and how many left each cell blank (as far as that was asked), by year. */
async function readDivision(
  db: Db,
  divisionId: number,
  { years, cells, blanks: asked }: Question,
  of: SumOf,
): Promise<{ readonly sums: Map<number, Sums>; readonly blanks: ReadonlyMap<number, readonly number[]> }> {
  const [from, to] = spanOf(years);
  const rows = unpackRows<Row>(await findRow(db, rowsOfDivision(cells), { divisionId, from, to, ...of }));
  const withBlanks = new Set(cells.length === 0 ? [] : rows.filter((row) => row[8] > 0).map(([year]) => year));
  // A sum that is not zero was reported. Of those that are, the ones are null that every report of every kind and form
  // left blank: blanks as many as the smallest set of reports decide, and mostly there are none.
  const sets = rows.filter(([year]) => withBlanks.has(year)).map((row) => row[2]);
  const least = asked === 'all' ? 1 : Math.min(...sets);
  const blanks =
    withBlanks.size === 0
      ? new Map<number, readonly number[]>()
      : await readBlanks(db, divisionId, { years: [...withBlanks], least }, of);
  const byYear = new Map<number, Row[]>();
  for (const row of rows) {
    const own = byYear.get(row[0]);
    if (own) own.push(row);
    else byYear.set(row[0], [row]);
  }
  const sums = new Map<number, Sums>();
  for (const [year, own] of byYear) sums.set(year, addUp(own, cells, blanks.get(year) ?? noCounts));
  return { sums, blanks };
}

const blanksOfDivision = sqlStatement({
  takes: { ...ofDivision, least: integer },
  gives: { rows: text },
  text: (has) => `select ${packedRows(packed(['year', 'cell', 'reports']))} as rows
    from rollup_blank where ${isOfDivision(has)} and reports >= :least`,
});

/** How many reports left each cell blank, by year, counting sets (a kind and form each) in which `least` did. */
async function readBlanks(
  db: Db,
  divisionId: number,
  { years, least }: { readonly years: readonly number[]; readonly least: number },
  of: SumOf,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const [from, to] = spanOf(years);
  const found = await findRow(db, blanksOfDivision, { divisionId, from, to, least, ...of });
  const rows = unpackRows<readonly [number, string, number]>(found);
  const blanks = new Map<number, number[]>();
  for (const [year, key, reports] of rows) {
    const own = blanks.get(year) ?? [...noCounts];
    const { at } = cellOf(key);
    own[at] = (own[at] ?? 0) + reports;
    blanks.set(year, own);
  }
  return blanks;
}

/** Adds up the sets of reports of one year, a kind and form each. */
function addUp(rows: readonly Row[], cells: readonly Cell[], blank: readonly number[]): Sums {
  const sums = rows.map((row) => sumsOfRow(row, cells)).reduce((one, other) => addSums(one, other, cells));
  const reportsWith = cellCounter(sums.forms);
  const unreported = cells.filter((cell) => sums.figures[cell.at] === 0 && reportsWith(cell) === blank[cell.at]);
  if (unreported.length === 0) return sums;
  const figures = [...sums.figures];
  for (const { at } of unreported) figures[at] = null;
  return { ...sums, figures };
}

function addSums(one: Sums, other: Sums, cells: readonly Cell[]): Sums {
  const publishedStated = one.publishedStated + other.publishedStated;
  const figures = [...one.figures];
  for (const { at } of cells) figures[at] = (figures[at] ?? 0) + (other.figures[at] ?? 0);
  return {
    year: one.year,
    reports: one.reports + other.reports,
    expectedReports: one.expectedReports + other.expectedReports,
    onTime: one.onTime + other.onTime,
    samples: one.samples + other.samples,
    forms: addForms(one.forms, other.forms),
    publishedTotal: publishedStated > 0 ? (one.publishedTotal ?? 0) + (other.publishedTotal ?? 0) : null,
    publishedStated,
    figures,
  };
}

/** Adds reports by form, the forms by their names: the same order whatever the order in which rows are read. */
function addForms(one: Sums['forms'], other: Sums['forms']): Sums['forms'] {
  const forms = new Map(one);
  for (const [form, reports] of other) forms.set(form, (forms.get(form) ?? 0) + reports);
  return new Map([...forms].sort(([first], [second]) => (first < second ? -1 : 1)));
}
