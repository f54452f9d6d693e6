/**
 * Tallies: what is read from the rollups and, in the same shape, from the reports of single agencies, each figure with
 * how many reported it and how many left it blank.
 */

import { makeBlankFigures } from '../../form/figures.js';
import { type Cell, type Figures, findForm } from '../../form/forms.js';
import type { AgencyKind, Inclusion } from '../../words.js';
import { columnOf } from '../columns.js';
import { runSql } from '../engine/legacy.js';
import type { Db } from '../engine/schema.js';
import { type AcceptedBefore, acceptedBefore } from '../reports.js';
import { rollupCounts } from './rollups.js';

/**
 * What a set of reports adds up to for one year. One report alone is the same shape, so that an agency's
 * statistics and a nation's are read by the same code.
 */
export interface Tally {
  readonly year: number;
  readonly reports: number;
  /** Of these, the reports of agencies that were expected to file. */
  readonly expectedReports: number;
  /** Of the expected reports, those filed by the day due. */
  readonly onTime: number;
  readonly samples: number;
  /** How many reports were filed on each form. */
  readonly forms: Readonly<Record<string, number>>;
  /** Sums of the cells asked for: null when nobody reported one. */
  readonly figures: Figures;
  /** How many reported each cell asked for. */
  readonly reported: Readonly<Record<string, number>>;
  /** How many left it blank; those that neither reported nor left it blank have a form without it. */
  readonly blank: Readonly<Record<string, number>>;
  readonly publishedTotal: number | null;
  /** How many stated a total of published items. */
  readonly publishedStated: number;
}

/** What a sum is of: all reports or those accepted, of all agencies or of some kinds. */
export interface SumOf {
  readonly inclusion: Inclusion;
  readonly kinds?: readonly AgencyKind[] | undefined;
}

/** Published items of one category or channel, added up by name. */
export interface TallyItem {
  readonly name: string;
  readonly count: number;
  /** How many reports named it. */
  readonly reports: number;
}

/**
 * What a division's reports add up to, one tally a year asked for, in that order. Only the cells asked for are
 * read.
 */
export async function tallyDivision(
  db: Db,
  divisionId: number,
  years: readonly number[],
  cells: readonly Cell[],
  { inclusion, kinds }: SumOf,
): Promise<Tally[]> {
  const sums = rollupCounts.map((name) => `sum(${name}) as ${name}`);
  const asked = cells.map(columnOf).map((column) => `sum(${column}) as ${column}`);
  const where = `division_id = ? and inclusion = ? and year in (select value from json_each(?))
    ${kinds ? 'and kind in (select value from json_each(?))' : ''}`;
  const bound = [divisionId, inclusion, JSON.stringify(years), ...(kinds ? [JSON.stringify(kinds)] : [])];
  const rows = await runSql<WideRow>(
    db,
    `select year, form, ${[...sums, ...asked].join(', ')} from rollup where ${where} and reports > 0 group by year, form`,
    bound,
  );
  const blanks =
    cells.length > 0 && rows.some((row) => row.blanks > 0)
      ? await runSql<BlankRow>(
          db,
          `select year, form, cell, sum(reports) as reports from rollup_blank
           where ${where} and cell in (select value from json_each(?)) group by year, form, cell having sum(reports) > 0`,
          [...bound, JSON.stringify(cells.map((cell) => cell.key))],
        )
      : [];
  return years.map((year) => addUp(year, cells, rows, blanks));
}

/** Of those expected to file, how many did, how many of these by the day due, and how many were accepted. */
export interface FiledCounts {
  readonly reported: number;
  readonly onTime: number;
  readonly accepted: number;
}

export const nobodyFiled: FiledCounts = { reported: 0, onTime: 0, accepted: 0 };

/** Who of a division's agencies has filed, by year; years in which nobody has are left out. */
export async function filedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
  kinds?: readonly AgencyKind[],
): Promise<Map<number, FiledCounts>> {
  const rows = await runSql<FiledCounts & { readonly year: number }>(
    db,
    `select year, sum(iif(inclusion = 'ALL', expected_reports, 0)) as reported,
       sum(iif(inclusion = 'ALL', on_time, 0)) as onTime,
       sum(iif(inclusion = 'ACCEPTED', expected_reports, 0)) as accepted
     from rollup where division_id = ? and year in (select value from json_each(?))
       ${kinds ? 'and kind in (select value from json_each(?))' : ''} group by year`,
    [divisionId, JSON.stringify(years), ...(kinds ? [JSON.stringify(kinds)] : [])],
  );
  return new Map(rows.map(({ year, ...counts }) => [year, counts]));
}

