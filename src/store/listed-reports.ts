/** The list of current reports, filtered by what its reader is shown of each. */
import { type Page, pageOf, type ReportState, reportStates } from '../words.js';
import { flag, integer, oneOf, optional, text } from './engine/column.js';
import { byIndex } from './engine/dialect.js';
import { findRow, readRows } from './engine/run.js';
import type { Db } from './engine/schema.js';
import { type ArgsOf, sqlStatement } from './engine/statement.js';
import { isReadable, isVisible, type Visible, visibleArguments, visibleAs } from './readable.js';
import { findNation, inForceAtEndOf } from './register/divisions.js';
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
  /** Given, and nothing else of what may be read, where of all reports what was accepted is shown. */
  acceptedOnly: optional(flag),
};

type Has = { readonly [Name in keyof typeof listed]: boolean };

/** A condition on what is shown of a report: on its current revision where that may be read, else on the accepted one. */
const ofShown = (has: Has, current: string, accepted: string) => {
  if (has.acceptedOnly) return accepted;
  const readable = isReadable(has);
  return readable === 'true' ? current : `(${current} and ${readable} or ${accepted} and not ${readable})`;
};

/** The years of which there are reports: each the least after the one before, without a look at each report. */
const everyYear = `select min(year) as year from report union all
    select (select min(r.year) from report r where r.year > y.year) from y where y.year is not null`;

/** The counties of a division in the years asked about: where a county lies can differ from year to year. */
const countiesUnder = ({ year }: { readonly year: boolean }) => `with recursive
  y (year) as (${year ? 'select :year' : everyYear}),
  below (id, year) as (
    select :divisionId, y.year from y where y.year is not null
    union
    select d.division_id, b.year from below b
    join division_state d on d.parent_id = b.id and ${inForceAtEndOf('d', 'b.year')}
  ) select id, year from below`;

const isAccepted = 'r.accepted_revision is not null';

const isListed = (has: Has) =>
  [
    // What has been accepted was so at some time, which an index holds.
    ...(has.acceptedOnly && has.updatedAfter ? [] : [has.acceptedOnly ? isAccepted : isVisible(has)]),
    ...(has.divisionId ? [`(r.county_id, r.year) in (${countiesUnder(has)})`] : []),
    ...(has.agencyId ? ['r.agency_id = :agencyId'] : []),
    ...(has.year ? ['r.year = :year'] : []),
    ...(has.updatedAfter ? [ofShown(has, 'r.updated_at > :updatedAfter', 'r.accepted_at > :updatedAfter')] : []),
    ...(has.state ? [ofShown(has, 'r.state = :state', ":state = 'ACCEPTED'")] : []),
  ].join(' and ');

/**
 * The index by which few reports beside those listed are looked at. Left to itself SQLite walks over all reports in the
 * order of filing until a page is full: of a county that is all there are.
 */
const indexFor = (has: Has): string => {
  if (has.agencyId) return '';
  if (has.divisionId) return byIndex(has.acceptedOnly && !has.updatedAfter ? 'report_shown' : 'report_county');
  const mixed = has.counties || has.agencyIds || has.acceptedElsewhere;
  if (mixed) return '';
  if (has.updatedAfter) return byIndex(has.acceptedOnly ? 'report_accepted' : 'report_updated');
  if (has.acceptedOnly) return byIndex(has.year ? 'report_shown_year' : 'report_shown_id');
  return has.state ? byIndex('report_state') : '';
};

/** A page's reports are found by what its index holds before any is read. */
const listedReports = sqlStatement({
  takes: { ...listed, after: integer, limit: integer },
  gives: { ...reportColumns, inFull: flag },
  text: (
    has,
  ) => `select ${reportSelection}, case when ${has.acceptedOnly ? 'false' : isReadable(has)} then 1 else 0 end as "inFull"
    from report r where r.id in (
      select r.id from report r ${indexFor(has)} where ${isListed(has)} and r.id > :after order by r.id limit :limit
    ) order by r.id`,
});

const countOfReports = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total from report r ${indexFor(has)} where ${isListed(has)}`,
});

/** Counted by sums, and beside them counties' own reports, which are in none. */
const countBySums = sqlStatement({
  takes: {
    divisionId: integer,
    /** Given where the division is the nation, in which every report lies. */
    nation: optional(flag),
    year: optional(integer),
    acceptedOnly: optional(flag),
  },
  gives: { total: integer },
  text: (has) => `select (
      select coalesce(sum(reports), 0) from rollup where division_id = :divisionId
        and inclusion = ${has.acceptedOnly ? "'ACCEPTED'" : "'ALL'"} ${has.year ? 'and year = :year' : ''}
    ) + (
      select count(*) from report r ${byIndex('report_own')} where r.kind = 'COUNTY'
        ${has.acceptedOnly ? `and ${isAccepted}` : ''} ${has.year ? 'and r.year = :year' : ''}
        ${has.nation ? '' : `and (r.county_id, r.year) in (${countiesUnder(has)})`}
    ) as total`,
});

type Which = ArgsOf<typeof listed>;

/** Reports in the order in which they were first filed. */
export async function listReports(
  db: Db,
  filter: ReportFilter,
  page: { readonly first: number; readonly after?: number },
): Promise<Page<ListedReport>> {
  const found = await pageOfReports(db, filter, page);
  return { ...found, total: await countReports(db, filter) };
}

/** The same without their number. */
export async function pageOfReports(
  db: Db,
  filter: ReportFilter,
  page: { readonly first: number; readonly after?: number },
): Promise<Omit<Page<ListedReport>, 'total'>> {
  const asked = { after: page.after ?? 0, limit: page.first + 1 };
  const rows = await readRows(db, listedReports, { ...asked, ...(await whichOf(db, filter)) });
  const { items, more } = pageOf(rows, page.first, rows.length);
  return { items, more };
}

async function countReports(db: Db, filter: ReportFilter): Promise<number> {
  const which = await whichOf(db, filter);
  const { divisionId, year, acceptedOnly, agencyId, updatedAfter, state, counties, agencyIds } = which;
  const isInSums = [agencyId, updatedAfter, state, counties, agencyIds].every((narrowed) => narrowed === undefined);
  if (!isInSums) return (await findRow(db, countOfReports, which))?.total ?? 0;
  const of = {
    divisionId: divisionId ?? (await findNation(db)),
    nation: divisionId === undefined ? flagged : undefined,
  };
  return (await findRow(db, countBySums, { year, acceptedOnly, ...of }))?.total ?? 0;
}

/** What a filter comes to as arguments: whatever was filed lies in the nation, so that the nation narrows nothing. */
async function whichOf(db: Db, filter: ReportFilter): Promise<Which> {
  const { divisionId, agencyId, year, updatedAfter, state } = filter;
  const isNation = divisionId !== undefined && divisionId === (await findNation(db));
  const narrowed = { divisionId: isNation ? undefined : divisionId, agencyId, year, updatedAfter, state };
  return { ...narrowed, ...shownTo(filter.visible) };
}

/** Strangers are shown what was accepted and nothing else, which has indexes of its own. */
function shownTo(visible: Visible | undefined): Which {
  const { counties, agencyIds, acceptedElsewhere } = visibleAs(visible);
  const readsNothing = counties?.length === 0 && agencyIds?.length === 0;
  return readsNothing && acceptedElsewhere ? { acceptedOnly: flagged } : { counties, agencyIds, acceptedElsewhere };
}

const flagged = 1 as const;
