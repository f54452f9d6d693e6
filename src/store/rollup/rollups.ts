/**
 * Rollups: for every division, year, kind of agency and form, the sums of the reports and how many left each
 * cell blank, once of all that was filed and once of what was accepted. They are kept in the transaction of the
 * report they add up, by plain addition: a correction is minus the old row, plus the new one.
 */

import { rateLines, rateSumOf } from '../../form/derived.js';
import { addExact, type Exact } from '../../form/exact.js';
import { allCells, type Cell, type Figures, type Form, type FormId, formOf } from '../../form/forms.js';
import type { ReportContent } from '../../form/report.js';
import { type AgencyKind, agencyKinds, type Inclusion, inclusions } from '../../words.js';
import { cellColumns, columnOf, rateColumns } from '../columns.js';
import { integer, integers, oneOf, series, text } from '../engine/column.js';
import { defer } from '../engine/commit.js';
import { itemsOf } from '../engine/dialect.js';
import { write } from '../engine/run.js';
import type { Trx } from '../engine/schema.js';
import { sqlStatement, sqlStatementBy } from '../engine/statement.js';
import { lineageOf } from '../register/lineage.js';
import type { ReportRow } from '../reports.js';
import { addItems, countItems, itemSums, type NamedItem } from './named-items.js';

const rollupKey = 'division_id, inclusion, year, kind, form';
/** What a rollup counts beside its cells. */
const rollupCounts = [
  'reports',
  'expected_reports',
  'on_time',
  'samples',
  'published_total',
  'published_stated',
  'blanks',
  ...rateColumns,
];
/** Every column of a rollup that is a sum. */
export const rollupSums = [...rollupCounts, ...cellColumns];

/** What of a report's row decides which rollups it is in, and what it adds to their counts. */
export type TalliedReport = Pick<ReportRow, 'countyId' | 'year' | 'kind' | 'expected' | 'onTime' | 'sample'>;

/** The divisions whose sums are shifted together, and which of their sums. */
const shifted = { divisions: integers, inclusion: oneOf(inclusions), year: integer, kind: oneOf(agencyKinds) };

/** One cell, and one item, at a time: rows that are bound as JSON cost twice as much to take apart as to add. */
const shiftedBlank = sqlStatement({
  takes: { ...shifted, form: text, cell: text, sums: series(1) },
  text: `insert into rollup_blank (${rollupKey}, cell, reports)
    select d.value, :inclusion, :year, :kind, :form, :cell, :sums from ${itemsOf(':divisions', 'd')} where true
    on conflict (${rollupKey}, cell) do update set reports = rollup_blank.reports + excluded.reports`,
});

const itemKey = 'division_id, inclusion, year, kind, list, name';
const shiftedItem = sqlStatement({
  takes: { ...shifted, list: text, name: text, sums: series(itemSums.length) },
  text: `insert into rollup_item (${itemKey}, ${itemSums.join(', ')})
    select d.value, :inclusion, :year, :kind, :list, :name, :sums from ${itemsOf(':divisions', 'd')} where true
    on conflict (${itemKey}) do update
      set ${itemSums.map((name) => `${name} = rollup_item.${name} + excluded.${name}`).join(', ')}`,
});

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
  readonly figures: Figures;
  /** Addresses of the cells left blank. */
  readonly blanks: readonly string[];
  readonly items: readonly NamedItem[];
}

/**
 * Adds what a report says to the rollups of its county and of all above it, or takes it away again: `report` as it
 * is (when added) or was (when removed), `content` what it says, or what of it was accepted. A county's own
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
  const { form, figures } = content;
  const divisions = known ?? (await lineageOf(trx, report.countyId, year));
  const blanks: string[] = [];
  for (const { key, at } of formOf(form).cells) if (figures[at] === null) blanks.push(key);
  const counts = countsOf(report, content, blanks.length);
  const items = countItems(content);
  defer(trx, { divisions, inclusion, year, kind, form, sign, counts, figures, blanks, items }, writeShifts);
}

/** One report's part in each of `rollupCounts`. */
function countsOf(
  { expected, onTime, sample }: TalliedReport,
  { figures, publishedItems }: ReportContent,
  blanks: number,
): number[] {
  const total = publishedItems?.total ?? null;
  const counts = [1, expected, onTime && expected, sample, total ?? 0, total === null ? 0 : 1, blanks];
  for (const rate of rateLines) {
    const { reports, over, of } = rateSumOf(figures, rate);
    counts.push(reports, over, of);
  }
  return counts;
}

