/**
 * The yardsticks: bare Fastify routes that answer a county's question as the service does. `today` reads the rows with
 * prepared statements and nests them; `statement` has SQLite build the JSON, in one statement; `prebuilt` keeps the
 * bytes of each answer. servers/bare <database file> <port>
 */
import Sqlite from 'better-sqlite3';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Cell } from '../../src/form/forms.js';
import { groupBy } from '../../src/groups.js';
import { columnOf } from '../../src/store/columns.js';
import { divisionCells, townshipCells } from '../queries.js';
import { nest, prepareRows } from './rows.js';

interface Asked {
  readonly Params: { readonly code: string };
  readonly Querystring: { readonly years: string; readonly first: string };
}
const [file = '', port = ''] = process.argv.slice(2);
const database = new Sqlite(file, { readonly: true });

const rows = prepareRows(database);

function readAsked({ params, query }: FastifyRequest<Asked>) {
  const years = query.years.split(',').map(Number);
  const last = Math.max(...years);
  return { code: params.code, years, last, day: `${last}-12-31`, first: Number(query.first) };
}

function answerFromRows(request: FastifyRequest<Asked>) {
  const { code, years, last, day, first } = readAsked(request);
  const id = rows.countyOf(code) ?? 0;
  const byYear = new Map(rows.sumsOf(id, years).map((row) => [row.year, row]));
  const agencies = rows.townshipsOf(id, day, first);
  const reports = rows.reportsOf(
    agencies.map((agency) => agency.id),
    last,
  );
  const byAgency = new Map(reports.map((row) => [row.id, row]));
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
}

/** The object of a table's rows as SQLite builds it, of a value for each cell. */
function objectOf(cells: readonly Cell[], sourceOf: (column: string) => string): string {
  const members = [...groupBy(cells, ({ row }) => row)].map(([row, line]) => {
    const columns = line.map((cell) => `'${cell.column}', ${sourceOf(columnOf(cell))}`);
    return `'${row}', json_object(${columns.join(', ')})`;
  });
  return `json_object(${members.join(', ')})`;
}

const whole = database.prepare<[object], { answer: string }>(
  `with
     of_county (id) as (select division_id from division_state where code = :code and valid_to is null),
     of_year (year, figures) as (
       select year, ${objectOf(divisionCells, (column) => `sum(${column})`)} from rollup
       where division_id = (select id from of_county) and inclusion = 'ALL'
         and year in (select value from json_each(:years)) group by year),
     of_agency (code, figures) as (
       select a.code, iif(r.year is null, null, ${objectOf(townshipCells, (column) => `r.${column}`)})
       from agency_state a left join report r on r.agency_id = a.agency_id and r.year = :last
       where a.county_id = (select id from of_county) and a.kind <> 'COUNTY'
         and a.valid_from <= :day and (a.valid_to is null or a.valid_to > :day)
       order by a.code limit :first)
   select json_object('data', json_object('county', json_object(
     'statistics', (
       select json_group_array(json_object('year', asked.value, 'applications', json(of_year.figures)))
       from json_each(:years) asked left join of_year on of_year.year = asked.value),
     'agencies', json_object('nodes', (
       select json_group_array(json_object('code', code, 'statistics',
         json_array(json_object('year', :last, 'applications', json(figures))))) from of_agency))))) as answer`,
);

function answerFromStatement(request: FastifyRequest<Asked>): string {
  const asked = readAsked(request);
  return whole.get({ ...asked, years: JSON.stringify(asked.years) })?.answer ?? '';
}

const json = (reply: FastifyReply) => reply.type('application/json; charset=utf-8');
const prebuilt = new Map<string, Buffer>();

const app = Fastify();
app.get<Asked>('/today/:code', async (request) => answerFromRows(request));
app.get<Asked>('/statement/:code', async (request, reply) => json(reply).send(answerFromStatement(request)));
app.get<Asked>('/prebuilt/:code', async (request, reply) => {
  const bytes = prebuilt.get(request.url) ?? Buffer.from(answerFromStatement(request));
  prebuilt.set(request.url, bytes);
  return json(reply).send(bytes);
});
app.get('/health/ready', async () => 'ready');
await app.listen({ port: Number(port), host: '127.0.0.1' });
