/** What the OpenAPI document says more than once is said once, under a name. */

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Call {
  readonly parameters?: readonly Parameter[];
}

type Named<T> = Readonly<Record<string, T>>;

/** An OpenAPI document as far as it is walked here. */
export interface Document {
  readonly paths: Named<Named<Call>>;
  readonly components: { readonly schemas: Named<unknown>; readonly [kind: string]: Named<unknown> };
}

/** Names the parameters of several calls, and gives one name to what is the same in requests and in answers. */
export function nameRepeats<T extends Document>(document: T): T {
  return nameParameters(dropInput(dropUnused(mergeTwins(shorten(document)))));
}

/** Writes what a schema says in fewer words where there are such: one type or null; any names of members. */
function shorten<T extends Document>(document: T): T {
  // What is left out or put together says the same, so the document keeps its type.
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) => shortenSchema(value)) as T;
}

function shortenSchema(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { propertyNames, ...rest } = value;
  if (isRecord(propertyNames) && propertyNames.type === 'string' && Object.keys(propertyNames).length === 1)
    return rest;
  if (!Array.isArray(value.anyOf) || value.anyOf.length !== 2) return value;
  const [inner, other]: unknown[] = value.anyOf;
  if (!isRecord(inner) || !isRecord(other) || other.type !== 'null' || Object.keys(other).length > 1) return value;
  const isPlain = typeof inner.type === 'string' && !('enum' in inner || 'const' in inner || 'description' in inner);
  const { anyOf, ...outer } = value;
  return isPlain ? { ...inner, type: [inner.type, 'null'], ...outer } : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every schema is written for requests and for answers, `ThingInput` and `Thing`; most are the same in both. */
function mergeTwins<T extends Document>(document: T): T {
  const { schemas } = document.components;
  let twins = Object.keys(schemas).filter((name) => `${name}Input` in schemas);
  for (;;) {
    const text = (name: string) => renameSchemas(JSON.stringify(schemas[name]), twins);
    const same = twins.filter((name) => text(name) === text(`${name}Input`));
    if (same.length === twins.length) return rename(document, same);
    twins = same;
  }
}

/** What only requests have needs no suffix. */
function dropInput<T extends Document>(document: T): T {
  const { schemas } = document.components;
  const lone = Object.keys(schemas).flatMap((name) => /^(.*)Input$/.exec(name)?.[1] ?? []);
  return rename(
    document,
    lone.filter((name) => !(name in schemas)),
  );
}

function rename<T extends Document>(document: T, names: readonly string[]): T {
  const schemas = Object.entries(document.components.schemas).flatMap(([name, schema]) => {
    const short = name.replace(/Input$/, '');
    if (name === short || !names.includes(short)) return [[name, schema]];
    return short in document.components.schemas ? [] : [[short, schema]];
  });
  const renamed = { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
  // Only references change, so the document keeps its type.
  return JSON.parse(renameSchemas(JSON.stringify(renamed), names)) as T;
}

function renameSchemas(text: string, names: readonly string[]): string {
  return text.replace(/"#\/components\/schemas\/([^"]+)Input"/g, (reference, name: string) =>
    names.includes(name) ? `"#/components/schemas/${name}"` : reference,
  );
}

/** What no call refers to, at first or further hand, is dropped. */
function dropUnused<T extends Document>(document: T): T {
  const { schemas, responses = {} } = document.components;
  const parts: Named<Named<unknown>> = { schemas, responses };
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (used.has(`${kind}/${name}`)) continue;
      used.add(`${kind}/${name}`);
      visit(parts[kind]?.[name] ?? null);
    }
  };
  visit(document.paths);
  const kept = Object.entries(parts).map(([kind, named]) => [
    kind,
    Object.fromEntries(Object.entries(named).filter(([name]) => used.has(`${kind}/${name}`))),
  ]);
  return { ...document, components: { ...document.components, ...Object.fromEntries(kept) } };
}

/** A parameter that several calls have is named for itself, or where that name is taken for what it is a parameter of. */
function nameParameters<T extends Document>(document: T): T {
  const calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item).flatMap(({ parameters = [] }) => parameters.map((parameter) => ({ path, parameter }))),
  );
  const texts = calls.map(({ parameter }) => JSON.stringify(parameter));
  const named = new Map<string, string>();
  for (const [index, { path, parameter }] of calls.entries()) {
    const text = texts[index] ?? '';
    if (named.has(text) || texts.indexOf(text) === texts.lastIndexOf(text)) continue;
    named.set(text, freeName(parameter.name, path, new Set(named.values())));
  }
  const refer = (parameter: Parameter) => {
    const name = named.get(JSON.stringify(parameter));
    return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
  };
  const paths = mapCalls(document.paths, (call) =>
    call.parameters ? { ...call, parameters: call.parameters.map(refer) } : call,
  );
  const parameters = Object.fromEntries([...named].map(([text, name]) => [name, JSON.parse(text)]));
  return { ...document, paths, components: { ...document.components, parameters } };
}

function freeName(name: string, path: string, taken: ReadonlySet<string>): string {
  const segments = path.match(/(?<=\/)[a-z]\w*/g)?.slice(1) ?? [];
  const candidates = segments.map((_, index) => [name, 'Of', ...segments.slice(0, index + 1)]);
  const names = [[name], ...candidates].map((words) =>
    words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join(''),
  );
  return names.find((candidate) => !taken.has(candidate)) ?? `${name}${taken.size}`;
}

function mapCalls(paths: Document['paths'], change: (call: Call) => unknown) {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(Object.entries(item).map(([method, call]) => [method, change(call)])),
    ]),
  );
}
