/**
 * What is kept of many divisions for a year: all of it by one statement, so that it is of one moment. Rows stay as they come
 * until somebody asks for their sums.
 */
import { allCells, type Cell, cellOf } from '../../form/forms.js';
import { type Inclusion, inclusions } from '../../words.js';
import { integer, integers, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows, unpackRows } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import { type CountsOfBoth, countsShown, type FiledCounts, nobodyFiled } from './filed.js';
import { packedSums, type SumRow, sumsOfRow } from './sum-rows.js';
import { addUp, type CountedSums, countCells, noCounts, type SumOf, sumsOfNone } from './sums.js';

/** What one division's sums of a year are made of. */
export interface AreaRows {
  /** By kind and form. */
  readonly rows: readonly SumRow[];
  /** How many reports left a cell blank, by the kinds and forms of those. */
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
  for (const [id, sums] of unpackRows<readonly [number, SumRow]>(row.sums)) {
    const own = found.get(id);
    own?.rows.push(sums);
    if (own) addFiled(own.counts, inclusion, sums[3], sums[4]);
  }
  const other = inclusion === 'ALL' ? 'ACCEPTED' : 'ALL';
  for (const [id, reports, onTime] of unpackRows<readonly [number, number, number]>(row.others)) {
    const own = found.get(id);
    if (own) addFiled(own.counts, other, reports, onTime);
  }
  for (const [id, cell, reports] of unpackRows<readonly [number, string, number]>(row.blanks)) {
    found.get(id)?.blanks.push([cell, reports]);
  }
  for (const [id, change] of unpackRows<readonly [number, number]>(row.expected)) {
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

/** The sums that some rows amount to, with the counts of each cell, as they are read of a single division. */
export function sumsOfRows(
  { rows, blanks }: Pick<AreaRows, 'rows' | 'blanks'>,
  year: number,
  cells: readonly Cell[],
): CountedSums {
  if (rows.length === 0) return sumsOfNone(year);
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
