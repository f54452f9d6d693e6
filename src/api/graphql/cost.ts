/**
 * What a query would cost to answer, in values: a field counts one, what reads the store counts more, and a list
 * multiplies what is asked of its items by their number, as far as the arguments give it. It is known before a read.
 */
import {
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  introspectionTypes,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { allCells, forms } from '../../form/forms.js';
import { rules } from '../../form/rules.js';
import { defaultFirst } from './paging.js';

/** What a field of the schema costs. */
interface Price {
  /** Itself, once. */
  readonly own?: number;
  /** Itself, for every item of the page or list it reads. */
  readonly each?: number;
  /** Itself, once, where the division may be larger than a county: 41,352 agencies are to be looked through. */
  readonly wide?: number;
  /** How many items of a list to count when no argument gives their number. */
  readonly items?: number;
}

const reading: Price = { own: 10 };
const paging: Price = { own: 10, each: 1 };

/** Fields that do not simply count one. */
const prices: Readonly<Record<string, Price>> = {
  'Query.county': reading,
  'Query.division': reading,
  'Query.township': reading,
  'Query.agency': reading,
  'Query.report': { own: 50 },
  'Query.reports': { own: 10, each: 30 },
  'Query.forms': { items: forms.length },
  'Query.rules': { items: rules.length },
  'Division.parent': { own: 2 },
  'Division.children': paging,
  'Division.agencies': { ...paging, wide: 2_000 },
  'Division.statistics': { own: 10, each: 5 },
  'Division.deadline': reading,
  'Agency.county': { own: 2 },
  'Agency.statistics': { own: 2, each: 2 },
  'Agency.report': { own: 50 },
  'Agency.states': { own: 10, items: 3 },
  'AgencyState.county': { own: 2 },
  'Statistics.published': { own: 300 },
  'PublishedItems.categories': { ...paging, wide: 1_000 },
  'PublishedItems.channels': { ...paging, wide: 1_000 },
  'Coverage.missing': { ...paging, wide: 2_000 },
  'Coverage.forms': { items: forms.length },
  'Coverage.blanks': { own: 100, items: 50 },
  'Coverage.cells': { own: 20 },
  'PublishedBeside.differences': { items: 50 },
  'Report.revisions': { own: 100, items: 3 },
  'Report.engagement': { items: 3 },
  'Report.findings': { items: 5 },
  'Revision.changes': { items: 10 },
  'Form.tables': { items: 6 },
  'Form.cells': { items: allCells.length },
  'Form.equations': { items: 100 },
  'FormTable.rows': { items: 10 },
  'FormTable.columns': { items: 5 },
  'Equation.left': { items: 5 },
  // What the schema has on the average; it has no interfaces, unions or input objects.
  '__Schema.types': { items: 75 },
  '__Schema.directives': { items: 5 },
  '__Type.fields': { items: 5 },
  '__Type.enumValues': { items: 1 },
  '__Type.interfaces': { items: 0 },
  '__Type.possibleTypes': { items: 0 },
  '__Type.inputFields': { items: 0 },
  '__Field.args': { items: 1 },
};

/** How far a query reaches below some fields: to one county, or to a division of any size. */
const breadths: Readonly<Record<string, Place['breadth']>> = {
  'Query.county': 'county',
  'Query.division': 'any',
  'Query.township': 'county',
  'Query.agency': 'county',
  'Division.parent': 'any',
  'Division.children': 'any',
  'Agency.county': 'county',
  'AgencyConnection.nodes': 'county',
  'AgencyEdge.node': 'county',
  'AgencyState.county': 'county',
};

/** A field as the reckoning sees it: its own cost, and how often what is below it counts. */
interface Post {
  readonly own: number;
  readonly each: number;
  /** How many items it reads: its page, its list, or one. */
  readonly items: Amount;
  /** How often what is below it counts: once for a connection, whose `nodes` count by the page. */
  readonly times: Amount;
  readonly below: readonly Post[];
}

type Amount = (variables: Variables) => number;

type Variables = Readonly<Record<string, unknown>>;

/** Prepares the cost of a valid operation: a function from the variables to the cost. */
export function priceOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): (variables: Variables) => number {
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has queries');
  const posts = priceSelections(query, operation.selectionSet, {
    fragments,
    page: () => defaultFirst,
    breadth: 'county',
  });
  return (variables) => sumPosts(posts, variables);
}

