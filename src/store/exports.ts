/** What an export reads: the reports and divisions page by page in the order of their codes. */

import { makeBlankFigures } from '../form/figures.js';
import { type Cell, type Figures, type FormId, formIds } from '../form/forms.js';
import { type AgencyKind, divisionLevels, type ReportState, reportStates } from '../words.js';
import { columnOf } from './columns.js';
import { flag, integer, integers, nullable, oneOf, optional, text, texts } from './engine/column.js';
import { byIndex, isIn, itemsOf, joinedFromList, packed } from './engine/dialect.js';
import { readRows } from './engine/run.js';
import type { Db } from './engine/schema.js';
import { sqlStatement, sqlStatementBy } from './engine/statement.js';
import { isReadable, isVisible, type Visible, visibleArguments, visibleAs } from './readable.js';
import { type Division, inForceAtEndOf } from './register/divisions.js';
import { acceptedBefore } from './revisions.js';

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
  return rows.filter((row) => isWithin(filter, row.year, row.countyId)).reduce((sum, row) => sum + row.reports, 0);
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

/** A report as an export names it: whose it is on 31 December of its year, where, and the figures asked for. */
export interface ExportedReport {
  readonly agencyId: number;
  readonly agency: string;
  readonly name: string;
  readonly county: string | null;
  readonly countyName: string | null;
  readonly countyId: number;
  readonly year: number;
  readonly form: FormId;
  readonly revision: number;
  readonly state: ReportState;
  readonly onTime: 0 | 1;
  readonly sample: 0 | 1;
  readonly publishedTotal: number | null;
  /** Null in every cell that was not asked for. */
  readonly figures: Figures;
}

const exportedColumns = {
  inFull: flag,
  agencyId: integer,
  agency: text,
  name: text,
  county: nullable(text),
  countyName: nullable(text),
  countyId: integer,
  year: integer,
  form: oneOf(formIds),
  revision: integer,
  state: oneOf(reportStates),
  acceptedRevision: nullable(integer),
  onTime: flag,
  sample: flag,
  publishedTotal: nullable(integer),
};

const exportedReports = sqlStatementBy(
  (packs: readonly Pack[]) => ({
    takes: { ...filtered, codes: texts },
    gives: { ...exportedColumns, ...Object.fromEntries(packs.map(({ name }) => [name, text])) },
    text: (has: Parameters<typeof isFiltered>[0]) =>
      `select case when ${isReadable(has)} then 1 else 0 end as "inFull", s.agency_id as "agencyId", s.code as agency,
      s.name, c.code as county, c.name as "countyName", r.county_id as "countyId", r.year, r.form, r.revision, r.state,
      r.accepted_revision as "acceptedRevision", r.on_time as "onTime", r.sample,
      r.published_total as "publishedTotal"${packs.map(({ sql }) => `, ${sql}`).join('')}
    from ${itemsOf(':codes', 'k')} ${joinedFromList} agency_state s
    join report r on r.agency_id = s.agency_id and ${inForceAtEndOf('s', 'r.year')}
    left join division_state c on c.division_id = r.county_id and ${inForceAtEndOf('c', 'r.year')}
    where s.code = k.value and ${isFiltered(has)} order by s.code, r.year`,
  }),
  [],
);

/** The reports that a filter selects of the agencies with these codes, by code and year. */
export async function reportsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
  cells: readonly Cell[],
): Promise<ExportedReport[]> {
  const packs = packsOf(cells);
  // The packs are texts, each named as its pack.
  const rows = (await readRows(db, exportedReports(packs), { ...filterAs(filter), codes })) as ExportedRow[];
  const selected = rows.filter((row) => isWithin(filter, row.year, row.countyId));
  const accepted = await acceptedInstead(db, selected);
  return selected.map((row) => accepted(row) ?? { ...row, figures: unpack(packs, (name) => row[name] ?? '[]') });
}

