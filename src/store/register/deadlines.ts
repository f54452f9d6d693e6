/** Filing deadlines, by division and year, and which reports were in time. */

import { type FormId, formIds } from '../../form/forms.js';
import {
  type AgencyKind,
  agencyKinds,
  type DeadlineFiler,
  deadlineFilers,
  type Inclusion,
  inclusions,
} from '../../words.js';
import { flag, integer, integers, listOf, nullable, oneOf, text } from '../engine/column.js';
import { flushDeferred } from '../engine/commit.js';
import { integerAt, isIn, itemsOf, textAt } from '../engine/dialect.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { idsEverUnder, inForceAtEndOf } from './divisions.js';
import { lineageColumns, lineageFrom, lineageOfReports } from './lineage.js';

/**
 * The day (MM-DD of the following year) that holds where none is set. 条例 (2019) Art. 49: what agencies file is due on
 * 31 January, what governments publish by 31 March at the latest; they add up level by level (逐级汇总), counties by
 * 20 February and prefectures by 10 March.
 */
export const defaultDue: Readonly<Record<DeadlineFiler, string>> = {
  AGENCIES: '01-31',
  COUNTY: '02-20',
  PREFECTURE: '03-10',
  PROVINCE: '03-31',
};

/** Whose day holds for an agency: a county's own published report has one of its own. */
export function filerOfKind(kind: AgencyKind): DeadlineFiler {
  return kind === 'COUNTY' ? 'COUNTY' : 'AGENCIES';
}

/**
 * The last day to file for a report year, by the dates set for a division and for each of those above it, the nearest
 * first: the nearest date holds (its own for the year before its own for every year), else the default.
 */
export function dueDay(set: readonly (readonly Deadline[])[], year: number, filer: DeadlineFiler): string {
  const own = set.map((dates) => dates.filter((date) => date.filer === filer));
  const days = own.flatMap((dates) => [
    dates.find((date) => date.year === year),
    dates.find((date) => date.year === 0),
  ]);
  return `${year + 1}-${days.find((date) => date !== undefined)?.due ?? defaultDue[filer]}`;
}

/**
 * The dates set for a filer (an expression), as a statement with the `lineageColumns` of a division selects them: the first
 * that is not null holds for the report year (`:year`).
 */
export const nearestDates = (filer: string) =>
  lineageColumns
    .flatMap((id) => [
      `(select due from deadline where division_id = ${id} and filer = ${filer} and year = :year)`,
      `(select due from deadline where division_id = ${id} and filer = ${filer} and year = 0)`,
    ])
    .join(', ');

/** A day that was set; year 0 is every year. */
export interface Deadline {
  readonly filer: DeadlineFiler;
  readonly year: number;
  /** MM-DD of the following year. */
  readonly due: string;
}

type DeadlineKey = Omit<Deadline, 'due'> & { readonly divisionId: number };

const noDeadline = statement<DeadlineKey>()((db, hole) =>
  db
    .deleteFrom('deadline')
    .where('division_id', '=', hole('divisionId'))
    .where('filer', '=', hole('filer'))
    .where('year', '=', hole('year')),
);

const keptDeadline = statement<Deadline & { readonly divisionId: number }>()((db, hole) =>
  db
    .insertInto('deadline')
    .values({ division_id: hole('divisionId'), filer: hole('filer'), year: hole('year'), due: hole('due') })
    .onConflict((conflict) =>
      conflict.columns(['division_id', 'filer', 'year']).doUpdateSet(({ ref }) => ({ due: ref('excluded.due') })),
    ),
);

/** Sets the day by which a division's agencies, or the divisions of a level within it, file; null takes it back. */
export async function setDeadline(trx: Trx, key: DeadlineKey, due: string | null): Promise<void> {
  if (due === null) await write(trx, noDeadline, key);
  else await write(trx, keptDeadline, { ...key, due });
}

const deadlines = statement<{ divisionId: number }>()((db, hole) =>
  db
    .selectFrom('deadline')
    .select(['filer', 'year', 'due'])
    .where('division_id', '=', hole('divisionId'))
    .orderBy('filer')
    .orderBy('year'),
);

/** The dates set for a division itself. */
export async function deadlinesOf(db: Db, divisionId: number): Promise<Deadline[]> {
  return readRows(db, deadlines, { divisionId });
}

const deadlinesOfMany = sqlStatement({
  takes: { divisionIds: integers },
  gives: { divisionId: integer, filer: oneOf(deadlineFilers), year: integer, due: text },
  text: `select division_id as "divisionId", filer, year, due from deadline where ${isIn('division_id', ':divisionIds')}`,
});

