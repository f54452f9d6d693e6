/**
 * Of whose reports the answer to a query is made: of those of the places that it names, where it goes from these only to
 * what lies within them, or of all there are. A field that leads to a place and is not known here may lead anywhere.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
  visit,
} from 'graphql';
import type { NamedPlaces } from '../../register/looked-at.js';

/** The register alone, the reports of some places beside it, or all there is (undefined). */
type Looks = NamedPlaces | 'register' | undefined;

type Variables = Readonly<Record<string, unknown>>;

/** Which reports a query looks at, given its variables. */
export type LooksOf = (variables: Variables | undefined) => Looks;

/** Fields that name a place by one of some arguments, the first that is given; without one they lead anywhere. */
const naming: Readonly<Record<string, Readonly<Record<string, 'divisions' | 'agencies'>>>> = {
  county: { code: 'divisions' },
  division: { code: 'divisions' },
  divisions: { below: 'divisions' },
  township: { code: 'agencies' },
  agency: { code: 'agencies' },
  agencies: { division: 'divisions', codes: 'agencies' },
  report: { agency: 'agencies' },
  reports: { division: 'divisions', county: 'divisions', agency: 'agencies' },
};

/** Lists of the register: without a place they are of places anywhere, of which the register alone may be asked. */
const registers: ReadonlySet<string> = new Set(['divisions', 'agencies', 'search']);

/** Where nothing of the store is read at all. */
const fixed: ReadonlySet<string> = new Set(['forms', 'form', 'rules', 'measures', 'measure']);

/** Fields that read the reports of the place that they are asked of. */
const reporting: ReadonlySet<string> = new Set([
  ...['Division.statistics', 'Division.filings', 'Division.findings', 'Division.ranking'],
  ...['Agency.statistics', 'Agency.report'],
]);

/** Fields that lead from a place, or from what is said of it, to places within it. */
const inward: ReadonlySet<string> = new Set([
  ...['Division.children', 'Division.agencies', 'Report.agency', 'Filing.agency', 'ReportFinding.agency'],
  ...['RankingEntry.agency', 'RankingEntry.division', 'UnrankedEntry.agency', 'UnrankedEntry.division'],
  ...['PublishedBeside.report', 'Coverage.missing'],
  ...['DivisionConnection.nodes', 'DivisionConnection.edges', 'DivisionEdge.node'],
  ...['AgencyConnection.nodes', 'AgencyConnection.edges', 'AgencyEdge.node'],
  ...['ReportConnection.nodes', 'ReportConnection.edges', 'ReportEdge.node'],
]);

/** Fields that lead to places elsewhere, of which the register alone may be asked. */
const outward: ReadonlySet<string> = new Set([
  ...['Division.parent', 'DivisionState.parent', 'Agency.county', 'AgencyState.county', 'Break.counterparts'],
  ...['Counterpart.division', 'Counterpart.agency', 'UnallocatedAgency.agency', 'UnallocatedAgency.candidates'],
  ...['SearchHit.agency', 'SearchHit.division', 'SearchHit.within', 'Coverage.elsewhere'],
]);

/** Fields of a place that are of the register. */
const registered: ReadonlySet<string> = new Set([
  ...['Division.deadline', 'Division.states', 'Division.changes', 'Division.beginning', 'Division.ending'],
  ...['Agency.states', 'Agency.changes', 'Agency.otherCodes', 'Agency.beginning', 'Agency.ending'],
]);

/** Types of places, and of what leads to them. */
const places = /^(?:Division|Agency|Report)(?:Connection|Edge)?$/;

/** What one field of Query asks of which places. */
interface Root {
  readonly named: Readonly<Record<string, 'divisions' | 'agencies'>>;
  readonly field: FieldNode;
  readonly reads: 'reports' | 'register' | 'everything';
}

interface Plan {
  readonly roots: readonly Root[];
  readonly width: NamedPlaces['width'];
  /** Whether a frame asks what was known at an instant, when the register was another one. */
  readonly known: boolean;
  /** Whether the variables may ask that, too. */
  readonly open: boolean;
}

/** Plans what an operation looks at, its document without any other. */
export function planLooks(schema: GraphQLSchema, document: DocumentNode): LooksOf {
  const plan = planOf(schema, document);
  return (variables = {}) => looksOf(plan, variables);
}

function looksOf({ roots, width, known, open }: Plan, variables: Variables): Looks {
  if (known || (open && JSON.stringify(variables).includes('"knownOn"'))) return undefined;
  const found: { divisions: string[]; agencies: string[] } = { divisions: [], agencies: [] };
  for (const { named, field, reads } of roots) {
    if (reads === 'everything') return undefined;
    if (reads === 'register') continue;
    const given = Object.entries(named).map(([name, kind]) => ({ kind, codes: codesIn(field, name, variables) }));
    const first = given.find(({ codes }) => codes.length > 0);
    if (!first) return undefined;
    found[first.kind].push(...first.codes);
  }
  const isRegister = found.divisions.length + found.agencies.length === 0;
  return isRegister ? 'register' : { ...found, ...(width && { width }) };
}

