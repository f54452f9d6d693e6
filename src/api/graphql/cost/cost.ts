/** What an operation costs, by the prices of its fields, how many items it asks for, and where: see `prices.ts`. */
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
import { defaultFirst } from '../parts/paging.js';
import { type Amount, type Asked, type CodeOf, lengthOf, one, sizeOf, type Variables, wordOf } from './amounts.js';
import { askedOf, boundPage, costBelow, divisionBelow, type Place, sizesBelow, type ValueAt } from './place.js';
import { breadths, type Price, prices, pricesOfAgency, requestCost, valueCost } from './prices.js';

/** A field as the reckoning sees it: its own cost, and how often what is below it counts. */
interface Post {
  /** As the answer names it. */
  readonly key: string;
  /** The argument that gives the number of its items. */
  readonly argument: SizeArgument | undefined;
  readonly own: Amount;
  readonly each: number;
  /** How many items it reads: its page, its list, or one. */
  readonly items: Amount;
  /** How often what is below it counts: once for a connection, whose `nodes` count by the page. */
  readonly times: Amount;
  readonly below: readonly Post[];
}

type SizeArgument = 'codes' | 'first' | 'years' | 'cells' | 'measures';

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
    framed: false,
    count: one,
    codes,
  });
  return {
    cost: (asked) => Math.ceil(requestCost + sumPosts(posts, asked)),
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
  return own(asked) + each * items(asked) + times(asked) * sumPosts(below, asked);
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
    if (own(asked) <= 1 && argument === undefined) return inner;
    const found = items(asked);
    const cost = above.times * costOf(post, asked);
    const lower = argument !== undefined && found > 1 ? argument : null;
    return [{ path: path.join('.'), cost: Math.ceil(cost), lower, items: Math.ceil(found) }, ...inner];
  });
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
  const price = priceOf(named, place);
  const argument = sizeArguments.find(
    (size) => field?.args.some((taken) => taken.name === size) && (size !== 'codes' || valueAt(size)),
  );
  const asked = askedOf[named]?.(valueAt, place) ?? place;
  const page = pageOf(named, argument, valueAt, asked) ?? place.page;
  const times = field ? itemsOf(type, field, valueAt, page) : one;
  const items = argument === 'first' || argument === 'codes' ? page : times;
  const below = introspectionRoots[name] ?? (field && getNamedType(field.type));
  const { division: _, of: __, ...around } = place;
  const division = divisionBelow(named, valueAt('code'), { ...place, page });
  const ofAgency = named === 'Agency.statistics' || (place.of === 'agency' && named !== 'Division.statistics');
  const inside = {
    ...around,
    page,
    breadth: breadths[named] ?? place.breadth,
    framed: place.framed || asksFrame(selected),
    count: (by: Asked) => place.count(by) * times(by),
    ...(division && { division }),
    ...(ofAgency && { of: 'agency' as const }),
  };
  const inner =
    selected.selectionSet && isObjectType(below) ? priceSelections(below, selected.selectionSet, inside) : [];
  return {
    key: selected.alias?.value ?? name,
    argument,
    own: ownCost(price, selected, asked, valueAt),
    each: price.each ?? 0,
    items,
    times,
    below: inner,
  };
}

/** How large a page is that a field opens; undefined where it opens none. */
function pageOf(named: string, argument: SizeArgument | undefined, valueAt: ValueAt, asked: Place): Amount | undefined {
  if (argument === 'codes') return lengthOf(valueAt('codes'));
  return argument === 'first' ? boundPage(named, sizeOf(valueAt('first'), defaultFirst), asked) : undefined;
}

function priceOf(named: string, { of }: Place): Price {
  return (of === 'agency' && pricesOfAgency[named]) || prices[named] || {};
}

const sizeArguments: readonly SizeArgument[] = ['codes', 'first', 'years', 'cells', 'measures'];

/** Arguments by which items are picked. */
const picking: readonly string[] = ['state', 'updatedAfter', 'name', 'severity'];

/** A field's own cost; what it looks through is that of the division it is asked of, on the average of several. */
function ownCost(price: Price, selected: FieldNode, place: Place, valueAt: ValueAt): Amount {
  const { of, among } = price;
  const plain = plainCost(price, selected, place);
  if (of) {
    const word = wordOf(valueAt('of'));
    const dearest = Object.values(of);
    return (asked) => {
      const named = of[word(asked.variables) ?? ''];
      const costs = sizesBelow(place, asked).flatMap((size) =>
        (named ? [named] : dearest).map((one) => costBelow(one, size)),
      );
      return plain(asked) + Math.max(...costs);
    };
  }
  if (!among) return plain;
  const word = wordOf(valueAt('among'));
  const most = Math.max(...Object.values(among));
  // Together those who ask read no more than all peers there are.
  return (asked) =>
    plain(asked) + Math.min(among[word(asked.variables) ?? ''] ?? most, most / Math.max(1, place.count(asked)));
}

function plainCost(
  { own = valueCost, below, total, picked, framed }: Price,
  selected: FieldNode,
  place: Place,
): Amount {
  const counts = mayAsk(selected, 'totalCount', place.fragments);
  const picks = selected.arguments?.some(({ name }) => picking.includes(name.value));
  const isFramed = place.framed || asksFrame(selected);
  const parts = [below, counts && total, picks && picked, isFramed && framed].filter(
    (part) => part !== undefined && part !== false,
  );
  if (parts.length === 0) return () => own;
  return (asked) => {
    const costs = sizesBelow(place, asked).map((size) => parts.reduce((sum, part) => sum + costBelow(part, size), 0));
    return own + Math.max(...costs);
  };
}

/** Whether figures are asked for in a frame; one that a variable leaves out counts too. */
function asksFrame(selected: FieldNode): boolean {
  return selected.arguments?.some(({ name }) => name.value === 'frame') ?? false;
}

/** Whether a field of the object that another answers is selected, conditions ignored. */
function mayAsk(
  { selectionSet }: { readonly selectionSet?: SelectionSetNode | undefined },
  name: string,
  fragments: Place['fragments'],
): boolean {
  return (selectionSet?.selections ?? []).some((selected) => {
    if (selected.kind === 'Field') return selected.name.value === name;
    const inner = selected.kind === 'FragmentSpread' ? fragments.get(selected.name.value) : selected;
    return inner !== undefined && mayAsk(inner, name, fragments);
  });
}

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
  for (const list of ['years', 'cells', 'measures']) {
    if (field.args.some((argument) => argument.name === list)) return lengthOf(valueAt(list));
  }
  const { items } = prices[`${type.name}.${field.name}`] ?? {};
  if (items !== undefined) return () => items;
  const isPaged = field.args.some((argument) => argument.name === 'first') || type.name.endsWith('Connection');
  return isPaged ? page : () => 2;
}
