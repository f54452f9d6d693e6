/** Every call of the contract with something to ask: from openapi.json and schema.graphql, so that none is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { schemaText } from '../src/api/graphql/graphql.js';
import { packageRoot } from '../src/root.js';

/** A request as it is injected. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

/** Values for parameters, by their names; for one of a single path by that and the name. */
export type Fillers = Readonly<Record<string, readonly string[]>>;

/** Subscriptions are their tokens' own: the test of subscriptions has what they tell. */
export const noSubscription = `sub_${'0'.repeat(24)}`;
export const noMessage = `msg_${'0'.repeat(32)}`;

/** Values of parameters that do not hang on what a store holds. */
export const usualFillers: Fillers = {
  parent: ['431200'],
  from: ['2026-01-01T00:00:00Z'],
  to: ['2027-01-01T00:00:00Z'],
  first: ['2', '500'],
  after: [Buffer.from('3').toString('base64url')],
  since: ['now'],
  every: ['true'],
  wait: ['0'],
  extension: ['json', 'html', 'csv'],
  '/v1/agencies/{agency}/blank-form/{year}.{extension} extension': ['xlsx', 'docx'],
  '/v1/divisions/{division}/ledger/{year}.{extension} extension': ['html', 'csv', 'xlsx'],
  filled: ['zero'],
  format: ['docx'],
  state: ['SUBMITTED', 'ACCEPTED', 'RETURNED'],
  include: ['ALL', 'ACCEPTED'],
  kinds: ['TOWNSHIP'],
  kind: ['SUBDISTRICT'],
  level: ['COUNTY'],
  late: ['true', 'false'],
  noted: ['true', 'false'],
  by: ['agency', 'county'],
  measures: ['decisions.penalties.decided,applications.closureRate,coverage.rate'],
  years: ['2021,2022'],
  lang: ['en'],
  counts: ['dimension'],
  missing: ['true'],
  elsewhere: ['true'],
  bom: ['true'],
  own: ['true'],
  shape: ['long'],
  headings: ['labels'],
  name: ['not-found'],
  below: ['430000'],
  on: ['2021-12-31'],
  q: ['街'],
  '/v1/agencies name': ['街'],
  '/v1/forms/{id} id': ['2021'],
  '/v1/subscriptions/{id} id': [noSubscription],
  '/v1/subscriptions/{id}/deliveries id': [noSubscription],
  '/v1/subscriptions/{id}/deliveries state': ['FAILED'],
  '/v1/subscriptions/{id}/deliveries/{delivery} id': [noSubscription],
  delivery: [noMessage],
  refusal: ['1'],
};

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly unknown[] }>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

// The committed snapshot, which a test holds to what is served.
const document = JSON.parse(readFileSync(join(packageRoot, 'openapi.json'), 'utf8')) as Document;

interface Call {
  readonly method: Asked['method'];
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

const calls: readonly Call[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [] }]) => ({
    // OpenAPI writes methods in lower case.
    method: method.toUpperCase() as Asked['method'],
    path,
    parameters: parameters.map(resolveParameter),
  })),
);

function resolveParameter(parameter: unknown): Parameter {
  // A parameter, or a reference to one of the components.
  const { $ref } = parameter as { readonly $ref?: string };
  const found =
    $ref === undefined ? (parameter as Parameter) : document.components.parameters[$ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`openapi.json has no parameter ${$ref}`);
  return found;
}

/** The calls that write, as `METHOD path`. */
export const writingCalls: readonly string[] = calls
  .filter(({ method }) => method !== 'GET')
  .map(({ method, path }) => `${method} ${path}`);

/**
 * Every GET of the contract: for every value of each parameter of its path, without a query, and with each value of each
 * parameter of its query. Throws for a parameter that nobody said what to ask of.
 */
export function everyGet(fillers: Fillers): readonly Asked[] {
  return calls.filter(({ method }) => method === 'GET').flatMap((call) => urlsOf(call, fillers));
}

function urlsOf({ path, parameters }: Call, fillers: Fillers): Asked[] {
  const valuesOf = ({ name }: Parameter) => {
    const values = fillers[`${path} ${name}`] ?? fillers[name];
    if (!values) throw new Error(`nobody says what to ask of ${name} in GET ${path}`);
    return values;
  };
  let paths = [path];
  for (const parameter of parameters.filter((one) => one.in === 'path')) {
    paths = paths.flatMap((one) => valuesOf(parameter).map((value) => one.replace(`{${parameter.name}}`, value)));
  }
  const [first = ''] = paths;
  const queries = parameters
    .filter((one) => one.in === 'query')
    .flatMap((parameter) =>
      valuesOf(parameter).map((value) => `${first}?${parameter.name}=${encodeURIComponent(value)}`),
    );
  return [...paths, ...queries].map((url) => ({ method: 'GET', url }));
}

const schema = buildSchema(schemaText);

