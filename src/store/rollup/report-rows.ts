/**
 * The reports of many agencies for a year, a short row each: all of it by one statement, so that it is of one moment. A row
 * stays as it came until somebody asks for its sums.
 */

import type { Exact } from '../../form/exact.js';
import { allCells, type Cell } from '../../form/forms.js';
import type { Inclusion } from '../../words.js';
import { columnOf, inGroups } from '../columns.js';
import { integer, integers, optional, text } from '../engine/column.js';
import { itemsOf, joinedFromList, packed, packedRows, unpackRows } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import { contentsOf } from '../revisions.js';
import { countsShown, type FiledCounts } from './filed.js';
import { countReport } from './read-sums.js';
import { figureIn, packedGroups, type SumRow, sumsOfReport } from './sum-rows.js';
import { type CountedSums, sumsOfNone } from './sums.js';

/**
 * The agency, the form, marks (see `marks`), the total of published items, the number of an accepted revision that is not
 * the current one, then groups of figures.
 */
export type ReportRow = readonly [
  agencyId: number,
  form: string,
  marks: number,
  publishedTotal: number | null,
  otherAccepted: number | null,
  ...groups: (readonly (number | null)[])[],
];

/** What is true of a report, each a bit. */
const marks = { expected: 1, onTime: 2, sample: 4, accepted: 8, acceptedOnTime: 16, acceptedSample: 32 } as const;

const marksColumn = [
  `expected * ${marks.expected}`,
  `on_time * ${marks.onTime}`,
  `sample * ${marks.sample}`,
  `case when accepted_revision is null then 0 else ${marks.accepted} end`,
  `coalesce(accepted_on_time, 0) * ${marks.acceptedOnTime}`,
  `coalesce(accepted_sample, 0) * ${marks.acceptedSample}`,
].join(' + ');

const otherAccepted = 'case when accepted_revision <> revision then accepted_revision end';

const reportRows = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: optional(integers), year: integer },
    gives: { rows: text },
    text: (has: { readonly agencyIds: boolean }) => {
      const row = packed([
        'agency_id',
        'form',
        marksColumn,
        'published_total',
        otherAccepted,
        ...packedGroups(cells, columnOf),
      ]);
      return has.agencyIds
        ? `select ${packedRows(row)} as rows from ${itemsOf(':agencyIds', 'a')} ${joinedFromList} report
            where agency_id = a.value and year = :year`
        : `select ${packedRows(row)} as rows from report where year = :year`;
    },
  }),
  allCells,
);

/** A report as it is shown: the row of its current revision, which says how it counts, and that of what is shown. */
export interface ShownReport {
  readonly current: ReportRow;
  /** Null where nothing of it is shown. */
  readonly shown: ReportRow | null;
}

/**
 * The reports for a year of some agencies, or of all where none are named, by agency: of each what is shown of all that was
 * filed or of what was accepted.
 */
