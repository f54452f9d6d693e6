/**
 * What a query takes to answer, reckoned before anything is read for an answer. The unit is **10 µs of a core** of the
 * machine on which `npm run bench:cost` fitted the prices: it measures every field, takes out how much quicker or slower
 * the machine at hand is, and fails where a price is off by more than a factor of two. What a field takes follows the number of items asked for, or of what the register knows to
 * be there if that is less, and how much lies below the division that it looks through.
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
import { defaultFirst } from './parts/paging.js';

/** What a field of the schema takes, in points of 10 µs. */
export interface Price {
  /** Itself, once. */
  readonly own?: number;
  /** Itself, for every item of the page or list it reads. */
  readonly each?: number;
  /** Itself, once, by how much lies below the division it is asked of. */
  readonly below?: Below;
  /** The same where the number of all items is asked for beside them. */
  readonly total?: Below;
  /** The same where items are picked by what they are, not by where they lie. */
  readonly picked?: Below;
  /** The same where a frame is asked for: what lies elsewhere in it is looked for in all that lies below. */
  readonly framed?: Below;
  /** How many items of a list to count when no argument gives their number. */
  readonly items?: number;
}

/** Points for each agency and each division that lies below one, and once instead where that is the nation. */
interface Below {
  readonly agency?: number;
  readonly division?: number;
  readonly name?: number;
  readonly nation?: number;
}

/** What every request takes, whatever it asks. */
const request = 25;

/** What every value of the answer takes: to be looked up, checked and written as JSON. */
const value = 0.13;

/** What it takes to parse, check, plan and price a text that was not asked before, and its statements. */
export function preparationCost(fields: number): number {
  return Math.ceil(150 + 2.5 * fields);
}

const lookup: Price = { own: 5 };
const constant: Price = { own: value };

/** Fields that read the store, take arguments or answer lists. */
export const prices: Readonly<Record<string, Price>> = {
  'Query.county': lookup,
  'Query.division': lookup,
  'Query.township': lookup,
  'Query.agency': lookup,
  'Query.report': { own: 25 },
  'Query.reports': {
    own: 30,
    each: 14,
    below: { division: 0.5, agency: 0.004, nation: 10 },
    total: { agency: 0.002, nation: 20 },
    picked: { agency: 0.02, nation: 550 },
  },
  'Query.divisions': {
    own: 10,
    each: 0.6,
    below: { division: 0.15, nation: 120 },
    total: { division: 0.1, nation: 60 },
  },
  'Query.agencies': {
    own: 10,
    each: 0.9,
    below: { division: 0.15, agency: 0.02, nation: 5 },
    total: { division: 0.2, agency: 0.03 },
    picked: { agency: 0.1, nation: 700 },
  },
  'Query.search': { own: 150, each: 2.5 },
  'Query.forms': { ...constant, items: forms.length },
  'Query.form': constant,
  'Query.rules': { ...constant, items: rules.length },
  'Division.parent': { own: 3 },
  'Division.children': { own: 8, each: 0.5 },
  'Division.agencies': {
    own: 8,
    each: 0.7,
    below: { division: 0.15, agency: 0.02, nation: 5 },
    total: { division: 0.2, agency: 0.03 },
  },
  'Division.statistics': { own: 8, each: 2, framed: { division: 0.8, agency: 0.08, nation: 0 } },
  'Division.deadline': lookup,
  'Division.states': { own: 5, items: 1.2 },
  'Division.changes': { own: 9, items: 1, below: { division: 0.2, agency: 0.12, nation: 3 } },
  'Division.beginning': { own: 5 },
  'Division.ending': { own: 5 },
  'DivisionState.parent': { own: 3 },
  'PlaceChange.counterparts': { ...constant, items: 1 },
  'Counterpart.division': { own: 3 },
  'Counterpart.agency': { own: 3 },
  'SearchHit.within': { ...constant, items: 3 },
  'Agency.county': { own: 0.5 },
  'Agency.changes': { own: 8, items: 1 },
  'Agency.otherCodes': { own: 1.5, items: 0.2 },
  'Agency.beginning': { own: 6 },
  'Agency.ending': { own: 6 },
  'Agency.statistics': { own: 1, each: 0.6 },
  'Agency.report': { own: 20 },
  'Agency.states': { own: 3, items: 1.2 },
  'AgencyState.county': { own: 0.5 },
  'Statistics.coverage': { own: 3 },
  'Statistics.published': { own: 40 },
  'Statistics.unallocated': { own: 3, framed: { division: 0.5, agency: 0.05, nation: 5_000 } },
  'Statistics.breaks': {
    own: 15,
    items: 1,
    below: { division: 0.6, agency: 0.2, nation: 0 },
    framed: { division: 0.4, agency: 0.05, nation: 0 },
  },
  'Break.counterparts': { ...constant, items: 1 },
  'UnallocatedAgency.candidates': { ...constant, items: 2 },
  'Unallocated.agencies': { own: 1, each: 0.5 },
  'PublishedItems.categories': { own: 6, each: 0.02, below: { name: 0.05 } },
  'PublishedItems.channels': { own: 6, each: 0.02, below: { name: 0.05 } },
  'Coverage.missing': { own: 25, each: 0.5, below: { division: 0.4, agency: 0.08, nation: 2_400 } },
  'Coverage.elsewhere': {
    own: 25,
    each: 0.5,
    below: { division: 0.6, nation: 1 },
    total: { division: 0.6, nation: 1 },
  },
  'Coverage.forms': { ...constant, items: forms.length },
  'Coverage.blanks': { own: 18, items: 40, below: { agency: 0.03, nation: 80 } },
  'Coverage.cells': { own: 20, each: 0.5 },
  'PublishedBeside.differences': { ...constant, items: 50 },
  'Report.revisions': { own: 10, items: 2 },
  'Report.engagement': { ...constant, items: 2 },
  'Report.findings': { ...constant, items: 2 },
  'Finding.cells': { ...constant, items: 5 },
  'Revision.changes': { ...constant, items: 10 },
  'Form.tables': { ...constant, items: 6 },
  'Form.cells': { ...constant, each: 0.2, items: allCells.length },
  'Form.equations': { ...constant, items: 90 },
  'FormTable.rows': { ...constant, items: 10 },
  'FormTable.columns': { ...constant, items: 5 },
  'FormRow.under': { ...constant, items: 1 },
  'FormColumn.under': { ...constant, items: 1 },
  'Equation.left': { ...constant, items: 4 },
  'Equation.right': { ...constant, items: 2 },
  // What the schema has on the average; it has no interfaces or unions, and one input object.
  '__Schema.types': { ...constant, items: 130 },
  '__Schema.directives': { ...constant, items: 5 },
  '__Type.fields': { ...constant, items: 5 },
  '__Type.enumValues': { ...constant, items: 1 },
  '__Type.interfaces': { ...constant, items: 0 },
  '__Type.possibleTypes': { ...constant, items: 0 },
  '__Type.inputFields': { ...constant, items: 0 },
  '__Field.args': { ...constant, items: 1 },
  '__Directive.args': { ...constant, items: 1 },
};