function codesIn(field: FieldNode, name: string, variables: Variables): readonly string[] {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  return value ? textsOf(value, variables) : [];
}

function textsOf(value: ValueNode, variables: Variables): readonly string[] {
  if (value.kind === Kind.VARIABLE) {
    return [variables[value.name.value] ?? []].flat().map(String);
  }
  if (value.kind === Kind.LIST) return value.values.flatMap((one) => textsOf(one, variables));
  return value.kind === Kind.STRING || value.kind === Kind.INT ? [value.value] : [];
}

function planOf(schema: GraphQLSchema, document: DocumentNode): Plan {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let width: NamedPlaces['width'];
  let known = false;
  visit(document, {
    FragmentDefinition: (fragment) => void fragments.set(fragment.name.value, fragment),
    ObjectField: ({ name }) => {
      known ||= name.value === 'knownOn';
    },
    // Peers are looked for one level above a county that has too few.
    Field: ({ name }) => {
      if (name.value === 'outliers') width = 'above';
    },
  });
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const query = schema.getQueryType();
  if (!operation || !query) return { roots: [], width, known: true, open: true };
  const open = (operation.variableDefinitions ?? []).some(({ type }) => mayHoldObjects(schema, type));
  const roots = fieldsOf(operation.selectionSet, fragments).map((field): Root => {
    const name = field.name.value;
    const named = naming[name] ?? {};
    if (fixed.has(name) || name.startsWith('__')) return { named, field, reads: 'register' };
    // What is asked of a list of all may be of places anywhere.
    const isNamed = Object.keys(named).some((one) => field.arguments?.some((argument) => argument.name.value === one));
    const where = isNamed ? 'within' : 'outside';
    const below = readsBelow({ schema, fragments }, query, field, where);
    const reads = below === 'register' && name.startsWith('report') ? 'reports' : below;
    return { named, field, reads: reads === 'register' && !registers.has(name) && !isNamed ? 'everything' : reads };
  });
  return { roots, width, known, open };
}

/** Whether a variable of a type may have members: no scalar of GraphQL and no enumeration has. */
function mayHoldObjects(schema: GraphQLSchema, type: TypeNode): boolean {
  if (type.kind !== Kind.NAMED_TYPE) return mayHoldObjects(schema, type.type);
  const named = schema.getType(type.name.value);
  return !named || !(isSpecifiedScalarType(named) || isEnumType(named));
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** What is read below a field: reports of places within the one that was named, the register alone, or everything. */
function readsBelow(
  walk: Walk,
  parent: GraphQLObjectType,
  { name: { value: name }, selectionSet }: FieldNode,
  where: 'within' | 'outside',
): Root['reads'] {
  const type = getNamedType(parent.getFields()[name]?.type);
  if (!isObjectType(type) || !selectionSet) return 'register';
  let reads: Root['reads'] = 'register';
  for (const field of fieldsOf(selectionSet, walk.fragments)) {
    const found = readsOf(walk, type, field, where);
    if (found === 'everything') return found;
    if (found === 'reports') reads = found;
  }
  return reads;
}

function readsOf(walk: Walk, parent: GraphQLObjectType, field: FieldNode, where: 'within' | 'outside'): Root['reads'] {
  const name = field.name.value;
  const path = `${parent.name}.${name}`;
  const declared = parent.getFields()[name];
  const type = getNamedType(declared?.type);
  if (reporting.has(path)) {
    if (where === 'outside') return 'everything';
    return readsBelow(walk, parent, field, where) === 'everything' ? 'everything' : 'reports';
  }
  if (outward.has(path)) return readsBelow(walk, parent, field, 'outside');
  if (inward.has(path) || registered.has(path)) return readsBelow(walk, parent, field, where);
  const isPlain = !isObjectType(type) && (declared?.args.length ?? 0) === 0;
  const leads = isObjectType(type) && places.test(type.name);
  if (leads || (places.test(parent.name) && parent.name !== 'Report' && !isPlain && !isPage(type?.name)))
    return 'everything';
  return readsBelow(walk, parent, field, where);
}

function isPage(name: string | undefined): boolean {
  return name === 'PageInfo';
}

/** The fields of a selection, fragments followed. */
function fieldsOf(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly FieldNode[] {
  return set.selections.flatMap((selected) => {
    if (selected.kind === Kind.FIELD) return [selected];
    const below = selected.kind === Kind.INLINE_FRAGMENT ? selected : fragments.get(selected.name.value);
    return below ? fieldsOf(below.selectionSet, fragments) : [];
  });
}
