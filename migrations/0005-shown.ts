/**
 * What was accepted of a report, as it is shown: when, its day, whether in time, whether made up. A deadline says whose
 * it is, a change of an agency is kept by itself, and two findings point at the box that they are about.
 */
import { type Kysely, sql } from 'kysely';

const withdrawnOrNot = `select min(v.at) from revision v where v.agency_id = report.agency_id and v.year = report.year`;

/** The day in China of an instant that is written in UTC. */
const dayInChina = (instant: string) => `date(${instant}, '+8 hours')`;

/** The day that counts for a content: the stated day of publication, else the day of the first filing. */
const dayOf = (number: string) => `coalesce((select v.content ->> '$.source.publishedOn' from revision v
    where v.agency_id = report.agency_id and v.year = report.year and v.number = report.${number}),
    ${dayInChina('report.filed_at')})`;

const lineage = `with recursive lineage (county_id, year, division_id, distance) as (
    select distinct r.county_id, r.year, r.county_id, 0 from report r
    union all
    select l.county_id, l.year, s.parent_id, l.distance + 1 from lineage l join division_state s
      on s.division_id = l.division_id and s.valid_from <= l.year || '-12-31'
        and (s.valid_to is null or s.valid_to > l.year || '-12-31')
    where s.parent_id is not null
  )`;

/** The last day to file: of agencies the nearest date that is set, of a county's own report 20 February. */
const dueDays = [
  'create table due (county_id integer, year integer, day text, primary key (county_id, year)) strict',
  `insert into due (county_id, year, day) ${lineage}, nearest as (
      select l.county_id, l.year, d.due, row_number() over (partition by l.county_id, l.year
        order by l.distance, case when d.year = 0 then 1 else 0 end) as place
      from lineage l join deadline d on d.division_id = l.division_id and d.year in (l.year, 0)
    ) select l.county_id, l.year, (l.year + 1) || '-' || coalesce(n.due, '01-31')
    from lineage l left join nearest n on n.county_id = l.county_id and n.year = l.year and n.place = 1
    where l.distance = 0`,
];
const inTime = (day: string) => `case when ${day} <= case when kind = 'COUNTY' then (year + 1) || '-02-20' else
    (select due.day from due where due.county_id = report.county_id and due.year = report.year) end then 1 else 0 end`;

/** What a report adds to the count of those in time, of all that were filed and of those accepted. */
const counted = (inclusion: string, form: string, onTime: string, condition: string) => `
  select l.division_id, '${inclusion}' as inclusion, r.year, r.kind, ${form} as form, ${onTime} * r.expected as on_time
  from report r join lineage l on l.county_id = r.county_id and l.year = r.year
  where r.kind <> 'COUNTY' and ${condition}`;
const acceptedForm = `(select v.content ->> '$.form' from revision v
  where v.agency_id = r.agency_id and v.year = r.year and v.number = r.accepted_revision)`;

const pointsAtIssued = `code in ('X-INFORCE', 'T2-INFORCE')`;

const statements = [
  'alter table report add column accepted_at text',
  'alter table report add column accepted_on text',
  'alter table report add column accepted_on_time integer',
  'alter table report add column accepted_sample integer',
  // A report that was withdrawn and filed again was first filed when it first was.
  `update report set filed_at = (${withdrawnOrNot}) where filed_at <> (${withdrawnOrNot})`,
  `update report set submitted_on = ${dayOf('revision')} where submitted_on <> ${dayOf('revision')}`,
  `update report set accepted_on = ${dayOf('accepted_revision')}, accepted_sample = sample,
    accepted_at = (select max(w.at) from review w where w.agency_id = report.agency_id and w.year = report.year
      and w.revision = report.accepted_revision and w.decision = 'ACCEPTED') where accepted_revision is not null`,
  // What a reader is shown changes when it is decided about, too.
  `update report set updated_at = (select w.at from review w where w.agency_id = report.agency_id
      and w.year = report.year and w.revision = report.revision order by w.id desc limit 1)
    where exists (select 1 from review w where w.agency_id = report.agency_id and w.year = report.year
      and w.revision = report.revision)`,
  ...dueDays,
  `update report set on_time = ${inTime('submitted_on')} where on_time <> ${inTime('submitted_on')}`,
  `update report set accepted_on_time = ${inTime('accepted_on')} where accepted_revision is not null`,
  'drop table due',
  `${lineage}, counted as materialized (${counted('ALL', 'r.form', 'r.on_time', 'true')}
      union all ${counted('ACCEPTED', acceptedForm, 'r.accepted_on_time', 'r.accepted_revision is not null')}),
    summed as materialized (select division_id, inclusion, year, kind, form, sum(on_time) as on_time from counted group by 1, 2, 3, 4, 5)
    update rollup set on_time = summed.on_time from summed
    where rollup.division_id = summed.division_id and rollup.inclusion = summed.inclusion and rollup.year = summed.year
      and rollup.kind = summed.kind and rollup.form = summed.form and rollup.on_time <> summed.on_time`,
  'create index report_accepted on report (accepted_at)',

  'alter table deadline rename to deadline_before',
  // Of the agencies below a division, or of the published reports of the divisions of a level, itself among them.
  `create table deadline (
    division_id integer not null references division (id),
    filer text not null check (filer in ('AGENCIES', 'COUNTY', 'PREFECTURE', 'PROVINCE')),
    year integer not null,
    due text not null,
    primary key (division_id, filer, year)
  ) strict`,
  `insert into deadline (division_id, filer, year, due) select division_id, 'AGENCIES', year, due from deadline_before`,
  'drop table deadline_before',

  // What is different about an agency from a day on; null is as before. Its states are worked out from these.
  `create table agency_change (
    agency_id integer not null references agency (id),
    valid_from text not null,
    code text,
    name text,
    kind text,
    county_id integer references division (id),
    primary key (agency_id, valid_from)
  ) strict`,
  `insert into agency_change (agency_id, valid_from, code, name, kind, county_id)
    select s.agency_id, s.valid_from, nullif(s.code, b.code), nullif(s.name, b.name), nullif(s.kind, b.kind),
      nullif(s.county_id, b.county_id)
    from agency_state s join agency_state b on b.agency_id = s.agency_id and b.valid_to = s.valid_from`,

  `update finding set body = json_replace(body, '$.pointer', replace(body ->> '$.pointer', '/issued', '/inForce'))
    where ${pointsAtIssued}`,
  `update note set pointer = replace(pointer, '/issued', '/inForce') where ${pointsAtIssued}`,
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
