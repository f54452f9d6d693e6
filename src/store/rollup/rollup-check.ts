/** Holds the kept rollups to the reports they add up: compares every figure, and makes them again. */

import { allCells, type Cell } from '../../form/forms.js';
import { type AgencyKind, agencyKinds, type Inclusion, inclusions, itemLists } from '../../words.js';
import { cellColumns, columnOf } from '../columns.js';
import { type Column, integer, nullable, oneOf, text } from '../engine/column.js';
import { flushDeferred, inTransaction } from '../engine/commit.js';
import { entriesOf, integerAt, integerWithin, isNullEntry, itemsAt, textAt } from '../engine/dialect.js';
import { readRows, write } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { lineageOfReports } from '../register/lineage.js';
import { rollupSums } from './rollups.js';

/** What one report adds to each of `rollupSums`, its figures and total as they are spelled in a source. */
const contributions = (of: '' | 'accepted_', total: string, figureOf: (cell: Cell) => string) =>
  [
    '1',
    'r.expected',
    `r.${of}on_time * r.expected`,
    `r.${of}sample`,
    `coalesce(${total}, 0)`,
    `case when ${total} is null then 0 else 1 end`,
    `(select count(*) from ${entriesOf('v.content', 'figures', 'f')} where ${isNullEntry('f')})`,
    ...allCells.map((cell) => `coalesce(${figureOf(cell)}, 0)`),
  ].map((value, index) => `${value} as ${rollupSums[index]}`);

const head = 'r.id, r.county_id, r.year, r.kind';
const join = (number: string) =>
  `from report r join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.${number}
   where r.kind <> 'COUNTY'`;
const ofCurrent = contributions('', 'r.published_total', (cell) => `r.${columnOf(cell)}`).join(', ');
/** The figures of a revision that is no longer current are only in its text, where a zero is not written. */
const asAccepted = contributions('accepted_', integerWithin('v.content', ['publishedItems', 'total']), ({ key }) =>
  integerWithin('v.content', ['figures', key]),
).join(', ');

/** What each sum has of every report: of all, the current revision; of those accepted, the accepted one. */
const reportRows = `select 'ALL' as inclusion, ${head}, r.form, ${ofCurrent} ${join('revision')}
  union all
  select 'ACCEPTED', ${head}, r.form, ${ofCurrent} ${join('accepted_revision')} and r.accepted_revision = r.revision
  union all
  select 'ACCEPTED', ${head}, ${textAt('v.content', 'form')}, ${asAccepted}
    ${join('accepted_revision')} and r.accepted_revision <> r.revision`;

const contentRows = `select 'ALL' as inclusion, ${head}, v.content ${join('revision')}
  union all select 'ACCEPTED', ${head}, v.content ${join('accepted_revision')}`;

/** Blank cells, and items by list and name: read from the text, where they are as filed. */
const blankRows = `select c.inclusion, c.county_id, c.year, c.kind, ${textAt('c.content', 'form')} as form, f.key as cell
  from (${contentRows}) c join ${entriesOf('c.content', 'figures', 'f')} on ${isNullEntry('f')}`;
const itemRows = itemLists
  .map(
    (list) => `select c.inclusion, c.county_id, c.year, c.kind, '${list}' as list, ${textAt('i.value', 'name')} as name,
    coalesce(${integerAt('i.value', 'count')}, 0) as count, c.id
    from (${contentRows}) c cross join ${itemsAt('c.content', ['publishedItems', list], 'i')}`,
  )
  .join(' union all ');

/** One figure in which a kept rollup differs from the sum of its reports. */
export interface RollupDifference {
  readonly division: string;
  readonly inclusion: Inclusion;
  readonly year: number;
  readonly kind: AgencyKind;
  /** What differs: a cell's address, a count of the rollup, `blank:` or `categories:` and a name. */
  readonly figure: string;
  readonly kept: number;
  readonly sum: number;
}

const lineage = lineageOfReports("r.kind <> 'COUNTY'");
const within = (rows: string) => `(${rows}) r join lineage l on l.county_id = r.county_id and l.year = r.year`;

/** By what a row of every kept table is known. No division of a lineage is null, but the column it comes from may be. */
const key = { division_id: nullable(integer), inclusion: oneOf(inclusions), year: integer, kind: oneOf(agencyKinds) };

/** A kept table: by what a row is known beside `key`, what it counts, and the selection of what it must hold. */
interface KeptTable {
  readonly table: 'rollup' | 'rollup_blank' | 'rollup_item';
  readonly by: Readonly<Record<string, Column<string>>>;
  readonly sums: readonly string[];
  readonly fresh: string;
}

