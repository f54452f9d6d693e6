/** Relay connections over keyset pages: opaque cursors, `first` of 20 when left out and at most 500. */

import { cursorOf, keyOf } from '../../http/paging.js';
import { invalidParameter } from '../../http/parameters.js';

/** The page size when none is asked for. */
export const defaultFirst = 20;

/** The largest page. */
const maxFirst = 500;

/** The arguments of every list. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A page as a use case returns it; `total` may be null where it was not asked for. */
interface FoundPage<T> {
  readonly items: readonly T[];
  readonly total: number | null;
  readonly more: boolean;
}

/** The page size asked for. Throws `invalid-parameter` below 0 and above 500. */
export function readFirst(first: number | null | undefined): number {
  if (first === null || first === undefined) return defaultFirst;
  if (first >= 0 && first <= maxFirst) return first;
  throw invalidParameter('first', {
    zh: `first 应在 0 至 ${maxFirst} 之间，收到 ${first}。`,
    en: `first must be 0 to ${maxFirst}, not ${first}.`,
  });
}

/** A page of things known by code. Throws `invalid-parameter` for a cursor of another list. */
export function readCodePage({ first, after }: PageArguments): { first: number; after?: string } {
  const size = readFirst(first);
  return typeof after === 'string' ? { first: size, after: keyOf(after, /^[\w-]{2,40}$/) } : { first: size };
}

/** A page of things known by number. Throws `invalid-parameter` for a cursor of another list. */
export function readNumberPage({ first, after }: PageArguments): { first: number; after?: number } {
  const size = readFirst(first);
  return typeof after === 'string' ? { first: size, after: Number(keyOf(after, /^\d{1,15}$/)) } : { first: size };
}

/** A connection as GraphQL reads it. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number | null;
  /** Of a list by codes, those that mean nothing. */
  readonly unknown: readonly string[];
}

/**
 * Writes a page as a connection; `keyOfItem` is what its cursors are made of. Cursors are made when they are read:
 * most queries ask for the nodes alone.
 */
export function connectionOf<Item, Node>(
  page: FoundPage<Item>,
  args: PageArguments,
  keyOfItem: (item: Item) => string | number,
  nodeOf: (item: Item) => Node,
): Connection<Node> {
  const { items } = page;
  const nodes = items.map(nodeOf);
  const cursorAt = (item: Item | undefined) => (item === undefined ? null : cursorOf(keyOfItem(item)));
  return {
    nodes,
    get edges() {
      return items.flatMap((item, index) => {
        const node = nodes[index];
        return node === undefined ? [] : [{ cursor: cursorOf(keyOfItem(item)), node }];
      });
    },
    get pageInfo() {
      return {
        hasNextPage: page.more,
        hasPreviousPage: typeof args.after === 'string',
        startCursor: cursorAt(items[0]),
        endCursor: cursorAt(items.at(-1)),
      };
    },
    totalCount: page.total,
    unknown: [],
  };
}
