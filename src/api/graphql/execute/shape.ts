/** What a plan is made of: what an answer's objects, fields and values look like, and how the fields are answered. */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { Selection } from '../parts/selection.js';
import type { WriteLeaf } from './leaf.js';

/** The values of an operation's variables. */
export type Variables = Readonly<Record<string, unknown>>;

/** The values of a field's arguments. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What is asked of an object, in the order of the answer. */
export interface ObjectPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
}

/** One member of an answer. */
export interface FieldPlan {
  /** Its name in the answer: the alias, if it has one. */
  readonly key: string;
  /** Its name in the schema. */
  readonly name: string;
  readonly owner: GraphQLObjectType;
  /** Where it stands in the query; where it is asked more than once, in each place. */
  readonly nodes: readonly FieldNode[];
  /** Its place among the members. */
  readonly place: number;
  /** What comes before its value: the bracket or comma, and its name. */
  readonly opening: string;
  /** Undefined where it is a member of the source. */
  readonly step: Step | undefined;
  readonly argumentsFrom: (variables: Variables) => Arguments;
  readonly value: ValuePlan;
  /** What is asked of the object that it answers, for who looks ahead. */
  readonly asked: Selection;
  /** Writes the whole field, where its step is of that kind. */
  readonly write: ((source: never) => string) | undefined;
}

/** How a value is written. `required`: null is a failure. */
export type ValuePlan = { readonly required: boolean } & (
  | { readonly kind: 'leaf'; readonly write: WriteLeaf }
  | { readonly kind: 'list'; readonly item: ValuePlan }
  | { readonly kind: 'object'; readonly object: ObjectPlan }
);

/** Answers a field of one source; `asked` is what the query asks of what it answers. May return a promise. */
export type ResolveOne = (source: never, args: never, context: never, asked: Selection) => unknown;

/** Answers a field of all sources of a level at once, in their order. */
export interface ResolveEach {
  readonly each: (sources: never, args: never, context: never, asked: Selection) => unknown;
}

/** Makes, once a query, what writes a field of a source as JSON; nothing of it can fail. */
export interface WriteField {
  readonly writer: (field: FieldPlan) => (source: never) => string;
}

/** How a field is answered. */
export type Step = ResolveOne | ResolveEach | WriteField;
