/**
 * Parquet (parquet.apache.org), written as its rows are read: they are gathered into groups, and a group is encoded column
 * by column as soon as it is full, so that neither the rows nor the file are ever held.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { decimalsOf } from '../../form/amount.js';
import { forms } from '../../form/forms.js';
import type { ColumnHead, Field } from './columns.js';
import { describeColumns } from './dictionary.js';
import type { ExportTable, Walk } from './export-source.js';

/** What a group holds at the most: fields, and characters of text. A table of reports has some 7,000 rows in one. */
const fieldsInGroup = 2_000_000;
const charactersInGroup = 16_000_000;

/** The same of a store in memory, whose requests wait while a group is encoded. */
const fieldsInSlice = 20_000;

/**
 * Writes rows as Parquet under some names, compressed by Snappy: null is null, never 0 or an empty text. Besides the rows the file
 * holds, as JSON, what its columns are (`tableschema`), what its rows can be about (`cells`) and which notices
 * prescribe the forms (`forms`).
 */
export async function* writeColumns<Row>(
  { columns, subjects, rows }: ExportTable<Row>,
  walk: Walk,
  names: readonly string[],
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns, names),
    kvMetadata: metadataOf(columns, subjects),
    createdBy: 'xiangbao',
  });
  const maxRows = Math.ceil((walk.between ? fieldsInSlice : fieldsInGroup) / columns.length);
  let group: (readonly Field[])[] = [];
  let characters = 0;
  for await (const page of rows(walk)) {
    for (const one of page) {
      const row = columns.map(({ read }) => read(one));
      group.push(row);
      characters += charactersOf(row);
      if (group.length < maxRows && characters < charactersInGroup) continue;
      await file.write(groupOf(columns, names, group));
      yield takeFrom(bytes);
      group = [];
      characters = 0;
    }
  }
  if (group.length > 0) await file.write(groupOf(columns, names, group));
  await file.finish();
  const end = takeFrom(bytes);
  yield file.num_rows === 0n ? withEmptyList(end) : end;
}

/** How the fields of a column are stored. */
interface Storage {
  readonly element: Omit<SchemaElement, 'name' | 'repetition_type'>;
  readonly store: (field: string | number | boolean) => string | number | boolean | bigint;
}

/**
 * A decimal reaches down to the 分 of an amount in 万元, and has the 28 digits that .NET's decimal (Power BI) has: the
 * sum of a nation has at most 23.
 */
const scale = decimalsOf('万元');
const precision = 28;
const bytesOfDecimal = 12;

const millisecondsOfDay = 24 * 3_600_000;

/** Each type by its logical name, and by the older one that older readers know. */
const storages: Readonly<Record<ColumnHead['type'], Storage>> = {
  string: {
    element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
    store: String,
  },
  integer: { element: { type: 'INT64' }, store: BigInt },
  number: {
    element: {
      ...{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: bytesOfDecimal },
      ...{ converted_type: 'DECIMAL', logical_type: { type: 'DECIMAL', precision, scale }, precision, scale },
    },
    store: unscaled,
  },
  boolean: { element: { type: 'BOOLEAN' }, store: (field) => field },
  date: {
    element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
    store: (day) => Date.parse(String(day)) / millisecondsOfDay,
  },
  datetime: {
    element: {
      ...{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    store: (instant) => BigInt(Date.parse(String(instant))),
  },
};

/** A decimal number as the whole number of its smallest places. */
function unscaled(field: string | number | boolean): bigint {
  const [whole = '', fraction = ''] = String(field).split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** Every column may be null, as every field of a CSV may be empty; what should not be is in its constraints. */
function schemaOf(columns: readonly ColumnHead[], names: readonly string[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ type }, at): SchemaElement => {
      return { name: names[at] ?? '', repetition_type: 'OPTIONAL', ...storages[type].element };
    }),
  ];
}

function metadataOf(columns: readonly ColumnHead[], subjects: readonly ColumnHead[]) {
  const said = {
    tableschema: { fields: describeColumns(columns) },
    ...(subjects.length > 0 && { cells: describeColumns(subjects) }),
    forms: forms.map(({ id, name, notice, inForce }) => ({ id, name, notice, inForce })),
  };
  return Object.entries(said).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
}

type Group = Parameters<ParquetWriter['write']>[0];

/** A group as the library takes it. It asks for one column after another: the fields of only one are converted at a time. */
function groupOf(columns: readonly ColumnHead[], names: readonly string[], rows: readonly (readonly Field[])[]): Group {
  const columnData = columns.map(({ type, constraints }, at) => ({
    name: names[at] ?? '',
    ...(constraints?.enum !== undefined && { encoding: 'RLE_DICTIONARY' as const }),
    get data() {
      const { store } = storages[type];
      return rows.map((row) => {
        const field = row[at] ?? null;
        return field === null ? null : store(field);
      });
    },
  }));
  return { columnData, rowGroupSize: rows.length };
}

function charactersOf(row: readonly Field[]): number {
  let characters = 0;
  for (const field of row) if (typeof field === 'string') characters += field.length;
  return characters;
}

/** The fields of a footer that say that there are no rows and no groups, as the library ends a file of none. */
const noGroups = Buffer.from([0x16, 0x00, 0x19, 0x00]);
const emptyListOfStructs = 0x0c;

/**
 * The end of a file without rows, whose empty list of groups is one of structs: the library leaves open of what it is, which
 * readers in Rust refuse. Nothing after that list has a zero byte before it.
 */
function withEmptyList(end: Uint8Array): Uint8Array {
  const at = Buffer.from(end.buffer).lastIndexOf(noGroups);
  if (at < 0) throw new Error('the footer of a Parquet file without rows is not as it was');
  end[at + noGroups.length - 1] = emptyListOfStructs;
  return end;
}

/** What was written since it was taken last; the offsets in the file go on. */
function takeFrom(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice();
  bytes.index = 0;
  return taken;
}
