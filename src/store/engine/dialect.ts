/**
 * What SQL has no common form for, as small pieces of text: lists and rows bound as one JSON text, members of JSON,
 * rows that cross as JSON, and hints. This file is for SQLite; one of the same exports is all that another engine needs.
 */

/** Whether an expression is among the values of a list: `isIn('s.kind', ':kinds')`. */
export function isIn(expression: string, list: string): string {
  return `${expression} in (select value from json_each(${list}))`;
}

/** Whether two expressions are together among the pairs of a list. */
export function isPairIn(first: string, second: string, pairs: string): string {
  return `(${first}, ${second}) in (select value ->> 0, value ->> 1 from json_each(${pairs}))`;
}

/** Whether a text has another as a part, sign by sign. */
export function hasPart(text: string, part: string): string {
  return `instr(${text}, ${part}) > 0`;
}

/** The items of a list as a table: each row has a `value` and a `key`, its place from 0. */
export function itemsOf(list: string, alias: string): string {
  return `json_each(${list}) ${alias}`;
}

/** A member of a JSON object, or an item of a JSON list, as a text. */
export function textAt(json: string, place: string | number): string {
  return `${json} ->> ${typeof place === 'number' ? place : `'${place}'`}`;
}

/** The same as an integer. */
export function integerAt(json: string, place: string | number): string {
  return textAt(json, place);
}

/** Whether a text is JSON. */
export function isJson(expression: string): string {
  return `json_valid(${expression})`;
}

/** Some expressions as one JSON list. A function takes 127 of them at most. */
export function packed(expressions: readonly string[]): string {
  return `json_array(${expressions.join(', ')})`;
}

/** How many expressions one list of `packedWide` holds; a function takes 127 of them at most. */
const listSize = 120;

/** The same of any number of expressions; `unpackWide` reads it. */
export function packedWide(expressions: readonly string[]): string {
  if (expressions.length <= listSize) return packed(expressions);
  const lists = Math.ceil(expressions.length / listSize);
  return packed(
    Array.from({ length: lists }, (_, index) => packed(expressions.slice(index * listSize, (index + 1) * listSize))),
  );
}

/** One JSON list of an expression's values in all rows: it crosses in one piece, which is most of what reading costs. */
export function packedRows(expression: string): string {
  return `json_group_array(${expression})`;
}

/** What `packedRows` packed; the caller names the type of what its statement writes. Nothing where there was no row. */
export function unpackRows<Item>(packedText: string | undefined): readonly Item[] {
  // Each statement writes what its caller names as the type of an item.
  return packedText === undefined ? [] : (JSON.parse(packedText) as Item[]);
}

/** The rows of lists that `packedWide` packed of so many expressions; the caller names their type, as above. */
export function unpackWide<Row>(packedText: string | null | undefined, expressions: number): readonly Row[] {
  const rows = unpackRows<Row>(packedText ?? undefined);
  // Of more expressions than one list holds a row is a list of lists.
  return expressions <= listSize ? rows : (rows as unknown as readonly unknown[][][]).map((row) => row.flat() as Row);
}

/**
 * Joins a table to what is bound as a list, from the list to the table: SQLite does not know that such a list is
 * short, and might go the other way.
 */
export const joinedFromList = 'cross join';

/** Uses an index of a table, where SQLite would choose another. */
export function byIndex(name: string): string {
  return `indexed by ${name}`;
}
