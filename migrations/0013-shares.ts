/**
 * What an import's file was when it was received, so that one cut short is found; how many bytes are kept of what became
 * of its items; and the process that works on it by a mark that is never given again. Bodies of kept answers are kept
 * once each, and how much a token has kept is counted.
 */
import { type Kysely, sql } from 'kysely';

/** What an answer takes beside its body: its key, fingerprint and headers. */
const answerBytes = 512;

const statements = [
  // SHA-256 in hexadecimal; null of what was received before this was kept.
  'alter table import add column digest text',
  'alter table import add column item_bytes integer not null default 0',
  `update import set item_bytes =
    (select coalesce(sum(length(i.body)), 0) from import_item i where i.import_id = import.id)`,
  'alter table import drop column worker',
  'alter table import add column process text',

  `create table answer_body (
    id integer primary key,
    token_id integer not null references token (id),
    -- SHA-256 of the body.
    digest text not null,
    coding text not null check (coding in ('plain', 'deflate')),
    body text not null,
    -- What is kept of it.
    bytes integer not null,
    unique (token_id, digest)
  ) strict`,
  // An answer that was kept before has a body of its own: what is no digest is the digest of nothing else.
  `insert into answer_body (token_id, digest, coding, body, bytes)
    select token_id, 'of ' || key, 'plain', body, length(body) from answer`,
  `create table answer_kept (
    token_id integer not null references token (id),
    key text not null,
    -- SHA-256 of what was asked.
    fingerprint text not null,
    status integer not null,
    headers text not null,
    body_id integer not null references answer_body (id),
    at text not null,
    primary key (token_id, key)
  ) strict, without rowid`,
  `insert into answer_kept (token_id, key, fingerprint, status, headers, body_id, at)
    select a.token_id, a.key, a.fingerprint, a.status, a.headers, b.id, a.at
    from answer a join answer_body b on b.token_id = a.token_id and b.digest = 'of ' || a.key`,
  'drop table answer',
  'alter table answer_kept rename to answer',
  'create index answer_at on answer (at)',
  'create index answer_of_body on answer (body_id)',

  `create table answer_use (
    token_id integer primary key references token (id),
    bytes integer not null
  ) strict`,
  `insert into answer_use (token_id, bytes)
    select token_id, sum(bytes) + ${answerBytes} * count(*) from answer_body group by token_id`,
  `create trigger answer_counted after insert on answer begin
    insert into answer_use (token_id, bytes) values (new.token_id, ${answerBytes})
      on conflict (token_id) do update set bytes = bytes + ${answerBytes};
  end`,
  `create trigger answer_body_counted after insert on answer_body begin
    insert into answer_use (token_id, bytes) values (new.token_id, new.bytes)
      on conflict (token_id) do update set bytes = bytes + new.bytes;
  end`,
  // A body goes with the last answer that has it.
  `create trigger answer_forgotten after delete on answer begin
    update answer_use set bytes = bytes - ${answerBytes} where token_id = old.token_id;
    delete from answer_body where id = old.body_id
      and not exists (select 1 from answer a where a.body_id = old.body_id);
  end`,
  `create trigger answer_body_forgotten after delete on answer_body begin
    update answer_use set bytes = bytes - old.bytes where token_id = old.token_id;
  end`,
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