/** The same of one agency's statistics, which are read for a whole page at once. */
const pricesOfAgency: typeof prices = {
  'Statistics.coverage': { own: 0.3 },
  'Statistics.published': constant,
  'Coverage.missing': { own: 0.5 },
  'Coverage.elsewhere': { own: 0.5 },
  'Coverage.blanks': { own: 6, items: 2 },
  'PublishedItems.categories': { own: 9, each: 0.02 },
  'PublishedItems.channels': { own: 9, each: 0.02 },
};

/** How far a query reaches below some fields: to one county, or to a division of any size. */
const breadths: Readonly<Record<string, Place['breadth']>> = {
  'Query.county': 'county',
  'Query.division': 'any',
  'Query.township': 'county',
  'Query.agency': 'county',
  'Query.divisions': 'any',
  'SearchHit.agency': 'county',
  'SearchHit.division': 'any',
  'SearchHit.within': 'any',
  'DivisionState.parent': 'any',
  'Counterpart.division': 'any',
  'Counterpart.agency': 'county',
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
  readonly own: Amount;
  readonly each: number;
  /** How many items it reads: its page, its list, or one. */
  readonly items: Amount;
  /** How often what is below it counts: once for a connection, whose `nodes` count by the page. */
  readonly times: Amount;
  readonly below: readonly Post[];
}

