/** The rows that answer a county's question, by prepared statements: what the bare route and Apollo read. */
import type { Database } from 'better-sqlite3';
import type { Cell } from '../../src/form/forms.js';
import { columnOf } from '../../src/store/columns.js';
import { divisionCells, townshipCells } from '../queries.js';

type Row = Readonly<Record<string, number | string | null>>;

const list = (cells: readonly Cell[], wrap: (column: string) => string) => cells.map(columnOf).map(wrap).join(', ');

/** Prepares the statements over a database. */
export function prepareRows(database: Database) {
  const county = database.prepare<[string], { id: number }>(
    'select division_id as id from division_state where code = ? and valid_to is null',
  );
  const sums = database.prepare<[number, string], Row>(
    `select year, ${list(divisionCells, (column) => `sum(${column}) as ${column}`)} from rollup
     where division_id = ? and inclusion = 'ALL' and year in (select value from json_each(?)) group by year`,
  );
  const townships = database.prepare<[number, string, string, number], { id: number; code: string }>(
    `select agency_id as id, code from agency_state
     where county_id = ? and kind <> 'COUNTY' and valid_from <= ? and (valid_to is null or valid_to > ?)
     order by code limit ?`,
  );
  const reports = database.prepare<[string, number], Row>(
    `select agency_id as id, year, ${list(townshipCells, (column) => column)} from report
     where agency_id in (select value from json_each(?)) and year = ?`,
  );
  return {
    countyOf: (code: string) => county.get(code)?.id,
    sumsOf: (id: number, years: readonly number[]) => sums.all(id, JSON.stringify(years)),
    townshipsOf: (id: number, day: string, first: number) => townships.all(id, day, day, first),
    reportsOf: (ids: readonly number[], year: number) => reports.all(JSON.stringify(ids), year),
  };
}

/** A row as the question nests it; null where there is none. */
export function nest(cells: readonly Cell[], row: Row | undefined) {
  if (!row) return null;
  const rows: Record<string, Record<string, unknown>> = {};
  for (const cell of cells) {
    const line = rows[cell.row] ?? {};
    line[cell.column] = row[columnOf(cell)] ?? null;
    rows[cell.row] = line;
  }
  return rows;
}
