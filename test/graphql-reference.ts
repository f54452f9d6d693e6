/**
 * The reference of GraphQL: graphql-js executes the query over the same steps, one source at a time, and figures come as
 * objects, field by field. Nothing is planned, batched or written by what the service uses for that.
 */
import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Answer } from '../src/api/graphql/execute/execute.js';
import type { Step } from '../src/api/graphql/execute/shape.js';
import type { WrittenFigures } from '../src/api/graphql/figures.js';
import { schemaText } from '../src/api/graphql/graphql.js';
import type { Selection } from '../src/api/graphql/parts/selection.js';
import type { ReportSource } from '../src/api/graphql/reports.js';
import { resolvers } from '../src/api/graphql/resolvers.js';
import type { StatisticsSource } from '../src/api/graphql/statistics.js';
import { printFigure } from '../src/form/check.js';
import {
  noRate,
  organizationCells,
  rateLines,
  rateOf,
  rateSumOf,
  subtotalCells,
  sumCells,
} from '../src/form/derived.js';
import { allCells, type Cell, formOf } from '../src/form/forms.js';
import { organizationSubtotal, subtotals } from '../src/form/lines.js';

type Fragments = Parameters<GraphQLFieldResolver<unknown, unknown>>[3]['fragments'];

/** The schema with resolvers, for the executor of graphql-js. */
export function referenceSchema(): GraphQLSchema {
  const schema = buildSchema(schemaText);
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    for (const [field, step] of Object.entries(fields)) {
      const declared = isObjectType(type) ? type.getFields()[field] : undefined;
      if (declared) declared.resolve = resolverOf(name, field, step);
    }
  }
  return schema;
}

/** What the reference answers. */
export async function executeReference(
  schema: GraphQLSchema,
  query: string,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>> = {},
): Promise<ExecutionResult> {
  return execute({ schema, document: parse(query), contextValue, variableValues });
}

/**
 * Says in what an answer differs from the reference's: the text of its data, members in order, and its errors. Of several
 * errors within one null the specification leaves open which are told: ours tells one for each null that the reference
 * explains, and in the same words and places where both tell the same.
 */
export function differenceFrom(reference: ExecutionResult, { data, errors }: Answer): string | undefined {
  const expected = JSON.stringify(reference.data);
  if (data !== expected) return `${expected}\n${data}`;
  const theirs = reference.errors ?? [];
  const nullOf = ({ path = [] }: GraphQLError) => JSON.stringify(pathOfNull(reference.data, path));
  const [explained, ours] = [new Set(theirs.map(nullOf)), errors.map(nullOf)];
  const told = new Set(ours);
  if (told.size < ours.length) return `a null has several errors: ${ours}`;
  if (told.size !== explained.size || !ours.every((path) => explained.has(path))) {
    return `errors explain ${[...told]}, and ${[...explained]} in the reference`;
  }
  const saidOf = ({ message, locations, path }: GraphQLError) => JSON.stringify([path, message, locations]);
  const byPath = new Map(theirs.map((error) => [String(error.path), saidOf(error)]));
  const other = errors.find((error) => (byPath.get(String(error.path)) ?? saidOf(error)) !== saidOf(error));
  return other && `${saidOf(other)} is not ${byPath.get(String(other.path))}`;
}

/** As far as a path leads before it meets null. */
function pathOfNull(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let at = data;
  for (const [depth, part] of path.entries()) {
    if (at === null || at === undefined) return path.slice(0, depth);
    at = (at as Readonly<Record<string | number, unknown>>)[part];
  }
  return path;
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

function resolverOf(type: string, field: string, step: Step): Resolver {
  if (typeof step === 'object' && 'writer' in step) {
    return (source) => (type === 'Report' ? tableOfReport(source as ReportSource, field) : tableOfSums(source, field));
  }
  return async (source, args, context, { fieldNodes, fragments }) => {
    const asked = selectionOf(
      fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      fragments,
    );
    if (typeof step === 'function') return step(source as never, args as never, context as never, asked);
    const [answer] = (await step.each([source] as never, args as never, context as never, asked)) as unknown[];
    return answer;
  };
}

/** What is asked, conditions ignored: it may say more than is asked, never less. */
function selectionOf(sets: readonly SelectionSetNode[], fragments: Fragments): Selection {
  const below = new Map<string, SelectionSetNode[]>();
  const collect = (set: SelectionSetNode): void => {
    for (const selected of set.selections) {
      if (selected.kind === 'Field') {
        const name = selected.name.value;
        below.set(name, [...(below.get(name) ?? []), ...(selected.selectionSet ? [selected.selectionSet] : [])]);
      } else if (selected.kind === 'InlineFragment') collect(selected.selectionSet);
      else {
        const fragment = fragments[selected.name.value];
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return new Map([...below].map(([name, own]) => [name, selectionOf(own, fragments)]));
}

function tableOfReport({ form, figures }: ReportSource, table: string) {
  const has = formOf(form).cells.some((cell) => cell.table === table);
  return has ? tableOf(table, { figures, rates: rateLines.map((rate) => rateSumOf(figures, rate)) }) : null;
}

function tableOfSums(source: unknown, table: string) {
  const { sums } = source as StatisticsSource;
  return sums.reports > 0 ? tableOf(table, sums) : null;
}

/** Every row and column of a table, and in table three what is derived from them. */
function tableOf(table: string, { figures, rates }: WrittenFigures): Record<string, unknown> {
  const written: Record<string, Record<string, unknown>> = {};
  const put = (row: string, column: string, boxes: readonly Cell[]) => {
    const [first] = boxes;
    if (first) written[row] = { ...written[row], [column]: printFigure(first, sumCells(figures, boxes)) };
  };
  const own = allCells.filter((cell) => cell.table === table);
  for (const cell of own) put(cell.row, cell.column, [cell]);
  if (table !== 'applications') return written;
  const columns = [...new Set(own.map(({ column }) => column))];
  for (const row of new Set(own.map((cell) => cell.row))) put(row, organizationSubtotal.key, organizationCells(row));
  for (const { key } of subtotals) {
    for (const column of columns) put(key, column, subtotalCells(key, column));
    const inOrganizations = organizationSubtotal.columns.flatMap((column) => subtotalCells(key, column));
    put(key, organizationSubtotal.key, inOrganizations);
  }
  const named = rateLines.map(({ key }, index) => [key, rateOf(rates[index] ?? noRate)]);
  return { ...written, ...Object.fromEntries(named) };
}
