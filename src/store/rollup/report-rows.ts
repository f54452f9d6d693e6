/**
 * The reports of many agencies for some years, a short row each: all of it by one statement, so that it is of one moment. A
 * row stays as it came until somebody asks what a measure is in it.
 */
import { allCells, type Cell } from '../../form/forms.js';
import type { Inclusion } from '../../words.js';
import { columnOf } from '../columns.js';
import { flag, integer, integers, optional, text } from '../engine/column.js';
import { itemsOf, joinedFromList, packedRows, packedWide, unpackWide } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import { contentsOf } from '../revisions.js';

/**
 * The agency, the form, marks (see `marks`), the total of published items, the number of an accepted revision that is not
 * the current one, then the figures of the cells that it was read for.
 */
export type ReportRow = readonly [
  agencyId: number,
  form: string,
  marks: number,
  publishedTotal: number | null,
  otherAccepted: number | null,
  ...figures: (number | null)[],
];

const heads = 5;

/**
 * What is true of a report, each a bit; whether it was accepted only where what was accepted is asked for. Above them stands
 * its year: a column of its own would make the rows of all townships longer by a tenth.
 */
const marks = { expected: 1, sample: 2, accepted: 4, acceptedSample: 8, year: 16 } as const;

const ownMarks = `year * ${marks.year} + expected * ${marks.expected} + sample * ${marks.sample}`;
const acceptedMarks = `case when accepted_revision is null then 0 else ${marks.accepted} end
  + coalesce(accepted_sample, 0) * ${marks.acceptedSample}`;
const otherAccepted = 'case when accepted_revision <> revision then accepted_revision end';

const reportRows = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: optional(integers), from: integer, to: integer, accepted: optional(flag) },
    gives: { rows: text },
    text: (has: { readonly agencyIds: boolean; readonly accepted: boolean }) => {
      const marked = has.accepted ? [`${ownMarks} + ${acceptedMarks}`] : [ownMarks];
      const other = has.accepted ? otherAccepted : 'null';
      const row = packedWide(['agency_id', 'form', ...marked, 'published_total', other, ...cells.map(columnOf)]);
      return has.agencyIds
        ? `select ${packedRows(row)} as rows from ${itemsOf(':agencyIds', 'a')} ${joinedFromList} report
            where agency_id = a.value and year between :from and :to`
        : `select ${packedRows(row)} as rows from report where year between :from and :to`;
    },
  }),
  allCells,
);

/**
 * The reports of some agencies, each at the place of its agency: the row of the current revision, which says how it counts,
 * and that of what is shown, null where nothing of it is. Undefined where there is no report.
 */
export interface ShownReports {
  readonly current: readonly (ReportRow | undefined)[];
  readonly shown: readonly (ReportRow | null | undefined)[];
}

/** Whose reports are read, each year the place of each agency; and whether they are so few that they are looked up. */
export interface ReportsAsked {
  readonly years: ReadonlyMap<number, ReadonlyMap<number, number>>;
  readonly from: 'these agencies' | 'all reports';
}

