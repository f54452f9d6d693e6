/**
 * Queries on their way to execution: checked against the limits, parsed, validated and priced once, then kept. What
 * is kept is bounded in number and in characters.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  separateOperations,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Extent } from '../../register/extent.js';
import type { Label } from '../../words.js';
import type { GraphqlContext } from './context.js';
import { type OperationPrice, priceOperation } from './cost/cost.js';
import { preparationCost } from './cost/prices.js';
import { readerOfVariables } from './execute/arguments.js';
import { type Answer, execute } from './execute/execute.js';
import { planOperation } from './execute/plan.js';
import type { Variables } from './execute/shape.js';
import { checkShape, checkText, limits, refuseCost } from './limits.js';
import { type LooksOf, planLooks } from './looks.js';
import { queryFault } from './query-faults.js';
import { resolvers } from './resolvers.js';

/** One operation, ready to be executed. */
export interface Query {
  /** Its fields in all, fragments followed. */
  readonly fields: number;
  /** Coerces the variables, undefined where none are declared; GraphQL's errors are returned. */
  readVariables(given: Variables | undefined): Variables | undefined | readonly GraphQLError[];
  /**
   * What the answer takes, in points of 10 µs of a core. Throws `query-too-large` where that is too much. Asks for extents
   * only where it is much without them.
   */
  priceOf(variables: Variables | undefined, findExtent: FindExtent): Promise<number>;
  /** Of whose reports the answer is made. */
  readonly looksAt: LooksOf;
  /** Answers it, by a plan that is made the first time. */
  answer(variables: Variables | undefined, context: GraphqlContext): Promise<Answer>;
}

/** Finds what lies below the division of a code. */
type FindExtent = (code: string) => Promise<Extent | undefined>;

/** How many divisions of a query are looked up before it is refused. */
const extentsFound = 10;

/** Points that are not worth a look at what there is. */
const smallCost = 200;

/** Finds or prepares the query of a text and an operation's name. */
export type Queries = (text: string, operationName: string | undefined) => Query | readonly GraphQLError[];

/** How many queries are kept, and how many characters of them. */
const most = { queries: 256, characters: 400_000 };

