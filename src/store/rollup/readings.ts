/**
 * Figures read in bulk for questions that ask for many of them. Rows come as JSON text: one value crosses from SQLite
 * where a row of columns would be forty, and that crossing is most of what reading costs (27 against 130 µs for five
 * years of a county). Sums as in `tallies.ts`, but of figures only: who left what blank is told there.
 */

import { type Cell, findForm } from '../../form/forms.js';
import type { Inclusion } from '../../words.js';
import { columnOf } from '../columns.js';
import { runSql } from '../engine/legacy.js';
import type { Db } from '../engine/schema.js';
import { type AcceptedBefore, acceptedBefore } from '../reports.js';
import type { SumOf } from './tallies.js';

/** What a set of reports adds up to for one year, figures by the position of their cell in the question. */
export interface Reading {
  readonly year: number;
  readonly reports: number;
  /** Of these, the reports of agencies that were expected to file. */
  readonly expectedReports: number;
  /** Of the expected reports, those filed by the day due. */
  readonly onTime: number;
  readonly samples: number;
  /** How many reports were filed on each form. */
  readonly forms: readonly (readonly [form: string, reports: number])[];
  readonly publishedTotal: number | null;
  /** How many stated a total of published items. */
  readonly publishedStated: number;
  /** Sums of the cells asked for, null when nobody reported one. Amounts in 分. */
  readonly figures: readonly (number | null)[];
}

/** Which cells are read: the statements for a question are written once and kept with its list of cells. */
const statements = new WeakMap<readonly Cell[], Statements>();

interface Statements {
  readonly division: string;
  readonly divisionByKinds: string;
  readonly agencies: string;
  readonly agenciesAccepted: string;
  /** Whether a form has each of the cells. */
  readonly cellsOf: (form: string) => readonly boolean[];
}

/** `year, form, reports, expected, on time, samples, published total, published stated, blanks`, then the figures. */
type Row = readonly [number, string, number, number, number, number, number | null, number, number, ...Group[]];

/** SQLite takes at most 127 arguments a function, so that figures come in groups. */
type Group = readonly (number | null)[];
const groupSize = 100;
const heads = 9;

