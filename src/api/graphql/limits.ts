/**
 * What a query may ask for at most. Each limit is checked before anything that costs more than the check itself:
 * the text before it is parsed, the shape before it is validated, the cost before anything is read.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Lexer,
  type OperationDefinitionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { Problem } from '../../problem.js';
import type { Label } from '../../words.js';
import type { FieldCost } from './cost/cost.js';
import { queryFault } from './query-faults.js';

/** The limits, by the names that refusals give them. */
export const limits = {
  /** Characters of the text. */
  length: 20_000,
  tokens: 2_000,
  /** Brackets inside brackets, of any kind. */
  nesting: 50,
  /** Fields inside fields, fragments followed. */
  depth: 15,
  /** The same below `__schema` and `__type`, whose chains of `ofType` are long. */
  introspectionDepth: 20,
  /** Aliases, and fields named again in the same place, fragments followed. */
  aliases: 100,
  /** Fields in all, fragments followed. */
  fields: 1_500,
  fragments: 100,
  /** What the answer may take, in points of 10 µs: half a second of a core; see `cost/prices.ts`. */
  cost: 50_000,
} as const;

/** The name of a limit. */
type Limit = keyof typeof limits;

/** Refuses a query that asks for more than a limit. Throws `query-too-large`. */
function refuseBeyond(limit: Limit, actual: number): void {
  const allowed = limits[limit];
  if (actual <= allowed) return;
  throw new Problem(
    'query-too-large',
    {
      zh: `查询的 ${limit} 为 ${actual}，上限为 ${allowed}。`,
      en: `The query's ${limit} is ${actual}; at most ${allowed} is taken.`,
    },
    { limit, allowed, actual },
  );
}

/** Refuses a query that would cost too much, naming the fields that cost most and what to lower. Throws `query-too-large`. */
export function refuseCost(actual: number, dearest: () => readonly FieldCost[]): void {
  const allowed = limits.cost;
  if (actual <= allowed) return;
  const costs = dearest();
  const listed = (say: keyof Label, mark: string) => costs.map((one) => saidOf(one)[say]).join(mark);
  throw new Problem(
    'query-too-large',
    {
      zh: `查询的费用为 ${actual}，上限为 ${allowed}。最高的字段：${listed('zh', '；')}。`,
      en: `The query costs ${actual}; at most ${allowed} is taken. What costs most: ${listed('en', '; ')}.`,
    },
    { limit: 'cost', allowed, actual, costs },
  );
}

function saidOf({ path, cost, lower, items }: FieldCost): Label {
  return lower === null
    ? { zh: `${path} 为 ${cost}`, en: `${path} is ${cost}` }
    : {
        zh: `${path} 为 ${cost}（请调低 ${lower}，现计 ${items}）`,
        en: `${path} is ${cost} (lower ${lower}: ${items} count)`,
      };
}

/** Checks a text before it is parsed. Throws `query-too-large`, or GraphQL's error for what is no token. */
export function checkText(text: string): void {
  refuseBeyond('length', text.length);
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let open = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    refuseBeyond('tokens', ++tokens);
    if (kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L || kind === TokenKind.BRACKET_L) open++;
    if (kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R || kind === TokenKind.BRACKET_R) open--;
    refuseBeyond('nesting', open);
  }
}

/** The size of a selection, with a fragment counted each time it is spread. */
interface Extent {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number;
}

/**
 * Checks the shape of a parsed operation before it is validated: each fragment is measured once, so that a bomb
 * of fragments costs no more than its text. Throws `query-too-large`, or GraphQL's error for fragments in a circle.
 * Returns how many fields it has.
 */
export function checkShape(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
  }
  refuseBeyond('fragments', fragments.size);
  const measured = new Map<string, Extent | 'open'>();
  const extent = measureSelections(operation.selectionSet, (name) => measureFragment(name, fragments, measured));
  for (const limit of ['depth', 'introspectionDepth', 'aliases', 'fields'] as const) {
    refuseBeyond(limit, extent[limit]);
  }
  return extent.fields;
}

const nothing: Extent = { depth: 0, introspectionDepth: 0, aliases: 0, fields: 0 };

function measureFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  measured: Map<string, Extent | 'open'>,
): Extent {
  const known = measured.get(name);
  if (known === 'open') {
    throw queryFault({
      zh: `片段 ${name.slice(0, 100)} 循环引用。`,
      en: `The fragment ${name.slice(0, 100)} spreads itself.`,
    });
  }
  const fragment = fragments.get(name);
  if (known || !fragment) return known ?? nothing;
  measured.set(name, 'open');
  const extent = measureSelections(fragment.selectionSet, (spread) => measureFragment(spread, fragments, measured));
  measured.set(name, extent);
  return extent;
}

function measureSelections(set: SelectionSetNode, fragmentOf: (name: string) => Extent): Extent {
  const named = new Set<string>();
  let total = nothing;
  for (const selected of set.selections) {
    if (selected.kind === 'Field') {
      const below = selected.selectionSet ? measureSelections(selected.selectionSet, fragmentOf) : nothing;
      const name = selected.name.value;
      const key = selected.alias?.value ?? name;
      const again = selected.alias !== undefined || named.has(key) ? 1 : 0;
      named.add(key);
      const introspects = name === '__schema' || name === '__type';
      const depth = below.depth + 1;
      total = addExtents(total, {
        depth: introspects ? 1 : depth,
        introspectionDepth: introspects ? depth : below.introspectionDepth,
        aliases: below.aliases + again,
        fields: below.fields + 1,
      });
    } else if (selected.kind === 'InlineFragment') {
      total = addExtents(total, measureSelections(selected.selectionSet, fragmentOf));
    } else {
      total = addExtents(total, fragmentOf(selected.name.value));
    }
  }
  return total;
}

function addExtents(one: Extent, other: Extent): Extent {
  return {
    depth: Math.max(one.depth, other.depth),
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
    aliases: one.aliases + other.aliases,
    fields: one.fields + other.fields,
  };
}
