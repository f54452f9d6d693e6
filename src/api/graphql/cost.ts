/**
 * What a query would cost to answer, in values: a field counts one, what reads the store counts more, and a list
 * multiplies what is asked of its items by their number: what the arguments ask for, or what can be found if that is
 * known to be less. It is known before anything is read for an answer.
 */
import {
  type FieldNode,
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
import type { Extent } from '../../register/extent.js';
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
  /** As the answer names it. */
  readonly key: string;
  /** The argument that gives the number of its items. */
  readonly argument: SizeArgument | undefined;
  readonly own: number;
  readonly each: number;
  /** How many items it reads: its page, its list, or one. */
  readonly items: Amount;
  /** How often what is below it counts: once for a connection, whose `nodes` count by the page. */
  readonly times: Amount;
  readonly below: readonly Post[];
}

type SizeArgument = 'first' | 'years' | 'cells';

type Amount = (asked: Asked) => number;

type Variables = Readonly<Record<string, unknown>>;

/** What the cost of an operation depends on. */
interface Asked {
  readonly variables: Variables;
  /** By code, what can be found below the divisions that are asked for; of others a page counts as it is asked for. */
  readonly extents?: ReadonlyMap<string, Extent>;
}

/** A field of a query, with what it and all below it cost. */
export interface FieldCost {
  /** Its name in the answer and the names of those above it, by dots. */
  readonly path: string;
  readonly cost: number;
  /** The argument whose value makes it dear, with the number of items that counts; null where there is none. */
  readonly lower: SizeArgument | null;
  readonly items: number;
}

/** The cost of an operation. */
export interface OperationPrice {
  readonly cost: (asked: Asked) => number;
  /** The fields that cost most, the dearest first; those with an argument to lower before those to leave out. */
  readonly dearest: (asked: Asked) => readonly FieldCost[];
  /** The codes of the divisions that it begins with, each once. */
  readonly codes: (variables: Variables) => readonly string[];
}

/** How many fields a refusal names. */
const dearestListed = 3;

/** Prepares the cost of a valid operation. */
export function priceOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationPrice {
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has queries');
  const codes: CodeOf[] = [];
  const posts = priceSelections(query, operation.selectionSet, {
    fragments,
    page: () => defaultFirst,
    breadth: 'county',
    codes,
  });
  return {
    cost: (asked) => Math.ceil(sumPosts(posts, asked)),
    dearest: (asked) =>
      listCosts(posts, asked, { times: 1, path: [] })
        .sort((one, other) => Number(one.lower === null) - Number(other.lower === null) || other.cost - one.cost)
        .slice(0, dearestListed),
    codes: (variables) => [...new Set(codes.flatMap((codeOf) => codeOf(variables) ?? []))],
  };
}

function sumPosts(posts: readonly Post[], asked: Asked): number {
  return posts.reduce((sum, post) => sum + costOf(post, asked), 0);
}

function costOf({ own, each, items, times, below }: Post, asked: Asked): number {
  return own + each * items(asked) + times(asked) * sumPosts(below, asked);
}

/** Fields that read something of their own: what only leads to them, like `nodes`, is no choice of the client's. */
function listCosts(
  posts: readonly Post[],
  asked: Asked,
  above: { readonly times: number; readonly path: readonly string[] },
): FieldCost[] {
  return posts.flatMap((post) => {
    const { key, argument, own, items, times, below } = post;
    const path = [...above.path, key];
    const inner = listCosts(below, asked, { times: above.times * times(asked), path });
    if (own <= 1 && argument === undefined) return inner;
    const found = items(asked);
    const cost = above.times * costOf(post, asked);
    const lower = argument !== undefined && found > 1 ? argument : null;
    return [{ path: path.join('.'), cost: Math.ceil(cost), lower, items: Math.ceil(found) }, ...inner];
  });
}

type CodeOf = (variables: Variables) => string | undefined;

/** Divisions so many steps below one that the query begins with, and how many of them. */
interface DivisionPlace {
  readonly codeOf: CodeOf;
  readonly steps: number;
  readonly count: Amount;
}

interface Place {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The page size of the connection that is looked into. */
  readonly page: Amount;
  readonly breadth: 'county' | 'any';
  /** The division that the query began with, and which below it are looked at; left out where that is not known. */
  readonly division?: DivisionPlace;
  /** Collects the codes of divisions that the query begins with. */
  readonly codes: CodeOf[];
}

