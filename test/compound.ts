/** Compound files and Excel 97 workbooks that tests send: the smallest that are sound. */

const sector = 512;
const free = 0xffffffff;
const end = 0xfffffffe;

/** A compound file of 512-byte sectors, of up to 7 MB, with these streams at its root, each padded to the size from which it has sectors of its own. */
export function compound(streams: Readonly<Record<string, Buffer>>): Buffer {
  const padded = Object.entries(streams).map(([name, bytes]) => {
    const size = Math.max(4096, Math.ceil(bytes.length / sector) * sector);
    return { name, bytes: Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]) };
  });
  const sectors = padded.reduce((sum, { bytes }) => sum + bytes.length / sector, 0) + 1;
  const tables = Math.ceil(sectors / 127);
  const fat = Buffer.alloc(tables * sector, 0xff);
  for (let index = 0; index < tables; index += 1) fat.writeUInt32LE(0xfffffffd, index * 4);
  fat.writeUInt32LE(end, tables * 4);
  const directory = Buffer.alloc(sector);
  writeEntry(directory, 0, { name: 'Root Entry', kind: 5, child: 1, right: free, start: end, size: 0 });
  let at = tables + 1;
  padded.forEach(({ name, bytes }, index) => {
    const count = bytes.length / sector;
    const right = index + 1 < padded.length ? index + 2 : free;
    writeEntry(directory, index + 1, { name, kind: 2, child: free, right, start: at, size: bytes.length });
    for (let next = at; next < at + count; next += 1)
      fat.writeUInt32LE(next + 1 < at + count ? next + 1 : end, next * 4);
    at += count;
  });
  return Buffer.concat([headerOf(tables), fat, directory, ...padded.map(({ bytes }) => bytes)]);
}

/** Where the parts of such a file are, for tests that damage them. */
export const compoundPlaces = {
  fat: sector,
  directory: (file: Buffer) => sector * (file.readUInt32LE(44) + 1),
} as const;

function headerOf(tables: number): Buffer {
  const header = Buffer.alloc(sector);
  header.write('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1');
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(tables, 44);
  header.writeUInt32LE(tables, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(end, 60);
  header.writeUInt32LE(end, 68);
  header.fill(0xff, 76);
  for (let index = 0; index < tables; index += 1) header.writeUInt32LE(index, 76 + index * 4);
  return header;
}

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly child: number;
  readonly right: number;
  readonly start: number;
  readonly size: number;
}

function writeEntry(directory: Buffer, index: number, { name, kind, child, right, start, size }: Entry): void {
  const at = index * 128;
  directory.write(name, at, 'utf16le');
  directory.writeUInt16LE((name.length + 1) * 2, at + 64);
  directory.writeUInt8(kind, at + 66);
  directory.writeUInt32LE(free, at + 68);
  directory.writeUInt32LE(right, at + 72);
  directory.writeUInt32LE(child, at + 76);
  directory.writeUInt32LE(start, at + 116);
  directory.writeUInt32LE(size, at + 120);
}

/** A cell of a workbook: a number, a text (of runs, where some is struck), or a record of its own; in a style by its number. */
export interface BookCell {
  readonly value:
    | number
    | string
    | boolean
    | { readonly error: number }
    | { readonly struck: string; readonly rest: string };
  readonly style?: number;
  /** The value is what a formula gave. */
  readonly formula?: true;
}

/** A sheet of a workbook, its cells by row and column. */
export interface BookSheet {
  readonly name: string;
  readonly state?: 0 | 1 | 2;
  readonly rows: readonly (readonly (BookCell | null)[])[];
  readonly hiddenRows?: readonly number[];
  readonly hiddenColumns?: readonly number[];
  readonly merges?: readonly (readonly [row: number, lastRow: number, column: number, lastColumn: number])[];
}

/** The styles of every such workbook, by their numbers. */
export const bookStyles = { plain: 0, struck: 1, date: 2, percentage: 3, unshown: 4, scaled: 5 } as const;

const formats: readonly (readonly [number: number, code: string])[] = [
  [164, ';;;'],
  [165, '0.0,"万"'],
];
const styles: readonly (readonly [font: number, format: number])[] = [
  [0, 0],
  [5, 0],
  [0, 14],
  [0, 9],
  [0, 164],
  [0, 165],
];

