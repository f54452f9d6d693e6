/**
 * Sums of many divisions are read at once, as a ranking does: each row lies where its key is found, so that there is no
 * second place to look in, and how many left a box blank is found by the box, since most divisions have none who did.
 */
import { type Kysely, sql } from 'kysely';
import { cells } from './0001-initial.js';

const sums = [
  ...['reports', 'expected_reports', 'on_time', 'samples', 'published_total', 'published_stated', 'blanks'],
  ...cells,
];
const rates = ['granted_share', 'closure_rate'].flatMap((name) => [`${name}_reports`, `${name}_over`, `${name}_of`]);
const key = 'division_id, inclusion, year, kind, form';
const names = [key, ...sums, ...rates].join(', ');

const statements = [
  'alter table rollup rename to rollup_before',
  `create table rollup (
    division_id integer not null references division (id),
    inclusion text not null check (inclusion in ('ALL', 'ACCEPTED')),
    year integer not null,
    kind text not null,
    form text not null,
    ${sums.map((name) => `${name} integer not null`).join(', ')},
    ${rates.map((name) => `${name} integer not null default 0`).join(', ')},
    primary key (${key})
  ) strict, without rowid`,
  `insert into rollup (${names}) select ${names} from rollup_before order by ${key}`,
  'drop table rollup_before',
  'create index rollup_blank_cell on rollup_blank (cell, year, inclusion, division_id)',
];

/** Makes the table again, and the index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
