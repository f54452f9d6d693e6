/**
 * Looking ahead: what a query asks of an object, known before the object is read, so that only the columns asked
 * for are read. Aliases are merged.
 */

/** The fields asked of an object by name, each with what is asked of its own object. */
export interface Selection extends ReadonlyMap<string, Selection> {}

interface Growing extends Map<string, Growing> {}

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

/** The selection of some fields of an object, those of one name merged. */
export function mergeFields(fields: Iterable<{ readonly name: string; readonly asked: Selection }>): Selection {
  const merged: Growing = new Map();
  for (const { name, asked } of fields) mergeInto(fieldOf(merged, name), asked);
  return merged;
}

/** Makes something of a selection once, and keeps it for as long as the plan of its query is kept. */
export function planOnce<Plan>(make: (asked: Selection) => Plan): (asked: Selection) => Plan {
  const kept = new WeakMap<Selection, { readonly plan: Plan }>();
  return (asked) => {
    const known = kept.get(asked);
    if (known) return known.plan;
    const plan = make(asked);
    kept.set(asked, { plan });
    return plan;
  };
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