/** Reads a division's sums for a span of years that holds those asked for; years without reports are left out. */
export async function readDivision(
  db: Db,
  divisionId: number,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Map<number, Reading>> {
  const { inclusion, kinds } = of;
  const span = spanOf(years);
  const { division, divisionByKinds, cellsOf } = statementsFor(cells);
  const bound = [divisionId, inclusion, ...span, ...(kinds ? [JSON.stringify(kinds)] : [])];
  const rows = await readRows<Row>(db, kinds ? divisionByKinds : division, bound);
  const byYear = new Map<number, Row[]>();
  for (const row of rows) {
    const own = byYear.get(row[0]);
    if (own) own.push(row);
    else byYear.set(row[0], [row]);
  }
  const blanks = await readFullBlanks(db, divisionId, byYear, cells, of);
  const readings = new Map<number, Reading>();
  for (const [year, own] of byYear) readings.set(year, addUp(year, own, cells, cellsOf, blanks?.get(year)));
  return readings;
}

/**
 * Reads what each of several agencies' reports say, as they stand or as they were accepted, by agency and year; years
 * without a report are left out.
 */
export async function readAgencies(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<Map<number, Map<number, Reading>>> {
  const { agencies, agenciesAccepted } = statementsFor(cells);
  const span = spanOf(years);
  const bound = [JSON.stringify(agencyIds), ...span];
  const rows = await readRows<readonly [number, Row]>(db, inclusion === 'ALL' ? agencies : agenciesAccepted, bound);
  const readings = new Map<number, Map<number, Reading>>(agencyIds.map((id) => [id, new Map()]));
  for (const [id, row] of rows) readings.get(id)?.set(row[0], readingOf(row, figuresOf(row)));
  if (inclusion === 'ACCEPTED') {
    for (const report of await acceptedBefore(db, agencyIds, span)) {
      readings.get(report.agencyId)?.set(report.year, readingOfContent(report, cells));
    }
  }
  return readings;
}

function readingOfContent(
  { year, expected, onTime, sample, content }: AcceptedBefore,
  cells: readonly Cell[],
): Reading {
  const total = content.publishedItems?.total ?? null;
  return {
    year,
    reports: 1,
    expectedReports: expected,
    onTime: onTime && expected,
    samples: sample,
    forms: [[content.form, 1]],
    publishedTotal: total,
    publishedStated: total === null ? 0 : 1,
    figures: cells.map(({ at }) => content.figures[at] ?? null),
  };
}

async function readRows<Item>(db: Db, text: string, bound: readonly unknown[]): Promise<readonly Item[]> {
  const [found] = await runSql<{ rows: string }>(db, text, bound);
  // The statements below write what their callers name as the type of an item.
  return found ? (JSON.parse(found.rows) as Item[]) : [];
}

function statementsFor(cells: readonly Cell[]): Statements {
  const known = statements.get(cells);
  if (known) return known;
  const columns = cells.map(columnOf);
  const groups = Array.from({ length: Math.ceil(columns.length / groupSize) }, (_, index) =>
    columns.slice(index * groupSize, (index + 1) * groupSize),
  );
  const arrays = groups.map((group) => `, json_array(${group.join(', ')})`).join('');
  const division = `select json_group_array(json_array(year, form, reports, expected_reports, on_time, samples,
    published_total, published_stated, blanks${arrays})) as rows
    from rollup where division_id = ? and inclusion = ? and year between ? and ? and reports > 0`;
  const agencies = `select json_group_array(json_array(agency_id, json_array(year, form, 1, expected, on_time and expected,
      sample, published_total, published_total is not null, 0${arrays}))) as rows
      from json_each(?) a cross join report on agency_id = a.value and year between ? and ?`;
  const forms = new Map<string, readonly boolean[]>();
  const written: Statements = {
    division,
    divisionByKinds: `${division} and kind in (select value from json_each(?))`,
    agencies,
    agenciesAccepted: `${agencies} and accepted_revision = revision`,
    cellsOf: (id) => {
      const known = forms.get(id);
      if (known) return known;
      const form = findForm(id);
      const has = cells.map((cell) => form?.has(cell) ?? false);
      forms.set(id, has);
      return has;
    },
  };
  statements.set(cells, written);
  return written;
}

function spanOf(years: readonly number[]): readonly [number, number] {
  return [Math.min(...years), Math.max(...years)];
}

function figuresOf(row: Row): (number | null)[] {
  const groups = row.slice(heads) as Group[];
  return groups.length === 1 && groups[0] ? [...groups[0]] : groups.flat();
}

function readingOf(row: Row, figures: readonly (number | null)[]): Reading {
  const [year, form, reports, expectedReports, onTime, samples, publishedTotal, publishedStated] = row;
  return {
    year,
    reports,
    expectedReports,
    onTime,
    samples,
    forms: [[form, reports]],
    publishedTotal: publishedStated > 0 ? publishedTotal : null,
    publishedStated,
    figures,
  };
}

/** Blank counts of one year by cell, of those cells that whole sets of reports left blank. */
type FullBlanks = ReadonlyMap<string, number>;

/**
 * A sum that is not zero was reported. Of those that are, the ones are null that every report of every kind and form
 * left blank: so only blanks as many as the smallest set of reports are asked for, and mostly there are none.
 */
async function readFullBlanks(
  db: Db,
  divisionId: number,
  byYear: ReadonlyMap<number, readonly Row[]>,
  cells: readonly Cell[],
  { inclusion, kinds }: SumOf,
): Promise<ReadonlyMap<number, FullBlanks> | undefined> {
  const years = [...byYear].filter(([, rows]) => rows.some((row) => row[8] > 0)).map(([year]) => year);
  if (years.length === 0 || cells.length === 0) return undefined;
  const least = Math.min(...years.flatMap((year) => (byYear.get(year) ?? []).map((row) => row[2])));
  const rows = await readRows<readonly [number, string, number]>(db, kinds ? blanksByKindsSql : blanksSql, [
    divisionId,
    inclusion,
    ...spanOf(years),
    least,
    ...(kinds ? [JSON.stringify(kinds)] : []),
  ]);
  const found = new Map<number, Map<string, number>>();
  for (const [year, cell, reports] of rows) {
    const own = found.get(year) ?? new Map<string, number>();
    found.set(year, own.set(cell, (own.get(cell) ?? 0) + reports));
  }
  return found;
}

const blanksSql = `select json_group_array(json_array(year, cell, reports)) as rows
  from rollup_blank where division_id = ? and inclusion = ? and year between ? and ? and reports >= ?`;
const blanksByKindsSql = `${blanksSql} and kind in (select value from json_each(?))`;

function addUp(
  year: number,
  rows: readonly Row[],
  cells: readonly Cell[],
  cellsOf: Statements['cellsOf'],
  blanks: FullBlanks | undefined,
): Reading {
  const [first, ...rest] = rows;
  if (!first) throw new Error('a year that is added up has rows');
  const sums = figuresOf(first);
  let total = readingOf(first, sums);
  const forms = new Map(total.forms);
  for (const row of rest) {
    const own = figuresOf(row);
    for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + (own[index] ?? 0);
    forms.set(row[1], (forms.get(row[1]) ?? 0) + row[2]);
    total = addReadings(total, row);
  }
  const having = [...forms].map(([form, reports]) => ({ reports, has: cellsOf(form) }));
  for (let index = 0; index < sums.length; index++) {
    if (sums[index] !== 0) continue;
    let reports = 0;
    for (const one of having) if (one.has[index]) reports += one.reports;
    if (reports === 0 || blanks?.get(cells[index]?.key ?? '') === reports) sums[index] = null;
  }
  return { ...total, year, forms: [...forms], figures: sums };
}

function addReadings(total: Reading, row: Row): Reading {
  const own = readingOf(row, []);
  const stated = total.publishedStated + own.publishedStated;
  return {
    ...total,
    reports: total.reports + own.reports,
    expectedReports: total.expectedReports + own.expectedReports,
    onTime: total.onTime + own.onTime,
    samples: total.samples + own.samples,
    publishedTotal: stated > 0 ? (total.publishedTotal ?? 0) + (own.publishedTotal ?? 0) : null,
    publishedStated: stated,
  };
}
