/**
 * The rows that sums are read from: statements, and what a row says. Rows come as JSON text: one value crosses from the
 * database where a row of columns would be forty, and that crossing is most of what reading costs (27 against 130 µs
 * for five years of a county).
 */

import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell } from '../../form/forms.js';
import { inclusions } from '../../words.js';
import { columnOf } from '../columns.js';
import { flag, integer, integers, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows } from '../engine/dialect.js';
import { sqlStatement, sqlStatementBy } from '../engine/statement.js';
import type { Sums } from './sums.js';

/** `year, form, reports, expected, on time, samples, published total, published stated, blanks`, then the figures. */
export type SumRow = readonly [
  number,
  string,
  number,
  number,
  number,
  number,
  number | null,
  number,
  number,
  ...Group[],
];
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

/** The rows of a division over a span of years, of some kinds or of all. */
export const rowsOfDivision = sqlStatementBy(
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

/** What the reports of some agencies say over a span of years, each row after its agency. */
export const rowsOfAgencies = sqlStatementBy(
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

/** How many reports of a division left a cell blank, `year, cell, reports`, where at least `least` of a kind and form did. */
export const blanksOfDivision = sqlStatement({
  takes: { ...ofDivision, least: integer },
  gives: { rows: text },
  text: (has) => `select ${packedRows(packed(['year', 'cell', 'reports']))} as rows
    from rollup_blank where ${isOfDivision(has)} and reports >= :least`,
});

/** The rows that a statement packed into one text; the caller names the type of what it packs. */
export function unpackRows<Item>(packedText: { readonly rows: string } | undefined): readonly Item[] {
  // The statements here write what their callers name as the type of an item.
  return packedText ? (JSON.parse(packedText.rows) as Item[]) : [];
}

/** The figures of a row as a list. */
function figuresOf(row: SumRow, cells: readonly Cell[]): (number | null)[] {
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
export function sumsOfRow(row: SumRow, cells: readonly Cell[]): Sums {
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
