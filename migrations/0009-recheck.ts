/** The agencies that others went into: what their findings say of the year before was made by other rules until now. */
import { type Kysely, sql } from 'kysely';

const statements = [
  'create table recheck_due (agency_id integer primary key references agency (id)) strict',
  'insert into recheck_due (agency_id) select distinct successor_id from succession',
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