/** The dates set for some divisions themselves. */
export async function deadlinesOfSome(
  db: Db,
  divisionIds: readonly number[],
): Promise<(Deadline & { readonly divisionId: number })[]> {
  return readRows(db, deadlinesOfMany, { divisionIds });
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

const defaultDay = `case :filer ${Object.entries(defaultDue)
  .map(([filer, due]) => `when '${filer}' then '${due}'`)
  .join(' ')} end`;

/** A content is kept as a list that begins with its form. */
const formOfContent = textAt('v.content', 0);

/** What is weighed: the current revision's day, or that of the accepted one. */
const weighed = {
  ALL: { onTime: 'on_time', day: 'submitted_on', form: 'report.form' },
  ACCEPTED: {
    onTime: 'accepted_on_time',
    day: 'accepted_on',
    form: `(select ${formOfContent} from revision v where v.agency_id = report.agency_id
      and v.year = report.year and v.number = report.accepted_revision)`,
  },
} as const satisfies Record<Inclusion, unknown>;

/** The lineage tells which counties were below the division in a report's year. Year 0 is every year. */
const reweighing = (inclusion: Inclusion) => {
  const { onTime, day, form } = weighed[inclusion];
  return sqlStatement({
    takes: { divisionId: integer, filer: text, year: integer },
    gives: {
      id: integer,
      agencyId: integer,
      code: text,
      countyId: integer,
      revision: integer,
      acceptedRevision: nullable(integer),
      year: integer,
      kind: oneOf(agencyKinds),
      form: oneOf(formIds),
      expected: flag,
      onTime: flag,
    },
    text: `${lineageOfReports(`r.county_id in (${idsEverUnder}) and :year in (0, r.year)`)},
      nearest (county_id, year, due, place) as (
        select l.county_id, l.year, d.due,
          row_number() over (partition by l.county_id, l.year order by ${deadlineDistance})
        from lineage l join deadline d on d.division_id = l.division_id and d.filer = :filer and d.year in (l.year, 0)
        join division v on v.id = l.division_id
      ),
      due (county_id, year, last_day) as (
        select l.county_id, l.year, (l.year + 1) || '-' || coalesce(n.due, ${defaultDay})
        from lineage l left join nearest n on n.county_id = l.county_id and n.year = l.year and n.place = 1
        where l.division_id = :divisionId
      )
      update report set ${onTime} = 1 - ${onTime} from due
      where report.county_id = due.county_id and report.year = due.year
        and :filer = case when report.kind = 'COUNTY' then 'COUNTY' else 'AGENCIES' end
        and report.${onTime} <> case when report.${day} <= due.last_day then 1 else 0 end
      returning report.id, report.agency_id as "agencyId", (select s.code from agency_state s
          where s.agency_id = report.agency_id and ${inForceAtEndOf('s', 'report.year')}) as code,
        report.county_id as "countyId", report.revision, report.accepted_revision as "acceptedRevision",
        report.year, report.kind, ${form} as form, report.expected,
        coalesce(report.${onTime}, 0) as "onTime"`,
  });
};

/** A report that changed between in time and late. */
type OnTimeRow = Awaited<ReturnType<typeof readReweighed>>[number];

const readReweighed = (trx: Trx, inclusion: Inclusion, key: DeadlineKey) => readRows(trx, reweighings[inclusion], key);

const reweighings = { ALL: reweighing('ALL'), ACCEPTED: reweighing('ACCEPTED') } as const;

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
/**
 * Weighs every report below a division again by the deadlines as they now are, for one year or (0) for all, what was
 * accepted by its own day, and moves the rollups' counts of reports in time with them. To be called after the deadline
 * has changed. Returns the reports that changed between in time and late, each with the code that its agency has for the
 * year.
 */
export async function reweighOnTime(trx: Trx, { divisionId, filer, year }: DeadlineKey) {
  // A rollup's first report opens its row, which is to be there.
  await flushDeferred(trx);
  const changes = new Map<string, OnTimeChange>();
  const moved = new Map<number, OnTimeRow>();
  for (const inclusion of inclusions) {
    for (const row of await readReweighed(trx, inclusion, { divisionId, filer, year })) {
      const { countyId, year, kind, form, expected, onTime } = row;
      moved.set(row.id, row);
      if (!expected) continue;
      const key = `${countyId} ${inclusion} ${year} ${kind} ${form}`;
      const known = changes.get(key) ?? { countyId, inclusion, year, kind, form, change: 0 };
      changes.set(key, { ...known, change: known.change + (onTime ? 1 : -1) });
    }
  }
  if (changes.size > 0) await write(trx, onTimeShift, { changes: [...changes.values()] });
  return [...moved.values()];
}
