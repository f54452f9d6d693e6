/** The indexes by which lists of reports are read without a look at the reports that are not listed. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // What strangers are shown: few at the beginning of a season, when a walk over the reports would find nothing.
  'create index report_shown on report (county_id, year) where accepted_revision is not null',
  'create index report_shown_year on report (year, id) where accepted_revision is not null',
  'create index report_shown_id on report (id) where accepted_revision is not null',
  // What waits for a reviewer, or was returned: few at the end of a season.
  'create index report_state on report (state, year)',
  // Counties' own published reports, which no sum includes.
  `create index report_own on report (county_id, year, accepted_revision) where kind = 'COUNTY'`,
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
