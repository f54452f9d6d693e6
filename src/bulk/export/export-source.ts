/** Where the rows of an export come from: a walk over all codes, a page at a time. */
import type { ColumnHead, Field } from './columns.js';

/** A walk over all codes, some at a time. */
export interface Walk {
  readonly codesAtOnce: number;
  /** What is waited for before each page. */
  readonly between: (() => Promise<unknown>) | undefined;
}

/** How a table is laid out: a row a report or rollup (`wide`), or a row a cell (`long`). */
export const tableShapes = ['wide', 'long'] as const;
export type TableShape = (typeof tableShapes)[number];

/** A table of an export, page by page. */
export interface ExportTable {
  readonly columns: readonly ColumnHead[];
  /** Where a row is about one thing that a column names: those things. */
  readonly subjects: readonly ColumnHead[];
  readonly rows: (walk: Walk) => AsyncIterable<readonly (readonly Field[])[]>;
}

/** Reports or rollups, page by page: as the fields of a table, or as objects. */
export interface ExportSource {
  /** How many reports or rollups there are. */
  readonly countRecords: () => Promise<number>;
  readonly table: (shape: TableShape) => ExportTable;
  readonly lines: (walk: Walk) => AsyncIterable<readonly unknown[]>;
}

/** Pages of codes, each after the last code of the one before. */
export async function* pagesOfCodes(
  { codesAtOnce, between }: Walk,
  read: (after: string, first: number) => Promise<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  for (let after = ''; ; ) {
    await between?.();
    const codes = await read(after, codesAtOnce);
    if (codes.length > 0) yield codes;
    if (codes.length < codesAtOnce) return;
    after = codes.at(-1) ?? after;
  }
}
