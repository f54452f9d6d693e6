/** Filing deadlines, by division and year, and which reports were in time. */

import type { FormId } from '../../form/forms.js';
import type { AgencyKind, Inclusion } from '../../words.js';
import { flushDeferred, readValues, runSql } from '../engine/open.js';
import type { Db, Trx } from '../engine/schema.js';
import type { Placement } from './agencies.js';
import {
  everUnder,
  lineageColumns,
  lineageFrom,
  lineageOfReports,
  lineageParameters,
  lineageRow,
} from './divisions.js';

/** The default of 条例 Art. 49: 31 January of the following year. */
export const defaultDue = '01-31';

/** How near a deadline `d` of division `v` is to a county: the least holds. A year's own date goes before every year's. */
const deadlineDistance = `(d.year = 0) + 2 * case v.level
  when 'COUNTY' then 0 when 'PREFECTURE' then 1 when 'PROVINCE' then 2 else 3 end`;

/**
 * A county's last day to file for a report year, and its lineage, read at once. The day is the date set nearest above
 * it (county, prefecture, province, nation; a date for the year before one for every year), else 31 January.
 */
export async function placeCounty(db: Db, countyId: number, year: number): Promise<Pick<Placement, 'due' | 'lineage'>> {
  const bound = [...lineageColumns.map(() => year), ...lineageParameters(countyId, year)];
  const [row] = await readValues<readonly [due: string | null, ...ids: (number | null)[]]>(db, placeSql, bound);
  const [due = null, ...ids] = row ?? [];
  return { due: `${year + 1}-${due ?? defaultDue}`, lineage: ids.flatMap((id) => id ?? []) };
}

/** The nearest division's date is the first that is not null. */
const placeSql = `select coalesce(${lineageColumns
  .flatMap((id) => [
    `(select due from deadline where division_id = ${id} and year = ?)`,
    `(select due from deadline where division_id = ${id} and year = 0)`,
  ])
  .join(', ')}), ${lineageColumns.join(', ')} from ${lineageRow}`;

/** Sets the date (MM-DD of the following year) by which a division's agencies file; year 0 is every year. */
export async function setDeadline(trx: Trx, divisionId: number, year: number, due: string | null): Promise<void> {
  if (due === null) {
    await runSql(trx, 'delete from deadline where division_id = ? and year = ?', [divisionId, year]);
    return;
  }
  await runSql(
    trx,
    `insert into deadline (division_id, year, due) values (?, ?, ?)
     on conflict (division_id, year) do update set due = excluded.due`,
    [divisionId, year, due],
  );
}

/** The dates set for a division itself. */
export async function deadlinesOf(db: Db, divisionId: number): Promise<{ year: number; due: string }[]> {
  return runSql(db, 'select year, due from deadline where division_id = ? order by year', [divisionId]);
}

interface Reweighed {
  readonly countyId: number;
  readonly year: number;
  readonly kind: AgencyKind;
  readonly form: FormId;
  readonly expected: 0 | 1;
  readonly onTime: 0 | 1;
  /** The form of what was accepted; null when nothing was. */
  readonly acceptedForm: FormId | null;
}

/** How many more reports of a sum are in time than before. */
interface Reweighing extends Pick<Reweighed, 'countyId' | 'year' | 'kind' | 'form'> {
  readonly inclusion: Inclusion;
  readonly change: number;
}

/** Which of what was ever below the division was so in a report's year is told by its lineage. Bound are the division, the year (0 for every year) and the division again. */
const reweighSql = `${lineageOfReports(`r.county_id in (${everUnder}) and ? in (0, r.year)`)},
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
  returning county_id as countyId, year, kind, form, expected, on_time as onTime,
    (select v.content ->> 'form' from revision v where v.agency_id = report.agency_id and v.year = report.year
      and v.number = report.accepted_revision) as acceptedForm`;

const shiftSql = `${lineageFrom("select distinct value ->> 'countyId', value ->> 'year', value ->> 'countyId' from json_each(?)")},
  shift (division_id, inclusion, year, kind, form, change) as (
    select l.division_id, c.value ->> 'inclusion', l.year, c.value ->> 'kind', c.value ->> 'form', sum(c.value ->> 'change')
    from json_each(?) c join lineage l on l.county_id = c.value ->> 'countyId' and l.year = c.value ->> 'year'
    group by 1, 2, 3, 4, 5
  )
  update rollup set on_time = on_time + shift.change from shift
  where rollup.division_id = shift.division_id and rollup.inclusion = shift.inclusion and rollup.year = shift.year
    and rollup.kind = shift.kind and rollup.form = shift.form`;

/**
 * Weighs every report below a division anew against the deadlines as they now stand, for one year or (0) for all,
 * and moves the rollups' counts of reports in time with them. To be called after the deadline has changed.
 * Returns how many reports changed between in time and late.
 */
export async function reweighOnTime(trx: Trx, divisionId: number, year: number): Promise<number> {
  // A rollup's first report opens its row, which is to be there.
  await flushDeferred(trx);
  const rows = await runSql<Reweighed>(trx, reweighSql, [divisionId, year, divisionId]);
  const changes = new Map<string, Reweighing>();
  const shift = (inclusion: Inclusion, form: FormId, { countyId, year, kind, onTime }: Reweighed) => {
    const key = `${countyId} ${inclusion} ${year} ${kind} ${form}`;
    const known = changes.get(key) ?? { countyId, inclusion, year, kind, form, change: 0 };
    changes.set(key, { ...known, change: known.change + (onTime ? 1 : -1) });
  };
  for (const row of rows) {
    if (!row.expected) continue;
    shift('ALL', row.form, row);
    if (row.acceptedForm) shift('ACCEPTED', row.acceptedForm, row);
  }
  const listed = JSON.stringify([...changes.values()]);
  if (changes.size > 0) await runSql(trx, shiftSql, [listed, listed]);
  return rows.length;
}
