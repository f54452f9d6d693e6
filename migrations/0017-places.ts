/** Places over time: divisions change, each change says what it rests on, and what the register said before is kept. */
import { type Kysely, sql } from 'kysely';

const statements = [
  // An agency can be split too: what ends on a day goes into one other agency, or into several.
  'alter table succession rename column merged_on to effective',
  // What was said to be different about a division from a day on; null is as before.
  `create table division_change (
    division_id integer not null references division (id),
    valid_from text not null,
    code text,
    name text,
    parent_id integer references division (id),
    primary key (division_id, valid_from)
  ) strict, without rowid`,
  // Territory of one division that came to another on a day: MERGE and SPLIT end the first, CREATE begins the second.
  `create table division_edge (
    from_id integer not null references division (id),
    to_id integer not null references division (id),
    effective text not null,
    kind text not null check (kind in ('MERGE', 'SPLIT', 'CREATE', 'TRANSFER')),
    primary key (from_id, to_id, effective)
  ) strict, without rowid`,
  'create index division_edge_to on division_edge (to_id, effective)',
  // How sure the day is on which something of an agency or a division begins, changes or ends, and by which document.
  `create table basis (
    about text not null check (about in ('agency', 'division')),
    id integer not null,
    effective text not null,
    precision text not null check (precision in ('DAY', 'SNAPSHOT')),
    document text,
    recorded_at text,
    primary key (about, id, effective)
  ) strict, without rowid`,
  // What the register said of an agency or a division until an instant: written once, never changed.
  `create table past (
    about text not null check (about in ('agency', 'division')),
    id integer not null,
    until_at text not null,
    body text not null,
    primary key (about, id, until_at)
  ) strict, without rowid`,
  'create index past_until on past (until_at)',
  // What that names: the counties, parents and successors, so that it is found from there without a look at the rest.
  `create table past_mention (
    about text not null check (about in ('agency', 'division')),
    mentioned text not null check (mentioned in ('agency', 'division')),
    mentioned_id integer not null,
    until_at text not null,
    id integer not null,
    primary key (about, mentioned, mentioned_id, until_at, id)
  ) strict, without rowid`,
  // Digits that another authority gives an agency of the register.
  `create table other_code (
    agency_id integer not null references agency (id),
    authority text not null check (authority in ('NBS', 'MCA')),
    code text not null,
    valid_from text not null,
    valid_to text,
    primary key (agency_id, authority, valid_from)
  ) strict, without rowid`,
  'create index other_code_code on other_code (code)',
  // Whether a revision was made up for a demonstration, of each: the row of a report has it of two of them.
  'alter table revision add column sample integer not null default 0',
  'drop trigger revision_is_immutable',
  `update revision set sample = 1 where exists (select 1 from report r where r.agency_id = revision.agency_id
    and r.year = revision.year and ((r.revision = revision.number and r.sample = 1)
      or (r.accepted_revision = revision.number and r.accepted_sample = 1)))`,
  `create trigger revision_is_immutable before update on revision
    begin select raise(abort, 'a revision is never changed'); end`,
  // Of a withdrawn report there is no row that tells when that was.
  `create index revision_withdrawn on revision (at) where action = 'withdrawn'`,
  // Which national register a store was given; none: the list of 2023, taken for the years before it, too.
  'create table register_edition (edition text primary key) strict, without rowid',
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
