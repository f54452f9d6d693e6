/** The changes that copies of the reports follow, told in the order of the audit log. */
import { type Kysely, sql } from 'kysely';

/**
 * What stands when the table is made, in the order in which it came to be so: what of a report was accepted, and its
 * current revision where that is another. `to_all` are those who read every report of the place, `to_accepted` those who
 * read what was accepted.
 */
const standing = `insert into change
    (audit, about, type, agency_id, code, year, placed_year, revision, county_id, to_all, to_accepted, at)
  select 0, 'report', type, agency_id, code, year, year, revision, county_id, to_all, to_accepted, at from (
    select r.id, r.agency_id, s.code, r.year, r.county_id, r.accepted_revision as revision, 'accepted' as type,
      case when r.accepted_revision = r.revision then 1 else 0 end as to_all, 1 as to_accepted,
      (select max(w.at) from review w where w.agency_id = r.agency_id and w.year = r.year
        and w.revision = r.accepted_revision and w.decision = 'ACCEPTED') as at
    from report r join agency_state s on s.agency_id = r.agency_id
      and s.valid_from <= r.year || '-12-31' and (s.valid_to is null or s.valid_to > r.year || '-12-31')
    where r.accepted_revision is not null
    union all
    select r.id, r.agency_id, s.code, r.year, r.county_id, r.revision,
      case r.state when 'RETURNED' then 'returned' when 'ACCEPTED' then 'accepted' else v.action end, 1, 0,
      coalesce((select max(w.at) from review w where w.agency_id = r.agency_id and w.year = r.year
        and w.revision = r.revision), v.at)
    from report r join agency_state s on s.agency_id = r.agency_id
      and s.valid_from <= r.year || '-12-31' and (s.valid_to is null or s.valid_to > r.year || '-12-31')
    join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision
    where r.accepted_revision is null or r.accepted_revision <> r.revision
  ) current order by at, id, revision`;

const statements = [
  `create table change (
    number integer primary key,
    -- The entry of the audit log that tells who did it; 0 for what stood before this table was.
    audit integer not null,
    about text not null check (about in ('report', 'agency', 'division')),
    type text not null,
    agency_id integer references agency (id),
    -- The code of the agency under which a copy has it.
    code text,
    -- The report year; 0 where it is about no one year.
    year integer not null,
    -- The year by whose 31 December it is known what lies above the division.
    placed_year integer not null,
    revision integer,
    -- The county, or the division that it is about, and the county that a report has left by it.
    county_id integer not null references division (id),
    left_id integer references division (id),
    -- Whether it changes what those are shown who may read all, and what those are who may read what was accepted.
    to_all integer not null check (to_all in (0, 1)),
    to_accepted integer not null check (to_accepted in (0, 1)),
    reason text,
    -- Only where the audit log has no entry.
    at text
  ) strict`,
  standing,
  `create index change_report on change (agency_id, year, number) where about = 'report'`,
  `create trigger change_is_immutable before update on change
    begin select raise(abort, 'a change that was told is never altered'); end`,
  `create trigger change_is_kept before delete on change
    begin select raise(abort, 'a change that was told is never deleted'); end`,
];

/** Makes the table and tells what stands. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
