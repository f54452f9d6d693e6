/** Holds the kept rollups to the reports they add up: compares every figure, and makes them again. */

import { type Exact, readExact } from '../../form/exact.js';
import { allCells } from '../../form/forms.js';
import type { AgencyKind, Inclusion } from '../../words.js';
import { cellColumns, columnOf, inGroups } from '../columns.js';
import { integer, series, text } from '../engine/column.js';
import { flushDeferred, inTransaction } from '../engine/commit.js';
import { packed, packedRows, unpackRows } from '../engine/dialect.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type FreshSums, freshSums, noSums, sumTables } from './fresh-sums.js';
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

type TableName = (typeof sumTables)[number];

/** A kept table: the rest of its key beside division and year, and what it counts. */
interface KeptTable {
  readonly by: readonly string[];
  readonly sums: readonly string[];
}

const keptTables = {
  rollup: { by: ['inclusion', 'kind', 'form'], sums: rollupSums },
  rollup_blank: { by: ['inclusion', 'kind', 'form', 'cell'], sums: ['reports'] },
  rollup_item: { by: ['inclusion', 'kind', 'list', 'name'], sums: itemSums },
} as const satisfies Record<TableName, KeptTable>;

/** The columns of sums of amounts, which alone may pass what a number holds exactly. */
const amountColumns = new Set(allCells.filter(({ kind }) => kind === 'amount').map(columnOf));

const place = { divisionId: integer, year: integer };

/** The parts of a key, of which a table may have three only. */
const parts = { first: text, second: text, third: text, fourth: text };

function statementsOf(table: TableName) {
  const { by, sums }: KeptTable = keptTables[table];
  const columns = sums.map((name) => (amountColumns.has(name) ? `cast(${name} as text)` : name));
  return {
    kept: sqlStatement({
      takes: place,
      gives: { rows: text },
      text: `select ${packedRows(packed([packed(by), ...inGroups(columns).map(packed)]))} as rows from ${table}
        where division_id = :divisionId and year = :year`,
    }),
    places: sqlStatement({
      takes: {},
      gives: place,
      text: `select distinct division_id as "divisionId", year from ${table} order by 1, 2`,
    }),
    clearing: sqlStatement({ takes: {}, text: `delete from ${table}` }),
    filling: sqlStatement({
      takes: { ...place, ...parts, sums: series(sums.length) },
      text: `insert into ${table} (division_id, year, ${[...by, ...sums].join(', ')})
        values (:divisionId, :year, ${Object.keys(parts)
          .slice(0, by.length)
          .map((part) => `:${part}`)
          .join(', ')}, :sums)`,
    }),
  };
}

const statements = {
  rollup: statementsOf('rollup'),
  rollup_blank: statementsOf('rollup_blank'),
  rollup_item: statementsOf('rollup_item'),
};

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
  const codes = new Map((await readRows(db, codesOfDivisions)).map(({ id, code }) => [id, code]));
  const found: RollupDifference[] = [];
  const seen = new Set<string>();
  for await (const sums of freshSums(db)) {
    seen.add(`${sums.divisionId} ${sums.year}`);
    for (const table of sumTables) found.push(...(await differencesOf(db, table, sums, codes)));
  }
  for (const table of sumTables) {
    for (const { divisionId, year } of await readRows(db, statements[table].places)) {
      if (seen.has(`${divisionId} ${year}`)) continue;
      found.push(...(await differencesOf(db, table, noSums(divisionId, year), codes)));
    }
  }
  return found;
}

const keyOfColumn = new Map<string, string>(allCells.map(({ key, at }) => [cellColumns[at] ?? '', key]));

/** The parts of its key, then its sums in groups. */
type KeptRow = readonly [key: readonly string[], ...groups: (readonly (number | string)[])[]];

/** What differs in one table of one division and year. A row that is not there is one of zeros. */
async function differencesOf(
  db: Db,
  table: TableName,
  { divisionId, year, [table]: fresh }: FreshSums,
  codes: ReadonlyMap<number, string>,
): Promise<RollupDifference[]> {
  const { sums }: KeptTable = keptTables[table];
  const division = codes.get(divisionId) ?? String(divisionId);
  const found: RollupDifference[] = [];
  const compare = (key: readonly string[], at: number, held: number | string, sum: Exact) => {
    if (held === sum) return;
    const kept = typeof held === 'string' ? readExact(held) : held;
    if (kept === sum) return;
    // The words that the program writes there; a damaged one is shown as it is.
    const [inclusion, kind] = key as unknown as readonly [Inclusion, AgencyKind];
    found.push({ division, inclusion, year, kind, figure: figureOf(table, key, sums[at] ?? ''), kept, sum });
  };
  const missing = new Map(fresh);
  const kept = await findRow(db, statements[table].kept, { divisionId, year });
  for (const [key, ...groups] of unpackRows<KeptRow>(kept?.rows)) {
    const name = key.join('\n');
    const own = missing.get(name)?.sums;
    let at = 0;
    for (const group of groups) {
      for (const held of group) {
        compare(key, at, held, own?.[at] ?? 0);
        at += 1;
      }
    }
    missing.delete(name);
  }
  for (const { key, sums: own } of missing.values()) for (const [at, sum] of own.entries()) compare(key, at, 0, sum);
  return found;
}

function figureOf(table: TableName, [, , third, fourth]: readonly string[], column: string): string {
  if (table === 'rollup') return keyOfColumn.get(column) ?? column;
  if (table === 'rollup_blank') return `blank:${fourth}`;
  return `${third}:${fourth}${column === 'count' ? '' : ` (${column})`}`;
}

/** Makes every rollup again from the reports, in one transaction. */
export async function rebuildRollups(db: Db): Promise<void> {
  await inTransaction(db, {}, refillRollups);
}

/** The same as a step of a transaction. */
export async function refillRollups(trx: Trx): Promise<void> {
  await flushDeferred(trx);
  for (const table of sumTables) await write(trx, statements[table].clearing);
  for await (const { divisionId, year, ...tables } of freshSums(trx)) {
    for (const table of sumTables) {
      for (const { key, sums } of tables[table].values()) {
        const [first = '', second = '', third = '', fourth = ''] = key;
        await write(trx, statements[table].filling, { divisionId, year, first, second, third, fourth, sums });
      }
    }
  }
}
