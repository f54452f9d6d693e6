/**
 * Who may do what, what was decided about a report, and the record of it: tokens, reviews, notes, locks, the audit log
 * and answers kept for repeated requests. A sum says whether it includes all that was filed or what was accepted.
 */
import { type Kysely, sql } from 'kysely';
import { cells } from './0001-initial.js';

const sums = `reports integer not null,
    expected_reports integer not null,
    on_time integer not null,
    samples integer not null,
    published_total integer not null,
    published_stated integer not null,
    blanks integer not null,
    ${cells.map((cell) => `${cell} integer not null`).join(', ')}`;
const sumNames = `reports, expected_reports, on_time, samples, published_total, published_stated, blanks, ${cells.join(', ')}`;

const key = `division_id integer not null references division (id),
    inclusion text not null check (inclusion in ('ALL', 'ACCEPTED')),
    year integer not null,
    kind text not null`;

/** Makes a table of sums anew with `inclusion` in its key; what it holds so far includes all that was filed. */
const widen = (table: string, definition: string, names: string) => [
  `alter table ${table} rename to ${table}_before`,
  `create table ${table} (${definition}`,
  `insert into ${table} (inclusion, ${names}) select 'ALL', ${names} from ${table}_before`,
  `drop table ${table}_before`,
];

const statements = [
  ...widen(
    'rollup',
    `${key}, form text not null, ${sums}, primary key (division_id, inclusion, year, kind, form)) strict`,
    `division_id, year, kind, form, ${sumNames}`,
  ),
  ...widen(
    'rollup_blank',
    `${key}, form text not null, cell text not null, reports integer not null,
    primary key (division_id, inclusion, year, kind, form, cell)) strict, without rowid`,
    'division_id, year, kind, form, cell, reports',
  ),
  ...widen(
    'rollup_item',
    `${key}, list text not null check (list in ('categories', 'channels')), name text not null,
    count integer not null, reports integer not null,
    primary key (division_id, inclusion, year, kind, list, name)) strict, without rowid`,
    'division_id, year, kind, list, name, count, reports',
  ),

  `alter table report add column state text not null default 'SUBMITTED'
    check (state in ('SUBMITTED', 'ACCEPTED', 'RETURNED'))`,
  // The revision that was accepted last and stays readable while a correction of it is looked at.
  `alter table report add column accepted_revision integer`,

  `create table review (
    id integer primary key,
    agency_id integer not null references agency (id),
    year integer not null,
    revision integer not null,
    decision text not null check (decision in ('ACCEPTED', 'RETURNED')),
    reason text,
    actor text not null,
    at text not null
  ) strict`,
  `create index review_report on review (agency_id, year)`,
  `create trigger review_is_immutable before update on review
    begin select raise(abort, 'a decision is never changed'); end`,
  `create trigger review_is_kept before delete on review
    begin select raise(abort, 'a decision is never deleted'); end`,

  // What a person said of a finding, by what the finding is about: it outlives the finding's being made anew.
  `create table note (
    agency_id integer not null references agency (id),
    year integer not null,
    code text not null,
    pointer text not null,
    standing text not null check (standing in ('CONFIRMED', 'EXPLAINED')),
    text text not null,
    -- Both sides as they were when it was said, as JSON.
    sides text not null,
    actor text not null,
    at text not null,
    primary key (agency_id, year, code, pointer)
  ) strict, without rowid`,

  `create table year_lock (
    division_id integer not null references division (id),
    year integer not null,
    since text not null,
    reason text not null,
    actor text not null,
    at text not null,
    primary key (division_id, year)
  ) strict`,
  `create table lock_exception (
    division_id integer not null,
    year integer not null,
    agency_id integer not null references agency (id),
    until text,
    reason text not null,
    actor text not null,
    at text not null,
    primary key (division_id, year, agency_id),
    foreign key (division_id, year) references year_lock (division_id, year) on delete cascade
  ) strict`,

  `create table token (
    id integer primary key,
    -- The part of a token that may be seen.
    key text not null unique,
    name text not null,
    -- SHA-256 of the secret part, in hexadecimal.
    hash text not null,
    created_by text not null,
    created_at text not null,
    expires_at text,
    revoked_at text
  ) strict`,
  `create unique index token_name on token (name) where revoked_at is null`,
  `create table token_grant (
    token_id integer not null references token (id),
    scope text not null check (scope in ('read', 'file', 'review', 'register', 'admin')),
    division_id integer references division (id),
    agency_id integer references agency (id),
    check ((division_id is null) <> (agency_id is null))
  ) strict`,
  `create index token_grant_token on token_grant (token_id)`,

  `create table audit (
    number integer primary key,
    at text not null,
    actor text not null,
    token_id integer,
    address text,
    request_id text,
    action text not null,
    -- Where it belongs: a county, or what a deadline, lock or token is about.
    division_id integer,
    subject text not null,
    before text,
    after text,
    -- SHA-256 over all of the above and the hash of the entry before.
    hash text not null
  ) strict`,
  `create index audit_division on audit (division_id, number)`,
  `create trigger audit_is_immutable before update on audit
    begin select raise(abort, 'an entry of the audit log is never changed'); end`,
  `create trigger audit_is_kept before delete on audit
    begin select raise(abort, 'an entry of the audit log is never deleted'); end`,

  // What a POST with an Idempotency-Key was answered, kept in the transaction of what it did.
  `create table answer (
    token_id integer not null references token (id),
    key text not null,
    -- SHA-256 of what was asked.
    fingerprint text not null,
    status integer not null,
    headers text not null,
    body text not null,
    at text not null,
    primary key (token_id, key)
  ) strict, without rowid`,
  `create index answer_at on answer (at)`,

  // Whose rights an import has, when it is taken up again after a restart.
  `alter table import add column token_id integer references token (id)`,
];

/** Makes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
