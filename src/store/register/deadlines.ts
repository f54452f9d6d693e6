/** Filing deadlines, by division and year, and which reports were in time. */

import { type FormId, formIds } from '../../form/forms.js';
import { type AgencyKind, agencyKinds, type Inclusion } from '../../words.js';
import { flag, integer, listOf, nullable, oneOf, text } from '../engine/column.js';
import { flushDeferred } from '../engine/commit.js';
import { integerAt, itemsOf, textAt } from '../engine/dialect.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { idsEverUnder, inForceAtEndOf } from './divisions.js';
import { lineageFrom, lineageOfReports } from './lineage.js';

/** The default of 条例 Art. 49: 31 January of the following year. */
export const defaultDue = '01-31';

const noDeadline = statement<{ divisionId: number; year: number }>()((db, hole) =>
  db.deleteFrom('deadline').where('division_id', '=', hole('divisionId')).where('year', '=', hole('year')),
);

const keptDeadline = statement<{ divisionId: number; year: number; due: string }>()((db, hole) =>
  db
    .insertInto('deadline')
    .values({ division_id: hole('divisionId'), year: hole('year'), due: hole('due') })
    .onConflict((conflict) =>
      conflict.columns(['division_id', 'year']).doUpdateSet(({ ref }) => ({ due: ref('excluded.due') })),
    ),
);

/** Sets the date (MM-DD of the following year) by which a division's agencies file; year 0 is every year. */
export async function setDeadline(trx: Trx, divisionId: number, year: number, due: string | null): Promise<void> {
  if (due === null) await write(trx, noDeadline, { divisionId, year });
  else await write(trx, keptDeadline, { divisionId, year, due });
}

const deadlines = statement<{ divisionId: number }>()((db, hole) =>
  db.selectFrom('deadline').select(['year', 'due']).where('division_id', '=', hole('divisionId')).orderBy('year'),
);

/** The dates set for a division itself. */
export async function deadlinesOf(db: Db, divisionId: number): Promise<{ year: number; due: string }[]> {
  return readRows(db, deadlines, { divisionId });
}

/** How many more reports of a sum are in time than before. */
interface OnTimeChange {
  readonly countyId: number;
  readonly inclusion: Inclusion;
  readonly year: number;
  readonly kind: AgencyKind;
  readonly form: FormId;
  readonly change: number;
}

/** How near a deadline `d` of division `v` is to a county: the least holds. A year's own date goes before every year's. */
const deadlineDistance = `case when d.year = 0 then 1 else 0 end + 2 * case v.level
  when 'COUNTY' then 0 when 'PREFECTURE' then 1 when 'PROVINCE' then 2 else 3 end`;

/**
 * The lineage tells which counties were below the division in a report's year. Year 0 is every year.
 * The form of what was accepted is null where nothing was.
 */
const reweighing = sqlStatement({
  takes: { divisionId: integer, year: integer },
  gives: {
    agencyId: integer,
    countyId: integer,
    revision: integer,
    acceptedRevision: nullable(integer),
    code: text,
    year: integer,
    kind: oneOf(agencyKinds),
    form: oneOf(formIds),
    expected: flag,
    onTime: flag,
    acceptedForm: nullable(oneOf(formIds)),
  },
  text: `${lineageOfReports(`r.county_id in (${idsEverUnder}) and :year in (0, r.year)`)},
    nearest (county_id, year, due, place) as (
      select l.county_id, l.year, d.due,
        row_number() over (partition by l.county_id, l.year order by ${deadlineDistance})
      from lineage l join deadline d on d.division_id = l.division_id and d.year in (l.year, 0)
      join division v on v.id = l.division_id
    ),
    due (county_id, year, last_day) as (
      select l.county_id, l.year, (l.year + 1) || '-' || coalesce(n.due, '${defaultDue}')
      from lineage l left join nearest n on n.county_id = l.county_id and n.year = l.year and n.place = 1
      where l.division_id = :divisionId
    )
    update report set on_time = 1 - on_time from due
    where report.county_id = due.county_id and report.year = due.year
      and report.on_time <> case when report.submitted_on <= due.last_day then 1 else 0 end
    returning report.agency_id as "agencyId", report.county_id as "countyId", report.revision,
      report.accepted_revision as "acceptedRevision",
      (select s.code from agency_state s where s.agency_id = report.agency_id
        and ${inForceAtEndOf('s', 'report.year')}) as code, report.year, report.kind, report.form, report.expected,
      report.on_time as "onTime",
      (select ${textAt('v.content', 'form')} from revision v where v.agency_id = report.agency_id
        and v.year = report.year and v.number = report.accepted_revision) as "acceptedForm"`,
});

const onTimeShift = sqlStatement({
  takes: { changes: listOf<OnTimeChange>() },
  text: `${lineageFrom(`select distinct ${countyOf('c')}, ${integerAt('c.value', 'year')}, ${countyOf('c')}
      from ${itemsOf(':changes', 'c')}`)},
    shift (division_id, inclusion, year, kind, form, change) as (
      select l.division_id, ${textAt('c.value', 'inclusion')}, l.year, ${textAt('c.value', 'kind')},
        ${textAt('c.value', 'form')}, sum(${integerAt('c.value', 'change')})
      from ${itemsOf(':changes', 'c')}
      join lineage l on l.county_id = ${countyOf('c')} and l.year = ${integerAt('c.value', 'year')}
      group by 1, 2, 3, 4, 5
    )
    update rollup set on_time = rollup.on_time + shift.change from shift
    where rollup.division_id = shift.division_id and rollup.inclusion = shift.inclusion and rollup.year = shift.year
      and rollup.kind = shift.kind and rollup.form = shift.form`,
});

function countyOf(alias: string): string {
  return integerAt(`${alias}.value`, 'countyId');
}

/**
 * Weighs every report below a division again by the deadlines as they now are, for one year or (0) for all,
 * and moves the rollups' counts of reports in time with them. To be called after the deadline has changed.
 * Returns the reports that changed between in time and late, each with the code that its agency has for the year.
 */
export async function reweighOnTime(trx: Trx, divisionId: number, year: number) {
  // A rollup's first report opens its row, which is to be there.
  await flushDeferred(trx);
  const rows = await readRows(trx, reweighing, { divisionId, year });
  const changes = new Map<string, OnTimeChange>();
  const shift = (inclusion: Inclusion, form: FormId, { countyId, year, kind, onTime }: (typeof rows)[number]) => {
    const key = `${countyId} ${inclusion} ${year} ${kind} ${form}`;
    const known = changes.get(key) ?? { countyId, inclusion, year, kind, form, change: 0 };
    changes.set(key, { ...known, change: known.change + (onTime ? 1 : -1) });
  };
  for (const row of rows) {
    if (!row.expected) continue;
    shift('ALL', row.form, row);
    if (row.acceptedForm) shift('ACCEPTED', row.acceptedForm, row);
  }
  if (changes.size > 0) await write(trx, onTimeShift, { changes: [...changes.values()] });
  return rows;
}