export async function readReportRows(
  db: Db,
  agencyIds: readonly number[] | undefined,
  year: number,
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, ShownReport>> {
  const found = await findRow(db, reportRows(cells), { agencyIds, year });
  const rows = unpackRows<ReportRow>(found?.rows);
  const reports = new Map<number, ShownReport>();
  if (inclusion === 'ALL') {
    for (const row of rows) reports.set(row[0], { current: row, shown: row });
    return reports;
  }
  const others: (readonly [agencyId: number, year: number, number: number])[] = [];
  for (const row of rows) {
    const [id, , mark, , other] = row;
    if (other !== null) others.push([id, year, other]);
    reports.set(id, { current: row, shown: mark & marks.accepted && other === null ? row : null });
  }
  // A revision never changes: what it says may be read later.
  const contents = others.length > 0 ? await contentsOf(db, others) : new Map();
  for (const [id, , number] of others) {
    const current = reports.get(id)?.current;
    const content = contents.get(`${id} ${year} ${number}`);
    if (!current || !content) continue;
    const mark = current[2];
    const own = {
      expected: mark & marks.expected ? 1 : 0,
      onTime: mark & marks.acceptedOnTime ? 1 : 0,
      sample: mark & marks.acceptedSample ? 1 : 0,
    } as const;
    reports.set(id, { current, shown: rowOfReport(id, { ...own, content }, cells) });
  }
  return reports;
}

/** What a report says in one revision, and how it counts. */
interface CountedReport {
  readonly expected: 0 | 1;
  readonly onTime: 0 | 1;
  readonly sample: 0 | 1;
  readonly content: {
    readonly form: string;
    readonly figures: readonly (number | null)[];
    readonly publishedItems: { readonly total: number | null } | null;
  };
}

/** A report as it is shown, made of what is known of its revisions. */
export function shownReport(
  agencyId: number,
  { current, accepted }: { readonly current: KnownOf; readonly accepted: KnownOf | undefined },
  cells: readonly Cell[],
  inclusion: Inclusion,
): ShownReport {
  const row = rowOfReport(agencyId, { ...current.report, content: current.content }, cells);
  const own = accepted && rowOfReport(agencyId, { ...accepted.report, content: accepted.content }, cells);
  const acceptedMarks = own
    ? marks.accepted +
      (own[2] & marks.onTime ? marks.acceptedOnTime : 0) +
      (own[2] & marks.sample ? marks.acceptedSample : 0)
    : 0;
  const [id, form, mark, total, other, ...groups] = row;
  const marked: ReportRow = [id, form, mark + acceptedMarks, total, other, ...groups];
  return { current: marked, shown: inclusion === 'ALL' ? marked : (own ?? null) };
}

/** What one revision says, and how it counts. */
interface KnownOf {
  readonly report: Omit<CountedReport, 'content'>;
  readonly content: CountedReport['content'];
}

/** The row of a report as its columns would give it, made of a content that is in no columns. */
function rowOfReport(agencyId: number, report: CountedReport, cells: readonly Cell[]): ReportRow {
  const { expected, onTime, sample, content } = report;
  const mark = expected * marks.expected + onTime * marks.onTime + sample * marks.sample;
  const figures = cells.map(({ at }) => content.figures[at] ?? null);
  return [agencyId, content.form, mark, content.publishedItems?.total ?? null, null, ...inGroups(figures)];
}

const heads = 5;

/** The figure of a row at a place in the list of cells that it was read for. */
export function reportFigure(row: ReportRow, place: number): Exact | null {
  return figureIn(row, heads, place);
}

/** Whether a report is a made-up sample. */
export function isSample(row: ReportRow): boolean {
  return (row[2] & marks.sample) > 0;
}

/** How a report counts among those that were filed. */
export function filedOf({ current }: ShownReport, inclusion: Inclusion): FiledCounts {
  const mark = current[2];
  const isOf = (name: keyof typeof marks): 0 | 1 => (mark & marks.expected && mark & marks[name] ? 1 : 0);
  const counts = { reported: isOf('expected'), onTime: isOf('onTime') };
  return countsShown({ ...counts, accepted: isOf('accepted'), acceptedOnTime: isOf('acceptedOnTime') }, inclusion);
}

/** The sums of one report, with the counts of each cell, as they are read of it alone; of none where nothing is shown. */
export function sumsOfReportRow(row: ReportRow | null, year: number, cells: readonly Cell[]): CountedSums {
  if (!row) return sumsOfNone(year);
  const [, form, mark, total, , ...groups] = row;
  const expected = mark & marks.expected ? 1 : 0;
  const onTime = expected && mark & marks.onTime ? 1 : 0;
  const sample = mark & marks.sample ? 1 : 0;
  const stated = total === null ? 0 : 1;
  const wide: SumRow = [year, form, 1, expected, onTime, sample, total, stated, 0, [], ...groups];
  return countReport(sumsOfReport(wide, cells), cells);
}
