/**
 * Looking ahead: what a query asks of an object, known before the object is read, so that only the columns asked
 * for are read. Aliases are merged and conditions (@skip, @include) ignored: it may say more than is asked, never less.
 */
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** The fields asked of an object by name, each with what is asked of its own object. */
export interface Selection extends ReadonlyMap<string, Selection> {}

interface Growing extends Map<string, Growing> {}

type Fragments = GraphQLResolveInfo['fragments'];

/** What a query asks of the object that a field answers. */
function selectionOf(fieldNodes: readonly FieldNode[], fragments: Fragments): Selection {
  const selection: Growing = new Map();
  for (const node of fieldNodes) if (node.selectionSet) collect(node.selectionSet, fragments, selection);
  return selection;
}

/** What is asked of an object by any of several paths: `nodes`, and `edges` by way of `node`. */
export function selectedAt(selection: Selection, ...paths: readonly (readonly string[])[]): Selection {
  const merged: Growing = new Map();
  for (const path of paths) {
    let found: Selection | undefined = selection;
    for (const name of path) found = found?.get(name);
    if (found) mergeInto(merged, found);
  }
  return merged;
}

/**
 * Makes something of a selection once for each place in a query, and keeps it for as long as the query is kept.
 * The first of the field's nodes is what it is kept under; the rest are compared, since conditions may change them.
 */
export function planOnce<Plan>(make: (selection: Selection) => Plan): (info: GraphQLResolveInfo) => Plan {
  const kept = new WeakMap<FieldNode, { readonly nodes: readonly FieldNode[]; readonly plan: Plan }>();
  return ({ fieldNodes, fragments }) => {
    const [first] = fieldNodes;
    if (!first) throw new Error('a field that is resolved stands in the query');
    const known = kept.get(first);
    if (known && isSame(known.nodes, fieldNodes)) return known.plan;
    const plan = make(selectionOf(fieldNodes, fragments));
    kept.set(first, { nodes: fieldNodes, plan });
    return plan;
  };
}

function isSame(one: readonly FieldNode[], other: readonly FieldNode[]): boolean {
  return one === other || (one.length === other.length && one.every((node, index) => node === other[index]));
}

function collect(set: SelectionSetNode, fragments: Fragments, into: Growing): void {
  for (const selected of set.selections) {
    if (selected.kind === 'FragmentSpread') {
      const fragment = fragments[selected.name.value];
      if (fragment) collect(fragment.selectionSet, fragments, into);
    } else if (selected.kind === 'InlineFragment') {
      collect(selected.selectionSet, fragments, into);
    } else {
      const below = fieldOf(into, selected.name.value);
      if (selected.selectionSet) collect(selected.selectionSet, fragments, below);
    }
  }
}

function mergeInto(target: Growing, selection: Selection): void {
  for (const [name, below] of selection) mergeInto(fieldOf(target, name), below);
}

function fieldOf(selection: Growing, name: string): Growing {
  const known = selection.get(name);
  if (known) return known;
  const below: Growing = new Map();
  selection.set(name, below);
  return below;
}
