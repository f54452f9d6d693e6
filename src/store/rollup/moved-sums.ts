/** The sums of a division that comes below others: what it holds is taken from those above it, and added to these. */
import { type Column, integer, integers } from '../engine/column.js';
import { itemsOf } from '../engine/dialect.js';
import { findRow, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { itemSums } from './named-items.js';
import { rollupSums } from './rollups.js';

const kept: readonly { readonly table: string; readonly by: readonly string[]; readonly sums: readonly string[] }[] = [
  { table: 'rollup', by: ['form'], sums: rollupSums },
  { table: 'rollup_blank', by: ['form', 'cell'], sums: ['reports'] },
  { table: 'rollup_item', by: ['list', 'name'], sums: itemSums },
];

const takes: Readonly<Record<'divisionId' | 'year' | 'sign', Column<number>>> & {
  readonly divisions: Column<readonly number[]>;
} = { divisionId: integer, year: integer, sign: integer, divisions: integers };

const movings = kept.map(({ table, by, sums }) => {
  const others = ['inclusion', 'year', 'kind', ...by].join(', ');
  return sqlStatement({
    takes,
    text: `insert into ${table} (division_id, ${others}, ${sums.join(', ')})
      select d.value, ${others}, ${sums.map((name) => `:sign * ${name}`).join(', ')}
      from ${table} cross join ${itemsOf(':divisions', 'd')} where division_id = :divisionId and year = :year
      on conflict (division_id, ${others}) do update
        set ${sums.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`,
  });
});

/**
 * Adds the sums of a division for a year to those of other divisions (sign 1), or takes them away (sign -1). What was put
 * off in the transaction is to be written before (`flushDeferred`).
 */
export async function addSums(
  trx: Trx,
  of: { readonly divisionId: number; readonly year: number },
  divisions: readonly number[],
  sign: 1 | -1,
): Promise<void> {
  if (divisions.length === 0) return;
  for (const moving of movings) await write(trx, moving, { ...of, divisions, sign });
}

const reportsOfSums = sqlStatement({
  takes: { divisionId: integer, year: integer },
  gives: { reports: integer },
  text: `select coalesce(sum(reports), 0) as reports from rollup
    where division_id = :divisionId and year = :year and inclusion = 'ALL'`,
});

/** How many reports the sums of a division for a year add up. */
export async function countSummed(db: Db, divisionId: number, year: number): Promise<number> {
  return (await findRow(db, reportsOfSums, { divisionId, year }))?.reports ?? 0;
}
