import { type Kysely, sql } from 'kysely';

/** Names the digest of every entry of the log; those that are there keep theirs, which no name is part of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table audit add column digest text not null default 'sha256'`).execute(db);
}
