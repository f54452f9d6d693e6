/**
 * Answers a planned operation level by level: each selection once, with all its sources, so that what is read for them is
 * read at once. An answer is written as JSON as it comes; there are no objects between the sources and the text. Nothing
 * waits where no step does.
 */
import { GraphQLError } from 'graphql';
import { type Failure, failureAt, isFailure, keepErrors, nullFailure, type Trail } from './failure.js';
import type { Arguments, FieldPlan, ObjectPlan, ResolveEach, ResolveOne, ValuePlan, Variables } from './shape.js';

/** An answer: its data as JSON, and what failed, in the order of the answer. */
export interface Answer {
  readonly data: string;
  readonly errors: readonly GraphQLError[];
}

/** A value as JSON, or what made null of it and may make null of what holds it. */
type Text = string | Failure;

type MaybePromise<T> = T | Promise<T>;

/** What the steps of one answer share. */
interface Run {
  readonly variables: Variables;
  readonly context: unknown;
  readonly errors: ReturnType<typeof keepErrors>;
}

/** Answers an operation by its plan. `context` is what every step is given. */
export async function execute(plan: ObjectPlan, variables: Variables, context: unknown): Promise<Answer> {
  const errors = keepErrors();
  const run: Run = { variables, context, errors };
  const [text = 'null'] = await writeObjects(run, plan, [{}], undefined);
  if (isFailure(text)) errors.keep(text, undefined, 0);
  return { data: isFailure(text) ? 'null' : text, errors: errors.all() };
}

/** Writes what is asked of some objects. */
function writeObjects(
  run: Run,
  { fields }: ObjectPlan,
  sources: readonly unknown[],
  trail: Trail | undefined,
): MaybePromise<Text[]> {
  const columns: Text[][] = [];
  let waiting: Promise<void>[] | undefined;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index];
    if (!field) continue;
    const column = writeField(run, field, sources, trail);
    if (column instanceof Promise) {
      waiting ??= [];
      waiting.push(
        column.then((texts) => {
          columns[index] = texts;
        }),
      );
    } else columns[index] = column;
  }
  if (!waiting) return joinFields(fields, columns, sources.length);
  return Promise.all(waiting).then(() => joinFields(fields, columns, sources.length));
}

/** Puts the members of each object together; the first that may not be null and is makes null of the object. */
function joinFields(fields: readonly FieldPlan[], columns: readonly (readonly Text[])[], count: number): Text[] {
  const texts: Text[] = [];
  for (let index = 0; index < count; index++) {
    let text = fields.length === 0 ? '{' : '';
    let failed: Failure | undefined;
    for (let place = 0; place < fields.length; place++) {
      const value = columns[place]?.[index] ?? 'null';
      if (typeof value === 'string') text += (fields[place]?.opening ?? '') + value;
      else {
        failed = value;
        break;
      }
    }
    texts.push(failed ?? `${text}}`);
  }
  return texts;
}

/** Writes one field of some objects. */
function writeField(
  run: Run,
  field: FieldPlan,
  sources: readonly unknown[],
  trail: Trail | undefined,
): MaybePromise<Text[]> {
  const { write, step, name } = field;
  // What a step takes as its source, the schema says.
  if (write) return sources.map((source) => write(source as never));
  const own: Trail = { up: trail, owners: undefined, at: field };
  if (!step || 'writer' in step) {
    // Whatever is not answered by a step is a member of an object.
    const values = sources.map((source) => (source as Readonly<Record<string, unknown>>)[name]);
    return writeValues(run, field.value, values, own);
  }
  const values = resolve(run, field, step, sources, own);
  if (values instanceof Promise) return values.then((found) => writeValues(run, field.value, found, own));
  return writeValues(run, field.value, values, own);
}

function resolve(
  run: Run,
  field: FieldPlan,
  step: ResolveOne | ResolveEach,
  sources: readonly unknown[],
  trail: Trail,
): MaybePromise<readonly unknown[]> {
  const failAll = (error: unknown) => sources.map((_, index) => failureAt(error, trail, index));
  let args: Arguments;
  try {
    args = field.argumentsFrom(run.variables);
  } catch (error) {
    return failAll(error);
  }
  if (typeof step === 'function') return resolveOne(run, field, step, args, sources, trail);
  try {
    // What a step takes and gives, the schema says.
    const found = step.each(sources as never, args as never, run.context as never, field.asked);
    if (found instanceof Promise) return found.then((values) => values as readonly unknown[], failAll);
    return found as readonly unknown[];
  } catch (error) {
    return failAll(error);
  }
}

