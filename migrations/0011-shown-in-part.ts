/**
 * What was said of findings, kept as it was said and of which revision, so that the public is shown what was accepted with
 * a revision; and of a change of findings, the report of the year before that it comes from, so that it is told to those
 * who may read that.
 */
import { type Kysely, sql } from 'kysely';

/** What the table of changes gets. */
export const ofChanges = [
  // The report of the year before by which findings change: of which agency, and the county that it lay in.
  'alter table change add column before_agency_id integer references agency (id)',
  'alter table change add column before_county_id integer references division (id)',
  // Whether it changes what those are shown who may read the report, and of the year before what was accepted.
  'alter table change add column to_part integer not null default 0 check (to_part in (0, 1))',
];

const statements = [
  'alter table note rename to note_before',
  `create table note (
    id integer primary key,
    agency_id integer not null references agency (id),
    year integer not null,
    code text not null,
    pointer text not null,
    -- The last one about a finding holds; OPEN takes back what was said.
    standing text not null check (standing in ('CONFIRMED', 'EXPLAINED', 'OPEN')),
    text text not null,
    -- Both sides as they were when it was said, as JSON.
    sides text not null,
    -- The current revision when it was said, and what was decided about it until then.
    revision integer not null,
    state text not null check (state in ('SUBMITTED', 'ACCEPTED', 'RETURNED')),
    said_by text not null check (said_by in ('FILER', 'REVIEWER')),
    actor text not null,
    at text not null
  ) strict`,
  // Whose word an explanation was is not known: it is taken for the filer's.
  `insert into note (agency_id, year, code, pointer, standing, text, sides, revision, state, said_by, actor, at)
    select n.agency_id, n.year, n.code, n.pointer, n.standing, n.text, n.sides,
      coalesce((select max(v.number) from revision v
        where v.agency_id = n.agency_id and v.year = n.year and v.at <= n.at), 1),
      case when exists (select 1 from review w where w.agency_id = n.agency_id and w.year = n.year and w.at < n.at
        and w.decision = 'ACCEPTED' and w.revision = (select max(v.number) from revision v
          where v.agency_id = n.agency_id and v.year = n.year and v.at <= n.at))
        then 'ACCEPTED' else 'SUBMITTED' end,
      case n.standing when 'CONFIRMED' then 'REVIEWER' else 'FILER' end, n.actor, n.at
    from note_before n order by n.at, n.agency_id, n.year, n.code, n.pointer`,
  'drop table note_before',
  'create index note_report on note (agency_id, year)',
  `create trigger note_is_immutable before update on note
    begin select raise(abort, 'a note is never changed'); end`,
  `create trigger note_is_kept before delete on note
    begin select raise(abort, 'a note is never deleted'); end`,

  // In time or late is said of what is shown, for which the sums have counts: the few that differ are asked for no more.
  'drop index report_otherwise',
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...statements, ...ofChanges]) await sql.raw(statement).execute(db);
}
