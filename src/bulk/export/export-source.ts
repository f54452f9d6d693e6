/** Where the rows of an export come from: a walk over all codes, a page at a time. */
import type { Column, ColumnHead } from './columns.js';

/** A walk over all codes, some at a time. */
export interface Walk {
  readonly codesAtOnce: number;
  /** What is waited for before each page. */
  readonly between: (() => Promise<unknown>) | undefined;
}

/** How a table is laid out: a row a report or rollup (`wide`), or a row a cell (`long`). */
export const tableShapes = ['wide', 'long'] as const;
export type TableShape = (typeof tableShapes)[number];

/** A table of an export: what it has a row for, page by page, and the columns that are read of each. */
export interface ExportTable<Row> {
  readonly columns: readonly Column<Row>[];
  /** Where a row is about one thing that a column names: those things. */
  readonly subjects: readonly ColumnHead[];
  readonly rows: (walk: Walk) => AsyncIterable<readonly Row[]>;
}

/** Writes a table, whatever it has rows for. */
type TableWriter = <Row>(table: ExportTable<Row>, walk: Walk) => AsyncGenerator<Uint8Array>;

/** Reports or rollups, page by page: as a table, or each as the JSON text of an object. */
export interface ExportSource {
  /** How many reports or rollups there are. */
  readonly countRecords: () => Promise<number>;
  readonly writeTable: (shape: TableShape, walk: Walk, write: TableWriter) => AsyncGenerator<Uint8Array>;
  readonly lines: (walk: Walk) => AsyncIterable<readonly string[]>;
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
