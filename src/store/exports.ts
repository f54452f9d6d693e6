/** What an export reads: the reports and divisions page by page in the order of their codes. */

import {
  type AgencyKind,
  agencyKinds,
  type DivisionLevel,
  divisionLevels,
  type ReportState,
  reportStates,
} from '../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text, texts } from './engine/column.js';
import { byIndex, isIn, itemsOf, joinedFromList } from './engine/dialect.js';
import { readRows } from './engine/run.js';
import type { Db } from './engine/schema.js';
import { type RowOf, sqlStatement } from './engine/statement.js';
import { isReadable, isVisible, type Visible, visibleArguments, visibleAs } from './readable.js';
import { type Division, inForce, inForceAtEndOf } from './register/divisions.js';

/** Which reports or rollups an export holds. */
export interface ExportFilter {
  readonly years: readonly number[];
  /** By year, the divisions it is about, by identity; all when left out. */
  readonly divisions?: ReadonlyMap<number, ReadonlySet<number>>;
  readonly kinds?: readonly AgencyKind[];
  /** Of reports, those that the caller may see; all when left out. */
  readonly visible?: Visible;
}

/** A walk from year to year along the index, not over every report. */
const filedYears = sqlStatement({
  takes: {},
  gives: { year: integer },
  text: `with recursive filed (year) as (
      select min(year) from report
      union all
      select (select min(r.year) from report r where r.year > filed.year) from filed where year is not null
    ) select year from filed where year is not null order by year`,
});

/** The years that have a current report, in order. */
export async function yearsFiled(db: Db): Promise<number[]> {
  return (await readRows(db, filedYears)).map((row) => row.year);
}

const filtered = { years: integers, kinds: optional(texts), ...visibleArguments };

const isFiltered = (has: { readonly kinds: boolean } & Parameters<typeof isVisible>[0]) =>
  [isIn('r.year', ':years'), isVisible(has), ...(has.kinds ? [isIn('r.kind', ':kinds')] : [])].join(' and ');

function filterAs({ years, kinds, visible }: ExportFilter) {
  return { years, kinds, ...visibleAs(visible) };
}

const countsByCounty = sqlStatement({
  takes: filtered,
  gives: { year: integer, countyId: integer, reports: integer },
  text: (has) => `select r.year, r.county_id as "countyId", count(*) as reports from report r
    where ${isFiltered(has)} group by r.county_id, r.year`,
});

/** How many reports a filter selects. */
export async function countExportedReports(db: Db, filter: ExportFilter): Promise<number> {
  const rows = await readRows(db, countsByCounty, filterAs(filter));
  return rows.filter((row) => isSelected(filter, row.year, row.countyId)).reduce((sum, row) => sum + row.reports, 0);
}

/** By way of the counties, where they are given: those of a county are few, and lie together in the index. */
const agencyCodes = sqlStatement({
  takes: { after: text, limit: integer, countyIds: optional(integers) },
  gives: { code: text },
  text: (has) =>
    has.countyIds
      ? `select distinct s.code from ${itemsOf(':countyIds', 'c')}
        ${joinedFromList} agency_state s ${byIndex('agency_state_county')}
        where s.county_id = c.value and s.code > :after order by s.code limit :limit`
      : 'select distinct s.code from agency_state s where s.code > :after order by s.code limit :limit',
});

/** A code of agencies after another, as far as the filter may select their reports, in order. */
export async function agencyCodesAfter(db: Db, filter: ExportFilter, after: string, first: number): Promise<string[]> {
  const { divisions } = filter;
  const countyIds = divisions && [...new Set([...divisions.values()].flatMap((ids) => [...ids]))];
  return (await readRows(db, agencyCodes, { after, limit: first, countyIds })).map((row) => row.code);
}

/** A division as an export names it. */
interface NamedDivision {
  readonly code: string;
  readonly name: string;
}