/** The reports of some agencies by year: of each what is shown of all that was filed or of what was accepted. */
export async function readReportRows(
  db: Db,
  { years, from }: ReportsAsked,
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, ShownReports>> {
  const accepted = inclusion === 'ACCEPTED' ? 1 : undefined;
  const agencyIds =
    from === 'all reports' ? undefined : [...new Set([...years.values()].flatMap((places) => [...places.keys()]))];
  const span = { from: Math.min(...years.keys()), to: Math.max(...years.keys()) };
  const read = await findRow(db, reportRows(cells), { ...span, agencyIds, accepted });
  const current = new Map(
    [...years].map(([year, { size }]) => [year, Array.from<ReportRow | undefined>({ length: size })]),
  );
  for (const row of unpackWide<ReportRow>(read?.rows, heads + cells.length)) {
    const year = yearOf(row);
    const place = years.get(year)?.get(row[0]);
    const own = current.get(year);
    if (own && place !== undefined) own[place] = row;
  }
  if (!accepted) return new Map([...current].map(([year, own]) => [year, { current: own, shown: own }]));
  const shown = await acceptedRows(db, [...current.values()].flat(), cells);
  return new Map([...current].map(([year, own]) => [year, { current: own, shown: own.map(shown) }]));
}

function yearOf(row: ReportRow): number {
  return Math.floor(row[2] / marks.year);
}

/** Tells what was accepted of each of some reports; null where nothing was. */
async function acceptedRows(
  db: Db,
  rows: readonly (ReportRow | undefined)[],
  cells: readonly Cell[],
): Promise<(row: ReportRow | undefined) => ReportRow | null | undefined> {
  const others = rows.flatMap((row) => (row && row[4] !== null ? [[row[0], yearOf(row), row[4]] as const] : []));
  // A revision never changes: what it says may be read later.
  const contents = others.length > 0 ? await contentsOf(db, others) : new Map();
  return (row) => {
    if (!row || row[4] === null) return row && (row[2] & marks.accepted ? row : null);
    const [id, , mark, , number] = row;
    const content = contents.get(`${id} ${yearOf(row)} ${number}`);
    const own = { expected: mark & marks.expected ? 1 : 0, sample: mark & marks.acceptedSample ? 1 : 0 } as const;
    return content ? rowOfReport(id, { ...own, content }, cells) : null;
  };
}

/** What a report says in one revision, and how it counts. */
interface CountedReport {
  readonly expected: 0 | 1;
  readonly sample: 0 | 1;
  readonly content: {
    readonly form: string;
    readonly figures: readonly (number | null)[];
    readonly publishedItems: { readonly total: number | null } | null;
  };
}

/** The rows of a report, current and shown, made of what is known of its revisions. */
export function rowsOfKnown(
  agencyId: number,
  { current, accepted }: { readonly current: KnownOf; readonly accepted: KnownOf | undefined },
  cells: readonly Cell[],
  inclusion: Inclusion,
): { readonly current: ReportRow; readonly shown: ReportRow | null } {
  const [id, form, mark, ...rest] = rowOfReport(agencyId, { ...current.report, content: current.content }, cells);
  const row: ReportRow = [id, form, mark + (accepted ? marks.accepted : 0), ...rest];
  if (inclusion === 'ALL') return { current: row, shown: row };
  const own = accepted && rowOfReport(agencyId, { ...accepted.report, content: accepted.content }, cells);
  return { current: row, shown: own ?? null };
}

/** What one revision says, and how it counts. */
interface KnownOf {
  readonly report: Omit<CountedReport, 'content'>;
  readonly content: CountedReport['content'];
}

/** The row of a report as its columns would give it, made of a content that is in no columns. */
function rowOfReport(agencyId: number, report: CountedReport, cells: readonly Cell[]): ReportRow {
  const { expected, sample, content } = report;
  const mark = expected * marks.expected + sample * marks.sample;
  const figures = cells.map(({ at }) => content.figures[at] ?? null);
  return [agencyId, content.form, mark, content.publishedItems?.total ?? null, null, ...figures];
}

/** Where the figure of a cell stands in the rows that were read for some cells. */
export function placeOfFigure(cells: readonly Cell[], cell: Cell): number {
  return heads + cells.indexOf(cell);
}

/** The figure at a place of a row; null where it is blank, and where the form lacks the cell. */
export function figureAt(row: ReportRow, place: number): number | null {
  // What follows the heads of a row are its figures.
  return (row[place] as number | null | undefined) ?? null;
}

/** Whether a report is a made-up sample. */
export function isSample(row: ReportRow): boolean {
  return (row[2] & marks.sample) > 0;
}

/** Whether a report counts among those of agencies expected to file, and among those of them that were accepted, as 1 and 0. */
export function countsOfReport(current: ReportRow): { readonly reported: 0 | 1; readonly accepted: 0 | 1 } {
  const reported = current[2] & marks.expected ? 1 : 0;
  return { reported, accepted: reported && current[2] & marks.accepted ? 1 : 0 };
}
