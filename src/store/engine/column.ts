/** How the columns of tables and statements are described: once, for the types and for what is compared at run time. */

/** A column of a table or of a row that a statement returns, or an argument that a statement takes. */
export interface Column<Value = unknown> {
  /** `list` is an argument only: several values bound as one. */
  readonly type: 'integer' | 'text' | 'blob' | 'list';
  readonly nullable: boolean;
  /** Of a series, how many values it has; each is bound by itself. */
  readonly times?: number;
  /** The words that a text is one of. */
  readonly words?: readonly string[];
  /** Never there; it carries the type of a value. */
  readonly value?: Value;
}

/** A column that the database fills in where an inserted row has no value for it. */
export interface FilledColumn<Value> extends Column<Value> {
  readonly filled: true;
}

/** An argument that may be left out. */
export interface OptionalColumn<Value> extends Column<Value> {
  readonly optional: true;
}

/** The type of a column's values. */
export type ValueOf<C extends Column> = C extends Column<infer Value> ? Value : never;

export const integer: Column<number> = { type: 'integer', nullable: false };
export const text: Column<string> = { type: 'text', nullable: false };

/** Bytes. */
export const blob: Column<Uint8Array> = { type: 'blob', nullable: false };

/** A truth as it is kept: 1 or 0. */
export const flag: Column<0 | 1> = { type: 'integer', nullable: false };

/** Values bound as one. */
export const integers: Column<readonly number[]> = { type: 'list', nullable: false };
export const texts: Column<readonly string[]> = { type: 'list', nullable: false };

/** A text of a few words, held to them by a constraint or by the program that writes it. */
export function oneOf<const Word extends string>(words: readonly Word[]): Column<Word> {
  return { type: 'text', nullable: false, words };
}

/** Rows bound as one: lists of values, or objects. */
export function listOf<Item>(): Column<readonly Item[]> {
  return { type: 'list', nullable: false };
}

/** So many integers, each bound by itself: where `:name` is written, they follow each other. */
export function series(times: number): Column<readonly (number | bigint | null)[]> {
  return { type: 'integer', nullable: true, times };
}

/** The same column where there may be no value. */
export function nullable<Value>(column: Column<Value>): Column<Value | null> {
  const { type, words } = column;
  return { type, nullable: true, ...(words && { words }) };
}

/** The same column, filled in by the database. */
export function filled<Value>(column: Column<Value>): FilledColumn<Value> {
  return { ...column, filled: true };
}

/** The same argument, that may be left out. */
export function optional<Value>(column: Column<Value>): OptionalColumn<Value> {
  return { ...column, optional: true };
}
