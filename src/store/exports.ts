/** What an export reads: a snapshot of its own, and the reports and divisions page by page in the order of their codes. */

import { stat } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { makeBlankFigures } from '../form/figures.js';
import type { Cell, Figures, FormId } from '../form/forms.js';
import type { AgencyKind, ReportState } from '../words.js';
import { columnOf } from './columns.js';
import { runSql } from './engine/open.js';
import type { Database, Db } from './engine/schema.js';
import type { Division } from './register/divisions.js';
import { acceptedBefore, type Visible, visibleSql } from './reports.js';

/** The file an open store lives in; undefined for one in memory. */
export async function databaseFile(db: Db): Promise<string | undefined> {
  const rows = await runSql<{ file: string }>(db, "select file from pragma_database_list where name = 'main'");
  return rows[0]?.file || undefined;
}

/** What a store takes on the disk in bytes, its write-ahead log apart; in memory all of it is the first. */
export async function databaseBytes(db: Db): Promise<{ readonly database: number; readonly log: number }> {
  const file = await databaseFile(db);
  if (file !== undefined) return { database: (await stat(file)).size, log: await sizeIfThere(`${file}-wal`) };
  const rows = await runSql<{ bytes: number }>(
    db,
    'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()',
  );
  return { database: rows[0]?.bytes ?? 0, log: 0 };
}

