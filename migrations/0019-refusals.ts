/** What was sent to be filed and was refused: a trace for those who file or review there. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // `division_id` is where it is looked for when the agency is not known; `year` is then the likeliest, and not stated.
  `create table refusal (
    id integer primary key,
    agency_id integer references agency (id),
    division_id integer references division (id),
    year integer not null,
    year_stated integer not null check (year_stated in (0, 1)),
    stated text,
    at text not null,
    actor text not null,
    source text not null check (source in ('REQUEST', 'DOCUMENT', 'IMPORT')),
    problem text not null,
    check (agency_id is not null or division_id is not null)
  ) strict`,
  'create index refusal_agency on refusal (agency_id, year)',
  'create index refusal_division on refusal (division_id, year) where agency_id is null',
  'create index refusal_at on refusal (at)',
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
