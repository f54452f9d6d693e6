/** What fails in an answer: where, and of what it makes null. */
import { GraphQLError, locatedError } from 'graphql';
import type { FieldPlan } from './shape.js';

/**
 * Where values of one level came from: by index into the level above (`owners`; the same index where it is left out), as
 * a member of an object or as items of lists, at their places.
 */
export interface Trail {
  readonly up: Trail | undefined;
  readonly owners: readonly number[] | undefined;
  readonly at: FieldPlan | readonly number[] | undefined;
}

const isFailed = Symbol('a failure');

/** A failure on its way up to where null may stand. */
export interface Failure {
  readonly [isFailed]: true;
  readonly failed: unknown;
  readonly trail: Trail;
  readonly index: number;
}

/** The failure of what was thrown at a place of a level. */
export function failureAt(failed: unknown, trail: Trail, index: number): Failure {
  return { [isFailed]: true, failed, trail, index };
}

/** Whether a value is a failure. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && isFailed in value;
}

/** The failure of a null where none may stand. */
export function nullFailure(trail: Trail, index: number): Failure {
  const field = fieldAt(trail);
  return failureAt(
    new GraphQLError(`Cannot return null for non-nullable field ${field.owner.name}.${field.name}.`),
    trail,
    index,
  );
}

/** A place in an answer: its path, and the same with the place of each member, by which places are in order. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly order: readonly number[];
}

function placeOf(trail: Trail | undefined, index: number): Place {
  const path: (string | number)[] = [];
  const order: number[] = [];
  let at = index;
  for (let level = trail; level; level = level.up) {
    if (level.at && 'name' in level.at) {
      path.unshift(level.at.key);
      order.unshift(level.at.place);
    } else if (level.at) {
      const place = level.at[at] ?? 0;
      path.unshift(place);
      order.unshift(place);
    }
    at = level.owners?.[at] ?? at;
  }
  return { path, order };
}

/** The errors of an answer. What is null for an error has that one alone, and none of what would have been in it. */
export function keepErrors() {
  let kept: { readonly order: readonly number[]; readonly error: GraphQLError }[] = [];
  return {
    /** Keeps a failure that made null of a place. */
    keep: ({ failed, trail, index }: Failure, nullAt: Trail | undefined, nullIndex: number): void => {
      const within = placeOf(nullAt, nullIndex).order;
      kept = kept.filter(({ order }) => !within.every((place, depth) => order[depth] === place));
      const { path, order } = placeOf(trail, index);
      kept.push({ order, error: locatedError(failed, fieldAt(trail).nodes, path) });
    },
    /** All that was kept, in the order of the answer. */
    all: (): readonly GraphQLError[] =>
      kept.toSorted((one, other) => compare(one.order, other.order)).map(({ error }) => error),
  };
}

/** The field that a place lies in. */
function fieldAt(trail: Trail): FieldPlan {
  for (let level: Trail | undefined = trail; level; level = level.up) {
    if (level.at && 'name' in level.at) return level.at;
  }
  throw new Error('a value lies in a field');
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [depth, place] of one.entries()) {
    const difference = place - (other[depth] ?? -1);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