async function sizeIfThere(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/**
 * Opens a second, read-only connection to a store and begins a transaction on it: everything that is read there
 * is the store of one moment, and in WAL no writer waits for it. Close with `db.destroy()`, soon: while it is
 * open the log cannot be taken back into the file.
 */
export async function openSnapshot(file: string): Promise<Db> {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
  sqlite.pragma('cache_size = -16384');
  sqlite.pragma('temp_store = MEMORY');
  // An export has a handful of statements, each run many times.
  const kept = new Map<string, Sqlite.Statement>();
  const prepare = (text: string) => {
    const statement = kept.get(text) ?? sqlite.prepare(text);
    kept.set(text, statement);
    return statement;
  };
  const db = new Kysely<Database>({
    dialect: new SqliteDialect({ database: { close: () => sqlite.close(), prepare } }),
  });
  await runSql(db, 'begin');
  return db;
}

/** Which reports or rollups an export holds. */
export interface ExportFilter {
  readonly years: readonly number[];
  /** By year, the divisions it is about, by identity; all when left out. */
  readonly divisions?: ReadonlyMap<number, ReadonlySet<number>>;
  readonly kinds?: readonly AgencyKind[];
  /** Of reports, those that whoever asks may see; all when left out. */
  readonly visible?: Visible;
}

/** The years for which any report stands, in order. */
export async function yearsFiled(db: Db): Promise<number[]> {
  // A walk from year to year along the index, not over every report.
  const rows = await runSql<{ year: number }>(
    db,
    `with recursive filed (year) as (
       select min(year) from report
       union all
       select (select min(r.year) from report r where r.year > filed.year) from filed where year is not null
     ) select year from filed where year is not null`,
  );
  return rows.map((row) => row.year);
}

/** A division and all below it on 31 December of each of some years, by year. */
export async function divisionsBelow(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const rows = await runSql<{ year: number; id: number }>(
    db,
    `with recursive below (year, id) as (
       select value, ? from json_each(?)
       union all
       select b.year, s.division_id from below b join division_state s on s.parent_id = b.id and ${heldIn('s', 'b.year')}
     ) select year, id from below`,
    [divisionId, JSON.stringify(years)],
  );
  const below = new Map<number, Set<number>>(years.map((year) => [year, new Set()]));
  for (const { year, id } of rows) below.get(year)?.add(id);
  return below;
}

/** How many reports a filter selects. */
export async function countExportedReports(db: Db, filter: ExportFilter): Promise<number> {
  const { clause, bound } = reportCondition(filter);
  const rows = await runSql<{ year: number; countyId: number; reports: number }>(
    db,
    `select r.year, r.county_id as countyId, count(*) as reports from report r where ${clause}
     group by r.county_id, r.year`,
    bound,
  );
  return rows.filter((row) => isWithin(filter, row.year, row.countyId)).reduce((sum, row) => sum + row.reports, 0);
}

/** A code of agencies after another, as far as the filter may select their reports, in order. */
export async function agencyCodesAfter(db: Db, filter: ExportFilter, after: string, first: number): Promise<string[]> {
  const { divisions } = filter;
  const rows = divisions
    ? await runSql<{ code: string }>(
        db,
        // By way of the counties: those of a county are few, and lie together in the index.
        `select distinct s.code from json_each(?) c
         cross join agency_state s indexed by agency_state_county on s.county_id = c.value and s.code > ?
         order by s.code limit ?`,
        [JSON.stringify([...new Set([...divisions.values()].flatMap((ids) => [...ids]))]), after, first],
      )
    : await runSql<{ code: string }>(
        db,
        'select distinct s.code from agency_state s where s.code > ? order by s.code limit ?',
        [after, first],
      );
  return rows.map((row) => row.code);
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

/** The reports that a filter selects of the agencies with these codes, by code and year. */
export async function reportsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
  cells: readonly Cell[],
): Promise<ExportedReport[]> {
  const { clause, bound } = reportCondition(filter);
  const packs = packsOf(cells);
  const { inFull } = visibleSql(filter.visible);
  const rows = await runSql<ExportedRow>(
    db,
    `select ${inFull.clause} as inFull, s.agency_id as agencyId, s.code as agency, s.name, c.code as county, c.name as countyName,
       r.county_id as countyId, r.year, r.form, r.revision, r.state, r.accepted_revision as acceptedRevision,
       r.on_time as onTime, r.sample, r.published_total as publishedTotal${packs.map(({ sql }) => `, ${sql}`).join('')}
     from json_each(?) k cross join agency_state s on s.code = k.value
     join report r on r.agency_id = s.agency_id and ${heldIn('s', 'r.year')}
     left join division_state c on c.division_id = r.county_id and ${heldIn('c', 'r.year')}
     where ${clause} order by s.code, r.year`,
    [...inFull.bound, JSON.stringify(codes), ...bound],
  );
  const selected = rows.filter((row) => isWithin(filter, row.year, row.countyId));
  const accepted = await acceptedInstead(db, selected);
  return selected.map((row) => accepted(row) ?? { ...row, figures: unpack(packs, (name) => row[name] ?? '[]') });
}

type ExportedRow = Omit<ExportedReport, 'figures'> & {
  readonly inFull: 0 | 1;
  readonly acceptedRevision: number;
} & Readonly<Record<`pack${number}`, string>>;

/** What was accepted of reports of which only that may be seen, where it is not what stands. */
async function acceptedInstead(db: Db, rows: readonly ExportedRow[]) {
  const hidden = rows.filter((row) => !row.inFull);
  const span = [Math.min(...hidden.map(({ year }) => year)), Math.max(...hidden.map(({ year }) => year))] as const;
  const ids = hidden.map(({ agencyId }) => agencyId);
  const found = hidden.length === 0 ? [] : await acceptedBefore(db, ids, span);
  const byPlace = new Map(found.map((report) => [`${report.agencyId} ${report.year}`, report.content]));
  return (row: ExportedRow): ExportedReport | undefined => {
    if (row.inFull) return undefined;
    const shown = { ...row, revision: row.acceptedRevision, state: 'ACCEPTED' } as const;
    const content = byPlace.get(`${row.agencyId} ${row.year}`);
    if (!content) return row.revision === row.acceptedRevision ? undefined : { ...shown, figures: makeBlankFigures() };
    const { form, figures, publishedItems } = content;
    return { ...shown, form, publishedTotal: publishedItems?.total ?? null, figures };
  };
}

/** Cells read as one value of a row. */
interface Pack {
  readonly name: `pack${number}`;
  readonly cells: readonly Cell[];
  readonly sql: string;
}

/** SQLite takes so many arguments in one call. */
const cellsInPack = 100;

/** A row of 200 columns takes eight times as long to come over as the same in a few JSON arrays. */
function packsOf(cells: readonly Cell[]): Pack[] {
  return Array.from({ length: Math.ceil(cells.length / cellsInPack) }, (_, index) => {
    const own = cells.slice(index * cellsInPack, (index + 1) * cellsInPack);
    const name = `pack${index}` as const;
    return { name, cells: own, sql: `json_array(${own.map((cell) => `r.${columnOf(cell)}`).join(', ')}) as ${name}` };
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

/** A division as it stood on 31 December of a year, with the code of the one above it. */
export interface DivisionInYear extends Division {
  readonly parent: string | null;
  readonly year: number;
}

/** Codes of divisions after another, in order. */
export async function divisionCodesAfter(db: Db, after: string, first: number): Promise<string[]> {
  const rows = await runSql<{ code: string }>(
    db,
    'select distinct s.code from division_state s where s.code > ? order by s.code limit ?',
    [after, first],
  );
  return rows.map((row) => row.code);
}

/** The divisions that a filter selects of those with these codes, by code and year. */
export async function divisionsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
): Promise<DivisionInYear[]> {
  const rows = await runSql<DivisionInYear>(
    db,
    `select s.division_id as id, s.code, s.name, d.level, s.parent_id as parentId, p.code as parent, y.value as year
     from json_each(?) k cross join division_state s on s.code = k.value join division d on d.id = s.division_id
     join json_each(?) y on ${heldIn('s', 'y.value')}
     left join division_state p on p.division_id = s.parent_id and ${heldIn('p', 'y.value')}
     order by s.code, y.value`,
    [JSON.stringify(codes), JSON.stringify(filter.years)],
  );
  return rows.filter(({ id, year }) => isWithin(filter, year, id));
}

/** A condition that holds for the state of `alias` on 31 December of the year a column names. */
function heldIn(alias: string, year: string): string {
  return `${alias}.valid_from <= ${year} || '-12-31'
    and (${alias}.valid_to is null or ${alias}.valid_to > ${year} || '-12-31')`;
}

function reportCondition({ years, kinds, visible }: ExportFilter): { clause: string; bound: string[] } {
  const { where } = visibleSql(visible);
  const clauses = ['r.year in (select value from json_each(?))', where.clause];
  const bound = [JSON.stringify(years), ...where.bound];
  if (!kinds) return { clause: clauses.join(' and '), bound };
  return {
    clause: [...clauses, 'r.kind in (select value from json_each(?))'].join(' and '),
    bound: [...bound, JSON.stringify(kinds)],
  };
}

function isWithin({ divisions }: ExportFilter, year: number, divisionId: number): boolean {
  return !divisions || (divisions.get(year)?.has(divisionId) ?? false);
}