/** A keeper of prepared queries: the ones used last stay. Preparing throws `query-too-large`; errors are not kept. */
export function keepQueries(schema: GraphQLSchema): Queries {
  const kept = new Map<string, Query>();
  let characters = 0;
  // The same is asked again and again; to look for it by its text takes a tenth of what the answer does.
  let last: { readonly text: string; readonly operationName: string | undefined; readonly query: Query } | undefined;
  return (text, operationName) => {
    if (last?.text === text && last.operationName === operationName) return last.query;
    const key = `${operationName ?? ''}\n${text}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      last = { text, operationName, query: known };
      return known;
    }
    const prepared = prepareQuery(schema, text, operationName);
    if (!('answer' in prepared)) return prepared;
    characters += key.length;
    kept.set(key, prepared);
    last = { text, operationName, query: prepared };
    for (const oldest of kept.keys()) {
      if (kept.size <= most.queries && characters <= most.characters) break;
      kept.delete(oldest);
      characters -= oldest.length;
    }
    return withPreparation(prepared);
  };
}

/** The query as it is the first time, when to prepare it was most of the work. */
function withPreparation(query: Query): Query {
  const { fields } = query;
  return { ...query, priceOf: async (...asked) => (await query.priceOf(...asked)) + preparationCost(fields) };
}

function prepareQuery(
  schema: GraphQLSchema,
  text: string,
  operationName: string | undefined,
): Query | readonly GraphQLError[] {
  let parsed: DocumentNode;
  let chosen: OperationDefinitionNode;
  try {
    checkText(text);
    parsed = parse(text, { maxTokens: limits.tokens });
    chosen = chooseOperation(parsed, operationName);
    for (const definition of parsed.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) checkShape(parsed, definition);
    }
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
  const errors = validate(schema, parsed, undefined, { maxErrors: 20 });
  if (errors.length > 0) return errors;
  const document = separateOperations(parsed)[chosen.name?.value ?? ''] ?? parsed;
  const price = priceOperation(schema, chosen, fragmentsOf(document));
  const definitions = chosen.variableDefinitions ?? [];
  const required = requiredVariables(schema, document);
  const coerce = readerOfVariables(schema, definitions);
  const readVariables: Query['readVariables'] = (given) => {
    if (definitions.length === 0) return undefined;
    const coerced = coerce(given ?? {});
    if (isErrors(coerced)) return coerced;
    const missing = required.filter(({ variable }) => coerced[variable] === null || coerced[variable] === undefined);
    if (missing.length > 0) return missing.map(({ error }) => error);
    return coerced;
  };
  const plans = planOperation(schema, document, chosen, resolvers);
  return {
    fields: checkShape(document, chosen),
    readVariables,
    priceOf: pricing(price, definitions.length === 0 ? 'fixed' : 'by variables'),
    looksAt: planLooks(schema, document),
    answer: (variables = {}, context) => execute(plans(variables), variables, context),
  };
}

function isErrors(read: Variables | readonly GraphQLError[]): read is readonly GraphQLError[] {
  return Array.isArray(read);
}

/** Prices an operation; reckoned once where no variable can change it. */
function pricing(price: OperationPrice, kind: 'fixed' | 'by variables'): Query['priceOf'] {
  const fixed = kind === 'fixed' ? price.cost({ variables: {} }) : undefined;
  // What lies below the divisions it names is kept for a while, and so is what that makes of its price.
  let reckoned: { readonly extents: ReadonlyMap<string, Extent>; readonly cost: number } | undefined;
  return async (variables = {}, findExtent) => {
    const most = fixed ?? price.cost({ variables });
    if (most <= smallCost) return most;
    const extents = new Map<string, Extent>();
    for (const code of price.codes(variables).slice(0, extentsFound)) {
      const extent = await findExtent(code);
      if (extent) extents.set(code, extent);
    }
    if (fixed !== undefined && reckoned && isSameExtents(reckoned.extents, extents)) return reckoned.cost;
    const asked = { variables, extents };
    const cost = price.cost(asked);
    refuseCost(cost, () => price.dearest(asked));
    reckoned = { extents, cost };
    return cost;
  };
}

function isSameExtents(one: ReadonlyMap<string, Extent>, other: ReadonlyMap<string, Extent>): boolean {
  return one.size === other.size && [...one].every(([code, extent]) => other.get(code) === extent);
}

/** The operation that is asked for. Throws GraphQL's error. */
function chooseOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first] = operations;
  const chosen = name === undefined ? first : operations.find((operation) => operation.name?.value === name);
  if (!first) throw noOperation({ zh: '文档中没有操作。', en: 'The document holds no operation.' });
  if (!chosen)
    throw noOperation({
      zh: `文档中没有名为 ${JSON.stringify(name?.slice(0, 100))} 的操作。`,
      en: `The document holds no operation named ${JSON.stringify(name?.slice(0, 100))}.`,
    });
  if (name === undefined && operations.length > 1) {
    throw noOperation({
      zh: '文档中有多个操作，请用 operationName 指明其一。',
      en: 'The document holds several operations; name one in operationName.',
    });
  }
  if (chosen.operation !== 'query') {
    throw queryFault(
      { zh: '只支持查询，报送请用 REST。', en: 'There are only queries; reports are filed by REST.' },
      { node: chosen },
    );
  }
  return chosen;
}

function noOperation(label: Label): GraphQLError {
  return queryFault(label, { code: 'OPERATION_RESOLUTION_FAILURE' });
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Variables that may be null, in places that may not be: allowed by a default, refused when null is sent. */
function requiredVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
): readonly { readonly variable: string; readonly error: GraphQLError }[] {
  const found: { variable: string; error: GraphQLError }[] = [];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Variable: (node) => {
        const type = types.getInputType();
        if (!isNonNullType(type)) return;
        const name = node.name.value;
        const label = {
          zh: `变量 $${name} 不能为 null，此处应为 ${String(type)}。`,
          en: `Variable "$${name}" must not be null where ${String(type)} is taken.`,
        };
        found.push({ variable: name, error: queryFault(label, { node }) });
      },
    }),
  );
  return found;
}
