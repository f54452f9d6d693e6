/** The few reports that are in time by the revision that was accepted and late by the current one, or the other way round. */
import { type Kysely, sql } from 'kysely';

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw('create index report_otherwise on report (county_id, year) where accepted_on_time <> on_time')
    .execute(db);
}
