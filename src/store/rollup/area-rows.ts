/**
 * What is kept of many divisions for a year: all of it by one statement, so that it is of one moment. Rows stay as they come
 * until somebody asks what a measure is in them.
 */
import { type RateLine, type RateSum, rateLines } from '../../form/derived.js';
import { type Exact, readExact } from '../../form/exact.js';
import { allCells, type Cell } from '../../form/forms.js';
import { inclusions } from '../../words.js';
import { columnOf, rateColumns } from '../columns.js';
import { integer, integers, nullable, oneOf, optional, text, texts } from '../engine/column.js';
import {
  byIndex,
  isIn,
  itemsOf,
  joinedFromList,
  packed,
  packedRows,
  packedWide,
  unpackRows,
  unpackWide,
} from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import type { SumOf } from './sums.js';

/** What is read of each area beside how many reports there are. Keep it: the statements that read it are kept with it. */
export interface AreaColumns {
  readonly cells: readonly Cell[];
  readonly rates: readonly RateLine[];
  /** Whether the published items are read, and how many state them. */
  readonly hasItems: boolean;
}

/**
 * The sums of one kind and form: the place of the division among those asked for, the form, how many reports there are, how
 * many of agencies that were expected to file, how many samples, then boxes, rates and published items. A sum of money is a
 * text: it may be no safe integer.
 */
export type AreaRow = readonly [
  place: number,
  form: string,
  reports: number,
  expectedReports: number,
  samples: number,
  ...sums: (number | string)[],
];

const heads = 5;
/** Columns of a rate. */
const rateParts = 3;

/** What one division's sums of a year are made of. */
export interface AreaRows {
  /** By kind and form. */
  readonly rows: readonly AreaRow[];
  /** How many reports left a box blank, by the kinds and forms of those. */
  readonly blanks: readonly (readonly [cell: string, reports: number])[];
  /** Of those expected to file, how many have filed, whatever the sums include. */
  readonly reported: number;
}

const noRows: AreaRows = { rows: [], blanks: [], reported: 0 };

const columnsOf = ({ cells, rates, hasItems }: AreaColumns) => [
  ...['v.key', 'form', 'reports', 'expected_reports', 'samples'],
  ...cells.map((cell) => (cell.kind === 'amount' ? `cast(${columnOf(cell)} as text)` : columnOf(cell))),
  ...rates.flatMap((rate) => {
    const from = rateLines.indexOf(rate) * rateParts;
    return rateColumns.slice(from, from + rateParts);
  }),
  ...(hasItems ? ['published_total', 'published_stated'] : []),
];

const fromList = (table: string) => `from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} ${table}`;
const kept = 'division_id = v.value and inclusion = :inclusion and year = :year';

const divisionRows = sqlStatementBy(
  (columns: AreaColumns) => ({
    takes: {
      ...{ divisionIds: integers, year: integer, inclusion: oneOf(inclusions), kinds: optional(texts) },
      ...{ others: optional(oneOf(inclusions)), few: optional(integers) },
    },
    gives: { sums: text, blanks: nullable(text), others: nullable(text) },
    text: (has: { readonly kinds: boolean; readonly others: boolean; readonly few: boolean }) => {
      const ofKinds = `${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''} and reports > 0`;
      const blanks = `(select ${packedRows(packed(['division_id', 'cell', 'reports']))}
          from rollup_blank ${byIndex('rollup_blank_cell')}
          where cell in (${columns.cells.map(({ key }) => `'${key}'`).join(', ')}) and year = :year
            and inclusion = :inclusion ${has.few ? `and ${isIn('division_id', ':few')}` : ''} ${ofKinds})`;
      const others = `(select ${packedRows(packed(['v.key', 'expected_reports']))} ${fromList('rollup')}
          where division_id = v.value and inclusion = :others and year = :year ${ofKinds})`;
      return `select
        (select ${packedRows(packedWide(columnsOf(columns)))} ${fromList('rollup')} where ${kept} ${ofKinds}) as sums,
        ${columns.cells.length > 0 ? blanks : 'null'} as blanks,
        ${has.others ? others : 'null'} as others`;
    },
  }),
  { cells: allCells, rates: rateLines, hasItems: true },
);

/** Below so many divisions blanks are looked for in each; of more, in all there are: most have none. */
const fewDivisions = 200;

/** What is kept of some divisions for a year, in their order. */
export async function rowsOfDivisions(
  db: Db,
  divisionIds: readonly number[],
  year: number,
  columns: AreaColumns,
  { inclusion, kinds }: SumOf,
): Promise<readonly AreaRows[]> {
  // Of all that was filed, the sums themselves say who has.
  const others = inclusion === 'ALL' ? undefined : 'ALL';
  const few = divisionIds.length < fewDivisions ? divisionIds : undefined;
  const row = await findRow(db, divisionRows(columns), { divisionIds, year, inclusion, kinds, others, few });
  const found: (GrowingRows | undefined)[] = [];
  const growing = (place: number) => {
    found[place] ??= { rows: [], blanks: [], reported: 0 };
    return found[place];
  };
  for (const sums of unpackWide<AreaRow>(row?.sums, widthOf(columns))) {
    const own = growing(sums[0]);
    own.rows.push(sums);
    if (!others) own.reported += sums[3];
  }
  const blanks = unpackRows<readonly [number, string, number]>(row?.blanks ?? undefined);
  const places = blanks.length > 0 ? new Map(divisionIds.map((id, place) => [id, place])) : undefined;
  for (const [id, cell, reports] of blanks) {
    const place = places?.get(id);
    if (place !== undefined) growing(place).blanks.push([cell, reports]);
  }
  for (const [place, reported] of unpackRows<readonly [number, number]>(row?.others ?? undefined)) {
    growing(place).reported += reported;
  }
  return divisionIds.map((_, place) => found[place] ?? noRows);
}

interface GrowingRows {
  readonly rows: AreaRow[];
  readonly blanks: (readonly [string, number])[];
  reported: number;
}

function widthOf({ cells, rates, hasItems }: AreaColumns): number {
  return heads + cells.length + rateParts * rates.length + (hasItems ? 2 : 0);
}

/** Where the sum of a box stands in the rows that were read for some columns. */
export function placeOfCell({ cells }: AreaColumns, cell: Cell): number {
  return heads + cells.indexOf(cell);
}

/** The sum at a place of a row. */
export function sumAt(row: AreaRow, place: number): Exact {
  const sum = row[place] ?? 0;
  return typeof sum === 'number' ? sum : readExact(sum);
}

/** Reads what a row of some columns says of a rate. */
export function rateReaderOf({ cells, rates }: AreaColumns, rate: RateLine): (row: AreaRow) => RateSum {
  const from = heads + cells.length + rateParts * rates.indexOf(rate);
  // The columns of a rate are counts.
  return (row) => ({ reports: Number(row[from]), over: Number(row[from + 1]), of: Number(row[from + 2]) });
}

/** Reads the sum of published items, and how many reports state them, from a row of columns that have them. */
export function itemsReaderOf(
  columns: AreaColumns,
): (row: AreaRow) => { readonly total: number; readonly stated: number } {
  const from = widthOf(columns) - 2;
  return (row) => ({ total: Number(row[from]), stated: Number(row[from + 1]) });
}
