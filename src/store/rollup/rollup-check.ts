/** Holds the kept rollups to the reports they add up: compares every figure, and makes them anew. */

import { allCells, type Cell } from '../../form/forms.js';
import { type AgencyKind, type Inclusion, itemLists } from '../../words.js';
import { cellColumns, columnOf } from '../columns.js';
import { flushDeferred, inTransaction, runSql } from '../engine/open.js';
import type { Db } from '../engine/schema.js';
import { lineageOfReports } from '../register/divisions.js';
import { rollupSums } from './rollups.js';

/** What one report adds to each of `rollupSums`, its figures and total as they are spelled in a source. */
const contributions = (total: string, figureOf: (cell: Cell) => string) =>
  [
    '1',
    'r.expected',
    '(r.on_time and r.expected)',
    'r.sample',
    `coalesce(${total}, 0)`,
    `(${total} is not null)`,
    "(select count(*) from json_each(v.content, '$.figures') where type = 'null')",
    ...allCells.map((cell) => `coalesce(${figureOf(cell)}, 0)`),
  ].map((value, index) => `${value} as ${rollupSums[index]}`);

const head = 'r.id, r.county_id, r.year, r.kind';
const join = (number: string) =>
  `from report r join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.${number}
   where r.kind <> 'COUNTY'`;
const asItStands = contributions('r.published_total', (cell) => `r.${columnOf(cell)}`).join(', ');
/** The figures of a revision that no longer stands are only in its text, where a zero is not written. */
const asAccepted = contributions(
  "v.content ->> '$.publishedItems.total'",
  ({ key }) => `v.content ->> '$.figures."${key}"'`,
).join(', ');

/** What each sum has of every report: of all, what stands; of those accepted, what was. */
const reportRows = `select 'ALL' as inclusion, ${head}, r.form, ${asItStands} ${join('revision')}
  union all
  select 'ACCEPTED', ${head}, r.form, ${asItStands} ${join('accepted_revision')} and r.accepted_revision = r.revision
  union all
  select 'ACCEPTED', ${head}, v.content ->> 'form', ${asAccepted}
    ${join('accepted_revision')} and r.accepted_revision <> r.revision`;

const contentRows = `select 'ALL' as inclusion, ${head}, v.content ${join('revision')}
  union all select 'ACCEPTED', ${head}, v.content ${join('accepted_revision')}`;

/** Blank cells, and items by list and name: read from the text, where they stand as filed. */
const blankRows = `select c.inclusion, c.county_id, c.year, c.kind, c.content ->> 'form' as form, f.key as cell
  from (${contentRows}) c join json_each(c.content, '$.figures') f on f.type = 'null'`;
const itemRows = itemLists
  .map(
    (list) => `select c.inclusion, c.county_id, c.year, c.kind, '${list}' as list, i.value ->> 'name' as name,
    coalesce(i.value ->> 'count', 0) as count, c.id
    from (${contentRows}) c join json_each(c.content, '$.publishedItems.${list}') i`,
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

const freshSql = {
  rollup: `${lineage} select l.division_id, r.inclusion, r.year, r.kind, r.form,
      ${rollupSums.map((name) => `sum(r.${name}) as ${name}`).join(', ')}
    from ${within(reportRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.form`,
  rollup_blank: `${lineage} select l.division_id, r.inclusion, r.year, r.kind, r.form, r.cell, count(*) as reports
    from ${within(blankRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.form, r.cell`,
  rollup_item: `${lineage} select l.division_id, r.inclusion, r.year, r.kind, r.list, r.name, sum(r.count) as count,
      count(distinct r.id) as reports
    from ${within(itemRows)} group by l.division_id, r.inclusion, r.year, r.kind, r.list, r.name`,
} as const;

/** The kept tables: by what a row is known, what it counts, and how a difference in it is named. */
const keptTables = [
  { table: 'rollup', by: ['division_id', 'inclusion', 'year', 'kind', 'form'], sums: rollupSums },
  { table: 'rollup_blank', by: ['division_id', 'inclusion', 'year', 'kind', 'form', 'cell'], sums: ['reports'] },
  {
    table: 'rollup_item',
    by: ['division_id', 'inclusion', 'year', 'kind', 'list', 'name'],
    sums: ['count', 'reports'],
  },
] as const;

/** Compares every rollup with the sum of its reports and lists the figures that differ. */
export async function verifyRollups(db: Db): Promise<RollupDifference[]> {
  return inTransaction(db, {}, async (trx) => {
    await flushDeferred(trx);
    return compareRollups(trx);
  });
}

/** The same where all reads are of one moment already: in a transaction whose sums are settled, or on a snapshot. */
export async function compareRollups(db: Db): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  for (const { table, by, sums } of keptTables) {
    await runSql(db, `create temp table fresh as ${freshSql[table]}`);
    const differing = await runSql<Readonly<Record<string, unknown>>>(
      db,
      `with rows as (
         select ${by.join(', ')}, 'kept' as side, ${sums.join(', ')} from ${table}
         union all select ${by.join(', ')}, 'fresh', ${sums.join(', ')} from fresh
       )
       select ${by.join(', ')}, ${sums.map((name) => `sum(iif(side = 'kept', ${name}, 0)) as kept_${name}, sum(iif(side = 'fresh', ${name}, 0)) as fresh_${name}`).join(', ')}
       from rows group by ${by.join(', ')}
       having ${sums.map((name) => `sum(iif(side = 'kept', ${name}, -${name})) <> 0`).join(' or ')}`,
    );
    for (const row of differing) found.push(...differencesIn(row, table, sums));
    await runSql(db, 'drop table fresh');
  }
  const codes = await runSql<{ id: number; code: string }>(
    db,
    'select division_id as id, max(code) as code from division_state group by division_id',
  );
  const codeOf = new Map(codes.map(({ id, code }) => [String(id), code]));
  return found.map((difference) => ({
    ...difference,
    division: codeOf.get(difference.division) ?? difference.division,
  }));
}

function differencesIn(
  row: Readonly<Record<string, unknown>>,
  table: (typeof keptTables)[number]['table'],
  sums: readonly string[],
): RollupDifference[] {
  const cellOfColumn = new Map<string, string>(allCells.map(({ key, at }) => [cellColumns[at] ?? '', key]));
  const figure = (name: string) => {
    if (table === 'rollup') return cellOfColumn.get(name) ?? name;
    return table === 'rollup_blank' ? `blank:${row.cell}` : `${row.list}:${row.name}`;
  };
  return sums
    .map((name) => ({ name, kept: Number(row[`kept_${name}`]), sum: Number(row[`fresh_${name}`]) }))
    .filter(({ kept, sum }) => kept !== sum)
    .map(({ name, kept, sum }) => ({
      division: String(row.division_id),
      // As below: the columns' own constraints allow nothing else.
      inclusion: row.inclusion as Inclusion,
      year: Number(row.year),
      // The column's own check constraint on the agency's state allows nothing else.
      kind: row.kind as AgencyKind,
      figure: figure(name),
      kept,
      sum,
    }));
}

/** Makes every rollup anew from the reports, in one transaction. */
export async function rebuildRollups(db: Db): Promise<void> {
  await inTransaction(db, {}, async (trx) => {
    await flushDeferred(trx);
    for (const { table, by, sums } of keptTables) {
      await runSql(trx, `delete from ${table}`);
      await runSql(trx, `insert into ${table} (${[...by, ...sums].join(', ')}) ${freshSql[table]}`);
    }
  });
}