/** The same of some agencies each, by agency and year as `<agency id> <year>`. */
export async function filedByAgency(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<Map<string, FiledCounts>> {
  const rows = await runSql<FiledCounts & { readonly place: string }>(
    db,
    `select agency_id || ' ' || year as place, expected as reported, on_time and expected as onTime,
       expected and accepted_revision is not null as accepted
     from report where agency_id in (select value from json_each(?)) and year in (select value from json_each(?))`,
    [JSON.stringify(agencyIds), JSON.stringify(years)],
  );
  return new Map(rows.map(({ place, ...counts }) => [place, counts]));
}

/**
 * What each of several agencies' reports say, as they stand or as they were accepted, in the shape of a tally; an
 * agency without a report has none.
 */
export async function tallyAgencies(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<Map<number, Tally[]>> {
  const asked = cells.map(columnOf).map((column) => `, r.${column}`);
  const rows = await runSql<WideRow & { agencyId: number }>(
    db,
    `select r.agency_id as agencyId, r.year, r.form, 1 as reports, r.expected as expected_reports,
       r.on_time and r.expected as on_time, r.sample as samples, r.published_total,
       r.published_total is not null as published_stated, 0 as blanks${asked.join('')}
     from report r where r.agency_id in (select value from json_each(?)) and r.year in (select value from json_each(?))
       ${inclusion === 'ALL' ? '' : 'and r.accepted_revision = r.revision'}`,
    [JSON.stringify(agencyIds), JSON.stringify(years)],
  );
  const byAgency = new Map<number, (WideRow & { agencyId: number })[]>(agencyIds.map((id) => [id, []]));
  for (const row of rows) byAgency.get(row.agencyId)?.push(row);
  if (inclusion === 'ACCEPTED') {
    for (const report of await acceptedBefore(db, agencyIds, [Math.min(...years), Math.max(...years)])) {
      byAgency.get(report.agencyId)?.push(wideRowOf(report, cells));
    }
  }
  return new Map(
    agencyIds.map((id) => {
      const own = byAgency.get(id) ?? [];
      return [id, years.map((year) => addUp(year, cells, own, blanksIn(own, cells)))];
    }),
  );
}

function wideRowOf(report: AcceptedBefore, cells: readonly Cell[]): WideRow & { agencyId: number } {
  const { agencyId, year, expected, onTime, sample, content } = report;
  const total = content.publishedItems?.total ?? null;
  return {
    agencyId,
    year,
    form: content.form,
    reports: 1,
    expected_reports: expected,
    on_time: onTime && expected,
    samples: sample,
    published_total: total ?? 0,
    published_stated: total === null ? 0 : 1,
    blanks: 0,
    ...Object.fromEntries(cells.map((cell) => [columnOf(cell), content.figures[cell.at] ?? null])),
  };
}

type WideRow = Readonly<Record<(typeof rollupCounts)[number], number>> &
  Readonly<Record<string, unknown>> & { readonly year: number; readonly form: string };

interface BlankRow {
  readonly year: number;
  readonly form: string;
  readonly cell: string;
  readonly reports: number;
}

function blanksIn(rows: readonly WideRow[], cells: readonly Cell[]): BlankRow[] {
  return rows.flatMap((row) => {
    const form = findForm(row.form);
    return cells
      .filter((cell) => form?.has(cell) && row[columnOf(cell)] === null)
      .map((cell) => ({ year: row.year, form: row.form, cell: cell.key, reports: 1 }));
  });
}

function addUp(year: number, cells: readonly Cell[], all: readonly WideRow[], allBlanks: readonly BlankRow[]): Tally {
  const rows = all.filter((row) => row.year === year);
  const blanks = allBlanks.filter((row) => row.year === year);
  const count = (name: (typeof rollupCounts)[number]) => rows.reduce((sum, row) => sum + (row[name] ?? 0), 0);
  const figures = makeBlankFigures();
  const reported: Record<string, number> = {};
  const blank: Record<string, number> = {};
  const blankByCell = new Map<string, number>();
  for (const row of blanks) blankByCell.set(row.cell, (blankByCell.get(row.cell) ?? 0) + row.reports);
  for (const cell of cells) {
    let sum = 0;
    let having = 0;
    const column = columnOf(cell);
    for (const row of rows) {
      if (!findForm(row.form)?.has(cell)) continue;
      sum += (row[column] as number | null) ?? 0;
      having += row.reports;
    }
    const left = blankByCell.get(cell.key) ?? 0;
    blank[cell.key] = left;
    reported[cell.key] = having - left;
    figures[cell.at] = having - left > 0 ? sum : null;
  }
  const stated = count('published_stated');
  return {
    year,
    reports: count('reports'),
    expectedReports: count('expected_reports'),
    onTime: count('on_time'),
    samples: count('samples'),
    forms: Object.fromEntries(rows.map((row) => [row.form, row.reports])),
    figures,
    reported,
    blank,
    publishedTotal: stated > 0 ? count('published_total') : null,
    publishedStated: stated,
  };
}

/** Published items of a division's reports for a year by name, the largest first. */
export async function tallyItems(
  db: Db,
  divisionId: number,
  year: number,
  list: 'categories' | 'channels',
  first: number,
  { inclusion, kinds }: SumOf,
): Promise<TallyItem[]> {
  return runSql<TallyItem>(
    db,
    `select name, sum(count) as count, sum(reports) as reports from rollup_item
     where division_id = ? and inclusion = ? and year = ? and list = ? ${kinds ? 'and kind in (select value from json_each(?))' : ''}
     group by name having sum(reports) > 0 order by sum(count) desc, name limit ?`,
    [divisionId, inclusion, year, list, ...(kinds ? [JSON.stringify(kinds)] : []), first],
  );
}
