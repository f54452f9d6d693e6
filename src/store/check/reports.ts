/** The reports with what each must agree with, in the order of agencies and years, some at a time. */
import { formIds } from '../../form/forms.js';
import { agencyKinds } from '../../words.js';
import { packedFigures } from '../columns.js';
import { flag, integer, nullable, oneOf, text } from '../engine/column.js';
import { findRow, readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { type RowOf, sqlStatement, statement } from '../engine/statement.js';
import { inForceAtEndOf } from '../register/divisions.js';
import { joinsOtherAccepted } from '../revisions.js';

/** Reports read at once. */
const pageSize = 200;

const checked = {
  id: integer,
  agencyId: integer,
  year: integer,
  form: oneOf(formIds),
  revision: integer,
  filedAt: text,
  submittedOn: text,
  onTime: flag,
  acceptedRevision: nullable(integer),
  acceptedOn: nullable(text),
  acceptedOnTime: flag,
  /** What the current revision says, and the accepted one where that is another; null where there is none. */
  content: nullable(text),
  otherAccepted: nullable(text),
  /** Packed. */
  figures: text,
  /** Where its agency lay on 31 December of the year; null where it was not there. */
  countyId: nullable(integer),
  kind: nullable(oneOf(agencyKinds)),
};

/** A report with what it must agree with. */
export type CheckedReport = RowOf<typeof checked>;

const reportsAfter = sqlStatement({
  takes: { agencyId: integer, year: integer, limit: integer },
  gives: checked,
  text: `select r.id, r.agency_id as "agencyId", r.year, r.form, r.revision, r.filed_at as "filedAt",
      r.submitted_on as "submittedOn", r.on_time as "onTime", r.accepted_revision as "acceptedRevision",
      r.accepted_on as "acceptedOn", coalesce(r.accepted_on_time, 0) as "acceptedOnTime", v.content,
      a.content as "otherAccepted", ${packedFigures('r')} as figures, s.county_id as "countyId", s.kind
    from report r
      left join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision
      ${joinsOtherAccepted}
      left join agency_state s on s.agency_id = r.agency_id and ${inForceAtEndOf('s', 'r.year')}
    where (r.agency_id, r.year) > (:agencyId, :year) order by r.agency_id, r.year limit :limit`,
});

const countOfReports = statement()((db) =>
  db.selectFrom('report').select(({ fn }) => fn.countAll<number>().as('total')),
);

/** Every report, so many at a time, each page with how many there are in all. */
export async function* pagesOfReports(
  db: Db,
): AsyncGenerator<{ readonly reports: readonly CheckedReport[]; readonly total: number }> {
  const total = (await findRow(db, countOfReports))?.total ?? 0;
  for (let last = { agencyId: 0, year: 0 }; ; ) {
    const reports = await readRows(db, reportsAfter, { ...last, limit: pageSize });
    yield { reports, total };
    const end = reports.at(-1);
    if (!end || reports.length < pageSize) return;
    // By a damaged index the same might come for ever.
    if (end.agencyId < last.agencyId || (end.agencyId === last.agencyId && end.year <= last.year)) {
      throw new Error('the reports do not come in the order of their index');
    }
    last = end;
  }
}

const successors = sqlStatement({
  takes: {},
  gives: { id: integer },
  text: 'select distinct successor_id as id from succession',
});

/** The agencies that any other ever went into: of all others the year before is their own. */
export async function agenciesWithOrigins(db: Db): Promise<ReadonlySet<number>> {
  return new Set((await readRows(db, successors)).map(({ id }) => id));
}