async function writeShifts(trx: Trx, shifts: readonly Shift[]): Promise<void> {
  for (const { divisions, together } of sharedSums(shifts)) {
    const [first] = together;
    if (!first) continue;
    const { inclusion, year, kind, form } = first;
    await writeSums(trx, divisions, first, together);
    for (const [cell, reports] of addBlanks(together)) {
      await write(trx, shiftedBlank, { divisions, inclusion, year, kind, form, cell, sums: [reports] });
    }
    for (const { list, name, sums } of addItems(together)) {
      await write(trx, shiftedItem, { divisions, inclusion, year, kind, list, name, sums });
    }
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
  divisions: readonly number[],
  { inclusion, year, kind, form }: Pick<Shift, 'inclusion' | 'year' | 'kind' | 'form'>,
  shifts: readonly Shift[],
): Promise<void> {
  const cells = touchedCells(formOf(form), shifts);
  const changes: Exact[] = rollupCounts.map((_, index) =>
    shifts.reduce((sum, { sign, counts }) => sum + sign * (counts[index] ?? 0), 0),
  );
  for (const { at } of cells) {
    let sum: Exact = 0;
    for (const { sign, figures } of shifts) sum = addExact(sum, sign * (figures[at] ?? 0));
    changes.push(sum);
  }
  if (changes.every((change) => change === 0)) return;
  await write(trx, shiftedSums(cells), { divisions, inclusion, year, kind, form, changes });
}

/** Adds to the counts and to some cells of the sums of a form. */
const shiftedSums = sqlStatementBy((cells: readonly Cell[]) => {
  const changed = [...rollupCounts, ...cells.map(columnOf)];
  const others = cellColumns.filter((column) => !changed.includes(column));
  // A division's first report opens its row: all that is not bound is zero there, and stays as it is elsewhere.
  return {
    takes: { ...shifted, form: text, changes: series(changed.length) },
    text: `insert into rollup (${[rollupKey, ...changed, ...others].join(', ')})
      select ${['d.value', ':inclusion', ':year', ':kind', ':form', ':changes', ...others.map(() => '0')].join(', ')}
      from ${itemsOf(':divisions', 'd')} where true
      on conflict (${rollupKey}) do update
        set ${changed.map((column) => `${column} = rollup.${column} + excluded.${column}`).join(', ')}`,
  };
}, allCells);

/** Lists of cells by form and tables: a statement is kept with its list. */
const cellsByTables = new Map<string, readonly Cell[]>();

/** The cells of the tables that have a figure other than zero: most townships receive no application at all. */
function touchedCells(form: Form, shifts: readonly Shift[]): readonly Cell[] {
  const touched = new Set<string>();
  for (const { figures } of shifts) {
    for (const { table, at } of form.cells) if (figures[at]) touched.add(table);
  }
  const name = `${form.id} ${[...touched].sort().join()}`;
  const known = cellsByTables.get(name);
  if (known) return known;
  const cells = form.cells.filter(({ table }) => touched.has(table));
  cellsByTables.set(name, cells);
  return cells;
}

/** By cell, how many more reports left it blank; cells of which it is none are left out. */
function addBlanks(shifts: readonly Shift[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { blanks, sign } of shifts) {
    for (const cell of blanks) sums.set(cell, (sums.get(cell) ?? 0) + sign);
  }
  for (const [cell, sum] of sums) if (sum === 0) sums.delete(cell);
  return sums;
}
