/**
 * Arguments and variables, read by what is known of them once a query is planned: the usual ones are taken as they are.
 * Whatever else there may be, an error among it, is left to graphql-js, of which they say the same.
 */
import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLError,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
} from 'graphql';
import type { Arguments, Variables } from './shape.js';

/** Reads a value from the variables; undefined where graphql-js is to say what it is. */
type ReadValue = (variables: Variables) => unknown;

const noArguments: Arguments = {};

/** Reads a field's arguments: at once where no variable is in them. Throws GraphQL's error. */
export function readerOfArguments(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (variables: Variables) => Arguments {
  if (definition.args.length === 0) return () => noArguments;
  if (!(node.arguments ?? []).some(hasVariable)) {
    const fixed = getArgumentValues(definition, node);
    return () => fixed;
  }
  const readers = definition.args.flatMap((argument) => {
    const given = node.arguments?.find(({ name }) => name.value === argument.name);
    const read = given ? readerOf(given.value, argument.type) : defaultOf(argument);
    return read ? [{ name: argument.name, read }] : [];
  });
  return (variables) => {
    const read: Record<string, unknown> = {};
    for (const one of readers) {
      const value = one.read(variables);
      if (value === undefined) return getArgumentValues(definition, node, variables);
      read[one.name] = value;
    }
    return read;
  };
}

/** What an argument is that is not given; undefined where it is nothing. One that must be given was asked for before. */
function defaultOf({ defaultValue }: GraphQLArgument): ReadValue | undefined {
  return defaultValue === undefined ? undefined : () => defaultValue;
}

function readerOf(node: ValueNode, type: GraphQLInputType): ReadValue {
  if (node.kind === Kind.VARIABLE) return readerOfVariable(node.name.value, isNonNullType(type));
  if (!hasVariable(node)) {
    const fixed: unknown = valueFromAST(node, type);
    return () => fixed;
  }
  const bare = isNonNullType(type) ? type.ofType : type;
  if (node.kind !== Kind.LIST || !isListType(bare)) return (variables) => valueFromAST(node, type, variables);
  const items = node.values.map((item) => readerOf(item, bare.ofType));
  return (variables) => {
    const list: unknown[] = [];
    for (const read of items) {
      const item = read(variables);
      if (item === undefined) return undefined;
      list.push(item);
    }
    return list;
  };
}

function readerOfVariable(name: string, required: boolean): ReadValue {
  return (variables) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === null && required ? undefined : value;
  };
}

function hasVariable(node: ArgumentNode | ValueNode): boolean {
  let found = false;
  visit(node, {
    Variable: () => {
      found = true;
    },
  });
  return found;
}

/** Coerces the variables that an operation declares. Returns GraphQL's errors. */
export function readerOfVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (given: Variables) => Variables | readonly GraphQLError[] {
  const names = definitions.map(({ variable, type }) => ({
    name: variable.name.value,
    isPlain: plainValuesOf(schema, type),
  }));
  return (given) => {
    const read: Record<string, unknown> = {};
    for (const { name, isPlain } of names) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (!isPlain(value)) {
        const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 20 });
        return errors ?? coerced;
      }
      read[name] = value;
    }
    return read;
  };
}

/** Values that the scalars of GraphQL take as they are. */
const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  ID: (value) => typeof value === 'string',
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  // Of 32 bits.
  Int: (value) => typeof value === 'number' && (value | 0) === value,
};

/** Which values of a type are coerced to themselves, as far as that is easily said: of other types none are. */
function plainValuesOf(schema: GraphQLSchema, node: VariableDefinitionNode['type']): (value: unknown) => boolean {
  const bare = node.kind === Kind.NON_NULL_TYPE ? node.type : node;
  if (bare.kind === Kind.LIST_TYPE) {
    const isPlain = plainValuesOf(schema, bare.type);
    return (value) => Array.isArray(value) && value.every(isPlain);
  }
  const type = typeFromAST(schema, bare);
  return (type && plain[type.name]) ?? (() => false);
}
