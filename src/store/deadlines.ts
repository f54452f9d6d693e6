/** Which reports were in time, for a whole division at once: what a new deadline does to what is already filed. */
import type { FormId } from '../form/forms.js';
import { runSql } from './open.js';
import { deadlineDistance, defaultDue, lineageFrom, lineageOfReports } from './register.js';
import type { AgencyKind, Trx } from './schema.js';

interface Reweighed {
  readonly countyId: number;
  readonly year: number;
  readonly kind: AgencyKind;
  readonly form: FormId;
  readonly expected: 0 | 1;
  readonly onTime: 0 | 1;
}

/** Whatever was ever below a division; which of it was below it in a report's year is told by its lineage. */
const everBelow = `with recursive below (id) as (
    values (?) union select s.division_id from below join division_state s on s.parent_id = below.id
  ) select id from below`;

/** Bound are the division, the year (0 for every year) and the division again. */
const reweighSql = `${lineageOfReports(`r.county_id in (${everBelow}) and ? in (0, r.year)`)},
  nearest (county_id, year, due, distance) as (
    select l.county_id, l.year, d.due, min(${deadlineDistance})
    from lineage l join deadline d on d.division_id = l.division_id and d.year in (l.year, 0)
    join division v on v.id = l.division_id
    group by l.county_id, l.year
  ),
  due (county_id, year, last_day) as (
    select l.county_id, l.year, (l.year + 1) || '-' || coalesce(n.due, '${defaultDue}')
    from lineage l left join nearest n on n.county_id = l.county_id and n.year = l.year
    where l.division_id = ?
  )
  update report set on_time = 1 - on_time from due
  where report.county_id = due.county_id and report.year = due.year
    and report.on_time <> (report.submitted_on <= due.last_day)
  returning county_id as countyId, year, kind, form, expected, on_time as onTime`;

const shiftSql = `${lineageFrom("select distinct value ->> 'countyId', value ->> 'year', value ->> 'countyId' from json_each(?)")},
  shift (division_id, year, kind, form, change) as (
    select l.division_id, l.year, c.value ->> 'kind', c.value ->> 'form', sum(c.value ->> 'change')
    from json_each(?) c join lineage l on l.county_id = c.value ->> 'countyId' and l.year = c.value ->> 'year'
    group by 1, 2, 3, 4
  )
  update rollup set on_time = on_time + shift.change from shift
  where rollup.division_id = shift.division_id and rollup.year = shift.year
    and rollup.kind = shift.kind and rollup.form = shift.form`;

/**
 * Weighs every report below a division anew against the deadlines as they now stand, for one year or (0) for all,
 * and moves the rollups' counts of reports in time with them. To be called after the deadline has changed.
 * Returns how many reports changed between in time and late.
 */
export async function reweighOnTime(trx: Trx, divisionId: number, year: number): Promise<number> {
  const rows = await runSql<Reweighed>(trx, reweighSql, [divisionId, year, divisionId]);
  const changes = new Map<string, Omit<Reweighed, 'expected' | 'onTime'> & { change: number }>();
  for (const { countyId, year, kind, form, expected, onTime } of rows) {
    if (!expected) continue;
    const key = `${countyId} ${year} ${kind} ${form}`;
    const known = changes.get(key) ?? { countyId, year, kind, form, change: 0 };
    changes.set(key, { ...known, change: known.change + (onTime ? 1 : -1) });
  }
  const listed = JSON.stringify([...changes.values()]);
  if (changes.size > 0) await runSql(trx, shiftSql, [listed, listed]);
  return rows.length;
}
