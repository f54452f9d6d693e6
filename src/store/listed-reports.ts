/** The list of current reports, filtered by what its reader is shown of each. */
import { type Page, pageOf, type ReportState, reportStates } from '../words.js';
import { flag, integer, oneOf, optional, text } from './engine/column.js';
import { findRow, readRows } from './engine/run.js';
import type { Db } from './engine/schema.js';
import { sqlStatement } from './engine/statement.js';
import { isReadable, isVisible, type Visible, visibleArguments, visibleAs } from './readable.js';
import { inForceAtEndOf } from './register/divisions.js';
import { type ReportRow, reportColumns, reportSelection } from './reports.js';

/** Which reports to list. `after` is the `id` of the last one seen. */
export interface ReportFilter {
  /** Of what is shown: the state of the current revision, or ACCEPTED. */
  readonly state?: ReportState;
  /** Everything may be read when left out. */
  readonly visible?: Visible;
  /** Those that belong to a division, at any level, on 31 December of their year. */
  readonly divisionId?: number;
  readonly agencyId?: number;
  readonly year?: number;
  /** Only those whose `updatedAt`, of what is shown, is after this instant (ISO 8601, UTC). */
  readonly updatedAfter?: string;
}

/** A report's row, and whether its current revision may be read, or only the accepted one. */
export type ListedReport = ReportRow & { readonly inFull: 0 | 1 };

const listed = {
  divisionId: optional(integer),
  agencyId: optional(integer),
  year: optional(integer),
  updatedAfter: optional(text),
  state: optional(oneOf(reportStates)),
  ...visibleArguments,
};

/** A condition on what is shown of a report: on its current revision where that may be read, else on the accepted one. */
const ofShown = (has: Parameters<typeof isReadable>[0], current: string, accepted: string) => {
  const readable = isReadable(has);
  return readable === 'true' ? current : `(${current} and ${readable} or ${accepted} and not ${readable})`;
};

/** The counties of a division in the years asked about: where a county lies can differ from year to year. */
const countiesUnder = ({ year }: { readonly year: boolean }) => `with recursive below (id, year) as (
    select :divisionId, y.year from ${year ? '(select :year as year) y' : '(select distinct year from report) y'}
    union
    select d.division_id, b.year from below b
    join division_state d on d.parent_id = b.id and ${inForceAtEndOf('d', 'b.year')}
  ) select id, year from below`;

const isListed = (has: { readonly [Name in keyof typeof listed]: boolean }) =>
  [
    isVisible(has),
    ...(has.divisionId ? [`(r.county_id, r.year) in (${countiesUnder(has)})`] : []),
    ...(has.agencyId ? ['r.agency_id = :agencyId'] : []),
    ...(has.year ? ['r.year = :year'] : []),
    ...(has.updatedAfter ? [ofShown(has, 'r.updated_at > :updatedAfter', 'r.accepted_at > :updatedAfter')] : []),
    ...(has.state ? [ofShown(has, 'r.state = :state', ":state = 'ACCEPTED'")] : []),
  ].join(' and ');

const listedReports = sqlStatement({
  takes: { ...listed, after: integer, limit: integer },
  gives: { ...reportColumns, inFull: flag },
  text: (has) => `select ${reportSelection}, case when ${isReadable(has)} then 1 else 0 end as "inFull"
    from report r where ${isListed(has)} and r.id > :after order by r.id limit :limit`,
});

const countOfReports = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total from report r where ${isListed(has)}`,
});

/** Reports in the order in which they were first filed. */
export async function listReports(
  db: Db,
  filter: ReportFilter,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ListedReport>> {
  const { divisionId, agencyId, year, updatedAfter, state } = filter;
  const { counties, agencyIds, acceptedElsewhere } = visibleAs(filter.visible);
  const which = { divisionId, agencyId, year, updatedAfter, state, counties, agencyIds, acceptedElsewhere };
  const rows = await readRows(db, listedReports, { after: page.after ?? 0, limit: page.first + 1, ...which });
  const count = await findRow(db, countOfReports, which);
  return pageOf(rows, page.first, count?.total ?? 0);
}