type ExportedRow = Omit<ExportedReport, 'figures'> & {
  readonly inFull: 0 | 1;
  readonly acceptedRevision: number;
} & Readonly<Record<`pack${number}`, string>>;

/** What was accepted of reports of which only that may be seen, where it is not the current revision. */
async function acceptedInstead(db: Db, rows: readonly ExportedRow[]) {
  const hidden = rows.filter((row) => !row.inFull);
  const span = [Math.min(...hidden.map(({ year }) => year)), Math.max(...hidden.map(({ year }) => year))] as const;
  const ids = hidden.map(({ agencyId }) => agencyId);
  const found = hidden.length === 0 ? [] : await acceptedBefore(db, ids, span);
  const byPlace = new Map(found.map((report) => [`${report.agencyId} ${report.year}`, report]));
  return (row: ExportedRow): ExportedReport | undefined => {
    if (row.inFull) return undefined;
    const shown = { ...row, revision: row.acceptedRevision, state: 'ACCEPTED' } as const;
    const before = byPlace.get(`${row.agencyId} ${row.year}`);
    if (!before) return row.revision === row.acceptedRevision ? undefined : { ...shown, figures: makeBlankFigures() };
    const { content, onTime, sample } = before;
    const { form, figures, publishedItems } = content;
    return { ...shown, onTime, sample, form, publishedTotal: publishedItems?.total ?? null, figures };
  };
}

/** Cells read as one value of a row. */
interface Pack {
  readonly name: `pack${number}`;
  readonly cells: readonly Cell[];
  readonly sql: string;
}

/** As many as `packed` takes. */
const cellsInPack = 100;

/** A row of 200 columns takes eight times as long to come over as the same in a few JSON arrays. */
function packsOf(cells: readonly Cell[]): Pack[] {
  return Array.from({ length: Math.ceil(cells.length / cellsInPack) }, (_, index) => {
    const own = cells.slice(index * cellsInPack, (index + 1) * cellsInPack);
    const name = `pack${index}` as const;
    return { name, cells: own, sql: `${packed(own.map((cell) => `r.${columnOf(cell)}`))} as ${name}` };
  });
}

function unpack(packs: readonly Pack[], textOf: (name: Pack['name']) => string): Figures {
  const figures = makeBlankFigures();
  for (const { name, cells } of packs) {
    // The arrays hold what the cells' integer columns do.
    const values = JSON.parse(textOf(name)) as (number | null)[];
    for (const [index, { at }] of cells.entries()) figures[at] = values[index] ?? null;
  }
  return figures;
}

/** A division as it was on 31 December of a year, with the code of the one above it. */
export interface DivisionInYear extends Division {
  readonly parent: string | null;
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

const exportedDivisions = sqlStatement({
  takes: { codes: texts, years: integers },
  gives: {
    id: integer,
    code: text,
    name: text,
    level: oneOf(divisionLevels),
    parentId: nullable(integer),
    parent: nullable(text),
    year: integer,
  },
  text: `select s.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId", p.code as parent, y.value as year
    from ${itemsOf(':codes', 'k')} ${joinedFromList} division_state s join division d on d.id = s.division_id
    join ${itemsOf(':years', 'y')} on ${inForceAtEndOf('s', 'y.value')}
    left join division_state p on p.division_id = s.parent_id and ${inForceAtEndOf('p', 'y.value')}
    where s.code = k.value order by s.code, y.value`,
});

/** The divisions that a filter selects of those with these codes, by code and year. */
export async function divisionsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
): Promise<DivisionInYear[]> {
  const rows = await readRows(db, exportedDivisions, { codes, years: filter.years });
  return rows.filter(({ id, year }) => isWithin(filter, year, id));
}

function isWithin({ divisions }: ExportFilter, year: number, divisionId: number): boolean {
  return !divisions || (divisions.get(year)?.has(divisionId) ?? false);
}
