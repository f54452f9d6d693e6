/** Holds the kept rollups to the reports they add up: compares every figure, and makes them again. */

import { type Exact, readExact } from '../../form/exact.js';
import { allCells } from '../../form/forms.js';
import { type AgencyKind, agencyKinds, type Inclusion, inclusions, itemLists } from '../../words.js';
import { cellColumns } from '../columns.js';
import { type Column, integer, nullable, oneOf, text } from '../engine/column.js';
import { flushDeferred, inTransaction } from '../engine/commit.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { lineageOfReports } from '../register/lineage.js';
import { blankRows, itemParts, itemRows, reportRows } from './fresh-sums.js';
import { itemSums } from './named-items.js';
import { rollupSums } from './rollups.js';

/** One figure in which a kept rollup differs from the sum of its reports. */
export interface RollupDifference {
  readonly division: string;
  readonly inclusion: Inclusion;
  readonly year: number;
  readonly kind: AgencyKind;
  /** What differs: a cell's address, a count of the rollup, `blank:` or `categories:` and a name, with what is counted. */
  readonly figure: string;
  readonly kept: Exact;
  readonly sum: Exact;
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
  // A key has one row on each side at the most: nothing is added here, and so nothing can overflow. A sum crosses as a
  // text, in which it is exact.
  const side = (name: string, which: 'kept' | 'fresh') => `sum(case when side = '${which}' then ${name} else 0 end)`;
  const sides = sums.flatMap((name) =>
    (['kept', 'fresh'] as const).map((which) => `cast(${side(name, which)} as text) as ${which}_${name}`),
  );
  const differing = sums.map((name) => `${side(name, 'kept')} <> ${side(name, 'fresh')}`);
  const counted = Object.fromEntries(
    sums.flatMap((name) => [`kept_${name}`, `fresh_${name}`]).map((name) => [name, text]),
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
    sums: itemSums,
    fresh: `select l.division_id, r.inclusion, r.year, r.kind, r.list, r.name,
        ${itemSums.map((name) => `sum(${itemParts[name]}) as ${name}`).join(', ')}
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
    if (table === 'rollup_blank') return `blank:${row.cell}`;
    return `${row.list}:${row.name}${name === 'count' ? '' : ` (${name})`}`;
  };
  return sums
    .map((name) => ({
      name,
      kept: readExact(String(row[`kept_${name}`])),
      sum: readExact(String(row[`fresh_${name}`])),
    }))
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
  await inTransaction(db, {}, refillRollups);
}

/** The same as a step of a transaction. */
export async function refillRollups(trx: Trx): Promise<void> {
  await flushDeferred(trx);
  for (const { clearing, filling } of keptTables) {
    await write(trx, clearing);
    await write(trx, filling);
  }
}
