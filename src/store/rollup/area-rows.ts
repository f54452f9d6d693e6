/**
 * The sums of many at once, for a year: of divisions as they are kept, or of agencies, whose report is one row. Each kind
 * comes by one statement, so that all of it is of one moment. Rows stay as they come until somebody asks for them.
 */
import { allCells, type Cell, cellOf } from '../../form/forms.js';
import { type Inclusion, inclusions } from '../../words.js';
import { integer, integers, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import { decodeContent } from '../revisions.js';
import { type CountsOfBoth, countsShown, type FiledCounts, nobodyFiled } from './filed.js';
import { countReport } from './read-sums.js';
import { packedReport, packedSums, rowOfContent, type SumRow, sumsOfReport, sumsOfRow } from './sum-rows.js';
import { addUp, type CountedSums, countCells, noCounts, type SumOf, sumsOfNone } from './sums.js';

/** What one division's sums of a year are made of, or one agency's report. */
export interface AreaRows {
  /** By kind and form. */
  readonly rows: readonly SumRow[];
  /** How many reports left a cell blank, by the kinds and forms of those; not told of an agency, whose row says it. */
  readonly blanks: readonly (readonly [cell: string, reports: number])[];
  readonly expected: number;
  readonly filed: FiledCounts;
}

/** Nobody is expected, and nobody has filed. */
export const noRows: AreaRows = { rows: [], blanks: [], expected: 0, filed: nobodyFiled };

const fromList = (table: string) => `from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} ${table}`;
const kept = 'division_id = v.value and inclusion = :inclusion and year = :year';

const divisionRows = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { divisionIds: integers, year: integer, inclusion: oneOf(inclusions), kinds: optional(texts) },
    gives: { sums: text, others: text, blanks: text, expected: text },
    text: (has: { readonly kinds: boolean }) => {
      const ofKinds = has.kinds ? `and ${isIn('kind', ':kinds')}` : '';
      return `select
        (select ${packedRows(packed(['division_id', packedSums(cells)]))} ${fromList('rollup')}
          where ${kept} ${ofKinds} and reports > 0) as sums,
        (select ${packedRows(packed(['division_id', 'expected_reports', 'on_time']))} ${fromList('rollup')}
          where division_id = v.value and inclusion = case when :inclusion = 'ALL' then 'ACCEPTED' else 'ALL' end
            and year = :year ${ofKinds} and reports > 0) as others,
        (select ${packedRows(packed(['division_id', 'cell', 'reports']))} ${fromList('rollup_blank')}
          where ${kept} ${ofKinds} and reports > 0 and cell in (${listOfKeys(cells)})) as blanks,
        (select ${packedRows(packed(['division_id', 'change']))} ${fromList('expectation')}
          where division_id = v.value and year <= :year ${ofKinds}) as expected`;
    },
  }),
  allCells,
);

/** Written out, as the statement is written for these cells. */
function listOfKeys(cells: readonly Cell[]): string {
  return cells.length === 0 ? 'null' : cells.map(({ key }) => `'${key}'`).join(', ');
}

/** What is kept of some divisions for a year, by division. */
export async function rowsOfDivisions(
  db: Db,
  divisionIds: readonly number[],
  year: number,
  cells: readonly Cell[],
  { inclusion, kinds }: SumOf,
): Promise<ReadonlyMap<number, AreaRows>> {
  const row = await findRow(db, divisionRows(cells), { divisionIds, year, inclusion, kinds });
  const found = new Map(divisionIds.map((id) => [id, newDivisionRows()]));
  if (!row) return new Map();
  for (const [id, sums] of parse<readonly [number, SumRow]>(row.sums)) {
    const own = found.get(id);
    own?.rows.push(sums);
    if (own) addFiled(own.counts, inclusion, sums[3], sums[4]);
  }
  const other = inclusion === 'ALL' ? 'ACCEPTED' : 'ALL';
  for (const [id, reports, onTime] of parse<readonly [number, number, number]>(row.others)) {
    const own = found.get(id);
    if (own) addFiled(own.counts, other, reports, onTime);
  }
  for (const [id, cell, reports] of parse<readonly [number, string, number]>(row.blanks)) {
    found.get(id)?.blanks.push([cell, reports]);
  }
  for (const [id, change] of parse<readonly [number, number]>(row.expected)) {
    const own = found.get(id);
    if (own) own.expected += change;
  }
  return new Map(
    [...found].map(([id, { rows, blanks, expected, counts }]) => [
      id,
      { rows, blanks, expected, filed: countsShown(counts, inclusion) },
    ]),
  );
}

function newDivisionRows() {
  return {
    rows: [] as SumRow[],
    blanks: [] as (readonly [string, number])[],
    expected: 0,
    counts: { reported: 0, onTime: 0, accepted: 0, acceptedOnTime: 0 },
  };
}