/** Types of which a query asks one field at a time, since all at once would cost too much. */
const wide =
  /^(Query|Division|Agency|Report|Statistics|SearchHit|Counterpart|(?!Ranking|Unranked)\w+Connection|(?!Unallocated|Ranking|Unranked)\w+Edge)$/;

/** How deep a selection goes from type to type. */
const maxTrail = 4;

/**
 * Queries that together ask for every field of the schema below each field of Query, given the arguments of these, in a frame, and as
 * far as no type lies within itself; there its plain fields are asked for. Throws where a field is asked for by none.
 */
export function everyQuery(
  roots: Readonly<Record<string, readonly string[]>>,
  years: string,
  frame?: string,
): readonly string[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('schema.graphql has no Query');
  const made: Making = { years, frame, fields: new Set(), full: new Set() };
  const queries = Object.values(query.getFields()).flatMap((field) => {
    const asked = roots[field.name];
    if (!asked) throw new Error(`nobody says what to ask of ${field.name}`);
    made.fields.add(`Query.${field.name}`);
    const type = getNamedType(field.type);
    // Of a type that was asked for in full already there is nothing new below it.
    const again = isObjectType(type) && made.full.has(type.name);
    if (isObjectType(type)) made.full.add(type.name);
    const below = !isObjectType(type) ? [''] : again ? [plainOf(made, type)] : selectionsOf(made, type, [type.name]);
    return asked.flatMap((args) => below.map((one) => `{ ${field.name}${args} { ${one} } }`));
  });
  const all = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
      : [],
  );
  const left = all.filter((name) => !made.fields.has(name));
  if (left.length > 0) throw new Error(`no query asks for ${left.join(', ')}`);
  return queries;
}

/** What queries are made with, and which fields they have so far. */
interface Making {
  readonly years: string;
  /** On whose boundaries sums are; as reported where it is left out. */
  readonly frame: string | undefined;
  readonly fields: Set<string>;
  /** Types that a field of Query answers, for which all below it was asked. */
  readonly full: Set<string>;
}

/** Lists of the register: what they list is asked for in full where it is found by its code. */
const listing = /^(Division|Agency|Search)Connection$/;

/** Entries that name an agency or a division, of which other queries ask everything. */
const naming = /^(Ranking|Unranked)Entry$/;

function selectionsOf(made: Making, type: GraphQLObjectType, trail: readonly string[]): string[] {
  const plain = plainOf(made, type);
  const nested = Object.values(type.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    if (!isObjectType(below)) return [];
    made.fields.add(`${type.name}.${field.name}`);
    const call = `${field.name}${argumentsOf(field, made)}`;
    const isListed = listing.test(trail[0] ?? '') && made.full.has(below.name);
    const known = isListed || (naming.test(type.name) && wide.test(below.name));
    if (known || trail.includes(below.name) || (trail.length >= maxTrail && wide.test(below.name))) {
      const only = plainOf(made, below);
      return only === '' ? [] : [`${call} { ${only} }`];
    }
    const inner = selectionsOf(made, below, [...trail, below.name]);
    return (wide.test(below.name) ? inner : [inner.join(' ')]).map((one) => `${call} { ${one} }`);
  });
  if (wide.test(type.name)) return [...(plain === '' ? [] : [plain]), ...nested];
  return [[plain, ...nested].join(' ')];
}

function plainOf(made: Making, type: GraphQLObjectType): string {
  const plain = Object.values(type.getFields()).filter(
    (field) => !isObjectType(getNamedType(field.type)) && field.args.length === 0,
  );
  const asked = Object.values(type.getFields()).filter(
    (field) => !isObjectType(getNamedType(field.type)) && field.args.length > 0,
  );
  for (const { name } of [...plain, ...asked]) made.fields.add(`${type.name}.${name}`);
  return [...plain.map(({ name }) => name), ...asked.map((field) => `${field.name}${argumentsOf(field, made)}`)].join(
    ' ',
  );
}

/** What fields below those of Query are asked, by the names of their arguments. */
function argumentsOf({ name, args }: GraphQLField<unknown, unknown>, { years, frame }: Making): string {
  const values: Readonly<Record<string, string>> = {
    ...(frame !== undefined && { frame }),
    years: `[${years}]`,
    year: years.split(',').at(-1) ?? '',
    first: '8',
    cells: '["decisions.penalties.decided", "applications.newReceived.total"]',
    measure: '"decisions.penalties.decided"',
    measures: '["decisions.penalties.decided", "applications.closureRate", "publishedItems.total"]',
    of: 'AGENCY',
    among: 'NATION',
  };
  const given = args.flatMap((argument) => {
    const value = values[argument.name];
    if (value === undefined && isRequiredArgument(argument)) {
      throw new Error(`nobody says what to ask of ${argument.name} in ${name}`);
    }
    return value === undefined ? [] : [`${argument.name}: ${value}`];
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}
