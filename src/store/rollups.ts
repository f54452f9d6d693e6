/**
 * Rollups: for every division, year, kind of agency and form, the sums of the reports and how many left each
 * cell blank, once of all that was filed and once of what was accepted. They are kept in the transaction of the
 * report they add up, by plain addition: a correction is minus the old row, plus the new one.
 */
import { type Cell, type Form, type FormId, findForm, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { cellColumns, columnOf, type Place, placesOf, toColumns } from './columns.js';
import { lineageOf } from './divisions.js';
import { putOff, runSql } from './open.js';
import { type AcceptedBefore, acceptedBefore, type ReportRow } from './reports.js';
import type { AgencyKind, Db, Inclusion, Trx } from './schema.js';

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
  /** Sums by cell address, of the cells asked for: null when nobody reported one. Amounts in 分. */
  readonly figures: Readonly<Record<string, number | null>>;
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

const columns = cellColumns.map(({ column }) => column);
const rollupKey = 'division_id, inclusion, year, kind, form';
/** What a rollup counts beside its cells. */
export const rollupCounts = [
  'reports',
  'expected_reports',
  'on_time',
  'samples',
  'published_total',
  'published_stated',
  'blanks',
] as const;
/** Every column of a rollup that is a sum. */
export const rollupSums = [...rollupCounts, ...columns];

/** The two lists of published items. */
export const itemLists = ['categories', 'channels'] as const;

/** What of a report's row decides which rollups it is in, and what it adds to their counts. */
export type TalliedReport = Pick<ReportRow, 'countyId' | 'year' | 'kind' | 'expected' | 'onTime' | 'sample'>;

const shiftBlanksSql = `insert into rollup_blank (${rollupKey}, cell, reports)
  select d.value, ?, ?, ?, ?, b.value ->> 0, b.value ->> 1 from json_each(?) d cross join json_each(?) b where true
  on conflict (${rollupKey}, cell) do update set reports = reports + excluded.reports`;

const itemKey = 'division_id, inclusion, year, kind, list, name';
const shiftItemsSql = `insert into rollup_item (${itemKey}, count, reports)
  select d.value, ?, ?, ?, i.value ->> 0, i.value ->> 1, i.value ->> 2, i.value ->> 3
  from json_each(?) d cross join json_each(?) i where true
  on conflict (${itemKey}) do update
    set count = count + excluded.count, reports = reports + excluded.reports`;

/** One report's part in the rollups of its county and of all above it, added or (`sign` -1) taken away. */
interface Shift {
  readonly divisions: readonly number[];
  readonly inclusion: Inclusion;
  readonly year: number;
  readonly kind: AgencyKind;
  readonly form: FormId;
  readonly sign: 1 | -1;
  /** In the order of `rollupCounts`. */
  readonly counts: readonly number[];
  /** The figures as `toColumns` makes them. */
  readonly row: readonly (number | null)[];
  /** Addresses of the cells left blank. */
  readonly blanks: readonly string[];
  readonly items: readonly { readonly list: string; readonly name: string; readonly count: number }[];
}

/**
 * Adds what a report says to the rollups of its county and of all above it, or takes it away again: `report` as it
 * stands (when added) or stood (when removed), `content` what it says, or what of it was accepted. A county's own
 * report is in no rollup. `known` is its lineage, where the caller has read it. The sums are written before the
 * commit, once for all that share it.
 */
export async function shiftRollups(
  trx: Trx,
  report: TalliedReport,
  direction: 'added' | 'removed',
  inclusion: Inclusion,
  content: ReportContent,
  known?: readonly number[],
): Promise<void> {
  if (report.kind === 'COUNTY') return;
  const sign = direction === 'added' ? 1 : -1;
  const { year, kind } = report;
  const { form } = content;
  const divisions = known ?? (await lineageOf(trx, report.countyId, year));
  const row = toColumns(content);
  const blanks = placesOf(formOf(form))
    .filter(({ at }) => row[at] === null)
    .map(({ cell }) => cell.key);
  const counts = countsOf(report, content.publishedItems?.total ?? null, blanks.length);
  const items = itemsOf(content);
  putOff(trx, { divisions, inclusion, year, kind, form, sign, counts, row, blanks, items }, writeShifts);
}

/** One report's part in each of `rollupCounts`. */
function countsOf({ expected, onTime, sample }: TalliedReport, total: number | null, blanks: number): number[] {
  return [1, expected, onTime && expected, sample, total ?? 0, total === null ? 0 : 1, blanks];
}

async function writeShifts(trx: Trx, shifts: readonly Shift[]): Promise<void> {
  for (const { divisions, together } of sharedSums(shifts)) {
    const [first] = together;
    if (!first) continue;
    const { inclusion, year, kind, form } = first;
    const ids = JSON.stringify(divisions);
    await writeSums(trx, ids, first, together);
    const blanks = addedUp(together, (shift) => shift.blanks.map((cell) => ({ key: [cell], sums: [1] })));
    if (blanks.length > 0)
      await runSql(trx, shiftBlanksSql, [inclusion, year, kind, form, ids, JSON.stringify(blanks)]);
    const items = addedUp(together, (shift) =>
      shift.items.map(({ list, name, count }) => ({ key: [list, name], sums: [count, 1] })),
    );
    if (items.length > 0) await runSql(trx, shiftItemsSql, [inclusion, year, kind, ids, JSON.stringify(items)]);
  }
}

/** Which divisions the same shifts go into, of one inclusion, year, kind and form each: a county's lie in all above it too. */
function sharedSums(shifts: readonly Shift[]) {
  const byRow = new Map<string, { division: number; together: Shift[] }>();
  for (const shift of shifts) {
    for (const division of shift.divisions) {
      const row = `${division} ${shift.inclusion} ${shift.year} ${shift.kind} ${shift.form}`;
      const known = byRow.get(row);
      if (known) known.together.push(shift);
      else byRow.set(row, { division, together: [shift] });
    }
  }
  const places = new Map(shifts.map((shift, place) => [shift, place]));
  const shared = new Map<string, { divisions: number[]; together: readonly Shift[] }>();
  for (const { division, together } of byRow.values()) {
    const set = together.map((shift) => places.get(shift)).join();
    const known = shared.get(set);
    if (known) known.divisions.push(division);
    else shared.set(set, { divisions: [division], together });
  }
  return shared.values();
}

/** Adds shifts of one inclusion, year, kind and form to the sums of some divisions, and opens those that there are not yet. */
async function writeSums(
  trx: Trx,
  ids: string,
  { inclusion, year, kind, form }: Pick<Shift, 'inclusion' | 'year' | 'kind' | 'form'>,
  shifts: readonly Shift[],
): Promise<void> {
  const { cells, sql } = touchedCells(formOf(form), shifts);
  const changes = [
    ...rollupCounts.map((_, index) => shifts.reduce((sum, { sign, counts }) => sum + sign * (counts[index] ?? 0), 0)),
    ...cells.map(({ at }) => shifts.reduce((sum, { sign, row }) => sum + sign * (row[at] ?? 0), 0)),
  ];
  if (changes.every((change) => change === 0)) return;
  await runSql(trx, sql, [inclusion, year, kind, form, ...changes, ids]);
}

/** Some cells of a form, and the statement that adds to them. */
interface CellSums {
  readonly cells: readonly Place[];
  readonly sql: string;
}

const cellSums = new Map<string, CellSums>();

/** The cells of the tables that have a figure other than zero: most townships receive no application at all. */
function touchedCells(form: Form, shifts: readonly Shift[]): CellSums {
  const touched = new Set<string>();
  for (const { cell, at } of placesOf(form)) {
    if (!touched.has(cell.table) && shifts.some(({ row }) => row[at])) touched.add(cell.table);
  }
  const name = `${form.id} ${[...touched].join()}`;
  const known = cellSums.get(name);
  if (known) return known;
  const cells = placesOf(form).filter(({ cell }) => touched.has(cell.table));
  const changed = [...rollupCounts, ...cells.map(({ cell }) => columnOf(cell))];
  const others = columns.filter((column) => !changed.includes(column));
  // A division's first report opens its row: all that is not bound is zero there, and stays as it is elsewhere.
  const sql = `insert into rollup (${[rollupKey, ...changed, ...others].join(', ')})
    select value, ?, ?, ?, ?, ${[...changed.map(() => '?'), ...others.map(() => '0')].join(', ')} from json_each(?) where true
    on conflict (${rollupKey}) do update set ${changed.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`;
  cellSums.set(name, { cells, sql });
  return { cells, sql };
}

/** Rows [...key, ...sums] of what some shifts add, each key once; those that change nothing are left out. */
function addedUp(
  shifts: readonly Shift[],
  partsOf: (shift: Shift) => readonly { readonly key: readonly string[]; readonly sums: readonly number[] }[],
): (readonly (string | number)[])[] {
  const rows = new Map<string, { readonly key: readonly string[]; readonly sums: number[] }>();
  for (const shift of shifts) {
    for (const { key, sums } of partsOf(shift)) {
      const name = key.join('\n');
      const row = rows.get(name) ?? { key, sums: sums.map(() => 0) };
      rows.set(name, row);
      for (const [index, sum] of sums.entries()) row.sums[index] = (row.sums[index] ?? 0) + shift.sign * sum;
    }
  }
  return [...rows.values()].flatMap(({ key, sums }) => (sums.every((sum) => sum === 0) ? [] : [[...key, ...sums]]));
}

/** A report's items by list and name, names that it uses twice added up. */
function itemsOf(content: ReportContent): { list: string; name: string; count: number }[] {
  return itemLists.flatMap((list) => {
    const counts = new Map<string, number>();
    for (const { name, count } of content.publishedItems?.[list] ?? []) {
      counts.set(name, (counts.get(name) ?? 0) + (count ?? 0));
    }
    return [...counts].map(([name, count]) => ({ list, name, count }));
  });
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
    ...Object.fromEntries(cells.map((cell) => [columnOf(cell), content.figures[cell.key] ?? null])),
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
      .filter((cell) => form?.has(cell.key) && row[columnOf(cell)] === null)
      .map((cell) => ({ year: row.year, form: row.form, cell: cell.key, reports: 1 }));
  });
}

function addUp(year: number, cells: readonly Cell[], all: readonly WideRow[], allBlanks: readonly BlankRow[]): Tally {
  const rows = all.filter((row) => row.year === year);
  const blanks = allBlanks.filter((row) => row.year === year);
  const count = (name: (typeof rollupCounts)[number]) => rows.reduce((sum, row) => sum + (row[name] ?? 0), 0);
  const figures: Record<string, number | null> = {};
  const reported: Record<string, number> = {};
  const blank: Record<string, number> = {};
  const blankByCell = new Map<string, number>();
  for (const row of blanks) blankByCell.set(row.cell, (blankByCell.get(row.cell) ?? 0) + row.reports);
  for (const cell of cells) {
    let sum = 0;
    let having = 0;
    const column = columnOf(cell);
    for (const row of rows) {
      if (!findForm(row.form)?.has(cell.key)) continue;
      sum += (row[column] as number | null) ?? 0;
      having += row.reports;
    }
    const left = blankByCell.get(cell.key) ?? 0;
    blank[cell.key] = left;
    reported[cell.key] = having - left;
    figures[cell.key] = having - left > 0 ? sum : null;
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