function keptTable({ table, by, sums, fresh }: KeptTable) {
  const names = Object.keys({ ...key, ...by }).join(', ');
  const sides = sums.map(
    (name) => `sum(case when side = 'kept' then ${name} else 0 end) as kept_${name},
      sum(case when side = 'fresh' then ${name} else 0 end) as fresh_${name}`,
  );
  const differing = sums.map((name) => `sum(case when side = 'kept' then ${name} else -${name} end) <> 0`);
  const counted = Object.fromEntries(
    sums.flatMap((name) => [`kept_${name}`, `fresh_${name}`]).map((name) => [name, integer]),
  );
  return {
    table,
    sums,
    differences: sqlStatement({
      takes: {},
      gives: { ...key, ...by, ...counted },
      text: `${lineage}, fresh as materialized (${fresh}), sides as (
          select ${names}, 'kept' as side, ${sums.join(', ')} from ${table}
          union all select ${names}, 'fresh', ${sums.join(', ')} from fresh
        )
        select ${names}, ${sides.join(', ')} from sides group by ${names} having ${differing.join(' or ')}`,
    }),
    clearing: sqlStatement({ takes: {}, text: `delete from ${table}` }),
    filling: sqlStatement({
      takes: {},
      text: `insert into ${table} (${names}, ${sums.join(', ')}) ${lineage} ${fresh}`,
    }),
  };
}

const keptTables = [
  keptTable({
    table: 'rollup',
    by: { form: text },
    sums: rollupSums,
    fresh: `select l.division_id, r.inclusion, r.year, r.kind, r.form,
        ${rollupSums.map((name) => `sum(r.${name}) as ${name}`).join(', ')}
      from ${within(reportRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.form`,
  }),
  keptTable({
    table: 'rollup_blank',
    by: { form: text, cell: text },
    sums: ['reports'],
    fresh: `select l.division_id, r.inclusion, r.year, r.kind, r.form, r.cell, count(*) as reports
      from ${within(blankRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.form, r.cell`,
  }),
  keptTable({
    table: 'rollup_item',
    by: { list: oneOf(itemLists), name: text },
    sums: ['count', 'reports'],
    fresh: `select l.division_id, r.inclusion, r.year, r.kind, r.list, r.name, sum(r.count) as count,
        count(distinct r.id) as reports
      from ${within(itemRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.list, r.name`,
  }),
];

/** Compares every rollup with the sum of its reports and lists the figures that differ. */
export async function verifyRollups(db: Db): Promise<RollupDifference[]> {
  return inTransaction(db, {}, async (trx) => {
    await flushDeferred(trx);
    return compareRollups(trx);
  });
}

const codesOfDivisions = sqlStatement({
  takes: {},
  gives: { id: integer, code: text },
  text: 'select division_id as id, max(code) as code from division_state group by division_id',
});

/** The same where all reads are of one moment already: in a transaction whose sums are settled, or on a snapshot. */
export async function compareRollups(db: Db): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  for (const { table, sums, differences } of keptTables) {
    for (const row of await readRows(db, differences)) found.push(...differencesIn(row, table, sums));
  }
  const codes = await readRows(db, codesOfDivisions);
  const codeOf = new Map(codes.map(({ id, code }) => [String(id), code]));
  return found.map((difference) => ({
    ...difference,
    division: codeOf.get(difference.division) ?? difference.division,
  }));
}

/** A row of one of the kept tables' differences. */
type DifferingRow = Readonly<Record<string, unknown>> & {
  readonly division_id: number | null;
  readonly inclusion: Inclusion;
  readonly year: number;
  readonly kind: AgencyKind;
};

const keyOfColumn = new Map<string, string>(allCells.map(({ key, at }) => [cellColumns[at] ?? '', key]));

function differencesIn(
  row: DifferingRow,
  table: (typeof keptTables)[number]['table'],
  sums: readonly string[],
): RollupDifference[] {
  const { division_id: division, inclusion, year, kind } = row;
  const figure = (name: string) => {
    if (table === 'rollup') return keyOfColumn.get(name) ?? name;
    return table === 'rollup_blank' ? `blank:${row.cell}` : `${row.list}:${row.name}`;
  };
  return sums
    .map((name) => ({ name, kept: Number(row[`kept_${name}`]), sum: Number(row[`fresh_${name}`]) }))
    .filter(({ kept, sum }) => kept !== sum)
    .map(({ name, kept, sum }) => ({
      division: String(division),
      inclusion,
      year,
      kind,
      figure: figure(name),
      kept,
      sum,
    }));
}

/** Makes every rollup again from the reports, in one transaction. */
export async function rebuildRollups(db: Db): Promise<void> {
  await inTransaction(db, {}, async (trx) => {
    await flushDeferred(trx);
    for (const { clearing, filling } of keptTables) {
      await write(trx, clearing);
      await write(trx, filling);
    }
  });
}
