/**
 * Apollo Server over the same store: the schema of the service, and resolvers of a county's question that read the rows
 * of the bare route, reports batched by DataLoader, with no rights and nothing else beside. apollo <database file> <port>
 */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import Sqlite from 'better-sqlite3';
import DataLoader from 'dataloader';
import { schemaText } from '../../src/api/graphql/graphql.js';
import { divisionCells, townshipCells } from '../queries.js';
import { nest, prepareRows } from './rows.js';

const [file = '', port = ''] = process.argv.slice(2);
const rows = prepareRows(new Sqlite(file, { readonly: true }));

interface Source {
  readonly id: number;
}
type ReportRow = ReturnType<typeof rows.reportsOf>[number];
interface Context {
  /** Reports of a year by agency. */
  reports(year: number): DataLoader<number, ReportRow | undefined>;
}

const resolvers = {
  Query: {
    county: (_: unknown, { code }: { code: string }) => {
      const id = rows.countyOf(code);
      return id === undefined ? null : { id };
    },
  },
  Division: {
    statistics: ({ id }: Source, { years }: { years: readonly number[] }) => {
      const byYear = new Map(rows.sumsOf(id, years).map((row) => [row.year, row]));
      return years.map((year) => ({ year, applications: nest(divisionCells, byYear.get(year)) }));
    },
    agencies: ({ id }: Source, { year, first }: { year: number; first: number }) => ({
      nodes: rows.townshipsOf(id, `${year}-12-31`, first),
    }),
  },
  Agency: {
    statistics: ({ id }: Source, { years }: { years: readonly number[] }, context: Context) =>
      years.map(async (year) => ({ year, applications: nest(townshipCells, await context.reports(year).load(id)) })),
  },
};

function makeContext(): Context {
  const byYear = new Map<number, DataLoader<number, ReportRow | undefined>>();
  return {
    reports: (year) => {
      const loader = byYear.get(year) ?? new DataLoader(async (ids) => loadReports(ids, year));
      byYear.set(year, loader);
      return loader;
    },
  };
}

function loadReports(ids: readonly number[], year: number): (ReportRow | undefined)[] {
  const found = new Map(rows.reportsOf(ids, year).map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

// The check against forged requests is left out, so that the bench can ask by GET whether it is ready.
const server = new ApolloServer<Context>({ typeDefs: schemaText, resolvers, csrfPrevention: false });
await startStandaloneServer(server, {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async () => makeContext(),
});
