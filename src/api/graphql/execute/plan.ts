/**
 * The plan of an operation: which fields its answer has, in their order, and how each is answered and written. It is made
 * once for a query; where variables decide by @skip and @include what is asked, once for each of their values.
 */
import {
  type DocumentNode,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  visit,
} from 'graphql';
import { mergeFields, type Selection } from '../parts/selection.js';
import { readerOfArguments } from './arguments.js';
import { writerOf } from './leaf.js';
import type { Arguments, FieldPlan, ObjectPlan, Step, ValuePlan, Variables } from './shape.js';
import type { Steps } from './steps.js';

/** Finds the plan of an operation for some variables. */
export type Plans = (variables: Variables) => ObjectPlan;

/** How many plans of one operation are kept: as many as four conditions have values. */
const maxKept = 16;

/** Plans an operation of a valid document, by the steps of its fields. */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  steps: Steps,
): Plans {
  const conditions = conditionsOf(document);
  const fragments = fragmentsOf(document);
  const kept = new Map<string, ObjectPlan>();
  const make = (variables: Variables) => {
    const root = schema.getRootType(operation.operation);
    if (!root) throw new Error(`the schema has no ${operation.operation}`);
    const planner: Planner = { schema, steps, fragments, variables };
    return planObject(planner, root, [operation.selectionSet]);
  };
  return (variables) => {
    const key = conditions.map((name) => String(variables[name])).join();
    const known = kept.get(key);
    if (known) return known;
    const plan = make(variables);
    if (kept.size >= maxKept) kept.clear();
    kept.set(key, plan);
    return plan;
  };
}

interface Planner {
  readonly schema: GraphQLSchema;
  readonly steps: Steps;
  readonly fragments: ReadonlyMap<string, SelectionSetNode>;
  readonly variables: Variables;
}

/** The variables that decide what is asked. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, SelectionSetNode> {
  const found = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) found.set(definition.name.value, definition.selectionSet);
  }
  return found;
}

function planObject(planner: Planner, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ObjectPlan {
  const collected = new Map<string, FieldNode[]>();
  const followed = new Set<string>();
  for (const set of sets) collectFields(planner, set, collected, followed);
  const fields = [...collected].map(([key, nodes], place) => planField(planner, type, { key, nodes, place }));
  return { type, fields };
}

/** Collects the fields of a selection by their names in the answer; the schema has no abstract types. */
function collectFields(
  planner: Planner,
  set: SelectionSetNode,
  into: Map<string, FieldNode[]>,
  followed: Set<string>,
): void {
  for (const selected of set.selections) {
    if (!isIncluded(selected, planner.variables)) continue;
    if (selected.kind === Kind.INLINE_FRAGMENT) collectFields(planner, selected.selectionSet, into, followed);
    else if (selected.kind === Kind.FRAGMENT_SPREAD) {
      const name = selected.name.value;
      const fragment = planner.fragments.get(name);
      if (!fragment || followed.has(name)) continue;
      followed.add(name);
      collectFields(planner, fragment, into, followed);
    } else {
      const key = selected.alias?.value ?? selected.name.value;
      const nodes = into.get(key);
      if (nodes) nodes.push(selected);
      else into.set(key, [selected]);
    }
  }
}

function isIncluded(node: SelectionNode, variables: Variables): boolean {
  if (!node.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
  );
}

interface Collected {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly place: number;
}

function planField(planner: Planner, owner: GraphQLObjectType, { key, nodes, place }: Collected): FieldPlan {
  const [node] = nodes;
  if (!node) throw new Error('a field stands in the query');
  const name = node.name.value;
  const shared = { key, name, owner, nodes, place, opening: `${place === 0 ? '{' : ','}${JSON.stringify(key)}:` };
  if (name === '__typename') return typeNameField(shared, owner);
  const { definition, step } = definitionOf(planner, owner, name);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const value = planValue(planner, definition.type, sets);
  const field = {
    ...shared,
    step,
    value,
    asked: askedOf(value),
    argumentsFrom: readerOfArguments(definition, node),
    write: undefined,
  };
  return step && 'writer' in step ? { ...field, write: step.writer(field) } : field;
}

type Definition = ReturnType<GraphQLObjectType['getFields']>[string];

const nothingAsked: Selection = new Map();
const noArguments: Arguments = {};

function typeNameField(
  shared: Omit<FieldPlan, 'step' | 'value' | 'asked' | 'argumentsFrom' | 'write'>,
  owner: GraphQLObjectType,
): FieldPlan {
  const written = JSON.stringify(owner.name);
  const write = () => written;
  return {
    ...shared,
    step: { writer: () => write },
    value: { kind: 'leaf', required: true, write },
    asked: nothingAsked,
    argumentsFrom: () => noArguments,
    write,
  };
}

function definitionOf(
  { schema, steps }: Planner,
  owner: GraphQLObjectType,
  name: string,
): { readonly definition: Definition; readonly step: Step | undefined } {
  const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name);
  const definition = meta ?? owner.getFields()[name];
  if (!definition) throw new Error(`${owner.name} has no field ${name}`);
  const { resolve } = definition;
  if (!resolve) return { definition, step: steps[owner.name]?.[name] };
  // Only fields of introspection have a resolver in the schema, and these look at nothing but the schema.
  const info = { schema } as GraphQLResolveInfo;
  return { definition, step: (source: unknown, args: Arguments) => resolve(source, args, undefined, info) };
}

function planValue(planner: Planner, declared: GraphQLOutputType, sets: readonly SelectionSetNode[]): ValuePlan {
  const required = isNonNullType(declared);
  const type = isNonNullType(declared) ? declared.ofType : declared;
  if (isListType(type)) return { kind: 'list', required, item: planValue(planner, type.ofType, sets) };
  if (isLeafType(type)) return { kind: 'leaf', required, write: writerOf(type) };
  if (isObjectType(type)) return { kind: 'object', required, object: planObject(planner, type, sets) };
  throw new Error(`${String(type)} is no type that this schema has`);
}

/** What is asked of the objects of a value: by the names of the schema, aliases merged. */
function askedOf(value: ValuePlan): Selection {
  if (value.kind === 'list') return askedOf(value.item);
  if (value.kind === 'leaf') return nothingAsked;
  return mergeFields(value.object.fields);
}
