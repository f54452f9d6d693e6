/**
 * The yardstick: a bare Fastify route that reads the rows the county query reads, with prepared statements, and
 * answers the same JSON. bare-server <database file> <port> <year>...
 */
import Sqlite from 'better-sqlite3';
import Fastify from 'fastify';
import type { Cell } from '../src/form/forms.js';
import { columnOf } from '../src/store/columns.js';
import { divisionCells, townshipCells } from './queries.js';

const [file = '', port = '', ...asked] = process.argv.slice(2);
const years = asked.map(Number);
const last = years.at(-1) ?? 0;
const database = new Sqlite(file, { readonly: true });

type Row = Readonly<Record<string, number | string | null>>;
const list = (cells: readonly Cell[], wrap: (column: string) => string) => cells.map(columnOf).map(wrap).join(', ');
const county = database.prepare<[string], { id: number }>(
  'select division_id as id from division_state where code = ? and valid_to is null',
);
const sums = database.prepare<[number, string], Row>(
  `select year, ${list(divisionCells, (column) => `sum(${column}) as ${column}`)} from rollup
   where division_id = ? and year in (select value from json_each(?)) group by year`,
);
const townships = database.prepare<[number], { id: number; code: string }>(
  `select agency_id as id, code from agency_state where county_id = ? and kind <> 'COUNTY' order by code limit 20`,
);
const reports = database.prepare<[string, number], Row>(
  `select agency_id as id, year, ${list(townshipCells, (column) => column)} from report
   where agency_id in (select value from json_each(?)) and year = ?`,
);

function nest(cells: readonly Cell[], row: Row | undefined) {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const cell of cells) {
    const line = rows[cell.row] ?? {};
    line[cell.column] = row?.[columnOf(cell)] ?? null;
    rows[cell.row] = line;
  }
  return rows;
}

const app = Fastify();
app.get<{ Params: { code: string } }>('/county/:code', async (request) => {
  const { id = 0 } = county.get(request.params.code) ?? {};
  const byYear = new Map(sums.all(id, JSON.stringify(years)).map((row) => [row.year, row]));
  const agencies = townships.all(id);
  const byAgency = new Map(
    reports.all(JSON.stringify(agencies.map((agency) => agency.id)), last).map((row) => [row.id, row]),
  );
  return {
    data: {
      county: {
        statistics: years.map((year) => ({ year, applications: nest(divisionCells, byYear.get(year)) })),
        agencies: {
          nodes: agencies.map((agency) => ({
            code: agency.code,
            statistics: [{ year: last, applications: nest(townshipCells, byAgency.get(agency.id)) }],
          })),
        },
      },
    },
  };
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
