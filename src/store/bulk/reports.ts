/** The reports that an export reads, page by page in the order of their agencies' codes. */
import {
  type AgencyKind,
  agencyKinds,
  type DivisionLevel,
  divisionLevels,
  type ReportState,
  reportStates,
} from '../../words.js';
import { flag, integer, integers, listOf, nullable, oneOf, optional, text, texts } from '../engine/column.js';
import { byIndex, integerAt, isIn, itemsOf, joinedFromList } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { type RowOf, sqlStatement } from '../engine/statement.js';
import { isReadable, isVisible, visibleArguments, visibleAs } from '../readable.js';
import { inForceAtEndOf } from '../register/divisions.js';
import { type ExportFilter, isSelected } from './filter.js';

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

/** By way of the counties, where they are given: else every report is looked at. */
const countsByCounty = sqlStatement({
  takes: { ...filtered, countyIds: optional(integers) },
  gives: { year: integer, countyId: integer, reports: integer },
  text: (has) => `select r.year, r.county_id as "countyId", count(*) as reports
    from ${has.countyIds ? `${itemsOf(':countyIds', 'c')} ${joinedFromList} report r ${byIndex('report_county')}` : 'report r'}
    where ${has.countyIds ? 'r.county_id = c.value and' : ''} ${isFiltered(has)} group by r.county_id, r.year`,
});

/** The divisions of a filter in any of its years. */
function countiesOf({ divisions }: ExportFilter): readonly number[] | undefined {
  return divisions && [...new Set([...divisions.values()].flatMap((ids) => [...ids]))];
}

/** How many reports a filter selects. */
export async function countExportedReports(db: Db, filter: ExportFilter): Promise<number> {
  const rows = await readRows(db, countsByCounty, { countyIds: countiesOf(filter), ...filterAs(filter) });
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
  const rows = await readRows(db, agencyCodes, { after, limit: first, countyIds: countiesOf(filter) });
  return rows.map((row) => row.code);
}

/** A division as an export names it. */
interface NamedDivision {
  readonly code: string;
  readonly name: string;
}

/** The division that a report lies in, with what lies above, on 31 December of its year. */
interface Placed {
  readonly county: NamedDivision | undefined;
  readonly prefecture: NamedDivision | undefined;
  readonly province: NamedDivision | undefined;
}

/** A report as an export names it: whose it is on 31 December of its year, where, and which of its revisions is shown. */
export interface ExportedReport extends Placed {
  readonly id: number;
  /** Whether the current revision may be read; else it is the one that was accepted. */
  readonly inFull: boolean;
  readonly agencyId: number;
  readonly agency: string;
  readonly name: string;
  readonly kind: AgencyKind;
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
  `left join division_state ${one} on ${one}.division_id = ${id} and ${inForceAtEndOf(one, 'a.year')}
    left join division d${one} on d${one}.id = ${one}.division_id`;

/** Those of many reports lie in few counties: they are read by themselves. */
const placesInYears = sqlStatement({
  takes: { counties: listOf<readonly [countyId: number, year: number]>() },
  gives: { countyId: integer, year: integer, ...placeColumns },
  text: `select a.id as "countyId", a.year, ${placeSelection}
    from (select ${integerAt('value', 0)} as id, ${integerAt('value', 1)} as year from ${itemsOf(':counties', 'asked')}) a
    ${joinedPlace('c', 'a.id')} ${joinedPlace('p', 'c.parent_id')} ${joinedPlace('g', 'p.parent_id')}`,
});

const findingsOf = (severity: 'error' | 'warning') =>
  `(select count(*) from finding f where f.report_id = r.id and f.severity = '${severity}')`;

const exportedColumns = {
  ...{ id: integer, inFull: flag, agencyId: integer, agency: text, name: text, kind: oneOf(agencyKinds) },
  ...{ countyId: integer, year: integer, revision: integer, state: oneOf(reportStates) },
  ...{ acceptedRevision: nullable(integer), onTime: flag, sample: flag, filedAt: text },
  ...{ acceptedAt: nullable(text), acceptedOnTime: nullable(flag), acceptedSample: nullable(flag) },
  ...{ errors: integer, warnings: integer },
};

/** In no order: to sort a page of rows costs SQLite more than to read them. */
const exportedReports = sqlStatement({
  takes: { ...filtered, codes: texts },
  gives: exportedColumns,
  text: (has) =>
    `select r.id, case when ${isReadable(has)} then 1 else 0 end as "inFull", s.agency_id as "agencyId", s.code as agency,
      s.name, r.kind, r.county_id as "countyId", r.year, r.revision, r.state,
      r.accepted_revision as "acceptedRevision", r.on_time as "onTime", r.sample, r.filed_at as "filedAt",
      r.accepted_at as "acceptedAt", r.accepted_on_time as "acceptedOnTime", r.accepted_sample as "acceptedSample",
      ${findingsOf('error')} as errors, ${findingsOf('warning')} as warnings
    from ${itemsOf(':codes', 'k')} ${joinedFromList} agency_state s
    join report r on r.agency_id = s.agency_id and ${inForceAtEndOf('s', 'r.year')}
    where s.code = k.value and ${isFiltered(has)}`,
});

/** The reports that a filter selects of the agencies with these codes, by code and year. */
export async function reportsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
): Promise<ExportedReport[]> {
  const rows = await readRows(db, exportedReports, { ...filterAs(filter), codes });
  const selected = rows.filter((row) => isSelected(filter, row.year, row.countyId)).sort(byCodeAndYear);
  const placed = await placesOf(db, selected);
  return selected.map((row) => shownOf(row, placed));
}