/** An Excel 97 workbook, as its stream; as a file with `compound({ Workbook: ... })`. */
export function workbookStream(sheets: readonly BookSheet[]): Buffer {
  const globals = (places: readonly number[]) =>
    Buffer.concat([
      record(0x809, Buffer.from([0, 6, 5, 0, 0, 0, 0, 0])),
      ...[0, 0, 0, 0, 8].map((grbit) => record(0x31, fontOf(grbit))),
      ...formats.map(([number, code]) => record(0x41e, Buffer.concat([short(number), wide(code)]))),
      ...styles.map(([font, format]) => record(0xe0, Buffer.concat([short(font), short(format), Buffer.alloc(16)]))),
      ...sheets.map(({ name, state = 0 }, index) => {
        const head = Buffer.alloc(8);
        head.writeUInt32LE(places[index] ?? 0);
        head.writeUInt8(state, 4);
        head.writeUInt8(name.length, 6);
        head.writeUInt8(1, 7);
        return record(0x85, Buffer.concat([head, Buffer.from(name, 'utf16le')]));
      }),
      record(0x0a, Buffer.alloc(0)),
    ]);
  const bodies = sheets.map(sheetStream);
  let at = globals([]).length;
  const places = bodies.map((body) => {
    at += body.length;
    return at - body.length;
  });
  return Buffer.concat([globals(places), ...bodies]);
}

function sheetStream({ rows, hiddenRows = [], hiddenColumns = [], merges = [] }: BookSheet): Buffer {
  return Buffer.concat([
    record(0x809, Buffer.from([0, 6, 0x10, 0, 0, 0, 0, 0])),
    ...hiddenColumns.map((column) => record(0x7d, shorts(column, column, 2000, 0, 1, 0))),
    ...hiddenRows.map((row) =>
      record(0x208, Buffer.concat([shorts(row, 0, 20, 300, 0, 0), Buffer.from([0x20, 0, 0, 0])])),
    ),
    ...rows.flatMap((cells, row) =>
      cells.map((cell, column) => (cell ? cellRecord(row, column, cell) : Buffer.alloc(0))),
    ),
    record(0xe5, Buffer.concat([short(merges.length), ...merges.map((merge) => shorts(...merge))])),
    record(0x0a, Buffer.alloc(0)),
  ]);
}

function cellRecord(row: number, column: number, { value, style = 0, formula }: BookCell): Buffer {
  const place = shorts(row, column, style);
  if (typeof value === 'number') {
    const number = Buffer.alloc(8);
    number.writeDoubleLE(value);
    const tail = formula ? [number, Buffer.alloc(8)] : [number];
    return record(formula ? 0x06 : 0x203, Buffer.concat([place, ...tail]));
  }
  if (typeof value === 'boolean') return record(0x205, Buffer.concat([place, Buffer.from([value ? 1 : 0, 0])]));
  if (typeof value === 'string') {
    if (!formula) return record(0x204, Buffer.concat([place, wide(value)]));
    const awaited = Buffer.concat([place, Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]);
    return Buffer.concat([record(0x06, awaited), record(0x207, wide(value))]);
  }
  if ('error' in value) return record(0x205, Buffer.concat([place, Buffer.from([value.error, 1])]));
  const text = value.struck + value.rest;
  const runs = shorts(0, 5, value.struck.length, 0);
  const head = Buffer.concat([short(text.length), Buffer.from([9]), short(2), Buffer.from(text, 'utf16le'), runs]);
  return record(0xd6, Buffer.concat([place, head]));
}

function fontOf(grbit: number): Buffer {
  return Buffer.concat([shorts(200, grbit, 0x7fff, 400, 0), Buffer.from([0, 0, 0, 0, 1, 0]), Buffer.from('A')]);
}

/** A record by its number. */
export function record(type: number, data: Buffer): Buffer {
  return Buffer.concat([shorts(type, data.length), data]);
}

function wide(text: string): Buffer {
  return Buffer.concat([short(text.length), Buffer.from([1]), Buffer.from(text, 'utf16le')]);
}

function short(value: number): Buffer {
  return shorts(value);
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value & 0xffff, index * 2);
  return bytes;
}