type SizeArgument = 'codes' | 'first' | 'years' | 'cells';

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
    framed: false,
    codes,
  });
  return {
    cost: (asked) => Math.ceil(request + sumPosts(posts, asked)),
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

type CodeOf = (variables: Variables) => string | undefined;

/** Divisions so many steps below one that the query begins with, and how many of them. */
interface DivisionPlace {
  readonly codeOf: CodeOf;
  readonly steps: number;
  readonly count: Amount;
  /** How many of a page's items there can be for each thing counted: reports of several years; 1 when left out. */
  readonly times?: number;
}

interface Place {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The page size of the connection that is looked into. */
  readonly page: Amount;
  /** Whose statistics are looked into. */
  readonly of?: 'agency';
  readonly breadth: 'county' | 'any';
  /** The division that the query began with, and which below it are looked at; left out where that is not known. */
  readonly division?: DivisionPlace;
  /** Whether it lies below figures that a frame is asked for. */
  readonly framed: boolean;
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
    ...(division && { division }),
    ...(ofAgency && { of: 'agency' as const }),
  };
  const inner =
    selected.selectionSet && isObjectType(below) ? priceSelections(below, selected.selectionSet, inside) : [];
  return {
    key: selected.alias?.value ?? name,
    argument,
    own: ownCost(price, selected, asked),
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

type ValueAt = (argument: string) => ValueNode | undefined;

function priceOf(named: string, { of }: Place): Price {
  return (of === 'agency' && pricesOfAgency[named]) || prices[named] || {};
}

/** Lists of which an argument says what they look through. */
const askedOf: Readonly<Record<string, (valueAt: ValueAt, place: Place) => Place>> = {
  'Query.reports': placeOfReports,
  'Query.agencies': (valueAt, place) => placeOfList(valueAt('codes'), valueAt('division'), place),
  'Query.divisions': (valueAt, place) => placeOfList(valueAt('codes'), valueAt('below'), place),
};

/** A list of the register is by codes, which are looked up, of a division, or of the nation. */
function placeOfList(codes: ValueNode | undefined, below: ValueNode | undefined, place: Place): Place {
  if (codes) return { ...place, breadth: 'county' };
  if (!below) return { ...place, breadth: 'any' };
  const codeOf = textOf(below);
  place.codes.push(codeOf);
  return { ...place, breadth: 'any', division: { codeOf, steps: 0, count: one } };
}

/** Reports are asked of a division, of one agency, or of the nation. */
function placeOfReports(valueAt: ValueAt, place: Place): Place {
  const code = valueAt('division') ?? valueAt('county');
  if (valueAt('agency')) return { ...place, breadth: 'county' };
  if (!code) return { ...place, breadth: 'any' };
  const codeOf = textOf(code);
  place.codes.push(codeOf);
  const years = valueAt('year') ? 1 : yearsFiled;
  return { ...place, breadth: 'any', division: { codeOf, steps: 0, count: one, times: years } };
}

/** Reports of one agency where no year is asked for. */
const yearsFiled = 8;

const sizeArguments: readonly SizeArgument[] = ['codes', 'first', 'years', 'cells'];

/** Arguments by which items are picked. */
const picking: readonly string[] = ['state', 'updatedAfter', 'name'];

/** A field's own cost; what it looks through is that of the division it is asked of, on the average of several. */
function ownCost({ own = value, below, total, picked, framed }: Price, selected: FieldNode, place: Place): Amount {
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

/** How much lies below a division. */
interface SizeBelow {
  readonly agencies: number;
  readonly divisions: number;
  readonly names: number;
  readonly isNation: boolean;
}

/** For what is not looked up, or cannot be: a county as counties are, else the nation or, where it is dearer, a province. */
const countySize: SizeBelow = { agencies: 20, divisions: 1, names: 20, isNation: false };
const largeSizes: readonly SizeBelow[] = [
  { agencies: 45_000, divisions: 3_400, names: 1_000, isNation: true },
  { agencies: 3_500, divisions: 230, names: 1_000, isNation: false },
];

/** The sizes that what lies below a division may have. */
function sizesBelow({ breadth, division }: Place, asked: Asked): readonly SizeBelow[] {
  const extent = division && asked.extents?.get(division.codeOf(asked.variables) ?? '');
  const [agencies, divisions] = [extent?.agencies[division?.steps ?? 0], extent?.divisions[division?.steps ?? 0]];
  if (!extent || !division || !agencies || !divisions) return breadth === 'county' ? [countySize] : largeSizes;
  const several = Math.max(1, extent.children[division.steps - 1]?.all ?? 1);
  const size = {
    agencies: (agencies.all * (division.times ?? 1)) / several,
    divisions: divisions.all / several,
    names: extent.names / several,
    isNation: extent.isNation && division.steps === 0,
  };
  return [size];
}

function costBelow(price: Below, { agencies, divisions, names, isNation }: SizeBelow): number {
  const { agency = 0, division = 0, name = 0, nation } = price;
  if (isNation && nation !== undefined) return nation;
  return agency * agencies + division * divisions + name * names;
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

/** Pages that hold no more than lies below the division, and of what. */
const pagesBelow: Readonly<Record<string, 'children' | 'agencies' | 'names'>> = {
  'Division.children': 'children',
  'Division.agencies': 'agencies',
  'Coverage.missing': 'agencies',
  'Coverage.elsewhere': 'agencies',
  'PublishedItems.categories': 'names',
  'PublishedItems.channels': 'names',
  'Query.reports': 'agencies',
};

/** On the average of the divisions: together their pages hold no more than there is below all at these steps. */
function boundPage(named: string, asked: Amount, { division }: Place): Amount {
  const what = pagesBelow[named];
  if (!what || !division) return asked;
  const { codeOf, steps, count, times = 1 } = division;
  return (by) => {
    const extent = by.extents?.get(codeOf(by.variables) ?? '');
    if (extent && what === 'names') return Math.min(asked(by), extent.names);
    const found = what === 'names' ? undefined : extent?.[what][steps];
    return found ? Math.min(asked(by), found.most * times, (found.all * times) / Math.max(1, count(by))) : asked(by);
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
  return elsewhere.test(named) ? undefined : place.division;
}

/** Fields that lead out of the division that a query began with. */
const elsewhere = /^(?:Division\.parent|DivisionState\.parent|Counterpart\.\w+|\w+\.county|AgencyConnection\..*)$/;

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