function priceSelections(type: GraphQLObjectType, set: SelectionSetNode, place: Place): Post[] {
  return set.selections.flatMap((selected): Post[] => {
    if (selected.kind === 'InlineFragment') return priceSelections(type, selected.selectionSet, place);
    if (selected.kind === 'FragmentSpread') {
      const fragment = place.fragments.get(selected.name.value);
      return fragment ? priceSelections(type, fragment.selectionSet, place) : [];
    }
    return [priceField(type, selected, place)];
  });
}

function priceField(type: GraphQLObjectType, selected: FieldNode, place: Place): Post {
  const name = selected.name.value;
  const named = `${type.name}.${name}`;
  const field = type.getFields()[name];
  const valueAt = (argument: string) => selected.arguments?.find((given) => given.name.value === argument)?.value;
  const price = prices[named] ?? {};
  const own = (place.breadth === 'any' ? price.wide : undefined) ?? price.own ?? 1;
  const argument = sizeArguments.find((size) => field?.args.some((taken) => taken.name === size));
  const page = argument === 'first' ? boundPage(named, sizeOf(valueAt('first'), defaultFirst), place) : place.page;
  const times = field ? itemsOf(type, field, valueAt, page) : one;
  const items = argument === 'first' ? page : times;
  const below = introspectionRoots[name] ?? (field && getNamedType(field.type));
  const { division: _, ...around } = place;
  const division = divisionBelow(named, valueAt('code'), { ...place, page });
  const inside = { ...around, page, breadth: breadths[named] ?? place.breadth, ...(division && { division }) };
  const inner =
    selected.selectionSet && isObjectType(below) ? priceSelections(below, selected.selectionSet, inside) : [];
  return {
    key: selected.alias?.value ?? name,
    argument,
    own,
    each: price.each ?? 0,
    items,
    times,
    below: inner,
  };
}

const sizeArguments: readonly SizeArgument[] = ['first', 'years', 'cells'];

/** Pages that hold no more than lies below the division, and of what. */
const pagesBelow: Readonly<Record<string, keyof Extent>> = {
  'Division.children': 'children',
  'Division.agencies': 'agencies',
  'Coverage.missing': 'agencies',
};

/** On the average of the divisions: together their pages hold no more than there is below all at these steps. */
function boundPage(named: string, asked: Amount, { division }: Place): Amount {
  const what = pagesBelow[named];
  if (!what || !division) return asked;
  const { codeOf, steps, count } = division;
  return (by) => {
    const found = by.extents?.get(codeOf(by.variables) ?? '')?.[what][steps];
    return found ? Math.min(asked(by), found.most, found.all / Math.max(1, count(by))) : asked(by);
  };
}

/** The division that what is below a field speaks of: one that the query begins with, those below it, or unknown. */
function divisionBelow(named: string, code: ValueNode | undefined, place: Place): Place['division'] {
  if (named === 'Query.county' || named === 'Query.division') {
    const codeOf = textOf(code);
    place.codes.push(codeOf);
    return { codeOf, steps: 0, count: one };
  }
  if (named === 'Division.children' && place.division) {
    const { codeOf, steps, count } = place.division;
    return { codeOf, steps: steps + 1, count: (asked) => count(asked) * place.page(asked) };
  }
  return /^(?:Division\.parent|\w+\.county|AgencyConnection\..*)$/.test(named) ? undefined : place.division;
}

function textOf(value: ValueNode | undefined): CodeOf {
  if (value?.kind === 'StringValue' || value?.kind === 'IntValue') return () => value.value;
  if (value?.kind !== 'Variable') return () => undefined;
  return (variables) => {
    const given = variables[value.name.value];
    return typeof given === 'string' ? given : undefined;
  };
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
  return ({ variables }) => {
    const given = variables[value.name.value];
    return typeof given === 'number' ? Math.max(0, given) : usual;
  };
}

function lengthOf(value: ValueNode | undefined): Amount {
  if (value?.kind === 'ListValue') return () => value.values.length;
  if (value?.kind !== 'Variable') return one;
  return ({ variables }) => {
    const given = variables[value.name.value];
    return Array.isArray(given) ? given.length : 1;
  };
}
