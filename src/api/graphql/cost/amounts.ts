/** Amounts that a query gives by its variables: a code, a page's size, how long a list is. */
import type { ValueNode } from 'graphql';
import type { Extent } from '../../../register/extent.js';

/** How much of something an operation asks for. */
export type Amount = (asked: Asked) => number;

/** The variables of a request, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** What the cost of an operation depends on. */
export interface Asked {
  readonly variables: Variables;
  /** By code, what can be found below the divisions that are asked for; of others a page counts as it is asked for. */
  readonly extents?: ReadonlyMap<string, Extent>;
}

/** The code that a request gives for an argument; undefined where it gives none. */
export type CodeOf = (variables: Variables) => string | undefined;

/** The code in a text or a variable. */
export function textOf(value: ValueNode | undefined): CodeOf {
  if (value?.kind === 'StringValue' || value?.kind === 'IntValue') return () => value.value;
  if (value?.kind !== 'Variable') return () => undefined;
  return (variables) => {
    const given = variables[value.name.value];
    return typeof given === 'string' ? given : undefined;
  };
}

/** What counts once. */
export const one = () => 1;

/** The number in an argument, or what is usual. */
export function sizeOf(value: ValueNode | undefined, usual: number): Amount {
  if (value?.kind === 'IntValue') return () => Math.max(0, Number(value.value));
  if (value?.kind !== 'Variable') return () => usual;
  return ({ variables }) => {
    const given = variables[value.name.value];
    return typeof given === 'number' ? Math.max(0, given) : usual;
  };
}

/** The word that a request gives for an argument; undefined where it gives none. */
export function wordOf(value: ValueNode | undefined): CodeOf {
  return value?.kind === 'EnumValue' ? () => value.value : textOf(value);
}

/** How many items a list in an argument has. */
export function lengthOf(value: ValueNode | undefined): Amount {
  if (value?.kind === 'ListValue') return () => value.values.length;
  if (value?.kind !== 'Variable') return one;
  return ({ variables }) => {
    const given = variables[value.name.value];
    return Array.isArray(given) ? given.length : 1;
  };
}