/** A report as an export names it: whose it is on 31 December of its year, where, and which of its revisions is shown. */
export interface ExportedReport {
  /** Whether the current revision is shown; else it is the one that was accepted. */
  readonly inFull: boolean;
  readonly agencyId: number;
  readonly agency: string;
  readonly name: string;
  readonly kind: AgencyKind;
  /** The division that it lies in, with what lies above. */
  readonly county: NamedDivision | undefined;
  readonly prefecture: NamedDivision | undefined;
  readonly province: NamedDivision | undefined;
  readonly year: number;
  readonly revision: number;
  readonly state: ReportState;
  readonly onTime: 0 | 1;
  readonly sample: 0 | 1;
  /** Instants: when it was first filed, and when the revision that is shown was accepted. */
  readonly filedAt: string;
  readonly acceptedAt: string | null;
  /** Findings about the current revision. */
  readonly errors: number;
  readonly warnings: number;
}

/** The county of a report and two divisions above it: each its code, name and level. */
const places = ['c', 'p', 'g'] as const;
const placeColumns = {
  ...{ cCode: nullable(text), cName: nullable(text), cLevel: nullable(oneOf(divisionLevels)) },
  ...{ pCode: nullable(text), pName: nullable(text), pLevel: nullable(oneOf(divisionLevels)) },
  ...{ gCode: nullable(text), gName: nullable(text), gLevel: nullable(oneOf(divisionLevels)) },
};
const placeSelection = places
  .map((one) => `${one}.code as "${one}Code", ${one}.name as "${one}Name", d${one}.level as "${one}Level"`)
  .join(', ');
const joinedPlace = (one: (typeof places)[number], id: string) =>
  `left join division_state ${one} on ${one}.division_id = ${id} and ${inForceAtEndOf(one, 'r.year')}
    left join division d${one} on d${one}.id = ${one}.division_id`;

const findingsOf = (severity: 'error' | 'warning') =>
  `(select count(*) from finding f where f.report_id = r.id and f.severity = '${severity}')`;

const exportedColumns = {
  inFull: flag,
  ...{ agencyId: integer, agency: text, name: text, kind: oneOf(agencyKinds), countyId: integer, ...placeColumns },
  ...{ year: integer, revision: integer, state: oneOf(reportStates), acceptedRevision: nullable(integer) },
  ...{ onTime: flag, sample: flag, filedAt: text },
  ...{ acceptedAt: nullable(text), acceptedOnTime: nullable(flag), acceptedSample: nullable(flag) },
  ...{ errors: integer, warnings: integer },
};

const exportedReports = sqlStatement({
  takes: { ...filtered, codes: texts },
  gives: exportedColumns,
  text: (has) =>
    `select case when ${isReadable(has)} then 1 else 0 end as "inFull", s.agency_id as "agencyId", s.code as agency,
      s.name, r.kind, r.county_id as "countyId", ${placeSelection}, r.year, r.revision, r.state,
      r.accepted_revision as "acceptedRevision", r.on_time as "onTime", r.sample, r.filed_at as "filedAt",
      r.accepted_at as "acceptedAt", r.accepted_on_time as "acceptedOnTime", r.accepted_sample as "acceptedSample",
      ${findingsOf('error')} as errors, ${findingsOf('warning')} as warnings
    from ${itemsOf(':codes', 'k')} ${joinedFromList} agency_state s
    join report r on r.agency_id = s.agency_id and ${inForceAtEndOf('s', 'r.year')}
    ${joinedPlace('c', 'r.county_id')} ${joinedPlace('p', 'c.parent_id')} ${joinedPlace('g', 'p.parent_id')}
    where s.code = k.value and ${isFiltered(has)} order by s.code, r.year`,
});

/** The reports that a filter selects of the agencies with these codes, by code and year. */
export async function reportsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
): Promise<ExportedReport[]> {
  const rows = await readRows(db, exportedReports, { ...filterAs(filter), codes });
  return rows.filter((row) => isSelected(filter, row.year, row.countyId)).map(shownOf);
}

type ExportedRow = RowOf<typeof exportedColumns>;