function addFiled(
  counts: { -readonly [Name in keyof CountsOfBoth]: number },
  inclusion: Inclusion,
  reports: number,
  onTime: number,
): void {
  counts[inclusion === 'ALL' ? 'reported' : 'accepted'] += reports;
  counts[inclusion === 'ALL' ? 'onTime' : 'acceptedOnTime'] += onTime;
}

/** A report, with whether it is expected, in time, accepted, accepted in time, and accepted as it is now: ones and zeros. */
type ReportRow = readonly [
  agencyId: number,
  sums: SumRow,
  expected: number,
  onTime: number,
  accepted: number,
  acceptedOnTime: number,
  isAcceptedNow: number,
];

type AcceptedRow = readonly [agencyId: number, expected: 0 | 1, onTime: 0 | 1, sample: 0 | 1, content: string];

const reportFlags = [
  'expected',
  'on_time * expected',
  'case when accepted_revision is null then 0 else expected end',
  'coalesce(accepted_on_time, 0) * expected',
  'case when accepted_revision = revision then 1 else 0 end',
];

const agencyRows = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: optional(integers), year: integer },
    gives: { reports: text, before: text },
    text: (has: { readonly agencyIds: boolean }) => {
      const from = (table: string) =>
        has.agencyIds ? `from ${itemsOf(':agencyIds', 'a')} ${joinedFromList} ${table}` : `from ${table}`;
      const isAsked = has.agencyIds ? 'and r.agency_id = a.value' : '';
      return `select
        (select ${packedRows(packed(['agency_id', packedReport(cells), ...reportFlags]))} ${from('report r')}
          where r.year = :year ${isAsked}) as reports,
        (select ${packedRows(packed(['r.agency_id', 'r.expected', 'coalesce(r.accepted_on_time, 0)', 'coalesce(r.accepted_sample, 0)', 'v.content']))}
          ${from('report r')} join revision v on v.agency_id = r.agency_id and v.year = r.year
            and v.number = r.accepted_revision
          where r.year = :year and r.accepted_revision <> r.revision ${isAsked}) as before`;
    },
  }),
  allCells,
);

/** Of whom reports are asked: of each whether it is expected to file. */
type Filers = ReadonlyMap<number, boolean>;

/**
 * What the reports of some agencies for a year say, by agency; `everywhere` reads all of the year, which is quicker where
 * almost all are asked for.
 */
export async function rowsOfReports(
  db: Db,
  filers: Filers,
  year: number,
  cells: readonly Cell[],
  inclusion: Inclusion,
  extent: 'these' | 'everywhere',
): Promise<ReadonlyMap<number, AreaRows>> {
  const agencyIds = extent === 'these' ? [...filers.keys()] : undefined;
  const row = await findRow(db, agencyRows(cells), { agencyIds, year });
  const found = new Map<number, AreaRows>();
  for (const [id, sums, reported, onTime, accepted, acceptedOnTime, isNow] of parse<ReportRow>(row?.reports)) {
    const isExpected = filers.get(id);
    if (isExpected === undefined) continue;
    const rows = inclusion === 'ALL' || isNow === 1 ? [sums] : [];
    const filed = countsShown({ reported, onTime, accepted, acceptedOnTime }, inclusion);
    found.set(id, { rows, blanks: [], expected: Number(isExpected), filed });
  }
  if (inclusion === 'ACCEPTED') {
    for (const [id, expected, onTime, sample, text] of parse<AcceptedRow>(row?.before)) {
      const own = found.get(id);
      if (!own) continue;
      const report = { year, expected, onTime, sample, content: decodeContent(text) };
      found.set(id, { ...own, rows: [rowOfContent(report, cells)] });
    }
  }
  for (const [id, isExpected] of filers) {
    if (!found.has(id)) found.set(id, isExpected ? expectedAlone : noRows);
  }
  return found;
}

const expectedAlone: AreaRows = { ...noRows, expected: 1 };

/** The sums that some rows amount to, with the counts of each cell, as they are read of a single division or agency. */
export function sumsOfRows(
  { rows, blanks }: Pick<AreaRows, 'rows' | 'blanks'>,
  of: 'division' | 'agency',
  year: number,
  cells: readonly Cell[],
): CountedSums {
  const [first] = rows;
  if (!first) return sumsOfNone(year);
  if (of === 'agency') return countReport(sumsOfReport(first, cells), cells);
  const blank = blankOf(blanks);
  const sets = rows.map((row) => sumsOfRow(row, cells));
  return countCells(addUp(sets, cells, blank), cells, blank);
}

function blankOf(blanks: AreaRows['blanks']): readonly number[] {
  if (blanks.length === 0) return noCounts;
  const blank = [...noCounts];
  for (const [cell, reports] of blanks) {
    const { at } = cellOf(cell);
    blank[at] = (blank[at] ?? 0) + reports;
  }
  return blank;
}

/** The statements here write what their callers name. */
function parse<Item>(packedText: string | undefined): readonly Item[] {
  return packedText === undefined || packedText === '[]' ? [] : (JSON.parse(packedText) as Item[]);
}
