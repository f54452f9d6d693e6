/** Holds the kept rollups to the reports they add up: compares every figure, and makes them anew. */
import { cellColumns } from './columns.js';
import { lineageOfReports } from './divisions.js';
import { inTransaction, runSql, settle } from './open.js';
import { itemLists, rollupSums } from './rollups.js';
import type { AgencyKind, Db } from './schema.js';

const columns = cellColumns.map(({ column }) => column);

/** What one report `r` at revision `v` adds to each of `rollupSums`. */
const contributions = [
  '1',
  'r.expected',
  '(r.on_time and r.expected)',
  'r.sample',
  'coalesce(r.published_total, 0)',
  '(r.published_total is not null)',
  "(select count(*) from json_each(v.content, '$.figures') where type = 'null')",
  ...columns.map((column) => `coalesce(r.${column}, 0)`),
];

const reportsWithRevision = `report r join revision v
  on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision`;

/** Blank cells of report `r`, and its items by list and name: read from the revision, where they stand as filed. */
const blankRows = `select r.year, r.kind, r.form, r.county_id, f.key as cell, r.id
  from ${reportsWithRevision} join json_each(v.content, '$.figures') f on f.type = 'null'`;
const itemRows = itemLists
  .map(
    (list) => `select r.year, r.kind, r.county_id, '${list}' as list, i.value ->> 'name' as name,
    coalesce(i.value ->> 'count', 0) as count, r.id
    from ${reportsWithRevision} join json_each(v.content, '$.publishedItems.${list}') i`,
  )
  .join(' union all ');

/** One figure in which a kept rollup differs from the sum of its reports. */
export interface RollupDifference {
  readonly division: string;
  readonly year: number;
  readonly kind: AgencyKind;
  /** What differs: a cell's address, a count of the rollup, `blank:` or `categories:` and a name. */
  readonly figure: string;
  readonly kept: number;
  readonly sum: number;
}

const key = (alias: string, names: readonly string[]) => names.map((name) => `${alias}.${name}`).join(', ');

const freshSql = {
  rollup: `${lineageOfReports("r.kind <> 'COUNTY'")}
    select l.division_id, r.year, r.kind, r.form, ${rollupSums.map((name, index) => `sum(${contributions[index]}) as ${name}`).join(', ')}
    from ${reportsWithRevision} join lineage l on l.county_id = r.county_id and l.year = r.year
    where r.kind <> 'COUNTY' group by ${key('l', ['division_id'])}, r.year, r.kind, r.form`,
  rollup_blank: `${lineageOfReports("r.kind <> 'COUNTY'")}
    select l.division_id, b.year, b.kind, b.form, b.cell, count(*) as reports
    from (${blankRows} where r.kind <> 'COUNTY') b join lineage l on l.county_id = b.county_id and l.year = b.year
    group by l.division_id, b.year, b.kind, b.form, b.cell`,
  rollup_item: `${lineageOfReports("r.kind <> 'COUNTY'")}
    select l.division_id, i.year, i.kind, i.list, i.name, sum(i.count) as count, count(distinct i.id) as reports
    from (${itemRows}) i join lineage l on l.county_id = i.county_id and l.year = i.year
    where i.kind <> 'COUNTY' group by l.division_id, i.year, i.kind, i.list, i.name`,
} as const;

/** The kept tables: by what a row is known, what it counts, and how a difference in it is named. */
const keptTables = [
  { table: 'rollup', by: ['division_id', 'year', 'kind', 'form'], sums: rollupSums },
  { table: 'rollup_blank', by: ['division_id', 'year', 'kind', 'form', 'cell'], sums: ['reports'] },
  { table: 'rollup_item', by: ['division_id', 'year', 'kind', 'list', 'name'], sums: ['count', 'reports'] },
] as const;

/** Compares every rollup with the sum of its reports and lists the figures that differ. */
export async function verifyRollups(db: Db): Promise<RollupDifference[]> {
  return inTransaction(db, {}, async (trx) => {
    await settle(trx);
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
  const cellOfColumn = new Map<string, string>(cellColumns.map(({ cell, column }) => [column, cell.key]));
  const figure = (name: string) => {
    if (table === 'rollup') return cellOfColumn.get(name) ?? name;
    return table === 'rollup_blank' ? `blank:${row.cell}` : `${row.list}:${row.name}`;
  };
  return sums
    .map((name) => ({ name, kept: Number(row[`kept_${name}`]), sum: Number(row[`fresh_${name}`]) }))
    .filter(({ kept, sum }) => kept !== sum)
    .map(({ name, kept, sum }) => ({
      division: String(row.division_id),
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
    await settle(trx);
    for (const { table, by, sums } of keptTables) {
      await runSql(trx, `delete from ${table}`);
      await runSql(trx, `insert into ${table} (${[...by, ...sums].join(', ')}) ${freshSql[table]}`);
    }
  });
}
