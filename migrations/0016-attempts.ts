import { type Kysely, sql } from 'kysely';

/** Counts how often an import was begun and came no further, so that one that ends its process is not begun for ever. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table import add column attempts integer not null default 0').execute(db);
}
