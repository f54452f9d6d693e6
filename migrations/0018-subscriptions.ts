/** Subscriptions to what changed, and the messages that are sent to each. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // Its id is random, so that none is given again.
  `create table subscription (
    id text primary key,
    token_id integer not null references token (id),
    url text not null,
    description text,
    -- The division, with all below it; null is everything that the token is told.
    division_id integer references division (id),
    -- The types of events, a JSON list; null is all.
    types text,
    -- What messages are signed with, and what they were signed with before, until when.
    secret text not null,
    former_secret text,
    former_until text,
    state text not null check (state in ('ACTIVE', 'PAUSED')),
    paused_because text check (paused_because in ('ASKED', 'GONE', 'FAILING', 'TOKEN')),
    -- The number of the last change for which deliveries were made.
    place integer not null,
    -- What its token may read, and within which divisions, when it was last told something; null after a restore.
    sight text,
    extent text,
    -- Failures in a row, since when, the last one, and until when nothing is sent for them.
    failures integer not null default 0,
    failing_since text,
    failed_at text,
    rest_until text,
    created_by text not null,
    created_at text not null
  ) strict`,
  'create index subscription_token on subscription (token_id)',
  `create table delivery (
    number integer primary key,
    -- The id of the message, which a repeated sending has, too.
    id text not null unique,
    subscription_id text not null references subscription (id),
    -- Null of a test, and of the message that a copy is to start again.
    change_number integer references change (number),
    type text not null,
    -- When what it tells of happened.
    at text not null,
    state text not null check (state in ('WAITING', 'DELIVERED', 'FAILED')),
    attempts integer not null default 0,
    -- When it is sent next; of one that is being sent, when that is given up for lost. Null once it has ended.
    next_at text,
    -- When it was sent for the first time, and last.
    begun_at text,
    last_at text,
    -- What the last attempt came to: the status of the answer, and what was wrong.
    status integer,
    problem text
  ) strict`,
  'create unique index delivery_change on delivery (subscription_id, change_number)',
  `create index delivery_due on delivery (subscription_id, next_at, number) where state = 'WAITING'`,
  `create index delivery_ended on delivery (state, last_at) where state <> 'WAITING'`,
  'create index delivery_state on delivery (subscription_id, state, number)',
];

/** Makes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