function sumPosts(posts: readonly Post[], variables: Variables): number {
  return posts.reduce(
    (sum, { own, each, items, times, below }) =>
      sum + own + each * items(variables) + times(variables) * sumPosts(below, variables),
    0,
  );
}

interface Place {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The page size of the connection that is looked into. */
  readonly page: Amount;
  readonly breadth: 'county' | 'any';
}

function priceSelections(type: GraphQLObjectType, set: SelectionSetNode, place: Place): Post[] {
  return set.selections.flatMap((selected): Post[] => {
    if (selected.kind === 'InlineFragment') return priceSelections(type, selected.selectionSet, place);
    if (selected.kind === 'FragmentSpread') {
      const fragment = place.fragments.get(selected.name.value);
      return fragment ? priceSelections(type, fragment.selectionSet, place) : [];
    }
    const name = selected.name.value;
    const field = type.getFields()[name];
    const introspected = introspectionRoots[name];
    const valueAt = (argument: string) => selected.arguments?.find((given) => given.name.value === argument)?.value;
    const price = prices[`${type.name}.${name}`] ?? {};
    const { each = 0 } = price;
    const own = (place.breadth === 'any' ? price.wide : undefined) ?? price.own ?? 1;
    const breadth = breadths[`${type.name}.${name}`] ?? place.breadth;
    const below = introspected ?? (field && getNamedType(field.type));
    const isPaged = field?.args.some((argument) => argument.name === 'first');
    const page = isPaged ? sizeOf(valueAt('first'), defaultFirst) : place.page;
    const times = field ? itemsOf(type, field, valueAt, page) : one;
    const items = isPaged ? page : times;
    const set = selected.selectionSet;
    const inner = set && isObjectType(below) ? priceSelections(below, set, { ...place, page, breadth }) : [];
    return [{ own, each, items, times, below: inner }];
  });
}

const one = () => 1;

/** `__schema` and `__type` are fields of every query and listed in no type. */
const introspectionRoots: Readonly<Record<string, GraphQLObjectType | undefined>> = Object.fromEntries(
  introspectionTypes.flatMap((type) =>
    isObjectType(type) && ['__Schema', '__Type'].includes(type.name)
      ? [[type.name === '__Schema' ? '__schema' : '__type', type]]
      : [],
  ),
);

/** How many items a field answers, by its arguments or by what is usual. */
function itemsOf(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  valueAt: (argument: string) => ValueNode | undefined,
  page: Amount,
): Amount {
  const inner = isNonNullType(field.type) ? field.type.ofType : field.type;
  if (!isListType(inner)) return one;
  for (const list of ['years', 'cells']) {
    if (field.args.some((argument) => argument.name === list)) return lengthOf(valueAt(list));
  }
  const { items } = prices[`${type.name}.${field.name}`] ?? {};
  if (items !== undefined) return () => items;
  const isPaged = field.args.some((argument) => argument.name === 'first') || type.name.endsWith('Connection');
  return isPaged ? page : () => 2;
}

function sizeOf(value: ValueNode | undefined, usual: number): Amount {
  if (value?.kind === 'IntValue') return () => Math.max(0, Number(value.value));
  if (value?.kind !== 'Variable') return () => usual;
  return (variables) => {
    const given = variables[value.name.value];
    return typeof given === 'number' ? Math.max(0, given) : usual;
  };
}

function lengthOf(value: ValueNode | undefined): Amount {
  if (value?.kind === 'ListValue') return () => value.values.length;
  if (value?.kind !== 'Variable') return one;
  return (variables) => {
    const given = variables[value.name.value];
    return Array.isArray(given) ? given.length : 1;
  };
}
