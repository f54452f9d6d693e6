/** Bulk imports: how far each came, and what became of every item of it. */
import { type Kysely, sql } from 'kysely';

const statements = [
  `create table import (
    id text primary key,
    state text not null check (state in ('queued', 'running', 'done', 'failed', 'interrupted')),
    -- How it was asked for, as JSON; read again when it is resumed.
    request text not null,
    actor text not null,
    bytes integer not null,
    -- Counts and problems so far, as JSON.
    tally text not null,
    -- The process that works on it; null when none does.
    worker integer,
    -- Why it failed, as problem details.
    problem text,
    created_at text not null,
    finished_at text
  ) strict`,
  `create index import_finished on import (finished_at)`,
  `create table import_item (
    import_id text not null references import (id) on delete cascade,
    position integer not null,
    body text not null,
    primary key (import_id, position)
  ) strict, without rowid`,
];

/** Makes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