function resolveOne(
  run: Run,
  { asked }: FieldPlan,
  step: ResolveOne,
  args: Arguments,
  sources: readonly unknown[],
  trail: Trail,
): MaybePromise<readonly unknown[]> {
  let waits = false;
  const values = sources.map((source, index) => {
    try {
      // As above.
      const value = step(source as never, args as never, run.context as never, asked);
      if (!(value instanceof Promise)) return value;
      waits = true;
      return value.catch((error: unknown) => failureAt(error, trail, index));
    } catch (error) {
      return failureAt(error, trail, index);
    }
  });
  return waits ? Promise.all(values) : values;
}

/** Writes some values of a type. */
function writeValues(run: Run, plan: ValuePlan, values: readonly unknown[], trail: Trail): MaybePromise<Text[]> {
  if (plan.kind === 'leaf') {
    const { write } = plan;
    return values.map((value, index) => {
      if (value === null || value === undefined) return settle(run, plan, 'null', trail, index);
      if (isFailure(value)) return settle(run, plan, value, trail, index);
      try {
        return write(value);
      } catch (error) {
        return settle(run, plan, failureAt(error, trail, index), trail, index);
      }
    });
  }
  const texts = plan.kind === 'list' ? writeLists(run, plan.item, values, trail) : writeFound(run, plan, values, trail);
  const settleAll = (found: Text[]) => {
    for (let index = 0; index < found.length; index++) {
      const text = found[index];
      if (text === 'null' || typeof text !== 'string') {
        found[index] = settle(run, plan, text ?? 'null', trail, index);
      }
    }
    return found;
  };
  return texts instanceof Promise ? texts.then(settleAll) : settleAll(texts);
}

/** What becomes of a null or a failure: where null may stand it stays, with its error; where it may not, it goes on upwards. */
function settle(run: Run, { required }: ValuePlan, text: Text, trail: Trail, index: number): Text {
  if (text === 'null') return required ? nullFailure(trail, index) : text;
  if (required || typeof text === 'string') return text;
  run.errors.keep(text, trail, index);
  return 'null';
}

/** Writes objects, of those values that are any. */
function writeFound(
  run: Run,
  { object }: Extract<ValuePlan, { readonly kind: 'object' }>,
  values: readonly unknown[],
  trail: Trail,
): MaybePromise<Text[]> {
  const owners: number[] = [];
  const sources: unknown[] = [];
  const texts: Text[] = values.map((value, index) => {
    if (value === null || value === undefined) return 'null';
    if (isFailure(value)) return value;
    owners.push(index);
    sources.push(value);
    return 'null';
  });
  if (sources.length === 0) return texts;
  const all = sources.length === values.length;
  const own: Trail = all ? trail : { up: trail, owners, at: undefined };
  const spread = (found: Text[]) => {
    if (all) return found;
    for (const [place, owner] of owners.entries()) texts[owner] = found[place] ?? 'null';
    return texts;
  };
  const found = writeObjects(run, object, sources, own);
  return found instanceof Promise ? found.then(spread) : spread(found);
}

/** Writes lists: the items of all of them at once. */
function writeLists(run: Run, plan: ValuePlan, values: readonly unknown[], trail: Trail): MaybePromise<Text[]> {
  const owners: number[] = [];
  const places: number[] = [];
  const items: unknown[] = [];
  const lists = values.map((value, owner) => {
    if (value === null || value === undefined || isFailure(value)) return value;
    if (!Array.isArray(value)) {
      return failureAt(new GraphQLError('Expected a list, and something else was found.'), trail, owner);
    }
    for (let place = 0; place < value.length; place++) {
      owners.push(owner);
      places.push(place);
      items.push(value[place]);
    }
    return value;
  });
  const join = (texts: readonly Text[]): Text[] => {
    let next = 0;
    return lists.map((list) => {
      if (isFailure(list)) return list;
      if (!Array.isArray(list)) return 'null';
      const end = next + list.length;
      const text = joinItems(texts, next, end);
      next = end;
      return text;
    });
  };
  const texts = writeValues(run, plan, items, { up: trail, owners, at: places });
  return texts instanceof Promise ? texts.then(join) : join(texts);
}

function joinItems(texts: readonly Text[], from: number, to: number): Text {
  let joined = '[';
  for (let index = from; index < to; index++) {
    const text = texts[index] ?? 'null';
    if (typeof text !== 'string') return text;
    joined += index === from ? text : `,${text}`;
  }
  return `${joined}]`;
}