type ExportedRow = RowOf<typeof exportedColumns>;

/** By the signs of the codes, as the database compares them. */
function byCodeAndYear(one: ExportedRow, other: ExportedRow): number {
  if (one.agency !== other.agency) return one.agency < other.agency ? -1 : 1;
  return one.year - other.year;
}

const placeKey = ({ countyId, year }: Pick<ExportedRow, 'countyId' | 'year'>) => `${countyId} ${year}`;

/** Where some reports lie, by `placeKey`. */
async function placesOf(db: Db, rows: readonly ExportedRow[]): Promise<ReadonlyMap<string, Placed>> {
  const counties = [...new Map(rows.map((row) => [placeKey(row), [row.countyId, row.year] as const])).values()];
  const found = await readRows(db, placesInYears, { counties });
  return new Map(
    found.map((row) => [
      placeKey(row),
      {
        county: placeOf(row.cCode, row.cName),
        prefecture: placeAt(row, 'PREFECTURE'),
        province: placeAt(row, 'PROVINCE'),
      },
    ]),
  );
}

const nowhere: Placed = { county: undefined, prefecture: undefined, province: undefined };

/** What is shown of a report: its current revision, or the one that was accepted where only that may be seen. */
function shownOf(row: ExportedRow, placed: ReadonlyMap<string, Placed>): ExportedReport {
  const { id, agencyId, agency, name, kind, year, filedAt, errors, warnings, acceptedRevision } = row;
  const { county, prefecture, province } = placed.get(placeKey(row)) ?? nowhere;
  const inFull = row.inFull === 1;
  const revision = inFull ? row.revision : (acceptedRevision ?? row.revision);
  const state = inFull ? row.state : 'ACCEPTED';
  const onTime = inFull ? row.onTime : (row.acceptedOnTime ?? 0);
  const sample = inFull ? row.sample : (row.acceptedSample ?? 0);
  const acceptedAt = !inFull || row.revision === acceptedRevision ? row.acceptedAt : null;
  const place = { agencyId, agency, name, kind, county, prefecture, province };
  return {
    id,
    inFull,
    year,
    revision,
    state,
    onTime,
    sample,
    filedAt,
    acceptedAt,
    errors,
    warnings,
    ...place,
  };
}

type PlaceRow = RowOf<typeof placeColumns>;

function placeAt(row: PlaceRow, level: DivisionLevel): NamedDivision | undefined {
  const at = places.find((one) => row[`${one}Level`] === level);
  return at && placeOf(row[`${at}Code`], row[`${at}Name`]);
}

function placeOf(code: string | null, name: string | null): NamedDivision | undefined {
  return code === null || name === null ? undefined : { code, name };
}