/** What is shown of a report: its current revision, or the one that was accepted where only that may be seen. */
function shownOf(row: ExportedRow): ExportedReport {
  const accepted = {
    revision: row.acceptedRevision ?? row.revision,
    state: 'ACCEPTED',
    onTime: row.acceptedOnTime ?? 0,
    sample: row.acceptedSample ?? 0,
  } as const;
  const isAccepted = !row.inFull || row.revision === row.acceptedRevision;
  return {
    ...row,
    ...(!row.inFull && accepted),
    inFull: row.inFull === 1,
    county: placeOf(row.cCode, row.cName),
    prefecture: placeAt(row, 'PREFECTURE'),
    province: placeAt(row, 'PROVINCE'),
    acceptedAt: isAccepted ? row.acceptedAt : null,
  };
}

function placeAt(row: ExportedRow, level: DivisionLevel): NamedDivision | undefined {
  const at = places.find((one) => row[`${one}Level`] === level);
  return at && placeOf(row[`${at}Code`], row[`${at}Name`]);
}

function placeOf(code: string | null, name: string | null): NamedDivision | undefined {
  return code === null || name === null ? undefined : { code, name };
}

/** A division as it was on 31 December of a year, or on another day, with the code of the one above it. */
export interface DivisionInYear extends Division {
  readonly parent: string | null;
  readonly parentName: string | null;
  readonly year: number;
}

const divisionCodes = sqlStatement({
  takes: { after: text, limit: integer },
  gives: { code: text },
  text: 'select distinct s.code from division_state s where s.code > :after order by s.code limit :limit',
});

/** Codes of divisions after another, in order. */
export async function divisionCodesAfter(db: Db, after: string, first: number): Promise<string[]> {
  return (await readRows(db, divisionCodes, { after, limit: first })).map((row) => row.code);
}

/** Somebody of the kinds asked for is expected to file in division `s` for year `y`, or has filed. */
const isBusy = ({ kinds }: { readonly kinds: boolean }) =>
  `((select sum(e.change) from expectation e where e.division_id = s.division_id and e.year <= y.value
      ${kinds ? `and ${isIn('e.kind', ':kinds')}` : ''}) > 0
    or exists (select 1 from rollup u where u.division_id = s.division_id and u.year = y.value and u.reports > 0
      ${kinds ? `and ${isIn('u.kind', ':kinds')}` : ''}))`;

const exportedDivisions = sqlStatement({
  takes: { codes: texts, years: integers, kinds: optional(texts), busy: optional(flag), day: optional(text) },
  gives: {
    id: integer,
    code: text,
    name: text,
    level: oneOf(divisionLevels),
    parentId: nullable(integer),
    parent: nullable(text),
    parentName: nullable(text),
    year: integer,
  },
  text: (has) => {
    const day = has.day ? ':day' : "y.value || '-12-31'";
    return `select s.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId", p.code as parent,
        p.name as "parentName", y.value as year
      from ${itemsOf(':codes', 'k')} ${joinedFromList} division_state s join division d on d.id = s.division_id
      join ${itemsOf(':years', 'y')} on ${inForce('s', day)}
      left join division_state p on p.division_id = s.parent_id and ${inForce('p', day)}
      where s.code = k.value ${has.busy ? `and ${isBusy(has)}` : ''} order by s.code, y.value`;
  },
});

/**
 * The divisions that a filter selects of those with these codes, by code and year: as they were on 31 December, or on
 * one day; all of them, or those in which somebody files.
 */
export async function divisionsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
  { on, idle }: { readonly on: string | null; readonly idle: 'listed' | 'left out' },
): Promise<DivisionInYear[]> {
  const { years, kinds } = filter;
  const busy = idle === 'left out' ? 1 : undefined;
  const rows = await readRows(db, exportedDivisions, { codes, years, kinds, busy, day: on ?? undefined });
  return rows.filter(({ id, year }) => isSelected(filter, year, id));
}

/** Whether a filter selects a division in a year. */
export function isSelected({ divisions }: ExportFilter, year: number, divisionId: number): boolean {
  return !divisions || (divisions.get(year)?.has(divisionId) ?? false);
}
